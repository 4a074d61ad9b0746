//! Whole-number ranks in place of values, and the lexicographic order of distinct points: what
//! the algorithms for three and more objectives compare.

use super::points::Points;

/// Distinct points from lexicographically best to worst, with their ranks in every objective.
///
/// A point can be beaten only by one before it, and an earlier point beats a later one exactly
/// when all its ranks are at least as large.
#[derive(Debug)]
pub(super) struct Order {
    /// For each objective the rank of every distinct point: 0 for the worst value, equal for
    /// equal values.
    pub(super) ranks: Vec<Vec<u32>>,
    /// Rows in lexicographic order.
    rows: Vec<u32>,
    /// Where in `rows` each distinct point begins, and the end.
    starts: Vec<usize>,
}

impl Order {
    /// Orders the given rows of `points`. O(d·n log n).
    pub(super) fn of(points: &Points<'_>, rows: &[u32]) -> Self {
        let mut order: Vec<u32> = Vec::new();
        let mut by_row: Vec<Vec<u32>> = Vec::with_capacity(points.dimension());
        for objective in 0..points.dimension() {
            let sorted = sorted_keys(points, rows, objective);
            by_row.push(dense_ranks(&sorted));
            if objective == 0 {
                order = sorted.iter().rev().map(|(_, place)| *place).collect();
            }
        }
        sort_ties(&mut order, &by_row);
        let mut starts = Vec::with_capacity(order.len() + 1);
        let mut before = None;
        for (position, place) in order.iter().enumerate() {
            let same = before.is_some_and(|before| equal(&by_row, before, *place));
            if !same {
                starts.push(position);
            }
            before = Some(*place);
        }
        let firsts: Vec<usize> = starts.iter().map(|start| order[*start] as usize).collect();
        starts.push(order.len());
        let ranks = by_row
            .iter()
            .map(|column| firsts.iter().map(|place| column[*place]).collect())
            .collect();
        let rows = order.iter().map(|place| rows[*place as usize]).collect();
        Self {
            ranks,
            rows,
            starts,
        }
    }

    /// Number of distinct points.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The rows that hold distinct point `place`.
    pub(super) fn rows(&self, place: usize) -> &[u32] {
        match (self.starts.get(place), self.starts.get(place + 1)) {
            (Some(start), Some(end)) => self.rows.get(*start..*end).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// The values of one objective in ascending order, each with its place in `rows`.
fn sorted_keys(points: &Points<'_>, rows: &[u32], objective: usize) -> Vec<(u64, u32)> {
    let value = |row: &u32| points.row(*row as usize).get(objective).copied();
    let keys = rows.iter().map(|row| key(value(row).unwrap_or_default()));
    let mut sorted: Vec<(u64, u32)> = keys.zip(0..).collect();
    sorted.sort_unstable_by_key(|(key, _)| *key);
    sorted
}

/// A whole number in the order of the finite numbers, equal for −0 and 0.
#[inline]
pub(super) fn key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    let negative = bits >> 63 == 1;
    if negative { !bits } else { bits | (1 << 63) }
}

fn dense_ranks(sorted: &[(u64, u32)]) -> Vec<u32> {
    let mut ranks = vec![0; sorted.len()];
    let mut rank = 0;
    for (position, (key, place)) in sorted.iter().enumerate() {
        if position > 0 && sorted[position - 1].0 != *key {
            rank += 1;
        }
        ranks[*place as usize] = rank;
    }
    ranks
}

/// Puts places that are equal in the first objective in the order of the others.
fn sort_ties(order: &mut [u32], ranks: &[Vec<u32>]) {
    let Some((first, others)) = ranks.split_first() else {
        return;
    };
    let same = |a: &u32, b: &u32| first[*a as usize] == first[*b as usize];
    for group in order.chunk_by_mut(same) {
        group.sort_unstable_by(|a, b| {
            let pairs = others
                .iter()
                .map(|ranks| ranks[*b as usize].cmp(&ranks[*a as usize]));
            pairs
                .fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
                .then(a.cmp(b))
        });
    }
}

fn equal(ranks: &[Vec<u32>], a: u32, b: u32) -> bool {
    ranks
        .iter()
        .all(|ranks| ranks[a as usize] == ranks[b as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinct_points_stand_from_best_to_worst_with_their_ranks() {
        let values = [1.0, 5.0, 2.0, -3.0, 1.0, 5.0, 2.0, 0.0, 1.0, -0.0];
        let points = Points::new(&values, 2).unwrap();
        let order = Order::of(&points, &[0, 1, 2, 3, 4]);
        assert_eq!(order.len(), 4);
        let rows: Vec<&[u32]> = (0..5).map(|place| order.rows(place)).collect();
        assert_eq!(rows, [&[3][..], &[1], &[0, 2], &[4], &[]]);
        assert_eq!(order.ranks, [[1, 1, 0, 0], [1, 0, 2, 1]]);
    }

    #[test]
    fn keys_rise_with_the_values() {
        let values = [
            -f64::MAX,
            -1.0,
            -5e-324,
            0.0,
            5e-324,
            1.0,
            1.0 + f64::EPSILON,
            f64::MAX,
        ];
        assert!(values.windows(2).all(|pair| key(pair[0]) < key(pair[1])));
        assert_eq!(key(-0.0), key(0.0));
    }
}
