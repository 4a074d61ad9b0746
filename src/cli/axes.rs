//! Which column is drawn where, what it is called and which way it is better: from the flags, else
//! the saved query's header, else the rows themselves, else the store, else what is known by name.

use polars::frame::DataFrame;

use crate::analysis::{AnalysisError, columns};
use crate::catalog::{Direction, known};
use crate::import;
use crate::query::{AxisEncoding, Encoding};
use crate::report::Axis;

use super::failure::Hinted;
use super::options::{AxisOptions, ObjectiveOptions};
use super::rows::Asked;

/// The columns of a picture.
pub(super) struct Axes {
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) label: Option<String>,
}

/// Finds both axes and the label column.
pub(super) fn both(
    asked: &Asked,
    frame: &DataFrame,
    options: &AxisOptions,
    objectives: &ObjectiveOptions,
) -> anyhow::Result<Axes> {
    let encoding = asked.encoding();
    let (x_column, y_column) = columns_of(frame, options, &encoding)?;
    let header =
        |axis: &Option<AxisEncoding>, column: &str| axis.clone().filter(|a| a.column == column);
    let (x_header, y_header) = (
        header(&encoding.x, &x_column),
        header(&encoding.y, &y_column),
    );
    let log_x = (options.log_x || x_header.as_ref().is_some_and(|a| a.log)) && !options.linear_x;
    let mut x = axis(asked, frame, &x_column, x_header.as_ref(), objectives)?;
    let mut y = axis(asked, frame, &y_column, y_header.as_ref(), objectives)?;
    x.log = log_x;
    y.log = y_header.is_some_and(|a| a.log);
    Ok(Axes {
        x,
        y,
        label: label(asked, frame, options),
    })
}

/// The column that names the rows.
pub(super) fn label(asked: &Asked, frame: &DataFrame, options: &AxisOptions) -> Option<String> {
    options
        .label
        .clone()
        .or_else(|| asked.encoding().label)
        .or_else(|| columns::label_column(frame))
}

/// One axis by its column.
pub(super) fn axis(
    asked: &Asked,
    frame: &DataFrame,
    column: &str,
    header: Option<&AxisEncoding>,
    objectives: &ObjectiveOptions,
) -> anyhow::Result<Axis> {
    let beside = |what: &str| columns::constant(frame, &format!("{column}_{what}"));
    let direction = flagged(column, objectives)
        .or_else(|| header.and_then(|h| h.direction))
        .or_else(|| beside("direction").and_then(|word| word.parse().ok()));
    let direction = match (direction, asked.store()) {
        (None, Some(reader)) => reader.direction(column)?,
        (found, _) => found,
    };
    let direction = direction.or_else(|| import::table::header(column).direction);
    let title = match header.and_then(|h| h.title.as_deref()) {
        Some(template) => filled(template, frame),
        None => {
            let name = known::find(column)
                .map_or_else(|| column.replace('_', " "), |k| k.title.to_owned());
            match beside("unit") {
                Some(unit) => format!("{name} ({unit})"),
                None => name,
            }
        }
    };
    Ok(Axis {
        column: column.to_owned(),
        title,
        log: false,
        direction,
    })
}

fn flagged(column: &str, objectives: &ObjectiveOptions) -> Option<Direction> {
    let named = |list: &[String]| list.iter().any(|c| c == column);
    if named(&objectives.max) {
        Some(Direction::Higher)
    } else if named(&objectives.min) {
        Some(Direction::Lower)
    } else {
        None
    }
}

/// The column of each axis: the flags, the header, or the only two columns of numbers there are.
fn columns_of(
    frame: &DataFrame,
    options: &AxisOptions,
    encoding: &Encoding,
) -> anyhow::Result<(String, String)> {
    let x = options
        .one_x()?
        .cloned()
        .or_else(|| encoding.x.as_ref().map(|a| a.column.clone()));
    let y = options
        .y
        .clone()
        .or_else(|| encoding.y.as_ref().map(|a| a.column.clone()));
    if let (Some(x), Some(y)) = (&x, &y) {
        return Ok((x.clone(), y.clone()));
    }
    let plain = columns::number_columns(frame);
    match (x, y, plain.as_slice()) {
        (None, None, [x, y]) => Ok((x.clone(), y.clone())),
        (x, y, _) => {
            let missing = match (&x, &y) {
                (None, None) => "`--x COLUMN --y COLUMN`",
                (None, _) => "`--x COLUMN`",
                _ => "`--y COLUMN`",
            };
            let names: Vec<String> = plain.iter().map(|c| format!("`{c}`")).collect();
            Err(Hinted::new(
                "the rows do not say what stands on which axis",
                format!("give {missing}; columns of numbers: {}", names.join(", ")),
            )
            .into())
        }
    }
}

/// A title with `{column}` replaced by that column's text, where it is the same in all rows. Parts
/// that turn out empty go, together with the brackets around them.
fn filled(template: &str, frame: &DataFrame) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else {
            break;
        };
        out.push_str(before);
        let cell = columns::constant(frame, name).unwrap_or_default();
        let empty = ["no task", "none", "not recorded"].contains(&cell.as_str())
            || cell.starts_with("row ");
        if !empty {
            out.push_str(known::title(&cell));
        }
        rest = tail;
    }
    out.push_str(rest);
    let out = out.replace("()", "");
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The direction of an axis that must have one.
pub(super) fn direction(axis: &Axis) -> Result<Direction, AnalysisError> {
    axis.direction.ok_or_else(|| AnalysisError::NoDirection {
        column: axis.column.clone(),
    })
}
