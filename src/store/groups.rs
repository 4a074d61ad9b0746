//! All values of the store by group: one walk over the measurements, whose two integers are turned
//! into a group by a table look-up each, instead of a sort of rows with all their names.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::catalog::Value;

use super::{Reader, StoreError, value};

/// What a group has in common, beside the columns asked for.
pub const OF_METRIC: [&str; 5] = ["task", "metric", "statistic", "qualifier", "unit"];

/// The columns of `runs` that groups may be made by.
const OF_RUN: [&str; 19] = [
    "model",
    "revision",
    "quantization",
    "dtype",
    "label",
    "tool",
    "tool_version",
    "engine",
    "engine_version",
    "hardware",
    "devices",
    "tp",
    "input_len",
    "output_len",
    "depth",
    "batch",
    "concurrency",
    "request_rate",
    "dataset",
];

/// The values of one group.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What they have in common: the columns asked for, then those of [`OF_METRIC`].
    pub key: Vec<Value>,
    /// The values, in no order.
    pub values: Vec<f64>,
}

impl Reader {
    /// Every value of every run, by the given columns of the run and by metric; standard deviations,
    /// which are no values of their own, are left out. Sorted by key.
    ///
    /// # Errors
    /// [`StoreError::Data`] for a column that runs do not have.
    pub fn groups(&self, by: &[&str]) -> Result<Vec<Group>, StoreError> {
        if let Some(unknown) = by.iter().find(|column| !OF_RUN.contains(column)) {
            return Err(StoreError::Data {
                reason: format!(
                    "groups cannot be made by `{unknown}`, but by {}",
                    OF_RUN.join(", ")
                ),
            });
        }
        let conn = self.connection();
        let columns = by.join(", ");
        let columns = if columns.is_empty() {
            "1".to_owned()
        } else {
            columns
        };
        let runs = Keys::read(conn, &format!("SELECT id, {columns} FROM runs"), by.len())?;
        let metrics = Keys::read(
            conn,
            "SELECT id, task, name, statistic, nullif(qualifier, ''), coalesce(unit, base_unit) FROM metrics WHERE statistic <> 'std'",
            OF_METRIC.len(),
        )?;
        let width = metrics.keys.len();
        let mut values: Vec<Vec<f64>> = vec![Vec::new(); runs.keys.len() * width];
        let mut statement = conn
            .prepare("SELECT run_id, metric_id, value FROM measurements WHERE value IS NOT NULL")?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let (run, metric) = (runs.of(row.get(0)?), metrics.of(row.get(1)?));
            if let (Some(run), Some(metric)) = (run, metric)
                && let Some(group) = values.get_mut(run * width + metric)
            {
                group.push(row.get(2)?);
            }
        }
        let mut groups: Vec<Group> = values
            .into_iter()
            .enumerate()
            .filter(|(_, values)| !values.is_empty())
            .map(|(at, values)| Group {
                key: [
                    runs.keys.get(at / width).cloned().unwrap_or_default(),
                    metrics.keys.get(at % width).cloned().unwrap_or_default(),
                ]
                .concat(),
                values,
            })
            .collect();
        groups.sort_by(|a, b| order(&a.key).cmp(&order(&b.key)));
        Ok(groups)
    }
}

/// Text sorts as text and numbers by their value.
fn order(key: &[Value]) -> Vec<(Option<i64>, Option<&str>)> {
    let one = |value: &Value| match value {
        Value::Integer(i) => Some(*i),
        // Rates are small numbers; a thousandth tells two of them apart.
        Value::Real(x) => Some((x * 1e3) as i64),
        _ => None,
    };
    let cells = key.iter().map(|value| match value {
        Value::Text(text) => (None, Some(text.as_str())),
        value => (one(value), None),
    });
    cells.collect()
}

/// Ids and the group each belongs to.
struct Keys {
    keys: Vec<Vec<Value>>,
    /// By id: ids are small and dense.
    groups: Vec<Option<u32>>,
}

impl Keys {
    fn read(conn: &Connection, sql: &str, width: usize) -> Result<Self, StoreError> {
        let mut found = Self {
            keys: Vec::new(),
            groups: Vec::new(),
        };
        let mut index: HashMap<String, u32> = HashMap::new();
        let mut statement = conn.prepare(sql)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            let mut key = Vec::with_capacity(width);
            for column in 1..=width {
                key.push(value::of(row.get_ref(column)?));
            }
            let next = found.keys.len() as u32;
            let group = *index.entry(format!("{key:?}")).or_insert(next);
            if group == next {
                found.keys.push(key);
            }
            let Ok(at) = usize::try_from(id) else {
                continue;
            };
            if found.groups.len() <= at {
                found.groups.resize(at + 1, None);
            }
            if let Some(place) = found.groups.get_mut(at) {
                *place = Some(group);
            }
        }
        Ok(found)
    }

    fn of(&self, id: i64) -> Option<usize> {
        let at = usize::try_from(id).ok()?;
        self.groups
            .get(at)
            .copied()
            .flatten()
            .map(|group| group as usize)
    }
}
