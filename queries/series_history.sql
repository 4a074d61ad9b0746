-- title: History of a series
-- description: The values of a series (one model, one metric, one configuration) from the oldest to the newest, with the change
-- description: from the one before and, where both standard errors are recorded, that change in units of its standard error (z).
-- description: A change is no verdict. Only series with at least `points` moments are shown. Values of one file that no time tells
-- description: apart are one moment; no change is given from or to a moment of several values.
-- param: model = null
-- param: task = null
-- param: metric = null
-- param: statistic = null
-- param: config = null
-- param: points = 2
-- mark: line
-- x: time
-- y: value
-- color: model
WITH chosen AS MATERIALIZED (
  SELECT id FROM metrics
  WHERE (:task IS NULL OR task = :task) AND (:metric IS NULL OR name = :metric)
    AND (:statistic IS NULL OR statistic = :statistic)
), found AS (
  SELECT * FROM results
  WHERE :model IS NULL AND metric_id IN (SELECT id FROM chosen)
  UNION ALL
  SELECT * FROM results
  WHERE model IN (SELECT name FROM models WHERE name = :model OR name GLOB :model)
    AND +metric_id IN (SELECT id FROM chosen)
), history AS (
  SELECT *, dense_rank() OVER (PARTITION BY model, config, metric_id ORDER BY at, source_id) AS moment,
         count(*) OVER (PARTITION BY model, config, metric_id, at, source_id) AS together
  FROM found
  WHERE status = 'complete' AND value IS NOT NULL AND model IS NOT NULL
    AND (:config IS NULL OR config = :config)
), steps AS (
  SELECT *, max(moment) OVER (PARTITION BY model, config, metric_id) AS moments,
         together = 1 AND lag(together) OVER series = 1 AS is_step,
         lag(value) OVER series AS before, lag(stderr) OVER series AS before_stderr
  FROM history
  WINDOW series AS (PARTITION BY model, config, metric_id ORDER BY moment, run_id)
)
SELECT model, task, metric, statistic, qualifier, shots, time, value, unit, stderr, direction,
       iif(is_step, value - before, NULL) AS change,
       iif(is_step, 100.0 * (value - before) / abs(before), NULL) AS change_percent,
       iif(is_step, (value - before) / nullif(sqrt(stderr * stderr + before_stderr * before_stderr), 0), NULL) AS z,
       workload, hardware, quantization, tool_version, engine_version, revision, config, run_id
FROM steps
WHERE moments >= :points
ORDER BY model, task, metric, statistic, qualifier, shots, config, metric_id, moment, run_id
