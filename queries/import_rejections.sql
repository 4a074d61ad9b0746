-- title: What was rejected on import
-- description: What the files held and the store does not: lines, rows and statistics that were rejected, and values that are stored as
-- description: missing, each with its reason, the newest import first. Equal ones of a file are counted in `times`. `kind=warning` shows what
-- description: was doubted, `kind=guess` what was assumed, `kind=all` everything. `source` is a path or a pattern (`*leaderboard*`).
-- param: source = null
-- param: kind = null
WITH files AS MATERIALIZED (
  SELECT id, path, format, imported_at FROM sources
  WHERE :source IS NULL OR path = :source OR path GLOB :source
), found AS (
  SELECT n.source_id, n.kind, n.place, n.reason, 1 AS times
  FROM import_notes n WHERE n.source_id IN (SELECT id FROM files)
  UNION ALL
  SELECT r.source_id, 'missing value', coalesce(d.task_raw || ', ', '') || d.name_raw, m.missing, count(*)
  FROM runs r JOIN measurements m ON m.run_id = r.id JOIN metrics d ON d.id = m.metric_id
  WHERE r.source_id IN (SELECT id FROM files) AND m.value IS NULL
  GROUP BY r.source_id, m.metric_id, m.missing
)
SELECT f.path AS source, f.format, x.kind, x.place, x.reason, x.times,
       strftime('%Y-%m-%dT%H:%M:%SZ', f.imported_at / 1000, 'unixepoch') AS imported_at, f.id AS source_id
FROM found x JOIN files f ON f.id = x.source_id
WHERE x.kind = :kind OR :kind = 'all' OR :kind IS NULL AND x.kind IN ('rejected', 'missing value')
ORDER BY f.imported_at DESC, f.id DESC, x.kind DESC, x.place
