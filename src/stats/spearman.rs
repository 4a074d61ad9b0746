//! Spearman's rank correlation with its exact or approximate two-sided test.

use super::correlation::correlation_p;
use super::error::{StatsError, require_pairs};
use super::permutation::share_as_extreme;
use super::ranks::{ENUMERATED, Method, NEVER_SIGNIFICANT, RankCorrelation, mid_ranks, tie_sizes};

/// Spearman's rho: Pearson's coefficient of the mid-ranks.
///
/// To n = 9 the p value is exact, ties or none: the share of all arrangements of one column
/// against the other whose |rho| is at least as large. Above, t = rho·√((n−2)/(1−rho²)) is
/// referred to Student's t with n − 2 degrees of freedom (Kendall and Gibbons, "Rank
/// Correlation Methods", 5th edition (1990)). O(n log n).
///
/// # Errors
/// Fewer than 2 rows, unequal lengths, values that are not finite, or a constant column.
pub fn spearman(x: &[f64], y: &[f64]) -> Result<RankCorrelation, StatsError> {
    require_pairs(x, y, 2)?;
    let n = x.len();
    let (u, v) = (centred_ranks(x), centred_ranks(y));
    let (uu, vv) = (dot(&u, &u), dot(&v, &v));
    for (variable, squares) in [("x", uu), ("y", vv)] {
        if squares == 0.0 {
            return Err(StatsError::Constant { variable });
        }
    }
    let uv = dot(&u, &v);
    let coefficient = (uv / (uu.sqrt() * vv.sqrt())).clamp(-1.0, 1.0);
    let (p, method) = if n <= ENUMERATED {
        (exact_p(&u, y, &v, uv), Method::Exact)
    } else {
        let p = correlation_p(coefficient, n).ok_or(StatsError::OutOfRange)?;
        (p, Method::StudentT)
    };
    Ok(RankCorrelation {
        n,
        coefficient,
        p,
        method,
        cannot_be_significant: n <= NEVER_SIGNIFICANT,
    })
}

/// Twice the mid-ranks less n + 1: whole numbers that add up to 0.
fn centred_ranks(values: &[f64]) -> Vec<f64> {
    let middle = values.len() as f64 + 1.0;
    mid_ranks(values)
        .into_iter()
        .map(|rank| 2.0 * rank - middle)
        .collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Over all arrangements of `y` the sum of products has mean 0, so "as extreme" is "as far
/// from 0". The ranks are small whole numbers, so the comparison is exact.
fn exact_p(u: &[f64], y: &[f64], v: &[f64], observed: f64) -> f64 {
    let u: Vec<i64> = u.iter().map(|rank| *rank as i64).collect();
    let mut groups: Vec<i64> = v.iter().map(|rank| *rank as i64).collect();
    groups.sort_unstable();
    groups.dedup();
    share_as_extreme(tie_sizes(y), observed as i64, |placed, group| {
        u[placed.len()] * groups[group]
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::{
        DUPLICATE_X, SEVEN_SCORES, SEVEN_SPEEDS, WITH_TIES, anscombe, close,
    };
    use super::*;

    #[test]
    fn seven_models_have_an_exact_p() {
        let rho = spearman(&SEVEN_SPEEDS, &SEVEN_SCORES).unwrap();
        close(rho.coefficient, 5.0 / 28.0, 1e-12);
        close(rho.p, 0.7130952381, 1e-9);
        assert_eq!((rho.n, rho.method), (7, Method::Exact));
        assert!(!rho.cannot_be_significant);
    }

    #[test]
    fn ties_keep_the_exact_test() {
        // scipy 1.17.1, spearmanr and permutation_test.
        let cases = [
            (WITH_TIES, 0.853246917973, 0.0198412698413),
            (DUPLICATE_X, 0.927105069301, 0.0031746031746),
            (
                (&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 4.0]),
                0.8,
                1.0 / 3.0,
            ),
        ];
        for ((x, y), rho, p) in cases {
            let found = spearman(x, y).unwrap();
            close(found.coefficient, rho, 1e-11);
            close(found.p, p, 1e-12);
            assert_eq!(found.method, Method::Exact);
            assert_eq!(found.cannot_be_significant, x.len() == 4);
        }
    }

    #[test]
    fn eleven_points_are_approximated_by_student_t() {
        // numpy ranks; p by scipy 1.17.1, spearmanr.
        let expected = [
            (0.818181818182, 0.0020831448404787),
            (0.690909090909, 0.018565033381595),
            (0.990909090909, 3.762571807085397e-9),
            (0.5, 0.11730680301423815),
        ];
        for ((x, y), (rho, p)) in anscombe().into_iter().zip(expected) {
            let found = spearman(&x, &y).unwrap();
            close(found.coefficient, rho, 1e-11);
            close(found.p, p, 1e-12 * p);
            assert_eq!(found.method, Method::StudentT);
        }
    }

    #[test]
    fn nine_points_in_order_have_two_chances_in_nine_factorial() {
        let x: Vec<f64> = (0..9).map(f64::from).collect();
        let found = spearman(&x, &x).unwrap();
        close(found.coefficient, 1.0, 1e-12);
        close(found.p, 2.0 / 362_880.0, 1e-18);
    }

    #[test]
    fn two_points_say_nothing_and_a_constant_less() {
        let two = spearman(&[1.0, 2.0], &[2.0, 1.0]).unwrap();
        assert_eq!((two.p, two.cannot_be_significant), (1.0, true));
        close(two.coefficient, -1.0, 1e-12);
        assert_eq!(
            spearman(&[2.0; 12], &[1.0; 12]),
            Err(StatsError::Constant { variable: "x" })
        );
        assert_eq!(
            spearman(&[1.0], &[1.0]),
            Err(StatsError::TooFew { n: 1, needed: 2 })
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn neither_row_order_nor_monotone_transforms_matter(
            points in prop::collection::vec((-9..9i32, -9..9i32), 2..20),
        ) {
            prop_assume!(points.len() != 8 && points.len() != 9);
            let (x, y): (Vec<f64>, Vec<f64>) =
                points.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).unzip();
            let (u, v): (Vec<f64>, Vec<f64>) =
                x.iter().zip(&y).rev().map(|(x, y)| (x.exp(), -y.powi(3))).unzip();
            match (spearman(&x, &y), spearman(&u, &v)) {
                (Ok(here), Ok(there)) => {
                    prop_assert!((here.coefficient + there.coefficient).abs() <= 1e-12);
                    prop_assert!((here.p - there.p).abs() <= 1e-12);
                }
                (here, there) => prop_assert_eq!(here, there),
            }
        }
    }
}
