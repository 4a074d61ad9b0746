//! What every connection can do besides plain SQLite: mathematics, the regression and variance
//! aggregates of SQL:2003, quantiles, and functions of sample vectors. The formulas are those of
//! [`crate::stats`]; here is only how SQL reaches them.
//!
//! A further function is one row in the table of its file; `query --functions` follows.

mod moments;
mod number;
mod quantiles;
mod scalar;
mod unroll;
mod vectors;

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Result};

pub(super) use vectors::unpacked;

/// How a function is described to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Described {
    /// Name and arguments.
    pub call: &'static str,
    /// What it gives, in a line.
    pub gives: &'static str,
}

/// The same arguments always give the same result, and nothing outside them is touched: views may
/// use it although the schema is not trusted.
const PURE: FunctionFlags = FunctionFlags::SQLITE_UTF8
    .union(FunctionFlags::SQLITE_DETERMINISTIC)
    .union(FunctionFlags::SQLITE_INNOCUOUS);

/// Registers the functions on a connection.
pub(super) fn register(conn: &Connection) -> Result<()> {
    scalar::register(conn)?;
    moments::register(conn)?;
    quantiles::register(conn)?;
    vectors::register(conn)?;
    unroll::register(conn)
}

/// Every function there is besides SQLite's own, by subject.
pub fn functions() -> Vec<(&'static str, Vec<Described>)> {
    vec![
        ("mathematics", scalar::described()),
        ("aggregates and windows", moments::described()),
        ("aggregates", quantiles::described()),
        ("sample vectors", vectors::described()),
        ("tables of sample vectors", unroll::DESCRIBED.to_vec()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_described_function_exists() {
        let conn = Connection::open_in_memory().unwrap();
        register(&conn).unwrap();
        for function in functions().into_iter().flat_map(|(_, list)| list) {
            let name = function.call.split('(').next().unwrap();
            let sql = "SELECT (SELECT count(*) FROM pragma_function_list WHERE name = ?1)
                + (SELECT count(*) FROM pragma_module_list WHERE name = ?1)";
            let found: i64 = conn.query_row(sql, [name], |row| row.get(0)).unwrap();
            assert!(found > 0, "{name}");
        }
    }
}
