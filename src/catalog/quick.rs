//! A hash for short keys of which a collision costs time and nothing else.

use std::hash::Hasher;

/// Multiplicative hashing of eight bytes at a time (Knuth, *The Art of Computer Programming*, volume
/// 3, section 6.4).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Quick(u64);

/// 2⁶⁴ divided by the golden ratio, odd.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Quick {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(GOLDEN);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let rest = rest.iter().rev();
        let last = rest.fold(0, |word, byte| word << 8 | u64::from(*byte));
        self.add(last ^ (bytes.len() as u64) << 56);
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(byte.into());
    }

    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }

    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }

    fn write_isize(&mut self, word: isize) {
        self.add(word as u64);
    }

    fn finish(&self) -> u64 {
        // The tables take the highest and the lowest bits.
        self.0 ^ self.0 >> 32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::hash::Hash;

    fn hash(key: impl Hash) -> u64 {
        let mut hasher = Quick::default();
        key.hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn keys_that_differ_little_differ_in_their_hash() {
        let keys = (0..100_000).map(|i| format!("mmlu_subject_{i}"));
        let hashes: HashSet<u64> = keys.map(hash).collect();
        assert_eq!(hashes.len(), 100_000);
        let low: HashSet<u64> = hashes.iter().map(|hash| hash & 0xffff).collect();
        assert!(low.len() > 45_000, "{}", low.len());
    }

    #[test]
    fn the_length_and_the_parts_of_a_key_count() {
        assert_ne!(hash("a"), hash("a\0"));
        assert_ne!(hash(("ab", "c")), hash(("a", "bc")));
        assert_ne!(
            hash((Some("a"), None::<&str>)),
            hash((None::<&str>, Some("a")))
        );
    }
}
