//! The keys of a result: `ttft_s_quantiles_p50` is the median of `ttft_s`.

use crate::catalog::{Direction, Kind, Metric};

/// A quantity measured once a request: key, canonical name, unit. The tool names no unit of its counts.
type Quantity = (&'static str, &'static str, Option<&'static str>);

#[rustfmt::skip]
const QUANTITIES: [Quantity; 8] = [
    ("ttft_s", "ttft", Some("s")),
    ("tpot_s", "tpot", Some("s")),
    ("inter_token_latency_s", "itl", Some("s")),
    ("end_to_end_latency_s", "e2el", Some("s")),
    // Tokens of one request by its own latency; the deployment's is `mean_output_throughput…`.
    ("request_output_throughput_token_per_s", "request_output_throughput", Some("tokens/s")),
    ("number_input_tokens", "input_len", None),
    ("number_output_tokens", "output_len", None),
    ("number_total_tokens", "total_len", None),
];

/// Results of the whole run: key, canonical name, unit.
const RESULTS: [Quantity; 6] = [
    ("num_requests_started", "requests_started", None),
    ("error_rate", "error_rate", None),
    ("number_errors", "failed", None),
    (
        "mean_output_throughput_token_per_s",
        "output_throughput",
        Some("tokens/s"),
    ),
    ("num_completed_requests", "completed", None),
    ("num_completed_requests_per_min", "request_throughput", None),
];

/// Quantities that the list of responses holds for each.
pub(super) const EACH: [&str; 7] = [
    "ttft_s",
    "inter_token_latency_s",
    "end_to_end_latency_s",
    "request_output_throughput_token_per_s",
    "number_input_tokens",
    "number_output_tokens",
    "number_total_tokens",
];

/// The quantity a key begins with, and the rest of the key.
pub(super) fn quantity(key: &str) -> Option<(&'static str, &str)> {
    let found = QUANTITIES.iter().map(|(written, ..)| *written);
    let rest = |written: &'static str| {
        let rest = key.strip_prefix(written)?;
        (rest.is_empty() || rest.starts_with('_')).then_some((written, rest))
    };
    found.filter_map(rest).next()
}

/// Whether a key without the word `results` is one of a result.
pub(super) fn is_result(key: &str) -> bool {
    quantity(key).is_some() || RESULTS.iter().any(|(written, ..)| *written == key)
}

/// The metric of a key that has lost the word `results`; `raw` is the key as written.
pub(super) fn metric(raw: &str, key: &str) -> Option<Metric> {
    if let Some(row) = RESULTS.iter().find(|(written, ..)| *written == key) {
        let mut metric = named(raw, row, "value");
        match row.1 {
            "request_throughput" => {
                metric.base_unit = Some("requests/s".to_owned());
                metric.factor = 1.0 / 60.0;
            }
            "error_rate" => {
                metric.kind = Some(Kind::Count);
                metric.direction = Some(Direction::Lower);
            }
            "requests_started" => metric.kind = Some(Kind::Count),
            _ => {}
        }
        return Some(metric);
    }
    let (written, rest) = quantity(key)?;
    let row = QUANTITIES.iter().find(|row| row.0 == written)?;
    let statistic = match rest.strip_prefix('_')? {
        "stddev" => "std",
        word @ ("mean" | "min" | "max") => word,
        word => percentile(word.strip_prefix("quantiles_")?)?,
    };
    let mut metric = named(raw, row, statistic);
    if statistic == "mean" {
        metric.spread_of = Some("requests".to_owned());
    }
    Some(metric)
}

/// The metric of the values behind a quantity.
pub(super) fn each(key: &str) -> Metric {
    let row = QUANTITIES.iter().find(|row| row.0 == key);
    row.map_or_else(|| Metric::new(key), |row| named(key, row, "each"))
}

fn percentile(word: &str) -> Option<&str> {
    let percent: f64 = word.strip_prefix('p')?.parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(word)
}

fn named(raw: &str, row: &Quantity, statistic: &str) -> Metric {
    let &(_, name, unit) = row;
    let metric = Metric::new(raw);
    let mut metric = match unit {
        Some(unit) => metric.in_unit(unit),
        None => metric,
    };
    metric = metric.named(name, statistic);
    if name.ends_with("_len") {
        metric.kind = Some(Kind::Count);
        metric.base_unit = Some("tokens".to_owned());
    }
    metric
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_which_statistic_of_which_quantity() {
        let of = |key: &str| {
            let metric = metric(key, key)?;
            Some((metric.name, metric.statistic, metric.unit))
        };
        let is = |name: &str, statistic: &str, unit: Option<&str>| {
            Some((
                name.to_owned(),
                statistic.to_owned(),
                unit.map(str::to_owned),
            ))
        };
        assert_eq!(of("ttft_s_quantiles_p50"), is("ttft", "p50", Some("s")));
        assert_eq!(
            of("end_to_end_latency_s_stddev"),
            is("e2el", "std", Some("s"))
        );
        assert_eq!(
            of("request_output_throughput_token_per_s_max"),
            is("request_output_throughput", "max", Some("tokens/s"))
        );
        assert_eq!(
            of("mean_output_throughput_token_per_s"),
            is("output_throughput", "value", Some("tokens/s"))
        );
        assert_eq!(
            of("number_input_tokens_mean"),
            is("input_len", "mean", None)
        );
        for key in ["ttft_s", "ttft_s_quantiles_p101", "ttft_sum_mean", "other"] {
            assert_eq!(of(key), None, "{key}");
        }
    }

    #[test]
    fn requests_a_minute_meet_requests_a_second() {
        let metric = metric("x", "num_completed_requests_per_min").unwrap();
        assert_eq!(metric.base_unit.as_deref(), Some("requests/s"));
        assert_eq!(metric.factor * 120.0, 2.0);
        assert_eq!(metric.direction, Some(Direction::Higher));
    }

    #[test]
    fn more_errors_are_worse() {
        let metric = metric("x", "error_rate").unwrap();
        assert_eq!(metric.direction, Some(Direction::Lower));
    }
}
