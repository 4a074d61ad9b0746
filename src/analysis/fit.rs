//! Does y depend on x, how, and how sure is that: the least-squares line and Theil–Sen's beside it,
//! three correlations, the pull of single points, and a verdict that rests on the correlations.

use polars::prelude::DataFrame;
use serde::Serialize;

use crate::stats::{self, Method, Ols, Pearson, RankCorrelation, StatsError, TheilSen};

use super::columns::{Complete, Excluded};
use super::error::AnalysisError;

/// Significance level of every verdict.
pub const ALPHA: f64 = 0.05;

/// A fit of one column on another.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The predictor's column.
    pub x: String,
    /// The other column.
    pub y: String,
    /// Whether x was fitted as log10 x.
    pub log_x: bool,
    /// The rows used: label, x as written, y.
    pub points: Vec<(String, f64, f64)>,
    /// The row of the frame of each point, from 0.
    pub rows: Vec<usize>,
    /// The rows left out.
    pub excluded: Vec<Excluded>,
    /// The least-squares line on x, or log10 x.
    pub ols: Result<Ols, StatsError>,
    /// Theil–Sen's line on the same scale.
    pub theil_sen: Result<TheilSen, StatsError>,
    /// Linear correlation on the same scale.
    pub pearson: Result<Pearson, StatsError>,
    /// Correlation of the ranks; the scale does not matter.
    pub spearman: Result<RankCorrelation, StatsError>,
    /// Kendall's tau-b; the scale does not matter.
    pub kendall: Result<RankCorrelation, StatsError>,
    /// What each point does to the line.
    pub influence: Vec<stats::Influence>,
    /// Akaike's criterion of the rival models.
    pub rivals: Rivals,
}

/// Akaike's corrected criterion (AICc) of three models; lower is better, and a difference below 4
/// prefers neither (Burnham & Anderson, "Model Selection and Multimodel Inference", 2002).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Rivals {
    /// y on x.
    pub linear: Option<f64>,
    /// y on log10 x; `None` when some x ≤ 0.
    pub log: Option<f64>,
    /// y does not depend on x.
    pub mean: Option<f64>,
}

impl Rivals {
    /// The criteria over the rows (x, log10 x, y).
    fn of(plain: &[f64], logs: &[f64], y: &[f64]) -> Self {
        let linear = Ols::fit(plain, y).ok();
        Self {
            linear: linear.and_then(|o| o.aicc_line),
            log: Ols::fit(logs, y).ok().and_then(|o| o.aicc_line),
            mean: linear.and_then(|o| o.aicc_mean),
        }
    }
}

/// What the rows say about a dependence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Association {
    /// Larger x go with larger y.
    Positive,
    /// Larger x go with smaller y.
    Negative,
    /// The rows do not carry either.
    NoEvidence,
    /// The ranks and the linear correlation disagree, so that neither is claimed.
    Unclear,
    /// So few rows that no arrangement of them could.
    TooFew,
    /// One of the columns is constant.
    Undefined,
    /// The correlations were not asked for.
    NotAsked,
}

/// What is computed of a fit; the rest is [`StatsError::NotAsked`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Methods {
    /// Everything.
    #[default]
    All,
    /// The least-squares line, and Pearson's r, which follows from it.
    Ols,
    /// Theil–Sen's line.
    TheilSen,
    /// The three correlations, and so the verdict.
    Ranks,
}

impl Methods {
    /// What `compute` gives, if it is among these.
    fn only<T>(
        self,
        among: &[Self],
        compute: impl FnOnce() -> Result<T, StatsError>,
    ) -> Result<T, StatsError> {
        if self == Self::All || among.contains(&self) {
            compute()
        } else {
            Err(StatsError::NotAsked)
        }
    }
}

impl Fit {
    /// Fits `y` on `x` over the rows of a frame; rows without a value in either are left out.
    ///
    /// # Errors
    /// [`AnalysisError::NoColumn`], [`AnalysisError::NotANumber`]; [`AnalysisError::NotPositive`]
    /// for x ≤ 0 when `log_x`; [`AnalysisError::TooFew`] when no row is left.
    pub fn of(
        frame: &DataFrame,
        x: &str,
        y: &str,
        log_x: bool,
        label: Option<&str>,
        methods: Methods,
    ) -> Result<Self, AnalysisError> {
        let complete = Complete::of(frame, &[x, y], label)?;
        if log_x {
            complete.positive(0, x, label)?;
        }
        let (rows, excluded) = (complete.rows, complete.excluded);
        let [plain, ys] = complete.numbers.try_into().unwrap_or_default();
        let points: Vec<(String, f64, f64)> = (complete.labels.into_iter().zip(&plain).zip(&ys))
            .map(|((label, x), y)| (label, *x, *y))
            .collect();
        if points.is_empty() {
            let columns = format!("`{x}` and `{y}`");
            return Err(AnalysisError::TooFew {
                what: "a fit",
                columns,
                needed: 1,
                found: 0,
            });
        }
        let logs: Vec<f64> = plain.iter().map(|x| x.log10()).collect();
        let us = if log_x { &logs } else { &plain };
        use Methods::{Ols as Line, Ranks, TheilSen as Robust};
        Ok(Self {
            ols: methods.only(&[Line], || Ols::fit(us, &ys)),
            theil_sen: methods.only(&[Robust], || stats::theil_sen(us, &ys)),
            pearson: methods.only(&[Line, Ranks], || Pearson::of(us, &ys)),
            spearman: methods.only(&[Ranks], || stats::spearman(us, &ys)),
            kendall: methods.only(&[Ranks], || stats::kendall(us, &ys)),
            influence: methods
                .only(&[], || stats::influence(us, &ys))
                .unwrap_or_default(),
            rivals: methods
                .only(&[], || Ok(Rivals::of(&plain, &logs, &ys)))
                .unwrap_or_default(),
            x: x.to_owned(),
            y: y.to_owned(),
            log_x,
            points,
            rows,
            excluded,
        })
    }

    /// How many rows were used.
    pub fn n(&self) -> usize {
        self.points.len()
    }

    /// What the rows say, from Kendall's p and Pearson's interval, never from the line: an
    /// association is only spoken of when both agree on it.
    pub fn association(&self) -> Association {
        let (Ok(kendall), Ok(pearson)) = (&self.kendall, &self.pearson) else {
            return if self.kendall == Err(StatsError::NotAsked) {
                Association::NotAsked
            } else if self.n() < 3 {
                Association::TooFew
            } else {
                Association::Undefined
            };
        };
        if kendall.cannot_be_significant {
            return Association::TooFew;
        }
        // A perfect line has no Fisher interval and no doubt either.
        let low = pearson.low.unwrap_or(pearson.r);
        let high = pearson.high.unwrap_or(pearson.r);
        match (
            kendall.p <= ALPHA,
            kendall.coefficient > 0.0,
            low > 0.0,
            high < 0.0,
        ) {
            (true, true, true, _) => Association::Positive,
            (true, false, _, true) => Association::Negative,
            (false, _, false, false) => Association::NoEvidence,
            _ => Association::Unclear,
        }
    }

    /// The change of y for a doubling of x, on a logarithmic scale.
    pub fn per_doubling(&self) -> Option<f64> {
        self.ols
            .ok()
            .filter(|_| self.log_x)
            .map(|ols| ols.slope * 2f64.log10())
    }

    /// The points without which the slope changes its sign.
    pub fn turning_points(&self) -> Vec<&str> {
        let turning = self.influence.iter().filter(|i| i.sign_changes_without);
        turning
            .filter_map(|i| self.points.get(i.index).map(|p| p.0.as_str()))
            .collect()
    }

    /// The verdict as one sentence with its evidence; no causal word in it.
    pub fn verdict(&self) -> String {
        use crate::catalog::number::{p_equals, short};
        let n = self.n();
        let evidence = match (&self.kendall, &self.pearson) {
            (Ok(kendall), Ok(pearson)) => {
                let interval = match (pearson.low, pearson.high) {
                    (Some(low), Some(high)) => format!(", 95 % interval {low:+.2} to {high:+.2}"),
                    _ => String::new(),
                };
                let how = if kendall.method == Method::Exact {
                    "exact "
                } else {
                    ""
                };
                format!(
                    "Kendall's tau {:+.3} ({how}{}), Pearson's r {:+.3}{interval}, n = {n}",
                    kendall.coefficient,
                    p_equals(kendall.p),
                    pearson.r
                )
            }
            (Err(StatsError::Constant { variable }), _)
            | (_, Err(StatsError::Constant { variable })) => {
                let column = if *variable == "x" { &self.x } else { &self.y };
                format!("all values of {column} are equal, n = {n}")
            }
            (Err(why), _) | (_, Err(why)) => format!("{why}, n = {n}"),
        };
        let (x, y) = (&self.x, &self.y);
        let log = if self.log_x { "log10 " } else { "" };
        match self.association() {
            Association::Positive => {
                format!("larger values of {log}{x} go with larger values of {y}: {evidence}")
            }
            Association::Negative => {
                format!("larger values of {log}{x} go with smaller values of {y}: {evidence}")
            }
            Association::NoEvidence => {
                format!("no evidence of a correlation of {log}{x} and {y}: {evidence}")
            }
            Association::Unclear => format!(
                "ranks and linear correlation of {log}{x} and {y} disagree, so neither is claimed: {evidence}"
            ),
            Association::TooFew => {
                format!(
                    "too few rows to tell: with n = {} no correlation can be significant at {}",
                    n,
                    short(ALPHA)
                )
            }
            Association::NotAsked => {
                format!(
                    "no verdict: it rests on the correlations, which were not asked for, n = {n}"
                )
            }
            Association::Undefined => format!("no correlation is defined: {evidence}"),
        }
    }

    /// The findings as JSON, with the keys scripts rely on.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::json;
        let rank = |found: &Result<RankCorrelation, StatsError>, name: &str| match found {
            Ok(r) => json!({name: r.coefficient, "p": r.p, "method": method(r.method)}),
            Err(_) => serde_json::Value::Null,
        };
        let influence: Vec<_> = self
            .influence
            .iter()
            .map(|i| {
                json!({
                    "label": self.points.get(i.index).map(|p| &p.0), "leverage": i.leverage, "cook": i.cook,
                    "studentized": i.studentized, "slope_without": i.slope_without,
                    "sign_changes_without": i.sign_changes_without,
                })
            })
            .collect();
        json!({
            "x": self.x,
            "y": self.y,
            "n": self.n(),
            "x_scale": if self.log_x { "log10" } else { "linear" },
            "pearson": self.pearson.ok().map(|p| json!({"r": p.r, "p": p.p, "low": p.low, "high": p.high})),
            "spearman": rank(&self.spearman, "rho"),
            "kendall": rank(&self.kendall, "tau"),
            "ols": self.ols.ok().map(|o| json!({
                "slope": o.slope, "intercept": o.intercept, "slope_se": o.slope_se, "intercept_se": o.intercept_se,
                "t": o.t, "p": o.p, "r2": o.r2, "adj_r2": o.adj_r2, "f": o.f, "residual_se": o.residual_se,
                "slope_low": o.slope_low, "slope_high": o.slope_high, "df": o.df,
                "slope_per_doubling": self.per_doubling(),
            })),
            "theil_sen": self.theil_sen.ok().map(|t| json!({
                "slope": t.slope, "intercept": t.intercept,
                "low": t.interval.map(|i| i.low), "high": t.interval.map(|i| i.high),
                "coverage": t.interval.map(|i| i.coverage), "rows_used": t.rows_used,
            })),
            "aicc": self.rivals,
            "influence": influence,
            "excluded": self.excluded.iter().map(|e| json!({"row": e.row, "label": e.label, "reason": e.reason})).collect::<Vec<_>>(),
            "association": self.association(),
            "verdict": self.verdict(),
        })
    }
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Exact => "exact",
        Method::StudentT => "student-t",
        Method::Normal => "normal",
        Method::Bootstrap => "bootstrap",
    }
}

#[cfg(test)]
mod tests {
    use polars::df;

    use super::*;

    fn seven() -> DataFrame {
        df![
            "model" => ["Qwen1.5-4B-Chat", "Qwen1.5-1.8B-Chat", "Memory³-2B-SFT", "MiniCPM-2B-SFT", "Gemma-2B-it", "Llama2-7B-Chat", "Phi-2"],
            "speed" => [550.0, 800.0, 650.0, 500.0, 1000.0, 400.0, 600.0],
            "score" => [54.5, 48.0, 47.0, 45.5, 40.5, 36.5, 35.0],
        ]
        .unwrap()
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn ranks_without_a_line_are_no_evidence_of_none() {
        let frame = df![
            "x" => [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            "y" => [1.0, 2.0, 3.0, 4.0, 5.0, 1000.0],
        ]
        .unwrap();
        let fit = Fit::of(&frame, "x", "y", false, None, Methods::All).unwrap();
        assert_eq!(fit.association(), Association::Unclear);
        assert!(fit.verdict().contains("disagree, so neither is claimed"));
    }

    #[test]
    fn the_seven_models_show_no_evidence_of_a_correlation() {
        let fit = Fit::of(
            &seven(),
            "speed",
            "score",
            true,
            Some("model"),
            Methods::All,
        )
        .unwrap();
        assert_eq!(fit.association(), Association::NoEvidence);
        assert_eq!(
            fit.verdict(),
            "no evidence of a correlation of log10 speed and score: Kendall's tau +0.143 (exact p = 0.77), \
             Pearson's r +0.118, 95 % interval -0.70 to +0.80, n = 7"
        );
        let ols = fit.ols.unwrap();
        close(ols.slope, 6.227_863_899_3);
        close(ols.slope_se.unwrap(), 23.364_561_294_8);
        close(ols.intercept, 26.476_467_192_5);
        close(fit.pearson.unwrap().r, 0.118_367_518_7);
        close(fit.pearson.unwrap().p.unwrap(), 0.800_457_816_4);
        close(fit.kendall.unwrap().coefficient, 1.0 / 7.0);
        close(fit.kendall.unwrap().p, 0.772_619_047_6);
        close(fit.spearman.unwrap().coefficient, 5.0 / 28.0);
        close(fit.spearman.unwrap().p, 0.713_095_238_1);
        let linear = Fit::of(
            &seven(),
            "speed",
            "score",
            false,
            Some("model"),
            Methods::All,
        )
        .unwrap();
        close(linear.pearson.unwrap().r, 0.050_137_094_8);
        close(linear.pearson.unwrap().p.unwrap(), 0.914_991_562_5);
    }

    #[test]
    fn a_speed_of_zero_has_no_place_on_a_log_axis() {
        let frame =
            df!["model" => ["a", "b"], "speed" => [1.0, 0.0], "score" => [1.0, 2.0]].unwrap();
        let error =
            Fit::of(&frame, "speed", "score", true, Some("model"), Methods::All).unwrap_err();
        assert_eq!(
            error.to_string(),
            "column `speed`, row 2 (`b`): 0 has no place on a logarithmic axis"
        );
    }

    #[test]
    fn one_row_is_an_answer_without_statistics() {
        let frame = df!["speed" => [1.0], "score" => [1.0]].unwrap();
        let fit = Fit::of(&frame, "speed", "score", false, None, Methods::All).unwrap();
        assert_eq!(fit.association(), Association::TooFew);
        assert!(fit.to_json()["ols"].is_null());
    }

    #[test]
    fn equal_scores_have_no_correlation_and_no_nan() {
        let frame = df!["speed" => [1.0, 2.0, 3.0, 4.0, 5.0], "score" => [1.0, 1.0, 1.0, 1.0, 1.0]]
            .unwrap();
        let fit = Fit::of(&frame, "speed", "score", false, None, Methods::All).unwrap();
        assert_eq!(fit.association(), Association::Undefined);
        assert_eq!(fit.to_json()["ols"]["slope"], 0.0);
        assert!(fit.to_json()["ols"]["r2"].is_null());
    }
}
