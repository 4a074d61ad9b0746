//! What a comparison needs: the runs of a side, their values, what separates them, and the values and
//! runs behind a value.

use crate::catalog::{Direction, Kind, Value};

use super::functions::unpacked;
use super::{Reader, StoreError};

/// A value of a run, with everything that must agree before two are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The run.
    pub run: i64,
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
    /// Examples in the prompt.
    pub shots: Option<i64>,
    /// Version of the task.
    pub task_version: Option<String>,
    /// Which way is better; `None` = not known.
    pub direction: Option<Direction>,
    /// What sort of thing it measures.
    pub kind: Option<Kind>,
    /// The workload in words.
    pub workload: String,
    /// The value.
    pub value: f64,
    /// Its standard error.
    pub stderr: Option<f64>,
}

/// The values behind a measurement and which items they belong to.
pub type Vector = (Option<i64>, Vec<Option<f64>>);

impl Reader {
    /// The complete runs with a tag.
    ///
    /// # Errors
    /// When the store fails.
    pub fn runs_with_tag(&self, tag: &str) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT r.id FROM run_tags t JOIN runs r ON r.id = t.run_id WHERE t.tag = ? AND r.status = 'complete' ORDER BY r.id";
        self.ids(sql, tag)
    }

    /// The complete runs of a model.
    ///
    /// # Errors
    /// When the store fails.
    pub fn runs_of_model(&self, model: &str) -> Result<Vec<i64>, StoreError> {
        self.ids(
            "SELECT id FROM runs WHERE model = ? AND status = 'complete' ORDER BY id",
            model,
        )
    }

    fn ids(&self, sql: &str, bound: &str) -> Result<Vec<i64>, StoreError> {
        let mut statement = self.connection().prepare(sql)?;
        let ids = statement.query_map([bound], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// The values of some runs; standard deviations, which are no values of their own, are left out.
    ///
    /// # Errors
    /// When the store fails.
    pub fn measured(&self, runs: &[i64]) -> Result<Vec<Measured>, StoreError> {
        let sql = "SELECT run_id, config, metric_id, task, metric, statistic, qualifier, unit, shots, task_version,
               direction, kind, workload, value, stderr
             FROM results WHERE run_id = ? AND value IS NOT NULL AND statistic <> 'std' ORDER BY metric_id";
        let mut statement = self.connection().prepare(sql)?;
        let mut measured = Vec::new();
        for run in runs {
            let rows = statement.query_map([run], |row| {
                let word = |at: usize| row.get::<_, Option<String>>(at);
                Ok(Measured {
                    run: row.get(0)?,
                    config: row.get(1)?,
                    metric_id: row.get(2)?,
                    task: row.get(3)?,
                    metric: row.get(4)?,
                    statistic: row.get(5)?,
                    qualifier: row.get(6)?,
                    unit: row.get(7)?,
                    shots: row.get(8)?,
                    task_version: row.get(9)?,
                    direction: word(10)?.and_then(|word| word.parse().ok()),
                    kind: word(11)?.and_then(|word| word.parse().ok()),
                    workload: row.get(12)?,
                    value: row.get(13)?,
                    stderr: row.get(14)?,
                })
            })?;
            for row in rows {
                measured.push(row?);
            }
        }
        Ok(measured)
    }

    /// The settings of a run that separate two series, the model excepted: key and value, sorted.
    ///
    /// # Errors
    /// When the store fails.
    pub fn separating_settings(&self, run: i64) -> Result<Vec<(String, Value)>, StoreError> {
        let sql = "SELECT key, value FROM run_settings WHERE run_id = :run AND separates AND key <> 'model' ORDER BY key";
        let mut found = Vec::new();
        self.run(
            sql,
            &[("run".to_owned(), Value::Integer(run))],
            |_| Ok(()),
            |row| {
                if let [Value::Text(key), value] = row {
                    found.push((key.clone(), value.clone()));
                }
                Ok(true)
            },
        )?;
        Ok(found)
    }

    /// The values behind a run's value. `None` where none are stored.
    ///
    /// # Errors
    /// When the store fails.
    pub fn vector(&self, of: &Measured) -> Result<Option<Vector>, StoreError> {
        self.vector_of(of.run, of.task.as_deref(), &of.metric, &of.qualifier)
    }

    /// The values of the definition of single values with this task, name and qualifier.
    pub(super) fn vector_of(
        &self,
        run: i64,
        task: Option<&str>,
        metric: &str,
        qualifier: &str,
    ) -> Result<Option<Vector>, StoreError> {
        let sql = "SELECT x.item_set_id, x.data FROM samples x JOIN metrics d ON d.id = x.metric_id
             WHERE x.run_id = ?1 AND d.task IS ?2 AND d.name = ?3 AND d.qualifier = ?4 AND d.statistic = 'each' AND x.codec = 0
             ORDER BY x.metric_id, x.part";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query((run, task, metric, qualifier))?;
        let mut vector: Option<Vector> = None;
        while let Some(row) = rows.next()? {
            let (items, data): (Option<i64>, Vec<u8>) = (row.get(0)?, row.get(1)?);
            let (_, values) = vector.get_or_insert_with(|| (items, Vec::new()));
            values.extend(unpacked(&data));
        }
        Ok(vector)
    }

    /// The earlier and later values of the series of a value, oldest first, without those of `except`.
    ///
    /// # Errors
    /// When the store fails.
    pub fn history(&self, of: &Measured, except: &[i64]) -> Result<Vec<f64>, StoreError> {
        let sql = "SELECT r.id, m.value FROM runs x JOIN runs r ON r.model IS x.model AND r.config = x.config
             JOIN measurements m ON m.run_id = r.id AND m.metric_id = ?2
             WHERE x.id = ?1 AND r.status = 'complete' AND m.value IS NOT NULL ORDER BY r.at, r.id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map((of.run, of.metric_id), |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, f64>(1)?))
        })?;
        let mut values = Vec::new();
        for row in rows {
            let (run, value) = row?;
            if !except.contains(&run) {
                values.push(value);
            }
        }
        Ok(values)
    }
}
