-- title: Tail latency
-- description: Quantiles of the single requests, repetitions or tokens behind a latency, computed from the values and not from another
-- description: tool's percentiles: median, p95, p99 and maximum, and how many medians the p99 is. Linear interpolation (type 7). A p95 of fewer
-- description: than 20 values and a p99 of fewer than 100 are NULL: they would be the maximum under another name. Values of different runs
-- description: are never pooled. Only runs whose file held the values appear, and only vectors of at least `values` of them.
-- param: model = null
-- param: metric = null
-- param: run = null
-- param: values = 2
WITH asked AS MATERIALIZED (
  SELECT x.run_id, x.metric_id, max(x.part) AS last_part
  FROM samples x JOIN runs r ON r.id = x.run_id
  WHERE x.metric_id IN (SELECT id FROM metrics WHERE kind = 'latency' AND (:metric IS NULL OR name = :metric))
    AND x.codec = 0
    AND (:run IS NULL OR x.run_id = :run)
    AND (:model IS NULL OR r.model = :model OR r.model GLOB :model)
  GROUP BY x.run_id, x.metric_id
), tails AS (
  SELECT a.run_id, a.metric_id, vec_count(x.data) AS n, vec_mean(x.data) AS mean, vec_quantile(x.data, 0.5) AS p50,
         vec_quantile(x.data, 0.95) AS p95, vec_quantile(x.data, 0.99) AS p99, vec_quantile(x.data, 1) AS highest
  FROM asked a JOIN samples x ON x.run_id = a.run_id AND x.metric_id = a.metric_id
  WHERE a.last_part = 0
  UNION ALL
  SELECT a.run_id, a.metric_id, count(v.value), avg(v.value), quantile(v.value, 0.5),
         quantile(v.value, 0.95), quantile(v.value, 0.99), max(v.value)
  FROM asked a JOIN sample_values v ON v.run_id = a.run_id AND v.metric_id = a.metric_id
  WHERE a.last_part > 0
  GROUP BY a.run_id, a.metric_id
)
SELECT r.model, d.task, d.name AS metric, d.qualifier, t.n, d.factor * t.mean AS mean, d.factor * t.p50 AS p50,
       d.factor * iif(t.n >= 20, t.p95, NULL) AS p95, d.factor * iif(t.n >= 100, t.p99, NULL) AS p99,
       d.factor * t.highest AS highest,
       iif(t.n >= 100, t.p99 / t.p50, NULL) AS p99_over_p50, coalesce(d.base_unit, d.unit) AS unit,
       (SELECT x.workload FROM results x WHERE x.run_id = r.id LIMIT 1) AS workload,
       r.hardware, r.engine, r.quantization, r.status, r.id AS run_id
FROM tails t JOIN metrics d ON d.id = t.metric_id JOIN runs r ON r.id = t.run_id
WHERE t.n >= :values
ORDER BY r.model, d.name, d.task, d.qualifier, r.at DESC, r.id
