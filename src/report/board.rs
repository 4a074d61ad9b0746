//! A leaderboard as the plain data of a chart.

use polars::frame::DataFrame;

use crate::analysis::{AnalysisError, columns};
use crate::chart::{Bar, Leaderboard};
use crate::stats::normal_quantile;

use super::picture::{Marking, axis};
use super::tradeoff::Axis;

/// The bars of the rows of a frame, best first where it is known which way is better: `value` is the axis of the bars. Intervals are 95 %
/// ones, from the columns `X_low` and `X_high` or `low` and `high`, else from the standard errors of
/// the values, which are taken as normal. Neighbours with the same number in a column `tie_group` cannot be told apart.
///
/// # Errors
/// [`AnalysisError::NoColumn`], [`AnalysisError::NotANumber`].
pub fn leaderboard(
    frame: &DataFrame,
    value: &Axis,
    label: Option<&str>,
    marking: &Marking,
) -> Result<Leaderboard, AnalysisError> {
    let labels = columns::labels(frame, label)?;
    let values = columns::numbers(frame, &value.column)?;
    let (ends, how) = intervals(frame, value, &values)?;
    let ties = match columns::name_of(frame, "tie_group") {
        Some(column) => columns::numbers(frame, &column)?,
        None => Vec::new(),
    };
    let mut left_out = Vec::new();
    let mut bars = Vec::new();
    for (row, (label, value)) in labels.into_iter().zip(values).enumerate() {
        let Some(value) = value.filter(|v| v.is_finite()) else {
            left_out.push(label);
            continue;
        };
        let tie = ties.get(row).copied().flatten();
        bars.push(Bar {
            highlighted: marking.highlight.as_ref() == Some(&label),
            label,
            value,
            interval: ends.get(row).copied().flatten(),
            tie: tie.filter(|tie| *tie >= 0.0).map(|tie| tie as u32),
        });
    }
    if let Some(direction) = value.direction {
        let gain = |bar: &Bar| direction.gain(bar.value);
        bars.sort_by(|a, b| gain(b).total_cmp(&gain(a)));
    }
    let best = bars.first().filter(|_| value.direction.is_some());
    let best = best.map(|bar| format!("{} has the best {}", bar.label, value.title));
    let out = match left_out.len() {
        0 => "none left out".to_owned(),
        n => format!("{n} left out, they have no value"),
    };
    let facts = format!("n = {}, {out}; {how}. {}", bars.len(), marking.made_by);
    Ok(Leaderboard {
        title: marking
            .title
            .clone()
            .or(best)
            .unwrap_or_else(|| value.title.clone()),
        subtitle: marking.subtitle.clone(),
        caption: marking.note.iter().cloned().chain([facts]).collect(),
        value: axis(value),
        bars,
    })
}

type Ends = Vec<Option<(f64, f64)>>;

fn intervals(
    frame: &DataFrame,
    value: &Axis,
    values: &[Option<f64>],
) -> Result<(Ends, &'static str), AnalysisError> {
    let find = |end: &str| {
        let own = columns::name_of(frame, &format!("{}_{end}", value.column));
        own.or_else(|| columns::name_of(frame, end))
    };
    if let (Some(low), Some(high)) = (find("low"), find("high")) {
        let (low, high) = (
            columns::numbers(frame, &low)?,
            columns::numbers(frame, &high)?,
        );
        let ends = low
            .into_iter()
            .zip(high)
            .map(|(low, high)| Some((low?, high?)));
        return Ok((ends.collect(), "bars: the intervals of the rows"));
    }
    let Some(errors) = columns::stderrs(frame, &value.column)? else {
        return Ok((Vec::new(), "no standard errors recorded"));
    };
    let reach = normal_quantile(0.975).unwrap_or(1.96);
    let ends = values.iter().zip(errors).map(|(value, error)| {
        let (value, half) = ((*value)?, reach * error?);
        Some((value - half, value + half))
    });
    Ok((
        ends.collect(),
        "bars: 95 % intervals from the standard errors",
    ))
}
