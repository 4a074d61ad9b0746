//! A column of confidence intervals: `+5/-4` or `±5` around the metric in the column before it, as LMArena's
//! tables write it.

use crate::catalog::{Batch, Measurement};

use super::super::ImportError;
use super::roles::{self, About, Layout, Part};
use super::source::Source;
use super::tally::Tally;

/// Headers without case, spaces, underscores and hyphens, and without the level before them.
const HEADERS: [&str; 4] = ["ci", "pctci", "%ci", "confidenceinterval"];

/// Makes open columns that hold intervals companions of the metric before them.
pub(super) fn find(
    source: &Source<'_>,
    layout: &mut Layout,
    tallies: &[Tally],
    batch: &mut Batch,
) -> Result<(), ImportError> {
    for (column, name) in source.columns.iter().enumerate() {
        let is_open = |at: usize| matches!(layout.parts.get(at), Some(Part::Open));
        let is_metric = |at: &usize| {
            let is_numeric = tallies.get(*at).is_some_and(Tally::is_numeric);
            is_open(*at) && is_numeric || matches!(layout.parts.get(*at), Some(Part::Measure(_)))
        };
        let Some(of) = column.checked_sub(1).filter(is_metric) else {
            continue;
        };
        if !is_open(column) || level(name).is_none() || !holds_intervals(source, column)? {
            continue;
        }
        let level = level(name).flatten();
        let metric = source.columns.get(of).map_or("", String::as_str);
        let level = level.map_or(String::new(), |percent| format!("{percent} % "));
        batch.guess(
            "header",
            format!("column `{name}` read as the {level}confidence interval of `{metric}`"),
        );
        if let Some(part) = layout.parts.get_mut(column) {
            *part = Part::Companion(of, About::Interval);
        }
    }
    Ok(())
}

/// Whether a header names an interval, and its level in percent where it says one: `95_pct_ci`.
fn level(header: &str) -> Option<Option<u32>> {
    let name = roles::squeeze(header);
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let (level, rest) = name.split_at_checked(digits)?;
    HEADERS.contains(&rest).then(|| level.parse().ok())
}

/// Whether every cell of a column that is not blank is an interval.
fn holds_intervals(source: &Source<'_>, column: usize) -> Result<bool, ImportError> {
    let (mut some, mut all) = (false, true);
    source.for_each(|row| {
        let text = row.get(column);
        if !text.is_empty() {
            some = true;
            all &= read(text).is_some();
        }
        Ok(super::stop_if(!all))
    })?;
    Ok(some && all)
}

/// How far an interval reaches below and above: 4 and 5 of `+5/-4`, 5 and 5 of `±5`.
pub(super) fn read(text: &str) -> Option<(f64, f64)> {
    let number = |text: &str| {
        let x: f64 = text.trim().parse().ok()?;
        (x.is_finite() && x >= 0.0).then_some(x)
    };
    let text = text.trim().replace('−', "-");
    if let Some(both) = text.strip_prefix('±') {
        return number(both).map(|x| (x, x));
    }
    let (first, second) = text.split_once('/')?;
    let (first, second) = (first.trim(), second.trim());
    let (above, below) = match first.strip_prefix('+') {
        Some(above) => (above, second.strip_prefix('-')?),
        None => (second.strip_prefix('+')?, first.strip_prefix('-')?),
    };
    Some((number(below)?, number(above)?))
}

/// A value with the interval that a cell writes around it.
pub(super) fn around(mut measurement: Measurement, text: &str) -> Measurement {
    if let (Some(value), Some((below, above))) = (measurement.value, read(text)) {
        let (low, high) = (value - below, value + above);
        if low.is_finite() && high.is_finite() {
            let detail = measurement.detail.get_or_insert_default();
            (detail.low, detail.high) = (Some(low), Some(high));
        }
    }
    measurement
}

#[cfg(test)]
mod tests {
    use super::super::tests::{import, values};
    use super::*;

    fn bounds(batch: &Batch, run: usize, at: usize) -> (Option<f64>, Option<f64>) {
        let detail = batch.runs[run].measurements[at].detail.as_deref();
        detail.map_or((None, None), |detail| (detail.low, detail.high))
    }

    #[test]
    fn an_interval_belongs_to_the_metric_before_it() {
        let text = "model,arena_score,95_pct_ci,votes\nm,1470,+5/-4,26019\nk,1400,,12\n";
        let batch = import(text, &[]).unwrap();
        assert_eq!(
            values(&batch),
            [
                "k - arena_score - 1400",
                "k - votes - 12",
                "m - arena_score - 1470",
                "m - votes - 26019"
            ]
        );
        assert_eq!(bounds(&batch, 0, 0), (Some(1466.0), Some(1475.0)));
        assert_eq!(bounds(&batch, 0, 1), (None, None));
        assert_eq!(bounds(&batch, 1, 0), (None, None));
        assert!(batch.runs[0].settings.is_empty());
        assert_eq!(
            batch.notes[1].reason,
            "column `95_pct_ci` read as the 95 % confidence interval of `arena_score`"
        );
    }

    #[test]
    fn an_interval_is_written_in_several_ways() {
        for (text, reach) in [
            ("+5/-4", (4.0, 5.0)),
            ("-4/+5", (4.0, 5.0)),
            ("+5.5 / −4", (4.0, 5.5)),
            ("± 3", (3.0, 3.0)),
        ] {
            assert_eq!(read(text), Some(reach), "{text}");
        }
        for text in ["", "5", "+5", "5/4", "+x/-4", "+5/-inf", "+-5/-4", "/"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_column_with_other_text_stays_a_setting() {
        let batch = import("model,score,ci\nm,1,+5/-4\nk,2,wide\n", &[]).unwrap();
        assert_eq!(batch.runs[1].settings["ci"], "wide");
        assert_eq!(bounds(&batch, 0, 0), (None, None));
        let first = import("model,ci,score\nm,+5/-4,1\n", &[]).unwrap();
        assert_eq!(first.runs[0].settings["ci"], "+5/-4");
    }

    #[test]
    fn only_headers_that_say_interval_do() {
        assert_eq!(level("95_pct_ci"), Some(Some(95)));
        assert_eq!(level("95% CI"), Some(Some(95)));
        assert_eq!(level("CI"), Some(None));
        for header in ["cisco", "precision", "95", ""] {
            assert_eq!(level(header), None, "{header}");
        }
    }
}
