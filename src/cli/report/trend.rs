//! `report trend`: what changed since when.

use crate::analysis::{self, Arrived, Progress, TrendOptions};
use crate::catalog::{Direction, Kind, Value};
use crate::report::{self, Provenance, Table, Told};
use crate::store::{Reader, StoredSeries};

use super::super::context::Context;
use super::super::document::DocumentOptions;
use super::super::failure::{Hinted, Outcome};
use super::super::history;
use super::super::options::SeriesOptions;

/// The report on what changed.
#[derive(Debug, clap::Args)]
pub(in super::super) struct TrendReport {
    #[command(flatten)]
    series: SeriesOptions,
    /// Tell changes from this time on; all runs are looked at
    #[arg(long, value_name = "TIME", help_heading = "Series")]
    since: Option<String>,
    /// Look at the newest N runs of each series only
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Series")]
    last: Option<u32>,
    /// The speed of the frontier over time [default: the only one there is]
    #[arg(long, value_name = "METRIC", help_heading = "Frontier over time")]
    speed: Option<String>,
    /// The score of the frontier over time [default: the only one there is]
    #[arg(long, value_name = "METRIC", help_heading = "Frontier over time")]
    score: Option<String>,
    /// The title
    #[arg(long)]
    title: Option<String>,
    #[command(flatten)]
    document: DocumentOptions,
}

impl TrendReport {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        self.document.check()?;
        let since = self.since.as_deref().map(history::since).transpose();
        let since = since.map_err(|why| Hinted::new(format!("`--since`: {why}"), ""))?;
        let reader = cx.reader()?;
        let stored = history::of_store(&reader, &self.series)?;
        let options = TrendOptions {
            alpha: self.series.alpha,
            last: self.last.map(|n| n as usize),
            since,
        };
        let mut told = stored
            .iter()
            .map(|stored| {
                let series = history::series(stored, self.series.min_effect);
                Ok(Told {
                    name: history::name(&series.key),
                    trend: analysis::trend(&series, &options)?,
                    source: source(cx, stored)?,
                    values: None,
                })
            })
            .collect::<anyhow::Result<Vec<Told>>>()?;
        told.sort_by_key(Told::rank);
        let shown = report::TrendReport::shown(&told);
        for told in told.iter_mut().take(shown) {
            told.values = Some(values(&reader, &told.source)?);
        }
        let report = report::TrendReport {
            title: self
                .title
                .clone()
                .unwrap_or_else(|| "What changed".to_owned()),
            since: self.since.clone(),
            alpha: self.series.alpha,
            series: told,
            progress: self.progress(&stored),
        };
        self.document.write(cx, report.document()?)?;
        Ok(Outcome::Fine)
    }

    /// The frontier over time, or why it is not told.
    fn progress(&self, stored: &[StoredSeries]) -> Result<Progress, String> {
        let speed = the_only(stored, Kind::Speed, self.speed.as_deref(), "speed")?;
        let score = the_only(stored, Kind::Quality, self.score.as_deref(), "score")?;
        let directions = [&speed, &score].map(|of| of.direction);
        let [Some(first), Some(second)] = directions else {
            return Err(
                "Not told: nothing says which way the speed or the score is better.".to_owned(),
            );
        };
        let arrived = [&speed, &score].into_iter().enumerate();
        let arrived = arrived.flat_map(|(objective, of)| of.arrived(stored, objective));
        let names = [speed.name(), score.name()];
        analysis::progress(names, [first, second], arrived.collect())
            .map_err(|error| format!("Not told: {error}."))
    }
}

/// What a model is measured by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Objective {
    task: Option<String>,
    metric: String,
    statistic: String,
    qualifier: String,
    unit: Option<String>,
    direction: Option<Direction>,
}

impl Objective {
    fn of(series: &StoredSeries) -> Self {
        Self {
            task: series.task.clone(),
            metric: series.metric.clone(),
            statistic: series.statistic.clone(),
            qualifier: series.qualifier.clone(),
            unit: series.unit.clone(),
            direction: series.direction,
        }
    }

    fn name(&self) -> String {
        let statistic = Some(self.statistic.as_str()).filter(|s| *s != "value");
        let parts = [self.task.as_deref(), Some(self.metric.as_str()), statistic];
        let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        match &self.unit {
            Some(unit) => format!("{name} ({unit})"),
            None => name,
        }
    }

    fn arrived<'a>(
        &'a self,
        stored: &'a [StoredSeries],
        objective: usize,
    ) -> impl Iterator<Item = Arrived> + 'a {
        let own = stored
            .iter()
            .filter(move |series| Self::of(series) == *self);
        own.flat_map(move |series| {
            series.points.iter().filter_map(move |point| {
                Some(Arrived {
                    at: point.at.unwrap_or(0),
                    time: point
                        .time
                        .clone()
                        .unwrap_or_else(|| "at the beginning".to_owned()),
                    model: series.model.clone()?,
                    objective,
                    value: point.value?,
                })
            })
        })
    }
}

/// The only objective of a kind, or of a name.
fn the_only(
    stored: &[StoredSeries],
    kind: Kind,
    name: Option<&str>,
    what: &str,
) -> Result<Objective, String> {
    let of_kind = stored.iter().filter(|series| match name {
        Some(name) => series.metric == name,
        None => series.kind == Some(kind),
    });
    let mut found: Vec<Objective> = of_kind.map(Objective::of).collect();
    found.sort();
    found.dedup();
    match (found.len(), name) {
        (1, _) => Ok(found.remove(0)),
        (0, Some(name)) => Err(format!("Not told: no series has the metric `{name}`.")),
        (0, None) => Err(format!("Not told: there is no {what} among the series.")),
        (n, _) => {
            let names: Vec<String> = found.iter().take(4).map(Objective::name).collect();
            Err(format!(
                "Not told: there are {n} series of that kind ({}{}); `--{what}`, `--task` and `--metric` choose one.",
                names.join(", "),
                if n > 4 { ", …" } else { "" }
            ))
        }
    }
}

/// The query that gives the values of a series.
fn source(cx: &Context, series: &StoredSeries) -> anyhow::Result<Provenance> {
    let query = cx.library().find("series_values")?;
    let model = series.model.clone().map_or(Value::Null, Value::Text);
    Ok(Provenance {
        name: query.name,
        sql: query.sql,
        parameters: vec![
            ("model".to_owned(), model),
            ("metric_id".to_owned(), Value::Integer(series.metric_id)),
            ("config".to_owned(), Value::Text(series.config.clone())),
        ],
    })
}

/// The rows of a query as a table.
pub(super) fn values(reader: &Reader, source: &Provenance) -> anyhow::Result<Table> {
    let (mut columns, mut rows) = (Vec::new(), Vec::new());
    reader.run(
        &source.sql,
        &source.parameters,
        |names| {
            columns = names.to_vec();
            Ok(())
        },
        |row| {
            rows.push(row.to_vec());
            Ok(true)
        },
    )?;
    Ok(Table::plain(&columns, rows, source.clone()))
}
