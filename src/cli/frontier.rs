//! `frontier`: which models are worth running.

use std::io::Write;

use polars::frame::DataFrame;
use serde_json::{Map, Value as Json, json};

use crate::analysis::{Frontier, LISTED, Objective, Placed};
use crate::catalog::number::short;
use crate::catalog::Value;
use crate::output::Format;

use super::axes;
use super::context::Context;
use super::failure::Outcome;
use super::options::{AxisOptions, ObjectiveOptions, OutputOptions, RowOptions};
use super::rows::Asked;

/// Find the models worth running: the Pareto frontier, the layers behind it, who beats whom
#[derive(Debug, clap::Args)]
#[command(name = "frontier", after_help = "Examples:\n  tradeoff frontier speed_vs_score\n  tradeoff frontier --data models.csv --max speed --max score --min cost\n  tradeoff frontier speed_vs_score -p task=gsm8k -f json")]
pub(super) struct FrontierCommand {
    #[command(flatten)]
    rows: RowOptions,
    #[command(flatten)]
    objectives: ObjectiveOptions,
    /// The column that names the points [default: the query's own, else `model`]
    #[arg(long, value_name = "COLUMN", help_heading = "Objectives")]
    label: Option<String>,
    /// List dominated points above 1,000 rows too
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    output: OutputOptions,
}

impl FrontierCommand {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        let asked = self.rows.ask(cx)?;
        let frame = asked.frame(cx)?;
        super::rows::enough(&asked, frame.height())?;
        let options = AxisOptions { label: self.label.clone(), ..AxisOptions::default() };
        let label = axes::label(&asked, &frame, &options);
        let objectives = self.find_objectives(&asked, &frame, &options)?;
        let frontier = Frontier::of(&frame, label.as_deref(), &objectives)?;
        for left_out in &frontier.excluded {
            cx.say(&format!("left out: {} ({})", left_out.label, left_out.reason));
        }
        let listed = if self.all || frontier.points.len() <= LISTED { frontier.points.len() } else { frontier.size() };
        match self.output.format() {
            Format::Json => cx.json(&self.output, &to_json(&frontier, listed))?,
            format => {
                cx.rows(&self.output, |rows| {
                    rows.header(&header(&frontier, label.as_deref()))?;
                    for point in frontier.points.iter().take(listed) {
                        rows.row(&row(&frontier, point))?;
                    }
                    Ok(())
                })?;
                if matches!(format, Format::Table) && self.output.file().is_none() {
                    cx.bytes(&self.output, |out| remarks(&frontier, listed, out))?;
                }
            }
        }
        Ok(Outcome::Fine)
    }

    /// The columns named by flags, else the axes of the saved query.
    fn find_objectives(&self, asked: &Asked, frame: &DataFrame, options: &AxisOptions) -> anyhow::Result<Vec<Objective>> {
        if self.objectives.max.is_empty() && self.objectives.min.is_empty() {
            let found = axes::both(asked, frame, options, &self.objectives)?;
            return [found.x, found.y]
                .into_iter()
                .map(|axis| Ok(Objective { direction: axes::direction(&axis)?, column: axis.column, log: axis.log }))
                .collect();
        }
        let encoding = asked.encoding();
        let columns = self.objectives.max.iter().chain(&self.objectives.min);
        columns
            .map(|column| {
                let header = [&encoding.x, &encoding.y].into_iter().flatten().find(|a| a.column == *column);
                let axis = axes::axis(asked, frame, column, header, &self.objectives)?;
                let log = header.is_some_and(|a| a.log);
                Ok(Objective { direction: axes::direction(&axis)?, column: axis.column, log })
            })
            .collect()
    }
}

fn header(frontier: &Frontier, label: Option<&str>) -> Vec<String> {
    let columns = frontier.objectives.iter().map(|o| o.column.clone());
    std::iter::once(label.unwrap_or("row").to_owned())
        .chain(columns)
        .chain(["layer", "dominated by"].map(str::to_owned))
        .collect()
}

fn row(frontier: &Frontier, point: &Placed) -> Vec<Value> {
    let by: Vec<&str> = names(frontier, point).collect();
    std::iter::once(Value::Text(point.label.clone()))
        .chain(point.values.iter().map(|v| Value::Real(*v)))
        .chain([Value::Integer(point.layer as i64), if by.is_empty() { Value::Null } else { Value::Text(by.join(", ")) }])
        .collect()
}

fn names<'a>(frontier: &'a Frontier, point: &'a Placed) -> impl Iterator<Item = &'a str> {
    point.dominated_by.iter().filter_map(|&i| frontier.points.get(i)).map(|p| p.label.as_str())
}

fn remarks(frontier: &Frontier, listed: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "\n{} of {} on the frontier", frontier.size(), frontier.points.len())?;
    if listed < frontier.points.len() {
        writeln!(out, "{} dominated rows are not listed; `--all` lists them", frontier.points.len() - listed)?;
    }
    let name = |i: usize| frontier.points.get(i).map_or("", |p| p.label.as_str());
    let column = |k: usize| frontier.objectives.get(k).map_or("", |o| o.column.as_str());
    for step in &frontier.steps {
        let doubling = step.per_doubling.map(|d| format!(", {} per doubling", short(d))).unwrap_or_default();
        writeln!(
            out,
            "from {} to {}: {} {} per 100 {}{doubling}",
            crate::output::text::visible(name(step.from)),
            crate::output::text::visible(name(step.to)),
            short(step.per_100),
            column(1),
            column(0)
        )?;
    }
    if let Some(knee) = frontier.knee {
        writeln!(out, "knee: {}", crate::output::text::visible(name(knee)))?;
    }
    Ok(())
}

fn to_json(frontier: &Frontier, listed: usize) -> Json {
    let objectives: Vec<Json> = frontier
        .objectives
        .iter()
        .map(|o| json!({"column": o.column, "direction": o.direction, "scale": if o.log { "log10" } else { "linear" }}))
        .collect();
    let values = |point: &Placed| -> Map<String, Json> {
        let pairs = frontier.objectives.iter().zip(&point.values);
        std::iter::once(("label".to_owned(), json!(point.label)))
            .chain(pairs.map(|(o, v)| (o.column.clone(), json!(v))))
            .collect()
    };
    let points: Vec<Json> = frontier
        .points
        .iter()
        .take(listed)
        .map(|point| {
            let mut json = values(point);
            json.insert("on_frontier".to_owned(), json!(point.layer == 1));
            json.insert("layer".to_owned(), json!(point.layer));
            json.insert("dominated_by".to_owned(), json!(names(frontier, point).collect::<Vec<_>>()));
            json.insert("p_frontier".to_owned(), json!(point.p_frontier));
            Json::Object(json)
        })
        .collect();
    let label = |i: usize| frontier.points.get(i).map(|p| p.label.as_str());
    json!({
        "objectives": objectives,
        "n": frontier.points.len(),
        "points": points,
        "dominated": frontier.points.len() - frontier.size(),
        "hypervolume": frontier.hypervolume,
        "reference": frontier.reference,
        "knee": frontier.knee.and_then(|i| frontier.points.get(i)).map(values),
        "steps": frontier.steps.iter().map(|s| json!({
            "from": label(s.from), "to": label(s.to), "per_100": s.per_100, "per_doubling": s.per_doubling,
        })).collect::<Vec<_>>(),
        "excluded": frontier.excluded.iter().map(|e| json!({"row": e.row, "label": e.label, "reason": e.reason})).collect::<Vec<_>>(),
    })
}
