//! Findings as the plain data of a chart.

use crate::catalog::Direction;
use crate::catalog::number::p_equals;
use crate::chart;

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
    let on_frontier = |label: &str, x: f64, y: f64| {
        tradeoff.frontier.as_ref().is_some_and(|f| {
            f.front()
                .iter()
                .any(|p| p.label == label && p.values == [x, y])
        })
    };
    let drawn = tradeoff.fit.points.iter().enumerate();
    let points = drawn.map(|(i, (label, x, y))| chart::Point {
        label: label.clone(),
        x: *x,
        y: *y,
        on_frontier: on_frontier(label, *x, *y),
        highlighted: marking.highlight.as_ref() == Some(label),
        x_err: error(tradeoff, 0, i),
        y_err: error(tradeoff, 1, i),
        ..chart::Point::default()
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
        ..chart::Scatter::default()
    }
}

/// The standard error of a drawn point; rows that were left out have no place among the points.
fn error(tradeoff: &Tradeoff, axis: usize, point: usize) -> Option<f64> {
    let out: Vec<usize> = tradeoff.fit.excluded.iter().map(|e| e.row - 1).collect();
    let errors = tradeoff.stderrs.get(axis)?.as_ref()?;
    let row = (0..errors.len())
        .filter(|row| !out.contains(row))
        .nth(point)?;
    errors.get(row).copied().flatten()
}

fn axis(axis: &Axis) -> chart::Axis {
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
