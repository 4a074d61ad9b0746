-- title: Values of some runs
-- description: Every value of the runs in a JSON list of their numbers, such as `runs=[3,7]`. What a comparison is computed from.
-- param: runs
SELECT run_id, model, task, metric, statistic, qualifier, shots, value, unit, stderr, n, direction, workload, hardware, engine,
       engine_version, quantization, time
FROM results
WHERE run_id IN (SELECT value FROM json_each(:runs)) AND value IS NOT NULL
ORDER BY task, metric, statistic, qualifier, shots, run_id, metric_id
