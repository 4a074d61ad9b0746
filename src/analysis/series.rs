//! A series as `trend` and `check` see it: the values of one metric over the runs of one
//! configuration, and the changes in it that people have acknowledged.

use serde::Serialize;

use crate::catalog::Direction;
use crate::stats::MinimumEffect;

use super::AnalysisError;

/// What a series is about. A field that does not apply is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SeriesKey {
    /// The model.
    pub model: Option<String>,
    /// The task.
    pub task: Option<String>,
    /// The metric; for a plain table the name of the series.
    pub metric: String,
    /// The statistic, such as `p95`.
    pub statistic: Option<String>,
    /// What else tells two metrics of a name apart.
    pub qualifier: Option<String>,
    /// The unit.
    pub unit: Option<String>,
    /// The workload in words.
    pub workload: Option<String>,
    /// The digest of every setting that separates two series.
    pub config: Option<String>,
}

/// The value of a series in one run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Observation {
    /// The number of the run; `None` in a plain table.
    pub run: Option<i64>,
    /// Its start in milliseconds since 1970 in UTC, where known.
    #[serde(skip)]
    pub at: Option<i64>,
    /// Its start as it is shown.
    pub time: Option<String>,
    /// The value; `None` where it is missing.
    pub value: Option<f64>,
    /// Its standard error, where recorded, in the same unit.
    pub stderr: Option<f64>,
    /// The values behind it, by question, where they are to be compared one by one.
    #[serde(skip)]
    pub answers: Option<Answers>,
}

/// The values of one run by question.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// Which questions these are: answers to the same have the same number.
    pub items: i64,
    /// The value for each, in the order of the questions.
    pub values: Vec<Option<f64>>,
}

/// A change that people have seen and accepted: the new normal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    /// The first run of the new level.
    pub run: i64,
    /// What was noted.
    pub note: String,
}

/// A series in order of time.
#[derive(Debug, Clone)]
pub struct Series {
    /// What it is about.
    pub key: SeriesKey,
    /// Which way is better, where known.
    pub direction: Option<Direction>,
    /// Whether a change is a ratio (speeds, times) and not a difference (scores).
    pub ratio: bool,
    /// The smallest change that matters.
    pub minimum: MinimumEffect,
    /// The runs, oldest first.
    pub points: Vec<Observation>,
    /// The acknowledged changes, in any order.
    pub acknowledged: Vec<Acknowledged>,
}

/// A part of a series from one acknowledged change to the next; missing values are left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Stretch {
    /// The present values.
    pub(super) values: Vec<f64>,
    /// Where each stands among the points.
    pub(super) places: Vec<usize>,
    /// What was noted where it begins.
    pub(super) note: Option<String>,
}

/// The stretches of `points`: one more than there are acknowledged changes that a value of the
/// points follows and one precedes. At least one, which may be empty.
///
/// # Errors
/// [`AnalysisError::Undefined`] for a value that is not finite.
pub(super) fn stretches(
    points: &[Observation],
    acknowledged: &[Acknowledged],
) -> Result<Vec<Stretch>, AnalysisError> {
    let mut found = vec![Stretch::default()];
    let mut note: Option<String> = None;
    for (place, point) in points.iter().enumerate() {
        if let Some(change) = acknowledgement(point, acknowledged) {
            note = Some(change.note.clone());
        }
        let Some(value) = point.value else { continue };
        if !value.is_finite() {
            return Err(AnalysisError::Undefined {
                what: "the series",
                reason: format!("value {} is not finite", place + 1),
            });
        }
        let starts_anew = found.last().is_some_and(|last| !last.values.is_empty());
        if let Some(note) = note.take().filter(|_| starts_anew) {
            found.push(Stretch {
                note: Some(note),
                ..Stretch::default()
            });
        }
        if let Some(last) = found.last_mut() {
            last.values.push(value);
            last.places.push(place);
        }
    }
    Ok(found)
}

/// The acknowledged change that begins with a run.
pub(super) fn acknowledgement<'a>(
    point: &Observation,
    acknowledged: &'a [Acknowledged],
) -> Option<&'a Acknowledged> {
    let run = point.run?;
    acknowledged.iter().find(|change| change.run == run)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[Option<f64>]) -> Vec<Observation> {
        let point = |(i, value): (usize, &Option<f64>)| Observation {
            run: Some(i as i64 + 1),
            value: *value,
            ..Observation::default()
        };
        values.iter().enumerate().map(point).collect()
    }

    fn acknowledged(run: i64) -> Acknowledged {
        Acknowledged {
            run,
            note: format!("note {run}"),
        }
    }

    fn places(values: &[Option<f64>], runs: &[i64]) -> Vec<Vec<usize>> {
        let runs: Vec<Acknowledged> = runs.iter().copied().map(acknowledged).collect();
        let found = stretches(&points(values), &runs).unwrap();
        found.into_iter().map(|stretch| stretch.places).collect()
    }

    #[test]
    fn an_acknowledged_change_begins_a_stretch_with_its_next_value() {
        let values = [Some(1.0), Some(2.0), None, Some(4.0), Some(5.0)];
        assert_eq!(places(&values, &[]), [[0, 1, 3, 4]]);
        assert_eq!(places(&values, &[2]), [vec![0], vec![1, 3, 4]]);
        assert_eq!(places(&values, &[3]), [vec![0, 1], vec![3, 4]]);
        assert_eq!(places(&values, &[5, 2]), [vec![0], vec![1, 3], vec![4]]);
        let found = stretches(&points(&values), &[acknowledged(3)]).unwrap();
        assert_eq!(found[1].note.as_deref(), Some("note 3"));
    }

    #[test]
    fn one_that_nothing_precedes_or_follows_changes_nothing() {
        assert_eq!(places(&[Some(1.0), Some(2.0)], &[1]), [[0, 1]]);
        assert_eq!(places(&[None, Some(2.0)], &[2]), [[1]]);
        assert_eq!(places(&[Some(1.0), None], &[2, 77]), [[0]]);
        assert_eq!(places(&[], &[1]), [[0_usize; 0]]);
    }

    #[test]
    fn refuses_what_is_not_finite_by_its_place() {
        let error = stretches(&points(&[Some(1.0), Some(f64::NAN)]), &[]).unwrap_err();
        assert_eq!(error.to_string(), "the series: value 2 is not finite");
    }
}
