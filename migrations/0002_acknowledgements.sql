-- Changes in a series that people have seen and accepted: from that run on, a new normal.

CREATE TABLE acknowledgements (
  id      INTEGER PRIMARY KEY,
  run_id  INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,   -- the first run of the new level
  task    TEXT,                                                      -- NULL = of every task
  metric  TEXT,                                                      -- canonical name; NULL = every metric of the run
  note    TEXT    NOT NULL CHECK (note <> ''),
  noted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX acknowledgements_run ON acknowledgements (run_id);
