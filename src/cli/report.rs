//! `report`: documents that can be audited.

use crate::report::{Chart, Words};

use super::context::Context;
use super::document::DocumentOptions;
use super::failure::Outcome;
use super::options::{AxisOptions, ObjectiveOptions, RowOptions};
use super::plot::{self, Look};

/// Write a report
#[derive(Debug, clap::Subcommand)]
pub(super) enum Report {
    /// What speed against score says, and what it does not, as Markdown, HTML, JSON or CSV
    #[command(
        after_help = "Examples:\n  tradeoff report tradeoff speed_vs_score -o report.md\n  tradeoff report tradeoff --data models.csv --x speed --log-x --y score -o report.html\n  tradeoff report tradeoff speed_vs_score --splice README.md"
    )]
    Tradeoff(Box<TradeoffReport>),
}

/// The report on a trade-off.
#[derive(Debug, clap::Args)]
pub(super) struct TradeoffReport {
    #[command(flatten)]
    rows: RowOptions,
    #[command(flatten)]
    axes: AxisOptions,
    #[command(flatten)]
    objectives: ObjectiveOptions,
    #[command(flatten)]
    look: Look,
    #[command(flatten)]
    document: DocumentOptions,
}

impl Report {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Tradeoff(report) => report.run(cx),
        }
    }
}

impl TradeoffReport {
    fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        self.document.check()?;
        let mut asked = self.rows.ask(cx)?;
        let tradeoff = plot::tradeoff(cx, &mut asked, &self.axes, &self.objectives, &self.look)?;
        if let Some(name) = &self.look.highlight {
            plot::known(&tradeoff, name)?;
        }
        let title = self
            .look
            .title
            .clone()
            .or_else(|| asked.saved().map(|q| q.title.clone()));
        let title = title.unwrap_or_else(|| tradeoff.headline());
        let highlight = self.look.highlight.clone().or(asked.encoding().highlight);
        let words = Words {
            highlight: highlight.as_deref(),
            note: self.look.note.as_deref(),
        };
        let mut look = self.look.clone();
        look.frontier = true;
        let chart = Chart {
            svg: plot::drawing(cx, &asked, &tradeoff, &look)?.svg,
            ..Chart::default()
        };
        let document = tradeoff.document(&title, Some(chart), &words)?;
        self.document.write(cx, document)?;
        Ok(Outcome::Fine)
    }
}
