//! The frame around the data: which text goes where and how much is left for the plot. Everything written at the edges is
//! left aligned with the image; the plot gets all the rest.

use super::ChartError;
use super::axis::{Kind, Scale};
use super::canvas::{Anchor, Line, Page};
use super::figure::Axis;
use super::geometry::{Rect, Spot};
use super::key::{Entry, Key, Symbol};
use super::look::Look;
use super::palette::Colour;
use super::paper::Size;
use super::plot::{NEAR, Plot, TICK};
use super::text::{CAP_HEIGHT, Fonts, LEADING, Style, clean};

/// All that is written around the data.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts<'a> {
    pub(super) title: &'a str,
    pub(super) subtitle: Option<&'a str>,
    /// Paragraphs under the chart.
    pub(super) caption: Vec<&'a str>,
    pub(super) across: Option<&'a Axis>,
    pub(super) upward: Option<&'a Axis>,
    /// Sections of the key.
    pub(super) key: Vec<Vec<Entry>>,
    /// Samples whose meaning is a sentence, each on its own line under the chart.
    pub(super) remarks: Vec<Entry>,
}

/// The frame of one chart, in nominal pixels.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) width: f64,
    /// Where the caption ends; a list of numbered labels goes below.
    pub(super) height: f64,
    /// Between head and foot, from edge to edge.
    pub(super) body: Rect,
    pub(super) lines: Vec<Line>,
    pub(super) key: Vec<(Symbol, Spot)>,
    /// Titles of the horizontal axis, which wait for the axis they are centred under.
    titles: Vec<Line>,
}

/// The plot is at least this high, and this share of the image; the image grows when the text leaves less.
const PLOT: (f64, f64) = (90.0, 0.35);
/// Lines a heading may take.
const HEADING_LINES: usize = 2;
/// Lines one caption may take.
const CAPTION_LINES: usize = 4;

/// Texts from top to bottom.
struct Column<'a> {
    fonts: &'a Fonts,
    look: &'a Look,
    left: f64,
    room: f64,
    y: f64,
    lines: Vec<Line>,
    samples: Vec<(Symbol, Spot)>,
}

impl<'a> Column<'a> {
    fn new(fonts: &'a Fonts, look: &'a Look, width: f64, y: f64) -> Self {
        Self {
            fonts,
            look,
            left: look.edge,
            room: width - 2.0 * look.edge,
            y,
            lines: Vec::new(),
            samples: Vec::new(),
        }
    }

    fn write(&mut self, text: &str, style: Style, colour: Colour, most: usize) {
        for text in self.fonts.wrap(text, style, self.room, most) {
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

    fn key(&mut self, key: Key, at: Spot) {
        let key = key.moved(at);
        self.lines.extend(key.lines);
        self.samples.extend(key.samples);
    }
}

impl Frame {
    /// Lays out everything but the data, which gets `least` pixels of height at least.
    pub(super) fn around(
        texts: &Texts,
        size: Size,
        least: f64,
        look: &Look,
        fonts: &Fonts,
    ) -> Self {
        let (width, height) = (f64::from(size.width()), f64::from(size.height()));
        let mut head = Column::new(fonts, look, width, look.edge * 0.7);
        heading(texts, &mut head);
        let key_in_head = axis_row(texts, &mut head);
        let top = head.y + look.edge * 0.4;

        let numbers = TICK + NEAR + look.tick * LEADING;
        let mut foot = Column::new(fonts, look, width, numbers);
        if let Some(axis) = texts.across {
            let style = Style::regular(look.axis);
            let text = fonts.drawable(&axis.phrase()).0;
            foot.write(&text, style, look.palette.ink, HEADING_LINES);
        }
        let titled = foot.lines.len();
        foot.y += look.edge * 0.35;
        if !key_in_head {
            let key = Key::of(&texts.key, foot.room, look, fonts);
            let height = key.height;
            let at = (foot.left, foot.y);
            foot.key(key, at);
            foot.y += height + look.edge * 0.12;
        }
        captions(texts, &mut foot);

        let below = foot.y + look.edge * 0.6;
        let room = least.max(PLOT.0).max(PLOT.1 * height);
        let bottom = (height - below).max(top + room);
        let down = |mut line: Line| {
            line.at.1 += bottom;
            line
        };
        let mut written = foot.lines.into_iter().map(down);
        let titles = written.by_ref().take(titled).collect();
        let samples = foot.samples.into_iter();
        let mut key = head.samples;
        key.extend(samples.map(|(symbol, at)| (symbol, (at.0, at.1 + bottom))));
        let mut lines = head.lines;
        lines.extend(written);
        Self {
            width,
            height: (bottom + below).ceil(),
            body: Rect {
                left: look.edge,
                top,
                right: width - look.edge,
                bottom,
            },
            lines,
            key,
            titles,
        }
    }

    /// One pair of axes in all of the body, with its numbers.
    pub(super) fn plot(&mut self, x: Scale, y: Scale, look: &Look, fonts: &Fonts) -> Plot {
        let plot = Plot::within(self.body, x, y, look, fonts);
        self.lines.extend(plot.upward_numbers(look));
        let numbers = plot.across_numbers(look, fonts, self.width);
        self.lines.extend(numbers);
        self.title_across(&plot.area, look, fonts);
        plot
    }

    /// Draws what stands around the data.
    pub(super) fn draw(&self, page: &Page, look: &Look) -> Result<(), ChartError> {
        let mut samples = self.key.iter();
        samples.try_for_each(|(symbol, at)| symbol.draw(page, *at, look))?;
        self.lines.iter().try_for_each(|line| page.text(line))
    }

    /// Centres the title of the horizontal axis under `area`.
    pub(super) fn title_across(&mut self, area: &Rect, look: &Look, fonts: &Fonts) {
        let middle = f64::midpoint(area.left, area.right);
        for mut line in std::mem::take(&mut self.titles) {
            let half = fonts.width(&line.text, line.style) / 2.0;
            line.at.0 = middle
                .min(self.width - look.edge - half)
                .max(look.edge + half);
            line.anchor = Anchor::Middle;
            self.lines.push(line);
        }
    }
}

fn heading(texts: &Texts, head: &mut Column) {
    title(&head.fonts.drawable(texts.title).0, head);
    if let Some(subtitle) = texts.subtitle {
        let text = head.fonts.drawable(subtitle).0;
        let style = Style::regular(head.look.subtitle);
        head.write(&text, style, head.look.palette.quiet, HEADING_LINES);
    }
    if !head.lines.is_empty() {
        head.y += head.look.edge * 0.45;
    }
}

/// One line if it fits at 85 % of the size or more, else two of about the same length.
fn title(text: &str, head: &mut Column) {
    let smaller = Style::bold((head.look.title * 3.4).round() / 4.0);
    let mut style = Style::bold(head.look.title);
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
    head.write(text, style, head.look.palette.ink, HEADING_LINES);
    head.room = full;
}

/// The vertical axis' name above the axis, and the key at the right of the same line if both fit.
fn axis_row(texts: &Texts, head: &mut Column) -> bool {
    let (look, fonts) = (head.look, head.fonts);
    let style = Style::regular(look.axis);
    let text = texts
        .upward
        .map_or_else(String::new, |y| fonts.drawable(&y.phrase()).0);
    let key = Key::of(&texts.key, f64::INFINITY, look, fonts);
    let fits = fonts.width(&text, style) + key.width + 2.0 * look.edge <= head.room;
    let extra = key.height - look.axis * LEADING;
    if fits {
        // Both share one line: the smaller text is set on the larger one's baseline.
        let baseline = look.axis * (LEADING + CAP_HEIGHT) / 2.0;
        let own = (key.height + look.caption * CAP_HEIGHT) / 2.0;
        let rise = (extra / 2.0).max(0.0);
        let at = (
            head.left + head.room - key.width,
            head.y + rise + baseline - own,
        );
        head.key(key, at);
        head.y += rise;
    }
    head.write(&text, style, look.palette.ink, HEADING_LINES);
    if fits {
        head.y += (extra / 2.0).max(0.0);
        if text.is_empty() && !texts.key.is_empty() {
            head.y += look.axis * LEADING;
        }
    }
    fits
}

fn captions(texts: &Texts, foot: &mut Column) {
    let (look, fonts) = (foot.look, foot.fonts);
    let style = Style::regular(look.caption);
    for remark in &texts.remarks {
        let indent = remark.symbol.width(look);
        let middle = foot.y + style.size * LEADING / 2.0;
        let at = (foot.left + (indent - NEAR * 2.0) / 2.0, middle);
        foot.samples.push((remark.symbol, at));
        foot.left += indent;
        foot.room -= indent;
        foot.write(&remark.text, style, look.palette.quiet, CAPTION_LINES);
        foot.left -= indent;
        foot.room += indent;
    }
    for caption in &texts.caption {
        let text = fonts.drawable(caption).0;
        foot.write(&text, style, look.palette.quiet, CAPTION_LINES);
    }
}

impl Axis {
    /// How values of this axis are mapped.
    pub(super) fn kind(&self) -> Kind {
        if self.log { Kind::Log } else { Kind::Linear }
    }

    /// The name with what the axis does in words.
    pub(super) fn phrase(&self) -> String {
        let log = if self.log { "log scale" } else { "" };
        let better = match self.higher_is_better {
            Some(true) => "higher is better",
            Some(false) => "lower is better",
            None => "",
        };
        let parts = [clean(&self.title), log.to_owned(), better.to_owned()];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    }
}

/// Names that stand under the chart.
#[derive(Debug, Clone, Default)]
pub(super) struct Listing {
    /// For each number in the picture, from 1 on.
    pub(super) numbered: Vec<String>,
    /// Of points without room even for a number, with their values.
    pub(super) apart: Vec<String>,
}

impl Listing {
    fn entries(&self) -> Vec<(String, &String)> {
        let numbered = self.numbered.iter().enumerate();
        let numbered = numbered.map(|(index, name)| ((index + 1).to_string(), name));
        let apart = self.apart.iter().map(|name| ("·".to_owned(), name));
        numbered.chain(apart).collect()
    }

    /// Writes the names in columns under the caption, for which the frame grows.
    pub(super) fn write(&self, frame: &mut Frame, look: &Look, fonts: &Fonts) {
        let entries = self.entries();
        if entries.is_empty() {
            return;
        }
        let (style, marks) = (Style::regular(look.caption), Style::bold(look.caption));
        let room = frame.width - 2.0 * look.edge;
        let wide = |text: &str, style| fonts.width(text, style);
        let indent = entries.iter().map(|(mark, _)| wide(mark, marks));
        let indent = indent.fold(0.0, f64::max) + 6.0;
        let name = entries.iter().map(|(_, name)| wide(name, style));
        let name = name.fold(0.0, f64::max).min(room - indent);
        let step = indent + name + look.edge;
        let columns = ((room + look.edge) / step).floor().max(1.0);
        let rows = (entries.len() as f64 / columns).ceil().max(1.0);
        let (top, leading) = (frame.height - look.edge * 0.2, look.caption * LEADING);
        let (mut x, mut row) = (look.edge, 0.0);
        for (mark, text) in entries {
            let y = top + leading * row + look.caption;
            let mut line = |text: String, x, anchor, style, colour| {
                frame.lines.push(Line {
                    text,
                    at: (x, y),
                    anchor,
                    style,
                    colour,
                });
            };
            line(mark, x + indent - 6.0, Anchor::End, marks, look.palette.ink);
            let text = fonts.fit(text, style, name);
            line(text, x + indent, Anchor::Start, style, look.palette.quiet);
            row += 1.0;
            if row >= rows {
                (x, row) = (x + step, 0.0);
            }
        }
        frame.height = (top + leading * rows + look.edge * 0.8).ceil();
    }
}
