-- title: Speed against score
-- description: One speed and one score of each model, both the newest of their series.
-- description: Where the store holds several speeds, scores or workloads, say which: one pair a chart, never a mean.
-- description: A score is not set beside the speed of another quantisation, unless one of the two is not recorded or both are named.
-- param: task = null
-- param: score_metric = null
-- param: qualifier = null
-- param: score_unit = null
-- param: speed_metric = null
-- param: statistic = null
-- param: speed_unit = null
-- param: workload = null
-- param: hardware = null
-- param: engine = null
-- param: score_quantization = null
-- param: speed_quantization = null
-- pick: task, score_metric, qualifier, score_unit
-- pick: speed_metric, statistic, speed_unit, workload
-- one_per: model
-- mark: scatter
-- x: speed, log, title "{speed_metric} ({speed_unit})"
-- y: score, title "{task} {score_metric} ({score_unit})"
-- label: model
-- frontier: yes
WITH named AS (
  SELECT model, score, score_stderr, score_unit, base_score, base_score_stderr, base_score_unit, score_direction,
         speed, speed_stderr, speed_unit, base_speed, base_speed_stderr, base_speed_unit, speed_direction,
         coalesce(task, 'no task') AS task, score_metric, coalesce(nullif(qualifier, ''), 'none') AS qualifier,
         iif(speed_task IS NULL, speed_metric, speed_metric || ' ' || speed_task) AS speed_metric, statistic, workload,
         coalesce(hardware, 'not recorded') AS hardware, coalesce(engine, 'not recorded') AS engine,
         coalesce(score_quantization, 'not recorded') AS score_quantization,
         coalesce(speed_quantization, 'not recorded') AS speed_quantization
  FROM speed_score
  WHERE score_quantization IS NULL OR speed_quantization IS NULL OR score_quantization = speed_quantization
     OR (:score_quantization IS NOT NULL AND :speed_quantization IS NOT NULL)
), chosen AS (
  -- Values of one unit are shown in it; of several, in the unit they can all be converted to.
  SELECT *,
         coalesce(min(speed_unit) OVER () = max(speed_unit) OVER () AND count(speed_unit) OVER () = count(*) OVER (), 0) AS one_speed_unit,
         coalesce(min(score_unit) OVER () = max(score_unit) OVER () AND count(score_unit) OVER () = count(*) OVER (), 0) AS one_score_unit,
         min(speed_quantization) OVER (PARTITION BY model) <> max(speed_quantization) OVER (PARTITION BY model) AS several
  FROM named
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
), shown AS (
  -- A quantisation that the name does not tell is told: its speed is not that of the model as trained.
  SELECT iif(several OR (speed_quantization NOT IN ('not recorded', 'none') AND instr(lower(model), lower(speed_quantization)) = 0),
             model || ' ' || speed_quantization, model) AS model,
         iif(one_speed_unit, speed, base_speed) AS speed, iif(one_score_unit, score, base_score) AS score,
         iif(one_speed_unit, speed_stderr, base_speed_stderr) AS speed_stderr,
         iif(one_score_unit, score_stderr, base_score_stderr) AS score_stderr,
         task, score_metric, qualifier, speed_metric, statistic, workload,
         hardware, engine, score_quantization, speed_quantization,
         coalesce(iif(one_speed_unit, speed_unit, base_speed_unit), 'not recorded') AS speed_unit,
         coalesce(iif(one_score_unit, score_unit, base_score_unit), 'not recorded') AS score_unit,
         speed_direction, score_direction
  FROM chosen
)
SELECT * FROM shown
WHERE (:speed_unit IS NULL OR speed_unit = :speed_unit) AND (:score_unit IS NULL OR score_unit = :score_unit)
ORDER BY model
