//! Which models are worth running: the Pareto frontier in any number of objectives, the layers
//! behind it, who beats whom, how sure that is, the knee, and what one step along the frontier costs.
//!
//! A point dominates another when it is at least as good in every objective and better in one;
//! equal points do not dominate each other. The formulas are those of [`crate::stats::pareto`].

mod placing;
mod recommendation;
mod rows;
#[cfg(test)]
mod tests;

use polars::prelude::DataFrame;

use crate::catalog::Direction;
use crate::stats::pareto::{self, Gap, Points};

pub use recommendation::{Chosen, Comparison, Recommendation, Requirement, RequirementError};

use super::columns::Excluded;
use super::error::AnalysisError;
use rows::Rows;

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

/// What is asked for beside the frontier.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FrontierOptions {
    /// List every point however many there are.
    pub all: bool,
    /// The columns that hold standard errors, where they are not `X_stderr` or `X_se`: objective
    /// and column.
    pub errors: Vec<(String, String)>,
    /// The corner that volumes are measured from, where it is not the worst value in the data:
    /// objective and value.
    pub reference: Vec<(String, f64)>,
    /// How much better a point must be before it counts as beating another.
    pub near: Option<Near>,
}

/// The margin of a near tie.
#[derive(Debug, Clone, PartialEq)]
pub enum Near {
    /// A share of the other's value, the same in all objectives.
    Factor(f64),
    /// An amount in the unit of the objective named; none in an objective that is not.
    Amounts(Vec<(String, f64)>),
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
    /// What it lacks to be on the frontier; up to [`LISTED`] points.
    pub gap: Option<Gap>,
    /// Share of the volume that no other point of the frontier covers; on the frontier only.
    pub share_of_frontier: Option<f64>,
    /// Share of the volume that the whole set would lose without it: what is behind it steps in.
    pub share_of_set: Option<f64>,
    /// Whether nobody beats it by the margin of a near tie in every objective; `None` without one.
    pub near: Option<bool>,
}

/// How sure a place on the frontier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Probability at least 0.95.
    Sure,
    /// At least 0.5.
    Likely,
    /// At least 0.05.
    Contender,
    /// Below 0.05.
    Dominated,
}

impl Class {
    /// The class of a probability to be on the frontier.
    pub fn of(p: f64) -> Self {
        match p {
            p if p >= 0.95 => Self::Sure,
            p if p >= 0.5 => Self::Likely,
            p if p >= 0.05 => Self::Contender,
            _ => Self::Dominated,
        }
    }

    /// The word for people and scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sure => "sure",
            Self::Likely => "likely",
            Self::Contender => "contender",
            Self::Dominated => "dominated",
        }
    }
}

impl Placed {
    /// How sure its place on the frontier is.
    pub fn class(&self) -> Option<Class> {
        self.p_frontier.map(Class::of)
    }
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
#[derive(Debug, Clone)]
pub struct Frontier {
    /// The objectives.
    pub objectives: Vec<Objective>,
    /// How many points there are.
    pub n: usize,
    /// The points, by layer and then from worst to best in the first objective; above [`LISTED`]
    /// only those on the frontier, unless all were asked for.
    pub points: Vec<Placed>,
    /// The rows left out.
    pub excluded: Vec<Excluded>,
    /// Volume dominated by the frontier down to `reference`; an area for two objectives.
    pub hypervolume: Option<f64>,
    /// Points on the frontier that are not better than the reference in every objective, and so
    /// add nothing to the volume.
    pub outside_reference: usize,
    /// The corner the volume is measured from.
    pub reference: Vec<f64>,
    /// Index of the knee.
    pub knee: Option<usize>,
    /// The steps along the frontier; only for two objectives.
    pub steps: Vec<Step>,
    /// The objectives on which no point has a standard error, though some other has them: they
    /// count as exact.
    pub exact: Vec<String>,
    rows: Rows,
}

/// Up to so many points, every one is listed, with who beats it.
pub const LISTED: usize = 1_000;

impl Frontier {
    /// Finds the frontier of the rows of a frame.
    ///
    /// Rows without a value in some objective are left out and listed.
    ///
    /// # Errors
    /// [`AnalysisError::NoColumn`], [`AnalysisError::NotANumber`], [`AnalysisError::TooFew`]
    /// when no row is left, and [`AnalysisError::Undefined`] for an option that names no objective.
    pub fn of(
        frame: &DataFrame,
        label: Option<&str>,
        objectives: &[Objective],
        options: &FrontierOptions,
    ) -> Result<Self, AnalysisError> {
        let (rows, excluded) = Rows::of(frame, label, objectives, options)?;
        if rows.len() == 0 {
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
            n: rows.len(),
            points: Vec::new(),
            excluded,
            hypervolume: None,
            outside_reference: 0,
            reference: Vec::new(),
            knee: None,
            steps: Vec::new(),
            exact: Vec::new(),
            rows,
        };
        frontier.place(options)?;
        frontier.measure(options)?;
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

    /// Whether the probabilities of places on the frontier are known.
    pub fn has_probabilities(&self) -> bool {
        self.points.iter().any(|p| p.p_frontier.is_some())
    }

    /// Whether the set is small enough for what is found by looking at every pair.
    fn is_small(&self) -> bool {
        self.n <= LISTED
    }

    /// The place of an objective among them.
    ///
    /// # Errors
    /// [`AnalysisError::NoColumn`] with the objectives there are.
    pub fn objective(&self, column: &str) -> Result<usize, AnalysisError> {
        objective(&self.objectives, column)
    }
}

fn objective(objectives: &[Objective], column: &str) -> Result<usize, AnalysisError> {
    let found = objectives.iter().position(|o| o.column == column);
    found.ok_or_else(|| AnalysisError::NoObjective {
        column: column.to_owned(),
        objectives: objectives.iter().map(|o| o.column.clone()).collect(),
    })
}

fn points(values: &[f64], dimension: usize) -> Result<Points<'_>, AnalysisError> {
    Points::new(values, dimension).map_err(undefined)
}

fn undefined(error: crate::stats::StatsError) -> AnalysisError {
    AnalysisError::Undefined {
        what: "a frontier",
        reason: error.to_string(),
    }
}
