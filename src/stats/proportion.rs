//! Shares of successes in independent trials: Wilson's interval, Newcombe's interval of a
//! difference, the pooled z-test and Fisher's exact test.

use super::difference::Difference;
use super::discrete::{LIMIT, Masses};
use super::error::StatsError;
use super::interval::{Interval, normal_reach};

/// k successes in n independent trials, as the right answers to n questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proportion {
    successes: usize,
    n: usize,
}

impl Proportion {
    /// `successes` out of `n`.
    ///
    /// # Errors
    /// No trial, more than 10⁹, or more successes than trials.
    pub fn new(successes: usize, n: usize) -> Result<Self, StatsError> {
        if n == 0 {
            return Err(StatsError::TooFew { n, needed: 1 });
        }
        if n > LIMIT {
            return Err(StatsError::TooMany { n, limit: LIMIT });
        }
        if successes > n {
            return Err(StatsError::OutsideDomain {
                parameter: "successes",
            });
        }
        Ok(Self { successes, n })
    }

    /// Number of successes, at most [`Proportion::n`].
    #[must_use]
    pub fn successes(self) -> usize {
        self.successes
    }

    /// Number of trials, at least 1.
    #[must_use]
    pub fn n(self) -> usize {
        self.n
    }

    /// k/n, in 0…1.
    #[must_use]
    pub fn share(self) -> f64 {
        self.successes as f64 / self.n as f64
    }

    /// Wilson's score interval of the share,
    /// (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²))/(1 + z²/n), which stays in 0…1 and has a width
    /// at 0 and 1, where p ± z·√(p(1 − p)/n) has none. O(1).
    ///
    /// Source: Wilson, "Probable inference, the law of succession, and statistical inference",
    /// JASA 22 (1927) 209–212.
    ///
    /// # Errors
    /// A confidence outside 0…1.
    pub fn wilson(self, confidence: f64) -> Result<Interval, StatsError> {
        let z = normal_reach(confidence)?;
        let (n, p) = (self.n as f64, self.share());
        let shrink = 1.0 + z * z / n;
        let centre = (p + z * z / (2.0 * n)) / shrink;
        let reach = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt() / shrink;
        // At the ends of the range, centre and reach cancel but for their rounding.
        let none = self.successes == 0;
        let all = self.successes == self.n;
        Ok(Interval {
            low: if none { 0.0 } else { (centre - reach).max(0.0) },
            high: if all { 1.0 } else { (centre + reach).min(1.0) },
        })
    }
}

/// Newcombe's interval of the difference b − a of two independent shares, from the distances
/// of each share to the ends of its own Wilson interval:
/// d − √((p_b − l_b)² + (u_a − p_a)²) … d + √((u_b − p_b)² + (p_a − l_a)²). O(1).
///
/// Assumes different questions on the two sides; for the same questions see
/// [`super::paired_proportions`]. Source: Newcombe, "Interval estimation for the difference
/// between independent proportions", Statistics in Medicine 17 (1998) 873–890, method 10.
///
/// # Errors
/// A confidence outside 0…1.
pub fn newcombe(a: Proportion, b: Proportion, confidence: f64) -> Result<Interval, StatsError> {
    let (around_a, around_b) = (a.wilson(confidence)?, b.wilson(confidence)?);
    let (share_a, share_b) = (a.share(), b.share());
    let difference = share_b - share_a;
    Ok(Interval {
        low: difference - (share_b - around_b.low).hypot(around_a.high - share_a),
        high: difference + (around_b.high - share_b).hypot(share_a - around_a.low),
    })
}

/// The pooled z-test of two independent shares: z = (p_b − p_a)/√(p(1 − p)(1/n_a + 1/n_b))
/// with p the share in both together; its interval is [`newcombe`]'s. O(1).
///
/// Assumes independent trials and at least 5 successes and failures on each side; with fewer
/// use [`fisher`]. Without a success, or without a failure, on both sides the standard error
/// is 0 and z undefined. Source: Fleiss, Levin, Paik, "Statistical Methods for Rates and
/// Proportions", 3rd edition (2003), section 3.1, without continuity correction.
///
/// # Errors
/// A confidence outside 0…1.
pub fn pooled_z(a: Proportion, b: Proportion, confidence: f64) -> Result<Difference, StatsError> {
    let (n_a, n_b) = (a.n as f64, b.n as f64);
    let pooled = (a.successes + b.successes) as f64 / (n_a + n_b);
    let se = (pooled * (1.0 - pooled) * (1.0 / n_a + 1.0 / n_b)).sqrt();
    let test = Difference::judge(b.share() - a.share(), se, None, confidence)?;
    Ok(Difference {
        interval: Some(newcombe(a, b, confidence)?),
        ..test
    })
}

/// Two-sided p of Fisher's exact test of two independent shares: given the number of
/// successes in both together, the chance of a split no likelier than the observed one.
///
/// Chances within a relative 10⁻⁷ of the observed one count as equal to it, as in R's
/// `fisher.test`: they differ by rounding only. The hypergeometric chances come from one
/// another by exact ratios, so that no digits are lost to logarithms of factorials. 0 where it
/// is below the range of a double. O(√n) steps with large n, at most the smaller margin.
///
/// Source: Fisher, "The logic of inductive inference", Journal of the Royal Statistical
/// Society 98 (1935) 39–82.
#[must_use]
pub fn fisher(a: Proportion, b: Proportion) -> f64 {
    let successes = a.successes + b.successes;
    let (least, most) = (successes.saturating_sub(b.n), successes.min(a.n));
    let (n_a, n_b, k) = (a.n as f64, b.n as f64, successes as f64);
    let mode = ((n_a + 1.0) * ((k + 1.0) / (n_a + n_b + 2.0))) as usize;
    let masses = Masses::around(mode, least..=most, |x| {
        (n_a - x) / (x + 1.0) * ((k - x) / (n_b - k + x + 1.0))
    });
    let observed = masses.weight(a.successes) * (1.0 + 1e-7);
    masses.share(|_, weight| weight <= observed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::{agrees, close, vectors};
    use super::*;

    fn proportion(successes: usize, n: usize) -> Proportion {
        Proportion::new(successes, n).unwrap()
    }

    #[test]
    fn reproduces_the_vectors_of_one_share() {
        let Some(vectors) = vectors() else { return };
        for case in vectors["proportions"].as_array().unwrap() {
            let count = |name: &str| case[name].as_u64().unwrap() as usize;
            let interval = proportion(count("k"), count("n")).wilson(0.95).unwrap();
            agrees(interval.low, &case["wilson"][0]);
            agrees(interval.high, &case["wilson"][1]);
        }
    }

    #[test]
    fn reproduces_the_vectors_of_two_shares() {
        let Some(vectors) = vectors() else { return };
        for case in vectors["two_proportions"].as_array().unwrap() {
            let side = |name: &str| {
                let count = |i: usize| case[name][i].as_u64().unwrap() as usize;
                proportion(count(0), count(1))
            };
            let (a, b) = (side("baseline"), side("candidate"));
            let found = pooled_z(a, b, 0.95).unwrap();
            agrees(found.difference, &case["diff"]);
            agrees(found.statistic, &case["z_pooled"]);
            agrees(found.p, &case["p_pooled"]);
            let interval = found.interval.unwrap();
            agrees(interval.low, &case["newcombe_wilson_ci95"][0]);
            agrees(interval.high, &case["newcombe_wilson_ci95"][1]);
            agrees(fisher(a, b), &case["fisher_exact_p"]);
        }
    }

    #[test]
    fn wilson_and_newcombe_match_the_published_examples() {
        // Newcombe (1998), table II, method 10: 56/70 − 48/80 gives 0.0524 … 0.3339; 9/10 −
        // 3/10 gives 0.1705 … 0.8090; 10/10 − 0/10 gives 0.6075 … 1.
        let cases = [
            ((56, 70), (48, 80), (0.0524, 0.3339)),
            ((9, 10), (3, 10), (0.1705, 0.8090)),
            ((10, 10), (0, 10), (0.6075, 1.0)),
        ];
        for (b, a, (low, high)) in cases {
            let found = newcombe(proportion(a.0, a.1), proportion(b.0, b.1), 0.95).unwrap();
            close(found.low, low, 5e-5);
            close(found.high, high, 5e-5);
        }
        // statsmodels 0.15.0, proportion_confint(81, 263, method="wilson").
        let wilson = proportion(81, 263).wilson(0.95).unwrap();
        close(wilson.low, 0.2552885198782742, 1e-13);
        close(wilson.high, 0.36620957698280004, 1e-13);
    }

    #[test]
    fn fisher_agrees_with_scipy_from_four_cups_to_a_million_questions() {
        // scipy 1.16.3, fisher_exact([[k_a, n_a − k_a], [k_b, n_b − k_b]]), which keeps ten
        // digits of the last two; those are from ratios with 40 digits, as are the digits here.
        let cases = [
            ((3, 4), (1, 4), 0.48571428571428565),
            ((0, 30), (30, 30), 1.6911233892144735e-17),
            ((540, 1000), (500, 1000), 0.08086663232111988),
            ((2, 1000), (15, 1200), 0.005598336053040034),
            (
                (500_900, 1_000_000),
                (499_000, 1_000_000),
                0.007240138212840474,
            ),
            ((12, 1_000_000), (31, 900_000), 0.001199165657775064),
        ];
        for (a, b, expected) in cases {
            let p = fisher(proportion(a.0, a.1), proportion(b.0, b.1));
            close(p, expected, 1e-12 * expected);
        }
    }

    #[test]
    fn fisher_has_p_one_without_any_difference_and_zero_beyond_doubles() {
        assert_eq!(fisher(proportion(0, 9), proportion(0, 4)), 1.0);
        assert_eq!(fisher(proportion(9, 9), proportion(4, 4)), 1.0);
        assert_eq!(fisher(proportion(1, 1), proportion(0, 1)), 1.0);
        let everything = proportion(1_000_000, 1_000_000);
        assert_eq!(fisher(everything, proportion(0, 1_000_000)), 0.0);
        assert!(
            fisher(
                proportion(500_000_000, LIMIT),
                proportion(500_000_000, LIMIT)
            ) > 0.999
        );
    }

    #[test]
    fn without_a_failure_there_is_no_z() {
        let found = pooled_z(proportion(9, 9), proportion(4, 4), 0.95).unwrap();
        assert_eq!((found.difference, found.se), (0.0, 0.0));
        assert_eq!((found.statistic, found.p), (None, None));
        let interval = found.interval.unwrap();
        assert!(interval.low < 0.0 && interval.high > 0.0);
    }

    #[test]
    fn refuses_what_is_no_share() {
        assert_eq!(
            Proportion::new(0, 0),
            Err(StatsError::TooFew { n: 0, needed: 1 })
        );
        assert_eq!(
            Proportion::new(2, 1),
            Err(StatsError::OutsideDomain {
                parameter: "successes"
            })
        );
        assert!(Proportion::new(0, LIMIT + 1).is_err());
        assert!(proportion(1, 2).wilson(f64::NAN).is_err());
        let half = proportion(1, 2);
        assert_eq!((half.successes(), half.n(), half.share()), (1, 2, 0.5));
    }

    fn any_share() -> impl Strategy<Value = Proportion> {
        (1..40usize).prop_flat_map(|n| (0..=n).prop_map(move |k| proportion(k, n)))
    }

    fn failures(of: Proportion) -> Proportion {
        proportion(of.n - of.successes, of.n)
    }

    /// C(n, k), exact below 2⁵³.
    fn choose(n: usize, k: usize) -> f64 {
        (0..k).fold(1.0, |ways, i| {
            (ways * (n - i) as f64 / (i + 1) as f64).round()
        })
    }

    proptest! {
        #[test]
        fn wilson_encloses_the_share_and_mirrors_with_it(share in any_share()) {
            let (here, there) = (share.wilson(0.95).unwrap(), failures(share).wilson(0.95).unwrap());
            prop_assert!((here.low + there.high - 1.0).abs() <= 1e-14);
            prop_assert!(here.low >= 0.0 && here.high <= 1.0);
            prop_assert!(here.low <= share.share() && share.share() <= here.high);
        }

        #[test]
        fn swapping_the_sides_mirrors_everything(a in any_share(), b in any_share()) {
            let (here, there) = (newcombe(a, b, 0.9).unwrap(), newcombe(b, a, 0.9).unwrap());
            prop_assert!((here.low + there.high).abs() <= 1e-14);
            prop_assert!((fisher(a, b) - fisher(b, a)).abs() <= 1e-12);
            prop_assert!((fisher(a, b) - fisher(failures(a), failures(b))).abs() <= 1e-12);
            let (here, there) = (pooled_z(a, b, 0.9).unwrap(), pooled_z(b, a, 0.9).unwrap());
            prop_assert_eq!(here.p, there.p);
        }

        #[test]
        fn fisher_adds_up_the_unlikelier_tables(
            a in (1..15usize).prop_flat_map(|n| (0..=n).prop_map(move |k| (k, n))),
            b in (1..15usize).prop_flat_map(|n| (0..=n).prop_map(move |k| (k, n))),
        ) {
            let k = a.0 + b.0;
            let ways = |x: usize| choose(a.1, x) * choose(b.1, k - x);
            let tables = k.saturating_sub(b.1)..=k.min(a.1);
            let unlikelier: f64 = tables
                .map(ways)
                .filter(|table| *table <= ways(a.0))
                .sum();
            let expected = unlikelier / choose(a.1 + b.1, k);
            let found = fisher(proportion(a.0, a.1), proportion(b.0, b.1));
            prop_assert!((found - expected).abs() <= 1e-13, "{found} {expected}");
        }
    }
}
