//! The marks of the scatter chart: dividing lines, fit, staircase, error bars, markers. What is drawn is what labels avoid:
//! the same shapes are painted into the occupancy bitmap.

use super::ChartError;
use super::canvas::{About, Page, Picture};
use super::figure::{FitLine, Quadrants, Scatter};
use super::geometry::{Segment, Spot};
use super::key::{DIVIDER, DOTS};
use super::labels::Obstacles;
use super::look::Look;
use super::marker::{Encoding, Marker};
use super::occupancy::Occupancy;
use super::plot::Plot;
use super::stairs::Stairs;

/// With more points a file would grow more than its tooltips tell.
const TOLD: usize = 2000;

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
    chart: &'a Scatter,
    pub(super) markers: Vec<Marker<'a>>,
    pub(super) stairs: Option<Stairs>,
    fit: Option<FitLine>,
    grouped: bool,
}

impl<'a> Marks<'a> {
    pub(super) fn of(chart: &'a Scatter, encoding: &Encoding, plot: &Plot, look: &Look) -> Self {
        let points = chart.points.iter();
        Self {
            chart,
            markers: points
                .map(|point| Marker::of(point, encoding, plot, look))
                .collect(),
            stairs: chart
                .frontier
                .then(|| Stairs::of(chart, &plot.x, &plot.y))
                .flatten(),
            fit: drawn_fit(chart),
            grouped: encoding.groups.is_some(),
        }
    }

    pub(super) fn obstacles(&self, plot: &Plot, look: &Look) -> Obstacles {
        let mut markers = Occupancy::new(plot.area);
        for marker in &self.markers {
            markers.disc(marker.centre, marker.radius);
        }
        let mut solid = markers.clone();
        let mut stroke = |path: &[Spot]| {
            for pair in path.windows(2) {
                if let &[from, to] = pair {
                    let (from, to) = (plot.at(from), plot.at(to));
                    solid.stroke(&Segment { from, to }, look.line);
                }
            }
        };
        let bars = self.markers.iter().flat_map(Marker::bars);
        bars.for_each(|bar| stroke(&bar));
        self.stairs
            .iter()
            .flat_map(|stairs| stairs.paths(look.palette, self.grouped))
            .for_each(|(path, _)| stroke(path));
        self.fit.iter().for_each(|fit| stroke(&fit.points));
        self.dividers(plot).iter().for_each(|line| stroke(line));
        Obstacles { solid, markers }
    }

    /// The dividing lines in the axes' units; one outside the plot is not drawn.
    fn dividers(&self, plot: &Plot) -> Vec<[Spot; 2]> {
        let Some(Quadrants { x, y, .. }) = self.chart.quadrants else {
            return Vec::new();
        };
        let (across, upward) = (&plot.x, &plot.y);
        let inside = |low: f64, value: f64, high: f64| low < value && value < high;
        let upright = [(x, upward.low()), (x, upward.high())];
        let level = [(across.low(), y), (across.high(), y)];
        let upright = inside(across.low(), x, across.high()).then_some(upright);
        let level = inside(upward.low(), y, upward.high()).then_some(level);
        upright.into_iter().chain(level).collect()
    }

    pub(super) fn draw(
        &self,
        picture: &mut Picture,
        plot: &Plot,
        look: &Look,
    ) -> Result<(), ChartError> {
        picture.layer(|page| {
            for [from, to] in self.dividers(plot) {
                let ends = [plot.at(from), plot.at(to)];
                page.dashes(&ends, DIVIDER, 1.0, look.palette.baseline)?;
            }
            Ok(())
        })?;
        if let Some(fit) = &self.fit {
            let about = About {
                class: "fit",
                title: super::text::clean(&fit.note),
                ..About::default()
            };
            picture.group(&about, |page| draw_fit(fit, page, plot, look))?;
        }
        if let Some(stairs) = &self.stairs {
            let about = About {
                class: "frontier-line",
                title: "attained frontier: no point is better in both".to_owned(),
                ..About::default()
            };
            let paths = stairs.paths(look.palette, self.grouped);
            picture.group(&about, |page| {
                paths.into_iter().try_for_each(|(path, colour)| {
                    let path: Vec<Spot> = path.iter().map(|&spot| plot.at(spot)).collect();
                    page.line(&path, look.line, colour)
                })
            })?;
        }
        let mut ordered: Vec<&Marker> = self.markers.iter().collect();
        ordered.sort_by(|a, b| {
            let layers = a.layer().cmp(&b.layer());
            layers.then(b.radius.total_cmp(&a.radius))
        });
        picture.layer(|page| {
            let mut bars = ordered.iter();
            bars.try_for_each(|marker| marker.draw_bars(page, plot))
        })?;
        if ordered.len() > TOLD {
            let mut markers = ordered.into_iter();
            return picture.layer(|page| markers.try_for_each(|marker| marker.draw(page, look)));
        }
        let axes = (&self.chart.x, &self.chart.y);
        ordered
            .into_iter()
            .try_for_each(|marker| marker.add_to(picture, look, axes))
    }
}

/// Solid when significant, else dotted.
fn draw_fit(fit: &FitLine, page: &Page, plot: &Plot, look: &Look) -> Result<(), ChartError> {
    let top = fit.band.iter().map(|&(x, _, high)| (x, high));
    let outline: Vec<Spot> = top
        .chain(fit.band.iter().rev().map(|&(x, low, _)| (x, low)))
        .map(|spot| plot.at(spot))
        .collect();
    if outline.len() > 2 {
        page.patch(&outline, look.palette.band)?;
    }
    let path: Vec<Spot> = fit.points.iter().map(|&spot| plot.at(spot)).collect();
    if fit.significant {
        page.line(&path, look.line, look.palette.fit)
    } else {
        page.dashes(&path, DOTS, look.line, look.palette.fit)
    }
}
