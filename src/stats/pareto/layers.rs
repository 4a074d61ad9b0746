//! Non-dominated layers: the frontier, the frontier of the rest, and so on.

use super::order::Order;
use super::peel::layers_of_many;
use super::points::Points;

/// Layer of every point in row order: 1 for those that no point beats, 2 for those that only
/// points of layer 1 beat, and so on. Equal points share a layer.
///
/// Two objectives: a sort and a binary search over the layers, O(n log n). More: divide and
/// conquer, O(n log^(d−1) n). Sources: Jensen, "Reducing the run-time complexity of
/// multiobjective EAs", IEEE Transactions on Evolutionary Computation 7 (2003) 503–515; Fortin,
/// Grenier, Parizeau, GECCO 2013, 615–622.
#[must_use]
pub fn layers(points: &Points<'_>) -> Vec<usize> {
    let all: Vec<u32> = (0..).take(points.len()).collect();
    let order = Order::of(points, &all);
    let by_place = match order.ranks.as_slice() {
        [_] => (1..=order.len()).collect(),
        [_, second] => of_two(second),
        _ => layers_of_many(&order),
    };
    let mut layers = vec![0; points.len()];
    for (place, layer) in by_place.into_iter().enumerate() {
        for row in order.rows(place) {
            layers[*row as usize] = layer;
        }
    }
    layers
}

/// A layer beats a point exactly when its best second rank is at least as large.
fn of_two(second: &[u32]) -> Vec<usize> {
    let mut best: Vec<u32> = Vec::new();
    let place = |rank: &u32| {
        let layer = best.partition_point(|best| best >= rank);
        match best.get_mut(layer) {
            Some(best) => *best = *rank,
            None => best.push(*rank),
        }
        layer + 1
    };
    second.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::random::{SEED, SplitMix64};
    use super::super::brute::{layers_by_peeling, on_random_sets, random_set};
    use super::super::front::front;
    use super::super::published::published;
    use super::*;

    #[test]
    fn layers_are_those_of_peeling() {
        on_random_sets(1000, 40, |points| {
            assert_eq!(layers(points), layers_by_peeling(points), "{points:?}");
        });
    }

    #[test]
    fn sets_large_enough_to_be_divided_have_the_layers_of_peeling() {
        on_random_sets(30, 250, |points| {
            assert_eq!(layers(points), layers_by_peeling(points), "{points:?}");
        });
    }

    #[test]
    fn each_layer_is_the_front_of_what_is_left() {
        let mut random = SplitMix64::new(SEED);
        for dimension in 3..8 {
            let values = random_set(&mut random, 1500, dimension);
            let points = Points::new(&values, dimension).unwrap();
            let (found, mut left) = (layers(&points), (0..1500).collect::<Vec<usize>>());
            for layer in 1..=30 {
                let rest: Vec<f64> = left
                    .iter()
                    .flat_map(|row| points.row(*row).to_vec())
                    .collect();
                let front = front(&Points::new(&rest, dimension).unwrap());
                let front: Vec<usize> = front.into_iter().map(|place| left[place]).collect();
                let in_it = |row: &usize| found[*row] == layer;
                assert!(front.iter().eq(left.iter().filter(|row| in_it(row))));
                left.retain(|row| !in_it(row));
            }
        }
    }

    #[test]
    fn one_objective_has_a_layer_for_every_value() {
        let points = Points::new(&[3.0, 1.0, 3.0, 2.0], 1).unwrap();
        assert_eq!(layers(&points), [1, 3, 1, 2]);
        assert_eq!(layers(&Points::new(&[], 1).unwrap()), [] as [usize; 0]);
    }

    #[test]
    fn layers_are_the_published_ones() {
        for name in [
            "bug_5d_1",
            "dom3d",
            "hvc2d_1",
            "ndsort_3d_3fronts",
            "ndsort_bug_1_2d",
        ] {
            let Some(set) = published(name) else { return };
            let found = layers(&set.points());
            let size = |layer: usize| found.iter().filter(|l| **l == layer).count();
            let sizes: Vec<usize> = (1..).map(size).take_while(|n| *n > 0).collect();
            assert_eq!(sizes, set.whole_numbers("layer_sizes").unwrap(), "{name}");
            if let Some(expected) = set.whole_numbers("layer_of_row_0_based") {
                assert!(
                    found.iter().zip(expected).all(|(f, e)| *f == e + 1),
                    "{name}"
                );
            }
        }
    }
}
