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
        clean(&(mann_kendall(&x), pettitt(&x)))?;
        clean(&inverse_variance_weights(&x))?;
        clean(&(welch(&x, &y, 0.95), mann_whitney(&x, &y)))?;
        clean(&hodges_lehmann(&x, &y, 0.9))?;
        clean(&paired_difference(&x, &y, 0.95))?;
        let groups: Vec<usize> = (0..x.len()).map(|row| row / 2).collect();
        clean(&clustered_difference(&x, &y, &groups, 0.95))?;
        clean(&(
            adjust(&x, Adjustment::Holm),
            adjust(&x, Adjustment::BenjaminiYekutieli),
        ))?;
        if let Ok(line) = Ols::fit(&x, &y) {
            clean(&line)?;
            for u0 in [0.0, 1e308, f64::NAN, f64::INFINITY] {
                clean(&(line.band(u0), line.prediction(u0)))?;
            }
        }
    }

    #[test]
    fn regressions_of_any_kind_give_numbers_or_reasons(
        rows in prop::collection::vec((hostile(), hostile(), hostile(), hostile()), 0..7),
        intercept in any::<bool>(),
        weighted in any::<bool>(),
        degree in 0..5usize,
        at in hostile(),
    ) {
        let finite = |value: f64| if value.is_finite() { value } else { -2.0 };
        let column = |pick: fn(&(f64, f64, f64, f64)) -> f64| -> Vec<f64> {
            rows.iter().map(|row| finite(pick(row))).collect()
        };
        let (a, b, y) = (column(|row| row.0), column(|row| row.1), column(|row| row.2));
        let weights: Vec<f64> = column(|row| row.3).iter().map(|weight| weight.abs()).collect();
        let weights = weighted.then_some(weights.as_slice());
        for columns in [vec![], vec![a.as_slice()], vec![a.as_slice(), b.as_slice()]] {
            let fit = Regression::fit(&columns, &y, RegressionOptions { intercept, weights });
            clean(&fit)?;
            if let Ok(fit) = fit {
                let at = vec![at; columns.len()];
                clean(&(fit.band(&at), fit.prediction(&at), fit.interval(0, at.len() as f64)))?;
            }
        }
        let curve = Polynomial::fit(&a, &y, degree, weights);
        clean(&curve)?;
        if let Ok(curve) = curve {
            clean(&(curve.band(at), curve.prediction(at), curve.interval(0, at)))?;
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
        for k in [0, 1, 2, 5, usize::MAX] {
            clean(&(fisher_f_tail(a, k.min(99), b), aicc(7, a, k), aicc(k, a, 2)))?;
        }
        clean(&(quantile(&values, a), quantile_rank(&values, a)))?;
        clean(&(quantile(&values, 0.3), quantile_rank(&values, 0.3)))?;
        clean(&(welch(&values, &values, a), hodges_lehmann(&values, &values, a)))?;
        let (from, to) = (Estimate { value: a, se: b }, Estimate { value: b, se: a });
        clean(&(unpaired_difference(from, to, 0.95), unpaired_difference(to, to, b)))?;
        clean(&smallest_adjusted((a as usize).min(1000), b, Adjustment::BenjaminiYekutieli))?;
    }

    #[test]
    fn plans_of_any_kind_give_numbers_or_reasons(
        a in hostile(),
        b in hostile(),
        c in hostile(),
        count in count(),
    ) {
        let plan = RunPlan { sd: a, minimum_effect: b };
        clean(&(plan.runs_for(c), plan.detectable(count)))?;
        let plan = QuestionPlan {
            between_questions: a,
            within_a: b,
            samples_a: count,
            within_b: a,
            samples_b: 1,
            difference: c,
            level: 0.05,
            power: 0.8,
        };
        clean(&plan.questions())?;
        clean(&QuestionPlan { level: a, power: b, ..plan }.questions())?;
    }
}

/// Counts of which some are impossible and some very large.
fn count() -> impl Strategy<Value = usize> {
    prop::sample::select(vec![0, 1, 2, 7, 1000, 1_000_000, 1_000_000_000, usize::MAX])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]
    #[test]
    fn counts_of_any_kind_give_numbers_or_reasons(
        a in count(),
        b in count(),
        n_a in count(),
        n_b in count(),
        confidence in hostile(),
    ) {
        clean(&(mcnemar(a, b), paired_proportions(a, b, n_a, 0.95)))?;
        clean(&paired_proportions(a, b, n_a, confidence))?;
        if let (Ok(a), Ok(b)) = (Proportion::new(a, n_a), Proportion::new(b, n_b)) {
            clean(&(fisher(a, b), newcombe(a, b, 0.95), pooled_z(a, b, confidence)))?;
        }
    }

    #[test]
    fn resamples_of_any_kind_give_numbers_or_reasons(
        x in column(),
        y in column(),
        null in hostile(),
        draws in count(),
    ) {
        let how = Resampling { draws: draws.min(1000), ..Resampling::default() };
        clean(&bootstrap(&x, null, median, how))?;
        clean(&bootstrap_bca(&x, median, how))?;
        clean(&bootstrap_paired(&x, &y, how))?;
        clean(&bootstrap_two(&x, &y, null, |x, y| Some(median(x)? - median(y)?), how))?;
    }

    #[test]
    fn clusters_of_any_kind_give_numbers_or_reasons(
        points in prop::collection::vec((hostile(), hostile()), 0..6),
    ) {
        let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
        clean(&cluster(&x, &y))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn points_of_any_kind_give_numbers_or_reasons(
        values in prop_oneof![
            4 => prop::collection::vec(hostile().prop_filter("finite", |v| v.is_finite()), 0..25),
            1 => prop::collection::vec(hostile(), 0..25),
        ],
        others in prop::collection::vec(prop::option::of(hostile().prop_map(f64::abs)), 25),
        dimension in 0..6_usize,
        a in hostile(),
    ) {
        let whole = values.len() - values.len() % dimension.max(1);
        let values = values.get(..whole).unwrap_or_default();
        let points = pareto::Points::new(values, dimension);
        clean(&points)?;
        let Ok(points) = points else { return Ok(()) };
        let others = others.get(..whole).unwrap_or_default();
        let row: Vec<f64> = others.iter().take(dimension).map(|v| v.unwrap_or(a)).collect();
        clean(&(pareto::front(&points), pareto::layers(&points)))?;
        clean(&pareto::hypervolume(&points, &row))?;
        clean(&pareto::contributions(&points, &row))?;
        clean(&pareto::membership(&points, others))?;
        clean(&(pareto::front_shares(&points, 1), pareto::front_shares(&points, 2)))?;
        clean(&pareto::near_front(&points, pareto::Margin::Factor(a)))?;
        clean(&pareto::near_front(&points, pareto::Margin::Amounts(&row)))?;
        clean(&pareto::knee(&points))?;
        clean(&pareto::trade_off_rate((a, 1e308), (row.first().copied().unwrap_or(1.0), -1e308)))?;
        if let Ok(gaps) = pareto::Gaps::new(&points) {
            for row in 0..=points.len() {
                clean(&gaps.of(row))?;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn changes_of_any_kind_give_numbers_or_reasons(
        values in prop::collection::vec(hostile(), 8..24),
        alpha in hostile(),
        effect in hostile(),
    ) {
        let finite: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        for minimum_effect in [MinimumEffect::Relative(effect), MinimumEffect::Absolute(effect)] {
            clean(&changes(&values, &ChangeOptions { alpha, minimum_effect }))?;
            for alpha in [0.05, 0.5] {
                clean(&changes(&finite, &ChangeOptions { alpha, minimum_effect }))?;
            }
        }
        for minimum_effect in [MinimumEffect::Relative(0.0), MinimumEffect::Absolute(0.0)] {
            clean(&changes(&finite, &ChangeOptions { alpha: 0.5, minimum_effect }))?;
        }
    }
}
