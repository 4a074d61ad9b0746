//! A set of small whole numbers whose neighbours are found in a few steps.

/// Members among 0…`universe` − 1, as bits in words of 64, with one bit a word in the level
/// above telling which words are not empty.
///
/// Each operation takes log₆₄ of the universe steps, 4 for ten million: the bit-parallel form of
/// the tree of van Emde Boas, "Preserving order in a forest in less than logarithmic time and
/// linear space", Information Processing Letters 6 (1977) 80–82.
#[derive(Debug, Clone)]
pub(super) struct RankSet {
    levels: Vec<Vec<u64>>,
}

impl RankSet {
    /// The empty set over 0…`universe` − 1.
    pub(super) fn new(universe: usize) -> Self {
        let mut levels = Vec::new();
        // One place more, so that `below(universe)` looks at all members.
        let mut words = universe + 1;
        while words > 1 || levels.is_empty() {
            words = words.div_ceil(64);
            levels.push(vec![0; words]);
        }
        Self { levels }
    }

    /// Takes `rank` in.
    #[inline]
    pub(super) fn insert(&mut self, rank: usize) {
        let mut place = rank;
        for level in &mut self.levels {
            if let Some(word) = level.get_mut(place >> 6) {
                *word |= 1 << (place & 63);
            }
            place >>= 6;
        }
    }

    /// Takes `rank` out.
    #[inline]
    pub(super) fn remove(&mut self, rank: usize) {
        let mut place = rank;
        for level in &mut self.levels {
            if let Some(word) = level.get_mut(place >> 6) {
                *word &= !(1 << (place & 63));
                if *word != 0 {
                    return;
                }
            }
            place >>= 6;
        }
    }

    /// The smallest member at or above `rank`.
    #[inline]
    pub(super) fn at_or_above(&self, rank: usize) -> Option<usize> {
        let mut place = rank;
        for (height, level) in self.levels.iter().enumerate() {
            let word = *level.get(place >> 6)?;
            let found = word & (u64::MAX << (place & 63));
            if found != 0 {
                return Some(self.lowest(height, (place & !63) | found.trailing_zeros() as usize));
            }
            place = (place >> 6) + 1;
        }
        None
    }

    /// The largest member below `rank`.
    #[inline]
    pub(super) fn below(&self, rank: usize) -> Option<usize> {
        let mut place = rank;
        for (height, level) in self.levels.iter().enumerate() {
            let mask = (1 << (place & 63)) - 1;
            let found = level.get(place >> 6).map_or(0, |word| word & mask);
            if found != 0 {
                return Some(self.highest(height, (place & !63) | found.ilog2() as usize));
            }
            place >>= 6;
        }
        None
    }

    #[inline]
    fn lowest(&self, height: usize, place: usize) -> usize {
        let lower = self.levels.get(..height).unwrap_or_default();
        lower.iter().rev().fold(place, |place, level| {
            let word = level.get(place).copied().unwrap_or_default();
            (place << 6) | (word.trailing_zeros() & 63) as usize
        })
    }

    #[inline]
    fn highest(&self, height: usize, place: usize) -> usize {
        let lower = self.levels.get(..height).unwrap_or_default();
        lower.iter().rev().fold(place, |place, level| {
            let word = level.get(place).copied().unwrap_or_default();
            (place << 6) | word.checked_ilog2().unwrap_or_default() as usize
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_empty_set_has_no_neighbours() {
        for universe in [0, 1, 64, 65, 5000] {
            let set = RankSet::new(universe);
            assert_eq!(
                (set.at_or_above(0), set.below(universe), set.below(0)),
                (None, None, None)
            );
        }
    }

    proptest! {
        #[test]
        fn neighbours_are_those_of_a_sorted_set(
            universe in 1..5000_usize,
            steps in prop::collection::vec((0..5000_usize, 0..3_u8), 0..200),
        ) {
            let (mut set, mut expected) = (RankSet::new(universe), BTreeSet::new());
            for (rank, step) in steps {
                let rank = rank % universe;
                match step {
                    0 => {
                        set.remove(rank);
                        expected.remove(&rank);
                    }
                    _ => {
                        set.insert(rank);
                        expected.insert(rank);
                    }
                }
                for rank in [rank, rank / 2, rank + 1] {
                    prop_assert_eq!(
                        set.at_or_above(rank),
                        expected.range(rank..).next().copied()
                    );
                    prop_assert_eq!(set.below(rank), expected.range(..rank).next_back().copied());
                }
            }
        }
    }
}
