//! Where one label could stand as far as the picture under it goes: eight slots beside its marker, then rings around it.

use std::cell::OnceCell;

use super::geometry::{Rect, Segment, Spot, distance};
use super::labels::{CLEAR, Label, Obstacles, Placed};
use super::occupancy::Occupancy;

/// Text to marker.
const BESIDE: f64 = 3.0;
/// A bitmap takes whole pixels, so that two shapes need this much more to be apart in it.
const PIXEL: f64 = 0.7;
/// Directions of a ring.
const SPOKES: usize = 16;
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

/// The slots of one label that nothing but another label can block, nearest first.
pub(super) struct Seats<'a> {
    label: &'a Label,
    obstacles: &'a Obstacles,
    rings: &'a [f64],
    pub(super) beside: Vec<Placed>,
    /// Looked for when nothing beside is free; most labels never ask.
    apart: OnceCell<Vec<Placed>>,
}

impl<'a> Seats<'a> {
    pub(super) fn of(label: &'a Label, obstacles: &'a Obstacles, rings: &'a [f64]) -> Self {
        let beside = SLOTS.iter().map(|side| label.at_slot(*side));
        Self {
            label,
            obstacles,
            rings,
            beside: beside.filter(|slot| obstacles.leave(slot)).collect(),
            apart: OnceCell::new(),
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Placed> {
        let apart = std::iter::once_with(|| self.apart.get_or_init(|| self.on_rings()));
        self.beside.iter().chain(apart.flatten())
    }

    /// Places whose leader crosses no line come first.
    fn on_rings(&self) -> Vec<Placed> {
        let spokes = |&ring: &f64| (0..SPOKES).map(move |spoke| (ring, spoke));
        let apart = self.rings.iter().flat_map(spokes);
        let apart = apart.map(|(ring, spoke)| self.label.on_ring(ring, spoke));
        let crosses = |slot: &Placed| {
            let solid = &self.obstacles.solid;
            slot.leader.is_some_and(|line| !is_clear(solid, &line))
        };
        let (crossing, clear): (Vec<Placed>, Vec<Placed>) = apart
            .filter(|slot| self.obstacles.leave(slot))
            .partition(crosses);
        clear.into_iter().chain(crossing).collect()
    }
}

impl Obstacles {
    /// The picture leaves this place free.
    fn leave(&self, slot: &Placed) -> bool {
        self.solid.is_free(&slot.bounds.grown(CLEAR))
            && slot
                .leader
                .is_none_or(|line| is_clear(&self.markers, &line))
    }
}

impl Label {
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

/// The leader runs over free pixels all along.
fn is_clear(bitmap: &Occupancy, leader: &Segment) -> bool {
    let steps = leader.length().ceil().max(1.0);
    let mut step = 0.0;
    while step <= steps {
        if !bitmap.is_free_at(leader.at(step / steps)) {
            return false;
        }
        step += 1.0;
    }
    true
}
