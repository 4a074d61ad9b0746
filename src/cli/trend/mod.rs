//! `trend`: every series over time, with the changes in it that are real.

mod show;

use crate::analysis::{Series, Trend, TrendOptions, trend};
use crate::catalog::Direction;
use crate::store::{Acknowledgement, List, Which};

use super::context::Context;
use super::failure::{Hinted, Outcome};
use super::history;
use super::options::{DataFile, OutputOptions, RowOptions, SeriesOptions};

/// Show every series over time, and the changes in it that are real
///
/// A series is one model, one metric and one set of settings: a change of settings begins another.
/// Changes of level are told from noise, from drift and from a newest value that may be an outlier;
/// a series of fewer than 8 values is too short for that. A change that is meant can be
/// acknowledged: from then on it is the new normal.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  tradeoff trend\n  tradeoff trend --metric output_throughput --since 2026-01-01\n  tradeoff trend --data nightly.csv --by model --by metric -f json\n  tradeoff trend acknowledge 214 --metric output_throughput --note 'new driver'"
)]
pub(super) struct TrendCommand {
    #[command(subcommand)]
    edit: Option<Edit>,
    #[command(flatten)]
    series: SeriesOptions,
    /// Take the series from this table file (CSV, TSV, JSON, JSON Lines) with the columns series,
    /// timestamp and value, instead of the store
    #[arg(long, value_name = "FILE", help_heading = "Series")]
    data: Option<DataFile>,
    /// The columns of the table file that tell its series apart [default: series, model, task and
    /// metric, where they are there]; of the store, the part of a series to sort by: model, task,
    /// metric or workload
    #[arg(long, value_name = "COLUMN", help_heading = "Series")]
    by: Vec<String>,
    /// Which way is better, where nothing says it
    #[arg(long, value_name = "higher|lower", help_heading = "Series")]
    direction: Option<Direction>,
    /// Show changes from this time on; all runs are looked at
    #[arg(long, value_name = "TIME", value_parser = history::since, help_heading = "Series")]
    since: Option<i64>,
    /// Look at the newest N runs of each series only
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Series")]
    last: Option<u32>,
    /// List the series without any change too
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    output: OutputOptions,
}

/// Notes about changes that are meant.
#[derive(Debug, clap::Subcommand)]
enum Edit {
    /// Accept a change: the run begins a new normal
    Acknowledge {
        /// The first run of the new level
        run: i64,
        /// Of this task only
        #[arg(long, value_name = "NAME")]
        task: Option<String>,
        /// Of this metric only
        #[arg(long, value_name = "NAME")]
        metric: Option<String>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
    /// Every accepted change, newest first
    Acknowledged(OutputOptions),
    /// Take an acknowledgement back
    Forget {
        /// Its number
        number: i64,
    },
}

impl TrendCommand {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        if let Some(edit) = &self.edit {
            return edit.run(cx);
        }
        self.output.check()?;
        let trends = self.trends(cx)?;
        show::show(cx, self, &trends)?;
        Ok(Outcome::Fine)
    }

    fn trends(&self, cx: &Context) -> anyhow::Result<Vec<Trend>> {
        let options = TrendOptions {
            alpha: self.series.alpha,
            last: self.last.map(|n| n as usize),
            since: self.since,
        };
        if options.alpha > 0.5 {
            return Err(
                Hinted::new("`--alpha` above 0.5 tells nothing", "take 0.05 or 0.01").into(),
            );
        }
        let mut series = self.find(cx)?;
        history::direct(&mut series, self.direction);
        let found = series.iter().map(|series| trend(series, &options));
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The series of the store, or of the table file.
    fn find(&self, cx: &Context) -> anyhow::Result<Vec<Series>> {
        if let Some(data) = &self.data {
            let rows = RowOptions {
                data: vec![data.clone()],
                ..RowOptions::default()
            };
            let frame = rows.ask(cx)?.frame(cx)?;
            let (series, notes) = history::of_frame(&frame, &self.by, &self.series)?;
            notes
                .iter()
                .for_each(|note| cx.say(&format!("note: {note}")));
            return Ok(series);
        }
        let stored = history::of_store(&cx.reader()?, &self.series)?;
        history::say_untimed(cx, &stored);
        let asked = self.series.min_effect;
        let mut series: Vec<Series> = stored.iter().map(|s| history::series(s, asked)).collect();
        if !self.by.is_empty() {
            let parts = self
                .by
                .iter()
                .map(|by| part(by))
                .collect::<Result<Vec<_>, _>>()?;
            series.sort_by_cached_key(|s| parts.iter().map(|part| part(s)).collect::<Vec<_>>());
        }
        Ok(series)
    }
}

/// A part of a series by its name.
fn part(name: &str) -> anyhow::Result<fn(&Series) -> Option<String>> {
    Ok(match name {
        "model" => |s| s.key.model.clone(),
        "task" => |s| s.key.task.clone(),
        "metric" => |s| Some(s.key.metric.clone()),
        "workload" => |s| s.key.workload.clone(),
        _ => {
            let hint = "series of the store are told apart by model, task, metric and workload";
            return Err(
                Hinted::new(format!("`--by {name}`: no such part of a series"), hint).into(),
            );
        }
    })
}

impl Edit {
    fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Acknowledge {
                run,
                task,
                metric,
                note,
            } => {
                let change = Acknowledgement {
                    run: *run,
                    task: task.as_deref(),
                    metric: metric.as_deref(),
                    note,
                };
                if note.trim().is_empty() {
                    let hint = "say why the change is accepted";
                    return Err(Hinted::new("`--note` is empty", hint).into());
                }
                let mut store = cx.open_store()?;
                let number = store.acknowledge(&change, cx.now())?;
                cx.say(&format!("noted as {number}: run {run} begins a new normal; `tradeoff trend forget {number}` takes it back"));
                let which = Which {
                    tasks: task.iter().cloned().collect(),
                    metrics: metric.iter().cloned().collect(),
                    ..Which::default()
                };
                let series = cx.reader()?.series(&which)?;
                let begins = |s: &&crate::store::StoredSeries| {
                    s.points.first().is_some_and(|p| p.run == *run)
                };
                if series.iter().filter(begins).count() > 0 {
                    cx.say("note: it is the first run of a series, where there is nothing before it to change from");
                }
            }
            Self::Acknowledged(output) => super::rows::list(cx, List::Acknowledged, output)?,
            Self::Forget { number } => {
                cx.open_store()?.forget(*number)?;
                cx.say(&format!("forgot acknowledgement {number}"));
            }
        }
        Ok(Outcome::Fine)
    }
}
