//! Columns of a frame as plain vectors: numbers, their standard errors, labels. The only place that
//! looks a column up by name.

use std::collections::HashMap;

use polars::prelude::{DataFrame, DataType, IdxCa, IdxSize, Series};

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

/// A column of numbers; `None` where the cell is NULL.
///
/// # Errors
/// [`AnalysisError::NoColumn`], and [`AnalysisError::NotANumber`] with the first cell that is text.
pub fn numbers(frame: &DataFrame, column: &str) -> Result<Vec<Option<f64>>, AnalysisError> {
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
        Ok(Ok(cells)) => Ok(cells.iter().collect()),
        _ => Err(AnalysisError::Undefined {
            what: "reading numbers",
            reason: format!("column `{column}` is of type {}", series.dtype()),
        }),
    }
}

/// The standard errors beside a column: `X_stderr` or `X_se`; `None` where there is no such column.
///
/// # Errors
/// [`AnalysisError::NotANumber`] when that column holds text.
pub fn stderrs(frame: &DataFrame, column: &str) -> Result<Option<Vec<Option<f64>>>, AnalysisError> {
    for suffix in ["_stderr", "_se"] {
        let name = format!("{column}{suffix}");
        if frame.column(&name).is_ok() {
            let cells = numbers(frame, &name)?;
            let usable: Vec<_> = cells
                .into_iter()
                .map(|c| c.filter(|s| s.is_finite() && *s >= 0.0))
                .collect();
            return Ok(usable.iter().any(Option::is_some).then_some(usable));
        }
    }
    Ok(None)
}

/// What each row is about: the column's text, or `row 1`, `row 2`, … without one.
///
/// # Errors
/// [`AnalysisError::NoColumn`].
pub fn labels(frame: &DataFrame, column: Option<&str>) -> Result<Vec<String>, AnalysisError> {
    let Some(column) = column else {
        return Ok((1..=frame.height())
            .map(|row| format!("row {row}"))
            .collect());
    };
    let series = find(frame, column)?;
    let text = series
        .cast(&DataType::String)
        .map_err(|error| AnalysisError::Undefined {
            what: "reading labels",
            reason: error.to_string(),
        })?;
    let cells = text.str().map_err(|error| AnalysisError::Undefined {
        what: "reading labels",
        reason: error.to_string(),
    })?;
    Ok(cells
        .iter()
        .enumerate()
        .map(|(row, cell)| cell.map_or_else(|| format!("row {}", row + 1), str::to_owned))
        .collect())
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
    let undefined = |error: polars::error::PolarsError| AnalysisError::Undefined {
        what: "grouping",
        reason: error.to_string(),
    };
    let mut order: Vec<String> = Vec::new();
    let mut rows: HashMap<String, Vec<IdxSize>> = HashMap::new();
    for (row, value) in labels(frame, Some(column))?.into_iter().enumerate() {
        let group = rows.entry(value).or_insert_with_key(|value| {
            order.push(value.clone());
            Vec::new()
        });
        group.push(row as IdxSize);
    }
    let parts = order.into_iter().map(|value| {
        let rows = IdxCa::from_vec("row".into(), rows.remove(&value).unwrap_or_default());
        Ok((value, frame.take(&rows).map_err(undefined)?))
    });
    parts.collect()
}
