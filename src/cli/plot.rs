//! `plot`: the rows of a query as the scatter chart.

use std::path::PathBuf;

use crate::chart::{self, Paper, Size, Theme};
use crate::report::{Marking, Provenance, Tradeoff, scatter};

use super::axes;
use super::context::{Context, VERSION};
use super::failure::{Hinted, Outcome};
use super::options::{AxisOptions, ObjectiveOptions, RowOptions};
use super::rows::Asked;

/// Draw the rows of a query as a scatter chart, SVG or PNG by the file's ending
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tradeoff plot speed_vs_score -o chart.svg\n  tradeoff plot --data models.csv --x speed --log-x --y score --frontier -o chart.png --scale 2\n  tradeoff plot speed_vs_score -o a.svg -o a.png --highlight acme/aurora-7b"
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
    /// The file to write, .svg or .png; may be given more than once
    #[arg(short, long, value_name = "FILE", required = true)]
    output: Vec<PathBuf>,
}

/// How the chart looks.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Look")]
pub(super) struct Look {
    /// The title [default: the finding]
    #[arg(long)]
    pub(super) title: Option<String>,
    /// The line under the title [default: the ends of the frontier and the correlation]
    #[arg(long)]
    pub(super) subtitle: Option<String>,
    /// The title of the horizontal axis
    #[arg(long, value_name = "TITLE")]
    pub(super) x_title: Option<String>,
    /// The title of the vertical axis
    #[arg(long, value_name = "TITLE")]
    pub(super) y_title: Option<String>,
    /// Draw the frontier [default: what the saved query says]
    #[arg(long)]
    pub(super) frontier: bool,
    /// Draw the fitted line with its band
    #[arg(long)]
    pub(super) fit: bool,
    /// Emphasise this model
    #[arg(long, value_name = "NAME")]
    pub(super) highlight: Option<String>,
    /// A remark for the caption, such as where the values come from
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,
    /// Width and height in pixels
    #[arg(long, value_name = "WxH", default_value = "900x600")]
    pub(super) size: Option<Size>,
    /// Light or dark
    #[arg(long, value_name = "THEME", default_value = "light")]
    pub(super) theme: Option<Theme>,
    /// Enlarge a PNG for print
    #[arg(long, value_name = "FACTOR", default_value = "1")]
    pub(super) scale: Option<f32>,
}

impl Plot {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        for path in &self.output {
            ending(path)?;
        }
        let mut asked = self.rows.ask(cx)?;
        let tradeoff = tradeoff(cx, &mut asked, &self.axes, &self.objectives, &self.look)?;
        let drawing = drawing(cx, &asked, &tradeoff, &self.look)?;
        for path in &self.output {
            let bytes = match ending(path)? {
                Ending::Svg => drawing.svg.clone().into_bytes(),
                Ending::Png => chart::png(&drawing.svg, self.look.scale.unwrap_or(1.0))?,
            };
            cx.file(path, |out| Ok(out.write_all(&bytes)?))?;
        }
        Ok(Outcome::Fine)
    }
}

/// The findings of a question, for a picture or a report.
pub(super) fn tradeoff(
    cx: &Context,
    asked: &mut Asked,
    axis_options: &AxisOptions,
    objectives: &ObjectiveOptions,
    look: &Look,
) -> anyhow::Result<Tradeoff> {
    let frame = asked.frame(cx)?;
    super::rows::enough(asked, frame.height())?;
    if frame.height() == 0 {
        return Err(chart::ChartError::NoPoints.into());
    }
    let mut axes = axes::both(asked, &frame, axis_options, objectives)?;
    if let Some(title) = &look.x_title {
        axes.x.title.clone_from(title);
    }
    if let Some(title) = &look.y_title {
        axes.y.title.clone_from(title);
    }
    let provenance = Provenance {
        name: asked.name().unwrap_or("SQL").to_owned(),
        sql: asked.sql().to_owned(),
        parameters: asked.parameters().to_vec(),
    };
    Ok(Tradeoff::of(
        &frame,
        axes.x,
        axes.y,
        axes.label.as_deref(),
        provenance,
    )?)
}

/// How many notes about a drawing are printed.
const NOTES: usize = 5;

/// Draws the findings.
pub(super) fn drawing(
    cx: &Context,
    asked: &Asked,
    tradeoff: &Tradeoff,
    look: &Look,
) -> anyhow::Result<chart::Drawing> {
    let encoding = asked.encoding();
    let highlight = look.highlight.clone().or(encoding.highlight);
    if let Some(name) = &highlight {
        known(tradeoff, name)?;
    }
    // A frontier that is asked for and cannot be drawn is an error, not a picture without it.
    if look.frontier && tradeoff.frontier.is_none() {
        for axis in [&tradeoff.x, &tradeoff.y] {
            axes::direction(axis)?;
        }
    }
    let marking = Marking {
        title: look.title.clone(),
        subtitle: look.subtitle.clone(),
        frontier: look.frontier || encoding.frontier.unwrap_or(false),
        fit: look.fit || encoding.fit.unwrap_or(false),
        highlight,
        note: look.note.clone(),
        made_by: format!("tradeoff {VERSION}"),
    };
    let paper = Paper {
        size: look.size.unwrap_or_default(),
        theme: look.theme.unwrap_or_default(),
    };
    let drawing = chart::scatter(&scatter(tradeoff, &marking), paper)?;
    for note in drawing.notes.iter().take(NOTES) {
        cx.say(&format!("note: {note}"));
    }
    if drawing.notes.len() > NOTES {
        cx.say(&format!(
            "note: … and {} more notes of this kind",
            drawing.notes.len() - NOTES
        ));
    }
    Ok(drawing)
}

/// A model to emphasise must be there.
pub(super) fn known(tradeoff: &Tradeoff, name: &str) -> anyhow::Result<()> {
    let labels = || tradeoff.fit.points.iter().map(|p| p.0.as_str());
    if labels().any(|label| label == name) {
        return Ok(());
    }
    let hint = match crate::catalog::nearest::nearest(name, labels()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "the points are {}",
            labels().take(20).collect::<Vec<_>>().join(", ")
        ),
    };
    Err(Hinted::new(format!("no point is called `{name}`"), hint).into())
}

enum Ending {
    Svg,
    Png,
}

fn ending(path: &std::path::Path) -> anyhow::Result<Ending> {
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
