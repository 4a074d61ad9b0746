//! The scatter chart from its plain data to the SVG: check, scale, lay out, place the labels, draw.

use crate::chart::ChartError;
use crate::chart::axis::Scale;
use crate::chart::canvas::Picture;
use crate::chart::field::Field;
use crate::chart::figure::{Axis, Drawing, Point, Quadrants, Scatter};
use crate::chart::key::{Entry, Symbol};
use crate::chart::layout::{Frame, Listing, Texts};
use crate::chart::look::Look;
use crate::chart::marker::Encoding;
use crate::chart::marks::drawn_fit;
use crate::chart::paper::Paper;
use crate::chart::text::{Fonts, clean};

/// Points named in the description for screen readers.
const DESCRIBED: usize = 50;

/// Draws the chart. The same input gives the same bytes.
///
/// No label touches another label, a marker, a line or the edge of the plot. A label that finds no place becomes a number
/// with its name in a list below, for which the picture grows in height. Every point is a group of the class `point`
/// (with `frontier`, `highlighted` where it is) with its values as `data-` attributes and a tooltip, up to 2000 points.
///
/// # Errors
/// [`ChartError::NoPoints`] for an empty chart; [`ChartError::NotDrawable`] for NaN, infinity, a negative error or a size
/// that is not above zero; [`ChartError::NotPositive`] for a value at or below zero on a log axis; [`ChartError::NoRule`]
/// for dividing lines without a rule.
pub fn scatter(chart: &Scatter, paper: Paper) -> Result<Drawing, ChartError> {
    check(chart)?;
    let fonts = Fonts::embedded()?;
    let look = Look::on(paper, chart.points.len());
    let mut notes = Vec::new();
    let points: Vec<&Point> = chart.points.iter().collect();
    let encoding = Encoding::of(chart, &points);
    let texts = texts(chart, &encoding, &points, &look, &fonts);
    let mut frame = Frame::around(&texts, paper.size, 0.0, &look, &fonts);
    let (x, y) = scales(chart, &points);
    // No marker leaves the plot; what the numbers take at the left is at most a fifth.
    let reach = encoding.reach(&points, &look);
    let (wide, high) = (0.8 * frame.body.width(), frame.body.height());
    let (x, y) = (x.roomy(reach / wide), y.roomy(reach / high));
    let plot = frame.plot(x, y, &look, &fonts);
    let mut listing = Listing::default();
    let style = (&look, &fonts);
    let field = Field::lay(chart, &encoding, plot, style, &mut listing, &mut notes);
    listing.write(&mut frame, &look, &fonts);
    notes.extend(encoding.groups.as_ref().and_then(|groups| groups.note()));
    fonts.report(written(chart), &mut notes);

    let mut picture = Picture::new(frame.width, frame.height);
    picture.layer(|page| page.fill(look.palette.paper))?;
    field.draw(&mut picture, &look)?;
    picture.layer(|page| frame.draw(page, &look))?;
    let title = heading(&chart.title, "Scatter chart");
    let svg = picture.document(&title, &description(chart));
    Ok(Drawing { svg, notes })
}

/// The title for screen readers.
pub(in crate::chart) fn heading(title: &str, otherwise: &str) -> String {
    let title = clean(title);
    if title.is_empty() {
        otherwise.to_owned()
    } else {
        title
    }
}

/// What is written around the points.
pub(in crate::chart) fn texts<'a>(
    chart: &'a Scatter,
    encoding: &Encoding,
    points: &[&Point],
    look: &Look,
    fonts: &Fonts,
) -> Texts<'a> {
    let mut remarks = Vec::new();
    if let Some(fit) = drawn_fit(chart) {
        let note = fonts.drawable(&fit.note).0;
        remarks.push(Entry {
            symbol: if fit.significant {
                Symbol::Line(look.palette.fit)
            } else {
                Symbol::Dotted(look.palette.fit)
            },
            text: if note.is_empty() {
                "fit".to_owned()
            } else {
                note
            },
        });
    }
    if let Some(Quadrants { rule, .. }) = &chart.quadrants {
        remarks.push(Entry {
            symbol: Symbol::Divider(look.palette.baseline),
            text: format!("Dividing lines: {}", fonts.drawable(rule).0),
        });
    }
    Texts {
        title: &chart.title,
        subtitle: chart.subtitle.as_deref(),
        caption: chart.caption.iter().map(String::as_str).collect(),
        across: Some(&chart.x),
        upward: Some(&chart.y),
        key: encoding.key(points, look, fonts),
        remarks,
    }
}

/// The axes that hold the points with their error bars and the drawn part of the fit.
pub(in crate::chart) fn scales(chart: &Scatter, points: &[&Point]) -> (Scale, Scale) {
    let fit = drawn_fit(chart);
    let curve = || fit.iter().flat_map(|fit| &fit.points);
    let across = reach(points, chart.x.log, |p| (p.x, p.x_err));
    let upward = reach(points, chart.y.log, |p| (p.y, p.y_err));
    (
        Scale::around(across.chain(curve().map(|p| p.0)), chart.x.kind()),
        Scale::around(upward.chain(curve().map(|p| p.1)), chart.y.kind()),
    )
}

/// Whether every number can be drawn.
pub(in crate::chart) fn check(chart: &Scatter) -> Result<(), ChartError> {
    if chart.points.is_empty() {
        return Err(ChartError::NoPoints);
    }
    if let Some(lines) = &chart.quadrants {
        if clean(&lines.rule).is_empty() {
            return Err(ChartError::NoRule);
        }
        for (what, value) in [("x", lines.x), ("y", lines.y)] {
            if !value.is_finite() {
                let label = "dividing lines".to_owned();
                return Err(ChartError::NotDrawable { label, what, value });
            }
        }
    }
    for point in &chart.points {
        let Point {
            x,
            y,
            x_err,
            y_err,
            size,
            ..
        } = *point;
        let anything = |value: f64| value.is_finite();
        let length = |value: f64| value.is_finite() && value >= 0.0;
        let area = |value: f64| value.is_finite() && value > 0.0;
        let values: [(_, _, &dyn Fn(f64) -> bool); 5] = [
            ("x", Some(x), &anything),
            ("y", Some(y), &anything),
            ("x error", x_err, &length),
            ("y error", y_err, &length),
            ("size", size, &area),
        ];
        for (what, value, drawable) in values {
            let Some(value) = value else { continue };
            if !drawable(value) {
                return Err(ChartError::NotDrawable {
                    label: point.label.clone(),
                    what,
                    value,
                });
            }
        }
        for (axis, log, value) in [("x", chart.x.log, x), ("y", chart.y.log, y)] {
            if log && value <= 0.0 {
                return Err(ChartError::NotPositive {
                    label: point.label.clone(),
                    axis,
                    value,
                });
            }
        }
    }
    Ok(())
}

/// The values an axis must hold: the points and the ends of their error bars. A bar that falls to zero or below on a log
/// axis, or out of the number line, ends at the edge of the plot instead.
fn reach(
    points: &[&Point],
    log: bool,
    of: impl Fn(&Point) -> (f64, Option<f64>),
) -> impl Iterator<Item = f64> {
    let ends = move |point: &Point| {
        let (value, error) = of(point);
        let error = error.unwrap_or(0.0);
        [value, value - error, value + error]
    };
    points
        .iter()
        .copied()
        .flat_map(ends)
        .filter(move |end| end.is_finite() && (!log || *end > 0.0))
}

/// All texts of a chart.
pub(in crate::chart) fn written(chart: &Scatter) -> impl Iterator<Item = &String> {
    let texts = [&chart.title, &chart.x.title, &chart.y.title].into_iter();
    let texts = texts.chain(&chart.subtitle).chain(&chart.caption);
    let texts = texts.chain(&chart.groups).chain(&chart.sizes);
    let texts = texts.chain(chart.quadrants.iter().map(|lines| &lines.rule));
    let texts = texts.chain(chart.fit.iter().map(|fit| &fit.note));
    let groups = chart.points.iter().filter_map(|point| point.group.as_ref());
    texts
        .chain(chart.points.iter().map(|point| &point.label))
        .chain(groups.filter(|_| chart.groups.is_some()))
}

/// The picture in words.
pub(in crate::chart) fn description(chart: &Scatter) -> String {
    let points = &chart.points;
    let count = points.len();
    let axis = |axis: &Axis| clean(&axis.title);
    let mut text = format!(
        "Scatter chart of {count} points, {} against {}.",
        axis(&chart.y),
        axis(&chart.x)
    );
    let named: Vec<String> = points
        .iter()
        .take(DESCRIBED)
        .map(|point| {
            let frontier = if point.on_frontier {
                ", on the frontier"
            } else {
                ""
            };
            format!(
                "{} ({}, {}){frontier}",
                clean(&point.label),
                point.x,
                point.y
            )
        })
        .collect();
    text.push_str(&format!(" Points (x, y): {}", named.join("; ")));
    text.push_str(if count > DESCRIBED {
        "; and others."
    } else {
        "."
    });
    text
}

#[cfg(test)]
mod tests;
