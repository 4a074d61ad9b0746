//! How small a step the scan can still find.

use super::super::normal::normal_quantile;
use super::critical::{TABULATED_FROM, tail_probability};

/// The chance with which a step of this size is found, roughly.
const POWER: f64 = 0.8;

/// The smallest step in the middle of `n` values, in standard deviations of the noise, that
/// [`changes`](super::changes) finds, confirmed, possible or as drift, with chance
/// near 0.8 (simulated 0.72 for 20 values, 0.82 for 50, 0.88 for 100 and 200): nearly
/// (√c + z₀.₈)·2/√n, where c is the value that the scan statistic exceeds by chance with
/// probability `alpha`. A step nearer to an end must be larger.
///
/// A step of δ·s in the middle moves the scores' largest sum, over its standard error, by about
/// δ·√n/2. `None` below 12 values, for which c is not tabulated, or for an alpha outside 0…0.5.
#[must_use]
pub fn detectable_step(n: usize, alpha: f64) -> Option<f64> {
    if n < TABULATED_FROM || !(alpha > 0.0 && alpha <= 0.5) {
        return None;
    }
    let (mut low, mut high) = (0.0, 1e3);
    while high - low > 1e-9 {
        let middle = 0.5 * (low + high);
        if tail_probability(n, middle) > alpha {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some((high.sqrt() + normal_quantile(POWER)?) * 2.0 / (n as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::super::super::random::{SEED, SplitMix64};
    use super::super::super::reference::close;
    use super::*;
    use crate::stats::{ChangeOptions, MinimumEffect, changes};

    #[test]
    fn by_hand_for_fifty_values() {
        let found = detectable_step(50, 0.05).unwrap();
        close(
            found,
            (8.1653_f64.sqrt() + 0.841_621_233_572_914_3) * 2.0 / 50.0_f64.sqrt(),
            1e-8,
        );
        assert_eq!(detectable_step(11, 0.05), None);
        assert_eq!(detectable_step(50, f64::NAN), None);
    }

    #[test]
    #[ignore = "half a second in a release build, ten in a debug build"]
    fn a_step_of_this_size_is_found_about_four_times_in_five() {
        let options = ChangeOptions {
            alpha: 0.05,
            minimum_effect: MinimumEffect::Absolute(0.0),
        };
        for n in [20, 50, 100, 200] {
            let mut random = SplitMix64::new(SEED);
            let step = detectable_step(n, 0.05).unwrap();
            let mut value = |i: usize| {
                let noise = normal_quantile(random.uniform() + f64::EPSILON / 4.0).unwrap();
                noise + if i < n / 2 { 0.0 } else { step }
            };
            let mut found = 0.0;
            for _ in 0..1000 {
                let values: Vec<f64> = (0..n).map(&mut value).collect();
                let changes = changes(&values, &options).unwrap();
                found += f64::from(!changes.changes.is_empty() || changes.drift.is_some());
            }
            let found = found / 1000.0;
            assert!((0.7..=0.9).contains(&found), "{n}: {found}");
        }
    }
}
