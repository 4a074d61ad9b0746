//! One law for every function of this folder: whatever the numbers, it returns, and nothing
//! in the result is NaN or infinite.

use std::fmt::Debug;

use proptest::prelude::*;

use super::*;

fn hostile() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![
        0.0,
        -0.0,
        1.0,
        1.0 + f64::EPSILON,
        -3.5,
        1e16,
        1e154,
        1e-160,
        1e308,
        -1e308,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ])
}

/// Columns in which about half are free of NaN and infinities, so that arithmetic is reached.
fn column() -> impl Strategy<Value = Vec<f64>> {
    let finite = hostile().prop_filter("finite", |value| value.is_finite());
    prop_oneof![
        4 => prop::collection::vec(finite, 0..7),
        1 => prop::collection::vec(hostile(), 0..7),
    ]
}

fn clean(result: &impl Debug) -> Result<(), TestCaseError> {
    let shown = format!("{result:?}");
    prop_assert!(!shown.contains("NaN") && !shown.contains("inf"), "{shown}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn columns_of_any_kind_give_numbers_or_reasons(mut x in column(), mut y in column()) {
        let n = x.len().min(y.len());
        if n > 1 {
            x.truncate(n);
            y.truncate(n);
        }
        clean(&Summary::of(&x))?;
        clean(&(median(&x), mad(&x)))?;
        clean(&PairedSums::of(&x, &y))?;
        clean(&Pearson::of(&x, &y))?;
        clean(&influence(&x, &y))?;
        clean(&theil_sen(&x, &y))?;
        clean(&spearman(&x, &y))?;
        clean(&kendall(&x, &y))?;
        if let Ok(line) = Ols::fit(&x, &y) {
            clean(&line)?;
            for u0 in [0.0, 1e308, f64::NAN, f64::INFINITY] {
                clean(&(line.band(u0), line.prediction(u0)))?;
            }
        }
    }

    #[test]
    fn single_numbers_of_any_kind_give_numbers_or_nothing(
        a in hostile(),
        b in hostile(),
        values in column(),
    ) {
        clean(&(normal_cdf(a), normal_two_sided(a), normal_quantile(a)))?;
        clean(&(student_t_two_sided(a, b), student_t_quantile(a, b)))?;
        clean(&student_t_quantile(0.975, b))?;
        clean(&(quantile(&values, a), quantile_rank(&values, a)))?;
        clean(&(quantile(&values, 0.3), quantile_rank(&values, 0.3)))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]
    #[test]
    fn clusters_of_any_kind_give_numbers_or_reasons(
        points in prop::collection::vec((hostile(), hostile()), 0..6),
    ) {
        let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
        clean(&cluster(&x, &y))?;
    }
}
