//! The versions of the store: an embedded list of `migrations/*.sql`, the version kept in
//! `user_version`. Forward only; a landed file never changes. To add one: the file, and a line here.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use super::StoreError;

/// Marks a SQLite file as a store of this program (`file` and hex dumps show `trdf`).
pub(super) const APPLICATION_ID: i64 = 0x7472_6466;

/// Every migration in order: file name and text.
pub const MIGRATIONS: &[(&str, &str)] = &[
    (
        "0001_store.sql",
        include_str!("../../migrations/0001_store.sql"),
    ),
    (
        "0002_acknowledgements.sql",
        include_str!("../../migrations/0002_acknowledgements.sql"),
    ),
    (
        "0003_runs_by_label.sql",
        include_str!("../../migrations/0003_runs_by_label.sql"),
    ),
];

const VIEWS: &str = include_str!("views.sql");

/// The newest version this program knows.
pub fn newest() -> i64 {
    MIGRATIONS.len() as i64
}

/// What kind of file a connection looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// A file without a single table.
    Empty,
    /// A store of this version.
    Version(i64),
    /// Somebody else's file.
    Foreign,
}

pub(super) fn state(conn: &Connection) -> rusqlite::Result<State> {
    let id: i64 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if id == APPLICATION_ID {
        let version = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        return Ok(State::Version(version));
    }
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(if tables == 0 && id == 0 {
        State::Empty
    } else {
        State::Foreign
    })
}

/// Brings a store, or an empty file, to the newest version and makes the views anew.
///
/// An older store is first copied to `FILE.v<version>` beside it.
pub(super) fn bring_up(
    conn: &mut Connection,
    path: &Path,
    list: &[(&str, &str)],
) -> Result<(), StoreError> {
    let to = list.len() as i64;
    let from = match state(conn)? {
        State::Version(version) if version == to => return Ok(()),
        State::Version(version) if version > to => {
            return Err(StoreError::Newer {
                path: path.to_owned(),
                found: version,
                known: to,
            });
        }
        State::Version(version) => version,
        State::Empty => 0,
        State::Foreign => {
            return Err(StoreError::NotAStore {
                path: path.to_owned(),
            });
        }
    };
    if from > 0 {
        keep_old(conn, path, from)?;
    }
    if state(conn)? == State::Empty {
        conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    conn.set_transaction_behavior(TransactionBehavior::Immediate);
    match migrations(list).to_latest(conn) {
        Ok(()) => Ok(()),
        // Another process was faster.
        Err(_) if state(conn)? == State::Version(to) => Ok(()),
        Err(source) => Err(StoreError::Migration {
            path: path.to_owned(),
            from,
            to,
            source: Box::new(source),
        }),
    }
}

/// The list for the runner; the last one also makes the views, in the same transaction.
fn migrations<'a>(list: &[(&str, &'a str)]) -> Migrations<'a> {
    let last = list.len().saturating_sub(1);
    let steps = list.iter().enumerate().map(|(i, (_, sql))| {
        if i == last {
            M::up_with_hook(sql, |tx: &Transaction<'_>| Ok(tx.execute_batch(VIEWS)?))
                .foreign_key_check()
        } else {
            M::up(sql).foreign_key_check()
        }
    });
    Migrations::new(steps.collect())
}

fn keep_old(conn: &Connection, path: &Path, version: i64) -> Result<(), StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".v{version}"));
    if !Path::new(&name).exists() {
        conn.backup("main", Path::new(&name), None)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_list_is_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        assert_eq!(files, MIGRATIONS.iter().map(|m| m.0).collect::<Vec<_>>());
    }

    #[test]
    fn an_older_store_is_kept_beside_the_migrated_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.db");
        let mut conn = Connection::open(&path).unwrap();
        super::super::functions::register(&conn).unwrap();
        bring_up(&mut conn, &path, MIGRATIONS).unwrap();
        conn.execute("INSERT INTO models (name) VALUES ('m')", [])
            .unwrap();
        let mut longer = MIGRATIONS.to_vec();
        longer.push(("x.sql", "ALTER TABLE models ADD COLUMN vendor TEXT;"));
        bring_up(&mut conn, &path, &longer).unwrap();
        let old = Connection::open(folder.path().join(format!("s.db.v{}", newest()))).unwrap();
        assert_eq!(state(&old).unwrap(), State::Version(newest()));
        let name: String = old
            .query_row("SELECT name FROM models", [], |r| r.get(0))
            .unwrap();
        assert_eq!(name, "m");
        assert_eq!(state(&conn).unwrap(), State::Version(longer.len() as i64));
    }

    #[test]
    fn a_failed_migration_leaves_the_store_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.db");
        let mut conn = Connection::open(&path).unwrap();
        super::super::functions::register(&conn).unwrap();
        bring_up(&mut conn, &path, MIGRATIONS).unwrap();
        let mut broken = MIGRATIONS.to_vec();
        broken.push((
            "x.sql",
            "ALTER TABLE models ADD COLUMN vendor TEXT; SELECT no_such_thing;",
        ));
        let error = bring_up(&mut conn, &path, &broken).unwrap_err();
        assert!(matches!(error, StoreError::Migration { .. }), "{error}");
        assert_eq!(state(&conn).unwrap(), State::Version(newest()));
    }
}
