//! The scatter in a terminal: lines in braille, points and names as characters.

use crate::catalog::number::short;
use crate::chart::ChartError;
use crate::chart::axis::Scale;
use crate::chart::cells::{Cells, Tone, width};
use crate::chart::figure::{Point, Scatter};
use crate::chart::geometry::{Segment, Spot};
use crate::chart::groups::Groups;
use crate::chart::marks::drawn_fit;
use crate::chart::palette::{HUES, Palette};
use crate::chart::paper::Theme;
use crate::chart::scatter::{check, scales};
use crate::chart::stairs::Stairs;
use crate::chart::text::{clean, shorten};
use crate::chart::ticks::{Room, Ticks};

/// The smallest chart.
const LEAST: (usize, usize) = (30, 10);
/// Columns and rows are never more.
const MOST: (usize, usize) = (400, 200);
/// Nominal pixels of a cell, in which ticks keep their distance.
const CELL: (f64, f64) = (8.0, 16.0);
/// Beyond this many points the quiet ones are single dots.
const MANY: usize = 150;
/// Names listed under the chart.
const LISTED: usize = 12;
/// Frontier and dominated, for each group.
const GLYPHS: [[&str; 2]; HUES] = [
    ["●", "○"],
    ["■", "□"],
    ["▲", "△"],
    ["◆", "◇"],
    ["▼", "▽"],
    ["✚", "+"],
    ["✖", "×"],
    ["★", "☆"],
];

/// Draws the chart in `columns` × `rows` cells, each line ended by a line feed; a list of names that found no place follows.
/// Colours are the 256 of ECMA-48 terminals, and only when `colour` is set; shape repeats what they say.
///
/// # Errors
/// Those of [`scatter`](crate::chart::scatter()), and [`ChartError::Cells`] below 30 × 10 cells.
pub fn terminal(
    chart: &Scatter,
    (columns, rows): (usize, usize),
    colour: bool,
) -> Result<String, ChartError> {
    check(chart)?;
    if columns < LEAST.0 || rows < LEAST.1 {
        return Err(ChartError::Cells {
            columns,
            rows,
            least_columns: LEAST.0,
            least_rows: LEAST.1,
        });
    }
    let mut sheet = Sheet::of(chart, columns.min(MOST.0), rows.min(MOST.1));
    sheet.draw_axes();
    sheet.draw_lines();
    sheet.draw_points();
    let homeless = sheet.draw_names();
    let mut lines = sheet.cells.lines(colour);
    lines.extend(listed(&homeless, columns));
    Ok(lines.iter().map(|line| format!("{line}\n")).collect())
}

/// The chart and where it lies in its cells.
struct Sheet<'a> {
    chart: &'a Scatter,
    cells: Cells,
    x: Scale,
    y: Scale,
    /// First column and first row of the plot.
    left: usize,
    top: usize,
    /// Columns and rows of the plot.
    wide: usize,
    high: usize,
    y_ticks: Ticks,
    groups: Option<Groups<'a>>,
}

impl<'a> Sheet<'a> {
    fn of(chart: &'a Scatter, columns: usize, rows: usize) -> Self {
        let points: Vec<&Point> = chart.points.iter().collect();
        let (x, y) = scales(chart, &points);
        // Title and vertical axis above; baseline, numbers, horizontal axis and key below.
        let top = if clean(&chart.title).is_empty() { 1 } else { 2 };
        let high = rows - top - 4;
        let room = Room {
            length: high as f64 * CELL.1,
            spacing: 3.0 * CELL.1,
            extent: &|_| CELL.1 / 2.0,
        };
        let y_ticks = Ticks::choose(&y, &room);
        let widest = y_ticks.major.iter().map(|tick| width(&tick.label)).max();
        let left = (widest.unwrap_or(0) + 2).min(columns / 2);
        let heading = chart.groups.as_deref();
        Self {
            chart,
            cells: Cells::new(columns, rows),
            x,
            y,
            left,
            top,
            wide: columns - left,
            high,
            y_ticks,
            groups: heading.map(|heading| Groups::of(heading, chart.points.iter())),
        }
    }

    /// In cells; the ends of the axes are half a dot inside.
    fn at(&self, (x, y): Spot) -> Spot {
        let (wide, high) = (self.wide as f64 - 0.5, self.high as f64 - 0.25);
        (
            self.left as f64 + 0.25 + self.x.share(x) * wide,
            self.top as f64 + 0.125 + (1.0 - self.y.share(y)) * high,
        )
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "inside the cells"
    )]
    fn cell(&self, spot: Spot) -> (usize, usize) {
        let (column, row) = self.at(spot);
        (column as usize, row as usize)
    }

    fn draw_axes(&mut self) {
        let columns = self.left + self.wide;
        let title = fitted(&clean(&self.chart.title), columns);
        if self.top > 1 {
            self.cells.write(0, 0, &title, Tone::Strong);
        }
        let upward = fitted(&self.chart.y.phrase(), columns);
        self.cells.write(0, self.top - 1, &upward, Tone::Plain);
        let baseline = self.top + self.high;
        for row in self.top..baseline {
            self.cells.write(self.left - 1, row, "│", Tone::Quiet);
        }
        let line = format!("└{}", "─".repeat(self.wide));
        self.cells
            .write(self.left - 1, baseline, &line, Tone::Quiet);
        for tick in self.y_ticks.major.clone() {
            let row = self
                .cell((self.chart.points.first().map_or(0.0, |p| p.x), tick.value))
                .1;
            let from = (self.left - 1).saturating_sub(width(&tick.label));
            self.cells.write(from, row, &tick.label, Tone::Quiet);
            self.cells.write(self.left - 1, row, "┤", Tone::Quiet);
        }
        self.draw_numbers(baseline);
        let across = fitted(&self.chart.x.phrase(), self.wide);
        let from = self.left + (self.wide - width(&across)) / 2;
        self.cells.write(from, baseline + 2, &across, Tone::Plain);
        let key = self.key();
        let mut column = 0;
        for (glyph, tone, text) in key {
            self.cells.write(column, baseline + 3, glyph, tone);
            let after = column + width(glyph) + usize::from(!glyph.is_empty());
            let text = fitted(&text, columns.saturating_sub(after));
            self.cells.write(after, baseline + 3, &text, Tone::Quiet);
            column = after + width(&text) + 2;
        }
    }

    fn draw_numbers(&mut self, baseline: usize) {
        let room = Room {
            length: self.wide as f64 * CELL.0,
            spacing: 9.0 * CELL.0,
            extent: &|text| width(text) as f64 * CELL.0,
        };
        let level = self.chart.points.first().map_or(0.0, |point| point.y);
        let end = self.left + self.wide;
        for tick in Ticks::choose(&self.x, &room).major {
            let column = self.cell((tick.value, level)).0;
            let wide = width(&tick.label);
            let from = column
                .saturating_sub(wide / 2)
                .min(end.saturating_sub(wide));
            self.cells.write(column, baseline, "┬", Tone::Quiet);
            self.cells
                .write(from, baseline + 1, &tick.label, Tone::Quiet);
        }
    }

    fn key(&self) -> Vec<(&'static str, Tone, String)> {
        let mut key = Vec::new();
        if let Some(groups) = &self.groups {
            for (index, name) in groups.names.iter().enumerate() {
                let glyph = GLYPHS.get(index).map_or("●", |glyphs| glyphs[0]);
                key.push((glyph, Tone::Group(index), clean(name)));
            }
            if groups.others > 0 || groups.unknown {
                key.push(("●", Tone::Quiet, "others".to_owned()));
            }
        }
        let some = |on| {
            self.chart
                .points
                .iter()
                .any(|point| point.on_frontier == on)
        };
        if some(true) && some(false) {
            let tone = self.frontier();
            key.push(("●", tone, "on the frontier".to_owned()));
            key.push(("○", Tone::Plain, "dominated".to_owned()));
        }
        if let Some(fit) = drawn_fit(self.chart) {
            key.push(("⠤⠤", Tone::Quiet, clean(&fit.note)));
        }
        key
    }

    fn frontier(&self) -> Tone {
        if self.groups.is_some() {
            Tone::Plain
        } else {
            Tone::Frontier
        }
    }

    fn draw_lines(&mut self) {
        let mut lines: Vec<(Segment, usize, Tone)> = Vec::new();
        let mut path = |spots: &[Spot], every, tone| {
            for pair in spots.windows(2) {
                if let &[from, to] = pair {
                    let (from, to) = (self.at(from), self.at(to));
                    lines.push((Segment { from, to }, every, tone));
                }
            }
        };
        if let Some(fit) = drawn_fit(self.chart) {
            path(
                &fit.points,
                if fit.significant { 1 } else { 3 },
                Tone::Quiet,
            );
        }
        for point in &self.chart.points {
            let Point {
                x, y, x_err, y_err, ..
            } = *point;
            let across = x_err.map(|half| [(x - half, y), (x + half, y)]);
            let upward = y_err.map(|half| [(x, y - half), (x, y + half)]);
            across
                .iter()
                .chain(&upward)
                .for_each(|bar| path(bar, 1, Tone::Quiet));
        }
        if self.chart.frontier {
            let stairs = Stairs::of(self.chart, &self.x, &self.y);
            let parts = stairs
                .iter()
                .flat_map(|stairs| stairs.paths(Palette::of(Theme::Light), false));
            for (index, (spots, _)) in parts.enumerate() {
                path(spots, if index == 1 { 1 } else { 3 }, self.frontier());
            }
        }
        for (line, every, tone) in lines {
            self.cells.line(&line, every, tone);
        }
    }

    fn draw_points(&mut self) {
        let mut points: Vec<&Point> = self.chart.points.iter().collect();
        points.sort_by_key(|point| (point.highlighted, point.on_frontier));
        for point in points {
            let spot = (point.x, point.y);
            let (glyph, tone) = self.glyph(point);
            if self.chart.points.len() > MANY && !point.on_frontier && !point.highlighted {
                let at = self.at(spot);
                self.cells.dot(at, tone);
                continue;
            }
            let (column, row) = self.cell(spot);
            self.cells.write(column, row, glyph, tone);
        }
    }

    fn glyph(&self, point: &Point) -> (&'static str, Tone) {
        let name = point.group.as_deref();
        let place = self.groups.as_ref().and_then(|groups| {
            let names = &groups.names;
            names.iter().position(|other| Some(*other) == name)
        });
        let glyphs = GLYPHS
            .get(place.unwrap_or(0))
            .copied()
            .unwrap_or(["●", "○"]);
        let glyph = glyphs[usize::from(!point.on_frontier)];
        let tone = match (place, point.highlighted, point.on_frontier) {
            (_, true, _) => Tone::Highlight,
            (Some(place), ..) => Tone::Group(place),
            (None, _, true) if self.groups.is_none() => Tone::Frontier,
            (None, _, true) => Tone::Quiet,
            (None, ..) => Tone::Plain,
        };
        (glyph, tone)
    }

    /// Names beside their points, the important ones first; the points whose name found no place.
    fn draw_names(&mut self) -> Vec<&'a Point> {
        let chart = self.chart;
        let mut points: Vec<&Point> = chart
            .points
            .iter()
            .filter(|point| !clean(&point.label).is_empty())
            .collect();
        if points.len() > MANY {
            points.retain(|point| point.on_frontier || point.highlighted);
        }
        points.sort_by_key(|point| (!point.highlighted, !point.on_frontier));
        let mut homeless = Vec::new();
        for point in points {
            let text = fitted(&clean(&point.label), self.wide * 2 / 5);
            let (column, row) = self.cell((point.x, point.y));
            let wide = width(&text);
            let right = Some(column + 2);
            let left = column.checked_sub(wide + 1);
            let slots = [
                (right, 0),
                (left, 0),
                (right, -1),
                (left, -1),
                (right, 1),
                (left, 1),
            ];
            let free = slots.into_iter().find_map(|(from, down)| {
                let (from, row) = (from?, row.checked_add_signed(down)?);
                let inside = from > self.left && row >= self.top && row < self.top + self.high;
                // One cell more on each side, where there is one.
                let (start, end) = (
                    from.saturating_sub(1),
                    (from + wide + 1).min(self.left + self.wide),
                );
                let end = end.max(from + wide);
                (inside && self.cells.is_free(start, row, end - start)).then_some((from, row))
            });
            let tone = match (point.highlighted, point.on_frontier) {
                (true, _) => Tone::Highlight,
                (false, true) => Tone::Strong,
                (false, false) => Tone::Plain,
            };
            match free {
                Some((from, row)) => self.cells.write(from, row, &text, tone),
                None => homeless.push(point),
            }
        }
        homeless
    }
}

/// Names without a place, with their values.
fn listed(points: &[&Point], columns: usize) -> Vec<String> {
    let one = |point: &&Point| {
        let values = format!(" at {}, {}", short(point.x), short(point.y));
        let room = columns.saturating_sub(width(&values) + 2);
        format!("· {}{values}", fitted(&clean(&point.label), room))
    };
    let mut lines: Vec<String> = points.iter().take(LISTED).map(one).collect();
    if points.len() > LISTED {
        lines.push(format!("· and {} more", points.len() - LISTED));
    }
    lines
}

/// The text in at most `room` cells.
fn fitted(text: &str, room: usize) -> String {
    let mut longest = text.chars().count().min(room);
    loop {
        let short = shorten(text, longest);
        if width(&short) <= room || longest == 0 {
            return short;
        }
        longest -= 1;
    }
}

#[cfg(test)]
mod tests;
