//! Near ties: the points that nobody beats by a margin in all objectives.

use super::super::error::{StatsError, require_not_negative};
use super::dominance::{covers, dominates};
use super::front::front;
use super::points::Points;

/// How much better a point must be before it counts as beating another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Margin<'a> {
    /// An amount for each objective, in its unit: the smallest difference that matters there.
    Amounts(&'a [f64]),
    /// A share of the other's value, the same in all objectives: 0.05 asks for a gain 5 % larger,
    /// or a cost that times 1.05 is still not larger. Gains below 0 are costs with their sign
    /// turned.
    Factor(f64),
}

/// Rows that no other point beats by the margin in every objective, ascending; all of the front
/// is among them, and with a margin of 0 nothing else.
///
/// Point j beats point i by the margin when it dominates i and, in every objective,
/// z_j ≥ z_i + ε_d (amounts) or z_j ≥ (1 + ε)·z_i (factor; z_j ≥ z_i/(1 + ε) for z_i < 0). The set
/// does not depend on the order of the points, unlike a greedy ε-archive. O(d·n·h) for h points
/// on the front.
///
/// Source: Loridan, "ε-solutions in vector minimization problems", Journal of Optimization Theory
/// and Applications 43 (1984) 265–276.
///
/// # Errors
/// Amounts that are not one for each objective, or margins negative or not finite.
pub fn near_front(points: &Points<'_>, margin: Margin<'_>) -> Result<Vec<usize>, StatsError> {
    match margin {
        Margin::Amounts(amounts) if amounts.len() != points.dimension() => {
            let (x, y) = (points.dimension(), amounts.len());
            return Err(StatsError::UnequalLengths { x, y });
        }
        Margin::Amounts(amounts) => require_not_negative("margin", amounts)?,
        Margin::Factor(factor) => require_not_negative("margin", &[factor])?,
    }
    // What a point behind the front beats by the margin, one on the front beats by it as well.
    let best: Vec<&[f64]> = front(points)
        .into_iter()
        .map(|row| points.row(row))
        .collect();
    let is_near = |row: &&[f64]| {
        let bar = raised(row, margin);
        let mut best = best.iter();
        !best.any(|best| covers(best, &bar) && dominates(best, row))
    };
    let rows = points.rows().enumerate();
    Ok(rows
        .filter(|(_, row)| is_near(row))
        .map(|(row, _)| row)
        .collect())
}

/// The least that a point must reach to beat `row` by the margin.
fn raised(row: &[f64], margin: Margin<'_>) -> Vec<f64> {
    match margin {
        Margin::Amounts(amounts) => row.iter().zip(amounts).map(|(v, a)| v + a).collect(),
        Margin::Factor(share) => {
            let raise = |v: &f64| match *v {
                cost if cost < 0.0 => cost / (1.0 + share),
                gain => gain * (1.0 + share),
            };
            row.iter().map(raise).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::reference::{SEVEN_SCORES, SEVEN_SPEEDS};
    use super::*;

    fn seven(margin: Margin<'_>) -> Vec<usize> {
        let pairs = SEVEN_SPEEDS.into_iter().zip(SEVEN_SCORES);
        let values: Vec<f64> = pairs.flat_map(|(speed, score)| [speed, score]).collect();
        near_front(&Points::new(&values, 2).unwrap(), margin).unwrap()
    }

    #[test]
    fn five_percent_keeps_the_highlighted_model_and_one_or_two_do_not() {
        // Row 2, (650, 47), is beaten by (800, 48) alone: 2.13 % in score.
        assert_eq!(seven(Margin::Factor(0.05)), [0, 1, 2, 4]);
        for factor in [0.0, 0.01, 0.02] {
            assert_eq!(seven(Margin::Factor(factor)), [0, 1, 4], "{factor}");
        }
    }

    #[test]
    fn amounts_are_in_the_unit_of_each_objective() {
        assert_eq!(seven(Margin::Amounts(&[0.0, 1.0])), [0, 1, 4]);
        assert_eq!(seven(Margin::Amounts(&[0.0, 1.5])), [0, 1, 2, 4]);
        assert_eq!(seven(Margin::Amounts(&[160.0, 0.0])), [0, 1, 2, 4]);
        assert_eq!(seven(Margin::Amounts(&[1e9, 0.0])), [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_factor_on_costs_asks_for_a_share_less() {
        // Latencies 100 and 96 ms: 96 · 1.04 ≤ 100, 96 · 1.05 > 100.
        let points = Points::new(&[-100.0, -96.0], 1).unwrap();
        let near = |factor| near_front(&points, Margin::Factor(factor)).unwrap();
        assert_eq!((near(0.04), near(0.05)), (vec![1], vec![0, 1]));
    }

    #[test]
    fn refuses_margins_that_are_none() {
        let points = Points::new(&[1.0, 2.0], 2).unwrap();
        assert_eq!(
            near_front(&points, Margin::Amounts(&[1.0])),
            Err(StatsError::UnequalLengths { x: 2, y: 1 })
        );
        assert_eq!(
            near_front(&points, Margin::Factor(-0.1)),
            Err(StatsError::Negative {
                variable: "margin",
                index: 0
            })
        );
    }

    proptest! {
        #[test]
        fn a_larger_margin_keeps_more_and_none_keeps_the_front(
            values in prop::collection::vec(-5..5i32, 3..60),
            (less, more) in (0.0..2.0f64, 0.0..2.0f64),
        ) {
            let values: Vec<f64> = values.chunks_exact(3).flatten().map(|v| f64::from(*v)).collect();
            let points = Points::new(&values, 3).unwrap();
            let near = |amount: f64| near_front(&points, Margin::Amounts(&[amount; 3])).unwrap();
            prop_assert_eq!(near(0.0), front(&points));
            let (small, large) = (near(less), near(less + more));
            prop_assert!(small.iter().all(|row| large.contains(row)));
        }

        #[test]
        fn comparing_with_all_points_keeps_the_same(
            values in prop::collection::vec(-5..5i32, 2..60),
            factor in 0.0..1.0f64,
        ) {
            let values: Vec<f64> = values.chunks_exact(2).flatten().map(|v| f64::from(*v)).collect();
            let points = Points::new(&values, 2).unwrap();
            let beaten = |row: &[f64]| {
                let bar = raised(row, Margin::Factor(factor));
                points.rows().any(|other| covers(other, &bar) && dominates(other, row))
            };
            let expected: Vec<usize> =
                (0..points.len()).filter(|row| !beaten(points.row(*row))).collect();
            prop_assert_eq!(near_front(&points, Margin::Factor(factor)).unwrap(), expected);
        }
    }
}
