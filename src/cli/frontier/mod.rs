//! `frontier`: which models are worth running.

mod answer;
mod json;
mod show;

use std::str::FromStr;

use polars::frame::DataFrame;

use crate::analysis::{Frontier, FrontierOptions, Near, Objective, Requirement, columns};
use crate::output::Format;

use super::axes;
use super::context::Context;
use super::failure::Outcome;
use super::mixture;
use super::options::{AxisOptions, ObjectiveOptions, OutputOptions, RowOptions};
use super::rows::Asked;
use answer::Answer;

/// Find the models worth running: the Pareto frontier, the layers behind it, who beats whom
#[derive(Debug, clap::Args)]
#[command(
    name = "frontier",
    after_help = "Examples:\n  tradeoff frontier speed_vs_score\n  tradeoff frontier speed_vs_score --require 'speed>=500' --best score\n  tradeoff frontier --data models.csv --max speed --max score --min cost\n  tradeoff frontier --data models.csv --max speed --max score --by hardware\n  tradeoff frontier speed_vs_score -p task=gsm8k -f json"
)]
pub(super) struct FrontierCommand {
    #[command(flatten)]
    rows: RowOptions,
    #[command(flatten)]
    objectives: ObjectiveOptions,
    /// The column that names the points [default: the query's own, else `model`]
    #[arg(long, value_name = "COLUMN", help_heading = "Objectives")]
    label: Option<String>,
    /// One frontier for each value of this column
    #[arg(long, value_name = "COLUMN", help_heading = "Objectives")]
    by: Option<String>,
    /// Say nothing about rows measured under different conditions (hardware, engine, workload)
    #[arg(long, help_heading = "Objectives")]
    allow_mixed: bool,
    /// The column with the standard errors of an objective [default: `X_stderr` or `X_se`]
    #[arg(long, value_name = "OBJECTIVE=COLUMN", value_parser = pair::<String>, help_heading = "Uncertainty")]
    se: Vec<(String, String)>,
    /// Keep points that nobody beats by this much in every objective: a share of all (`5%`), or an
    /// amount in one (`score=0.5`); several amounts may be given
    #[arg(long, value_name = "MARGIN", help_heading = "Uncertainty")]
    near: Vec<Margin>,
    /// The corner that volumes are measured from [default: the worst value of each objective]
    #[arg(long, value_name = "OBJECTIVE=VALUE", value_parser = pair::<f64>, help_heading = "Uncertainty")]
    reference: Vec<(String, f64)>,
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

/// `NAME=VALUE`.
fn pair<T: FromStr>(text: &str) -> Result<(String, T), String> {
    let pair = text.split_once('=').and_then(|(name, value)| {
        let value = value.trim().parse().ok()?;
        Some((name.trim().to_owned(), value))
    });
    pair.ok_or_else(|| "expected OBJECTIVE=…".to_owned())
}

/// A margin of near ties.
#[derive(Debug, Clone, PartialEq)]
enum Margin {
    Share(f64),
    Amount(String, f64),
}

impl FromStr for Margin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| {
            let number = text.trim().parse::<f64>().ok();
            number.filter(|x| x.is_finite() && *x >= 0.0)
        };
        let share = |text: &str| Some(Self::Share(number(text.strip_suffix('%')?)? / 100.0));
        let amount = |text: &str| {
            let (name, value) = text.split_once('=')?;
            Some(Self::Amount(name.trim().to_owned(), number(value)?))
        };
        share(text)
            .or_else(|| amount(text))
            .ok_or_else(|| "expected a share such as `5%`, or OBJECTIVE=AMOUNT".to_owned())
    }
}

impl FrontierCommand {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        let mut asked = self.rows.ask(cx)?;
        let frame = asked.frame(cx)?;
        super::rows::enough(&asked, frame.height())?;
        let options = AxisOptions {
            label: self.label.clone(),
            ..AxisOptions::default()
        };
        let label = axes::label(&asked, &frame, &options);
        let objectives = self.find_objectives(&asked, &frame, &options)?;
        let answers = match &self.by {
            None => vec![self.answer(cx, None, &frame, label.as_deref(), &objectives)?],
            Some(by) => columns::groups(&frame, by)?
                .into_iter()
                .map(|(value, part)| {
                    self.answer(cx, Some(value), &part, label.as_deref(), &objectives)
                })
                .collect::<anyhow::Result<_>>()?,
        };
        let style = cx.style(&self.output);
        match self.output.format() {
            Format::Json => cx.json(&self.output, &json::of(self.by.as_deref(), &answers))?,
            Format::Table => cx.bytes(&self.output, |out| {
                answers
                    .iter()
                    .try_for_each(|answer| show::table(answer, label.as_deref(), &style, out))
            })?,
            _ => {
                cx.rows(&self.output, |rows| {
                    show::rows(self.by.as_deref(), &answers, label.as_deref(), rows)
                })?;
                for line in answers.iter().filter_map(Answer::recommendation) {
                    cx.say(&line);
                }
            }
        }
        Ok(Outcome::Fine)
    }

    /// The frontier of some rows, with everything said that is not part of the answer.
    fn answer(
        &self,
        cx: &Context,
        group: Option<String>,
        frame: &DataFrame,
        label: Option<&str>,
        objectives: &[Objective],
    ) -> anyhow::Result<Answer> {
        let frontier = Frontier::of(frame, label, objectives, &self.options()?)?;
        for left_out in &frontier.excluded {
            cx.say(&format!(
                "left out: {} ({})",
                left_out.label, left_out.reason
            ));
        }
        if !self.allow_mixed {
            let columns = objectives.iter().map(|o| o.column.as_str());
            let shown: Vec<&str> = columns.chain(self.by.as_deref()).chain(label).collect();
            mixture::warn(cx, frame, &shown);
        }
        if frontier.has_probabilities() {
            for point in frontier.points.iter().filter(|p| p.p_frontier.is_none()) {
                let note = "has no standard error; for the others it counts as exact";
                cx.say(&format!("note: {} {note}", point.label));
            }
        }
        let recommended = match self.asks_for_one() {
            false => None,
            true => {
                let last = frontier.objectives.len().saturating_sub(1);
                let best = self.best.as_deref().map(|best| frontier.objective(best));
                let best = best.transpose()?.unwrap_or(last);
                Some(frontier.recommend(best, &self.require)?)
            }
        };
        Ok(Answer {
            group,
            frontier,
            recommended,
        })
    }

    fn asks_for_one(&self) -> bool {
        self.best.is_some() || !self.require.is_empty()
    }

    fn options(&self) -> anyhow::Result<FrontierOptions> {
        let mut amounts = Vec::new();
        let mut share = None;
        for margin in &self.near {
            match margin {
                Margin::Share(of) => share = Some(*of),
                Margin::Amount(objective, amount) => amounts.push((objective.clone(), *amount)),
            }
        }
        let near = match (share, amounts.is_empty()) {
            (Some(_), false) => {
                let hint = "give one share, or amounts";
                return Err(super::failure::Hinted::new(
                    "`--near` mixes a share with amounts",
                    hint,
                )
                .into());
            }
            (Some(share), true) => Some(Near::Factor(share)),
            (None, false) => Some(Near::Amounts(amounts)),
            (None, true) => None,
        };
        Ok(FrontierOptions {
            all: self.all,
            errors: self.se.clone(),
            reference: self.reference.clone(),
            near,
        })
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
