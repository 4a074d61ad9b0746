//! The results of the BigScience fork of 2022, one level deeper than all others: by task, then by the
//! time stamp of the job that ran it, then by metric. A file gathers the jobs of one model.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::super::json::{Entries, Number, Text};
use super::super::{ImportError, Input, time};
use super::Document;
use crate::catalog::{Batch, Run};

/// The scores, one level deeper.
#[derive(Deserialize)]
struct Deeper<'a> {
    #[serde(borrow)]
    results: Entries<Entries<Entries<Number, Text<'a>>, Text<'a>>, Text<'a>>,
}

impl<'a> Document<'a> {
    /// Whether every task holds objects where others hold scores.
    pub(super) fn is_stamped(&self) -> bool {
        let is_object =
            |number: &Number| *number == Number::Missing("unreadable: an object".into());
        let mut tasks = self.results.0.iter();
        !self.results.0.is_empty()
            && tasks.all(|(_, Entries(entries))| {
                !entries.is_empty() && entries.iter().all(|(_, number)| is_object(number))
            })
    }

    /// Brings the scores up to the level of all other files. Of a task that was run several times
    /// the newest result stays, since one run has one value of each metric.
    pub(super) fn unstamp(
        &mut self,
        input: &Input<'a>,
        batch: &mut Batch,
        run: &mut Run,
    ) -> Result<(), ImportError> {
        let deeper: Deeper<'a> = input.sniff.parse(input.path)?;
        let mut stamps = Map::new();
        self.results = Entries::default();
        for (task, Entries(mut jobs)) in deeper.results.0 {
            // The stamps sort as text: year, month, day, hour, minute, second.
            jobs.sort_by(|a, b| a.0.cmp(&b.0));
            let Some((stamp, scores)) = jobs.pop() else {
                continue;
            };
            for (older, _) in jobs {
                let reason = "the task was run again later, and that result is kept";
                batch.reject(format!("results.{task}.{older}"), reason);
            }
            stamps.insert(task.to_string(), stamp.to_string().into());
            self.results.0.push((task, scores));
        }
        let first = stamps.values().filter_map(Json::as_str).min();
        run.started = first.and_then(|stamp| time::parse(&iso(stamp)));
        run.details.insert("task_time".to_owned(), stamps.into());
        Ok(())
    }
}

/// `2022-07-13-09-55-04` as ISO 8601 writes it.
fn iso(stamp: &str) -> String {
    match stamp.match_indices('-').nth(2) {
        Some((at, _)) => {
            let (date, clock) = stamp.split_at(at);
            format!("{date}T{}", clock.trim_start_matches('-').replace('-', ":"))
        }
        None => stamp.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{Options, read};
    use std::path::Path;

    const STAMPED: &str = include_str!("../../../tests/fixtures/import/lm-eval/task-and-time.json");

    fn import(text: &str) -> Batch {
        let read = read(Path::new("a.json"), text.as_bytes(), &Options::default());
        read.unwrap().1
    }

    #[test]
    fn scores_are_found_below_the_time_stamp() {
        let batch = import(STAMPED);
        let run = batch.runs.first().unwrap();
        let rows: Vec<_> = run
            .measurements
            .iter()
            .map(|m| {
                let metric = &batch.metrics[m.metric as usize];
                let stderr = m.detail.as_ref().and_then(|detail| detail.stderr);
                (
                    metric.task_raw.as_deref().unwrap(),
                    metric.name_raw.as_str(),
                    m.value.unwrap(),
                    stderr,
                )
            })
            .collect();
        assert_eq!(
            rows,
            vec![
                ("boolq", "acc", 0.625, Some(0.0085)),
                ("boolq+yes/no", "acc", 0.5, Some(0.0087)),
                ("boolq+yes/no", "acc_norm", 0.375, Some(0.0083)),
            ]
        );
        assert_eq!(batch.metrics[0].task_version.as_deref(), Some("1"));
    }

    #[test]
    fn the_run_begins_with_its_first_job() {
        let batch = import(STAMPED);
        let run = batch.runs.first().unwrap();
        assert_eq!(run.started, time::parse("2022-07-12T23:19:06"));
        assert_eq!(
            run.details["task_time"],
            serde_json::json!({"boolq": "2022-07-13-09-55-04", "boolq+yes/no": "2022-07-12-23-19-06"})
        );
    }

    #[test]
    fn of_a_task_run_twice_the_newest_result_stays() {
        let batch = import(STAMPED);
        let notes: Vec<_> = batch
            .notes
            .iter()
            .map(|note| (note.place.as_str(), note.reason.as_str()))
            .filter(|(place, _)| *place != "file")
            .collect();
        assert_eq!(
            notes,
            vec![(
                "results.boolq.2022-07-12-23-19-06",
                "the task was run again later, and that result is kept"
            )]
        );
    }

    #[test]
    fn a_stamp_that_is_no_time_gives_no_start() {
        for stamp in ["", "late", "1-2-3", "2022-07-12-23-19-06-99", "----"] {
            let text = format!(
                r#"{{"results": {{"toy": {{"{stamp}": {{"acc": 0.5}}}}}}, "versions": {{}}}}"#
            );
            let batch = import(&text);
            assert_eq!(batch.runs[0].started, None, "{stamp}");
            assert_eq!(batch.measurements(), 1, "{stamp}");
        }
    }
}
