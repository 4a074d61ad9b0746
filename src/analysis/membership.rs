//! How sure a place on the frontier is: the probability of each point to be on it, given standard
//! errors that are independent and normal.

use crate::stats::{normal_cdf, normal_quantile};

use super::frontier::dominates;

/// Draws of a point's own error; the others are integrated in closed form, which is why so few do.
const DRAWS: usize = 4096;

/// The probability of each point to be on the frontier:
/// E over its own error of Π_{j≠i} (1 − Π_d P(Z_jd ≥ z_id)).
///
/// `gains[i][d]` is turned so that more is better; `errors[i][d]` its standard error, `None` where
/// none is known. An axis on which no point has an error is exact. A point that lacks an error
/// where others have one gets `None` and enters the others as exact. Without any error all are
/// `None`. The draws are a Kronecker sequence (Roberts 2018), so the result is the same every time.
pub(super) fn probabilities(gains: &[Vec<f64>], errors: &[Vec<Option<f64>>]) -> Vec<Option<f64>> {
    let dimensions = gains.first().map_or(0, Vec::len);
    let known = |d: usize| {
        errors
            .iter()
            .any(|e| e.get(d).copied().flatten().is_some_and(|s| s > 0.0))
    };
    let measured: Vec<bool> = (0..dimensions).map(known).collect();
    if !measured.iter().any(|m| *m) {
        return vec![None; gains.len()];
    }
    let sigma = |i: usize, d: usize| errors.get(i).and_then(|e| e.get(d)).copied().flatten();
    (0..gains.len())
        .map(|i| {
            let complete = (0..dimensions).all(|d| !measured[d] || sigma(i, d).is_some());
            complete.then(|| on_frontier(i, gains, &|j, d| sigma(j, d).unwrap_or(0.0)))
        })
        .collect()
}

fn on_frontier(i: usize, gains: &[Vec<f64>], sigma: &dyn Fn(usize, usize) -> f64) -> f64 {
    let own = &gains[i];
    let random: Vec<usize> = (0..own.len()).filter(|&d| sigma(i, d) > 0.0).collect();
    let exact = random.is_empty();
    let draws = if exact { 1 } else { DRAWS };
    let steps = kronecker(random.len());
    let mut sum = 0.0;
    for n in 0..draws {
        let mut z = own.clone();
        for (k, &d) in random.iter().enumerate() {
            // One dimension: the midpoints of equal steps; more: a Kronecker sequence.
            let u = match random.len() {
                1 => (n as f64 + 0.5) / draws as f64,
                _ => (0.5 + steps[k] * n as f64).fract(),
            };
            z[d] += sigma(i, d) * normal_quantile(u).unwrap_or(0.0);
        }
        let mut free = 1.0;
        for (j, other) in gains.iter().enumerate().filter(|&(j, _)| j != i) {
            let both_exact = exact && (0..own.len()).all(|d| sigma(j, d) == 0.0);
            let beaten = if both_exact {
                f64::from(u8::from(dominates(other, own)))
            } else {
                at_least(other, &z, |d| sigma(j, d))
            };
            free *= 1.0 - beaten;
            if free < 1e-12 {
                break;
            }
        }
        sum += free;
    }
    sum / draws as f64
}

/// P(Z ≥ z in every dimension) of a normal point with independent errors.
fn at_least(mean: &[f64], z: &[f64], sigma: impl Fn(usize) -> f64) -> f64 {
    let mut p = 1.0;
    for (d, (mean, z)) in mean.iter().zip(z).enumerate() {
        p *= match sigma(d) {
            0.0 => f64::from(u8::from(mean >= z)),
            s => normal_cdf((mean - z) / s).unwrap_or(0.0),
        };
        if p < 1e-15 {
            return 0.0;
        }
    }
    p
}

/// Steps of the generalised golden ratio: powers of 1/φ_k, φ_k the positive root of x^(k+1) = x + 1.
fn kronecker(dimensions: usize) -> Vec<f64> {
    let mut phi = 2.0f64;
    for _ in 0..64 {
        phi = (1.0 + phi).powf(1.0 / (dimensions as f64 + 1.0));
    }
    (1..=dimensions).map(|d| phi.powi(-(d as i32))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_errors_nothing_is_said() {
        assert_eq!(
            probabilities(&[vec![1.0, 2.0]], &[vec![None, None]]),
            [None]
        );
    }

    #[test]
    fn two_equal_points_beat_each_other_one_time_in_four() {
        // Independent, equal means and errors on two axes: P(beaten) = 1/2 · 1/2.
        let gains = vec![vec![1.0, 1.0]; 2];
        let errors = vec![vec![Some(0.1), Some(0.1)]; 2];
        for p in probabilities(&gains, &errors) {
            assert!((p.unwrap() - 0.75).abs() < 0.002, "{p:?}");
        }
    }

    #[test]
    fn an_axis_without_errors_is_exact() {
        // The second is one standard error worse in speed and clearly worse in the exact score:
        // beaten with P(Z₁ ≥ Z₂) = Φ(1/√2).
        let gains = vec![vec![1.0, 2.0], vec![0.0, 1.0]];
        let errors = vec![vec![Some(1.0), None]; 2];
        let p = probabilities(&gains, &errors);
        let expected = 1.0 - normal_cdf(1.0 / 2f64.sqrt()).unwrap();
        assert!((p[0].unwrap() - 1.0).abs() < 1e-12);
        assert!((p[1].unwrap() - expected).abs() < 0.002, "{p:?} {expected}");
    }

    #[test]
    fn a_point_that_alone_lacks_an_error_gets_no_probability() {
        let gains = vec![vec![1.0, 2.0], vec![2.0, 1.0]];
        let errors = vec![vec![None, None], vec![Some(0.1), Some(0.1)]];
        let p = probabilities(&gains, &errors);
        assert_eq!(p[0], None);
        assert!(p[1].is_some());
    }

    #[test]
    fn equal_points_without_error_leave_each_other_alone() {
        let gains = vec![vec![1.0, 1.0], vec![1.0, 1.0], vec![0.0, 3.0]];
        let errors = vec![
            vec![Some(0.0), Some(0.0)],
            vec![Some(0.0), Some(0.0)],
            vec![Some(0.1), Some(0.1)],
        ];
        let p = probabilities(&gains, &errors);
        assert!(p[0].unwrap() > 0.999 && p[1].unwrap() > 0.999, "{p:?}");
    }
}
