//! The rows of a frame as points: gains in one piece of memory, so that ten million of them fit.

use polars::prelude::DataFrame;

use super::super::columns::{self, Excluded, Labels};
use super::super::error::AnalysisError;
use super::{FrontierOptions, Objective, objective};

/// The rows that have a value in every objective.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    /// Row-major, one number an objective, more is better in each.
    pub(super) gains: Vec<f64>,
    /// The row of the frame of each point, where some were left out.
    places: Option<Vec<usize>>,
    /// The standard errors of each objective by row of the frame.
    errors: Vec<Option<Vec<Option<f64>>>>,
    labels: Labels,
    dimension: usize,
}

impl Rows {
    /// Reads the rows, and tells which were left out.
    pub(super) fn of(
        frame: &DataFrame,
        label: Option<&str>,
        objectives: &[Objective],
        options: &FrontierOptions,
    ) -> Result<(Self, Vec<Excluded>), AnalysisError> {
        for (column, _) in &options.errors {
            objective(objectives, column)?;
        }
        let labels = Labels::of(frame, label)?;
        let mut columns = objectives
            .iter()
            .map(|o| columns::values(frame, &o.column))
            .collect::<Result<Vec<_>, _>>()?;
        for (values, objective) in columns.iter_mut().zip(objectives) {
            values
                .iter_mut()
                .for_each(|value| *value = objective.direction.gain(*value));
        }
        let errors = objectives
            .iter()
            .map(|o| {
                let named = options
                    .errors
                    .iter()
                    .find(|(column, _)| *column == o.column);
                match named {
                    Some((_, errors)) => columns::usable_stderrs(frame, errors),
                    None => columns::stderrs(frame, &o.column),
                }
            })
            .collect::<Result<Vec<_>, _>>()?;
        let mut rows = Self {
            gains: Vec::with_capacity(frame.height() * objectives.len()),
            places: None,
            errors,
            labels,
            dimension: objectives.len(),
        };
        let excluded = rows.interleave(&columns, objectives);
        Ok((rows, excluded))
    }

    /// Puts the columns side by side, row by row, and leaves out the rows that lack a number.
    fn interleave(&mut self, columns: &[Vec<f64>], objectives: &[Objective]) -> Vec<Excluded> {
        let is_sound = |column: &Vec<f64>| {
            // Without a way out of the loop the check is vectorised.
            column
                .iter()
                .fold(true, |sound, value| sound & value.is_finite())
        };
        let height = columns.first().map_or(0, Vec::len);
        if columns.iter().all(is_sound) {
            match columns {
                [x, y] => {
                    let pairs = x.iter().zip(y);
                    pairs.for_each(|(x, y)| self.gains.extend_from_slice(&[*x, *y]));
                }
                _ => (0..height).for_each(|row| {
                    self.gains
                        .extend(columns.iter().filter_map(|column| column.get(row)));
                }),
            }
            return Vec::new();
        }
        let (mut places, mut excluded) = (Vec::new(), Vec::new());
        for row in 0..height {
            let cells = columns.iter().filter_map(|column| column.get(row).copied());
            match cells.clone().position(|cell| !cell.is_finite()) {
                None => {
                    self.gains.extend(cells);
                    places.push(row);
                }
                Some(missing) => {
                    let column = objectives.get(missing).map_or("", |o| o.column.as_str());
                    excluded.push(Excluded {
                        row: row + 1,
                        label: self.labels.get(row),
                        reason: format!("no `{column}`"),
                    });
                }
            }
        }
        self.places = Some(places);
        excluded
    }

    /// How many points there are.
    pub(super) fn len(&self) -> usize {
        self.gains.len() / self.dimension.max(1)
    }

    /// The gains of a point.
    pub(super) fn gains_of(&self, point: usize) -> &[f64] {
        let start = point * self.dimension;
        let found = self.gains.get(start..start + self.dimension);
        found.unwrap_or_default()
    }

    /// The row of the frame that a point came from, from 0.
    pub(super) fn row(&self, point: usize) -> usize {
        match &self.places {
            Some(places) => places.get(point).copied().unwrap_or(point),
            None => point,
        }
    }

    /// What a point is about.
    pub(super) fn label(&self, point: usize) -> String {
        self.labels.get(self.row(point))
    }

    /// The standard error of a point in an objective.
    pub(super) fn error(&self, point: usize, objective: usize) -> Option<f64> {
        let column = self.errors.get(objective)?.as_ref()?;
        column.get(self.row(point)).copied().flatten()
    }

    /// Whether some row has a standard error in an objective.
    pub(super) fn has_errors(&self, objective: usize) -> bool {
        self.errors.get(objective).is_some_and(Option::is_some)
    }
}
