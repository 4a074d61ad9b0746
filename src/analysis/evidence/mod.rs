//! The strongest test that two sides of a series allow: paired by question, by runs, by standard
//! errors, or none. The unit of a test is the run: the requests of one run share its state, and a test
//! that takes them for independent raises false alarms.

mod next_run;

use crate::stats::{self, Estimate, StatsError};

use super::verdict::Evidence;
use next_run::next_run;

/// Confidence of every interval.
const LEVEL: f64 = 0.95;
/// Runs a side from which the exact rank test can be significant at 0.05.
pub const FEWEST_RUNS: usize = 4;

/// One side of a series: its runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Side {
    /// The value of each run.
    pub values: Vec<f64>,
    /// Its standard error, where recorded, parallel to the values.
    pub stderrs: Vec<Option<f64>>,
    /// The values behind the value of a side of one run, by item: questions or requests.
    pub samples: Option<Vec<Option<f64>>>,
    /// Which items these are.
    pub items: Option<i64>,
}

impl Side {
    /// The middle of the runs.
    pub fn centre(&self) -> Option<f64> {
        stats::median(&self.values)
    }

    fn is_constant(&self) -> bool {
        self.values.iter().all(|v| Some(v) == self.values.first())
    }

    /// The only value with its standard error; of identical runs the value of all.
    fn estimate(&self) -> Option<Estimate> {
        let value = *self.values.first().filter(|_| self.is_constant())?;
        let se = self.stderrs.first().copied().flatten()?;
        Some(Estimate { value, se })
    }
}

/// A test and what it found.
#[derive(Debug, Clone, PartialEq)]
pub struct Tested {
    /// Its name, with what it assumes.
    pub test: &'static str,
    /// What it found, p not yet corrected.
    pub evidence: Evidence,
    /// Whether a verdict may rest on it: requests of one run each may not.
    pub decides: bool,
    /// Standard deviation between runs as a share of the value, where it can be told.
    pub noise: Option<f64>,
    /// How far the change can lie by chance, where that is known.
    pub scale: Option<Scale>,
}

/// The scale on which a change was tested.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The spread of the change.
    pub spread: Spread,
    /// Whether it is of the logarithm of the ratio.
    pub ratio: bool,
}

/// How far a change spreads by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Its standard error.
    pub se: f64,
    /// Degrees of freedom of Student's t; `None` for the normal distribution.
    pub df: Option<f64>,
}

/// Tests the candidate against the baseline. `ratio`: a change is a ratio (speeds, times) and not a
/// difference (scores). `history`: other runs of the same series, one vector a level: what runs differ
/// by when nothing changed.
///
/// # Errors
/// [`StatsError`] for values that no test takes.
pub fn test(
    baseline: &Side,
    candidate: &Side,
    ratio: bool,
    history: &[Vec<f64>],
    minimum: f64,
) -> Result<Tested, StatsError> {
    let (a, b) = (baseline.values.len(), candidate.values.len());
    let positive = |side: &Side| side.values.iter().all(|v| *v > 0.0);
    let ratio = ratio && positive(baseline) && positive(candidate);
    if a == 1
        && b == 1
        && let Some(tested) = paired(baseline, candidate)?
    {
        return Ok(tested);
    }
    if b == 1
        && let Some(noise) = next_run::noise(baseline, history, ratio)
    {
        return match noise.sd > 0.0 {
            true => next_run(baseline, candidate, ratio, noise),
            false => identical(baseline, candidate, minimum),
        };
    }
    if a >= 2 && b >= 2 {
        return match baseline.is_constant() && candidate.is_constant() {
            true => identical(baseline, candidate, minimum),
            false if a >= FEWEST_RUNS && b >= FEWEST_RUNS => ranks(baseline, candidate, ratio),
            false => welch(baseline, candidate, ratio),
        };
    }
    if let (Some(from), Some(to)) = (baseline.estimate(), candidate.estimate()) {
        return from_errors(from, to);
    }
    requests(baseline, candidate)
}

/// The same questions on both sides: McNemar where each is right or wrong, a t-test of the differences
/// where each has a score.
fn paired(baseline: &Side, candidate: &Side) -> Result<Option<Tested>, StatsError> {
    let (Some(x), Some(y), Some(items)) = (&baseline.samples, &candidate.samples, baseline.items)
    else {
        return Ok(None);
    };
    if candidate.items != Some(items) || x.len() != y.len() {
        return Ok(None);
    }
    let pairs: Vec<(f64, f64)> = x.iter().zip(y).filter_map(|(x, y)| x.zip(*y)).collect();
    if pairs.len() < 2 {
        return Ok(None);
    }
    let is_binary = pairs
        .iter()
        .all(|(x, y)| [x, y].iter().all(|v| **v == 0.0 || **v == 1.0));
    if is_binary {
        let lost = pairs.iter().filter(|(x, y)| x > y).count();
        let won = pairs.iter().filter(|(x, y)| x < y).count();
        let difference = stats::paired_proportions(lost, won, pairs.len(), LEVEL)?;
        let exact = stats::mcnemar(lost, won)?;
        return Ok(Some(Tested {
            test: "McNemar, exact, on the same questions",
            evidence: Evidence {
                change: difference.difference,
                low: difference.interval.map(|i| i.low),
                high: difference.interval.map(|i| i.high),
                p: Some(exact.exact_p),
            },
            decides: true,
            noise: None,
            scale: None,
        }));
    }
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
    let difference = stats::paired_difference(&x, &y, LEVEL)?;
    Ok(Some(Tested {
        test: "paired t, on the same questions",
        evidence: of_difference(&difference),
        decides: true,
        noise: None,
        scale: None,
    }))
}

fn of_difference(difference: &stats::Difference) -> Evidence {
    Evidence {
        change: difference.difference,
        low: difference.interval.map(|i| i.low),
        high: difference.interval.map(|i| i.high),
        p: difference.p,
    }
}

/// Logarithms where a change is a ratio.
fn scaled(values: &[f64], ratio: bool) -> Vec<f64> {
    let values = values.iter();
    match ratio {
        true => values.map(|v| v.ln()).collect(),
        false => values.copied().collect(),
    }
}

/// A change on the scale of [`scaled`] back in the unit of the metric.
fn unscaled(change: f64, baseline: f64, ratio: bool) -> f64 {
    match ratio {
        true => baseline * change.exp_m1(),
        false => change,
    }
}

/// Standard deviation between the runs of both sides, as a share of the value.
fn noise(a: &[f64], b: &[f64], ratio: bool, baseline: f64) -> Option<f64> {
    let spread = |values: &[f64]| stats::Summary::of(values).ok()?.sd;
    let (sa, sb) = (spread(a)?, spread(b)?);
    let sd = ((sa * sa + sb * sb) / 2.0).sqrt();
    let share = if ratio { sd } else { sd / baseline.abs() };
    Some(share).filter(|share| share.is_finite())
}

fn ranks(baseline: &Side, candidate: &Side, ratio: bool) -> Result<Tested, StatsError> {
    let (a, b) = (
        scaled(&baseline.values, ratio),
        scaled(&candidate.values, ratio),
    );
    let centre = baseline.centre().unwrap_or_default();
    let found = stats::mann_whitney(&a, &b)?;
    let shift = stats::hodges_lehmann(&a, &b, LEVEL)?;
    let back = |change: f64| unscaled(change, centre, ratio);
    Ok(Tested {
        test: if ratio {
            "Mann–Whitney on logarithms of runs"
        } else {
            "Mann–Whitney on runs"
        },
        evidence: Evidence {
            change: back(shift.shift),
            low: shift.interval.map(|i| back(i.low)),
            high: shift.interval.map(|i| back(i.high)),
            p: Some(found.p),
        },
        decides: true,
        noise: noise(&a, &b, ratio, centre),
        scale: None,
    })
}

fn welch(baseline: &Side, candidate: &Side, ratio: bool) -> Result<Tested, StatsError> {
    let (a, b) = (
        scaled(&baseline.values, ratio),
        scaled(&candidate.values, ratio),
    );
    let centre = baseline.centre().unwrap_or_default();
    let found = stats::welch(&a, &b, LEVEL)?;
    let back = |change: f64| unscaled(change, centre, ratio);
    Ok(Tested {
        test: if ratio {
            "Welch on logarithms of runs, assumes normality"
        } else {
            "Welch on runs, assumes normality"
        },
        evidence: Evidence {
            change: back(found.difference),
            low: found.interval.map(|i| back(i.low)),
            high: found.interval.map(|i| back(i.high)),
            p: found.p,
        },
        decides: true,
        noise: noise(&a, &b, ratio, centre),
        scale: None,
    })
}

/// Runs that repeat each other to the last digit: the noise between runs is none, the error of
/// sampling the questions is not.
fn identical(baseline: &Side, candidate: &Side, minimum: f64) -> Result<Tested, StatsError> {
    if let (Some(from), Some(to)) = (baseline.estimate(), candidate.estimate())
        && from.se + to.se > 0.0
    {
        let mut tested = from_errors(from, to)?;
        tested.test = "z from standard errors, runs identical on each side";
        return Ok(tested);
    }
    let (from, to) = (baseline.values.first(), candidate.values.first());
    let change = to.copied().unwrap_or_default() - from.copied().unwrap_or_default();
    // A value that never varies and now is another has changed; by how much is what is left to ask.
    let certain = change == 0.0 || change.abs() >= minimum;
    Ok(Tested {
        test: "none needed, runs identical on each side",
        evidence: Evidence {
            change,
            low: Some(change),
            high: Some(change),
            p: Some(if change != 0.0 && certain { 0.0 } else { 1.0 }),
        },
        decides: true,
        noise: Some(0.0),
        scale: None,
    })
}

fn from_errors(from: Estimate, to: Estimate) -> Result<Tested, StatsError> {
    let found = stats::unpaired_difference(from, to, LEVEL)?;
    Ok(Tested {
        test: "z from standard errors, unpaired: conservative if the questions were the same",
        evidence: of_difference(&found),
        decides: true,
        noise: None,
        scale: Some(Scale {
            spread: Spread {
                se: found.se,
                df: None,
            },
            ratio: false,
        })
        .filter(|_| found.se > 0.0),
    })
}

/// Requests of one run each: at most "these two runs differ".
fn requests(baseline: &Side, candidate: &Side) -> Result<Tested, StatsError> {
    let change = candidate.centre().unwrap_or_default() - baseline.centre().unwrap_or_default();
    let known = |side: &Side| -> Option<Vec<f64>> {
        let samples = side.samples.as_ref()?;
        let values: Vec<f64> = samples.iter().copied().flatten().collect();
        (values.len() >= FEWEST_RUNS).then_some(values)
    };
    let none = Tested {
        test: "none: no uncertainty recorded",
        evidence: Evidence {
            change,
            ..Evidence::default()
        },
        decides: false,
        noise: None,
        scale: None,
    };
    let (Some(a), Some(b)) = (known(baseline), known(candidate)) else {
        return Ok(none);
    };
    let found = stats::mann_whitney(&a, &b)?;
    Ok(Tested {
        test: "Mann–Whitney on requests, tells only these two runs apart",
        evidence: Evidence {
            change,
            p: Some(found.p),
            ..Evidence::default()
        },
        ..none
    })
}

#[cfg(test)]
mod tests;
