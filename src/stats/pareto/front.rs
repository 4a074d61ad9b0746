//! The non-dominated points of a set in any number of objectives.

use super::divide::unbeaten;
use super::order::Order;
use super::points::Points;
use super::scan::front_of_two;
use super::strong::candidates;

/// Rows of the points that no other point beats, in ascending order; equal points all stay.
///
/// One objective: the largest values, O(n). Two: one pass, O(n log h) for h points on the front.
/// Three: a sort and a staircase, O(n log n). More: divide and conquer, O(n log^(d−2) n). From
/// three objectives on, a few strong points first remove most of what is beaten.
///
/// Source: Kung, Luccio, Preparata, "On finding the maxima of a set of vectors", Journal of the
/// ACM 22 (1975) 469–476.
#[must_use]
pub fn front(points: &Points<'_>) -> Vec<usize> {
    match points.dimension() {
        1 => largest(points.values()),
        2 => front_of_two(points.values()),
        _ => front_of_many(points),
    }
}

fn largest(values: &[f64]) -> Vec<usize> {
    let best = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let rows = values.iter().enumerate();
    rows.filter(|(_, value)| **value == best)
        .map(|(row, _)| row)
        .collect()
}

fn front_of_many(points: &Points<'_>) -> Vec<usize> {
    let order = Order::of(points, &candidates(points));
    let alive = unbeaten(&order).into_iter().enumerate();
    let mut rows: Vec<usize> = alive
        .filter(|(_, alive)| *alive)
        .flat_map(|(place, _)| order.rows(place))
        .map(|row| *row as usize)
        .collect();
    rows.sort_unstable();
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::random::{SEED, SplitMix64};
    use super::super::brute::{front_by_comparison, on_random_sets, random_set};
    use super::super::published::published;
    use super::*;

    fn front_is_that_of_comparing_all_pairs(sets: usize, largest: usize) {
        on_random_sets(sets, largest, |points| {
            assert_eq!(front(points), front_by_comparison(points), "{points:?}");
        });
    }

    #[test]
    fn a_thousand_random_sets_with_duplicates() {
        front_is_that_of_comparing_all_pairs(1000, 60);
    }

    #[test]
    #[ignore = "10 000 sets of up to 300 rows take a minute in a debug build"]
    fn ten_thousand_random_sets_with_duplicates() {
        front_is_that_of_comparing_all_pairs(10_000, 300);
    }

    #[test]
    fn sets_large_enough_for_every_branch() {
        let mut random = SplitMix64::new(SEED);
        for dimension in 2..8 {
            for _ in 0..2 {
                let values = random_set(&mut random, 1500, dimension);
                let points = Points::new(&values, dimension).unwrap();
                assert_eq!(front(&points), front_by_comparison(&points));
            }
        }
    }

    #[test]
    fn fronts_are_the_published_ones() {
        let names = [
            "test2D",
            "hvc2d_1",
            "ndsort_bug_1_2d",
            "dom3d",
            "ndsort_3d_3fronts",
            "dtlz_linear_3d_set1",
            "bug_5d_1",
        ];
        for name in names {
            let Some(set) = published(name) else { return };
            let expected = set.whole_numbers("nondominated_rows_0_based").unwrap();
            assert_eq!(front(&set.points()), expected, "{name}");
        }
    }

    #[test]
    fn one_objective_keeps_the_largest_and_its_equals() {
        let points = Points::new(&[1.0, 3.0, -2.0, 3.0], 1).unwrap();
        assert_eq!(front(&points), [1, 3]);
    }

    #[test]
    fn no_point_has_no_front() {
        for dimension in 1..6 {
            let none = Points::new(&[], dimension).unwrap();
            assert_eq!(front(&none), [] as [usize; 0]);
        }
    }

    fn few_values() -> impl Strategy<Value = (Vec<f64>, usize)> {
        (2..6_usize).prop_flat_map(|dimension| {
            let row = prop::collection::vec((0..6_i32).prop_map(f64::from), dimension);
            let rows = prop::collection::vec(row, 1..40);
            rows.prop_map(move |rows| (rows.concat(), dimension))
        })
    }

    proptest! {
        #[test]
        fn rising_transforms_of_the_axes_keep_the_front((values, d) in few_values()) {
            let bent: Vec<f64> = values
                .iter()
                .enumerate()
                .map(|(i, v)| match i % d % 3 {
                    0 => v.exp(),
                    1 => 1e-3 * v - 7.0,
                    _ => v.powi(3),
                })
                .collect();
            let (here, there) = (Points::new(&values, d).unwrap(), Points::new(&bent, d).unwrap());
            prop_assert_eq!(front(&here), front(&there));
        }

        #[test]
        fn rows_in_another_order_are_the_same_points((values, d) in few_values(), turn in 0..40_usize) {
            let n = values.len() / d;
            let mut turned = values.clone();
            turned.rotate_left(d * (turn % n));
            let there = Points::new(&turned, d).unwrap();
            let mut rows: Vec<usize> = front(&there).iter().map(|row| (row + turn) % n).collect();
            rows.sort_unstable();
            prop_assert_eq!(front(&Points::new(&values, d).unwrap()), rows);
        }

        #[test]
        fn a_beaten_point_changes_nothing((mut values, d) in few_values(), row in 0..40_usize) {
            let before = front(&Points::new(&values, d).unwrap());
            let start = d * (row % (values.len() / d));
            let worse: Vec<f64> = values[start..start + d].iter().map(|v| v - 0.5).collect();
            values.extend(worse);
            prop_assert_eq!(front(&Points::new(&values, d).unwrap()), before);
        }
    }
}
