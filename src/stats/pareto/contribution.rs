//! What one box adds to a union of boxes that all begin at the origin.

use super::super::ranks::ascending;
use super::volume::union_volume;

/// For each corner the volume that its box alone covers. No corner covers another one, but
/// corners may be repeated.
pub(super) fn exclusive_volumes(corners: &[f64], dimension: usize) -> Vec<f64> {
    if dimension == 2 {
        return of_two(corners);
    }
    let rows = || corners.chunks_exact(dimension.max(1));
    let alone = |(i, corner): (usize, &[f64])| {
        let others = rows().enumerate().filter(|(j, _)| *j != i);
        let cut: Vec<f64> = others
            .flat_map(|(_, other)| corner.iter().zip(other).map(|(a, b)| a.min(*b)))
            .collect();
        let own: f64 = corner.iter().product();
        (own - union_volume(cut, dimension)).max(0.0)
    };
    rows().enumerate().map(alone).collect()
}

/// The rectangle between a corner and its neighbours along the staircase.
fn of_two(corners: &[f64]) -> Vec<f64> {
    let mut sides: Vec<(f64, f64, usize)> = corners
        .chunks_exact(2)
        .zip(0..)
        .map(|(c, i)| (c[0], c[1], i))
        .collect();
    sides.sort_unstable_by(|a, b| ascending(&a.0, &b.0));
    let mut volumes = vec![0.0; sides.len()];
    for (place, (x, y, i)) in sides.iter().enumerate() {
        let left = place.checked_sub(1).and_then(|left| sides.get(left));
        let left = left.map_or(0.0, |left| left.0);
        let right = sides.get(place + 1).map_or(0.0, |right| right.1);
        volumes[*i] = (x - left) * (y - right);
    }
    volumes
}
