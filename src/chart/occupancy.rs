//! One bit for each pixel of the plot: taken or free. What labels must not touch is painted in before they are placed;
//! the idea is vega-label's (Kittivorawong et al. 2020, "Fast and Flexible Overlap Detection for Chart Labeling with Occupancy Bitmap").

use std::ops::Range;

use super::geometry::{Rect, Segment, Spot};

/// A bitmap over the plot area. Every shape takes each pixel it touches, so a free pixel is free.
#[derive(Debug, Clone)]
pub(super) struct Occupancy {
    area: Rect,
    words: Vec<u64>,
    row: usize,
    columns: usize,
    rows: usize,
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the bitmap first"
)]
impl Occupancy {
    pub(super) fn new(area: Rect) -> Self {
        let (columns, rows) = (
            area.width().max(0.0).ceil() as usize,
            area.height().max(0.0).ceil() as usize,
        );
        let row = columns.div_ceil(64);
        Self {
            area,
            words: vec![0; row * rows],
            row,
            columns,
            rows,
        }
    }

    pub(super) fn rect(&mut self, shape: &Rect) {
        let (columns, rows) = self.cells(shape);
        for row in rows {
            let line = self
                .words
                .get_mut(words(row * self.row, &columns))
                .unwrap_or_default();
            for (word, mask) in line.iter_mut().zip(masks(&columns)) {
                *word |= mask;
            }
        }
    }

    pub(super) fn disc(&mut self, centre: Spot, radius: f64) {
        let mut y = (centre.1 - radius).floor();
        while y < centre.1 + radius {
            let off = (y - centre.1).max(centre.1 - y - 1.0).max(0.0);
            let half = (radius * radius - off * off).max(0.0).sqrt();
            self.rect(&Rect {
                left: centre.0 - half,
                right: centre.0 + half,
                top: y + 0.01,
                bottom: y + 0.99,
            });
            y += 1.0;
        }
    }

    pub(super) fn stroke(&mut self, line: &Segment, width: f64) {
        let steps = line.length().ceil().clamp(1.0, 1e5) as usize;
        for step in 0..=steps {
            self.rect(&Rect::around(
                line.at(step as f64 / steps as f64),
                width / 2.0,
                width / 2.0,
            ));
        }
    }

    /// Inside the plot and on free pixels only.
    pub(super) fn is_free(&self, shape: &Rect) -> bool {
        let inside = shape.left >= self.area.left
            && shape.right <= self.area.right
            && shape.top >= self.area.top
            && shape.bottom <= self.area.bottom;
        if !inside {
            return false;
        }
        let (columns, mut rows) = self.cells(shape);
        rows.all(|row| {
            let line = self
                .words
                .get(words(row * self.row, &columns))
                .unwrap_or_default();
            line.iter()
                .zip(masks(&columns))
                .all(|(word, mask)| word & mask == 0)
        })
    }

    /// The pixel under `spot` is inside the plot and free.
    pub(super) fn is_free_at(&self, spot: Spot) -> bool {
        let (x, y) = (spot.0 - self.area.left, spot.1 - self.area.top);
        let inside = x >= 0.0 && y >= 0.0 && x < self.columns as f64 && y < self.rows as f64;
        let (column, row) = (x as usize, y as usize);
        let word = self.words.get(row * self.row + column / 64);
        inside && word.is_some_and(|bits| bits >> (column % 64) & 1 == 0)
    }

    fn cells(&self, shape: &Rect) -> (Range<usize>, Range<usize>) {
        // Truncating is rounding down here; it is much cheaper than the general functions.
        let cell = |from: f64, to: f64, count: usize| {
            let end = to.max(0.0) as usize;
            let end = end.saturating_add(usize::from(to > end as f64));
            (from.max(0.0) as usize).min(count)..end.min(count)
        };
        let (x, y) = (self.area.left, self.area.top);
        let columns = cell(shape.left - x, shape.right - x, self.columns);
        (columns, cell(shape.top - y, shape.bottom - y, self.rows))
    }
}

/// The words that hold `columns` in the bitmap row which starts at word `row`.
fn words(row: usize, columns: &Range<usize>) -> Range<usize> {
    if columns.is_empty() {
        row..row
    } else {
        row + columns.start / 64..row + columns.end.div_ceil(64)
    }
}

/// For each of those words the bits meant.
fn masks(columns: &Range<usize>) -> impl Iterator<Item = u64> {
    let (first, last) = (columns.start / 64, columns.end.saturating_sub(1) / 64);
    let (head, tail) = (
        u64::MAX << (columns.start % 64),
        u64::MAX >> (63 - columns.end.saturating_sub(1) % 64),
    );
    (first..=last).map(move |word| {
        (if word == first { head } else { u64::MAX }) & (if word == last { tail } else { u64::MAX })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot() -> Occupancy {
        Occupancy::new(Rect {
            left: 100.0,
            top: 50.0,
            right: 400.0,
            bottom: 250.0,
        })
    }

    fn dot(x: f64, y: f64) -> Rect {
        Rect::around((x, y), 0.4, 0.4)
    }

    #[test]
    fn what_leaves_the_plot_is_not_free() {
        assert!(plot().is_free(&Rect {
            left: 100.0,
            top: 50.0,
            right: 400.0,
            bottom: 250.0
        }));
        assert!(!plot().is_free(&Rect {
            left: 99.9,
            top: 60.0,
            right: 120.0,
            bottom: 70.0
        }));
        assert!(!plot().is_free(&dot(200.0, 250.0)));
    }

    #[test]
    fn a_rectangle_takes_every_pixel_it_touches_across_words() {
        let mut bits = plot();
        bits.rect(&Rect {
            left: 150.2,
            top: 60.0,
            right: 300.1,
            bottom: 61.0,
        });
        assert!(
            !bits.is_free(&dot(150.5, 60.5))
                && !bits.is_free(&dot(300.5, 60.5))
                && !bits.is_free(&dot(228.5, 60.5))
        );
        assert!(
            bits.is_free(&dot(149.5, 60.5))
                && bits.is_free(&dot(301.5, 60.5))
                && bits.is_free(&dot(200.5, 61.5))
        );
    }

    #[test]
    fn a_disc_is_round() {
        let mut bits = plot();
        bits.disc((200.0, 100.0), 10.0);
        assert!(!bits.is_free(&dot(200.5, 90.5)) && !bits.is_free(&dot(206.5, 106.5)));
        assert!(bits.is_free(&dot(208.5, 108.5)) && bits.is_free(&dot(200.5, 111.5)));
    }

    #[test]
    fn a_slanted_stroke_has_no_holes() {
        let mut bits = plot();
        let line = Segment {
            from: (110.0, 60.0),
            to: (390.0, 240.0),
        };
        bits.stroke(&line, 1.0);
        assert!((0..=1000).all(|step| {
            let (x, y) = line.at(f64::from(step) / 1000.0);
            !bits.is_free(&Rect::around((x, y), 0.5, 0.5))
        }));
    }
}
