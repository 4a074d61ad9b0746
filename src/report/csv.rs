//! The plain table behind a document, for spreadsheets: every number in full, nothing around it.

use std::io::Write;

use crate::catalog::Value;
use crate::output::{Format, Style, writer};

use super::document::Document;
use super::error::ReportError;

/// Writes the main table of a document as CSV, its columns under their names for programs. With
/// `safe`, a text that a spreadsheet would take for a formula gets an apostrophe before it.
///
/// # Errors
/// [`ReportError::NoTable`] when the document has none.
pub fn csv(document: &Document, safe: bool) -> Result<Vec<u8>, ReportError> {
    let table = document.main_table().ok_or(ReportError::NoTable)?;
    let style = Style {
        csv_safe: safe,
        ..Style::default()
    };
    Ok(table.written(Format::Csv, &style))
}

impl super::table::Table {
    /// The rows in a format of rows.
    pub(super) fn written(&self, format: Format, style: &Style) -> Vec<u8> {
        let columns: Vec<String> = self.columns.iter().map(|c| c.name.clone()).collect();
        let mut bytes = Vec::new();
        let mut rows = writer(format, &mut bytes as &mut dyn Write, style);
        // Memory takes every byte: there is no error to report.
        let _ = rows.header(&columns);
        for row in &self.rows {
            let values: Vec<Value> = row.iter().map(|cell| cell.value().clone()).collect();
            let _ = rows.row(&values);
        }
        let _ = rows.finish();
        drop(rows);
        bytes
    }
}
