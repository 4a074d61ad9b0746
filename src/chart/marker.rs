//! The points: what their shape, colour, area and outline say, where they are, and their error bars.

use super::ChartError;
use super::canvas::{About, Page, Picture};
use super::figure::{Axis, Point, Scatter};
use super::geometry::{Spot, distance};
use super::groups::Groups;
use super::key::{Entry, Symbol, unknown};
use super::look::Look;
use super::palette::{Colour, Hue};
use super::plot::Plot;
use super::shape::{Face, Shape, THIN};
use super::text::{Fonts, clean};
use crate::catalog::number::{short, with_error};

/// Free space and width of the ring around a highlighted marker.
const RING: (f64, f64) = (2.0, 1.75);
/// The largest area's radius, in radii of a plain marker.
const LARGEST: f64 = 3.2;
/// No known area is smaller than the one of this radius, in pixels.
const SMALLEST: f64 = 1.5;

/// How the values of a point become a marker; one for all panels of a picture.
#[derive(Debug, Clone)]
pub(super) struct Encoding<'a> {
    pub(super) groups: Option<Groups<'a>>,
    /// What areas stand for, and the largest value.
    sizes: Option<(&'a str, f64)>,
}

impl<'a> Encoding<'a> {
    pub(super) fn of(chart: &'a Scatter, points: &[&'a Point]) -> Self {
        let all = || points.iter().copied();
        let largest = all().filter_map(|point| point.size).fold(0.0, f64::max);
        Self {
            groups: chart
                .groups
                .as_deref()
                .map(|heading| Groups::of(heading, all())),
            sizes: chart
                .sizes
                .as_deref()
                .filter(|_| largest > 0.0)
                .map(|heading| (heading, largest)),
        }
    }

    fn radius(&self, size: f64, largest: f64, look: &Look) -> f64 {
        (LARGEST * look.dot * (size / largest).sqrt()).max(SMALLEST)
    }

    /// Radius of the circle that holds any marker of these points.
    pub(super) fn reach(&self, points: &[&Point], look: &Look) -> f64 {
        let shapes = super::shape::SHAPES.iter().map(|shape| shape.reach());
        let widest = match self.groups {
            Some(_) => shapes.fold(1.0, f64::max),
            None => 1.0,
        };
        let largest = if self.sizes.is_some() {
            LARGEST * look.dot
        } else {
            look.strong_dot
        };
        let highlighted = points.iter().any(|point| point.highlighted);
        let ring = if highlighted { RING.0 + RING.1 } else { 0.0 };
        largest * widest + THIN + ring
    }

    fn hue(&self, point: &Point, look: &Look) -> (Hue, Shape) {
        let palette = look.palette;
        match &self.groups {
            Some(groups) => groups.look_of(point.group.as_deref(), palette),
            None => {
                let colour = match (point.on_frontier, point.highlighted) {
                    (true, _) => palette.frontier,
                    (false, true) => palette.ink,
                    (false, false) => palette.dominated,
                };
                let hue = Hue {
                    fill: colour,
                    line: colour,
                };
                (hue, Shape::Circle)
            }
        }
    }

    /// Groups, frontier against dominated, areas.
    pub(super) fn key(&self, points: &[&Point], look: &Look, fonts: &Fonts) -> Vec<Vec<Entry>> {
        let groups = self.groups.as_ref().map(|groups| groups.key(look, fonts));
        let areas = self
            .sizes
            .map(|(heading, largest)| self.areas(heading, largest, points, look, fonts));
        groups
            .into_iter()
            .chain([self.fills(points, look)])
            .chain(areas)
            .filter(|section| !section.is_empty())
            .collect()
    }

    fn fills(&self, points: &[&Point], look: &Look) -> Vec<Entry> {
        let some = |on| points.iter().any(|point| point.on_frontier == on);
        if !(some(true) && some(false)) {
            return Vec::new();
        }
        let palette = look.palette;
        let (filled, hollow) = match self.groups {
            Some(_) => (palette.quiet, palette.quiet),
            None => (palette.frontier, palette.dominated),
        };
        let entry = |fill, line, text: &str| Entry {
            symbol: Symbol::Marker(Face {
                shape: Shape::Circle,
                radius: look.caption * 0.36,
                fill,
                line: Some(line),
            }),
            text: text.to_owned(),
        };
        vec![
            entry(filled, filled, "on the frontier"),
            entry(palette.paper, hollow, "dominated"),
        ]
    }

    fn areas(
        &self,
        heading: &str,
        largest: f64,
        points: &[&Point],
        look: &Look,
        fonts: &Fonts,
    ) -> Vec<Entry> {
        let mut key = vec![Entry {
            symbol: Symbol::Heading,
            text: format!("area, {}:", fonts.drawable(heading).0),
        }];
        for value in round_values(largest) {
            key.push(Entry {
                symbol: Symbol::Marker(Face {
                    shape: Shape::Circle,
                    radius: self.radius(value, largest, look),
                    fill: look.palette.paper,
                    line: Some(look.palette.quiet),
                }),
                text: short(value),
            });
        }
        if points.iter().any(|point| point.size.is_none()) {
            key.push(Entry {
                symbol: Symbol::Unknown(look.palette.quiet),
                text: "not recorded".to_owned(),
            });
        }
        key
    }
}

/// Up to three of 1, 2, 5 × 10ⁿ, descending, each at most 0.3 of the one before.
fn round_values(largest: f64) -> Vec<f64> {
    let top = largest.log10().floor();
    let steps = (-2..=0)
        .rev()
        .flat_map(|down| [5.0, 2.0, 1.0].map(|digit| digit * 10_f64.powf(top + f64::from(down))));
    let mut values: Vec<f64> = Vec::new();
    for value in steps.filter(|value| *value <= largest && *value > 0.0) {
        if values.len() < 3 && values.last().is_none_or(|last| value <= 0.3 * last) {
            values.push(value);
        }
    }
    values
}

/// A point where it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Marker<'a> {
    pub(super) point: &'a Point,
    pub(super) centre: Spot,
    face: Face,
    /// Radius with all outlines.
    pub(super) radius: f64,
    /// The area would say something that is not known.
    size_unknown: bool,
    /// Of the error bars.
    line: Colour,
}

impl<'a> Marker<'a> {
    pub(super) fn of(point: &'a Point, encoding: &Encoding, plot: &Plot, look: &Look) -> Self {
        let strong = point.on_frontier || point.highlighted;
        let radius = match (encoding.sizes, point.size) {
            (Some((_, largest)), Some(size)) => encoding.radius(size, largest, look),
            _ if strong => look.strong_dot,
            _ => look.dot,
        };
        let (hue, shape) = encoding.hue(point, look);
        let line = hue.line;
        let face = Face {
            shape,
            radius,
            fill: if point.on_frontier {
                hue.fill
            } else {
                look.palette.paper
            },
            line: match (point.on_frontier, hue.fill == hue.line) {
                // Overlapping areas stay apart.
                (true, true) => encoding.sizes.map(|_| look.palette.paper),
                _ => Some(hue.line),
            },
        };
        let ring = if point.highlighted {
            RING.0 + RING.1
        } else {
            0.0
        };
        Self {
            point,
            centre: plot.at((point.x, point.y)),
            face,
            radius: face.reach() + ring,
            line,
            size_unknown: encoding.sizes.is_some() && point.size.is_none(),
        }
    }

    /// The quiet ones first, among them the larger ones first: what matters lies on top.
    pub(super) fn layer(&self) -> u8 {
        match (self.point.highlighted, self.point.on_frontier) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        }
    }

    pub(super) fn draw(&self, page: &Page, look: &Look) -> Result<(), ChartError> {
        let at = self.centre;
        if self.point.highlighted {
            page.disc(at, self.radius, look.palette.paper)?;
            let ring = self.radius - RING.1 / 2.0;
            page.ring(at, ring, RING.1, look.palette.highlight)?;
        }
        if self.size_unknown {
            return unknown(page, at, look, self.line);
        }
        self.face.draw(page, at)
    }

    /// Draws the marker in a group with its tooltip.
    pub(super) fn add_to(
        &self,
        picture: &mut Picture,
        look: &Look,
        axes: (&Axis, &Axis),
    ) -> Result<(), ChartError> {
        picture.group(&self.about(axes), |page| self.draw(page, look))
    }

    fn about(&self, (x, y): (&Axis, &Axis)) -> About {
        let point = self.point;
        let line = |axis: &Axis, value: f64, error: Option<f64>| {
            let value = error.map_or_else(|| short(value), |error| with_error(value, error));
            format!("{}: {value}", clean(&axis.title))
        };
        let label = clean(&point.label);
        let mut title = format!(
            "{label}\n{}\n{}",
            line(x, point.x, point.x_err),
            line(y, point.y, point.y_err)
        );
        let mut data = vec![
            ("label", label),
            ("x", point.x.to_string()),
            ("y", point.y.to_string()),
        ];
        if let Some(group) = &point.group {
            data.push(("group", clean(group)));
            title.push_str(&format!("\n{}", clean(group)));
        }
        if let Some(size) = point.size {
            data.push(("size", size.to_string()));
        }
        if point.on_frontier {
            title.push_str("\non the frontier");
        }
        let class = match (point.on_frontier, point.highlighted) {
            (true, true) => "point frontier highlighted",
            (true, false) => "point frontier",
            (false, true) => "point highlighted",
            (false, false) => "point",
        };
        About { class, data, title }
    }

    /// The error bars and their colour, in the axes' units.
    pub(super) fn bars(&self) -> Vec<[Spot; 2]> {
        let Point {
            x, y, x_err, y_err, ..
        } = *self.point;
        let across = x_err.map(|half| [(x - half, y), (x + half, y)]);
        let upward = y_err.map(|half| [(x, y - half), (x, y + half)]);
        across.into_iter().chain(upward).collect()
    }

    pub(super) fn draw_bars(&self, page: &Page, plot: &Plot) -> Result<(), ChartError> {
        self.bars()
            .into_iter()
            .try_for_each(|[from, to]| page.segment(plot.at(from), plot.at(to), THIN, self.line))
    }
}

/// Markers on the same spot are one obstacle, as wide as the widest.
pub(super) fn radius_at(markers: &[Marker], centre: Spot) -> f64 {
    let same = markers
        .iter()
        .filter(|other| distance(other.centre, centre) < 1.0);
    same.map(|other| other.radius).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_of_the_key_are_round_and_far_apart() {
        assert_eq!(round_values(70.0), [50.0, 10.0, 2.0]);
        assert_eq!(round_values(7.0), [5.0, 1.0, 0.2]);
        assert_eq!(round_values(1.0), [1.0, 0.2, 0.05]);
    }
}
