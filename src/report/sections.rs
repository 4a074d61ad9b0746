//! The sections of the report on a trade-off, each statement with its evidence.

use crate::analysis::{AnalysisError, Frontier, Placed};
use crate::catalog::number::{counted, p_equals, short};
use crate::catalog::{Direction, Value};

use super::document::{Chart, Document, Section};
use super::table::{Cell, Table};
use super::tradeoff::{Axis, Tradeoff};
use super::words::list;

/// Below so many points nothing is called a cluster (the null cannot be told from chance).
pub(super) const FEWEST_FOR_A_CLUSTER: usize = 8;

/// A difference of AICc below which neither model is preferred (Burnham & Anderson 2002).
const PREFERRED: f64 = 4.0;

/// What the user wants said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Words<'a> {
    /// A model to speak about.
    pub highlight: Option<&'a str>,
    /// A remark, such as where the values come from.
    pub note: Option<&'a str>,
}

/// The rows that everything else was computed from.
pub(super) fn plain_rows(rows: Option<Table>) -> Section {
    let mut section = Section::new("Rows");
    match rows {
        Some(rows) => {
            section.text("All that is said above was computed from these rows.");
            section.push(rows);
        }
        None => section.text("There are too many rows to repeat them here; the query gives them."),
    }
    section
}

impl Tradeoff {
    /// The report. The description of `chart` is written here; `rows` are those of the query, as they are.
    ///
    /// # Errors
    /// [`AnalysisError::NoDirection`] when an axis has none: a trade-off needs both.
    pub fn document(
        &self,
        title: &str,
        chart: Option<Chart>,
        rows: Option<Table>,
        words: &Words<'_>,
    ) -> Result<Document, AnalysisError> {
        let no_direction = |axis: &Axis| AnalysisError::NoDirection {
            column: axis.column.clone(),
        };
        let Some(frontier) = &self.frontier else {
            let axis = if self.x.direction.is_none() {
                &self.x
            } else {
                &self.y
            };
            return Err(no_direction(axis));
        };
        Ok(Document {
            title: title.to_owned(),
            subtitle: None,
            sections: vec![
                self.overview(frontier, chart, words.note),
                self.axes(),
                self.data_points(frontier),
                self.trends(frontier),
                self.observations(frontier, words.highlight),
                self.interpretation(frontier),
                plain_rows(rows),
            ],
        })
    }

    fn overview(&self, frontier: &Frontier, chart: Option<Chart>, note: Option<&str>) -> Section {
        let mut section = Section::new("Overview");
        if let Some(chart) = chart {
            section.push(Chart {
                description: format!("{}: {}", self.headline(), self.summary()),
                ..chart
            });
        }
        section.text(format!(
            "{} compared by {} and {}. {}: {}.",
            counted(self.n(), "model"),
            self.x.title,
            self.y.title,
            self.headline(),
            list(
                &frontier
                    .front()
                    .iter()
                    .map(|p| p.label.as_str())
                    .collect::<Vec<_>>()
            ),
        ));
        if let Some(note) = note {
            section.text(note);
        }
        let mut excluded: Vec<String> = self
            .fit
            .excluded
            .iter()
            .map(|e| format!("{} ({})", e.label, e.reason))
            .collect();
        excluded.dedup();
        section.text(match excluded.as_slice() {
            [] => "No row was left out.".to_owned(),
            rows => format!("Left out: {}.", rows.join(", ")),
        });
        section
    }

    fn axes(&self) -> Section {
        let mut section = Section::new("Axes");
        let row = |axis: &Axis, values: &mut dyn Iterator<Item = f64>, errors: bool| {
            let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
                (l.min(v), h.max(v))
            });
            vec![
                axis.column.clone(),
                axis.title.clone(),
                if axis.log { "logarithmic" } else { "linear" }.to_owned(),
                axis.direction
                    .map_or("not known", Direction::as_str)
                    .to_owned(),
                format!("{} to {}", short(low), short(high)),
                if errors { "recorded" } else { "none recorded" }.to_owned(),
            ]
        };
        let points = &self.fit.points;
        section.table(
            &[
                "column",
                "meaning",
                "scale",
                "better",
                "range",
                "standard errors",
            ],
            vec![
                row(
                    &self.x,
                    &mut points.iter().map(|p| p.1),
                    self.stderrs[0].is_some(),
                ),
                row(
                    &self.y,
                    &mut points.iter().map(|p| p.2),
                    self.stderrs[1].is_some(),
                ),
            ],
        );
        if self.x.log || self.y.log {
            section.text("A logarithmic axis is a choice of drawing: equal distances are equal ratios. It is no evidence of a relation.");
        }
        section
    }

    fn data_points(&self, frontier: &Frontier) -> Section {
        let mut section = Section::new("Data points");
        let rows = frontier.points.iter().map(|point| {
            let beaten: Vec<&str> = self.beaters(frontier, point);
            let mut row: Vec<Cell> = vec![point.label.as_str().into()];
            row.extend(point.values.iter().map(|v| Cell::from(*v)));
            row.push(Value::Integer(point.layer as i64).into());
            row.push(Some(beaten.join(", ")).filter(|b| !b.is_empty()).into());
            row
        });
        let table = Table::of(
            &[
                "model",
                self.x.column.as_str(),
                self.y.column.as_str(),
                "layer",
                "dominated by",
            ],
            rows.collect(),
        );
        section.push(table.computed_from(self.provenance.clone()).main());
        section.text("Layer 1 is the frontier: no other model is at least as good in both and better in one. Layer 2 is the frontier of the rest, and so on.");
        section
    }

    fn trends(&self, frontier: &Frontier) -> Section {
        let mut section = Section::new("Trends");
        let mut items = vec![format!(
            "Over all {}: {}.",
            counted(self.n(), "model"),
            self.fit.verdict()
        )];
        if let Ok(ols) = self.fit.ols {
            let interval = match (ols.slope_low, ols.slope_high) {
                (Some(low), Some(high)) => {
                    format!(" (95 % interval {} to {})", short(low), short(high))
                }
                _ => String::new(),
            };
            let scale = if self.x.log { "log10 " } else { "" };
            let p = ols
                .p
                .map(|p| format!(", {}", p_equals(p)))
                .unwrap_or_default();
            items.push(format!(
                "Least-squares line of {} on {scale}{}: slope {}{interval}{p}, n = {}.",
                self.y.column,
                self.x.column,
                short(ols.slope),
                self.n()
            ));
        }
        items.extend(self.shape());
        items.push(self.exchange(frontier));
        section.list(items);
        section
    }

    /// Whether a flattening or a straight relation is supported against no relation at all.
    fn shape(&self) -> Option<String> {
        let rivals = &self.fit.rivals;
        let (linear, log, mean) = (rivals.linear?, rivals.log?, rivals.mean?);
        let figures = format!(
            "AICc {} without dependence, {} linear, {} logarithmic, n = {}",
            short(mean),
            short(linear),
            short(log),
            self.n()
        );
        let best = linear.min(log);
        Some(if mean - best < PREFERRED {
            format!(
                "Diminishing returns: not supported. Neither a straight nor a logarithmic relation is better than none by {PREFERRED} ({figures})."
            )
        } else if linear - log >= PREFERRED {
            format!("A logarithmic relation fits better than a straight one ({figures}).")
        } else if log - linear >= PREFERRED {
            format!("A straight relation fits better than a logarithmic one ({figures}).")
        } else {
            format!(
                "A relation is supported, but nothing tells a straight from a logarithmic one ({figures})."
            )
        })
    }

    /// What the frontier itself trades.
    fn exchange(&self, frontier: &Frontier) -> String {
        let label = |i: usize| frontier.points.get(i).map_or("", |p| p.label.as_str());
        let steps: Vec<String> = frontier
            .steps
            .iter()
            .map(|step| {
                let doubling = step
                    .per_doubling
                    .map(|d| format!(", {} per doubling", short(d)))
                    .unwrap_or_default();
                format!(
                    "{} → {}: {} per 100{doubling}",
                    label(step.from),
                    label(step.to),
                    short(step.per_100)
                )
            })
            .collect();
        if steps.is_empty() {
            return "No trade-off: one model is best in both.".to_owned();
        }
        let (x, y) = (&self.x.column, &self.y.column);
        let prices: Vec<f64> = frontier.steps.iter().map(|s| s.per_100.abs()).collect();
        let rising = prices.windows(2).all(|pair| pair[1] > pair[0]);
        let trend = if prices.len() > 1 && rising {
            format!(" The price of {x} rises along it.")
        } else {
            String::new()
        };
        format!(
            "Trade-off, on the frontier only ({} of {}): better {x} costs {y}. Change of {y}, by {x}: {}.{trend}",
            frontier.size(),
            counted(self.n(), "model"),
            steps.join("; ")
        )
    }

    fn interpretation(&self, frontier: &Frontier) -> Section {
        let mut section = Section::new("Interpretation");
        let (x, y) = (&self.x.column, &self.y.column);
        let sign = match self.x.direction {
            Some(Direction::Lower) => "≤",
            _ => "≥",
        };
        section.text(format!(
            "Which model is best in {y} depends on the {x} that is needed:"
        ));
        let rows = frontier.front().iter().map(|point| {
            let value = |k: usize| Cell::from(point.values.get(k).copied());
            vec![
                format!("{x} {sign} {}", value(0).shown()).into(),
                point.label.as_str().into(),
                value(1),
            ]
        });
        let table = Table::of(&["if you need", "model", y.as_str()], rows.collect());
        section.push(table.computed_from(self.provenance.clone()));
        if let Some(knee) = frontier.knee.and_then(|i| frontier.points.get(i)) {
            section.text(format!(
                "Knee: {}, the frontier point farthest above the line between its ends, axes as drawn.",
                knee.label
            ));
        }
        let mut cannot = Vec::new();
        if self.stderrs.iter().all(Option::is_none) {
            cannot.push(
                "No standard errors are recorded: whether a narrow margin is real cannot be told."
                    .to_owned(),
            );
        }
        if self.n() < FEWEST_FOR_A_CLUSTER {
            cannot.push(format!(
                "With {} only a strong relation could show; no evidence is not evidence of none.",
                counted(self.n(), "model")
            ));
        }
        cannot.push("Models differ in more than these two columns; nothing here says why one is faster or better.".to_owned());
        section.text("What this report cannot tell:");
        section.list(cannot);
        section
    }

    fn beaters<'a>(&self, frontier: &'a Frontier, point: &Placed) -> Vec<&'a str> {
        point
            .dominated_by
            .iter()
            .filter_map(|&i| frontier.points.get(i))
            .map(|p| p.label.as_str())
            .collect()
    }
}
