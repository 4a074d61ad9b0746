//! A difference of two estimates with its standard error: test and interval by Student's t or
//! the normal distribution.

use super::error::{StatsError, require_finite};
use super::interval::{Interval, normal_reach, student_reach};
use super::normal::normal_two_sided;
use super::student_t::student_t_two_sided;

/// A difference b − a, how well it is known, and what speaks against "no difference".
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// b − a, in the unit of the estimates.
    pub difference: f64,
    /// Its standard error, in the same unit.
    pub se: f64,
    /// Degrees of freedom of Student's t; `None` where the normal distribution is used, and
    /// for Welch's test without any variance.
    pub df: Option<f64>,
    /// t or z, difference/se; `None` when the standard error is 0.
    pub statistic: Option<f64>,
    /// Two-sided p of no difference; `None` when the standard error is 0.
    pub p: Option<f64>,
    /// difference ± quantile·se, one point when the standard error is 0; `None` for Welch's
    /// test without any variance.
    pub interval: Option<Interval>,
}

impl Difference {
    /// Refers difference/se to Student's t with `df` degrees of freedom, to the normal
    /// distribution without.
    pub(super) fn judge(
        difference: f64,
        se: f64,
        df: Option<f64>,
        confidence: f64,
    ) -> Result<Self, StatsError> {
        let reach = match df {
            Some(df) => student_reach(confidence, df)?,
            None => normal_reach(confidence)?,
        };
        let interval = Interval::around(difference, reach * se)?;
        let statistic = (se > 0.0).then_some(difference / se);
        if statistic.is_some_and(|statistic| !statistic.is_finite()) {
            return Err(StatsError::OutOfRange);
        }
        let p = statistic.and_then(|statistic| match df {
            Some(df) => student_t_two_sided(statistic, df),
            None => normal_two_sided(statistic),
        });
        Ok(Self {
            difference,
            se,
            df,
            statistic,
            p,
            interval: Some(interval),
        })
    }
}

/// A value that comes with its standard error and nothing else.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Its standard error, in the same unit, not negative.
    pub se: f64,
}

/// The z-test of two independent estimates: z = (b − a)/√(se_a² + se_b²), and the interval
/// b − a ± z_quantile·√(se_a² + se_b²).
///
/// Assumes independent, near-normal estimates with standard errors as good as known. Where
/// both were measured on the same questions the errors are correlated, as a rule positively,
/// and the test is conservative. Source: Miller, "Adding error bars to evals", arXiv 2411.00640
/// (2024), section 4.1. O(1).
///
/// # Errors
/// Numbers that are not finite, a negative standard error, a confidence outside 0…1, or a
/// result beyond the range of a double.
pub fn unpaired_difference(
    a: Estimate,
    b: Estimate,
    confidence: f64,
) -> Result<Difference, StatsError> {
    for (variable, estimate) in [("a", a), ("b", b)] {
        require_finite(variable, &[estimate.value, estimate.se])?;
        if estimate.se < 0.0 {
            return Err(StatsError::OutsideDomain { parameter: "se" });
        }
    }
    Difference::judge(b.value - a.value, a.se.hypot(b.se), None, confidence)
}

#[cfg(test)]
mod tests {
    use super::super::reference::{agrees, close, numbers, vectors};
    use super::*;

    fn estimate(value: f64, se: f64) -> Estimate {
        Estimate { value, se }
    }

    #[test]
    fn two_scores_with_standard_errors_are_compared_by_z() {
        // scipy 1.16.3, norm.sf and norm.isf on z = −6.5/√(1.2² + 1.3²).
        let found = unpaired_difference(estimate(54.5, 1.2), estimate(48.0, 1.3), 0.95).unwrap();
        close(found.difference, -6.5, 1e-15);
        close(found.se, 1.7691806012954132, 1e-15);
        close(found.statistic, -3.6740172231374397, 1e-14);
        close(found.p, 0.0002387666276854087, 1e-15);
        assert_eq!(found.df, None);
    }

    #[test]
    fn reproduces_the_vectors_from_standard_errors() {
        let Some(vectors) = vectors() else { return };
        for case in vectors["z_from_stderr"].as_array().unwrap() {
            let side = |name: &str| {
                let pair = numbers(&case[name]);
                estimate(pair[0], pair[1])
            };
            let found = unpaired_difference(side("baseline"), side("candidate"), 0.95).unwrap();
            agrees(found.difference, &case["diff"]);
            agrees(found.se, &case["se"]);
            agrees(found.statistic, &case["z"]);
            agrees(found.p, &case["p"]);
            let interval = found.interval.unwrap();
            agrees(interval.low, &case["ci95"][0]);
            agrees(interval.high, &case["ci95"][1]);
        }
    }

    #[test]
    fn without_any_error_there_is_a_difference_and_no_test() {
        let found = unpaired_difference(estimate(1.0, 0.0), estimate(3.0, 0.0), 0.95).unwrap();
        assert_eq!((found.difference, found.se), (2.0, 0.0));
        assert_eq!((found.statistic, found.p), (None, None));
        assert_eq!(
            found.interval,
            Some(Interval {
                low: 2.0,
                high: 2.0
            })
        );
    }

    #[test]
    fn refuses_what_is_no_estimate() {
        let sound = estimate(1.0, 0.1);
        assert_eq!(
            unpaired_difference(sound, estimate(1.0, -0.1), 0.95),
            Err(StatsError::OutsideDomain { parameter: "se" })
        );
        assert_eq!(
            unpaired_difference(sound, estimate(f64::NAN, 0.1), 0.95),
            Err(StatsError::NotFinite {
                variable: "b",
                index: 0
            })
        );
        assert_eq!(
            unpaired_difference(estimate(-1e308, 1.0), estimate(1e308, 1.0), 0.95),
            Err(StatsError::OutOfRange)
        );
    }
}
