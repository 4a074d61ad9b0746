//! The leaderboard: one bar an entry, its interval, its value, and a bracket around what cannot be told apart.

use crate::catalog::number::short;
use crate::chart::ChartError;
use crate::chart::axis::{Kind, Scale};
use crate::chart::canvas::{About, Anchor, Line, Page, Picture};
use crate::chart::figure::{Bar, Drawing, Leaderboard};
use crate::chart::geometry::Rect;
use crate::chart::key::{Entry, Symbol, bracket, interval};
use crate::chart::layout::{Frame, Texts};
use crate::chart::look::Look;
use crate::chart::paper::Paper;
use crate::chart::plot::{Plot, across_ticks};
use crate::chart::scatter::heading;
use crate::chart::text::{CAP_HEIGHT, Fonts, Style, clean};
use crate::chart::ticks::Ticks;

/// More entries are not drawn: nobody reads them in a picture.
const MOST: usize = 300;
/// Thickness of a bar, as a share of its row and in pixels at most.
const THICK: (f64, f64) = (0.62, 28.0);
/// Height of a row, in label sizes at least.
const ROW: f64 = 1.35;
/// A name takes at most this share of the width.
const WIDEST: f64 = 0.4;
/// Between columns.
const GAP: f64 = 8.0;
/// Entries named in the description for screen readers.
const DESCRIBED: usize = 50;

/// Draws the chart. The same input gives the same bytes.
///
/// Every entry is a group of the class `bar` with its values as `data-` attributes and a tooltip. The picture grows in
/// height when the rows need it.
///
/// # Errors
/// [`ChartError::NoPoints`] without an entry; [`ChartError::NotDrawable`] for NaN, infinity, or an interval that ends below
/// its start; [`ChartError::NotPositive`] for a value at or below zero on a log axis.
pub fn leaderboard(chart: &Leaderboard, paper: Paper) -> Result<Drawing, ChartError> {
    check(chart)?;
    let fonts = Fonts::embedded()?;
    let bars = chart.bars.get(..MOST).unwrap_or(&chart.bars);
    let look = Look::on(paper, bars.len());
    let texts = texts(chart, bars, &look);
    let least = bars.len() as f64 * look.label * ROW;
    let mut frame = Frame::around(&texts, paper.size, least, &look, &fonts);
    let rows = Rows::of(chart, bars, frame.body, &look, &fonts);
    let numbers = rows.plot.across_numbers(&look, &fonts, frame.width);
    frame.lines.extend(numbers);
    frame.title_across(&rows.plot.area, &look, &fonts);
    let mut notes = Vec::new();
    if chart.bars.len() > MOST {
        notes.push(format!(
            "the first {MOST} of {} entries are drawn",
            chart.bars.len()
        ));
    }
    let written = [&chart.title, &chart.value.title].into_iter();
    let written = written.chain(&chart.subtitle).chain(&chart.caption);
    fonts.report(written.chain(bars.iter().map(|bar| &bar.label)), &mut notes);

    let mut picture = Picture::new(frame.width, frame.height);
    picture.layer(|page| page.fill(look.palette.paper))?;
    picture.layer(|page| rows.plot.draw(page, &look))?;
    for (index, bar) in bars.iter().enumerate() {
        let about = about(bar, &chart.value.title);
        picture.group(&about, |page| rows.draw(page, index, bar, &look))?;
    }
    picture.layer(|page| {
        rows.draw_zero(page, &look)?;
        rows.draw_ties(page, bars, &look)?;
        let mut lines = rows.lines.iter();
        lines.try_for_each(|line| page.text(line))?;
        frame.draw(page, &look)
    })?;
    let svg = picture.document(&heading(&chart.title, "Leaderboard"), &description(chart));
    Ok(Drawing { svg, notes })
}

fn check(chart: &Leaderboard) -> Result<(), ChartError> {
    if chart.bars.is_empty() {
        return Err(ChartError::NoPoints);
    }
    for bar in &chart.bars {
        let (low, high) = bar.interval.unwrap_or((bar.value, bar.value));
        let values = [("value", bar.value), ("low end", low), ("high end", high)];
        for (what, value) in values {
            let label = bar.label.clone();
            if !value.is_finite() || (what == "high end" && value < low) {
                return Err(ChartError::NotDrawable { label, what, value });
            }
            if chart.value.log && value <= 0.0 {
                let axis = what;
                return Err(ChartError::NotPositive { label, axis, value });
            }
        }
    }
    Ok(())
}

fn texts<'a>(chart: &'a Leaderboard, bars: &[Bar], look: &Look) -> Texts<'a> {
    let mut key = Vec::new();
    if bars.iter().any(|bar| bar.interval.is_some()) {
        key.push(Entry {
            symbol: Symbol::Interval(look.palette.quiet),
            text: "interval".to_owned(),
        });
    }
    if !ties(bars).is_empty() {
        key.push(Entry {
            symbol: Symbol::Bracket(look.palette.quiet),
            text: "not told apart".to_owned(),
        });
    }
    Texts {
        title: &chart.title,
        subtitle: chart.subtitle.as_deref(),
        caption: chart.caption.iter().map(String::as_str).collect(),
        across: Some(&chart.value),
        key: if key.is_empty() {
            Vec::new()
        } else {
            vec![key]
        },
        ..Texts::default()
    }
}

/// First and last row of each run of two or more neighbours with the same number.
fn ties(bars: &[Bar]) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut first = 0;
    for run in bars.chunk_by(|a, b| a.tie.is_some() && a.tie == b.tie) {
        if run.len() > 1 {
            runs.push((first, first + run.len() - 1));
        }
        first += run.len();
    }
    runs
}

fn style(bar: &Bar, look: &Look) -> Style {
    if bar.highlighted {
        Style::bold(look.label)
    } else {
        Style::regular(look.label)
    }
}

/// Names, bars and values in three columns.
struct Rows {
    plot: Plot,
    /// Height of a row.
    step: f64,
    /// Where the brackets stand.
    ties_at: f64,
    lines: Vec<Line>,
}

impl Rows {
    fn of(chart: &Leaderboard, bars: &[Bar], body: Rect, look: &Look, fonts: &Fonts) -> Self {
        let room = body.width() * WIDEST;
        let name = |bar: &Bar| fonts.fit(&fonts.drawable(&bar.label).0, style(bar, look), room);
        let names: Vec<String> = bars.iter().map(name).collect();
        let values = aligned(bars);
        let widest = |texts: &[String]| {
            let widths = bars.iter().zip(texts);
            widths
                .map(|(bar, text)| fonts.width(text, style(bar, look)))
                .fold(0.0, f64::max)
        };
        let tied = if ties(bars).is_empty() {
            0.0
        } else {
            GAP + 4.0
        };
        let ends = bars.iter().flat_map(|bar| {
            let (low, high) = bar.interval.unwrap_or((bar.value, bar.value));
            [bar.value, low, high]
        });
        let x = if chart.value.log {
            Scale::around(ends, Kind::Log)
        } else {
            Scale::from_zero(ends)
        };
        let area = Rect {
            left: body.left + widest(&names) + GAP,
            right: body.right - widest(&values) - GAP - tied,
            ..body
        };
        let step = area.height() / bars.len() as f64;
        let mut rows = Self {
            plot: Plot {
                area,
                x_ticks: across_ticks(&x, area.width(), look, fonts),
                x,
                y: Scale::around([0.0].into_iter(), Kind::Linear),
                y_ticks: Ticks::default(),
            },
            step,
            ties_at: body.right - 1.0,
            lines: Vec::new(),
        };
        rows.write(bars, names, area.left - GAP, look);
        rows.write(bars, values, body.right - tied, look);
        rows
    }

    /// One text a row, its end at `x`.
    fn write(&mut self, bars: &[Bar], texts: Vec<String>, x: f64, look: &Look) {
        for (index, (bar, text)) in bars.iter().zip(texts).enumerate() {
            let baseline = self.middle(index) + look.label * CAP_HEIGHT / 2.0;
            self.lines.push(Line {
                text,
                at: (x, baseline),
                anchor: Anchor::End,
                style: style(bar, look),
                colour: look.palette.ink,
            });
        }
    }

    fn middle(&self, index: usize) -> f64 {
        self.plot.area.top + self.step * (index as f64 + 0.5)
    }

    fn half(&self) -> f64 {
        (self.step * THICK.0).min(THICK.1) / 2.0
    }

    fn draw(&self, page: &Page, index: usize, bar: &Bar, look: &Look) -> Result<(), ChartError> {
        let (y, half) = (self.middle(index), self.half());
        let (palette, end) = (look.palette, self.plot.across(bar.value));
        let strong = if bar.highlighted {
            palette.highlight
        } else {
            palette.frontier
        };
        if self.plot.x.kind() == Kind::Log {
            if let Some((low, high)) = bar.interval {
                self.draw_interval(page, (low, high), y, look)?;
            }
            return page.disc((end, y), look.strong_dot, strong);
        }
        let zero = self.plot.across(0.0);
        let fill = if bar.highlighted {
            palette.strong_bar
        } else {
            palette.bar
        };
        let corners = [
            (zero, y - half),
            (end, y - half),
            (end, y + half),
            (zero, y + half),
        ];
        page.patch(&corners, fill)?;
        page.segment((end, y - half), (end, y + half), 2.5, strong)?;
        match bar.interval {
            Some(ends) => self.draw_interval(page, ends, y, look),
            None => Ok(()),
        }
    }

    fn draw_interval(
        &self,
        page: &Page,
        (low, high): (f64, f64),
        y: f64,
        look: &Look,
    ) -> Result<(), ChartError> {
        let ends = (self.plot.across(low), self.plot.across(high));
        interval(page, ends, y, look.palette.quiet)
    }

    /// Where bars go both ways.
    fn draw_zero(&self, page: &Page, look: &Look) -> Result<(), ChartError> {
        if self.plot.x.kind() == Kind::Log {
            return Ok(());
        }
        let Rect { top, bottom, .. } = self.plot.area;
        let zero = self.plot.across(0.0);
        page.segment((zero, top), (zero, bottom), 1.0, look.palette.baseline)
    }

    fn draw_ties(&self, page: &Page, bars: &[Bar], look: &Look) -> Result<(), ChartError> {
        let half = self.half().max(look.label * 0.5);
        ties(bars).into_iter().try_for_each(|(first, last)| {
            let ends = (self.middle(first) - half, self.middle(last) + half);
            bracket(page, self.ties_at, ends, look.palette.quiet)
        })
    }
}

/// As short as numbers are written for people, all with the decimals of the one that needs most.
fn aligned(bars: &[Bar]) -> Vec<String> {
    let texts: Vec<String> = bars.iter().map(|bar| short(bar.value)).collect();
    let decimals = |text: &String| text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let most = texts.iter().map(decimals).max().unwrap_or(0);
    if texts.iter().any(|text| text.contains('e')) {
        return texts;
    }
    let same = |bar: &Bar| format!("{:.most$}", bar.value).replace('-', "−");
    bars.iter().map(same).collect()
}

fn about(bar: &Bar, metric: &str) -> About {
    let label = clean(&bar.label);
    let mut title = format!("{label}\n{}: {}", clean(metric), short(bar.value));
    let mut data = vec![("label", label), ("value", bar.value.to_string())];
    if let Some((low, high)) = bar.interval {
        title.push_str(&format!(" ({} to {})", short(low), short(high)));
        data.push(("low", low.to_string()));
        data.push(("high", high.to_string()));
    }
    if let Some(tie) = bar.tie {
        data.push(("tie", tie.to_string()));
    }
    let class = if bar.highlighted {
        "bar highlighted"
    } else {
        "bar"
    };
    About { class, data, title }
}

/// The picture in words.
fn description(chart: &Leaderboard) -> String {
    let count = chart.bars.len();
    let one = |bar: &Bar| format!("{} {}", clean(&bar.label), bar.value);
    let named: Vec<String> = chart.bars.iter().take(DESCRIBED).map(one).collect();
    let rest = if count > DESCRIBED {
        "; and others"
    } else {
        ""
    };
    format!(
        "Leaderboard of {count} entries by {}: {}{rest}.",
        clean(&chart.value.title),
        named.join("; ")
    )
}

#[cfg(test)]
mod tests;
