-- title: Latest results
-- description: The newest value of every series: one row a model, configuration and metric.
-- param: model = null
-- param: task = null
-- param: metric = null
SELECT model, task, metric, statistic, qualifier, shots, value, unit, stderr, n, workload, hardware, quantization, time, run_id
FROM latest
WHERE (:model IS NULL OR model = :model)
  AND (:task IS NULL OR task = :task)
  AND (:metric IS NULL OR metric = :metric)
ORDER BY model, task, metric, statistic, qualifier, workload
