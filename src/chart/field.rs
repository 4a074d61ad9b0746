//! Everything inside one pair of axes of a scatter: marks and the names beside them.

use super::ChartError;
use super::canvas::{Line, Picture};
use super::figure::Scatter;
use super::geometry::Rect;
use super::labels::Placed;
use super::layout::Listing;
use super::look::Look;
use super::marker::Encoding;
use super::marks::Marks;
use super::names::{Names, named};
use super::plot::Plot;
use super::text::Fonts;

/// One plot with its points and its labels.
pub(super) struct Field<'a> {
    plot: Plot,
    marks: Marks<'a>,
    lines: Vec<Line>,
    places: Vec<Placed>,
}

impl<'a> Field<'a> {
    /// Places the names; what finds no place goes to `listing`, what the reader should know to `notes`.
    pub(super) fn lay(
        chart: &'a Scatter,
        encoding: &Encoding,
        plot: Plot,
        (look, fonts): (&Look, &Fonts),
        listing: &mut Listing,
        notes: &mut Vec<String>,
    ) -> Self {
        let named = named(chart, notes);
        let marks = Marks::of(chart, encoding, &plot, look);
        if chart.frontier && marks.stairs.is_none() {
            notes.push(
                "no frontier line: no point is on it, or an axis has no known direction".to_owned(),
            );
        }
        let obstacles = marks.obstacles(&plot, look);
        let names = Names {
            fonts,
            look,
            plot: &plot,
            markers: &marks.markers,
            obstacles: &obstacles,
            better: (chart.x.higher_is_better, chart.y.higher_is_better),
        };
        let (lines, places) = names.place(&named, listing, notes);
        Self {
            plot,
            marks,
            lines,
            places,
        }
    }

    pub(super) fn draw(&self, picture: &mut Picture, look: &Look) -> Result<(), ChartError> {
        picture.layer(|page| {
            self.plot.draw(page, look)?;
            // The grid stops short of a label.
            self.places.iter().try_for_each(|place| {
                let Rect {
                    left,
                    top,
                    right,
                    bottom,
                } = place.bounds;
                let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
                page.patch(&corners, look.palette.paper)
            })
        })?;
        self.marks.draw(picture, &self.plot, look)?;
        picture.layer(|page| {
            let mut leaders = self.places.iter().filter_map(|place| place.leader);
            leaders
                .try_for_each(|line| page.segment(line.from, line.to, 0.75, look.palette.leader))?;
            self.lines.iter().try_for_each(|line| page.text(line))
        })
    }
}
