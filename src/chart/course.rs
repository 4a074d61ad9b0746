//! Everything inside one pair of axes of a history: lines, levels, changes, and what is written at the changes.

use super::ChartError;
use super::calendar::instant;
use super::canvas::{About, Anchor, Line, Picture};
use super::figure::{Change, History, Reading, Series, State};
use super::geometry::{Rect, Segment, Spot};
use super::key::{Entry, Symbol, rule};
use super::layout::Listing;
use super::look::Look;
use super::occupancy::Occupancy;
use super::palette::{Colour, Hue};
use super::plot::Plot;
use super::shape::{Face, SHAPES, Shape};
use super::text::{Fonts, Style, clean};
use crate::catalog::number::short;

/// More readings than this in one series get smaller markers.
const MANY: usize = 120;
/// Beyond this many only the line is drawn: a file would grow more than its tooltips tell.
const TOLD: usize = 2000;
/// Text to rule, and text to anything else.
const BESIDE: f64 = 4.0;

/// Colours and marker of one series; a lone one needs no hue.
pub(super) struct Track {
    hue: Hue,
    /// The line through single readings, quieter than the levels.
    thread: Colour,
    face: Face,
    lone: bool,
}

impl Track {
    pub(super) fn of(index: usize, count: usize, longest: usize, look: &Look) -> Self {
        let palette = look.palette;
        let lone = count == 1;
        let blue = Hue {
            fill: palette.frontier,
            line: palette.frontier,
        };
        let hue = palette.groups.get(index).copied().filter(|_| !lone);
        let hue = hue.unwrap_or(blue);
        let small = if longest > MANY { 0.32 } else { 0.55 };
        Self {
            hue,
            thread: hue.line.mixed(palette.paper),
            face: Face {
                shape: SHAPES.get(index).copied().unwrap_or(Shape::Circle),
                radius: look.dot * small,
                fill: hue.fill,
                line: (hue.fill != hue.line).then_some(hue.line),
            },
            lone,
        }
    }

    /// Confirmed changes of a lone series are what the reader looks for.
    fn rule(&self, state: State, look: &Look) -> Colour {
        match (self.lone, state) {
            (false, _) => self.hue.line,
            (true, State::Confirmed) => look.palette.highlight,
            (true, _) => look.palette.quiet,
        }
    }
}

/// Series by name, the level, the kinds of change that occur.
pub(super) fn key(
    series: &[&Series],
    names: &[&Series],
    look: &Look,
    fonts: &Fonts,
) -> Vec<Vec<Entry>> {
    let longest = series.iter().map(|s| s.readings.len()).max().unwrap_or(0);
    let tracks = names.iter().enumerate().filter(|_| names.len() > 1);
    let named = tracks.map(|(index, one)| Entry {
        symbol: Symbol::Marker(Track::of(index, names.len(), longest, look).face),
        text: fonts.drawable(&one.name).0,
    });
    let palette = look.palette;
    let level = if names.len() == 1 {
        palette.frontier
    } else {
        palette.quiet
    };
    let mut meaning = Vec::new();
    if series.iter().any(|one| !one.levels.is_empty()) {
        meaning.push(Entry {
            symbol: Symbol::Line(level),
            text: "median of the segment".to_owned(),
        });
    }
    let lone = Track::of(0, names.len(), 0, look);
    for (state, text) in [
        (State::Confirmed, "confirmed change"),
        (State::Possible, "possible change"),
        (State::Suspect, "suspect: too new to test"),
    ] {
        let colour = if lone.lone {
            lone.rule(state, look)
        } else {
            palette.quiet
        };
        if series
            .iter()
            .flat_map(|s| &s.changes)
            .any(|c| c.state == state)
        {
            meaning.push(Entry {
                symbol: Symbol::Rule(state, colour),
                text: text.to_owned(),
            });
        }
    }
    [named.collect(), meaning]
        .into_iter()
        .filter(|section| !section.is_empty())
        .collect()
}

/// One plot with its series, each with its track.
pub(super) struct Course<'a> {
    chart: &'a History,
    plot: Plot,
    series: Vec<(&'a Series, Track)>,
    lines: Vec<Line>,
}

impl<'a> Course<'a> {
    /// Places what is written at the changes; what finds no place goes to the listing, with the panel's name or the series'.
    pub(super) fn lay(
        chart: &'a History,
        series: Vec<(&'a Series, Track)>,
        plot: Plot,
        (look, fonts): (&Look, &Fonts),
        (name, listing): (&str, &mut Listing),
    ) -> Self {
        let mut course = Self {
            chart,
            plot,
            series,
            lines: Vec::new(),
        };
        let mut taken = course.obstacles(look);
        let style = Style::regular(look.tick);
        let mut lines = Vec::new();
        for (one, track) in &course.series {
            for change in &one.changes {
                let text = fonts.drawable(&change.label).0;
                if text.is_empty() {
                    continue;
                }
                let [start, _] = course.rule(one, change, track);
                match beside(start, fonts.width(&text, style), look, &taken) {
                    Some(bounds) => {
                        taken.rect(&bounds.grown(2.0));
                        lines.push(Line {
                            text,
                            at: (bounds.left, bounds.bottom - look.tick * 0.25),
                            anchor: Anchor::Start,
                            style,
                            colour: track.rule(change.state, look).readable(look),
                        });
                    }
                    None => {
                        let name = if name.is_empty() { &one.name } else { name };
                        let name = fonts.drawable(name).0;
                        let at = written(chart, change.x);
                        listing.apart.push(format!("{name}: {text} at {at}"));
                    }
                }
            }
        }
        course.lines = lines;
        course
    }

    fn obstacles(&self, look: &Look) -> Occupancy {
        let mut taken = Occupancy::new(self.plot.area);
        for (one, track) in &self.series {
            for reading in &one.readings {
                let y = reading.y.into_iter();
                y.for_each(|y| taken.disc(self.plot.at((reading.x, y)), track.face.reach() + 1.0));
            }
            let mut stroke = |from, to| taken.stroke(&Segment { from, to }, look.line + 1.0);
            for path in self.paths(one) {
                path.windows(2).for_each(|w| {
                    if let &[from, to] = w {
                        stroke(from, to);
                    }
                });
            }
            for level in &one.levels {
                let (from, to) = (
                    self.plot.at((level.from, level.y)),
                    self.plot.at((level.to, level.y)),
                );
                stroke(from, to);
            }
            for change in &one.changes {
                let [top, bottom] = self.rule(one, change, track);
                stroke(top, bottom);
            }
        }
        taken
    }

    /// Over all of the plot for a lone series, else along its own values.
    fn rule(&self, series: &Series, change: &Change, track: &Track) -> [Spot; 2] {
        let x = self.plot.across(before(series, change));
        let Rect { top, bottom, .. } = self.plot.area;
        if track.lone {
            return [(x, top), (x, bottom)];
        }
        let heights = series.readings.iter().filter_map(|reading| reading.y);
        let heights = heights.map(|y| self.plot.upward(y));
        let (high, low) = heights.fold((bottom, top), |(h, l), y| (h.min(y), l.max(y)));
        let margin = 3.0 * track.face.reach();
        [
            (x, (high - margin).max(top)),
            (x, (low + margin).min(bottom)),
        ]
    }

    /// The unbroken pieces of a line.
    fn paths(&self, series: &Series) -> Vec<Vec<Spot>> {
        let pieces = series.readings.split(|reading| reading.y.is_none());
        let spot = |reading: &Reading| Some(self.plot.at((reading.x, reading.y?)));
        pieces
            .map(|piece| piece.iter().filter_map(spot).collect())
            .filter(|piece: &Vec<Spot>| !piece.is_empty())
            .collect()
    }

    pub(super) fn draw(&self, picture: &mut Picture, look: &Look) -> Result<(), ChartError> {
        picture.layer(|page| self.plot.draw(page, look))?;
        for (one, track) in &self.series {
            for change in &one.changes {
                self.draw_change(picture, one, change, track, look)?;
            }
        }
        for (one, track) in &self.series {
            let colour = if one.levels.is_empty() {
                track.hue.line
            } else {
                track.thread
            };
            picture.layer(|page| {
                let mut paths = self.paths(one).into_iter();
                paths.try_for_each(|path| page.line(&path, look.line * 0.75, colour))
            })?;
            let mut readings = one.readings.iter().filter(|_| one.readings.len() <= TOLD);
            readings.try_for_each(|reading| self.draw_reading(picture, one, reading, track))?;
            picture.layer(|page| {
                one.levels.iter().try_for_each(|level| {
                    let ends = (level.from, level.to);
                    let [from, to] = [ends.0, ends.1].map(|x| self.plot.at((x, level.y)));
                    page.segment(from, to, look.line * 1.4, track.hue.line)
                })
            })?;
        }
        picture.layer(|page| self.lines.iter().try_for_each(|line| page.text(line)))
    }

    fn draw_reading(
        &self,
        picture: &mut Picture,
        series: &Series,
        reading: &Reading,
        track: &Track,
    ) -> Result<(), ChartError> {
        let Some(y) = reading.y else { return Ok(()) };
        let (label, x) = (clean(&reading.label), written(self.chart, reading.x));
        let about = About {
            class: "reading",
            title: [clean(&series.name), label.clone(), x, short(y)]
                .into_iter()
                .filter(|line| !line.is_empty())
                .collect::<Vec<String>>()
                .join("\n"),
            data: vec![
                ("series", clean(&series.name)),
                ("label", label),
                ("x", reading.x.to_string()),
                ("y", y.to_string()),
            ],
        };
        picture.group(&about, |page| {
            track.face.draw(page, self.plot.at((reading.x, y)))
        })
    }

    fn draw_change(
        &self,
        picture: &mut Picture,
        series: &Series,
        change: &Change,
        track: &Track,
        look: &Look,
    ) -> Result<(), ChartError> {
        let (class, state) = match change.state {
            State::Confirmed => ("change confirmed", "confirmed"),
            State::Possible => ("change possible", "possible"),
            State::Suspect => ("change suspect", "suspect"),
        };
        let about = About {
            class,
            title: format!(
                "{} change at {}: {}",
                state,
                written(self.chart, change.x),
                clean(&change.label)
            ),
            data: vec![
                ("series", clean(&series.name)),
                ("x", change.x.to_string()),
                ("state", state.to_owned()),
            ],
        };
        let ends = self.rule(series, change, track);
        let colour = track.rule(change.state, look);
        picture.group(&about, |page| rule(page, &ends, change.state, colour))
    }
}

/// The rule stands in the middle between the last reading before the change and the first one after it.
fn before(series: &Series, change: &Change) -> f64 {
    let earlier = series.readings.iter().map(|reading| reading.x);
    let last = earlier
        .filter(|x| *x < change.x)
        .fold(f64::NEG_INFINITY, f64::max);
    if last.is_finite() {
        f64::midpoint(last, change.x)
    } else {
        change.x
    }
}

/// A place right or left of the rule, as high as possible.
fn beside((x, start): Spot, width: f64, look: &Look, taken: &Occupancy) -> Option<Rect> {
    let height = look.tick;
    let spot = |row: u32, right: bool| {
        let top = start + 2.0 + f64::from(row) * height * 0.5;
        let left = if right {
            x + BESIDE
        } else {
            x - BESIDE - width
        };
        Rect {
            left,
            top,
            right: left + width,
            bottom: top + height,
        }
    };
    let rows = 0..60;
    rows.flat_map(|row| [spot(row, true), spot(row, false)])
        .find(|bounds| taken.is_free(&bounds.grown(1.0)))
}

/// A time or a position, for people.
fn written(chart: &History, x: f64) -> String {
    if chart.time {
        instant(x)
    } else {
        x.to_string()
    }
}

impl Colour {
    /// A text wants more contrast than a line: halfway to the ink.
    fn readable(self, look: &Look) -> Self {
        self.mixed(look.palette.ink)
    }
}
