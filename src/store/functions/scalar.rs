//! Mathematics of one or two numbers. The compiled-in SQLite comes without its own.

use rusqlite::{Connection, Result};

use super::number::{finite, number};
use super::{Described, PURE};

/// A function of one number.
type One = (&'static str, fn(f64) -> f64, Described);
/// A function of two numbers.
type Two = (&'static str, fn(f64, f64) -> f64, Described);

const fn one(
    name: &'static str,
    of: fn(f64) -> f64,
    call: &'static str,
    gives: &'static str,
) -> One {
    (name, of, Described { call, gives })
}

const ONE: &[One] = &[
    one("exp", f64::exp, "exp(x)", "e to the power of x"),
    one("ln", f64::ln, "ln(x)", "natural logarithm; NULL for x ≤ 0"),
    one("log10", f64::log10, "log10(x)", "logarithm to base 10"),
    one(
        "log",
        f64::log10,
        "log(x)",
        "logarithm to base 10, as in SQLite",
    ),
    one("log2", f64::log2, "log2(x)", "logarithm to base 2"),
    one("sqrt", f64::sqrt, "sqrt(x)", "square root; NULL for x < 0"),
    one("floor", f64::floor, "floor(x)", "next whole number below"),
    one("ceil", f64::ceil, "ceil(x)", "next whole number above"),
    one(
        "ceiling",
        f64::ceil,
        "ceiling(x)",
        "next whole number above",
    ),
    one("trunc", f64::trunc, "trunc(x)", "x without its fraction"),
];

const TWO: &[Two] = &[
    (
        "pow",
        f64::powf,
        Described {
            call: "pow(x, y)",
            gives: "x to the power of y",
        },
    ),
    (
        "power",
        f64::powf,
        Described {
            call: "power(x, y)",
            gives: "x to the power of y",
        },
    ),
    (
        "mod",
        |x, y| x % y,
        Described {
            call: "mod(x, y)",
            gives: "remainder of x/y, with the sign of x",
        },
    ),
];

/// NULL for NULL, and where the result is no finite number.
pub(super) fn register(conn: &Connection) -> Result<()> {
    for &(name, of, _) in ONE {
        conn.create_scalar_function(name, 1, PURE, move |context| {
            Ok(number(name, context, 0)?.and_then(|x| finite(of(x))))
        })?;
    }
    for &(name, of, _) in TWO {
        conn.create_scalar_function(name, 2, PURE, move |context| {
            let (x, y) = (number(name, context, 0)?, number(name, context, 1)?);
            Ok(x.zip(y).and_then(|(x, y)| finite(of(x, y))))
        })?;
    }
    Ok(())
}

pub(super) fn described() -> Vec<Described> {
    let one = ONE.iter().map(|row| row.2);
    one.chain(TWO.iter().map(|row| row.2)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(sql: &str) -> Result<Option<f64>> {
        let conn = Connection::open_in_memory()?;
        register(&conn)?;
        conn.query_row(&format!("SELECT {sql}"), [], |row| row.get(0))
    }

    #[test]
    fn mathematics_is_there() {
        assert_eq!(value("ln(1)").unwrap(), Some(0.0));
        assert_eq!(value("log10(1000)").unwrap(), Some(3.0));
        assert_eq!(value("log2(8)").unwrap(), Some(3.0));
        assert_eq!(value("pow(2, 10)").unwrap(), Some(1024.0));
        assert_eq!(value("floor(-1.5)").unwrap(), Some(-2.0));
        assert_eq!(value("mod(-7, 3)").unwrap(), Some(-1.0));
    }

    #[test]
    fn what_is_undefined_is_null_and_text_is_an_error() {
        for sql in [
            "ln(0)",
            "ln(-1)",
            "sqrt(-1)",
            "exp(1000)",
            "ln(NULL)",
            "pow(NULL, 1)",
        ] {
            assert_eq!(value(sql).unwrap(), None, "{sql}");
        }
        let error = value("ln('abc')").unwrap_err().to_string();
        assert!(error.contains("ln(): 'abc' is not a number"), "{error}");
    }
}
