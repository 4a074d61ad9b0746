//! The Theil–Sen line: median of all pairwise slopes, which up to 29 % of wild points cannot
//! move far, with an interval that rests on Kendall's distribution.

use super::error::{StatsError, require_pairs};
use super::kendall::variance_of_s;
use super::moments::varies;
use super::normal::normal_quantile;
use super::permutation::inversions_at_most;
use super::random::{SEED, SplitMix64};
use super::ranks::{Method, ascending, tie_sizes};
use super::summary::{median, median_in_place};

/// Largest n without ties whose interval comes from the exact distribution.
const COUNTED: usize = 40;

/// Most rows of which all pairs are formed: 4.5 million slopes.
const PAIRED: usize = 3000;

/// The Theil–Sen line y = intercept + slope·x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TheilSen {
    /// Number of points, at least 2.
    pub n: usize,
    /// Points whose pairs were formed: `n` to 3000, above that a random sample of 3000 drawn
    /// with the fixed seed [`SEED`], the same whatever the order of the rows.
    pub rows_used: usize,
    /// Median of (y_j − y_i)/(x_j − x_i) over the pairs with different x.
    pub slope: f64,
    /// Median of y less slope times median of x, over all n points.
    pub intercept: f64,
    /// Interval of the slope; `None` where no interval of order statistics reaches 95 %, as
    /// for n ≤ 4, and when all y are equal.
    pub interval: Option<SlopeInterval>,
}

/// Two order statistics of the pairwise slopes that enclose the slope with at least 95 %
/// confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlopeInterval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The confidence attained: exact above 0.95 by [`Method::Exact`], the nominal 0.95 by
    /// [`Method::Normal`].
    pub coverage: f64,
    /// From the exact distribution of Kendall's S (n ≤ 40, no ties) or its normal
    /// approximation.
    pub method: Method,
}

/// Fits the line over the rows `(x[i], y[i])`. O(n²) time and memory to n = 3000.
///
/// Source: Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63
/// (1968) 1379–1389.
///
/// # Errors
/// Fewer than 2 rows, unequal lengths, values that are not finite, all x equal, or slopes
/// beyond the range of a double.
pub fn theil_sen(x: &[f64], y: &[f64]) -> Result<TheilSen, StatsError> {
    require_pairs(x, y, 2)?;
    if !varies(x) {
        return Err(StatsError::Constant { variable: "x" });
    }
    let rows = paired_rows(x, y);
    let mut slopes = pairwise_slopes(&rows);
    if slopes.iter().any(|slope| !slope.is_finite()) {
        return Err(StatsError::OutOfRange);
    }
    let slope = median_in_place(&mut slopes).ok_or(StatsError::Constant { variable: "x" })?;
    let centre = |values| median(values).ok_or(StatsError::OutOfRange);
    let intercept = centre(y)? - slope * centre(x)?;
    if !intercept.is_finite() {
        return Err(StatsError::OutOfRange);
    }
    Ok(TheilSen {
        n: x.len(),
        rows_used: rows.len(),
        slope,
        intercept,
        interval: interval(&rows, &mut slopes),
    })
}

/// The rows in ascending order, or a sample of them. Sorting first makes the sample depend on
/// the rows, not on their order.
fn paired_rows(x: &[f64], y: &[f64]) -> Vec<(f64, f64)> {
    let mut rows: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
    if rows.len() <= PAIRED {
        return rows;
    }
    rows.sort_by(|a, b| ascending(&a.0, &b.0).then(ascending(&a.1, &b.1)));
    // One row from each of 3000 equal stretches, and both ends, so that x still varies.
    let mut random = SplitMix64::new(SEED);
    let n = rows.len();
    let drawn = (0..PAIRED).filter_map(|part| {
        let (start, end) = (part * n / PAIRED, (part + 1) * n / PAIRED);
        let row = match part {
            0 => 0,
            part if part + 1 == PAIRED => n - 1,
            _ => start + random.below(end - start),
        };
        rows.get(row).copied()
    });
    drawn.collect()
}

fn pairwise_slopes(rows: &[(f64, f64)]) -> Vec<f64> {
    let n = rows.len();
    let mut slopes = Vec::with_capacity(n * n.saturating_sub(1) / 2);
    let mut later = rows;
    while let Some(((x, y), rest)) = later.split_first() {
        let others = rest.iter().filter(|(other, _)| other != x);
        slopes.extend(others.map(|(other_x, other_y)| (other_y - y) / (other_x - x)));
        later = rest;
    }
    slopes
}

/// The k-th smallest and k-th largest slope, for the largest k whose interval holds 95 %.
fn interval(rows: &[(f64, f64)], slopes: &mut [f64]) -> Option<SlopeInterval> {
    let (x, y): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
    let (x_ties, y_ties) = (tie_sizes(&x), tie_sizes(&y));
    let n = rows.len();
    let tied = x_ties.len() < n || y_ties.len() < n;
    let (skipped, coverage, method) = if n <= COUNTED && !tied {
        let (skipped, coverage) = exact_rank(n)?;
        (skipped, coverage, Method::Exact)
    } else {
        let variance = Some(variance_of_s(&x_ties, &y_ties)).filter(|variance| *variance > 0.0)?;
        let reach = normal_quantile(0.975)? * variance.sqrt();
        let rank = ((slopes.len() as f64 - reach) / 2.0).floor();
        if rank < 1.0 {
            return None;
        }
        (rank as usize - 1, 0.95, Method::Normal)
    };
    let last = slopes.len().checked_sub(skipped + 1)?;
    let (_, low, _) = slopes.select_nth_unstable_by(skipped, f64::total_cmp);
    let low = *low;
    let (_, high, _) = slopes.select_nth_unstable_by(last, f64::total_cmp);
    Some(SlopeInterval {
        low,
        high: *high,
        coverage,
        method,
    })
}

/// How many slopes to leave out at each end, and the confidence that remains: the true slope
/// lies below the k-th smallest exactly when fewer than k pairs are discordant about it.
fn exact_rank(n: usize) -> Option<(usize, f64)> {
    let tails = inversions_at_most(n);
    let skipped = tails.iter().take_while(|tail| **tail <= 0.025).count();
    let tail = tails.get(skipped.checked_sub(1)?)?;
    Some((skipped - 1, 1.0 - 2.0 * tail))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::{
        DUPLICATE_X, SEVEN_SCORES, SEVEN_SPEEDS, WITH_TIES, anscombe, close, seven_log_speeds,
    };
    use super::*;

    #[test]
    fn seven_models_have_an_exact_interval() {
        // scipy 1.17.1, theilslopes, whose interval takes the same order statistics here.
        let line = theil_sen(&seven_log_speeds(), &SEVEN_SCORES).unwrap();
        close(line.slope, 11.089347607343955, 1e-9);
        close(line.intercept, 14.692115078718526, 1e-9);
        let interval = line.interval.unwrap();
        close(interval.low, -77.39138368887141, 1e-9);
        close(interval.high, 104.05099613546389, 1e-9);
        close(interval.coverage, 1.0 - 2.0 * 76.0 / 5040.0, 1e-12);
        assert_eq!((line.rows_used, interval.method), (7, Method::Exact));
        let linear = theil_sen(&SEVEN_SPEEDS, &SEVEN_SCORES).unwrap();
        close(linear.slope, 1.0 / 150.0, 1e-12);
        close(linear.intercept, 41.5, 1e-12);
    }

    #[test]
    fn one_outlier_does_not_move_the_line_of_anscombe() {
        // scipy 1.17.1, theilslopes.
        let expected = [0.501666666667, 0.5, 0.345555555556, 0.503181818182];
        for ((x, y), slope) in anscombe().into_iter().zip(expected) {
            close(theil_sen(&x, &y).unwrap().slope, slope, 1e-11);
        }
    }

    #[test]
    fn ties_widen_the_interval_by_their_variance() {
        // scipy 1.17.1, theilslopes.
        let cases = [
            (WITH_TIES, 1.0, 0.0, (0.0, 2.0)),
            (DUPLICATE_X, 1.25, 4.125, (0.75, 2.0)),
        ];
        for ((x, y), slope, intercept, (low, high)) in cases {
            let line = theil_sen(x, y).unwrap();
            assert_eq!((line.slope, line.intercept), (slope, intercept));
            assert_eq!(
                line.interval,
                Some(SlopeInterval {
                    low,
                    high,
                    coverage: 0.95,
                    method: Method::Normal
                })
            );
        }
    }

    #[test]
    fn four_points_cannot_reach_ninety_five_percent() {
        let line = theil_sen(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 4.0]).unwrap();
        assert_eq!(
            (line.slope, line.intercept, line.interval),
            (0.75, 0.625, None)
        );
        let five = theil_sen(&[1.0, 2.0, 3.0, 4.0, 5.0], &[1.0, 3.0, 2.0, 4.0, 7.0]).unwrap();
        let interval = five.interval.unwrap();
        close(interval.coverage, 1.0 - 2.0 / 120.0, 1e-12);
        assert_eq!((interval.low, interval.high), (-1.0, 3.0));
    }

    #[test]
    fn above_three_thousand_rows_a_sample_is_used_and_said() {
        let x: Vec<f64> = (0..3100).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|x| 5.0 + 0.25 * x).collect();
        let line = theil_sen(&x, &y).unwrap();
        assert_eq!((line.n, line.rows_used), (3100, 3000));
        assert_eq!((line.slope, line.intercept), (0.25, 5.0));
    }

    #[test]
    fn the_sample_does_not_depend_on_the_order_of_the_rows() {
        let x: Vec<f64> = (0..3100).map(|i| f64::from(i * 7 % 3100)).collect();
        let y: Vec<f64> = (0..3100).map(|i| f64::from(i * 31 % 997)).collect();
        let (mut u, mut v) = (x.clone(), y.clone());
        u.rotate_left(1234);
        v.rotate_left(1234);
        assert_eq!(paired_rows(&x, &y), paired_rows(&u, &v));
    }

    #[test]
    fn the_sample_keeps_the_only_row_that_differs() {
        let mut x = vec![1.0; 4000];
        x[17] = 3.0;
        let rows = paired_rows(&x, &x);
        assert_eq!((rows.len(), rows.last()), (3000, Some(&(3.0, 3.0))));
    }

    #[test]
    fn equal_y_have_slope_zero_and_no_interval() {
        let line = theil_sen(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[7.0; 6]).unwrap();
        assert_eq!(
            (line.slope, line.intercept, line.interval),
            (0.0, 7.0, None)
        );
    }

    #[test]
    fn refuses_what_has_no_slope() {
        assert_eq!(
            theil_sen(&[1.0, 1.0], &[1.0, 2.0]),
            Err(StatsError::Constant { variable: "x" })
        );
        assert_eq!(
            theil_sen(&[1.0], &[1.0]),
            Err(StatsError::TooFew { n: 1, needed: 2 })
        );
        assert_eq!(
            theil_sen(&[0.0, 1e-300], &[0.0, 1e300]),
            Err(StatsError::OutOfRange)
        );
    }

    proptest! {
        #[test]
        fn neither_row_order_nor_the_unit_of_x_matters(
            points in prop::collection::vec((-50..50i32, -50..50i32), 2..60),
        ) {
            let (x, y): (Vec<f64>, Vec<f64>) =
                points.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).unzip();
            let (u, v): (Vec<f64>, Vec<f64>) =
                points.iter().rev().map(|(x, y)| (f64::from(4 * x), f64::from(*y))).unzip();
            match (theil_sen(&x, &y), theil_sen(&u, &v)) {
                (Ok(here), Ok(there)) => {
                    prop_assert_eq!(here.slope, 4.0 * there.slope);
                    prop_assert_eq!(
                        here.interval.map(|i| (i.low, i.high)),
                        there.interval.map(|i| (4.0 * i.low, 4.0 * i.high))
                    );
                }
                (here, there) => prop_assert_eq!(here, there),
            }
        }
    }
}
