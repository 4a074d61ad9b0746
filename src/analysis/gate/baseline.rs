//! What the newest run is held against.

use crate::analysis::AnalysisError;
use crate::analysis::evidence::Side;
use crate::analysis::series::{Observation, Series, Stretch, stretches};
use crate::catalog::Direction;
use crate::stats::{self, ChangeOptions, Changes};

/// The kind of baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baseline {
    /// The run before.
    Previous,
    /// The level with the best median among those of at least 3 runs.
    Best,
    /// The last so many runs, at least 1.
    Median(usize),
    /// Runs given by name: those with a tag, or of a query.
    Sample,
}

/// Fewest runs of a level that can be the best: the luckiest of single runs is better than what
/// comes after it even when nothing changed.
const FEWEST: usize = 3;

/// Chance that a history without change is taken for several levels, of which the best becomes the
/// baseline.
const BASELINE_ALPHA: f64 = 0.01;

/// The same where the noise is concerned: a step that stays inside a level counts as noise and hides
/// the next, which is worse than a level cut in two.
const NOISE_ALPHA: f64 = 0.05;

/// The earlier runs of a series as the gate needs them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Earlier {
    /// What the newest run is held against; empty where the kind of baseline finds nothing.
    pub(super) baseline: Side,
    /// All earlier values by level: what runs differ by when nothing changed.
    pub(super) levels: Vec<Vec<f64>>,
    /// Whether there is any earlier value.
    pub(super) is_known: bool,
}

/// The baseline of a series and its noise.
///
/// A baseline other than a sample begins with the last acknowledged change; the noise is taken
/// from the levels before it as well, since what is acknowledged is the level.
pub(super) fn earlier(
    series: &Series,
    direction: Direction,
    sample: &[Observation],
    kind: Baseline,
) -> Result<Earlier, AnalysisError> {
    let parts = stretches(&series.points, &series.acknowledged)?;
    let mut levels = Vec::new();
    let mut of_last = Vec::new();
    for part in &parts {
        of_last = part_levels(series, part, BASELINE_ALPHA)?;
        let of_noise = part_levels(series, part, NOISE_ALPHA)?;
        levels.extend(
            of_noise
                .iter()
                .map(|level| level.iter().map(|(_, value)| *value).collect()),
        );
    }
    let last: Vec<usize> = parts
        .last()
        .map(|part| part.places.clone())
        .unwrap_or_default();
    let from_end = |count: usize| {
        last.get(last.len().saturating_sub(count)..)
            .unwrap_or_default()
    };
    let baseline = match kind {
        Baseline::Previous => side(&series.points, from_end(1)),
        Baseline::Median(count) => side(&series.points, from_end(count)),
        Baseline::Best => {
            let places: Vec<usize> = best(&of_last, direction)
                .iter()
                .map(|(place, _)| *place)
                .collect();
            side(&series.points, &places)
        }
        Baseline::Sample => side(sample, &(0..sample.len()).collect::<Vec<_>>()),
    };
    Ok(Earlier {
        baseline,
        is_known: parts.iter().any(|part| !part.values.is_empty()),
        levels,
    })
}

/// Place among the points and value.
type Placed = (usize, f64);

/// The levels of a stretch between its changes, those that autocorrelation might explain among them: a
/// step that stays inside a level would count as noise and hide the next; one where it is too short for the scan,
/// or drifts.
fn part_levels(
    series: &Series,
    part: &Stretch,
    alpha: f64,
) -> Result<Vec<Vec<Placed>>, AnalysisError> {
    let options = ChangeOptions {
        alpha,
        minimum_effect: series.minimum,
    };
    let found =
        stats::changes(&part.values, &options).map_err(|error| AnalysisError::Undefined {
            what: "the series",
            reason: error.to_string(),
        })?;
    let values: Vec<Placed> = part
        .places
        .iter()
        .copied()
        .zip(part.values.iter().copied())
        .collect();
    let mut starts = changed(&found);
    starts.insert(0, 0);
    let ends = starts.iter().skip(1).copied().chain([values.len()]);
    let levels = starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| values.get(*start..end));
    Ok(levels.map(<[Placed]>::to_vec).collect())
}

fn changed(found: &Changes) -> Vec<usize> {
    found.changes.iter().map(|change| change.index).collect()
}

/// The level with the best median, the later of two equals; empty where none has 3 runs.
fn best(levels: &[Vec<Placed>], direction: Direction) -> &[Placed] {
    let long = levels.iter().filter(|level| level.len() >= FEWEST);
    let gain = |level: &Vec<Placed>| {
        let values: Vec<f64> = level.iter().map(|(_, value)| *value).collect();
        direction.gain(stats::median(&values).unwrap_or_default())
    };
    let best = long.max_by(|a, b| gain(a).total_cmp(&gain(b)));
    best.map(Vec::as_slice).unwrap_or_default()
}

/// The present of the points at some places; of a single one also its answers.
pub(super) fn side(points: &[Observation], places: &[usize]) -> Side {
    let chosen = places.iter().filter_map(|place| points.get(*place));
    let present: Vec<&Observation> = chosen.filter(|point| point.value.is_some()).collect();
    let answers = match present.as_slice() {
        [only] => only.answers.clone(),
        _ => None,
    };
    Side {
        values: present.iter().filter_map(|point| point.value).collect(),
        stderrs: present.iter().map(|point| point.stderr).collect(),
        items: answers.as_ref().map(|answers| answers.items),
        samples: answers.map(|answers| answers.values),
    }
}
