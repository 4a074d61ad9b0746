//! Two measurements of the same items, as two models on the same questions: McNemar's test,
//! and the mean difference with its standard error, for related items by their groups.

use std::collections::BTreeMap;

use super::difference::Difference;
use super::discrete::{LIMIT, Masses};
use super::error::{StatsError, require_pairs};
use super::moments::sum;
use super::summary::Summary;
use super::welch::se_of_mean;

/// Relative size below which what is left of cancelled deviations is rounding.
const ROUNDING: f64 = 1e-12;

/// The two-sided p values of McNemar's test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct McNemar {
    /// From the exact binomial distribution: never too small.
    pub exact_p: f64,
    /// With the observed outcome counted by half: closer to its nominal level, which it may
    /// exceed a little.
    pub mid_p: f64,
}

/// McNemar's exact test of paired yes-or-no outcomes, from the discordant pairs alone: `b`
/// items only the first got right, `c` only the second. If nothing differs, min(b, c) has the
/// tail of a binomial of b + c throws with chance ½: p = 2·P(X ≤ min), at most 1;
/// mid-p = 2·P(X ≤ min) − P(X = min). Without a discordant pair both are 1. O(√(b + c)).
///
/// Sources: McNemar, Psychometrika 12 (1947) 153–157; mid-p: Fagerland, Lydersen, Laake, "The
/// McNemar test for binary matched-pairs data", BMC Medical Research Methodology 13 (2013) 91.
///
/// # Errors
/// More than 10⁹ discordant pairs.
pub fn mcnemar(b: usize, c: usize) -> Result<McNemar, StatsError> {
    let n = discordant(b, c)?;
    let throws = n as f64;
    let masses = Masses::around(n / 2, 0..=n, |x| (throws - x) / (x + 1.0));
    let fewer = b.min(c);
    let both_tails = 2.0 * masses.share(|x, _| x <= fewer);
    // With b = c the two tails share the middle, which mid-p then takes away once.
    Ok(McNemar {
        exact_p: both_tails.min(1.0),
        mid_p: (both_tails - masses.chance(fewer)).clamp(0.0, 1.0),
    })
}

fn discordant(b: usize, c: usize) -> Result<usize, StatsError> {
    let n = b.saturating_add(c);
    if n > LIMIT {
        return Err(StatsError::TooMany { n, limit: LIMIT });
    }
    Ok(n)
}

/// Difference (c − b)/n of two shares measured on the same n items, `b` and `c` as in
/// [`mcnemar`], with SE = √((b + c) − (b − c)²/n)/n and a normal interval; z is a Wald test,
/// and [`mcnemar`] the one to judge by. O(1).
///
/// Assumes independent items and enough discordant pairs for a normal approximation: without
/// any, the standard error is 0 and the interval one point. Source: Fleiss, Levin, Paik,
/// "Statistical Methods for Rates and Proportions", 3rd edition (2003), section 13.1.
///
/// # Errors
/// No item, more than 10⁹ or more than n discordant pairs, or a confidence outside 0…1.
pub fn paired_proportions(
    b: usize,
    c: usize,
    n: usize,
    confidence: f64,
) -> Result<Difference, StatsError> {
    if n == 0 {
        return Err(StatsError::TooFew { n, needed: 1 });
    }
    let discordant = discordant(b, c)?;
    if discordant > n {
        return Err(StatsError::OutsideDomain {
            parameter: "discordant pairs",
        });
    }
    let (items, gain) = (n as f64, c as f64 - b as f64);
    let variance = (discordant as f64 - gain * (gain / items)).max(0.0);
    Difference::judge(gain / items, variance.sqrt() / items, None, confidence)
}

/// Mean of the differences y − x of the rows `(x[i], y[i])`, with SE = s/√n, Student's t test
/// and interval with n − 1 degrees of freedom. O(n).
///
/// Assumes independent rows with near-normal differences or many of them. Source: Student,
/// "The probable error of a mean", Biometrika 6 (1908) 1–25.
///
/// # Errors
/// Fewer than 2 rows, unequal lengths, values that are not finite, a confidence outside 0…1,
/// or a result beyond the range of a double.
pub fn paired_difference(x: &[f64], y: &[f64], confidence: f64) -> Result<Difference, StatsError> {
    let summary = Summary::of(&differences(x, y)?)?;
    let df = summary.n as f64 - 1.0;
    Difference::judge(summary.mean, se_of_mean(&summary), Some(df), confidence)
}

/// Mean of the differences y − x of the rows, where rows of one group, such as questions on
/// one passage, need not be independent: SE = √(Σ_g (Σ_{i∈g}(d_i − d̄))²)/n, referred to
/// Student's t with one degree of freedom less than there are groups. `groups[i]` names the
/// group of row i. O(n log n).
///
/// Assumes independent groups; with few of them the standard error is too small on average,
/// which t in place of z makes up for in part. Source: Miller, "Adding error bars to evals",
/// arXiv 2411.00640 (2024), sections 2.2 and 4.2; degrees of freedom: Cameron and Miller, "A
/// practitioner's guide to cluster-robust inference", Journal of Human Resources 50 (2015)
/// 317–372.
///
/// # Errors
/// Fewer than 2 rows or groups, unequal lengths, values that are not finite, a confidence
/// outside 0…1, or a result beyond the range of a double.
pub fn clustered_difference(
    x: &[f64],
    y: &[f64],
    groups: &[usize],
    confidence: f64,
) -> Result<Difference, StatsError> {
    let differences = differences(x, y)?;
    if groups.len() != differences.len() {
        return Err(StatsError::UnequalLengths {
            x: differences.len(),
            y: groups.len(),
        });
    }
    let summary = Summary::of(&differences)?;
    let mut deviations: BTreeMap<usize, f64> = BTreeMap::new();
    let mut size = 0.0;
    for (group, difference) in groups.iter().zip(&differences) {
        let deviation = difference - summary.mean;
        size += deviation.abs();
        *deviations.entry(*group).or_default() += deviation;
    }
    let count = deviations.len();
    if count < 2 {
        return Err(StatsError::TooFew {
            n: count,
            needed: 2,
        });
    }
    let squares = sum(deviations.values().map(|deviation| deviation * deviation));
    // Groups with equal means differ by rounding alone, of which no test can be made.
    let spread = Some(squares.sqrt()).filter(|spread| *spread > ROUNDING * size);
    let se = spread.unwrap_or_default() / summary.n as f64;
    Difference::judge(summary.mean, se, Some(count as f64 - 1.0), confidence)
}

/// y − x row by row.
pub(super) fn differences(x: &[f64], y: &[f64]) -> Result<Vec<f64>, StatsError> {
    require_pairs(x, y, 2)?;
    let differences: Vec<f64> = x.iter().zip(y).map(|(x, y)| y - x).collect();
    let sound = differences.iter().all(|difference| difference.is_finite());
    sound.then_some(differences).ok_or(StatsError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::interval::Interval;
    use super::super::reference::{agrees, close, vectors};
    use super::*;

    const X: [f64; 8] = [0.61, 0.42, 0.95, 0.13, 0.77, 0.58, 0.29, 0.84];
    const Y: [f64; 8] = [0.66, 0.47, 0.91, 0.35, 0.79, 0.71, 0.26, 0.93];
    const PASSAGES: [usize; 8] = [3, 3, 3, 8, 8, 1, 1, 1];

    #[test]
    fn reproduces_the_vectors_of_paired_answers() {
        let Some(vectors) = vectors() else { return };
        for case in vectors["mcnemar"].as_array().unwrap() {
            let count = |name: &str| case[name].as_u64().unwrap() as usize;
            let (b, c) = (
                count("only_baseline_right_b"),
                count("only_candidate_right_c"),
            );
            let test = mcnemar(b, c).unwrap();
            agrees(test.exact_p, &case["exact_p"]);
            agrees(test.mid_p, &case["mid_p"]);
            let found = paired_proportions(b, c, count("n"), 0.95).unwrap();
            agrees(found.difference, &case["diff"]);
            agrees(found.se, &case["paired_se"]);
            let interval = found.interval.unwrap();
            agrees(interval.low, &case["paired_ci95_wald"][0]);
            agrees(interval.high, &case["paired_ci95_wald"][1]);
        }
    }

    #[test]
    fn mcnemar_agrees_with_scipy_from_one_pair_to_a_million() {
        // scipy 1.16.3, binomtest(min(b, c), b + c).pvalue and less binom.pmf.
        let cases = [
            ((0, 1), 1.0, 0.5),
            ((5, 5), 1.0, 1.0),
            ((0, 6), 0.03125, 0.015625),
            ((121, 59), 4.434449263755176e-06, 3.2666467957745924e-06),
            (
                (500_000, 502_000),
                0.045824695263224316,
                0.04571638960936995,
            ),
        ];
        for ((b, c), exact_p, mid_p) in cases {
            let found = mcnemar(b, c).unwrap();
            close(found.exact_p, exact_p, 1e-9 * exact_p);
            close(found.mid_p, mid_p, 1e-9 * mid_p);
            assert_eq!(mcnemar(c, b).unwrap(), found);
        }
        assert_eq!(mcnemar(0, 1_000_000).unwrap().exact_p, 0.0);
    }

    #[test]
    fn the_paired_shares_are_the_paired_mean_of_zeros_and_ones() {
        // √(n − 1)/√n apart: the sample variance divides by n − 1.
        let (b, c, n) = (3, 9, 100_usize);
        let column = |right: std::ops::Range<usize>| -> Vec<f64> {
            (0..n)
                .map(|i| f64::from(u8::from(right.contains(&i))))
                .collect()
        };
        let mean = paired_difference(&column(0..b), &column(b..b + c), 0.95).unwrap();
        let share = paired_proportions(b, c, n, 0.95).unwrap();
        close(share.difference, mean.difference, 1e-15);
        close(share.se, mean.se * (0.99_f64).sqrt(), 1e-15);
    }

    #[test]
    fn graded_answers_agree_with_scipy() {
        // scipy 1.16.3, ttest_rel(y, x) and its confidence_interval().
        let found = paired_difference(&X, &Y, 0.95).unwrap();
        close(found.difference, 0.06125000000000003, 1e-15);
        close(found.statistic, 2.023924657986063, 1e-12);
        close(found.p, 0.08265036074534685, 1e-12);
        assert_eq!(found.df, Some(7.0));
        let interval = found.interval.unwrap();
        close(interval.low, -0.010310586427251967, 1e-13);
        close(interval.high, 0.13281058642725202, 1e-13);
    }

    #[test]
    fn questions_on_one_passage_are_clustered_as_in_statsmodels() {
        // statsmodels 0.15.0, OLS(d, 1).fit(cov_type="cluster", cov_kwds={"groups": …,
        // "use_correction": False}).
        let found = clustered_difference(&X, &Y, &PASSAGES, 0.95).unwrap();
        close(found.difference, 0.06125000000000003, 1e-15);
        close(found.se, 0.02134514545218653, 1e-14);
        assert_eq!(found.df, Some(2.0));
    }

    #[test]
    fn groups_with_equal_means_leave_nothing_to_test_with() {
        let (x, y) = ([0.0; 4], [0.1, 0.3, 0.3, 0.1]);
        let found = clustered_difference(&x, &y, &[0, 0, 1, 1], 0.95).unwrap();
        close(found.difference, 0.2, 1e-15);
        assert_eq!((found.se, found.statistic, found.p), (0.0, None, None));
    }

    #[test]
    fn equal_differences_are_one_point_without_a_test() {
        let found = paired_difference(&[1.0, 2.0], &[3.0, 4.0], 0.95).unwrap();
        assert_eq!((found.difference, found.p), (2.0, None));
        let point = Interval {
            low: 2.0,
            high: 2.0,
        };
        assert_eq!(found.interval, Some(point));
    }

    #[test]
    fn refuses_what_is_not_paired() {
        assert_eq!(
            paired_proportions(3, 3, 5, 0.95),
            Err(StatsError::OutsideDomain {
                parameter: "discordant pairs"
            })
        );
        assert_eq!(
            paired_proportions(0, 0, 0, 0.95),
            Err(StatsError::TooFew { n: 0, needed: 1 })
        );
        assert_eq!(
            mcnemar(usize::MAX, 1),
            Err(StatsError::TooMany {
                n: usize::MAX,
                limit: LIMIT
            })
        );
        assert_eq!(
            paired_difference(&[1.0], &[1.0, 2.0], 0.95),
            Err(StatsError::UnequalLengths { x: 1, y: 2 })
        );
        assert_eq!(
            clustered_difference(&X, &Y, &[1; 8], 0.95),
            Err(StatsError::TooFew { n: 1, needed: 2 })
        );
        assert_eq!(
            clustered_difference(&X, &Y, &[1, 2], 0.95),
            Err(StatsError::UnequalLengths { x: 8, y: 2 })
        );
        assert_eq!(
            paired_difference(&[-1e308, 0.0], &[1e308, 0.0], 0.95),
            Err(StatsError::OutOfRange)
        );
    }

    proptest! {
        #[test]
        fn exact_p_is_the_larger_and_both_are_probabilities(b in 0..200usize, c in 0..200usize) {
            let found = mcnemar(b, c).unwrap();
            prop_assert!(0.0 < found.mid_p && found.mid_p <= found.exact_p);
            prop_assert!(found.exact_p <= 1.0);
        }

        #[test]
        fn groups_of_one_row_are_the_plain_standard_error(
            rows in prop::collection::vec((-1e3..1e3f64, -1e3..1e3f64), 2..30),
        ) {
            let (x, y): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
            let alone: Vec<usize> = (0..x.len()).collect();
            let plain = paired_difference(&x, &y, 0.95).unwrap();
            let grouped = clustered_difference(&x, &y, &alone, 0.95).unwrap();
            let n = x.len() as f64;
            let scaled = plain.se * ((n - 1.0) / n).sqrt();
            prop_assert!((grouped.se - scaled).abs() <= 1e-12 * scaled);
        }

        #[test]
        fn swapping_the_columns_mirrors_the_difference(
            rows in prop::collection::vec((-1e3..1e3f64, -1e3..1e3f64), 2..30),
        ) {
            let (x, y): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
            let here = paired_difference(&x, &y, 0.95).unwrap();
            let there = paired_difference(&y, &x, 0.95).unwrap();
            prop_assert_eq!(here.difference, -there.difference);
            prop_assert_eq!((here.se, here.p), (there.se, there.p));
        }
    }
}
