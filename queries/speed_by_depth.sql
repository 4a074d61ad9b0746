-- title: Speed by depth
-- description: How prompt processing (prefill) and generation (decode) slow down as the context fills: one row a test and depth, and the
-- description: share that is left of the speed of the same test at depth 0. Prompt and generation are never averaged, nor are tests of
-- description: different lengths. `spread` is the standard deviation of the repetitions. A picture shows one test of one model.
-- param: model = null
-- param: metric = null
-- param: hardware = null
-- param: input_len = null
-- param: output_len = null
-- mark: scatter
-- x: depth, title "tokens already in the context"
-- y: speed, log, higher, title "{metric} ({speed_unit})"
-- label: depth
WITH chosen AS MATERIALIZED (
  SELECT id FROM metrics
  WHERE kind = 'speed' AND statistic IN ('value', 'mean') AND (:metric IS NULL OR name = :metric)
), found AS (
  SELECT * FROM latest
  WHERE :model IS NULL AND depth IS NOT NULL AND metric_id IN (SELECT id FROM chosen)
  UNION ALL
  SELECT * FROM latest
  WHERE depth IS NOT NULL AND model IN (SELECT name FROM models WHERE name = :model OR name GLOB :model)
    AND +metric_id IN (SELECT id FROM chosen)
), tests AS (
  SELECT f.*, r.settings, coalesce(f.hardware, 'not recorded') AS device
  FROM found f JOIN runs r ON r.id = f.run_id
), compared AS (
  SELECT *, min(depth) OVER test AS first_depth, max(depth) OVER test AS last_depth,
         iif(count(*) FILTER (WHERE depth = 0) OVER test = 1, max(base_value) FILTER (WHERE depth = 0) OVER test, NULL) AS at_zero
  FROM tests
  WINDOW test AS (PARTITION BY model, metric, statistic, format, input_len, output_len, quantization, dtype, engine, hardware,
                               devices, tp, batch, concurrency, request_rate, arrival, requests, dataset, settings, base_unit)
)
SELECT model, device AS hardware, quantization, dtype, engine, metric, input_len, output_len, depth,
       base_value AS speed, base_unit AS speed_unit, spread, n,
       100.0 * base_value / at_zero AS percent_of_depth_0, batch, devices, tool_version, time, run_id
FROM compared
WHERE last_depth > first_depth
  AND (:hardware IS NULL OR device = :hardware)
  AND (:input_len IS NULL OR input_len = :input_len)
  AND (:output_len IS NULL OR output_len = :output_len)
ORDER BY model, device, quantization, dtype, engine, metric, input_len, output_len, batch, devices, settings, depth, run_id
