//! How the frontier of two objectives moved over time.

use std::collections::BTreeMap;

use crate::catalog::Direction;
use crate::stats::pareto::{self, Points};

use super::AnalysisError;

/// A value of a model in one of the two objectives, from some time on.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrived {
    /// Milliseconds since 1970 in UTC; values without a time come first.
    pub at: i64,
    /// The same as shown.
    pub time: String,
    /// The model.
    pub model: String,
    /// 0 or 1.
    pub objective: usize,
    /// The value.
    pub value: f64,
}

/// The frontier over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// What the objectives are called.
    pub objectives: [String; 2],
    /// The corner volumes are measured from: the worst values of the whole time, fixed.
    pub reference: [f64; 2],
    /// The times at which models entered or left the frontier, in order, and the last time.
    pub steps: Vec<Moved>,
}

/// The frontier from some time on.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The time.
    pub time: String,
    /// The models on it, by name.
    pub frontier: Vec<String>,
    /// Those that were not on it before.
    pub entered: Vec<String>,
    /// Those that no longer are.
    pub left: Vec<String>,
    /// Its volume as a share of the volume that all values of the whole time cover together, so that
    /// it never falls because others are added; 0 where that is 0.
    pub ratio: f64,
}

/// A model with both of its gains.
type Standing<'a> = (&'a str, [f64; 2]);

/// Follows the frontier: at each time every model stands with its newest value in each objective;
/// a model that lacks one is not there yet.
///
/// # Errors
/// [`AnalysisError::Undefined`] for values that are not finite.
pub fn progress(
    objectives: [String; 2],
    directions: [Direction; 2],
    mut arrived: Vec<Arrived>,
) -> Result<Progress, AnalysisError> {
    arrived.sort_by_key(|value| value.at);
    let gain = |value: &Arrived| directions[value.objective.min(1)].gain(value.value);
    let mut corner = [f64::INFINITY; 2];
    for value in &arrived {
        let side = &mut corner[value.objective.min(1)];
        *side = side.min(gain(value));
    }
    // The states of the models, and every pair any of them ever had.
    let mut now: BTreeMap<&str, [Option<f64>; 2]> = BTreeMap::new();
    let mut ever: Vec<f64> = Vec::new();
    let mut snapshots: Vec<(&str, Vec<Standing<'_>>)> = Vec::new();
    for same in arrived.chunk_by(|a, b| a.at == b.at) {
        for value in same {
            let state = now.entry(&value.model).or_default();
            state[value.objective.min(1)] = Some(gain(value));
        }
        let there = now
            .iter()
            .filter_map(|(model, state)| Some((*model, [state[0]?, state[1]?])));
        let there: Vec<Standing<'_>> = there.collect();
        ever.extend(there.iter().flat_map(|(_, gains)| gains));
        if let Some(first) = same.first() {
            snapshots.push((&first.time, there));
        }
    }
    let union = volume(&ever, &corner)?;
    let mut steps: Vec<Moved> = Vec::new();
    let mut before: Vec<String> = Vec::new();
    let n = snapshots.len();
    for (place, (time, there)) in snapshots.into_iter().enumerate() {
        let flat: Vec<f64> = there.iter().flat_map(|(_, gains)| *gains).collect();
        let front = pareto::front(&points(&flat)?);
        let frontier: Vec<String> = front
            .into_iter()
            .filter_map(|row| there.get(row).map(|(model, _)| (*model).to_owned()))
            .collect();
        let own = volume(&flat, &corner)?;
        let ratio = if union > 0.0 { own / union } else { 0.0 };
        // The times in between tell nothing of who is on it; the last tells how far it has come.
        let is_last = place + 1 == n;
        if frontier.is_empty() || (frontier == before && !is_last) {
            continue;
        }
        let missing = |from: &[String], other: &[String]| -> Vec<String> {
            from.iter()
                .filter(|model| !other.contains(model))
                .cloned()
                .collect()
        };
        steps.push(Moved {
            time: time.to_owned(),
            entered: missing(&frontier, &before),
            left: missing(&before, &frontier),
            ratio,
            frontier: frontier.clone(),
        });
        before = frontier;
    }
    let reference = [directions[0].gain(corner[0]), directions[1].gain(corner[1])];
    Ok(Progress {
        objectives,
        reference,
        steps,
    })
}

fn points(flat: &[f64]) -> Result<Points<'_>, AnalysisError> {
    Points::new(flat, 2).map_err(undefined)
}

fn volume(flat: &[f64], corner: &[f64; 2]) -> Result<f64, AnalysisError> {
    if flat.is_empty() {
        return Ok(0.0);
    }
    let found = pareto::hypervolume(&points(flat)?, corner).map_err(undefined)?;
    Ok(found.volume)
}

fn undefined(error: crate::stats::StatsError) -> AnalysisError {
    AnalysisError::Undefined {
        what: "the frontier over time",
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(at: i64, model: &str, speed: f64, score: f64) -> [Arrived; 2] {
        let value = |objective, value| Arrived {
            at,
            time: format!("day {at}"),
            model: model.to_owned(),
            objective,
            value,
        };
        [value(0, speed), value(1, score)]
    }

    fn of(values: &[[Arrived; 2]]) -> Progress {
        let names = ["speed".to_owned(), "score".to_owned()];
        progress(names, [Direction::Higher; 2], values.concat()).unwrap()
    }

    #[test]
    fn models_enter_and_leave_and_the_volume_grows() {
        let found = of(&[
            at(1, "a", 0.0, 0.0),
            at(1, "b", 2.0, 1.0),
            at(2, "c", 1.0, 2.0),
            at(3, "b", 3.0, 3.0),
            at(4, "d", 1.0, 1.0),
        ]);
        let told: Vec<_> = found
            .steps
            .iter()
            .map(|s| {
                (
                    s.time.as_str(),
                    s.entered.join(" "),
                    s.left.join(" "),
                    s.ratio * 9.0,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("day 1", "b".to_owned(), String::new(), 2.0),
                ("day 2", "c".to_owned(), String::new(), 3.0),
                ("day 3", String::new(), "c".to_owned(), 9.0),
                ("day 4", String::new(), String::new(), 9.0),
            ]
        );
        assert_eq!(found.reference, [0.0, 0.0]);
    }

    #[test]
    fn a_model_without_one_of_the_two_is_not_there_yet() {
        let mut values = at(1, "a", 1.0, 1.0).to_vec();
        values.truncate(1);
        let names = ["speed".to_owned(), "score".to_owned()];
        let found = progress(names, [Direction::Higher; 2], values).unwrap();
        assert_eq!(found.steps, []);
    }

    #[test]
    fn a_model_that_got_worse_makes_the_ratio_fall() {
        let found = of(&[
            at(1, "z", 0.0, 0.0),
            at(1, "a", 4.0, 4.0),
            at(2, "a", 2.0, 2.0),
        ]);
        let ratios: Vec<f64> = found.steps.iter().map(|s| s.ratio).collect();
        assert_eq!(ratios, [1.0, 0.25]);
    }
}
