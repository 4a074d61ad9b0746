//! General linear least squares: several predictors, with or without an intercept, with or
//! without weights, by QR factorisation of centred and scaled columns.

mod design;
mod solution;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use self::design::Design;
use self::solution::{Solution, Squares};
use super::akaike::aicc;
use super::error::{StatsError, require_finite};
use super::fisher_f::fisher_f_tail;
use super::householder::Householder;
use super::ols::Band;
use super::student_t::{student_t_quantile, student_t_two_sided};

/// Condition number of the centred and scaled columns beyond which a fit is refused: fewer
/// than four digits of the coefficients would be left.
pub(super) const LARGEST_CONDITION: f64 = 1e12;

/// What is fitted beside the predictors, and how much each row counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegressionOptions<'a> {
    /// Whether the model has a constant term; without it the fit goes through the origin.
    pub intercept: bool,
    /// A weight per row, inversely proportional to the variance of its y; `None` counts all
    /// rows alike. Rows of weight 0 are left out, also of n.
    pub weights: Option<&'a [f64]>,
}

impl Default for RegressionOptions<'_> {
    fn default() -> Self {
        Self {
            intercept: true,
            weights: None,
        }
    }
}

/// One estimated coefficient and its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// In the unit of y per unit of the predictor.
    pub estimate: f64,
    /// Standard error s·√((XᵀWX)⁻¹ⱼⱼ), in the same unit.
    pub se: f64,
    /// estimate/se; `None` when the residuals leave no error to measure with.
    pub t: Option<f64>,
    /// Two-sided p of a coefficient 0 by Student's t with `df` degrees of freedom; `None` as
    /// `t`.
    pub p: Option<f64>,
}

/// The least-squares fit of y on p coefficients.
///
/// Tests and intervals assume independent, normal errors whose variances are equal, or
/// inversely proportional to the weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// Number of rows with weight, more than p.
    pub n: usize,
    /// Degrees of freedom of the residuals, n − p.
    pub df: usize,
    /// The intercept first, where there is one, then one per predictor in their order.
    pub coefficients: Vec<Coefficient>,
    /// 1 − SSE/Σw(y−ȳ)² with an intercept, `None` when all y are equal; through the origin
    /// 1 − SSE/Σwy², the uncentred R² that NIST certifies for its NoInt sets, `None` when all
    /// y are 0. The two cannot be compared.
    pub r2: Option<f64>,
    /// 1 − (1 − R²)·(n − 1)/(n − p), through the origin with n instead of n − 1; `None` as
    /// `r2`.
    pub adj_r2: Option<f64>,
    /// F of all predictors together, against the intercept alone or against 0, with as many
    /// degrees of freedom as predictors and `df`; `None` without predictors or residual error.
    pub f: Option<f64>,
    /// P(F ≥ f); 0 for an exact fit of y that vary, `None` otherwise as `f`.
    pub f_p: Option<f64>,
    /// s = √(Σwe²/(n − p)): the standard deviation of y at weight 1, in the unit of y where
    /// the weights have none. With weights 1/SE² it is near 1 when the standard errors alone
    /// explain the scatter (√ of the reduced χ²).
    pub residual_se: f64,
    /// Corrected Akaike criterion with p + 1 parameters, the error variance among them, less
    /// Σ ln w; `None` for n ≤ p + 2 or an exact fit.
    pub aicc: Option<f64>,
    /// Condition number of the centred and scaled predictors in the 1-norm: 1 when they are
    /// orthogonal, at most 10¹².
    pub condition: f64,
    /// y less its fitted value, for every row given, in the unit of y.
    pub residuals: Vec<f64>,
    /// Diagonal of the hat matrix, for every row given: the weight of a row's y in its own
    /// fitted value, 0…1, with sum p. 0 for rows without weight.
    pub leverage: Vec<f64>,
    solution: Solution,
}

impl Regression {
    /// Fits y on `columns`, one slice per predictor, over the rows
    /// `(columns[0][i], …, y[i])`. O(n·p² + p³) time, O(n·p) memory.
    ///
    /// Columns are centred when there is an intercept, scaled, and factorised by Householder
    /// reflections: Golub and Van Loan, "Matrix Computations", 4th edition (2013), section
    /// 5.3; tests and R²: Draper and Smith, "Applied Regression Analysis", 3rd edition (1998),
    /// chapters 5 and 9. No column at all beside an intercept fits the mean.
    ///
    /// # Errors
    /// Unequal lengths (of columns or weights), values that are not finite, a negative
    /// weight, no more rows with weight than coefficients, a predictor that is constant beside
    /// an intercept or zero throughout (named `x1`, `x2`, …), predictors so nearly dependent
    /// that their condition number exceeds 10¹², or numbers beyond the range of a double.
    pub fn fit(
        columns: &[&[f64]],
        y: &[f64],
        options: RegressionOptions<'_>,
    ) -> Result<Self, StatsError> {
        let design = Design::of(columns, y, options.intercept, options.weights)?;
        let qr = Householder::of(design.columns.clone());
        let condition = qr.upper.condition(usize::from(options.intercept));
        if condition > LARGEST_CONDITION {
            return Err(StatsError::ill_conditioned(condition));
        }
        let (solution, squares) =
            Solution::of(&design, &qr, options.intercept).ok_or(StatsError::OutOfRange)?;
        let residuals = solution.residuals(columns, y);
        let leverage = spread(&design.rows, qr.leverages(design.rows.len()), y.len());
        Self::tested(&design, solution, squares, options.intercept)
            .map(|fit| Self {
                condition,
                residuals,
                leverage,
                ..fit
            })
            .filter(Self::is_sound)
            .ok_or(StatsError::OutOfRange)
    }

    /// Everything that follows from the solution and its sums of squares. `None` when a
    /// coefficient leaves the range of a double.
    fn tested(
        design: &Design,
        solution: Solution,
        squares: Squares,
        intercept: bool,
    ) -> Option<Self> {
        let (n, p) = (design.rows.len(), solution.coefficients());
        let (df, predictors) = (n - p, solution.predictors());
        let residual_se = solution.sigma() * design.weight_unit.sqrt();
        let total = squares.explained + squares.residual;
        let left = (total > 0.0).then_some(squares.residual / total);
        let base = if intercept { n - 1 } else { n };
        let f = (squares.explained / predictors as f64) / (squares.residual / df as f64);
        let f = Some(f).filter(|f| predictors > 0 && f.is_finite());
        let exact = predictors > 0 && squares.explained > 0.0 && squares.residual == 0.0;
        // SSE/w₀ in units of the scale of y, which as a square might leave the range.
        let log_unit = 2.0 * design.y_axis.scale.ln() + design.weight_unit.ln();
        let log_scale = n as f64 * log_unit - design.log_weights;
        Some(Self {
            n,
            df,
            coefficients: solution
                .estimates()?
                .into_iter()
                .map(|(estimate, se)| Coefficient::of(estimate, se, df as f64))
                .collect(),
            r2: left.map(|left| 1.0 - left),
            adj_r2: left.map(|left| 1.0 - left * base as f64 / df as f64),
            f,
            f_p: match f {
                Some(f) => fisher_f_tail(f, predictors, df as f64),
                None => exact.then_some(0.0),
            },
            residual_se,
            aicc: aicc(n, squares.residual, p + 1).map(|aicc| aicc + log_scale),
            condition: 1.0,
            residuals: Vec::new(),
            leverage: Vec::new(),
            solution,
        })
    }

    fn is_sound(&self) -> bool {
        let rows = self.residuals.iter().chain(&self.leverage);
        rows.chain([&self.residual_se])
            .all(|value| value.is_finite())
    }

    /// Interval of the coefficient at `index` that holds its true value with confidence
    /// `level`: estimate ± t·se. `None` when there is no such coefficient, unless
    /// 0 < level < 1, or when an end is not finite.
    #[must_use]
    pub fn interval(&self, index: usize, level: f64) -> Option<(f64, f64)> {
        let coefficient = self.coefficients.get(index)?;
        interval(coefficient, self.df, level)
    }

    /// 95 % band of the mean of y at the predictors `at`. `None` when their number is not that
    /// of the columns fitted, or when the result is not finite.
    #[must_use]
    pub fn band(&self, at: &[f64]) -> Option<Band> {
        self.around(at, 0.0)
    }

    /// 95 % interval of one new y of weight 1 at the predictors `at`. `None` as for
    /// [`Regression::band`].
    #[must_use]
    pub fn prediction(&self, at: &[f64]) -> Option<Band> {
        self.around(at, self.residual_se)
    }

    fn around(&self, at: &[f64], own: f64) -> Option<Band> {
        let (fit, se) = self.combination(1.0, at)?;
        let reach = student_t_quantile(0.975, self.df as f64)? * se.hypot(own);
        let (low, high) = (fit - reach, fit + reach);
        (low.is_finite() && high.is_finite()).then_some(Band { fit, low, high })
    }

    /// The linear function constant·intercept + Σⱼ slopesⱼ·(slope of predictor j) of the
    /// coefficients and its standard error; `constant` is ignored in a fit through the origin.
    /// `None` for another number of slopes, or when the result leaves the range of a double.
    pub(super) fn combination(&self, constant: f64, slopes: &[f64]) -> Option<(f64, f64)> {
        if slopes.len() != self.solution.predictors() {
            return None;
        }
        self.solution.combination(constant, slopes)
    }
}

/// estimate ± t·se at a level of confidence.
pub(super) fn interval(coefficient: &Coefficient, df: usize, level: f64) -> Option<(f64, f64)> {
    let Coefficient { estimate, se, .. } = *coefficient;
    if !(level > 0.0 && level < 1.0) {
        return None;
    }
    let reach = se * student_t_quantile(0.5 + 0.5 * level, df as f64)?;
    let ends = (estimate - reach, estimate + reach);
    (ends.0.is_finite() && ends.1.is_finite()).then_some(ends)
}

impl Coefficient {
    /// The estimate with its t test on `df` degrees of freedom.
    pub(super) fn of(estimate: f64, se: f64, df: f64) -> Self {
        let t = Some(estimate / se).filter(|t| se > 0.0 && t.is_finite());
        Self {
            estimate,
            se,
            t,
            p: t.and_then(|t| student_t_two_sided(t, df)),
        }
    }
}

/// `values` of some rows among all `n`, with 0 for the others.
fn spread(rows: &[usize], values: Vec<f64>, n: usize) -> Vec<f64> {
    let mut all = vec![0.0; n];
    for (row, value) in rows.iter().zip(values) {
        if let Some(slot) = all.get_mut(*row) {
            *slot = value.min(1.0);
        }
    }
    all
}

/// Weights 1/SE² from the standard errors of the y of each row, in the order of the rows. O(n).
///
/// Source: Aitken, "On least squares and linear combination of observations", Proceedings of
/// the Royal Society of Edinburgh 55 (1936) 42–48.
///
/// # Errors
/// A standard error that is not finite or not positive, or whose inverse square leaves the
/// range of a double.
pub fn inverse_variance_weights(standard_errors: &[f64]) -> Result<Vec<f64>, StatsError> {
    require_finite("standard_errors", standard_errors)?;
    if let Some(index) = standard_errors.iter().position(|se| *se <= 0.0) {
        return Err(StatsError::OutOfDomain {
            variable: "standard_errors",
            index,
        });
    }
    let weights: Vec<f64> = standard_errors.iter().map(|se| (1.0 / se) / se).collect();
    let sound = weights.iter().all(|weight| weight.is_normal());
    sound.then_some(weights).ok_or(StatsError::OutOfRange)
}
