//! Is the store well: integrity, versions, settings, sizes, and one digest over all it holds.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::catalog::Value;

use super::identity::Parts;
use super::{BUSY, Reader, StoreError, functions, migrations};

/// What there is to say about a store: what was looked at, what was found, and whether that is well.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What was looked at.
    pub what: String,
    /// What was found.
    pub found: Value,
    /// Whether it is as it should be.
    pub well: bool,
}

/// Every table in the order of the digest, with names instead of ids, so that two stores that were
/// filled in another order have one digest. Paths and import times are not content.
const CONTENT: &[&str] = &[
    "SELECT sha256, format, options, runs, measurements FROM sources ORDER BY sha256",
    "SELECT s.sha256, n.kind, n.place, n.reason FROM import_notes n JOIN sources s ON s.id = n.source_id ORDER BY 1, 2, 3, 4",
    "SELECT name, family, params, params_active, kind, note FROM models ORDER BY name",
    "SELECT model_raw, revision, model, decided_by FROM model_aliases ORDER BY model_raw, revision",
    "SELECT fingerprint, digest, config, shape, model, model_raw, model_from, revision, model_sha, model_bytes, quantization, dtype, label,
       status, status_reason, started_at, finished_at, time_precision, time_zone, time_from, tool, tool_version, tool_commit,
       engine, engine_version, engine_commit, hardware, devices, cpu, host, input_len, output_len, depth, batch, concurrency,
       request_rate, arrival, requests, tp, dataset, settings, details, note FROM runs ORDER BY fingerprint",
    "SELECT s.sha256, r.fingerprint FROM run_sources x JOIN sources s ON s.id = x.source_id JOIN runs r ON r.id = x.run_id ORDER BY 1, x.ordinal",
    "SELECT r.fingerprint, t.tag FROM run_tags t JOIN runs r ON r.id = t.run_id ORDER BY 1, 2",
    "SELECT r.fingerprint, a.task, a.metric, a.note FROM acknowledgements a JOIN runs r ON r.id = a.run_id ORDER BY 1, 2, 3, 4",
    "SELECT task, member FROM task_groups ORDER BY 1, 2",
    "SELECT r.fingerprint, d.format, d.task_raw, d.name_raw, d.qualifier, d.unit, d.shots, d.task_version, d.is_aggregate, d.task, d.name,
       d.statistic, d.kind, d.direction, d.base_unit, d.factor, m.value, m.stderr, m.spread, m.n, m.low, m.high, m.missing
     FROM measurements m JOIN metrics d ON d.id = m.metric_id JOIN runs r ON r.id = m.run_id ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9",
    "SELECT r.fingerprint, d.format, d.task_raw, d.name_raw, d.qualifier, d.unit, x.part, x.count, x.data, i.digest
     FROM samples x JOIN metrics d ON d.id = x.metric_id JOIN runs r ON r.id = x.run_id LEFT JOIN item_sets i ON i.id = x.item_set_id
     ORDER BY 1, 2, 3, 4, 5, 6, 7",
];

const TABLES: &[&str] = &[
    "sources",
    "import_notes",
    "models",
    "model_aliases",
    "runs",
    "duplicates",
    "run_tags",
    "acknowledgements",
    "metrics",
    "measurements",
    "item_sets",
    "samples",
];

/// Looks at a store without changing it.
///
/// # Errors
/// Those of [`Reader::open`], and when the file cannot be read.
pub fn health(path: &Path) -> Result<Vec<Finding>, StoreError> {
    let conn = plain(path)?;
    let mut findings = Vec::new();
    let mut say = |what: &str, found: Value, well: bool| {
        findings.push(Finding {
            what: what.to_owned(),
            found,
            well,
        })
    };
    let integrity = texts(&conn, "PRAGMA integrity_check(20)")?;
    say(
        "integrity",
        integrity.join("; ").into(),
        integrity == ["ok"],
    );
    let dangling = texts(
        &conn,
        "SELECT \"table\" || ' row ' || coalesce(rowid, '?') || ' refers to no ' || parent FROM pragma_foreign_key_check",
    )?;
    say(
        "foreign keys",
        if dangling.is_empty() {
            "ok".into()
        } else {
            dangling.join("; ").into()
        },
        dangling.is_empty(),
    );
    let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    say(
        "store version",
        version.into(),
        version == migrations::newest(),
    );
    say("SQLite", rusqlite::version().into(), true);
    for pragma in [
        "journal_mode",
        "page_size",
        "page_count",
        "freelist_count",
        "encoding",
    ] {
        let found = conn.query_row(&format!("PRAGMA {pragma}"), [], |row| {
            Ok(super::value::of(row.get_ref(0)?))
        })?;
        say(pragma, found, true);
    }
    for (name, ending) in [("file, bytes", ""), ("log, bytes", "-wal")] {
        let mut file = path.as_os_str().to_owned();
        file.push(ending);
        if let Ok(meta) = std::fs::metadata(Path::new(&file)) {
            say(
                name,
                Value::Integer(i64::try_from(meta.len()).unwrap_or(i64::MAX)),
                true,
            );
        }
    }
    for table in TABLES {
        let rows: i64 = conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
            row.get(0)
        })?;
        say(&format!("rows in {table}"), rows.into(), true);
    }
    for kind in ["rejected", "warning", "guess"] {
        let notes: i64 = conn.query_row(
            "SELECT count(*) FROM import_notes WHERE kind = ?",
            [kind],
            |row| row.get(0),
        )?;
        say(&format!("notes: {kind}"), notes.into(), true);
    }
    Ok(findings)
}

/// One digest over all a store holds, the same for the same content in whatever order it came.
///
/// # Errors
/// Those of [`Reader::open`], and when the file cannot be read.
pub fn digest(path: &Path) -> Result<String, StoreError> {
    let conn = plain(path)?;
    let mut parts = Parts::new("store 1");
    for sql in CONTENT {
        parts.text(sql);
        let mut statement = conn.prepare(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                match row.get_ref(column)? {
                    ValueRef::Null => parts.text("-"),
                    ValueRef::Integer(i) => parts.bytes(&i.to_le_bytes()),
                    ValueRef::Real(x) => parts.bytes(&x.to_bits().to_le_bytes()),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => parts.bytes(bytes),
                }
            }
        }
    }
    Ok(parts.hex(64))
}

/// Copies a store as it is at one moment, whoever else writes. The copy is complete or not there.
///
/// # Errors
/// Those of [`Reader::open`], [`StoreError::Data`] when the target exists, and when it cannot be written.
pub fn backup(path: &Path, target: &Path) -> Result<(), StoreError> {
    if target.exists() {
        return Err(StoreError::Data {
            reason: format!(
                "`{}` exists, a backup does not replace it",
                target.display()
            ),
        });
    }
    let conn = plain(path)?;
    let mut part = target.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    let copied = conn
        .backup("main", part, None)
        .map_err(StoreError::from)
        .and_then(|()| {
            std::fs::File::open(part)?.sync_all()?;
            Ok(std::fs::rename(part, target)?)
        });
    if copied.is_err() {
        // What could not be finished must not look like a backup.
        let _ = std::fs::remove_file(part);
    }
    copied
}

/// A connection that reads, without the guard: the statements are ours.
fn plain(path: &Path) -> Result<Connection, StoreError> {
    // Everything a reader refuses is refused here too.
    Reader::open(path)?;
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    conn.busy_timeout(BUSY)?;
    functions::register(&conn)?;
    Ok(conn)
}

fn texts(conn: &Connection, sql: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
