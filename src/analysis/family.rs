//! Many comparisons at once: which series of two sides belong together, the verdict of each, and the
//! correction for their number.

use std::collections::BTreeMap;

use crate::catalog::Direction;
use crate::stats::{self, Adjustment, MinimumEffect};

use super::AnalysisError;
use super::evidence::{FEWEST_RUNS, Scale, Side, Tested, test};
use super::verdict::{Evidence, Verdict, runs_needed, verdict};

/// The chance with which a detectable change is found.
const POWER: f64 = 0.8;

/// Two sides of one series, and how to judge them.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The runs it is compared with.
    pub baseline: Side,
    /// The runs in question.
    pub candidate: Side,
    /// Which way is better.
    pub direction: Direction,
    /// Whether a change is a ratio (speeds, times) and not a difference (scores).
    pub ratio: bool,
    /// The smallest change that matters.
    pub minimum: MinimumEffect,
    /// Other runs of the same series, one vector a level: what runs differ by when nothing changed.
    pub history: Vec<Vec<f64>>,
}

/// A pair that was judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The middle of the baseline's runs.
    pub baseline: f64,
    /// The middle of the candidate's runs.
    pub candidate: f64,
    /// The change with its interval and its corrected p.
    pub evidence: Evidence,
    /// p before the correction.
    pub p: Option<f64>,
    /// The test, with what it assumes.
    pub test: &'static str,
    /// Whether the test could decide.
    pub decides: bool,
    /// What it comes to.
    pub verdict: Verdict,
    /// The smallest change that matters, in the metric's unit.
    pub minimum: f64,
    /// Runs a side that would decide, where it is undecided and the noise is known.
    pub runs_needed: Option<usize>,
    /// The smallest change for the worse, in the metric's unit, that the test would have called
    /// significant with chance 0.8, alone among all tests of the family; where it is known.
    pub detectable: Option<f64>,
}

/// How a family of comparisons is judged.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The level of significance.
    pub alpha: f64,
    /// The correction for the number of tests; `None` corrects nothing.
    pub correction: Option<Adjustment>,
}

/// A judged family.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// The pairs, in the order given.
    pub judged: Vec<Judged>,
    /// How many tests were made.
    pub tests: usize,
    /// Whether so many tests with so few runs cannot be significant, whatever the values.
    pub unreachable: bool,
}

/// Judges all pairs together.
///
/// # Errors
/// [`AnalysisError::Undefined`] for values that no test takes, with the place of the pair.
pub fn judge(pairs: &[Pair], rule: Rule) -> Result<Family, AnalysisError> {
    let undefined = |reason: String| AnalysisError::Undefined {
        what: "the comparison",
        reason,
    };
    let mut tested = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let (Some(from), Some(_)) = (pair.baseline.centre(), pair.candidate.centre()) else {
            return Err(undefined("a side without a value".to_owned()));
        };
        let minimum = pair.minimum.of(from);
        let found = test(
            &pair.baseline,
            &pair.candidate,
            pair.ratio,
            &pair.history,
            minimum,
        );
        tested.push((
            found.map_err(|error| undefined(error.to_string()))?,
            minimum,
        ));
    }
    let made: Vec<f64> = tested
        .iter()
        .filter(|(t, _)| t.decides)
        .filter_map(|(t, _)| t.evidence.p)
        .collect();
    let corrected = match rule.correction {
        Some(correction) => {
            stats::adjust(&made, correction).map_err(|e| undefined(e.to_string()))?
        }
        None => made.clone(),
    };
    let mut corrected = corrected.into_iter();
    let judged = pairs.iter().zip(tested).map(|(pair, (tested, minimum))| {
        let p = tested.evidence.p;
        let adjusted = match tested.decides {
            true => p.and_then(|_| corrected.next()),
            false => p,
        };
        conclude(pair, tested, minimum, adjusted, (rule, made.len()))
    });
    let judged: Vec<Judged> = judged.collect();
    Ok(Family {
        tests: made.len(),
        unreachable: unreachable(pairs, made.len(), rule),
        judged,
    })
}

fn conclude(
    pair: &Pair,
    tested: Tested,
    minimum: f64,
    adjusted: Option<f64>,
    (rule, tests): (Rule, usize),
) -> Judged {
    let (baseline, candidate) = (pair.baseline.centre(), pair.candidate.centre());
    let (baseline, candidate) = (baseline.unwrap_or_default(), candidate.unwrap_or_default());
    let p = tested.evidence.p;
    let evidence = Evidence {
        p: adjusted,
        ..tested.evidence
    };
    let runs = pair.baseline.values.len().min(pair.candidate.values.len());
    // Twice the standard error of the middle of so many runs: a change within it is noise.
    let noise = match tested.noise {
        Some(share) if runs >= FEWEST_RUNS => 2.0 * share * baseline.abs() / (runs as f64).sqrt(),
        _ => 0.0,
    };
    let found = match tested.decides {
        true => verdict(&evidence, pair.direction, minimum, noise, rule.alpha),
        false => Verdict::Undecided,
    };
    let share = minimum / baseline.abs();
    let needed = tested
        .noise
        .filter(|_| found == Verdict::Undecided)
        .and_then(|sd| runs_needed(sd, share))
        .filter(|needed| *needed > runs);
    Judged {
        baseline,
        candidate,
        evidence,
        p,
        test: tested.test,
        decides: tested.decides,
        verdict: found,
        minimum,
        runs_needed: needed,
        detectable: tested
            .scale
            .and_then(|scale| detectable(scale, rule, tests, pair.direction, baseline))
            .map(|change| change.max(minimum)),
    }
}

/// The change for the worse whose test statistic exceeds the quantile of its level by that of a
/// power of 0.8. The level is the strictest of the correction, that of a change alone.
fn detectable(
    scale: Scale,
    rule: Rule,
    tests: usize,
    direction: Direction,
    baseline: f64,
) -> Option<f64> {
    let tests = rule.correction.map_or(1, |_| tests.max(1));
    let level = rule.alpha / tests as f64;
    let reach = scale.spread.reach(1.0 - 0.5 * level)? + scale.spread.reach(POWER)?;
    let worse = -direction.gain(reach);
    let change = if scale.ratio {
        baseline * worse.exp_m1()
    } else {
        worse
    };
    Some(change.abs()).filter(|change| change.is_finite())
}

/// Whether not even the largest change could be significant alone: the exact test on so few runs has a
/// smallest p, which the correction multiplies.
fn unreachable(pairs: &[Pair], tests: usize, rule: Rule) -> bool {
    let smallest = pairs.iter().filter_map(|pair| {
        let (a, b) = (&pair.baseline.values, &pair.candidate.values);
        let enough = a.len() >= FEWEST_RUNS && b.len() >= FEWEST_RUNS;
        let found = enough.then(|| stats::mann_whitney(a, b).ok()).flatten()?;
        Some(found.smallest_p)
    });
    let smallest: Vec<f64> = smallest.collect();
    let (Some(correction), true) = (rule.correction, smallest.len() == tests && tests > 0) else {
        return false;
    };
    let best = smallest.into_iter().fold(1.0, f64::min);
    stats::smallest_adjusted(tests, best, correction).is_ok_and(|p| p.alone > rule.alpha)
}

/// Items of two sides by key: what both have, and what one has alone.
#[derive(Debug, Default)]
pub struct Matched<K, T> {
    /// In both.
    pub both: Vec<(K, T, T)>,
    /// In the baseline alone.
    pub only_baseline: Vec<(K, T)>,
    /// In the candidate alone.
    pub only_candidate: Vec<(K, T)>,
}

/// Matches two sides by key.
pub fn matched<K: Ord + Clone, T>(
    baseline: BTreeMap<K, T>,
    mut candidate: BTreeMap<K, T>,
) -> Matched<K, T> {
    let mut found = Matched {
        both: Vec::new(),
        only_baseline: Vec::new(),
        only_candidate: Vec::new(),
    };
    for (key, item) in baseline {
        match candidate.remove(&key) {
            Some(other) => found.both.push((key, item, other)),
            None => found.only_baseline.push((key, item)),
        }
    }
    found.only_candidate = candidate.into_iter().collect();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::SplitMix64;

    fn side(values: Vec<f64>) -> Side {
        Side {
            stderrs: vec![None; values.len()],
            values,
            ..Side::default()
        }
    }

    fn speeds(baseline: Vec<f64>, candidate: Vec<f64>) -> Pair {
        Pair {
            baseline: side(baseline),
            candidate: side(candidate),
            direction: Direction::Higher,
            ratio: true,
            minimum: MinimumEffect::Relative(0.02),
            history: Vec::new(),
        }
    }

    const RULE: Rule = Rule {
        alpha: 0.05,
        correction: Some(Adjustment::BenjaminiHochberg),
    };

    #[test]
    fn a_family_too_large_for_its_runs_is_noticed() {
        let one = speeds(
            vec![1.0, 2.0, 3.0, 4.0, 5.0],
            vec![6.0, 7.0, 8.0, 9.0, 10.0],
        );
        let few = judge(&vec![one.clone(); 6], RULE).unwrap();
        assert!(!few.unreachable);
        let many = judge(&vec![one; 7], RULE).unwrap();
        assert!(many.unreachable);
        assert_eq!(many.tests, 7);
    }

    fn normal(random: &mut SplitMix64) -> f64 {
        stats::normal_quantile(random.uniform().clamp(1e-12, 1.0 - 1e-12)).unwrap()
    }

    /// Share of verdicts of a kind over simulated comparisons: run noise 2 %, a true change.
    fn share(runs: usize, change: f64, wanted: Verdict, draws: usize) -> f64 {
        let mut random = SplitMix64::new(stats::SEED + runs as u64);
        let mut hits = 0;
        for _ in 0..draws {
            let mut draw = |centre: f64| -> Vec<f64> {
                (0..runs)
                    .map(|_| centre * (0.02 * normal(&mut random)).exp())
                    .collect()
            };
            let pair = speeds(draw(100.0), draw(100.0 * (1.0 + change)));
            let family = judge(&[pair], RULE).unwrap();
            hits += usize::from(family.judged[0].verdict == wanted);
        }
        hits as f64 / draws as f64
    }

    #[test]
    fn equal_sides_seldom_regress_and_a_real_change_is_seen() {
        for runs in [5, 8, 10] {
            let alarms = share(runs, 0.0, Verdict::Regression, 1000);
            assert!(alarms <= 0.03, "{runs} runs: {alarms}");
        }
        // Power of the notes' table less 0.03: 5, 8 and 10 runs, +3 %, +5 %, +10 %.
        for (runs, change, power) in [
            (5, 0.05, 0.84),
            (8, 0.05, 0.99),
            (10, 0.05, 1.0),
            (5, 0.10, 1.0),
            (8, 0.10, 1.0),
        ] {
            let found = share(runs, change, Verdict::Improvement, 600);
            assert!(found >= power - 0.03, "{runs} runs, {change}: {found}");
        }
    }

    #[test]
    fn swapping_the_sides_mirrors_the_verdict_and_a_unit_changes_nothing() {
        let (a, b) = (
            vec![100.0, 101.0, 99.0, 100.5, 99.7],
            vec![91.0, 90.0, 92.0, 91.5, 90.7],
        );
        let forth = judge(&[speeds(a.clone(), b.clone())], RULE).unwrap().judged[0].clone();
        let back = judge(&[speeds(b.clone(), a.clone())], RULE).unwrap().judged[0].clone();
        assert_eq!(
            (forth.verdict, back.verdict),
            (Verdict::Regression, Verdict::Improvement)
        );
        assert_eq!(forth.p, back.p);
        let product = (forth.evidence.change / forth.baseline + 1.0)
            * (back.evidence.change / back.baseline + 1.0);
        assert!((product - 1.0).abs() < 1e-12, "{product}");
        let scaled = |v: &[f64]| v.iter().map(|x| x * 1e3).collect::<Vec<f64>>();
        let milli = judge(&[speeds(scaled(&a), scaled(&b))], RULE)
            .unwrap()
            .judged[0]
            .clone();
        assert_eq!(milli.verdict, forth.verdict);
    }
}
