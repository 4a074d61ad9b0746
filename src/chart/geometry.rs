//! Rectangles and segments in nominal pixels, y downwards, and whether they meet.

/// A position.
pub(super) type Spot = (f64, f64);

/// An upright rectangle with `left <= right` and `top <= bottom`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Rect {
    pub(super) fn around(centre: Spot, half_width: f64, half_height: f64) -> Self {
        Self {
            left: centre.0 - half_width,
            top: centre.1 - half_height,
            right: centre.0 + half_width,
            bottom: centre.1 + half_height,
        }
    }

    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn grown(&self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// Large enough to hold `spot` too.
    pub(super) fn with(&self, spot: Spot) -> Self {
        Self {
            left: self.left.min(spot.0),
            top: self.top.min(spot.1),
            right: self.right.max(spot.0),
            bottom: self.bottom.max(spot.1),
        }
    }

    /// The point of the rectangle closest to `spot`.
    pub(super) fn nearest(&self, spot: Spot) -> Spot {
        (
            spot.0.max(self.left).min(self.right),
            spot.1.max(self.top).min(self.bottom),
        )
    }
}

/// A straight line between two spots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Segment {
    pub(super) from: Spot,
    pub(super) to: Spot,
}

impl Segment {
    pub(super) fn at(&self, share: f64) -> Spot {
        (
            self.from.0 + share * (self.to.0 - self.from.0),
            self.from.1 + share * (self.to.1 - self.from.1),
        )
    }

    pub(super) fn length(&self) -> f64 {
        distance(self.from, self.to)
    }

    /// Liang and Barsky 1984: the part of the segment inside the rectangle is not empty.
    pub(super) fn meets(&self, area: &Rect) -> bool {
        let (dx, dy) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        let sides = [
            (-dx, self.from.0 - area.left),
            (dx, area.right - self.from.0),
            (-dy, self.from.1 - area.top),
            (dy, area.bottom - self.from.1),
        ];
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (slope, room) in sides {
            if slope == 0.0 {
                if room < 0.0 {
                    return false;
                }
            } else if slope < 0.0 {
                enter = enter.max(room / slope);
            } else {
                leave = leave.min(room / slope);
            }
        }
        enter <= leave
    }

    /// The two segments have a point in common (touching ends included).
    pub(super) fn crosses(&self, other: &Self) -> bool {
        let turn =
            |a: Spot, b: Spot, c: Spot| (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0);
        let apart = |p: f64, q: f64| p * q > 0.0;
        !apart(
            turn(self.from, self.to, other.from),
            turn(self.from, self.to, other.to),
        ) && !apart(
            turn(other.from, other.to, self.from),
            turn(other.from, other.to, self.to),
        ) && self.frame().meets(&other.frame())
    }

    fn frame(&self) -> Rect {
        // Half a pixel more, so that an upright or level segment still has an area.
        Rect {
            left: self.from.0.min(self.to.0),
            top: self.from.1.min(self.to.1),
            right: self.from.0.max(self.to.0),
            bottom: self.from.1.max(self.to.1),
        }
        .grown(0.5)
    }
}

pub(super) fn distance(a: Spot, b: Spot) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Rect = Rect {
        left: 10.0,
        top: 10.0,
        right: 20.0,
        bottom: 15.0,
    };

    #[test]
    fn rectangles_that_share_only_an_edge_do_not_meet() {
        let beside = Rect {
            left: 20.0,
            right: 30.0,
            ..BOX
        };
        assert!(!BOX.meets(&beside));
        assert!(BOX.grown(0.1).meets(&beside));
    }

    #[test]
    fn a_segment_meets_a_box_it_passes_through_or_lies_in() {
        let through = Segment {
            from: (0.0, 0.0),
            to: (30.0, 25.0),
        };
        let inside = Segment {
            from: (12.0, 12.0),
            to: (13.0, 13.0),
        };
        let past = Segment {
            from: (0.0, 20.0),
            to: (30.0, 16.0),
        };
        let level = Segment {
            from: (0.0, 12.0),
            to: (9.0, 12.0),
        };
        assert_eq!(
            [through, inside, past, level].map(|s| s.meets(&BOX)),
            [true, true, false, false]
        );
    }

    #[test]
    fn segments_cross_only_where_they_share_a_point() {
        let rising = Segment {
            from: (0.0, 0.0),
            to: (10.0, 10.0),
        };
        let falling = Segment {
            from: (0.0, 10.0),
            to: (10.0, 0.0),
        };
        let parallel = Segment {
            from: (0.0, 5.0),
            to: (10.0, 15.0),
        };
        let beyond = Segment {
            from: (20.0, 20.0),
            to: (30.0, 30.0),
        };
        assert_eq!(
            [falling, parallel, beyond].map(|s| s.crosses(&rising)),
            [true, false, false]
        );
    }

    #[test]
    fn the_nearest_point_of_a_box_is_on_its_edge() {
        assert_eq!(BOX.nearest((0.0, 12.0)), (10.0, 12.0));
        assert_eq!(BOX.nearest((30.0, 30.0)), (20.0, 15.0));
    }
}
