//! Columns of a frame as plain vectors: numbers, their standard errors, labels. The only place that
//! looks a column up by name.

use std::borrow::Cow;
use std::collections::HashMap;

use polars::prelude::{DataFrame, DataType, IdxCa, IdxSize, PolarsError, Series, StringChunked};

use super::AnalysisError;

/// A row left out of an analysis, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded {
    /// The row, from 1.
    pub row: usize,
    /// What the row is about.
    pub label: String,
    /// Why it was left out.
    pub reason: String,
}

/// The name a column really has: as asked for, else the only one that differs in case alone.
pub fn name_of(frame: &DataFrame, column: &str) -> Option<String> {
    let names = frame.get_column_names();
    if names.iter().any(|name| name.as_str() == column) {
        return Some(column.to_owned());
    }
    let mut alike = names
        .iter()
        .filter(|name| name.eq_ignore_ascii_case(column));
    match (alike.next(), alike.next()) {
        (Some(one), None) => Some(one.to_string()),
        _ => None,
    }
}

fn find<'a>(frame: &'a DataFrame, column: &str) -> Result<&'a Series, AnalysisError> {
    frame
        .column(&name_of(frame, column).unwrap_or_else(|| column.to_owned()))
        .map(|found| found.as_materialized_series())
        .map_err(|_| AnalysisError::NoColumn {
            column: column.to_owned(),
            columns: frame
                .get_column_names_owned()
                .iter()
                .map(ToString::to_string)
                .collect(),
        })
}

/// A column of numbers; NaN where the cell is NULL.
///
/// # Errors
/// [`AnalysisError::NoColumn`], and [`AnalysisError::NotANumber`] with the first cell that is text.
pub fn values(frame: &DataFrame, column: &str) -> Result<Vec<f64>, AnalysisError> {
    let series = find(frame, column)?;
    if let Ok(text) = series.str() {
        for (row, cell) in text.iter().enumerate() {
            if let Some(cell) = cell
                && cell.parse::<f64>().is_err()
            {
                return Err(AnalysisError::NotANumber {
                    column: column.to_owned(),
                    row: row + 1,
                    text: cell.to_owned(),
                });
            }
        }
    }
    let cast = series.cast(&DataType::Float64);
    match cast.as_ref().map(|cast| cast.f64()) {
        Ok(Ok(cells)) => Ok(match cells.cont_slice() {
            Ok(whole) => whole.to_vec(),
            Err(_) => cells.iter().map(|cell| cell.unwrap_or(f64::NAN)).collect(),
        }),
        _ => Err(AnalysisError::Undefined {
            what: "reading numbers",
            reason: format!("column `{column}` is of type {}", series.dtype()),
        }),
    }
}

/// A column of numbers; `None` where the cell is NULL.
///
/// # Errors
/// Those of [`values`].
pub fn numbers(frame: &DataFrame, column: &str) -> Result<Vec<Option<f64>>, AnalysisError> {
    let cells = values(frame, column)?;
    Ok(cells.into_iter().map(known).collect())
}

fn known(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

/// The column that holds the standard errors of another: `X_stderr` or `X_se`, or `stderr` of `value`.
pub fn stderr_column(frame: &DataFrame, column: &str) -> Option<String> {
    let names = ["_stderr", "_se"].map(|suffix| format!("{column}{suffix}"));
    // The views of the store call a value `value` and its standard error `stderr`.
    let plain = (column == "value").then(|| "stderr".to_owned());
    let mut names = names.into_iter().chain(plain);
    names.find(|name| frame.column(name).is_ok())
}

/// The standard errors beside a column: `X_stderr` or `X_se`; `None` where there is no such column,
/// or nothing usable in it.
///
/// # Errors
/// [`AnalysisError::NotANumber`] when that column holds text.
pub fn stderrs(frame: &DataFrame, column: &str) -> Result<Option<Vec<Option<f64>>>, AnalysisError> {
    match stderr_column(frame, column) {
        Some(name) => usable_stderrs(frame, &name),
        None => Ok(None),
    }
}

/// The standard errors in a column; those below zero or not finite count as not known. `None` when
/// nothing is left.
///
/// # Errors
/// [`AnalysisError::NoColumn`], [`AnalysisError::NotANumber`].
pub fn usable_stderrs(
    frame: &DataFrame,
    column: &str,
) -> Result<Option<Vec<Option<f64>>>, AnalysisError> {
    let cells = numbers(frame, column)?.into_iter();
    let usable: Vec<_> = cells
        .map(|c| c.filter(|s| s.is_finite() && *s >= 0.0))
        .collect();
    Ok(usable.iter().any(Option::is_some).then_some(usable))
}

/// The labels of single rows, made when they are asked for.
#[derive(Debug, Clone)]
pub(super) struct Labels(Option<StringChunked>);

impl Labels {
    /// The labels in a column; `row 1`, `row 2`, … without one.
    pub(super) fn of(frame: &DataFrame, column: Option<&str>) -> Result<Self, AnalysisError> {
        let undefined = |error: PolarsError| AnalysisError::Undefined {
            what: "reading labels",
            reason: error.to_string(),
        };
        let Some(column) = column else {
            return Ok(Self(None));
        };
        let series = find(frame, column)?;
        let text = series.cast(&DataType::String).map_err(undefined)?;
        Ok(Self(Some(text.str().map_err(undefined)?.clone())))
    }

    /// The label of a row, from 0.
    pub(super) fn get(&self, row: usize) -> String {
        self.text(row).into_owned()
    }

    /// The same, borrowed where it is a cell.
    fn text(&self, row: usize) -> Cow<'_, str> {
        let text = self.0.as_ref().and_then(|cells| cells.get(row));
        text.map_or_else(|| format!("row {}", row + 1).into(), Cow::Borrowed)
    }
}

/// What each row is about: the column's text, or `row 1`, `row 2`, … without one.
///
/// # Errors
/// [`AnalysisError::NoColumn`].
pub fn labels(frame: &DataFrame, column: Option<&str>) -> Result<Vec<String>, AnalysisError> {
    let labels = Labels::of(frame, column)?;
    Ok((0..frame.height()).map(|row| labels.get(row)).collect())
}

/// A column as text; `None` where the cell is NULL.
///
/// # Errors
/// [`AnalysisError::NoColumn`].
pub fn texts(frame: &DataFrame, column: &str) -> Result<Vec<Option<String>>, AnalysisError> {
    let Labels(Some(cells)) = Labels::of(frame, Some(column))? else {
        return Ok(Vec::new());
    };
    Ok(cells.iter().map(|cell| cell.map(str::to_owned)).collect())
}

/// The rows that have a finite number in every one of some columns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Complete {
    /// What each row is about.
    pub(super) labels: Vec<String>,
    /// The numbers, one vector a column.
    pub(super) numbers: Vec<Vec<f64>>,
    /// The place of each row in the frame, from 0.
    pub(super) rows: Vec<usize>,
    /// The rows left out.
    pub(super) excluded: Vec<Excluded>,
}

impl Complete {
    /// The complete rows of `names`; a row is left out for the first of them that it lacks.
    ///
    /// # Errors
    /// [`AnalysisError::NoColumn`], [`AnalysisError::NotANumber`].
    pub(super) fn of(
        frame: &DataFrame,
        names: &[&str],
        label: Option<&str>,
    ) -> Result<Self, AnalysisError> {
        let cells = names
            .iter()
            .map(|name| numbers(frame, name))
            .collect::<Result<Vec<_>, _>>()?;
        let mut complete = Self {
            labels: Vec::new(),
            numbers: vec![Vec::new(); names.len()],
            rows: Vec::new(),
            excluded: Vec::new(),
        };
        for (row, name) in labels(frame, label)?.into_iter().enumerate() {
            let cell = |column: &Vec<Option<f64>>| column.get(row).copied().flatten();
            let values: Vec<Option<f64>> = cells
                .iter()
                .map(|column| cell(column).filter(|v| v.is_finite()))
                .collect();
            let lacking = names.iter().zip(&values).find(|(_, v)| v.is_none());
            if let Some((column, _)) = lacking {
                complete.excluded.push(Excluded {
                    row: row + 1,
                    label: name,
                    reason: format!("no `{column}`"),
                });
                continue;
            }
            for (column, value) in complete
                .numbers
                .iter_mut()
                .zip(values.into_iter().flatten())
            {
                column.push(value);
            }
            complete.labels.push(name);
            complete.rows.push(row);
        }
        Ok(complete)
    }

    /// Moves the rows for which `keep` is false to those left out, in the order of the frame.
    pub(super) fn keep(&mut self, keep: &[bool], reason: &str) {
        let kept = |at: usize| keep.get(at).copied().unwrap_or(true);
        let places = (0..self.rows.len()).filter(|at| !kept(*at));
        let out = places.filter_map(|at| {
            Some(Excluded {
                row: self.rows.get(at)? + 1,
                label: self.labels.get(at)?.clone(),
                reason: reason.to_owned(),
            })
        });
        self.excluded.extend(out.collect::<Vec<_>>());
        self.excluded.sort_by_key(|excluded| excluded.row);
        retain(&mut self.labels, kept);
        retain(&mut self.rows, kept);
        self.numbers
            .iter_mut()
            .for_each(|column| retain(column, kept));
    }

    /// Whether all values of the column at `at` have a logarithm.
    ///
    /// # Errors
    /// [`AnalysisError::NotPositive`] with the first that has none; its label is told when the
    /// rows have a column of labels.
    pub(super) fn positive(
        &self,
        at: usize,
        name: &str,
        label: Option<&str>,
    ) -> Result<(), AnalysisError> {
        let values = self.numbers.get(at).into_iter().flatten();
        let mut places = values.zip(&self.rows).zip(&self.labels);
        match places.find(|((value, _), _)| **value <= 0.0) {
            None => Ok(()),
            Some(((value, row), text)) => Err(AnalysisError::NotPositive {
                column: name.to_owned(),
                row: row + 1,
                label: label.map(|_| text.clone()),
                value: *value,
            }),
        }
    }
}

fn retain<T>(items: &mut Vec<T>, keep: impl Fn(usize) -> bool) {
    let mut at = 0;
    items.retain(|_| {
        at += 1;
        keep(at - 1)
    });
}

/// The text in every row of a column, when it is the same in all of them.
pub fn constant(frame: &DataFrame, column: &str) -> Option<String> {
    frame.column(column).ok()?;
    let mut cells = labels(frame, Some(column)).ok()?;
    cells.dedup();
    match cells.as_mut_slice() {
        [one] => Some(std::mem::take(one)),
        _ => None,
    }
}

/// The label column when none is named: `model`, `label` or `name`, else the first column of text.
pub fn label_column(frame: &DataFrame) -> Option<String> {
    let named = ["model", "model_name", "model_id", "label", "name"]
        .iter()
        .find_map(|name| name_of(frame, name));
    if named.is_some() {
        return named;
    }
    let columns = frame.columns();
    columns
        .iter()
        .find(|c| c.dtype() == &DataType::String)
        .map(|c| c.name().to_string())
}

/// The columns that hold numbers, without those that only accompany one (`X_stderr`, `X_se`).
pub fn number_columns(frame: &DataFrame) -> Vec<String> {
    let names: Vec<String> = frame
        .get_column_names_owned()
        .iter()
        .map(ToString::to_string)
        .collect();
    let accompanies = |name: &str| {
        ["_stderr", "_se", "_n", "_std", "_sd"]
            .iter()
            .any(|suffix| {
                name.strip_suffix(suffix)
                    .is_some_and(|base| names.iter().any(|n| n == base))
            })
    };
    let columns = frame.columns().iter();
    columns
        .filter(|c| matches!(c.dtype(), DataType::Float64 | DataType::Int64))
        .map(|c| c.name().to_string())
        .filter(|name| !accompanies(name))
        .collect()
}

/// The rows of each value of a column, in order of first appearance.
///
/// # Errors
/// [`AnalysisError::NoColumn`].
pub fn groups(frame: &DataFrame, column: &str) -> Result<Vec<(String, DataFrame)>, AnalysisError> {
    let undefined = |error: PolarsError| AnalysisError::Undefined {
        what: "grouping",
        reason: error.to_string(),
    };
    let labels = Labels::of(frame, Some(column))?;
    let mut groups: Vec<(String, Vec<IdxSize>)> = Vec::new();
    let mut places: HashMap<Cow<'_, str>, usize> = HashMap::new();
    for row in 0..frame.height() {
        let value = labels.text(row);
        let place = match places.get(&value) {
            Some(place) => *place,
            None => {
                let place = groups.len();
                groups.push((value.to_string(), Vec::new()));
                places.insert(value, place);
                place
            }
        };
        if let Some((_, rows)) = groups.get_mut(place) {
            rows.push(row as IdxSize);
        }
    }
    let parts = groups.into_iter().map(|(value, rows)| {
        let rows = IdxCa::from_vec("row".into(), rows);
        Ok((value, frame.take(&rows).map_err(undefined)?))
    });
    parts.collect()
}
