//! What MLPerf's accuracy scripts print: a Python dict (`{'rouge1': 44.6, …}`) or `accuracy=76.4%, …`,
//! and the hash of the log that was scored.

use super::super::json::Number;
use super::super::{ImportError, Input};
use super::{describe, invalid};
use crate::catalog::{Batch, Direction, Kind, Measurement, Metric, Run};

/// Counts among the scores.
const COUNTS: [&str; 6] = [
    "gen_len",
    "gen_num",
    "gen_tok_len",
    "tokens_per_sample",
    "good",
    "total",
];

/// Scores that the reference scripts multiply by 100.
const PERCENTS: [&str; 10] = [
    "rouge1",
    "rouge2",
    "rougeL",
    "rougeLsum",
    "exact_match",
    "f1",
    "accuracy",
    "gsm8k",
    "mbxp",
    "AUC",
];

/// The keys of which one must be there.
const SCORES: [&str; 4] = ["rouge", "exact_match", "accuracy", "AUC"];

/// Whether a text is what an accuracy script prints.
pub(super) fn is_accuracy(text: &str) -> bool {
    let hashed = text.lines().any(is_hash);
    text.lines().any(|line| {
        let counted = line.contains("'gen_num'") && line.contains("'gen_len'");
        (hashed || counted) && scores(line).is_some()
    })
}

/// Keys and values of a line that holds a score.
fn scores(line: &str) -> Option<Vec<(&str, &str)>> {
    let is_score = |(key, _): &(&str, &str)| SCORES.iter().any(|score| key.starts_with(score));
    pairs(line.trim()).filter(|pairs| pairs.iter().any(is_score))
}

/// `hash=` and a SHA-256, added by the script that shortens the log for a submission.
fn is_hash(line: &str) -> bool {
    line.trim()
        .strip_prefix("hash=")
        .is_some_and(|hash| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The run of one accuracy text.
pub(super) fn read(input: &Input<'_>, batch: &mut Batch) -> Result<(), ImportError> {
    let text = std::str::from_utf8(input.sniff.bytes)
        .map_err(|error| invalid(input, format!("byte {}", error.valid_up_to()), "not UTF-8"))?;
    let mut run = Run::default();
    describe(&mut run, input.path, batch);
    for (number, line) in (1..).zip(text.lines()) {
        if is_hash(line) {
            let hash = line.trim().trim_start_matches("hash=");
            run.details.insert("log_hash".to_owned(), hash.into());
            continue;
        }
        for (key, value) in scores(line).into_iter().flatten() {
            measure(key, value, &format!("line {number}"), &mut run, batch);
        }
    }
    if run.measurements.is_empty() {
        return Err(invalid(input, "content", "holds no score"));
    }
    batch.runs.push(run);
    Ok(())
}

fn measure(key: &str, text: &str, place: &str, run: &mut Run, batch: &mut Batch) {
    let mut metric = Metric::new(key);
    if PERCENTS.contains(&key) {
        metric = metric.in_unit("percent").directed(Some(Direction::Higher));
        metric.kind = Some(Kind::Quality);
    } else if COUNTS.contains(&key) {
        metric.kind = Some(Kind::Count);
    }
    let definition = batch.metric(metric);
    if run.measurements.iter().any(|m| m.metric == definition) {
        batch.reject(place, format!("`{key}` stands twice; the first counts"));
        return;
    }
    run.measurements.push(match Number::of_text(text) {
        Number::Finite(x) | Number::Quoted(x) => Measurement::new(definition, x),
        Number::Missing(why) => Measurement::missing(definition, why),
    });
}

/// Keys and values of `{'a': 1, "b": '2'}` or `a=1%, b=2`; none where a line is neither.
fn pairs(line: &str) -> Option<Vec<(&str, &str)>> {
    let (inside, separator) = match line.strip_prefix('{') {
        Some(rest) => (rest.strip_suffix('}')?, ':'),
        None => (line, '='),
    };
    let parts = inside.split(',').filter(|part| !part.trim().is_empty());
    let pairs = parts.map(|part| {
        let (key, value) = part.split_once(separator)?;
        let (key, value) = (unquoted(key), unquoted(value));
        let plain = |c: char| c.is_ascii_alphanumeric() || "_@-. ".contains(c);
        let named = !key.is_empty() && key.chars().all(plain);
        named.then_some((key, number(value)))
    });
    let pairs: Option<Vec<_>> = pairs.collect();
    pairs.filter(|pairs| !pairs.is_empty())
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['\'', '"'])
}

/// `44.6` of `np.float64(44.6)` and of `44.6%`.
fn number(text: &str) -> &str {
    let inside = text.strip_prefix("np.float64(");
    let text = inside.and_then(|t| t.strip_suffix(')')).unwrap_or(text);
    text.strip_suffix('%').unwrap_or(text)
}
