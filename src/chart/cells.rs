//! A picture of terminal cells: braille dots, two across and four down in each cell, and characters over them.

use super::geometry::{Segment, Spot};

/// Braille patterns start here; each of the eight dots is one bit (Unicode, block Braille Patterns).
const BRAILLE: u32 = 0x2800;
/// The bits of the dots, row by row.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// What a cell's colour says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Tone {
    #[default]
    Plain,
    Strong,
    Quiet,
    Frontier,
    Highlight,
    /// The hue of a group.
    Group(usize),
}

impl Tone {
    /// Select Graphic Rendition (ECMA-48, 8.3.117) with the 256 colours every terminal knows.
    fn code(self) -> Option<&'static str> {
        const HUES: [&str; 8] = [
            "38;5;33", "38;5;166", "38;5;36", "38;5;175", "38;5;214", "38;5;117", "38;5;227", "1",
        ];
        match self {
            Self::Plain => None,
            Self::Strong => Some("1"),
            Self::Quiet => Some("2"),
            Self::Frontier => Some("38;5;33"),
            Self::Highlight => Some("1;38;5;208"),
            Self::Group(index) => HUES.get(index).copied(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Content {
    #[default]
    Empty,
    Dots(u8),
    /// A character with the marks that belong to it.
    Glyph(String),
    /// The right half of a wide character.
    Covered,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Cell {
    content: Content,
    tone: Tone,
}

/// Rows of cells.
pub(super) struct Cells {
    columns: usize,
    rows: usize,
    cells: Vec<Cell>,
}

impl Cells {
    pub(super) fn new(columns: usize, rows: usize) -> Self {
        Self {
            columns,
            rows,
            cells: vec![Cell::default(); columns * rows],
        }
    }

    fn cell(&mut self, column: usize, row: usize) -> Option<&mut Cell> {
        if column >= self.columns {
            return None;
        }
        self.cells.get_mut(row * self.columns + column)
    }

    /// One dot; `at` is in cells. Characters stay.
    pub(super) fn dot(&mut self, at: Spot, tone: Tone) {
        let (Some(x), Some(y)) = (index(at.0 * 2.0), index(at.1 * 4.0)) else {
            return;
        };
        let bit = DOTS.get(y % 4).and_then(|row| row.get(x % 2)).copied();
        let (Some(cell), Some(bit)) = (self.cell(x / 2, y / 4), bit) else {
            return;
        };
        match cell.content {
            Content::Empty => cell.content = Content::Dots(bit),
            Content::Dots(bits) => cell.content = Content::Dots(bits | bit),
            _ => return,
        }
        cell.tone = tone;
    }

    /// Dots along a line, each `every`-th of the quarter cells.
    pub(super) fn line(&mut self, line: &Segment, every: usize, tone: Tone) {
        let (across, down) = (line.to.0 - line.from.0, line.to.1 - line.from.1);
        let steps = (across.abs() * 2.0).max(down.abs() * 4.0).ceil();
        let count = index(steps).unwrap_or(0);
        for step in (0..=count).step_by(every.max(1)) {
            self.dot(line.at(step as f64 / steps.max(1.0)), tone);
        }
    }

    /// Nothing is in these cells, and they exist.
    pub(super) fn is_free(&self, column: usize, row: usize, width: usize) -> bool {
        row < self.rows
            && column + width <= self.columns
            && (column..column + width).all(|column| {
                let cell = self.cells.get(row * self.columns + column);
                cell.is_some_and(|cell| cell.content == Content::Empty)
            })
    }

    /// Writes over what is there; what passes the right edge is cut.
    pub(super) fn write(&mut self, column: usize, row: usize, text: &str, tone: Tone) {
        let mut column = column;
        for c in text.chars() {
            let width = cells(c);
            if width == 0 {
                let before = column.checked_sub(1).and_then(|at| self.cell(at, row));
                if let Some(Content::Glyph(glyph)) = before.map(|cell| &mut cell.content) {
                    glyph.push(c);
                }
                continue;
            }
            if column + width > self.columns {
                return;
            }
            if let Some(cell) = self.cell(column, row) {
                (cell.content, cell.tone) = (Content::Glyph(c.to_string()), tone);
            }
            for covered in column + 1..column + width {
                if let Some(cell) = self.cell(covered, row) {
                    (cell.content, cell.tone) = (Content::Covered, tone);
                }
            }
            column += width;
        }
    }

    /// Lines of text without trailing spaces.
    pub(super) fn lines(&self, colour: bool) -> Vec<String> {
        let rows = self.cells.chunks(self.columns.max(1));
        rows.map(|row| written(row, colour)).collect()
    }
}

fn written(row: &[Cell], colour: bool) -> String {
    let empty = |cell: &Cell| cell.content == Content::Empty;
    let used = row
        .iter()
        .rposition(|cell| !empty(cell))
        .map_or(0, |last| last + 1);
    let mut text = String::new();
    for run in row
        .get(..used)
        .unwrap_or(row)
        .chunk_by(|a, b| a.tone == b.tone)
    {
        let code = run
            .first()
            .and_then(|cell| cell.tone.code())
            .filter(|_| colour);
        if let Some(code) = code {
            text.push_str(&format!("\u{1b}[{code}m"));
        }
        for cell in run {
            match &cell.content {
                Content::Empty => text.push(' '),
                Content::Dots(bits) => {
                    text.push(char::from_u32(BRAILLE + u32::from(*bits)).unwrap_or(' '));
                }
                Content::Glyph(glyph) => text.push_str(glyph),
                Content::Covered => {}
            }
        }
        if code.is_some() {
            text.push_str("\u{1b}[0m");
        }
    }
    text
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not negative, and far below 2⁵³"
)]
fn index(value: f64) -> Option<usize> {
    (0.0..1e6).contains(&value).then_some(value as usize)
}

/// Cells a text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(cells).sum()
}

/// Cells a character takes: none for marks that join the one before, two for East Asian wide ones
/// (Unicode Standard Annex 11, the blocks that are wide as a whole).
fn cells(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5bd}'
        | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1f6ff}'
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_dots_fill_a_cell() {
        let mut cells = Cells::new(2, 1);
        for (x, y) in [(0.0, 0.0), (0.5, 0.0), (0.0, 0.25), (0.5, 0.75), (1.5, 0.5)] {
            cells.dot((x, y), Tone::Plain);
        }
        assert_eq!(cells.lines(false), ["⢋⠠"]);
        let mut full = Cells::new(1, 1);
        for step in 0..8_u32 {
            full.dot(
                (f64::from(step % 2) / 2.0, f64::from(step / 2) / 4.0),
                Tone::Plain,
            );
        }
        assert_eq!(full.lines(false), ["⣿"]);
    }

    #[test]
    fn a_line_has_no_holes_and_leaves_characters_alone() {
        let mut cells = Cells::new(4, 1);
        cells.write(1, 0, "x", Tone::Plain);
        let level = Segment {
            from: (0.0, 0.5),
            to: (3.9, 0.5),
        };
        cells.line(&level, 1, Tone::Frontier);
        assert_eq!(cells.lines(false), ["⠤x⠤⠤"]);
    }

    #[test]
    fn wide_characters_take_two_cells_and_marks_none() {
        let mut cells = Cells::new(6, 1);
        cells.write(0, 0, "通e\u{301}x", Tone::Plain);
        cells.write(5, 0, "义", Tone::Plain);
        assert_eq!(cells.lines(false), ["通e\u{301}x"]);
        assert!(!cells.is_free(1, 0, 1) && cells.is_free(4, 0, 2) && !cells.is_free(5, 0, 2));
        assert_eq!(width("通e\u{301}x"), 4);
    }

    #[test]
    fn colour_is_only_where_it_is_allowed() {
        let mut cells = Cells::new(3, 1);
        cells.write(0, 0, "ab", Tone::Frontier);
        cells.write(2, 0, "c", Tone::Plain);
        assert_eq!(cells.lines(true), ["\u{1b}[38;5;33mab\u{1b}[0mc"]);
        assert_eq!(cells.lines(false), ["abc"]);
    }
}
