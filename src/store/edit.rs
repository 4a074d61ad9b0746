//! Corrections and undo: delete what an import brought, decide which names are one model, say what a
//! metric means. Each is one transaction and ends with the prunes that keep the dictionaries clean.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::catalog::{Direction, Kind, nearest, unit};

use super::{Store, StoreError};

/// What a metric should mean from now on; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct MetricChange {
    /// Which way is better.
    pub direction: Option<Direction>,
    /// What it measures: quality, speed, latency, ….
    pub kind: Option<Kind>,
    /// The unit of values whose files give none.
    pub unit: Option<String>,
}

impl Store {
    fn edit<T>(
        &mut self,
        act: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let tx = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = act(&tx)?;
        prune(&tx)?;
        tx.commit()?;
        Ok(result)
    }

    /// Deletes runs with all their values; returns how many measurements went.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when one of them is not there; then none is deleted.
    pub fn delete_runs(&mut self, ids: &[i64]) -> Result<usize, StoreError> {
        self.edit(|tx| {
            let mut values = 0;
            for id in ids {
                values += count(
                    tx,
                    "SELECT count(*) FROM measurements WHERE run_id = ?",
                    *id,
                )?;
                if tx.execute("DELETE FROM runs WHERE id = ?", [id])? == 0 {
                    return Err(unknown("run", *id));
                }
            }
            Ok(values)
        })
    }

    /// Undoes imports: deletes sources and the runs no other source holds; returns how many runs went.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when one of them is not there; then none is deleted.
    pub fn delete_sources(&mut self, ids: &[i64]) -> Result<usize, StoreError> {
        self.edit(|tx| {
            let before =
                tx.query_row("SELECT count(*) FROM runs", [], |row| row.get::<_, i64>(0))?;
            for id in ids {
                if tx.execute("DELETE FROM sources WHERE id = ?", [id])? == 0 {
                    return Err(unknown("source", *id));
                }
            }
            let after =
                tx.query_row("SELECT count(*) FROM runs", [], |row| row.get::<_, i64>(0))?;
            Ok(usize::try_from(before - after).unwrap_or(0))
        })
    }

    /// Decides that a name as written stands for a model; its runs follow. Returns how many, and
    /// whether the model is a new one.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when no file wrote that name.
    pub fn alias(
        &mut self,
        name: &str,
        model: &str,
        now: i64,
    ) -> Result<(usize, bool), StoreError> {
        self.edit(|tx| {
            let known: Option<String> = tx
                .query_row("SELECT model_raw FROM model_aliases WHERE model_raw = ?", [name], |row| row.get(0))
                .optional()?;
            if known.is_none() {
                let names = column(tx, "SELECT DISTINCT model_raw FROM model_aliases")?;
                let near = nearest::nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
                return Err(StoreError::Unknown { kind: "model name", name: name.to_owned(), near });
            }
            let new = tx.execute("INSERT OR IGNORE INTO models (name) VALUES (?)", [model])? == 1;
            tx.execute(
                "INSERT INTO model_aliases (model_raw, revision, model, decided_by, decided_at) VALUES (?1, '', ?2, 'user', ?3)
                 ON CONFLICT (model_raw, revision) DO UPDATE SET model = ?2, decided_by = 'user', decided_at = ?3",
                params![name, model, now],
            )?;
            let runs = tx.execute("UPDATE runs SET model = ? WHERE model_raw = ?", [model, name])?;
            Ok((runs, new))
        })
    }

    /// Makes two models one: every name and run of `from` goes to `into`. Returns the names that moved.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such model, [`StoreError::Data`] when both are one.
    pub fn merge(&mut self, from: &str, into: &str, now: i64) -> Result<Vec<String>, StoreError> {
        if from == into {
            return Err(StoreError::Data {
                reason: format!("`{from}` and `{into}` are one model already"),
            });
        }
        self.edit(|tx| {
            known_model(tx, from)?;
            known_model(tx, into)?;
            let mut statement = tx.prepare("SELECT model_raw FROM model_aliases WHERE model = ? ORDER BY model_raw")?;
            let names: Vec<String> = statement.query_map([from], |row| row.get(0))?.collect::<Result<_, _>>()?;
            drop(statement);
            tx.execute(
                "UPDATE model_aliases SET model = ?2, decided_by = 'user', decided_at = ?3 WHERE model = ?1",
                params![from, into, now],
            )?;
            tx.execute("UPDATE runs SET model = ?2 WHERE model = ?1", [from, into])?;
            tx.execute(
                "UPDATE models SET params = coalesce(params, (SELECT params FROM models WHERE name = ?1)) WHERE name = ?2",
                [from, into],
            )?;
            Ok(names)
        })
    }

    /// Gives a model another name; its names as written and its runs follow.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such model, [`StoreError::Data`] when the new name is taken.
    pub fn rename_model(&mut self, old: &str, new: &str) -> Result<(), StoreError> {
        self.edit(|tx| {
            known_model(tx, old)?;
            let taken: bool = tx.query_row(
                "SELECT EXISTS (SELECT 1 FROM models WHERE name = ?)",
                [new],
                |row| row.get(0),
            )?;
            if taken {
                return Err(StoreError::Data {
                    reason: format!(
                        "there is a model `{new}` already, `models merge` makes two one"
                    ),
                });
            }
            // The runs and the names follow by ON UPDATE CASCADE.
            tx.execute("UPDATE models SET name = ?2 WHERE name = ?1", [old, new])?;
            tx.execute(
                "UPDATE model_aliases SET decided_by = 'user' WHERE model = ?",
                [new],
            )?;
            Ok(())
        })
    }

    /// Puts a tag on runs, or takes it off; returns how many changed.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when one of the runs is not there; then none is tagged.
    pub fn tag(&mut self, tag: &str, runs: &[i64], on: bool) -> Result<usize, StoreError> {
        self.edit(|tx| {
            let mut changed = 0;
            for run in runs {
                let known: bool = tx.query_row(
                    "SELECT EXISTS (SELECT 1 FROM runs WHERE id = ?)",
                    [run],
                    |row| row.get(0),
                )?;
                if !known {
                    return Err(unknown("run", *run));
                }
                let sql = if on {
                    "INSERT OR IGNORE INTO run_tags (run_id, tag) VALUES (?, ?)"
                } else {
                    "DELETE FROM run_tags WHERE run_id = ? AND tag = ?"
                };
                changed += tx.execute(sql, params![run, tag])?;
            }
            Ok(changed)
        })
    }

    /// Says what a metric means, for every definition of that canonical name; returns how many.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when no metric has that name, [`StoreError::Data`] for a unit nobody
    /// knows how to convert.
    pub fn set_metric(&mut self, name: &str, change: &MetricChange) -> Result<usize, StoreError> {
        let unit = change.unit.as_deref().map(|written| {
            unit::find(written).ok_or_else(|| StoreError::Data {
                reason: format!("the unit `{written}` is not known"),
            })
        });
        let unit = unit.transpose()?;
        self.edit(|tx| {
            let known = column(tx, "SELECT DISTINCT name FROM metrics")?;
            if !known.iter().any(|k| k == name) {
                let near = nearest::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
                return Err(StoreError::Unknown { kind: "metric", name: name.to_owned(), near });
            }
            let mut changed = 0;
            if let Some(direction) = change.direction {
                changed = tx.execute(
                    "UPDATE metrics SET direction = ?, decided_by = 'user' WHERE name = ? AND statistic <> 'std'",
                    [direction.as_str(), name],
                )?;
            }
            if let Some(kind) = change.kind {
                changed =
                    tx.execute("UPDATE metrics SET kind = ?, decided_by = 'user' WHERE name = ?", [kind.as_str(), name])?;
            }
            if let Some(unit) = unit {
                changed = tx.execute(
                    "UPDATE metrics SET base_unit = ?, factor = ?, kind = coalesce(kind, ?), decided_by = 'user'
                     WHERE name = ? AND unit IS NULL",
                    params![unit.base, unit.factor, unit.kind.as_str(), name],
                )?;
                if changed == 0 {
                    let reason = format!("every `{name}` has a unit in its file, and a unit as written is not changed");
                    return Err(StoreError::Data { reason });
                }
            }
            Ok(changed)
        })
    }
}

fn known_model(conn: &Connection, name: &str) -> Result<(), StoreError> {
    let names = column(conn, "SELECT name FROM models")?;
    if names.iter().any(|known| known == name) {
        return Ok(());
    }
    let near = nearest::nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
    Err(StoreError::Unknown {
        kind: "model",
        name: name.to_owned(),
        near,
    })
}

fn unknown(kind: &'static str, id: i64) -> StoreError {
    StoreError::Unknown {
        kind,
        name: id.to_string(),
        near: None,
    }
}

fn count(conn: &Connection, sql: &str, id: i64) -> Result<usize, StoreError> {
    let n: i64 = conn.query_row(sql, [id], |row| row.get(0))?;
    Ok(usize::try_from(n).unwrap_or(0))
}

fn column(conn: &Connection, sql: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes away what nothing refers to any more and no user decided about.
fn prune(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch(
        "DELETE FROM model_aliases WHERE decided_by = 'import' AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.model_raw = model_aliases.model_raw);
         DELETE FROM models WHERE NOT EXISTS (SELECT 1 FROM runs r WHERE r.model = models.name)
           AND NOT EXISTS (SELECT 1 FROM model_aliases a WHERE a.model = models.name);
         DELETE FROM metrics WHERE decided_by = 'import'
           AND NOT EXISTS (SELECT 1 FROM measurements m WHERE m.metric_id = metrics.id)
           AND NOT EXISTS (SELECT 1 FROM samples x WHERE x.metric_id = metrics.id);
         DELETE FROM item_sets WHERE NOT EXISTS (SELECT 1 FROM samples x WHERE x.item_set_id = item_sets.id);",
    )?;
    Ok(())
}
