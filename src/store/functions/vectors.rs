//! Functions of a packed sample vector: little-endian f64, NaN where an item has no value.

use rusqlite::functions::Context;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};

use crate::stats;

use super::number::{finite, number};
use super::quantiles::share;
use super::{Described, PURE};

const COUNT: Described = Described {
    call: "vec_count(v)",
    gives: "number of values in a vector",
};
const MEAN: Described = Described {
    call: "vec_mean(v)",
    gives: "mean of the values in a vector",
};
const QUANTILE: Described = Described {
    call: "vec_quantile(v, q)",
    gives: "quantile of the values in a vector (type 7), q from 0 to 1",
};

/// NULL for anything but a vector; items without a value do not count.
pub(super) fn register(conn: &Connection) -> Result<()> {
    conn.create_scalar_function("vec_count", 1, PURE, |context| {
        Ok(values(context).map(|values| values.len() as i64))
    })?;
    conn.create_scalar_function("vec_mean", 1, PURE, |context| {
        let summary = values(context).and_then(|values| stats::Summary::of(&values).ok());
        Ok(summary.and_then(|summary| finite(summary.mean)))
    })?;
    conn.create_scalar_function("vec_quantile", 2, PURE, |context| {
        let q = share("vec_quantile", number("vec_quantile", context, 1)?)?;
        Ok(values(context).and_then(|mut values| {
            values.sort_unstable_by(f64::total_cmp);
            stats::quantile(&values, q)
        }))
    })
}

pub(super) fn described() -> Vec<Described> {
    vec![COUNT, MEAN, QUANTILE]
}

/// The values of the vector in the first argument.
fn values(context: &Context<'_>) -> Option<Vec<f64>> {
    match context.get_raw(0) {
        ValueRef::Blob(bytes) => Some(unpacked(bytes).flatten().collect()),
        _ => None,
    }
}

/// The items of a vector; `None` for one without a value. Bytes beyond a multiple of 8 are ignored.
pub(in crate::store) fn unpacked(bytes: &[u8]) -> impl ExactSizeIterator<Item = Option<f64>> {
    let (items, _) = bytes.as_chunks::<8>();
    items.iter().map(|item| {
        let x = f64::from_le_bytes(*item);
        (!x.is_nan()).then_some(x)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_is_counted_and_averaged_without_its_gaps() {
        let conn = Connection::open_in_memory().unwrap();
        register(&conn).unwrap();
        // 1, NaN, 4.
        let vector = "x'000000000000F03F000000000000F87F0000000000001040'";
        let sql = format!(
            "SELECT vec_count({vector}), vec_mean({vector}), vec_quantile({vector}, 0.5), vec_mean('text'), vec_mean(x'')"
        );
        let found = conn
            .query_row(&sql, [], |row| {
                let numbers: (f64, f64, f64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let nothing: (Option<f64>, Option<f64>) = (row.get(3)?, row.get(4)?);
                Ok((numbers, nothing))
            })
            .unwrap();
        assert_eq!(found, ((2.0, 2.5, 2.5), (None, None)));
    }
}
