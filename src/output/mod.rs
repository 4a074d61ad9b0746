//! Floor 3: rows to bytes. One file per family of formats, the encoders that make hostile text harmless, and
//! files that are replaced atomically.
//!
//! Knows nothing of the store, of charts or of the command line: it is handed columns and
//! [`Value`]s and anything that can be written to. Machine formats (CSV, TSV, JSON) are exact;
//! formats for people (table, Markdown) round through [`crate::catalog::number`].
//!
//! A new format is one file with an implementation of [`Rows`], one variant of [`Format`] and the arms
//! the compiler then asks for.

mod delimited;
mod error;
pub mod file;
mod format;
mod json;
mod markdown;
mod table;
pub mod text;

use std::io::{self, BufWriter, Write};

use crate::catalog::Value;
pub use error::OutputError;
pub use format::Format;
pub use json::json_document;

/// A destination of rows: the header once, then each row, then the end.
///
/// A row has one value per column; the values stand in the order of the columns.
pub trait Rows {
    /// Takes the names of the columns.
    ///
    /// # Errors
    ///
    /// Whatever the destination reports.
    fn header(&mut self, columns: &[String]) -> io::Result<()>;

    /// Takes the next row.
    ///
    /// # Errors
    ///
    /// Whatever the destination reports.
    fn row(&mut self, row: &[Value]) -> io::Result<()>;

    /// Writes what must follow the last row, and flushes.
    ///
    /// # Errors
    ///
    /// Whatever the destination reports.
    fn finish(&mut self) -> io::Result<()>;
}

/// What may differ between two outputs of one format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// The columns of the terminal a table is fitted to by wrapping its text; never wrapped when
    /// `None`.
    pub width: Option<u16>,
    /// The rows a table shows; those after them are only counted.
    pub max_table_rows: usize,
    /// Whether a text of CSV and TSV that a spreadsheet would take for a formula (it begins with
    /// `=`, `+`, `-`, `@`, a tab or the like) is written with an apostrophe before it.
    pub csv_safe: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: None,
            max_table_rows: 1000,
            csv_safe: false,
        }
    }
}

/// A writer of rows in `format`. It buffers its writes; [`Rows::finish`] flushes them.
///
/// Every format but the table needs constant memory; the table keeps the rows it is going to show.
pub fn writer<'a>(format: Format, out: impl Write + 'a, style: &Style) -> Box<dyn Rows + 'a> {
    let out = BufWriter::new(out);
    match format {
        Format::Table => Box::new(table::Table::new(out, style)),
        Format::Csv => Box::new(delimited::Delimited::csv(out, style)),
        Format::Tsv => Box::new(delimited::Delimited::tsv(out, style)),
        Format::Json => Box::new(json::Json::array(out)),
        Format::Jsonl => Box::new(json::Json::lines(out)),
        Format::Markdown => Box::new(markdown::Markdown::new(out)),
    }
}

/// The bytes a format writes for these rows, for the tests of each format.
#[cfg(test)]
fn written(format: Format, style: &Style, columns: &[&str], rows: &[&[Value]]) -> String {
    let mut bytes = Vec::new();
    let columns: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
    let mut writer = writer(format, &mut bytes, style);
    writer.header(&columns).unwrap();
    for row in rows {
        writer.row(row).unwrap();
    }
    writer.finish().unwrap();
    drop(writer);
    String::from_utf8(bytes).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_rows_leave_a_complete_document_in_every_format() {
        let empty = |format| written(format, &Style::default(), &["model", "score"], &[]);
        assert_eq!(empty(Format::Table), "model  score\n────────────\n");
        assert_eq!(empty(Format::Csv), "model,score\n");
        assert_eq!(empty(Format::Tsv), "model\tscore\n");
        assert_eq!(empty(Format::Json), "[]\n");
        assert_eq!(empty(Format::Jsonl), "");
        assert_eq!(
            empty(Format::Markdown),
            "| model | score |\n| --- | --- |\n"
        );
    }

    #[test]
    fn a_destination_that_fails_is_reported() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for &format in Format::ALL {
            let mut rows = writer(format, Full, &Style::default());
            let ended = rows
                .header(&["a".to_owned()])
                .and_then(|()| rows.row(&[Value::Integer(1)]))
                .and_then(|()| rows.finish());
            assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::StorageFull);
        }
    }
}
