//! How much to measure: runs for a change of a given size, the change a number of runs can
//! show, and questions for a difference of two scores.

use super::error::StatsError;
use super::normal::normal_quantile;

/// Fewest runs a side for which an exact rank test can reach 0.05: 4 + 4 have 2/70.
const FEWEST: f64 = 4.0;

/// What Mann and Whitney's test needs in runs over a t test with normal errors, π/3.
const RANKS_OVER_T: f64 = 1.05;

/// Above this many a number of runs or questions counts as none at all.
const MOST: f64 = 1e9;

/// The noise between runs and the change that matters, from which follow the runs needed.
///
/// A change is shown when a rank test on logarithms is significant at 0.05 and the estimated
/// change is at least the minimum effect. The formulas ask each of the two for a probability
/// of 0.8, by normal quantiles, which is too few runs where they come out small: simulated at
/// s = m = 2 %, both hold with probability 0.79 at the 24 runs for +2.5 %, 0.72 at the 8 for
/// +3 %, and 0.65 at the 4 for +5 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunPlan {
    /// s: standard deviation between runs of the natural logarithm of the metric, about the
    /// coefficient of variation.
    pub sd: f64,
    /// m: relative change below which nothing is reported, 0.02 for 2 %.
    pub minimum_effect: f64,
}

impl RunPlan {
    /// Runs needed on each side for a true relative change δ, `change`, of 0.05 for +5 %:
    /// max(4, 2(z₀.₉₇₅ + z₀.₈)²s²·1.05/ln²(1 + δ), 2·z₀.₈²·s²/(ln(1 + δ) − ln(1 + m))²),
    /// rounded up. For a fall give the rise that undoes it, 1/0.95 − 1 for −5 %.
    ///
    /// `None` for δ ≤ m, where no number of runs makes the estimate exceed the minimum effect
    /// reliably, and where more than 10⁹ runs were needed. O(1).
    ///
    /// Sources: normal sample size formula, Lachin, Controlled Clinical Trials 2 (1981)
    /// 93–113; the factor 1.05 ≈ π/3 for ranks: Lehmann, "Nonparametrics" (1975), section 2.4.
    ///
    /// # Errors
    /// A negative or not finite standard deviation, minimum effect or change.
    pub fn runs_for(&self, change: f64) -> Result<Option<usize>, StatsError> {
        self.check()?;
        let change = non_negative("change", change)?;
        if change <= self.minimum_effect {
            return Ok(None);
        }
        let (tested, exceeded) = run_factors()?;
        let variance = self.sd * self.sd;
        let size = change.ln_1p();
        let margin = size - self.minimum_effect.ln_1p();
        // A standard deviation of 0 needs no runs, even for a margin that rounds to 0.
        let needed = |factor: f64, distance: f64| match factor * variance {
            0.0 => 0.0,
            product => product / (distance * distance),
        };
        let runs = FEWEST
            .max(needed(tested, size))
            .max(needed(exceeded, margin));
        Ok(rounded_up(runs))
    }

    /// The smallest true relative change that `runs` runs on each side can show, the inverse
    /// of [`RunPlan::runs_for`]: exp of the larger of √(2(z₀.₉₇₅ + z₀.₈)²s²·1.05/n) and
    /// ln(1 + m) + √(2·z₀.₈²·s²/n), less 1. Without noise it is the minimum effect itself,
    /// which a change must exceed. `None` for fewer than 4 runs. O(1).
    ///
    /// # Errors
    /// A negative or not finite standard deviation or minimum effect, or a change beyond the
    /// range of a double.
    pub fn detectable(&self, runs: usize) -> Result<Option<f64>, StatsError> {
        self.check()?;
        let n = runs as f64;
        if n < FEWEST {
            return Ok(None);
        }
        let (tested, exceeded) = run_factors()?;
        let significant = (tested / n).sqrt() * self.sd;
        let exceeding = self.minimum_effect.ln_1p() + (exceeded / n).sqrt() * self.sd;
        let change = significant.max(exceeding).exp_m1();
        let finite = change.is_finite().then_some(Some(change));
        finite.ok_or(StatsError::OutOfRange)
    }

    fn check(&self) -> Result<(), StatsError> {
        non_negative("sd", self.sd)?;
        non_negative("minimum_effect", self.minimum_effect)?;
        Ok(())
    }
}

/// 2(z₀.₉₇₅ + z₀.₈)²·1.05 and 2·z₀.₈².
fn run_factors() -> Result<(f64, f64), StatsError> {
    let (level, power) = (quantile("level", 0.975)?, quantile("power", 0.8)?);
    let both = level + power;
    Ok((2.0 * both * both * RANKS_OVER_T, 2.0 * power * power))
}

/// What is known before two models answer the same questions, from which follows how many
/// questions are needed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuestionPlan {
    /// ω²: variance over the questions of the difference of the two expected scores; 1/9 in
    /// Miller's example.
    pub between_questions: f64,
    /// σ_A²: variance of the first model's score on one question from sample to sample.
    pub within_a: f64,
    /// K_A: samples of the first model for each question.
    pub samples_a: usize,
    /// σ_B²: as σ_A², of the second model.
    pub within_b: f64,
    /// K_B: as K_A, of the second model.
    pub samples_b: usize,
    /// δ: the difference of mean scores to find, 0.03 for three points.
    pub difference: f64,
    /// Two-sided level of the test, 0.05.
    pub level: f64,
    /// Chance of finding the difference, 0.8.
    pub power: f64,
}

impl QuestionPlan {
    /// Questions needed, n = (z_{α/2} + z_β)²(ω² + σ_A²/K_A + σ_B²/K_B)/δ², rounded up, at
    /// least 1; `None` above 10⁹. O(1).
    ///
    /// Assumes independent questions and a normal mean difference. Source: Miller, "Adding
    /// error bars to evals", arXiv 2411.00640 (2024), section 5.
    ///
    /// # Errors
    /// A negative or not finite variance, a difference that is not positive, no samples, or a
    /// level or power outside 0…1.
    pub fn questions(&self) -> Result<Option<usize>, StatsError> {
        let between = non_negative("between_questions", self.between_questions)?;
        let within_a = non_negative("within_a", self.within_a)?;
        let within_b = non_negative("within_b", self.within_b)?;
        let difference = non_negative("difference", self.difference)?;
        if difference == 0.0 {
            return Err(StatsError::OutsideDomain {
                parameter: "difference",
            });
        }
        let fewest = self.samples_a.min(self.samples_b);
        if fewest == 0 {
            return Err(StatsError::TooFew { n: 0, needed: 1 });
        }
        let reach = quantile("level", 1.0 - self.level / 2.0)? + quantile("power", self.power)?;
        let variance =
            between + within_a / self.samples_a as f64 + within_b / self.samples_b as f64;
        let distance = reach.max(0.0) * (variance.sqrt() / difference);
        Ok(rounded_up((distance * distance).max(1.0)))
    }
}

/// The next whole number, but for a rounding error above one; `None` above 10⁹.
fn rounded_up(needed: f64) -> Option<usize> {
    let whole = (needed * (1.0 - 1e-12)).ceil();
    (whole <= MOST).then_some(whole as usize)
}

fn non_negative(parameter: &'static str, value: f64) -> Result<f64, StatsError> {
    let sound = value.is_finite() && value >= 0.0;
    sound
        .then_some(value)
        .ok_or(StatsError::OutsideDomain { parameter })
}

fn quantile(parameter: &'static str, p: f64) -> Result<f64, StatsError> {
    normal_quantile(p).ok_or(StatsError::OutsideDomain { parameter })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::vectors;
    use super::*;

    const TWO_PERCENT: RunPlan = RunPlan {
        sd: 0.02,
        minimum_effect: 0.02,
    };

    const MILLER: QuestionPlan = QuestionPlan {
        between_questions: 1.0 / 9.0,
        within_a: 1.0 / 6.0,
        samples_a: 1,
        within_b: 1.0 / 6.0,
        samples_b: 1,
        difference: 0.03,
        level: 0.05,
        power: 0.8,
    };

    #[test]
    fn runs_follow_from_the_formula() {
        // python 3: the formula with statistics.NormalDist().inv_cdf.
        let cases = [
            (0.02, None),
            (0.021, Some(591)),
            (0.025, Some(24)),
            (0.03, Some(8)),
            (0.05, Some(4)),
            (0.1, Some(4)),
        ];
        for (change, runs) in cases {
            assert_eq!(TWO_PERCENT.runs_for(change), Ok(runs), "{change}");
        }
    }

    #[test]
    fn without_noise_four_runs_show_any_change_above_the_minimum() {
        let plan = RunPlan {
            sd: 0.0,
            minimum_effect: 0.02,
        };
        assert_eq!(plan.runs_for(0.020000001), Ok(Some(4)));
        assert_eq!(plan.runs_for(0.02), Ok(None));
        assert_eq!(plan.detectable(3), Ok(None));
        assert!((plan.detectable(4).unwrap().unwrap() - 0.02).abs() < 1e-15);
    }

    #[test]
    fn three_points_need_the_questions_miller_counts() {
        let noiseless = QuestionPlan {
            within_a: 0.0,
            within_b: 0.0,
            ..MILLER
        };
        assert_eq!(noiseless.questions(), Ok(Some(969)));
        assert_eq!(MILLER.questions(), Ok(Some(3876)));
        let Some(vectors) = vectors() else { return };
        let power = &vectors["power_paired_error_bars"];
        let count = |example: &str| power[example]["n"].as_u64();
        assert_eq!(
            (count("example"), count("example_no_sampling_noise")),
            (Some(3876), Some(969))
        );
    }

    #[test]
    fn more_samples_of_each_question_need_fewer_questions() {
        let sampled = QuestionPlan {
            samples_a: 10,
            samples_b: 10,
            ..MILLER
        };
        // python 3: ceil((1.959963984540054 + 0.8416212335729143)²·(1/9 + 1/30)/0.0009).
        assert_eq!(sampled.questions(), Ok(Some(1260)));
        let easy = QuestionPlan {
            difference: 100.0,
            ..MILLER
        };
        assert_eq!(easy.questions(), Ok(Some(1)));
    }

    #[test]
    fn refuses_what_is_no_plan() {
        let noise = RunPlan {
            sd: -1.0,
            minimum_effect: 0.02,
        };
        assert_eq!(
            noise.runs_for(0.1),
            Err(StatsError::OutsideDomain { parameter: "sd" })
        );
        assert_eq!(
            TWO_PERCENT.runs_for(f64::NAN),
            Err(StatsError::OutsideDomain {
                parameter: "change"
            })
        );
        for (plan, parameter) in [
            (
                QuestionPlan {
                    difference: 0.0,
                    ..MILLER
                },
                "difference",
            ),
            (
                QuestionPlan {
                    level: 2.0,
                    ..MILLER
                },
                "level",
            ),
            (
                QuestionPlan {
                    power: 1.0,
                    ..MILLER
                },
                "power",
            ),
        ] {
            assert_eq!(
                plan.questions(),
                Err(StatsError::OutsideDomain { parameter })
            );
        }
        let none = QuestionPlan {
            samples_b: 0,
            ..MILLER
        };
        assert!(none.questions().is_err());
        assert_eq!(TWO_PERCENT.runs_for(0.02 + 1e-9), Ok(None));
    }

    proptest! {
        #[test]
        fn the_detectable_change_is_the_inverse_of_the_runs(
            runs in 4..10_000usize,
            sd in 1e-4..0.3f64,
            minimum_effect in 0.0..0.2f64,
        ) {
            let plan = RunPlan { sd, minimum_effect };
            let change = plan.detectable(runs).unwrap().unwrap();
            let enough = plan.runs_for(change * (1.0 + 1e-9)).unwrap().unwrap();
            prop_assert!(enough <= runs);
            let short = plan.runs_for(change * 0.999).unwrap();
            prop_assert!(short.is_none_or(|short| short >= runs));
        }

        #[test]
        fn a_larger_change_never_needs_more_runs(
            change in 0.021..1.0f64,
            further in 0.0..1.0f64,
        ) {
            let runs = |change| TWO_PERCENT.runs_for(change).unwrap().unwrap_or(usize::MAX);
            prop_assert!(runs(change + further) <= runs(change));
        }
    }
}
