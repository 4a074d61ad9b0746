//! `metrics`: what is measured, and saying what a metric means.

use crate::catalog::number::counted;
use crate::catalog::{Direction, Kind};
use crate::store::{List, MetricChange};

use super::context::Context;
use super::failure::{Hinted, Outcome};
use super::options::OutputOptions;

/// List the metrics, or say which way one is better
#[derive(Debug, clap::Subcommand)]
pub(super) enum Metrics {
    /// Every metric with its kind, units and direction
    List(OutputOptions),
    /// Say what a metric means, for every definition of that name
    Set {
        /// Its name, as `metrics list` shows it
        name: String,
        /// Which way is better: higher or lower
        #[arg(long)]
        direction: Option<Direction>,
        /// What it measures: quality, speed, latency, memory, energy, cost or count
        #[arg(long)]
        kind: Option<Kind>,
        /// The unit of values whose files give none
        #[arg(long)]
        unit: Option<String>,
    },
}

impl Metrics {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::List(output) => super::rows::list(cx, List::Metrics, output)?,
            Self::Set {
                direction: None,
                kind: None,
                unit: None,
                name,
            } => {
                return Err(Hinted::new(
                    format!("what about `{name}`?"),
                    "give `--direction higher|lower`, `--kind KIND` or `--unit UNIT`",
                )
                .into());
            }
            Self::Set {
                name,
                direction,
                kind,
                unit,
            } => {
                let change = MetricChange {
                    direction: *direction,
                    kind: *kind,
                    unit: unit.clone(),
                };
                let n = cx.open_store()?.set_metric(name, &change)?;
                cx.say(&format!("`{name}`: {} changed", counted(n, "definition")));
            }
        }
        Ok(Outcome::Fine)
    }
}
