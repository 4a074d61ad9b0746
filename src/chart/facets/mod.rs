//! Small charts of the same kind in a grid, on shared axes: numbers at the left and at the bottom only.

use crate::chart::ChartError;
use crate::chart::axis::Scale;
use crate::chart::canvas::{Anchor, Line, Picture};
use crate::chart::course::{Course, Track};
use crate::chart::field::Field;
use crate::chart::figure::{Drawing, Facets, History, Point, Scatter, Series};
use crate::chart::geometry::Rect;
use crate::chart::layout::{Frame, Listing, Texts};
use crate::chart::look::Look;
use crate::chart::marker::Encoding;
use crate::chart::palette::HUES;
use crate::chart::paper::Paper;
use crate::chart::plot::{NEAR, Plot, TICK, across_ticks, gutter, upward_ticks};
use crate::chart::text::{CAP_HEIGHT, Fonts, LEADING, Style};
use crate::chart::{history, scatter};

/// More panels are not drawn.
const MOST: usize = 60;
/// Width of a panel over its height, as near as the count allows.
const ASPECT: f64 = 1.4;
/// Between two panels of a row.
const GAP: f64 = 18.0;
/// A panel is at least this high.
const LEAST: f64 = 90.0;

/// Draws the panels. The same input gives the same bytes. Marks are those of [`scatter`](crate::chart::scatter()) and
/// [`history`](crate::chart::history()); names without a place are listed under the chart with one numbering for all panels.
///
/// # Errors
/// [`ChartError::NoPoints`] without a panel or with an empty one, and those of the chart that is repeated.
pub fn facets(chart: &Facets, paper: Paper) -> Result<Drawing, ChartError> {
    match chart {
        Facets::Scatter { shared, panels } => scatters(shared, panels, paper),
        Facets::History { shared, panels } => histories(shared, panels, paper),
    }
}

fn scatters(
    shared: &Scatter,
    panels: &[(String, Vec<Point>)],
    paper: Paper,
) -> Result<Drawing, ChartError> {
    let mut notes = Vec::new();
    let panels = drawn(panels, &mut notes)?;
    let fonts = Fonts::embedded()?;
    let chart = |points: &Vec<Point>| Scatter {
        points: points.clone(),
        fit: None,
        ..shared.clone()
    };
    let charts: Vec<Scatter> = panels.iter().map(|(_, points)| chart(points)).collect();
    charts.iter().try_for_each(scatter::check)?;
    let points: Vec<&Point> = charts.iter().flat_map(|chart| &chart.points).collect();
    let look = Look::on(paper, points.len()).small();
    let encoding = Encoding::of(shared, &points);
    let unfitted = chart(&Vec::new());
    let texts = scatter::texts(&unfitted, &encoding, &points, &look, &fonts);
    let (x, y) = scatter::scales(&unfitted, &points);
    let names: Vec<&String> = panels.iter().map(|(name, _)| name).collect();
    let reach = encoding.reach(&points, &look);
    let mut grid = Grid::of(&texts, &names, (x, y, reach), paper, (&look, &fonts));
    let mut listing = Listing::default();
    let plots = std::mem::take(&mut grid.plots).into_iter();
    let lay = |(chart, plot)| {
        Field::lay(
            chart,
            &encoding,
            plot,
            (&look, &fonts),
            &mut listing,
            &mut notes,
        )
    };
    let fields: Vec<Field> = charts.iter().zip(plots).map(lay).collect();
    listing.write(&mut grid.frame, &look, &fonts);
    notes.extend(encoding.groups.as_ref().and_then(|groups| groups.note()));
    let written = charts.iter().flat_map(scatter::written);
    fonts.report(names.iter().copied().chain(written), &mut notes);
    notes.dedup();
    let all = Scatter {
        points: points.into_iter().cloned().collect(),
        ..shared.clone()
    };
    let title = scatter::heading(&shared.title, "Scatter charts");
    let description = scatter::description(&all);
    let description = format!("{} scatter charts. {description}", charts.len());
    let svg = grid.document(&look, &title, &description, |picture| {
        let mut fields = fields.iter();
        fields.try_for_each(|field| field.draw(picture, &look))
    })?;
    Ok(Drawing { svg, notes })
}

fn histories(
    shared: &History,
    panels: &[(String, Vec<Series>)],
    paper: Paper,
) -> Result<Drawing, ChartError> {
    let mut notes = Vec::new();
    let panels = drawn(panels, &mut notes)?;
    let fonts = Fonts::embedded()?;
    let series: Vec<&Series> = panels.iter().flat_map(|(_, series)| series).collect();
    for (_, series) in panels {
        let series: Vec<&Series> = series.iter().collect();
        history::check(shared, &series)?;
    }
    let distinct = distinct(&series)?;
    let look = Look::on(paper, distinct.len()).small();
    let texts = history::texts(shared, &series, &distinct, &look, &fonts);
    let (x, y) = history::scales(shared, &series);
    let names: Vec<&String> = panels.iter().map(|(name, _)| name).collect();
    let mut grid = Grid::of(&texts, &names, (x, y, 0.0), paper, (&look, &fonts));
    let longest = series.iter().map(|s| s.readings.len()).max().unwrap_or(0);
    let track = |one: &Series| {
        let index = distinct.iter().position(|other| other.name == one.name);
        Track::of(index.unwrap_or(0), distinct.len(), longest, &look)
    };
    let mut listing = Listing::default();
    let plots = std::mem::take(&mut grid.plots).into_iter();
    let mut courses = Vec::new();
    for ((name, series), plot) in panels.iter().zip(plots) {
        let tracks = series.iter().map(|one| (one, track(one))).collect();
        courses.push(Course::lay(
            shared,
            tracks,
            plot,
            (&look, &fonts),
            (name, &mut listing),
        ));
    }
    listing.write(&mut grid.frame, &look, &fonts);
    let written = history::written(shared, &series);
    fonts.report(names.iter().copied().chain(written), &mut notes);
    let title = scatter::heading(&shared.title, "Histories");
    let description = history::description(shared, &series);
    let description = format!("{} charts. {description}", panels.len());
    let svg = grid.document(&look, &title, &description, |picture| {
        let mut courses = courses.iter();
        courses.try_for_each(|course| course.draw(picture, &look))
    })?;
    Ok(Drawing { svg, notes })
}

/// One series of each name, which has the same colour in every panel.
fn distinct<'a>(series: &[&'a Series]) -> Result<Vec<&'a Series>, ChartError> {
    let mut distinct: Vec<&Series> = Vec::new();
    for one in series {
        if !distinct.iter().any(|other| other.name == one.name) {
            distinct.push(one);
        }
    }
    if distinct.len() > HUES {
        let (count, most) = (distinct.len(), HUES);
        return Err(ChartError::Series { count, most });
    }
    Ok(distinct)
}

fn drawn<'a, T>(panels: &'a [T], notes: &mut Vec<String>) -> Result<&'a [T], ChartError> {
    if panels.is_empty() {
        return Err(ChartError::NoPoints);
    }
    if panels.len() > MOST {
        notes.push(format!(
            "the first {MOST} of {} panels are drawn",
            panels.len()
        ));
    }
    Ok(panels.get(..MOST).unwrap_or(panels))
}

/// The frame and a plot for each panel.
struct Grid {
    frame: Frame,
    plots: Vec<Plot>,
}

impl Grid {
    /// `reach` is the radius of the largest marker.
    fn of(
        texts: &Texts,
        names: &[&String],
        (x, y, reach): (Scale, Scale, f64),
        paper: Paper,
        (look, fonts): (&Look, &Fonts),
    ) -> Self {
        let title = look.tick * LEADING + NEAR;
        let numbers = TICK + NEAR + look.tick * LEADING;
        let first = Frame::around(texts, paper.size, 0.0, look, fonts);
        let columns = columns(names.len(), &first.body);
        let rows = names.len().div_ceil(columns);
        let ragged = names.len() < rows * columns;
        // Under the last full row stand the numbers of the columns that end there.
        let extra = if ragged { numbers } else { 0.0 };
        let least = rows as f64 * (LEAST + title + NEAR) + extra;
        let mut frame = Frame::around(texts, paper.size, least, look, fonts);
        let height = (frame.body.height() - extra) / rows as f64 - title;
        let y = y.roomy(reach / height);
        let y_ticks = upward_ticks(&y, height, look);
        let left = frame.body.left + gutter(&y_ticks, look, fonts);
        let width = (frame.body.right - left + GAP) / columns as f64 - GAP;
        let x = x.roomy(reach / width);
        let x_ticks = across_ticks(&x, width, look, fonts);
        let mut plots = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let (row, column) = (index / columns, index % columns);
            // The last row ends at the baseline of the frame, the others leave room for the next title.
            let (drop, gap) = match row + 1 == rows {
                true if row > 0 => (extra, 0.0),
                true => (0.0, 0.0),
                false => (0.0, NEAR),
            };
            let top = frame.body.top + row as f64 * (height + title) + title + drop;
            let left = left + column as f64 * (width + GAP);
            let plot = Plot {
                area: Rect {
                    left,
                    top,
                    right: left + width,
                    bottom: top + height - gap,
                },
                x: x.clone(),
                y: y.clone(),
                x_ticks: x_ticks.clone(),
                y_ticks: y_ticks.clone(),
            };
            frame.lines.push(panel_title(name, &plot, look, fonts));
            let (first, last) = (column == 0, index + columns >= names.len());
            let upward = first.then(|| plot.upward_numbers(look));
            let across = last.then(|| own_numbers(&plot, frame.width, look, fonts));
            let numbers = upward.into_iter().chain(across).flatten();
            frame.lines.extend(numbers);
            plots.push(plot);
        }
        let all = Rect { left, ..frame.body };
        frame.title_across(&all, look, fonts);
        Self { frame, plots }
    }

    fn document(
        self,
        look: &Look,
        title: &str,
        description: &str,
        draw: impl FnOnce(&mut Picture) -> Result<(), ChartError>,
    ) -> Result<String, ChartError> {
        let mut picture = Picture::new(self.frame.width, self.frame.height);
        picture.layer(|page| page.fill(look.palette.paper))?;
        draw(&mut picture)?;
        picture.layer(|page| self.frame.draw(page, look))?;
        Ok(picture.document(title, description))
    }
}

/// The numbers of a panel that do not reach into the space of its neighbours.
fn own_numbers(plot: &Plot, edge: f64, look: &Look, fonts: &Fonts) -> Vec<Line> {
    let room = plot.area.grown(GAP / 2.0 - 1.0);
    let mut numbers = plot.across_numbers(look, fonts, edge);
    numbers.retain(|line| {
        let half = fonts.width(&line.text, line.style) / 2.0;
        line.at.0 - half >= room.left && line.at.0 + half <= room.right
    });
    numbers
}

fn panel_title(name: &str, plot: &Plot, look: &Look, fonts: &Fonts) -> Line {
    let style = Style::bold(look.tick);
    let text = fonts.drawable(name).0;
    Line {
        text: fonts.fit(&text, style, plot.area.width()),
        at: (
            plot.area.left,
            plot.area.top - NEAR - look.tick * (1.0 - CAP_HEIGHT) / 2.0,
        ),
        anchor: Anchor::Start,
        style,
        colour: look.palette.ink,
    }
}

/// The number of columns whose panels come closest to the aspect; the fewest panels missing in the last row among equals.
fn columns(count: usize, body: &Rect) -> usize {
    let misfit = |columns: &usize| {
        let rows = count.div_ceil(*columns);
        let aspect = (body.width() / *columns as f64) / (body.height() / rows as f64);
        let missing = rows * columns - count;
        (aspect / ASPECT).ln().abs() + 0.2 * missing as f64
    };
    let best = (1..=count).min_by(|a, b| misfit(a).total_cmp(&misfit(b)));
    best.unwrap_or(1)
}

#[cfg(test)]
mod tests;
