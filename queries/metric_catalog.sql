-- title: Metrics
-- description: Every metric in the store: what it measures, which way is better, in which unit, by which tools it was written and how many
-- description: values there are. Where `direction` is NULL nothing is ranked: `tradeoff metrics set NAME --direction higher` decides.
-- description: `metric`, `task`, `kind` (quality, speed, latency, memory, energy, cost, count, setting) and `format` narrow it.
-- param: metric = null
-- param: task = null
-- param: kind = null
-- param: format = null
WITH definitions AS (
  SELECT d.*,
         (SELECT count(*) FROM measurements m WHERE m.metric_id = d.id) AS stored,
         (SELECT count(*) FROM samples x WHERE x.metric_id = d.id) AS vectors
  FROM metrics d
  WHERE (:metric IS NULL OR d.name = :metric OR d.name GLOB :metric)
    AND (:task IS NULL OR d.task = :task OR d.task GLOB :task)
    AND (:kind IS NULL OR d.kind = :kind)
    AND (:format IS NULL OR d.format = :format)
)
SELECT name AS metric, kind, direction, coalesce(base_unit, unit) AS base_unit,
       count(DISTINCT task) AS tasks, group_concat(DISTINCT statistic) AS statistics, group_concat(DISTINCT unit) AS units,
       group_concat(DISTINCT format) AS formats, group_concat(DISTINCT name_raw) AS as_written,
       sum(stored) AS measurements, sum(vectors) AS vectors, max(decided_by = 'user') AS decided_by_user
FROM definitions
GROUP BY name, kind, direction, coalesce(base_unit, unit)
ORDER BY kind IS NULL, kind, name, direction, coalesce(base_unit, unit)
