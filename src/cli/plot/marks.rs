//! Lines over time and bars.

use polars::frame::DataFrame;

use crate::analysis::{Series, Trend, TrendOptions, columns, trend};
use crate::catalog::{Value, known};
use crate::chart::{self, Drawing, Facets};
use crate::query::{AxisEncoding, Parameter};
use crate::report::{self, Axis, Frame, MOST_LINES};

use super::super::axes;
use super::super::context::{Context, VERSION};
use super::super::failure::Hinted;
use super::super::history::{self, Columns};
use super::super::options::{AxisOptions, ObjectiveOptions};
use super::super::rows::Asked;
use super::super::shell::word;
use super::look::Look;

/// Columns that must agree in all rows before their values have one axis.
const ONE_AXIS: [&str; 9] = [
    "task",
    "metric",
    "statistic",
    "qualifier",
    "unit",
    "shots",
    "task_version",
    "format",
    "is_aggregate",
];

/// Refuses rows of several metrics.
fn one_metric(asked: &Asked, frame: &DataFrame) -> anyhow::Result<()> {
    if frame.height() == 0 {
        return Err(chart::ChartError::NoPoints.into());
    }
    let differs = |column: &&&str| {
        let Some(name) = columns::name_of(frame, column) else {
            return false;
        };
        let mut values = columns::texts(frame, &name).unwrap_or_default();
        values.dedup();
        values.len() > 1
    };
    let Some(column) = ONE_AXIS.iter().find(differs) else {
        return Ok(());
    };
    let mut values: Vec<String> = columns::texts(frame, column)?
        .into_iter()
        .flatten()
        .collect();
    values.sort();
    values.dedup();
    let written = |value: &String| Parameter::text(&Value::Text(value.clone()));
    let mut some: Vec<String> = values.iter().take(5).map(written).collect();
    if values.len() > some.len() {
        some.push("…".to_owned());
    }
    let takes = asked
        .saved()
        .is_some_and(|query| query.parameters.iter().any(|p| p.name == **column));
    let hint = match (takes, values.first()) {
        (true, Some(first)) => {
            let given = word(&format!("{column}={}", written(first)));
            format!(
                "choose one with `-p {given}`; there are {}",
                some.join(", ")
            )
        }
        _ => format!(
            "choose one with WHERE {column} = …; there are {}",
            some.join(", ")
        ),
    };
    Err(Hinted::new(
        format!("the rows hold several values of `{column}`, which have no axis in common"),
        hint,
    )
    .into())
}

/// The axis of the values: called after the metric, where the rows say it in a column of its own.
fn value_axis(
    asked: &Asked,
    frame: &DataFrame,
    column: &str,
    header: Option<&AxisEncoding>,
    objectives: &ObjectiveOptions,
) -> anyhow::Result<Axis> {
    let mut axis = axes::axis(asked, frame, column, header, objectives)?;
    let constant = |name: &str| columns::constant(frame, name);
    if let Some(metric) = constant("metric").filter(|_| header.is_none_or(|h| h.title.is_none())) {
        let task = constant("task").filter(|task| !task.starts_with("row "));
        let unit = constant("unit").filter(|unit| !unit.starts_with("row "));
        let name = [task.as_deref(), Some(known::title(&metric))];
        let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
        axis.title = match unit {
            Some(unit) => format!("{name} ({unit})"),
            None => name,
        };
    }
    let word = constant("direction").and_then(|word| word.parse().ok());
    axis.direction = axis.direction.or(word);
    Ok(axis)
}

/// One line a series.
pub(super) fn line(
    cx: &Context,
    asked: &mut Asked,
    axes: &AxisOptions,
    look: &Look,
) -> anyhow::Result<Drawing> {
    let frame = asked.frame(cx)?;
    one_metric(asked, &frame)?;
    let encoding = asked.encoding();
    let cues = look.cues(asked);
    let value = axes.y.clone().or_else(|| encoding.y.map(|y| y.column));
    let time = axes
        .one_x()?
        .cloned()
        .or_else(|| encoding.x.map(|x| x.column));
    let by: Vec<String> = cues.facet.iter().chain(&cues.color).cloned().collect();
    let columns = Columns::of(&frame, value, time, by.clone())?;
    let (mut series, notes) = history::gather(&frame, &columns, None)?;
    notes
        .iter()
        .for_each(|note| cx.say(&format!("note: {note}")));
    if by.is_empty() {
        // One line has no name but that of its values.
        series
            .iter_mut()
            .for_each(|s| s.key.metric.clone_from(&columns.value));
    }
    let axis = axes::axis(
        asked,
        &frame,
        &columns.value,
        None,
        &ObjectiveOptions::default(),
    )?;
    history::direct(&mut series, axis.direction);
    let trends = series
        .iter()
        .map(|series| {
            trend(
                series,
                &TrendOptions {
                    alpha: 0.05,
                    last: None,
                    since: None,
                },
            )
        })
        .collect::<Result<Vec<Trend>, _>>()?;
    let around = Frame {
        title: look
            .title
            .clone()
            .or_else(|| asked.saved().map(|q| q.title.clone()))
            .unwrap_or_else(|| axis.title.clone()),
        subtitle: look.subtitle.clone().or_else(|| changed(&trends)),
        caption: caption(asked, look, &series),
        y_title: look.y_title.clone().unwrap_or(axis.title),
        x_title: look
            .x_title
            .clone()
            .or(columns.time)
            .unwrap_or_else(|| "row".to_owned()),
    };
    let named: Vec<(String, &Trend)> = trends.iter().map(|t| (t.key.metric.clone(), t)).collect();
    let drawing = match cues.facet {
        None if named.len() > MOST_LINES => {
            let message = format!("{} lines in one chart cannot be told apart", named.len());
            let hint =
                format!("draw at most {MOST_LINES}, or give each a panel with `--facet COLUMN`");
            return Err(Hinted::new(message, hint).into());
        }
        None => chart::history(&report::course(&named, &around), look.paper())?,
        Some(_) => {
            let whole = report::course(&named, &around);
            let panels = panels(&whole.series, cues.color.is_some());
            let shared = chart::History {
                series: Vec::new(),
                ..whole
            };
            chart::facets(&Facets::History { shared, panels }, look.paper())?
        }
    };
    super::say_notes(cx, &drawing);
    Ok(drawing)
}

/// The lines by panel: the name of a line is `panel, line`, or that of its panel alone.
fn panels(lines: &[chart::Series], several: bool) -> Vec<(String, Vec<chart::Series>)> {
    let mut panels: Vec<(String, Vec<chart::Series>)> = Vec::new();
    for line in lines {
        let (panel, name) = match line.name.split_once(", ") {
            Some((panel, name)) if several => (panel.to_owned(), name.to_owned()),
            _ => (line.name.clone(), line.name.clone()),
        };
        let line = chart::Series {
            name,
            ..line.clone()
        };
        match panels.iter_mut().find(|(known, _)| *known == panel) {
            Some((_, lines)) => lines.push(line),
            None => panels.push((panel, vec![line])),
        }
    }
    panels
}

/// What changed, of a single series.
fn changed(trends: &[Trend]) -> Option<String> {
    match trends {
        [only] => Some(only.sentence.clone()),
        _ => None,
    }
}

fn caption(asked: &Asked, look: &Look, series: &[Series]) -> Vec<String> {
    let n: usize = series
        .iter()
        .map(|s| s.points.iter().filter(|p| p.value.is_some()).count())
        .sum();
    let query = asked.name().unwrap_or("SQL");
    let facts = format!(
        "n = {n}; vertical lines: changes of level (alpha 0.05), dashed where possible or suspect. Query: {query}. tradeoff {VERSION}"
    );
    look.note.iter().cloned().chain([facts]).collect()
}

/// One bar a row.
pub(super) fn bar(
    cx: &Context,
    asked: &mut Asked,
    axes: &AxisOptions,
    objectives: &ObjectiveOptions,
    look: &Look,
) -> anyhow::Result<Drawing> {
    let frame = asked.frame(cx)?;
    one_metric(asked, &frame)?;
    let encoding = asked.encoding();
    let header = encoding.y.clone();
    let column = axes
        .y
        .clone()
        .or_else(|| header.as_ref().map(|y| y.column.clone()));
    let column = column.or_else(|| columns::number_columns(&frame).into_iter().next());
    let Some(column) = column else {
        return Err(Hinted::new(
            "the rows have no column of numbers",
            "name one with `--y COLUMN`",
        )
        .into());
    };
    let mut value = value_axis(asked, &frame, &column, header.as_ref(), objectives)?;
    value.log = header.is_some_and(|y| y.log);
    if let Some(title) = &look.y_title {
        value.title.clone_from(title);
    }
    let label = axes::label(asked, &frame, axes);
    let mut marking = look.marking(asked);
    marking.title = marking
        .title
        .or_else(|| asked.saved().map(|q| q.title.clone()));
    let board = report::leaderboard(&frame, &value, label.as_deref(), &marking)?;
    let drawing = chart::leaderboard(&board, look.paper())?;
    super::say_notes(cx, &drawing);
    Ok(drawing)
}
