-- The public face of the store. Views hold no data: they are dropped and made again from this text
-- after every migration, so only tables are frozen.

DROP VIEW IF EXISTS sample_values;
DROP VIEW IF EXISTS run_settings;
DROP VIEW IF EXISTS run_sources;
DROP VIEW IF EXISTS speed_score;
DROP VIEW IF EXISTS latest;
DROP VIEW IF EXISTS results;

-- One row a measurement, every name spelled out, and as written.
CREATE VIEW results AS
SELECT m.run_id, r.model, d.task, d.name AS metric, d.statistic, d.qualifier, d.shots,
       m.value, coalesce(d.unit, iif(d.factor = 1, d.base_unit, NULL)) AS unit, m.stderr, m.spread, m.n, m.low, m.high, m.missing,
       m.value * d.factor AS base_value, m.stderr * d.factor AS base_stderr, coalesce(d.base_unit, d.unit) AS base_unit,
       d.kind, d.direction, d.is_aggregate, d.task_version,
       coalesce(nullif(concat_ws(', ', 'in ' || r.input_len, 'out ' || r.output_len, 'depth ' || nullif(r.depth, 0),
         'batch ' || r.batch, 'concurrency ' || r.concurrency, 'rate ' || r.request_rate,
         iif(r.arrival = 'burst', 'burst', NULL), r.requests || ' requests', 'tp ' || r.tp, r.dataset), ''),
         'not recorded') AS workload,
       r.status, r.config, r.shape, r.at,
       strftime('%Y-%m-%dT%H:%M:%S', nullif(r.at, 0) / 1000, 'unixepoch') || iif(r.time_zone IS NULL, '', 'Z') AS time,
       r.label, r.revision, r.quantization, r.dtype, r.tool, r.tool_version, r.engine, r.engine_version,
       r.hardware, r.devices, r.tp, r.input_len, r.output_len, r.depth, r.batch,
       r.concurrency, r.request_rate, r.arrival, r.requests, r.dataset,
       r.model_raw, d.task_raw, d.name_raw AS metric_raw, d.format, s.path AS source,
       m.metric_id, r.source_id
FROM measurements m
JOIN metrics d ON d.id = m.metric_id
JOIN runs r ON r.id = m.run_id
LEFT JOIN sources s ON s.id = r.source_id;

-- Of each series (model, configuration, metric) the newest value of a complete run; ties all stay.
-- The first tests are cheap and drop runs superseded as a whole; the others are exact. "Newer" is a
-- later time, or the same time in a later file, as two tests: of the pair compared as one, SQLite
-- seeks the time and then walks every run that shares it, such as all that have none.
CREATE VIEW latest AS
SELECT x.* FROM results x
WHERE x.status = 'complete' AND x.value IS NOT NULL
  AND unlikely(NOT EXISTS (
    SELECT 1 FROM runs n WHERE n.model IS x.model AND n.config = x.config AND n.shape = x.shape
      AND n.status = 'complete' AND n.at > x.at))
  AND unlikely(NOT EXISTS (
    SELECT 1 FROM runs n WHERE n.model IS x.model AND n.config = x.config AND n.shape = x.shape
      AND n.status = 'complete' AND n.at = x.at AND n.source_id > x.source_id))
  AND NOT EXISTS (
    SELECT 1 FROM runs n JOIN measurements m ON m.run_id = n.id
    WHERE n.model IS x.model AND n.config = x.config AND n.status = 'complete'
      AND m.metric_id = x.metric_id AND m.value IS NOT NULL AND n.at > x.at)
  AND NOT EXISTS (
    SELECT 1 FROM runs n JOIN measurements m ON m.run_id = n.id
    WHERE n.model IS x.model AND n.config = x.config AND n.status = 'complete'
      AND m.metric_id = x.metric_id AND m.value IS NOT NULL AND n.at = x.at AND n.source_id > x.source_id);

-- A score beside a speed of the same model; narrow it with WHERE. A run that holds both is never
-- paired with the score of another run.
CREATE VIEW speed_score AS
SELECT q.model, q.task, q.metric AS score_metric, q.qualifier, q.shots, q.value AS score, q.stderr AS score_stderr,
       q.unit AS score_unit, q.base_value AS base_score, q.base_stderr AS base_score_stderr, q.base_unit AS base_score_unit,
       q.direction AS score_direction,
       s.metric AS speed_metric, s.statistic, s.task AS speed_task, s.workload, s.value AS speed,
       s.stderr AS speed_stderr, s.spread AS speed_spread, s.n AS speed_n, s.unit AS speed_unit,
       s.base_value AS base_speed, s.base_stderr AS base_speed_stderr, s.base_unit AS base_speed_unit,
       s.direction AS speed_direction,
       s.input_len, s.output_len, s.depth, s.batch, s.concurrency, s.request_rate, s.tp,
       s.hardware, s.devices, s.engine,
       q.quantization AS score_quantization, s.quantization AS speed_quantization,
       q.quantization IS s.quantization AS same_quantization, q.is_aggregate,
       q.run_id AS score_run, s.run_id AS speed_run
FROM latest q JOIN latest s ON s.model = q.model
WHERE q.kind = 'quality' AND s.kind IN ('speed', 'latency')
  AND q.statistic <> 'std' AND s.statistic <> 'std'
  AND (q.run_id = s.run_id OR NOT EXISTS (
    SELECT 1 FROM measurements m WHERE m.run_id = s.run_id AND m.metric_id = q.metric_id AND m.value IS NOT NULL)
    AND NOT EXISTS (
    SELECT 1 FROM measurements m WHERE m.run_id = q.run_id AND m.metric_id = s.metric_id AND m.value IS NOT NULL));

-- Every file that holds a run; `results.source` shows the first only.
CREATE VIEW run_sources AS
SELECT r.id AS run_id, r.source_id, r.ordinal, s.path FROM runs r JOIN sources s ON s.id = r.source_id
UNION ALL
SELECT d.run_id, d.source_id, d.ordinal, s.path FROM duplicates d JOIN sources s ON s.id = d.source_id;

-- Every known setting of a run as key and value; `separates` tells whether it separates two series.
CREATE VIEW run_settings AS
SELECT r.id AS run_id, j.key, j.value,
  j.key NOT IN ('model_sha', 'revision', 'tool', 'tool_version', 'tool_commit', 'engine_version', 'engine_commit', 'cpu', 'host') AS separates
FROM runs r, json_each(json_object(
  'model', r.model, 'revision', r.revision, 'model_sha', r.model_sha, 'quantization', r.quantization, 'dtype', r.dtype,
  'tool', r.tool, 'tool_version', r.tool_version, 'tool_commit', r.tool_commit,
  'engine', r.engine, 'engine_version', r.engine_version, 'engine_commit', r.engine_commit,
  'hardware', r.hardware, 'devices', r.devices, 'cpu', r.cpu, 'host', r.host,
  'input_len', r.input_len, 'output_len', r.output_len, 'depth', r.depth, 'batch', r.batch, 'concurrency', r.concurrency,
  'request_rate', r.request_rate, 'arrival', r.arrival, 'requests', r.requests, 'tp', r.tp, 'dataset', r.dataset)) j
WHERE j.value IS NOT NULL
UNION ALL
SELECT r.id, replace(substr(t.fullkey, 3), '"', ''), t.atom, 1 FROM runs r, json_tree(r.settings) t WHERE t.atom IS NOT NULL
UNION ALL
SELECT r.id, replace(substr(t.fullkey, 3), '"', ''), t.atom, 0 FROM runs r, json_tree(r.details) t WHERE t.atom IS NOT NULL;

-- The values behind a measurement as rows.
CREATE VIEW sample_values AS
SELECT x.run_id, r.model, d.task, d.name AS metric, d.qualifier, d.shots, d.unit,
       x.part * 131072 + u.position AS position, u.value, x.item_set_id, r.config, x.metric_id
FROM samples x JOIN metrics d ON d.id = x.metric_id JOIN runs r ON r.id = x.run_id, unroll(x.data) u
WHERE x.codec = 0;
