//! The shapes of markers. All have the area of the circle with the same radius, so that area can carry a quantity.

use std::f64::consts::{PI, TAU};

use super::ChartError;
use super::canvas::Page;
use super::geometry::Spot;
use super::palette::{Colour, HUES};

/// Outline of a marker and width of an error bar.
pub(super) const THIN: f64 = 1.25;
/// Inner radius of the star, as a share of the outer one.
const WAIST: f64 = 0.45;

/// The outline of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Circle,
    Square,
    Triangle,
    Diamond,
    Inverted,
    Plus,
    Cross,
    Star,
}

/// One for each hue.
pub(super) const SHAPES: [Shape; HUES] = [
    Shape::Circle,
    Shape::Square,
    Shape::Triangle,
    Shape::Diamond,
    Shape::Inverted,
    Shape::Plus,
    Shape::Cross,
    Shape::Star,
];

impl Shape {
    /// Corners around the centre; none for the circle.
    pub(super) fn corners(self, centre: Spot, radius: f64) -> Vec<Spot> {
        let around = |count: u32, first: f64, reach: &dyn Fn(u32) -> f64| {
            (0..count)
                .map(|index| {
                    let angle = TAU * (first + f64::from(index) / f64::from(count));
                    let reach = radius * reach(index);
                    (
                        centre.0 + reach * angle.sin(),
                        centre.1 - reach * angle.cos(),
                    )
                })
                .collect::<Vec<Spot>>()
        };
        let whole = self.reach();
        match self {
            Self::Circle => Vec::new(),
            Self::Square => around(4, 0.125, &|_| whole),
            Self::Diamond => around(4, 0.0, &|_| whole),
            Self::Triangle => around(3, 0.0, &|_| whole),
            Self::Inverted => around(3, 0.5, &|_| whole),
            Self::Star => around(10, 0.0, &|i| {
                if i.is_multiple_of(2) {
                    whole
                } else {
                    whole * WAIST
                }
            }),
            Self::Plus => plus(centre, radius, 0.0),
            Self::Cross => plus(centre, radius, TAU / 8.0),
        }
    }

    /// Radius of the circle around the shape, as a multiple of its radius.
    pub(super) fn reach(self) -> f64 {
        match self {
            Self::Circle => 1.0,
            // Half the diagonal of a square of area π.
            Self::Square | Self::Diamond => (PI / 2.0).sqrt(),
            // An equilateral triangle in a circle of radius R has the area 3√3 R² / 4.
            Self::Triangle | Self::Inverted => (4.0 * PI / 27.0_f64.sqrt()).sqrt(),
            Self::Plus | Self::Cross => arm().hypot(arm() / 3.0),
            // Ten triangles from the centre.
            Self::Star => (PI / (5.0 * WAIST * (TAU / 10.0).sin())).sqrt(),
        }
    }
}

/// Half length of the arms; a plus with arms a third as wide as the whole has the area 20 a² / 9.
fn arm() -> f64 {
    (9.0 * PI / 20.0).sqrt()
}

fn plus(centre: Spot, radius: f64, turn: f64) -> Vec<Spot> {
    let (long, wide) = (radius * arm(), radius * arm() / 3.0);
    let quarter = [(-wide, -long), (wide, -long), (wide, -wide)];
    (0..4)
        .flat_map(|index| {
            let angle = turn + TAU / 4.0 * f64::from(index);
            quarter.map(|(x, y)| {
                (
                    centre.0 + x * angle.cos() - y * angle.sin(),
                    centre.1 + x * angle.sin() + y * angle.cos(),
                )
            })
        })
        .collect()
}

/// A marker without its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Face {
    pub(super) shape: Shape,
    pub(super) radius: f64,
    pub(super) fill: Colour,
    pub(super) line: Option<Colour>,
}

impl Face {
    pub(super) fn draw(&self, page: &Page, at: Spot) -> Result<(), ChartError> {
        let corners = self.shape.corners(at, self.radius);
        if corners.is_empty() {
            page.disc(at, self.radius, self.fill)?;
            return match self.line {
                Some(line) => page.ring(at, self.radius, THIN, line),
                None => Ok(()),
            };
        }
        page.patch(&corners, self.fill)?;
        match self.line {
            Some(line) => page.line(&closed(&corners), THIN, line),
            None => Ok(()),
        }
    }

    /// Radius of all of it.
    pub(super) fn reach(&self) -> f64 {
        self.radius * self.shape.reach() + THIN / 2.0
    }
}

/// Back to the first corner and on to the second, so that the last corner is as sharp as the others.
fn closed(corners: &[Spot]) -> Vec<Spot> {
    corners
        .iter()
        .chain(corners.iter().take(2))
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gauss's formula for the area of a polygon.
    fn area(corners: &[Spot]) -> f64 {
        let closed = closed(corners);
        let twice: f64 = closed
            .windows(2)
            .take(corners.len())
            .map(|pair| pair[0].0 * pair[1].1 - pair[1].0 * pair[0].1)
            .sum();
        twice.abs() / 2.0
    }

    #[test]
    fn all_shapes_have_the_area_of_the_circle_and_end_at_their_reach() {
        for shape in SHAPES.into_iter().skip(1) {
            let corners = shape.corners((3.0, 5.0), 2.0);
            assert!((area(&corners) - 4.0 * PI).abs() < 1e-9, "{shape:?}");
            let reach = corners
                .iter()
                .map(|c| (c.0 - 3.0).hypot(c.1 - 5.0))
                .fold(0.0, f64::max);
            assert!((reach - 2.0 * shape.reach()).abs() < 1e-9, "{shape:?}");
        }
    }
}
