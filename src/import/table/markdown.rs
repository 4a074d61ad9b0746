//! Pipe tables in Markdown (GitHub Flavored Markdown, section 4.10): model cards, READMEs, leaderboards. A cell's
//! text counts; emphasis, code marks, images and the targets of links do not. Each table is read as the
//! delimited table it stands for, with the same guesses, roles and refusals, and under the same lines.

use std::ops::Range;

use pulldown_cmark::{Event, Options as Extensions, Parser, Tag, TagEnd};

use crate::catalog::{Batch, Value};

use super::super::{Format, ImportError, Input, Options, Shape, Sniff};
use super::{opencompass, roles};

/// The format's entry in the registry.
pub(in super::super) const FORMAT: Format = Format {
    name: "markdown",
    tool: "any",
    recognised_by: "a pipe table with a column of models or metrics, and numbers",
    reads: "every table of results in the text, as if it were CSV; the link of a model's name",
    detect,
    read,
};

/// How much of a text is searched for a table, in bytes.
const LOOK: usize = 64 * 1024;

fn detect(sniff: &Sniff<'_>) -> bool {
    if !matches!(sniff.shape, Shape::Text | Shape::Delimited { .. }) {
        return false;
    }
    let start = sniff.bytes.get(..LOOK).unwrap_or(sniff.bytes);
    // The line under the header is what makes lines with `|` a table.
    if !start
        .windows(2)
        .any(|pair| matches!(pair, b"|-" | b"-|" | b"|:" | b" |"))
    {
        return false;
    }
    let text = String::from_utf8_lossy(start);
    tables(&text).iter().any(Found::holds_results)
}

/// A table of a Markdown text.
#[derive(Default)]
struct Found {
    /// Its rows, the header first: the line, from 1, and the cells.
    rows: Vec<(usize, Vec<Cell>)>,
}

#[derive(Default, Clone)]
struct Cell {
    text: String,
    link: Option<String>,
}

impl Found {
    fn header(&self) -> Vec<String> {
        let cells = self.rows.first().map_or(&[][..], |(_, cells)| cells);
        cells.iter().map(|cell| cell.text.clone()).collect()
    }

    /// Whether a column names models or metrics and another cell is a number. The table that `llama-bench`
    /// prints is its own.
    fn holds_results(&self) -> bool {
        let header = self.header();
        let is = |name: &str| header.iter().any(|column| column == name);
        let names = header.iter().any(|name| roles::names_model_or_metric(name));
        let numbers = self.rows.iter().skip(1).any(|(_, cells)| {
            let has_number = |cell: &Cell| {
                let start = cell.text.split(['±', '%']).next().unwrap_or_default();
                Value::number(start).is_some()
            };
            cells.iter().any(has_number)
        });
        names && numbers && !(is("test") && is("t/s"))
    }

    /// A row with more cells than the header, which the header gives no meaning: Markdown drops them, and
    /// so would a reader. `None` where there is none.
    fn extra(&self, text: &str) -> Option<usize> {
        let width = self.rows.first().map_or(0, |(_, cells)| cells.len());
        self.rows
            .iter()
            .skip(1)
            .map(|(line, _)| *line)
            .find(|line| {
                let written = text.lines().nth(line - 1).unwrap_or_default().trim();
                let written = written.strip_prefix('|').unwrap_or(written);
                let written = written
                    .strip_suffix('|')
                    .unwrap_or(written)
                    .replace("\\|", "");
                written
                    .split('|')
                    .skip(width)
                    .any(|cell| !cell.trim().is_empty())
            })
    }

    /// The table as CSV, each row on the line on which it stands.
    fn delimited(&self) -> String {
        let mut text = String::new();
        let mut line = 1;
        for (at, cells) in &self.rows {
            while line < *at {
                text.push('\n');
                line += 1;
            }
            let cells = cells.iter().map(|cell| cell.text.replace('"', "\"\""));
            let quoted: Vec<String> = cells.map(|text| format!("\"{text}\"")).collect();
            text.push_str(&quoted.join(","));
            text.push('\n');
            line += 1;
        }
        text
    }
}

/// The tables of a text.
fn tables(text: &str) -> Vec<Found> {
    let mut reading = Reading {
        text,
        ..Reading::default()
    };
    for (event, range) in Parser::new_ext(text, Extensions::ENABLE_TABLES).into_offset_iter() {
        reading.event(event, range);
    }
    reading.tables
}

/// A text while its tables are collected.
#[derive(Default)]
struct Reading<'t> {
    text: &'t str,
    tables: Vec<Found>,
    cell: Option<Cell>,
    images: usize,
    /// Up to which byte lines were counted, and how many.
    counted: (usize, usize),
}

impl Reading<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Table(_)) => self.tables.push(Found::default()),
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                let line = self.line(range.start);
                if let Some(table) = self.tables.last_mut() {
                    table.rows.push((line, Vec::new()));
                }
            }
            Event::Start(Tag::TableCell) => self.cell = Some(Cell::default()),
            Event::End(TagEnd::TableCell) => {
                let cell = self.cell.take();
                let row = self
                    .tables
                    .last_mut()
                    .and_then(|table| table.rows.last_mut());
                if let (Some(mut cell), Some((_, cells))) = (cell, row) {
                    cell.text = cell.text.split_whitespace().collect::<Vec<_>>().join(" ");
                    cells.push(cell);
                }
            }
            Event::Start(Tag::Image { .. }) => self.images += 1,
            Event::End(TagEnd::Image) => self.images = self.images.saturating_sub(1),
            Event::Start(Tag::Link { dest_url, .. }) => {
                if let Some(cell) = &mut self.cell {
                    cell.link.get_or_insert_with(|| dest_url.to_string());
                }
            }
            Event::Text(text) | Event::Code(text) if self.images == 0 => self.add(&text),
            // `<br>` is how a cell holds two lines.
            Event::InlineHtml(_) | Event::SoftBreak | Event::HardBreak => self.add(" "),
            _ => {}
        }
    }

    fn add(&mut self, text: &str) {
        if let Some(cell) = &mut self.cell {
            cell.text.push_str(text);
        }
    }

    /// The line in which a byte stands, from 1; bytes are asked for in the order of the text.
    fn line(&mut self, byte: usize) -> usize {
        let (from, lines) = self.counted;
        let passed = self.text.as_bytes().get(from..byte).unwrap_or_default();
        let lines = lines + passed.iter().filter(|b| **b == b'\n').count();
        self.counted = (byte.max(from), lines);
        lines + 1
    }
}

fn read(input: &Input<'_>, options: &Options) -> Result<Batch, ImportError> {
    let bytes = input.sniff.bytes;
    let text = std::str::from_utf8(bytes).map_err(|error| ImportError::Invalid {
        path: input.path.to_owned(),
        place: format!("byte {}", error.valid_up_to()),
        reason: "not UTF-8".to_owned(),
    })?;
    let mut whole: Option<Batch> = None;
    let mut refused: Vec<(usize, ImportError)> = Vec::new();
    for table in tables(text) {
        let line = table.rows.first().map_or(1, |(line, _)| *line);
        match read_table(&table, text, input, options) {
            Ok(batch) => match &mut whole {
                Some(whole) => whole.append(batch),
                None => whole = Some(batch),
            },
            Err(error) => refused.push((line, error)),
        }
    }
    match whole {
        // A text holds other tables besides those of results.
        Some(mut batch) => {
            for (line, error) in refused {
                batch.reject(format!("table at line {line}"), error.to_string());
            }
            Ok(batch)
        }
        None => Err(match refused.into_iter().next() {
            Some((_, error)) => error,
            None => ImportError::Invalid {
                path: input.path.to_owned(),
                place: "content".to_owned(),
                reason: "holds no table".to_owned(),
            },
        }),
    }
}

fn read_table(
    table: &Found,
    text: &str,
    input: &Input<'_>,
    options: &Options,
) -> Result<Batch, ImportError> {
    if let Some(line) = table.extra(text) {
        return Err(ImportError::Invalid {
            path: input.path.to_owned(),
            place: format!("line {line}"),
            reason: "the row has more cells than the header".to_owned(),
        });
    }
    let csv = table.delimited();
    let header = table.header();
    let format = match opencompass::is_header(&header) {
        true => opencompass::FORMAT,
        false => super::FORMAT,
    };
    let sniff = Sniff::of_table(&csv, b',', header);
    let inner = Input::new(input.path, csv.as_bytes(), &sniff);
    let mut batch = (format.read)(&inner, options)?;
    let cells = table.rows.iter().flat_map(|(_, cells)| cells);
    let links: std::collections::HashMap<&str, &str> = cells
        .filter_map(|cell| Some((cell.text.as_str(), cell.link.as_deref()?)))
        .collect();
    for run in &mut batch.runs {
        let link = run.model.as_deref().and_then(|model| links.get(model));
        if let Some(link) = link {
            run.details.insert("link".to_owned(), (*link).into());
        }
    }
    Ok(batch)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::super::read;
    use super::super::tests::values;
    use super::*;

    const PAGE: &str = include_str!("../../../tests/fixtures/import/markdown/leaderboard.md");

    fn import(text: &str) -> Result<Batch, ImportError> {
        let (format, batch) = read(Path::new("a.md"), text.as_bytes(), &Options::default())?;
        assert_eq!(format.name, "markdown");
        Ok(batch)
    }

    #[test]
    fn a_cell_without_a_header_is_not_dropped_in_silence() {
        let text = "| model | acc |\n|---|---|\n| a | 0.5 | 7 |\n";
        let error = import(text).unwrap_err().to_string();
        assert!(error.contains("line 3: the row has more cells"), "{error}");
        assert!(import(&text.replace("| 7 |", "|  |")).is_ok());
        assert!(import(&text.replace("| a | 0.5 | 7 |", "| a \\| b | 0.5 |")).is_ok());
    }

    #[test]
    fn every_table_of_results_is_read_and_the_others_are_left_out() {
        let batch = import(PAGE).unwrap();
        assert_eq!(
            values(&batch),
            [
                "Aurora-7B - Decode speed (tok/s) tok/s 1024.75",
                "Aurora-7B - Score - 54.5",
                "Aurora-7B - Wait (ms) ms 12",
                "borealis-2b chat - Decode speed (tok/s) tok/s 650",
                "borealis-2b chat - Score - 47",
                "cirrus-1b - Wait (ms) ms 15",
            ]
        );
        let rejected: Vec<_> = batch
            .notes
            .iter()
            .filter(|note| note.place.starts_with("table"))
            .map(|note| (note.place.as_str(), note.reason.as_str()))
            .collect();
        assert_eq!(
            rejected,
            [
                (
                    "table at line 5",
                    "`a.md` does not say which model it is about"
                ),
                (
                    "table at line 20",
                    "`a.md`, content: no column of numbers that could be a metric"
                ),
            ]
        );
    }

    #[test]
    fn a_cell_is_its_text() {
        let batch = import(PAGE).unwrap();
        let run = &batch.runs[0];
        assert_eq!(run.details["link"], "https://example.org/acme/aurora-7b");
        assert_eq!(run.settings["Host"], "H9 | 2");
        let speed = run.measurements[0].detail.as_deref().unwrap();
        assert_eq!(speed.spread, Some(19.8));
        let wait = batch.runs[2].measurements[0].detail.as_deref().unwrap();
        assert_eq!((wait.low, wait.high), (Some(11.0), Some(14.0)));
    }

    #[test]
    fn a_refusal_names_the_line_of_the_text() {
        let text = "Words.\n\n| model | acc |\n|---|---|\n| a | 1 |\n| b | 2 |\n| c | oops |\n";
        let error = import(text).unwrap_err().to_string();
        assert!(
            error.starts_with("`a.md`, line 7, column `acc`: `oops`"),
            "{error}"
        );
    }

    #[test]
    fn a_summary_of_opencompass_is_read_as_such() {
        let text = "| dataset | version | metric | mode | m |\n|---|---|---|---|---|\n\
            | arc | 2ef631 | accuracy | gen | 71.5 |\n";
        assert_eq!(
            values(&import(text).unwrap()),
            ["m arc accuracy percent 71.5"]
        );
    }

    #[test]
    fn prose_code_and_other_tables_are_left_to_others() {
        for text in [
            "a | b\n--- | ---\n1 | 2\n",
            "| model | colour |\n|---|---|\n| a | red |\n",
            "```\n| model | acc |\n|---|---|\n| a | 1 |\n```\n",
            "| model | size | test | t/s |\n|---|---|---|---|\n| a | 1 GiB | pp512 | 7 ± 1 |\n",
            "model|acc\na|1\n",
        ] {
            assert!(!detect(&Sniff::of(text.as_bytes())), "{text}");
        }
    }
}
