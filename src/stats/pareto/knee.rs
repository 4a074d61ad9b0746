//! The knee of a front of two objectives, and what a step along it costs.

use super::points::Points;

/// Height above the chord that counts as rounding.
const ROUNDING: f64 = 1e-12;

/// The point of a front where more of one objective begins to cost much of the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knee {
    /// Row of the point, from 0.
    pub row: usize,
    /// x + y − 1 with both axes scaled to 0…1 over the front: 0 on the chord between its ends, 1
    /// in the far corner; √2 times the distance from the chord.
    pub height: f64,
}

/// The row farthest above the chord between the two ends of a front, both axes scaled to 0…1
/// over the front. O(n).
///
/// `front` holds the points of the front and no others, in any order, as gains on the scale they
/// are drawn on (logarithms for a logarithmic axis). Ties go to the larger second objective, then
/// to the earlier row. `None` for other than two objectives, fewer than three different points,
/// or where no point lies above the chord.
///
/// Source: the distance of Das, "On characterizing the knee of the Pareto curve based on
/// normal-boundary intersection", Structural Optimization 18 (1999) 107–115.
#[must_use]
pub fn knee(front: &Points<'_>) -> Option<Knee> {
    if front.dimension() != 2 {
        return None;
    }
    let xs = Scale::of(front.rows().map(|p| p[0]))?;
    let ys = Scale::of(front.rows().map(|p| p[1]))?;
    let height = |point: &[f64]| xs.share(point[0]) + ys.share(point[1]) - 1.0;
    let highest = front.rows().map(height).fold(ROUNDING, f64::max);
    let mut best: Option<(Knee, f64)> = None;
    for (row, point) in front.rows().enumerate() {
        let (height, y) = (height(point), point[1]);
        let tied = height > highest - ROUNDING && height > ROUNDING;
        if tied && best.is_none_or(|(_, best)| y > best) {
            best = Some((Knee { row, height }, y));
        }
    }
    best.map(|(knee, _)| knee)
}

/// One axis scaled to 0…1.
struct Scale {
    low: f64,
    width: f64,
}

impl Scale {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Option<Self> {
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let width = values.fold(f64::NEG_INFINITY, f64::max) - low;
        (width > 0.0 && width.is_finite()).then_some(Self { low, width })
    }

    fn share(&self, value: f64) -> f64 {
        (value - self.low) / self.width
    }
}

/// What one step between neighbours on a front costs: change of the second value for the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// (y₁ − y₀)/(x₁ − x₀), per unit of x.
    pub per_unit: f64,
    /// (y₁ − y₀)/log₂(x₁/x₀); `None` unless both x are above 0.
    pub per_doubling: Option<f64>,
}

/// Rate of the step from one point `(x, y)` to another, both as recorded, not turned to gains.
/// `None` where x does not change or the rate is beyond the range of a double.
#[must_use]
pub fn trade_off_rate(from: (f64, f64), to: (f64, f64)) -> Option<Rate> {
    let (change, rise) = (to.0 - from.0, to.1 - from.1);
    let per_unit = Some(rise / change).filter(|_| change != 0.0);
    let doublings = (to.0 / from.0).log2();
    let per_doubling = Some(rise / doublings).filter(|_| from.0 > 0.0 && to.0 > 0.0);
    Some(Rate {
        per_unit: per_unit.filter(|rate| rate.is_finite())?,
        per_doubling: per_doubling.filter(|rate| rate.is_finite()),
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::reference::close;
    use super::*;

    fn knee_of(values: &[f64]) -> Option<Knee> {
        knee(&Points::new(values, 2).unwrap())
    }

    #[test]
    fn the_front_of_the_seven_models_bends_at_the_second() {
        // log₁₀ 550, 800, 1000 against 54.5, 48, 40.5; by hand:
        // ln(800/550)/ln(1000/550) + (48 − 40.5)/(54.5 − 40.5) − 1.
        let log = f64::log10;
        let values = [log(550.0), 54.5, log(800.0), 48.0, log(1000.0), 40.5];
        let found = knee_of(&values).unwrap();
        assert_eq!(found.row, 1);
        close(found.height, 0.16246279570584976, 1e-12);
        let reversed = [log(1000.0), 40.5, log(800.0), 48.0, log(550.0), 54.5];
        assert_eq!(knee_of(&reversed).map(|knee| knee.row), Some(1));
    }

    #[test]
    fn the_better_second_objective_wins_a_tie() {
        // Both middle points lie 1/3 above the chord.
        let found = knee_of(&[0.0, 3.0, 2.0, 2.0, 3.0, 0.0, 1.0, 3.0]).unwrap();
        assert_eq!(found.row, 3);
        close(found.height, 1.0 / 3.0, 1e-12);
    }

    #[test]
    fn a_straight_or_hollow_front_and_two_points_have_no_knee() {
        assert_eq!(knee_of(&[0.0, 1.0, 0.5, 0.5, 1.0, 0.0]), None);
        assert_eq!(knee_of(&[0.0, 1.0, 0.1, 0.1, 1.0, 0.0]), None);
        assert_eq!(knee_of(&[0.0, 1.0, 1.0, 0.0]), None);
        assert_eq!(knee_of(&[0.0, 1.0]), None);
        assert_eq!(knee_of(&[]), None);
        assert_eq!(knee(&Points::new(&[1.0, 2.0, 3.0], 3).unwrap()), None);
    }

    #[test]
    fn steps_of_the_seven_models_cost_more_and_more() {
        let first = trade_off_rate((550.0, 54.5), (800.0, 48.0)).unwrap();
        let second = trade_off_rate((800.0, 48.0), (1000.0, 40.5)).unwrap();
        close(100.0 * first.per_unit, -2.6, 1e-12);
        close(100.0 * second.per_unit, -3.75, 1e-12);
        // −6.5/log₂(800/550) and −7.5/log₂(1000/800).
        close(first.per_doubling, -12.02, 0.005);
        close(second.per_doubling, -23.30, 0.005);
    }

    #[test]
    fn a_step_without_a_change_or_across_zero_has_no_rate() {
        assert_eq!(trade_off_rate((1.0, 2.0), (1.0, 3.0)), None);
        let across = trade_off_rate((0.0, 2.0), (2.0, 1.0)).unwrap();
        assert_eq!((across.per_unit, across.per_doubling), (-0.5, None));
        assert_eq!(trade_off_rate((0.0, -1e308), (1e-9, 1e308)), None);
    }
}
