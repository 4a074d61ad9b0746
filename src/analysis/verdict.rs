//! Is a difference real, and is it large enough to matter? Two gates, never one; and a positive
//! statement where it is small for sure.

use serde::Serialize;

use crate::catalog::Direction;
use crate::stats::RunPlan;

/// What a comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Worse, beyond chance and beyond the minimum effect.
    Regression,
    /// Better, beyond chance and beyond the minimum effect.
    Improvement,
    /// The interval lies inside the minimum effect: equal for all that matters.
    Unchanged,
    /// The evidence carries none of these.
    Undecided,
}

impl Verdict {
    /// The word for people and scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Regression => "regression",
            Self::Improvement => "improvement",
            Self::Unchanged => "unchanged",
            Self::Undecided => "undecided",
        }
    }
}

/// What is known of a change, in the metric's unit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evidence {
    /// Candidate less baseline.
    pub change: f64,
    /// Lower end of its interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// p, corrected for the family.
    pub p: Option<f64>,
}

/// The verdict: a change is spoken of when p ≤ `alpha`, the whole interval lies on its side of zero and
/// the change is at least `minimum` (a noisy series may ask for more by `noise`); "unchanged" when the
/// whole interval lies within ± `minimum`, never within the noise.
pub fn verdict(
    evidence: &Evidence,
    direction: Direction,
    minimum: f64,
    noise: f64,
    alpha: f64,
) -> Verdict {
    let (Some(low), Some(high)) = (evidence.low, evidence.high) else {
        return Verdict::Undecided;
    };
    let significant = evidence.p.is_some_and(|p| p <= alpha);
    let one_side = (low > 0.0 && high > 0.0) || (low < 0.0 && high < 0.0);
    if significant && one_side && evidence.change.abs() >= minimum.max(noise) {
        return if direction.gain(evidence.change) > 0.0 {
            Verdict::Improvement
        } else {
            Verdict::Regression
        };
    }
    if low >= -minimum && high <= minimum {
        return Verdict::Unchanged;
    }
    Verdict::Undecided
}

/// The runs a side that would decide about a change twice the minimum effect, given the standard
/// deviation between runs, both as shares of the baseline.
pub fn runs_needed(sd: f64, minimum: f64) -> Option<usize> {
    let plan = RunPlan {
        sd,
        minimum_effect: minimum,
    };
    plan.runs_for(2.0 * minimum).ok().flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn evidence(change: f64, low: f64, high: f64, p: f64) -> Evidence {
        Evidence {
            change,
            low: Some(low),
            high: Some(high),
            p: Some(p),
        }
    }

    #[test]
    fn a_change_must_pass_both_gates() {
        let of = |e: &Evidence| verdict(e, Direction::Higher, 2.0, 0.0, 0.05);
        assert_eq!(of(&evidence(-5.0, -7.0, -3.0, 0.01)), Verdict::Regression);
        assert_eq!(of(&evidence(5.0, 3.0, 7.0, 0.01)), Verdict::Improvement);
        // Real but too small to matter; large but not real.
        assert_eq!(of(&evidence(-1.0, -1.5, -0.5, 0.001)), Verdict::Unchanged);
        assert_eq!(of(&evidence(-5.0, -11.0, 1.0, 0.2)), Verdict::Undecided);
        // Real, and perhaps large enough.
        assert_eq!(of(&evidence(-1.9, -3.0, -0.8, 0.01)), Verdict::Undecided);
        assert_eq!(
            of(&Evidence {
                change: -9.0,
                ..Evidence::default()
            }),
            Verdict::Undecided
        );
    }

    #[test]
    fn noise_widens_what_matters_and_never_what_is_unchanged() {
        let e = evidence(-3.0, -5.0, -1.0, 0.01);
        assert_eq!(
            verdict(&e, Direction::Higher, 2.0, 4.0, 0.05),
            Verdict::Undecided
        );
        let e = evidence(-3.0, -3.5, 3.5, 0.5);
        assert_eq!(
            verdict(&e, Direction::Higher, 2.0, 9.0, 0.05),
            Verdict::Undecided
        );
    }

    proptest! {
        #[test]
        fn the_other_direction_mirrors_the_verdict(change in -9.0..9.0f64, half in 0.0..9.0f64, p in 0.0..1.0f64) {
            let e = evidence(change, change - half, change + half, p);
            let mirrored = match verdict(&e, Direction::Higher, 1.0, 0.0, 0.05) {
                Verdict::Regression => Verdict::Improvement,
                Verdict::Improvement => Verdict::Regression,
                other => other,
            };
            prop_assert_eq!(verdict(&e, Direction::Lower, 1.0, 0.0, 0.05), mirrored);
        }
    }
}
