//! Series over time: the values of one model, one metric and one configuration, oldest first, and the
//! changes in them that people have acknowledged.

use rusqlite::{OptionalExtension, Row, params};

use crate::catalog::{Direction, Kind};

use super::sides::Vector;
use super::{Reader, Store, StoreError};

/// Which series are asked for; an empty list is no restriction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Which {
    /// Models by name.
    pub models: Vec<String>,
    /// Tasks by name.
    pub tasks: Vec<String>,
    /// Metrics by canonical name.
    pub metrics: Vec<String>,
}

impl Which {
    fn holds(&self, series: &StoredSeries) -> bool {
        let named = |list: &[String], name: Option<&String>| {
            list.is_empty() || name.is_some_and(|name| list.contains(name))
        };
        named(&self.models, series.model.as_ref())
            && named(&self.tasks, series.task.as_ref())
            && named(&self.metrics, Some(&series.metric))
    }
}

/// A series of the store.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSeries {
    /// The model; `None` where no file names it.
    pub model: Option<String>,
    /// Digest of every setting that separates two series.
    pub config: String,
    /// The metric's definition.
    pub metric_id: i64,
    /// What was asked.
    pub task: Option<String>,
    /// Canonical name of the metric.
    pub metric: String,
    /// `value`, `mean`, `p99`, …
    pub statistic: String,
    /// Filter, scorer or split; empty without one.
    pub qualifier: String,
    /// Its unit.
    pub unit: Option<String>,
    /// Which way is better; `None` = not known.
    pub direction: Option<Direction>,
    /// What sort of thing it measures.
    pub kind: Option<Kind>,
    /// The workload in words.
    pub workload: String,
    /// The values, oldest first; runs of one time, or without one, in the order of import.
    pub points: Vec<StoredPoint>,
    /// The acknowledged changes: first run of the new level, and the note.
    pub acknowledged: Vec<(i64, String)>,
}

/// A value of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPoint {
    /// The run.
    pub run: i64,
    /// Its time in milliseconds UTC; `None` where no file tells it.
    pub at: Option<i64>,
    /// The same as it is shown.
    pub time: Option<String>,
    /// The value; `None` where it is missing.
    pub value: Option<f64>,
    /// Its standard error.
    pub stderr: Option<f64>,
}

/// An acknowledged change, as it is noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement<'a> {
    /// The first run of the new level.
    pub run: i64,
    /// Of this task only.
    pub task: Option<&'a str>,
    /// Of this metric only.
    pub metric: Option<&'a str>,
    /// Why it is accepted.
    pub note: &'a str,
}

impl Reader {
    /// The series of all complete runs, sorted by model, task, metric and configuration. Standard
    /// deviations, which are no values of their own, are left out.
    ///
    /// # Errors
    /// When the store fails.
    pub fn series(&self, which: &Which) -> Result<Vec<StoredSeries>, StoreError> {
        let sql = "SELECT model, config, metric_id, task, metric, statistic, qualifier, unit, direction, kind, workload,
               run_id, nullif(at, 0), time, value, stderr
             FROM results
             WHERE status = 'complete' AND statistic <> 'std'
               AND (?1 IS NULL OR model IN (SELECT value FROM json_each(?1)))
               AND (?2 IS NULL OR metric_id IN (SELECT id FROM metrics WHERE name IN (SELECT value FROM json_each(?2))))
             ORDER BY model, task, metric, statistic, qualifier, metric_id, config, at, run_id";
        let list =
            |names: &[String]| (!names.is_empty()).then(|| serde_json::json!(names).to_string());
        let mut statement = self.connection().prepare(sql)?;
        let mut rows = statement.query(params![list(&which.models), list(&which.metrics)])?;
        let mut found: Vec<StoredSeries> = Vec::new();
        while let Some(row) = rows.next()? {
            let (model, config, metric_id): (Option<String>, String, i64) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let is_same = |last: &&mut StoredSeries| {
                last.metric_id == metric_id && last.config == config && last.model == model
            };
            let point = point(row)?;
            match found.last_mut().filter(is_same) {
                Some(series) => series.points.push(point),
                None => found.push(series(row, model, config, metric_id, point)?),
            }
        }
        found.retain(|series| which.holds(series));
        self.acknowledge_all(&mut found)?;
        Ok(found)
    }

    fn acknowledge_all(&self, found: &mut [StoredSeries]) -> Result<(), StoreError> {
        let sql = "SELECT run_id, task, metric, note FROM acknowledgements ORDER BY id";
        let mut statement = self.connection().prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (run, note): (i64, String) = (row.get(0)?, row.get(3)?);
            let (task, metric): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
            let is_meant = |series: &&mut StoredSeries| {
                (task.is_none() || task == series.task)
                    && metric
                        .as_ref()
                        .is_none_or(|metric| *metric == series.metric)
                    && series.points.iter().any(|point| point.run == run)
            };
            for series in found.iter_mut().filter(is_meant) {
                series.acknowledged.push((run, note.clone()));
            }
        }
        Ok(())
    }

    /// The values by question behind the value of a series in a run, where they are stored.
    ///
    /// # Errors
    /// When the store fails.
    pub fn answers(&self, series: &StoredSeries, run: i64) -> Result<Option<Vector>, StoreError> {
        self.vector_of(
            run,
            series.task.as_deref(),
            &series.metric,
            &series.qualifier,
        )
    }
}

fn point(row: &Row<'_>) -> rusqlite::Result<StoredPoint> {
    Ok(StoredPoint {
        run: row.get(11)?,
        at: row.get(12)?,
        time: row.get(13)?,
        value: row.get(14)?,
        stderr: row.get(15)?,
    })
}

fn series(
    row: &Row<'_>,
    model: Option<String>,
    config: String,
    metric_id: i64,
    first: StoredPoint,
) -> rusqlite::Result<StoredSeries> {
    let word = |at: usize| row.get::<_, Option<String>>(at);
    Ok(StoredSeries {
        model,
        config,
        metric_id,
        task: row.get(3)?,
        metric: row.get(4)?,
        statistic: row.get(5)?,
        qualifier: row.get(6)?,
        unit: row.get(7)?,
        direction: word(8)?.and_then(|word| word.parse().ok()),
        kind: word(9)?.and_then(|word| word.parse().ok()),
        workload: row.get(10)?,
        points: vec![first],
        acknowledged: Vec::new(),
    })
}

impl Store {
    /// Notes a change as accepted; `now` in milliseconds UTC. Returns the number of the note.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] for a run that is not there, [`StoreError::Data`] where the run has no
    /// value of that task and metric.
    pub fn acknowledge(
        &mut self,
        change: &Acknowledgement<'_>,
        now: i64,
    ) -> Result<i64, StoreError> {
        let has_run = "SELECT 1 FROM runs WHERE id = ?";
        let found: Option<i64> = self
            .conn
            .query_row(has_run, [change.run], |row| row.get(0))
            .optional()?;
        if found.is_none() {
            return Err(StoreError::Unknown {
                kind: "run",
                name: change.run.to_string(),
                near: None,
            });
        }
        let values: i64 = self.conn.query_row(
            "SELECT count(*) FROM measurements m JOIN metrics d ON d.id = m.metric_id
             WHERE m.run_id = ?1 AND (?2 IS NULL OR d.task = ?2) AND (?3 IS NULL OR d.name = ?3)",
            params![change.run, change.task, change.metric],
            |row| row.get(0),
        )?;
        if values == 0 {
            let of = change.metric.or(change.task).unwrap_or("anything");
            return Err(StoreError::Data {
                reason: format!("run {} has no value of `{of}`", change.run),
            });
        }
        self.conn.execute(
            "INSERT INTO acknowledgements (run_id, task, metric, note, noted_at) VALUES (?, ?, ?, ?, ?)",
            params![change.run, change.task, change.metric, change.note, now],
        )?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Takes the note of an accepted change back.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such note.
    pub fn forget(&mut self, note: i64) -> Result<(), StoreError> {
        match self
            .conn
            .execute("DELETE FROM acknowledgements WHERE id = ?", [note])?
        {
            0 => Err(StoreError::Unknown {
                kind: "acknowledgement",
                name: note.to_string(),
                near: None,
            }),
            _ => Ok(()),
        }
    }
}
