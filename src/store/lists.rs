//! What the browsing commands show: fixed queries over the tables, and what a join lacks.

use rusqlite::Connection;

use crate::catalog::Value;

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
        }
    }
}

/// What one run holds: its settings, then its values, then what was noted about its file.
impl Reader {
    /// The queries of `runs show`, each with its title; `:run` is bound.
    pub const RUN: &[(&str, &str)] = &[
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

    /// Whether there is such a run.
    ///
    /// # Errors
    /// When the store fails.
    pub fn has_run(&self, run: i64) -> Result<bool, StoreError> {
        Ok(self.connection().query_row(
            "SELECT EXISTS (SELECT 1 FROM runs WHERE id = ?)",
            [run],
            |row| row.get(0),
        )?)
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
