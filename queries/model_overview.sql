-- title: What is known of each model
-- description: Runs, tasks with a score and workloads with a speed, and when the newest run was made.
SELECT m.name AS model, m.params,
       count(r.id) AS runs,
       (SELECT count(DISTINCT coalesce(x.task, x.metric)) FROM latest x WHERE x.model = m.name AND x.kind = 'quality') AS scores,
       (SELECT count(DISTINCT x.workload) FROM latest x WHERE x.model = m.name AND x.kind IN ('speed', 'latency')) AS workloads,
       group_concat(DISTINCT r.hardware) AS hardware,
       group_concat(DISTINCT r.quantization) AS quantizations,
       strftime('%Y-%m-%d', nullif(max(r.at), 0) / 1000, 'unixepoch') AS newest
FROM models m LEFT JOIN runs r ON r.model = m.name
GROUP BY m.name
ORDER BY m.name
