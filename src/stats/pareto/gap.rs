//! How far a dominated point is from the front.

use super::super::error::StatsError;
use super::corner::distance_out;
use super::dominance::dominates;
use super::front::front;
use super::points::Points;

/// What a point lacks to be on the front.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// For each objective what it alone must gain, in its unit and with the others held, until no
    /// point dominates this one: a limit, as at that value itself the point may still be behind
    /// an equal one. 0 on the front, and where a point behind it lacks nothing in this objective.
    pub missing: Vec<f64>,
    /// Euclidean distance to the staircase, the edge of what the front dominates, with every
    /// objective scaled to 0…1 over all points; 0 on the front and on an edge of the staircase.
    /// `None` where more than 100 000 corners of the staircase would have to be visited.
    pub distance: Option<f64>,
    /// Radial efficiency in 0…1: 1/φ with the largest φ for which the point, its gains times φ
    /// and its costs (gains below 0) divided by φ, is still covered by a point of the front. 1 on
    /// the front. `None` where a value is 0, or of another sign than that of a dominating point.
    pub efficiency: Option<f64>,
}

/// The front of a set of points, and the scales that gaps to it are measured by.
#[derive(Debug, Clone)]
pub struct Gaps<'a> {
    points: Points<'a>,
    front: Vec<&'a [f64]>,
    /// Largest less smallest value of each objective over all points.
    spans: Vec<f64>,
}

impl<'a> Gaps<'a> {
    /// Finds the front and the span of each objective; the cost of [`front`].
    ///
    /// # Errors
    /// A span beyond the range of a double.
    pub fn new(points: &Points<'a>) -> Result<Self, StatsError> {
        let span = |d: usize| {
            let column = points.rows().filter_map(|row| row.get(d)).copied();
            let low = column.clone().fold(f64::INFINITY, f64::min);
            column.fold(f64::NEG_INFINITY, f64::max) - low
        };
        let spans: Vec<f64> = (0..points.dimension()).map(span).collect();
        if !points.is_empty() && spans.iter().any(|span| !span.is_finite()) {
            return Err(StatsError::OutOfRange);
        }
        let rows = front(points).into_iter().map(|row| points.row(row));
        Ok(Self {
            points: *points,
            front: rows.collect(),
            spans,
        })
    }

    /// The gap of point `row`, from 0; `None` where there is no such point. O(d²·h) for h points
    /// on the front, and for the distance a search over the corners of the staircase above the
    /// point: fast in two objectives, exponential in their number at worst.
    ///
    /// Sources of the efficiency: Farrell, "The measurement of productive efficiency", Journal of
    /// the Royal Statistical Society A 120 (1957) 253–290; its free disposal hull: Deprins,
    /// Simar, Tulkens, "Measuring labor efficiency in post offices" (1984); gains and costs
    /// together: the hyperbolic measure of Färe, Grosskopf, Lovell, "The Measurement of
    /// Efficiency of Production" (1985).
    #[must_use]
    pub fn of(&self, row: usize) -> Option<Gap> {
        if row >= self.points.len() {
            return None;
        }
        let point = self.points.row(row);
        let best = self.front.iter().copied();
        let above: Vec<&[f64]> = best.filter(|best| dominates(best, point)).collect();
        Some(Gap {
            missing: (0..point.len()).map(|d| self.missing(point, d)).collect(),
            distance: self.distance(point, &above),
            efficiency: efficiency(point, &above),
        })
    }

    /// The best value in objective `d` among those at least as good in the rest, less the own.
    fn missing(&self, point: &[f64], d: usize) -> f64 {
        let in_the_rest = |best: &&&[f64]| {
            let mut pairs = best.iter().zip(point).enumerate();
            pairs.all(|(other, (best, own))| other == d || best >= own)
        };
        let reach = self.front.iter().filter(in_the_rest);
        reach.map(|best| best[d] - point[d]).fold(0.0, f64::max)
    }

    fn distance(&self, point: &[f64], above: &[&[f64]]) -> Option<f64> {
        let scaled = |best: &&[f64]| -> Option<Vec<f64>> {
            let sides = best.iter().zip(point).zip(&self.spans);
            // An objective in which all points are equal leaves nobody strictly inside.
            sides
                .map(|((best, own), span)| (*span > 0.0).then(|| (best - own) / span))
                .collect()
        };
        distance_out(&above.iter().filter_map(scaled).collect::<Vec<_>>())
    }
}

fn efficiency(point: &[f64], above: &[&[f64]]) -> Option<f64> {
    let mut largest = 1.0;
    for best in above {
        let ratios = best.iter().zip(point).map(|(best, own)| ratio(*best, *own));
        let ratios: Vec<f64> = ratios.collect::<Option<_>>()?;
        largest = f64::max(largest, ratios.into_iter().fold(f64::INFINITY, f64::min));
    }
    Some(1.0 / largest)
}

/// How many times better `best` is than `own`, which it covers.
fn ratio(best: f64, own: f64) -> Option<f64> {
    if own > 0.0 {
        Some(best / own)
    } else if best < 0.0 {
        Some(own / best)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::reference::{SEVEN_SCORES, SEVEN_SPEEDS, close};
    use super::super::brute::on_random_sets;
    use super::*;

    fn seven() -> Vec<f64> {
        let pairs = SEVEN_SPEEDS.into_iter().zip(SEVEN_SCORES);
        pairs.flat_map(|(speed, score)| [speed, score]).collect()
    }

    #[test]
    fn the_highlighted_model_lacks_one_point_of_score() {
        let values = seven();
        let gaps = Gaps::new(&Points::new(&values, 2).unwrap()).unwrap();
        let gap = gaps.of(2).unwrap();
        // Behind (800, 48) alone: 150 token/s or 1 point; spans 600 and 19.5.
        assert_eq!(gap.missing, [150.0, 1.0]);
        close(gap.distance, 1.0 / 19.5, 1e-15);
        close(gap.efficiency, 47.0 / 48.0, 1e-15);
        assert_eq!(gaps.of(7), None);
    }

    #[test]
    fn the_slowest_model_is_behind_several() {
        let values = seven();
        let gaps = Gaps::new(&Points::new(&values, 2).unwrap()).unwrap();
        // Llama2 (400, 36.5): alone 600 token/s or 18 points. The corners above it are
        // (400, 54.5), (550, 48), (800, 40.5) and (1000, 36.5); in spans from it (0, 18/19.5),
        // (150/600, 11.5/19.5), (400/600, 4/19.5), (1, 0).
        let gap = gaps.of(5).unwrap();
        assert_eq!(gap.missing, [600.0, 18.0]);
        close(gap.distance, (0.25_f64).hypot(11.5 / 19.5), 1e-15);
        // φ: 550/400 against 54.5/36.5, 48/36.5, 40.5/36.5.
        close(gap.efficiency, 400.0 / 550.0, 1e-15);
    }

    #[test]
    fn a_point_of_the_front_lacks_nothing() {
        let values = seven();
        let gaps = Gaps::new(&Points::new(&values, 2).unwrap()).unwrap();
        for row in [0, 1, 4] {
            let gap = gaps.of(row).unwrap();
            assert_eq!(gap.missing, [0.0, 0.0]);
            assert_eq!((gap.distance, gap.efficiency), (Some(0.0), Some(1.0)));
        }
    }

    #[test]
    fn an_edge_of_the_staircase_is_behind_the_front_but_not_inside() {
        let gaps = Gaps::new(&Points::new(&[1.0, 5.0, 2.0, 5.0, 0.0, 0.0], 2).unwrap()).unwrap();
        let gap = gaps.of(0).unwrap();
        assert_eq!(gap.missing, [1.0, 0.0]);
        assert_eq!((gap.distance, gap.efficiency), (Some(0.0), Some(1.0)));
    }

    #[test]
    fn gains_grow_and_costs_shrink_by_the_same_factor() {
        // Score 50 at 120 ms behind 60 at 80 ms: 60/50 and 120/80.
        let gaps = Gaps::new(&Points::new(&[50.0, -120.0, 60.0, -80.0], 2).unwrap()).unwrap();
        close(gaps.of(0).unwrap().efficiency, 50.0 / 60.0, 1e-15);
        let gaps = Gaps::new(&Points::new(&[-1.0, 2.0], 1).unwrap()).unwrap();
        assert_eq!(gaps.of(0).unwrap().efficiency, None);
    }

    #[test]
    fn a_gain_beyond_what_is_missing_is_enough_and_less_is_not() {
        on_random_sets(300, 25, |points| {
            let gaps = Gaps::new(points).unwrap();
            for row in 0..points.len() {
                let missing = gaps.of(row).unwrap().missing;
                for (d, missing) in missing.into_iter().enumerate() {
                    let beaten = |gain: f64| {
                        let mut moved = points.row(row).to_vec();
                        moved[d] += gain;
                        points.rows().any(|other| dominates(other, &moved))
                    };
                    assert!(!beaten(missing + 1e-9), "{points:?} {row} {d}");
                    assert!(missing == 0.0 || beaten(missing - 1e-9));
                }
            }
        });
    }
}
