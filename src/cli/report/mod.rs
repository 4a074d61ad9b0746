//! `report`: documents that can be audited.

mod comparison;
mod tradeoff;
mod trend;

use super::context::Context;
use super::failure::Outcome;

/// Write a report: Markdown, HTML, JSON or CSV
#[derive(Debug, clap::Subcommand)]
pub(super) enum Report {
    /// What speed against score says, and what it does not
    #[command(
        after_help = "Examples:\n  tradeoff report tradeoff speed_vs_score -o report.md\n  tradeoff report tradeoff --data models.csv --x speed --log-x --y score -o report.html\n  tradeoff report tradeoff speed_vs_score --splice README.md"
    )]
    Tradeoff(Box<tradeoff::TradeoffReport>),
    /// What changed since when: the series that tell something, the frontier over time
    #[command(
        after_help = "Examples:\n  tradeoff report trend -o trend.html\n  tradeoff report trend --metric output_throughput --since 2026-01-01 -o trend.md\n  tradeoff report trend --speed output_throughput --score acc -o trend.html\n  tradeoff report trend -o changes.csv"
    )]
    Trend(Box<trend::TrendReport>),
    /// A candidate against a baseline, metric by metric
    #[command(
        after_help = "Examples:\n  tradeoff report compare tag:v1.0 tag:v1.1 -o compare.html\n  tradeoff report compare run:17 run:23 -o compare.csv"
    )]
    Compare(Box<comparison::ComparisonReport>),
}

impl Report {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Tradeoff(report) => report.run(cx),
            Self::Trend(report) => report.run(cx),
            Self::Compare(report) => report.run(cx),
        }
    }
}
