//! `plot`: the rows of a query as a picture, in a file or in the terminal.

mod look;
mod marks;
mod tradeoff;

use std::path::{Path, PathBuf};

use crate::chart::{self, Drawing};
use crate::query::Mark;

use super::context::Context;
use super::failure::{Hinted, Outcome};
use super::options::{AxisOptions, ObjectiveOptions, RowOptions};

pub(super) use look::Look;
pub(super) use tradeoff::{drawing, known, tradeoff};

/// Draw the rows of a query: a scatter, lines over time, or bars; SVG or PNG by the file's ending
///
/// A scatter shows one point a row; a line chart one line a series, over time, with the changes in
/// it; bars stand for the rows of a leaderboard. A saved query says which it wishes to be.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tradeoff plot speed_vs_score -o chart.svg\n  tradeoff plot --data models.csv --x speed --log-x --y score --frontier -o chart.png --scale 2\n  tradeoff plot speed_vs_score -o a.svg -o a.png --highlight acme/aurora-7b\n  tradeoff plot speed_vs_score --color engine --facet hardware -o panels.svg\n  tradeoff plot series_history -p metric=output_throughput -o history.svg\n  tradeoff plot leaderboard -p task=gsm8k -o board.svg\n  tradeoff plot speed_vs_score --terminal"
)]
pub(super) struct Plot {
    #[command(flatten)]
    rows: RowOptions,
    #[command(flatten)]
    axes: AxisOptions,
    #[command(flatten)]
    objectives: ObjectiveOptions,
    #[command(flatten)]
    look: Look,
    /// What stands for the rows: scatter, line or bar [default: what the saved query says]
    #[arg(long, value_name = "MARK", help_heading = "Look", value_parser = mark)]
    mark: Option<Mark>,
    /// Draw the scatter in the terminal
    #[arg(long)]
    terminal: bool,
    /// The file to write, .svg or .png; may be given more than once
    #[arg(short, long, value_name = "FILE", required_unless_present = "terminal")]
    output: Vec<PathBuf>,
}

fn mark(text: &str) -> Result<Mark, String> {
    text.parse()
        .map_err(|_| "expected scatter, line or bar".to_owned())
}

/// Columns and rows of a terminal that does not tell its size.
const TERMINAL: (u16, u16) = (80, 24);

impl Plot {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        for path in &self.output {
            ending(path)?;
        }
        let mut asked = self.rows.ask(cx)?;
        let mark = self.mark.or(asked.encoding().mark).unwrap_or_default();
        if self.terminal {
            if mark != Mark::Scatter {
                let hint = "write it to a file with `-o chart.svg`";
                return Err(Hinted::new(
                    format!("`--terminal` draws scatter charts only, this is a {mark} chart"),
                    hint,
                )
                .into());
            }
            let tradeoff = tradeoff(cx, &mut asked, &self.axes, &self.objectives, &self.look)?;
            let scatter = tradeoff::scatter_of(&asked, &tradeoff, &self.look)?;
            let (columns, rows) = cx.terminal_size().unwrap_or(TERMINAL);
            // One line is left for the prompt.
            let size = (usize::from(columns), usize::from(rows.saturating_sub(1)));
            let text = chart::terminal(&scatter, size, cx.has_colour())?;
            cx.bytes(&Default::default(), |out| {
                Ok(writeln!(out, "{}", text.trim_end())?)
            })?;
        }
        if self.output.is_empty() {
            return Ok(Outcome::Fine);
        }
        let drawing = match mark {
            Mark::Scatter => {
                let tradeoff = tradeoff(cx, &mut asked, &self.axes, &self.objectives, &self.look)?;
                drawing(cx, &asked, &tradeoff, &self.look)?
            }
            Mark::Line => marks::line(cx, &mut asked, &self.axes, &self.look)?,
            Mark::Bar => marks::bar(cx, &mut asked, &self.axes, &self.objectives, &self.look)?,
        };
        self.write(cx, &drawing)?;
        Ok(Outcome::Fine)
    }

    fn write(&self, cx: &Context, drawing: &Drawing) -> anyhow::Result<()> {
        for path in &self.output {
            let bytes = match ending(path)? {
                Ending::Svg => drawing.svg.clone().into_bytes(),
                Ending::Png => chart::png(&drawing.svg, self.look.scale.unwrap_or(1.0))?,
            };
            cx.file(path, |out| Ok(out.write_all(&bytes)?))?;
        }
        Ok(())
    }
}

/// How many notes about a drawing are printed.
const NOTES: usize = 5;

/// Says what the reader of the picture alone would not notice.
fn say_notes(cx: &Context, drawing: &Drawing) {
    for note in drawing.notes.iter().take(NOTES) {
        cx.say(&format!("note: {note}"));
    }
    if drawing.notes.len() > NOTES {
        let more = drawing.notes.len() - NOTES;
        cx.say(&format!("note: … and {more} more notes of this kind"));
    }
}

enum Ending {
    Svg,
    Png,
}

fn ending(path: &Path) -> anyhow::Result<Ending> {
    let text = path
        .extension()
        .map(|e| e.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    match text.as_str() {
        "svg" => Ok(Ending::Svg),
        "png" => Ok(Ending::Png),
        _ => Err(Hinted::new(
            format!("`{}` is neither .svg nor .png", path.display()),
            "name the file chart.svg or chart.png",
        )
        .into()),
    }
}
