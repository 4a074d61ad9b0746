//! The nearest way out of a union of boxes.

/// Corners visited before the search is given up.
const VISITED: usize = 100_000;

/// Euclidean distance from the origin to the nearest place that is not strictly inside any of
/// the boxes between the origin and `corners`, which hold numbers at or above 0. `None` where
/// more than 100 000 places would have to be looked at.
///
/// Branch and bound: to leave the box whose nearest wall is farthest, one coordinate must reach
/// its side; each coordinate is tried, nearest first. A branch is cut when even the nearest wall
/// costs more than a way out known.
pub(super) fn distance_out(corners: &[Vec<f64>]) -> Option<f64> {
    let boxes: Vec<&[f64]> = corners
        .iter()
        .map(Vec::as_slice)
        .filter(|sides| sides.iter().all(|side| *side > 0.0))
        .collect();
    let Some(dimension) = boxes.first().map(|sides| sides.len()) else {
        return Some(0.0);
    };
    // One way out always leads along a single axis.
    let along = |d: usize| boxes.iter().map(|sides| sides[d]).fold(0.0, f64::max);
    let mut best = (0..dimension)
        .map(along)
        .fold(f64::INFINITY, f64::min)
        .powi(2);
    let mut open = vec![Place {
        at: vec![0.0; dimension],
        below: vec![f64::INFINITY; dimension],
        cost: 0.0,
    }];
    for _ in 0..VISITED {
        let Some(place) = open.pop() else {
            return Some(best.sqrt());
        };
        match place.deepest(&boxes) {
            Some(sides) => place.branch(sides, best, &mut open),
            None => best = best.min(place.cost),
        }
    }
    None
}

/// A place reached from the origin by moving along the axes.
struct Place {
    at: Vec<f64>,
    /// What each coordinate must stay below: ways that reach it are on another branch.
    below: Vec<f64>,
    /// Squared distance from the origin.
    cost: f64,
}

impl Place {
    /// The box around this place whose nearest wall is farthest.
    fn deepest<'a>(&self, boxes: &[&'a [f64]]) -> Option<&'a [f64]> {
        let mut deepest = (0.0, None);
        for sides in boxes {
            let walls = sides.iter().zip(&self.at).map(|(side, at)| side - at);
            let depth = walls.fold(f64::INFINITY, f64::min);
            if depth > deepest.0 {
                deepest = (depth, Some(*sides));
            }
        }
        deepest.1
    }

    /// Adds the ways out of the box with these sides that may beat `best`, nearest last.
    fn branch(mut self, sides: &[f64], best: f64, open: &mut Vec<Place>) {
        let dearer = |d: &usize| sides[*d].powi(2) - self.at[*d].powi(2);
        let mut axes: Vec<usize> = (0..sides.len()).collect();
        axes.sort_by(|a, b| dearer(a).total_cmp(&dearer(b)));
        let first = open.len();
        for d in axes {
            let (side, at) = (sides[d], self.at[d]);
            let cost = self.cost + side.powi(2) - at.powi(2);
            if cost >= best {
                break;
            }
            if side < self.below[d] {
                self.at[d] = side;
                open.push(Place {
                    at: self.at.clone(),
                    below: self.below.clone(),
                    cost,
                });
                (self.at[d], self.below[d]) = (at, side);
            }
        }
        open[first..].reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::random::{SEED, SplitMix64};
    use super::super::super::reference::close;
    use super::*;

    /// The least distance over all places whose coordinates are 0 or a side of some box.
    fn by_trying_all(corners: &[Vec<f64>], dimension: usize) -> f64 {
        let mut places = vec![Vec::new()];
        for d in 0..dimension {
            let longer = |place: &Vec<f64>| {
                let sides = corners.iter().map(|sides| sides[d]).chain([0.0]);
                let place = place.clone();
                sides
                    .map(move |side| [&place[..], &[side]].concat())
                    .collect::<Vec<_>>()
            };
            places = places.iter().flat_map(longer).collect();
        }
        let inside = |place: &Vec<f64>| {
            let mut corners = corners.iter();
            corners.any(|sides| sides.iter().zip(place).all(|(side, at)| side > at))
        };
        let lengths = places
            .iter()
            .filter(|place| !inside(place))
            .map(|place| place.iter().map(|at| at * at).sum::<f64>());
        lengths.fold(f64::INFINITY, f64::min).sqrt()
    }

    #[test]
    fn finds_the_nearest_of_all_places() {
        let mut random = SplitMix64::new(SEED);
        for set in 0..400 {
            let dimension = 1 + set % 4;
            let side = |random: &mut SplitMix64| match set % 3 {
                0 => random.below(4) as f64,
                _ => random.uniform(),
            };
            let corners: Vec<Vec<f64>> = (0..random.below(7))
                .map(|_| (0..dimension).map(|_| side(&mut random)).collect())
                .collect();
            let expected = by_trying_all(&corners, dimension);
            close(distance_out(&corners), expected, 1e-12);
        }
    }

    #[test]
    fn no_box_or_a_flat_one_holds_nothing() {
        assert_eq!(distance_out(&[]), Some(0.0));
        assert_eq!(distance_out(&[vec![0.0, 3.0]]), Some(0.0));
        assert_eq!(distance_out(&[vec![4.0, 3.0]]), Some(3.0));
    }
}
