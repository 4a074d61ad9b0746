//! Which models are worth running: the Pareto frontier in any number of objectives, the layers
//! behind it, who beats whom, the knee, and what one step along the frontier costs.
//!
//! A point dominates another when it is at least as good in every objective and better in one;
//! equal points do not dominate each other.

use polars::prelude::DataFrame;

use crate::catalog::Direction;

use super::columns::{self, Excluded};
use super::error::AnalysisError;
use super::membership;

/// A column and which way of it is better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objective {
    /// The column.
    pub column: String,
    /// Which way is better.
    pub direction: Direction,
    /// Whether distances on it are measured on a logarithmic axis (for the knee).
    pub log: bool,
}

/// One point and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// What it is about.
    pub label: String,
    /// The row it came from, from 0.
    pub row: usize,
    /// Its value in each objective.
    pub values: Vec<f64>,
    /// The standard error of each value, where known.
    pub stderrs: Vec<Option<f64>>,
    /// 1 = the frontier, 2 = the frontier of the rest, ….
    pub layer: usize,
    /// Indices of the points that beat it; empty on the frontier, and above [`LISTED`] points.
    pub dominated_by: Vec<usize>,
    /// The probability to be on the frontier, given the standard errors; `None` when none is known.
    pub p_frontier: Option<f64>,
}

/// What one step along a two-dimensional frontier costs: change of the second objective for the first.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Index of the point the step starts at (worse in the first objective).
    pub from: usize,
    /// Index of the next point.
    pub to: usize,
    /// Change of the second objective for 100 units of the first.
    pub per_100: f64,
    /// Change of the second objective for a doubling of the first; `None` at values ≤ 0.
    pub per_doubling: Option<f64>,
}

/// A frontier and everything behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Frontier {
    /// The objectives.
    pub objectives: Vec<Objective>,
    /// The points, by layer and then from worst to best in the first objective.
    pub points: Vec<Placed>,
    /// The rows left out.
    pub excluded: Vec<Excluded>,
    /// Area dominated by the frontier down to `reference`; only for two objectives.
    pub hypervolume: Option<f64>,
    /// The corner the area is measured from: the worst value of each objective in the data.
    pub reference: Vec<f64>,
    /// Index of the knee.
    pub knee: Option<usize>,
    /// The steps along the frontier; only for two objectives.
    pub steps: Vec<Step>,
}

/// Up to so many points, who beats whom is listed one by one.
pub const LISTED: usize = 1_000;

impl Frontier {
    /// Finds the frontier of the rows of a frame.
    ///
    /// Rows without a value in some objective are left out and listed.
    ///
    /// # Errors
    /// [`AnalysisError::NoColumn`], [`AnalysisError::NotANumber`], and [`AnalysisError::TooFew`]
    /// when no row is left.
    pub fn of(
        frame: &DataFrame,
        label: Option<&str>,
        objectives: &[Objective],
    ) -> Result<Self, AnalysisError> {
        let labels = columns::labels(frame, label)?;
        let values: Vec<Vec<Option<f64>>> = objectives
            .iter()
            .map(|o| columns::numbers(frame, &o.column))
            .collect::<Result<_, _>>()?;
        let stderrs: Vec<Option<Vec<Option<f64>>>> = objectives
            .iter()
            .map(|o| columns::stderrs(frame, &o.column))
            .collect::<Result<_, _>>()?;
        let mut excluded = Vec::new();
        let mut points = Vec::new();
        for (row, label) in labels.into_iter().enumerate() {
            let cells: Vec<Option<f64>> = values
                .iter()
                .map(|column| column.get(row).copied().flatten())
                .collect();
            match cells
                .iter()
                .position(|cell| !cell.is_some_and(f64::is_finite))
            {
                Some(missing) => {
                    let column = objectives.get(missing).map_or("", |o| o.column.as_str());
                    excluded.push(Excluded {
                        row: row + 1,
                        label,
                        reason: format!("no `{column}`"),
                    });
                }
                None => points.push(Placed {
                    label,
                    row,
                    values: cells.into_iter().flatten().collect(),
                    stderrs: stderrs
                        .iter()
                        .map(|s| s.as_ref()?.get(row).copied().flatten())
                        .collect(),
                    layer: 0,
                    dominated_by: Vec::new(),
                    p_frontier: None,
                }),
            }
        }
        if points.is_empty() {
            let names: Vec<String> = objectives
                .iter()
                .map(|o| format!("`{}`", o.column))
                .collect();
            return Err(AnalysisError::TooFew {
                what: "a frontier",
                columns: names.join(" and "),
                needed: 1,
                found: 0,
            });
        }
        let mut frontier = Self {
            objectives: objectives.to_vec(),
            points,
            excluded,
            hypervolume: None,
            reference: Vec::new(),
            knee: None,
            steps: Vec::new(),
        };
        frontier.place();
        Ok(frontier)
    }

    /// How many points are on the frontier; they stand first.
    pub fn size(&self) -> usize {
        self.points.iter().take_while(|p| p.layer == 1).count()
    }

    /// The points on the frontier, from worst to best in the first objective.
    pub fn front(&self) -> &[Placed] {
        self.points.get(..self.size()).unwrap_or_default()
    }

    fn place(&mut self) {
        let gains: Vec<Vec<f64>> = self
            .points
            .iter()
            .map(|p| {
                p.values
                    .iter()
                    .zip(&self.objectives)
                    .map(|(v, o)| o.direction.gain(*v))
                    .collect()
            })
            .collect();
        let layers = if self.objectives.len() == 2 {
            layers_2d(&gains)
        } else {
            layers(&gains)
        };
        for (point, layer) in self.points.iter_mut().zip(layers) {
            point.layer = layer;
        }
        let mut order: Vec<usize> = (0..self.points.len()).collect();
        order.sort_by(|&a, &b| {
            let by_layer = self.points[a].layer.cmp(&self.points[b].layer);
            let by_gain = gains[a].iter().zip(&gains[b]).map(|(x, y)| x.total_cmp(y));
            by_layer
                .then(by_gain.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then))
                .then(a.cmp(&b))
        });
        self.points = order.iter().map(|&i| self.points[i].clone()).collect();
        let gains: Vec<Vec<f64>> = order.into_iter().map(|i| gains[i].clone()).collect();
        if self.points.len() <= LISTED {
            for (i, point) in self.points.iter_mut().enumerate() {
                point.dominated_by = (0..gains.len())
                    .filter(|&j| dominates(&gains[j], &gains[i]))
                    .collect();
            }
        }
        if self.points.len() <= LISTED {
            let errors: Vec<Vec<Option<f64>>> =
                self.points.iter().map(|p| p.stderrs.clone()).collect();
            for (point, p) in self
                .points
                .iter_mut()
                .zip(membership::probabilities(&gains, &errors))
            {
                point.p_frontier = p;
            }
        }
        self.reference = (0..self.objectives.len())
            .map(|k| {
                let worst = gains
                    .iter()
                    .filter_map(|g| g.get(k))
                    .copied()
                    .fold(f64::INFINITY, f64::min);
                self.objectives[k].direction.gain(worst)
            })
            .collect();
        if self.objectives.len() == 2 {
            self.hypervolume = Some(area(
                &gains[..self.size()],
                &self.reference,
                &self.objectives,
            ));
            self.knee = self.find_knee();
            self.steps = self.find_steps();
        }
    }

    /// The point farthest above the line between the two ends of the frontier, both axes scaled to
    /// 0…1 over the frontier as they are drawn; none for fewer than three points, none where no
    /// point lies above the line. After "finding a kneedle in a haystack" (Satopää et al. 2011).
    fn find_knee(&self) -> Option<usize> {
        let drawn: Vec<(f64, f64)> = self
            .front()
            .iter()
            .map(|p| {
                let axis = |k: usize| -> Option<f64> {
                    let (objective, value) = (self.objectives.get(k)?, *p.values.get(k)?);
                    let drawn = if objective.log { value.log10() } else { value };
                    drawn.is_finite().then(|| objective.direction.gain(drawn))
                };
                Some((axis(0)?, axis(1)?))
            })
            .collect::<Option<_>>()?;
        let (first, last) = (drawn.first()?, drawn.last()?);
        let (width, height) = (last.0 - first.0, first.1 - last.1);
        if drawn.len() < 3 || width <= 0.0 || height <= 0.0 {
            return None;
        }
        let mut best: Option<(usize, f64)> = None;
        for (i, point) in drawn.iter().enumerate() {
            let above = (point.0 - first.0) / width + (point.1 - last.1) / height - 1.0;
            // Ties go to the better second objective, which stands first.
            if above > 1e-12 && best.is_none_or(|(_, found)| above > found + 1e-12) {
                best = Some((i, above));
            }
        }
        best.map(|(i, _)| i)
    }

    fn find_steps(&self) -> Vec<Step> {
        let front = self.front();
        let pairs = front.windows(2).enumerate();
        pairs
            .filter_map(|(i, pair)| {
                let (x0, y0) = (*pair[0].values.first()?, *pair[0].values.get(1)?);
                let (x1, y1) = (*pair[1].values.first()?, *pair[1].values.get(1)?);
                if x0 == x1 {
                    return None;
                }
                let doublings = (x0 > 0.0 && x1 > 0.0).then(|| (x1 / x0).log2());
                Some(Step {
                    from: i,
                    to: i + 1,
                    per_100: (y1 - y0) / (x1 - x0) * 100.0,
                    per_doubling: doublings.map(|d| (y1 - y0) / d),
                })
            })
            .collect()
    }
}

/// Whether `a` beats `b`, both turned so that more is better.
pub fn dominates(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| a >= b) && a.iter().zip(b).any(|(a, b)| a > b)
}

/// Layers in two dimensions in O(n log n): from best to worst in the first objective, a point goes
/// into the first layer whose best second value so far is smaller than its own.
fn layers_2d(gains: &[Vec<f64>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..gains.len()).collect();
    order.sort_by(|&a, &b| {
        gains[b][0]
            .total_cmp(&gains[a][0])
            .then(gains[b][1].total_cmp(&gains[a][1]))
    });
    let mut layer = vec![0; gains.len()];
    let mut best: Vec<f64> = Vec::new();
    let mut before: Option<usize> = None;
    for i in order {
        layer[i] = match before.filter(|&b| gains[b] == gains[i]) {
            Some(equal) => layer[equal],
            None => {
                let found = best.partition_point(|&y| y >= gains[i][1]);
                if found == best.len() {
                    best.push(gains[i][1]);
                } else {
                    best[found] = gains[i][1];
                }
                found + 1
            }
        };
        before = Some(i);
    }
    layer
}

/// Layers in any number of dimensions by peeling.
fn layers(gains: &[Vec<f64>]) -> Vec<usize> {
    let mut layer = vec![0; gains.len()];
    let mut left: Vec<usize> = (0..gains.len()).collect();
    let mut depth = 0;
    while !left.is_empty() {
        depth += 1;
        let (behind, front): (Vec<usize>, Vec<usize>) = left
            .iter()
            .partition(|&&i| left.iter().any(|&j| dominates(&gains[j], &gains[i])));
        for i in front {
            layer[i] = depth;
        }
        left = behind;
    }
    layer
}

/// The area between the frontier and the reference: a sum of strips, best second value first.
fn area(front: &[Vec<f64>], reference: &[f64], objectives: &[Objective]) -> f64 {
    let corner: Vec<f64> = reference
        .iter()
        .zip(objectives)
        .map(|(v, o)| o.direction.gain(*v))
        .collect();
    let (mut sum, mut left) = (0.0, corner[0]);
    // From worst to best in the first objective the second falls, so each strip is as high as its point.
    for point in front {
        sum += (point[0] - left) * (point[1] - corner[1]);
        left = point[0];
    }
    sum
}

#[cfg(test)]
mod tests {
    use polars::df;
    use proptest::prelude::*;

    use super::*;

    fn objectives() -> Vec<Objective> {
        vec![
            Objective {
                column: "speed".into(),
                direction: Direction::Higher,
                log: true,
            },
            Objective {
                column: "score".into(),
                direction: Direction::Higher,
                log: false,
            },
        ]
    }

    fn seven() -> DataFrame {
        df![
            "model" => ["Qwen1.5-4B-Chat", "Qwen1.5-1.8B-Chat", "Memory³-2B-SFT", "MiniCPM-2B-SFT", "Gemma-2B-it", "Llama2-7B-Chat", "Phi-2"],
            "speed" => [550.0, 800.0, 650.0, 500.0, 1000.0, 400.0, 600.0],
            "score" => [54.5, 48.0, 47.0, 45.5, 40.5, 36.5, 35.0],
        ]
        .unwrap()
    }

    #[test]
    fn the_seven_models_have_three_on_the_frontier_and_four_layers() {
        let frontier = Frontier::of(&seven(), Some("model"), &objectives()).unwrap();
        let layers: Vec<(&str, usize)> = frontier
            .points
            .iter()
            .map(|p| (p.label.as_str(), p.layer))
            .collect();
        assert_eq!(
            layers,
            [
                ("Qwen1.5-4B-Chat", 1),
                ("Qwen1.5-1.8B-Chat", 1),
                ("Gemma-2B-it", 1),
                ("Memory³-2B-SFT", 2),
                ("MiniCPM-2B-SFT", 3),
                ("Phi-2", 3),
                ("Llama2-7B-Chat", 4),
            ]
        );
        assert_eq!(frontier.points[3].dominated_by, [1]);
        assert_eq!(frontier.reference, [400.0, 35.0]);
        // (550-400)*19.5 + (800-550)*13 + (1000-800)*5.5
        assert!((frontier.hypervolume.unwrap() - 7275.0).abs() < 1e-9);
        let rates: Vec<f64> = frontier.steps.iter().map(|s| s.per_100).collect();
        assert!(
            (rates[0] + 2.6).abs() < 1e-12 && (rates[1] + 3.75).abs() < 1e-12,
            "{rates:?}"
        );
        let doublings: Vec<f64> = frontier
            .steps
            .iter()
            .filter_map(|s| s.per_doubling)
            .collect();
        assert!(
            (doublings[0] + 12.02).abs() < 0.01 && (doublings[1] + 23.30).abs() < 0.01,
            "{doublings:?}"
        );
    }

    #[test]
    fn a_lower_latency_is_better_when_the_direction_says_so() {
        let frame = df!["m" => ["a", "b"], "ms" => [1.0, 2.0], "score" => [5.0, 5.0]].unwrap();
        let objectives = [
            Objective {
                column: "ms".into(),
                direction: Direction::Lower,
                log: false,
            },
            Objective {
                column: "score".into(),
                direction: Direction::Higher,
                log: false,
            },
        ];
        let frontier = Frontier::of(&frame, Some("m"), &objectives).unwrap();
        assert_eq!(frontier.front().len(), 1);
        assert_eq!(frontier.front()[0].label, "a");
    }

    #[test]
    fn rows_without_a_value_are_left_out_and_named() {
        let frame = df!["model" => ["a", "b"], "speed" => [Some(1.0), None], "score" => [1.0, 2.0]]
            .unwrap();
        let frontier = Frontier::of(&frame, Some("model"), &objectives()).unwrap();
        assert_eq!(
            frontier.excluded,
            [Excluded {
                row: 2,
                label: "b".into(),
                reason: "no `speed`".into()
            }]
        );
    }

    #[test]
    fn text_where_a_number_belongs_names_column_row_and_text() {
        let frame =
            df!["model" => ["a", "b"], "speed" => ["1", "fast"], "score" => [1.0, 2.0]].unwrap();
        let error = Frontier::of(&frame, Some("model"), &objectives()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "column `speed`, row 2: `fast` is not a number"
        );
    }

    proptest! {
        #[test]
        fn two_dimensional_layers_are_those_of_peeling(points in prop::collection::vec((0u8..6, 0u8..6), 1..40)) {
            let gains: Vec<Vec<f64>> = points.iter().map(|p| vec![f64::from(p.0), f64::from(p.1)]).collect();
            prop_assert_eq!(layers_2d(&gains), layers(&gains));
        }

        #[test]
        fn nobody_on_the_frontier_is_beaten_and_everybody_else_is(points in prop::collection::vec((0u8..9, 0u8..9, 0u8..9), 1..30)) {
            let gains: Vec<Vec<f64>> =
                points.iter().map(|p| vec![f64::from(p.0), f64::from(p.1), f64::from(p.2)]).collect();
            let layer = layers(&gains);
            for (i, gain) in gains.iter().enumerate() {
                let beaten = gains.iter().any(|other| dominates(other, gain));
                prop_assert_eq!(layer[i] == 1, !beaten);
            }
        }
    }
}
