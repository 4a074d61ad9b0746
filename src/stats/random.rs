//! The one generator of random numbers: SplitMix64, so that every resampling result can be
//! derived again from a printed seed, on any platform.

/// The seed every resampling method of this floor starts from; print it beside the result.
pub const SEED: u64 = 20_240_701;

/// SplitMix64: a counter stepped by 2⁶⁴/φ, scrambled by two multiplications.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014;
/// constants as in the public-domain description of S. Vigna (2015). Period 2⁶⁴. Not for
/// secrets.
#[derive(Debug, Clone)]
pub struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// A generator whose whole sequence is determined by `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number uniform on [0, 1), a multiple of 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (f64::EPSILON / 2.0)
    }

    /// An index uniform on 0…`bound` − 1; 0 when `bound` is 0.
    ///
    /// The high half of a 128-bit product, with the few products that would favour some
    /// indices drawn again: Lemire, "Fast random integer generation in an interval", ACM
    /// TOMACS 29 (2019) 3.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = bound as u64;
        if wide == 0 {
            return 0;
        }
        let unfair = wide.wrapping_neg() % wide;
        loop {
            let product = u128::from(self.next_u64()) * u128::from(wide);
            if product as u64 >= unfair {
                return (product >> 64) as usize;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_the_published_sequence() {
        // First outputs for the seed 1234567, published at
        // https://rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64.
        let mut random = SplitMix64::new(1_234_567);
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(published.map(|_| random.next_u64()), published);
    }

    #[test]
    fn uniform_numbers_fill_the_unit_interval_evenly() {
        let mut random = SplitMix64::new(SEED);
        let mut tenths = [0_i32; 10];
        for _ in 0..100_000 {
            tenths[(random.uniform() * 10.0) as usize] += 1;
        }
        // Five standard deviations of a binomial count are 474.
        assert!(
            tenths.iter().all(|count| (count - 10_000).abs() < 474),
            "{tenths:?}"
        );
    }

    #[test]
    fn indices_stay_below_their_bound_and_reach_all_of_it() {
        let mut random = SplitMix64::new(SEED);
        let mut counts = [0_i32; 3];
        for _ in 0..30_000 {
            counts[random.below(3)] += 1;
        }
        assert!(
            counts.iter().all(|count| (count - 10_000).abs() < 410),
            "{counts:?}"
        );
        assert_eq!((random.below(1), random.below(0)), (0, 0));
    }
}
