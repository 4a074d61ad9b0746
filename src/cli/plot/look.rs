//! How a picture looks, by the flags and the saved query's header.

use crate::chart::{Paper, Size, Theme};
use crate::report::{CueColumns, Marking};

use super::super::context::VERSION;
use super::super::rows::Asked;

/// How the chart looks.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Look")]
pub(in super::super) struct Look {
    /// The title [default: the finding]
    #[arg(long)]
    pub(in super::super) title: Option<String>,
    /// The line under the title [default: the ends of the frontier and the correlation]
    #[arg(long)]
    pub(in super::super) subtitle: Option<String>,
    /// The title of the horizontal axis
    #[arg(long, value_name = "TITLE")]
    pub(in super::super) x_title: Option<String>,
    /// The title of the vertical axis
    #[arg(long, value_name = "TITLE")]
    pub(in super::super) y_title: Option<String>,
    /// Draw the frontier [default: what the saved query says]
    #[arg(long)]
    pub(in super::super) frontier: bool,
    /// Draw the fitted line with its band
    #[arg(long)]
    pub(in super::super) fit: bool,
    /// Emphasise this model
    #[arg(long, value_name = "NAME")]
    pub(in super::super) highlight: Option<String>,
    /// Show this column by colour and shape; of a line chart, the column that tells lines apart
    #[arg(long, value_name = "COLUMN", alias = "colour")]
    pub(in super::super) color: Option<String>,
    /// Show this column, such as the number of parameters, by the area of the points
    #[arg(long, value_name = "COLUMN")]
    pub(in super::super) area: Option<String>,
    /// Give each value of this column a panel of its own
    #[arg(long, value_name = "COLUMN", visible_alias = "by")]
    pub(in super::super) facet: Option<String>,
    /// Draw lines at the medians of both axes
    #[arg(long)]
    pub(in super::super) quadrants: bool,
    /// Say nothing about rows measured under different conditions (hardware, engine, workload)
    #[arg(long)]
    pub(in super::super) allow_mixed: bool,
    /// A remark for the caption, such as where the values come from
    #[arg(long, value_name = "TEXT")]
    pub(in super::super) note: Option<String>,
    /// Width and height in pixels
    #[arg(long, value_name = "WxH", default_value = "900x600")]
    pub(in super::super) size: Option<Size>,
    /// Light or dark
    #[arg(long, value_name = "THEME", default_value = "light")]
    pub(in super::super) theme: Option<Theme>,
    /// Enlarge a PNG for print
    #[arg(long, value_name = "FACTOR", default_value = "1")]
    pub(in super::super) scale: Option<f32>,
}

impl Look {
    pub(in super::super) fn paper(&self) -> Paper {
        Paper {
            size: self.size.unwrap_or_default(),
            theme: self.theme.unwrap_or_default(),
        }
    }

    /// The columns shown besides the axes.
    pub(in super::super) fn cues(&self, asked: &Asked) -> CueColumns {
        let encoding = asked.encoding();
        CueColumns {
            color: self.color.clone().or(encoding.color),
            area: self.area.clone().or(encoding.area),
            facet: self.facet.clone().or(encoding.facet),
        }
    }

    /// What is drawn besides the points.
    pub(super) fn marking(&self, asked: &Asked) -> Marking {
        let encoding = asked.encoding();
        Marking {
            title: self.title.clone(),
            subtitle: self.subtitle.clone(),
            frontier: self.frontier || encoding.frontier.unwrap_or(false),
            fit: self.fit || encoding.fit.unwrap_or(false),
            quadrants: self.quadrants,
            highlight: self.highlight.clone().or(encoding.highlight),
            note: self.note.clone(),
            made_by: format!("tradeoff {VERSION}"),
        }
    }
}
