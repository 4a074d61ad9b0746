//! A row as text with the places of its cells in it, so that no cell is copied.

use serde_json::Value as Json;

use crate::catalog::Value;

/// Where a cell stands in the text of its row, without the white space around it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    end: u32,
    /// Whether it is a JSON string, so that `"7"` is no number.
    quoted: bool,
}

impl Span {
    /// The cell between two bytes of a text. A row is at most 64 MB, so that its places fit.
    #[inline]
    pub(super) fn new(text: &str, start: usize, end: usize, quoted: bool) -> Self {
        let bytes = text.as_bytes();
        // A byte beyond ASCII may be a part of a white space.
        let is_plain = |at: usize| bytes.get(at).is_some_and(|b| (b'!'..=b'~').contains(b));
        let (mut start, mut end) = (start, end);
        if start < end && !(is_plain(start) && is_plain(end - 1)) {
            let cell = text.get(start..end).unwrap_or_default().trim_start();
            start = end - cell.len();
            end = start + cell.trim_end().len();
        }
        Self {
            start: start as u32,
            end: end as u32,
            quoted,
        }
    }

    /// Whether there is nothing in it.
    #[inline]
    pub(super) fn is_blank(self) -> bool {
        self.start == self.end
    }

    /// Its text.
    #[inline]
    pub(super) fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row<'r> {
    pub(super) text: &'r str,
    pub(super) cells: &'r [Span],
    /// Where it begins, from 1.
    pub(super) line: usize,
}

impl<'r> Row<'r> {
    /// The trimmed text of a cell, empty where the row has none.
    #[inline]
    pub(super) fn get(&self, column: usize) -> &'r str {
        let cell = self.cells.get(column);
        cell.map_or("", |cell| cell.of(self.text))
    }

    /// Whether the cell is a JSON string.
    pub(super) fn is_quoted(&self, column: usize) -> bool {
        self.cells.get(column).is_some_and(|cell| cell.quoted)
    }

    /// The cell as a setting: a number where it is written as one.
    pub(super) fn setting(&self, column: usize) -> Json {
        let text = self.get(column);
        match Value::number(text).filter(|_| !self.is_quoted(column)) {
            Some(Value::Integer(i)) => i.into(),
            Some(Value::Real(x)) => x.into(),
            _ => text.into(),
        }
    }

    /// Whether none of the columns holds anything.
    pub(super) fn is_blank(&self, columns: usize) -> bool {
        self.cells.iter().take(columns).all(|cell| cell.is_blank())
    }
}
