//! What a header or a metric's name says: name, unit and statistic. The name stays as written in
//! the definition's identity; what it means comes from the catalog alone and is never guessed.

use crate::catalog::{Batch, Direction, Kind, Metric, known, unit};

/// Suffixes that name a unit, longest first where one ends another, and the unit's spelling.
const SUFFIXES: [(&str, &str); 22] = [
    ("tokens_per_second", "tokens/second"),
    ("tokens_per_sec", "tokens/sec"),
    ("tokens_per_s", "tokens/s"),
    ("tok_per_s", "tok/s"),
    ("tokens_s", "tokens/s"),
    ("tok_s", "tok/s"),
    ("requests_per_s", "requests/s"),
    ("req_per_s", "req/s"),
    ("samples_per_s", "samples/s"),
    ("seconds", "seconds"),
    ("sec", "sec"),
    ("ns", "ns"),
    ("us", "us"),
    ("ms", "ms"),
    ("s", "s"),
    ("percent", "percent"),
    ("pct", "percent"),
    ("usd", "USD"),
    ("mib", "MiB"),
    ("gib", "GiB"),
    ("mb", "MB"),
    ("gb", "GB"),
];

/// The definition that a name as written stands for; `unit` is what another column says.
pub(super) fn metric(written: &str, unit: Option<&str>, task: Option<&str>) -> Metric {
    let (base, own) = split(written);
    // A header that is only a unit of speed (`tok/s`, `TPS`) is a speed without a name of its own.
    let bare = own.is_none() && unit::find(written).is_some_and(|u| u.kind == Kind::Speed);
    let (base, own) = if bare {
        ("speed", Some(written.trim()))
    } else {
        (base, own)
    };
    let (base, unit) = match (unit, own) {
        (Some(given), Some(own)) if !are_equal(given, own) => (written, Some(given)),
        (given, own) => (base, given.or(own)),
    };
    let mut metric = Metric::new(written);
    // The unit first: what the name says about the direction stands above it.
    if let Some(unit) = unit {
        metric = metric.in_unit(unit);
    }
    if known::find(written).is_none() {
        metric = canonical(metric, base);
    }
    match task {
        Some(task) => metric.of_task(task),
        None => metric,
    }
}

/// A name and its unit: `latency (ms)`, `latency [ms]`, `latency_ms`. Text in parentheses that is
/// no known unit belongs to the name, as in `ARC (25-shot)`.
pub(super) fn split(written: &str) -> (&str, Option<&str>) {
    let written = written.trim();
    for (open, close) in [('(', ')'), ('[', ']')] {
        let inside = written
            .strip_suffix(close)
            .and_then(|w| w.rsplit_once(open));
        if let Some((name, inside)) = inside {
            let (name, inside) = (name.trim_end(), inside.trim());
            if !name.is_empty() && unit::find(inside).is_some() {
                return (name, Some(inside));
            }
        }
    }
    // `decode tok/s`: a last word that is a unit of speed.
    if let Some((name, last)) = written.rsplit_once([' ', '_'])
        && unit::find(last).is_some_and(|u| u.kind == Kind::Speed)
    {
        return (name.trim_end(), Some(last));
    }
    for (suffix, unit) in SUFFIXES {
        match strip(written, suffix) {
            // `tok_s` alone is a rate without a name; `s` or `sec` alone is no name with a unit.
            Some("") if suffix.contains('_') => return (written, Some(unit)),
            Some(name) if name.len() > 1 && name.ends_with('_') => {
                return (name.trim_end_matches('_'), Some(unit));
            }
            _ => {}
        }
    }
    (written, None)
}

/// `written` without an ASCII ending, whatever its case.
fn strip<'w>(written: &'w str, ending: &str) -> Option<&'w str> {
    let at = written.len().checked_sub(ending.len())?;
    let (name, tail) = written.split_at_checked(at)?;
    tail.eq_ignore_ascii_case(ending).then_some(name)
}

/// Whether two spellings are one unit.
pub(super) fn are_equal(a: &str, b: &str) -> bool {
    match (unit::find(a), unit::find(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

/// The canonical name and statistic of a name without its unit.
fn canonical(metric: Metric, base: &str) -> Metric {
    if let Some(known) = known::find(base) {
        return metric.named(known.name, "value");
    }
    if let Some((rest, statistic)) = statistic(base) {
        match known::find(&rest) {
            Some(known) => return metric.named(known.name, statistic),
            // A standard deviation has no better, whatever it is taken of.
            None if statistic == "std" => return metric.named(&rest, statistic),
            None => {}
        }
    }
    let mut metric = metric.named(base, "value");
    // `gsm8k_acc`, `arena score`: the last word says what is measured.
    let last = folded_last(base);
    if metric.kind.is_none() && ["acc", "accuracy", "score", "f1", "em"].contains(&last.as_str()) {
        metric.kind = Some(Kind::Quality);
        metric.direction = metric.direction.or(Some(Direction::Higher));
    }
    metric
}

fn folded_last(name: &str) -> String {
    fold(name).rsplit('_').next().unwrap_or_default().to_owned()
}

/// A statistic at the beginning or the end of a name: `p99_ttft`, `ttft_mean`.
fn statistic(name: &str) -> Option<(String, &'static str)> {
    let folded = fold(name);
    let word = |word: &str| match word {
        "mean" | "avg" | "average" => Some("mean"),
        "median" | "p50" => Some("p50"),
        "p90" => Some("p90"),
        "p95" => Some("p95"),
        "p99" => Some("p99"),
        "min" => Some("min"),
        "max" => Some("max"),
        "std" | "stddev" | "sd" => Some("std"),
        _ => None,
    };
    let first = folded.split_once('_').map(|(first, rest)| (rest, first));
    [first, folded.rsplit_once('_')]
        .into_iter()
        .flatten()
        .find_map(|(rest, end)| Some((rest.to_owned(), word(end)?)))
}

/// A header as it is compared: case, spaces and hyphens do not matter.
pub(super) fn fold(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

/// One note about the metrics of which nothing says which way is better.
pub(super) fn note_directions(batch: &mut Batch) {
    // A known metric without a direction has no better: a count, a duration.
    let open = |metric: &&Metric| {
        let known = known::find(&metric.name).is_some() || metric.statistic == "std";
        metric.direction.is_none() && !known
    };
    let mut names: Vec<String> = batch
        .metrics
        .iter()
        .filter(open)
        .map(|metric| format!("`{}`", metric.name_raw))
        .collect();
    names.dedup();
    let count = names.len();
    if count > 0 {
        names.truncate(8);
        let more = match count {
            0..=8 => String::new(),
            _ => format!(", … ({count} in all)"),
        };
        let names = names.join(", ");
        batch.warn(
            "header",
            format!("nothing says which way is better for {names}{more}"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Direction, Kind};
    use proptest::prelude::*;

    fn described(written: &str) -> (String, String, Option<String>, Option<Direction>) {
        let metric = metric(written, None, None);
        assert_eq!(metric.name_raw, written);
        (metric.name, metric.statistic, metric.unit, metric.direction)
    }

    fn expected(
        name: &str,
        statistic: &str,
        unit: Option<&str>,
        direction: Option<Direction>,
    ) -> (String, String, Option<String>, Option<Direction>) {
        (
            name.into(),
            statistic.into(),
            unit.map(Into::into),
            direction,
        )
    }

    const HIGHER: Option<Direction> = Some(Direction::Higher);
    const LOWER: Option<Direction> = Some(Direction::Lower);

    #[test]
    fn a_unit_stands_in_parentheses_brackets_or_a_suffix() {
        let speed = "Decoding speed with retrieval";
        assert_eq!(
            described("Decoding speed with retrieval (token/sec)"),
            expected(speed, "value", Some("token/sec"), HIGHER)
        );
        assert_eq!(
            described("TTFT [ms]"),
            expected("ttft", "value", Some("ms"), LOWER)
        );
        assert_eq!(
            described("TTFT_MS"),
            expected("ttft", "value", Some("ms"), LOWER)
        );
        assert_eq!(
            described("decode_tok_s"),
            expected("decode_throughput", "value", Some("tok/s"), HIGHER)
        );
        assert_eq!(
            described("tok_s"),
            expected("speed", "value", Some("tok/s"), HIGHER)
        );
        assert_eq!(
            described("vram_GB"),
            expected("memory", "value", Some("GB"), LOWER)
        );
    }

    #[test]
    fn parentheses_that_hold_no_unit_belong_to_the_name() {
        for name in ["ARC (25-shot)", "(ms)", "_ms", "s", "acc ()"] {
            assert_eq!(described(name).0, name);
            assert_eq!(described(name).2, None);
        }
    }

    #[test]
    fn a_statistic_is_told_from_the_metric() {
        assert_eq!(
            described("p99_ttft_ms"),
            expected("ttft", "p99", Some("ms"), LOWER)
        );
        assert_eq!(
            described("itl p99 (ms)"),
            expected("itl", "p99", Some("ms"), LOWER)
        );
        assert_eq!(
            described("std_ttft_ms"),
            expected("ttft", "std", Some("ms"), None)
        );
        assert_eq!(
            described("wait_sd_ms"),
            expected("wait", "std", Some("ms"), None)
        );
        assert_eq!(
            described("mean_wait"),
            expected("mean_wait", "value", None, None)
        );
    }

    #[test]
    fn a_unit_from_another_column_stands_above_the_name() {
        let same = metric("ttft_ms", Some("ms"), Some("chat"));
        assert_eq!(
            (same.name.as_str(), same.task.as_deref()),
            ("ttft", Some("chat"))
        );
        let other = metric("ttft_ms", Some("s"), None);
        assert_eq!((other.name.as_str(), other.factor), ("ttft_ms", 1e3));
        assert_eq!(other.kind, Some(Kind::Latency));
    }

    #[test]
    fn a_metric_nobody_knows_has_no_direction() {
        assert_eq!(described("frobnication_pct").3, None);
        let mut batch = Batch::new("table");
        batch.metric(metric("frobnication", None, None));
        note_directions(&mut batch);
        assert_eq!(batch.notes.len(), 1);
    }

    proptest! {
        #[test]
        fn never_panics(name in "\\PC{0,12}(_ms|\\(ms\\)| \\[s\\]|_tok_s|_std)?") {
            metric(&name, None, None);
        }
    }
}
