-- title: Run-to-run change
-- description: Every value of run `b` beside the value of the same metric in run `a`: change, change in percent, and z, the change
-- description: in units of its standard error where both are recorded. A metric that only one of the two holds has NULL for the other.
-- description: Values are paired only under the same tool, task, filter, shots and unit. A change is no verdict.
-- description: Without parameters `b` is the newest run that repeats an earlier one (same model, same configuration) and `a` the one
-- description: before it; with one of the two, the other is its neighbour in that series. `runs_of_model` shows the numbers of runs,
-- description: `settings_diff` what was set differently.
-- param: a = null
-- param: b = null
WITH newest AS (
  SELECT model, config FROM runs
  WHERE :a IS NULL AND :b IS NULL AND model IS NOT NULL AND status = 'complete'
  GROUP BY model, config
  HAVING min(at) < max(at) OR min(source_id) < max(source_id)
  ORDER BY max(at) DESC, max(source_id) DESC LIMIT 1
), second (id) AS (
  SELECT coalesce(:b,
    (SELECT n.id FROM runs o JOIN runs n ON n.model = o.model AND n.config = o.config
     WHERE o.id = :a AND n.status = 'complete' AND (n.at, n.source_id) > (o.at, o.source_id)
     ORDER BY n.at, n.source_id, n.id LIMIT 1),
    (SELECT n.id FROM newest w JOIN runs n ON n.model = w.model AND n.config = w.config
     WHERE n.status = 'complete' ORDER BY n.at DESC, n.source_id DESC, n.id DESC LIMIT 1))
), pair (a, b) AS MATERIALIZED (
  SELECT coalesce(:a,
    (SELECT o.id FROM runs n JOIN runs o ON o.model = n.model AND o.config = n.config
     WHERE n.id = s.id AND o.status = 'complete' AND (o.at, o.source_id) < (n.at, n.source_id)
     ORDER BY o.at DESC, o.source_id DESC, o.id DESC LIMIT 1)), s.id
  FROM second s
), sides AS (
  SELECT x.task, x.metric, x.statistic, x.qualifier, x.shots, x.unit, x.kind, x.direction, x.metric_id, p.a, p.b,
         max(iif(x.run_id = p.a, x.value, NULL)) AS value_a, max(iif(x.run_id = p.b, x.value, NULL)) AS value_b,
         max(iif(x.run_id = p.a, x.stderr, NULL)) AS stderr_a, max(iif(x.run_id = p.b, x.stderr, NULL)) AS stderr_b
  FROM pair p JOIN runs ra ON ra.id = p.a JOIN runs rb ON rb.id = p.b
  JOIN results x ON x.run_id IN (p.a, p.b)
  GROUP BY x.metric_id
)
SELECT task, metric, statistic, qualifier, shots, value_a, value_b, unit, direction,
       value_b - value_a AS change,
       100.0 * (value_b - value_a) / abs(value_a) AS change_percent,
       (value_b - value_a) / nullif(sqrt(stderr_a * stderr_a + stderr_b * stderr_b), 0) AS z,
       stderr_a, stderr_b, kind, a AS run_a, b AS run_b
FROM sides
ORDER BY task, metric, statistic, qualifier, shots, metric_id
