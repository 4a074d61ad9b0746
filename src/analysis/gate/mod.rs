//! The gate of a build: is the newest run of any series worse than its baseline?

mod baseline;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
mod words;

pub use baseline::Baseline;

use serde::Serialize;

use crate::stats::Adjustment;

use super::AnalysisError;
use super::family::{Judged, Pair, Rule, judge};
use super::series::{Observation, Series, SeriesKey, acknowledgement};
use super::verdict::Verdict;
use baseline::{Earlier, earlier, side};

/// One series at the gate.
#[derive(Debug, Clone)]
pub struct Gated {
    /// The series with its earlier runs.
    pub series: Series,
    /// The newest run; `None` where it lacks the metric.
    pub newest: Option<Observation>,
    /// The runs of a [`Baseline::Sample`], oldest first; empty for any other kind.
    pub sample: Vec<Observation>,
}

/// How the gate decides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GateRule {
    /// What the newest run is held against.
    pub baseline: Baseline,
    /// The level of significance, corrected by Holm for the number of tests.
    pub alpha: f64,
    /// Whether a metric that the newest run lacks is bad.
    pub require_all: bool,
    /// Whether one open series is enough to leave the whole undecided.
    pub fail_on_undecided: bool,
}

/// What the gate found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gate {
    /// What it comes to.
    pub outcome: GateOutcome,
    /// The level of significance.
    pub alpha: f64,
    /// How many tests were made.
    pub tests: usize,
    /// The correction for their number.
    pub correction: &'static str,
    /// The series that were judged: regressions, then open ones, then the rest, the worst first.
    pub comparisons: Vec<Checked>,
    /// The series about which nothing can be said, in the same order; then those without a test.
    pub open: Vec<Open>,
    /// Series of earlier runs that the newest run lacks, by name.
    pub vanished: Vec<SeriesKey>,
    /// Series of the newest run that no earlier run has, by name.
    pub new: Vec<SeriesKey>,
    /// Series whose newest run begins an acknowledged change, by name: there is no baseline yet.
    pub acknowledged: Vec<SeriesKey>,
    /// Series of which nothing says which way is better, by name.
    pub without_direction: Vec<SeriesKey>,
}

impl Gate {
    /// Whether no series could be looked at, but for those of which nothing says which way is better.
    pub fn is_empty(&self) -> bool {
        self.comparisons.is_empty()
            && self.open.is_empty()
            && self.vanished.is_empty()
            && self.new.is_empty()
            && self.acknowledged.is_empty()
    }
}

/// What the gate comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GateOutcome {
    /// No regression was found: exit code 0.
    Fine,
    /// There is one, or a metric that must be there is not: exit code 1.
    Bad,
    /// The evidence does not carry an answer: exit code 3.
    Undecided,
}

/// One series that was judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checked {
    /// What it is about.
    #[serde(flatten)]
    pub key: SeriesKey,
    /// The newest run.
    pub run: Option<i64>,
    /// Its time as shown.
    pub time: Option<String>,
    /// The middle of the baseline.
    pub baseline: f64,
    /// The newest value.
    pub candidate: f64,
    /// Runs of the baseline.
    pub runs_baseline: usize,
    /// Runs in question: 1.
    pub runs_candidate: usize,
    /// Candidate less baseline, in the metric's unit.
    pub change: f64,
    /// The same as a share of the baseline; none of 0.
    pub relative_change: Option<f64>,
    /// Lower end of its 95 % interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// p before the correction.
    pub p: Option<f64>,
    /// p after it.
    pub p_adjusted: Option<f64>,
    /// The test, with what it assumes.
    pub test: &'static str,
    /// The smallest change that matters, in the metric's unit.
    pub minimum_effect: f64,
    /// Runs a side that would decide, where it is undecided and the noise is known.
    pub runs_needed: Option<usize>,
    /// The smallest change for the worse that would have been found with chance 0.8, alone among
    /// all tests, in the metric's unit.
    pub smallest_detectable: Option<f64>,
    /// What it comes to.
    pub verdict: Verdict,
    /// Whether it is open: see [`check`].
    pub open: bool,
    /// The above in a sentence.
    pub finding: String,
}

/// A series about which nothing can be said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Open {
    /// What it is about.
    #[serde(flatten)]
    pub key: SeriesKey,
    /// Why.
    pub reason: String,
}

/// Judges the newest run of every series against its baseline, all together.
///
/// Each test is the strongest that the data allow ([`test`](super::test)): the same questions one by
/// one where both sides stored them, else the prediction interval of the next run, with the noise
/// of the series' own history, and z from standard errors, whichever is wider.
///
/// A series is a *regression* when its p after Holm's correction is at most alpha, its whole
/// interval lies on the bad side and the change is at least the minimum effect. It is *open* when no
/// test was possible, or when the change is for the worse, at least the minimum effect, and
/// significant by itself, but not among so many tests. Any other change that the noise explains is
/// "no regression found", with the smallest change that would have been. For one run the effect that
/// matters is thus the larger of the minimum effect and the noise: where runs differ by 2 %, one
/// healthy run in four is 2 % below the one before, and a gate that called this open could not pass
/// 97 of 100 healthy commits.
///
/// The whole is bad when any series regressed or, on request, vanished; undecided when there is
/// nothing but open or new series, or, on request, any open one; else fine.
///
/// # Errors
/// [`AnalysisError::Undefined`] for a value that is not finite, values that no test takes, and a
/// median of no runs.
pub fn check(series: &[Gated], rule: GateRule) -> Result<Gate, AnalysisError> {
    if rule.baseline == Baseline::Median(0) {
        return Err(AnalysisError::Undefined {
            what: "the median of 0 runs",
            reason: "a baseline needs at least one run".to_owned(),
        });
    }
    let mut sorted = Sorted::default();
    for gated in series {
        sorted.add(gated, rule.baseline)?;
    }
    let pairs: Vec<Pair> = sorted
        .compared
        .iter()
        .map(|(_, _, pair)| pair.clone())
        .collect();
    let correction = Adjustment::Holm;
    let family = judge(
        &pairs,
        Rule {
            alpha: rule.alpha,
            correction: Some(correction),
        },
    )?;
    let compared = sorted.compared.iter().zip(&family.judged);
    let checked = compared.map(|((gated, newest, pair), judged)| {
        checked((gated, newest, pair), judged, rule.alpha, family.tests)
    });
    let mut comparisons: Vec<(f64, Checked)> = checked.collect();
    comparisons.sort_by(|(a_gain, a), (b_gain, b)| {
        let order = rank(a).cmp(&rank(b)).then(a_gain.total_cmp(b_gain));
        order.then_with(|| a.key.cmp(&b.key))
    });
    let comparisons: Vec<Checked> = comparisons
        .into_iter()
        .map(|(_, checked)| checked)
        .collect();
    let open = comparisons.iter().filter(|c| c.open).map(|c| Open {
        key: c.key.clone(),
        reason: c.finding.clone(),
    });
    sorted.untested.sort_by(|a, b| a.key.cmp(&b.key));
    let mut gate = Gate {
        outcome: GateOutcome::Fine,
        alpha: rule.alpha,
        tests: family.tests,
        correction: "holm",
        open: open.chain(sorted.untested).collect(),
        comparisons,
        vanished: in_order(sorted.vanished),
        new: in_order(sorted.new),
        acknowledged: in_order(sorted.acknowledged),
        without_direction: in_order(sorted.without_direction),
    };
    gate.outcome = outcome(&gate, rule);
    Ok(gate)
}

fn in_order(mut keys: Vec<SeriesKey>) -> Vec<SeriesKey> {
    keys.sort();
    keys
}

fn outcome(gate: &Gate, rule: GateRule) -> GateOutcome {
    let regressed = gate
        .comparisons
        .iter()
        .any(|c| c.verdict == Verdict::Regression);
    let lacks = rule.require_all && !gate.vanished.is_empty();
    let closed = gate.comparisons.iter().any(|c| !c.open) || !gate.acknowledged.is_empty();
    if regressed || lacks {
        GateOutcome::Bad
    } else if !closed || (rule.fail_on_undecided && !gate.open.is_empty()) {
        GateOutcome::Undecided
    } else {
        GateOutcome::Fine
    }
}

/// The series by what can be done with them.
#[derive(Default)]
struct Sorted<'a> {
    compared: Vec<(&'a Gated, &'a Observation, Pair)>,
    untested: Vec<Open>,
    vanished: Vec<SeriesKey>,
    new: Vec<SeriesKey>,
    acknowledged: Vec<SeriesKey>,
    without_direction: Vec<SeriesKey>,
}

impl<'a> Sorted<'a> {
    fn add(&mut self, gated: &'a Gated, kind: Baseline) -> Result<(), AnalysisError> {
        let series = &gated.series;
        let key = || series.key.clone();
        let Some(direction) = series.direction else {
            self.without_direction.push(key());
            return Ok(());
        };
        let Earlier {
            baseline,
            levels,
            is_known,
        } = earlier(series, direction, &gated.sample, kind)?;
        let is_known = is_known || !baseline.values.is_empty();
        let newest = gated
            .newest
            .as_ref()
            .filter(|newest| newest.value.is_some());
        let Some(newest) = newest else {
            if is_known {
                self.vanished.push(key());
            }
            return Ok(());
        };
        if !is_known {
            self.new.push(key());
        } else if acknowledgement(newest, &series.acknowledged).is_some()
            && kind != Baseline::Sample
        {
            self.acknowledged.push(key());
        } else if baseline.values.is_empty() {
            self.untested.push(Open {
                key: key(),
                reason: words::no_baseline(kind).to_owned(),
            });
        } else {
            let pair = Pair {
                baseline,
                candidate: side(std::slice::from_ref(newest), &[0]),
                direction,
                ratio: series.ratio,
                minimum: series.minimum,
                history: levels,
            };
            self.compared.push((gated, newest, pair));
        }
        Ok(())
    }
}

/// A judged series, and how much better it became as a share of the baseline.
fn checked(
    (gated, newest, pair): (&Gated, &Observation, &Pair),
    judged: &Judged,
    alpha: f64,
    tests: usize,
) -> (f64, Checked) {
    let e = &judged.evidence;
    let gain = pair.direction.gain(e.change);
    let is_worse = gain < 0.0 && e.change.abs() >= judged.minimum;
    let alone = judged.p.is_some_and(|p| p <= alpha);
    let untested = !judged.decides || judged.p.is_none();
    let open = judged.verdict != Verdict::Regression && (untested || (is_worse && alone));
    let relative = (judged.baseline != 0.0).then(|| e.change / judged.baseline.abs());
    let mut checked = Checked {
        key: gated.series.key.clone(),
        run: newest.run,
        time: newest.time.clone(),
        baseline: judged.baseline,
        candidate: judged.candidate,
        runs_baseline: pair.baseline.values.len(),
        runs_candidate: pair.candidate.values.len(),
        change: e.change,
        relative_change: relative,
        low: e.low,
        high: e.high,
        p: judged.p,
        p_adjusted: e.p,
        test: judged.test,
        minimum_effect: judged.minimum,
        runs_needed: judged.runs_needed,
        smallest_detectable: judged.detectable,
        verdict: judged.verdict,
        open,
        finding: String::new(),
    };
    checked.finding = words::finding(&checked, untested, tests);
    (
        relative.map_or(gain, |share| pair.direction.gain(share)),
        checked,
    )
}

/// Regressions, open series, changes that may be one, improvements.
fn rank(checked: &Checked) -> u8 {
    match checked.verdict {
        Verdict::Regression => 0,
        _ if checked.open => 1,
        Verdict::Undecided | Verdict::Unchanged => 2,
        Verdict::Improvement => 3,
    }
}
