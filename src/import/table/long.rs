//! Long tables: a column of metric names and a column of values. Rows that agree in model, run,
//! time, facts and settings are one run; where such a run would hold a metric twice, the second
//! value begins a further run: the nth value of a metric belongs to the nth run of its key.

use std::collections::HashMap;
use std::ops::ControlFlow;

use crate::catalog::{Batch, Measurement, NoteKind};

use super::super::{ImportError, Options};
use super::cell::{self, Cell};
use super::definition;
use super::roles::Layout;
use super::row::Row;
use super::runs::Runs;
use super::source::Source;
use super::tally::{self, Tally};

/// Reads every row into the batch.
pub(super) fn read(
    source: &Source<'_>,
    layout: &Layout,
    options: &Options,
    batch: &mut Batch,
) -> Result<(), ImportError> {
    let (Some(metric_column), Some(value_column)) = (layout.metric, layout.value) else {
        return Ok(());
    };
    let has_groups = source.has_groups();
    let mut runs = Runs::new(layout, &source.columns, options);
    let mut definitions = Definitions::default();
    let mut tally = Tally::default();
    let name = source.columns.get(value_column).map_or("", String::as_str);
    let (mut values, mut expected) = (0, 0);
    let scan = source.for_each_kept(|row| {
        if !runs.has_model(row, batch) {
            return Ok(ControlFlow::Continue(()));
        }
        if row.get(metric_column).is_empty() {
            runs.faults.add(
                batch,
                NoteKind::Rejected,
                row.line,
                "the row names no metric",
            );
            return Ok(ControlFlow::Continue(()));
        }
        let text = row.get(value_column);
        let cell = cell::read(text, has_groups);
        if let Cell::Text(text) | Cell::DecimalComma(text) = cell {
            let place = format!("line {}, column `{name}`", row.line);
            return Err(source.invalid(&place, &tally::unreadable(text)));
        }
        tally.add(&cell, row.line);
        let is_percent = matches!(cell, Cell::Number(number) if number.percent);
        let metric = definitions.index(row, layout, metric_column, is_percent, batch);
        let measurement = cell.measurement(metric).unwrap_or_else(|| {
            Measurement::missing(metric, if text.is_empty() { "blank" } else { text })
        });
        let measurement = measurement
            .with_stderr(runs.about(row, layout.stderr, batch))
            .with_n(runs.count(row, layout.n, batch));
        let run = runs.of(row, metric, batch);
        values += 1;
        let mean = values / batch.runs.len().max(1);
        if let Some(run) = batch.runs.get_mut(run) {
            if run.measurements.is_empty() {
                // Runs mostly hold as many values as the one before; the mean bounds what is given in vain.
                run.measurements.reserve_exact(expected.min(2 * mean));
            }
            run.measurements.push(measurement);
            expected = run.measurements.len();
        }
        Ok(ControlFlow::Continue(()))
    })?;
    batch.notes.extend(scan.note());
    tally.note(name, batch);
    runs.faults.finish(batch);
    Ok(())
}

/// The definitions met so far, by the cells that name them.
#[derive(Default)]
struct Definitions {
    index: HashMap<Naming, usize>,
    known: Vec<Known>,
    /// The one that was met last.
    last: usize,
}

/// The cells that name a definition.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Naming {
    name: String,
    task: String,
    unit: String,
    is_percent: bool,
}

struct Known {
    naming: Naming,
    metric: u32,
    /// The one that was met after it: runs mostly hold the same metrics in the same order.
    next: usize,
}

impl Definitions {
    /// The definition that a row is about.
    fn index(
        &mut self,
        row: &Row<'_>,
        layout: &Layout,
        metric: usize,
        is_percent: bool,
        batch: &mut Batch,
    ) -> u32 {
        let cell = |column: Option<usize>| column.map_or("", |column| row.get(column));
        let (name, task, unit) = (row.get(metric), cell(layout.task), cell(layout.unit));
        let expected = self.known.get(self.last).map_or(0, |last| last.next);
        if let Some(known) = self.known.get(expected)
            && known.naming.name == name
            && known.naming.task == task
            && known.naming.unit == unit
            && known.naming.is_percent == is_percent
        {
            self.last = expected;
            return known.metric;
        }
        let naming = Naming {
            name: name.to_owned(),
            task: task.to_owned(),
            unit: unit.to_owned(),
            is_percent,
        };
        let found = match self.index.get(&naming) {
            Some(&found) => found,
            None => self.add(naming, batch),
        };
        if let Some(last) = self.known.get_mut(self.last) {
            last.next = found;
        }
        self.last = found;
        self.known.get(found).map_or(0, |known| known.metric)
    }

    fn add(&mut self, naming: Naming, batch: &mut Batch) -> usize {
        let Naming {
            name, task, unit, ..
        } = &naming;
        let own = definition::split(name).1;
        let unit = match unit.as_str() {
            "" if naming.is_percent && own.is_none() => Some("percent"),
            "" => None,
            unit => Some(unit),
        };
        let task = Some(task.as_str()).filter(|task| !task.is_empty());
        let metric = batch.metric(definition::metric(name, unit, task));
        let next = self.known.len();
        self.index.insert(naming.clone(), next);
        self.known.push(Known {
            naming,
            metric,
            next: 0,
        });
        next
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{import, values};
    use super::*;

    #[test]
    fn rows_with_one_key_are_one_run() {
        let text = "model,run,metric,value,unit,timestamp\n\
            m,r1,ttft,12,ms,2025-01-01T00:00:00Z\n\
            k,r2,ttft,15,ms,2025-01-01T00:00:00Z\n\
            m,r1,acc,0.5,,2025-01-01T00:00:00Z\n";
        let batch = import(text, &[]).unwrap();
        assert_eq!(
            values(&batch),
            ["k - ttft ms 15", "m - acc - 0.5", "m - ttft ms 12"]
        );
        let run = &batch.runs[0];
        assert_eq!(
            (run.label.as_deref(), run.measurements.len()),
            (Some("r1"), 2)
        );
        assert_eq!(run.started.as_ref().unwrap().millis, 1_735_689_600_000);
    }

    #[test]
    fn a_unit_that_differs_is_another_definition() {
        let text = "model,metric,score,unit\nm,ttft,12,ms\nm,ttft,0.012,s\n";
        let batch = import(text, &[]).unwrap();
        assert_eq!((batch.runs.len(), batch.metrics.len()), (1, 2));
        assert_eq!(batch.metrics[0].name, batch.metrics[1].name);
    }

    #[test]
    fn a_repeated_metric_begins_a_further_run_of_its_key() {
        let text = "model,metric,value\nm,a,1\nm,a,2\nm,b,3\nm,b,4\n";
        let batch = import(text, &[]).unwrap();
        let held: Vec<Vec<_>> = batch
            .runs
            .iter()
            .map(|run| {
                run.measurements
                    .iter()
                    .filter_map(|value| value.value)
                    .collect()
            })
            .collect();
        assert_eq!(held, [[1.0, 3.0], [2.0, 4.0]]);
        assert!(
            batch
                .notes
                .iter()
                .any(|note| note.place == "line 3" && note.kind == NoteKind::Warning)
        );
    }

    #[test]
    fn what_is_not_there_is_missing_with_its_reason() {
        let text = "model,metric,value\nm,a,\nm,b,N/A\nm,c,nan\nm,d,-inf\n";
        let batch = import(text, &[]).unwrap();
        let why: Vec<_> = batch.runs[0]
            .measurements
            .iter()
            .map(|value| value.why_missing().unwrap())
            .collect();
        assert_eq!(why, ["blank", "N/A", "nan", "-inf"]);
    }

    #[test]
    fn a_value_that_is_text_is_refused_with_its_place() {
        let error = import("model,metric,value\nm,a,1\nm,b,oops\n", &[]).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("`t.csv`, line 3, column `value`: `oops` is not a number")
        );
    }

    #[test]
    fn standard_errors_and_counts_have_columns_of_their_own() {
        let text =
            "model,task,metric,value,stderr,n\nm,gsm,acc,0.5,0.01,100\nm,arc,acc,0.6,N/A,1.5\n";
        let batch = import(text, &[]).unwrap();
        let [gsm, arc] = &batch.runs[0].measurements[..] else {
            panic!("two values")
        };
        let detail = gsm.detail.as_deref().unwrap();
        assert_eq!((detail.stderr, detail.n), (Some(0.01), Some(100)));
        assert_eq!(arc.detail, None);
        assert_eq!(values(&batch), ["m arc acc - 0.6", "m gsm acc - 0.5"]);
    }

    #[test]
    fn further_columns_are_settings_that_tell_runs_apart() {
        let text = "model,metric,value,temperature\nm,a,1,0.5\nm,a,2,0.7\n";
        let batch = import(text, &[]).unwrap();
        let settings: Vec<_> = batch
            .runs
            .iter()
            .map(|run| run.settings["temperature"].clone())
            .collect();
        assert_eq!(settings, [0.5, 0.7]);
    }

    #[test]
    fn json_lines_are_read_alike() {
        let text = "{\"model\": \"m\", \"metric\": \"a\", \"value\": 1}\n{\"model\": \"m\", \"metric\": \"b\", \"value\": NaN}\n";
        let batch = import(text, &[]).unwrap();
        assert_eq!(values(&batch), ["m - a - 1", "m - b - -"]);
        assert_eq!(batch.runs[0].measurements[1].why_missing(), Some("nan"));
    }
}
