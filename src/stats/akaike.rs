//! Akaike's information criterion for least squares, corrected for few observations: the one
//! copy of the formula, so that criteria of different models can be subtracted.

use std::f64::consts::PI;

/// −2ℓ + 2k + 2k(k+1)/(n−k−1) of a model with independent normal errors of equal variance,
/// where −2ℓ = n·(ln(2π·SSE/n) + 1) and `k` counts every estimated number, the error variance
/// among them: 2 for a mean, 3 for a line. Without unit; only differences between models of
/// the same y mean something. O(1).
///
/// Source: Hurvich and Tsai, "Regression and time series model selection in small samples",
/// Biometrika 76 (1989) 297–307.
///
/// `None` for n ≤ k + 1, where the correction has no positive divisor, and for SSE = 0, where
/// the likelihood has no bound.
#[must_use]
pub fn aicc(n: usize, sse: f64, k: usize) -> Option<f64> {
    let free = n.checked_sub(k.checked_add(1)?).filter(|free| *free > 0)? as f64;
    if sse.is_nan() || sse <= 0.0 {
        return None;
    }
    let (n, k) = (n as f64, k as f64);
    let minus_two_log_likelihood = n * ((2.0 * PI * sse / n).ln() + 1.0);
    let value = minus_two_log_likelihood + 2.0 * k + 2.0 * k * (k + 1.0) / free;
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::super::reference::close;
    use super::*;

    #[test]
    fn the_correction_vanishes_with_the_number_of_observations() {
        // statsmodels 0.15.0, tools.eval_measures.aicc(llf, nobs, df_modelwc) with
        // llf = -nobs/2*(log(2*pi*sse/nobs) + 1).
        close(aicc(7, 340.0, 2), 54.04638774474967, 1e-11);
        close(aicc(50, 12.5, 4), 81.46802415336163, 1e-11);
        close(aicc(1_000_000, 1e6, 3), 2837883.0664333454, 1e-6);
    }

    #[test]
    fn is_undefined_where_a_parameter_is_left_over_for_no_observation() {
        assert_eq!(aicc(4, 1.0, 3), None);
        assert!(aicc(5, 1.0, 3).is_some());
        assert_eq!((aicc(0, 1.0, 0), aicc(9, 1.0, usize::MAX)), (None, None));
        for sse in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(aicc(9, sse, 2), None);
        }
    }
}
