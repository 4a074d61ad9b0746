//! A table file's typed columns as a frame, without passing them cell by cell. The types are those
//! that rows of the store get: a column that mixes text with numbers is text.

use polars::prelude::{
    Column, DataFrame, Float64Chunked, IntoColumn, IntoSeries, NamedFrom, Series,
    StringChunkedBuilder,
};

use crate::catalog::Value;
use crate::import::table::{Cells, Table};

use super::AnalysisError;

/// The columns of a table file as a frame; a column of reals is moved, not copied.
///
/// # Errors
/// Only when polars refuses the columns, which equal lengths and distinct names rule out.
pub fn frame(table: Table) -> Result<DataFrame, AnalysisError> {
    let height = table.lines.len();
    let columns = table.columns.into_iter();
    let columns: Vec<Column> = columns
        .map(|column| series(&column.name, column.cells, height).into_column())
        .collect();
    DataFrame::new(height, columns).map_err(|error| AnalysisError::Undefined {
        what: "reading a table",
        reason: error.to_string(),
    })
}

fn series(name: &str, cells: Cells, height: usize) -> Series {
    let is_known = |x: &f64| (!x.is_nan()).then_some(*x);
    match cells {
        Cells::Integer(cells) if cells.iter().all(Option::is_none) => {
            Series::new_null(name.into(), height)
        }
        Cells::Integer(cells) if cells.iter().all(Option::is_some) => Series::new(
            name.into(),
            cells.into_iter().flatten().collect::<Vec<i64>>(),
        ),
        Cells::Integer(cells) => Series::new(name.into(), cells),
        Cells::Real(cells) if cells.iter().any(|x| x.is_nan()) => {
            let cells: Vec<Option<f64>> = cells.iter().map(is_known).collect();
            Series::new(name.into(), cells)
        }
        Cells::Real(cells) => Float64Chunked::from_vec(name.into(), cells).into_series(),
        Cells::Text(texts) if (0..height).all(|row| texts.get(row).is_none()) => {
            Series::new_null(name.into(), height)
        }
        Cells::Text(texts) => text(name, height, |row, out| match texts.get(row) {
            Some(text) => out.append_value(text),
            None => out.append_null(),
        }),
        Cells::Mixed(cells) => text(name, height, |row, out| match cells.get(row) {
            None | Some(Value::Null) => out.append_null(),
            Some(value) => out.append_value(value.to_text()),
        }),
    }
}

/// A column of text; `append` adds the cell of a row.
fn text(name: &str, height: usize, append: impl Fn(usize, &mut StringChunkedBuilder)) -> Series {
    let mut cells = StringChunkedBuilder::new(name.into(), height);
    (0..height).for_each(|row| append(row, &mut cells));
    cells.finish().into_series()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::import::table::read_rows;
    use crate::store::FrameBuilder;

    use super::*;

    #[test]
    fn a_table_file_gives_the_frame_that_its_rows_would_give() {
        let text = "n,x,some,mixed,word,none\n1,0.5,7,1,a,\n2,,,b,,\n3,nan,9,2.5,c,\n";
        let table = read_rows(Path::new("t.csv"), text.as_bytes()).unwrap();
        let mut rows = FrameBuilder::default();
        for row in 0..table.lines.len() {
            let cells: Vec<Value> = table.columns.iter().map(|c| c.cells.value(row)).collect();
            rows.push(&cells);
        }
        let names: Vec<String> = table.columns.iter().map(|c| c.name.clone()).collect();
        let expected = rows.finish(&names).unwrap();
        let found = frame(table).unwrap();
        assert!(
            found.equals_missing(&expected),
            "{found:?} is not {expected:?}"
        );
        assert_eq!(found.dtypes(), expected.dtypes());
    }
}
