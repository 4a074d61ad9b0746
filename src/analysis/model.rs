//! y as a linear model of more than a line: several predictors, a polynomial, a fit through the
//! origin, rows weighted by their standard errors. The formulas are those of [`crate::stats`].

use polars::prelude::DataFrame;
use serde_json::json;

use crate::catalog::number::{p_equals, short};
use crate::stats::{
    Coefficient, Polynomial, Regression, RegressionOptions, StatsError, inverse_variance_weights,
};

use super::columns::{self, Complete, Excluded};
use super::error::AnalysisError;

/// Which model is fitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelOptions {
    /// The predictors.
    pub x: Vec<String>,
    /// Whether each is taken as its log10.
    pub log_x: bool,
    /// The highest power of the only predictor, at least 1.
    pub degree: usize,
    /// Whether the model has no intercept.
    pub through_origin: bool,
    /// Whether each row counts by 1/SE² of its y.
    pub weighted: bool,
}

impl ModelOptions {
    /// Whether it is the plain line, which [`super::Fit`] tells more about.
    pub fn is_line(&self) -> bool {
        self.x.len() == 1 && self.degree == 1 && !self.through_origin && !self.weighted
    }
}

/// A term of a model with its estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// `intercept`, a column's name, `speed^2`, `log10 speed`.
    pub name: String,
    /// The estimate, its standard error, t and p.
    pub coefficient: Coefficient,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
}

/// A fitted model.
#[derive(Debug, Clone)]
pub struct Model {
    /// What was asked for.
    pub options: ModelOptions,
    /// The column that is explained.
    pub y: String,
    /// What the rows used are about.
    pub labels: Vec<String>,
    /// The rows left out.
    pub excluded: Vec<Excluded>,
    /// The terms, the intercept first; why there are none where the rows carry no such model.
    pub terms: Result<Vec<Term>, String>,
    /// The fit behind them; of a polynomial on its orthogonal basis.
    pub regression: Option<Regression>,
}

impl Model {
    /// Fits the model over the rows of a frame; rows without a value in any of its columns are left
    /// out, and so are rows without a positive standard error when they are to be weighted.
    ///
    /// # Errors
    /// [`AnalysisError::NoColumn`], [`AnalysisError::NotANumber`], [`AnalysisError::NotPositive`] for
    /// x ≤ 0 on a logarithmic scale, [`AnalysisError::Undefined`] for a polynomial of several
    /// predictors or weights that no column holds.
    pub fn of(
        frame: &DataFrame,
        y: &str,
        options: ModelOptions,
        label: Option<&str>,
    ) -> Result<Self, AnalysisError> {
        if options.x.len() > 1 && options.degree > 1 {
            return Err(AnalysisError::Undefined {
                what: "a polynomial",
                reason: format!("it has one predictor, not {}", options.x.len()),
            });
        }
        let mut names: Vec<&str> = options.x.iter().map(String::as_str).collect();
        names.push(y);
        let mut rows = Complete::of(frame, &names, label)?;
        let weights = match options.weighted {
            true => Some(weigh(frame, y, &mut rows)?),
            false => None,
        };
        if options.log_x {
            for (at, name) in options.x.iter().enumerate() {
                rows.positive(at, name, label)?;
                let column = rows.numbers.get_mut(at).into_iter().flatten();
                column.for_each(|value| *value = value.log10());
            }
        }
        let ys = rows.numbers.pop().unwrap_or_default();
        let fitted = fitted(&options, &rows.numbers, &ys, weights.as_deref());
        let (terms, regression) = match fitted {
            Ok((terms, regression)) => (Ok(terms), Some(regression)),
            Err(error) => (Err(named(&error, &options.x)), None),
        };
        Ok(Self {
            options,
            y: y.to_owned(),
            labels: rows.labels,
            excluded: rows.excluded,
            terms,
            regression,
        })
    }

    /// How many rows were used.
    pub fn n(&self) -> usize {
        self.labels.len()
    }

    /// What the model is, in words: `score on log10 speed and params, weighted by 1/stderr²`.
    pub fn title(&self) -> String {
        let log = if self.options.log_x { "log10 " } else { "" };
        let names: Vec<String> = self.options.x.iter().map(|x| format!("{log}{x}")).collect();
        let on = match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => String::new(),
        };
        let mut title = format!("{} on {on}", self.y);
        if self.options.degree > 1 {
            title.push_str(&format!(", polynomial of degree {}", self.options.degree));
        }
        if self.options.through_origin {
            title.push_str(", through the origin");
        }
        if self.options.weighted {
            title.push_str(&format!(", rows weighted by 1/{}_stderr²", self.y));
        }
        title
    }

    /// What the model as a whole says, with its evidence; a statement about the rows, not about causes.
    pub fn verdict(&self) -> String {
        let Some(fit) = &self.regression else {
            let why = self.terms.as_ref().err().map_or("", String::as_str);
            return format!(
                "{}: no such model can be fitted: {why}, n = {}",
                self.title(),
                self.n()
            );
        };
        let predictors = fit.coefficients.len() - usize::from(!self.options.through_origin);
        let evidence = match (fit.f, fit.f_p) {
            (Some(f), Some(p)) => format!(
                "F({predictors}, {}) = {}, {}",
                fit.df,
                short(f),
                p_equals(p)
            ),
            _ => "no residual error to test against".to_owned(),
        };
        let against = match self.options.through_origin {
            true => "zero",
            false => "its mean",
        };
        format!(
            "{}, against {against} alone: {evidence}, n = {}",
            self.title(),
            fit.n
        )
    }

    /// The `ols` object of the JSON: the terms and what the fit as a whole comes to.
    pub fn to_json(&self) -> serde_json::Value {
        let (Some(fit), Ok(terms)) = (&self.regression, &self.terms) else {
            return serde_json::Value::Null;
        };
        let term = |term: &Term| {
            let Coefficient { estimate, se, t, p } = term.coefficient;
            let (low, high) = term.interval.unzip();
            json!({"term": term.name, "estimate": estimate, "se": se, "t": t, "p": p, "low": low, "high": high})
        };
        // The keys of a line, where the model is one.
        let is_line = self.options.x.len() == 1 && self.options.degree == 1;
        let slope = terms.last().filter(|_| is_line);
        let intercept = terms.first().filter(|_| !self.options.through_origin);
        let (slope_low, slope_high) = slope.and_then(|t| t.interval).unzip();
        json!({
            "coefficients": terms.iter().map(term).collect::<Vec<_>>(),
            "slope": slope.map(|t| t.coefficient.estimate),
            "slope_se": slope.map(|t| t.coefficient.se),
            "slope_low": slope_low,
            "slope_high": slope_high,
            "t": slope.and_then(|t| t.coefficient.t),
            "p": slope.and_then(|t| t.coefficient.p),
            "intercept": intercept.map(|t| t.coefficient.estimate),
            "intercept_se": intercept.map(|t| t.coefficient.se),
            "degree": self.options.degree,
            "through_origin": self.options.through_origin,
            "weights": self.options.weighted.then_some("1/stderr^2"),
            "df": fit.df,
            "r2": fit.r2,
            "r2_about": if self.options.through_origin { "zero" } else { "mean" },
            "adj_r2": fit.adj_r2,
            "f": fit.f,
            "f_p": fit.f_p,
            "residual_se": fit.residual_se,
            "aicc": fit.aicc,
            "condition": fit.condition,
        })
    }
}

/// The terms and the regression behind them.
fn fitted(
    options: &ModelOptions,
    columns: &[Vec<f64>],
    y: &[f64],
    weights: Option<&[f64]>,
) -> Result<(Vec<Term>, Regression), StatsError> {
    let log = if options.log_x { "log10 " } else { "" };
    let first = options.x.first().map_or("", String::as_str);
    let power = |power: usize| match power {
        1 => format!("{log}{first}"),
        power if options.log_x => format!("({log}{first})^{power}"),
        power => format!("{first}^{power}"),
    };
    let intercept = (!options.through_origin).then(|| "intercept".to_owned());
    if options.degree > 1 && !options.through_origin {
        let x = columns.first().map_or(&[][..], Vec::as_slice);
        let fit = Polynomial::fit(x, y, options.degree, weights)?;
        let names = intercept.into_iter().chain((1..=options.degree).map(power));
        let terms = names.zip(fit.coefficients.iter().enumerate());
        let terms = terms.map(|(name, (at, coefficient))| Term {
            name,
            coefficient: *coefficient,
            interval: fit.interval(at, 0.95),
        });
        return Ok((terms.collect(), fit.regression.clone()));
    }
    let powers: Vec<Vec<f64>> = match columns {
        [x] => (1..=options.degree)
            .map(|k| x.iter().map(|x| x.powi(k as i32)).collect())
            .collect(),
        several => several.to_vec(),
    };
    let slices: Vec<&[f64]> = powers.iter().map(Vec::as_slice).collect();
    let fit = Regression::fit(
        &slices,
        y,
        RegressionOptions {
            intercept: !options.through_origin,
            weights,
        },
    )?;
    let names: Vec<String> = match options.x.as_slice() {
        [_] => (1..=options.degree).map(power).collect(),
        several => several.iter().map(|x| format!("{log}{x}")).collect(),
    };
    let terms = intercept
        .into_iter()
        .chain(names)
        .zip(fit.coefficients.iter().enumerate());
    let terms = terms.map(|(name, (at, coefficient))| Term {
        name,
        coefficient: *coefficient,
        interval: fit.interval(at, 0.95),
    });
    Ok((terms.collect(), fit))
}

/// The weight of each row; rows without a positive standard error are moved to the excluded.
fn weigh(frame: &DataFrame, y: &str, rows: &mut Complete) -> Result<Vec<f64>, AnalysisError> {
    let Some(errors) = columns::stderrs(frame, y)? else {
        return Err(AnalysisError::Undefined {
            what: "weights",
            reason: format!("no column `{y}_stderr` or `{y}_se` holds standard errors of `{y}`"),
        });
    };
    let error = |row: &usize| errors.get(*row).copied().flatten().filter(|se| *se > 0.0);
    let keep: Vec<bool> = rows.rows.iter().map(|row| error(row).is_some()).collect();
    let reason = format!("no standard error of `{y}` above 0");
    rows.keep(&keep, &reason);
    let errors: Vec<f64> = rows.rows.iter().filter_map(error).collect();
    inverse_variance_weights(&errors).map_err(|error| AnalysisError::Undefined {
        what: "weights",
        reason: error.to_string(),
    })
}

/// An error with the columns' own names in place of `x1`, `x2`, ….
fn named(error: &StatsError, x: &[String]) -> String {
    let column = |variable: &str| match variable.strip_prefix('x')? {
        "" => x.first(),
        digits => x.get(digits.parse::<usize>().ok()?.checked_sub(1)?),
    };
    match error {
        StatsError::Constant { variable } => match column(variable) {
            Some(column) => format!("all values of `{column}` are equal"),
            None => error.to_string(),
        },
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use polars::df;

    use super::*;

    fn options(x: &[&str]) -> ModelOptions {
        ModelOptions {
            x: x.iter().map(|&x| x.to_owned()).collect(),
            log_x: false,
            degree: 1,
            through_origin: false,
            weighted: false,
        }
    }

    fn terms(model: &Model) -> Vec<(&str, f64)> {
        let terms = model.terms.as_ref().unwrap().iter();
        terms
            .map(|t| {
                (
                    t.name.as_str(),
                    (t.coefficient.estimate * 1e9).round() / 1e9,
                )
            })
            .collect()
    }

    fn frame() -> DataFrame {
        df![
            "a" => [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            "b" => [2.0, 1.0, 4.0, 3.0, 6.0, 5.0],
            "c" => [7.0; 6],
            "y" => [9.0, 8.0, 19.0, 18.0, 29.0, 28.0],
            "y_stderr" => [Some(1.0), Some(1.0), Some(0.5), Some(2.0), None, Some(0.0)],
        ]
        .unwrap()
    }

    #[test]
    fn several_predictors_have_a_term_each() {
        // y = 1 + 2a + 3b.
        let model = Model::of(&frame(), "y", options(&["a", "b"]), None).unwrap();
        assert_eq!(terms(&model), [("intercept", 1.0), ("a", 2.0), ("b", 3.0)]);
        assert_eq!(model.title(), "y on a and b");
    }

    #[test]
    fn a_polynomial_names_its_powers_and_an_origin_has_no_intercept() {
        let frame =
            df!["x" => [1.0, 2.0, 3.0, 4.0, 5.0], "y" => [3.0, 10.0, 21.0, 36.0, 55.0]].unwrap();
        let degree = |through_origin| ModelOptions {
            degree: 2,
            through_origin,
            ..options(&["x"])
        };
        let model = Model::of(&frame, "y", degree(false), None).unwrap();
        assert_eq!(
            terms(&model),
            [("intercept", 0.0), ("x", 1.0), ("x^2", 2.0)]
        );
        let model = Model::of(&frame, "y", degree(true), None).unwrap();
        assert_eq!(terms(&model), [("x", 1.0), ("x^2", 2.0)]);
    }

    #[test]
    fn weights_are_inverse_variances_and_rows_without_one_are_left_out() {
        let weighted = ModelOptions {
            weighted: true,
            ..options(&["a"])
        };
        let model = Model::of(&frame(), "y", weighted, None).unwrap();
        assert_eq!(model.n(), 4);
        let reasons: Vec<String> = model
            .excluded
            .iter()
            .map(|e| format!("{}: {}", e.row, e.reason))
            .collect();
        assert_eq!(
            reasons,
            [
                "5: no standard error of `y` above 0",
                "6: no standard error of `y` above 0"
            ]
        );
        // numpy 2.2, polyfit([1, 2, 3, 4], [9, 8, 19, 18], 1, w = 1/stderr).
        let slope = model.terms.unwrap()[1].coefficient.estimate;
        assert!((slope - 5.297_029_7).abs() < 1e-6, "{slope}");
        let none = df!["a" => [1.0, 2.0], "y" => [1.0, 2.0]].unwrap();
        let weighted = ModelOptions {
            weighted: true,
            ..options(&["a"])
        };
        assert_eq!(
            Model::of(&none, "y", weighted, None)
                .unwrap_err()
                .to_string(),
            "weights: no column `y_stderr` or `y_se` holds standard errors of `y`"
        );
    }

    #[test]
    fn what_cannot_be_fitted_is_said_with_the_columns_names() {
        let model = Model::of(&frame(), "y", options(&["a", "c"]), None).unwrap();
        assert_eq!(model.terms.unwrap_err(), "all values of `c` are equal");
        let model = Model::of(&frame(), "y", options(&["a", "a"]), None).unwrap();
        assert!(
            model.verdict().contains("no such model can be fitted"),
            "{}",
            model.verdict()
        );
        let square = ModelOptions {
            degree: 2,
            ..options(&["a", "b"])
        };
        assert_eq!(
            Model::of(&frame(), "y", square, None)
                .unwrap_err()
                .to_string(),
            "a polynomial: it has one predictor, not 2"
        );
    }
}
