//! Kendall's tau-b with its exact or approximate two-sided test.

use super::error::{StatsError, require_pairs};
use super::normal::normal_two_sided;
use super::permutation::{inversions_at_most, share_as_extreme};
use super::ranks::{ENUMERATED, Method, NEVER_SIGNIFICANT, RankCorrelation, ascending, tie_sizes};

/// Largest n without ties whose p comes from the exact distribution of inversions.
const COUNTED: usize = 60;

/// Kendall's tau-b: S/√((n₀−n₁)(n₀−n₂)), where S counts concordant less discordant pairs,
/// n₀ all pairs, n₁ and n₂ the pairs tied in x and in y.
///
/// The p value is exact to n = 60 without ties and to n = 9 with ties; otherwise S is referred
/// to the normal distribution with the variance corrected for ties (Kendall and Gibbons,
/// "Rank Correlation Methods", 5th edition (1990)). O(n log n) by Knight,
/// "A computer method for calculating Kendall's tau with ungrouped data", JASA 61 (1966)
/// 436–439.
///
/// # Errors
/// Fewer than 2 rows, unequal lengths, values that are not finite, or a constant column.
pub fn kendall(x: &[f64], y: &[f64]) -> Result<RankCorrelation, StatsError> {
    require_pairs(x, y, 2)?;
    let n = x.len();
    let (x_ties, y_ties) = (tie_sizes(x), tie_sizes(y));
    for (variable, ties) in [("x", &x_ties), ("y", &y_ties)] {
        if ties.len() == 1 {
            return Err(StatsError::Constant { variable });
        }
    }
    let tied = tied_pairs(&x_ties) + tied_pairs(&y_ties);
    let s = concordance(x, y, tied);
    let free = |ties: &[usize]| (pairs(n) - tied_pairs(ties)) as f64;
    let coefficient = s as f64 / (free(&x_ties).sqrt() * free(&y_ties).sqrt());
    let (p, method) = if tied == 0 && n <= COUNTED {
        (exact_p_without_ties(n, s), Method::Exact)
    } else if n <= ENUMERATED {
        (exact_p_with_ties(&x_ties, y_ties, s), Method::Exact)
    } else {
        let z = s as f64 / variance_of_s(&x_ties, &y_ties).sqrt();
        let p = normal_two_sided(z).ok_or(StatsError::OutOfRange)?;
        (p, Method::Normal)
    };
    Ok(RankCorrelation {
        n,
        coefficient: coefficient.clamp(-1.0, 1.0),
        p,
        method,
        cannot_be_significant: n <= NEVER_SIGNIFICANT,
    })
}

fn pairs(n: usize) -> i64 {
    let n = n as i64;
    n * (n - 1) / 2
}

/// Number of pairs within groups of the given sizes.
pub(super) fn tied_pairs(ties: &[usize]) -> i64 {
    ties.iter().map(|size| pairs(*size)).sum()
}

/// S by sorting: after ordering the rows by x, then y, every exchange that sorts y is a
/// discordant pair. `tied` is the number of pairs tied in x plus those tied in y.
pub(super) fn concordance(x: &[f64], y: &[f64], tied: i64) -> i64 {
    let mut rows: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
    rows.sort_by(|a, b| ascending(&a.0, &b.0).then(ascending(&a.1, &b.1)));
    let tied_in_both: i64 = rows
        .chunk_by(|a, b| a == b)
        .map(|group| pairs(group.len()))
        .sum();
    let mut sequence: Vec<f64> = rows.into_iter().map(|(_, y)| y).collect();
    let discordant = sort_counting_inversions(&mut sequence);
    pairs(x.len()) - tied + tied_in_both - 2 * discordant
}

/// Merge sort that returns the number of pairs out of order.
fn sort_counting_inversions(values: &mut [f64]) -> i64 {
    let mut merged = values.to_vec();
    let mut inversions = 0;
    let mut width = 1;
    while width < values.len() {
        for (from, into) in values.chunks(2 * width).zip(merged.chunks_mut(2 * width)) {
            let (left, right) = from.split_at(width.min(from.len()));
            inversions += merge(left, right, into);
        }
        values.copy_from_slice(&merged);
        width *= 2;
    }
    inversions
}

fn merge(left: &[f64], right: &[f64], into: &mut [f64]) -> i64 {
    let (mut i, mut j, mut inversions) = (0, 0, 0);
    for slot in into {
        *slot = match (left.get(i), right.get(j)) {
            (Some(a), Some(b)) if b < a => {
                inversions += (left.len() - i) as i64;
                j += 1;
                *b
            }
            (Some(a), _) => {
                i += 1;
                *a
            }
            (None, Some(b)) => {
                j += 1;
                *b
            }
            (None, None) => break,
        };
    }
    inversions
}

/// Variance of S when one column is permuted at random, given the tie sizes: Kendall and
/// Gibbons (1990), chapter 4.
pub(super) fn variance_of_s(x_ties: &[usize], y_ties: &[usize]) -> f64 {
    let n = x_ties.iter().sum::<usize>() as f64;
    let total = |ties: &[usize], term: fn(f64) -> f64| -> f64 {
        ties.iter().map(|size| term(*size as f64)).sum()
    };
    let full = |t: f64| t * (t - 1.0) * (2.0 * t + 5.0);
    let two = |t: f64| t * (t - 1.0);
    let three = |t: f64| t * (t - 1.0) * (t - 2.0);
    let base = (full(n) - total(x_ties, full) - total(y_ties, full)) / 18.0;
    let pair_term = total(x_ties, two) * total(y_ties, two) / (2.0 * two(n));
    let triple = total(x_ties, three) * total(y_ties, three);
    let triple_term = if n > 2.0 {
        triple / (9.0 * three(n))
    } else {
        0.0
    };
    base + pair_term + triple_term
}

/// The null distribution is symmetric, so the nearer tail counts twice.
fn exact_p_without_ties(n: usize, s: i64) -> f64 {
    let discordant = (pairs(n) - s.abs()) / 2;
    let tail = inversions_at_most(n).get(discordant as usize).copied();
    (2.0 * tail.unwrap_or(1.0)).min(1.0)
}

fn exact_p_with_ties(x_ties: &[usize], y_ties: Vec<usize>, s: i64) -> f64 {
    let x_groups: Vec<usize> = x_ties
        .iter()
        .enumerate()
        .flat_map(|(group, size)| std::iter::repeat_n(group, *size))
        .collect();
    share_as_extreme(y_ties, s, |placed, y_group| {
        let x_group = x_groups[placed.len()];
        placed
            .iter()
            .zip(&x_groups)
            .filter(|(_, earlier)| **earlier < x_group)
            .map(|(other, _)| y_group.cmp(other) as i64)
            .sum()
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
        let tau = kendall(&SEVEN_SPEEDS, &SEVEN_SCORES).unwrap();
        close(tau.coefficient, 1.0 / 7.0, 1e-12);
        close(tau.p, 0.7726190476, 1e-9);
        assert_eq!((tau.n, tau.method), (7, Method::Exact));
        assert!(!tau.cannot_be_significant);
    }

    #[test]
    fn ties_keep_the_exact_test() {
        // scipy 1.17.1, kendalltau and permutation_test.
        let cases = [
            (WITH_TIES, 0.71818484646, 0.0373015873016),
            (DUPLICATE_X, 0.848668424792, 0.0031746031746),
            (
                (&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 4.0]),
                2.0 / 3.0,
                1.0 / 3.0,
            ),
        ];
        for ((x, y), tau, p) in cases {
            let found = kendall(x, y).unwrap();
            close(found.coefficient, tau, 1e-11);
            close(found.p, p, 1e-12);
            assert_eq!(found.method, Method::Exact);
            assert_eq!(found.cannot_be_significant, x.len() == 4);
        }
    }

    #[test]
    fn the_normal_approximation_corrects_for_ties() {
        // scipy 1.17.1, kendalltau(method="asymptotic").
        for ((x, y), p) in [(WITH_TIES, 0.029623063117), (DUPLICATE_X, 0.00496730290796)] {
            let (x_ties, y_ties) = (tie_sizes(x), tie_sizes(y));
            let s = concordance(x, y, tied_pairs(&x_ties) + tied_pairs(&y_ties));
            let z = s as f64 / variance_of_s(&x_ties, &y_ties).sqrt();
            close(normal_two_sided(z), p, 1e-12);
        }
    }

    #[test]
    fn the_four_sets_of_anscombe_differ_in_their_ranks() {
        // scipy 1.17.1, kendalltau; only the fourth set has ties.
        let expected = [
            (0.636363636364, 0.005707170915504249, Method::Exact),
            (0.563636363636, 0.016540504248837583, Method::Exact),
            (0.963636363636, 5.511463844797178e-7, Method::Exact),
            (0.426401432711, 0.11384629800665805, Method::Normal),
        ];
        for ((x, y), (tau, p, method)) in anscombe().into_iter().zip(expected) {
            let found = kendall(&x, &y).unwrap();
            close(found.coefficient, tau, 1e-11);
            close(found.p, p, 1e-12 * p);
            assert_eq!(found.method, method);
        }
    }

    #[test]
    fn exact_and_normal_meet_at_sixty_points() {
        let x: Vec<f64> = (0..60).map(f64::from).collect();
        let y: Vec<f64> = (0..60).map(|i| f64::from((i * 37) % 61)).collect();
        let exact = kendall(&x, &y).unwrap();
        assert_eq!(exact.method, Method::Exact);
        let s = concordance(&x, &y, 0);
        let normal = normal_two_sided(s as f64 / variance_of_s(&[1; 60], &[1; 60]).sqrt());
        close(normal, exact.p, 0.01);
    }

    #[test]
    fn two_points_say_nothing_and_a_constant_less() {
        let two = kendall(&[1.0, 2.0], &[2.0, 1.0]).unwrap();
        assert_eq!((two.coefficient, two.p), (-1.0, 1.0));
        assert!(two.cannot_be_significant);
        assert_eq!(
            kendall(&[1.0, 2.0], &[0.0, -0.0]),
            Err(StatsError::Constant { variable: "y" })
        );
        assert_eq!(
            kendall(&[], &[]),
            Err(StatsError::TooFew { n: 0, needed: 2 })
        );
    }

    fn concordance_pair_by_pair(x: &[f64], y: &[f64]) -> i64 {
        let sign = |a: f64, b: f64| ascending(&a, &b) as i64;
        (0..x.len())
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| sign(x[i], x[j]) * sign(y[i], y[j]))
            .sum()
    }

    proptest! {
        #[test]
        fn sorting_counts_the_same_pairs_as_comparing_all(
            points in prop::collection::vec((-9..9i32, -9..9i32), 0..60),
        ) {
            let (x, y): (Vec<f64>, Vec<f64>) =
                points.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).unzip();
            let tied = tied_pairs(&tie_sizes(&x)) + tied_pairs(&tie_sizes(&y));
            prop_assert_eq!(concordance(&x, &y, tied), concordance_pair_by_pair(&x, &y));
        }

        #[test]
        fn neither_row_order_nor_monotone_transforms_matter(
            points in prop::collection::vec((-9..9i32, -9..9i32), 2..20),
        ) {
            prop_assume!(points.len() != 8 && points.len() != 9);
            let (x, y): (Vec<f64>, Vec<f64>) =
                points.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).unzip();
            let (u, v): (Vec<f64>, Vec<f64>) =
                x.iter().zip(&y).rev().map(|(x, y)| (x.exp(), -y.powi(3))).unzip();
            match (kendall(&x, &y), kendall(&u, &v)) {
                (Ok(here), Ok(there)) => {
                    prop_assert!((here.coefficient + there.coefficient).abs() <= 1e-12);
                    prop_assert!((here.p - there.p).abs() <= 1e-12);
                }
                (here, there) => prop_assert_eq!(here, there),
            }
        }
    }
}
