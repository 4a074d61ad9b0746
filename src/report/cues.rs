//! What a scatter shows besides its two axes: columns as colour, as area, as panels.

use polars::frame::DataFrame;

use crate::analysis::{AnalysisError, columns};
use crate::chart;
use crate::stats::pareto::{self, Points};

use super::tradeoff::Tradeoff;

/// The columns asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CueColumns {
    /// Shown by colour and shape.
    pub color: Option<String>,
    /// Shown by the area of a point.
    pub area: Option<String>,
    /// Each value has a panel of its own.
    pub facet: Option<String>,
}

/// A column by its name, one value a row of the frame.
type Named<T> = Option<(String, Vec<Option<T>>)>;

/// The values of the columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Cues {
    pub(super) color: Named<String>,
    pub(super) area: Named<f64>,
    facet: Named<String>,
}

impl Cues {
    pub(super) fn of(frame: &DataFrame, asked: &CueColumns) -> Result<Self, AnalysisError> {
        let texts = |column: &Option<String>| -> Result<Named<String>, AnalysisError> {
            let column = column.as_ref();
            column
                .map(|c| Ok((c.clone(), columns::texts(frame, c)?)))
                .transpose()
        };
        let numbers = |column: &String| Ok((column.clone(), columns::numbers(frame, column)?));
        Ok(Self {
            color: texts(&asked.color)?,
            area: asked.area.as_ref().map(numbers).transpose()?,
            facet: texts(&asked.facet)?,
        })
    }
}

fn at<T: Clone>(named: &Named<T>, row: usize) -> Option<T> {
    named.as_ref()?.1.get(row).cloned().flatten()
}

impl Tradeoff {
    /// The group and the size of a point, by its row.
    pub(super) fn cue(&self, row: usize) -> (Option<String>, Option<f64>) {
        let size = at(&self.cues.area, row).filter(|size| *size > 0.0);
        (at(&self.cues.color, row), size)
    }

    /// The chart as panels, when a column of panels was asked for, by name: each with a frontier of its
    /// own, and a title that says so unless one was `given`.
    pub(super) fn panels(
        &self,
        scatter: &chart::Scatter,
        given: (bool, bool),
    ) -> Option<chart::Facets> {
        let (column, _) = self.cues.facet.as_ref()?;
        let mut panels: Vec<(String, Vec<chart::Point>)> = Vec::new();
        for (point, row) in scatter.points.iter().zip(&self.fit.rows) {
            let value = at(&self.cues.facet, *row);
            let name = value.unwrap_or_else(|| format!("{column} not recorded"));
            match panels.iter_mut().find(|(known, _)| *known == name) {
                Some((_, points)) => points.push(point.clone()),
                None => panels.push((name, vec![point.clone()])),
            }
        }
        panels.sort_by(|a, b| a.0.cmp(&b.0));
        let sizes: Vec<String> = panels
            .iter_mut()
            .filter_map(|(name, points)| {
                let size = self.mark_frontier(points)?;
                Some(format!("{name} {size} of {}", points.len()))
            })
            .collect();
        let (has_title, has_subtitle) = given;
        let mut shared = chart::Scatter {
            points: Vec::new(),
            ..scatter.clone()
        };
        if !has_title {
            shared.title = format!("{} against {}, by {column}", self.y.column, self.x.column);
        }
        if !has_subtitle {
            let sizes = (!sizes.is_empty())
                .then(|| format!("on the frontier of each: {}", sizes.join(", ")));
            shared.subtitle = sizes;
        }
        Some(chart::Facets::Scatter { shared, panels })
    }

    /// Marks the frontier of some points; how many are on it, where both axes have a direction.
    fn mark_frontier(&self, points: &mut [chart::Point]) -> Option<usize> {
        let (x, y) = (self.x.direction?, self.y.direction?);
        let gains: Vec<f64> = points
            .iter()
            .flat_map(|p| [x.gain(p.x), y.gain(p.y)])
            .collect();
        let front = pareto::front(&Points::new(&gains, 2).ok()?);
        for (row, point) in points.iter_mut().enumerate() {
            point.on_frontier = front.contains(&row);
        }
        Some(front.len())
    }
}
