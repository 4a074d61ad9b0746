//! Dropping changes that do not hold against their final neighbours, or do not matter.

use super::super::mann_whitney::mann_whitney;
use super::super::minimum_effect::MinimumEffect;
use super::super::summary::median;
use super::segmentation::Split;

/// Drops, one by one, the change whose neighbouring segments have the largest Mann–Whitney p,
/// while that p exceeds `alpha`.
pub(super) fn indistinct(values: &[f64], splits: &mut Vec<Split>, alpha: f64) {
    drop_worst(
        values,
        splits,
        |before, after| mann_whitney(before, after).map_or(1.0, |found| found.p),
        |p| p > alpha,
    );
}

/// Drops, one by one, the change with the smallest shift between the medians of its
/// neighbouring segments, while that is below `minimum`.
pub(super) fn too_small(values: &[f64], splits: &mut Vec<Split>, minimum: MinimumEffect) {
    let shortfall = |before: &[f64], after: &[f64]| match (median(before), median(after)) {
        (Some(before), Some(after)) => -minimum.excess(before, after),
        _ => 0.0,
    };
    drop_worst(values, splits, shortfall, |shortfall| shortfall > -1.0);
}

/// Drops the change with the largest `badness` of its neighbouring segments while it is
/// `too_bad`; after each, the two changes beside it are judged anew. O(n log n) for each.
fn drop_worst(
    values: &[f64],
    splits: &mut Vec<Split>,
    badness: impl Fn(&[f64], &[f64]) -> f64,
    too_bad: impl Fn(f64) -> bool,
) {
    let judge = |splits: &[Split], place: usize| {
        neighbours(values, splits, place).map_or(0.0, |(before, after)| badness(before, after))
    };
    let mut judged: Vec<f64> = (0..splits.len()).map(|i| judge(splits, i)).collect();
    loop {
        let ranked = judged.iter().copied().enumerate();
        let worst = ranked.max_by(|a, b| a.1.total_cmp(&b.1));
        let Some((worst, _)) = worst.filter(|(_, badness)| too_bad(*badness)) else {
            return;
        };
        splits.remove(worst);
        judged.remove(worst);
        for beside in worst.saturating_sub(1)..=worst {
            if let Some(slot) = judged.get_mut(beside) {
                *slot = judge(splits, beside);
            }
        }
    }
}

/// The segments before and after one of the changes.
pub(super) fn neighbours<'a>(
    values: &'a [f64],
    splits: &[Split],
    place: usize,
) -> Option<(&'a [f64], &'a [f64])> {
    let index = |place: usize| splits.get(place).map(|split| split.index);
    let start = place.checked_sub(1).and_then(index).unwrap_or(0);
    let end = index(place + 1).unwrap_or(values.len());
    let at = index(place)?.checked_sub(start)?;
    values.get(start..end)?.split_at_checked(at)
}

#[cfg(test)]
mod tests {
    use super::super::segmentation::splits;
    use super::*;

    /// Noise between −0.1 and 0.1 about the levels, without ties, ten values each.
    fn series(levels: &[f64]) -> Vec<f64> {
        let noise = |i: usize| f64::from((i as u32 * 37) % 101) / 505.0 - 0.1;
        (0..levels.len() * 10)
            .map(|i| levels[i / 10] + noise(i))
            .collect()
    }

    fn split_at(values: &[f64], indices: &[usize]) -> Vec<Split> {
        let test = splits(&series(&[0.0, 9.0]), 0.05).remove(0).test;
        let split = |index: &usize| Split {
            index: *index,
            test: test.clone(),
        };
        assert!(indices.iter().all(|index| *index < values.len()));
        indices.iter().map(split).collect()
    }

    fn indices(splits: &[Split]) -> Vec<usize> {
        splits.iter().map(|split| split.index).collect()
    }

    #[test]
    fn a_change_inside_one_level_is_dropped_and_its_neighbours_stay() {
        let values = series(&[0.0, 0.0, 5.0, 5.0]);
        let mut found = split_at(&values, &[11, 20, 33]);
        indistinct(&values, &mut found, 0.05);
        assert_eq!(indices(&found), [20]);
    }

    #[test]
    fn changes_below_the_minimum_are_dropped_from_the_smallest() {
        let values = series(&[100.0, 101.0, 103.0, 90.0]);
        let kept = |minimum| {
            let mut found = split_at(&values, &[10, 20, 30]);
            too_small(&values, &mut found, minimum);
            indices(&found)
        };
        assert_eq!(kept(MinimumEffect::Absolute(0.0)), [10, 20, 30]);
        // Once 100 and 101 are one level of 100.5, the next step is 2.5.
        assert_eq!(kept(MinimumEffect::Absolute(1.5)), [20, 30]);
        assert_eq!(kept(MinimumEffect::Relative(0.03)), [30]);
        assert_eq!(kept(MinimumEffect::Absolute(20.0)), [0; 0]);
    }
}
