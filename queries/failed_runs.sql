-- title: Runs that failed or hold nothing
-- description: Runs that did not complete, with the reason, and complete ones without a single value, newest first. Their values are kept
-- description: and shown by `results`, but `latest` and everything that rests on it leaves them out. `status` is failed, partial or complete.
-- param: status = null
-- param: model = null
-- param: tool = null
WITH found AS (
  SELECT r.*, (SELECT count(*) FROM measurements m WHERE m.run_id = r.id AND m.value IS NOT NULL) AS measurements
  FROM runs r
  WHERE (r.status <> 'complete'
         OR NOT EXISTS (SELECT 1 FROM measurements m WHERE m.run_id = r.id AND m.value IS NOT NULL))
    AND (:status IS NULL OR r.status = :status)
    AND (:model IS NULL OR r.model = :model OR r.model GLOB :model)
    AND (:tool IS NULL OR r.tool = :tool)
)
SELECT f.id AS run_id, f.model, f.model_raw, f.status, coalesce(f.status_reason, iif(f.measurements = 0, 'no value', NULL)) AS reason,
       strftime('%Y-%m-%dT%H:%M:%S', nullif(f.at, 0) / 1000, 'unixepoch') || iif(f.time_zone IS NULL, '', 'Z') AS time,
       f.measurements, f.tool, f.engine, f.hardware, f.quantization, f.label, s.path AS source
FROM found f JOIN sources s ON s.id = f.source_id
ORDER BY f.at DESC, f.source_id DESC, f.ordinal
