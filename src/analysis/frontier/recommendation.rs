//! What to run: the best point in one objective among those that meet the requirements.

use std::str::FromStr;

use crate::stats::normal_cdf;

use super::super::error::AnalysisError;
use super::Frontier;

/// `COLUMN>=NUMBER` and the like.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    /// The column of an objective.
    pub column: String,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what.
    pub bound: f64,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
}

impl Comparison {
    fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Self::AtLeast => value >= bound,
            Self::Above => value > bound,
            Self::AtMost => value <= bound,
            Self::Below => value < bound,
        }
    }
}

/// A text that is no requirement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a requirement, write `COLUMN>=NUMBER` (or `>`, `<=`, `<`)")]
pub struct RequirementError(String);

impl FromStr for Requirement {
    type Err = RequirementError;

    fn from_str(text: &str) -> Result<Self, RequirementError> {
        let spellings = [
            (">=", Comparison::AtLeast),
            ("<=", Comparison::AtMost),
            (">", Comparison::Above),
            ("<", Comparison::Below),
        ];
        let found = spellings.iter().find_map(|(sign, comparison)| {
            let (column, bound) = text.split_once(sign)?;
            let bound = bound.trim().parse().ok().filter(|b: &f64| b.is_finite())?;
            let column = column.trim().to_owned();
            (!column.is_empty()).then_some(Self {
                column,
                comparison: *comparison,
                bound,
            })
        });
        found.ok_or_else(|| RequirementError(text.to_owned()))
    }
}

/// A point that was chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// What it is about.
    pub label: String,
    /// The row it came from, from 0.
    pub row: usize,
    /// Its value in each objective.
    pub values: Vec<f64>,
}

/// A recommendation.
#[derive(Debug, Clone, PartialEq)]
pub struct Recommendation {
    /// The best candidate.
    pub best: Chosen,
    /// The next best.
    pub runner_up: Option<Chosen>,
    /// How much better it is, in the unit of the objective.
    pub margin: Option<f64>,
    /// The probability that it really is better than the runner-up, from the standard errors.
    pub probability: Option<f64>,
    /// How many points met the requirements.
    pub candidates: usize,
}

impl Frontier {
    /// The best point in objective `best` among those that meet all requirements, on the frontier
    /// or not; `None` when no point does. Ties go to the point of the better layer, then the
    /// earlier row.
    ///
    /// # Errors
    /// [`AnalysisError::NoObjective`] for a requirement on another column.
    pub fn recommend(
        &self,
        best: usize,
        requirements: &[Requirement],
    ) -> Result<Option<Recommendation>, AnalysisError> {
        let axes = requirements
            .iter()
            .map(|r| self.objective(&r.column))
            .collect::<Result<Vec<_>, _>>()?;
        let value = |point: usize, axis: usize| {
            let gain = self.rows.gains_of(point).get(axis).copied();
            let gain = gain.unwrap_or(f64::NEG_INFINITY);
            self.objectives
                .get(axis)
                .map_or(gain, |o| o.direction.gain(gain))
        };
        let meets = |point: &usize| {
            let mut bounds = requirements.iter().zip(&axes);
            bounds.all(|(r, &axis)| r.comparison.holds(value(*point, axis), r.bound))
        };
        let gains = |point: usize| self.rows.gains_of(point);
        let gain = |point: usize| gains(point).get(best).copied().unwrap_or(f64::NEG_INFINITY);
        // A point that another dominates never stands before it.
        let before = |a: usize, b: usize| {
            let total = |point: usize| gains(point).iter().sum::<f64>();
            gain(a)
                .total_cmp(&gain(b))
                .then(total(a).total_cmp(&total(b)))
                .is_gt()
        };
        let (mut candidates, mut first, mut second) = (0, None, None);
        for point in (0..self.n).filter(meets) {
            candidates += 1;
            if first.is_none_or(|first| before(point, first)) {
                (first, second) = (Some(point), first);
            } else if second.is_none_or(|second| before(point, second)) {
                second = Some(point);
            }
        }
        let Some(first) = first else {
            return Ok(None);
        };
        let margin = second.map(|second| gain(first) - gain(second));
        let probability = second.and_then(|second| {
            let error = |point: usize| self.rows.error(point, best);
            let spread = error(first)?.hypot(error(second)?);
            normal_cdf(margin? / spread)
        });
        Ok(Some(Recommendation {
            best: self.chosen(first),
            runner_up: second.map(|second| self.chosen(second)),
            margin,
            probability,
            candidates,
        }))
    }

    fn chosen(&self, point: usize) -> Chosen {
        let values = self.rows.gains_of(point).iter().zip(&self.objectives);
        Chosen {
            label: self.rows.label(point),
            row: self.rows.row(point),
            values: values.map(|(gain, o)| o.direction.gain(*gain)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use polars::df;

    use super::super::{FrontierOptions, Objective};
    use super::*;
    use crate::catalog::Direction;

    fn frontier() -> Frontier {
        let frame = df![
            "model" => ["a", "b", "c"],
            "speed" => [500.0, 800.0, 1000.0],
            "score" => [54.0, 48.0, 40.0],
            "score_se" => [1.0, 1.0, 1.0],
        ];
        let objective = |column: &str| Objective {
            column: column.into(),
            direction: Direction::Higher,
            log: false,
        };
        Frontier::of(
            &frame.unwrap(),
            Some("model"),
            &[objective("speed"), objective("score")],
            &FrontierOptions::default(),
        )
        .unwrap()
    }

    #[test]
    fn the_best_score_at_a_required_speed_with_its_margin() {
        let frontier = frontier();
        let found = frontier
            .recommend(1, &["speed>=600".parse().unwrap()])
            .unwrap()
            .unwrap();
        assert_eq!((found.best.label.as_str(), found.best.row), ("b", 1));
        assert_eq!(found.margin, Some(8.0));
        assert_eq!(found.candidates, 2);
        // Φ(8/√2)
        assert!(
            (found.probability.unwrap() - normal_cdf(8.0 / 2f64.sqrt()).unwrap()).abs() < 1e-12
        );
    }

    #[test]
    fn none_is_an_answer() {
        assert_eq!(
            frontier().recommend(1, &["speed>1000".parse().unwrap()]),
            Ok(None)
        );
    }

    #[test]
    fn a_requirement_is_a_column_a_comparison_and_a_number() {
        assert_eq!(
            "speed >= 5e2".parse::<Requirement>().unwrap(),
            Requirement {
                column: "speed".into(),
                comparison: Comparison::AtLeast,
                bound: 500.0
            }
        );
        for wrong in ["speed", "speed>=fast", ">=5", "speed>=inf", "speed=5"] {
            assert!(wrong.parse::<Requirement>().is_err(), "{wrong}");
        }
    }
}
