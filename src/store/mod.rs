//! Floor 1, the store: one SQLite file of models, runs, metrics and measurements. The only home of
//! rusqlite, and the only Rust folder with SQL text.
//!
//! Two ways in: [`Store`] is ours (imports, lists, corrections, always `BEGIN IMMEDIATE`), and
//! [`Reader`] is for statements of the user's, which all go through one guard. Knows nothing of files
//! of results, charts or the command line.

mod bulk;
mod edit;
mod error;
mod frame;
mod functions;
mod groups;
mod guard;
mod health;
mod identity;
mod insert;
mod lists;
mod migrations;
mod reader;
mod schema;
mod scratch;
mod series;
mod sides;
mod value;
mod write;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

pub use edit::MetricChange;
pub use error::StoreError;
pub use frame::FrameBuilder;
pub use functions::{Described, functions};
pub use groups::{Group, OF_METRIC};
pub use health::{Finding, backup, digest, health};
pub use identity::content_hash;
pub use lists::{List, Part, Unjoined};
pub use migrations::{MIGRATIONS, newest};
pub use reader::{Offered, Reader, Stop};
pub use schema::{Column, View, views};
pub use series::{Acknowledgement, StoredPoint, StoredSeries, Which};
pub use sides::{Measured, Vector};
pub use write::{Importing, Source, Written};

/// How long a writer waits for another.
const BUSY: Duration = Duration::from_secs(30);

/// Pages kept in memory by a writer, in KiB as SQLite wants it: the index of a million measurements,
/// into which rows go in no order, stays in it instead of being written again and again.
const CACHE: i64 = -48 * 1024;

/// A store opened for reading and writing.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens a store, makes it when there is none, and brings it to the newest version.
    ///
    /// # Errors
    /// [`StoreError::NotAStore`] for somebody else's file, [`StoreError::Newer`] for a store of a
    /// newer program: both are left untouched.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )
    }

    /// Opens a store that must exist, and brings it to the newest version.
    ///
    /// # Errors
    /// [`StoreError::Missing`], and those of [`Store::create`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing {
                path: path.to_owned(),
            });
        }
        Self::open_with(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Removes a store in which no file was ever stored. It is locked while it is looked at, so that
    /// an import of another process is either seen or finds no store and makes its own.
    ///
    /// # Errors
    /// Those of [`Store::open`], and when another process holds the store.
    pub fn remove_if_empty(path: &Path) -> Result<(), StoreError> {
        let mut store = Self::open(path)?;
        store
            .conn
            .pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        let tx = store
            .conn
            .transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)?;
        let used: bool = tx.query_row(
            "SELECT EXISTS (SELECT 1 FROM sources) OR EXISTS (SELECT 1 FROM models)",
            [],
            |row| row.get(0),
        )?;
        if !used {
            for ending in ["", "-wal", "-shm"] {
                let mut file = path.as_os_str().to_owned();
                file.push(ending);
                // There may be none.
                let _ = std::fs::remove_file(file);
            }
        }
        drop(tx);
        Ok(())
    }

    /// A store in memory, gone when it is dropped.
    ///
    /// # Errors
    /// Only when memory runs out.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::open_with(Path::new(":memory:"), OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    fn open_with(path: &Path, flags: OpenFlags) -> Result<Self, StoreError> {
        let mut conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        conn.busy_timeout(BUSY)?;
        let not_a_store = || StoreError::NotAStore {
            path: path.to_owned(),
        };
        // Look before anything is written: a foreign file must stay as it is, byte for byte.
        match migrations::state(&conn) {
            Ok(migrations::State::Foreign) => return Err(not_a_store()),
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
                return Err(not_a_store());
            }
            Ok(migrations::State::Version(found)) if found > newest() => {
                return Err(StoreError::Newer {
                    path: path.to_owned(),
                    found,
                    known: newest(),
                });
            }
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        conn.pragma_update(None, "journal_mode", "WAL")?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "cache_size", CACHE)?;
        conn.pragma_update(None, "foreign_keys", true)?;
        // A pragma that is not understood is not an error in SQLite; undo rests on this one.
        let on: bool = conn.query_row("PRAGMA foreign_keys", [], |row| row.get(0))?;
        if !on {
            return Err(StoreError::Data {
                reason: "this SQLite does not enforce foreign keys".to_owned(),
            });
        }
        functions::register(&conn)?;
        migrations::bring_up(&mut conn, path, MIGRATIONS)?;
        Ok(Self {
            conn,
            path: path.to_owned(),
        })
    }

    /// The connection alone.
    fn into_connection(self) -> Connection {
        self.conn
    }

    /// Where the store is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
