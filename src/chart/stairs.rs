//! The frontier as a line.

use super::axis::Scale;
use super::figure::Scatter;
use super::geometry::Spot;
use super::palette::{Colour, Palette};

/// The frontier in data coordinates: lightly from the edge, through the corners, lightly to the edge.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stairs {
    before: [Spot; 2],
    through: Vec<Spot>,
    after: [Spot; 2],
}

impl Stairs {
    /// The attained staircase: at each x the best y reached by a point at least that good in x.
    /// `None` without a flagged point or where a direction is not known.
    pub(super) fn of(chart: &Scatter, x: &Scale, y: &Scale) -> Option<Self> {
        let (rightward, upward) = (chart.x.higher_is_better?, chart.y.higher_is_better?);
        let good = |higher: bool, value: f64| if higher { value } else { -value };
        let mut flagged: Vec<Spot> = chart
            .points
            .iter()
            .filter(|p| p.on_frontier)
            .map(|p| (p.x, p.y))
            .collect();
        flagged.sort_by(|a, b| {
            let by_x = good(rightward, b.0).total_cmp(&good(rightward, a.0));
            by_x.then(good(upward, b.1).total_cmp(&good(upward, a.1)))
        });
        // From the best x to the worst, each step must be better in y: a wrongly flagged point makes no inward step.
        let mut steps: Vec<Spot> = Vec::new();
        for spot in flagged {
            if steps
                .last()
                .is_none_or(|last| good(upward, spot.1) > good(upward, last.1))
            {
                steps.push(spot);
            }
        }
        let (&fastest, &best) = (steps.first()?, steps.last()?);
        let worst = |higher: bool, scale: &Scale| if higher { scale.low() } else { scale.high() };
        let mut through = Vec::with_capacity(steps.len() * 2);
        for spot in steps {
            if let Some(&(_, level)) = through.last() {
                through.push((spot.0, level));
            }
            through.push(spot);
        }
        Some(Self {
            before: [(worst(rightward, x), best.1), best],
            through,
            after: [fastest, (fastest.0, worst(upward, y))],
        })
    }

    /// The parts with their colours; grey beside the hues of groups.
    pub(super) fn paths(&self, palette: &Palette, grouped: bool) -> [(&[Spot], Colour); 3] {
        let (through, end) = if grouped {
            (palette.leader, palette.leader.mixed(palette.paper))
        } else {
            (palette.stair, palette.stair_end)
        };
        [
            (&self.before, end),
            (&self.through, through),
            (&self.after, end),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::super::axis::Kind;
    use super::super::seen::seven;
    use super::*;

    fn through(chart: &Scatter) -> Option<Vec<Spot>> {
        let x = Scale::around([400.0, 1000.0].into_iter(), Kind::Log);
        let y = Scale::around([35.0, 54.5].into_iter(), Kind::Linear);
        Some(Stairs::of(chart, &x, &y)?.through)
    }

    #[test]
    fn the_staircase_goes_down_before_it_goes_on() {
        let corners = [
            (1000.0, 40.5),
            (800.0, 40.5),
            (800.0, 48.0),
            (550.0, 48.0),
            (550.0, 54.5),
        ];
        assert_eq!(through(&seven()).unwrap(), corners);
    }

    #[test]
    fn a_point_that_is_wrongly_flagged_makes_no_step_inward() {
        let mut chart = seven();
        chart.points[6].on_frontier = true;
        assert_eq!(through(&chart), through(&seven()));
    }

    #[test]
    fn there_is_none_without_directions_or_flags() {
        let mut chart = seven();
        chart.x.higher_is_better = None;
        assert_eq!(through(&chart), None);
        let mut chart = seven();
        chart.points.iter_mut().for_each(|p| p.on_frontier = false);
        assert_eq!(through(&chart), None);
    }
}
