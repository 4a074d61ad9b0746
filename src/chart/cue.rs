//! The word that says which corner is better, with an arrow towards it.

use super::canvas::{Anchor, Line};
use super::geometry::Rect;
use super::labels::Placed;
use super::names::Names;
use super::text::Style;
use super::ticks::Ticks;

/// Free space around the word.
const CLEAR: f64 = 4.0;
/// Edge of the plot to the word, and the steps in which places are tried.
const STEP: f64 = 6.0;
/// The word stays within these shares of the plot's width and height: farther from its corner it would mislead.
const NEAR: (f64, f64) = (0.45, 0.3);

/// The word as near to its corner as it touches nothing, off the grid if that is possible; none where the corner is full.
pub(super) fn cue(names: &Names, done: &[Placed]) -> Option<(Line, Placed)> {
    let (text, right, top) = corner(names.better)?;
    let style = Style::regular(names.look.tick);
    let extent = names.fonts.extent(text, style);
    let (width, height) = (extent.width + extent.before, extent.above + extent.below);
    let plot = names.plot.area.grown(-STEP);
    let spot = |(across, down): (u32, u32)| {
        let (dx, dy) = (f64::from(across) * STEP, f64::from(down) * STEP);
        let left = if right {
            plot.right - width - dx
        } else {
            plot.left + dx
        };
        let top = if top {
            plot.top + dy
        } else {
            plot.bottom - height - dy
        };
        Rect {
            left,
            top,
            right: left + width,
            bottom: top + height,
        }
    };
    let near = |&(across, down): &(u32, u32)| {
        f64::from(across) * STEP + width <= NEAR.0 * plot.width()
            && f64::from(down) * STEP + height <= NEAR.1 * plot.height()
    };
    // Diagonal by diagonal away from the corner.
    let spots = || {
        let diagonals = (0..80).flat_map(|sum| (0..=sum).map(move |down| (sum - down, down)));
        diagonals.filter(near).map(spot)
    };
    let free = |bounds: &Rect| is_free(names, done, &bounds.grown(CLEAR));
    let bounds = spots()
        .find(|bounds| free(bounds) && !on_grid(names, &bounds.grown(CLEAR)))
        .or_else(|| spots().find(free))?;
    let at = (bounds.left + extent.before, bounds.top + extent.above);
    let line = Line {
        text: text.to_owned(),
        at,
        anchor: Anchor::Start,
        style,
        colour: names.look.palette.quiet,
    };
    Some((line, Placed::alone(bounds, at)))
}

/// The word, and whether its corner is at the right and at the top.
fn corner(better: (Option<bool>, Option<bool>)) -> Option<(&'static str, bool, bool)> {
    Some(match better {
        (Some(true), Some(true)) => ("better ↗", true, true),
        (Some(true), Some(false)) => ("better ↘", true, false),
        (Some(false), Some(true)) => ("↖ better", false, true),
        (Some(false), Some(false)) => ("↙ better", false, false),
        (Some(true), None) => ("better →", true, true),
        (Some(false), None) => ("← better", false, true),
        (None, Some(true)) => ("better ↑", true, true),
        (None, Some(false)) => ("better ↓", true, false),
        (None, None) => return None,
    })
}

fn is_free(names: &Names, done: &[Placed], bounds: &Rect) -> bool {
    let touches = |place: &Placed| {
        place.bounds.meets(bounds) || place.leader.is_some_and(|line| line.meets(bounds))
    };
    names.obstacles.solid.is_free(bounds) && !done.iter().any(touches)
}

fn on_grid(names: &Names, bounds: &Rect) -> bool {
    let values = |ticks: &Ticks| -> Vec<f64> { ticks.major.iter().map(|t| t.value).collect() };
    let plot = names.plot;
    let (columns, rows) = (values(&plot.x_ticks), values(&plot.y_ticks));
    let mut columns = columns.iter().map(|x| plot.across(*x));
    let mut rows = rows.iter().map(|y| plot.upward(*y));
    columns.any(|x| (bounds.left..bounds.right).contains(&x))
        || rows.any(|y| (bounds.top..bounds.bottom).contains(&y))
}
