//! Imports: one transaction for many files, each of which is stored whole or not at all. A savepoint a
//! file would do that too, and cost more than the rows: SQLite copies every page that is touched in one.
//! A file is known by its content, a run by its fingerprint: the same twice changes nothing.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use crate::catalog::{Batch, Run};

use super::identity::{self, Keys, MetricKey};
use super::insert::{Ids, Named};
use super::{CACHE, Store, StoreError, bulk};

/// A file about to be stored.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    /// Its path as given, for showing.
    pub path: &'a str,
    /// The digest of its content, by [`super::content_hash`].
    pub sha256: &'a str,
    /// How large it is, in bytes.
    pub bytes: u64,
    /// The name of its format.
    pub format: &'a str,
    /// What the user added to it, as a JSON object.
    pub options: &'a str,
}

/// What storing a file did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Whether the very same file was stored before; then nothing was changed.
    pub unchanged: bool,
    /// Runs the file holds.
    pub runs: usize,
    /// Measurements the file holds.
    pub measurements: usize,
    /// Runs of it that another file had brought already.
    pub known: usize,
    /// Runs of it that were deleted since it was stored.
    pub deleted: usize,
}

/// An import in progress; dropped without [`Importing::commit`], it leaves nothing behind.
pub struct Importing<'s> {
    pub(super) tx: Transaction<'s>,
    pub(super) now: i64,
    version: &'static str,
    pub(super) metrics: HashMap<(&'static str, MetricKey), i64>,
    /// The models that names and revisions of this import stand for.
    pub(super) models: HashMap<(String, String), Named>,
    /// Measurements that were here before.
    pub(super) stored: usize,
    /// Measurements of the files of this import.
    pub(super) brought: usize,
    /// How the index of the measurements by metric is defined, while it is away.
    pub(super) index: Option<String>,
    torn: bool,
}

/// What is to be done about a run of a file.
enum Planned {
    /// It is here already, under this id.
    Known(i64),
    /// It stands in this file before, at this place.
    Twin(usize),
    /// It is new.
    New {
        fingerprint: String,
        digest: String,
        shape: String,
    },
}

/// A metric of which a run holds two values.
fn twice(run: &Run) -> Option<u32> {
    let mut metrics: Vec<u32> = run.measurements.iter().map(|m| m.metric).collect();
    metrics.sort_unstable();
    let pair = metrics
        .windows(2)
        .find(|pair| pair.first() == pair.last())?;
    pair.first().copied()
}

impl Store {
    /// Begins an import; `now` in milliseconds UTC, `version` of this program.
    ///
    /// # Errors
    /// When another writer holds the store for longer than 30 s.
    pub fn importing(&self, now: i64, version: &'static str) -> Result<Importing<'_>, StoreError> {
        let tx = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)?;
        tx.pragma_update(None, "cache_size", CACHE)?;
        Ok(Importing {
            stored: bulk::stored(&tx)?,
            tx,
            now,
            version,
            metrics: HashMap::new(),
            models: HashMap::new(),
            brought: 0,
            index: None,
            torn: false,
        })
    }
}

impl Importing<'_> {
    /// Stores one file, whole or not at all.
    ///
    /// # Errors
    /// [`StoreError::Data`] when the file was stored before with other options, or holds a run that
    /// the store knows with other values.
    pub fn write(&mut self, source: &Source<'_>, batch: &Batch) -> Result<Written, StoreError> {
        if let Some(written) = self.known_source(source)? {
            return Ok(written);
        }
        let keys = Keys::of(&batch.metrics);
        // All that a file can be refused for is found before the first row of it is written.
        let planned = self.plan(source, batch, &keys)?;
        let written = self.write_new(source, batch, &keys, planned);
        self.torn |= written.is_err();
        written
    }

    /// Whether the writing of a file broke off, so that part of it is in the transaction: a full
    /// disk, for instance. Such an import can only be dropped.
    pub fn is_torn(&self) -> bool {
        self.torn
    }

    /// Makes everything written so far permanent.
    ///
    /// # Errors
    /// When the disk is full, for instance, and when the import is torn; then nothing of it is stored.
    pub fn commit(mut self) -> Result<(), StoreError> {
        if self.torn {
            return Err(StoreError::Data {
                reason: "a file could only be written in part, so nothing was kept".to_owned(),
            });
        }
        self.build_index()?;
        self.tx.commit()?;
        Ok(())
    }

    /// The written part of the answer for a file that is here already.
    fn known_source(&self, source: &Source<'_>) -> Result<Option<Written>, StoreError> {
        let found = self
            .tx
            .prepare_cached("SELECT id, options, runs, measurements FROM sources WHERE sha256 = ?")?
            .query_row([source.sha256], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, i64>(2)?,
                    row.get::<_, i64>(3)?,
                ))
            })
            .optional()?;
        let Some((id, options, runs, measurements)) = found else {
            return Ok(None);
        };
        if options != source.options {
            return Err(StoreError::Data {
                reason: format!(
                    "`{}` was imported before with other options ({options}) as source {id}; `sources delete {id}` first",
                    source.path
                ),
            });
        }
        let left: i64 = self.tx.query_row(
            "SELECT (SELECT count(*) FROM runs WHERE source_id = ?1) + (SELECT count(*) FROM duplicates WHERE source_id = ?1)",
            [id],
            |row| row.get(0),
        )?;
        Ok(Some(Written {
            unchanged: true,
            runs: runs as usize,
            measurements: measurements as usize,
            known: 0,
            deleted: usize::try_from(runs - left).unwrap_or(0),
        }))
    }

    /// What is to be done about each run: nothing is written yet.
    fn plan(
        &self,
        source: &Source<'_>,
        batch: &Batch,
        keys: &Keys,
    ) -> Result<Vec<Planned>, StoreError> {
        let mut seen: HashMap<String, u64> = HashMap::new();
        let mut places: HashMap<String, (usize, String)> = HashMap::new();
        let mut planned = Vec::with_capacity(batch.runs.len());
        for run in &batch.runs {
            if let Some(twice) = twice(run) {
                let name = batch
                    .metrics
                    .get(twice as usize)
                    .map(|m| m.name_raw.as_str());
                let name = name.unwrap_or("?");
                return Err(StoreError::Data {
                    reason: format!("`{}`: one run holds `{name}` twice", source.path),
                });
            }
            let (digest, shape) = identity::content(run, keys);
            let first = identity::fingerprint(batch, run, &digest, 0);
            let occurrence = seen.entry(first.clone()).or_default();
            let fingerprint = match *occurrence {
                0 => first,
                n => identity::fingerprint(batch, run, &digest, n),
            };
            *occurrence += 1;
            let twin = places.get(&fingerprint).cloned();
            planned.push(match (self.known_run(&fingerprint)?, twin) {
                (Some((run_id, known)), _) if known == digest => Planned::Known(run_id),
                (Some((run_id, _)), _) => return Err(self.conflict(source, run_id)?),
                (None, Some((place, known))) if known == digest => Planned::Twin(place),
                (None, Some((place, _))) => {
                    return Err(StoreError::Data {
                        reason: format!(
                            "`{}` holds its run {} again as run {} with other values",
                            source.path,
                            place + 1,
                            planned.len() + 1
                        ),
                    });
                }
                (None, None) => {
                    places.insert(fingerprint.clone(), (planned.len(), digest.clone()));
                    Planned::New {
                        fingerprint,
                        digest,
                        shape,
                    }
                }
            });
        }
        Ok(planned)
    }

    fn write_new(
        &mut self,
        source: &Source<'_>,
        batch: &Batch,
        keys: &Keys,
        planned: Vec<Planned>,
    ) -> Result<Written, StoreError> {
        self.prepare_for(batch.measurements())?;
        let source_id = self.insert_source(source, batch)?;
        let metrics = self.metric_ids(batch, keys)?;
        let mut written = Written {
            unchanged: false,
            runs: batch.runs.len(),
            measurements: batch.measurements(),
            known: 0,
            deleted: 0,
        };
        let mut ids: Vec<i64> = Vec::with_capacity(batch.runs.len());
        for ((ordinal, run), planned) in (0..).zip(&batch.runs).zip(planned) {
            let known = match planned {
                Planned::New {
                    fingerprint,
                    digest,
                    shape,
                } => {
                    let named = Ids {
                        source: source_id,
                        ordinal,
                        fingerprint,
                        digest,
                        shape,
                    };
                    let run_id = self.insert_run(&named, batch, run)?;
                    self.insert_measurements(run_id, run, &metrics)?;
                    self.insert_samples(source_id, run_id, &run.samples, &metrics)?;
                    ids.push(run_id);
                    continue;
                }
                Planned::Known(run_id) => run_id,
                Planned::Twin(place) => ids.get(place).copied().unwrap_or_default(),
            };
            let sql = "INSERT INTO duplicates (source_id, ordinal, run_id) VALUES (?, ?, ?)";
            let mut statement = self.tx.prepare_cached(sql)?;
            statement.execute(params![source_id, ordinal, known])?;
            written.known += 1;
            ids.push(known);
        }
        self.check(source_id, &written)?;
        Ok(written)
    }

    fn known_run(&self, fingerprint: &str) -> Result<Option<(i64, String)>, StoreError> {
        let mut statement = self
            .tx
            .prepare_cached("SELECT id, digest FROM runs WHERE fingerprint = ?")?;
        Ok(statement
            .query_row([fingerprint], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?)
    }

    fn conflict(&self, source: &Source<'_>, run_id: i64) -> Result<StoreError, StoreError> {
        let (model, path): (Option<String>, String) = self.tx.query_row(
            "SELECT r.model_raw, s.path FROM runs r JOIN sources s ON s.id = r.source_id WHERE r.id = ?",
            [run_id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(StoreError::Data {
            reason: format!(
                "`{}` holds run {run_id} of `{}` with other values than `{path}`, from which it was stored",
                source.path,
                model.as_deref().unwrap_or("an unnamed model"),
            ),
        })
    }

    fn insert_source(&self, source: &Source<'_>, batch: &Batch) -> Result<i64, StoreError> {
        self.tx
            .prepare_cached(
                "INSERT INTO sources (path, sha256, bytes, parts, format, tool, tool_version, options, runs, measurements, imported_at, importer)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                source.path,
                source.sha256,
                i64::try_from(source.bytes).unwrap_or(i64::MAX),
                identity::parts(&batch.parts),
                source.format,
                batch.tool,
                batch.tool_version,
                source.options,
                batch.runs.len() as i64,
                batch.measurements() as i64,
                self.now,
                self.version,
            ])?;
        let id = self.tx.last_insert_rowid();
        let mut note = self.tx.prepare_cached(
            "INSERT INTO import_notes (source_id, kind, place, reason) VALUES (?, ?, ?, ?)",
        )?;
        for n in &batch.notes {
            note.execute(params![id, n.kind.as_str(), n.place, n.reason])?;
        }
        let mut group = self
            .tx
            .prepare_cached("INSERT OR IGNORE INTO task_groups (task, member) VALUES (?, ?)")?;
        for (task, member) in &batch.groups {
            group.execute(params![task, member])?;
        }
        Ok(id)
    }

    /// Counts what the tables hold of a file against what was read from it.
    fn check(&self, source_id: i64, written: &Written) -> Result<(), StoreError> {
        let (runs, values): (i64, i64) = self.tx.prepare_cached(
            "SELECT (SELECT count(*) FROM runs WHERE source_id = ?1) + (SELECT count(*) FROM duplicates WHERE source_id = ?1),
                    (SELECT count(*) FROM measurements m JOIN runs r ON r.id = m.run_id WHERE r.source_id = ?1)
                  + (SELECT count(*) FROM measurements m JOIN duplicates d ON d.run_id = m.run_id WHERE d.source_id = ?1)",
        )?
        .query_row([source_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if (runs as usize, values as usize) == (written.runs, written.measurements) {
            return Ok(());
        }
        Err(StoreError::Data {
            reason: format!(
                "stored {runs} runs with {values} values where {} with {} were read; nothing was kept",
                written.runs, written.measurements
            ),
        })
    }
}
