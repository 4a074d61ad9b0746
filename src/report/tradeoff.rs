//! The findings behind a picture of speed against score, computed once for the chart and the report.

use polars::frame::DataFrame;

use crate::analysis::{
    AnalysisError, Association, Fit, Frontier, FrontierOptions, Methods, Objective,
};
use crate::catalog::Direction;
use crate::catalog::number::{counted, p_equals};

use super::cues::{CueColumns, Cues};
use super::table::Provenance;

/// An axis of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// The column.
    pub column: String,
    /// Its title with unit.
    pub title: String,
    /// Whether it is logarithmic.
    pub log: bool,
    /// Which way is better, where known.
    pub direction: Option<Direction>,
}

/// The findings behind a picture of two columns.
#[derive(Debug, Clone)]
pub struct Tradeoff {
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// Where the rows come from.
    pub provenance: Provenance,
    /// The fit of y on x, on the scale of the axis.
    pub fit: Fit,
    /// The frontier; `None` when an axis has no direction.
    pub frontier: Option<Frontier>,
    /// Whether standard errors are recorded, for x and for y: one a row, in the frame's order.
    pub stderrs: [Option<Vec<Option<f64>>>; 2],
    pub(super) cues: Cues,
}

impl Tradeoff {
    /// Computes the findings over the rows of a frame.
    ///
    /// # Errors
    /// Those of [`Fit::of`] and [`Frontier::of`].
    pub fn of(
        frame: &DataFrame,
        x: Axis,
        y: Axis,
        label: Option<&str>,
        provenance: Provenance,
        cues: &CueColumns,
    ) -> Result<Self, AnalysisError> {
        let fit = Fit::of(frame, &x.column, &y.column, x.log, label, Methods::All)?;
        let objective = |axis: &Axis| {
            let direction = axis.direction?;
            Some(Objective {
                column: axis.column.clone(),
                direction,
                log: axis.log,
            })
        };
        let frontier = match (objective(&x), objective(&y)) {
            (Some(x), Some(y)) => Some(Frontier::of(
                frame,
                label,
                &[x, y],
                &FrontierOptions::default(),
            )?),
            _ => None,
        };
        let stderrs = [
            crate::analysis::columns::stderrs(frame, &x.column)?,
            crate::analysis::columns::stderrs(frame, &y.column)?,
        ];
        Ok(Self {
            x,
            y,
            provenance,
            fit,
            frontier,
            stderrs,
            cues: Cues::of(frame, cues)?,
        })
    }

    /// How many points there are.
    pub fn n(&self) -> usize {
        self.fit.n()
    }

    /// The finding as a title.
    pub fn headline(&self) -> String {
        match &self.frontier {
            Some(frontier) => {
                format!(
                    "{} of {} on the frontier",
                    frontier.size(),
                    counted(frontier.n, "model")
                )
            }
            None => format!("{} against {}", self.y.title, self.x.title),
        }
    }

    /// The ends of the frontier and the correlation, in one line.
    pub fn summary(&self) -> String {
        let ends = match &self.frontier {
            Some(frontier) => match frontier.front() {
                [first, .., last] => format!(
                    "best {}: {}; best {}: {}; ",
                    self.y.column, first.label, self.x.column, last.label
                ),
                [only] => format!("{} is best in both; ", only.label),
                [] => String::new(),
            },
            None => String::new(),
        };
        let found = match self.fit.association() {
            Association::Positive => "larger values go together",
            Association::Negative => "larger values of one go with smaller of the other",
            Association::NoEvidence => "no evidence of a correlation",
            Association::Unclear => "ranks and linear correlation disagree",
            Association::TooFew => "too few points for a correlation",
            Association::Undefined | Association::NotAsked => "no correlation is defined",
        };
        let evidence = match &self.fit.kendall {
            Ok(k) => format!(
                " (Kendall's τ = {:+.2}, {}, n = {})",
                k.coefficient,
                p_equals(k.p),
                self.n()
            ),
            Err(_) => format!(" (n = {})", self.n()),
        };
        format!("{ends}{found}{evidence}")
    }
}
