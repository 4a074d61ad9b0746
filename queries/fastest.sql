-- title: Fastest models
-- description: The models of one speed metric under one workload, fastest first; equal values share a place. Metric, statistic and
-- description: workload each make a board of their own, none is averaged. Hardware, engine and quantisation stand beside each value:
-- description: name them (`hardware=*H100*`) to compare models and not machines. Without `metric` all speeds; `metric=ttft statistic=p99`
-- description: ranks a latency. Without `statistic` plain values and means. A place says nothing about significance. `top=null` shows all.
-- param: metric = null
-- param: statistic = null
-- param: workload = null
-- param: hardware = null
-- param: engine = null
-- param: quantization = null
-- param: top = 10
WITH boards AS (
  SELECT *, rank() OVER (PARTITION BY metric, statistic, task, workload, base_unit, direction
                         ORDER BY iif(direction = 'higher', -base_value, base_value)) AS place
  FROM latest
  WHERE metric_id IN (
      SELECT id FROM metrics
      WHERE kind IN ('speed', 'latency') AND direction IS NOT NULL
        AND (:metric IS NULL AND kind = 'speed' OR name = :metric)
        AND (:statistic IS NULL AND statistic IN ('value', 'mean') OR statistic = :statistic))
    AND (:workload IS NULL OR workload = :workload)
    AND (:hardware IS NULL OR hardware = :hardware OR hardware GLOB :hardware)
    AND (:engine IS NULL OR engine = :engine OR engine GLOB :engine)
    AND (:quantization IS NULL OR quantization = :quantization OR quantization GLOB :quantization)
)
SELECT metric, statistic, task, workload, place, model, base_value AS speed, base_unit AS speed_unit, base_stderr AS speed_stderr,
       spread, n, hardware, devices, engine, quantization, dtype, time, format, run_id
FROM boards
WHERE :top IS NULL OR place <= :top
ORDER BY metric, statistic, task, workload, base_unit, place, model, run_id
