//! Many tests at once: p values adjusted by Holm, Benjamini–Hochberg and Benjamini–Yekutieli.

use super::error::{StatsError, require_finite};

/// How p values of one family of tests are adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// Bounds the chance of any false alarm, whatever the dependence of the tests: Holm, "A
    /// simple sequentially rejective multiple test procedure", Scandinavian Journal of
    /// Statistics 6 (1979) 65–70.
    Holm,
    /// Bounds the expected share of false alarms among the alarms, for independent or
    /// positively dependent tests: Benjamini and Hochberg, JRSS B 57 (1995) 289–300.
    BenjaminiHochberg,
    /// The same whatever the dependence, at the price of a factor 1 + 1/2 + … + 1/m:
    /// Benjamini and Yekutieli, Annals of Statistics 29 (2001) 1165–1188.
    BenjaminiYekutieli,
}

/// The adjusted p values of one family, in the order of `p`: a test is an alarm at level α
/// when its adjusted p is at most α.
///
/// With p₍₁₎ ≤ … ≤ p₍m₎: Holm max_{j≤i} (m − j + 1)·p₍j₎, Benjamini–Hochberg
/// min_{j≥i} m·p₍j₎/j, Benjamini–Yekutieli the same times Σ 1/i, each at most 1. They are
/// never below the p given and keep its order; equal p have equal adjusted p. O(m log m).
///
/// # Errors
/// A p that is not a number, or not in 0…1.
pub fn adjust(p: &[f64], adjustment: Adjustment) -> Result<Vec<f64>, StatsError> {
    require_finite("p", p)?;
    if !p.iter().all(|p| (0.0..=1.0).contains(p)) {
        return Err(StatsError::OutsideDomain { parameter: "p" });
    }
    let mut rows: Vec<(usize, f64)> = p.iter().copied().enumerate().collect();
    rows.sort_by(|a, b| a.1.total_cmp(&b.1));
    match adjustment {
        Adjustment::Holm => step_down(&mut rows),
        Adjustment::BenjaminiHochberg => step_up(&mut rows, 1.0),
        Adjustment::BenjaminiYekutieli => step_up(&mut rows, harmonic(p.len())),
    }
    rows.sort_unstable_by_key(|row| row.0);
    Ok(rows.into_iter().map(|(_, adjusted)| adjusted).collect())
}

/// Holm: from the smallest p upwards, never falling.
fn step_down(rows: &mut [(usize, f64)]) {
    let (m, mut largest) = (rows.len(), 0.0_f64);
    for (place, (_, p)) in rows.iter_mut().enumerate() {
        largest = largest.max((m - place) as f64 * *p).min(1.0);
        *p = largest;
    }
}

/// Benjamini–Hochberg, times `factor`: from the largest p downwards, never rising.
fn step_up(rows: &mut [(usize, f64)], factor: f64) {
    let (m, mut smallest) = (rows.len() as f64, 1.0_f64);
    for (place, (_, p)) in rows.iter_mut().enumerate().rev() {
        // The ratio first: it is 1 at the largest p, which must not fall below itself.
        smallest = smallest.min(factor * (m / (place as f64 + 1.0)) * *p);
        *p = smallest;
    }
}

/// 1 + 1/2 + … + 1/m.
fn harmonic(m: usize) -> f64 {
    (1..=m).rev().map(|i| 1.0 / i as f64).sum()
}

/// The smallest adjusted p a family can reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SmallestAdjusted {
    /// When one test alone reaches its smallest p and no other comes near: above α, a single
    /// change among the tests cannot raise an alarm.
    pub alone: f64,
    /// When all tests reach it together: above α, no data at all can raise an alarm.
    pub together: f64,
}

/// The smallest adjusted p reachable in a family of `m` tests none of which can have a p
/// below `smallest_p`, such as [`super::MannWhitney::smallest_p`] of few runs.
///
/// Alone m·p, and together m·p for Holm and p for Benjamini–Hochberg; Benjamini–Yekutieli
/// multiplies both by Σ 1/i. At most 1. O(m).
///
/// # Errors
/// No test, or a p that is not in 0…1.
pub fn smallest_adjusted(
    m: usize,
    smallest_p: f64,
    adjustment: Adjustment,
) -> Result<SmallestAdjusted, StatsError> {
    if m == 0 {
        return Err(StatsError::TooFew { n: 0, needed: 1 });
    }
    if !(0.0..=1.0).contains(&smallest_p) {
        return Err(StatsError::OutsideDomain {
            parameter: "smallest_p",
        });
    }
    let each = m as f64 * smallest_p;
    let (alone, together) = match adjustment {
        Adjustment::Holm => (each, each),
        Adjustment::BenjaminiHochberg => (each, smallest_p),
        Adjustment::BenjaminiYekutieli => (harmonic(m) * each, harmonic(m) * smallest_p),
    };
    Ok(SmallestAdjusted {
        alone: alone.min(1.0),
        together: together.min(1.0),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::{agrees, close, numbers, vectors};
    use super::*;

    const ALL: [Adjustment; 3] = [
        Adjustment::Holm,
        Adjustment::BenjaminiHochberg,
        Adjustment::BenjaminiYekutieli,
    ];

    #[test]
    fn reproduces_the_vectors() {
        let Some(vectors) = vectors() else { return };
        let names = ["holm", "benjamini_hochberg", "benjamini_yekutieli"];
        for case in vectors["multiple_testing"].as_array().unwrap() {
            let p = numbers(&case["p"]);
            for (adjustment, name) in ALL.into_iter().zip(names) {
                for (row, found) in adjust(&p, adjustment).unwrap().into_iter().enumerate() {
                    agrees(found, &case[name][row]);
                }
            }
        }
    }

    #[test]
    fn the_published_example_of_fifteen_tests_keeps_its_alarms() {
        // Benjamini and Hochberg (1995), section 4: at 0.05 their procedure rejects the four
        // smallest, Bonferroni's and Holm's the three smallest.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        let alarms = |adjustment| {
            let adjusted = adjust(&p, adjustment).unwrap();
            adjusted.iter().filter(|p| **p <= 0.05).count()
        };
        assert_eq!(alarms(Adjustment::BenjaminiHochberg), 4);
        assert_eq!(alarms(Adjustment::Holm), 3);
        assert_eq!(alarms(Adjustment::BenjaminiYekutieli), 3);
    }

    #[test]
    fn tied_and_unsorted_p_agree_with_statsmodels() {
        // statsmodels 0.15.0, multipletests(p, method="holm", "fdr_bh", "fdr_by").
        let p = [0.04, 0.01, 0.04, 0.5, 0.01];
        let expected = [
            [0.12, 0.05, 0.12, 0.5, 0.05],
            [
                0.049999999999999996,
                0.024999999999999998,
                0.049999999999999996,
                0.5,
                0.024999999999999998,
            ],
            [
                0.11416666666666667,
                0.05708333333333333,
                0.11416666666666667,
                1.0,
                0.05708333333333333,
            ],
        ];
        for (adjustment, expected) in ALL.into_iter().zip(expected) {
            let adjusted = adjust(&p, adjustment).unwrap();
            for (found, expected) in adjusted.into_iter().zip(expected) {
                close(found, expected, 1e-15);
            }
        }
    }

    #[test]
    fn few_runs_and_many_metrics_put_an_alarm_out_of_reach() {
        // 4 + 4 runs have a smallest p of 2/70: among two metrics one alone reaches 0.057.
        let p = 2.0 / 70.0;
        let hochberg = smallest_adjusted(2, p, Adjustment::BenjaminiHochberg).unwrap();
        close(hochberg.alone, 4.0 / 70.0, 1e-16);
        close(hochberg.together, p, 1e-16);
        let holm = smallest_adjusted(100, p, Adjustment::Holm).unwrap();
        assert_eq!((holm.alone, holm.together), (1.0, 1.0));
    }

    #[test]
    fn refuses_what_is_no_probability() {
        assert_eq!(
            adjust(&[0.1, f64::NAN], Adjustment::Holm),
            Err(StatsError::NotFinite {
                variable: "p",
                index: 1
            })
        );
        for p in [-0.1, 1.1] {
            assert_eq!(
                adjust(&[p], Adjustment::Holm),
                Err(StatsError::OutsideDomain { parameter: "p" })
            );
        }
        assert_eq!(adjust(&[], Adjustment::Holm), Ok(vec![]));
        assert!(smallest_adjusted(0, 0.1, Adjustment::Holm).is_err());
        assert!(smallest_adjusted(3, f64::NAN, Adjustment::Holm).is_err());
    }

    fn family() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec((0..=20u8).prop_map(|p| f64::from(p) / 20.0), 1..30)
    }

    proptest! {
        #[test]
        fn adjusted_p_are_no_smaller_and_keep_the_order(p in family()) {
            for adjustment in ALL {
                let adjusted = adjust(&p, adjustment).unwrap();
                for (i, (raw, found)) in p.iter().zip(&adjusted).enumerate() {
                    prop_assert!(raw <= found && *found <= 1.0);
                    for (other_raw, other) in p.iter().zip(&adjusted).skip(i) {
                        prop_assert!((raw > other_raw) || (found <= other));
                        prop_assert!((raw != other_raw) || (found == other));
                    }
                }
            }
        }

        #[test]
        fn the_order_of_the_tests_does_not_matter(p in family()) {
            let mut reversed = p.clone();
            reversed.reverse();
            for adjustment in ALL {
                let mut there = adjust(&reversed, adjustment).unwrap();
                there.reverse();
                prop_assert_eq!(adjust(&p, adjustment).unwrap(), there);
            }
        }

        #[test]
        fn no_family_falls_below_its_smallest_adjusted_p(p in family()) {
            let smallest = p.iter().copied().fold(1.0, f64::min);
            for adjustment in ALL {
                let bound = smallest_adjusted(p.len(), smallest, adjustment).unwrap();
                let adjusted = adjust(&p, adjustment).unwrap();
                let reached = adjusted.into_iter().fold(1.0, f64::min);
                prop_assert!(reached >= bound.together - 1e-15);
                prop_assert!(reached <= bound.alone + 1e-15);
            }
        }
    }
}
