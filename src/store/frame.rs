//! The door from SQLite's types to polars' types: the only place that decides a column's type.
//!
//! Whole numbers give an integer column, real numbers (with whole ones among them) a real one, text
//! a text one; a column that mixes text with numbers is text, cell by cell, so that nothing is lost
//! and a reader who wants numbers can name the first cell that is none. NULL is null, never NaN.

use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, Series};

use crate::catalog::Value;

use super::StoreError;

/// Rows being turned into columns.
#[derive(Debug, Default)]
pub struct FrameBuilder {
    columns: Vec<Cells>,
    height: usize,
}

#[derive(Debug)]
enum Cells {
    /// Nothing but NULL so far: how many.
    Null(usize),
    Integer(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
    Text(Vec<Option<String>>),
}

impl FrameBuilder {
    /// Adds a row; all rows have the width of the first.
    pub fn push(&mut self, row: &[Value]) {
        if self.columns.is_empty() {
            self.columns = row.iter().map(|_| Cells::Null(0)).collect();
        }
        for (cells, value) in self.columns.iter_mut().zip(row) {
            cells.push(value);
        }
        self.height += 1;
    }

    /// The columns under their names; a name that stands twice gets `_2`, `_3`, ….
    ///
    /// # Errors
    /// Only when polars refuses the columns, which equal lengths and distinct names rule out.
    pub fn finish(mut self, names: &[String]) -> Result<DataFrame, StoreError> {
        if self.columns.is_empty() {
            self.columns = names.iter().map(|_| Cells::Null(0)).collect();
        }
        let mut used: Vec<String> = Vec::with_capacity(names.len());
        for name in names {
            let mut unique = name.clone();
            let mut n = 1;
            while used.contains(&unique) {
                n += 1;
                unique = format!("{name}_{n}");
            }
            used.push(unique);
        }
        let columns: Vec<Column> = self
            .columns
            .into_iter()
            .zip(&used)
            .map(|(cells, name)| cells.column(name))
            .collect();
        Ok(DataFrame::new(self.height, columns)?)
    }
}

impl Cells {
    fn push(&mut self, value: &Value) {
        match (&mut *self, value) {
            (Self::Null(n), Value::Null) => *n += 1,
            (Self::Null(n), _) => {
                *self = match value {
                    Value::Integer(_) => Self::Integer(vec![None; *n]),
                    Value::Real(_) => Self::Real(vec![None; *n]),
                    _ => Self::Text(vec![None; *n]),
                };
                self.push(value);
            }
            (Self::Integer(cells), Value::Null) => cells.push(None),
            (Self::Integer(cells), Value::Integer(i)) => cells.push(Some(*i)),
            (Self::Integer(cells), Value::Real(x)) => {
                let mut real: Vec<Option<f64>> =
                    cells.iter().map(|cell| cell.map(|i| i as f64)).collect();
                real.push(Some(*x));
                *self = Self::Real(real);
            }
            (Self::Real(cells), Value::Null) => cells.push(None),
            (Self::Real(cells), Value::Integer(i)) => cells.push(Some(*i as f64)),
            (Self::Real(cells), Value::Real(x)) => cells.push(Some(*x)),
            (Self::Text(cells), Value::Null) => cells.push(None),
            (Self::Text(cells), value) => cells.push(Some(value.to_text())),
            (Self::Integer(cells), _) => {
                let mut texts: Vec<_> = cells
                    .iter()
                    .map(|cell| cell.map(|i| i.to_string()))
                    .collect();
                texts.push(Some(value.to_text()));
                *self = Self::Text(texts);
            }
            (Self::Real(cells), _) => {
                let mut texts: Vec<_> = cells
                    .iter()
                    .map(|cell| cell.map(|x| x.to_string()))
                    .collect();
                texts.push(Some(value.to_text()));
                *self = Self::Text(texts);
            }
        }
    }

    fn column(self, name: &str) -> Column {
        let name = name.into();
        match self {
            Self::Null(n) => Series::new_null(name, n),
            Self::Integer(cells) => Series::new(name, cells),
            Self::Real(cells) => Series::new(name, cells),
            Self::Text(cells) => Series::new(name, cells),
        }
        .into_column()
    }
}
