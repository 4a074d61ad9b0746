//! Sample vectors as tables: `unroll(data)` has a row an item, `pairs(a, b)` a row a pair of items.

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

use super::Described;
use super::vectors::unpacked;

pub(super) const DESCRIBED: [Described; 2] = [
    Described {
        call: "unroll(v)",
        gives: "rows (position, value) of a vector, position from 0; an item without a value is NULL",
    },
    Described {
        call: "pairs(v, w)",
        gives: "rows (position, a, b) of two vectors about the same items; none when their lengths differ",
    },
];

/// Registers the functions on a connection.
pub(super) fn register(conn: &Connection) -> Result<()> {
    const ONE: Module<Unrolled<1>> = Module::eponymous_only_module();
    const TWO: Module<Unrolled<2>> = Module::eponymous_only_module();
    conn.create_module(c"unroll", &ONE, None::<()>)?;
    conn.create_module(c"pairs", &TWO, None::<()>)
}

/// The items of N vectors side by side as rows: position from 0, N values, and as hidden columns the
/// N vectors. NaN, the mark of an item without a value, is NULL. A blob whose length is no multiple
/// of 8 has its last bytes ignored; anything but a blob, and vectors of unequal length, have no rows.
#[repr(C)]
struct Unrolled<const N: usize> {
    base: ffi::sqlite3_vtab,
}

// SAFETY: the struct is `repr(C)` and its first field is the base class, as SQLite requires.
unsafe impl<'vtab, const N: usize> VTab<'vtab> for Unrolled<N> {
    type Aux = ();
    type Cursor = Items<'vtab, N>;

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
        let columns = match N {
            1 => c"CREATE TABLE x(position INTEGER, value REAL, data HIDDEN)",
            _ => c"CREATE TABLE x(position INTEGER, a REAL, b REAL, left HIDDEN, right HIDDEN)",
        };
        let table = Self {
            base: ffi::sqlite3_vtab::default(),
        };
        Ok((Cow::Borrowed(columns), table))
    }

    fn best_index(&self, info: &mut IndexInfo) -> Result<bool> {
        let mut given = [false; N];
        let mut unusable = false;
        for (constraint, mut usage) in info.constraints_and_usages() {
            let hidden = usize::try_from(constraint.column()).ok();
            let hidden = hidden.and_then(|column| column.checked_sub(1 + N));
            let (Some(vector), IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_EQ) =
                (hidden, constraint.operator())
            else {
                continue;
            };
            if !constraint.is_usable() {
                unusable = true;
            } else if let Some(seen) = given.get_mut(vector)
                && !std::mem::replace(seen, true)
            {
                usage.set_argv_index(vector as c_int + 1);
                usage.set_omit(true);
            }
        }
        let all = given.iter().all(|seen| *seen);
        // Arguments must be numbered without a gap: the first alone may stand, the second may not.
        if !all && (unusable || given.iter().any(|seen| *seen)) {
            return Ok(false);
        }
        info.set_idx_num(c_int::from(all));
        info.set_estimated_cost(1000.0);
        info.set_estimated_rows(1000);
        Ok(true)
    }

    fn open(&mut self) -> Result<Items<'_, N>> {
        Ok(Items {
            base: ffi::sqlite3_vtab_cursor::default(),
            vectors: [const { Vec::new() }; N],
            position: 0,
            table: PhantomData,
        })
    }
}

#[repr(C)]
struct Items<'vtab, const N: usize> {
    base: ffi::sqlite3_vtab_cursor,
    vectors: [Vec<Option<f64>>; N],
    position: usize,
    table: PhantomData<&'vtab Unrolled<N>>,
}

// SAFETY: the struct is `repr(C)` and its first field is the base class, as SQLite requires.
unsafe impl<const N: usize> VTabCursor for Items<'_, N> {
    fn filter(&mut self, given: c_int, _text: Option<&str>, args: &Filters<'_>) -> Result<()> {
        self.position = 0;
        for (at, vector) in self.vectors.iter_mut().enumerate() {
            vector.clear();
            if given == 1
                && let Ok(blob) = args.get::<Vec<u8>>(at)
            {
                vector.extend(unpacked(&blob));
            }
        }
        let length = self.vectors.first().map_or(0, Vec::len);
        if self.vectors.iter().any(|vector| vector.len() != length) {
            self.vectors.iter_mut().for_each(Vec::clear);
        }
        Ok(())
    }

    fn next(&mut self) -> Result<()> {
        self.position += 1;
        Ok(())
    }

    fn eof(&self) -> bool {
        self.position >= self.vectors.first().map_or(0, Vec::len)
    }

    fn column(&self, context: &mut Context, column: c_int) -> Result<()> {
        let at = usize::try_from(column).unwrap_or(usize::MAX);
        match at.checked_sub(1) {
            None => context.set_result(&(self.position as i64)),
            Some(vector) => match self.vectors.get(vector) {
                Some(items) => context.set_result(&items.get(self.position).copied().flatten()),
                None => Ok(()),
            },
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

    #[test]
    fn two_vectors_are_paired_item_by_item() {
        let pairs = |sql: &str| -> Vec<(i64, Option<f64>, Option<f64>)> {
            let conn = Connection::open_in_memory().unwrap();
            register(&conn).unwrap();
            let mut statement = conn.prepare(sql).unwrap();
            let rows = statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .unwrap();
            rows.map(std::result::Result::unwrap).collect()
        };
        let (two, other, one) = (
            "x'000000000000F83F0000000000000040'",
            "x'000000000000F03F000000000000F87F'",
            "x'000000000000F83F'",
        );
        assert_eq!(
            pairs(&format!("SELECT position, a, b FROM pairs({two}, {other})")),
            [(0, Some(1.5), Some(1.0)), (1, Some(2.0), None)]
        );
        // Vectors of unequal length are not about the same items.
        assert_eq!(
            pairs(&format!("SELECT position, a, b FROM pairs({two}, {one})")),
            []
        );
        assert_eq!(pairs("SELECT position, a, b FROM pairs(NULL, NULL)"), []);
        assert_eq!(
            pairs(&format!(
                "SELECT p.* FROM (SELECT {two} AS v) t, (SELECT {other} AS w) u, pairs(t.v, u.w) p"
            ))
            .len(),
            2
        );
    }
}
