//! Aggregates that need all values of a group at once: median, quantiles, geometric mean. They hold
//! 8 bytes a value.

use rusqlite::functions::{Aggregate, Context};
use rusqlite::{Connection, Result};

use crate::stats;

use super::number::{failed, finite, number};
use super::{Described, PURE};

/// How a group's values become one.
struct Collected {
    name: &'static str,
    has_share: bool,
    /// The values, in ascending order, and the share asked for.
    of: fn(&[f64], f64) -> Option<f64>,
    described: Described,
}

const COLLECTED: &[Collected] = &[
    Collected {
        name: "median",
        has_share: false,
        of: |sorted, _| stats::quantile(sorted, 0.5),
        described: Described {
            call: "median(x)",
            gives: "middle value, or the mean of the two middle values",
        },
    },
    Collected {
        name: "quantile",
        has_share: true,
        of: stats::quantile,
        described: Described {
            call: "quantile(x, q)",
            gives: "quantile by linear interpolation (type 7), q from 0 to 1",
        },
    },
    Collected {
        name: "quantile_rank",
        has_share: true,
        of: stats::quantile_rank,
        described: Described {
            call: "quantile_rank(x, q)",
            gives: "quantile by nearest rank: a value that occurs, q from 0 to 1",
        },
    },
    Collected {
        name: "geomean",
        has_share: false,
        of: |sorted, _| stats::geometric_mean(sorted),
        described: Described {
            call: "geomean(x)",
            gives: "geometric mean; NULL when a value is 0 or below",
        },
    },
];

/// NULL values are passed over; a group without any other gives NULL.
pub(super) fn register(conn: &Connection) -> Result<()> {
    for collected in COLLECTED {
        let arguments = 1 + i32::from(collected.has_share);
        conn.create_aggregate_function(collected.name, arguments, PURE, collected)?;
    }
    Ok(())
}

pub(super) fn described() -> Vec<Described> {
    COLLECTED.iter().map(|c| c.described).collect()
}

/// The values of a group.
#[derive(Default)]
struct Values {
    values: Vec<f64>,
    share: f64,
}

impl Aggregate<Values, Option<f64>> for &'static Collected {
    fn init(&self, context: &mut Context<'_>) -> Result<Values> {
        Ok(Values {
            values: Vec::new(),
            share: if self.has_share {
                self.share(context)?
            } else {
                0.5
            },
        })
    }

    fn step(&self, context: &mut Context<'_>, group: &mut Values) -> Result<()> {
        if self.has_share && self.share(context)? != group.share {
            let reason = format!("{}(): q differs within a group", self.name);
            return Err(failed(reason));
        }
        group.values.extend(number(self.name, context, 0)?);
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, group: Option<Values>) -> Result<Option<f64>> {
        let mut group = group.unwrap_or_default();
        group.values.sort_unstable_by(f64::total_cmp);
        Ok((self.of)(&group.values, group.share).and_then(finite))
    }
}

impl Collected {
    fn share(&self, context: &Context<'_>) -> Result<f64> {
        share(self.name, number(self.name, context, 1)?)
    }
}

/// A share of a distribution, which must lie in 0…1.
pub(super) fn share(name: &str, given: Option<f64>) -> Result<f64> {
    match given {
        Some(q) if (0.0..=1.0).contains(&q) => Ok(q),
        Some(q) => Err(failed(format!(
            "{name}(): q is {q}, and must lie in 0 to 1"
        ))),
        None => Err(failed(format!("{name}(): q is NULL"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(what: &str) -> Result<Option<f64>> {
        let conn = Connection::open_in_memory()?;
        register(&conn)?;
        let table = "(VALUES (4), (NULL), (1), (2), (3.5))";
        conn.query_row(
            &format!("SELECT {what} FROM (SELECT column1 AS x FROM {table})"),
            [],
            |row| row.get(0),
        )
    }

    #[test]
    fn quantiles_by_both_definitions() {
        assert_eq!(value("median(x)").unwrap(), Some(2.75));
        assert_eq!(value("quantile(x, 0.25)").unwrap(), Some(1.75));
        assert_eq!(value("quantile_rank(x, 0.25)").unwrap(), Some(1.0));
        assert_eq!(value("quantile_rank(x, 0.95)").unwrap(), Some(4.0));
        assert_eq!(value("quantile(x, 0) FILTER (WHERE x > 9)").unwrap(), None);
        let mean = value("geomean(x)").unwrap().unwrap();
        assert!((mean - 28.0_f64.powf(0.25)).abs() < 1e-14, "{mean}");
        assert_eq!(value("geomean(x - 1)").unwrap(), None);
    }

    #[test]
    fn a_share_outside_its_range_is_an_error() {
        for (sql, reason) in [
            ("quantile(x, 95)", "q is 95, and must lie in 0 to 1"),
            ("quantile(x, NULL)", "q is NULL"),
            (
                "quantile(x, x / 10.0) FILTER (WHERE x < 3)",
                "q differs within a group",
            ),
        ] {
            let error = value(sql).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
