//! A frontier and what is recommended on it, in words.

use crate::analysis::{Frontier, Placed, Recommendation};
use crate::catalog::number::short;
use crate::output::text::visible;

/// The answer for one group of rows, or for all.
pub(super) struct Answer {
    /// The group's value.
    pub(super) group: Option<String>,
    /// The frontier.
    pub(super) frontier: Frontier,
    /// What is recommended, when that was asked for; inside, none when no row meets the requirements.
    pub(super) recommended: Option<Option<Recommendation>>,
}

impl Answer {
    /// The label of a listed point.
    pub(super) fn name(&self, point: usize) -> &str {
        let point = self.frontier.points.get(point);
        point.map_or("", |point| point.label.as_str())
    }

    /// The labels of the points that beat one.
    pub(super) fn beaters(&self, point: &Placed) -> impl Iterator<Item = &str> {
        point.dominated_by.iter().map(|&i| self.name(i))
    }

    /// The recommendation as a line.
    pub(super) fn recommendation(&self) -> Option<String> {
        let group = self
            .group
            .as_ref()
            .map(|group| format!(" ({})", visible(group)));
        let head = format!("recommended{}", group.unwrap_or_default());
        let Some(found) = self.recommended.as_ref()? else {
            return Some(format!("{head}: none, no row meets the requirements"));
        };
        let rest = match (&found.runner_up, found.margin) {
            (Some(second), Some(margin)) => {
                let sure = match found.probability {
                    Some(p) => format!("better with probability {p:.2}"),
                    None => "how sure is not known: no standard errors".to_owned(),
                };
                format!(
                    "; runner-up {}, {} behind, {sure}",
                    visible(&second.label),
                    short(margin)
                )
            }
            _ => "; no other row meets the requirements".to_owned(),
        };
        let candidates = crate::catalog::number::counted(found.candidates, "candidate");
        Some(format!(
            "{head}: {} ({candidates}){rest}",
            visible(&found.best.label)
        ))
    }
}
