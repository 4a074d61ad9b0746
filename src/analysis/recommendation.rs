//! What to run: the best point in one objective among those that meet the requirements.

use std::str::FromStr;

use crate::stats::normal_cdf;

use super::frontier::Frontier;

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

/// A recommendation.
#[derive(Debug, Clone, PartialEq)]
pub struct Recommendation {
    /// Index of the point.
    pub best: usize,
    /// Index of the next best among the candidates.
    pub runner_up: Option<usize>,
    /// How much better it is, in the unit of the objective.
    pub margin: Option<f64>,
    /// The probability that it really is better than the runner-up, from the standard errors.
    pub probability: Option<f64>,
    /// How many points met the requirements.
    pub candidates: usize,
}

impl Frontier {
    /// The best point in objective `best` among those that meet all requirements; `None` when no
    /// point does. Ties go to the earlier point.
    pub fn recommend(&self, best: usize, requirements: &[Requirement]) -> Option<Recommendation> {
        let direction = self.objectives.get(best)?.direction;
        let value = |i: usize| self.points.get(i).and_then(|p| p.values.get(best)).copied();
        let meets = |i: &usize| {
            requirements.iter().all(|r| {
                let k = self.objectives.iter().position(|o| o.column == r.column);
                let found = k.and_then(|k| self.points.get(*i)?.values.get(k).copied());
                found.is_some_and(|v| r.comparison.holds(v, r.bound))
            })
        };
        let mut candidates: Vec<usize> = (0..self.points.len()).filter(meets).collect();
        let gain = |i: usize| value(i).map_or(f64::NEG_INFINITY, |v| direction.gain(v));
        candidates.sort_by(|&a, &b| gain(b).total_cmp(&gain(a)).then(a.cmp(&b)));
        let first = *candidates.first()?;
        let runner_up = candidates.get(1).copied();
        let margin = runner_up.map(|second| gain(first) - gain(second));
        let error = |i: usize| {
            self.points
                .get(i)
                .and_then(|p| p.stderrs.get(best))
                .copied()
                .flatten()
        };
        let probability = runner_up.and_then(|second| {
            let spread = error(first)?.hypot(error(second)?);
            normal_cdf(margin? / spread)
        });
        Some(Recommendation {
            best: first,
            runner_up,
            margin,
            probability,
            candidates: candidates.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use polars::df;

    use super::super::Objective;
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
        )
        .unwrap()
    }

    #[test]
    fn the_best_score_at_a_required_speed_with_its_margin() {
        let frontier = frontier();
        let found = frontier
            .recommend(1, &["speed>=600".parse().unwrap()])
            .unwrap();
        assert_eq!(frontier.points[found.best].label, "b");
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
            None
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
