//! The solution of a least-squares problem in the coordinates it was computed in, and every
//! linear function of its coefficients with a standard error.

use super::super::householder::{Householder, Upper};
use super::super::moments::sum;
use super::design::{Axis, Design, power_of_two};

/// Coefficients and their covariance on centred, scaled axes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Solution {
    intercept: bool,
    axes: Vec<Axis>,
    y_axis: Axis,
    upper: Upper,
    /// The intercept's, where there is one, then the slopes.
    scaled: Vec<f64>,
    /// Residual standard error in the unit of y, at the weight unit of the design.
    sigma: f64,
}

/// The sum of squares of y in scaled coordinates, split in two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Squares {
    /// By the predictors.
    pub(super) explained: f64,
    /// Of the residuals.
    pub(super) residual: f64,
}

impl Solution {
    /// Solves for the coefficients, then once more for the residuals, which wins back most of
    /// what rounding took: Björck, "Iterative refinement of linear least squares solutions I",
    /// BIT 7 (1967) 257–278. `None` when the residuals have no degree of freedom, or a
    /// standard error below the range of a double. O(n·p).
    pub(super) fn of(
        design: &Design,
        qr: &Householder,
        intercept: bool,
    ) -> Option<(Self, Squares)> {
        let mut rotated = design.y.clone();
        qr.rotate(&mut rotated);
        let mut scaled = qr.upper.solve(&rotated);
        let mut remainder = remainder(design, &scaled);
        qr.rotate(&mut remainder);
        for (value, correction) in scaled.iter_mut().zip(qr.upper.solve(&remainder)) {
            *value += correction;
        }
        let slopes = rotated
            .iter()
            .take(scaled.len())
            .skip(usize::from(intercept));
        let squares = Squares {
            explained: sum(slopes.map(|z| z * z)),
            residual: sum(self::remainder(design, &scaled).iter().map(|e| e * e)),
        };
        let df = design
            .rows
            .len()
            .checked_sub(scaled.len())
            .filter(|df| *df > 0)?;
        let sigma = (squares.residual / df as f64).sqrt() * design.y_axis.scale;
        if !sigma.is_normal() && squares.residual != 0.0 {
            return None;
        }
        let solution = Self {
            intercept,
            axes: design.axes.clone(),
            y_axis: design.y_axis,
            upper: qr.upper.clone(),
            scaled,
            sigma,
        };
        Some((solution, squares))
    }

    /// Number of coefficients, the intercept among them.
    pub(super) fn coefficients(&self) -> usize {
        self.scaled.len()
    }

    /// Number of predictors.
    pub(super) fn predictors(&self) -> usize {
        self.axes.len()
    }

    /// Residual standard error in the unit of y, at the weight unit of the design.
    pub(super) fn sigma(&self) -> f64 {
        self.sigma
    }

    /// The linear function constant·intercept + Σⱼ slopesⱼ·(slope of predictor j) of the
    /// coefficients, and its standard error. Without an intercept `constant` is ignored.
    /// `None` when either leaves the range of a double. O(p²).
    ///
    /// Formed on the scaled axes, where the intercept is the mean of y and does not cancel
    /// against the slopes.
    pub(super) fn combination(&self, constant: f64, slopes: &[f64]) -> Option<(f64, f64)> {
        let constant = if self.intercept { constant } else { 0.0 };
        let moved = slopes.iter().zip(&self.axes);
        let moved = moved.map(|(slope, axis)| (slope - constant * axis.shift) / axis.scale);
        let head = self.intercept.then_some(constant);
        let mut direction: Vec<f64> = head.into_iter().chain(moved).collect();
        // At unit size, so that its squares neither overflow nor vanish.
        let size = power_of_two(direction.iter().fold(0.0, |size: f64, d| size.max(d.abs())));
        if size == 0.0 {
            let nothing = direction.iter().all(|d| *d == 0.0);
            return nothing.then_some((0.0, 0.0));
        }
        for d in &mut direction {
            *d /= size;
        }
        let value = sum(direction.iter().zip(&self.scaled).map(|(d, c)| d * c));
        let z = self.upper.solve_transposed(&direction);
        let variance = sum(z.iter().map(|z| z * z));
        let estimate = constant * self.y_axis.shift + value * size * self.y_axis.scale;
        let se = variance.sqrt() * size * self.sigma;
        let sound = estimate.is_finite() && (se.is_normal() || self.sigma == 0.0 && se == 0.0);
        sound.then_some((estimate, se))
    }

    /// Every coefficient with its standard error, the intercept first; `None` as for
    /// [`Solution::combination`]. O(p³).
    pub(super) fn estimates(&self) -> Option<Vec<(f64, f64)>> {
        let p = self.axes.len();
        let unit =
            |at: usize| -> Vec<f64> { (0..p).map(|j| f64::from(u8::from(j == at))).collect() };
        let intercept = self.intercept.then(|| self.combination(1.0, &vec![0.0; p]));
        let slopes = (0..p).map(|at| self.combination(0.0, &unit(at)));
        intercept.into_iter().chain(slopes).collect()
    }

    /// y less its fitted value in every row of the data, with or without weight. O(n·p).
    pub(super) fn residuals(&self, columns: &[&[f64]], y: &[f64]) -> Vec<f64> {
        let (constant, slopes) = match self.scaled.split_first() {
            Some((constant, slopes)) if self.intercept => (*constant, slopes),
            _ => (0.0, self.scaled.as_slice()),
        };
        let residual = |(row, y): (usize, &f64)| {
            let fitted = columns.iter().zip(&self.axes).zip(slopes);
            let fitted = fitted.map(|((column, axis), slope)| {
                -slope * axis.place(column.get(row).copied().unwrap_or_default())
            });
            sum([self.y_axis.place(*y), -constant].into_iter().chain(fitted)) * self.y_axis.scale
        };
        y.iter().enumerate().map(residual).collect()
    }
}

/// Weighted residuals in scaled coordinates.
fn remainder(design: &Design, scaled: &[f64]) -> Vec<f64> {
    let row = |(row, y): (usize, &f64)| {
        let terms = design.columns.iter().zip(scaled);
        let fitted = terms.map(|(column, c)| -c * column.get(row).copied().unwrap_or_default());
        sum(std::iter::once(*y).chain(fitted))
    };
    design.y.iter().enumerate().map(row).collect()
}
