//! The Hodges–Lehmann shift: median of all differences between two samples, with an interval
//! that rests on the distribution of Mann and Whitney's U.

use super::bootstrap::{Resampling, bootstrap_two};
use super::error::{StatsError, require_sample};
use super::interval::{normal_reach, tail};
use super::mann_whitney::{smallest_p, subset_sums, variance_of_u};
use super::random::SEED;
use super::ranks::{Method, tie_sizes};
use super::summary::median;

/// Most pairs without ties whose interval comes from the exact distribution.
const COUNTED: usize = 2000;

/// Most values, of both samples together, that are resampled 10 000 times.
const RESAMPLED: usize = 2000;

/// How far the values of b tend to lie above those of a.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HodgesLehmann {
    /// Values of the first sample, at least 1.
    pub n_a: usize,
    /// Values of the second sample, at least 1.
    pub n_b: usize,
    /// Median of b_j − a_i over all pairs, in the unit of the values; on logarithms its exp is
    /// a ratio.
    pub shift: f64,
    /// Interval of the shift; `None` where samples of these sizes cannot reach the confidence
    /// asked for, as 3 + 3 values cannot reach 95 %.
    pub interval: Option<ShiftInterval>,
}

/// An interval of a shift.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShiftInterval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The confidence attained: exact, and at least what was asked for, by
    /// [`Method::Exact`]; the confidence asked for by the other methods.
    pub coverage: f64,
    /// [`Method::Exact`] or [`Method::Normal`]: order statistics of the differences;
    /// [`Method::Bootstrap`]: quantiles of the resampled difference of medians.
    pub method: Method,
}

/// The shift from `a` to `b` and its interval at `confidence`.
///
/// Without ties and with at most 2000 pairs the interval runs from the k-th smallest to the
/// k-th largest difference, for the largest k with 2·P(U < k) ≤ 1 − confidence in the exact
/// distribution of U. Otherwise it is the percentile bootstrap interval of median(b) −
/// median(a), 10 000 draws from [`SEED`] on the sorted values; that interval belongs to the
/// medians and can, rarely, leave the shift outside. Above 2000 values, where resampling would
/// take seconds, k comes from the normal approximation of U with the variance corrected for
/// ties.
///
/// Assumes independent values and two distributions of the same shape, one moved; the values
/// are runs, not the requests inside one run. The differences are never formed: each order
/// statistic is found by bisection over the doubles, counting at every step the pairs below it
/// in the sorted samples. The result is exact for any number of pairs. O(n log n) and, where
/// resampled, 10 000·n; O(n) memory.
///
/// Sources: Hodges and Lehmann, "Estimates of location based on rank tests", Annals of
/// Mathematical Statistics 34 (1963) 598–611; intervals: Hollander, Wolfe, Chicken,
/// "Nonparametric Statistical Methods", 3rd edition (2014), sections 4.2 and 4.3.
///
/// # Errors
/// An empty sample, values that are not finite, a confidence outside 0…1, or differences
/// beyond the range of a double.
pub fn hodges_lehmann(a: &[f64], b: &[f64], confidence: f64) -> Result<HodgesLehmann, StatsError> {
    require_sample("a", a, 1)?;
    require_sample("b", b, 1)?;
    // The confidence was rounded, and 1 − 0.9 is a little less than the 2/20 of 3 + 3 values.
    let left_out = tail(confidence)? * (1.0 + 1e-12);
    let (n_a, n_b) = (a.len(), b.len());
    let differences = Differences::of(a, b)?;
    let interval = if smallest_p(n_a, n_b) > 2.0 * left_out {
        None
    } else {
        let ties = tie_sizes(&[a, b].concat());
        let tied = ties.len() < n_a + n_b;
        if !tied && differences.count <= COUNTED {
            exact_interval(&differences, left_out)
        } else if n_a + n_b <= RESAMPLED {
            Some(resampled_interval(&differences, confidence)?)
        } else {
            normal_interval(&differences, &ties, confidence)?
        }
    };
    Ok(HodgesLehmann {
        n_a,
        n_b,
        shift: differences.median(),
        interval,
    })
}

/// All n_a·n_b differences b_j − a_i, by the two samples in ascending order.
struct Differences {
    a: Vec<f64>,
    b: Vec<f64>,
    count: usize,
    smallest: f64,
    largest: f64,
}

impl Differences {
    fn of(a: &[f64], b: &[f64]) -> Result<Self, StatsError> {
        let (mut a, mut b) = (a.to_vec(), b.to_vec());
        a.sort_unstable_by(f64::total_cmp);
        b.sort_unstable_by(f64::total_cmp);
        let count = a.len().checked_mul(b.len()).ok_or(StatsError::OutOfRange)?;
        let ends = |low: Option<&f64>, high: Option<&f64>| {
            let difference = high? - low?;
            difference.is_finite().then_some(difference)
        };
        let smallest = ends(a.last(), b.first()).ok_or(StatsError::OutOfRange)?;
        let largest = ends(a.first(), b.last()).ok_or(StatsError::OutOfRange)?;
        Ok(Self {
            a,
            b,
            count,
            smallest,
            largest,
        })
    }

    fn median(&self) -> f64 {
        let upper = self.count / 2 + 1;
        if self.count % 2 == 1 {
            return self.kth(upper);
        }
        self.kth(upper - 1).midpoint(self.kth(upper))
    }

    /// The k-th smallest difference, k in 1…count: the smallest double that at least k of
    /// them do not exceed. 64 steps of O(n_a + n_b).
    fn kth(&self, k: usize) -> f64 {
        let (mut low, mut high) = (order(self.smallest), order(self.largest));
        while low < high {
            let middle = low.midpoint(high);
            if self.at_most(value(middle)) >= k {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        // −0 becomes 0.
        value(high) + 0.0
    }

    /// How many differences do not exceed `limit`. As a grows the differences fall, rounding
    /// included, so the boundary in b only moves up.
    fn at_most(&self, limit: f64) -> usize {
        let (mut total, mut within) = (0, 0);
        for a in &self.a {
            let rest = self.b.get(within..).unwrap_or_default();
            within += rest.iter().take_while(|b| **b - a <= limit).count();
            total += within;
        }
        total
    }
}

/// Whole numbers in the order of the doubles, by the layout of IEEE 754.
fn order(x: f64) -> u64 {
    let bits = x.to_bits();
    if x.is_sign_negative() {
        !bits
    } else {
        bits | SIGN
    }
}

/// The inverse of [`order`].
fn value(place: u64) -> f64 {
    f64::from_bits(if place < SIGN { !place } else { place ^ SIGN })
}

const SIGN: u64 = 1 << 63;

/// The true shift lies below the k-th smallest difference exactly when fewer than k pairs are
/// smaller than it, which has the chance P(U < k).
fn exact_interval(differences: &Differences, left_out: f64) -> Option<ShiftInterval> {
    let size = differences.a.len().min(differences.b.len());
    let ranks: Vec<usize> = (0..differences.a.len() + differences.b.len()).collect();
    let ways = subset_sums(&ranks, size);
    let all: f64 = ways.iter().sum();
    // The smallest rank sum is that of U = 0.
    let tails = ways
        .iter()
        .skip(size * (size - 1) / 2)
        .scan(0.0, |below, count| {
            *below += count;
            Some(*below / all)
        });
    let (k, tail) = (1..)
        .zip(tails)
        .take_while(|(_, tail)| *tail <= left_out)
        .last()?;
    Some(ShiftInterval {
        low: differences.kth(k),
        high: differences.kth(differences.count + 1 - k),
        coverage: 1.0 - 2.0 * tail,
        method: Method::Exact,
    })
}

/// The samples are drawn from in an order of their own, so that swapping them mirrors the
/// interval.
fn resampled_interval(
    differences: &Differences,
    confidence: f64,
) -> Result<ShiftInterval, StatsError> {
    let how = Resampling {
        draws: 10_000,
        seed: SEED,
        confidence,
    };
    let (a, b) = (&differences.a, &differences.b);
    let swapped = a.iter().map(|x| order(*x)).gt(b.iter().map(|x| order(*x)));
    let (first, second) = if swapped { (b, a) } else { (a, b) };
    let gain = |first: &[f64], second: &[f64]| Some(median(second)? - median(first)?);
    let found = bootstrap_two(first, second, 0.0, gain, how)?.interval;
    let (low, high) = if swapped {
        (-found.high, -found.low)
    } else {
        (found.low, found.high)
    };
    Ok(ShiftInterval {
        // −0 becomes 0.
        low: low + 0.0,
        high: high + 0.0,
        coverage: confidence,
        method: Method::Bootstrap,
    })
}

fn normal_interval(
    differences: &Differences,
    ties: &[usize],
    confidence: f64,
) -> Result<Option<ShiftInterval>, StatsError> {
    let variance = variance_of_u(differences.a.len(), differences.b.len(), ties);
    let reach = normal_reach(confidence)? * variance.max(0.0).sqrt();
    let k = (0.5 * differences.count as f64 - reach).floor();
    if k < 1.0 {
        return Ok(None);
    }
    let k = (k as usize).min(differences.count);
    Ok(Some(ShiftInterval {
        low: differences.kth(k),
        high: differences.kth(differences.count + 1 - k),
        coverage: confidence,
        method: Method::Normal,
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::mann_whitney;
    use super::super::reference::{agrees, close, two_samples};
    use super::*;

    fn whole(values: &[i32]) -> Vec<f64> {
        values.iter().copied().map(f64::from).collect()
    }

    fn all_differences(a: &[f64], b: &[f64]) -> Vec<f64> {
        let mut all: Vec<f64> = a
            .iter()
            .flat_map(|a| b.iter().map(move |b| b - a))
            .collect();
        all.sort_by(f64::total_cmp);
        all
    }

    #[test]
    fn reproduces_the_shifts_and_coverages_of_the_vectors() {
        for (a, b, case) in two_samples() {
            let found = hodges_lehmann(&a, &b, 0.95).unwrap();
            agrees(found.shift, &case["hodges_lehmann_shift"]);
            let Some(expected) = case.get("hodges_lehmann_ci_exact") else {
                continue;
            };
            // The ends stated in the file are one difference further in than those to which
            // the coverage stated beside them belongs, see the next test.
            match found.interval {
                Some(interval) => {
                    agrees(interval.coverage, &expected["coverage"]);
                    assert_eq!(interval.method, Method::Exact);
                    assert!(interval.low <= expected["low"].as_f64().unwrap());
                    assert!(interval.high >= expected["high"].as_f64().unwrap());
                }
                None => assert!(expected.is_null()),
            }
        }
    }

    #[test]
    fn five_against_five_keep_the_third_difference_from_each_end() {
        // As R's wilcox.test(conf.int = TRUE): qwilcox(0.025, 5, 5) = 3, achieved level
        // 2·pwilcox(2, 5, 5) = 8/252. The fourth differences, −3.8 and −1.2, would cover
        // 1 − 2·7/252 = 0.944 only: P(U ≤ 3) = 7/252, from the Gaussian binomial (10 over 5).
        let a = [100.0, 101.5, 99.2, 100.7, 98.9];
        let b = [97.1, 98.2, 96.5, 98.0, 97.7];
        let found = hodges_lehmann(&a, &b, 0.95).unwrap();
        close(found.shift, -2.5, 1e-12);
        let interval = found.interval.unwrap();
        close(interval.low, -4.2, 1e-12);
        close(interval.high, -1.0, 1e-12);
        close(interval.coverage, 1.0 - 8.0 / 252.0, 1e-15);
        let narrower = hodges_lehmann(&a, &b, 0.94).unwrap().interval.unwrap();
        close(narrower.low, -3.8, 1e-12);
        close(narrower.high, -1.2, 1e-12);
        close(narrower.coverage, 1.0 - 14.0 / 252.0, 1e-15);
    }

    #[test]
    fn four_against_four_need_all_differences() {
        let found = hodges_lehmann(&[0.0, 4.0, 6.0, 7.0], &[2.0, 1.0, 3.0, 5.0], 0.95).unwrap();
        let interval = found.interval.unwrap();
        assert_eq!(
            (found.shift, interval.low, interval.high),
            (-2.0, -6.0, 5.0)
        );
        close(interval.coverage, 1.0 - 2.0 / 70.0, 1e-15);
    }

    #[test]
    fn sizes_that_cannot_reach_the_confidence_have_no_interval() {
        let tied = hodges_lehmann(&[1.0, 1.0, 2.0], &[2.0, 3.0, 3.0], 0.95).unwrap();
        assert_eq!((tied.shift, tied.interval), (1.0, None));
        let found = hodges_lehmann(&[1.0, 2.0, 3.0], &[4.5, 5.5, 6.5], 0.9).unwrap();
        close(found.interval.unwrap().coverage, 0.9, 1e-15);
        assert_eq!(
            hodges_lehmann(&[100.0], &[101.0], 0.95).unwrap().interval,
            None
        );
    }

    #[test]
    fn ties_are_resampled() {
        let a = [10.0, 10.0, 11.0, 12.0, 12.0, 13.0];
        let b = [11.0, 12.0, 12.0, 13.0, 14.0, 14.0];
        let interval = hodges_lehmann(&a, &b, 0.95).unwrap().interval.unwrap();
        assert_eq!(
            (interval.method, interval.coverage),
            (Method::Bootstrap, 0.95)
        );
        // numpy 2.2.0: 10⁶ resampled differences of medians have these quantiles.
        assert_eq!((interval.low, interval.high), (-0.5, 3.5));
        let point = hodges_lehmann(&[5.0; 4], &[6.0; 4], 0.95).unwrap();
        let interval = point.interval.unwrap();
        assert_eq!((point.shift, interval.low, interval.high), (1.0, 1.0, 1.0));
    }

    #[test]
    fn the_distribution_is_exact_to_two_thousand_pairs_of_any_shape() {
        for (n_a, n_b) in [(44, 45), (2, 1000), (1, 2000), (1999, 1)] {
            let a: Vec<f64> = (0..n_a).map(|i| f64::from(i * 2)).collect();
            let b: Vec<f64> = (0..n_b).map(|i| f64::from(i * 2 + 1)).collect();
            let interval = hodges_lehmann(&a, &b, 0.95).unwrap().interval.unwrap();
            assert_eq!(interval.method, Method::Exact, "{n_a} {n_b}");
            assert!(interval.coverage >= 0.95 && interval.coverage < 0.955);
        }
    }

    #[test]
    fn four_hundred_million_pairs_need_no_list_of_differences() {
        let a: Vec<f64> = (0..20_000).map(|i| f64::from(i * 7919 % 20_000)).collect();
        let b: Vec<f64> = a.iter().map(|a| a + 3.0).collect();
        let found = hodges_lehmann(&a, &b, 0.95).unwrap();
        let interval = found.interval.unwrap();
        assert_eq!((found.shift, interval.method), (3.0, Method::Normal));
        // Reach of a uniform sample: 1.96·20 000·√(2/(12·20 000)) = 113.
        close(interval.low, 3.0 - 113.2, 1.0);
        close(interval.high, 3.0 + 113.2, 1.0);
    }

    #[test]
    fn refuses_what_has_no_difference() {
        assert_eq!(
            hodges_lehmann(&[], &[1.0], 0.95),
            Err(StatsError::TooFew { n: 0, needed: 1 })
        );
        assert_eq!(
            hodges_lehmann(&[-1e308], &[1e308], 0.95),
            Err(StatsError::OutOfRange)
        );
        assert_eq!(
            hodges_lehmann(&[1.0], &[1.0], 0.0),
            Err(StatsError::OutsideDomain {
                parameter: "confidence"
            })
        );
    }

    #[test]
    fn the_places_of_doubles_keep_their_order() {
        let ascending = [-f64::MAX, -1.0, -5e-324, -0.0, 0.0, 5e-324, 1.0, f64::MAX];
        assert!(ascending.map(order).is_sorted());
        for x in ascending {
            assert_eq!(value(order(x)).to_bits(), x.to_bits());
        }
    }

    proptest! {
        #[test]
        fn bisection_finds_every_order_statistic(
            a in prop::collection::vec(-1e3..1e3f64, 1..9),
            b in prop::collection::vec(-1e3..1e3f64, 1..9),
        ) {
            let differences = Differences::of(&a, &b).unwrap();
            for (place, expected) in all_differences(&a, &b).into_iter().enumerate() {
                prop_assert_eq!(differences.kth(place + 1), expected);
            }
            prop_assert_eq!(differences.median(), median(&all_differences(&a, &b)).unwrap());
        }

        #[test]
        fn swapping_the_samples_mirrors_the_shift_and_its_exact_interval(
            a in prop::collection::btree_set(-500..500i32, 4..12),
            b in prop::collection::btree_set(-500..500i32, 4..12),
        ) {
            prop_assume!(a.is_disjoint(&b));
            let a = whole(&a.into_iter().collect::<Vec<_>>());
            let b = whole(&b.into_iter().collect::<Vec<_>>());
            let (here, there) =
                (hodges_lehmann(&a, &b, 0.95).unwrap(), hodges_lehmann(&b, &a, 0.95).unwrap());
            prop_assert_eq!(here.shift, -there.shift);
            let (here, there) = (here.interval.unwrap(), there.interval.unwrap());
            prop_assert_eq!((here.low, here.high), (-there.high, -there.low));
            prop_assert_eq!(here.coverage, there.coverage);
        }

        #[test]
        fn the_exact_interval_holds_zero_exactly_when_the_test_does_not_reject(
            a in prop::collection::btree_set(-50..50i32, 4..10),
            b in prop::collection::btree_set(-50..50i32, 4..10),
        ) {
            prop_assume!(a.is_disjoint(&b));
            let a = whole(&a.into_iter().collect::<Vec<_>>());
            let b = whole(&b.into_iter().collect::<Vec<_>>());
            let interval = hodges_lehmann(&a, &b, 0.95).unwrap().interval.unwrap();
            let p = mann_whitney(&a, &b).unwrap().p;
            prop_assert_eq!(interval.low <= 0.0 && 0.0 <= interval.high, p > 0.05);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]
        #[test]
        fn swapping_the_samples_mirrors_the_resampled_interval(
            a in prop::collection::vec(-9..9i32, 4..12),
            b in prop::collection::vec(-9..9i32, 4..12),
        ) {
            let (mut a, b) = (whole(&a), whole(&b));
            a.push(b[0]);
            let (here, there) =
                (hodges_lehmann(&a, &b, 0.95).unwrap(), hodges_lehmann(&b, &a, 0.95).unwrap());
            prop_assert_eq!(here.shift, -there.shift);
            let (here, there) = (here.interval.unwrap(), there.interval.unwrap());
            prop_assert_eq!(here.method, Method::Bootstrap);
            prop_assert!((here.low + there.high).abs() <= 1e-9);
            prop_assert!((here.high + there.low).abs() <= 1e-9);
        }
    }
}
