//! Which models are worth running: the Pareto frontier in any number of objectives, the layers
//! behind it, who beats whom, the knee, and what one step along the frontier costs.
//!
//! A point dominates another when it is at least as good in every objective and better in one;
//! equal points do not dominate each other.

use polars::prelude::DataFrame;

use crate::catalog::Direction;
use crate::stats::pareto::{self, Points};

use super::columns::{self, Excluded};
use super::error::AnalysisError;

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
    /// Volume dominated by the frontier down to `reference`; an area for two objectives.
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
        frontier.place()?;
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

    fn place(&mut self) -> Result<(), AnalysisError> {
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
        let dimension = self.objectives.len();
        let flat: Vec<f64> = gains.concat();
        let layers = pareto::layers(&points(&flat, dimension)?);
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
        self.corner(&gains);
        let flat: Vec<f64> = gains.concat();
        let all = points(&flat, dimension)?;
        if self.points.len() <= LISTED {
            for (i, point) in self.points.iter_mut().enumerate() {
                point.dominated_by = (0..gains.len())
                    .filter(|&j| pareto::dominates(&gains[j], &gains[i]))
                    .collect();
            }
            let errors: Vec<Option<f64>> =
                self.points.iter().flat_map(|p| p.stderrs.clone()).collect();
            let shares = pareto::membership(&all, &errors).unwrap_or_default();
            for (point, p) in self.points.iter_mut().zip(shares) {
                point.p_frontier = p;
            }
        }
        let front = flat.get(..self.size() * dimension).unwrap_or_default();
        if dimension == 2 || self.size() <= LISTED {
            let worst: Vec<f64> = self.turned(&self.reference);
            // Of more objectives than it can be had for there is none.
            let found = pareto::hypervolume(&points(front, dimension)?, &worst);
            self.hypervolume = found.ok().map(|found| found.volume);
        }
        if dimension == 2 {
            self.knee = self.find_knee();
            self.steps = self.find_steps();
        }
        Ok(())
    }

    /// Values turned so that more is better.
    fn turned(&self, values: &[f64]) -> Vec<f64> {
        let values = values.iter().zip(&self.objectives);
        values.map(|(v, o)| o.direction.gain(*v)).collect()
    }

    /// The worst value of each objective.
    fn corner(&mut self, gains: &[Vec<f64>]) {
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
    }

    /// The point farthest above the line between the two ends of the frontier, both axes scaled to
    /// 0…1 over the frontier as they are drawn.
    fn find_knee(&self) -> Option<usize> {
        let mut drawn = Vec::with_capacity(2 * self.size());
        for point in self.front() {
            for (objective, value) in self.objectives.iter().zip(&point.values) {
                let value = if objective.log { value.log10() } else { *value };
                drawn.push(objective.direction.gain(value));
            }
        }
        let knee = pareto::knee(&Points::new(&drawn, 2).ok()?)?;
        Some(knee.row)
    }

    fn find_steps(&self) -> Vec<Step> {
        let front = self.front();
        let pairs = front.windows(2).enumerate();
        pairs
            .filter_map(|(i, pair)| {
                let (x0, y0) = (*pair[0].values.first()?, *pair[0].values.get(1)?);
                let (x1, y1) = (*pair[1].values.first()?, *pair[1].values.get(1)?);
                let rate = pareto::trade_off_rate((x0, y0), (x1, y1))?;
                Some(Step {
                    from: i,
                    to: i + 1,
                    per_100: rate.per_unit * 100.0,
                    per_doubling: rate.per_doubling,
                })
            })
            .collect()
    }
}

fn points(values: &[f64], dimension: usize) -> Result<Points<'_>, AnalysisError> {
    Points::new(values, dimension).map_err(|error| AnalysisError::Undefined {
        what: "a frontier",
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use polars::df;

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
}
