//! Units as the tools write them, and the base unit that makes values of two tools comparable.
//! A value is never rescaled in the store: `value × factor` is in the base unit.

use super::metric::{Direction, Kind};

/// What is known about a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// The unit values are compared in: `ms`, `tokens/s`, `fraction`, …
    pub base: &'static str,
    /// `value × factor` is in `base`.
    pub factor: f64,
    /// What such a value measures.
    pub kind: Kind,
    /// Which way is better; `None` where the unit alone does not say.
    pub direction: Option<Direction>,
}

/// One row a spelling, lower case: spelling, base unit, factor, kind, direction.
type Row = (&'static str, &'static str, f64, Kind, Option<Direction>);

const UNITS: &[Row] = &[
    (
        "tokens/s",
        "tokens/s",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    (
        "token/s",
        "tokens/s",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    (
        "tokens/sec",
        "tokens/s",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    (
        "token/sec",
        "tokens/s",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    (
        "tok/s",
        "tokens/s",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    (
        "tok/sec",
        "tokens/s",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    ("t/s", "tokens/s", 1.0, Kind::Speed, Some(Direction::Higher)),
    ("tps", "tokens/s", 1.0, Kind::Speed, Some(Direction::Higher)),
    (
        "tokens/second",
        "tokens/s",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    (
        "tokens per second",
        "tokens/s",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    (
        "requests/s",
        "requests/s",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    (
        "requests/sec",
        "requests/s",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    (
        "req/s",
        "requests/s",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    (
        "req/sec",
        "requests/s",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    (
        "queries/s",
        "requests/s",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    (
        "tokens/sec/user",
        "tokens/s/user",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    (
        "tps/user",
        "tokens/s/user",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    (
        "tps/gpu",
        "tokens/s/gpu",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    ("b", "MB", 1e-6, Kind::Memory, Some(Direction::Lower)),
    (
        "samples/s",
        "samples/s",
        1.0,
        Kind::Speed,
        Some(Direction::Higher),
    ),
    ("ns", "ms", 1e-6, Kind::Latency, Some(Direction::Lower)),
    ("us", "ms", 1e-3, Kind::Latency, Some(Direction::Lower)),
    ("µs", "ms", 1e-3, Kind::Latency, Some(Direction::Lower)),
    ("ms", "ms", 1.0, Kind::Latency, Some(Direction::Lower)),
    ("s", "ms", 1e3, Kind::Latency, Some(Direction::Lower)),
    ("sec", "ms", 1e3, Kind::Latency, Some(Direction::Lower)),
    ("seconds", "ms", 1e3, Kind::Latency, Some(Direction::Lower)),
    ("fraction", "fraction", 1.0, Kind::Quality, None),
    ("percent", "fraction", 0.01, Kind::Quality, None),
    ("%", "fraction", 0.01, Kind::Quality, None),
    (
        "score",
        "score",
        1.0,
        Kind::Quality,
        Some(Direction::Higher),
    ),
    (
        "avg score",
        "avg score",
        1.0,
        Kind::Quality,
        Some(Direction::Higher),
    ),
    (
        "points",
        "points",
        1.0,
        Kind::Quality,
        Some(Direction::Higher),
    ),
    (
        "accuracy",
        "accuracy",
        1.0,
        Kind::Quality,
        Some(Direction::Higher),
    ),
    ("elo", "elo", 1.0, Kind::Quality, Some(Direction::Higher)),
    (
        "perplexity",
        "perplexity",
        1.0,
        Kind::Quality,
        Some(Direction::Lower),
    ),
    ("kb", "MB", 1e-3, Kind::Memory, Some(Direction::Lower)),
    ("mb", "MB", 1.0, Kind::Memory, Some(Direction::Lower)),
    ("gb", "MB", 1e3, Kind::Memory, Some(Direction::Lower)),
    ("mib", "MB", 1.048_576, Kind::Memory, Some(Direction::Lower)),
    (
        "gib",
        "MB",
        1_073.741_824,
        Kind::Memory,
        Some(Direction::Lower),
    ),
    ("w", "W", 1.0, Kind::Energy, Some(Direction::Lower)),
    ("j", "J", 1.0, Kind::Energy, Some(Direction::Lower)),
    ("kwh", "J", 3.6e6, Kind::Energy, Some(Direction::Lower)),
    ("usd", "USD", 1.0, Kind::Cost, Some(Direction::Lower)),
    ("$", "USD", 1.0, Kind::Cost, Some(Direction::Lower)),
    (
        "usd/mtok",
        "USD/Mtok",
        1.0,
        Kind::Cost,
        Some(Direction::Lower),
    ),
    (
        "$/mtok",
        "USD/Mtok",
        1.0,
        Kind::Cost,
        Some(Direction::Lower),
    ),
    ("requests", "requests", 1.0, Kind::Count, None),
    ("tokens", "tokens", 1.0, Kind::Count, None),
];

/// What is known about a unit as somebody wrote it; case does not matter.
pub fn find(written: &str) -> Option<Unit> {
    let written = written.trim();
    UNITS
        .iter()
        .find(|row| row.0.len() == written.len() && row.0.eq_ignore_ascii_case(written))
        .map(|&(_, base, factor, kind, direction)| Unit {
            base,
            factor,
            kind,
            direction,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_milliseconds_meet_in_one_base_unit() {
        let seconds = find("s").unwrap();
        let millis = find("ms").unwrap();
        assert_eq!((seconds.base, seconds.factor), ("ms", 1e3));
        assert_eq!((millis.base, millis.factor), ("ms", 1.0));
    }

    #[test]
    fn no_spelling_stands_twice() {
        for (i, row) in UNITS.iter().enumerate() {
            assert!(
                UNITS.iter().skip(i + 1).all(|other| other.0 != row.0),
                "{}",
                row.0
            );
            assert_eq!(row.0, row.0.to_lowercase());
        }
    }
}
