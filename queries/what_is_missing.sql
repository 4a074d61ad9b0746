-- title: What is missing
-- description: Models with a speed and no score, models with a score and no speed, and models with neither: none of them can stand in a
-- description: chart of speed against score. `missing=score`, `missing=speed` or `missing=both` shows one kind. A value counts when its run
-- description: is complete. `unclassified` counts the metrics of a model that nobody knows to be either: `tradeoff metrics set` says what
-- description: they are. If two tools only spell one model differently, `tradeoff models suggest` finds it and `tradeoff models alias`
-- description: joins them.
-- param: missing = null
-- param: model = null
WITH known AS (
  SELECT o.name AS model,
         EXISTS (SELECT 1 FROM results x WHERE x.model = o.name AND x.kind = 'quality'
                   AND x.status = 'complete' AND x.value IS NOT NULL) AS has_score,
         EXISTS (SELECT 1 FROM results x WHERE x.model = o.name AND x.kind IN ('speed', 'latency')
                   AND x.status = 'complete' AND x.value IS NOT NULL) AS has_speed
  FROM models o
  WHERE :model IS NULL OR o.name = :model OR o.name GLOB :model
), wanting AS (
  SELECT model, CASE WHEN NOT has_score AND NOT has_speed THEN 'both' WHEN has_speed THEN 'score' ELSE 'speed' END AS missing
  FROM known
  WHERE NOT (has_score AND has_speed)
)
SELECT w.missing, w.model,
       (SELECT count(*) FROM runs r WHERE r.model = w.model) AS runs,
       (SELECT count(DISTINCT x.metric_raw) FROM results x WHERE x.model = w.model AND x.kind IS NULL) AS unclassified,
       (SELECT group_concat(DISTINCT r.tool) FROM runs r WHERE r.model = w.model) AS tools,
       (SELECT group_concat(DISTINCT r.hardware) FROM runs r WHERE r.model = w.model) AS hardware,
       (SELECT strftime('%Y-%m-%d', nullif(max(r.at), 0) / 1000, 'unixepoch') FROM runs r WHERE r.model = w.model) AS newest
FROM wanting w
WHERE :missing IS NULL OR w.missing = :missing
ORDER BY w.missing, w.model
