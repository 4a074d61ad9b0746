//! The logs of one line a question that lie beside a results file: the score of every question becomes
//! a vector of the run, with a key a question, so that two runs can be compared question by question.
//! Nothing else of a log is kept: neither questions nor answers.

use std::path::Path;

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::super::json::{self, Entries};
use super::super::{ImportError, Input};
use super::Document;
use crate::catalog::{Batch, Measurement, Metric, Run, Samples};

/// A score counts as the mean of its questions when they agree to this relative difference: sums in
/// another order differ less, another way to aggregate differs more.
const SAME: f64 = 1e-6;

/// The scores of all questions under one metric and filter.
struct Scores {
    metric: Metric,
    value: Option<f64>,
    each: Vec<f64>,
    items: Vec<Option<[u8; 8]>>,
}

impl Document<'_> {
    /// Adds the vectors of every log beside the results file. A log that cannot be read is noted: the
    /// scores themselves do not depend on it.
    pub(super) fn read_samples(&self, input: &Input<'_>, batch: &mut Batch, run: &mut Run) {
        let Some(stamp) = stamp(input.path) else {
            return;
        };
        for (task, _) in &self.results.0 {
            let name = format!("samples_{task}_{stamp}.jsonl");
            // A task's name must not lead into another folder.
            if Path::new(&name).file_name() != Some(name.as_ref()) {
                continue;
            }
            let log = match input.sibling(&name) {
                Ok(None) => continue,
                Ok(Some(bytes)) => {
                    let path = input.path.with_file_name(&name);
                    read_log(&path, &bytes, scores_of(task, batch, run))
                }
                Err(error) => Err(error),
            };
            match log {
                Ok(log) => log.into_iter().for_each(|scores| scores.add(batch, run)),
                Err(error) => batch.reject(name, format!("no scores by question: {error}")),
            }
        }
    }
}

/// The time stamp that ends the name of a results file, `results_2025-06-09T18-36-41.285612.json`; its
/// logs have the same.
fn stamp(path: &Path) -> Option<&str> {
    let (_, stamp) = path.file_stem()?.to_str()?.rsplit_once('_')?;
    let (date, clock) = stamp.split_once('T')?;
    let digits = |text: &str, and| text.bytes().all(|b| b.is_ascii_digit() || b == and);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let is_stamp = date.len() == 10
        && clock.len() == 8
        && digits(date, b'-')
        && digits(clock, b'-')
        && digits(fraction, b'0');
    is_stamp.then_some(stamp)
}

/// What the results say about a task, with room for the questions behind it.
fn scores_of(task: &str, batch: &Batch, run: &Run) -> Vec<Scores> {
    let of_task = |measurement: &Measurement| {
        let metric = batch.metrics.get(measurement.metric as usize)?;
        (metric.task_raw.as_deref() == Some(task)).then(|| Scores {
            metric: metric.clone(),
            value: measurement.value,
            each: Vec::new(),
            items: Vec::new(),
        })
    };
    run.measurements.iter().filter_map(of_task).collect()
}

/// Fills the vectors from the lines of a log.
fn read_log(path: &Path, bytes: &[u8], mut log: Vec<Scores>) -> Result<Vec<Scores>, ImportError> {
    let only = only_filter(&log).map(str::to_owned);
    for (number, line) in json::lines(bytes) {
        let Entries(record) = json::parse_from::<Entries<Box<RawValue>>>(path, number, line)?;
        let cell = |key: &str| {
            let found = record.iter().find(|(name, _)| name == key);
            found.map(|(_, raw)| raw.get())
        };
        let text = |key: &str| serde_json::from_str::<String>(cell(key)?).ok();
        // Logs before 0.4.6 do not say the filter.
        let Some(filter) = text("filter").or_else(|| only.clone()) else {
            return Err(ImportError::Invalid {
                path: path.to_owned(),
                place: format!("line {number}"),
                reason: "does not say which of the task's filters it is about".to_owned(),
            });
        };
        let item = text("doc_hash").and_then(|hash| item(&hash));
        for scores in log.iter_mut().filter(|s| s.metric.qualifier == filter) {
            let value = cell(&scores.metric.name_raw).and_then(number_in);
            scores.each.push(value.unwrap_or(f64::NAN));
            scores.items.push(item);
        }
    }
    Ok(log)
}

/// The filter of all scores, where they have but one.
fn only_filter(log: &[Scores]) -> Option<&str> {
    let first = log.first()?.metric.qualifier.as_str();
    let same = log.iter().all(|scores| scores.metric.qualifier == first);
    same.then_some(first)
}

/// The key of a question: the first 8 bytes of the SHA-256 of its hash.
fn item(doc_hash: &str) -> Option<[u8; 8]> {
    Sha256::digest(doc_hash).first_chunk().copied()
}

/// A score as a question has it: a number, or a truth.
fn number_in(raw: &str) -> Option<f64> {
    match raw {
        "true" => Some(1.0),
        "false" => Some(0.0),
        _ => raw.parse::<f64>().ok().filter(|x| x.is_finite()),
    }
}

impl Scores {
    fn add(self, batch: &mut Batch, run: &mut Run) {
        if self.each.iter().all(|x| x.is_nan()) {
            return;
        }
        let is_mean = self.is_mean();
        let mut metric = self.metric;
        metric.name_raw = format!("samples.{}", metric.name_raw);
        metric.statistic = "each".to_owned();
        if !is_mean {
            // What a question has is then another quantity: a log-likelihood behind a perplexity.
            metric.name.clone_from(&metric.name_raw);
            (metric.unit, metric.base_unit, metric.direction) = (None, None, None);
            metric.factor = 1.0;
        }
        run.samples.push(Samples {
            metric: batch.metric(metric),
            values: self.each,
            items: self.items.into_iter().collect(),
        });
    }

    fn is_mean(&self) -> bool {
        let known = || self.each.iter().copied().filter(|x| !x.is_nan());
        let mean = known().sum::<f64>() / known().count() as f64;
        let near = |value: f64| (mean - value).abs() <= SAME * value.abs().max(1.0);
        self.value.is_some_and(near)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Direction, NoteKind};
    use crate::import::{Options, load, read};

    const RESULTS: &str = "results_2026-01-02T03-04-05.678901.json";
    const LOG: &str = "samples_toy_2026-01-02T03-04-05.678901.jsonl";

    fn fixture(name: &str) -> std::path::PathBuf {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/import/lm-eval");
        Path::new(folder).join(name)
    }

    fn import(path: &Path) -> Batch {
        read(path, &load(path).unwrap(), &Options::default())
            .unwrap()
            .1
    }

    /// The results of the fixture beside another log.
    fn import_beside(log: &str) -> Batch {
        let folder = tempfile::tempdir().unwrap();
        let results = folder.path().join(RESULTS);
        std::fs::copy(fixture(RESULTS), &results).unwrap();
        std::fs::write(folder.path().join(LOG), log).unwrap();
        import(&results)
    }

    /// Name as written, filter, unit and values of every vector.
    fn vectors(batch: &Batch) -> Vec<(&str, &str, Option<&str>, String)> {
        let vector = |samples: &Samples| {
            let metric = &batch.metrics[samples.metric as usize];
            assert_eq!(metric.statistic, "each");
            (
                metric.name_raw.as_str(),
                metric.qualifier.as_str(),
                metric.unit.as_deref(),
                format!("{:?}", samples.values),
            )
        };
        batch.runs[0].samples.iter().map(vector).collect()
    }

    #[test]
    fn the_log_beside_gives_a_vector_a_metric_and_filter() {
        let batch = import(&fixture(RESULTS));
        let vector = |name, filter, unit, values: &str| (name, filter, unit, values.to_owned());
        let fraction = Some("fraction");
        assert_eq!(
            vectors(&batch),
            vec![
                vector(
                    "samples.exact_match",
                    "strict",
                    fraction,
                    "[1.0, 0.0, 0.0, 0.0]"
                ),
                vector(
                    "samples.exact_match",
                    "flexible",
                    fraction,
                    "[1.0, 1.0, 0.0, 1.0]"
                ),
                vector(
                    "samples.perplexity",
                    "flexible",
                    None,
                    "[-1.5, -2.5, -0.5, -1.25]"
                ),
            ]
        );
        assert_eq!(batch.measurements(), 4);
    }

    #[test]
    fn what_is_not_the_mean_of_its_questions_is_another_quantity() {
        let batch = import(&fixture(RESULTS));
        let named = |name_raw: &str| {
            let found = batch.metrics.iter().find(|m| m.name_raw == name_raw);
            let metric = found.unwrap();
            (metric.name.as_str(), metric.direction)
        };
        assert_eq!(
            named("samples.exact_match"),
            ("exact_match", Some(Direction::Higher))
        );
        assert_eq!(named("samples.perplexity"), ("samples.perplexity", None));
    }

    #[test]
    fn a_question_has_the_same_key_under_every_filter() {
        let batch = import(&fixture(RESULTS));
        let [strict, flexible, _] = batch.runs[0].samples.as_slice() else {
            panic!("{:?}", batch.runs[0].samples);
        };
        assert_eq!(strict.items, flexible.items);
        // printf '%s' "$(printf 'toy question 0' | sha256sum | cut -c1-64)" | sha256sum
        let first = strict.items.as_ref().unwrap()[0];
        assert_eq!(first, [0x6e, 0x62, 0x80, 0xe2, 0xde, 0x8c, 0x02, 0xd0]);
    }

    #[test]
    fn the_log_is_part_of_the_source_and_its_texts_are_not_kept() {
        let mut batch = import(&fixture(RESULTS));
        let parts: Vec<_> = batch.parts.drain(..).map(|part| part.name).collect();
        assert_eq!(parts, [LOG]);
        let shown = format!("{batch:?}");
        assert!(!shown.contains("SECRET"), "{shown}");
    }

    #[test]
    fn a_log_met_by_itself_is_a_side_file() {
        let path = fixture(LOG);
        let error = read(&path, &load(&path).unwrap(), &Options::default()).unwrap_err();
        assert!(matches!(error, ImportError::SideFile { .. }), "{error}");
    }

    #[test]
    fn a_broken_log_is_noted_and_the_scores_stay() {
        let whole = std::fs::read_to_string(fixture(LOG)).unwrap();
        let cut = whole.get(..whole.len() - 40).unwrap();
        let line = whole.lines().next().unwrap();
        let without_filter = line.replace("\"filter\"", "\"other\"");
        for (log, place) in [
            (cut, "line 8, column"),
            ("[1]\n", "line 1, column"),
            (&without_filter, "line 1: does not say which"),
        ] {
            let batch = import_beside(log);
            assert_eq!(batch.measurements(), 4);
            assert_eq!(batch.runs[0].samples, vec![]);
            let notes: Vec<_> = batch
                .notes
                .iter()
                .filter(|note| note.kind == NoteKind::Rejected)
                .collect();
            let [note] = notes.as_slice() else {
                panic!("{notes:?}");
            };
            assert_eq!(note.place, LOG);
            assert!(note.reason.contains(place), "{}", note.reason);
        }
    }

    #[test]
    fn a_changed_or_cut_log_never_breaks_the_scores() {
        let original = load(&fixture(LOG)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let results = folder.path().join(RESULTS);
        std::fs::copy(fixture(RESULTS), &results).unwrap();
        for at in 0..original.len() {
            let mut flipped = original.clone();
            flipped[at] ^= [0x01, 0x20, 0x80][at % 3];
            for bytes in [&flipped[..], &original[..at]] {
                std::fs::write(folder.path().join(LOG), bytes).unwrap();
                let batch = import(&results);
                assert_eq!(batch.measurements(), 4, "byte {at}");
                for samples in &batch.runs[0].samples {
                    assert!(!samples.values.iter().any(|x| x.is_infinite()), "byte {at}");
                }
            }
        }
    }

    #[test]
    fn without_hashes_the_questions_have_no_keys() {
        let whole = std::fs::read_to_string(fixture(LOG)).unwrap();
        let batch = import_beside(&whole.replace("doc_hash", "doc_name"));
        assert_eq!(batch.runs[0].samples.len(), 3);
        assert!(batch.runs[0].samples.iter().all(|s| s.items.is_none()));
    }

    #[test]
    fn only_a_name_that_ends_with_a_time_has_logs() {
        let of = |name: &str| stamp(Path::new(name)).map(str::to_owned);
        let time = "2026-01-02T03-04-05.678901";
        assert_eq!(of(RESULTS).as_deref(), Some(time));
        assert_eq!(of(&format!("a/mine_{time}.json")).as_deref(), Some(time));
        for name in [
            "",
            "results.json",
            "results_.json",
            "results_T.json",
            "results_2026-01-02.json",
            "results_2026-01-02T../../x5.json",
            "results_2026-01-02T03-04-0é.json",
        ] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
