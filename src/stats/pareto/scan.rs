//! The front of two objectives in one pass over the points.

use std::cmp::Reverse;

use super::order::key;
use super::staircase::{Place, Staircase};

/// Rows between two choices of the steps that reject most.
const BLOCK: usize = 512;

/// Steps every row is compared with first.
const PIVOTS: usize = 8;

/// Most steps kept in order by insertion; with more, what is left is sorted once instead.
const STEPS: usize = 4096;

/// Rows that nobody beats, ascending; `values` holds two finite numbers a row.
///
/// One pass keeps the staircase of the rows seen. A row strictly below one of eight steps spread
/// over it is rejected without a search; any other is placed by binary search. O(n log h) for h
/// steps, as long as h is at most 4096; above that O(n log n) by sorting what the staircase does
/// not beat, as in Kung, Luccio, Preparata, "On finding the maxima of a set of vectors", Journal
/// of the ACM 22 (1975) 469–476.
pub(super) fn front_of_two(values: &[f64]) -> Vec<usize> {
    let mut scan = Scan::new(values);
    let mut start = 0;
    for part in values.chunks(2 * BLOCK) {
        scan.take(part, start);
        start += part.len() / 2;
        if scan.stairs.len() > STEPS {
            return scan.sort_the_rest(start);
        }
    }
    scan.settle();
    scan.kept
}

/// What is known of the rows seen.
struct Scan<'a> {
    values: &'a [f64],
    stairs: Staircase,
    /// Rows that were not beaten when they came, ascending.
    kept: Vec<usize>,
    /// Length of `kept` at which those beaten since are taken out.
    full: usize,
    pivots: [(f64, f64); PIVOTS],
}

impl<'a> Scan<'a> {
    fn new(values: &'a [f64]) -> Self {
        Self {
            values,
            stairs: Staircase::default(),
            kept: Vec::new(),
            full: BLOCK,
            pivots: [(f64::NEG_INFINITY, f64::NEG_INFINITY); PIVOTS],
        }
    }

    /// Takes in the rows of `part`, the first of which is row `start`.
    fn take(&mut self, part: &[f64], start: usize) {
        let mut left = [0_usize; BLOCK];
        let mut count = 0;
        // No branch depends on the data here: which row is rejected cannot be predicted.
        for (row, point) in part.chunks_exact(2).enumerate() {
            let mut rejected = false;
            for (right, above) in &self.pivots {
                rejected |= (*right > point[0]) & (*above > point[1]);
            }
            if let Some(slot) = left.get_mut(count) {
                *slot = row;
            }
            count += usize::from(!rejected);
        }
        let mut changed = false;
        for row in left.iter().take(count) {
            let (x, y) = (part[2 * row], part[2 * row + 1]);
            match self.stairs.place(x, y) {
                Place::Beaten => continue,
                Place::Equal => {}
                Place::Free => {
                    self.stairs.insert(x, y);
                    changed = true;
                }
            }
            self.kept.push(start + row);
        }
        if changed {
            self.choose_pivots();
        }
        if self.kept.len() > self.full {
            self.settle();
        }
    }

    fn choose_pivots(&mut self) {
        let n = self.stairs.len();
        for (k, pivot) in self.pivots.iter_mut().enumerate() {
            let spread = (2 * k + 1) * n / (2 * PIVOTS);
            if let Some(step) = self.stairs.steps().nth(spread) {
                *pivot = step;
            }
        }
    }

    /// Takes out the rows that a later row beats.
    fn settle(&mut self) {
        let (values, stairs) = (self.values, &self.stairs);
        let on_it = |row: &usize| stairs.place(values[2 * row], values[2 * row + 1]);
        self.kept.retain(|row| on_it(row) == Place::Equal);
        self.full = 2 * self.kept.len() + BLOCK;
    }

    /// The front of the rows kept and those from `start` on.
    fn sort_the_rest(mut self, start: usize) -> Vec<usize> {
        self.settle();
        let place = |row: &usize| (self.values[2 * row], self.values[2 * row + 1]);
        let unbeaten = |row: &usize| {
            let (x, y) = place(row);
            self.stairs.place(x, y) != Place::Beaten
        };
        let rest = (start..self.values.len() / 2).filter(unbeaten);
        let mut rows: Vec<(u64, u64, usize)> = self
            .kept
            .iter()
            .copied()
            .chain(rest)
            .map(|row| {
                let (x, y) = place(&row);
                (key(x), key(y), row)
            })
            .collect();
        rows.sort_unstable_by_key(|(x, y, _)| Reverse((*x, *y)));
        let mut best: Option<(u64, u64)> = None;
        let mut front: Vec<usize> = Vec::new();
        for (x, y, row) in rows {
            if best.is_none_or(|best| y > best.1) {
                best = Some((x, y));
            }
            if best == Some((x, y)) {
                front.push(row);
            }
        }
        front.sort_unstable();
        front
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::random::{SEED, SplitMix64};
    use super::*;

    fn pairs(rows: impl IntoIterator<Item = (f64, f64)>) -> Vec<f64> {
        rows.into_iter().flat_map(|(x, y)| [x, y]).collect()
    }

    #[test]
    fn equal_rows_stay_together_even_when_zero_has_two_signs() {
        let values = pairs([
            (0.0, 1.0),
            (-0.0, 1.0),
            (0.0, 0.0),
            (-1.0, 1.0),
            (-1.0, 2.0),
        ]);
        assert_eq!(front_of_two(&values), [0, 1, 4]);
        assert_eq!(front_of_two(&[]), [] as [usize; 0]);
    }

    #[test]
    fn a_row_that_beats_all_before_it_stands_alone() {
        let rising = pairs((0..3000).map(|i| (f64::from(i), f64::from(i))));
        assert_eq!(front_of_two(&rising), [2999]);
    }

    #[test]
    fn more_steps_than_are_kept_in_order_give_the_same_front() {
        // Every third row lies on a falling line, twice; the others lie below it.
        let mut random = SplitMix64::new(SEED);
        let n = 3 * (STEPS + 2000);
        let values = pairs((0..n).map(|i| {
            let x = random.below(4 * STEPS) as f64 - 99.0;
            (
                x,
                -x - if i % 3 == 0 {
                    0.0
                } else {
                    1.0 + random.uniform()
                },
            )
        }));
        let on_the_line = |row: &usize| values[2 * row] + values[2 * row + 1] == 0.0;
        let front = front_of_two(&values);
        let line: Vec<usize> = (0..n).filter(on_the_line).collect();
        assert!(line.iter().all(|row| front.binary_search(row).is_ok()));
        let rest = front.iter().filter(|row| !on_the_line(row));
        for row in rest {
            let (x, y) = (values[2 * row], values[2 * row + 1]);
            assert!(
                line.iter()
                    .all(|l| values[2 * l] < x || values[2 * l + 1] < y)
            );
        }
        let again: Vec<f64> = pairs(
            front
                .iter()
                .map(|row| (values[2 * row], values[2 * row + 1])),
        );
        assert_eq!(front_of_two(&again).len(), front.len());
    }
}
