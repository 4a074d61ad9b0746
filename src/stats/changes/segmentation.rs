//! Binary segmentation: split the series where the scan says so, then look at the pieces.

use super::null::Null;
use super::scan::Scanner;
use super::scores::normal_scores;

/// Shortest part that is scanned. Six values have one possible split, whose smallest p is 0.1;
/// from eight the scan can reach 0.05.
pub(super) const SHORTEST: usize = 8;

/// A place where the level changes, and the test that found it.
#[derive(Debug, Clone)]
pub(super) struct Split {
    /// First value of the new level.
    pub(super) index: usize,
    /// The test of the part that was split here; shared by both ends of a pair.
    pub(super) test: Test,
}

/// A scan beyond chance.
#[derive(Debug, Clone)]
pub(super) struct Test {
    statistic: f64,
    /// What it is held against.
    pub(super) null: Null,
    /// P(T ≥ t).
    pub(super) p: f64,
}

impl Split {
    /// The p of the statistic times `deflation`.
    pub(super) fn p_guarded(&self, deflation: f64) -> f64 {
        self.test.null.tail(self.test.statistic * deflation)
    }
}

/// All splits of `values`, finite numbers in order of time, in order of index. O(n²) for each
/// level of splitting.
pub(super) fn splits(values: &[f64], alpha: f64) -> Vec<Split> {
    let mut found = Vec::new();
    let mut parts = vec![(0, values)];
    while let Some((mut start, mut part)) = parts.pop() {
        let Some((places, test)) = best_split(part, alpha) else {
            continue;
        };
        let before = start;
        for place in places {
            let index = before + place;
            let (left, right) = part.split_at(index - start);
            parts.push((start, left));
            found.push(Split {
                index,
                test: test.clone(),
            });
            (start, part) = (index, right);
        }
        parts.push((start, part));
    }
    found.sort_by_key(|split| split.index);
    found
}

/// Where to split one part, if its scan is beyond chance.
fn best_split(part: &[f64], alpha: f64) -> Option<(Vec<usize>, Test)> {
    if part.len() < SHORTEST {
        return None;
    }
    let scores = normal_scores(part)?;
    let scan = Scanner::new(part.len()).scan(&scores);
    let statistic = scan.statistic();
    let null = Null::of(part, &scores, statistic, alpha)?;
    let p = null.tail(statistic);
    let test = Test { statistic, null, p };
    Some((scan.places(), test))
}

#[cfg(test)]
mod tests {
    use super::super::super::reference::columns;
    use super::*;

    fn indices(values: &[f64]) -> Vec<usize> {
        splits(values, 0.05)
            .iter()
            .map(|split| split.index)
            .collect()
    }

    /// Values that rise within each segment, so that none is distinguished.
    fn levels(levels: &[f64], length: usize) -> Vec<f64> {
        levels
            .iter()
            .flat_map(|level| (0..length).map(move |i| level + 0.01 * ((i * 7) % length) as f64))
            .collect()
    }

    #[test]
    fn a_step_a_bump_and_a_staircase_are_found_where_they_are() {
        assert_eq!(indices(&levels(&[0.0, 5.0], 15)), [15]);
        assert_eq!(indices(&levels(&[0.0, 5.0, 0.0], 15)), [15, 30]);
        assert_eq!(indices(&levels(&[0.0, 5.0, 10.0, 15.0], 15)), [15, 30, 45]);
        assert_eq!(indices(&levels(&[0.0], 40)), [0; 0]);
    }

    #[test]
    fn parts_below_eight_values_are_left_alone() {
        assert_eq!(indices(&[1.0, 2.0, 3.0, 4.0, 15.0, 16.0, 17.0]), [0; 0]);
        assert_eq!(indices(&[1.0, 2.0, 3.0, 4.0, 15.0, 16.0, 17.0, 18.0]), [4]);
        assert_eq!(indices(&[]), [0; 0]);
    }

    #[test]
    fn the_nile_changed_once() {
        let Some(nile) = columns("changepoint/nile.csv") else {
            return;
        };
        let found = splits(&nile[1], 0.05);
        assert_eq!((found.len(), found[0].index), (1, 28));
        // 85 of 100 values are distinct, so its p is counted; no permutation came near.
        assert_eq!(found[0].test.p, 0.001);
    }
}
