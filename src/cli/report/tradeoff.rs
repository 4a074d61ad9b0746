//! `report tradeoff`: what speed against score says, and what it does not.

use crate::report::{Chart, Words};

use super::super::context::Context;
use super::super::document::DocumentOptions;
use super::super::failure::Outcome;
use super::super::options::{AxisOptions, ObjectiveOptions, RowOptions};
use super::super::plot::{self, Look};

/// The report on a trade-off.
#[derive(Debug, clap::Args)]
pub(in super::super) struct TradeoffReport {
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

impl TradeoffReport {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        self.document.check()?;
        let mut asked = self.rows.ask(cx)?;
        let rows = asked.table(cx)?;
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
        let document = tradeoff.document(&title, Some(chart), rows, &words)?;
        self.document.write(cx, document)?;
        Ok(Outcome::Fine)
    }
}
