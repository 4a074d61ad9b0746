-- title: Leaderboard
-- description: The newest score of every model on each task, best first: `place` by value, equal values share one.
-- description: Rows of one `tie_group` cannot be told apart from the group's best: the difference is at most 1.96 times the
-- description: standard error of a difference of independent scores; the first row beyond it begins the next group.
-- description: Where no standard error is recorded `tie_group` is NULL, for then nothing is known. Boards are never mixed:
-- description: task, metric, filter, shots, task version, tool and group-or-member each make their own. Metrics of which no
-- description: direction is known cannot be ranked and are left out; `metric_catalog` shows them.
-- description: Narrow it with task, metric, qualifier, shots, format; `top=null` shows every place.
-- param: task = null
-- param: metric = null
-- param: qualifier = null
-- param: shots = null
-- param: format = null
-- param: top = 10
-- mark: bar
-- y: value
-- label: model
WITH RECURSIVE scores AS (
  SELECT run_id, metric_id, model, task, metric, statistic, qualifier, shots, format, is_aggregate,
         value, unit, stderr, n, base_value, base_stderr, revision, quantization, time,
         dense_rank() OVER (ORDER BY task, metric, qualifier, shots, task_version, format, is_aggregate,
                                     statistic, base_unit, direction) AS board,
         iif(direction = 'higher', -base_value, base_value) AS badness
  FROM latest
  WHERE metric_id IN (
    SELECT id FROM metrics
    WHERE kind = 'quality' AND direction IS NOT NULL AND statistic <> 'std'
      AND (:task IS NULL OR task = :task)
      AND (:metric IS NULL OR name = :metric)
      AND (:qualifier IS NULL OR qualifier = :qualifier)
      AND (:shots IS NULL OR shots = :shots)
      AND (:format IS NULL OR format = :format))
), placed AS (
  SELECT *, rank() OVER (PARTITION BY board ORDER BY badness) AS place FROM scores
), numbered AS MATERIALIZED (
  SELECT board, run_id, metric_id, base_value, base_stderr,
         row_number() OVER (PARTITION BY board ORDER BY badness, model, run_id) AS k
  FROM placed WHERE base_stderr IS NOT NULL
), grouped (board, k, leader) AS (
  SELECT board, k, k FROM numbered WHERE k = 1
  UNION ALL
  SELECT n.board, n.k,
         iif((n.base_value - l.base_value) * (n.base_value - l.base_value)
             <= 1.96 * 1.96 * (n.base_stderr * n.base_stderr + l.base_stderr * l.base_stderr), g.leader, n.k)
  FROM grouped g
  JOIN numbered n ON n.board = g.board AND n.k = g.k + 1
  JOIN numbered l ON l.board = g.board AND l.k = g.leader
), tied AS (
  SELECT n.run_id, n.metric_id, dense_rank() OVER (PARTITION BY g.board ORDER BY g.leader) AS tie_group
  FROM grouped g JOIN numbered n ON n.board = g.board AND n.k = g.k
)
SELECT p.task, p.metric, p.qualifier, p.shots, p.place, t.tie_group, p.model, p.value, p.unit, p.stderr, p.n,
       p.quantization, p.revision, p.time, p.format, p.is_aggregate, p.run_id
FROM placed p LEFT JOIN tied t ON t.run_id = p.run_id AND t.metric_id = p.metric_id
WHERE :top IS NULL OR p.place <= :top
ORDER BY p.board, p.place, p.model, p.run_id
