-- title: What quantisation costs and gains
-- description: Scores, speeds, latencies and memory of the variants of one base, each beside the reference variant measured in the
-- description: same way: same task, metric, filter and shots; for speeds also the same workload, hardware and engine. The base is the
-- description: model's name; variants under names of their own are joined by a pattern, `base=*Llama-3.1-8B-Instruct*`. The reference is
-- description: the only variant recorded as not quantised, or with a number format and no quantisation; `reference` names another (a
-- description: quantisation, a number format, a model, or `not recorded`). Where there is none, or several, the differences are NULL.
-- description: z is the difference in units of its standard error, where both are recorded. Measures of one variant only are left out,
-- description: as are statistics other than plain values, means and peaks of memory, unless asked for.
-- param: base = null
-- param: reference = null
-- param: task = null
-- param: metric = null
-- param: statistic = null
WITH chosen AS MATERIALIZED (
  SELECT id FROM metrics
  WHERE kind IN ('quality', 'speed', 'latency', 'memory')
    AND (:statistic IS NULL AND (statistic IN ('value', 'mean') OR kind = 'memory' AND statistic = 'max') OR statistic = :statistic)
    AND (:task IS NULL OR task = :task) AND (:metric IS NULL OR name = :metric)
), several AS MATERIALIZED (
  SELECT model FROM runs
  WHERE :base IS NULL AND model IS NOT NULL
  GROUP BY model HAVING count(DISTINCT coalesce(quantization, '')) > 1
  UNION ALL
  SELECT name FROM models WHERE name = :base OR name GLOB :base
), measured AS (
  SELECT coalesce(:base, model) AS base, model,
         iif(:base IS NULL, '', model || ', ') || coalesce(nullif(quantization, 'none'), dtype, quantization, 'not recorded') AS variant,
         iif(kind = 'quality', NULL, concat_ws(', ', workload, coalesce(devices || ' x ' || hardware, hardware), engine)) AS conditions,
         task, metric, statistic, qualifier, shots, value, unit, stderr, kind, direction, quantization, dtype,
         base_value, base_stderr, base_unit, format, task_version, is_aggregate, run_id
  FROM latest
  WHERE model IN (SELECT model FROM several) AND +metric_id IN (SELECT id FROM chosen)
), marked AS (
  SELECT *, iif(:reference IS NULL, quantization IS 'none' OR quantization IS NULL AND dtype IS NOT NULL,
                coalesce(nullif(quantization, 'none'), dtype, quantization, 'not recorded') = :reference OR model = :reference) AS is_reference
  FROM measured
), compared AS (
  SELECT *, min(variant) OVER same <> max(variant) OVER same AS varies,
         iif(sum(is_reference) OVER same = 1, max(iif(is_reference, base_value, NULL)) OVER same, NULL) AS reference_value,
         iif(sum(is_reference) OVER same = 1, max(iif(is_reference, base_stderr, NULL)) OVER same, NULL) AS reference_stderr
  FROM marked
  WINDOW same AS (PARTITION BY base, kind, task, metric, statistic, qualifier, shots, conditions,
                               format, task_version, is_aggregate, base_unit, direction)
)
SELECT base, kind, task, metric, statistic, qualifier, shots, conditions, variant, base_value AS value, base_unit AS unit,
       base_stderr AS stderr, reference_value,
       iif(is_reference, NULL, base_value - reference_value) AS difference,
       iif(is_reference, NULL, 100.0 * (base_value - reference_value) / abs(reference_value)) AS difference_percent,
       iif(is_reference, NULL, (base_value - reference_value)
           / nullif(sqrt(base_stderr * base_stderr + reference_stderr * reference_stderr), 0)) AS z,
       direction, dtype, run_id
FROM compared
WHERE varies
ORDER BY base, kind = 'quality' DESC, kind = 'speed' DESC, kind, task, metric, statistic, qualifier, shots, conditions,
         is_reference DESC, variant, run_id
