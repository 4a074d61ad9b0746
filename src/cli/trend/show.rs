//! Trends for people and for scripts.

use serde::Serialize;

use crate::analysis::{ChangePoint, PointState, Trend, TrendStatus};
use crate::catalog::Value;
use crate::catalog::number::short;
use crate::output::{Format, Rows};
use crate::report::{QUIET, rank};

use super::super::context::Context;
use super::super::history::name;
use super::TrendCommand;

/// The JSON of all trends.
#[derive(Serialize)]
struct Document<'a> {
    alpha: f64,
    series: &'a [Trend],
}

/// Writes the trends.
pub(super) fn show(cx: &Context, command: &TrendCommand, trends: &[Trend]) -> anyhow::Result<()> {
    match command.output.format() {
        Format::Json => {
            let document = Document {
                alpha: command.series.alpha,
                series: trends,
            };
            cx.json(&command.output, &document)?;
        }
        Format::Table | Format::Markdown => {
            let mut listed: Vec<&Trend> = trends
                .iter()
                .filter(|trend| command.all || rank(trend) < QUIET)
                .collect();
            if command.by.is_empty() {
                listed.sort_by_key(|trend| rank(trend));
            }
            if !listed.is_empty() || command.output.file().is_some() {
                cx.rows(&command.output, |out| people(&listed, out))?;
            }
            cx.say(&summary(trends, listed.len()));
        }
        _ => cx.rows(&command.output, |out| scripts(trends, out))?,
    }
    Ok(())
}

fn people(listed: &[&Trend], out: &mut dyn Rows) -> anyhow::Result<()> {
    let header = ["series", "runs", "newest", "course", "what changed"];
    out.header(&header.map(str::to_owned))?;
    for trend in listed {
        let newest = trend.points.iter().rev().find_map(|point| point.value);
        let unit = trend.key.unit.as_ref().map(|unit| format!(" {unit}"));
        let newest = newest.map(|value| format!("{}{}", short(value), unit.unwrap_or_default()));
        out.row(&[
            Value::Text(name(&trend.key)),
            Value::Integer(trend.present as i64),
            newest.map_or(Value::Null, Value::Text),
            Value::Text(course(trend)),
            Value::Text(trend.sentence.clone()),
        ])?;
    }
    Ok(())
}

/// How many values a course shows: the newest.
const SHOWN: usize = 24;

/// The newest values as bars of eight heights from the smallest to the largest of them; a dot where
/// one is missing.
fn course(trend: &Trend) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let from = trend.points.len().saturating_sub(SHOWN);
    let newest: Vec<Option<f64>> = trend.points.iter().skip(from).map(|p| p.value).collect();
    let known = newest.iter().flatten().copied();
    let (low, high) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
        (l.min(v), h.max(v))
    });
    let bar = |value: &Option<f64>| match value {
        None => '·',
        Some(value) if high > low => {
            let height = ((value - low) / (high - low) * 7.0).round();
            BARS.get(height as usize).copied().unwrap_or('█')
        }
        Some(_) => BARS[3],
    };
    newest.iter().map(bar).collect()
}

fn summary(trends: &[Trend], listed: usize) -> String {
    let count = |what: fn(&Trend) -> bool| trends.iter().filter(|trend| what(trend)).count();
    let open = count(|trend| trend.open_regressions().next().is_some());
    let changed = count(|trend| !trend.change_points.is_empty());
    let drifting = count(|trend| trend.drift.is_some() && trend.change_points.is_empty());
    let short =
        count(|trend| trend.status == TrendStatus::TooShort && trend.change_points.is_empty());
    let hidden = match trends.len() - listed {
        0 => String::new(),
        n => format!("; {n} not listed, `--all` lists them"),
    };
    let quiet = trends.len() - changed - drifting - short;
    let series = if trends.len() == 1 {
        "1 series".to_owned()
    } else {
        format!("{} series", trends.len())
    };
    format!(
        "{series}: {} with an open regression, {} changed, {} drifting, {} without a change, {} too short (8 values are needed){hidden}",
        open, changed, drifting, quiet, short
    )
}

const HEADER: [&str; 20] = [
    "model",
    "task",
    "metric",
    "statistic",
    "qualifier",
    "unit",
    "workload",
    "config",
    "status",
    "present",
    "index",
    "run",
    "time",
    "before",
    "after",
    "change",
    "relative_change",
    "p",
    "state",
    "verdict",
];

/// One row a change; a series without any has one row that says so.
fn scripts(trends: &[Trend], out: &mut dyn Rows) -> anyhow::Result<()> {
    let last = ["acknowledged"];
    let header: Vec<String> = HEADER
        .iter()
        .chain(&last)
        .map(|&name| name.to_owned())
        .collect();
    out.header(&header)?;
    for trend in trends {
        if trend.change_points.is_empty() {
            out.row(&row(trend, None))?;
        }
        for change in &trend.change_points {
            out.row(&row(trend, Some(change)))?;
        }
    }
    Ok(())
}

fn row(trend: &Trend, change: Option<&ChangePoint>) -> Vec<Value> {
    let key = &trend.key;
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
    let status = match trend.status {
        TrendStatus::Ok => "ok",
        TrendStatus::TooShort => "too short",
        TrendStatus::Constant => "constant",
    };
    let state = |change: &ChangePoint| match change.state {
        PointState::Confirmed => "confirmed",
        PointState::Possible => "possible",
        PointState::Suspect => "suspect",
    };
    let number = |of: fn(&ChangePoint) -> Option<f64>| Value::from(change.and_then(of));
    let integer = |of: fn(&ChangePoint) -> Option<i64>| {
        change.and_then(of).map_or(Value::Null, Value::Integer)
    };
    vec![
        text(&key.model),
        text(&key.task),
        Value::Text(key.metric.clone()),
        text(&key.statistic),
        text(&key.qualifier),
        text(&key.unit),
        text(&key.workload),
        text(&key.config),
        status.into(),
        Value::Integer(trend.present as i64),
        integer(|c| Some(c.index as i64)),
        integer(|c| c.run),
        change.map_or(Value::Null, |c| text(&c.time)),
        number(|c| Some(c.before)),
        number(|c| Some(c.after)),
        number(|c| Some(c.change)),
        number(|c| c.relative_change),
        number(|c| c.p_guarded),
        change.map_or(Value::Null, |c| state(c).into()),
        change
            .and_then(|c| c.verdict)
            .map_or(Value::Null, |v| v.as_str().into()),
        change.map_or(Value::Null, |c| text(&c.acknowledged)),
    ]
}
