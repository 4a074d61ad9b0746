//! The newest one or two values: too few for the scan to see a change before them, so each is
//! held against what the last level lets expect of one more value.

use std::f64::consts::SQRT_2;

use super::super::prediction::next_over_median;
use super::super::student_t::{student_t_quantile, student_t_two_sided};
use super::super::summary::median;
use super::scan::MIN_SEGMENT;
use super::{ChangeOptions, MinimumEffect, Segment};

/// Turns a median absolute deviation of normal data into a standard deviation.
const TO_SD: f64 = 1.4826;

/// Newest values off the last level: a change, or an outlier; the next values will tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Suspect {
    /// Position, from 0, of the first of them.
    pub index: usize,
    /// How many they are, 1 or 2.
    pub count: usize,
    /// Median of the last level without them, in the unit of the values.
    pub expected: f64,
    /// Lower end of the interval in which a new value is expected with chance 1 − alpha.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Median of the newest values.
    pub observed: f64,
    /// Two-sided p of the value that lies nearer to the level.
    pub p: f64,
}

/// Judges the newest two values, if both lie off the last of the `segments` on the same side,
/// else the newest one.
///
/// The interval is median ± t·s·√(1 + π/(2n)) over the n values of the last level before
/// them: π/(2n) is what the median of n normal values varies by. s = 1.4826/√2 times the
/// median step between neighbouring values of one segment, all segments together; t is
/// Student's with as many degrees of freedom as there are steps. With
/// [`MinimumEffect::Relative`] and values above 0 all this is done on logarithms. Where more
/// than half of the steps are 0, s is the root mean square about the medians. `None` when no
/// value is off, the minimum effect is not reached, or the level has fewer than 3 values.
pub(super) fn suspect(
    values: &[f64],
    segments: &[Segment],
    options: &ChangeOptions,
) -> Option<Suspect> {
    let series = values.get(segments.first()?.start..)?;
    let scale = match options.minimum_effect {
        MinimumEffect::Relative(_) if series.iter().all(|value| *value > 0.0) => Scale::Ratio,
        _ => Scale::Difference,
    };
    let judge = |count| judge(values, segments, options, scale, count);
    judge(2).or_else(|| judge(1))
}

#[derive(Debug, Clone, Copy)]
enum Scale {
    Ratio,
    Difference,
}

impl Scale {
    fn into(self, value: f64) -> f64 {
        match self {
            Self::Ratio => value.ln(),
            Self::Difference => value,
        }
    }

    fn back(self, value: f64) -> f64 {
        match self {
            Self::Ratio => value.exp(),
            Self::Difference => value,
        }
    }
}

fn judge(
    values: &[f64],
    segments: &[Segment],
    options: &ChangeOptions,
    scale: Scale,
    count: usize,
) -> Option<Suspect> {
    let index = values.len().checked_sub(count)?;
    let (known, newest) = values.split_at_checked(index)?;
    let level = known.get(segments.last()?.start..)?;
    if level.len() < MIN_SEGMENT {
        return None;
    }
    let noise = Noise::of(known, segments, scale)?;
    let expected = median(level)?;
    let observed = median(newest)?;
    let centre = scale.into(expected);
    let spread = noise.sd * next_over_median(level.len());
    let reach = spread * student_t_quantile(1.0 - 0.5 * options.alpha, noise.df)?;
    let off = |value: &f64| scale.into(*value) - centre;
    let above = newest.iter().all(|value| off(value) > reach);
    let below = newest.iter().all(|value| off(value) < -reach);
    let reached = options.minimum_effect.is_reached(expected, observed);
    if !(above || below) || !reached {
        return None;
    }
    let nearest = newest.iter().map(|value| off(value).abs());
    let nearest = nearest.fold(f64::INFINITY, f64::min);
    let (low, high) = (scale.back(centre - reach), scale.back(centre + reach));
    let p = if spread > 0.0 {
        student_t_two_sided(nearest / spread, noise.df)?
    } else {
        0.0
    };
    (low.is_finite() && high.is_finite()).then_some(Suspect {
        index,
        count,
        expected,
        low,
        high,
        observed,
        p,
    })
}

/// How much values of one level differ.
struct Noise {
    sd: f64,
    df: f64,
}

impl Noise {
    fn of(known: &[f64], segments: &[Segment], scale: Scale) -> Option<Self> {
        let part = |segment: &Segment| known.get(segment.start..segment.end.min(known.len()));
        let parts: Vec<Vec<f64>> = segments
            .iter()
            .filter_map(part)
            .map(|part| part.iter().map(|value| scale.into(*value)).collect())
            .collect();
        let steps = parts.iter().flat_map(|part| part.windows(2));
        let steps: Vec<f64> = steps.map(|pair| (pair[1] - pair[0]).abs()).collect();
        let df = steps.len() as f64;
        let robust = TO_SD / SQRT_2 * median(&steps)?;
        let sd = if robust > 0.0 {
            robust
        } else {
            root_mean_square(&parts, df)
        };
        sd.is_finite().then_some(Self { sd, df })
    }
}

fn root_mean_square(parts: &[Vec<f64>], df: f64) -> f64 {
    let squares = parts.iter().filter_map(|part| {
        let centre = median(part)?;
        Some(
            part.iter()
                .map(|v| (v - centre) * (v - centre))
                .sum::<f64>(),
        )
    });
    (squares.sum::<f64>() / df).sqrt()
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::super::super::reference::close;
    use super::*;

    const OPTIONS: ChangeOptions = ChangeOptions {
        alpha: 0.05,
        minimum_effect: MinimumEffect::Absolute(0.0),
    };

    /// One level that alternates between 9, 10 and 11, then `newest`.
    fn judge_after(level: usize, newest: &[f64], options: &ChangeOptions) -> Option<Suspect> {
        let mut values: Vec<f64> = (0..level).map(|i| 9.0 + (i % 3) as f64).collect();
        values.extend(newest);
        let whole = Segment {
            start: 0,
            end: values.len(),
            median: 10.0,
        };
        suspect(&values, &[whole], options)
    }

    #[test]
    fn the_interval_by_hand() {
        // Steps 1 1 2 1 1 2 1 1: median 1, 8 degrees of freedom, t 2.3060041350333704.
        let found = judge_after(9, &[20.0], &OPTIONS).unwrap();
        let spread = 1.4826 / SQRT_2 * (1.0 + PI / 18.0).sqrt();
        assert_eq!((found.index, found.count, found.expected), (9, 1, 10.0));
        close(found.high, 10.0 + 2.3060041350333704 * spread, 1e-9);
        close(found.low, 10.0 - 2.3060041350333704 * spread, 1e-9);
        close(
            found.p,
            student_t_two_sided(10.0 / spread, 8.0).unwrap(),
            1e-12,
        );
        assert_eq!(judge_after(9, &[12.0], &OPTIONS), None);
    }

    #[test]
    fn two_on_one_side_are_one_suspect_and_a_spike_is_none() {
        let two = judge_after(9, &[20.0, 19.0], &OPTIONS).unwrap();
        assert_eq!((two.index, two.count, two.observed), (9, 2, 19.5));
        let both_sides = judge_after(9, &[20.0, 0.0], &OPTIONS).unwrap();
        assert_eq!((both_sides.index, both_sides.count), (10, 1));
        assert_eq!(judge_after(9, &[20.0, 10.0], &OPTIONS), None);
    }

    #[test]
    fn ratios_are_used_for_relative_effects() {
        let relative = |share| ChangeOptions {
            minimum_effect: MinimumEffect::Relative(share),
            ..OPTIONS
        };
        let found = judge_after(9, &[20.0], &relative(0.02)).unwrap();
        close(found.low * found.high, 100.0, 1e-9);
        assert_eq!(judge_after(9, &[20.0], &relative(1.5)), None);
    }

    #[test]
    fn a_level_of_two_is_no_level() {
        assert_eq!(judge_after(2, &[20.0], &OPTIONS), None);
        assert!(judge_after(4, &[20.0], &OPTIONS).is_some());
    }

    #[test]
    fn without_noise_anything_else_is_off() {
        let values = [5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 6.0];
        let whole = Segment {
            start: 0,
            end: 8,
            median: 5.0,
        };
        let found = suspect(&values, &[whole], &OPTIONS).unwrap();
        assert_eq!((found.low, found.high, found.p), (5.0, 5.0, 0.0));
        // One value in eight differs, as one did before: the steps are mostly 0, yet the
        // spread is not.
        let values = [5.0, 5.0, 6.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.5];
        let whole = Segment { end: 9, ..whole };
        assert_eq!(suspect(&values, &[whole], &OPTIONS), None);
    }
}
