-- The store: sources, models, runs, metric definitions, measurements and the vectors behind them.
-- Conventions: *_raw = exactly as the file wrote it; NULL = not known; times = integer milliseconds
-- UTC; digests = lower-case hex text; vocabularies that may grow carry no CHECK (the catalog owns them).

CREATE TABLE sources (                        -- one imported file, or one folder that is a single result
  id            INTEGER PRIMARY KEY,
  path          TEXT    NOT NULL,             -- as given; for showing only, never an identity
  sha256        TEXT    NOT NULL UNIQUE CHECK (length(sha256) = 64),
  bytes         INTEGER NOT NULL,
  parts         TEXT    CHECK (parts IS NULL OR json_valid(parts)),  -- [{name, sha256, bytes}] when several files make one result
  format        TEXT    NOT NULL,             -- name in the format registry
  tool          TEXT,
  tool_version  TEXT,
  options       TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(options)),  -- what the user added to the file
  runs          INTEGER NOT NULL DEFAULT 0,   -- what it held when read: deleted runs are noticed on re-import
  measurements  INTEGER NOT NULL DEFAULT 0,
  imported_at   INTEGER NOT NULL,
  importer      TEXT    NOT NULL              -- version of this program that read it
) STRICT;
CREATE INDEX sources_path ON sources (path);  -- 'this path was imported before with other content'

CREATE TABLE import_notes (                   -- what an import refused, doubted or assumed
  id         INTEGER PRIMARY KEY,
  source_id  INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  kind       TEXT    NOT NULL CHECK (kind IN ('rejected', 'warning', 'guess')),
  place      TEXT    NOT NULL,                -- line, row, column, JSON path
  reason     TEXT    NOT NULL
) STRICT;
CREATE INDEX import_notes_source ON import_notes (source_id);

CREATE TABLE models (
  name           TEXT PRIMARY KEY NOT NULL,   -- canonical; text on purpose: runs carry it, no join needed
  family         TEXT,
  params         INTEGER,                     -- total parameters
  params_active  INTEGER,                     -- per token, for mixtures of experts
  kind           TEXT,                        -- base, chat, instruct, …
  note           TEXT
) STRICT;

CREATE TABLE model_aliases (                  -- how a name in a file becomes a model; the user may edit it
  model_raw   TEXT    NOT NULL,
  revision    TEXT    NOT NULL DEFAULT '',    -- '' = any revision without a row of its own
  model       TEXT    NOT NULL REFERENCES models (name) ON UPDATE CASCADE ON DELETE CASCADE,
  decided_by  TEXT    NOT NULL CHECK (decided_by IN ('import', 'user')),
  decided_at  INTEGER NOT NULL,
  PRIMARY KEY (model_raw, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX model_aliases_model ON model_aliases (model);

CREATE TABLE runs (
  id              INTEGER PRIMARY KEY,
  source_id       INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  ordinal         INTEGER NOT NULL,           -- place in the source, from 0
  fingerprint     TEXT    NOT NULL UNIQUE,    -- which run: 32 hex digits
  digest          TEXT    NOT NULL,           -- what it says: 32 hex digits over all its values
  config          TEXT    NOT NULL,           -- 16 hex digits over everything that separates two series, model and metric excepted
  shape           TEXT    NOT NULL,           -- 16 hex digits over the set of metrics the run holds (makes `latest` cheap)
  -- who
  model           TEXT    REFERENCES models (name) ON UPDATE CASCADE,
  model_raw       TEXT,
  model_from      TEXT    CHECK (model_from IN ('file', 'path', 'user')),
  revision        TEXT,                       -- branch, tag, step as named
  model_sha       TEXT,                       -- commit of the weights
  model_bytes     INTEGER,
  quantization    TEXT,
  dtype           TEXT,
  label           TEXT,                       -- the run's own name
  -- how it went
  status          TEXT    NOT NULL CHECK (status IN ('complete', 'partial', 'failed')),
  status_reason   TEXT,
  started_at      INTEGER,
  finished_at     INTEGER,
  time_precision  INTEGER,                    -- resolution of the clock as written, in ms: 1, 1000, 86400000
  time_zone       TEXT,                       -- 'UTC', '+02:00', …; NULL = written without zone, read as UTC
  time_from       TEXT    CHECK (time_from IN ('file', 'path', 'user')),
  at              INTEGER NOT NULL AS (coalesce(started_at, finished_at, 0)) VIRTUAL,   -- for ordering only; 0 = not known
  -- with what
  tool            TEXT,
  tool_version    TEXT,
  tool_commit     TEXT,
  engine          TEXT,
  engine_version  TEXT,
  engine_commit   TEXT,
  hardware        TEXT,                       -- the accelerator (or processor) that did the work
  devices         INTEGER,                    -- how many of them
  cpu             TEXT,
  host            TEXT,
  -- workload
  input_len       INTEGER,                    -- tokens per request as asked for; NULL where it varies
  output_len      INTEGER,
  depth           INTEGER,                    -- tokens already in the cache
  batch           INTEGER,
  concurrency     INTEGER,                    -- requests in flight, as asked for
  request_rate    REAL,                       -- requests/s, as asked for
  arrival         TEXT,                       -- 'burst' (no limit), 'rate', 'closed', 'single', 'batch'
  requests        INTEGER,                    -- how many were asked for
  tp              INTEGER,                    -- tensor-parallel degree
  dataset         TEXT,
  -- the rest
  settings        TEXT    NOT NULL DEFAULT '{}' CHECK (json_type(settings) = 'object'),  -- further settings that separate two series
  details         TEXT    NOT NULL DEFAULT '{}' CHECK (json_type(details) = 'object'),   -- everything else the file says about the run
  note            TEXT,
  UNIQUE (source_id, ordinal)
) STRICT;
CREATE INDEX runs_series ON runs (model, config, at, source_id, shape, status);  -- latest, trend, baseline
CREATE INDEX runs_at     ON runs (at);

CREATE TABLE duplicates (                     -- a later source holds a run that is already here
  source_id  INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  ordinal    INTEGER NOT NULL,
  run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  added      TEXT CHECK (added IS NULL OR json_valid(added)),  -- settings that only this source knew
  PRIMARY KEY (source_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX duplicates_run ON duplicates (run_id);

-- Undoing a source takes only the runs that no other source holds.
CREATE TRIGGER sources_keep_shared_runs BEFORE DELETE ON sources BEGIN
  UPDATE runs SET (source_id, ordinal) =
    (SELECT d.source_id, d.ordinal FROM duplicates d
      WHERE d.run_id = runs.id AND d.source_id <> OLD.id ORDER BY d.source_id, d.ordinal LIMIT 1)
  WHERE source_id = OLD.id
    AND EXISTS (SELECT 1 FROM duplicates d WHERE d.run_id = runs.id AND d.source_id <> OLD.id);
END;
CREATE TRIGGER runs_rehomed AFTER UPDATE OF source_id ON runs BEGIN
  UPDATE samples SET source_id = NEW.source_id WHERE run_id = NEW.id AND source_id = OLD.source_id;
  DELETE FROM duplicates WHERE source_id = NEW.source_id AND ordinal = NEW.ordinal AND run_id = NEW.id;
END;

CREATE TABLE run_tags (
  run_id  INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  tag     TEXT    NOT NULL,
  PRIMARY KEY (run_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_tags_tag ON run_tags (tag);

CREATE TABLE metrics (                        -- one definition: a key of one format for one task under one protocol
  id            INTEGER PRIMARY KEY,
  -- identity: as written
  format        TEXT    NOT NULL,             -- format family: lm-eval, vllm, llama-bench, table, …
  task_raw      TEXT,                         -- NULL = about the whole run
  name_raw      TEXT    NOT NULL,
  qualifier     TEXT    NOT NULL DEFAULT '',  -- filter, scorer, split, perturbation, phase
  unit          TEXT,                         -- the unit of every value stored under it
  shots         INTEGER,
  task_version  TEXT,
  is_aggregate  INTEGER NOT NULL DEFAULT 0 CHECK (is_aggregate IN (0, 1)),
  -- meaning: may be corrected
  task          TEXT,
  name          TEXT    NOT NULL,
  statistic     TEXT    NOT NULL DEFAULT 'value',  -- value, mean, p50, p99, std, min, max, sum, count, each
  kind          TEXT,                         -- quality, speed, latency, memory, energy, cost, count, setting
  direction     TEXT    CHECK (direction IN ('higher', 'lower')),   -- NULL = not known
  base_unit     TEXT,
  factor        REAL    NOT NULL DEFAULT 1.0 CHECK (factor > 0 AND factor < 9e999),   -- value × factor is in base_unit
  spread_of     TEXT,                         -- what measurements.spread is over: repetitions, trials, requests
  confidence    REAL    CHECK (confidence > 0 AND confidence < 1),  -- level of low and high: 0.95
  decided_by    TEXT    NOT NULL DEFAULT 'import' CHECK (decided_by IN ('import', 'user'))
) STRICT;
CREATE UNIQUE INDEX metrics_key ON metrics
  (format, coalesce(task_raw, ''), name_raw, qualifier, coalesce(unit, ''), coalesce(shots, -1),
   coalesce(task_version, ''), is_aggregate);
CREATE INDEX metrics_task ON metrics (task, name);
CREATE INDEX metrics_name ON metrics (name, statistic);

CREATE TABLE task_aliases (                   -- one task, many spellings
  task_raw    TEXT NOT NULL PRIMARY KEY,
  task        TEXT NOT NULL,
  decided_by  TEXT NOT NULL CHECK (decided_by IN ('import', 'user'))
) STRICT, WITHOUT ROWID;

CREATE TABLE task_groups (                    -- which tasks a group averages; several levels
  task    TEXT NOT NULL,                      -- the group
  member  TEXT NOT NULL,
  PRIMARY KEY (task, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_groups_member ON task_groups (member);

CREATE TABLE measurements (
  run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  metric_id  INTEGER NOT NULL REFERENCES metrics (id),
  value      REAL,
  stderr     REAL,
  spread     REAL,                            -- standard deviation over metrics.spread_of
  n          INTEGER,                         -- observations behind the value
  low        REAL,
  high       REAL,
  missing    TEXT,                            -- why value is NULL
  PRIMARY KEY (run_id, metric_id),
  CHECK ((value IS NULL) = (missing IS NOT NULL)),   -- also catches NaN, which SQLite turns into NULL
  CHECK (abs(value) < 9e999),                        -- no infinity (NULL passes)
  CHECK (stderr >= 0 AND stderr < 9e999),
  CHECK (spread >= 0 AND spread < 9e999)
) STRICT, WITHOUT ROWID;
CREATE INDEX measurements_metric ON measurements (metric_id, run_id, value);

CREATE TABLE item_sets (                      -- which questions (or requests), in which order; shared by all runs that answered them
  id      INTEGER PRIMARY KEY,
  digest  TEXT    NOT NULL UNIQUE,            -- 32 hex digits over keys
  count   INTEGER NOT NULL,
  keys    BLOB    NOT NULL,                   -- 8 bytes an item: the first 8 of its SHA-256
  CHECK (length(keys) = 8 * count)
) STRICT;

CREATE TABLE samples (                        -- the values behind a measurement, packed; at most 131 072 a part (1 MB)
  run_id       INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  metric_id    INTEGER NOT NULL REFERENCES metrics (id),    -- its definition, statistic 'each'
  part         INTEGER NOT NULL DEFAULT 0,                  -- from 0
  source_id    INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  item_set_id  INTEGER REFERENCES item_sets (id),           -- of this part's items; NULL = items not identified: no pairing
  count        INTEGER NOT NULL,
  codec        INTEGER NOT NULL DEFAULT 0,                  -- 0 = f64 little endian, NaN = no value for this item
  data         BLOB    NOT NULL,
  PRIMARY KEY (run_id, metric_id, part),
  CHECK (codec <> 0 OR length(data) = 8 * count),
  CHECK (length(data) <= 1048576)
) STRICT;
CREATE INDEX samples_metric ON samples (metric_id);
CREATE INDEX samples_source ON samples (source_id);
CREATE INDEX samples_items  ON samples (item_set_id);
