//! Points spread evenly over the unit cube, and their normal scores.

use super::super::normal::normal_quantile;

/// Bits of a coordinate.
const BITS: usize = 12;

/// Number of points.
pub(super) const DRAWS: usize = 1 << BITS;

/// A primitive polynomial over two elements, and the numbers its recurrence starts from.
struct Direction {
    degree: usize,
    /// The coefficients between the first and the last, which are 1, as bits.
    inner: usize,
    first: [usize; 6],
}

/// Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM
/// Journal on Scientific Computing 30 (2008) 2635–2654, file new-joe-kuo-6.21201, dimensions 2
/// to 16.
const DIRECTIONS: [Direction; 15] = [
    direction(1, 0, [1, 0, 0, 0, 0, 0]),
    direction(2, 1, [1, 3, 0, 0, 0, 0]),
    direction(3, 1, [1, 3, 1, 0, 0, 0]),
    direction(3, 2, [1, 1, 1, 0, 0, 0]),
    direction(4, 1, [1, 1, 3, 3, 0, 0]),
    direction(4, 4, [1, 3, 5, 13, 0, 0]),
    direction(5, 2, [1, 1, 5, 5, 17, 0]),
    direction(5, 4, [1, 1, 5, 5, 5, 0]),
    direction(5, 7, [1, 1, 7, 11, 19, 0]),
    direction(5, 11, [1, 1, 5, 1, 1, 0]),
    direction(5, 13, [1, 1, 1, 3, 11, 0]),
    direction(5, 14, [1, 3, 5, 5, 31, 0]),
    direction(6, 1, [1, 3, 3, 9, 7, 49]),
    direction(6, 13, [1, 1, 1, 15, 21, 21]),
    direction(6, 16, [1, 3, 1, 13, 27, 49]),
];

/// Most coordinates a point can have.
pub(super) const COORDINATES: usize = DIRECTIONS.len() + 1;

const fn direction(degree: usize, inner: usize, first: [usize; 6]) -> Direction {
    Direction {
        degree,
        inner,
        first,
    }
}

/// Standard normal scores of the first 4096 Sobol points, moved by half a step.
///
/// Every coordinate runs through the same 4096 scores, the midpoints of equal shares of the
/// normal distribution, in its own order; so one coordinate alone is the midpoint rule.
#[derive(Debug)]
pub(super) struct NormalSobol {
    coordinates: Vec<Vec<f64>>,
}

impl NormalSobol {
    /// Points of `dimension` coordinates, at most [`COORDINATES`].
    pub(super) fn new(dimension: usize) -> Self {
        let share = |k: usize| (k as f64 + 0.5) / DRAWS as f64;
        let score = |k| normal_quantile(share(k)).unwrap_or_default();
        let scores: Vec<f64> = (0..DRAWS).map(score).collect();
        let coordinate = |d| {
            let steps = steps(d);
            (0..DRAWS).map(|k| scores[place(k, &steps)]).collect()
        };
        Self {
            coordinates: (0..dimension.min(COORDINATES)).map(coordinate).collect(),
        }
    }

    /// Coordinate `d` of all points, from 0; empty where there is none.
    pub(super) fn coordinate(&self, d: usize) -> &[f64] {
        self.coordinates.get(d).map_or(&[], Vec::as_slice)
    }
}

/// What each bit of a point's number adds to its coordinate, in 4096ths.
fn steps(d: usize) -> [usize; BITS] {
    let mut m = [1; BITS];
    let direction = d.checked_sub(1).and_then(|d| DIRECTIONS.get(d));
    if let Some(Direction {
        degree,
        inner,
        first,
    }) = direction.or(DIRECTIONS.last()).filter(|_| d > 0)
    {
        for i in 0..BITS {
            m[i] = match i.checked_sub(*degree) {
                None => first[i],
                Some(oldest) => (1..*degree)
                    .filter(|k| inner >> (degree - 1 - k) & 1 == 1)
                    .fold(m[oldest] ^ (m[oldest] << degree), |sum, k| {
                        sum ^ (m[i - k] << k)
                    }),
            };
        }
    }
    let mut bit = BITS;
    m.map(|m| {
        bit -= 1;
        m << bit
    })
}

/// The coordinate of a point in 4096ths.
fn place(point: usize, steps: &[usize; BITS]) -> usize {
    let set = steps
        .iter()
        .enumerate()
        .filter(|(bit, _)| point >> bit & 1 == 1);
    set.fold(0, |place, (_, step)| place ^ step) % DRAWS
}

#[cfg(test)]
mod tests {
    use super::super::super::reference::close;
    use super::*;

    #[test]
    fn coordinates_are_those_of_scipy() {
        // scipy 1.16.3, 4096·qmc.Sobol(16, scramble=False).random(4096), rows 100 and 3001. Its
        // row n is point n XOR n/2 of the order used here.
        let rows = [
            (
                86,
                [
                    1696, 1056, 3168, 2976, 3616, 3040, 96, 1952, 2592, 2848, 1888, 2784, 1952,
                    3488, 1312, 2016,
                ],
            ),
            (
                3685,
                [
                    2663, 3433, 339, 3783, 1921, 1505, 1103, 3655, 471, 3759, 2331, 571, 2633,
                    2907, 3119, 2365,
                ],
            ),
        ];
        for (point, expected) in rows {
            for (d, expected) in expected.into_iter().enumerate() {
                assert_eq!(place(point, &steps(d)), expected, "coordinate {d}");
            }
        }
    }

    #[test]
    fn every_coordinate_takes_each_score_once() {
        let sobol = NormalSobol::new(COORDINATES + 1);
        let mut first = sobol.coordinate(0).to_vec();
        first.sort_by(f64::total_cmp);
        for d in 1..COORDINATES {
            let mut found = sobol.coordinate(d).to_vec();
            found.sort_by(f64::total_cmp);
            assert_eq!(found, first);
        }
        assert!(sobol.coordinate(COORDINATES).is_empty());
        let squares: f64 = first.iter().map(|z| z * z).sum();
        close(first.iter().sum::<f64>(), 0.0, 1e-9);
        close(squares / DRAWS as f64, 1.0, 5e-4);
    }
}
