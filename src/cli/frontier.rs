//! `frontier`: which models are worth running.

use std::io::Write;

use polars::frame::DataFrame;
use serde_json::{Map, Value as Json, json};

use crate::analysis::{
    AnalysisError, Frontier, LISTED, Objective, Placed, Recommendation, Requirement,
};
use crate::catalog::Value;
use crate::catalog::number::short;
use crate::output::Format;

use super::axes;
use super::context::Context;
use super::failure::Outcome;
use super::options::{AxisOptions, ObjectiveOptions, OutputOptions, RowOptions};
use super::rows::Asked;

/// Find the models worth running: the Pareto frontier, the layers behind it, who beats whom
#[derive(Debug, clap::Args)]
#[command(
    name = "frontier",
    after_help = "Examples:\n  tradeoff frontier speed_vs_score\n  tradeoff frontier --data models.csv --max speed --max score --min cost\n  tradeoff frontier speed_vs_score -p task=gsm8k -f json"
)]
pub(super) struct FrontierCommand {
    #[command(flatten)]
    rows: RowOptions,
    #[command(flatten)]
    objectives: ObjectiveOptions,
    /// The column that names the points [default: the query's own, else `model`]
    #[arg(long, value_name = "COLUMN", help_heading = "Objectives")]
    label: Option<String>,
    /// Recommend only among rows that meet this, such as 'speed>=500'; several may be given
    #[arg(long, value_name = "CONDITION", help_heading = "Recommendation")]
    require: Vec<Requirement>,
    /// Recommend the best in this objective [default: the last one]
    #[arg(long, value_name = "COLUMN", help_heading = "Recommendation")]
    best: Option<String>,
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
        let options = AxisOptions {
            label: self.label.clone(),
            ..AxisOptions::default()
        };
        let label = axes::label(&asked, &frame, &options);
        let objectives = self.find_objectives(&asked, &frame, &options)?;
        let frontier = Frontier::of(&frame, label.as_deref(), &objectives)?;
        for left_out in &frontier.excluded {
            cx.say(&format!(
                "left out: {} ({})",
                left_out.label, left_out.reason
            ));
        }
        for point in frontier
            .points
            .iter()
            .filter(|p| p.p_frontier.is_none() && has_probabilities(&frontier))
        {
            cx.say(&format!(
                "note: {} has no standard error; for the others it counts as exact",
                point.label
            ));
        }
        let recommended = self.recommend(&frontier)?;
        let listed = if self.all || frontier.points.len() <= LISTED {
            frontier.points.len()
        } else {
            frontier.size()
        };
        match self.output.format() {
            Format::Json => {
                let mut json = to_json(&frontier, listed);
                json["recommended"] = recommended
                    .as_ref()
                    .map_or(Json::Null, |r| recommended_json(&frontier, r));
                cx.json(&self.output, &json)?;
            }
            format => {
                cx.rows(&self.output, |rows| {
                    rows.header(&header(&frontier, label.as_deref()))?;
                    for point in frontier.points.iter().take(listed) {
                        rows.row(&row(&frontier, point))?;
                    }
                    Ok(())
                })?;
                if self.asks_for_one() && !matches!(format, Format::Table) {
                    cx.say(&self.recommendation(&frontier, recommended.as_ref()));
                }
                if matches!(format, Format::Table) && self.output.file().is_none() {
                    cx.bytes(&self.output, |out| {
                        remarks(&frontier, listed, out)?;
                        if self.asks_for_one() {
                            writeln!(
                                out,
                                "{}",
                                self.recommendation(&frontier, recommended.as_ref())
                            )?;
                        }
                        Ok(())
                    })?;
                }
            }
        }
        Ok(Outcome::Fine)
    }

    fn asks_for_one(&self) -> bool {
        self.best.is_some() || !self.require.is_empty()
    }

    /// The recommendation, when one is asked for and some row meets the requirements.
    fn recommend(&self, frontier: &Frontier) -> anyhow::Result<Option<Recommendation>> {
        if !self.asks_for_one() {
            return Ok(None);
        }
        let position = |column: &str| {
            let found = frontier.objectives.iter().position(|o| o.column == column);
            found.ok_or_else(|| AnalysisError::NoColumn {
                column: column.to_owned(),
                columns: frontier
                    .objectives
                    .iter()
                    .map(|o| o.column.clone())
                    .collect(),
            })
        };
        for requirement in &self.require {
            position(&requirement.column)?;
        }
        let best = self.best.as_deref().map(position).transpose()?;
        Ok(frontier.recommend(
            best.unwrap_or(frontier.objectives.len().saturating_sub(1)),
            &self.require,
        ))
    }

    fn recommendation(&self, frontier: &Frontier, found: Option<&Recommendation>) -> String {
        let name = |i: usize| frontier.points.get(i).map_or("", |p| p.label.as_str());
        let Some(found) = found else {
            return "recommended: none, no row meets the requirements".to_owned();
        };
        let second = match (found.runner_up, found.margin) {
            (Some(second), Some(margin)) => {
                format!("; runner-up {}, {} behind", name(second), short(margin))
            }
            _ => "; no other row meets the requirements".to_owned(),
        };
        let sure = match found.probability {
            Some(p) => format!(", better with probability {p:.2}"),
            None => ", how sure is not known: no standard errors".to_owned(),
        };
        let sure = if found.runner_up.is_some() {
            sure
        } else {
            String::new()
        };
        crate::output::text::visible(&format!(
            "recommended: {} ({} candidates){second}{sure}",
            name(found.best),
            found.candidates
        ))
        .into_owned()
    }

    /// The columns named by flags, else the axes of the saved query.
    fn find_objectives(
        &self,
        asked: &Asked,
        frame: &DataFrame,
        options: &AxisOptions,
    ) -> anyhow::Result<Vec<Objective>> {
        if self.objectives.max.is_empty() && self.objectives.min.is_empty() {
            let found = axes::both(asked, frame, options, &self.objectives)?;
            return [found.x, found.y]
                .into_iter()
                .map(|axis| {
                    Ok(Objective {
                        direction: axes::direction(&axis)?,
                        column: axis.column,
                        log: axis.log,
                    })
                })
                .collect();
        }
        let encoding = asked.encoding();
        let columns = self.objectives.max.iter().chain(&self.objectives.min);
        columns
            .map(|column| {
                let header = [&encoding.x, &encoding.y]
                    .into_iter()
                    .flatten()
                    .find(|a| a.column == *column);
                let axis = axes::axis(asked, frame, column, header, &self.objectives)?;
                let log = header.is_some_and(|a| a.log);
                Ok(Objective {
                    direction: axes::direction(&axis)?,
                    column: axis.column,
                    log,
                })
            })
            .collect()
    }
}

fn header(frontier: &Frontier, label: Option<&str>) -> Vec<String> {
    let columns = frontier.objectives.iter().map(|o| o.column.clone());
    std::iter::once(label.unwrap_or("row").to_owned())
        .chain(columns)
        .chain(["layer"].map(str::to_owned))
        .chain(has_probabilities(frontier).then(|| "p_frontier".to_owned()))
        .chain(["dominated by".to_owned()])
        .collect()
}

fn row(frontier: &Frontier, point: &Placed) -> Vec<Value> {
    let by: Vec<&str> = names(frontier, point).collect();
    std::iter::once(Value::Text(point.label.clone()))
        .chain(point.values.iter().map(|v| Value::Real(*v)))
        .chain([Value::Integer(point.layer as i64)])
        // Three digits are what the method is good for.
        .chain(has_probabilities(frontier).then(|| {
            point
                .p_frontier
                .map(|p| (p * 1000.0).round() / 1000.0)
                .into()
        }))
        .chain([if by.is_empty() {
            Value::Null
        } else {
            Value::Text(by.join(", "))
        }])
        .collect()
}

fn has_probabilities(frontier: &Frontier) -> bool {
    frontier.points.iter().any(|p| p.p_frontier.is_some())
}

fn names<'a>(frontier: &'a Frontier, point: &'a Placed) -> impl Iterator<Item = &'a str> {
    point
        .dominated_by
        .iter()
        .filter_map(|&i| frontier.points.get(i))
        .map(|p| p.label.as_str())
}

fn remarks(frontier: &Frontier, listed: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(
        out,
        "\n{} of {} on the frontier",
        frontier.size(),
        frontier.points.len()
    )?;
    if listed < frontier.points.len() {
        writeln!(
            out,
            "{} dominated rows are not listed; `--all` lists them",
            frontier.points.len() - listed
        )?;
    }
    let name = |i: usize| frontier.points.get(i).map_or("", |p| p.label.as_str());
    let column = |k: usize| frontier.objectives.get(k).map_or("", |o| o.column.as_str());
    for step in &frontier.steps {
        let doubling = step
            .per_doubling
            .map(|d| format!(", {} per doubling", short(d)))
            .unwrap_or_default();
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
    if !has_probabilities(frontier) {
        writeln!(
            out,
            "no standard errors are recorded, so nothing is said about how sure this is"
        )?;
    }
    if let Some(knee) = frontier.knee {
        writeln!(out, "knee: {}", crate::output::text::visible(name(knee)))?;
    }
    Ok(())
}

fn recommended_json(frontier: &Frontier, found: &Recommendation) -> Json {
    let label = |i: usize| frontier.points.get(i).map(|p| p.label.as_str());
    json!({
        "label": label(found.best),
        "runner_up": found.runner_up.and_then(label),
        "margin": found.margin,
        "probability": found.probability,
        "candidates": found.candidates,
    })
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
            json.insert(
                "dominated_by".to_owned(),
                json!(names(frontier, point).collect::<Vec<_>>()),
            );
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
