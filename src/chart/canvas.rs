//! Drawing in nominal pixels through plotters' SVG back end. The back end knows whole numbers only, so the canvas behind it is
//! eight times as large and the picture is shown at its nominal size through `viewBox`: positions are good to an eighth of a pixel.

use plotters::backend::SVGBackend;
use plotters::coord::{CoordTranslate, Shift, cartesian::Cartesian2d};
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea as _};
use plotters::element::{Circle, PathElement, Polygon};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color as _, FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle,
};

use super::ChartError;
use super::axis::Scale;
use super::geometry::{Rect, Spot};
use super::text::{FAMILY, Style, Weight};
use super::theme::Colour;

/// Back-end units in one nominal pixel.
const FINE: f64 = 8.0;

/// A part of the picture with its own coordinates.
pub(super) struct Sheet<'a, C: CoordTranslate> {
    area: DrawingArea<SVGBackend<'a>, C>,
}

/// The whole picture, in back-end units.
pub(super) type Page<'a> = Sheet<'a, Shift>;
/// The plot, in the data's units.
pub(super) type Plane<'a> = Sheet<'a, Cartesian2d<Scale, Scale>>;

/// Which end of a text is at its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// One line of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) text: String,
    /// On the baseline.
    pub(super) at: Spot,
    pub(super) anchor: Anchor,
    pub(super) style: Style,
    pub(super) colour: Colour,
}

impl<'a> Page<'a> {
    pub(super) fn new(buffer: &'a mut String, width: f64, height: f64) -> Self {
        let size = (fine(width).unsigned_abs(), fine(height).unsigned_abs());
        Self {
            area: SVGBackend::with_string(buffer, size).into_drawing_area(),
        }
    }

    /// The plot area with the axes as its coordinates.
    pub(super) fn plane(&self, area: &Rect, x: Scale, y: Scale) -> Plane<'a> {
        let across = fine(area.left)..fine(area.right);
        let upward = fine(area.bottom)..fine(area.top);
        Sheet {
            area: self.area.apply_coord_spec(Cartesian2d::new::<Scale, Scale>(
                x,
                y,
                (across, upward),
            )),
        }
    }

    pub(super) fn fill(&self, colour: Colour) -> Result<(), ChartError> {
        self.area.fill(&shade(colour)).map_err(refused)
    }

    /// A line between spots in pixels.
    pub(super) fn segment(
        &self,
        from: Spot,
        to: Spot,
        width: f64,
        colour: Colour,
    ) -> Result<(), ChartError> {
        self.line(vec![unit(from), unit(to)], width, colour)
    }

    pub(super) fn text(&self, line: &Line) -> Result<(), ChartError> {
        let face = match line.style.weight {
            Weight::Regular => FontStyle::Normal,
            Weight::Bold => FontStyle::Bold,
        };
        let size = line.style.size * FINE;
        let across = match line.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let style = TextStyle {
            font: FontDesc::new(FontFamily::Name(FAMILY), enlarged(size), face),
            color: shade(line.colour).to_backend_color(),
            pos: Pos::new(across, VPos::Top),
        };
        // The back end puts a text that hangs from its position 0.76 em lower; this puts the baseline where it is meant.
        let at = unit((line.at.0, line.at.1 - 0.76 * line.style.size));
        self.area.draw_text(&line.text, &style, at).map_err(refused)
    }

    pub(super) fn finish(&self) -> Result<(), ChartError> {
        self.area.present().map_err(refused)
    }
}

impl<C: CoordTranslate> Sheet<'_, C>
where
    C::From: Clone,
{
    pub(super) fn line(
        &self,
        through: Vec<C::From>,
        width: f64,
        colour: Colour,
    ) -> Result<(), ChartError> {
        self.area
            .draw(&PathElement::new(through, stroke(width, colour)))
            .map_err(refused)
    }

    pub(super) fn patch(&self, outline: Vec<C::From>, colour: Colour) -> Result<(), ChartError> {
        self.area
            .draw(&Polygon::new(outline, shade(colour).filled()))
            .map_err(refused)
    }

    pub(super) fn disc(
        &self,
        centre: C::From,
        radius: f64,
        colour: Colour,
    ) -> Result<(), ChartError> {
        self.area
            .draw(&Circle::new(centre, fine(radius), shade(colour).filled()))
            .map_err(refused)
    }

    pub(super) fn ring(
        &self,
        centre: C::From,
        radius: f64,
        width: f64,
        colour: Colour,
    ) -> Result<(), ChartError> {
        self.area
            .draw(&Circle::new(centre, fine(radius), stroke(width, colour)))
            .map_err(refused)
    }
}

/// A spot in pixels as a position of the page.
#[expect(
    clippy::cast_possible_truncation,
    reason = "positions are inside an image of bounded size"
)]
fn fine(pixels: f64) -> i32 {
    (pixels * FINE).round() as i32
}

pub(super) fn unit(spot: Spot) -> (i32, i32) {
    (fine(spot.0), fine(spot.1))
}

fn shade(colour: Colour) -> RGBAColor {
    RGBAColor(colour.0, colour.1, colour.2, colour.3)
}

fn stroke(width: f64, colour: Colour) -> ShapeStyle {
    let width = fine(width).unsigned_abs().max(1);
    ShapeStyle {
        color: shade(colour),
        filled: false,
        stroke_width: width,
    }
}

/// The back end divides a font size by 1.24; of the neighbouring numbers this is the one that comes out as `size`, and
/// where there is none the difference is in the last of sixteen digits.
fn enlarged(size: f64) -> f64 {
    let near = size * 1.24;
    let exact = |enlarged: &f64| *enlarged / 1.24 == size;
    [near, near.next_up(), near.next_down()]
        .into_iter()
        .find(exact)
        .unwrap_or(near)
}

fn refused<E: std::error::Error + Send + Sync>(error: DrawingAreaErrorKind<E>) -> ChartError
where
    DrawingAreaErrorKind<E>: std::fmt::Display,
{
    ChartError::Draw(error.to_string())
}

/// What a mark says of itself to a reader who points at it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Remark {
    pub(super) at: Spot,
    pub(super) radius: f64,
    /// Its lines, the name first.
    pub(super) lines: Vec<String>,
}

/// The finished document: shown at its nominal size, with a title and a description for screen readers
/// (SVG 2, 5.8; the first child elements of the root), the remarks of its marks as circles on top that are not painted.
pub(super) fn document(
    body: &str,
    width: f64,
    height: f64,
    title: &str,
    description: &str,
    remarks: &[Remark],
) -> String {
    let rest = body.split_once('>').map_or("", |(_, rest)| rest);
    let rest = rest.trim_end().trim_end_matches("</svg>");
    let (wide, high) = (fine(width), fine(height));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {wide} {high}\" \
         role=\"img\">\n<title>{}</title>\n<desc>{}</desc>{rest}{}</svg>\n",
        escaped(title),
        escaped(description),
        spoken(remarks)
    )
}

fn spoken(remarks: &[Remark]) -> String {
    let circles: String = remarks
        .iter()
        .map(|remark| {
            let (x, y) = unit(remark.at);
            let (radius, text) = (fine(remark.radius), escaped(&remark.lines.join("\n")));
            format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"><title>{text}</title></circle>\n")
        })
        .collect();
    if circles.is_empty() {
        return circles;
    }
    format!("<g fill=\"none\" pointer-events=\"all\">\n{circles}</g>\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn font_sizes_come_out_exactly() {
        for quarter in 36..180 {
            let size = f64::from(quarter) / 4.0 * FINE;
            assert!(
                (enlarged(size) / 1.24 - size).abs() <= size * f64::EPSILON,
                "{size}"
            );
        }
    }

    #[test]
    fn a_mark_says_what_it_is_and_is_not_painted_twice() {
        let remark = Remark {
            at: (1.0, 2.0),
            radius: 3.0,
            lines: vec!["a < b".into(), "x: 1".into()],
        };
        assert_eq!(
            spoken(&[remark]),
            "<g fill=\"none\" pointer-events=\"all\">\n\
             <circle cx=\"8\" cy=\"16\" r=\"24\"><title>a &lt; b\nx: 1</title></circle>\n</g>\n"
        );
    }

    #[test]
    fn a_page_is_eight_times_as_fine_as_it_is_shown() {
        let mut body = String::new();
        let page = Page::new(&mut body, 20.0, 10.0);
        page.segment((1.0, 2.0), (3.125, 2.0), 1.5, Colour(0, 0, 0, 1.0))
            .unwrap();
        page.finish().unwrap();
        drop(page);
        assert_eq!(
            document(&body, 20.0, 10.0, "a < b & c", "d", &[]),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\" viewBox=\"0 0 160 80\" role=\"img\">\n\
             <title>a &lt; b &amp; c</title>\n<desc>d</desc>\n\
             <polyline fill=\"none\" opacity=\"1\" stroke=\"#000000\" stroke-width=\"12\" points=\"8,16 25,16 \"/>\n</svg>\n"
        );
    }
}
