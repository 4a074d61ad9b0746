//! Findings as the plain data of a chart.

use std::collections::HashSet;

use crate::analysis::Frontier;
use crate::catalog::Direction;
use crate::catalog::number::{counted, p_equals, short};
use crate::chart;
use crate::stats::median;

use super::tradeoff::{Axis, Tradeoff};

/// What the user wants to see besides the points.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marking {
    /// The title; the finding without one.
    pub title: Option<String>,
    /// The line under the title; the ends of the frontier and the correlation without one.
    pub subtitle: Option<String>,
    /// Draw the frontier.
    pub frontier: bool,
    /// Draw the fitted line with its band.
    pub fit: bool,
    /// Draw lines at the medians of both axes.
    pub quadrants: bool,
    /// The model to emphasise.
    pub highlight: Option<String>,
    /// A remark for the caption.
    pub note: Option<String>,
    /// The program's name and version, for the caption.
    pub made_by: String,
}

/// How many samples make a fitted curve smooth.
const SAMPLES: usize = 60;

/// The chart of a trade-off.
pub fn scatter(tradeoff: &Tradeoff, marking: &Marking) -> chart::Scatter {
    let front = tradeoff.frontier.iter().flat_map(Frontier::front);
    let front: HashSet<usize> = front.map(|point| point.row).collect();
    let drawn = tradeoff.fit.points.iter().enumerate();
    let points = drawn.map(|(i, (label, x, y))| {
        let row = tradeoff.fit.rows.get(i).copied().unwrap_or(i);
        let (group, size) = tradeoff.cue(row);
        chart::Point {
            label: label.clone(),
            x: *x,
            y: *y,
            on_frontier: front.contains(&row),
            highlighted: marking.highlight.as_ref() == Some(label),
            x_err: error(tradeoff, 0, i),
            y_err: error(tradeoff, 1, i),
            group,
            size,
        }
    });
    chart::Scatter {
        title: marking.title.clone().unwrap_or_else(|| tradeoff.headline()),
        subtitle: Some(
            marking
                .subtitle
                .clone()
                .unwrap_or_else(|| tradeoff.summary()),
        ),
        caption: caption(tradeoff, marking),
        x: axis(&tradeoff.x),
        y: axis(&tradeoff.y),
        points: points.collect(),
        frontier: marking.frontier && tradeoff.frontier.is_some(),
        fit: if marking.fit { line(tradeoff) } else { None },
        groups: tradeoff.cues.color.as_ref().map(|(name, _)| name.clone()),
        sizes: tradeoff.cues.area.as_ref().map(|(name, _)| name.clone()),
        quadrants: if marking.quadrants {
            quadrants(tradeoff)
        } else {
            None
        },
    }
}

/// The picture of a trade-off: one scatter, or one for each value of the column of panels.
///
/// # Errors
/// Those of [`chart::scatter`] and [`chart::facets`].
pub fn drawing(
    tradeoff: &Tradeoff,
    marking: &Marking,
    paper: chart::Paper,
) -> Result<chart::Drawing, chart::ChartError> {
    let scatter = scatter(tradeoff, marking);
    let given = (marking.title.is_some(), marking.subtitle.is_some());
    match tradeoff.panels(&scatter, given) {
        Some(panels) => chart::facets(&panels, paper),
        None => chart::scatter(&scatter, paper),
    }
}

/// Lines at the medians, which half of the models lie on either side of.
fn quadrants(tradeoff: &Tradeoff) -> Option<chart::Quadrants> {
    let points = tradeoff.fit.points.iter();
    let (xs, ys): (Vec<f64>, Vec<f64>) = points.map(|p| (p.1, p.2)).unzip();
    let (x, y) = (median(&xs)?, median(&ys)?);
    let rule = format!(
        "medians of the {} ({}, {})",
        counted(xs.len(), "point"),
        short(x),
        short(y)
    );
    Some(chart::Quadrants { x, y, rule })
}

/// The standard error of a drawn point.
fn error(tradeoff: &Tradeoff, axis: usize, point: usize) -> Option<f64> {
    let errors = tradeoff.stderrs.get(axis)?.as_ref()?;
    errors
        .get(*tradeoff.fit.rows.get(point)?)
        .copied()
        .flatten()
}

pub(super) fn axis(axis: &Axis) -> chart::Axis {
    chart::Axis {
        title: axis.title.clone(),
        log: axis.log,
        higher_is_better: axis.direction.map(|d| d == Direction::Higher),
    }
}

fn caption(tradeoff: &Tradeoff, marking: &Marking) -> Vec<String> {
    let excluded = &tradeoff.fit.excluded;
    let left_out = match excluded.as_slice() {
        [] => "none left out".to_owned(),
        rows => {
            let names: Vec<String> = rows
                .iter()
                .take(5)
                .map(|e| format!("{} ({})", e.label, e.reason))
                .collect();
            let more = if rows.len() > 5 { ", …" } else { "" };
            format!("{} left out: {}{more}", rows.len(), names.join(", "))
        }
    };
    let errors = match (&tradeoff.stderrs[0], &tradeoff.stderrs[1]) {
        (None, None) => "no standard errors recorded",
        _ => "bars: one standard error",
    };
    let facts = format!(
        "n = {}, {left_out}; {errors}. Query: {}. {}",
        tradeoff.n(),
        tradeoff.provenance.name,
        marking.made_by
    );
    marking.note.iter().cloned().chain([facts]).collect()
}

fn line(tradeoff: &Tradeoff) -> Option<chart::FitLine> {
    let ols = tradeoff.fit.ols.ok()?;
    let scale = |x: f64| if tradeoff.x.log { x.log10() } else { x };
    let xs = tradeoff.fit.points.iter().map(|p| scale(p.1));
    let (low, high) = xs.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), u| {
        (l.min(u), h.max(u))
    });
    let samples = (0..=SAMPLES).map(|i| low + (high - low) * i as f64 / SAMPLES as f64);
    let (mut points, mut band) = (Vec::new(), Vec::new());
    for u in samples {
        let x = if tradeoff.x.log { 10f64.powf(u) } else { u };
        points.push((x, ols.intercept + ols.slope * u));
        if let Some(b) = ols.band(u) {
            band.push((x, b.low, b.high));
        }
    }
    let p = ols.p.map_or_else(|| "p not defined".to_owned(), p_equals);
    let significant = ols.p.is_some_and(|p| p <= crate::analysis::ALPHA);
    let note = format!(
        "Line: least squares with its 95 % band, n = {}, {p}{}.",
        tradeoff.n(),
        if significant {
            ""
        } else {
            " (not significant, dotted)"
        }
    );
    Some(chart::FitLine {
        points,
        band,
        significant,
        note,
    })
}
