//! Colours, light and dark. The hues are Okabe and Ito's (Okabe & Ito 2008, "Color Universal Design"). Every text has a
//! contrast of 4.5:1 with the paper at least, every mark 3:1 (WCAG 2.1, 1.4.3 and 1.4.11), and shape repeats what colour says.

use super::paper::Theme;

/// Red, green, blue, opacity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Colour(pub(super) u8, pub(super) u8, pub(super) u8, pub(super) f64);

impl Colour {
    /// Half of each.
    pub(super) fn mixed(self, with: Self) -> Self {
        Self(
            self.0.midpoint(with.0),
            self.1.midpoint(with.1),
            self.2.midpoint(with.2),
            f64::midpoint(self.3, with.3),
        )
    }
}

/// One hue: inside a marker, and as a line on the paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hue {
    pub(super) fill: Colour,
    pub(super) line: Colour,
}

/// How many groups have a hue of their own.
pub(super) const HUES: usize = 8;

/// All colours of a picture.
#[derive(Debug, PartialEq)]
pub(super) struct Palette {
    pub(super) paper: Colour,
    pub(super) ink: Colour,
    pub(super) quiet: Colour,
    pub(super) grid: Colour,
    pub(super) baseline: Colour,
    pub(super) frontier: Colour,
    /// Opaque: a translucent line costs the PNG renderer a layer of its own.
    pub(super) stair: Colour,
    pub(super) stair_end: Colour,
    pub(super) dominated: Colour,
    pub(super) highlight: Colour,
    pub(super) fit: Colour,
    pub(super) band: Colour,
    pub(super) leader: Colour,
    /// A bar, which is large and therefore pale.
    pub(super) bar: Colour,
    /// A bar to be found.
    pub(super) strong_bar: Colour,
    pub(super) groups: [Hue; HUES],
}

impl Palette {
    pub(super) fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }
}

const fn solid(red: u8, green: u8, blue: u8) -> Colour {
    Colour(red, green, blue, 1.0)
}

const fn same(colour: Colour) -> Hue {
    Hue {
        fill: colour,
        line: colour,
    }
}

const BLUE: Colour = solid(0, 114, 178);
const VERMILION: Colour = solid(213, 94, 0);
const GREEN: Colour = solid(0, 158, 115);
const PURPLE: Colour = solid(204, 121, 167);
const ORANGE: Colour = solid(230, 159, 0);
const SKY: Colour = solid(86, 180, 233);
const YELLOW: Colour = solid(240, 228, 66);
const INK: Colour = solid(26, 26, 26);
const PALE_INK: Colour = solid(236, 238, 240);

static LIGHT: Palette = Palette {
    paper: solid(255, 255, 255),
    ink: INK,
    quiet: solid(95, 99, 104),
    grid: solid(236, 238, 240),
    baseline: solid(120, 125, 130),
    frontier: BLUE,
    stair: solid(115, 177, 213),
    stair_end: solid(184, 216, 233),
    dominated: solid(128, 134, 139),
    highlight: VERMILION,
    fit: solid(85, 89, 93),
    band: Colour(70, 74, 78, 0.09),
    leader: solid(150, 155, 160),
    bar: solid(196, 214, 227),
    strong_bar: solid(240, 190, 150),
    groups: [
        same(BLUE),
        same(VERMILION),
        same(GREEN),
        same(PURPLE),
        Hue {
            fill: ORANGE,
            line: solid(178, 120, 0),
        },
        Hue {
            fill: SKY,
            line: solid(44, 138, 190),
        },
        Hue {
            fill: YELLOW,
            line: solid(148, 138, 16),
        },
        same(INK),
    ],
};

static DARK: Palette = Palette {
    paper: solid(22, 24, 27),
    ink: PALE_INK,
    quiet: solid(170, 175, 181),
    grid: solid(44, 48, 53),
    baseline: solid(122, 128, 135),
    frontier: SKY,
    stair: solid(52, 112, 147),
    stair_end: solid(38, 70, 90),
    dominated: solid(142, 148, 155),
    highlight: ORANGE,
    fit: solid(182, 187, 193),
    band: Colour(205, 210, 216, 0.11),
    leader: solid(112, 118, 125),
    bar: solid(45, 74, 94),
    strong_bar: solid(112, 79, 10),
    groups: [
        Hue {
            fill: solid(51, 143, 200),
            line: solid(51, 143, 200),
        },
        same(VERMILION),
        same(GREEN),
        same(PURPLE),
        same(ORANGE),
        same(SKY),
        same(YELLOW),
        same(PALE_INK),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.1).
    fn luminance(colour: Colour) -> f64 {
        let part = |value: u8| {
            let share = f64::from(value) / 255.0;
            if share <= 0.040_45 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(colour.0) + 0.7152 * part(colour.1) + 0.0722 * part(colour.2)
    }

    fn contrast(one: Colour, other: Colour) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn every_text_is_readable_on_the_paper() {
        // Black on white is 21:1 by definition.
        let (black, white) = (solid(0, 0, 0), solid(255, 255, 255));
        assert!((contrast(black, white) - 21.0).abs() < 1e-9);
        for palette in [&LIGHT, &DARK] {
            for colour in [palette.ink, palette.quiet] {
                let got = contrast(colour, palette.paper);
                assert!(got >= 4.5, "{colour:?}: {got}");
            }
        }
    }

    #[test]
    fn every_mark_stands_out_from_the_paper() {
        for palette in [&LIGHT, &DARK] {
            let hues = palette.groups.iter().map(|hue| hue.line);
            let marks = [
                palette.frontier,
                palette.dominated,
                palette.highlight,
                palette.fit,
                palette.baseline,
            ];
            for colour in hues.chain(marks) {
                let got = contrast(colour, palette.paper);
                assert!(got >= 3.0, "{colour:?}: {got}");
            }
        }
    }

    #[test]
    fn the_hues_differ() {
        for palette in [&LIGHT, &DARK] {
            for (index, hue) in palette.groups.iter().enumerate() {
                assert!(!palette.groups.iter().skip(index + 1).any(|h| h == hue));
            }
        }
    }
}
