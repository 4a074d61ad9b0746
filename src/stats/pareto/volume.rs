//! The volume of a union of boxes that all begin at the origin.

use std::cmp::Ordering;

use super::super::moments::sum;
use super::super::ranks::ascending;
use super::rank_set::RankSet;

/// Volume covered by the boxes from 0 to each corner of `corners`, `dimension` positive numbers
/// a corner. Covered and repeated corners are allowed.
pub(super) fn union_volume(corners: Vec<f64>, dimension: usize) -> f64 {
    match dimension {
        0 => 0.0,
        1 => corners.into_iter().fold(0.0, f64::max),
        2 => of_two(&corners),
        3 => of_three(&corners),
        _ => of_many(&corners, dimension),
    }
}

/// From the largest first side down, each corner adds what it rises above those before.
fn of_two(corners: &[f64]) -> f64 {
    let mut sides: Vec<(f64, f64)> = corners.chunks_exact(2).map(|c| (c[0], c[1])).collect();
    sides.sort_unstable_by(|a, b| ascending(&b.0, &a.0));
    let mut height = 0.0;
    sum(sides.into_iter().map(|(x, y)| {
        let rise = f64::max(y - height, 0.0);
        height = f64::max(y, height);
        x * rise
    }))
}

/// From the largest third side down: the area of the staircase of those before, times the step
/// down to the next.
fn of_three(corners: &[f64]) -> f64 {
    let mut corners: Vec<(f64, f64, f64)> = corners
        .chunks_exact(3)
        .map(|c| (c[2], c[0], c[1]))
        .collect();
    corners.sort_unstable_by(|a, b| ascending(&b.0, &a.0));
    let mut by_x: Vec<(f64, usize)> = corners.iter().map(|c| c.1).zip(0..).collect();
    by_x.sort_unstable_by(|a, b| ascending(&a.0, &b.0));
    let mut rank = vec![0; corners.len()];
    for (x_rank, (_, corner)) in by_x.iter().enumerate() {
        rank[*corner] = x_rank;
    }
    let mut area = Area::new(by_x.iter().map(|(x, _)| *x).collect());
    sum((0..corners.len()).map(|i| {
        area.add(rank[i], corners[i].2);
        let below = corners.get(i + 1).map_or(0.0, |next| next.0);
        area.total * (corners[i].0 - below)
    }))
}

/// The area under a staircase while steps are added.
struct Area {
    /// First side of every corner, ascending.
    xs: Vec<f64>,
    steps: RankSet,
    /// Height of the step that ends at each x.
    heights: Vec<f64>,
    total: f64,
}

impl Area {
    fn new(xs: Vec<f64>) -> Self {
        Self {
            steps: RankSet::new(xs.len()),
            heights: vec![0.0; xs.len()],
            xs,
            total: 0.0,
        }
    }

    /// Adds the rectangle up to the x of that rank and to `height`.
    fn add(&mut self, rank: usize, height: f64) {
        let next = self.steps.at_or_above(rank);
        let mut covered = next.map_or(0.0, |next| self.heights[next]);
        if covered >= height {
            return;
        }
        let mut right = self.xs[rank];
        loop {
            let left = self.steps.below(rank);
            let x = left.map_or(0.0, |left| self.xs[left]);
            self.total += (right - x) * (height - covered);
            match left {
                Some(left) if self.heights[left] <= height => {
                    self.steps.remove(left);
                    (right, covered) = (x, self.heights[left]);
                }
                _ => break,
            }
        }
        self.steps.insert(rank);
        self.heights[rank] = height;
    }
}

/// From the largest last side down, each corner adds its last side times what its box in the
/// other sides has beyond the boxes before: in them those are cut to the corner's own sides, so
/// that many are covered and drop out.
fn of_many(corners: &[f64], dimension: usize) -> f64 {
    let kept = uncovered(corners, dimension);
    let rows = kept.chunks_exact(dimension);
    sum(rows.enumerate().map(|(i, corner)| {
        let sides = corner.get(..dimension - 1).unwrap_or_default();
        let before = kept.chunks_exact(dimension).take(i);
        let cut: Vec<f64> = before
            .flat_map(|other| sides.iter().zip(other).map(|(a, b)| a.min(*b)))
            .collect();
        let own: f64 = sides.iter().product();
        let beyond = own - union_volume(cut, dimension - 1);
        beyond.max(0.0) * corner[dimension - 1]
    }))
}

/// The corners that no other covers, each once, from the largest last side down.
fn uncovered(corners: &[f64], dimension: usize) -> Vec<f64> {
    let mut sorted: Vec<&[f64]> = corners.chunks_exact(dimension).collect();
    sorted.sort_unstable_by(|a, b| {
        let sides = a.iter().zip(*b).rev();
        sides
            .map(|(a, b)| ascending(b, a))
            .fold(Ordering::Equal, Ordering::then)
    });
    let mut kept: Vec<f64> = Vec::with_capacity(corners.len());
    for corner in sorted {
        // In this order a later corner never covers an earlier one.
        let covers = |other: &[f64]| other.iter().zip(corner).all(|(a, b)| a >= b);
        if !kept.chunks_exact(dimension).any(covers) {
            kept.extend(corner);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn boxes_by_hand() {
        // 2·1 + 1·(3 − 1).
        assert_eq!(union_volume(vec![2.0, 1.0, 1.0, 3.0], 2), 4.0);
        // Three bars of length 3 that share a unit cube: 3·3 − 2.
        let bars = vec![3.0, 1.0, 1.0, 1.0, 3.0, 1.0, 1.0, 1.0, 3.0];
        assert_eq!(union_volume(bars, 3), 7.0);
        assert_eq!(union_volume(vec![3.0, 2.0], 1), 3.0);
        assert_eq!(union_volume(Vec::new(), 5), 0.0);
    }

    proptest! {
        #[test]
        fn one_more_side_of_length_one_changes_no_volume(
            sides in prop::collection::vec(1..9i32, 2..60),
            dimension in 1..5_usize,
        ) {
            let n = sides.len() / dimension;
            let sides: Vec<f64> = sides.iter().take(n * dimension).map(|s| f64::from(*s)).collect();
            let longer = |sides: &[f64]| [&[1.0], sides].concat();
            let other: Vec<f64> = sides.chunks_exact(dimension).flat_map(longer).collect();
            prop_assert_eq!(union_volume(sides, dimension), union_volume(other, dimension + 1));
        }
    }
}
