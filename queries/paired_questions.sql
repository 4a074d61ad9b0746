-- title: Two runs, question by question
-- description: Runs that answered the same questions, compared on each of them: how many more `b` solved, how many only one of the two got
-- description: higher, and the standard error of the mean difference over the pairs, which is smaller than that of two independent scores
-- description: wherever the same questions are hard for both. z is the difference in units of it. Give `a`, `b` or both, as numbers of runs;
-- description: with neither, every pair there is. Only tools whose files hold a value a question, under the same metric, can be paired;
-- description: questions that either run has no value for are left out of `n`.
-- param: a = null
-- param: b = null
-- param: task = null
-- param: metric = null
WITH chosen AS MATERIALIZED (
  SELECT id FROM metrics
  WHERE kind = 'quality' AND (:task IS NULL OR task = :task) AND (:metric IS NULL OR name = :metric)
), vectors AS (
  SELECT run_id, metric_id, part, item_set_id, data FROM samples
  WHERE run_id IN (SELECT id FROM runs WHERE :a IS NULL OR id = :a)
    AND item_set_id IS NOT NULL AND codec = 0 AND +metric_id IN (SELECT id FROM chosen)
), questions AS (
  SELECT x.run_id AS run_a, y.run_id AS run_b, x.metric_id, p.a, p.b
  FROM vectors x
  JOIN samples y ON y.item_set_id = x.item_set_id AND y.metric_id = x.metric_id AND y.part = x.part AND y.codec = 0
  JOIN pairs(x.data, y.data) p
  WHERE y.run_id <> x.run_id
    AND (:b IS NULL OR y.run_id = :b)
    AND (:a IS NOT NULL OR :b IS NOT NULL OR x.run_id < y.run_id)
    AND p.a IS NOT NULL AND p.b IS NOT NULL
), compared AS (
  SELECT run_a, run_b, metric_id, count(*) AS n, avg(a) AS mean_a, avg(b) AS mean_b, avg(b - a) AS difference,
         stddev_samp(b - a) / sqrt(count(*)) AS difference_stderr,
         sum(a > b) AS only_a, sum(b > a) AS only_b, sum(a = b) AS equal
  FROM questions
  GROUP BY run_a, run_b, metric_id
)
SELECT d.task, d.name AS metric, d.qualifier, d.shots, ra.model AS model_a, rb.model AS model_b, c.n, c.mean_a, c.mean_b,
       c.difference, c.difference_stderr, c.difference / nullif(c.difference_stderr, 0) AS z,
       c.only_a, c.only_b, c.equal, d.unit, d.direction, c.run_a, c.run_b
FROM compared c JOIN metrics d ON d.id = c.metric_id JOIN runs ra ON ra.id = c.run_a JOIN runs rb ON rb.id = c.run_b
ORDER BY d.task, d.name, d.qualifier, d.shots, c.run_a, c.run_b
