//! The frame around the data: which text goes where, how much is left for the plot, and the ticks that fit it.
//! Everything written at the edges is left aligned with the image; the plot gets all the rest.

use super::axis::Scale;
use super::canvas::{Anchor, Line};
use super::figure::{Axis, Scatter, Size};
use super::geometry::{Rect, Spot};
use super::text::{CAP_HEIGHT, Fonts, LEADING, Style};
use super::theme::{Colour, INK, QUIET, Theme};
use super::ticks::{Room, Ticks};

/// What a sample in the key stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Frontier,
    Dominated,
    Fit,
}

/// The frame of one chart, in nominal pixels.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) width: f64,
    /// Where the caption ends; a list of numbered labels goes below.
    pub(super) height: f64,
    pub(super) plot: Rect,
    pub(super) lines: Vec<Line>,
    pub(super) key: Vec<(Symbol, Spot)>,
    pub(super) x: Scale,
    pub(super) y: Scale,
    pub(super) x_ticks: Ticks,
    pub(super) y_ticks: Ticks,
}

/// Length of a tick mark.
pub(super) const TICK: f64 = 4.0;
/// Tick mark to number, and number to plot.
const NEAR: f64 = 3.0;
/// The plot is at least this high, and this share of the image; the image grows when the text leaves less.
const PLOT: (f64, f64) = (90.0, 0.35);
/// Lines a heading may take.
const HEADING_LINES: usize = 2;
/// Lines one caption may take.
const CAPTION_LINES: usize = 4;
/// Length of the fit's sample in the key.
pub(super) const SAMPLE: f64 = 22.0;

/// Texts from top to bottom.
struct Column<'a> {
    fonts: &'a Fonts,
    left: f64,
    room: f64,
    y: f64,
    lines: Vec<Line>,
}

impl Column<'_> {
    fn write(&mut self, text: &str, style: Style, colour: Colour, most: usize) {
        for text in self.fonts.wrap(text, style, self.room, most) {
            self.line(text, style, colour);
        }
    }

    fn line(&mut self, text: String, style: Style, colour: Colour) {
        let baseline = self.y + style.size * (LEADING + CAP_HEIGHT) / 2.0;
        self.lines.push(Line {
            text,
            at: (self.left, baseline),
            anchor: Anchor::Start,
            style,
            colour,
        });
        self.y += style.size * LEADING;
    }
}

/// Lays out everything but the data.
pub(super) fn frame(
    chart: &Scatter,
    x: Scale,
    y: Scale,
    size: Size,
    theme: &Theme,
    fonts: &Fonts,
) -> Frame {
    let (width, height) = (f64::from(size.width()), f64::from(size.height()));
    let room = width - 2.0 * theme.edge;
    let column = |y| Column {
        fonts,
        left: theme.edge,
        room,
        y,
        lines: Vec::new(),
    };
    let keyed = key_texts(chart);

    let mut head = column(theme.edge * 0.7);
    heading(chart, theme, &mut head);
    let (mut key, key_in_head) = axis_row(chart, theme, &mut head, &keyed);
    let top = head.y + theme.edge * 0.4;

    let mut foot = column(TICK + NEAR + theme.tick * LEADING);
    let across = phrase(&chart.x, fonts);
    for text in fonts.wrap(&across, Style::regular(theme.axis), room, HEADING_LINES) {
        foot.line(text, Style::regular(theme.axis), INK);
    }
    let titled = foot.lines.len();
    foot.y += theme.edge * 0.35;
    let mut foot_key = Vec::new();
    if !key_in_head && !keyed.is_empty() {
        foot_key = key_row(&keyed, theme, &mut foot, theme.edge);
        foot.y += theme.caption * LEADING;
    }
    captions(chart, theme, &mut foot, &mut foot_key);

    let bottom = (height - foot.y - theme.edge * 0.6).max(top + PLOT.0.max(PLOT.1 * height));
    let mut frame = Frame {
        width,
        height: (bottom + foot.y + theme.edge * 0.6).ceil(),
        plot: Rect {
            left: theme.edge,
            top,
            right: width - theme.edge,
            bottom,
        },
        lines: head.lines,
        key: Vec::new(),
        x,
        y,
        x_ticks: Ticks::default(),
        y_ticks: Ticks::default(),
    };
    ticks(&mut frame, theme, fonts);
    let middle = f64::midpoint(frame.plot.left, frame.plot.right);
    for (index, mut line) in foot.lines.into_iter().enumerate() {
        line.at.1 += bottom;
        if index < titled {
            let half = fonts.width(&line.text, line.style) / 2.0;
            line.at.0 = middle.min(width - theme.edge - half).max(theme.edge + half);
            line.anchor = Anchor::Middle;
        }
        frame.lines.push(line);
    }
    key.extend(
        foot_key
            .into_iter()
            .map(|(symbol, at)| (symbol, (at.0, at.1 + bottom))),
    );
    frame.key = key;
    frame
}

fn heading(chart: &Scatter, theme: &Theme, head: &mut Column) {
    title(&head.fonts.drawable(&chart.title).0, theme, head);
    if let Some(subtitle) = &chart.subtitle {
        let text = head.fonts.drawable(subtitle).0;
        head.write(&text, Style::regular(theme.subtitle), QUIET, HEADING_LINES);
    }
    if !head.lines.is_empty() {
        head.y += theme.edge * 0.45;
    }
}

/// One line if it fits at 85 % of the size or more, else two of about the same length.
fn title(text: &str, theme: &Theme, head: &mut Column) {
    let smaller = Style::bold((theme.title * 3.4).round() / 4.0);
    let mut style = Style::bold(theme.title);
    let width = head.fonts.width(text, smaller);
    if head.fonts.width(text, style) > head.room && (width <= head.room || width > 1.5 * head.room)
    {
        style = smaller;
    }
    let full = head.room;
    let whole = |room: f64| head.fonts.wrap(text, style, room, HEADING_LINES).join(" ") == text;
    let shares = [0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
    if head.fonts.width(text, style) > full {
        head.room = shares
            .map(|share| share * full)
            .into_iter()
            .find(|room| whole(*room))
            .unwrap_or(full);
    }
    head.write(text, style, INK, HEADING_LINES);
    head.room = full;
}

/// The vertical axis' name above the axis, and the key at the right of the same line if both fit.
fn axis_row(
    chart: &Scatter,
    theme: &Theme,
    head: &mut Column,
    keyed: &[(Symbol, &str)],
) -> (Vec<(Symbol, Spot)>, bool) {
    let style = Style::regular(theme.axis);
    let text = phrase(&chart.y, head.fonts);
    let wide = key_width(keyed, theme, head.fonts);
    let fits = head.fonts.width(&text, style) + wide + 2.0 * theme.edge <= head.room;
    let mut key = Vec::new();
    if fits && !keyed.is_empty() {
        // Both share one line: the smaller text is set on the larger one's baseline.
        let top = head.y;
        head.y += (theme.axis - theme.caption) * (LEADING + CAP_HEIGHT) / 2.0;
        let from = head.left + head.room - wide;
        key = key_row(keyed, theme, head, from);
        head.y = top;
    }
    head.write(&text, style, INK, HEADING_LINES);
    (key, fits)
}

fn captions(chart: &Scatter, theme: &Theme, foot: &mut Column, key: &mut Vec<(Symbol, Spot)>) {
    let style = Style::regular(theme.caption);
    if let Some(fit) = chart.fit.as_ref().filter(|fit| fit.points.len() > 1) {
        key.push((
            Symbol::Fit,
            (
                foot.left + SAMPLE / 2.0,
                foot.y + style.size * LEADING / 2.0,
            ),
        ));
        let indent = SAMPLE + 6.0;
        foot.left += indent;
        foot.room -= indent;
        let note = foot.fonts.drawable(&fit.note).0;
        foot.write(
            if note.is_empty() { "fit" } else { &note },
            style,
            QUIET,
            CAPTION_LINES,
        );
        foot.left -= indent;
        foot.room += indent;
    }
    for caption in &chart.caption {
        let text = foot.fonts.drawable(caption).0;
        foot.write(&text, style, QUIET, CAPTION_LINES);
    }
}

fn key_texts(chart: &Scatter) -> Vec<(Symbol, &'static str)> {
    let some = |on| chart.points.iter().any(|point| point.on_frontier == on);
    if some(true) && some(false) {
        vec![
            (Symbol::Frontier, "on the frontier"),
            (Symbol::Dominated, "dominated"),
        ]
    } else {
        Vec::new()
    }
}

fn key_width(keyed: &[(Symbol, &str)], theme: &Theme, fonts: &Fonts) -> f64 {
    let style = Style::regular(theme.caption);
    let items: f64 = keyed
        .iter()
        .map(|(_, text)| fonts.width(text, style) + theme.caption * 1.2)
        .sum();
    items + theme.edge * keyed.len().saturating_sub(1) as f64
}

/// One line of samples with their meaning, which starts at `x`; the column does not move.
fn key_row(
    keyed: &[(Symbol, &str)],
    theme: &Theme,
    column: &mut Column,
    mut x: f64,
) -> Vec<(Symbol, Spot)> {
    let style = Style::regular(theme.caption);
    let (left, top) = (column.left, column.y);
    let mut samples = Vec::new();
    for &(symbol, text) in keyed {
        column.left = x + theme.caption * 1.2;
        column.line(text.to_owned(), style, QUIET);
        column.y = top;
        samples.push((
            symbol,
            (x + theme.caption * 0.5, top + style.size * LEADING / 2.0),
        ));
        x = column.left + column.fonts.width(text, style) + theme.edge;
    }
    column.left = left;
    samples
}

/// The axis' name with what it does in words.
fn phrase(axis: &Axis, fonts: &Fonts) -> String {
    let name = fonts.drawable(&axis.title).0;
    let log = if axis.log { "log scale" } else { "" };
    let better = match axis.higher_is_better {
        Some(true) => "higher is better",
        Some(false) => "lower is better",
        None => "",
    };
    let parts: Vec<&str> = [name.as_str(), log, better]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(", ")
}

/// Chooses the ticks, makes room for the numbers at the left, and writes them.
fn ticks(frame: &mut Frame, theme: &Theme, fonts: &Fonts) {
    let style = Style::regular(theme.tick);
    let room = Room {
        length: frame.plot.height(),
        spacing: theme.tick * 5.0,
        extent: &|_| theme.tick * CAP_HEIGHT,
    };
    frame.y_ticks = Ticks::choose(&frame.y, &room);
    let widest = frame
        .y_ticks
        .major
        .iter()
        .map(|tick| fonts.width(&tick.label, style))
        .fold(0.0, f64::max);
    frame.plot.left += widest + 2.0 * NEAR;

    let room = Room {
        length: frame.plot.width(),
        spacing: theme.tick * 6.5,
        extent: &|text| fonts.width(text, style),
    };
    frame.x_ticks = Ticks::choose(&frame.x, &room);
    frame.x.set_ticks(&frame.x_ticks);
    frame.y.set_ticks(&frame.y_ticks);

    let plot = frame.plot;
    let mut number = |text: &str, at, anchor| {
        frame.lines.push(Line {
            text: text.to_owned(),
            at,
            anchor,
            style,
            colour: QUIET,
        });
    };
    for tick in &frame.y_ticks.major {
        let y = frame.y.place(tick.value, plot.bottom, plot.top) + theme.tick * CAP_HEIGHT / 2.0;
        number(&tick.label, (plot.left - 2.0 * NEAR, y), Anchor::End);
    }
    for tick in &frame.x_ticks.major {
        let half = fonts.width(&tick.label, style) / 2.0;
        let x = frame
            .x
            .place(tick.value, plot.left, plot.right)
            .min(frame.width - half - 1.0);
        number(
            &tick.label,
            (x, plot.bottom + TICK + NEAR + theme.tick * CAP_HEIGHT),
            Anchor::Middle,
        );
    }
}

/// Names for the numbers in the picture, in columns under the caption. Makes the frame higher.
pub(super) fn list(frame: &mut Frame, entries: &[(String, String)], theme: &Theme, fonts: &Fonts) {
    let style = Style::regular(theme.caption);
    let marks = Style::bold(theme.caption);
    let room = frame.width - 2.0 * theme.edge;
    let widest = |style, texts: &mut dyn Iterator<Item = &String>| {
        texts
            .map(|text| fonts.width(text, style))
            .fold(0.0, f64::max)
    };
    let indent = widest(marks, &mut entries.iter().map(|(mark, _)| mark)) + 6.0;
    let name = widest(style, &mut entries.iter().map(|(_, name)| name)).min(room - indent);
    let columns = ((room + theme.edge) / (indent + name + theme.edge))
        .floor()
        .max(1.0);
    let rows = (entries.len() as f64 / columns).ceil().max(1.0);
    let (top, step) = (frame.height - theme.edge * 0.2, theme.caption * LEADING);
    let (mut x, mut row) = (theme.edge, 0.0);
    for (mark, text) in entries {
        let y = top + step * row + theme.caption;
        let mut write = |text: String, x, anchor, style, colour| {
            frame.lines.push(Line {
                text,
                at: (x, y),
                anchor,
                style,
                colour,
            });
        };
        write(mark.clone(), x + indent - 6.0, Anchor::End, marks, INK);
        write(
            fonts.fit(text, style, name),
            x + indent,
            Anchor::Start,
            style,
            QUIET,
        );
        row += 1.0;
        if row >= rows {
            (x, row) = (x + indent + name + theme.edge, 0.0);
        }
    }
    frame.height = (top + step * rows + theme.edge * 0.8).ceil();
}
