//! A first filter for large sets: a few strong points beat most of the others at once.

use super::dominance::{covers, dominates};
use super::points::Points;

/// Rows of which the strongest are chosen.
const SAMPLE: usize = 512;

/// Rows that tell how strong a row is, one bit each.
const PROBES: usize = 64;

/// Most strong points of one round.
const STRONG: usize = 8;

/// Rows of `points` without many that are beaten; every row nobody beats is among them.
///
/// Rounds of O(n·d): out of a sample, the points that beat most of 64 probes (each counting what
/// those before left) are compared with all rows; as long as a round removes a fifth of the rows.
pub(super) fn candidates(points: &Points<'_>) -> Vec<u32> {
    let mut rows: Vec<u32> = (0..).take(points.len()).collect();
    while rows.len() > 2 * SAMPLE {
        let strong = strong_points(points, &rows);
        let before = rows.len();
        if !strong.is_empty() {
            rows.retain(|row| {
                let row = points.row(*row as usize);
                !strong.iter().any(|strong| dominates(strong, row))
            });
        }
        if rows.len() * 5 > before * 4 {
            break;
        }
    }
    rows
}

/// The points that together beat most of the probes, each at least two that are left.
fn strong_points<'a>(points: &Points<'a>, rows: &[u32]) -> Vec<&'a [f64]> {
    let spread = |count: usize| {
        let step = rows.len().div_ceil(count);
        rows.iter()
            .step_by(step)
            .map(|row| points.row(*row as usize))
    };
    let probes: Vec<&[f64]> = spread(PROBES).collect();
    let beaten = |a: &[f64]| {
        let bits = probes.iter().map(|probe| u64::from(covers(a, probe)));
        bits.fold(0_u64, |beaten, bit| (beaten << 1) | bit)
    };
    let sample: Vec<(u64, &[f64])> = spread(SAMPLE).map(|a| (beaten(a), a)).collect();
    let mut left = u64::MAX;
    let mut strong = Vec::new();
    while strong.len() < STRONG {
        let best = sample
            .iter()
            .max_by_key(|(beaten, _)| (beaten & left).count_ones());
        match best {
            Some((beaten, point)) if (beaten & left).count_ones() >= 2 => {
                left &= !beaten;
                strong.push(*point);
            }
            _ => break,
        }
    }
    strong
}

#[cfg(test)]
mod tests {
    use super::super::super::random::{SEED, SplitMix64};
    use super::super::brute::{front_by_comparison, random_set};
    use super::*;

    #[test]
    fn no_unbeaten_row_is_lost() {
        let mut random = SplitMix64::new(SEED);
        for dimension in [2, 4] {
            let values = random_set(&mut random, 1500, dimension);
            let points = Points::new(&values, dimension).unwrap();
            let found = candidates(&points);
            let kept = |row: &usize| found.binary_search(&(*row as u32)).is_ok();
            assert!(front_by_comparison(&points).iter().all(kept));
        }
    }

    #[test]
    fn most_of_a_uniform_cloud_is_removed() {
        let mut random = SplitMix64::new(SEED);
        let values: Vec<f64> = (0..60_000).map(|_| random.uniform()).collect();
        let found = candidates(&Points::new(&values, 3).unwrap());
        assert!(found.len() < 2_000, "{}", found.len());
    }
}
