//! The records of delimited text. A line without quotes is cut at its separators; any other record is
//! read by the csv crate's machine, whose notion of quotes and line ends is that of both.

use std::path::Path;

use csv_core::ReadRecordResult;

use super::super::text::{Lines, grown, line_ends, utf8};
use super::super::{ImportError, LONGEST_LINE};
use super::row::{Row, Span};
use super::source::invalid;

/// A reading of delimited text.
pub(super) struct Records<'a> {
    path: &'a Path,
    lines: Lines<'a>,
    separator: u8,
    ends: Vec<usize>,
    cells: Vec<Span>,
    machine: Machine,
    /// How much of the window the record that was handed out takes: bytes and line ends.
    taken: (usize, usize),
}

impl<'a> Records<'a> {
    /// Begins a reading; `path` is for messages.
    pub(super) fn new(path: &'a Path, lines: Lines<'a>, separator: u8) -> Self {
        Self {
            path,
            lines,
            separator,
            ends: Vec::new(),
            cells: Vec::new(),
            machine: Machine::new(separator),
            taken: (0, 0),
        }
    }

    /// The next record that is not an empty line, with its line and trimmed cells.
    ///
    /// # Errors
    /// Those of reading, a record that is not UTF-8 or too long, and a quote that is never closed.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, ImportError> {
        let (bytes, line_ends) = std::mem::take(&mut self.taken);
        self.lines.consume(bytes, line_ends);
        let length = loop {
            let length = self.lines.line_length()?;
            if length == 0 {
                return Ok(None);
            }
            match self.line_ends_before() {
                (0, _) => break length,
                (bytes, line_ends) => self.lines.consume(bytes, line_ends),
            }
        };
        let line = self.lines.window().get(..length).unwrap_or_default();
        // Patterns, since a comparison of slices is a call for each row.
        let content = match line {
            [content @ .., b'\n'] => content,
            _ => line,
        };
        let content = match content {
            [content @ .., b'\r'] => content,
            _ => content,
        };
        if !split(content, self.separator, &mut self.ends) {
            return self.next_by_machine().map(Some);
        }
        if length > LONGEST_LINE {
            return Err(self.lines.too_long());
        }
        self.taken = (length, 1);
        let number = self.lines.line();
        let content = ..content.len();
        let content = self.lines.window().get(content).unwrap_or_default();
        let text = utf8(self.path, number, content)?;
        self.cells.clear();
        let mut start = 0;
        for &end in &self.ends {
            self.cells.push(Span::new(text, start, end, false));
            start = end + 1;
        }
        Ok(Some(Row {
            text,
            cells: &self.cells,
            line: number,
        }))
    }

    /// The empty lines at the beginning of the window: bytes, and line ends among them.
    fn line_ends_before(&self) -> (usize, usize) {
        let empty = self.lines.window().iter();
        let empty = empty.take_while(|byte| matches!(byte, b'\n' | b'\r'));
        empty.fold((0, 0), |(bytes, ends), byte| {
            (bytes + 1, ends + usize::from(*byte == b'\n'))
        })
    }

    fn next_by_machine(&mut self) -> Result<Row<'_>, ImportError> {
        let mut used = 0;
        loop {
            let window = self.lines.window();
            if self
                .machine
                .feed(window.get(used..).unwrap_or_default(), &mut used)
            {
                break;
            }
            if used > LONGEST_LINE {
                return Err(self.lines.too_long());
            }
            if !self.lines.more()? {
                self.machine.end();
                break;
            }
        }
        let number = self.lines.line();
        let raw = self.lines.window().get(..used).unwrap_or_default();
        if used > LONGEST_LINE {
            return Err(self.lines.too_long());
        }
        if self.lines.has_ended() && used == self.lines.window().len() {
            self.refuse_open_quote(raw)?;
        }
        self.taken = (used, line_ends(raw));
        utf8(self.path, number, raw)?;
        self.machine.cells(&mut self.cells);
        Ok(Row {
            text: &self.machine.text,
            cells: &self.cells,
            line: number,
        })
    }

    /// The machine ends the last cell at the end of the file, quote or not.
    fn refuse_open_quote(&self, record: &[u8]) -> Result<(), ImportError> {
        let (mut opened, mut at_start, mut line) = (None, true, self.lines.line());
        let mut bytes = record.iter().peekable();
        while let Some(&byte) = bytes.next() {
            match (byte, opened) {
                (b'"', None) if at_start => opened = Some(line),
                (b'"', Some(_)) if bytes.peek() == Some(&&b'"') => {
                    bytes.next();
                }
                (b'"', Some(_)) => opened = None,
                _ => {}
            }
            line += usize::from(byte == b'\n');
            at_start = opened.is_none() && [self.separator, b'\n', b'\r'].contains(&byte);
        }
        match opened {
            Some(line) => {
                let place = format!("line {line}");
                let reason = "a quote is opened and never closed";
                Err(invalid(self.path, &place, reason))
            }
            None => Ok(()),
        }
    }
}

/// Where the cells of a line end; false where it has a quote or a line end of its own and so may be more
/// or less than a record.
fn split(line: &[u8], separator: u8, ends: &mut Vec<usize>) -> bool {
    ends.clear();
    for (at, &byte) in line.iter().enumerate() {
        if byte == separator {
            ends.push(at);
        } else if byte == b'"' || byte == b'\r' {
            return false;
        }
    }
    ends.push(line.len());
    true
}

/// The csv crate's machine with the record that it has read.
struct Machine {
    reader: csv_core::Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    written: usize,
    ended: usize,
    text: String,
}

impl Machine {
    fn new(separator: u8) -> Self {
        let mut reader = csv_core::ReaderBuilder::new().delimiter(separator).build();
        // A byte order mark is taken off at the beginning of the text, and nowhere else.
        reader.read_record(b"\n", &mut [0], &mut [0]);
        Self {
            reader,
            bytes: Vec::new(),
            ends: vec![0; 16],
            written: 0,
            ended: 0,
            text: String::new(),
        }
    }

    /// Takes as much as it needs of the input; true at the end of a record.
    fn feed(&mut self, mut input: &[u8], used: &mut usize) -> bool {
        while !input.is_empty() {
            let (result, read) = self.step(input);
            *used += read;
            input = input.get(read..).unwrap_or_default();
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => return true,
                ReadRecordResult::InputEmpty
                | ReadRecordResult::OutputFull
                | ReadRecordResult::OutputEndsFull => {}
            }
        }
        false
    }

    /// Ends the record with the text.
    fn end(&mut self) {
        while let (ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull, _) =
            self.step(&[])
        {}
    }

    fn step(&mut self, input: &[u8]) -> (ReadRecordResult, usize) {
        if self.written == self.bytes.len() {
            self.bytes.resize(grown(self.bytes.len()), 0);
        }
        if self.ended == self.ends.len() {
            self.ends.resize(self.ends.len() * 2, 0);
        }
        let output = self.bytes.get_mut(self.written..).unwrap_or_default();
        let ends = self.ends.get_mut(self.ended..).unwrap_or_default();
        let (result, read, written, ended) = self.reader.read_record(input, output, ends);
        self.written += written;
        self.ended += ended;
        (result, read)
    }

    /// The places of the cells in the text, and makes room for the next record.
    fn cells(&mut self, cells: &mut Vec<Span>) {
        cells.clear();
        self.text.clear();
        let bytes = self.bytes.get(..self.written).unwrap_or_default();
        self.text.push_str(&String::from_utf8_lossy(bytes));
        let mut start = 0;
        for &end in self.ends.iter().take(self.ended) {
            cells.push(Span::new(&self.text, start, end, false));
            start = end;
        }
        (self.written, self.ended) = (0, 0);
    }
}
