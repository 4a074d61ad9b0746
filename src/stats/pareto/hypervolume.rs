//! Hypervolume: the volume between a reference point and the staircase of a set of points.

use super::super::error::{StatsError, require_finite};
use super::contribution::exclusive_volumes;
use super::front::front;
use super::points::Points;
use super::volume::union_volume;

/// Most objectives accepted: the time grows exponentially with them.
const OBJECTIVES: usize = 10;

/// The volume that a set of points covers down to a reference point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hypervolume {
    /// In the product of the units of all objectives.
    pub volume: f64,
    /// Points left out because they are not better than the reference in every objective.
    pub dropped: usize,
}

/// What the volume would lose without one point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// Row of the point, from 0.
    pub row: usize,
    /// Volume that no other point of the front covers; 0 for a point that has a duplicate, and
    /// for one that is not better than the reference in every objective.
    pub volume: f64,
}

/// Volume of the union of the boxes between `reference` and each point (Zitzler and Thiele,
/// "Multiobjective evolutionary algorithms: a comparative case study and the strength Pareto
/// approach", IEEE Transactions on Evolutionary Computation 3 (1999) 257–271).
///
/// Two objectives: a sweep, O(n log n). Three: a sweep along the third over the staircase of the
/// other two, O(n log n) (Fonseca, Paquete, López-Ibáñez, CEC 2006, 1157–1163). More: the
/// recursion of While, Bradstreet, Barone, "A fast way of calculating exact hypervolumes", IEEE
/// Transactions on Evolutionary Computation 16 (2012) 86–95; exponential in the number of
/// objectives at worst.
///
/// # Errors
/// A reference of another dimension or not finite, more than 10 objectives, or a box around all
/// points whose volume, or that of a side of it, is beyond the range of a double.
pub fn hypervolume(points: &Points<'_>, reference: &[f64]) -> Result<Hypervolume, StatsError> {
    let inside = Inside::of(points, reference)?;
    Ok(Hypervolume {
        volume: union_volume(inside.distances, points.dimension()),
        dropped: points.len() - inside.better,
    })
}

/// What each point of the front contributes alone to [`hypervolume`], in row order. Dominated
/// points count neither as rows nor as cover for others.
///
/// Two objectives: O(n log n). More: the volume of a point's box less what the boxes of the
/// others cover of it, h times the cost of [`hypervolume`] for h points on the front.
///
/// # Errors
/// Those of [`hypervolume`].
pub fn contributions(
    points: &Points<'_>,
    reference: &[f64],
) -> Result<Vec<Contribution>, StatsError> {
    let inside = Inside::of(points, reference)?;
    let volumes = exclusive_volumes(&inside.distances, points.dimension());
    let mut all: Vec<Contribution> = inside
        .outside
        .into_iter()
        .map(|row| Contribution { row, volume: 0.0 })
        .collect();
    let alone = inside.rows.into_iter().zip(volumes);
    all.extend(alone.map(|(row, volume)| Contribution { row, volume }));
    all.sort_unstable_by_key(|contribution| contribution.row);
    Ok(all)
}

/// The points of the front, measured from the reference.
struct Inside {
    /// Rows of the front better than the reference in every objective.
    rows: Vec<usize>,
    /// Their distances from the reference, all positive, one row after the other.
    distances: Vec<f64>,
    /// Rows of the front that are not.
    outside: Vec<usize>,
    /// Number of points, on the front or not, that are better.
    better: usize,
}

impl Inside {
    fn of(points: &Points<'_>, reference: &[f64]) -> Result<Self, StatsError> {
        let (x, y) = (points.dimension(), reference.len());
        if x != y {
            return Err(StatsError::UnequalLengths { x, y });
        }
        if x > OBJECTIVES {
            let limit = OBJECTIVES;
            return Err(StatsError::TooMany { n: x, limit });
        }
        require_finite("reference", reference)?;
        let is_better = |row: &[f64]| row.iter().zip(reference).all(|(v, r)| v > r);
        let (rows, outside): (Vec<usize>, Vec<usize>) = front(points)
            .into_iter()
            .partition(|row| is_better(points.row(*row)));
        let mut distances = Vec::with_capacity(rows.len() * x);
        for row in &rows {
            distances.extend(points.row(*row).iter().zip(reference).map(|(v, r)| v - r));
        }
        let longest = (0..x).map(|d| {
            let sides = distances.iter().skip(d).step_by(x);
            sides.copied().fold(1.0, f64::max)
        });
        if !longest.product::<f64>().is_finite() {
            return Err(StatsError::OutOfRange);
        }
        Ok(Self {
            rows,
            distances,
            outside,
            better: points.rows().filter(|row| is_better(row)).count(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::reference::{SEVEN_SCORES, SEVEN_SPEEDS, close};
    use super::super::brute::on_random_sets;
    use super::super::published::published;
    use super::*;

    fn seven() -> Vec<f64> {
        let pairs = SEVEN_SPEEDS.into_iter().zip(SEVEN_SCORES);
        pairs.flat_map(|(speed, score)| [speed, score]).collect()
    }

    #[test]
    fn seven_models_cover_three_strips() {
        let values = seven();
        let points = Points::new(&values, 2).unwrap();
        let found = hypervolume(&points, &[400.0, 35.0]).unwrap();
        // (550−400)·19.5 + (800−550)·13 + (1000−800)·5.5; Llama2 and Phi-2 lie on the edges.
        assert_eq!((found.volume, found.dropped), (7275.0, 2));
        let alone: Vec<(usize, f64)> = contributions(&points, &[400.0, 35.0])
            .unwrap()
            .into_iter()
            .map(|c| (c.row, c.volume))
            .collect();
        // 150·6.5, 250·7.5, 200·5.5.
        assert_eq!(alone, [(0, 975.0), (1, 1875.0), (4, 1100.0)]);
    }

    #[test]
    fn volumes_are_the_published_ones() {
        for name in [
            "test2D",
            "hvc2d_1",
            "dom3d",
            "dtlz_linear_3d_set1",
            "bug_5d_1",
        ] {
            let Some(set) = published(name) else { return };
            let keys = ["hypervolume_expected", "hypervolume_moocore_0.3.2"];
            let expected = keys
                .iter()
                .find_map(|key| set.facts[*key].as_f64())
                .unwrap();
            let found = hypervolume(&set.points(), &set.reference()).unwrap();
            close(found.volume, expected, 1e-12 * expected);
            let dropped = if name == "test2D" { 3 } else { 0 };
            assert_eq!(found.dropped, dropped, "{name}");
        }
    }

    /// Volumes that the points contribute alone, 0 for those behind the front.
    fn by_row(points: &Points<'_>, reference: &[f64]) -> Vec<f64> {
        let mut volumes = vec![0.0; points.len()];
        for c in contributions(points, reference).unwrap() {
            volumes[c.row] = c.volume;
        }
        volumes
    }

    #[test]
    fn contributions_are_the_published_ones() {
        // hv/hvc/dom3d.inp of the test suite: ten sets, one after the other.
        let Some(set) = published("dom3d") else {
            return;
        };
        let expected = set.facts["hv_exclusive_contributions"].as_array().unwrap();
        let (points, mut start) = (set.points(), 0);
        for size in [5, 5, 5, 4, 6, 6, 6, 6, 6, 6] {
            let values = &points.values()[3 * start..3 * (start + size)];
            let found = by_row(&Points::new(values, 3).unwrap(), &[-10.0; 3]);
            let expected = expected.iter().skip(start).map(|v| v.as_f64().unwrap());
            assert!(found.into_iter().eq(expected.take(size)), "{start}");
            start += size;
        }
        let Some(set) = published("hvc2d_1") else {
            return;
        };
        assert_eq!(by_row(&set.points(), &set.reference())[..2], [7178.0, 0.0]);
    }

    #[test]
    fn volumes_in_four_to_seven_objectives_are_those_of_moocore() {
        // moocore 0.3.2, hypervolume(maximise=True) of the points below, reference 0.
        let expected = [
            0.6216163002868956,
            0.45344515305235583,
            0.2333463817866755,
            0.16383798960300247,
        ];
        for (dimension, expected) in (4..).zip(expected) {
            // Weyl sequences, one for each objective.
            let steps = [2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0].map(f64::sqrt);
            let values: Vec<f64> = (1..=40)
                .flat_map(|i| {
                    steps[..dimension]
                        .iter()
                        .map(move |s| (s * f64::from(i)).fract())
                })
                .collect();
            let points = Points::new(&values, dimension).unwrap();
            let found = hypervolume(&points, &vec![0.0; dimension]).unwrap();
            close(found.volume, expected, 1e-12 * expected);
        }
    }

    #[test]
    fn a_contribution_is_what_the_volume_loses() {
        on_random_sets(150, 14, |points| {
            let d = points.dimension();
            let reference = vec![0.3; d];
            let whole = hypervolume(points, &reference).unwrap();
            for c in contributions(points, &reference).unwrap() {
                let rows = points.rows().enumerate().filter(|(row, _)| *row != c.row);
                let front = super::front(points);
                let rest: Vec<f64> = rows
                    .filter(|(row, _)| front.contains(row))
                    .flat_map(|(_, row)| row.to_vec())
                    .collect();
                let rest = hypervolume(&Points::new(&rest, d).unwrap(), &reference).unwrap();
                let tolerance = 1e-12 * (1.0 + whole.volume);
                close(c.volume, whole.volume - rest.volume, tolerance);
            }
        });
    }

    #[test]
    fn refuses_what_has_no_volume() {
        let points = Points::new(&[1.0, 2.0], 2).unwrap();
        assert_eq!(
            hypervolume(&points, &[0.0]),
            Err(StatsError::UnequalLengths { x: 2, y: 1 })
        );
        assert_eq!(
            contributions(&points, &[0.0, f64::NAN]),
            Err(StatsError::NotFinite {
                variable: "reference",
                index: 1
            })
        );
        assert_eq!(
            hypervolume(&points, &[-1e308, -1e308]),
            Err(StatsError::OutOfRange)
        );
        let eleven = Points::new(&[1.0; 11], 11).unwrap();
        assert_eq!(
            hypervolume(&eleven, &[0.0; 11]),
            Err(StatsError::TooMany { n: 11, limit: 10 })
        );
        let none = Points::new(&[], 3).unwrap();
        assert_eq!(hypervolume(&none, &[0.0; 3]).unwrap().volume, 0.0);
    }

    proptest! {
        #[test]
        fn dividing_an_axis_divides_the_volume_and_order_does_not_matter(
            values in prop::collection::vec(0.0..1.0f64, 4..80),
            dimension in 1..6_usize,
            turn in 0..10_usize,
        ) {
            let n = values.len() / dimension;
            let values = &values[..n * dimension];
            let mut turned: Vec<f64> = values
                .iter()
                .enumerate()
                .map(|(i, v)| if i % dimension == 0 { v / 4.0 } else { *v })
                .collect();
            turned.rotate_left(dimension * (turn % n.max(1)));
            let volume = |values: &[f64]| {
                let points = Points::new(values, dimension).unwrap();
                hypervolume(&points, &vec![-0.5; dimension]).unwrap().volume
            };
            let mut reference = vec![-0.5; dimension];
            reference[0] = -0.125;
            let points = Points::new(&turned, dimension).unwrap();
            let there = hypervolume(&points, &reference).unwrap().volume;
            prop_assert!((volume(values) - 4.0 * there).abs() <= 1e-12 * volume(values));
        }
    }
}
