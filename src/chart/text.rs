//! Text as the picture will show it: cleaned, measured with the embedded font, wrapped and shortened.
//! The same font file draws the PNG, so a measured box is the drawn box.

use std::cell::RefCell;
use std::collections::HashMap;

use ab_glyph::{Font as _, FontRef, GlyphId};

use super::ChartError;

/// Written into the SVG; the first family is the embedded one, the others have close widths.
pub(super) const FAMILY: &str = "DejaVu Sans, Helvetica, Arial, sans-serif";
/// Stands where the font has no glyph. The reader sees that something is missing, and the note says what.
pub(super) const MISSING: char = '□';
/// Cap height of DejaVu Sans in em (OS/2 `sCapHeight` 1493 of 2048).
pub(super) const CAP_HEIGHT: f64 = 0.729;
/// Line distance in em.
pub(super) const LEADING: f64 = 1.3;
/// Longer texts are cut in the middle before anything is measured.
const LONGEST: usize = 200;

/// Regular or bold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Size and weight of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    pub(super) size: f64,
    pub(super) weight: Weight,
}

impl Style {
    pub(super) fn regular(size: f64) -> Self {
        Self {
            size,
            weight: Weight::Regular,
        }
    }

    pub(super) fn bold(size: f64) -> Self {
        Self {
            size,
            weight: Weight::Bold,
        }
    }
}

/// Extents in pixels around the origin on the baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extent {
    /// Ink left of the origin.
    pub(super) before: f64,
    /// Pen advance or ink right of the origin, whichever is larger.
    pub(super) width: f64,
    /// Ink above the baseline, at least the cap height.
    pub(super) above: f64,
    /// Ink below the baseline.
    pub(super) below: f64,
}

/// The two embedded faces.
pub(super) struct Fonts {
    regular: Face,
    bold: Face,
}

/// One face, which remembers the glyphs it has measured: the outlines are what costs.
struct Face {
    font: FontRef<'static>,
    glyphs: RefCell<HashMap<char, Glyph>>,
}

/// Extents in font units.
#[derive(Debug, Clone, Copy)]
struct Glyph {
    id: GlyphId,
    advance: f64,
    ink: Option<Ink>,
}

#[derive(Debug, Clone, Copy)]
struct Ink {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Face {
    fn read(bytes: &'static [u8], name: &'static str) -> Result<Self, ChartError> {
        let font = FontRef::try_from_slice(bytes).map_err(|_| ChartError::Font(name))?;
        Ok(Self {
            font,
            glyphs: RefCell::default(),
        })
    }

    fn glyph(&self, c: char) -> Glyph {
        *self.glyphs.borrow_mut().entry(c).or_insert_with(|| {
            let id = self.font.glyph_id(c);
            // The box of an outline is in the font's own direction, y upwards.
            let ink = self
                .font
                .outline(id)
                .map(|outline| outline.bounds)
                .map(|bounds| Ink {
                    left: f64::from(bounds.min.x.min(bounds.max.x)),
                    right: f64::from(bounds.min.x.max(bounds.max.x)),
                    top: f64::from(bounds.min.y.max(bounds.max.y)),
                    bottom: f64::from(bounds.min.y.min(bounds.max.y)),
                });
            Glyph {
                id,
                advance: f64::from(self.font.h_advance_unscaled(id)),
                ink,
            }
        })
    }

    fn has(&self, c: char) -> bool {
        self.font.glyph_id(c).0 != 0
    }
}

impl Fonts {
    pub(super) fn embedded() -> Result<Self, ChartError> {
        Ok(Self {
            regular: Face::read(dejavu::sans::regular(), "DejaVu Sans")?,
            bold: Face::read(dejavu::sans::bold(), "DejaVu Sans Bold")?,
        })
    }

    fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// Exact extents, kerning included. The joined forms of cursive scripts are not those measured here: a text with one
    /// gets the height of the whole font and a tenth of an em more on each side.
    pub(super) fn extent(&self, text: &str, style: Style) -> Extent {
        let face = self.face(style.weight);
        let em = style.size / f64::from(face.font.units_per_em().unwrap_or(2048.0));
        let (mut pen, mut left, mut right) = (0.0_f64, 0.0_f64, 0.0_f64);
        let (mut above, mut below) = (0.0_f64, 0.0_f64);
        let mut previous = None;
        for glyph in text.chars().map(|c| face.glyph(c)) {
            if let Some(before) = previous.replace(glyph.id) {
                pen += f64::from(face.font.kern_unscaled(before, glyph.id));
            }
            if let Some(ink) = glyph.ink {
                left = left.min(pen + ink.left);
                right = right.max(pen + ink.right);
                above = above.max(ink.top);
                below = below.max(-ink.bottom);
            }
            pen += glyph.advance;
        }
        let exact = Extent {
            before: -left * em,
            width: pen.max(right) * em,
            above: (above * em).max(CAP_HEIGHT * style.size),
            below: below * em,
        };
        if !text.chars().any(joins) {
            return exact;
        }
        let font = (face.font.ascent_unscaled(), face.font.descent_unscaled());
        Extent {
            before: exact.before + style.size / 10.0,
            width: exact.width + style.size / 10.0,
            above: exact.above.max(f64::from(font.0) * em),
            below: exact.below.max(-f64::from(font.1) * em),
        }
    }

    pub(super) fn width(&self, text: &str, style: Style) -> f64 {
        self.extent(text, style).width
    }

    /// What can be drawn of `raw`, and the characters for which a box stands.
    pub(super) fn drawable(&self, raw: &str) -> (String, Vec<char>) {
        let mut missing = Vec::new();
        let has = |c| self.regular.has(c) && self.bold.has(c);
        let text = shorten(&clean(raw), LONGEST)
            .chars()
            .map(|c| {
                if has(c) {
                    return c;
                }
                missing.push(c);
                MISSING
            })
            .collect();
        (text, missing)
    }

    /// A note for each text with characters for which a box stands.
    pub(super) fn report<'a>(
        &self,
        texts: impl Iterator<Item = &'a String>,
        notes: &mut Vec<String>,
    ) {
        let mut told = std::collections::BTreeSet::new();
        for text in texts {
            let lost = self.drawable(text).1;
            if lost.is_empty() || !told.insert(text) {
                continue;
            }
            let lost: String = lost.into_iter().collect();
            notes.push(format!(
                "`{}`: the font has no glyph for `{lost}`; a box stands for each",
                clean(text)
            ));
        }
    }

    /// The text itself if it is at most `room` wide, else both ends of it around an ellipsis.
    pub(super) fn fit(&self, text: &str, style: Style, room: f64) -> String {
        if self.width(text, style) <= room {
            return text.to_owned();
        }
        let (mut few, mut many) = (0, text.chars().count());
        while few + 1 < many {
            let middle = usize::midpoint(few, many);
            if self.width(&shorten(text, middle), style) <= room {
                few = middle
            } else {
                many = middle
            }
        }
        shorten(text, few)
    }

    /// Lines of at most `room` pixels, broken at spaces; the last of `lines` takes the rest, shortened.
    pub(super) fn wrap(&self, text: &str, style: Style, room: f64, lines: usize) -> Vec<String> {
        let mut done: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in words(text) {
            let longer = if line.is_empty() {
                word.clone()
            } else {
                format!("{line} {word}")
            };
            if line.is_empty() || done.len() + 1 >= lines || self.width(&longer, style) <= room {
                line = longer;
            } else {
                done.push(std::mem::replace(&mut line, word));
            }
        }
        done.push(line);
        done.retain(|line| !line.is_empty());
        done.iter()
            .map(|line| self.fit(line, style, room))
            .collect()
    }
}

/// What a line is broken between: words, and whole equations such as `n = 7`.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match words.last_mut() {
            Some(last) if word == "=" || last.ends_with(" =") => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// Without what XML forbids or nobody can see; any run of white space is one space.
///
/// XML 1.0 section 2.2 allows no control character but tab and line ends, and no U+FFFE or U+FFFF.
pub(super) fn clean(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let spaced = |c: char| {
        if matches!(c, '\t' | '\n' | '\r') {
            ' '
        } else {
            c
        }
    };
    for c in raw.chars().map(spaced).filter(|&c| !invisible(c)) {
        if c != ' ' || !(text.is_empty() || text.ends_with(' ')) {
            text.push(c);
        }
    }
    text.truncate(text.trim_end_matches(' ').len());
    text
}

/// Controls, joiners, bidirectional marks and variation selectors (Unicode `Default_Ignorable_Code_Point`, common part).
fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        )
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}')
        || matches!(
            c,
            '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Letters of cursive scripts: Arabic, Syriac, Thaana and N'Ko, with their extensions and presentation forms.
fn joins(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// At most `longest` characters, the middle replaced by an ellipsis.
pub(super) fn shorten(text: &str, longest: usize) -> String {
    let count = text.chars().count();
    if count <= longest {
        return text.to_owned();
    }
    let kept = longest.saturating_sub(1);
    let head: String = text.chars().take(kept.div_ceil(2)).collect();
    let tail: String = text.chars().skip(count - kept / 2).collect();
    format!("{}…{}", head.trim_end(), tail.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fonts() -> Fonts {
        Fonts::embedded().unwrap()
    }

    #[test]
    fn widths_are_the_advances_of_the_font_with_kerning() {
        // DejaVu Sans, 2048 units per em: `A` 1401, `V` 1401, kern pair A V -131 (tables hmtx and kern).
        let style = Style::regular(2048.0);
        assert_eq!(fonts().width("A", style), 1401.0);
        assert_eq!(fonts().width("AV", style), 2802.0 - 131.0);
        assert_eq!(fonts().width("", style), 0.0);
    }

    #[test]
    fn a_descender_reaches_below_and_a_capital_does_not() {
        let style = Style::regular(100.0);
        assert!(fonts().extent("g", style).below > 20.0);
        assert_eq!(fonts().extent("H", style).below, 0.0);
        assert!(fonts().extent("Å", style).above > CAP_HEIGHT * 100.0);
    }

    #[test]
    fn names_of_the_field_have_all_their_glyphs() {
        assert_eq!(
            fonts().drawable("Memory³-2B – 4×10⁻⁵ µs"),
            ("Memory³-2B – 4×10⁻⁵ µs".to_owned(), vec![])
        );
    }

    #[test]
    fn a_box_stands_for_each_glyph_the_font_lacks() {
        assert_eq!(
            fonts().drawable("通义-7B"),
            ("□□-7B".to_owned(), vec!['通', '义'])
        );
    }

    #[test]
    fn drops_what_xml_forbids_and_what_nobody_sees() {
        assert_eq!(clean("\u{0}a\u{1b}[0m\t b\u{200b}\n\n\u{fffe} "), "a[0m b");
    }

    #[test]
    fn shortens_in_the_middle() {
        let style = Style::regular(10.0);
        let name = "organisation/A-Very-Long-Model-Name-Chat-v0.3";
        let short = fonts().fit(name, style, 120.0);
        assert!(fonts().width(&short, style) <= 120.0);
        assert!(
            short.starts_with("organis") && short.contains('…') && short.ends_with("t-v0.3"),
            "{short}"
        );
        assert_eq!(fonts().drawable(&"x".repeat(1000)).0.chars().count(), 200);
    }

    #[test]
    fn wraps_at_spaces_and_shortens_the_last_line() {
        let lines = fonts().wrap(
            "one two three four five six seven eight",
            Style::regular(10.0),
            70.0,
            2,
        );
        assert_eq!(lines, ["one two three", "four fi…eight"]);
        let equation = fonts().wrap("r = 0.05, p = 0.91", Style::regular(10.0), 70.0, 2);
        assert_eq!(equation, ["r = 0.05,", "p = 0.91"]);
        assert_eq!(
            fonts().wrap("", Style::regular(10.0), 70.0, 2),
            Vec::<String>::new()
        );
    }
}
