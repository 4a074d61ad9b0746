-- title: Throughput against latency under load
-- description: One row a run that was made under a given load (concurrency, request rate, or all requests at once): its throughput and,
-- description: from the same run, its latency. Rows of one model, hardware, engine, quantisation and lengths are one curve, ordered by
-- description: load. Latency is in `latency_unit` for all tools. Choose the latency with `latency_metric` (ttft, tpot, itl, e2el) and
-- description: `statistic` (p99, p95, p50, mean); a tool that did not write it has no row. A picture shows one curve: name model and
-- description: hardware.
-- param: model = null
-- param: hardware = null
-- param: engine = null
-- param: quantization = null
-- param: input_len = null
-- param: output_len = null
-- param: throughput_metric = output_throughput
-- param: latency_metric = ttft
-- param: statistic = p99
-- mark: scatter
-- x: throughput, higher, title "{throughput_metric} ({throughput_unit})"
-- y: latency, log, lower, title "{statistic} {latency_metric} ({latency_unit})"
-- label: load
-- frontier: yes
WITH chosen AS MATERIALIZED (
  SELECT id FROM metrics WHERE name = :throughput_metric AND kind = 'speed' AND statistic IN ('value', 'mean')
), throughputs AS (
  SELECT * FROM latest
  WHERE :model IS NULL AND metric_id IN (SELECT id FROM chosen)
  UNION ALL
  SELECT * FROM latest
  WHERE model IN (SELECT name FROM models WHERE name = :model OR name GLOB :model)
    AND +metric_id IN (SELECT id FROM chosen)
)
SELECT t.model, coalesce(t.hardware, 'not recorded') AS hardware, coalesce(t.engine, 'not recorded') AS engine,
       coalesce(t.quantization, 'not recorded') AS quantization, t.input_len, t.output_len,
       coalesce('concurrency ' || t.concurrency, t.request_rate || '/s', 'all at once') AS load,
       t.concurrency, t.request_rate, t.requests,
       t.base_value AS throughput, t.base_unit AS throughput_unit, t.metric AS throughput_metric,
       l.base_value AS latency, l.base_unit AS latency_unit, l.metric AS latency_metric, l.statistic,
       t.task, t.dataset, t.devices, t.time, t.run_id
FROM throughputs t CROSS JOIN results l ON l.run_id = t.run_id AND l.task IS t.task
WHERE l.metric = :latency_metric AND l.statistic = :statistic AND l.kind = 'latency' AND l.value IS NOT NULL
  AND (t.concurrency IS NOT NULL OR t.request_rate IS NOT NULL OR t.arrival = 'burst')
  AND (:hardware IS NULL OR coalesce(t.hardware, 'not recorded') = :hardware)
  AND (:engine IS NULL OR coalesce(t.engine, 'not recorded') = :engine)
  AND (:quantization IS NULL OR coalesce(t.quantization, 'not recorded') = :quantization)
  AND (:input_len IS NULL OR t.input_len = :input_len)
  AND (:output_len IS NULL OR t.output_len = :output_len)
ORDER BY t.model, t.hardware, t.devices, t.engine, t.quantization, t.dataset, t.input_len, t.output_len,
         t.arrival, t.concurrency, t.request_rate IS NULL, t.request_rate, t.run_id
