-- title: Speed against score
-- description: One speed and one score of each model, both the newest of their series.
-- description: Where the store holds several speeds, scores or workloads, say which: one pair a chart, never a mean.
-- param: task = null
-- param: score_metric = null
-- param: qualifier = null
-- param: speed_metric = null
-- param: statistic = null
-- param: workload = null
-- param: hardware = null
-- param: engine = null
-- param: score_quantization = null
-- param: speed_quantization = null
-- pick: task, score_metric, qualifier
-- pick: speed_metric, statistic, workload
-- one_per: model
-- mark: scatter
-- x: speed, log, title "{speed_metric} ({speed_unit})"
-- y: score, title "{task} {score_metric} ({score_unit})"
-- label: model
-- frontier: yes
SELECT model, speed, score, speed_stderr, score_stderr,
       task, score_metric, qualifier, speed_metric, statistic, workload,
       hardware, engine, score_quantization, speed_quantization,
       speed_unit, score_unit, speed_direction, score_direction
FROM (
  SELECT model, speed, score, speed_stderr, score_stderr,
         coalesce(task, 'no task') AS task, score_metric, coalesce(nullif(qualifier, ''), 'none') AS qualifier,
         iif(speed_task IS NULL, speed_metric, speed_metric || ' ' || speed_task) AS speed_metric, statistic, workload,
         coalesce(hardware, 'not recorded') AS hardware, coalesce(engine, 'not recorded') AS engine,
         coalesce(score_quantization, 'not recorded') AS score_quantization,
         coalesce(speed_quantization, 'not recorded') AS speed_quantization,
         speed_unit, score_unit, speed_direction, score_direction
  FROM speed_score
)
WHERE (:task IS NULL OR task = :task)
  AND (:score_metric IS NULL OR score_metric = :score_metric)
  AND (:qualifier IS NULL OR qualifier = :qualifier)
  AND (:speed_metric IS NULL OR speed_metric = :speed_metric)
  AND (:statistic IS NULL OR statistic = :statistic)
  AND (:workload IS NULL OR workload = :workload)
  AND (:hardware IS NULL OR hardware = :hardware)
  AND (:engine IS NULL OR engine = :engine)
  AND (:score_quantization IS NULL OR score_quantization = :score_quantization)
  AND (:speed_quantization IS NULL OR speed_quantization = :speed_quantization)
ORDER BY model
