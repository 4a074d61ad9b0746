-- title: Scores of a group from its members
-- description: The mean of the members of a group of tasks (mmlu, all, …), every member counted once, however deep the group is nested.
-- description: `score` is the plain mean, `weighted` the mean by the number of questions, where every member recorded it. The group's own
-- description: value as some tool wrote it stands beside it (`as_written`) and never goes into a mean. Compare only models with the same
-- description: `members`: a mean over fewer of them is about something else. Members are averaged within one model and configuration, under
-- description: one metric and filter, of a tool that knows the group. `score_stderr` assumes independent members and is NULL unless all
-- description: of them recorded theirs; a score is NULL where a member has several values that nothing tells apart.
-- param: task = null
-- param: model = null
-- param: metric = null
WITH RECURSIVE tree (task, member) AS (
  SELECT task, member FROM task_groups WHERE :task IS NULL OR task = :task
  UNION
  SELECT t.task, g.member FROM tree t JOIN task_groups g ON g.task = t.member
), leaves AS MATERIALIZED (
  SELECT task, member, count(*) OVER (PARTITION BY task) AS group_members
  FROM tree WHERE member NOT IN (SELECT task FROM task_groups)
), chosen AS MATERIALIZED (
  SELECT id FROM metrics
  WHERE kind = 'quality' AND is_aggregate = 0 AND statistic <> 'std' AND (:metric IS NULL OR name = :metric)
    AND task IN (SELECT member FROM leaves)
), scores AS (
  SELECT * FROM latest
  WHERE :model IS NULL AND metric_id IN (SELECT id FROM chosen)
  UNION ALL
  SELECT * FROM latest
  WHERE model IN (SELECT name FROM models WHERE name = :model OR name GLOB :model)
    AND +metric_id IN (SELECT id FROM chosen)
), members AS (
  SELECT g.task AS group_task, g.group_members, s.*,
         count(*) OVER (PARTITION BY g.task, s.task, s.model, s.config, s.format, s.metric, s.statistic, s.qualifier,
                                     s.base_unit, s.direction) AS versions
  FROM scores s JOIN leaves g ON g.member = s.task
  -- Only of a tool that knows the group: `all` of one means nothing to another.
  WHERE EXISTS (SELECT 1 FROM metrics d WHERE d.task = g.task AND d.format = s.format)
), keyed AS (
  -- Where a member was asked under several numbers of examples, those are kept apart.
  SELECT *, iif(max(versions) OVER (PARTITION BY group_task, model, config, format, metric, statistic, qualifier,
                                                 base_unit, direction) > 1, shots, NULL) AS shots_key
  FROM members
), averaged AS (
  SELECT group_task, model, config, format, metric, statistic, qualifier, base_unit, direction, quantization, dtype,
         group_concat(DISTINCT shots) AS shots, count(DISTINCT task) AS members, count(*) AS rows_, group_members,
         avg(base_value) AS score,
         iif(count(base_stderr) = count(*), sqrt(sum(base_stderr * base_stderr)) / count(*), NULL) AS score_stderr,
         iif(count(n) = count(*), sum(base_value * n) / sum(n), NULL) AS weighted,
         min(base_value) AS lowest, max(base_value) AS highest, min(run_id) AS run_id, count(DISTINCT run_id) AS runs
  FROM keyed
  GROUP BY group_task, model, config, format, metric, statistic, qualifier, base_unit, direction, shots_key
)
SELECT a.group_task AS task, a.model, a.metric, a.qualifier, a.shots, a.members, a.group_members,
       iif(a.rows_ = a.members, a.score, NULL) AS score, a.base_unit AS score_unit,
       iif(a.rows_ = a.members, a.score_stderr, NULL) AS score_stderr,
       iif(a.rows_ = a.members, a.weighted, NULL) AS weighted,
       (SELECT x.base_value FROM latest x
        WHERE x.model = a.model AND x.config = a.config AND x.task = a.group_task AND x.metric = a.metric
          AND x.statistic = a.statistic AND x.qualifier = a.qualifier AND x.format = a.format
        ORDER BY x.is_aggregate DESC, x.run_id DESC LIMIT 1) AS as_written,
       a.lowest, a.highest, a.quantization, a.dtype, a.format, a.runs, a.run_id
FROM averaged a
ORDER BY a.group_task, a.metric, a.qualifier, a.members DESC,
         iif(a.direction = 'lower', a.score, -a.score), a.model, a.run_id
