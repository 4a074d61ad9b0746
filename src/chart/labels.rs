//! Where the labels go: greedy over a fixed list of slots, tested against the occupancy bitmap and the labels already placed,
//! then one repair pass. The order is total and nothing is random, so equal input gives equal output.

use super::geometry::{Rect, Segment, Spot, distance};
use super::occupancy::Occupancy;

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
    reach: Rect,
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

/// Text to marker.
const BESIDE: f64 = 3.0;
/// A bitmap takes whole pixels, so that two shapes need this much more to be apart in it.
const PIXEL: f64 = 0.7;
/// Text to anything else.
const CLEAR: f64 = 2.0;
/// Directions of a ring.
const SPOKES: usize = 16;
/// Up to here the repair pass is cheap and visible.
const REPAIRABLE: usize = 200;
/// Upper right, upper left, lower right, lower left, right, left, above, below.
const SLOTS: [(f64, f64); 8] = [
    (1.0, -1.0),
    (-1.0, -1.0),
    (1.0, 1.0),
    (-1.0, 1.0),
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, -1.0),
    (0.0, 1.0),
];

/// One place for each label or `None`; `fixed` are labels placed earlier.
pub(super) fn place(
    labels: &[Label],
    obstacles: &Obstacles,
    fixed: &[Placed],
    rings: &[f64],
) -> Vec<Option<Placed>> {
    let slots = labels
        .iter()
        .map(|label| label.slots(obstacles, rings))
        .collect();
    let mut board = Board {
        slots,
        fixed,
        placed: vec![None; labels.len()],
    };
    for index in board.order(labels) {
        let free = board
            .slots(index)
            .iter()
            .find(|slot| board.is_free(index, slot))
            .copied();
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
    /// For each label the slots that nothing but another label can block, nearest first.
    slots: Vec<Vec<Placed>>,
    fixed: &'a [Placed],
    placed: Vec<Option<Placed>>,
}

impl Board<'_> {
    /// By rank, then the label with the fewest free slots beside its marker, then the index.
    fn order(&self, labels: &[Label]) -> Vec<usize> {
        let beside =
            |slots: &Vec<Placed>| slots.iter().filter(|slot| slot.leader.is_none()).count();
        let keys = labels.iter().zip(&self.slots).enumerate();
        let mut order: Vec<_> = keys
            .map(|(index, (label, slots))| (label.rank, beside(slots), index))
            .collect();
        order.sort_unstable();
        order.into_iter().map(|(_, _, index)| index).collect()
    }

    fn slots(&self, index: usize) -> &[Placed] {
        self.slots.get(index).map_or(&[], Vec::as_slice)
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
        let wanted: Vec<Placed> = self.slots(index).iter().filter(wanted).copied().collect();
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
            let moved = self.slots(other).iter().filter(better).find(free).copied();
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

impl Label {
    /// Beside the marker, then on the rings, as far as the picture leaves them free.
    fn slots(&self, obstacles: &Obstacles, rings: &[f64]) -> Vec<Placed> {
        let beside = SLOTS.iter().map(|side| self.at_slot(*side));
        let apart = rings
            .iter()
            .flat_map(|ring| (0..SPOKES).map(|spoke| self.on_ring(*ring, spoke)));
        beside
            .chain(apart)
            .filter(|slot| obstacles.solid.is_free(&slot.bounds.grown(CLEAR)))
            .filter(|slot| {
                slot.leader
                    .is_none_or(|leader| is_clear(&obstacles.markers, &leader))
            })
            .collect()
    }

    fn at_slot(&self, (dx, dy): (f64, f64)) -> Placed {
        // The corner of a diagonal label is on the circle around the marker, not on the square.
        let corner = if dx != 0.0 && dy != 0.0 {
            std::f64::consts::FRAC_1_SQRT_2
        } else {
            1.0
        };
        let reach = (self.radius + PIXEL) * corner + BESIDE;
        self.around(
            (self.centre.0 + dx * reach, self.centre.1 + dy * reach),
            (dx, dy),
        )
    }

    fn on_ring(&self, ring: f64, spoke: usize) -> Placed {
        // Starts at the upper right and alternates around, so that near-equal directions are not tried in a row.
        let angle = (spoke * 7 % SPOKES) as f64 / SPOKES as f64 * std::f64::consts::TAU
            - std::f64::consts::FRAC_PI_4;
        let (dx, dy) = (angle.cos(), angle.sin());
        let reach = self.radius + ring;
        let side = |d: f64| if d.abs() < 0.39 { 0.0 } else { d.signum() };
        let mut place = self.around(
            (self.centre.0 + dx * reach, self.centre.1 + dy * reach),
            (side(dx), side(dy)),
        );
        let to = place.bounds.grown(1.0).nearest(self.centre);
        let length = distance(self.centre, to).max(f64::MIN_POSITIVE);
        let start = (self.radius + 2.0 * PIXEL + 1.0) / length;
        let leader = Segment {
            from: Segment {
                from: self.centre,
                to,
            }
            .at(start),
            to,
        };
        place.reach = place.reach.with(leader.from);
        place.leader = Some(leader);
        place
    }

    /// The box whose side or corner towards the marker is at `anchor`.
    fn around(&self, anchor: Spot, (dx, dy): (f64, f64)) -> Placed {
        let left = anchor.0 + self.width * (dx - 1.0) / 2.0;
        // Beside the marker the capitals are centred on it, whatever hangs below the line.
        let baseline = match dy {
            dy if dy < 0.0 => anchor.1 - self.below,
            dy if dy > 0.0 => anchor.1 + self.above,
            _ => anchor.1 + self.above / 2.0,
        };
        let bounds = Rect {
            left,
            right: left + self.width,
            top: baseline - self.above,
            bottom: baseline + self.below,
        };
        Placed {
            bounds,
            origin: (left, baseline),
            leader: None,
            reach: bounds.grown(CLEAR),
        }
    }
}

impl Placed {
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

/// The leader runs over free pixels all along.
fn is_clear(markers: &Occupancy, leader: &Segment) -> bool {
    let steps = leader.length().ceil().max(1.0);
    let mut step = 0.0;
    while step <= steps {
        if !markers.is_free_at(leader.at(step / steps)) {
            return false;
        }
        step += 1.0;
    }
    true
}

#[cfg(test)]
mod tests {
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
