//! The standard normal distribution: cumulative probability and quantile. The only file that
//! touches statrs.

use std::f64::consts::PI;

use statrs::distribution::{ContinuousCDF, Normal};

/// Φ(z), the probability of a standard normal value at or below `z`; `None` for NaN.
///
/// statrs 0.19 is right to 10 digits here and to 15 in the quantile, so one Newton step
/// through the quantile brings the tail below 10⁻¹² relative error.
#[must_use]
pub fn normal_cdf(z: f64) -> Option<f64> {
    if z.is_nan() {
        return None;
    }
    let tail = lower_tail(-z.abs());
    Some(if z > 0.0 { 1.0 - tail } else { tail })
}

/// Φ⁻¹(p), the value below which a share `p` of a standard normal population lies; `None`
/// unless 0 < p < 1.
#[must_use]
pub fn normal_quantile(p: f64) -> Option<f64> {
    (p > 0.0 && p < 1.0).then(|| Normal::standard().inverse_cdf(p))
}

/// P(|Z| ≥ |z|), the two-sided p value of a standard normal statistic; `None` for NaN.
#[must_use]
pub fn normal_two_sided(z: f64) -> Option<f64> {
    normal_cdf(-z.abs()).map(|tail| 2.0 * tail)
}

/// Φ(z) for z ≤ 0.
fn lower_tail(z: f64) -> f64 {
    let start = Normal::standard().cdf(z);
    let Some(quantile) = normal_quantile(start) else {
        return start;
    };
    let density = (-0.5 * z * z).exp() / (2.0 * PI).sqrt();
    (start + density * (z - quantile)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::super::reference::close;
    use super::*;

    #[test]
    fn tails_are_right_to_twelve_digits() {
        // erfc(−z/√2)/2 with 40 digits.
        let cases = [
            (-37.0, 5.725571222524623e-300),
            (-20.0, 2.7536241186062337e-89),
            (-10.0, 7.619853024160525e-24),
            (-5.0, 2.866515718791939e-7),
            (-1.0, 0.15865525393145705),
            (-0.1, 0.460172162722971),
            (0.0, 0.5),
            (1.0, 0.8413447460685429),
            (8.0, 0.9999999999999993),
        ];
        for (z, expected) in cases {
            close(normal_cdf(z), expected, 1e-12 * expected);
        }
        assert_eq!(normal_cdf(f64::NEG_INFINITY), Some(0.0));
        assert_eq!(normal_cdf(f64::INFINITY), Some(1.0));
        assert_eq!(normal_cdf(f64::NAN), None);
    }

    #[test]
    fn quantiles_are_right_to_fourteen_digits() {
        let cases = [
            (1e-300, -37.0470962993612),
            (1e-10, -6.361340902404057),
            (0.025, -1.9599639845400543),
            (0.5, 0.0),
            (0.975, 1.9599639845400543),
        ];
        for (p, expected) in cases {
            close(normal_quantile(p), expected, 1e-14 * f64::abs(expected));
        }
        for p in [0.0, 1.0, -0.5, f64::NAN] {
            assert_eq!(normal_quantile(p), None);
        }
    }

    #[test]
    fn two_sided_counts_both_tails() {
        close(normal_two_sided(1.9599639845400543), 0.05, 1e-15);
        close(normal_two_sided(-1.9599639845400543), 0.05, 1e-15);
        assert_eq!(normal_two_sided(0.0), Some(1.0));
    }
}
