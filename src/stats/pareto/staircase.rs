//! The front of two objectives over values, while points arrive one by one.

/// Points of which none covers another: first objective ascending, second descending.
#[derive(Debug, Default, Clone)]
pub(super) struct Staircase {
    xs: Vec<f64>,
    ys: Vec<f64>,
}

/// Where a point lies relative to the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A step is better in one objective and at least as good in the other.
    Beaten,
    /// It equals a step.
    Equal,
    /// No step covers it.
    Free,
}

impl Staircase {
    /// Number of steps.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.xs.len()
    }

    /// The steps, from worst to best in the first objective.
    pub(super) fn steps(&self) -> impl ExactSizeIterator<Item = (f64, f64)> + '_ {
        self.xs.iter().copied().zip(self.ys.iter().copied())
    }

    /// Where (x, y) lies; O(log of the number of steps).
    #[inline]
    pub(super) fn place(&self, x: f64, y: f64) -> Place {
        let next = self.xs.partition_point(|step| *step < x);
        match (self.xs.get(next), self.ys.get(next)) {
            (Some(right), Some(above)) if *above >= y => {
                if *right == x && *above == y {
                    Place::Equal
                } else {
                    Place::Beaten
                }
            }
            _ => Place::Free,
        }
    }

    /// Takes in a point that no step covers and takes out the steps it covers.
    pub(super) fn insert(&mut self, x: f64, y: f64) {
        let end = self.xs.partition_point(|step| *step <= x);
        let start = self.ys.partition_point(|step| *step > y).min(end);
        self.xs.splice(start..end, [x]);
        self.ys.splice(start..end, [y]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_step_replaces_those_it_covers() {
        let mut stairs = Staircase::default();
        for (x, y) in [(1.0, 5.0), (3.0, 3.0), (5.0, 1.0), (4.0, 3.0), (5.0, 2.0)] {
            assert_eq!(stairs.place(x, y), Place::Free);
            stairs.insert(x, y);
        }
        let steps: Vec<(f64, f64)> = stairs.steps().collect();
        assert_eq!(steps, [(1.0, 5.0), (4.0, 3.0), (5.0, 2.0)]);
        assert_eq!(stairs.place(4.0, 3.0), Place::Equal);
        assert_eq!(stairs.place(3.0, 3.0), Place::Beaten);
        assert_eq!(stairs.place(4.0, 2.0), Place::Beaten);
        assert_eq!(stairs.place(4.5, 2.5), Place::Free);
        assert_eq!(stairs.len(), 3);
    }
}
