//! What the cells of one column are made of, and the sentences about it: how numbers were written,
//! and whether the column is one of numbers at all.

use crate::catalog::Batch;

use super::cell::{Cell, Number};

/// Counts of cells.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) numbers: usize,
    pub(super) percents: usize,
    cells: usize,
    blanks: usize,
    missing: usize,
    grouped: usize,
    spreads: usize,
    unreadable: usize,
    commas: usize,
    first_missing: String,
    /// Line and text of the first cell that is no number.
    first_unreadable: Option<(usize, String)>,
}

impl Tally {
    /// Counts a cell.
    pub(super) fn add(&mut self, cell: &Cell<'_>, line: usize) {
        self.cells += 1;
        match *cell {
            Cell::Blank => self.blanks += 1,
            Cell::NotFinite(_) => {}
            Cell::Missing(text) => {
                if self.missing == 0 {
                    text.clone_into(&mut self.first_missing);
                }
                self.missing += 1;
            }
            Cell::Number(number) => self.add_number(&number),
            Cell::DecimalComma(text) | Cell::Text(text) => {
                let comma = matches!(cell, Cell::DecimalComma(_));
                // A decimal comma explains more than the text of another cell.
                if self.first_unreadable.is_none() || (comma && self.commas == 0) {
                    self.first_unreadable = Some((line, text.to_owned()));
                }
                self.commas += usize::from(comma);
                self.unreadable += usize::from(!comma);
            }
        }
    }

    fn add_number(&mut self, number: &Number) {
        self.numbers += 1;
        self.percents += usize::from(number.percent);
        self.grouped += usize::from(number.grouped);
        self.spreads += usize::from(number.spread.is_some());
    }

    /// Whether this is a column of numbers: it has numbers, and at most one cell in five is
    /// something else. One such cell is always allowed as long as numbers are more, so that a single
    /// slip in a short table is shown instead of turning a metric into a setting. Numbers with a
    /// decimal comma count as numbers here, since they are meant as such.
    pub(super) fn is_numeric(&self) -> bool {
        let numbers = self.numbers + self.commas;
        let allowed = (numbers + self.unreadable) / 5;
        let single = usize::from(numbers > 1);
        numbers > 0 && self.unreadable <= allowed.max(single)
    }

    /// Whether no cell holds anything.
    pub(super) fn is_blank(&self) -> bool {
        self.cells == self.blanks
    }

    /// The first cell that is no number: its line and what is wrong with it.
    pub(super) fn complaint(&self) -> Option<(usize, String)> {
        let (line, text) = self.first_unreadable.as_ref()?;
        Some((*line, unreadable(text)))
    }

    /// Notes how the numbers of a column were written.
    pub(super) fn note(&self, column: &str, batch: &mut Batch) {
        let place = format!("column `{column}`");
        if self.missing > 0 {
            let (count, word) = (self.missing, &self.first_missing);
            batch.guess(
                &place,
                format!("cells read as not known: {count}, the first says `{word}`"),
            );
        }
        if self.grouped > 0 {
            let count = self.grouped;
            batch.guess(
                &place,
                format!("numbers whose commas were read as thousands separators: {count}"),
            );
        }
        if self.spreads > 0 {
            batch.guess(
                &place,
                "what follows `±` is kept as spread: nothing says that it is a standard error",
            );
        }
    }
}

/// What is wrong with a text that should be a number.
pub(super) fn unreadable(text: &str) -> String {
    let shown: String = text.chars().take(40).collect();
    let what = match super::cell::read(text, false) {
        Cell::DecimalComma(_) => "has a decimal comma or an unclear thousands separator",
        _ => "is not a number",
    };
    format!("`{shown}` {what}")
}

#[cfg(test)]
mod tests {
    use super::super::cell;
    use super::*;

    fn tally(cells: &[&str]) -> Tally {
        let mut tally = Tally::default();
        for (line, text) in (2..).zip(cells) {
            tally.add(&cell::read(text, true), line);
        }
        tally
    }

    #[test]
    fn one_cell_in_five_may_be_a_slip() {
        assert!(tally(&["1", "2", "3", "4", "x"]).is_numeric());
        assert!(tally(&["1", "2", "x"]).is_numeric());
        assert!(!tally(&["1", "2", "x", "y"]).is_numeric());
        assert!(!tally(&["512", "default"]).is_numeric());
        assert!(!tally(&["NA", "-", ""]).is_numeric());
        assert_eq!(tally(&["1", "x", "2"]).complaint().unwrap().0, 3);
    }

    #[test]
    fn a_decimal_comma_is_named_as_such() {
        let tally = tally(&["0,5", "0,7"]);
        assert!(tally.is_numeric());
        assert!(tally.complaint().unwrap().1.contains("decimal comma"));
    }

    #[test]
    fn what_was_assumed_is_noted_once_a_column() {
        let mut batch = Batch::new("table");
        tally(&["1,024 ± 2", "NA", "-", "2,048 ± 3"]).note("x", &mut batch);
        assert_eq!(batch.notes.len(), 3);
        assert!(batch.notes[0].reason.contains("not known: 2,"));
    }
}
