//! The key: a sample and its meaning, in rows that never lie on the data.

use super::ChartError;
use super::canvas::{Anchor, Line, Page};
use super::figure::State;
use super::geometry::Spot;
use super::look::Look;
use super::palette::Colour;
use super::shape::Face;
use super::text::{CAP_HEIGHT, Fonts, LEADING, Style};

/// Length of a line's sample.
const SAMPLE: f64 = 22.0;
/// Sample to meaning.
const GAP: f64 = 6.0;
/// Dash and gap of a line that is not significant.
pub(super) const DOTS: (f64, f64) = (2.0, 4.0);
/// Dash and gap of a dividing line.
pub(super) const DIVIDER: (f64, f64) = (6.0, 4.0);

/// What the meaning stands beside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Symbol {
    /// A word that explains the entries after it.
    Heading,
    Marker(Face),
    /// A value that is not known.
    Unknown(Colour),
    Line(Colour),
    Dotted(Colour),
    Divider(Colour),
    Rule(State, Colour),
    /// Two rows held together.
    Bracket(Colour),
    /// Value with its interval.
    Interval(Colour),
}

/// A sample with its meaning.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) symbol: Symbol,
    pub(super) text: String,
}

/// A finished key, its top left corner at the origin.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Key {
    pub(super) lines: Vec<Line>,
    pub(super) samples: Vec<(Symbol, Spot)>,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Key {
    /// Sections from left to right, in as many rows as `room` demands; a section is broken only when it is longer than a row.
    pub(super) fn of(sections: &[Vec<Entry>], room: f64, look: &Look, fonts: &Fonts) -> Self {
        let style = Style::regular(look.caption);
        let mut key = Self::default();
        let (mut x, mut row) = (0.0, 0.0);
        let height = sections
            .iter()
            .flatten()
            .map(|entry| 2.0 * entry.symbol.half_height())
            .fold(look.caption * LEADING, f64::max);
        for section in sections {
            let part = |entry: &Entry| {
                let text = fonts.fit(&entry.text, style, room / 2.0);
                let before = entry.symbol.width(look);
                let width = before + fonts.width(&text, style);
                (text, before, width, entry.symbol)
            };
            let parts: Vec<_> = section.iter().map(part).collect();
            let gap = |symbol| {
                if symbol == Symbol::Heading {
                    GAP
                } else {
                    look.edge
                }
            };
            let whole: f64 = parts.iter().map(|p| p.2 + gap(p.3)).sum();
            if x > 0.0 && x + whole - look.edge > room {
                (x, row) = (0.0, row + height);
            }
            for (text, before, width, symbol) in parts {
                if x > 0.0 && x + width > room {
                    (x, row) = (0.0, row + height);
                }
                let middle = row + height / 2.0;
                key.lines.push(Line {
                    text,
                    at: (x + before, middle + look.caption * CAP_HEIGHT / 2.0),
                    anchor: Anchor::Start,
                    style,
                    colour: look.palette.quiet,
                });
                let sample = (x + (before - GAP) / 2.0, middle);
                key.samples.push((symbol, sample));
                key.width = key.width.max(x + width);
                x += width + gap(symbol);
            }
            x += look.edge;
        }
        if !key.samples.is_empty() {
            key.height = row + height;
        }
        key
    }

    pub(super) fn moved(mut self, by: Spot) -> Self {
        let shift = |at: &mut Spot| (at.0, at.1) = (at.0 + by.0, at.1 + by.1);
        self.lines.iter_mut().for_each(|line| shift(&mut line.at));
        self.samples.iter_mut().for_each(|(_, at)| shift(at));
        self
    }
}

impl Symbol {
    /// With the gap to the text.
    pub(super) fn width(&self, look: &Look) -> f64 {
        match self {
            Self::Heading => 0.0,
            Self::Marker(face) => (2.0 * face.reach()).max(look.caption) + GAP,
            Self::Unknown(_) | Self::Rule(..) | Self::Bracket(_) => look.caption + GAP,
            _ => SAMPLE + GAP,
        }
    }

    fn half_height(&self) -> f64 {
        match self {
            Self::Marker(face) => face.reach() + 1.0,
            _ => 0.0,
        }
    }

    pub(super) fn draw(&self, page: &Page, at: Spot, look: &Look) -> Result<(), ChartError> {
        let ends = [(at.0 - SAMPLE / 2.0, at.1), (at.0 + SAMPLE / 2.0, at.1)];
        let half = look.caption * 0.45;
        match *self {
            Self::Heading => Ok(()),
            Self::Marker(face) => face.draw(page, at),
            Self::Unknown(colour) => unknown(page, at, look, colour),
            Self::Line(colour) => page.line(&ends, look.line, colour),
            Self::Dotted(colour) => page.dashes(&ends, DOTS, look.line, colour),
            Self::Divider(colour) => page.dashes(&ends, DIVIDER, 1.0, colour),
            Self::Rule(state, colour) => {
                let ends = [(at.0, at.1 - half - 1.0), (at.0, at.1 + half + 1.0)];
                rule(page, &ends, state, colour)
            }
            Self::Bracket(colour) => bracket(page, at.0 + half, (at.1 - half, at.1 + half), colour),
            Self::Interval(colour) => interval(page, (ends[0].0, ends[1].0), at.1, colour),
        }
    }
}

/// An upright rule that says how sure a change is.
pub(super) fn rule(
    page: &Page,
    ends: &[Spot],
    state: State,
    colour: Colour,
) -> Result<(), ChartError> {
    match state {
        State::Confirmed => page.line(ends, 1.5, colour),
        State::Possible => page.dashes(ends, (5.0, 3.0), 1.5, colour),
        State::Suspect => page.dashes(ends, (1.5, 2.5), 1.5, colour),
    }
}

/// A bracket open to the left.
pub(super) fn bracket(
    page: &Page,
    x: f64,
    (top, bottom): (f64, f64),
    colour: Colour,
) -> Result<(), ChartError> {
    let path = [(x - 4.0, top), (x, top), (x, bottom), (x - 4.0, bottom)];
    page.line(&path, 1.5, colour)
}

/// A level line with upright ends.
pub(super) fn interval(
    page: &Page,
    (from, to): (f64, f64),
    y: f64,
    colour: Colour,
) -> Result<(), ChartError> {
    page.segment((from, y), (to, y), 1.5, colour)?;
    [from, to]
        .into_iter()
        .try_for_each(|x| page.segment((x, y - 3.5), (x, y + 3.5), 1.5, colour))
}

/// A small cross where an area would say something that is not known.
pub(super) fn unknown(
    page: &Page,
    at: Spot,
    look: &Look,
    colour: Colour,
) -> Result<(), ChartError> {
    let arm = look.dot * 0.7;
    for sign in [-1.0, 1.0] {
        let (from, to) = (
            (at.0 - arm, at.1 - sign * arm),
            (at.0 + arm, at.1 + sign * arm),
        );
        page.segment(from, to, 1.75, colour)?;
    }
    Ok(())
}
