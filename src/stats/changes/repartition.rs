//! Moving each change to the best place between its neighbours: the first split of a series
//! with several changes is found with the others unknown, and can lie beside its place.

use super::prune::neighbours;
use super::scan::Scanner;
use super::scores::normal_scores;
use super::segmentation::{SHORTEST, Split};

/// One pass over all changes in order of index, each at the best single step of fresh scores
/// between the change before and the change after.
///
/// Source: Bai, "Estimating multiple breaks one at a time", Econometric Theory 13 (1997)
/// 315–352. O(n log n).
pub(super) fn repartition(values: &[f64], splits: &mut [Split]) {
    for place in 0..splits.len() {
        if let Some(index) = best_index(values, splits, place)
            && let Some(split) = splits.get_mut(place)
        {
            split.index = index;
        }
    }
}

fn best_index(values: &[f64], splits: &[Split], place: usize) -> Option<usize> {
    let (before, after) = neighbours(values, splits, place)?;
    let both = [before, after].concat();
    if both.len() < SHORTEST {
        return None;
    }
    let start = splits.get(place)?.index - before.len();
    let scores = normal_scores(&both)?;
    Some(start + Scanner::new(both.len()).best_step(&scores))
}

#[cfg(test)]
mod tests {
    use super::super::segmentation::splits;
    use super::*;

    #[test]
    fn a_misplaced_change_moves_to_its_step() {
        let level = |i: usize| [0.0, 1.0, 3.0][i / 12];
        let values: Vec<f64> = (0..36).map(|i| level(i) + 0.001 * (i % 7) as f64).collect();
        let mut found = splits(&values, 0.05);
        found[0].index = 9;
        found[1].index = 27;
        repartition(&values, &mut found);
        let indices: Vec<usize> = found.iter().map(|split| split.index).collect();
        assert_eq!(indices, [12, 24]);
    }

    #[test]
    fn too_short_neighbours_stay() {
        let values: Vec<f64> = (0..10).map(f64::from).collect();
        let mut found = splits(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], 0.05);
        found[0].index = 2;
        repartition(&values[..7], &mut found);
        assert_eq!(found[0].index, 2);
    }
}
