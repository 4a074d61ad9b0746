//! Drift told apart from steps: a trend in one direction that a straight line describes better
//! than levels do.

use super::super::mann_kendall::{MannKendall, mann_kendall};
use super::super::ols::Ols;
use super::super::theil_sen::{SlopeInterval, theil_sen};
use super::scan::MIN_SEGMENT;
use super::steps::{Steps, best_steps};

/// Most changes of the least-squares levels that the line is compared with.
const MOST_CHANGES: usize = 3;

/// By how much the line's criterion must be lower: with 4 the evidence is considerable,
/// Burnham and Anderson, "Model Selection and Multimodel Inference" (2002), section 2.6.
const MARGIN: f64 = 4.0;

/// A steady trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Theil–Sen slope, in the unit of the values per value.
    pub slope: f64,
    /// Its 95 % interval.
    pub interval: Option<SlopeInterval>,
    /// The test of trend.
    pub trend: MannKendall,
    /// Corrected Akaike criterion of the best levels less that of the line, at least 4;
    /// `None` when the values lie exactly on a line.
    pub margin: Option<f64>,
}

/// The drift of `values`, where a Mann–Kendall test at `alpha` finds a trend and the
/// least-squares line has an AICc lower by 4 or more than each of: one level, the levels
/// between the confirmed of the `changes` (place, whether confirmed), and the best levels with
/// 1 to 3 changes. O(n²), but O(n) for a series that does not drift plainly.
pub(super) fn drift(values: &[f64], changes: &[(usize, bool)], alpha: f64) -> Option<Drift> {
    let n = values.len();
    let time: Vec<f64> = (0..n).map(|i| i as f64).collect();
    let fit = Ols::fit(&time, values).ok()?;
    let exact = fit.residual_se == Some(0.0);
    let line = if exact {
        f64::NEG_INFINITY
    } else {
        fit.aicc_line?
    };
    let confirmed = changes.iter().filter(|(_, confirmed)| *confirmed);
    let confirmed = Steps::at(values, confirmed.map(|(place, _)| *place).collect());
    // From the cheapest rival to the dearest, as most series are settled by the first.
    let mut rival = f64::INFINITY;
    meet(
        line,
        &mut rival,
        n,
        &[Steps::at(values, Vec::new()), confirmed],
    )?;
    meet(line, &mut rival, n, &best_steps(values, 1, MIN_SEGMENT))?;
    let trend = mann_kendall(values).ok().filter(|trend| trend.p <= alpha)?;
    meet(
        line,
        &mut rival,
        n,
        &best_steps(values, MOST_CHANGES, MIN_SEGMENT),
    )?;
    let robust = theil_sen(&time, values).ok()?;
    Some(Drift {
        slope: robust.slope,
        interval: robust.interval,
        trend,
        margin: Some(rival - line).filter(|margin| margin.is_finite()),
    })
}

/// Lowers the `rival` to the best of the `steps`; `None` when the line no longer wins.
fn meet(line: f64, rival: &mut f64, n: usize, steps: &[Steps]) -> Option<()> {
    let criteria = steps.iter().filter_map(|steps| steps.aicc(n));
    *rival = criteria.fold(*rival, f64::min);
    (*rival - line >= MARGIN).then_some(())
}

#[cfg(test)]
mod tests {
    use super::super::super::reference::{close, columns};
    use super::*;

    /// Between −0.5 and 0.5, without pattern.
    fn noise(i: usize) -> f64 {
        f64::from((i as u32 * 41) % 97) / 97.0 - 0.5
    }

    fn series(n: usize, level: impl Fn(usize) -> f64) -> Vec<f64> {
        (0..n).map(|i| level(i) + noise(i)).collect()
    }

    #[test]
    fn a_slope_drifts_and_steps_do_not() {
        let found = drift(&series(60, |i| 0.1 * i as f64), &[], 0.05).unwrap();
        close(found.slope, 0.1, 0.005);
        assert!(found.margin.unwrap() > 20.0 && found.trend.p < 1e-9);
        let step = series(60, |i| if i < 25 { 0.0 } else { 3.0 });
        assert_eq!(drift(&step, &[], 0.05), None);
        assert_eq!(drift(&series(60, |_| 0.0), &[], 0.05), None);
    }

    #[test]
    fn a_long_staircase_drifts_unless_its_steps_are_confirmed() {
        let staircase = series(80, |i| 3.0 * (i / 10) as f64);
        let places: Vec<(usize, bool)> = (1..8).map(|i| (i * 10, true)).collect();
        assert_eq!(drift(&staircase, &places, 0.05), None);
        assert!(drift(&staircase, &[], 0.05).is_some());
    }

    #[test]
    fn an_exact_line_drifts_without_a_margin() {
        let line: Vec<f64> = (0..16).map(f64::from).collect();
        let found = drift(&line, &[], 0.05).unwrap();
        assert_eq!((found.slope, found.margin), (1.0, None));
    }

    #[test]
    fn the_population_grew_steadily_and_the_nile_did_not() {
        for (file, drifts) in [
            ("changepoint/tcpd_us_population.csv", true),
            ("changepoint/nile.csv", false),
            ("changepoint/perf_tigerbeetle.csv", false),
        ] {
            let Some(table) = columns(file) else { return };
            assert_eq!(drift(&table[1], &[], 0.05).is_some(), drifts, "{file}");
        }
    }
}
