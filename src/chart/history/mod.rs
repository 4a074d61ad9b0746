//! The history chart: one metric over runs or time, with its levels and its changes.

use crate::chart::ChartError;
use crate::chart::axis::{Kind, Scale};
use crate::chart::canvas::Picture;
use crate::chart::course::{Course, Track, key};
use crate::chart::figure::{Drawing, History, Series};
use crate::chart::layout::{Frame, Listing, Texts};
use crate::chart::look::Look;
use crate::chart::palette::HUES;
use crate::chart::paper::Paper;
use crate::chart::scatter::heading;
use crate::chart::text::{Fonts, clean};

/// Free share over the data for what is written at the changes.
const HEADROOM: f64 = 0.12;

/// Draws the chart. The same input gives the same bytes.
///
/// Every reading is a group of the class `reading`, every change one of the class `change` and its state, with values as
/// `data-` attributes and a tooltip; a series of more than 2000 readings is a line alone.
///
/// # Errors
/// [`ChartError::NoPoints`] without a value; [`ChartError::Series`] for more than eight series;
/// [`ChartError::NotDrawable`] for NaN or infinity; [`ChartError::NotPositive`] for a value at or below zero on a log axis.
pub fn history(chart: &History, paper: Paper) -> Result<Drawing, ChartError> {
    let series: Vec<&Series> = chart.series.iter().collect();
    check(chart, &series)?;
    let fonts = Fonts::embedded()?;
    let look = Look::on(paper, series.len());
    let texts = texts(chart, &series, &series, &look, &fonts);
    let mut frame = Frame::around(&texts, paper.size, 0.0, &look, &fonts);
    let (x, y) = scales(chart, &series);
    let plot = frame.plot(x, y, &look, &fonts);
    let longest = series.iter().map(|s| s.readings.len()).max().unwrap_or(0);
    let track = |index| Track::of(index, series.len(), longest, &look);
    let tracks = series.iter().enumerate();
    let tracks = tracks.map(|(index, one)| (*one, track(index))).collect();
    let mut listing = Listing::default();
    let course = Course::lay(chart, tracks, plot, (&look, &fonts), ("", &mut listing));
    listing.write(&mut frame, &look, &fonts);
    let mut notes = Vec::new();
    fonts.report(written(chart, &series), &mut notes);

    let mut picture = Picture::new(frame.width, frame.height);
    picture.layer(|page| page.fill(look.palette.paper))?;
    course.draw(&mut picture, &look)?;
    picture.layer(|page| frame.draw(page, &look))?;
    let svg = picture.document(
        &heading(&chart.title, "History"),
        &description(chart, &series),
    );
    Ok(Drawing { svg, notes })
}

/// What is written around the lines.
pub(in crate::chart) fn texts<'a>(
    chart: &'a History,
    series: &[&Series],
    names: &[&Series],
    look: &Look,
    fonts: &Fonts,
) -> Texts<'a> {
    Texts {
        title: &chart.title,
        subtitle: chart.subtitle.as_deref(),
        caption: chart.caption.iter().map(String::as_str).collect(),
        across: Some(&chart.x),
        upward: Some(&chart.y),
        key: key(series, names, look, fonts),
        remarks: Vec::new(),
    }
}

/// The axes that hold all readings and levels.
pub(in crate::chart) fn scales(chart: &History, series: &[&Series]) -> (Scale, Scale) {
    let readings = || series.iter().flat_map(|one| &one.readings);
    let levels = || series.iter().flat_map(|one| &one.levels);
    let across = readings().map(|reading| reading.x);
    let upward = readings().filter_map(|reading| reading.y);
    let upward = upward.chain(levels().map(|level| level.y));
    let kind = if chart.time { Kind::Time } else { Kind::Order };
    let y = Scale::around(upward, chart.y.kind());
    let labelled = series
        .iter()
        .flat_map(|one| &one.changes)
        .any(|change| !change.label.is_empty());
    (
        Scale::around(across, kind),
        if labelled { y.raised(HEADROOM) } else { y },
    )
}

/// Whether every number can be drawn.
pub(in crate::chart) fn check(chart: &History, series: &[&Series]) -> Result<(), ChartError> {
    let mut values = 0;
    for one in series {
        let readings = one.readings.iter();
        let readings = readings.map(|r| (&r.label, Some(r.x), r.y));
        let changes = one.changes.iter().map(|c| (&c.label, Some(c.x), None));
        let levels = one.levels.iter().flat_map(|l| {
            [
                (&one.name, Some(l.from), Some(l.y)),
                (&one.name, Some(l.to), None),
            ]
        });
        for (label, x, y) in readings.chain(changes).chain(levels) {
            values += usize::from(y.is_some());
            let named = [("x", x), ("y", y)].into_iter();
            for (what, value) in named.filter_map(|(what, value)| Some((what, value?))) {
                let label = || label.clone();
                if !value.is_finite() {
                    return Err(ChartError::NotDrawable {
                        label: label(),
                        what,
                        value,
                    });
                }
                if what == "y" && chart.y.log && value <= 0.0 {
                    return Err(ChartError::NotPositive {
                        label: label(),
                        axis: what,
                        value,
                    });
                }
            }
        }
    }
    if values == 0 {
        return Err(ChartError::NoPoints);
    }
    if series.len() > HUES {
        return Err(ChartError::Series {
            count: series.len(),
            most: HUES,
        });
    }
    Ok(())
}

/// All texts of a chart with these series.
pub(in crate::chart) fn written<'a>(
    chart: &'a History,
    series: &[&'a Series],
) -> impl Iterator<Item = &'a String> {
    let texts = [&chart.title, &chart.x.title, &chart.y.title].into_iter();
    let names = series.iter().map(|one| &one.name).collect::<Vec<_>>();
    let changes = series.iter().flat_map(|one| &one.changes);
    let labels = changes.map(|change| &change.label).collect::<Vec<_>>();
    texts
        .chain(&chart.subtitle)
        .chain(&chart.caption)
        .chain(names)
        .chain(labels)
}

/// The picture in words.
pub(in crate::chart) fn description(chart: &History, series: &[&Series]) -> String {
    let one = |series: &&Series| {
        let name = match clean(&series.name) {
            name if name.is_empty() => String::new(),
            name => format!("{name}: "),
        };
        let count = series.readings.iter().filter(|r| r.y.is_some()).count();
        format!("{name}{count} readings, {} changes", series.changes.len())
    };
    let all: Vec<String> = series.iter().map(one).collect();
    format!(
        "{} over {}. {}.",
        clean(&chart.y.title),
        clean(&chart.x.title),
        all.join("; ")
    )
}

#[cfg(test)]
mod tests;
