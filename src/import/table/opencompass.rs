//! The summary table of OpenCompass: the columns `dataset`, `version`, `metric`, `mode`, then one a model. Each
//! model is one run. Scores are percent; `-` means not evaluated.
//!
//! A row whose version is `-` and whose metric is an average is over other rows of the table.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use crate::catalog::{Batch, Direction, Environment, Metric, NoteKind, Run, known};

use super::super::{Format, ImportError, Input, Options, Shape, Sniff};
use super::cell::{self, Cell};
use super::row::Row;
use super::runs::Faults;
use super::source::Source;
use super::tally;

/// The format's entry in the registry.
pub(in super::super) const FORMAT: Format = Format {
    name: "opencompass",
    tool: "OpenCompass",
    recognised_by: "a table that begins with the columns `dataset`, `version`, `metric`, `mode`",
    reads: "one run a model column: every score with its data set, prompt version and mode; averages apart",
    detect,
    read,
};

const COLUMNS: [&str; 4] = ["dataset", "version", "metric", "mode"];

fn detect(sniff: &Sniff<'_>) -> bool {
    match &sniff.shape {
        Shape::Delimited { header, .. } => is_header(header),
        _ => false,
    }
}

/// Whether a table with these columns is OpenCompass's.
pub(super) fn is_header(header: &[String]) -> bool {
    header.len() > COLUMNS.len()
        && header
            .iter()
            .zip(COLUMNS)
            .all(|(name, column)| name == column)
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    let source = Source::open(input.path, &input.sniff.shape, input.text())?;
    if !is_header(&source.columns) {
        let reason = "the columns do not begin with `dataset`, `version`, `metric`, `mode`";
        return Err(source.invalid("header", reason));
    }
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    batch.notes.extend(source.notes.iter().cloned());
    let models = source.columns.iter().skip(COLUMNS.len());
    batch.runs = models.map(|model| run(model)).collect();
    let mut rows = Rows::default();
    let scan = source.for_each_kept(|row| {
        if let Some(metric) = rows.definition(row, &mut batch) {
            add(&source, row, metric, &mut batch)?;
        }
        Ok(ControlFlow::Continue(()))
    })?;
    batch.notes.extend(scan.note());
    rows.faults.finish(&mut batch);
    if batch.measurements() == 0 {
        return Err(source.invalid("content", "no model has a score"));
    }
    Ok(batch)
}

fn run(model: &str) -> Run {
    Run {
        model: Some(model.to_owned()),
        environment: Environment {
            tool: Some(FORMAT.tool.to_owned()),
            ..Environment::default()
        },
        ..Run::default()
    }
}

/// Adds the values of one row, one to each model's run.
fn add(
    source: &Source<'_>,
    row: &Row<'_>,
    metric: u32,
    batch: &mut Batch,
) -> Result<(), ImportError> {
    for (at, run) in batch.runs.iter_mut().enumerate() {
        let column = COLUMNS.len() + at;
        let text = row.get(column);
        let cell = cell::read(text, source.has_groups());
        if let Cell::Text(text) | Cell::DecimalComma(text) = cell {
            let name = source.columns.get(column).map_or("", String::as_str);
            let place = format!("line {}, column `{name}`", row.line);
            return Err(source.invalid(&place, &tally::unreadable(text)));
        }
        run.measurements.extend(cell.measurement(metric));
    }
    Ok(())
}

/// The rows met so far.
#[derive(Default)]
struct Rows {
    /// How often data set, metric and mode stood together: two versions of a prompt may stand in one table.
    seen: HashMap<[String; 3], HashSet<String>>,
    faults: Faults,
}

impl Rows {
    /// The definition that a row is about; none for a row of dashes, which is a heading.
    fn definition(&mut self, row: &Row<'_>, batch: &mut Batch) -> Option<u32> {
        let [dataset, version, name, mode] = [0, 1, 2, 3].map(|column| row.get(column));
        if name == "-" || name.is_empty() {
            return None;
        }
        let key = [dataset, name, mode].map(str::to_owned);
        let versions = self.seen.entry(key).or_default();
        let is_first = versions.is_empty();
        if !versions.insert(version.to_owned()) {
            let what =
                "the row repeats data set, version, metric and mode of another; the first counts";
            self.faults.add(batch, NoteKind::Rejected, row.line, what);
            return None;
        }
        let mode = if mode == "-" { "" } else { mode };
        let mut metric = describe(name).of_task(dataset).qualified(match is_first {
            true => mode.to_owned(),
            false => format!("{mode},{version}"),
        });
        match version {
            "-" | "" => metric.is_aggregate = name.contains("average"),
            version => metric.task_version = Some(version.to_owned()),
        }
        Some(batch.metric(metric))
    }
}

/// A score in percent; what is known to be better when lower (`ppl`, `bpb`) is none.
fn describe(name: &str) -> Metric {
    let metric = Metric::new(name);
    let known = known::find(name);
    if known.is_some_and(|known| known.direction == Some(Direction::Lower)) {
        return metric;
    }
    let metric = match name.contains("average") {
        true => metric.named("average", "value"),
        false => metric,
    };
    metric.in_unit("percent")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::super::read;
    use super::super::tests::values;
    use super::*;

    const SUMMARY: &str = include_str!("../../../tests/fixtures/import/opencompass/summary.csv");

    fn import(text: &str) -> Result<Batch, ImportError> {
        let (format, batch) = read(Path::new("s.csv"), text.as_bytes(), &Options::default())?;
        assert_eq!(format.name, "opencompass");
        Ok(batch)
    }

    #[test]
    fn every_model_column_is_a_run_and_a_dash_is_not_measured() {
        let batch = import(SUMMARY).unwrap();
        assert_eq!(
            values(&batch),
            [
                "aurora-7b-hf arc accuracy percent 71.5",
                "aurora-7b-hf mmlu naive_average percent 58.25",
                "aurora-7b-hf pile-cc bpb - 0.75",
                "aurora-7b-hf trivia score percent 40.5",
                "aurora-7b-hf trivia score percent 41.25",
                "borealis-2b-hf arc accuracy percent 60",
                "borealis-2b-hf trivia score percent 12.5",
            ]
        );
    }

    #[test]
    fn version_and_mode_are_kept_and_an_average_is_an_aggregate() {
        let batch = import(SUMMARY).unwrap();
        let metrics: Vec<_> = batch
            .metrics
            .iter()
            .map(|m| {
                let version = m.task_version.as_deref();
                (
                    m.name_raw.as_str(),
                    m.qualifier.as_str(),
                    version,
                    m.is_aggregate,
                )
            })
            .collect();
        assert_eq!(
            metrics,
            [
                ("accuracy", "ppl", Some("2ef631"), false),
                ("naive_average", "ppl", None, true),
                ("score", "gen", Some("2121ce"), false),
                ("score", "gen,8a2f11", Some("8a2f11"), false),
                ("bpb", "ppl", Some("c3ae21"), false),
            ]
        );
        assert_eq!(batch.metrics[4].direction, Some(Direction::Lower));
        assert_eq!(batch.metrics[1].direction, Some(Direction::Higher));
    }

    #[test]
    fn a_row_that_stands_twice_counts_once() {
        let text = "dataset,version,metric,mode,m\na,1,accuracy,gen,5\na,1,accuracy,gen,6\n";
        let batch = import(text).unwrap();
        assert_eq!(values(&batch), ["m a accuracy percent 5"]);
        assert_eq!(batch.notes[0].place, "line 3");
    }

    #[test]
    fn text_where_a_score_should_be_is_refused_with_its_place() {
        let text = "dataset,version,metric,mode,m\na,1,accuracy,gen,fast\n";
        assert_eq!(
            import(text).unwrap_err().to_string(),
            "`s.csv`, line 2, column `m`: `fast` is not a number"
        );
        let nothing = "dataset,version,metric,mode,m\na,1,accuracy,gen,-\n";
        assert!(
            import(nothing)
                .unwrap_err()
                .to_string()
                .ends_with("no model has a score")
        );
    }
}
