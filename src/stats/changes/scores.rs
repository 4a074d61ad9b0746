//! Normal scores: ranks turned into the values that a normal sample would have there, so that
//! an outlier weighs no more than the largest of n well-behaved values.

use super::super::moments::varies;
use super::super::normal::normal_quantile;
use super::super::ranks::mid_ranks;

/// Scores of `values` in their order, with mean 0 and sample standard deviation 1; `None`
/// when there are no two different values.
///
/// z = Φ⁻¹((R − 0.375)/(n + 0.25)) on mid-ranks R: Blom, "Statistical Estimates and
/// Transformed Beta-Variables" (1958). Unchanged by any increasing transform of the values,
/// which must be finite. O(n log n).
pub(super) fn normal_scores(values: &[f64]) -> Option<Vec<f64>> {
    if !varies(values) {
        return None;
    }
    let n = values.len() as f64;
    let score = |rank: f64| normal_quantile((rank - 0.375) / (n + 0.25));
    let mut scores: Vec<f64> = mid_ranks(values)
        .into_iter()
        .map(score)
        .collect::<Option<_>>()?;
    let mean = scores.iter().sum::<f64>() / n;
    let squares: f64 = scores.iter().map(|z| (z - mean) * (z - mean)).sum();
    let sd = (squares / (n - 1.0)).sqrt();
    for z in &mut scores {
        *z = (*z - mean) / sd;
    }
    Some(scores)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::reference::close;
    use super::*;

    #[test]
    fn five_values_have_the_scores_of_blom() {
        // scipy 1.16.3, norm.ppf((rankdata(x) - 0.375)/5.25) less its mean, by std(ddof=1).
        let scores = normal_scores(&[30.0, 10.0, 1e9, 20.0, 40.0]).unwrap();
        let expected = [
            0.0,
            -1.3032078199429096,
            1.3032078199429096,
            -0.5492261629234797,
            0.5492261629234797,
        ];
        for (score, expected) in scores.into_iter().zip(expected) {
            close(score, expected, 1e-12);
        }
    }

    #[test]
    fn equal_values_share_a_score_and_constants_have_none() {
        let scores = normal_scores(&[1.0, 2.0, 2.0, 3.0]).unwrap();
        assert_eq!(scores[1], scores[2]);
        assert_eq!(normal_scores(&[0.0, -0.0, 0.0]), None);
        assert_eq!(normal_scores(&[1.0]), None);
        assert_eq!(normal_scores(&[]), None);
    }

    proptest! {
        #[test]
        fn scores_are_standardised_and_survive_a_monotone_transform(
            values in prop::collection::vec(-9..9i32, 3..60),
        ) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            prop_assume!(varies(&values));
            let scores = normal_scores(&values).unwrap();
            let squares: f64 = scores.iter().map(|z| z * z).sum();
            prop_assert!(scores.iter().sum::<f64>().abs() <= 1e-9);
            prop_assert!((squares - (values.len() as f64 - 1.0)).abs() <= 1e-9);
            let cubed: Vec<f64> = values.iter().map(|v| v * v * v - 7.0).collect();
            prop_assert_eq!(Some(scores), normal_scores(&cubed));
        }
    }
}
