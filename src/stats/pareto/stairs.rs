//! A staircase over ranks: the front of two objectives while points arrive one by one.

use super::rank_set::RankSet;

/// Points of which none covers another in (x, y), both ranks below the size given.
#[derive(Debug)]
pub(super) struct Stairs {
    members: RankSet,
    /// y of the member at each x.
    height: Vec<u32>,
}

impl Stairs {
    /// No point; ranks run from 0 to `size` − 1.
    pub(super) fn new(size: usize) -> Self {
        Self {
            members: RankSet::new(size),
            height: vec![0; size],
        }
    }

    /// Whether a point taken in is at least as good in both.
    #[inline]
    pub(super) fn covers(&self, x: u32, y: u32) -> bool {
        // Heights fall along x, so that the next member to the right is the highest one.
        let next = self.members.at_or_above(x as usize);
        next.is_some_and(|next| self.height.get(next).is_some_and(|height| *height >= y))
    }

    /// Takes a point in and the points it covers out; amortised O(1) searches.
    #[inline]
    pub(super) fn insert(&mut self, x: u32, y: u32) {
        if self.covers(x, y) {
            return;
        }
        let x = x as usize;
        while let Some(left) = self.members.below(x) {
            if self.height.get(left).is_some_and(|height| *height > y) {
                break;
            }
            self.members.remove(left);
        }
        self.members.insert(x);
        if let Some(height) = self.height.get_mut(x) {
            *height = y;
        }
    }

    /// Takes all points out. O(number of members).
    pub(super) fn clear(&mut self) {
        while let Some(member) = self.members.at_or_above(0) {
            self.members.remove(member);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_step_takes_out_the_lower_ones_to_its_left() {
        let mut stairs = Stairs::new(10);
        for (x, y) in [(1, 5), (3, 3), (5, 1)] {
            stairs.insert(x, y);
        }
        assert!(stairs.covers(3, 3) && stairs.covers(0, 5) && stairs.covers(4, 1));
        assert!(!stairs.covers(4, 3) && !stairs.covers(6, 0) && !stairs.covers(1, 6));
        stairs.insert(4, 4);
        stairs.insert(2, 2);
        let steps: Vec<Option<usize>> = (0..7).map(|x| stairs.members.at_or_above(x)).collect();
        let expected = [Some(1), Some(1), Some(4), Some(4), Some(4), Some(5), None];
        assert_eq!(steps, expected);
        stairs.clear();
        assert!(!stairs.covers(0, 0));
    }
}
