//! Drawing in nominal pixels through plotters' SVG back end. The back end knows whole numbers only, so the canvas behind it is
//! eight times as large and the picture is shown at its nominal size through `viewBox`: positions are good to an eighth of a pixel.
//! It knows no groups either, so a picture is a pile of layers, each drawn by a back end of its own.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea as _};
use plotters::element::{Circle, PathElement, Polygon};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color as _, FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle,
};

use super::ChartError;
use super::geometry::{Segment, Spot};
use super::palette::Colour;
use super::text::{FAMILY, Style, Weight};

/// Back-end units in one nominal pixel.
const FINE: f64 = 8.0;

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

/// What a group of marks stands for, for readers and for scripts.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct About {
    /// Words separated by spaces, such as `point frontier`.
    pub(super) class: &'static str,
    /// Attributes `data-…` without the prefix, with their values.
    pub(super) data: Vec<(&'static str, String)>,
    /// The tooltip.
    pub(super) title: String,
}

/// A picture in the making.
pub(super) struct Picture {
    body: String,
    width: f64,
    height: f64,
}

impl Picture {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self {
            body: String::new(),
            width,
            height,
        }
    }

    /// Draws on top of what is there.
    pub(super) fn layer(
        &mut self,
        draw: impl FnOnce(&Page) -> Result<(), ChartError>,
    ) -> Result<(), ChartError> {
        let size = (
            fine(self.width).unsigned_abs(),
            fine(self.height).unsigned_abs(),
        );
        let mut drawn = String::new();
        let area = SVGBackend::with_string(&mut drawn, size).into_drawing_area();
        let page = Page { area };
        draw(&page)?;
        page.area.present().map_err(refused)?;
        drop(page);
        let inside = drawn.split_once(">\n").map_or("", |(_, inside)| inside);
        self.body
            .push_str(inside.strip_suffix("</svg>\n").unwrap_or(inside));
        Ok(())
    }

    /// The same, in a group with a tooltip.
    pub(super) fn group(
        &mut self,
        about: &About,
        draw: impl FnOnce(&Page) -> Result<(), ChartError>,
    ) -> Result<(), ChartError> {
        self.body.push_str(&format!("<g class=\"{}\"", about.class));
        for (name, value) in &about.data {
            self.body
                .push_str(&format!(" data-{name}=\"{}\"", escaped(value)));
        }
        self.body
            .push_str(&format!(">\n<title>{}</title>\n", escaped(&about.title)));
        self.layer(draw)?;
        self.body.push_str("</g>\n");
        Ok(())
    }

    /// The finished document: shown at its nominal size, with a title and a description for screen readers
    /// (SVG 2, 5.8; the first child elements of the root).
    pub(super) fn document(self, title: &str, description: &str) -> String {
        let (wide, high) = (fine(self.width), fine(self.height));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {wide} {high}\" \
             role=\"img\">\n<title>{}</title>\n<desc>{}</desc>\n{}</svg>\n",
            self.width,
            self.height,
            escaped(title),
            escaped(description),
            self.body
        )
    }
}

/// One layer, in nominal pixels.
pub(super) struct Page<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

impl Page<'_> {
    pub(super) fn fill(&self, colour: Colour) -> Result<(), ChartError> {
        self.area.fill(&shade(colour)).map_err(refused)
    }

    pub(super) fn segment(
        &self,
        from: Spot,
        to: Spot,
        width: f64,
        colour: Colour,
    ) -> Result<(), ChartError> {
        self.line(&[from, to], width, colour)
    }

    pub(super) fn line(
        &self,
        through: &[Spot],
        width: f64,
        colour: Colour,
    ) -> Result<(), ChartError> {
        self.area
            .draw(&PathElement::new(units(through), stroke(width, colour)))
            .map_err(refused)
    }

    /// Dashes and gaps of the given lengths. The dashes are cut here because the back end's own start anew at every corner.
    pub(super) fn dashes(
        &self,
        through: &[Spot],
        (dash, gap): (f64, f64),
        width: f64,
        colour: Colour,
    ) -> Result<(), ChartError> {
        let (mut in_gap, mut left) = (false, dash);
        for pair in through.windows(2) {
            let &[from, to] = pair else { continue };
            let piece = Segment { from, to };
            let length = piece.length();
            let mut done = 0.0;
            while done < length {
                let step = left.min(length - done);
                if !in_gap {
                    let ends = (piece.at(done / length), piece.at((done + step) / length));
                    self.segment(ends.0, ends.1, width, colour)?;
                }
                (done, left) = (done + step, left - step);
                if left <= 0.0 {
                    in_gap = !in_gap;
                    left = if in_gap { gap } else { dash };
                }
            }
        }
        Ok(())
    }

    pub(super) fn patch(&self, outline: &[Spot], colour: Colour) -> Result<(), ChartError> {
        self.area
            .draw(&Polygon::new(units(outline), shade(colour).filled()))
            .map_err(refused)
    }

    pub(super) fn disc(&self, centre: Spot, radius: f64, colour: Colour) -> Result<(), ChartError> {
        self.area
            .draw(&Circle::new(
                unit(centre),
                fine(radius),
                shade(colour).filled(),
            ))
            .map_err(refused)
    }

    pub(super) fn ring(
        &self,
        centre: Spot,
        radius: f64,
        width: f64,
        colour: Colour,
    ) -> Result<(), ChartError> {
        self.area
            .draw(&Circle::new(
                unit(centre),
                fine(radius),
                stroke(width, colour),
            ))
            .map_err(refused)
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
}

/// A spot in pixels as a position of the page.
#[expect(
    clippy::cast_possible_truncation,
    reason = "positions are inside an image of bounded size"
)]
fn fine(pixels: f64) -> i32 {
    (pixels * FINE).round() as i32
}

fn unit(spot: Spot) -> (i32, i32) {
    (fine(spot.0), fine(spot.1))
}

fn units(spots: &[Spot]) -> Vec<(i32, i32)> {
    spots.iter().map(|&spot| unit(spot)).collect()
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: Colour = Colour(0, 0, 0, 1.0);

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
    fn a_picture_is_eight_times_as_fine_as_it_is_shown() {
        let mut picture = Picture::new(20.0, 10.0);
        picture
            .layer(|page| page.segment((1.0, 2.0), (3.125, 2.0), 1.5, BLACK))
            .unwrap();
        assert_eq!(
            picture.document("a < b & c", "d"),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\" viewBox=\"0 0 160 80\" role=\"img\">\n\
             <title>a &lt; b &amp; c</title>\n<desc>d</desc>\n\
             <polyline fill=\"none\" opacity=\"1\" stroke=\"#000000\" stroke-width=\"12\" points=\"8,16 25,16 \"/>\n</svg>\n"
        );
    }

    #[test]
    fn a_group_says_what_it_is_and_cannot_be_left_by_its_text() {
        let mut picture = Picture::new(20.0, 10.0);
        let about = About {
            class: "point",
            data: vec![("label", "\"><script>".to_owned())],
            title: "</title>&".to_owned(),
        };
        picture
            .group(&about, |page| page.disc((1.0, 1.0), 0.5, BLACK))
            .unwrap();
        assert_eq!(
            picture.body,
            "<g class=\"point\" data-label=\"&quot;&gt;&lt;script&gt;\">\n<title>&lt;/title&gt;&amp;</title>\n\
             <circle cx=\"8\" cy=\"8\" r=\"4\" opacity=\"1\" fill=\"#000000\" stroke=\"none\" stroke-width=\"1\"/>\n</g>\n"
        );
    }

    #[test]
    fn dashes_go_on_around_a_corner() {
        let mut picture = Picture::new(20.0, 20.0);
        let corner = [(0.0, 0.0), (3.0, 0.0), (3.0, 3.0)];
        picture
            .layer(|page| page.dashes(&corner, (2.0, 2.0), 1.0, BLACK))
            .unwrap();
        let ends: Vec<&str> = picture
            .body
            .split("points=\"")
            .skip(1)
            .filter_map(|p| p.split(" \"").next())
            .collect();
        assert_eq!(ends, ["0,0 16,0", "24,8 24,24"]);
    }
}
