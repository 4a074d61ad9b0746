//! What each single point does to a least-squares line: leverage, Cook's distance,
//! studentised residual, and the slope without it.

use super::error::StatsError;
use super::moments::PairedSums;
use super::ols::{Ols, residuals};

/// Relative size below which a sum of squares left after removing a point is rounding.
const ROUNDING: f64 = 1e-12;

/// The pull of one point on the line fitted through all of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Influence {
    /// Row of the point, from 0.
    pub index: usize,
    /// h = 1/n + (u−ū)²/Suu, in 1/n…1; exactly 1 when all other u are equal, so that the
    /// slope rests on this point alone.
    pub leverage: f64,
    /// Cook's distance e²h/(2s²(1−h)²); `None` at leverage 1 or without residual error.
    pub cook: Option<f64>,
    /// Externally studentised residual, Student's t with n − 3 degrees of freedom; `None` for
    /// n < 4, at leverage 1, or when the other points lie exactly on a line.
    pub studentized: Option<f64>,
    /// Slope fitted without this point; `None` at leverage 1.
    pub slope_without: Option<f64>,
    /// Whether the slope without this point has the opposite sign.
    pub sign_changes_without: bool,
}

/// Influence of every row on the least-squares line of y on u, in row order. O(n log n).
///
/// Source: Cook and Weisberg, "Residuals and Influence in Regression" (1982).
///
/// # Errors
/// Those of [`Ols::fit`].
pub fn influence(u: &[f64], y: &[f64]) -> Result<Vec<Influence>, StatsError> {
    let line = Ols::fit(u, y)?;
    let sums = PairedSums::of(u, y)?;
    let points = Points {
        sse: residuals(&sums, line.slope, u, y).map(|e| e * e).sum(),
        ends: Ends::of(u),
        line,
        sums,
    };
    let rows = u.iter().zip(residuals(&sums, line.slope, u, y));
    Ok(rows
        .enumerate()
        .map(|(index, (u, residual))| points.influence(index, *u, residual))
        .collect())
}

/// What the influence of every point is measured against.
struct Points {
    line: Ols,
    sums: PairedSums,
    sse: f64,
    ends: Ends,
}

impl Points {
    fn influence(&self, index: usize, u: f64, residual: f64) -> Influence {
        let distance = u - self.sums.mean_x;
        let alone = self.ends.others_are_equal(u);
        let leverage = if alone {
            1.0
        } else {
            (1.0 / self.sums.n as f64 + distance * (distance / self.sums.sxx)).min(1.0)
        };
        let left = (!alone && leverage < 1.0).then_some(1.0 - leverage);
        let slope_without =
            left.map(|left| self.line.slope - distance / self.sums.sxx * (residual / left));
        Influence {
            index,
            leverage,
            cook: left.and_then(|left| self.cook(residual, leverage, left)),
            studentized: left.and_then(|left| self.studentized(residual, left)),
            slope_without: slope_without.filter(|slope| slope.is_finite()),
            sign_changes_without: slope_without
                .is_some_and(|without| self.sign(without) * self.sign(self.line.slope) < 0),
        }
    }

    fn cook(&self, residual: f64, leverage: f64, left: f64) -> Option<f64> {
        let s = self.line.residual_se.filter(|s| *s > 0.0)?;
        let scaled = residual / s / left;
        Some(0.5 * scaled * scaled * leverage).filter(|cook| cook.is_finite())
    }

    fn studentized(&self, residual: f64, left: f64) -> Option<f64> {
        let df = self.sums.n.checked_sub(3).filter(|df| *df > 0)?;
        let sse_without = self.sse - residual * (residual / left);
        if sse_without <= ROUNDING * self.sse {
            return None;
        }
        let spread = (sse_without / df as f64).sqrt() * left.sqrt();
        Some(residual / spread).filter(|studentized| studentized.is_finite())
    }

    /// Sign of a slope, 0 where it differs from 0 by no more than rounding.
    fn sign(&self, slope: f64) -> i8 {
        let scale = (self.sums.syy / self.sums.sxx).sqrt();
        if slope.abs() <= ROUNDING * scale {
            0
        } else if slope > 0.0 {
            1
        } else {
            -1
        }
    }
}

/// The two smallest and the two largest u: enough to know, without rounding, whether all
/// values but one are equal.
struct Ends {
    lowest: [f64; 2],
    highest: [f64; 2],
}

impl Ends {
    fn of(u: &[f64]) -> Self {
        let mut ends = Self {
            lowest: [f64::INFINITY; 2],
            highest: [f64::NEG_INFINITY; 2],
        };
        for &u in u {
            let [first, second] = ends.lowest;
            ends.lowest = [first.min(u), second.min(first.max(u))];
            let [first, second] = ends.highest;
            ends.highest = [first.max(u), second.max(first.min(u))];
        }
        ends
    }

    fn others_are_equal(&self, u: f64) -> bool {
        let low = self.lowest[usize::from(u == self.lowest[0])];
        let high = self.highest[usize::from(u == self.highest[0])];
        low >= high
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::{SEVEN_SCORES, anscombe, close, seven_log_speeds};
    use super::*;

    fn without(values: &[f64], index: usize) -> Vec<f64> {
        [&values[..index], &values[index + 1..]].concat()
    }

    #[test]
    fn seven_models_by_refitting_without_each() {
        // numpy and scipy 1.17.1, each slope from a fit of six points.
        let found = influence(&seven_log_speeds(), &SEVEN_SCORES).unwrap();
        let expected = [
            (
                0.1673998010810726,
                0.2562486946233025,
                2.0396080634846983,
                12.632386912694988,
            ),
            (
                0.26455636144012856,
                0.0512646076867041,
                0.4917332596445972,
                1.153679587737691,
            ),
            (
                0.14757943217834685,
                0.0162119605763282,
                0.39453137943087846,
                5.475281986477252,
            ),
            (
                0.22422359069259007,
                0.01615273445483786,
                0.30242654395584073,
                8.757614351954679,
            ),
            (
                0.5652359319708138,
                0.573994191397053,
                -0.9262331525060742,
                27.868127511331846,
            ),
            (
                0.4866055944006921,
                0.6235896417578921,
                -1.1952594516104245,
                -15.702907174786514,
            ),
            (
                0.14439928823635595,
                0.134356046097202,
                -1.3670631714753656,
                4.9762183244106915,
            ),
        ];
        for (point, (leverage, cook, studentized, slope)) in found.iter().zip(expected) {
            close(point.leverage, leverage, 1e-11);
            close(point.cook, cook, 1e-10);
            close(point.studentized, studentized, 1e-10);
            close(point.slope_without, slope, 1e-9);
        }
        let turning: Vec<usize> = found
            .iter()
            .filter(|point| point.sign_changes_without)
            .map(|point| point.index)
            .collect();
        assert_eq!(turning, [5]);
    }

    #[test]
    fn finds_the_points_that_anscombe_planted() {
        // statsmodels 0.15.0: greatest leverage, greatest Cook distance and its row.
        let expected = [
            (0.318181818182, 0.489209275774, 2),
            (0.318181818182, 0.807869303784, 5),
            (0.318181818182, 1.39284945025, 2),
            (1.0, 0.136717945583, 3),
        ];
        for ((x, y), (leverage, cook, row)) in anscombe().into_iter().zip(expected) {
            let found = influence(&x, &y).unwrap();
            close(
                found.iter().map(|p| p.leverage).reduce(f64::max),
                leverage,
                1e-11,
            );
            close(
                found.iter().filter_map(|p| p.cook).reduce(f64::max),
                cook,
                1e-10,
            );
            assert_eq!(
                found[row].cook,
                found.iter().filter_map(|p| p.cook).reduce(f64::max)
            );
        }
    }

    #[test]
    fn a_slope_that_rests_on_one_point_is_said_to() {
        let [.., (x, y)] = anscombe();
        let found = influence(&x, &y).unwrap();
        assert_eq!(
            found[7],
            Influence {
                index: 7,
                leverage: 1.0,
                cook: None,
                studentized: None,
                slope_without: None,
                sign_changes_without: false
            }
        );
        assert!(
            found
                .iter()
                .all(|p| p.index == 7 || p.slope_without.is_some())
        );
    }

    #[test]
    fn an_exact_line_with_one_outlier_has_no_error_to_studentise_by() {
        let found = influence(&[1.0, 2.0, 3.0, 4.0, 5.0], &[1.0, 2.0, 9.0, 4.0, 5.0]).unwrap();
        assert_eq!(found[2].studentized, None);
        close(found[2].slope_without, 1.0, 1e-12);
        assert!(found[0].studentized.is_some());
    }

    #[test]
    fn two_points_are_all_leverage() {
        let found = influence(&[0.1, 0.3], &[1.0, 2.0]).unwrap();
        assert!(
            found
                .iter()
                .all(|p| p.leverage == 1.0 && p.slope_without.is_none())
        );
        assert_eq!(
            influence(&[1.0], &[1.0]),
            Err(StatsError::TooFew { n: 1, needed: 2 })
        );
    }

    proptest! {
        #[test]
        fn the_slope_without_a_point_is_that_of_the_other_points(
            points in prop::collection::vec((0.0..100.0f64, 0.0..100.0f64), 4..20),
        ) {
            let (u, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
            let found = influence(&u, &y).unwrap();
            let leverages: f64 = found.iter().map(|p| p.leverage).sum();
            prop_assert!((leverages - 2.0).abs() <= 1e-9);
            for point in found {
                let refit = Ols::fit(&without(&u, point.index), &without(&y, point.index)).unwrap();
                let slope = point.slope_without.unwrap();
                let tolerance = 1e-7 * (refit.slope_se.unwrap() + slope.abs());
                prop_assert!((slope - refit.slope).abs() <= tolerance, "{point:?} {}", refit.slope);
            }
        }
    }
}
