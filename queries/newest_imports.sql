-- title: Newest imports
-- description: The files that were read, newest first: how many runs and values they held, how many of the runs are still in the store under
-- description: this file, how many were there already from another, and what was noted on the way (`import_rejections` shows it).
-- description: `format` narrows it to one, `newest` limits the rows, NULL shows all. `tradeoff sources delete` undoes an import.
-- param: format = null
-- param: newest = 20
SELECT s.id AS source_id, strftime('%Y-%m-%dT%H:%M:%SZ', s.imported_at / 1000, 'unixepoch') AS imported_at,
       s.path AS source, s.format, s.tool, s.tool_version, s.bytes, s.runs, s.measurements,
       (SELECT count(*) FROM runs r WHERE r.source_id = s.id) AS runs_here,
       (SELECT count(*) FROM duplicates d WHERE d.source_id = s.id) AS runs_elsewhere,
       (SELECT count(*) FROM import_notes n WHERE n.source_id = s.id AND n.kind = 'rejected') AS rejected,
       (SELECT count(*) FROM import_notes n WHERE n.source_id = s.id AND n.kind = 'warning') AS warnings,
       (SELECT count(*) FROM import_notes n WHERE n.source_id = s.id AND n.kind = 'guess') AS guesses,
       nullif(s.options, '{}') AS options, s.importer
FROM sources s
WHERE :format IS NULL OR s.format = :format
ORDER BY s.imported_at DESC, s.id DESC
LIMIT coalesce(:newest, -1)
