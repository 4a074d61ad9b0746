//! Levels fitted by least squares, with changes at the best places: what a straight line has
//! to beat.

use super::super::akaike::aicc;
use super::super::moments::{centred_products, mean, sum};

/// Levels with a number of changes, at the places that leave the smallest sum of squares.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Steps {
    /// First value of every level but the first.
    pub(super) places: Vec<usize>,
    /// Sum of squares about the levels.
    pub(super) sse: f64,
}

impl Steps {
    /// Levels between given places, ascending and inside the series. O(n).
    pub(super) fn at(values: &[f64], places: Vec<usize>) -> Self {
        let starts = std::iter::once(0).chain(places.iter().copied());
        let ends = places.iter().copied().chain([values.len()]);
        let segments = starts
            .zip(ends)
            .filter_map(|(start, end)| values.get(start..end));
        let squares = segments.map(|segment| {
            let level = mean(segment);
            centred_products(segment, level, segment, level)
        });
        let sse = sum(squares);
        Self { places, sse }
    }

    /// Corrected Akaike criterion for `n` values. The parameters are the variance, the levels
    /// and the places, of which the first counts once and every further one twice. Minus
    /// infinity when the levels leave nothing; `None` when there are too few values for so many
    /// levels.
    ///
    /// A place that is searched for costs three parameters: Ninomiya, "Change-point model
    /// selection via AIC", Annals of the Institute of Statistical Mathematics 67 (2015)
    /// 943–961. With three for each, single steps of a short series are lost to the line; with
    /// one, many steps imitate a line too cheaply. The simulation of slopes and staircases
    /// holds the choice between them to account.
    pub(super) fn aicc(&self, n: usize) -> Option<f64> {
        let changes = self.places.len();
        let parameters = if changes == 0 { 2 } else { 3 * changes + 1 };
        if n <= parameters + 1 || !self.sse.is_finite() {
            return None;
        }
        if self.sse <= 0.0 {
            return Some(f64::NEG_INFINITY);
        }
        aicc(n, self.sse, parameters)
    }
}

/// The best levels with 1, 2, … `most` changes, each of at least `shortest` values; fewer
/// where they do not fit or the squares exceed a double.
///
/// Dynamic programming over the place of the last change, O(n²) for each change but the first:
/// Auger and Lawrence, "Algorithms for the optimal identification of segment neighborhoods",
/// Bulletin of Mathematical Biology 51 (1989) 39–54.
pub(super) fn best_steps(values: &[f64], most: usize, shortest: usize) -> Vec<Steps> {
    let n = values.len();
    let cost = Cost::of(values);
    // For every end, the least squares of the values before it with one change fewer.
    let mut least: Vec<f64> = (0..=n).map(|end| cost.of_segment(0, end)).collect();
    let mut backwards: Vec<Vec<usize>> = Vec::new();
    let mut found = Vec::new();
    for changes in 1..=most {
        let start = changes * shortest;
        let best = |end: usize| {
            let places = start..(end + 1).saturating_sub(shortest);
            let squares = |place: &usize| least[*place] + cost.of_segment(*place, end);
            let place = places.min_by(|a, b| squares(a).total_cmp(&squares(b)))?;
            Some((squares(&place), place)).filter(|(squares, _)| squares.is_finite())
        };
        let Some((_, last)) = best(n) else {
            break;
        };
        let mut places = vec![last];
        for layer in backwards.iter().rev() {
            places.extend(places.last().map(|place| layer[*place]));
        }
        places.reverse();
        found.push(Steps::at(values, places));
        if changes < most {
            let layer: Vec<(f64, usize)> = (0..=n)
                .map(|end| best(end).unwrap_or((f64::INFINITY, 0)))
                .collect();
            (least, places) = layer.into_iter().unzip();
            backwards.push(places);
        }
    }
    found
}

/// Sums and sums of squares from the start, of values less their mean.
struct Cost {
    sums: Vec<(f64, f64)>,
}

impl Cost {
    fn of(values: &[f64]) -> Self {
        let centre = mean(values);
        let mut sums = vec![(0.0, 0.0)];
        let (mut total, mut squares) = (0.0, 0.0);
        for value in values {
            let distance = value - centre;
            total += distance;
            squares += distance * distance;
            sums.push((total, squares));
        }
        Self { sums }
    }

    /// Sum of squares of the values from `start` to before `end` about their mean.
    fn of_segment(&self, start: usize, end: usize) -> f64 {
        if end <= start {
            return 0.0;
        }
        let ((sum, squares), (later_sum, later_squares)) = (self.sums[start], self.sums[end]);
        let total = later_sum - sum;
        later_squares - squares - total * total / (end - start) as f64
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::reference::close;
    use super::*;

    #[test]
    fn levels_that_fit_exactly_leave_nothing() {
        let values = [1.0, 1.0, 1.0, 4.0, 4.0, 4.0, 2.0, 2.0, 2.0];
        let found = best_steps(&values, 3, 3);
        let places: Vec<&[usize]> = found.iter().map(|steps| &steps.places[..]).collect();
        assert_eq!(places, [&[3][..], &[3, 6]]);
        assert_eq!(found[1].sse, 0.0);
        assert_eq!(found[1].aicc(9), Some(f64::NEG_INFINITY));
        assert_eq!(found[1].aicc(7), None);
        close(found[0].sse, 6.0, 1e-12);
        // 9·(ln(2π·6/9) + 1) + 2·4 + 2·4·5/4.
        close(found[0].aicc(9), 39.89170762471063, 1e-9);
    }

    #[test]
    fn too_few_values_have_no_steps() {
        assert_eq!(best_steps(&[], 3, 3), []);
        assert_eq!(best_steps(&[1.0, 2.0, 3.0, 4.0, 5.0], 3, 3), []);
        assert_eq!(best_steps(&[1e308, -1e308, 1e308], 2, 1), []);
    }

    proptest! {
        #[test]
        fn no_other_pair_of_places_leaves_less(
            values in prop::collection::vec(-1e3..1e3f64, 6..20),
        ) {
            let found = best_steps(&values, 2, 2);
            for a in 2..values.len() - 3 {
                for b in a + 2..=values.len() - 2 {
                    let other = Steps::at(&values, vec![a, b]).sse;
                    prop_assert!(found[1].sse <= other * (1.0 + 1e-9));
                }
            }
        }
    }
}
