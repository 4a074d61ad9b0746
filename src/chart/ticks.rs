//! Which values of an axis get a tick. Round ones only, as many as fit, three at least:
//! steps of 1, 2, 2.5 and 5 on a linear axis; 1 to 8, 1-2-5, decades and every n-th decade on a log axis.

use super::axis::{Decimal, Kind, Scale, written};
use super::calendar;

/// A labelled tick.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) value: f64,
    pub(super) label: String,
}

/// The ticks of one axis.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Ticks {
    pub(super) major: Vec<Tick>,
    /// The unlabelled 2…9 of a log axis.
    pub(super) minor: Vec<f64>,
}

/// How much room an axis has.
pub(super) struct Room<'a> {
    /// Length of the axis in pixels.
    pub(super) length: f64,
    /// Pixels a tick should have to itself.
    pub(super) spacing: f64,
    /// Pixels a label takes along the axis.
    pub(super) extent: &'a dyn Fn(&str) -> f64,
}

/// A reader needs three to see the scale.
const FEWEST: usize = 3;
/// Smallest gap between two labels, in pixels.
const GAP: f64 = 5.0;
/// Decade strides of a very long log axis; the last covers every double.
const STRIDES: [i32; 8] = [1, 2, 3, 5, 10, 20, 50, 100];

impl Ticks {
    pub(super) fn choose(scale: &Scale, room: &Room) -> Self {
        let sets = match scale.kind() {
            Kind::Log => return Self::of_log(scale, room),
            Kind::Linear => labelled(linear_sets(scale)),
            Kind::Order => labelled(whole(linear_sets(scale))),
            Kind::Time => calendar::sets(scale),
        };
        // A span that no calendar step divides, or no time at all.
        let sets = if sets.iter().all(|set| set.len() < 2) && scale.kind() == Kind::Time {
            labelled(linear_sets(scale))
        } else {
            sets
        };
        Self {
            major: best(scale, room, &sets),
            minor: Vec::new(),
        }
    }

    fn of_log(scale: &Scale, room: &Room) -> Self {
        let mut sets = log_sets(scale);
        if sets.iter().all(|set| set.len() < FEWEST) {
            // Less than about a third of a decade: equal steps are as round as it gets.
            sets = linear_sets(scale);
        }
        let major = best(scale, room, &labelled(sets));
        let minor = minor(scale, &major, room);
        Self { major, minor }
    }
}

/// The richest set that leaves each tick its spacing; failing that the one closest to three that does not overlap.
/// The sets come coarse to fine.
fn best(scale: &Scale, room: &Room, sets: &[Vec<Tick>]) -> Vec<Tick> {
    let enough = |set: &&Vec<Tick>| set.len() >= FEWEST;
    let airy = |set: &&Vec<Tick>| {
        set.len() as f64 * room.spacing <= room.length && apart(scale, room, set, 2.0 * GAP)
    };
    let fits = |set: &&Vec<Tick>| apart(scale, room, set, GAP);
    let chosen = sets.iter().rev().filter(enough).find(airy);
    let chosen = chosen.or_else(|| sets.iter().filter(enough).find(fits));
    let chosen = chosen
        .or_else(|| sets.iter().rev().find(fits))
        .or_else(|| sets.iter().find(enough));
    chosen.cloned().unwrap_or_default()
}

fn labelled(sets: Vec<Vec<Decimal>>) -> Vec<Vec<Tick>> {
    let labelled = |set: &Vec<Decimal>| {
        let pairs = set.iter().zip(written(set));
        pairs
            .map(|(tick, label)| Tick {
                value: tick.value(),
                label,
            })
            .collect()
    };
    sets.iter().map(labelled).collect()
}

/// Positions in an order: whole numbers from 0.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a whole number inside an axis of few ticks; beyond i64 it saturates"
)]
fn whole(sets: Vec<Vec<Decimal>>) -> Vec<Vec<Decimal>> {
    let position = |tick: &Decimal| {
        let value = tick.value();
        let digits = (value >= 0.0 && value.fract() == 0.0).then_some(value as i64)?;
        Some(Decimal {
            digits,
            exponent: 0,
        })
    };
    let mut sets: Vec<Vec<Decimal>> = sets
        .iter()
        .map(|set| set.iter().filter_map(position).collect())
        .collect();
    // Halves leave the same whole numbers as ones.
    sets.dedup();
    sets
}

fn apart(scale: &Scale, room: &Room, set: &[Tick], gap: f64) -> bool {
    let spans = set.iter().map(|tick| {
        let (place, half) = (
            scale.place(tick.value, 0.0, room.length),
            (room.extent)(&tick.label) / 2.0,
        );
        (place - half, place + half)
    });
    let mut end = f64::NEG_INFINITY;
    for (from, to) in spans {
        if from < end + gap {
            return false;
        }
        end = to;
    }
    true
}

/// Multiples of 5, 2.5, 2 and 1 × 10^e inside the axis, coarse to fine, up to a dozen ticks.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the exponent of a double and the index of a tick are small"
)]
fn linear_sets(scale: &Scale) -> Vec<Vec<Decimal>> {
    let span = scale.high() / 2.0 - scale.low() / 2.0;
    let top = span.log10().floor() as i32 + 1;
    let mut sets = Vec::new();
    for exponent in (top - 3..=top).rev() {
        for (digits, exponent) in [
            (5, exponent),
            (25, exponent - 1),
            (2, exponent),
            (1, exponent),
        ] {
            let step = Decimal { digits, exponent }.value();
            let (first, last) = ((scale.low() / step).ceil(), (scale.high() / step).floor());
            if step > 0.0 && last - first < 12.0 {
                let tick = |index: i64| Decimal {
                    digits: index * digits,
                    exponent,
                };
                sets.push((first as i64..=last as i64).map(tick).collect());
            }
        }
    }
    sets
}

/// Strided decades, decades, 1-3, 1-2-5 and 1-2-3-4-5-6-8, coarse to fine; long axes stop at 1-2-5 or decades.
fn log_sets(scale: &Scale) -> Vec<Vec<Decimal>> {
    let decades = scale.high().log10() - scale.low().log10();
    let mut sets: Vec<_> = STRIDES
        .iter()
        .rev()
        .map(|&stride| inside(scale, &[1], stride))
        .collect();
    if decades <= 5.0 {
        sets.push(inside(scale, &[1, 3], 1));
    }
    if decades <= 4.0 {
        sets.push(inside(scale, &[1, 2, 5], 1));
    }
    if decades <= 1.4 {
        sets.push(inside(scale, &[1, 2, 3, 4, 5, 6, 8], 1));
    }
    sets
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the exponent of a double is small"
)]
fn inside(scale: &Scale, mantissas: &[i64], stride: i32) -> Vec<Decimal> {
    let (low, high) = (
        scale.low().log10().floor() as i32,
        scale.high().log10().ceil() as i32,
    );
    (low..=high)
        .filter(|exponent| exponent.rem_euclid(stride) == 0)
        .flat_map(|exponent| {
            mantissas
                .iter()
                .map(move |&digits| Decimal { digits, exponent })
        })
        .filter(|tick| (scale.low()..=scale.high()).contains(&tick.value()))
        .collect()
}

/// 2…9 between the decades while they stay apart; else the decades a stride left out.
fn minor(scale: &Scale, major: &[Tick], room: &Room) -> Vec<f64> {
    let decades = scale.high().log10() - scale.low().log10();
    // The closest pair, 9 and 10, is 4.6 % of a decade apart.
    let fine = room.length / decades * 0.046 >= 2.0;
    let mantissas: &[i64] = if fine {
        &[1, 2, 3, 4, 5, 6, 7, 8, 9]
    } else {
        &[1]
    };
    let labelled = |value: f64| major.iter().any(|tick| tick.value == value);
    inside(scale, mantissas, 1)
        .iter()
        .map(|tick| tick.value())
        .filter(|value| !labelled(*value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, kind: Kind, length: f64) -> Vec<String> {
        let room = Room {
            length,
            spacing: 55.0,
            extent: &|label| 7.0 * label.chars().count() as f64,
        };
        let scale = Scale::around([low, high].into_iter(), kind);
        Ticks::choose(&scale, &room)
            .major
            .into_iter()
            .map(|tick| tick.label)
            .collect()
    }

    #[test]
    fn less_than_a_decade_is_labelled_at_one_to_eight() {
        assert_eq!(
            labels(400.0, 1000.0, Kind::Log, 840.0),
            ["400", "500", "600", "800", "1000"]
        );
        assert_eq!(
            labels(0.1, 0.9, Kind::Log, 840.0),
            ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.8", "1"]
        );
    }

    #[test]
    fn one_to_three_decades_are_labelled_at_one_two_five() {
        assert_eq!(
            labels(3.0, 900.0, Kind::Log, 840.0),
            ["5", "10", "20", "50", "100", "200", "500", "1000"]
        );
    }

    #[test]
    fn many_decades_are_labelled_every_few() {
        assert_eq!(
            labels(1e-3, 1e9, Kind::Log, 420.0),
            ["10⁻²", "10⁰", "10²", "10⁴", "10⁶", "10⁸"]
        );
        assert!(labels(1e-3, 1e9, Kind::Log, 900.0).contains(&"10⁻³".to_owned()));
    }

    #[test]
    fn linear_ticks_are_round() {
        assert_eq!(
            labels(35.0, 54.5, Kind::Linear, 430.0),
            ["35", "40", "45", "50", "55"]
        );
        assert_eq!(
            labels(-8.0, -2.0, Kind::Linear, 430.0),
            ["−8", "−7", "−6", "−5", "−4", "−3", "−2"]
        );
        assert_eq!(
            labels(0.0, 1e6, Kind::Linear, 430.0),
            ["0", "2×10⁵", "4×10⁵", "6×10⁵", "8×10⁵", "10⁶"]
        );
    }

    #[test]
    fn an_order_has_whole_numbers_only() {
        let order = |last: f64| labels(0.0, last, Kind::Order, 400.0);
        assert_eq!(order(3.0), ["0", "1", "2", "3"]);
        assert_eq!(order(47.0), ["0", "10", "20", "30", "40"]);
        assert_eq!(order(0.0), ["0", "1"]);
    }

    #[test]
    fn a_log_axis_has_the_unlabelled_two_to_nine() {
        let scale = Scale::around([400.0, 1000.0].into_iter(), Kind::Log);
        let ticks = Ticks::choose(
            &scale,
            &Room {
                length: 800.0,
                spacing: 55.0,
                extent: &|_| 30.0,
            },
        );
        assert_eq!(ticks.minor, [700.0, 900.0]);
    }

    #[test]
    fn every_axis_has_three_ticks_that_do_not_overlap() {
        let both = [
            (35.0, 61.0),
            (3.0, 900.0),
            (0.1, 0.9),
            (1e-3, 1e9),
            (7.0, 7.0),
            (520.0, 560.0),
            (9.0, 11.0),
        ];
        let linear = [
            (-8.0, -2.0),
            (0.0, 0.0),
            (-1e300, 1e300),
            (1e-300, 3e-300),
            (1e6, 1e6 + 4e5),
            (-3.0, 3.0),
        ];
        let cases = both
            .iter()
            .flat_map(|&(l, h)| [(l, h, Kind::Linear), (l, h, Kind::Log)]);
        for (low, high, kind) in cases.chain(linear.iter().map(|&(l, h)| (l, h, Kind::Linear))) {
            for length in [150.0, 300.0, 840.0] {
                let labels = labels(low, high, kind, length);
                assert!(
                    labels.len() >= 3,
                    "{low} {high} {kind:?} {length}: {labels:?}"
                );
                let mut distinct = labels.clone();
                distinct.dedup();
                assert_eq!(distinct, labels);
            }
        }
    }

    #[test]
    fn the_ends_of_the_number_line_do_not_break_it() {
        for (low, high, kind) in [
            (f64::MIN, f64::MAX, Kind::Linear),
            (5e-324, 1e308, Kind::Log),
            (0.0, 5e-324, Kind::Linear),
        ] {
            assert!(labels(low, high, kind, 400.0).len() < 20);
        }
    }
}
