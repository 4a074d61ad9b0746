//! Student's t distribution: two-sided tail probability and quantile.
//!
//! statrs 0.19 loses digits here with many degrees of freedom (10⁻⁹ at df = 10⁶), near t = 0
//! (10⁻⁸), and its quantile is wrong far in the tail, so both functions are written out.

use std::f64::consts::PI;

use super::normal::{normal_quantile, normal_two_sided};

/// Beyond this many degrees of freedom the normal distribution stands in; the relative error
/// is about t⁴/(4·df).
const NORMAL_FROM: f64 = 1e9;

/// P(|T| ≥ |t|) for Student's t with `df` degrees of freedom (not necessarily whole), the
/// two-sided p value of a t statistic; `None` for NaN or df ≤ 0.
///
/// P = I_x(df/2, 1/2) with x = df/(df + t²), Abramowitz and Stegun 26.5.27, to about 12
/// digits.
#[must_use]
pub fn student_t_two_sided(t: f64, df: f64) -> Option<f64> {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return None;
    }
    if df >= NORMAL_FROM {
        return normal_two_sided(t);
    }
    let w = t * (t / df);
    if w.is_infinite() {
        return Some(0.0);
    }
    let (x, rest) = (1.0 / (1.0 + w), w / (1.0 + w));
    let (a, b) = (0.5 * df, 0.5);
    let front = beta_front(a, w);
    // The continued fraction converges fast on one side of the mean of the distribution;
    // the other side is its complement (Numerical Recipes, section 6.4).
    Some(if x < (a + 1.0) / (a + b + 2.0) {
        front / beta_fraction(a, b, x, rest)
    } else {
        1.0 - front / beta_fraction(b, a, rest, x)
    })
}

/// The value below which a share `p` of Student's t distribution with `df` degrees of
/// freedom lies; `None` unless 0 < p < 1 and df > 0, or when the value exceeds a double.
///
/// Newton's method on ln P(|T| ≥ t) as a function of ln t. That function is concave and
/// falling, so that after one step the iteration approaches the root from one side.
#[must_use]
pub fn student_t_quantile(p: f64, df: f64) -> Option<f64> {
    if df.is_nan() || df <= 0.0 {
        return None;
    }
    let start = normal_quantile(p)?;
    if start == 0.0 || df >= NORMAL_FROM {
        return Some(start);
    }
    let both_tails = 2.0 * p.min(1.0 - p);
    let mut t = start.abs();
    for _ in 0..100 {
        let tail = student_t_two_sided(t, df)?;
        let fall = 2.0 * beta_front(0.5 * df, t * (t / df)) / tail;
        let step = (tail / both_tails).ln() / fall;
        t *= step.exp();
        if !t.is_finite() {
            return None;
        }
        if step.abs() < 1e-15 {
            break;
        }
    }
    Some(t.copysign(start))
}

/// x^a (1−x)^½ / B(a, ½) at x = 1/(1+w), which is also t times the density at w = t²/(2a).
fn beta_front(a: f64, w: f64) -> f64 {
    (-a * w.ln_1p()).exp() * (w / (1.0 + w)).sqrt() * gamma_ratio(a) / PI.sqrt()
}

/// Γ(a + ½)/Γ(a) by its asymptotic series, NIST DLMF 5.11.13, reached from small `a` by
/// Γ(a + 1) = aΓ(a): a difference of two log-gammas would cancel for large `a`.
pub(super) fn gamma_ratio(a: f64) -> f64 {
    let (mut a, mut factor) = (a, 1.0);
    while a < 25.0 {
        factor *= a / (a + 0.5);
        a += 1.0;
    }
    let r = 1.0 / a;
    let series = [
        -1.0 / 8.0,
        1.0 / 128.0,
        5.0 / 1024.0,
        -21.0 / 32768.0,
        -399.0 / 262_144.0,
        869.0 / 4_194_304.0,
        39325.0 / 33_554_432.0,
    ];
    let tail = series.iter().rev().fold(0.0, |sum, term| (sum + term) * r);
    factor * a.sqrt() * (1.0 + tail)
}

/// The continued fraction F of I_x(a, b) = x^a y^b / (B(a, b)·F) with y = 1 − x, by the
/// modified Lentz method. `y` is asked for because 1 − x would cancel for large `a`.
///
/// Source: DiDonato and Morris, "Algorithm 708", ACM TOMS 18 (1992) 360–373, BFRAC.
fn beta_fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut fraction = away_from_zero(a * (a * y - b * x + 1.0) / (a + 1.0));
    let (mut c, mut d) = (fraction, 0.0);
    for m in 1..10_000 {
        let m = f64::from(m);
        let odd = a + 2.0 * m - 1.0;
        let numerator = (a + m - 1.0) / odd * ((a + b + m - 1.0) / odd) * m * (b - m) * x * x;
        let denominator = m
            + m * (b - m) * x / odd
            + (a + m) * (a * y - b * x + 1.0 + m * (1.0 + y)) / (a + 2.0 * m + 1.0);
        d = 1.0 / away_from_zero(denominator + numerator * d);
        c = away_from_zero(denominator + numerator / c);
        let change = c * d;
        fraction *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::close;
    use super::*;

    #[test]
    fn tails_are_right_to_twelve_digits() {
        // I_x(df/2, 1/2) with 40 digits.
        let cases = [
            (1e-8, 5.0, 0.9999999924078662),
            (0.5, 1.0, 0.7048327646991335),
            (2.0, 2.5, 0.157391495757966),
            (12.0, 3.0, 0.0012450158007893367),
            (1.7, 0.3, 0.5911130684149071),
            (1.9, 7.0, 0.09920601946736353),
            (40.0, 30.0, 1.3726045194406403e-27),
            (2331.0, 34.0, 4.695340541861207e-90),
            (10.0, 1e4, 1.9632807428663828e-23),
            (6.0, 1e5, 1.9799294556017627e-9),
            (0.01, 1e6, 0.9920212893655477),
            (1.96, 1e6, 0.04999606758526979),
            (1.7, 1e7, 0.0891309566144134),
        ];
        for (t, df, expected) in cases {
            close(student_t_two_sided(t, df), expected, 2e-12 * expected);
        }
    }

    #[test]
    fn quantiles_are_right_to_twelve_digits_far_into_the_tail() {
        let cases = [
            (0.975, 1.0, 12.706204736174692),
            (0.975, 5.0, 2.5705818356363146),
            (0.975, 34.0, 2.0322445093177186),
            (0.975, 1e6, 1.9599663568141068),
            (0.6, 3.0, 0.27667066233268983),
            (0.995, 2.5, 7.163728138948783),
            (1e-10, 1.0, -3183098861.837907),
            (1e-12, 7.0, -104.0218292626472),
            (1e-300, 30.0, -50178575360.50508),
            (0.975, 0.5, 164.55767348048823),
        ];
        for (p, df, expected) in cases {
            close(
                student_t_quantile(p, df),
                expected,
                1e-12 * f64::abs(expected),
            );
        }
        close(student_t_quantile(0.975, 1e12), 1.9599639845400543, 1e-11);
    }

    #[test]
    fn is_undefined_outside_its_domain_and_never_nan() {
        for df in [0.0, -1.0, f64::NAN] {
            assert_eq!(student_t_two_sided(1.0, df), None);
            assert_eq!(student_t_quantile(0.9, df), None);
        }
        for p in [0.0, 1.0, f64::NAN] {
            assert_eq!(student_t_quantile(p, 3.0), None);
        }
        assert_eq!(student_t_two_sided(f64::NAN, 3.0), None);
        assert_eq!(student_t_two_sided(0.0, 3.0), Some(1.0));
        assert_eq!(student_t_two_sided(f64::NEG_INFINITY, 3.0), Some(0.0));
        assert_eq!(student_t_quantile(0.5, 3.0), Some(0.0));
        assert_eq!(student_t_quantile(1e-300, 0.1), None);
    }

    proptest! {
        #[test]
        fn the_quantile_undoes_the_tail(t in 0.01..30.0f64, df in 0.5..300.0f64) {
            let tail = student_t_two_sided(t, df).unwrap();
            let back = student_t_quantile(0.5 * tail, df).unwrap();
            prop_assert!((back + t).abs() <= 1e-10 * t, "{back} for {t}");
        }
    }
}
