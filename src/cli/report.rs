//! `report`: documents that can be audited.

use std::path::{Path, PathBuf};

use crate::report::{Words, markdown};

use super::context::Context;
use super::failure::{Hinted, Outcome};
use super::options::{AxisOptions, ObjectiveOptions, RowOptions};
use super::plot::{self, Look};

/// Write a report
#[derive(Debug, clap::Subcommand)]
pub(super) enum Report {
    /// What speed against score says, and what it does not: Markdown with the chart beside it
    #[command(
        after_help = "Examples:\n  tradeoff report tradeoff speed_vs_score -o report.md\n  tradeoff report tradeoff --data models.csv --x speed --log-x --y score -o report.md"
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
    /// The Markdown file; the chart is drawn beside it as .svg. `-` writes to standard output,
    /// without a chart
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// The file of the chart [default: the report's name with .svg]
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
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
        let document = |picture: Option<&str>| tradeoff.document(&title, picture, &words);
        if self.output == Path::new("-") {
            let text = markdown(&document(None)?);
            cx.bytes(&super::options::OutputOptions::default(), |out| {
                Ok(out.write_all(text.as_bytes())?)
            })?;
            return Ok(Outcome::Fine);
        }
        let ending = self
            .output
            .extension()
            .map(|e| e.to_string_lossy().to_lowercase());
        if !matches!(ending.as_deref(), Some("md" | "markdown")) {
            return Err(Hinted::new(
                format!("`{}` is not a Markdown file", self.output.display()),
                "name it report.md",
            )
            .into());
        }
        let picture = self
            .picture
            .clone()
            .unwrap_or_else(|| self.output.with_extension("svg"));
        let file = beside(&self.output, &picture);
        let mut look = self.look.clone();
        look.frontier = true;
        // Everything is computed before the first file is written.
        let text = markdown(&document(Some(&file))?);
        plot::draw(cx, &asked, &tradeoff, &look, std::slice::from_ref(&picture))?;
        cx.file(&self.output, |out| Ok(out.write_all(text.as_bytes())?))?;
        Ok(Outcome::Fine)
    }
}

/// The way from a document to a picture: the bare name when both are in one folder.
fn beside(document: &Path, picture: &Path) -> String {
    match picture.file_name() {
        Some(name) if picture.parent() == document.parent() => name.to_string_lossy().into_owned(),
        _ => picture.display().to_string(),
    }
}
