//! Where the level of a series changed: a scan on normal scores for one step or two, repeated
//! inside the parts, its chance level known without assuming a shape of the noise; whether the
//! newest values look like another change; and whether the series drifts instead of stepping.

mod critical;
mod detectable;
mod drift;
mod guard;
mod newest;
mod null;
mod permuted;
mod prune;
mod repartition;
mod scan;
mod scores;
mod segmentation;
mod steps;

#[cfg(test)]
mod scoring;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod truths;

pub use detectable::detectable_step;
pub use drift::Drift;
pub use newest::Suspect;

use super::error::{StatsError, require_finite};
use super::minimum_effect::MinimumEffect;
use super::moments::varies;
use super::summary::median;
use guard::deflation;
use scores::normal_scores;
use segmentation::{SHORTEST, Split, splits};

/// Most values looked at; of a longer series the newest.
const LIMIT: usize = 1000;

/// How [`changes`] decides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChangeOptions {
    /// Chance, above 0 and at most 0.5, that a series without change is given one.
    pub alpha: f64,
    /// Smallest shift between neighbouring levels that counts as a change.
    pub minimum_effect: MinimumEffect,
}

impl Default for ChangeOptions {
    /// Alpha 0.05, minimum effect 2 %.
    fn default() -> Self {
        Self {
            alpha: 0.05,
            minimum_effect: MinimumEffect::Relative(0.02),
        }
    }
}

/// The changes of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// Number of values given.
    pub n: usize,
    /// The first value looked at: `n` − 1000 for longer series, else 0.
    pub first: usize,
    /// Whether the series could be examined.
    pub status: SeriesStatus,
    /// The changes in order of index; none when the series drifts.
    pub changes: Vec<Change>,
    /// The levels between the changes, from `first` to the end; none when the series is too
    /// short or drifts.
    pub segments: Vec<Segment>,
    /// Whether the newest one or two values lie off the last level; `None` when they do not,
    /// when the last level has too few values to tell, and when the series drifts.
    pub suspect: Option<Suspect>,
    /// A steady trend that describes the series better than steps do.
    pub drift: Option<Drift>,
}

/// Whether a series can be examined for changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesStatus {
    /// It was.
    Examined,
    /// Fewer than 8 values: no p below 0.05 could be reached with segments of 3.
    TooShort,
    /// All values looked at are equal.
    Constant,
}

/// One change of level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Position in the values given, from 0, of the first value of the new level.
    pub index: usize,
    /// Chance of a split as good as this one if the order of the values in the part that was
    /// split were random; at most alpha.
    pub p: f64,
    /// The same after allowing for the autocorrelation of the noise; never below `p`.
    pub p_guarded: f64,
    /// Whether the two p are read off a table of quantiles, rather than counted over
    /// permutations of the series.
    pub p_is_approximate: bool,
    /// Whether `p_guarded` is at most alpha too.
    pub state: ChangeState,
    /// Median of the segment before, in the unit of the values.
    pub before: f64,
    /// Median of the segment after.
    pub after: f64,
}

/// How sure a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeState {
    /// Beyond chance even if the noise is as autocorrelated as it looks.
    Confirmed,
    /// Beyond chance only if the noise is independent from value to value.
    Possible,
}

/// A stretch of values on one level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// Position of its first value.
    pub start: usize,
    /// Position after its last value.
    pub end: usize,
    /// Median of its values.
    pub median: f64,
}

/// Looks for changes of level in `values`, given in order of time.
///
/// 1. T = max(T₁, T₂/2) of the normal scores, where T₁ is the best single step and T₂ the best
///    pair; segments have at least 3 values.
/// 2. Its p comes from a table of its permutation distribution, or, below 12 values and where
///    fewer than 90 % of them are distinct, from 999 permutations of the scores with the fixed
///    seed [`SEED`](super::SEED). Under random order the level is alpha, whatever the shape
///    of the noise.
/// 3. Where p ≤ alpha the part is split and its pieces are examined in the same way.
/// 4. Changes whose neighbouring segments a Mann–Whitney test cannot tell apart are dropped,
///    every other is moved to the best place between its neighbours.
/// 5. With the lag-1 autocorrelation φ of the scores within all segments, T is multiplied by
///    (1−φ)/(1+φ): a change that still passes is confirmed, any other possible.
/// 6. Changes below the minimum effect are dropped.
/// 7. If a straight line describes the series better than steps, that drift is reported in
///    place of the changes; else the newest two values are compared with the last level.
///
/// Assumes values in order of time, at even distance or not; the result is the same for every
/// run. O(n²) with a small constant (0.05 ms at n = 500), times 1000 where permutations are
/// needed.
///
/// Sources: rank scans for one and for several changes: Lombard, "Rank tests for changepoint
/// problems", Biometrika 74 (1987) 615–624; repeated splitting: Vostrikova, "Detecting
/// disorder in multidimensional random processes", Soviet Mathematics Doklady 24 (1981) 55–59.
///
/// # Errors
/// Values that are not finite, or options outside their range. Too short and constant series
/// are no errors but a [`SeriesStatus`].
pub fn changes(values: &[f64], options: &ChangeOptions) -> Result<Changes, StatsError> {
    check(options)?;
    require_finite("values", values)?;
    let first = values.len().saturating_sub(LIMIT);
    let series = values.get(first..).unwrap_or_default();
    let mut found = Changes {
        n: values.len(),
        first,
        status: SeriesStatus::Examined,
        changes: Vec::new(),
        segments: Vec::new(),
        suspect: None,
        drift: None,
    };
    if series.len() < SHORTEST {
        found.status = SeriesStatus::TooShort;
        return Ok(found);
    }
    if !varies(series) {
        found.status = SeriesStatus::Constant;
        found.segments = segments(series, first, &[]);
        return Ok(found);
    }
    let (kept, deflation) = kept_splits(series, options);
    let grade = |split: &Split| (split.index, split.p_guarded(deflation) <= options.alpha);
    let graded: Vec<(usize, bool)> = kept.iter().map(grade).collect();
    found.drift = drift::drift(series, &graded, options.alpha);
    if found.drift.is_none() {
        found.segments = segments(series, first, &kept);
        found.suspect = newest::suspect(values, &found.segments, options);
        found.changes = describe(&kept, &found.segments, deflation, options.alpha);
    }
    Ok(found)
}

fn check(options: &ChangeOptions) -> Result<(), StatsError> {
    let refuse = |parameter| Err(StatsError::Parameter { parameter });
    let (MinimumEffect::Relative(effect) | MinimumEffect::Absolute(effect)) =
        options.minimum_effect;
    if !(options.alpha > 0.0 && options.alpha <= 0.5) {
        return refuse("alpha");
    }
    if !(effect >= 0.0 && effect.is_finite()) {
        return refuse("minimum_effect");
    }
    Ok(())
}

/// The splits that remain, and by how much autocorrelation deflates their statistics. The
/// guard sees every change that is there; those too small to matter are dropped after it.
fn kept_splits(series: &[f64], options: &ChangeOptions) -> (Vec<Split>, f64) {
    let mut found = splits(series, options.alpha);
    prune::indistinct(series, &mut found, options.alpha);
    repartition::repartition(series, &mut found);
    prune::indistinct(series, &mut found, options.alpha);
    if found.is_empty() {
        return (found, 1.0);
    }
    let places: Vec<usize> = found.iter().map(|split| split.index).collect();
    let deflation = normal_scores(series).map_or(1.0, |scores| deflation(&scores, &places));
    prune::too_small(series, &mut found, options.minimum_effect);
    (found, deflation)
}

/// The levels between the splits; `first` is added to every position.
fn segments(series: &[f64], first: usize, splits: &[Split]) -> Vec<Segment> {
    let places = splits.iter().map(|split| split.index);
    let ends = places.clone().chain([series.len()]);
    let starts = std::iter::once(0).chain(places);
    let level = |(start, end): (usize, usize)| {
        Some(Segment {
            start: first + start,
            end: first + end,
            median: median(series.get(start..end)?)?,
        })
    };
    starts.zip(ends).filter_map(level).collect()
}

fn describe(splits: &[Split], levels: &[Segment], deflation: f64, alpha: f64) -> Vec<Change> {
    let change = |(split, pair): (&Split, &[Segment])| {
        let [before, after] = pair else { return None };
        let p_guarded = split.p_guarded(deflation);
        Some(Change {
            index: after.start,
            p: split.test.p,
            p_guarded,
            p_is_approximate: split.test.null.is_approximate(),
            state: if p_guarded <= alpha {
                ChangeState::Confirmed
            } else {
                ChangeState::Possible
            },
            before: before.median,
            after: after.median,
        })
    };
    let pairs = levels.windows(2);
    splits.iter().zip(pairs).filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::random::{SEED, SplitMix64};
    use super::*;

    const ABSOLUTE: ChangeOptions = ChangeOptions {
        alpha: 0.05,
        minimum_effect: MinimumEffect::Absolute(0.0),
    };

    /// Evenly spread within 0.5 of each level, `length` values each.
    fn levels(levels: &[f64], length: usize) -> Vec<f64> {
        let mut random = SplitMix64::new(SEED);
        let levels = levels.iter().flat_map(|level| [*level].repeat(length));
        levels.map(|level| level + random.uniform() - 0.5).collect()
    }

    fn indices(found: &Changes) -> Vec<usize> {
        found.changes.iter().map(|change| change.index).collect()
    }

    #[test]
    fn a_bump_has_two_confirmed_ends_and_three_levels() {
        let found = changes(&levels(&[10.0, 20.0, 10.0], 20), &ABSOLUTE).unwrap();
        assert_eq!(indices(&found), [20, 40]);
        assert_eq!(found.segments.len(), 3);
        for (change, pair) in found.changes.iter().zip(found.segments.windows(2)) {
            assert_eq!((change.index, change.before), (pair[0].end, pair[0].median));
            assert_eq!(
                (change.index, change.after),
                (pair[1].start, pair[1].median)
            );
            assert_eq!(change.state, ChangeState::Confirmed);
            assert!(change.p <= change.p_guarded && change.p_guarded <= 0.05);
            assert!(change.p_is_approximate);
        }
        assert_eq!((found.suspect, found.drift), (None, None));
    }

    #[test]
    fn autocorrelated_noise_leaves_a_change_possible() {
        // A slow wave: every value resembles its neighbour.
        let wave = |i: u32| (f64::from(i) * 0.2).sin() + 1e-3 * f64::from((i * 41) % 97);
        let values: Vec<f64> = (0..60).map(wave).collect();
        let found = changes(&values, &ABSOLUTE).unwrap();
        assert!(!found.changes.is_empty());
        let possible = |change: &Change| {
            change.state == ChangeState::Possible && change.p <= 0.05 && change.p_guarded > 0.05
        };
        assert!(found.changes.iter().all(possible), "{found:?}");
    }

    #[test]
    fn a_slope_is_drift_and_has_no_changes() {
        let values: Vec<f64> = (0..50)
            .map(|i| f64::from(i) + f64::from((i * 41) % 97) / 97.0)
            .collect();
        let found = changes(&values, &ABSOLUTE).unwrap();
        assert!((found.drift.unwrap().slope - 1.0).abs() < 0.05);
        assert_eq!((found.changes, found.segments), (vec![], vec![]));
    }

    #[test]
    fn a_new_last_value_is_suspect_and_three_of_them_are_a_change() {
        let mut values = levels(&[10.0], 40);
        values.extend([20.1, 20.3]);
        let found = changes(&values, &ABSOLUTE).unwrap();
        let suspect = found.suspect.unwrap();
        assert_eq!(
            (found.changes.len(), suspect.index, suspect.count),
            (0, 40, 2)
        );
        values.push(20.2);
        let found = changes(&values, &ABSOLUTE).unwrap();
        assert_eq!((indices(&found), found.suspect), (vec![40], None));
    }

    #[test]
    fn too_short_and_constant_series_are_said_to_be() {
        let status = |values: &[f64]| changes(values, &ABSOLUTE).unwrap().status;
        assert_eq!(status(&[]), SeriesStatus::TooShort);
        assert_eq!(
            status(&[1.0, 2.0, 3.0, 14.0, 15.0, 16.0, 17.0]),
            SeriesStatus::TooShort
        );
        assert_eq!(status(&[3.5; 8]), SeriesStatus::Constant);
        assert_eq!(
            status(&[1.0, 2.0, 3.0, 4.0, 15.0, 16.0, 17.0, 18.0]),
            SeriesStatus::Examined
        );
        let constant = changes(&[3.5; 8], &ABSOLUTE).unwrap();
        assert_eq!(
            (constant.segments.len(), constant.segments[0].median),
            (1, 3.5)
        );
    }

    #[test]
    fn of_a_long_series_the_newest_thousand_are_examined() {
        let sure = ChangeOptions {
            alpha: 0.001,
            ..ABSOLUTE
        };
        let found = changes(&levels(&[10.0, 50.0, 20.0], 500), &sure).unwrap();
        assert_eq!((found.n, found.first), (1500, 500));
        assert_eq!(indices(&found), [1000]);
        assert_eq!(
            (found.segments[0].start, found.segments[1].end),
            (500, 1500)
        );
    }

    #[test]
    fn a_change_below_the_minimum_effect_is_not_reported() {
        let values = levels(&[100.0, 101.5], 20);
        let share = |share| ChangeOptions {
            minimum_effect: MinimumEffect::Relative(share),
            ..ABSOLUTE
        };
        assert_eq!(indices(&changes(&values, &share(0.01)).unwrap()), [20]);
        let found = changes(&values, &ChangeOptions::default()).unwrap();
        assert_eq!((found.changes.len(), found.segments.len()), (0, 1));
    }

    #[test]
    fn refuses_what_is_not_finite_and_options_out_of_range() {
        assert!(changes(&[1.0, f64::NAN], &ABSOLUTE).is_err());
        for alpha in [0.0, 0.6, -0.1, f64::NAN] {
            let options = ChangeOptions { alpha, ..ABSOLUTE };
            let parameter = "alpha";
            assert_eq!(
                changes(&[], &options),
                Err(StatsError::Parameter { parameter })
            );
        }
        for effect in [-0.1, f64::NAN, f64::INFINITY] {
            let minimum_effect = MinimumEffect::Relative(effect);
            let options = ChangeOptions {
                minimum_effect,
                ..ABSOLUTE
            };
            let parameter = "minimum_effect";
            assert_eq!(
                changes(&[], &options),
                Err(StatsError::Parameter { parameter })
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_unit_does_not_matter_and_segments_tile_the_series(
            values in prop::collection::vec(-9..9i32, 8..40),
            shift in -8..8i32,
        ) {
            let half = values.len() / 2;
            let stepped = values.iter().enumerate().map(|(i, v)| v + if i < half { 0 } else { shift });
            let values: Vec<f64> = stepped.map(f64::from).collect();
            let found = changes(&values, &ABSOLUTE).unwrap();
            prop_assert_eq!(&found, &changes(&values, &ABSOLUTE).unwrap());
            let scaled: Vec<f64> = values.iter().map(|value| 4.0 * value).collect();
            let other = changes(&scaled, &ABSOLUTE).unwrap();
            prop_assert_eq!(found.drift.is_some(), other.drift.is_some());
            prop_assert_eq!(indices(&found), indices(&other));
            let mut next = 0;
            for segment in &found.segments {
                prop_assert_eq!(segment.start, next);
                prop_assert!(segment.end >= next + 3);
                next = segment.end;
            }
            let whole = found.segments.is_empty() == found.drift.is_some();
            prop_assert!(whole && (next == values.len() || found.drift.is_some()));
        }
    }
}
