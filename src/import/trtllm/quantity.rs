//! The quantities of a report: how each is printed, and what it is in the words of the field.

use crate::catalog::{Direction, Kind, Metric};

/// What a printed line measures.
pub(super) struct Quantity {
    /// Its key in lower case, without what stands in brackets.
    key: &'static str,
    name: &'static str,
    statistic: &'static str,
    kind: Kind,
    direction: Option<Direction>,
}

const HIGHER: Option<Direction> = Some(Direction::Higher);
const LOWER: Option<Direction> = Some(Direction::Lower);

type Row = (
    &'static str,
    &'static str,
    &'static str,
    Kind,
    Option<Direction>,
);

/// The printed quantities of versions 0.12 to 1.x.
///
/// `Token Throughput` (until 0.16) is requests a second times the average output length, so generated
/// tokens; `Total Token Throughput` counts prompt and generated tokens.
#[rustfmt::skip]
const QUANTITIES: [Row; 13] = [
    ("request throughput", "request_throughput", "value", Kind::Speed, HIGHER),
    ("token throughput", "output_throughput", "value", Kind::Speed, HIGHER),
    ("total output throughput", "output_throughput", "value", Kind::Speed, HIGHER),
    ("total token throughput", "total_token_throughput", "value", Kind::Speed, HIGHER),
    ("generation token throughput", "decode_throughput", "value", Kind::Speed, HIGHER),
    ("per user output throughput", "output_throughput_per_user", "mean", Kind::Speed, HIGHER),
    ("per user output speed", "decode_speed_per_user", "mean", Kind::Speed, HIGHER),
    ("per gpu output throughput", "output_throughput_per_gpu", "value", Kind::Speed, HIGHER),
    ("total latency", "duration", "value", Kind::Count, None),
    ("average request latency", "e2el", "mean", Kind::Latency, LOWER),
    ("average time-to-first-token", "ttft", "mean", Kind::Latency, LOWER),
    ("average time-per-output-token", "tpot", "mean", Kind::Latency, LOWER),
    ("average inter-token latency", "itl", "mean", Kind::Latency, LOWER),
];

/// The per-request quantities whose percentiles are printed: as `[TTFT] P50`, or as `P50` in a block of
/// their own.
#[rustfmt::skip]
const BREAKDOWNS: [(&str, &str, Kind, Option<Direction>); 8] = [
    ("TTFT", "ttft", Kind::Latency, LOWER),
    ("TPOT", "tpot", Kind::Latency, LOWER),
    ("ITL", "itl", Kind::Latency, LOWER),
    ("LATENCY", "e2el", Kind::Latency, LOWER),
    ("GTPS", "decode_speed_per_user", Kind::Speed, HIGHER),
    ("GENERATION LATENCY BREAKDOWN", "generation_latency", Kind::Latency, LOWER),
    // Tokens accepted a step of speculative decoding; 1 without it.
    ("ACCEPTANCE BREAKDOWN", "acceptance_length", Kind::Count, None),
    ("ACCEPTANCE LENGTH", "acceptance_length", Kind::Count, None),
];

/// The quantity printed under a key.
pub(super) fn find(key: &str) -> Option<Quantity> {
    let key = without_brackets(key);
    let row = QUANTITIES.iter().find(|row| row.0 == key)?;
    let &(key, name, statistic, kind, direction) = row;
    Some(Quantity {
        key,
        name,
        statistic,
        kind,
        direction,
    })
}

impl Quantity {
    /// The definition of the value printed under `key` in the block `title`.
    pub(super) fn metric(&self, key: &str, title: &str) -> Metric {
        // The latency benchmark's `Total Token Throughput` is requests × average output length ÷ total
        // latency: generated tokens alone.
        let name = match (self.key, title) {
            ("total token throughput", "THROUGHPUT OVERVIEW") => "output_throughput",
            _ => self.name,
        };
        let metric = define(key, name, self.statistic, unit(key));
        decided(metric, self.kind, self.direction)
    }
}

/// The definition of a percentile: its key, what it is of, and the unit printed above it.
pub(super) fn percentile(key: &str, of: &str, unit: Option<&str>) -> Option<Metric> {
    let of = of.to_ascii_uppercase();
    let &(_, name, kind, direction) = BREAKDOWNS.iter().find(|row| row.0 == of)?;
    let word = key.rsplit(']').next().unwrap_or(key);
    let statistic = match without_brackets(word).as_str() {
        "minimum" | "min" => "min".to_owned(),
        "maximum" | "max" => "max".to_owned(),
        "average" | "avg" => "mean".to_owned(),
        other => {
            let percent = other.strip_prefix('p')?;
            percent.parse::<f64>().ok()?;
            other.to_owned()
        }
    };
    Some(decided(
        define(key, name, &statistic, unit),
        kind,
        direction,
    ))
}

fn define(key: &str, name: &str, statistic: &str, unit: Option<&str>) -> Metric {
    let metric = Metric::new(key).named(name, statistic);
    match unit {
        Some(unit) => metric.in_unit(unit),
        None => metric,
    }
}

fn decided(mut metric: Metric, kind: Kind, direction: Option<Direction>) -> Metric {
    metric.kind = Some(kind);
    metric.directed(direction)
}

/// `average time-to-first-token` of `Average time-to-first-token [TTFT] (ms)`.
fn without_brackets(key: &str) -> String {
    let end = key.find(['[', '(']).unwrap_or(key.len());
    let start = key.get(..end).unwrap_or(key);
    start.trim().to_ascii_lowercase()
}

/// The unit in the parentheses that end a key, or a heading before its dashes.
pub(super) fn unit(key: &str) -> Option<&str> {
    let key = key.trim_end_matches(['-', ' ']);
    let (_, unit) = key.strip_suffix(')')?.rsplit_once('(')?;
    Some(unit.trim())
}
