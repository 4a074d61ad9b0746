//! Fisher's F distribution: the upper tail, the p value of an analysis of variance.

use std::f64::consts::FRAC_2_SQRT_PI;

use super::student_t::{gamma_ratio, student_t_two_sided};

/// P(F ≥ f) for Fisher's F with `df1` degrees of freedom in the numerator and `df2` (not
/// necessarily whole) in the denominator; `None` for NaN, f < 0, df1 = 0 or df2 ≤ 0.
///
/// P = I_x(df2/2, df1/2) with x = df2/(df2 + df1·f), Abramowitz and Stegun 26.6.2. From
/// I_x(a, ½), the tail of Student's t, or I_x(a, 1) = x^a, the second parameter is raised by
/// I_x(a, b+1) = I_x(a, b) + x^a (1−x)^b Γ(a+b)/(Γ(a)Γ(b+1)), NIST DLMF 8.17.21: a sum of
/// positive terms, about 12 digits at any distance. O(df1).
#[must_use]
pub fn fisher_f_tail(f: f64, df1: usize, df2: f64) -> Option<f64> {
    if f.is_nan() || f < 0.0 || df1 == 0 || !df2.is_finite() || df2 <= 0.0 {
        return None;
    }
    let square = df1 as f64 * f;
    let (a, w) = (0.5 * df2, square / df2);
    if w.is_infinite() {
        return Some(0.0);
    }
    let rest = w / (1.0 + w);
    let log_power = -a * w.ln_1p();
    let (start, mut b, mut log_term) = if df1.is_multiple_of(2) {
        (log_power.exp(), 1.0, log_power + (rest * a).ln())
    } else {
        let factor = FRAC_2_SQRT_PI * rest.sqrt() * gamma_ratio(a);
        let start = student_t_two_sided(square.sqrt(), df2)?;
        (start, 0.5, log_power + factor.ln())
    };
    // Logarithms, because x^a alone may be less than the smallest double.
    let mut tail = start;
    while b < 0.5 * df1 as f64 - 0.25 {
        tail += log_term.exp();
        log_term += (rest * (a + b) / (b + 1.0)).ln();
        b += 1.0;
    }
    Some(tail.min(1.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::close;
    use super::*;

    #[test]
    fn tails_are_right_to_eleven_digits() {
        // Hypergeometric series of the incomplete beta function with 50 digits.
        let cases = [
            (0.5, 3, 7.0, 0.6940363875688137),
            (4.2, 2, 9.0, 0.05147776408039571),
            (330.285339234588, 6, 9.0, 4.984030528724809e-10),
            (1.3, 5, 2.5, 0.46196499088721725),
            (12.0, 7, 1e6, 2.1030463128867207e-15),
            (0.01, 4, 30.0, 0.9997898615519545),
            (3.0, 1, 12.0, 0.10886430106296382),
            (0.9, 11, 71.0, 0.5447900675900469),
            (2.0, 100, 3e5, 1.1888870455711995e-8),
            (17.0, 100, 1e4, 4.157258221223556e-264),
            (9.0, 200, 2e4, 6.231685671779409e-242),
        ];
        for (f, df1, df2, expected) in cases {
            close(fisher_f_tail(f, df1, df2), expected, 1e-11 * expected);
        }
        assert_eq!(fisher_f_tail(250.0, 40, 1e5), Some(0.0));
    }

    #[test]
    fn one_degree_in_the_numerator_is_the_square_of_students_t() {
        assert_eq!(fisher_f_tail(4.0, 1, 7.0), student_t_two_sided(2.0, 7.0));
    }

    #[test]
    fn is_undefined_outside_its_domain_and_never_nan() {
        for (f, df1, df2) in [
            (f64::NAN, 1, 1.0),
            (-1.0, 1, 1.0),
            (1.0, 0, 1.0),
            (1.0, 1, 0.0),
            (1.0, 1, f64::NAN),
            (1.0, 1, f64::INFINITY),
        ] {
            assert_eq!(fisher_f_tail(f, df1, df2), None);
        }
        for df1 in 1..6 {
            assert_eq!(fisher_f_tail(0.0, df1, 3.0), Some(1.0));
            assert_eq!(fisher_f_tail(f64::INFINITY, df1, 3.0), Some(0.0));
        }
    }

    proptest! {
        #[test]
        fn the_tails_of_f_and_of_its_reciprocal_add_up_to_one(
            f in 0.01..100.0f64,
            df1 in 1..30usize,
            df2 in 1..30usize,
        ) {
            let upper = fisher_f_tail(f, df1, df2 as f64).unwrap();
            let lower = fisher_f_tail(1.0 / f, df2, df1 as f64).unwrap();
            prop_assert!((upper + lower - 1.0).abs() <= 1e-12);
        }
    }
}
