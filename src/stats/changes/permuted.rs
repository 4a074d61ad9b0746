//! The chance distribution of the scan statistic by permuting the scores themselves: for
//! series so short that it has gaps, or with ties that change it.

use super::super::random::{SEED, SplitMix64};
use super::scan::Scanner;

/// Permutations drawn; the smallest p is 1/(999 + 1).
const DRAWS: usize = 999;

/// Relative difference below which two statistics are the same but for rounding.
const ROUNDING: f64 = 1e-9;

/// The statistics of 999 permutations of `scores` from the fixed seed; `None` as soon as so
/// many of them reach `observed` that its p must exceed `alpha`.
///
/// Stopping early cannot change a decision: Besag and Clifford, "Sequential Monte Carlo
/// p-values", Biometrika 78 (1991) 301–304. O(999·n²).
pub(super) fn null_statistics(scores: &[f64], observed: f64, alpha: f64) -> Option<Vec<f64>> {
    let mut random = SplitMix64::new(SEED);
    let mut scanner = Scanner::new(scores.len());
    let mut permuted = scores.to_vec();
    let mut statistics = Vec::with_capacity(DRAWS);
    let mut reached = 0;
    for _ in 0..DRAWS {
        // Fisher and Yates, in the form of Knuth, TAOCP 2, algorithm 3.4.2 P.
        for place in (1..permuted.len()).rev() {
            permuted.swap(place, random.below(place + 1));
        }
        let statistic = scanner.statistic(&permuted);
        statistics.push(statistic);
        reached += usize::from(reaches(statistic, observed));
        if share(reached) > alpha {
            return None;
        }
    }
    Some(statistics)
}

/// (1 + #{T* ≥ t})/(999 + 1): Davison and Hinkley, "Bootstrap Methods" (1997), equation 4.11.
pub(super) fn tail_share(statistics: &[f64], t: f64) -> f64 {
    share(statistics.iter().filter(|s| reaches(**s, t)).count())
}

fn share(reached: usize) -> f64 {
    (1 + reached) as f64 / (1 + DRAWS) as f64
}

fn reaches(statistic: f64, observed: f64) -> bool {
    statistic >= observed * (1.0 - ROUNDING)
}

#[cfg(test)]
mod tests {
    use super::super::super::reference::close;
    use super::super::scores::normal_scores;
    use super::*;

    #[test]
    fn eight_values_in_order_are_one_of_thirty_five_halves() {
        // Four low and four high values are split as well as this by 2·4!·4! of the 8! orders:
        // p = 0.0286, counted here with a standard error of 0.005.
        let scores = normal_scores(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]).unwrap();
        let observed = Scanner::new(8).statistic(&scores);
        let statistics = null_statistics(&scores, observed, 0.05).unwrap();
        close(tail_share(&statistics, observed), 2.0 / 70.0, 0.01);
        assert_eq!(tail_share(&statistics, 1e9), 0.001);
        assert_eq!(tail_share(&statistics, 0.0), 1.0);
    }

    #[test]
    fn gives_up_where_the_level_is_out_of_reach_and_repeats_itself() {
        let scores = normal_scores(&[1.0, 5.0, 2.0, 6.0, 3.0, 7.0, 4.0, 8.0]).unwrap();
        let observed = Scanner::new(8).statistic(&scores);
        assert_eq!(null_statistics(&scores, observed, 0.05), None);
        let first = null_statistics(&scores, observed, 1.0);
        assert_eq!(first, null_statistics(&scores, observed, 1.0));
        assert_eq!(first.unwrap().len(), DRAWS);
    }
}
