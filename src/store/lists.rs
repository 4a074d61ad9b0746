//! What the browsing commands show: fixed queries over the tables, and what a join lacks.

use rusqlite::Connection;

use crate::catalog::{Value, nearest::nearest};

use super::{Reader, StoreError};

/// A list to browse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Models with how many runs, names and kinds of results each has.
    Models,
    /// Which name as written stands for which model.
    Aliases,
    /// Runs, newest first.
    Runs,
    /// Imported files, newest first.
    Sources,
    /// Metrics by canonical name.
    Metrics,
    /// Changes that people have acknowledged, newest first.
    Acknowledged,
}

impl List {
    /// Its query.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Models => {
                "SELECT m.name AS model, m.params, count(r.id) AS runs,
                   (SELECT count(DISTINCT x.task) FROM latest x WHERE x.model = m.name AND x.kind = 'quality') AS tasks,
                   (SELECT count(*) FROM latest x WHERE x.model = m.name AND x.kind IN ('speed', 'latency') AND x.statistic <> 'std') AS speeds,
                   (SELECT group_concat(a.model_raw, ', ' ORDER BY a.model_raw) FROM model_aliases a WHERE a.model = m.name AND a.model_raw <> m.name) AS also_written
                 FROM models m LEFT JOIN runs r ON r.model = m.name GROUP BY m.name ORDER BY m.name"
            }
            Self::Aliases => {
                "SELECT model_raw AS name, nullif(revision, '') AS revision, model, decided_by FROM model_aliases ORDER BY model, name"
            }
            Self::Runs => {
                "SELECT r.id AS run, r.model, strftime('%Y-%m-%d %H:%M', nullif(r.at, 0) / 1000, 'unixepoch') AS time,
                   r.status, r.tool, r.engine, r.hardware, r.quantization, r.concurrency, r.input_len AS input, r.output_len AS output,
                   (SELECT count(*) FROM measurements m WHERE m.run_id = r.id) AS measurements,
                   (SELECT group_concat(t.tag, ', ' ORDER BY t.tag) FROM run_tags t WHERE t.run_id = r.id) AS tags, r.label, s.path AS source
                 FROM runs r JOIN sources s ON s.id = r.source_id ORDER BY r.at DESC, r.id DESC"
            }
            Self::Sources => {
                "SELECT s.id AS source, s.format, s.runs, s.measurements,
                   (SELECT count(*) FROM import_notes n WHERE n.source_id = s.id AND n.kind = 'rejected') AS rejected,
                   strftime('%Y-%m-%d %H:%M', s.imported_at / 1000, 'unixepoch') AS imported, s.path
                 FROM sources s ORDER BY s.id DESC"
            }
            Self::Metrics => {
                "SELECT d.name AS metric, d.kind, group_concat(DISTINCT d.statistic) AS statistics, group_concat(DISTINCT d.unit) AS units,
                   coalesce(d.direction, 'not known') AS direction, count(DISTINCT d.task) AS tasks, sum(x.n) AS measurements,
                   group_concat(DISTINCT d.format) AS formats
                 FROM metrics d LEFT JOIN (SELECT metric_id, count(*) AS n FROM measurements GROUP BY metric_id) x ON x.metric_id = d.id
                 GROUP BY d.name, d.kind, d.direction ORDER BY d.kind, d.name"
            }
            Self::Acknowledged => {
                "SELECT a.id AS number, a.run_id AS run, r.model, strftime('%Y-%m-%d %H:%M', nullif(r.at, 0) / 1000, 'unixepoch') AS time,
                   coalesce(a.task, 'every') AS task, coalesce(a.metric, 'every') AS metric, a.note
                 FROM acknowledgements a JOIN runs r ON r.id = a.run_id ORDER BY a.id DESC"
            }
        }
    }
}

/// A titled query of several about one thing.
pub type Part = (&'static str, &'static str);

impl Reader {
    /// What `models show` tells of `:model`.
    pub const MODEL: &[Part] = &[
        (
            "names",
            "SELECT model_raw AS name, nullif(revision, '') AS revision, decided_by FROM model_aliases WHERE model = :model ORDER BY 1, 2",
        ),
        (
            "runs",
            "SELECT r.id AS run, strftime('%Y-%m-%d %H:%M', nullif(r.at, 0) / 1000, 'unixepoch') AS time, r.status, r.tool, r.engine, r.hardware,
               r.quantization, (SELECT count(*) FROM measurements m WHERE m.run_id = r.id) AS measurements, s.path AS source
             FROM runs r JOIN sources s ON s.id = r.source_id WHERE r.model = :model ORDER BY r.at DESC, r.id DESC",
        ),
        (
            "results",
            "SELECT task, metric, statistic, qualifier, shots, value, unit, stderr, n, workload, run_id AS run
             FROM latest WHERE model = :model ORDER BY kind, task, metric, statistic, qualifier, workload, run_id",
        ),
    ];

    /// What `runs show` tells of `:run`: its settings, then its values, then what was noted about its file.
    pub const RUN: &[Part] = &[
        (
            "settings",
            "SELECT key, value FROM run_settings WHERE run_id = :run ORDER BY separates DESC, key",
        ),
        (
            "results",
            "SELECT task, metric, statistic, qualifier, shots, value, unit, stderr, spread, n, missing FROM results WHERE run_id = :run ORDER BY task, metric, statistic, qualifier",
        ),
        (
            "samples",
            "SELECT d.task, d.name AS metric, d.unit, sum(x.count) AS samples FROM samples x JOIN metrics d ON d.id = x.metric_id WHERE x.run_id = :run GROUP BY x.metric_id ORDER BY 1, 2",
        ),
        (
            "notes",
            "SELECT n.kind, n.place, n.reason FROM import_notes n JOIN runs r ON r.source_id = n.source_id WHERE r.id = :run ORDER BY n.id",
        ),
    ];

    /// Refuses a run that is not there.
    ///
    /// # Errors
    /// [`StoreError::Unknown`].
    pub fn require_run(&self, run: i64) -> Result<(), StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM runs WHERE id = ?)";
        if self.connection().query_row(sql, [run], |row| row.get(0))? {
            return Ok(());
        }
        Err(StoreError::Unknown {
            kind: "run",
            name: run.to_string(),
            near: None,
        })
    }

    /// Refuses a model that is not there.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] with the nearest name.
    pub fn require_model(&self, name: &str) -> Result<(), StoreError> {
        let names = self.model_names()?;
        if names.iter().any(|known| known == name) {
            return Ok(());
        }
        Err(StoreError::Unknown {
            kind: "model",
            name: name.to_owned(),
            near: nearest(name, names.iter().map(String::as_str)).map(str::to_owned),
        })
    }

    /// Every model's name, sorted.
    ///
    /// # Errors
    /// When the store fails.
    pub fn model_names(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT name FROM models ORDER BY name";
        let mut statement = self.connection().prepare(sql)?;
        let names = statement.query_map([], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// The direction the store knows for a metric, when all its definitions agree.
    ///
    /// # Errors
    /// When the store fails.
    pub fn direction(&self, metric: &str) -> Result<Option<crate::catalog::Direction>, StoreError> {
        let sql = "SELECT DISTINCT direction FROM metrics WHERE name = ? AND statistic <> 'std'";
        let found = column(self.connection(), sql, metric)?;
        Ok(match found.as_slice() {
            [Some(word)] => word.parse().ok(),
            _ => None,
        })
    }

    /// Which models have only a speed and which only a score.
    ///
    /// # Errors
    /// When the store fails.
    pub fn unjoined(&self) -> Result<Unjoined, StoreError> {
        let mut unjoined = Unjoined::default();
        let sql = "SELECT m.name,
             EXISTS (SELECT 1 FROM latest x WHERE x.model = m.name AND x.kind IN ('speed', 'latency')),
             EXISTS (SELECT 1 FROM latest x WHERE x.model = m.name AND x.kind = 'quality')
           FROM models m ORDER BY m.name";
        self.run(
            sql,
            &[],
            |_| Ok(()),
            |row| {
                if let [
                    Value::Text(name),
                    Value::Integer(speed),
                    Value::Integer(score),
                ] = row
                {
                    match (speed, score) {
                        (1, 0) => unjoined.only_speed.push(name.clone()),
                        (0, 1) => unjoined.only_score.push(name.clone()),
                        (1, 1) => unjoined.both.push(name.clone()),
                        _ => {}
                    }
                }
                Ok(true)
            },
        )?;
        Ok(unjoined)
    }
}

/// Models by what is known of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unjoined {
    /// A speed but no score.
    pub only_speed: Vec<String>,
    /// A score but no speed.
    pub only_score: Vec<String>,
    /// Both.
    pub both: Vec<String>,
}

fn column(conn: &Connection, sql: &str, bound: &str) -> Result<Vec<Option<String>>, StoreError> {
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map([bound], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
