//! Membership of the front when errors depend on each other: shares of given draws.

use super::super::error::StatsError;
use super::front::front;
use super::points::Points;

/// Share of draws in which each of `n` points is on the front, in the order of the points.
///
/// `draws` holds one complete set of points after the other (draw by point by objective), as a
/// bootstrap of questions and runs together gives them: whatever makes the errors of two points
/// or of two objectives depend on each other is in the draws. The standard error of a share p is
/// √(p(1 − p)/B) for B draws, 0.011 at most for 2000. O(B) fronts.
///
/// Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 6.
///
/// # Errors
/// No point in a set, no draw, or a last draw that is not complete.
pub fn front_shares(draws: &Points<'_>, n: usize) -> Result<Vec<f64>, StatsError> {
    if n == 0 || draws.is_empty() {
        return Err(StatsError::TooFew { n: 0, needed: 1 });
    }
    let (complete, rest) = (draws.len() / n, draws.len() % n);
    if rest > 0 {
        let (x, y) = (complete + 1, complete);
        return Err(StatsError::UnequalLengths { x, y });
    }
    let mut counts = vec![0_usize; n];
    for draw in draws.values().chunks_exact(n * draws.dimension()) {
        for row in front(&Points::new(draw, draws.dimension())?) {
            counts[row] += 1;
        }
    }
    let share = |count| count as f64 / complete as f64;
    Ok(counts.into_iter().map(share).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_draws_in_which_a_point_is_on_the_front() {
        // Two points in two objectives, four draws.
        let draws = [
            1.0, 1.0, 0.0, 0.0, //
            1.0, 1.0, 1.0, 1.0, //
            1.0, 0.0, 0.0, 1.0, //
            0.0, 0.0, 1.0, 0.0,
        ];
        let draws = Points::new(&draws, 2).unwrap();
        assert_eq!(front_shares(&draws, 2).unwrap(), [0.75, 0.75]);
    }

    #[test]
    fn a_shared_error_moves_all_points_together_and_decides_nothing() {
        let shifts = [-3.0, 0.5, 10.0];
        let draws: Vec<f64> = shifts
            .iter()
            .flat_map(|s| [2.0 + s, 1.0, 1.9 + s, 1.0])
            .collect();
        let draws = Points::new(&draws, 2).unwrap();
        assert_eq!(front_shares(&draws, 2).unwrap(), [1.0, 0.0]);
    }

    #[test]
    fn refuses_what_are_no_draws() {
        let draws = Points::new(&[0.0; 6], 2).unwrap();
        assert_eq!(
            front_shares(&draws, 2),
            Err(StatsError::UnequalLengths { x: 2, y: 1 })
        );
        let too_few = Err(StatsError::TooFew { n: 0, needed: 1 });
        assert_eq!(front_shares(&draws, 0), too_few);
        assert_eq!(front_shares(&Points::new(&[], 2).unwrap(), 1), too_few);
    }
}
