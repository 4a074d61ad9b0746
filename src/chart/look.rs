//! Sizes at 100 %, by the size of the image and the number of points, and the palette that goes with them.

use super::palette::Palette;
use super::paper::Paper;

/// How large everything is, in pixels, and its colours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    pub(super) palette: &'static Palette,
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

impl Look {
    /// Sizes for an image, which grow slower than the image, and for `count` points.
    pub(super) fn on(paper: Paper, count: usize) -> Self {
        let size = paper.size;
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
            palette: Palette::of(paper.theme),
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

    /// For panels: everything inside the axes is smaller.
    pub(super) fn small(self) -> Self {
        Self {
            tick: (self.tick * 0.9).max(SMALLEST),
            label: (self.label * 0.85).max(SMALLEST),
            dot: self.dot * 0.8,
            strong_dot: self.strong_dot * 0.8,
            line: self.line * 0.85,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Size;
    use super::*;

    #[test]
    fn no_text_is_smaller_than_nine_pixels() {
        for side in [200, 400, 900, 8000] {
            let look = Look::on(Size::new(side, side).unwrap().into(), 7);
            let smallest = look
                .caption
                .min(look.tick)
                .min(look.label)
                .min(look.axis)
                .min(look.subtitle);
            assert!(smallest >= 9.0, "{side}: {smallest}");
        }
    }
}
