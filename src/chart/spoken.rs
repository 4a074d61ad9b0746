//! The chart in words: a description for those who do not see it, and what each point says when it is pointed at.

use super::canvas::Remark;
use super::figure::{Axis, Scatter};
use super::marks::{Marker, Marks};
use super::text::clean;
use crate::catalog::number::{short, with_error};

/// Points named in the description for screen readers.
const DESCRIBED: usize = 50;

/// With more points a file would grow more than its points tell.
const REMARKED: usize = 2000;

/// The picture in words.
pub(super) fn description(chart: &Scatter) -> String {
    let points = &chart.points;
    let count = points.len();
    let axis = |axis: &Axis| clean(&axis.title);
    let mut text = format!(
        "Scatter chart of {count} points, {} against {}.",
        axis(&chart.y),
        axis(&chart.x)
    );
    let named: Vec<String> = points
        .iter()
        .take(DESCRIBED)
        .map(|point| {
            let frontier = if point.on_frontier {
                ", on the frontier"
            } else {
                ""
            };
            format!(
                "{} ({}, {}){frontier}",
                clean(&point.label),
                point.x,
                point.y
            )
        })
        .collect();
    text.push_str(&format!(" Points (x, y): {}", named.join("; ")));
    text.push_str(if count > DESCRIBED {
        "; and others."
    } else {
        "."
    });
    text
}

/// What each point says when it is pointed at: its name and its values. Beyond [`REMARKED`] points a file would
/// grow more than it tells.
pub(super) fn remarks(chart: &Scatter, marks: &Marks) -> Vec<Remark> {
    if marks.markers.len() > REMARKED {
        return Vec::new();
    }
    let line = |axis: &Axis, value: f64, error: Option<f64>| {
        let value = error.map_or_else(|| short(value), |error| with_error(value, error));
        format!("{}: {value}", clean(&axis.title))
    };
    let remark = |marker: &Marker| {
        let point = marker.point;
        let frontier = point.on_frontier.then(|| "on the frontier".to_owned());
        let values = [
            clean(&point.label),
            line(&chart.x, point.x, point.x_err),
            line(&chart.y, point.y, point.y_err),
        ];
        Remark {
            at: marker.centre,
            radius: marker.radius + 2.0,
            lines: values.into_iter().chain(frontier).collect(),
        }
    };
    marks.markers.iter().map(remark).collect()
}
