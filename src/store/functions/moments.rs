//! The aggregates of SQL:2003 over means, variances and covariances; also as window functions.

use std::marker::PhantomData;

use rusqlite::functions::{Aggregate, Context, WindowAggregate};
use rusqlite::{Connection, Result};

use crate::stats::{PairedSums, RunningSums};

use super::number::{finite, number};
use super::{Described, PURE};

/// What a function makes of the sums. Of one column the sums are those of the column with itself.
struct Moment {
    name: &'static str,
    /// 1, or 2 in the order (y, x) of SQL:2003.
    arguments: i32,
    of: fn(&PairedSums) -> Option<f64>,
    described: Described,
}

const fn moment(
    name: &'static str,
    arguments: i32,
    of: fn(&PairedSums) -> Option<f64>,
    call: &'static str,
    gives: &'static str,
) -> Moment {
    Moment {
        name,
        arguments,
        of,
        described: Described { call, gives },
    }
}

/// ISO/IEC 9075-2:2003, 10.9 <aggregate function>.
#[rustfmt::skip]
const MOMENTS: &[Moment] = &[
    moment("regr_slope", 2, PairedSums::slope, "regr_slope(y, x)", "slope of the least-squares line"),
    moment("regr_intercept", 2, |s| Some(s.intercept(s.slope()?)), "regr_intercept(y, x)", "where that line meets x = 0"),
    moment("regr_r2", 2, r2, "regr_r2(y, x)", "share of the variance of y that the line explains"),
    moment("regr_avgx", 2, |s| Some(s.mean_x), "regr_avgx(y, x)", "mean of x over rows with both values"),
    moment("regr_avgy", 2, |s| Some(s.mean_y), "regr_avgy(y, x)", "mean of y over rows with both values"),
    moment("regr_sxx", 2, |s| Some(s.sxx), "regr_sxx(y, x)", "sum of squares of x about its mean"),
    moment("regr_syy", 2, |s| Some(s.syy), "regr_syy(y, x)", "sum of squares of y about its mean"),
    moment("regr_sxy", 2, |s| Some(s.sxy), "regr_sxy(y, x)", "sum of products about the means"),
    moment("corr", 2, PairedSums::correlation, "corr(y, x)", "Pearson's correlation"),
    moment("covar_pop", 2, |s| s.over(s.sxy, false), "covar_pop(y, x)", "covariance, divisor n"),
    moment("covar_samp", 2, |s| s.over(s.sxy, true), "covar_samp(y, x)", "covariance, divisor n - 1"),
    moment("stddev_pop", 1, |s| s.over(s.sxx, false).map(f64::sqrt), "stddev_pop(x)", "standard deviation, divisor n"),
    moment("stddev_samp", 1, |s| s.over(s.sxx, true).map(f64::sqrt), "stddev_samp(x)", "standard deviation, divisor n - 1"),
    moment("stddev", 1, |s| s.over(s.sxx, true).map(f64::sqrt), "stddev(x)", "the same as stddev_samp"),
    moment("var_pop", 1, |s| s.over(s.sxx, false), "var_pop(x)", "variance, divisor n"),
    moment("var_samp", 1, |s| s.over(s.sxx, true), "var_samp(x)", "variance, divisor n - 1"),
    moment("variance", 1, |s| s.over(s.sxx, true), "variance(x)", "the same as var_samp"),
];

const COUNT: Described = Described {
    call: "regr_count(y, x)",
    gives: "number of rows with both values",
};

/// NULL without spread in x, 1 without spread in y, as the standard has it.
fn r2(sums: &PairedSums) -> Option<f64> {
    match (sums.sxx > 0.0, sums.syy > 0.0) {
        (false, _) => None,
        (true, false) => Some(1.0),
        (true, true) => sums.correlation().map(|r| r * r),
    }
}

/// Rows with a NULL in any argument are passed over.
pub(super) fn register(conn: &Connection) -> Result<()> {
    for moment in MOMENTS {
        let over = Over {
            name: moment.name,
            arguments: moment.arguments,
            finish: move |sums: &RunningSums| {
                sums.sums().and_then(|s| (moment.of)(&s)).and_then(finite)
            },
            result: PhantomData::<Option<f64>>,
        };
        conn.create_window_function(moment.name, moment.arguments, PURE, over)?;
    }
    let count = Over {
        name: "regr_count",
        arguments: 2,
        finish: |sums: &RunningSums| i64::try_from(sums.n()).unwrap_or(i64::MAX),
        result: PhantomData::<i64>,
    };
    conn.create_window_function("regr_count", 2, PURE, count)
}

pub(super) fn described() -> Vec<Described> {
    let moments = MOMENTS.iter().map(|moment| moment.described);
    moments.chain([COUNT]).collect()
}

/// An aggregate over running sums.
struct Over<F, T> {
    name: &'static str,
    arguments: i32,
    finish: F,
    result: PhantomData<T>,
}

impl<F, T> Over<F, T> {
    /// The row's values as (x, y); `None` when one is NULL.
    fn row(&self, context: &Context<'_>) -> Result<Option<(f64, f64)>> {
        let first = number(self.name, context, 0)?;
        if self.arguments == 1 {
            return Ok(first.map(|x| (x, x)));
        }
        let second = number(self.name, context, 1)?;
        Ok(second.zip(first))
    }
}

impl<F, T> Aggregate<RunningSums, T> for Over<F, T>
where
    F: Fn(&RunningSums) -> T,
    T: rusqlite::functions::SqlFnOutput,
{
    fn init(&self, _: &mut Context<'_>) -> Result<RunningSums> {
        Ok(RunningSums::default())
    }

    fn step(&self, context: &mut Context<'_>, sums: &mut RunningSums) -> Result<()> {
        if let Some((x, y)) = self.row(context)? {
            sums.add(x, y);
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, sums: Option<RunningSums>) -> Result<T> {
        Ok((self.finish)(&sums.unwrap_or_default()))
    }
}

impl<F, T> WindowAggregate<RunningSums, T> for Over<F, T>
where
    F: Fn(&RunningSums) -> T,
    T: rusqlite::functions::SqlFnOutput,
{
    fn value(&self, sums: Option<&mut RunningSums>) -> Result<T> {
        Ok(match sums {
            Some(sums) => (self.finish)(sums),
            None => (self.finish)(&RunningSums::default()),
        })
    }

    fn inverse(&self, context: &mut Context<'_>, sums: &mut RunningSums) -> Result<()> {
        if let Some((x, y)) = self.row(context)? {
            sums.remove(x, y);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Ols, Pearson, Summary};

    const X: [f64; 7] = [550.0, 800.0, 650.0, 500.0, 1000.0, 400.0, 600.0];
    const Y: [f64; 7] = [54.5, 48.0, 47.0, 45.5, 40.5, 36.5, 35.0];

    fn seven() -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        register(&conn).unwrap();
        conn.execute_batch("CREATE TABLE t (x, y); INSERT INTO t VALUES (NULL, 1), (1, NULL)")
            .unwrap();
        for (x, y) in X.iter().zip(Y) {
            conn.execute("INSERT INTO t VALUES (?, ?)", [x, &y])
                .unwrap();
        }
        conn
    }

    fn value(conn: &Connection, what: &str) -> Option<f64> {
        conn.query_row(&format!("SELECT {what} FROM t"), [], |row| row.get(0))
            .unwrap()
    }

    fn agrees(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!(
            (found - expected).abs() <= 1e-12 * expected.abs(),
            "{found} is not {expected}"
        );
    }

    #[test]
    fn the_aggregates_agree_with_the_fit() {
        let conn = seven();
        let (line, r) = (Ols::fit(&X, &Y).unwrap(), Pearson::of(&X, &Y).unwrap());
        agrees(value(&conn, "regr_slope(y, x)"), line.slope);
        agrees(value(&conn, "regr_intercept(y, x)"), line.intercept);
        agrees(value(&conn, "regr_r2(y, x)"), line.r2.unwrap());
        agrees(value(&conn, "corr(y, x)"), r.r);
        assert_eq!(value(&conn, "regr_count(y, x)"), Some(7.0));
        agrees(
            value(&conn, "stddev_samp(y) FILTER (WHERE x > 1)"),
            Summary::of(&Y).unwrap().sd.unwrap(),
        );
    }

    #[test]
    fn what_is_undefined_is_null() {
        let conn = seven();
        for sql in [
            "regr_slope(y, 1)",
            "corr(1, x)",
            "var_samp(x) FILTER (WHERE x = 550)",
            "stddev_pop(NULL)",
            "covar_samp(y, x) FILTER (WHERE x > 1e9)",
            "regr_slope(y, x * 9e307)",
        ] {
            assert_eq!(value(&conn, sql), None, "{sql}");
        }
        assert_eq!(value(&conn, "regr_r2(1, x)"), Some(1.0));
        assert_eq!(value(&conn, "var_pop(x) FILTER (WHERE x = 550)"), Some(0.0));
    }

    #[test]
    fn text_is_an_error() {
        let conn = seven();
        let error = conn
            .query_row("SELECT stddev('a') FROM t", [], |_| Ok(()))
            .unwrap_err();
        assert!(error.to_string().contains("stddev(): 'a' is not a number"));
    }

    #[test]
    fn a_moving_window_gives_what_its_rows_give() {
        let conn = seven();
        let sql =
            "SELECT stddev_samp(y) OVER (ORDER BY x ROWS BETWEEN 2 PRECEDING AND CURRENT ROW),
            regr_slope(y, x) OVER (ORDER BY x ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)
            FROM t WHERE x > 1 AND y IS NOT NULL ORDER BY x";
        let mut rows: Vec<(f64, f64)> = X.iter().copied().zip(Y).collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut statement = conn.prepare(sql).unwrap();
        let found: Vec<(Option<f64>, Option<f64>)> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(found[0], (None, None));
        for (window, (sd, slope)) in rows.windows(3).zip(&found[2..]) {
            let (x, y): (Vec<f64>, Vec<f64>) = window.iter().copied().unzip();
            assert!((sd.unwrap() - Summary::of(&y).unwrap().sd.unwrap()).abs() < 1e-9);
            assert!((slope.unwrap() - Ols::fit(&x, &y).unwrap().slope).abs() < 1e-9);
        }
    }
}
