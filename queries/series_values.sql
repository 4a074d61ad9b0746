-- title: Values of a series
-- description: Every value of one series in order of time: one model, one metric definition, one configuration. What a trend is
-- description: computed from. Runs of one time, or without one, stand in the order of import.
-- param: model
-- param: metric_id
-- param: config
-- mark: line
-- x: time
-- y: value
SELECT run_id, time, value, stderr, n, missing, tool_version, engine_version, revision
FROM results
WHERE model IS :model AND metric_id = :metric_id AND config = :config AND status = 'complete'
ORDER BY at, run_id
