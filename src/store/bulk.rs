//! Large imports: the index of the measurements by metric is taken away as soon as an import brings more
//! values than the store held before, and built again, sorted, before the commit. A run has one value
//! of each metric, so its rows go to as many places of that index as it has values: finding them takes
//! longer than the rows themselves. All of it is part of the import's transaction: whatever breaks
//! off, other readers and the next writer find the index as it was.

use rusqlite::Connection;

use super::StoreError;
use super::write::Importing;

/// Pages kept in memory while the index is away, in KiB as SQLite wants it: the tables grow at their
/// ends only. SQLite sorts in pieces of that size too, and a small one leaves room for the file.
const CACHE: i64 = -8 * 1024;

/// Values below which an index is not worth taking away.
const FEW: usize = 10_000;

/// How many measurements the files of a store brought.
pub(super) fn stored(conn: &Connection) -> Result<usize, StoreError> {
    let sql = "SELECT coalesce(sum(measurements), 0) FROM sources";
    let sum: i64 = conn.query_row(sql, [], |row| row.get(0))?;
    Ok(usize::try_from(sum).unwrap_or(usize::MAX))
}

impl Importing<'_> {
    /// Counts the values of a file about to be written, and takes the index away when they are many.
    pub(super) fn prepare_for(&mut self, values: usize) -> Result<(), StoreError> {
        self.brought += values;
        if self.index.is_some() || self.brought <= self.stored.max(FEW) {
            return Ok(());
        }
        let sql =
            "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = 'measurements_metric'";
        let definition: String = self.tx.query_row(sql, [], |row| row.get(0))?;
        self.tx.execute_batch("DROP INDEX measurements_metric")?;
        self.tx.pragma_update(None, "cache_size", CACHE)?;
        self.index = Some(definition);
        Ok(())
    }

    /// Builds the index as it was defined, when it is away.
    pub(super) fn build_index(&mut self) -> Result<(), StoreError> {
        if let Some(definition) = self.index.take() {
            self.tx.execute_batch(&definition)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Source, Store};
    use super::*;
    use crate::catalog::{Batch, Identity, Measurement, Metric, Run};

    /// Two runs of so many metrics: values alone, and values with a standard error or a reason for
    /// having none among them.
    fn batch(name: &str, values: u32) -> Batch {
        let mut batch = Batch::new("table");
        for kind in ["plain", "detailed"] {
            let measurements = (0..values).map(|i| {
                let metric = batch.metric(Metric::new(format!("metric {}", values - i)));
                let plain = Measurement::new(metric, f64::from(i) / 8.0);
                match (kind, i % 7) {
                    ("plain", _) => plain,
                    (_, 6) => Measurement::missing(metric, "not run"),
                    _ => plain.with_stderr((i % 3 == 0).then_some(0.5)),
                }
            });
            let run = Run {
                identity: Identity::Key(vec![name.to_owned(), kind.to_owned()]),
                label: Some(kind.to_owned()),
                measurements: measurements.collect(),
                ..Run::default()
            };
            batch.runs.push(run);
        }
        batch
    }

    fn write(importing: &mut Importing<'_>, name: &str, values: u32) {
        let sha256 = format!("{name:0>64}");
        let source = Source {
            path: name,
            sha256: &sha256,
            bytes: 1,
            format: "table",
            options: "{}",
        };
        importing.write(&source, &batch(name, values)).unwrap();
    }

    fn store(files: &[(&str, u32)]) -> Store {
        let store = Store::in_memory().unwrap();
        let mut importing = store.importing(0, "0").unwrap();
        for (name, values) in files {
            write(&mut importing, name, *values);
        }
        importing.commit().unwrap();
        store
    }

    fn texts(store: &Store, sql: &str) -> Vec<String> {
        let mut statement = store.conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    const DEFINITION: &str =
        "SELECT sql FROM sqlite_schema WHERE name = 'measurements_metric' AND type = 'index'";
    const ROWS: &str =
        "SELECT concat_ws(' ', r.label, d.name_raw, m.value, m.stderr, m.missing) FROM measurements m
        JOIN metrics d ON d.id = m.metric_id JOIN runs r ON r.id = m.run_id ORDER BY 1";

    #[test]
    fn the_index_is_the_same_and_complete_after_a_large_import() {
        let untouched = texts(&Store::in_memory().unwrap(), DEFINITION);
        let store = store(&[("a", 10), ("b", 5_000), ("c", 20)]);
        assert_eq!(untouched.len(), 1);
        assert_eq!(texts(&store, DEFINITION), untouched);
        assert_eq!(texts(&store, "PRAGMA integrity_check"), ["ok"]);
        let by_index = "SELECT count(*) || '' FROM measurements INDEXED BY measurements_metric WHERE metric_id > 0";
        assert_eq!(texts(&store, by_index), ["10060"]);
    }

    #[test]
    fn values_are_the_same_with_the_index_and_without() {
        let large = store(&[("a", 5_001)]);
        let small = store(&[("b", 5_002)]);
        let mut importing = small.importing(0, "0").unwrap();
        write(&mut importing, "a", 5_001);
        assert_eq!(importing.index, None);
        importing.commit().unwrap();
        small
            .conn
            .execute("DELETE FROM sources WHERE path = 'b'", [])
            .unwrap();
        let rows = texts(&large, ROWS);
        assert_eq!(rows.len(), 10_002);
        assert_eq!(texts(&small, ROWS), rows);
    }

    #[test]
    fn an_import_that_is_dropped_leaves_the_index() {
        let store = store(&[("a", 10)]);
        let before = texts(&store, DEFINITION);
        let mut importing = store.importing(0, "0").unwrap();
        write(&mut importing, "b", 5_001);
        assert!(importing.index.is_some());
        drop(importing);
        assert_eq!(texts(&store, DEFINITION), before);
        assert_eq!(texts(&store, "PRAGMA integrity_check"), ["ok"]);
        assert_eq!(texts(&store, ROWS).len(), 20);
    }
}
