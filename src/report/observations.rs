//! What stands out in a trade-off: the ends, the most beaten, groups, one model's place.

use crate::analysis::{ALPHA, Association, Frontier, Placed};
use crate::catalog::number::{p_equals, short};
use crate::stats;

use super::document::Section;
use super::sections::FEWEST_FOR_A_CLUSTER;
use super::tradeoff::Tradeoff;
use super::words::list;

/// A margin is narrow up to this share of the range of all points on its axis.
const NARROW: f64 = 0.1;

/// Above so many points nobody asks by eye whether they form groups, and the answer takes seconds.
const MOST_FOR_A_CLUSTER: usize = 60;

/// How many of the most beaten models are named.
const MOST_BEATEN: usize = 3;

impl Tradeoff {
    pub(super) fn observations(&self, frontier: &Frontier, highlight: Option<&str>) -> Section {
        let mut section = Section::new("Key observations");
        let mut items = Vec::new();
        if let (Some(first), Some(last)) = (frontier.front().first(), frontier.front().last()) {
            let value = |point: &Placed, k: usize| {
                point.values.get(k).map_or_else(String::new, |v| short(*v))
            };
            items.push(format!(
                "Best {}: {} ({}).",
                self.y.column,
                first.label,
                value(first, 1)
            ));
            items.push(format!(
                "Best {}: {} ({}).",
                self.x.column,
                last.label,
                value(last, 0)
            ));
        }
        items.extend(self.most_beaten(frontier));
        items.extend(self.cluster());
        let turning = self.fit.turning_points();
        if !turning.is_empty() && self.fit.association() == Association::NoEvidence {
            items.push(format!(
                "The sign of the fitted slope hangs on single models: it changes without {}.",
                either(&turning)
            ));
        }
        if let Some(name) = highlight {
            items.push(self.about(frontier, name));
        }
        section.list(items);
        section
    }

    fn most_beaten(&self, frontier: &Frontier) -> Option<String> {
        let mut behind: Vec<&Placed> = frontier
            .points
            .iter()
            .filter(|p| p.layer > 1 && !p.dominated_by.is_empty())
            .collect();
        behind.sort_by(|a, b| {
            b.dominated_by
                .len()
                .cmp(&a.dominated_by.len())
                .then(a.label.cmp(&b.label))
        });
        // Models beaten equally often stay together; the list ends before it gets long.
        let mut shown = 0;
        for group in behind.chunk_by(|a, b| a.dominated_by.len() == b.dominated_by.len()) {
            if shown > 0 && shown + group.len() > MOST_BEATEN {
                break;
            }
            shown += group.len();
        }
        let worst: Vec<String> = behind
            .iter()
            .take(shown)
            .map(|p| format!("{} (by {})", p.label, p.dominated_by.len()))
            .collect();
        let worst: Vec<&str> = worst.iter().map(String::as_str).collect();
        (!worst.is_empty()).then(|| format!("Dominated by most others: {}.", list(&worst)))
    }

    /// Whether the points form groups: best mean silhouette of exact k-means against uniform points.
    fn cluster(&self) -> Option<String> {
        if self.n() > MOST_FOR_A_CLUSTER {
            return None;
        }
        let scale = |x: f64| if self.x.log { x.log10() } else { x };
        let points = self.fit.points.iter();
        let (us, ys): (Vec<f64>, Vec<f64>) = points.map(|p| (scale(p.1), p.2)).unzip();
        let found = stats::cluster(&us, &ys).ok()?;
        let evidence = format!(
            "best mean silhouette {:.3} with k = {}, {:.3} expected from {} random points, {}",
            found.silhouette,
            found.k,
            found.expected_under_null,
            found.n,
            p_equals(found.p)
        );
        Some(if found.n < FEWEST_FOR_A_CLUSTER {
            format!(
                "Clusters: not supported, too few points to call a cluster ({evidence}; at least {FEWEST_FOR_A_CLUSTER} points are needed)."
            )
        } else if found.p <= ALPHA {
            format!("The points form {} groups ({evidence}).", found.k)
        } else {
            format!("Clusters: not supported ({evidence}).")
        })
    }

    /// The place of one model: on the frontier, or beaten, by whom and by how much.
    fn about(&self, frontier: &Frontier, name: &str) -> String {
        let Some(point) = frontier.points.iter().find(|p| p.label == name) else {
            return format!("{name} is not among the rows.");
        };
        if point.layer == 1 {
            return format!("{name} is on the frontier.");
        }
        let margins: Vec<String> = point
            .dominated_by
            .iter()
            .filter_map(|&i| frontier.points.get(i))
            .map(|other| format!("{} ({})", other.label, self.margin(frontier, point, other)))
            .collect();
        format!(
            "{name} is dominated, in layer {}, by {}.",
            point.layer,
            margins.join("; ")
        )
    }

    fn margin(&self, frontier: &Frontier, point: &Placed, other: &Placed) -> String {
        let parts = frontier
            .objectives
            .iter()
            .enumerate()
            .filter_map(|(k, objective)| {
                let (own, theirs) = (*point.values.get(k)?, *other.values.get(k)?);
                let values = frontier
                    .points
                    .iter()
                    .filter_map(|p| p.values.get(k).copied());
                let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
                    (l.min(v), h.max(v))
                });
                let gap = (theirs - own).abs();
                let share = if high > low { gap / (high - low) } else { 0.0 };
                let narrow = if share <= NARROW { "narrowly, " } else { "" };
                Some(format!(
                    "{narrow}{} in {}, {:.0} % of the range",
                    short(gap),
                    objective.column,
                    share * 100.0
                ))
            });
        parts.collect::<Vec<_>>().join("; ")
    }
}

fn either(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
