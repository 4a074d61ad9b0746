//! The marks of the scatter chart, drawn in the data's coordinates: grid, staircase, fit, error bars, markers.
//! The same shapes are painted into the occupancy bitmap, so what is drawn is what labels avoid.

use super::ChartError;
use super::axis::Scale;
use super::canvas::{Page, Plane, unit};
use super::figure::{FitLine, Point, Scatter};
use super::geometry::{Rect, Segment, Spot};
use super::labels::Obstacles;
use super::layout::{Frame, SAMPLE, Symbol, TICK};
use super::occupancy::Occupancy;
use super::theme::{
    BAND, BASELINE, DOMINATED, FIT, FRONTIER, GRID, HIGHLIGHT, INK, PAPER, QUIET, STAIR, STAIR_END,
    Theme,
};

/// Outline of a hollow marker and of an error bar.
const THIN: f64 = 1.25;
/// Free space and width of the ring around a highlighted marker.
const RING: (f64, f64) = (2.0, 1.75);
/// Dash and gap of a fit that is not significant.
const DASH: (f64, f64) = (2.0, 4.0);

/// The frontier in data coordinates: lightly from the edge, through the corners, lightly to the edge.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stairs {
    before: [Spot; 2],
    through: Vec<Spot>,
    after: [Spot; 2],
}

impl Stairs {
    /// The attained staircase: at each x the best y reached by a point at least that good in x.
    /// `None` without a flagged point or where a direction is not known.
    pub(super) fn of(chart: &Scatter, x: &Scale, y: &Scale) -> Option<Self> {
        let (rightward, upward) = (chart.x.higher_is_better?, chart.y.higher_is_better?);
        let good = |higher: bool, value: f64| if higher { value } else { -value };
        let mut flagged: Vec<Spot> = chart
            .points
            .iter()
            .filter(|p| p.on_frontier)
            .map(|p| (p.x, p.y))
            .collect();
        flagged.sort_by(|a, b| {
            let by_x = good(rightward, b.0).total_cmp(&good(rightward, a.0));
            by_x.then(good(upward, b.1).total_cmp(&good(upward, a.1)))
        });
        // From the best x to the worst, each step must be better in y: a wrongly flagged point makes no inward step.
        let mut steps: Vec<Spot> = Vec::new();
        for spot in flagged {
            if steps
                .last()
                .is_none_or(|last| good(upward, spot.1) > good(upward, last.1))
            {
                steps.push(spot);
            }
        }
        let (&fastest, &best) = (steps.first()?, steps.last()?);
        let worst = |higher: bool, scale: &Scale| if higher { scale.low() } else { scale.high() };
        let mut through = Vec::with_capacity(steps.len() * 2);
        for spot in steps {
            if let Some(&(_, level)) = through.last() {
                through.push((spot.0, level));
            }
            through.push(spot);
        }
        Some(Self {
            before: [(worst(rightward, x), best.1), best],
            through,
            after: [fastest, (fastest.0, worst(upward, y))],
        })
    }

    fn paths(&self) -> [(&[Spot], super::theme::Colour); 3] {
        [
            (&self.before, STAIR_END),
            (&self.through, STAIR),
            (&self.after, STAIR_END),
        ]
    }
}

/// A point where it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Marker<'a> {
    pub(super) point: &'a Point,
    pub(super) centre: Spot,
    /// Radius of the dot.
    dot: f64,
    /// Radius with all outlines.
    pub(super) radius: f64,
}

impl<'a> Marker<'a> {
    pub(super) fn of(point: &'a Point, frame: &Frame, theme: &Theme) -> Self {
        let centre = frame.at((point.x, point.y));
        let dot = if point.on_frontier || point.highlighted {
            theme.strong_dot
        } else {
            theme.dot
        };
        let outline = if point.highlighted {
            RING.0 + RING.1
        } else {
            THIN / 2.0
        };
        Self {
            point,
            centre,
            dot,
            radius: dot + outline,
        }
    }

    fn draw(&self, plane: &Plane) -> Result<(), ChartError> {
        let at = (self.point.x, self.point.y);
        if self.point.highlighted {
            plane.disc(at, self.radius, PAPER)?;
            plane.ring(at, self.dot + RING.0 + RING.1 / 2.0, RING.1, HIGHLIGHT)?;
        }
        if self.point.on_frontier {
            plane.disc(at, self.dot, FRONTIER)
        } else {
            plane.disc(at, self.dot, PAPER)?;
            plane.ring(
                at,
                self.dot,
                THIN,
                if self.point.highlighted {
                    INK
                } else {
                    DOMINATED
                },
            )
        }
    }

    fn bars(&self) -> Vec<[Spot; 2]> {
        let Point {
            x, y, x_err, y_err, ..
        } = *self.point;
        let across = x_err.map(|half| [(x - half, y), (x + half, y)]);
        let upward = y_err.map(|half| [(x, y - half), (x, y + half)]);
        across.into_iter().chain(upward).collect()
    }
}

impl Frame {
    /// Where a pair of values is, in pixels.
    pub(super) fn at(&self, (x, y): Spot) -> Spot {
        let plot = &self.plot;
        (
            self.x.place(x, plot.left, plot.right),
            self.y.place(y, plot.bottom, plot.top),
        )
    }
}

/// The samples of the fit inside the x range of the points and without holes.
pub(super) fn drawn_fit(chart: &Scatter) -> Option<FitLine> {
    let fit = chart.fit.as_ref()?;
    let (low, high) = chart
        .points
        .iter()
        .fold((f64::MAX, f64::MIN), |(l, h), p| (l.min(p.x), h.max(p.x)));
    let inside =
        |x: f64, all: &[f64]| (low..=high).contains(&x) && all.iter().all(|v| v.is_finite());
    let mut fit = fit.clone();
    fit.points
        .retain(|&(x, y)| inside(x, &[y]) && (!chart.y.log || y > 0.0));
    fit.band
        .retain(|&(x, bottom, top)| inside(x, &[bottom, top]));
    (fit.points.len() > 1).then_some(fit)
}

/// All marks of a chart, ready to be drawn and to be avoided.
pub(super) struct Marks<'a> {
    pub(super) markers: Vec<Marker<'a>>,
    pub(super) stairs: Option<Stairs>,
    pub(super) fit: Option<FitLine>,
}

impl Marks<'_> {
    pub(super) fn obstacles(&self, frame: &Frame, theme: &Theme) -> Obstacles {
        let mut markers = Occupancy::new(frame.plot);
        for marker in &self.markers {
            markers.disc(marker.centre, marker.radius);
        }
        let mut solid = markers.clone();
        let mut stroke = |path: &[Spot]| {
            for pair in path.windows(2) {
                if let &[from, to] = pair {
                    solid.stroke(
                        &Segment {
                            from: frame.at(from),
                            to: frame.at(to),
                        },
                        theme.line,
                    );
                }
            }
        };
        self.markers
            .iter()
            .flat_map(Marker::bars)
            .for_each(|bar| stroke(&bar));
        self.stairs
            .iter()
            .flat_map(Stairs::paths)
            .for_each(|(path, _)| stroke(path));
        self.fit.iter().for_each(|fit| stroke(&fit.points));
        Obstacles { solid, markers }
    }

    pub(super) fn draw(
        &self,
        plane: &Plane,
        page: &Page,
        frame: &Frame,
        theme: &Theme,
    ) -> Result<(), ChartError> {
        if let Some(fit) = &self.fit {
            draw_fit(fit, plane, page, frame, theme)?;
        }
        for (path, colour) in self.stairs.iter().flat_map(Stairs::paths) {
            plane.line(path.to_vec(), theme.line, colour)?;
        }
        for marker in &self.markers {
            for bar in marker.bars() {
                plane.line(
                    bar.to_vec(),
                    THIN,
                    if marker.point.on_frontier {
                        FRONTIER
                    } else {
                        DOMINATED
                    },
                )?;
            }
        }
        // The quiet ones first: what matters lies on top.
        for layer in 0..3 {
            let layer_of =
                |m: &&Marker| u8::from(m.point.on_frontier).max(2 * u8::from(m.point.highlighted));
            self.markers
                .iter()
                .filter(|marker| layer_of(marker) == layer)
                .try_for_each(|marker| marker.draw(plane))?;
        }
        Ok(())
    }
}

fn draw_fit(
    fit: &FitLine,
    plane: &Plane,
    page: &Page,
    frame: &Frame,
    theme: &Theme,
) -> Result<(), ChartError> {
    let top = fit.band.iter().map(|&(x, _, high)| (x, high));
    let outline: Vec<Spot> = top
        .chain(fit.band.iter().rev().map(|&(x, low, _)| (x, low)))
        .collect();
    if outline.len() > 2 {
        plane.patch(outline, BAND)?;
    }
    let path: Vec<Spot> = fit.points.iter().map(|&spot| frame.at(spot)).collect();
    fit_line(page, &path, fit.significant, theme.line)
}

/// Solid when significant, else dotted. The dashes are cut here because the back end's own start anew at every sample.
fn fit_line(page: &Page, path: &[Spot], solid: bool, width: f64) -> Result<(), ChartError> {
    if solid {
        return page.line(path.iter().map(|&spot| unit(spot)).collect(), width, FIT);
    }
    let (mut gap, mut left) = (false, DASH.0);
    for pair in path.windows(2) {
        let &[from, to] = pair else { continue };
        let piece = Segment { from, to };
        let length = piece.length();
        let mut done = 0.0;
        while done < length {
            let step = left.min(length - done);
            if !gap {
                page.segment(
                    piece.at(done / length),
                    piece.at((done + step) / length),
                    width,
                    FIT,
                )?;
            }
            (done, left) = (done + step, left - step);
            if left <= 0.0 {
                gap = !gap;
                left = if gap { DASH.1 } else { DASH.0 };
            }
        }
    }
    Ok(())
}

/// Grid, baseline and tick marks.
pub(super) fn draw_axes(page: &Page, frame: &Frame) -> Result<(), ChartError> {
    let Rect {
        left,
        top,
        right,
        bottom,
    } = frame.plot;
    for tick in &frame.x_ticks.major {
        let x = frame.at((tick.value, 0.0)).0;
        page.segment((x, top), (x, bottom), 1.0, GRID)?;
    }
    for tick in &frame.y_ticks.major {
        let y = frame.at((0.0, tick.value)).1;
        page.segment((left, y), (right, y), 1.0, GRID)?;
    }
    page.segment((left, bottom), (right, bottom), 1.0, BASELINE)?;
    let major = frame.x_ticks.major.iter().map(|tick| (tick.value, TICK));
    let minor = frame.x_ticks.minor.iter().map(|&value| (value, TICK * 0.6));
    for (value, length) in major.chain(minor) {
        let x = frame.at((value, 0.0)).0;
        page.segment((x, bottom), (x, bottom + length), 1.0, BASELINE)?;
    }
    for &value in &frame.y_ticks.minor {
        let y = frame.at((0.0, value)).1;
        page.segment((left - TICK * 0.6, y), (left, y), 1.0, BASELINE)?;
    }
    Ok(())
}

/// The samples of the key.
pub(super) fn draw_key(
    page: &Page,
    frame: &Frame,
    theme: &Theme,
    solid: bool,
) -> Result<(), ChartError> {
    let dot = theme.caption * 0.38;
    for &(symbol, at) in &frame.key {
        match symbol {
            Symbol::Frontier => page.disc(unit(at), dot, FRONTIER)?,
            Symbol::Dominated => page.ring(unit(at), dot - THIN / 2.0, THIN, QUIET)?,
            Symbol::Fit => {
                let ends = [(at.0 - SAMPLE / 2.0, at.1), (at.0 + SAMPLE / 2.0, at.1)];
                fit_line(page, &ends, solid, theme.line)?;
            }
        }
    }
    Ok(())
}
