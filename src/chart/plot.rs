//! One pair of axes: where values are in the picture, the grid, the tick marks and their numbers.

use super::ChartError;
use super::axis::Scale;
use super::canvas::{Anchor, Line, Page};
use super::geometry::{Rect, Spot};
use super::look::Look;
use super::text::{CAP_HEIGHT, Fonts, Style};
use super::ticks::{Room, Ticks};

/// Length of a tick mark.
pub(super) const TICK: f64 = 4.0;
/// Tick mark to number, and number to plot.
pub(super) const NEAR: f64 = 3.0;

/// The area of the data, in nominal pixels, with its axes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plot {
    pub(super) area: Rect,
    pub(super) x: Scale,
    pub(super) y: Scale,
    pub(super) x_ticks: Ticks,
    pub(super) y_ticks: Ticks,
}

impl Plot {
    /// Chooses the ticks; the area begins right of the numbers of the vertical axis.
    pub(super) fn within(body: Rect, x: Scale, y: Scale, look: &Look, fonts: &Fonts) -> Self {
        let y_ticks = upward_ticks(&y, body.height(), look);
        let area = Rect {
            left: body.left + gutter(&y_ticks, look, fonts),
            ..body
        };
        let x_ticks = across_ticks(&x, area.width(), look, fonts);
        Self {
            area,
            x,
            y,
            x_ticks,
            y_ticks,
        }
    }

    /// Where a pair of values is, in pixels.
    pub(super) fn at(&self, (x, y): Spot) -> Spot {
        (self.across(x), self.upward(y))
    }

    pub(super) fn across(&self, x: f64) -> f64 {
        self.x.place(x, self.area.left, self.area.right)
    }

    pub(super) fn upward(&self, y: f64) -> f64 {
        self.y.place(y, self.area.bottom, self.area.top)
    }

    /// Numbers of the vertical axis.
    pub(super) fn upward_numbers(&self, look: &Look) -> Vec<Line> {
        let number = |(text, y): (&str, f64)| Line {
            text: text.to_owned(),
            at: (
                self.area.left - 2.0 * NEAR,
                y + look.tick * CAP_HEIGHT / 2.0,
            ),
            anchor: Anchor::End,
            style: Style::regular(look.tick),
            colour: look.palette.quiet,
        };
        let ticks = self.y_ticks.major.iter();
        ticks
            .map(|tick| number((&tick.label, self.upward(tick.value))))
            .collect()
    }

    /// Numbers of the horizontal axis. None passes `edge`: the last moves to the left, or is left out where it would touch
    /// the one before.
    pub(super) fn across_numbers(&self, look: &Look, fonts: &Fonts, edge: f64) -> Vec<Line> {
        let style = Style::regular(look.tick);
        let baseline = self.area.bottom + TICK + NEAR + look.tick * CAP_HEIGHT;
        let mut numbers = Vec::new();
        let mut end = f64::NEG_INFINITY;
        for tick in &self.x_ticks.major {
            let half = fonts.width(&tick.label, style) / 2.0;
            let x = self.across(tick.value).min(edge - half - 1.0);
            if x - half < end + NEAR {
                continue;
            }
            end = x + half;
            numbers.push(Line {
                text: tick.label.clone(),
                at: (x, baseline),
                anchor: Anchor::Middle,
                style,
                colour: look.palette.quiet,
            });
        }
        numbers
    }

    /// Grid, baseline and tick marks.
    pub(super) fn draw(&self, page: &Page, look: &Look) -> Result<(), ChartError> {
        let Rect {
            left,
            top,
            right,
            bottom,
        } = self.area;
        let (grid, baseline) = (look.palette.grid, look.palette.baseline);
        for tick in &self.x_ticks.major {
            let x = self.across(tick.value);
            page.segment((x, top), (x, bottom), 1.0, grid)?;
        }
        for tick in &self.y_ticks.major {
            let y = self.upward(tick.value);
            page.segment((left, y), (right, y), 1.0, grid)?;
        }
        page.segment((left, bottom), (right, bottom), 1.0, baseline)?;
        let major = self.x_ticks.major.iter().map(|tick| (tick.value, TICK));
        let minor = self.x_ticks.minor.iter().map(|&value| (value, TICK * 0.6));
        for (value, length) in major.chain(minor) {
            let x = self.across(value);
            page.segment((x, bottom), (x, bottom + length), 1.0, baseline)?;
        }
        for &value in &self.y_ticks.minor {
            let y = self.upward(value);
            page.segment((left - TICK * 0.6, y), (left, y), 1.0, baseline)?;
        }
        Ok(())
    }
}

pub(super) fn upward_ticks(scale: &Scale, height: f64, look: &Look) -> Ticks {
    let room = Room {
        length: height,
        spacing: look.tick * 5.0,
        extent: &|_| look.tick * CAP_HEIGHT,
    };
    Ticks::choose(scale, &room)
}

pub(super) fn across_ticks(scale: &Scale, width: f64, look: &Look, fonts: &Fonts) -> Ticks {
    let style = Style::regular(look.tick);
    let room = Room {
        length: width,
        spacing: look.tick * 6.5,
        extent: &|text| fonts.width(text, style),
    };
    Ticks::choose(scale, &room)
}

/// What the numbers of the vertical axis take at the left.
pub(super) fn gutter(ticks: &Ticks, look: &Look, fonts: &Fonts) -> f64 {
    let style = Style::regular(look.tick);
    let widths = ticks
        .major
        .iter()
        .map(|tick| fonts.width(&tick.label, style));
    widths.fold(0.0, f64::max) + 2.0 * NEAR
}
