//! Which name stands beside which point: shortened where it is too long, numbered and listed where it finds no place,
//! and the cue that says which corner is better.

use super::canvas::{Anchor, Line};
use super::cue::cue;
use super::figure::{Point, Scatter};
use super::labels::{Label, Obstacles, Placed, RINGS, WIDE_RINGS, place};
use super::layout::Listing;
use super::look::Look;
use super::marker::{Marker, radius_at};
use super::plot::Plot;
use super::text::{Fonts, Style, clean};
use crate::catalog::number::short;

/// Beyond this many points only those on the frontier and the highlighted ones are named.
const NAMED: usize = 400;
/// A label is at most this share of the plot's width, and in a narrow plot at most this many pixels or the second share.
const WIDEST: (f64, f64, f64) = (0.4, 110.0, 0.9);

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
    pub(super) look: &'a Look,
    pub(super) plot: &'a Plot,
    pub(super) markers: &'a [Marker<'a>],
    pub(super) obstacles: &'a Obstacles,
    /// Which direction is better, across and upwards.
    pub(super) better: (Option<bool>, Option<bool>),
}

impl Names<'_> {
    /// The lines of text, and the places they take in the plot. Names without a place go to `listing`.
    pub(super) fn place(
        &self,
        named: &[usize],
        listing: &mut Listing,
        notes: &mut Vec<String>,
    ) -> (Vec<Line>, Vec<Placed>) {
        let markers: Vec<&Marker> = named
            .iter()
            .filter_map(|&index| self.markers.get(index))
            .collect();
        let room = self.plot.area.width();
        let room = (WIDEST.0 * room).max(WIDEST.1.min(WIDEST.2 * room));
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
            let numbered = self.number(&homeless, listing, &done);
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
        if let Some((line, place)) = cue(self, &done) {
            lines.push(line);
            done.push(place);
        }
        (lines, done)
    }

    /// Numbers for the labels without a place. A point without room even for a number is listed with its values.
    fn number(
        &self,
        homeless: &[&Marker],
        listing: &mut Listing,
        done: &[Placed],
    ) -> Vec<(Line, Placed)> {
        let style = Style::bold(self.look.caption);
        // All numbers are as wide as the widest, so that they can be counted after they are placed.
        let widest = "8".repeat((listing.numbered.len() + homeless.len()).to_string().len());
        let labels: Vec<Label> = homeless
            .iter()
            .map(|marker| self.label(marker, &widest, style))
            .collect();
        let spots = place(&labels, self.obstacles, done, WIDE_RINGS);
        let mut drawn = Vec::new();
        for (marker, spot) in homeless.iter().zip(spots) {
            let name = self.fonts.drawable(&marker.point.label).0;
            if let Some(mut spot) = spot {
                let number = (listing.numbered.len() + 1).to_string();
                // The narrower number stays at the side of its marker.
                let spare = spot.bounds.width() - self.fonts.width(&number, style);
                if spot.bounds.right <= marker.centre.0 {
                    spot.origin.0 += spare;
                }
                drawn.push((self.line(marker, number.clone(), style, spot), spot));
                listing.numbered.push(name);
            } else {
                let Point { x, y, .. } = *marker.point;
                let values = format!("{name} at {}, {}", short(x), short(y));
                listing.apart.push(values);
            }
        }
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
            Style::bold(self.look.label)
        } else {
            Style::regular(self.look.label)
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
        Label {
            centre: marker.centre,
            radius: radius_at(self.markers, marker.centre),
            rank,
            width: extent.width + extent.before,
            above: extent.above,
            below: extent.below,
        }
    }

    fn line(&self, marker: &Marker, text: String, style: Style, spot: Placed) -> Line {
        let before = self.fonts.extent(&text, style).before;
        let strong = marker.point.on_frontier || marker.point.highlighted;
        let colour = if strong {
            self.look.palette.ink
        } else {
            self.look.palette.quiet
        };
        Line {
            text,
            at: (spot.origin.0 + before, spot.origin.1),
            anchor: Anchor::Start,
            style,
            colour,
        }
    }
}
