//! Which name stands beside which point: shortened where it is too long, numbered and listed where it finds no place,
//! and the cue that says which corner is better.

use super::canvas::{Anchor, Line};
use super::figure::{Point, Scatter};
use super::geometry::{Rect, distance};
use super::labels::{Label, Obstacles, Placed, RINGS, WIDE_RINGS, place};
use super::layout::{self, Frame};
use super::marks::{Marker, Marks};
use super::text::{Fonts, Style, clean};
use super::theme::{INK, QUIET, Theme};

/// Beyond this many points only those on the frontier and the highlighted ones are named.
const NAMED: usize = 400;
/// A label is at most this share of the plot's width.
const WIDEST: f64 = 0.4;
/// The points that get a label.
pub(super) fn named(chart: &Scatter, notes: &mut Vec<String>) -> Vec<usize> {
    let points = || {
        chart
            .points
            .iter()
            .enumerate()
            .filter(|(_, point)| !clean(&point.label).is_empty())
    };
    if chart.points.len() <= NAMED {
        return points().map(|(index, _)| index).collect();
    }
    let mut named: Vec<usize> = points()
        .filter(|(_, p)| p.on_frontier || p.highlighted)
        .map(|(index, _)| index)
        .collect();
    named.sort_by_key(|&index| {
        chart
            .points
            .get(index)
            .is_none_or(|point| !point.highlighted)
    });
    named.truncate(NAMED);
    let (count, all) = (named.len(), chart.points.len());
    notes.push(format!("{count} of {all} points are named: over {NAMED} points only highlighted and frontier points are"));
    named
}

/// Names beside their points.
pub(super) struct Names<'a> {
    pub(super) fonts: &'a Fonts,
    pub(super) theme: &'a Theme,
    pub(super) marks: &'a Marks<'a>,
    pub(super) obstacles: &'a Obstacles,
    /// Which direction is better, across and upwards.
    pub(super) better: (Option<bool>, Option<bool>),
}

impl Names<'_> {
    /// The lines of text, and the places they take in the plot. Makes the frame higher for a list of numbers.
    pub(super) fn place(
        &self,
        named: &[usize],
        frame: &mut Frame,
        notes: &mut Vec<String>,
    ) -> (Vec<Line>, Vec<Placed>) {
        let markers: Vec<&Marker> = named
            .iter()
            .filter_map(|&index| self.marks.markers.get(index))
            .collect();
        let room = frame.plot.width() * WIDEST;
        let texts: Vec<String> = markers
            .iter()
            .map(|marker| self.short(marker, room, notes))
            .collect();
        let labels: Vec<Label> = markers
            .iter()
            .zip(&texts)
            .map(|(m, text)| self.label(m, text, self.style(m)))
            .collect();
        let places = place(&labels, self.obstacles, &[], RINGS);
        let mut done: Vec<Placed> = places.iter().flatten().copied().collect();
        let mut lines: Vec<Line> = Vec::new();
        for ((marker, text), spot) in markers.iter().zip(&texts).zip(&places) {
            lines
                .extend(spot.map(|spot| self.line(marker, text.clone(), self.style(marker), spot)));
        }

        let homeless: Vec<&Marker> = markers
            .iter()
            .zip(&places)
            .filter(|(_, spot)| spot.is_none())
            .map(|(marker, _)| *marker)
            .collect();
        if !homeless.is_empty() {
            let numbered = self.number(&homeless, frame, &done);
            notes.push(format!(
                "{} of {} labels found no place and are listed under the chart",
                homeless.len(),
                markers.len()
            ));
            for (line, spot) in numbered {
                lines.push(line);
                done.push(spot);
            }
        }
        lines.extend(cue(self, frame, &done));
        (lines, done)
    }

    /// Numbers for the labels without a place, and the list that explains them. A point without room even for a number
    /// is listed with its values.
    fn number(
        &self,
        homeless: &[&Marker],
        frame: &mut Frame,
        done: &[Placed],
    ) -> Vec<(Line, Placed)> {
        let style = Style::bold(self.theme.caption);
        // All numbers are as wide as the widest, so that they can be counted after they are placed.
        let widest = "8".repeat(homeless.len().to_string().len());
        let labels: Vec<Label> = homeless
            .iter()
            .map(|marker| self.label(marker, &widest, style))
            .collect();
        let spots = place(&labels, self.obstacles, done, WIDE_RINGS);
        let (mut entries, mut unmarked, mut drawn) = (Vec::new(), Vec::new(), Vec::new());
        for (marker, spot) in homeless.iter().zip(spots) {
            let name = self.fonts.drawable(&marker.point.label).0;
            if let Some(mut spot) = spot {
                let number = (entries.len() + 1).to_string();
                // The narrower number stays at the side of its marker.
                let spare = spot.bounds.width() - self.fonts.width(&number, style);
                if spot.bounds.right <= marker.centre.0 {
                    spot.origin.0 += spare;
                }
                drawn.push((self.line(marker, number.clone(), style, spot), spot));
                entries.push((number, name));
            } else {
                unmarked.push((
                    "·".to_owned(),
                    format!(
                        "{name} at {}, {}",
                        brief(marker.point.x),
                        brief(marker.point.y)
                    ),
                ));
            }
        }
        entries.extend(unmarked);
        layout::list(frame, &entries, self.theme, self.fonts);
        drawn
    }

    fn short(&self, marker: &Marker, room: f64, notes: &mut Vec<String>) -> String {
        let text = self.fonts.drawable(&marker.point.label).0;
        let short = self.fonts.fit(&text, self.style(marker), room);
        if short != text {
            notes.push(format!(
                "label `{}` is shortened to `{short}`",
                clean(&marker.point.label)
            ));
        }
        short
    }

    fn style(&self, marker: &Marker) -> Style {
        if marker.point.highlighted {
            Style::bold(self.theme.label)
        } else {
            Style::regular(self.theme.label)
        }
    }

    fn label(&self, marker: &Marker, text: &str, style: Style) -> Label {
        let extent = self.fonts.extent(text, style);
        let rank = match marker.point {
            Point {
                highlighted: true, ..
            } => 0,
            Point {
                on_frontier: true, ..
            } => 1,
            _ => 2,
        };
        // Markers on the same spot are one obstacle, as wide as the widest.
        let same = |other: &&Marker| distance(other.centre, marker.centre) < 1.0;
        let radius = self
            .marks
            .markers
            .iter()
            .filter(same)
            .map(|other| other.radius)
            .fold(0.0, f64::max);
        Label {
            centre: marker.centre,
            radius,
            rank,
            width: extent.width + extent.before,
            above: extent.above,
            below: extent.below,
        }
    }

    fn line(&self, marker: &Marker, text: String, style: Style, spot: Placed) -> Line {
        let before = self.fonts.extent(&text, style).before;
        let strong = marker.point.on_frontier || marker.point.highlighted;
        let colour = if strong { INK } else { QUIET };
        Line {
            text,
            at: (spot.origin.0 + before, spot.origin.1),
            anchor: Anchor::Start,
            style,
            colour,
        }
    }
}

/// A word with an arrow towards the good corner, as near to the corner as it collides with nothing.
fn cue(names: &Names, frame: &Frame, done: &[Placed]) -> Option<Line> {
    let (text, right, top) = match names.better {
        (Some(true), Some(true)) => ("better ↗", true, true),
        (Some(true), Some(false)) => ("better ↘", true, false),
        (Some(false), Some(true)) => ("↖ better", false, true),
        (Some(false), Some(false)) => ("↙ better", false, false),
        (Some(true), None) => ("better →", true, true),
        (Some(false), None) => ("← better", false, true),
        (None, Some(true)) => ("better ↑", true, true),
        (None, Some(false)) => ("better ↓", true, false),
        (None, None) => return None,
    };
    let style = Style::regular(names.theme.tick);
    let extent = names.fonts.extent(text, style);
    let (width, height) = (extent.width + extent.before, extent.above + extent.below);
    let plot = frame.plot.grown(-6.0);
    let spot = |step: (u32, u32)| {
        let (dx, dy) = (f64::from(step.0) * 6.0, f64::from(step.1) * 6.0);
        let left = if right {
            plot.right - width - dx
        } else {
            plot.left + dx
        };
        let top = if top {
            plot.top + dy
        } else {
            plot.bottom - height - dy
        };
        Rect {
            left,
            top,
            right: left + width,
            bottom: top + height,
        }
    };
    let columns = frame
        .x_ticks
        .major
        .iter()
        .map(|tick| frame.at((tick.value, 0.0)).0);
    let rows = frame
        .y_ticks
        .major
        .iter()
        .map(|tick| frame.at((0.0, tick.value)).1);
    let (columns, rows): (Vec<f64>, Vec<f64>) = (columns.collect(), rows.collect());
    let free = |bounds: &Rect| {
        let box_around = bounds.grown(4.0);
        let ruled = columns
            .iter()
            .any(|x| (box_around.left..box_around.right).contains(x))
            || rows
                .iter()
                .any(|y| (box_around.top..box_around.bottom).contains(y));
        if ruled {
            return false;
        }
        names.obstacles.solid.is_free(&box_around)
            && done.iter().all(|p| {
                !p.bounds.meets(&box_around) && p.leader.is_none_or(|line| !line.meets(&box_around))
            })
    };
    // Diagonal by diagonal away from the corner.
    let bounds = (0..60)
        .flat_map(|sum| (0..=sum).map(move |down| (sum - down, down)))
        .map(spot)
        .find(free)?;
    let at = (bounds.left + extent.before, bounds.top + extent.above);
    Some(Line {
        text: text.to_owned(),
        at,
        anchor: Anchor::Start,
        style,
        colour: QUIET,
    })
}

/// Four significant digits.
fn brief(value: f64) -> String {
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    if rounded == 0.0 || (1e-3..1e5).contains(&rounded.abs()) {
        rounded.to_string()
    } else {
        format!("{rounded:e}")
    }
}
