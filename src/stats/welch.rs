//! Welch's t-test: two means whose variances need not be equal.

use super::difference::Difference;
use super::error::{StatsError, require_sample};
use super::interval::tail;
use super::summary::Summary;

/// Welch's test of the means of two independent samples: t = (b̄ − ā)/√(s_a²/n_a + s_b²/n_b),
/// referred to Student's t with the degrees of freedom of Welch and Satterthwaite,
/// (v_a + v_b)²/(v_a²/(n_a − 1) + v_b²/(n_b − 1)) where v = s²/n.
///
/// Assumes near-normal values; on logarithms, exp of the difference and of its interval are a
/// ratio of geometric means. When neither sample varies the difference stands alone: the
/// degrees of freedom, and with them test and interval, are undefined. O(n).
///
/// Source: Welch, "The generalization of Student's problem when several different population
/// variances are involved", Biometrika 34 (1947) 28–35.
///
/// # Errors
/// Fewer than 2 values in a sample, values that are not finite, a confidence outside 0…1, or
/// a result beyond the range of a double.
pub fn welch(a: &[f64], b: &[f64], confidence: f64) -> Result<Difference, StatsError> {
    require_sample("a", a, 2)?;
    require_sample("b", b, 2)?;
    tail(confidence)?;
    let (in_a, in_b) = (Summary::of(a)?, Summary::of(b)?);
    let difference = in_b.mean - in_a.mean;
    let (se_a, se_b) = (se_of_mean(&in_a), se_of_mean(&in_b));
    let se = se_a.hypot(se_b);
    if se == 0.0 {
        return difference
            .is_finite()
            .then_some(Difference {
                difference,
                se,
                df: None,
                statistic: None,
                p: None,
                interval: None,
            })
            .ok_or(StatsError::OutOfRange);
    }
    // Shares of the variance rather than variances, whose squares could leave the range.
    let square = |x: f64| x * x;
    let (share_a, share_b) = (square(se_a / se), square(se_b / se));
    let df =
        1.0 / (square(share_a) / (a.len() as f64 - 1.0) + square(share_b) / (b.len() as f64 - 1.0));
    Difference::judge(difference, se, Some(df), confidence)
}

/// s/√n; 0 for a single value, whose spread is unknown.
pub(super) fn se_of_mean(summary: &Summary) -> f64 {
    summary.sd.unwrap_or_default() / (summary.n as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::{agrees, close, two_samples};
    use super::*;

    const A: [f64; 5] = [100.0, 101.5, 99.2, 100.7, 98.9];
    const B: [f64; 5] = [97.1, 98.2, 96.5, 98.0, 97.7];

    #[test]
    fn five_runs_against_five_agree_with_scipy() {
        // scipy 1.16.3, ttest_ind(b, a, equal_var=False) and its confidence_interval(0.99).
        let found = welch(&A, &B, 0.99).unwrap();
        close(found.difference, -2.56, 1e-12);
        close(found.statistic, -4.486397678289783, 1e-12);
        close(found.df, 6.876639289499612, 1e-12);
        close(found.p, 0.0029728778702118185, 1e-13);
        let interval = found.interval.unwrap();
        close(interval.low, -4.569115708785922, 1e-11);
        close(interval.high, -0.5508842912140541, 1e-11);
    }

    #[test]
    fn reproduces_the_vectors_on_values_and_on_logs() {
        for (a, b, case) in two_samples() {
            let expected = &case["welch_candidate_minus_baseline"];
            if expected.is_object() {
                let found = welch(&a, &b, 0.95).unwrap();
                agrees(found.difference, &expected["diff"]);
                agrees(found.statistic, &expected["t"]);
                agrees(found.df, &expected["df"]);
                agrees(found.p, &expected["p"]);
                let interval = found.interval.unwrap();
                agrees(interval.low, &expected["ci95"][0]);
                agrees(interval.high, &expected["ci95"][1]);
            }
            let expected = &case["welch_on_logs"];
            if expected.is_object() {
                let log = |values: &[f64]| values.iter().map(|v| v.ln()).collect::<Vec<f64>>();
                let found = welch(&log(&a), &log(&b), 0.95).unwrap();
                agrees(found.difference.exp(), &case["geometric_mean_ratio"]);
                agrees(found.df, &expected["df"]);
                agrees(found.p, &expected["p"]);
                let interval = found.interval.unwrap();
                agrees(interval.low.exp(), &expected["ratio_ci95"][0]);
                agrees(interval.high.exp(), &expected["ratio_ci95"][1]);
            }
        }
    }

    #[test]
    fn without_variance_the_difference_stands_alone() {
        assert_eq!(
            welch(&[5.0; 4], &[6.0; 4], 0.95).unwrap(),
            Difference {
                difference: 1.0,
                se: 0.0,
                df: None,
                statistic: None,
                p: None,
                interval: None
            }
        );
    }

    #[test]
    fn one_sample_without_variance_leaves_the_other_its_degrees_of_freedom() {
        let found = welch(&[5.0; 4], &[6.0, 7.0, 8.0], 0.95).unwrap();
        assert_eq!(found.df, Some(2.0));
        assert!(found.p.is_some());
    }

    #[test]
    fn refuses_what_has_no_variance() {
        assert_eq!(
            welch(&[1.0], &[1.0, 2.0], 0.95),
            Err(StatsError::TooFew { n: 1, needed: 2 })
        );
        assert_eq!(
            welch(&[1.0, 2.0], &[1.0, f64::NAN], 0.95),
            Err(StatsError::NotFinite {
                variable: "b",
                index: 1
            })
        );
        assert_eq!(
            welch(&[1.0, 1.0], &[1.0, 1.0], 1.0),
            Err(StatsError::OutsideDomain {
                parameter: "confidence"
            })
        );
    }

    fn sample() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(-1e3..1e3f64, 2..20)
    }

    proptest! {
        #[test]
        fn swapping_the_samples_mirrors_the_result(a in sample(), b in sample()) {
            let (here, there) = (welch(&a, &b, 0.95).unwrap(), welch(&b, &a, 0.95).unwrap());
            prop_assert_eq!(here.difference, -there.difference);
            prop_assert_eq!(here.statistic, there.statistic.map(|t| -t));
            prop_assert!((here.p.unwrap() - there.p.unwrap()).abs() <= 1e-13);
            let (low, high) = (here.interval.unwrap().low, there.interval.unwrap().high);
            prop_assert!((low + high).abs() <= 1e-12 * low.abs().max(1.0));
        }

        #[test]
        fn the_unit_does_not_matter(a in sample(), b in sample()) {
            let milli = |values: &[f64]| values.iter().map(|v| v * 1024.0).collect::<Vec<f64>>();
            let (here, there) =
                (welch(&a, &b, 0.95).unwrap(), welch(&milli(&a), &milli(&b), 0.95).unwrap());
            prop_assert_eq!((here.df, here.p), (there.df, there.p));
            prop_assert_eq!(1024.0 * here.difference, there.difference);
        }

        #[test]
        fn the_degrees_of_freedom_lie_between_the_smaller_and_the_sum(
            a in sample(),
            b in sample(),
        ) {
            let df = welch(&a, &b, 0.95).unwrap().df.unwrap();
            let (least, most) = (a.len().min(b.len()) - 1, a.len() + b.len() - 2);
            prop_assert!(df >= least as f64 - 1e-9 && df <= most as f64 + 1e-9);
        }
    }
}
