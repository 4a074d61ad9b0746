//! Who beats whom: the order every other file of this folder rests on.
//!
//! All numbers are gains, more is better. −0 equals 0.

/// Whether `a` beats `b`: at least as good in every objective and better in one (Pareto
/// dominance). Equal points do not beat each other.
#[must_use]
#[inline]
pub fn dominates(a: &[f64], b: &[f64]) -> bool {
    covers(a, b) && a != b
}

/// Whether `a` is at least as good as `b` in every objective (weak dominance).
#[must_use]
#[inline]
pub fn covers(a: &[f64], b: &[f64]) -> bool {
    let n = a.len().min(b.len());
    let (a, b) = (&a[..n], &b[..n]);
    (0..n).all(|d| a[d] >= b[d])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_better_objective_is_enough_when_none_is_worse() {
        assert!(dominates(&[1.0, 2.0], &[1.0, 1.0]));
        assert!(!dominates(&[1.0, 1.0], &[1.0, 2.0]));
        assert!(!dominates(&[2.0, 1.0], &[1.0, 2.0]));
    }

    #[test]
    fn equal_points_cover_but_do_not_beat_each_other() {
        assert!(covers(&[0.0, 1.0], &[-0.0, 1.0]));
        assert!(!dominates(&[0.0, 1.0], &[-0.0, 1.0]));
    }

    fn triple() -> impl Strategy<Value = [f64; 3]> {
        prop::array::uniform3((-2..2i32).prop_map(f64::from))
    }

    proptest! {
        #[test]
        fn turning_all_signs_turns_the_order_around(a in triple(), b in triple()) {
            let turned = |point: [f64; 3]| point.map(|v| -v);
            prop_assert_eq!(dominates(&a, &b), dominates(&turned(b), &turned(a)));
            prop_assert!(!(dominates(&a, &b) && dominates(&b, &a)));
        }

        #[test]
        fn who_beats_a_winner_beats_the_beaten(a in triple(), b in triple(), c in triple()) {
            prop_assert!(!(dominates(&a, &b) && dominates(&b, &c)) || dominates(&a, &c));
        }
    }
}
