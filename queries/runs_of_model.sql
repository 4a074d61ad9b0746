-- title: Runs of a model
-- description: The runs of a model, newest first: when, with what tool, engine, hardware and workload, how it ended, how many
-- description: values it holds and from which file. `model` is a name or a pattern (`*llama*`); without it, all models.
-- description: Runs without a recorded time come last. `newest` limits the rows, NULL shows all.
-- param: model = null
-- param: status = null
-- param: newest = 50
SELECT r.id AS run_id, r.model,
       strftime('%Y-%m-%dT%H:%M:%S', nullif(r.at, 0) / 1000, 'unixepoch') || iif(r.time_zone IS NULL, '', 'Z') AS time,
       r.status, r.label, r.tool, r.tool_version, r.engine, r.engine_version, r.hardware, r.devices,
       r.quantization, r.dtype,
       (SELECT x.workload FROM results x WHERE x.run_id = r.id LIMIT 1) AS workload,
       (SELECT count(*) FROM measurements m WHERE m.run_id = r.id) AS measurements,
       (SELECT group_concat(t.tag, ', ') FROM run_tags t WHERE t.run_id = r.id) AS tags,
       s.path AS source
FROM runs r JOIN sources s ON s.id = r.source_id
WHERE (r.model IN (SELECT name FROM models WHERE :model IS NULL OR name = :model OR name GLOB :model)
       OR r.model IS NULL AND :model IS NULL)
  AND (:status IS NULL OR r.status = :status)
ORDER BY r.at DESC, r.source_id DESC, r.ordinal
LIMIT coalesce(:newest, -1)
