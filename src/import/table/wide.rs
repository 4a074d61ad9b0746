//! Wide tables: one column a metric. Each row is one run; with a task column the rows of one run
//! are one a task.

use std::collections::HashMap;
use std::ops::ControlFlow;

use crate::catalog::{Batch, Metric, NoteKind};

use super::super::{ImportError, Options, Role};
use super::cell::{self, Cell};
use super::definition;
use super::interval;
use super::roles::{About, Layout, Part};
use super::runs::Runs;
use super::source::Source;
use super::tally::Tally;

/// Endings of a column's name that say something about the metric in the column named without it.
const COMPANIONS: [(&str, About); 6] = [
    ("_stderr", About::Stderr),
    ("_se", About::Stderr),
    ("_stddev", About::Spread),
    ("_std", About::Spread),
    ("_sd", About::Spread),
    ("_n", About::N),
];

/// A metric's column with its companions.
struct Measure {
    column: usize,
    metric: Metric,
    stderr: Option<usize>,
    spread: Option<usize>,
    n: Option<usize>,
    interval: Option<usize>,
}

/// Reads every row into the batch.
pub(super) fn read(
    source: &Source<'_>,
    mut layout: Layout,
    options: &Options,
    batch: &mut Batch,
) -> Result<(), ImportError> {
    let tallies = tally(source, &layout, batch)?;
    interval::find(source, &mut layout, &tallies, batch)?;
    decide(source, &mut layout, &tallies, batch)?;
    find_companions(&source.columns, &mut layout, batch);
    let measures = measures(source, &layout, &tallies, batch)?;
    if measures.is_empty() {
        return Err(source.invalid("content", "no column of numbers that could be a metric"));
    }
    rows(source, &layout, &measures, options, batch)
}

fn tally(
    source: &Source<'_>,
    layout: &Layout,
    batch: &mut Batch,
) -> Result<Vec<Tally>, ImportError> {
    let mut tallies: Vec<Tally> = layout.parts.iter().map(|_| Tally::default()).collect();
    let has_groups = source.has_groups();
    let scan = source.for_each(|row| {
        for (column, (part, tally)) in layout.parts.iter().zip(&mut tallies).enumerate() {
            if matches!(part, Part::Open | Part::Measure(_)) {
                tally.add(&cell::read(row.get(column), has_groups), row.line);
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    batch.notes.extend(scan.note());
    Ok(tallies)
}

/// Makes every open column a metric or a setting, and refuses a metric with text in it.
fn decide(
    source: &Source<'_>,
    layout: &mut Layout,
    tallies: &[Tally],
    batch: &mut Batch,
) -> Result<(), ImportError> {
    for ((part, tally), name) in layout.parts.iter_mut().zip(tallies).zip(&source.columns) {
        let is_metric = match part {
            Part::Open => tally.is_numeric(),
            Part::Measure(_) => true,
            _ => continue,
        };
        if !is_metric {
            let reason = if tally.is_blank() {
                *part = Part::Ignore;
                format!("column `{name}` left out: it is blank")
            } else {
                *part = Part::Setting;
                format!("column `{name}` read as a setting")
            };
            batch.guess("header", reason);
            continue;
        }
        if let Some((line, what)) = tally.complaint() {
            let reason = format!(
                "{what}; if the column is no metric, say `--map '{name}=setting'` or `--map '{name}=ignore'`"
            );
            return Err(source.invalid(&format!("line {line}, column `{name}`"), &reason));
        }
        if matches!(part, Part::Open) {
            *part = Part::Measure(None);
        }
    }
    Ok(())
}

fn find_companions(columns: &[String], layout: &mut Layout, batch: &mut Batch) {
    let mut metrics: HashMap<String, usize> = HashMap::new();
    for (column, (part, name)) in layout.parts.iter().zip(columns).enumerate() {
        if matches!(part, Part::Measure(_)) {
            metrics
                .entry(definition::fold(definition::split(name).0))
                .or_insert(column);
            metrics.entry(before_parentheses(name)).or_insert(column);
        }
    }
    for (column, name) in columns.iter().enumerate() {
        if !matches!(layout.parts.get(column), Some(Part::Measure(None))) {
            continue;
        }
        let Some((of, about)) = companion(name, columns, &metrics).filter(|(of, _)| *of != column)
        else {
            continue;
        };
        let meaning = match about {
            About::Stderr => "the standard error",
            About::Spread => "the standard deviation",
            About::N => "the number of observations",
            About::Interval => "the confidence interval",
        };
        let metric = columns.get(of).map_or("", String::as_str);
        batch.guess(
            "header",
            format!("column `{name}` read as {meaning} of `{metric}`"),
        );
        if let Some(part) = layout.parts.get_mut(column) {
            *part = Part::Companion(of, about);
        }
    }
    attach_single(columns, layout, batch);
}

/// The metric's column that a header belongs to, by the header as written and without its unit.
fn companion(
    name: &str,
    columns: &[String],
    metrics: &HashMap<String, usize>,
) -> Option<(usize, About)> {
    let (base, unit) = definition::split(name);
    for folded in [before_parentheses(name), definition::fold(base)] {
        for (ending, about) in COMPANIONS {
            let of = folded.strip_suffix(ending).and_then(|of| metrics.get(of));
            let Some(&of) = of else { continue };
            let other = columns.get(of).and_then(|name| definition::split(name).1);
            let same_unit = match (unit, other) {
                (Some(unit), Some(other)) => definition::are_equal(unit, other),
                _ => true,
            };
            if about == About::N || same_unit {
                return Some((of, about));
            }
        }
    }
    None
}

/// A header without what stands in parentheses at its end, folded.
fn before_parentheses(name: &str) -> String {
    let name = name.trim();
    let open = match name.chars().next_back() {
        Some(')') => name.rfind('('),
        Some(']') => name.rfind('['),
        _ => None,
    };
    let before = open
        .and_then(|open| name.get(..open))
        .filter(|before| !before.trim().is_empty());
    definition::fold(before.unwrap_or(name))
}

/// A column `stderr` or `n` belongs to the metric if there is just one; else nothing says to which.
fn attach_single(columns: &[String], layout: &mut Layout, batch: &mut Batch) {
    let is_metric = |(_, part): &(usize, &Part)| matches!(part, Part::Measure(_));
    let mut metrics = layout
        .parts
        .iter()
        .enumerate()
        .filter(is_metric)
        .map(|(column, _)| column);
    let only = metrics.next().filter(|_| metrics.next().is_none());
    for (part, name) in layout.parts.iter_mut().zip(columns) {
        let about = match part {
            Part::Single(Role::Stderr) => About::Stderr,
            Part::Single(Role::N) => About::N,
            _ => continue,
        };
        *part = match only {
            Some(metric) => Part::Companion(metric, about),
            None => {
                let reason = "kept as a detail of the run: nothing says which metric it belongs to";
                batch.warn(format!("column `{name}`"), reason);
                Part::Detail
            }
        };
    }
}

fn measures(
    source: &Source<'_>,
    layout: &Layout,
    tallies: &[Tally],
    batch: &mut Batch,
) -> Result<Vec<Measure>, ImportError> {
    let mut measures = Vec::new();
    for (column, (part, tally)) in layout.parts.iter().zip(tallies).enumerate() {
        let Part::Measure(named) = part else { continue };
        let header = source.columns.get(column).map_or("", String::as_str);
        let name = named.as_ref().map_or(header, |named| &named.name);
        let given = named.as_ref().and_then(|named| named.unit.as_deref());
        let unit = given.or(definition::split(header).1);
        let unit = match unit {
            None if tally.percents > 0 && tally.percents == tally.numbers => Some("percent"),
            Some(unit) if tally.percents > 0 && !definition::are_equal(unit, "percent") => {
                return Err(mixed(source, header));
            }
            None if tally.percents > 0 => return Err(mixed(source, header)),
            unit => unit,
        };
        let mut metric = definition::metric(name, unit, None);
        header.clone_into(&mut metric.name_raw);
        tally.note(header, batch);
        let companion = |about| {
            let is_it = |part: &Part| matches!(part, Part::Companion(of, a) if (*of, *a) == (column, about));
            layout.parts.iter().position(is_it)
        };
        measures.push(Measure {
            column,
            metric: metric.directed(named.as_ref().and_then(|named| named.direction)),
            stderr: companion(About::Stderr),
            spread: companion(About::Spread),
            n: companion(About::N),
            interval: companion(About::Interval),
        });
    }
    Ok(measures)
}

fn mixed(source: &Source<'_>, header: &str) -> ImportError {
    let place = format!("column `{header}`");
    source.invalid(
        &place,
        "some cells carry a percent sign where others or the header do not",
    )
}

fn rows(
    source: &Source<'_>,
    layout: &Layout,
    measures: &[Measure],
    options: &Options,
    batch: &mut Batch,
) -> Result<(), ImportError> {
    let has_groups = source.has_groups();
    let mut runs = Runs::new(layout, &source.columns, options);
    // The definitions of each task, and its number.
    let mut tasks: HashMap<String, (u32, Vec<u32>)> = HashMap::new();
    source.for_each_kept(|row| {
        if !runs.has_model(row, batch) {
            return Ok(ControlFlow::Continue(()));
        }
        let task = layout.task.map_or("", |column| row.get(column));
        if !tasks.contains_key(task) {
            let ids = measures.iter().map(|measure| {
                let metric = measure.metric.clone();
                batch.metric(if task.is_empty() {
                    metric
                } else {
                    metric.of_task(task)
                })
            });
            let definitions = (tasks.len() as u32, ids.collect());
            tasks.insert(task.to_owned(), definitions);
        }
        let Some((number, ids)) = tasks.get(task) else {
            return Ok(ControlFlow::Continue(()));
        };
        let run = match layout.task {
            Some(_) => runs.of(row, *number, batch),
            None => runs.begin(row, batch),
        };
        let mut values = Vec::with_capacity(measures.len());
        for (measure, &id) in measures.iter().zip(ids) {
            let cell: Cell<'_> = cell::read(row.get(measure.column), has_groups);
            let Some(value) = cell.measurement(id) else {
                continue;
            };
            let value = value
                .with_stderr(runs.about(row, measure.stderr, batch))
                .with_n(runs.count(row, measure.n, batch));
            let value = match measure.interval {
                Some(column) => interval::around(value, row.get(column)),
                None => value,
            };
            values.push(match runs.about(row, measure.spread, batch) {
                None => value,
                spread => value.with_spread(spread),
            });
        }
        if values.is_empty() {
            runs.faults.add(
                batch,
                NoteKind::Warning,
                row.line,
                "the row has no value of any metric",
            );
        }
        if let Some(run) = batch.runs.get_mut(run) {
            run.measurements.append(&mut values);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    runs.faults.finish(batch);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{import, values};
    use super::*;
    use crate::catalog::{Detail, Run};

    fn refusal(text: &str, maps: &[&str]) -> String {
        import(text, maps).unwrap_err().to_string()
    }

    fn detail(run: &Run) -> Detail {
        run.measurements[0]
            .detail
            .as_deref()
            .cloned()
            .unwrap_or_default()
    }

    #[test]
    fn each_row_is_a_run_and_each_column_of_numbers_a_metric() {
        let text = "Model,engine,chat template,acc,ttft_ms\nm1,vx,yes,0.5,12\nm1,vx,no,0.6,\n";
        let batch = import(text, &[]).unwrap();
        assert_eq!(
            values(&batch),
            ["m1 - acc - 0.5", "m1 - acc - 0.6", "m1 - ttft_ms ms 12"]
        );
        assert_eq!(batch.runs[0].environment.engine.as_deref(), Some("vx"));
        assert_eq!(batch.runs[1].settings["chat template"], "no");
    }

    #[test]
    fn companions_belong_to_their_metric() {
        let text = "model,acc,acc_stderr,acc_n,ttft (ms),TTFT std (ms),tpot_ms,tpot_sd_s\nm,0.5,0.01,1000,12,3,9,1\n";
        let batch = import(text, &[]).unwrap();
        let names: Vec<_> = batch
            .metrics
            .iter()
            .map(|metric| metric.name_raw.as_str())
            .collect();
        assert_eq!(names, ["acc", "ttft (ms)", "tpot_ms", "tpot_sd_s"]);
        let acc = detail(&batch.runs[0]);
        assert_eq!(
            (acc.stderr, acc.spread, acc.n),
            (Some(0.01), None, Some(1000))
        );
        let ttft = batch.runs[0].measurements[1].detail.as_deref().unwrap();
        assert_eq!((ttft.stderr, ttft.spread), (None, Some(3.0)));
    }

    #[test]
    fn a_column_n_belongs_to_the_only_metric() {
        let one = import("model,acc,n,stderr\nm,0.5,100,0.05\n", &[]).unwrap();
        assert_eq!(
            (detail(&one.runs[0]).n, detail(&one.runs[0]).stderr),
            (Some(100), Some(0.05))
        );
        let two = import("model,acc,f1,n\nm,0.5,0.4,100\n", &[]).unwrap();
        assert_eq!(detail(&two.runs[0]).n, None);
        assert_eq!(two.runs[0].details["n"], 100);
    }

    #[test]
    fn text_among_numbers_is_refused_with_the_way_out() {
        assert_eq!(
            refusal("model,acc\nm,0.5\nm,0.6\nm,oops\n", &[]),
            "`t.csv`, line 4, column `acc`: `oops` is not a number; if the column is no metric, say `--map 'acc=setting'` or `--map 'acc=ignore'`"
        );
        let batch = import(
            "model,acc\nm,0.5\nm,0.6\nm,oops\n",
            &["acc=setting", "model=model"],
        );
        assert!(batch.is_err(), "no metric is left");
        assert!(refusal("model;acc\nm;0,5\n", &[]).contains("decimal comma"));
    }

    #[test]
    fn percent_signs_are_the_unit_and_must_be_everywhere() {
        let batch = import("model,win share\nm,73.9%\nk,50 %\n", &[]).unwrap();
        assert_eq!(
            values(&batch),
            ["k - win share percent 50", "m - win share percent 73.9"]
        );
        assert_eq!(batch.metrics[0].factor, 0.01);
        assert!(refusal("model,x\nm,73.9%\nk,0.5\n", &[]).contains("percent sign"));
        assert!(refusal("model,x_ms\nm,73.9%\n", &[]).contains("percent sign"));
    }

    #[test]
    fn decorated_numbers_keep_their_spread() {
        let batch = import("model,tok_s\nm,\"1,024.75 ± 19.80\"\n", &[]).unwrap();
        assert_eq!(batch.runs[0].measurements[0].value, Some(1024.75));
        let kept = detail(&batch.runs[0]);
        assert_eq!((kept.stderr, kept.spread), (None, Some(19.8)));
    }

    #[test]
    fn nan_and_infinity_are_missing_with_their_reason_and_blanks_are_not_measured() {
        let batch = import("model,mae\na,inf\nb,NaN\nc,NA\nd,\ne,1\n", &[]).unwrap();
        let why: Vec<_> = batch
            .runs
            .iter()
            .map(|run| run.measurements.first().map(|value| value.why_missing()))
            .collect();
        assert_eq!(
            why,
            [Some(Some("inf")), Some(Some("nan")), None, None, Some(None)]
        );
    }

    #[test]
    fn rows_of_one_run_may_be_one_a_task() {
        let text = "model,task,acc\nm,gsm,0.5\nm,arc,0.6\nk,gsm,0.1\nm,gsm,0.7\n";
        let batch = import(text, &[]).unwrap();
        let sizes: Vec<_> = batch
            .runs
            .iter()
            .map(|run| run.measurements.len())
            .collect();
        assert_eq!(sizes, [2, 1, 1]);
        assert_eq!(
            values(&batch),
            [
                "k gsm acc - 0.1",
                "m arc acc - 0.6",
                "m gsm acc - 0.5",
                "m gsm acc - 0.7"
            ]
        );
    }

    #[test]
    fn a_row_without_a_model_is_left_out_with_its_line() {
        let batch = import("model,acc\nm,0.5\n,0.6\n", &[]).unwrap();
        assert_eq!(batch.runs.len(), 1);
        let rejected = batch
            .notes
            .iter()
            .find(|note| note.kind == NoteKind::Rejected)
            .unwrap();
        assert_eq!(
            (rejected.place.as_str(), rejected.reason.as_str()),
            ("line 3", "the row names no model")
        );
    }

    #[test]
    fn a_mapped_metric_has_the_users_name_and_unit() {
        let batch = import("model,v1\nm,500\n", &["v1=decode speed [token/s, higher]"]).unwrap();
        let metric = &batch.metrics[0];
        assert_eq!(
            (metric.name_raw.as_str(), metric.name.as_str()),
            ("v1", "decode_throughput")
        );
        assert_eq!(metric.unit.as_deref(), Some("token/s"));
    }

    #[test]
    fn columns_that_number_rows_are_left_out_and_seeds_are_details() {
        let batch = import("#,model,seed,acc\n1,m,7,0.5\n2,k,8,0.6\n", &[]).unwrap();
        assert_eq!(values(&batch), ["k - acc - 0.6", "m - acc - 0.5"]);
        assert_eq!(batch.runs[0].details["seed"], 7);
        assert!(batch.runs[0].settings.is_empty());
    }
}
