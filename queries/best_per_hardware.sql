-- title: Best model per hardware
-- description: On each hardware the model with the best score among those whose speed was measured there, for every score, speed metric and
-- description: workload; equal scores share a place. `bound` asks for a speed of at least, or a latency of at most, so much in `speed_unit`.
-- description: A score is not set beside the speed of another quantisation unless one of the two is not recorded. `models` counts the
-- description: candidates; of a single candidate best means only. Choose with task, score_metric, speed_metric, statistic, workload;
-- description: `top=3` shows the runners-up. A place says nothing about significance: compare score_stderr.
-- param: task = null
-- param: score_metric = null
-- param: speed_metric = null
-- param: statistic = null
-- param: workload = null
-- param: hardware = null
-- param: bound = null
-- param: top = 1
WITH candidates AS (
  SELECT * FROM speed_score
  WHERE hardware IS NOT NULL AND score_direction IS NOT NULL
    AND score_metric IN (
      SELECT name FROM metrics
      WHERE kind = 'quality' AND (:score_metric IS NULL OR name = :score_metric) AND (:task IS NULL OR task = :task))
    AND (:task IS NULL OR task = :task)
    AND speed_metric IN (
      SELECT name FROM metrics
      WHERE kind IN ('speed', 'latency') AND (:speed_metric IS NULL AND kind = 'speed' OR name = :speed_metric))
    AND (:statistic IS NULL AND statistic IN ('value', 'mean') OR statistic = :statistic)
    AND (:workload IS NULL OR workload = :workload)
    AND (:hardware IS NULL OR hardware = :hardware OR hardware GLOB :hardware)
    AND (:bound IS NULL OR iif(speed_direction = 'lower', base_speed <= :bound, base_speed >= :bound))
    AND (score_quantization IS NULL OR speed_quantization IS NULL OR score_quantization = speed_quantization)
), ranked AS (
  SELECT *, rank() OVER (question ORDER BY iif(score_direction = 'higher', -base_score, base_score)) AS place,
         dense_rank() OVER (question ORDER BY model) AS model_number
  FROM candidates
  WINDOW question AS (PARTITION BY hardware, devices, task, score_metric, qualifier, shots, is_aggregate, base_score_unit,
                                   score_direction, speed_metric, speed_task, statistic, base_speed_unit, workload)
), counted AS (
  SELECT *, max(model_number) OVER (
      PARTITION BY hardware, devices, task, score_metric, qualifier, shots, is_aggregate, base_score_unit,
                   score_direction, speed_metric, speed_task, statistic, base_speed_unit, workload) AS models
  FROM ranked
)
SELECT hardware, devices, task, score_metric, qualifier, shots, speed_metric, speed_task, statistic, workload, place, models,
       model, base_score AS score, base_score_unit AS score_unit, base_score_stderr AS score_stderr,
       base_speed AS speed, base_speed_unit AS speed_unit, engine, score_quantization, speed_quantization, score_run, speed_run
FROM counted
WHERE :top IS NULL OR place <= :top
ORDER BY hardware, devices, task, score_metric, qualifier, shots, speed_metric, speed_task, statistic, workload, place, model,
         speed_run, score_run
