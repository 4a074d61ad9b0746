//! Tables of anybody's making: CSV, TSV, semicolons, a JSON list of objects, JSON Lines. Owns how
//! such a file becomes rows ([`read_rows`]) and how rows become runs ([`FORMAT`]): wide, with one
//! column a metric, or long, with a column of metric names and a column of values.
//!
//! Knows nothing of any tool's own format. A further header that people use is one word in
//! `roles.rs`, a fact about runs one row in `field.rs`, a unit suffix one row in `definition.rs`.
//!
//! What a column holds is said by `--map` first, guessed from its header second (every guess is
//! noted), and decided by its cells last: numbers are a metric, text is a setting of the run.

mod blocks;
mod cell;
mod data;
mod definition;
mod delimited;
mod field;
mod flat;
mod groups;
mod interval;
mod long;
pub(super) mod markdown;
mod object;
mod objects;
pub(super) mod opencompass;
mod records;
mod roles;
mod row;
mod runs;
mod source;
mod tally;
mod wide;

use std::ops::ControlFlow;
use std::path::Path;

pub use source::MOST_COLUMNS;

pub use data::{Cells, Column, Table, Texts, read_rows};

use crate::catalog::{Batch, Metric};

use super::text::Text;
use super::{Format, ImportError, Input, Options, Shape, Sniff};
use cell::Cell;
use roles::Layout;
use source::Source;

/// What a column's header says of its values: name, unit, kind, direction.
pub fn header(written: &str) -> Metric {
    definition::metric(written, None, None)
}

/// How many rows are looked at to recognise a table and to test a guess about a column.
const SAMPLE: usize = 20;

/// Tables in CSV, TSV, JSON and JSON Lines.
pub const FORMAT: Format = Format {
    name: "table",
    tool: "any",
    recognised_by: "delimited text, a JSON list or JSON Lines of flat objects, with numbers in it",
    reads: "one column a metric (wide), or a metric and a value column (long)",
    detect,
    read,
};

/// Delimited text with a number in its first rows, or with a header that names a model or a metric:
/// a table without rows or numbers is then refused with its own reason. JSON must be flat and hold
/// a number in its first object.
fn detect(sniff: &Sniff<'_>) -> bool {
    match &sniff.shape {
        Shape::Delimited { header, .. } => {
            header.iter().any(|name| roles::names_model_or_metric(name)) || has_a_number(sniff)
        }
        Shape::Array { keys } | Shape::Lines { keys } => {
            !keys.is_empty() && objects::is_flat(sniff.bytes)
        }
        _ => false,
    }
}

fn has_a_number(sniff: &Sniff<'_>) -> bool {
    let text = Text::Held(sniff.bytes);
    let Ok(source) = Source::open(Path::new(""), &sniff.shape, text) else {
        return false;
    };
    let (mut rows, mut found) = (0, false);
    // A row that is refused later ends the look, not the table.
    let _ = source.for_each(|row| {
        rows += 1;
        found |= (0..source.columns.len()).any(|column| {
            let cell = cell::read(row.get(column), true);
            matches!(cell, Cell::Number(_) | Cell::DecimalComma(_))
        });
        Ok(stop_if(found || rows == SAMPLE))
    });
    found
}

fn stop_if(stop: bool) -> ControlFlow<()> {
    if stop {
        ControlFlow::Break(())
    } else {
        ControlFlow::Continue(())
    }
}

/// Whether the user names the model of runs whose rows do not.
fn gives_model(options: &Options) -> bool {
    options.model.is_some() || options.set.iter().any(|given| given.key == "model")
}

fn read(input: &Input<'_>, options: &Options) -> Result<Batch, ImportError> {
    let tables = match &input.sniff.shape {
        Shape::Delimited { separator, .. } => input
            .text()
            .whole(input.path, blocks::LARGEST)?
            .and_then(|bytes| blocks::split(&bytes, *separator)),
        _ => None,
    };
    let Some(tables) = tables else {
        return one(input, options);
    };
    let mut all = Batch::new("table");
    for table in tables {
        let sniff = Sniff::of(&table);
        let batch = one(&Input::new(input.path, &table, &sniff), options)?;
        all.append(batch);
    }
    Ok(all)
}

/// Reads one table.
fn one(input: &Input<'_>, options: &Options) -> Result<Batch, ImportError> {
    Source::with(input.path, &input.sniff.shape, input.text(), |source| {
        batch(source, options)
    })
}

fn batch(source: &Source<'_>, options: &Options) -> Result<Batch, ImportError> {
    let mut batch = Batch::new("table");
    batch.notes.extend(source.notes.iter().cloned());
    let sample = sample(source)?;
    let layout = Layout::of(source, &sample, options, &mut batch)?;
    if layout.model.is_none() && !gives_model(options) {
        return Err(ImportError::NoModel {
            path: source.path.to_owned(),
        });
    }
    if layout.is_long {
        long::read(source, &layout, options, &mut batch)?;
    } else {
        wide::read(source, layout, options, &mut batch)?;
    }
    definition::note_directions(&mut batch);
    Ok(batch)
}

/// The cells of the first rows, column by column.
fn sample(source: &Source<'_>) -> Result<Vec<Vec<String>>, ImportError> {
    let mut columns = vec![Vec::new(); source.columns.len()];
    let mut rows = 0;
    source.for_each(|row| {
        for (column, cells) in columns.iter_mut().enumerate() {
            let text = row.get(column);
            if !text.is_empty() {
                cells.push(text.to_owned());
            }
        }
        rows += 1;
        Ok(stop_if(rows == SAMPLE))
    })?;
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Direction, NoteKind};
    use proptest::prelude::*;

    /// Reads a text as a table; each further argument is a mapping.
    pub(super) fn import(text: &str, maps: &[&str]) -> Result<Batch, ImportError> {
        let sniff = Sniff::of(text.as_bytes());
        let path = Path::new("t.csv");
        let (bytes, sniff) = (text.as_bytes(), &sniff);
        let options = Options {
            map: maps.iter().map(|map| map.parse().unwrap()).collect(),
            ..Options::default()
        };
        read(&Input::new(path, bytes, sniff), &options)
    }

    /// `model task metric unit value` of every measurement, sorted.
    pub(super) fn values(batch: &Batch) -> Vec<String> {
        let mut values: Vec<String> = batch
            .runs
            .iter()
            .flat_map(|run| run.measurements.iter().map(move |value| (run, value)))
            .map(|(run, value)| {
                let metric = &batch.metrics[value.metric as usize];
                let text = |text: &Option<String>| text.clone().unwrap_or("-".into());
                let (model, task, unit) =
                    (text(&run.model), text(&metric.task), text(&metric.unit));
                let number = value.value.map_or("-".into(), |x| x.to_string());
                format!("{model} {task} {} {unit} {number}", metric.name_raw)
            })
            .collect();
        values.sort();
        values
    }

    fn is_detected(text: &str) -> bool {
        detect(&Sniff::of(text.as_bytes()))
    }

    #[test]
    fn tables_with_a_number_are_recognised() {
        assert!(is_detected("a,b\nx,1\n"));
        assert!(is_detected("a;b\nx;1,5\n"));
        assert!(is_detected("a,b\nx,1\nx,1,2\n"));
        assert!(is_detected("[{\"a\": \"x\", \"b\": 1}]"));
        assert!(is_detected("{\"a\": 1}\n{\"a\": 2}\n"));
        assert!(is_detected("model,score\n"));
    }

    #[test]
    fn objects_prose_and_nested_lists_are_left_to_others() {
        for text in [
            "{\"model\": \"m\", \"score\": 1}",
            "[{\"a\": {\"b\": 1}}]",
            "[1, 2]",
            "first name,last name\nAda,Lovelace\n",
            "once upon a time",
            "",
        ] {
            assert!(!is_detected(text), "{text}");
        }
    }

    #[test]
    fn a_table_without_a_model_says_so() {
        let error = import("gpu,tok_s\nH9,100\n", &[]).unwrap_err();
        assert!(matches!(error, ImportError::NoModel { .. }));
        let options = Options {
            model: Some("m".into()),
            ..Options::default()
        };
        let bytes = b"gpu,tok_s\nH9,100\n";
        let (format, batch) = super::super::read(Path::new("t"), bytes, &options).unwrap();
        assert_eq!(
            (format.name, values(&batch)),
            ("table", vec!["m - tok_s tok/s 100".into()])
        );
    }

    #[test]
    fn guesses_are_noted() {
        let batch = import("name,batch size,acc\nm,8,0.5\n", &[]).unwrap();
        let guesses = batch
            .notes
            .iter()
            .filter(|note| note.kind == NoteKind::Guess);
        assert_eq!(
            guesses.map(|note| note.reason.as_str()).collect::<Vec<_>>(),
            [
                "column `name` read as the model",
                "column `batch size` read as the batch size"
            ]
        );
    }

    #[test]
    fn the_known_name_stands_above_the_unit_and_the_user_above_both() {
        let direction =
            |text: &str, maps: &[&str]| import(text, maps).unwrap().metrics[0].direction;
        assert_eq!(
            direction("model,wer (%)\nm,5\n", &[]),
            Some(Direction::Lower)
        );
        assert_eq!(
            direction("model,wait_ms\nm,5\n", &[]),
            Some(Direction::Lower)
        );
        assert_eq!(direction("model,wait_pct\nm,5\n", &[]), None);
        assert_eq!(
            direction("model,wer\nm,5\n", &["wer=wer [percent, higher]"]),
            Some(Direction::Higher)
        );
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = super::super::read(Path::new("t"), &bytes, &Options::default());
        }

        #[test]
        fn never_panics_on_what_looks_like_a_table(
            header in "(model|metric|value|n|time|acc|acc_se|,){1,6}",
            rows in "([0-9a%±.\"\\-,]{0,9}\n){0,6}",
        ) {
            let text = format!("model,{header}\n{rows}");
            let _ = import(&text, &[]);
        }

        #[test]
        fn a_wide_table_and_its_long_form_give_the_same_values(
            cells in proptest::collection::vec(proptest::option::of(-1e6..1e6_f64), 6..=6),
        ) {
            let metrics = ["acc", "ttft_ms", "gain (%)"];
            let mut wide = format!("model,{}\n", metrics.join(","));
            let mut long = "model,metric,value\n".to_owned();
            for (model, cells) in ["m1", "m2"].iter().zip(cells.chunks(3)) {
                let texts: Vec<String> = cells.iter().map(|x| x.map_or(String::new(), |x| x.to_string())).collect();
                wide.push_str(&format!("{model},{}\n", texts.join(",")));
                for (metric, text) in metrics.iter().zip(&texts).filter(|(_, text)| !text.is_empty()) {
                    long.push_str(&format!("{model},{metric},{text}\n"));
                }
            }
            // A column without numbers is no metric, and a table without metrics is refused.
            let (wide, long) = (import(&wide, &[]), import(&long, &[]));
            prop_assert_eq!(
                wide.map_or(Vec::new(), |batch| values(&batch)),
                long.map_or(Vec::new(), |batch| values(&batch))
            );
        }
    }
}
