//! Colours and sizes. Okabe and Ito's blue and vermilion (Okabe & Ito 2008, "Color Universal Design") on white;
//! every text colour has a contrast of 4.5:1 at least (WCAG 2.1, 1.4.3), and shape repeats what colour says.

use super::Size;

/// Red, green, blue, opacity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Colour(pub(super) u8, pub(super) u8, pub(super) u8, pub(super) f64);

pub(super) const PAPER: Colour = Colour(255, 255, 255, 1.0);
pub(super) const INK: Colour = Colour(26, 26, 26, 1.0);
pub(super) const QUIET: Colour = Colour(95, 99, 104, 1.0);
pub(super) const GRID: Colour = Colour(236, 238, 240, 1.0);
pub(super) const BASELINE: Colour = Colour(120, 125, 130, 1.0);
pub(super) const FRONTIER: Colour = Colour(0, 114, 178, 1.0);
/// Opaque: a translucent line costs the PNG renderer a layer of its own.
pub(super) const STAIR: Colour = Colour(115, 177, 213, 1.0);
pub(super) const STAIR_END: Colour = Colour(184, 216, 233, 1.0);
pub(super) const DOMINATED: Colour = Colour(128, 134, 139, 1.0);
pub(super) const HIGHLIGHT: Colour = Colour(213, 94, 0, 1.0);
pub(super) const FIT: Colour = Colour(85, 89, 93, 1.0);
pub(super) const BAND: Colour = Colour(70, 74, 78, 0.09);
pub(super) const LEADER: Colour = Colour(150, 155, 160, 1.0);

/// Sizes in pixels at 100 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Theme {
    pub(super) title: f64,
    pub(super) subtitle: f64,
    pub(super) axis: f64,
    pub(super) tick: f64,
    pub(super) label: f64,
    pub(super) caption: f64,
    /// Free space at the edges of the image.
    pub(super) edge: f64,
    /// Radius of a plain marker; frontier and highlighted markers never shrink.
    pub(super) dot: f64,
    pub(super) strong_dot: f64,
    /// Width of the main lines.
    pub(super) line: f64,
}

/// More points than this get smaller labels.
const CROWD: usize = 60;
/// No text is smaller.
const SMALLEST: f64 = 9.0;

impl Theme {
    /// Sizes for an image, which grow slower than the image, and for `count` points.
    pub(super) fn for_image(size: Size, count: usize) -> Self {
        let share = (f64::from(size.width()) / 900.0).min(f64::from(size.height()) / 600.0);
        let factor = share.powf(0.4).clamp(0.78, 2.5);
        let text = |size: f64| ((size * factor * 4.0).round() / 4.0).max(SMALLEST);
        let crowded = if count <= CROWD {
            1.0
        } else if count <= 300 {
            0.8
        } else if count <= 2000 {
            0.55
        } else {
            0.4
        };
        Self {
            title: text(18.0),
            subtitle: text(12.5),
            axis: text(11.5),
            tick: text(11.0),
            label: text(if count > CROWD { 10.0 } else { 12.0 }),
            caption: text(10.0),
            edge: (14.0 * factor).round(),
            dot: 4.5 * factor * crowded,
            strong_dot: 5.0 * factor * crowded.max(0.8),
            line: 1.6 * factor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast with white by WCAG 2.1's relative luminance.
    fn contrast(colour: Colour) -> f64 {
        let part = |value: u8| {
            let share = f64::from(value) / 255.0;
            if share <= 0.040_45 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        1.05 / (0.2126 * part(colour.0) + 0.7152 * part(colour.1) + 0.0722 * part(colour.2) + 0.05)
    }

    #[test]
    fn every_text_colour_is_readable_on_paper() {
        // Black on white is 21:1 by definition.
        assert!((contrast(Colour(0, 0, 0, 1.0)) - 21.0).abs() < 1e-9);
        for colour in [INK, QUIET, FRONTIER] {
            assert!(contrast(colour) >= 4.5, "{colour:?}: {}", contrast(colour));
        }
    }

    #[test]
    fn no_text_is_smaller_than_nine_pixels() {
        for side in [200, 400, 900, 8000] {
            let theme = Theme::for_image(Size::new(side, side).unwrap(), 7);
            let smallest = theme
                .caption
                .min(theme.tick)
                .min(theme.label)
                .min(theme.axis)
                .min(theme.subtitle);
            assert!(smallest >= 9.0, "{side}: {smallest}");
        }
    }
}
