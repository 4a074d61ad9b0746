//! An interval and how far it reaches: the check of its level and the quantiles that belong
//! to it.

use super::error::StatsError;
use super::normal::normal_quantile;
use super::student_t::student_t_quantile;

/// The ends of an interval, in the unit of what it encloses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// The interval centre ± reach.
    pub(super) fn around(centre: f64, reach: f64) -> Result<Self, StatsError> {
        let (low, high) = (centre - reach, centre + reach);
        (low.is_finite() && high.is_finite())
            .then_some(Self { low, high })
            .ok_or(StatsError::OutOfRange)
    }
}

/// The probability an interval leaves out on each side, (1 − confidence)/2. Refuses a
/// confidence outside 0…1, both ends excluded.
pub(super) fn tail(confidence: f64) -> Result<f64, StatsError> {
    if confidence > 0.0 && confidence < 1.0 {
        return Ok(0.5 * (1.0 - confidence));
    }
    Err(StatsError::OutsideDomain {
        parameter: "confidence",
    })
}

/// Standard errors from the centre to the end of a normal interval, 1.96 at 0.95.
pub(super) fn normal_reach(confidence: f64) -> Result<f64, StatsError> {
    let quantile = normal_quantile(tail(confidence)?);
    quantile.map(f64::abs).ok_or(StatsError::OutOfRange)
}

/// The same with Student's t of `df` degrees of freedom.
pub(super) fn student_reach(confidence: f64, df: f64) -> Result<f64, StatsError> {
    let quantile = student_t_quantile(tail(confidence)?, df);
    quantile.map(f64::abs).ok_or(StatsError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::super::reference::close;
    use super::*;

    #[test]
    fn reaches_are_the_quantiles_of_the_tables() {
        // scipy 1.16.3, norm.isf(0.025), norm.isf(0.005), t.isf(0.025, 5).
        close(normal_reach(0.95).unwrap(), 1.9599639845400545, 1e-14);
        close(normal_reach(0.99).unwrap(), 2.575829303548901, 1e-14);
        close(student_reach(0.95, 5.0).unwrap(), 2.5705818356363146, 1e-11);
    }

    #[test]
    fn refuses_a_confidence_that_is_none() {
        for confidence in [0.0, 1.0, -0.5, 95.0, f64::NAN] {
            assert_eq!(
                tail(confidence),
                Err(StatsError::OutsideDomain {
                    parameter: "confidence"
                })
            );
        }
        assert!(normal_reach(1.0 - f64::EPSILON).unwrap() > 8.0);
        assert_eq!(
            Interval::around(1e308, 1.7e308),
            Err(StatsError::OutOfRange)
        );
    }
}
