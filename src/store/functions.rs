//! What every connection can do besides plain SQLite: the table-valued function `unroll`.

#![expect(
    unsafe_code,
    reason = "rusqlite's virtual-table trait is unsafe: SQLite casts to the first field, `base`"
)]

use std::borrow::Cow;
use std::ffi::{CStr, c_int};
use std::marker::PhantomData;

use rusqlite::vtab::{
    Context, Filters, IndexConstraintOp, IndexInfo, Module, VTab, VTabConfig, VTabConnection,
    VTabCursor,
};
use rusqlite::{Connection, Result, ffi};

const DATA: c_int = 2;

/// Registers the functions on a connection.
pub(super) fn register(conn: &Connection) -> Result<()> {
    const MODULE: Module<Unroll> = Module::eponymous_only_module();
    conn.create_module(c"unroll", &MODULE, None::<()>)
}

/// `unroll(data)`: the values of a packed vector as rows `(position, value)`, position from 0;
/// NaN, the mark of an item without a value, is NULL. A blob whose length is no multiple of 8 has
/// its last bytes ignored; anything but a blob has no rows.
#[repr(C)]
struct Unroll {
    base: ffi::sqlite3_vtab,
}

// SAFETY: the struct is `repr(C)` and its first field is the base class, as SQLite requires.
unsafe impl<'vtab> VTab<'vtab> for Unroll {
    type Aux = ();
    type Cursor = UnrollCursor<'vtab>;

    fn connect(
        db: &mut VTabConnection,
        _aux: Option<&()>,
        _module: &[u8],
        _database: &[u8],
        _table: &[u8],
        _args: &[&[u8]],
    ) -> Result<(Cow<'static, CStr>, Self)> {
        // Views may use it although the schema is not trusted: it touches nothing but its argument.
        db.config(VTabConfig::Innocuous)?;
        let table = Self {
            base: ffi::sqlite3_vtab::default(),
        };
        Ok((
            Cow::Borrowed(c"CREATE TABLE x(position INTEGER, value REAL, data HIDDEN)"),
            table,
        ))
    }

    fn best_index(&self, info: &mut IndexInfo) -> Result<bool> {
        let mut given = false;
        let mut unusable = false;
        for (constraint, mut usage) in info.constraints_and_usages() {
            let is_data = constraint.column() == DATA
                && constraint.operator() == IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_EQ;
            if !is_data {
                continue;
            }
            if !constraint.is_usable() {
                unusable = true;
            } else if !given {
                given = true;
                usage.set_argv_index(1);
                usage.set_omit(true);
            }
        }
        if unusable && !given {
            return Ok(false);
        }
        info.set_idx_num(c_int::from(given));
        info.set_estimated_cost(1000.0);
        info.set_estimated_rows(1000);
        Ok(true)
    }

    fn open(&mut self) -> Result<UnrollCursor<'_>> {
        Ok(UnrollCursor::default())
    }
}

#[derive(Default)]
#[repr(C)]
struct UnrollCursor<'vtab> {
    base: ffi::sqlite3_vtab_cursor,
    data: Vec<u8>,
    position: usize,
    table: PhantomData<&'vtab Unroll>,
}

impl UnrollCursor<'_> {
    fn value(&self) -> Option<f64> {
        let bytes = self.data.chunks_exact(8).nth(self.position)?;
        let value = f64::from_le_bytes(bytes.try_into().ok()?);
        (!value.is_nan()).then_some(value)
    }
}

// SAFETY: the struct is `repr(C)` and its first field is the base class, as SQLite requires.
unsafe impl VTabCursor for UnrollCursor<'_> {
    fn filter(&mut self, given: c_int, _text: Option<&str>, args: &Filters<'_>) -> Result<()> {
        self.position = 0;
        self.data.clear();
        if given == 1
            && let Ok(blob) = args.get::<Vec<u8>>(0)
        {
            self.data = blob;
        }
        Ok(())
    }

    fn next(&mut self) -> Result<()> {
        self.position += 1;
        Ok(())
    }

    fn eof(&self) -> bool {
        self.position >= self.data.len() / 8
    }

    fn column(&self, context: &mut Context, column: c_int) -> Result<()> {
        match column {
            0 => context.set_result(&(self.position as i64)),
            1 => context.set_result(&self.value()),
            _ => Ok(()),
        }
    }

    fn rowid(&self) -> Result<i64> {
        Ok(self.position as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unrolled(sql: &str) -> Vec<(i64, Option<f64>)> {
        let conn = Connection::open_in_memory().unwrap();
        register(&conn).unwrap();
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        rows.map(std::result::Result::unwrap).collect()
    }

    #[test]
    fn a_packed_vector_becomes_rows_and_nan_becomes_null() {
        // 1.5 and NaN as little-endian f64.
        let sql = "SELECT position, value FROM unroll(x'000000000000F83F000000000000F87F')";
        assert_eq!(unrolled(sql), [(0, Some(1.5)), (1, None)]);
    }

    #[test]
    fn anything_but_a_vector_has_no_rows() {
        assert_eq!(unrolled("SELECT position, value FROM unroll(NULL)"), []);
        assert_eq!(unrolled("SELECT position, value FROM unroll('text')"), []);
        assert_eq!(unrolled("SELECT position, value FROM unroll(x'0102')"), []);
        assert_eq!(unrolled("SELECT position, value FROM unroll"), []);
    }

    #[test]
    fn it_joins_with_the_rows_that_hold_the_vectors() {
        let conn = Connection::open_in_memory().unwrap();
        register(&conn).unwrap();
        conn.execute_batch(
            "CREATE TABLE s(k, data); INSERT INTO s VALUES (1, x'000000000000F83F'), (2, x'000000000000F83F0000000000000040');",
        )
        .unwrap();
        let sum: f64 = conn
            .query_row(
                "SELECT sum(s.k * u.value) FROM s, unroll(s.data) u",
                [],
                |r| r.get(0),
            )
            .unwrap();
        assert_eq!(sum, 1.5 + 3.0 + 4.0);
    }
}
