//! Where the labels go: greedy over a fixed list of slots, tested against the occupancy bitmap and the labels already placed,
//! then one repair pass. The order is total and nothing is random, so equal input gives equal output.

use super::geometry::{Rect, Segment, Spot};
use super::occupancy::Occupancy;
use super::seats::Seats;

/// A label that wants a place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    /// Centre of the marker.
    pub(super) centre: Spot,
    /// Radius of the marker with its outline.
    pub(super) radius: f64,
    /// Lower goes first.
    pub(super) rank: u8,
    /// Width of the text.
    pub(super) width: f64,
    /// Height over the baseline.
    pub(super) above: f64,
    /// Depth under the baseline.
    pub(super) below: f64,
}

/// A label that has found its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed {
    /// The text's box.
    pub(super) bounds: Rect,
    /// Left end of the baseline.
    pub(super) origin: Spot,
    /// From the marker to a label that stands apart.
    pub(super) leader: Option<Segment>,
    /// Around all of it: what is outside cannot conflict.
    pub(super) reach: Rect,
}

/// What is in the picture before the labels.
pub(super) struct Obstacles {
    /// All a text must keep clear of: markers, error bars, frontier, fit.
    pub(super) solid: Occupancy,
    /// All a leader line must keep clear of: markers.
    pub(super) markers: Occupancy,
}

/// Distances of the rings from the marker, in pixels; the first is "directly beside".
pub(super) const RINGS: &[f64] = &[8.0, 16.0, 28.0, 44.0];
/// Further rings for the short numbers that stand for labels without a place.
pub(super) const WIDE_RINGS: &[f64] = &[8.0, 16.0, 28.0, 44.0, 64.0, 90.0, 130.0];

/// Text to anything else.
pub(super) const CLEAR: f64 = 2.0;
/// Up to here the repair pass is cheap and visible.
const REPAIRABLE: usize = 200;
/// One place for each label or `None`; `fixed` are labels placed earlier.
pub(super) fn place(
    labels: &[Label],
    obstacles: &Obstacles,
    fixed: &[Placed],
    rings: &[f64],
) -> Vec<Option<Placed>> {
    let seats = labels
        .iter()
        .map(|label| Seats::of(label, obstacles, rings));
    let mut board = Board {
        seats: seats.collect(),
        fixed,
        placed: vec![None; labels.len()],
    };
    for index in board.order(labels) {
        let free = board.slots(index).find(|slot| board.is_free(index, slot));
        let free = free.copied();
        board.set(index, free);
    }
    if labels.len() <= REPAIRABLE {
        (0..labels.len()).for_each(|index| board.repair(index));
    }
    board.placed
}

/// A blocker outside the labels being placed.
const FIXED: usize = usize::MAX;

struct Board<'a> {
    seats: Vec<Seats<'a>>,
    fixed: &'a [Placed],
    placed: Vec<Option<Placed>>,
}

impl Board<'_> {
    /// By rank, then the label with the fewest free slots beside its marker, then the index.
    fn order(&self, labels: &[Label]) -> Vec<usize> {
        let keys = labels.iter().zip(&self.seats).enumerate();
        let mut order: Vec<_> = keys
            .map(|(index, (label, seats))| (label.rank, seats.beside.len(), index))
            .collect();
        order.sort_unstable();
        order.into_iter().map(|(_, _, index)| index).collect()
    }

    fn slots(&self, index: usize) -> impl Iterator<Item = &Placed> {
        self.seats.get(index).into_iter().flat_map(Seats::all)
    }

    /// Which labels stand in the way; two are enough to know that one move will not help.
    fn blockers(&self, index: usize, slot: &Placed) -> [Option<usize>; 2] {
        let fixed = self.fixed.iter().map(|other| (FIXED, other));
        let placed = self.placed.iter().enumerate();
        let others = placed.filter_map(|(other, place)| Some((other, place.as_ref()?)));
        let mut found = fixed
            .chain(others)
            .filter(|(other, place)| *other != index && slot.conflicts(place))
            .map(|(other, _)| other);
        [found.next(), found.next()]
    }

    fn is_free(&self, index: usize, slot: &Placed) -> bool {
        self.blockers(index, slot) == [None, None]
    }

    /// Finds a place for a label without one, or a place beside its marker for one on a ring, by moving one other label.
    fn repair(&mut self, index: usize) {
        let current = self.placed.get(index).copied().flatten();
        if current.is_some_and(|place| place.leader.is_none()) {
            return;
        }
        let wanted = |slot: &&Placed| slot.leader.is_none() || current.is_none();
        let wanted: Vec<Placed> = self.slots(index).filter(wanted).copied().collect();
        for slot in wanted {
            let [Some(other), None] = self.blockers(index, &slot) else {
                continue;
            };
            let Some(&held) = self.placed.get(other) else {
                continue;
            };
            self.set(index, Some(slot));
            let better = |moved: &&Placed| moved.leader.is_none() || current.is_none();
            let free = |moved: &&Placed| self.is_free(other, moved);
            let moved = self.slots(other).filter(better).find(free).copied();
            if moved.is_some() {
                self.set(other, moved);
                return;
            }
            self.set(other, held);
            self.set(index, current);
        }
    }

    fn set(&mut self, index: usize, place: Option<Placed>) {
        if let Some(slot) = self.placed.get_mut(index) {
            *slot = place;
        }
    }
}

impl Placed {
    /// A text that belongs to no marker.
    pub(super) fn alone(bounds: Rect, origin: Spot) -> Self {
        Self {
            bounds,
            origin,
            leader: None,
            reach: bounds.grown(CLEAR),
        }
    }

    fn conflicts(&self, other: &Self) -> bool {
        let cut = |leader: &Option<Segment>, bounds: &Rect| {
            leader.is_some_and(|line| line.meets(&bounds.grown(1.0)))
        };
        if !self.reach.meets(&other.reach) {
            return false;
        }
        self.bounds.grown(CLEAR).meets(&other.bounds)
            || cut(&self.leader, &other.bounds)
            || cut(&other.leader, &self.bounds)
            || matches!((&self.leader, &other.leader), (Some(one), Some(two)) if one.crosses(two))
    }
}

#[cfg(test)]
mod tests {
    use super::super::geometry::distance;
    use super::*;

    const PLOT: Rect = Rect {
        left: 0.0,
        top: 0.0,
        right: 400.0,
        bottom: 300.0,
    };

    fn label(x: f64, y: f64) -> Label {
        Label {
            centre: (x, y),
            radius: 4.0,
            rank: 2,
            width: 60.0,
            above: 9.0,
            below: 2.0,
        }
    }

    fn around(labels: &[Label]) -> Obstacles {
        let mut markers = Occupancy::new(PLOT);
        labels
            .iter()
            .for_each(|label| markers.disc(label.centre, label.radius));
        Obstacles {
            solid: markers.clone(),
            markers,
        }
    }

    fn placed(labels: &[Label]) -> Vec<Option<Placed>> {
        place(labels, &around(labels), &[], RINGS)
    }

    #[test]
    fn a_lone_label_stands_at_the_upper_right() {
        let [Some(only)] = placed(&[label(200.0, 150.0)])[..] else {
            panic!()
        };
        assert!(only.bounds.left > 200.0 && only.bounds.bottom < 150.0 && only.leader.is_none());
    }

    #[test]
    fn at_the_right_edge_it_stands_at_the_left() {
        let [Some(only)] = placed(&[label(390.0, 150.0)])[..] else {
            panic!()
        };
        assert!(only.bounds.right < 390.0 && only.bounds.bottom < 150.0 && only.leader.is_none());
    }

    #[test]
    fn the_higher_rank_takes_the_better_place() {
        let labels = [
            label(200.0, 150.0),
            Label {
                rank: 0,
                ..label(200.0, 150.0)
            },
        ];
        let [Some(low), Some(high)] = placed(&labels)[..] else {
            panic!()
        };
        assert!(high.bounds.left > 200.0 && low.bounds.left < 200.0);
    }

    #[test]
    fn a_label_with_nothing_free_beside_it_stands_apart_with_a_leader() {
        let labels = [label(200.0, 150.0)];
        let mut obstacles = around(&labels);
        obstacles
            .solid
            .rect(&Rect::around((200.0, 150.0), 9.0, 9.0));
        let [Some(only)] = place(&labels, &obstacles, &[], RINGS)[..] else {
            panic!()
        };
        let leader = only.leader.unwrap();
        assert!(distance(leader.from, (200.0, 150.0)) > 4.0 && leader.length() > 2.0);
        assert!(!leader.meets(&only.bounds));
    }

    #[test]
    fn a_leader_would_rather_not_cross_a_line() {
        let labels = [label(200.0, 150.0)];
        let mut obstacles = around(&labels);
        // Nothing beside is free, and a line runs close above.
        obstacles
            .solid
            .rect(&Rect::around((200.0, 150.0), 9.0, 9.0));
        let line = Segment {
            from: (0.0, 138.0),
            to: (400.0, 138.0),
        };
        obstacles.solid.stroke(&line, 1.0);
        let [Some(only)] = place(&labels, &obstacles, &[], RINGS)[..] else {
            panic!()
        };
        assert!(only.bounds.top > 138.0, "{only:?}");
    }

    #[test]
    fn moving_one_label_makes_room_for_another() {
        // The first has two places left, right and left; it takes the right one, which is all the second has.
        let labels = [
            Label {
                rank: 0,
                ..label(200.0, 150.0)
            },
            label(300.0, 150.0),
        ];
        let mut obstacles = around(&labels);
        for rows in [(0.0, 140.0), (160.0, 300.0)] {
            obstacles.solid.rect(&Rect {
                top: rows.0,
                bottom: rows.1,
                ..PLOT
            });
        }
        obstacles.solid.rect(&Rect {
            left: 306.0,
            top: 0.0,
            right: 400.0,
            bottom: 300.0,
        });
        let [Some(first), Some(second)] = place(&labels, &obstacles, &[], &[])[..] else {
            panic!()
        };
        assert!(
            first.bounds.right < 200.0 && second.bounds.right < 300.0 && second.bounds.left > 204.0
        );
    }

    #[test]
    fn leaders_cross_neither_labels_nor_each_other() {
        let labels: Vec<Label> = (0..60_u32)
            .map(|i| {
                label(
                    150.0 + f64::from(i * 37 % 97),
                    100.0 + f64::from(i * 53 % 89),
                )
            })
            .collect();
        let places: Vec<Placed> = placed(&labels).into_iter().flatten().collect();
        assert!(places.iter().filter(|place| place.leader.is_some()).count() > 5);
        for (index, one) in places.iter().enumerate() {
            for (_, other) in places
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index)
            {
                assert!(!one.bounds.meets(&other.bounds));
                assert!(one.leader.is_none_or(|line| !line.meets(&other.bounds)));
                assert!(!matches!((one.leader, other.leader), (Some(a), Some(b)) if a.crosses(&b)));
            }
        }
    }

    #[test]
    fn no_label_and_no_room_are_answers_too() {
        assert_eq!(placed(&[]), []);
        assert_eq!(
            placed(&[Label {
                width: 900.0,
                ..label(200.0, 150.0)
            }]),
            [None]
        );
    }
}
