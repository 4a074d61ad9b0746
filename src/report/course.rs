//! Series over time as the plain data of a chart.

use crate::analysis::{ChangePoint, Observation, PointState, Trend};
use crate::catalog::Direction;
use crate::catalog::number::{percent, short};
use crate::chart::{self, Axis, Change, History, Level, Reading, State};

/// Most lines in one chart.
pub const MOST_LINES: usize = 8;

/// What stands around the lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// The title.
    pub title: String,
    /// The line under it.
    pub subtitle: Option<String>,
    /// Small lines under the chart.
    pub caption: Vec<String>,
    /// The metric with its unit.
    pub y_title: String,
    /// What a run is called on the horizontal axis.
    pub x_title: String,
}

/// The chart of some series, each under a name; over time where every run has one, else in their order.
pub fn course(trends: &[(String, &Trend)], frame: &Frame) -> History {
    let all = || trends.iter().flat_map(|(_, trend)| &trend.points);
    let time = all().all(|point| point.at.is_some()) && all().next().is_some();
    let place = |trend: &Trend, index: usize| {
        let at = trend.points.get(index).and_then(|point| point.at);
        match at.filter(|_| time) {
            Some(millis) => millis as f64 / 1000.0,
            None => index as f64,
        }
    };
    let series = trends.iter().map(|(name, trend)| {
        let readings = trend.points.iter().enumerate();
        let readings = readings.map(|(index, point)| Reading {
            label: run(point, index),
            x: place(trend, index),
            y: point.value,
        });
        let changes = trend.change_points.iter();
        chart::Series {
            name: name.clone(),
            readings: readings.collect(),
            changes: changes
                .map(|change| Change {
                    x: place(trend, change.index),
                    state: state(change),
                    label: size(change),
                })
                .collect(),
            levels: levels(trend, &place),
        }
    });
    let direction = trends.first().and_then(|(_, trend)| trend.direction);
    let same = trends.iter().all(|(_, trend)| trend.direction == direction);
    History {
        title: frame.title.clone(),
        subtitle: frame.subtitle.clone(),
        caption: frame.caption.clone(),
        x: Axis {
            title: if time {
                "time (UTC)".to_owned()
            } else {
                frame.x_title.clone()
            },
            ..Axis::default()
        },
        time,
        y: Axis {
            title: frame.y_title.clone(),
            log: false,
            higher_is_better: direction.filter(|_| same).map(|d| d == Direction::Higher),
        },
        series: series.collect(),
    }
}

fn run(point: &Observation, index: usize) -> String {
    match (point.run, &point.time) {
        (Some(run), Some(time)) => format!("run {run}, {time}"),
        (Some(run), None) => format!("run {run}"),
        (None, Some(time)) => time.clone(),
        (None, None) => format!("value {}", index + 1),
    }
}

fn state(change: &ChangePoint) -> State {
    match change.state {
        PointState::Confirmed => State::Confirmed,
        PointState::Possible => State::Possible,
        PointState::Suspect => State::Suspect,
    }
}

fn size(change: &ChangePoint) -> String {
    match change.relative_change {
        Some(share) => percent(share),
        None => short(change.change),
    }
}

/// The levels between the changes; none without a change.
fn levels(trend: &Trend, place: &impl Fn(&Trend, usize) -> f64) -> Vec<Level> {
    let steps: Vec<&ChangePoint> = trend
        .change_points
        .iter()
        .filter(|change| change.state != PointState::Suspect)
        .collect();
    let Some(first) = steps.first() else {
        return Vec::new();
    };
    let last_place = trend.points.len().saturating_sub(1);
    let mut levels = vec![Level {
        from: place(trend, 0),
        to: place(trend, first.index.saturating_sub(1)),
        y: first.before,
    }];
    for (i, step) in steps.iter().enumerate() {
        let end = steps
            .get(i + 1)
            .map_or(last_place, |next| next.index.saturating_sub(1));
        levels.push(Level {
            from: place(trend, step.index),
            to: place(trend, end),
            y: step.after,
        });
    }
    levels
}
