//! Which group has which colour and shape. Eight can be told apart; the largest get them, the rest is one group.

use std::collections::BTreeMap;

use super::figure::Point;
use super::key::{Entry, Symbol};
use super::look::Look;
use super::palette::{HUES, Hue, Palette};
use super::shape::{Face, SHAPES, Shape};
use super::text::{Fonts, clean};

/// The groups of a chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Groups<'a> {
    /// What they are.
    pub(super) heading: &'a str,
    /// By name; each has the hue and the shape of its place.
    pub(super) names: Vec<&'a str>,
    /// Groups beyond the eighth.
    pub(super) others: usize,
    /// Some point has no group.
    pub(super) unknown: bool,
}

impl<'a> Groups<'a> {
    /// The eight largest groups of `points`, ties by name.
    pub(super) fn of(heading: &'a str, points: impl Iterator<Item = &'a Point>) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut unknown = false;
        for point in points {
            match &point.group {
                Some(name) => *counts.entry(name).or_default() += 1,
                None => unknown = true,
            }
        }
        let mut names: Vec<&str> = counts.keys().copied().collect();
        names.sort_by_key(|name| std::cmp::Reverse(counts.get(name).copied()));
        let others = names.len().saturating_sub(HUES);
        names.truncate(HUES);
        names.sort_unstable();
        Self {
            heading,
            names,
            others,
            unknown,
        }
    }

    /// Hue and shape of a group; grey circles for all that have none of their own.
    pub(super) fn look_of(&self, group: Option<&str>, palette: &Palette) -> (Hue, Shape) {
        let index = group.and_then(|group| self.names.iter().position(|name| *name == group));
        let grey = Hue {
            fill: palette.dominated,
            line: palette.dominated,
        };
        let of = |index: usize| Some((*palette.groups.get(index)?, *SHAPES.get(index)?));
        index.and_then(of).unwrap_or((grey, Shape::Circle))
    }

    /// One entry for each group.
    pub(super) fn key(&self, look: &Look, fonts: &Fonts) -> Vec<Entry> {
        let entry = |group: Option<&str>, text: String| {
            let (hue, shape) = self.look_of(group, look.palette);
            Entry {
                symbol: Symbol::Marker(Face {
                    shape,
                    radius: look.caption * 0.4,
                    fill: hue.fill,
                    line: (hue.fill != hue.line).then_some(hue.line),
                }),
                text,
            }
        };
        let heading = fonts.drawable(self.heading).0;
        let mut key = vec![Entry {
            symbol: Symbol::Heading,
            text: if heading.is_empty() {
                heading
            } else {
                format!("{heading}:")
            },
        }];
        for name in &self.names {
            let text = fonts.drawable(name).0;
            let text = if text.is_empty() {
                "(empty)".to_owned()
            } else {
                text
            };
            key.push(entry(Some(name), text));
        }
        match (self.others, self.unknown) {
            (0, false) => {}
            (0, true) => key.push(entry(None, "not recorded".to_owned())),
            (n, false) => key.push(entry(None, format!("{n} others"))),
            (n, true) => key.push(entry(None, format!("{n} others or not recorded"))),
        }
        key
    }

    /// What the picture alone does not say.
    pub(super) fn note(&self) -> Option<String> {
        (self.others > 0).then(|| {
            format!(
                "{} of {} groups of `{}` share one colour: more than {HUES} cannot be told apart",
                self.others,
                self.others + self.names.len(),
                clean(self.heading)
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(groups: &[&str]) -> Vec<Point> {
        let point = |group: &&str| Point {
            group: (!group.is_empty()).then(|| (*group).to_owned()),
            ..Point::default()
        };
        groups.iter().map(point).collect()
    }

    #[test]
    fn the_eight_largest_have_hues_and_the_rest_is_grey() {
        let points = points(&[
            "k", "j", "i", "h", "g", "f", "e", "d", "c", "b", "b", "a", "a", "",
        ]);
        let groups = Groups::of("vendor", points.iter());
        assert_eq!(groups.names, ["a", "b", "c", "d", "e", "f", "g", "h"]);
        assert_eq!((groups.others, groups.unknown), (3, true));
        let palette = Palette::of(super::super::Theme::Light);
        let grey = groups.look_of(None, palette);
        assert_eq!(groups.look_of(Some("k"), palette), grey);
        assert_ne!(groups.look_of(Some("h"), palette).0, grey.0);
        assert_eq!(
            groups.note().unwrap(),
            "3 of 11 groups of `vendor` share one colour: more than 8 cannot be told apart"
        );
    }

    #[test]
    fn order_of_the_points_decides_nothing() {
        let (forth, back) = (points(&["a", "b", "c"]), points(&["c", "b", "a"]));
        assert_eq!(Groups::of("", forth.iter()), Groups::of("", back.iter()));
    }
}
