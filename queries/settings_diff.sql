-- title: Settings that differ between two runs
-- description: Every setting in which run `a` and run `b` differ; NULL on a side means that it is not recorded there.
-- description: `separates` is 1 for settings that put the two into different series, 0 for versions, hosts and other details.
-- description: Without parameters `b` is the newest run of a model that has an earlier one, and `a` that earlier one; with one of the
-- description: two, the other is its neighbour among the runs of the model. No row: nothing that is recorded differs.
-- param: a = null
-- param: b = null
WITH newest AS (
  SELECT model FROM runs
  WHERE :a IS NULL AND :b IS NULL AND model IS NOT NULL
  GROUP BY model HAVING count(*) > 1
  ORDER BY max(at) DESC, max(source_id) DESC LIMIT 1
), second (id) AS (
  SELECT coalesce(:b,
    (SELECT n.id FROM runs o JOIN runs n ON n.model = o.model
     WHERE o.id = :a AND (n.at, n.source_id, n.ordinal) > (o.at, o.source_id, o.ordinal)
     ORDER BY n.at, n.source_id, n.ordinal LIMIT 1),
    (SELECT n.id FROM newest w JOIN runs n ON n.model = w.model
     ORDER BY n.at DESC, n.source_id DESC, n.ordinal DESC LIMIT 1))
), pair (a, b) AS MATERIALIZED (
  SELECT coalesce(:a,
    (SELECT o.id FROM runs n JOIN runs o ON o.model = n.model
     WHERE n.id = s.id AND (o.at, o.source_id, o.ordinal) < (n.at, n.source_id, n.ordinal)
     ORDER BY o.at DESC, o.source_id DESC, o.ordinal DESC LIMIT 1)), s.id
  FROM second s
), settings AS MATERIALIZED (
  SELECT run_id, key, value, separates FROM run_settings
  WHERE run_id IN (SELECT a FROM pair UNION ALL SELECT b FROM pair)
), sides AS (
  SELECT s.key, s.separates, p.a AS run_a, p.b AS run_b,
         max(iif(s.run_id = p.a, s.value, NULL)) AS a, max(iif(s.run_id = p.b, s.value, NULL)) AS b
  FROM pair p JOIN runs ra ON ra.id = p.a JOIN runs rb ON rb.id = p.b CROSS JOIN settings s
  GROUP BY s.key, s.separates
)
SELECT key, a, b, separates, run_a, run_b
FROM sides
WHERE a IS NOT b
ORDER BY separates DESC, key
