//! What a scatter shows besides its two axes: columns as colour, as area, as panels.

use polars::frame::DataFrame;

use crate::analysis::{AnalysisError, columns};
use crate::chart;

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

    /// The chart as panels, when a column of panels was asked for: their names in order.
    pub(super) fn panels(&self, scatter: &chart::Scatter) -> Option<chart::Facets> {
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
        Some(chart::Facets::Scatter {
            shared: chart::Scatter {
                points: Vec::new(),
                ..scatter.clone()
            },
            panels,
        })
    }
}
