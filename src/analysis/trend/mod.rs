//! What changed when: the changes of level of one series that are real, the newest values that may
//! be one, and drift told apart from both.

mod sentence;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::catalog::Direction;
use crate::stats::{
    self, ChangeOptions, ChangeState, Changes, Noise, Segment, SeriesStatus, Suspect,
};

use super::AnalysisError;
use super::series::{Observation, Series, SeriesKey, Stretch, stretches};
use super::verdict::Verdict;

/// Values without which no change can be found.
const FEWEST: usize = 8;

/// How far an acknowledged change may lie from the place where the scan sees it: less than the
/// shortest level.
const NEAR: usize = 2;

/// How [`trend`] looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendOptions {
    /// Chance, above 0 and at most 0.5, that a series without change is given one.
    pub alpha: f64,
    /// Only the last so many runs are used, missing values counted; `None` for all.
    pub last: Option<usize>,
    /// Changes are shown that begin in a run of this time or later, in milliseconds since 1970 in
    /// UTC; a run without a time is never later. What is looked at is not restricted.
    pub since: Option<i64>,
}

/// One series and what changed in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// What it is about.
    pub key: SeriesKey,
    /// Which way is better, where known.
    pub direction: Option<Direction>,
    /// Whether it could be examined.
    pub status: TrendStatus,
    /// Values that are there.
    pub present: usize,
    /// Values that must be added before the newest level can be examined.
    pub needed: usize,
    /// The runs used, oldest first, with those whose value is missing.
    pub points: Vec<Observation>,
    /// How many changes are not listed because they begin before `since`.
    pub earlier: usize,
    /// The changes, in order of place.
    pub change_points: Vec<ChangePoint>,
    /// A steady trend since the last acknowledged change; it replaces the changes there.
    pub drift: Option<TrendDrift>,
    /// The smallest change in the middle of the newest stretch that would have been found with
    /// chance 0.8, in the unit of the values, where nothing was found.
    pub detectable: Option<f64>,
    /// The above in a sentence.
    pub sentence: String,
}

/// Whether a series could be examined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum TrendStatus {
    /// It was.
    #[serde(rename = "ok")]
    Ok,
    /// No stretch has 8 values.
    #[serde(rename = "too short")]
    TooShort,
    /// All values are equal.
    #[serde(rename = "constant")]
    Constant,
}

/// A change of level.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangePoint {
    /// Place among the points of the first value of the new level, from 0.
    pub index: usize,
    /// The run there.
    pub run: Option<i64>,
    /// Its time as shown.
    pub time: Option<String>,
    /// Median of the level before.
    pub before: f64,
    /// Median of the level after; of a suspect, of the newest values.
    pub after: f64,
    /// After less before.
    pub change: f64,
    /// The same as a share of the size of the level before; none of 0.
    pub relative_change: Option<f64>,
    /// Chance of so good a split if the order of the values were random.
    pub p: Option<f64>,
    /// The same after allowing for autocorrelation.
    pub p_guarded: Option<f64>,
    /// Ends of the interval in which a suspect was expected.
    pub expected: Option<(f64, f64)>,
    /// How sure it is.
    pub state: PointState,
    /// Whether it is for the worse; none where nothing says which way is better.
    pub verdict: Option<Verdict>,
    /// Whether the newest level still lies off the level before, on the side of the change and by
    /// the minimum effect.
    pub in_force: bool,
    /// The note with which people have acknowledged it.
    pub acknowledged: Option<String>,
}

/// How sure a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PointState {
    /// Beyond chance even if the noise is as autocorrelated as it looks.
    Confirmed,
    /// Beyond chance only if the noise is independent from run to run; of an acknowledged change
    /// also: not told from chance.
    Possible,
    /// The newest one or two values lie off their level.
    Suspect,
}

/// A steady trend.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TrendDrift {
    /// Theil–Sen slope, in the unit of the values per run.
    pub slope: f64,
    /// Lower end of its 95 % interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// The slope as a share of the size of the median.
    pub share: Option<f64>,
    /// Mann–Kendall p of no trend.
    pub p: f64,
    /// Whether it is for the worse; none where nothing says which way is better.
    pub verdict: Option<Verdict>,
}

impl Trend {
    /// Confirmed regressions in force that nobody has acknowledged.
    pub fn open_regressions(&self) -> impl Iterator<Item = &ChangePoint> {
        self.change_points.iter().filter(|change| {
            change.state == PointState::Confirmed
                && change.verdict == Some(Verdict::Regression)
                && change.acknowledged.is_none()
                && change.in_force
        })
    }
}

/// Looks for changes in one series.
///
/// An acknowledged change is the new normal: it cuts the series, and every stretch is examined by
/// itself ([`stats::changes`]), so that no level before it is a baseline of what comes after, and
/// what was acknowledged neither moves nor comes back when more runs arrive. It is shown with the
/// state and p that the uncut series gives it, within 2 values of its place, and never counts as an
/// open regression. Missing values stay missing: the scan passes over them, places count them.
///
/// # Errors
/// [`AnalysisError::Undefined`] for a value that is not finite and options outside their range.
pub fn trend(series: &Series, options: &TrendOptions) -> Result<Trend, AnalysisError> {
    let skipped = options
        .last
        .map_or(0, |last| series.points.len().saturating_sub(last));
    let points = series.points.get(skipped..).unwrap_or_default();
    let parts = stretches(points, &series.acknowledged)?;
    let how = ChangeOptions {
        alpha: options.alpha,
        minimum_effect: series.minimum,
    };
    let scan = |values: &[f64]| {
        stats::changes(values, &how).map_err(|error| AnalysisError::Undefined {
            what: "the series",
            reason: error.to_string(),
        })
    };
    let found: Vec<Changes> = parts
        .iter()
        .map(|part| scan(&part.values))
        .collect::<Result<_, _>>()?;
    let all: Vec<f64> = parts
        .iter()
        .flat_map(|part| part.values.iter().copied())
        .collect();
    let whole = if parts.len() > 1 {
        Some(scan(&all)?)
    } else {
        None
    };
    let scanned = Scanned {
        series,
        points,
        parts: &parts,
        found: &found,
        whole: whole.as_ref(),
    };
    let mut change_points = scanned.change_points();
    let all_changes = change_points.len();
    change_points.retain(|change| is_since(points.get(change.index), options.since));
    let newest = found.last();
    let mut result = Trend {
        key: series.key.clone(),
        direction: series.direction,
        status: status(&found, &all),
        present: all.len(),
        needed: FEWEST.saturating_sub(parts.last().map_or(0, |part| part.values.len())),
        points: points.to_vec(),
        earlier: all_changes - change_points.len(),
        drift: newest.and_then(|newest| scanned.drift(newest)),
        detectable: scanned.detectable(options.alpha),
        change_points,
        sentence: String::new(),
    };
    result.sentence = sentence::sentence(&result);
    Ok(result)
}

fn is_since(point: Option<&Observation>, since: Option<i64>) -> bool {
    since.is_none_or(|since| point.and_then(|p| p.at).is_some_and(|at| at >= since))
}

fn status(found: &[Changes], all: &[f64]) -> TrendStatus {
    let has = |status| found.iter().any(|part| part.status == status);
    if all.len() >= FEWEST && all.windows(2).all(|pair| pair[0] == pair[1]) {
        TrendStatus::Constant
    } else if has(SeriesStatus::Examined) || has(SeriesStatus::Constant) {
        TrendStatus::Ok
    } else {
        TrendStatus::TooShort
    }
}

/// A series, cut into stretches, each of them scanned.
struct Scanned<'a> {
    series: &'a Series,
    points: &'a [Observation],
    parts: &'a [Stretch],
    found: &'a [Changes],
    /// The series without the cuts, where there are any.
    whole: Option<&'a Changes>,
}

impl Scanned<'_> {
    fn change_points(&self) -> Vec<ChangePoint> {
        let mut shown = Vec::new();
        let mut passed = 0;
        for (i, (part, found)) in self.parts.iter().zip(self.found).enumerate() {
            if i > 0 {
                shown.extend(self.acknowledged(i, passed));
            }
            for change in &found.changes {
                shown.extend(
                    self.point(part, change.index, (change.before, change.after))
                        .map(|point| ChangePoint {
                            p: Some(change.p),
                            p_guarded: Some(change.p_guarded),
                            state: state(change.state),
                            ..point
                        }),
                );
            }
            passed += part.values.len();
        }
        if let (Some(part), Some(found)) = (self.parts.last(), self.found.last()) {
            shown.extend(
                found
                    .suspect
                    .and_then(|suspect| self.suspect(part, &suspect)),
            );
        }
        shown
    }

    /// The change with which a stretch begins, after `passed` values.
    fn acknowledged(&self, stretch: usize, passed: usize) -> Option<ChangePoint> {
        let (before, part) = (stretch.checked_sub(1)?, self.parts.get(stretch)?);
        let (before, after) = (self.levels(before), self.levels(stretch));
        let levels = (before.last()?.median, after.first()?.median);
        let whole = self.whole?;
        let near = whole
            .changes
            .iter()
            .filter(|c| c.index.abs_diff(passed) <= NEAR);
        let seen = near.min_by_key(|change| change.index.abs_diff(passed));
        let suspect = whole.suspect.filter(|s| s.index.abs_diff(passed) <= NEAR);
        let point = self.point(part, 0, levels)?;
        Some(ChangePoint {
            p: seen.map(|c| c.p).or(suspect.map(|s| s.p)),
            p_guarded: seen.map(|c| c.p_guarded),
            state: match (seen, suspect) {
                (Some(change), _) => state(change.state),
                (None, Some(_)) => PointState::Suspect,
                (None, None) => PointState::Possible,
            },
            acknowledged: part.note.clone(),
            ..point
        })
    }

    fn suspect(&self, part: &Stretch, suspect: &Suspect) -> Option<ChangePoint> {
        let point = self.point(part, suspect.index, (suspect.expected, suspect.observed))?;
        Some(ChangePoint {
            p: Some(suspect.p),
            expected: Some((suspect.low, suspect.high)),
            state: PointState::Suspect,
            in_force: true,
            ..point
        })
    }

    /// A change at a value of a stretch, with what does not depend on how it was found.
    fn point(&self, part: &Stretch, at: usize, (before, after): (f64, f64)) -> Option<ChangePoint> {
        let index = *part.places.get(at)?;
        let point = self.points.get(index)?;
        let change = after - before;
        let now = self
            .parts
            .len()
            .checked_sub(1)
            .and_then(|last| Some(self.levels(last).last()?.median));
        let in_force = now.is_some_and(|now| {
            (now > before) == (after > before) && self.series.minimum.is_reached(before, now)
        });
        Some(ChangePoint {
            index,
            run: point.run,
            time: point.time.clone(),
            before,
            after,
            change,
            relative_change: (before != 0.0).then(|| change / before.abs()),
            p: None,
            p_guarded: None,
            expected: None,
            state: PointState::Possible,
            verdict: worth(self.series.direction, change),
            in_force,
            acknowledged: None,
        })
    }

    /// The levels of a stretch: those of the scan, or one where it found none.
    fn levels(&self, stretch: usize) -> Vec<Segment> {
        let Some((part, found)) = self.parts.get(stretch).zip(self.found.get(stretch)) else {
            return Vec::new();
        };
        if !found.segments.is_empty() {
            return found.segments.clone();
        }
        let whole = |median| Segment {
            start: 0,
            end: part.values.len(),
            median,
        };
        stats::median(&part.values).map(whole).into_iter().collect()
    }

    fn drift(&self, newest: &Changes) -> Option<TrendDrift> {
        let drift = newest.drift?;
        let median = stats::median(&self.parts.last()?.values)?;
        Some(TrendDrift {
            slope: drift.slope,
            low: drift.interval.map(|i| i.low),
            high: drift.interval.map(|i| i.high),
            share: (median != 0.0).then(|| drift.slope / median.abs()),
            p: drift.trend.p,
            verdict: worth(self.series.direction, drift.slope),
        })
    }

    /// Where the newest stretch has one level: the smallest step in its middle that would have
    /// been found, at least the minimum effect.
    fn detectable(&self, alpha: f64) -> Option<f64> {
        let (part, found) = self.parts.last().zip(self.found.last())?;
        let is_level = found.segments.len() == 1 && found.suspect.is_none();
        if !is_level || found.status != SeriesStatus::Examined {
            return None;
        }
        let noise = Noise::pooled([part.values.as_slice()])?;
        let step = noise.sd * stats::detectable_step(part.values.len(), alpha)?;
        let level = found.segments.first()?.median;
        Some(step.max(self.series.minimum.of(level))).filter(|step| step.is_finite())
    }
}

fn state(state: ChangeState) -> PointState {
    match state {
        ChangeState::Confirmed => PointState::Confirmed,
        ChangeState::Possible => PointState::Possible,
    }
}

fn worth(direction: Option<Direction>, change: f64) -> Option<Verdict> {
    Some(match direction?.gain(change) > 0.0 {
        true => Verdict::Improvement,
        false => Verdict::Regression,
    })
}
