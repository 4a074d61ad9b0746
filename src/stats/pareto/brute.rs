//! The definitions themselves, and random sets with duplicates, for the tests of this folder.

use super::super::random::SplitMix64;
use super::dominance::dominates;
use super::points::Points;

/// Rows that no other row beats, by comparing all pairs.
pub(super) fn front_by_comparison(points: &Points<'_>) -> Vec<usize> {
    let free = |row: &usize| {
        !points
            .rows()
            .any(|other| dominates(other, points.row(*row)))
    };
    (0..points.len()).filter(free).collect()
}

/// Layer of every row from 1, by taking fronts away.
pub(super) fn layers_by_peeling(points: &Points<'_>) -> Vec<usize> {
    let mut layers = vec![0; points.len()];
    let mut left: Vec<usize> = (0..points.len()).collect();
    let mut layer = 0;
    while !left.is_empty() {
        layer += 1;
        let beaten = |row: &usize| {
            let mut others = left.iter();
            others.any(|other| dominates(points.row(*other), points.row(*row)))
        };
        let (behind, front): (Vec<usize>, Vec<usize>) = left.iter().partition(|row| beaten(row));
        for row in front {
            layers[row] = layer;
        }
        left = behind;
    }
    layers
}

/// `n` points of one of four kinds: few distinct values, uniform, close to a surface of
/// trade-off, or in a chain; a fifth of the rows repeat an earlier one.
pub(super) fn random_set(random: &mut SplitMix64, n: usize, dimension: usize) -> Vec<f64> {
    let (kind, levels) = (random.below(4), 2 + random.below(8));
    let mut values: Vec<f64> = Vec::with_capacity(n * dimension);
    for row in 0..n {
        if row > 0 && random.below(5) == 0 {
            let start = random.below(row) * dimension;
            values.extend_from_within(start..start + dimension);
            continue;
        }
        let mut point: Vec<f64> = (0..dimension).map(|_| random.uniform()).collect();
        match kind {
            0 => point
                .iter_mut()
                .for_each(|v| *v = (*v * levels as f64).floor()),
            1 => {}
            2 => {
                let length = point.iter().map(|v| v * v).sum::<f64>().sqrt();
                let radius = 1.0 - 0.05 * random.uniform();
                point.iter_mut().for_each(|v| *v *= radius / length);
            }
            _ => {
                let height = random.below(n) as f64;
                point
                    .iter_mut()
                    .for_each(|v| *v = height + (*v * 2.0).floor());
            }
        }
        values.append(&mut point);
    }
    values
}

/// Runs `check` on `sets` random sets in 2 to 6 dimensions, of up to `largest` rows.
pub(super) fn on_random_sets(sets: usize, largest: usize, check: impl Fn(&Points<'_>)) {
    let mut random = SplitMix64::new(super::super::random::SEED);
    for set in 0..sets {
        let (n, dimension) = (random.below(largest + 1), 2 + set % 5);
        let values = random_set(&mut random, n, dimension);
        check(&Points::new(&values, dimension).unwrap());
    }
}
