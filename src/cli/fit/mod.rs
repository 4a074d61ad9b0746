//! `fit`: does one column depend on others, how, and how sure is that.

mod line;
mod terms;

use polars::frame::DataFrame;
use serde_json::{Value as Json, json};

use crate::analysis::{Excluded, Fit, Methods, Model, ModelOptions, columns};
use crate::catalog::Value;
use crate::output::Format;

use super::axes;
use super::context::Context;
use super::failure::{Hinted, Outcome};
use super::options::{AxisOptions, ObjectiveOptions, OutputOptions, RowOptions};
use super::rows::Asked;

/// Fit y on x: least squares and Theil–Sen, three correlations, and a verdict with its evidence
///
/// With several --x, a --degree above 1, --through-origin or --weights, least squares with a
/// coefficient for each term; the correlations stay those of the plain rows.
#[derive(Debug, clap::Args)]
#[command(
    name = "fit",
    after_help = "Examples:\n  tradeoff fit speed_vs_score\n  tradeoff fit --data models.csv --x speed --log-x --y score\n  tradeoff fit --data runs.csv --x batch --y tok_s --by gpu -f csv\n  tradeoff fit --data runs.csv --x batch --x depth --y tok_s\n  tradeoff fit --data runs.csv --x batch --degree 2 --y tok_s --weights stderr"
)]
pub(super) struct FitCommand {
    #[command(flatten)]
    rows: RowOptions,
    #[command(flatten)]
    axes: AxisOptions,
    /// Fit each value of this column by itself
    #[arg(long, value_name = "COLUMN", help_heading = "Axes")]
    by: Option<String>,
    /// Compute only this; the verdict rests on the ranks
    #[arg(long, value_enum, value_name = "METHOD", default_value_t = Method::All, help_heading = "Model")]
    method: Method,
    /// Fit a polynomial of this degree
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20), help_heading = "Model")]
    degree: u8,
    /// Fit without an intercept
    #[arg(long, help_heading = "Model")]
    through_origin: bool,
    /// Count each row by 1/SE², from the column `Y_stderr` or `Y_se`
    #[arg(long, value_enum, value_name = "WEIGHTS", help_heading = "Model")]
    weights: Option<Weights>,
    #[command(flatten)]
    output: OutputOptions,
}

/// How much a row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Weights {
    /// By the inverse square of the standard error of y.
    Stderr,
}

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Method {
    /// Everything
    All,
    /// Least squares
    Ols,
    /// The median of all slopes
    TheilSen,
    /// Pearson's r, Spearman's rho, Kendall's tau
    Ranks,
}

impl From<Method> for Methods {
    fn from(method: Method) -> Self {
        match method {
            Method::All => Self::All,
            Method::Ols => Self::Ols,
            Method::TheilSen => Self::TheilSen,
            Method::Ranks => Self::Ranks,
        }
    }
}

/// What was fitted: the line and its correlations where there is one predictor, and a model of
/// several terms where one was asked for.
struct Fitted {
    by: String,
    line: Option<Fit>,
    model: Option<Model>,
}

impl FitCommand {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        let mut asked = self.rows.ask(cx)?;
        let frame = asked.frame(cx)?;
        let fits = self.fits(&asked, &frame)?;
        if let (
            None,
            [
                Fitted {
                    model: Some(model), ..
                },
            ],
        ) = (&self.by, fits.as_slice())
            && model.terms.is_err()
        {
            return Err(
                Hinted::new(model.verdict(), "leave a predictor out, or give more rows").into(),
            );
        }
        let (format, style) = (self.output.format(), cx.style(&self.output));
        match format {
            Format::Json => cx.json(&self.output, &self.json(&fits))?,
            Format::Table | Format::Markdown => cx.bytes(&self.output, |out| {
                for fitted in &fits {
                    if self.by.is_some() {
                        writeln!(out, "{}\n", fitted.by)?;
                    }
                    match (&fitted.model, &fitted.line) {
                        (Some(model), _) => terms::table(model, format, &style, out)?,
                        (None, Some(line)) => line::table(line, format, &style, out)?,
                        (None, None) => {}
                    }
                }
                Ok(())
            })?,
            _ => cx.rows(&self.output, |out| {
                let is_model = fits.iter().any(|fitted| fitted.model.is_some());
                let header: &[&str] = if is_model {
                    &terms::HEADER
                } else {
                    &line::HEADER
                };
                let header = header.iter().map(|&name| name.to_owned());
                out.header(
                    &self
                        .by
                        .clone()
                        .into_iter()
                        .chain(header)
                        .collect::<Vec<_>>(),
                )?;
                for fitted in &fits {
                    let rows = match (&fitted.model, &fitted.line) {
                        (Some(model), _) => terms::rows(model),
                        (None, line) => line.iter().map(line::row).collect(),
                    };
                    for row in rows {
                        let by = self.by.as_ref().map(|_| Value::Text(fitted.by.clone()));
                        out.row(&by.into_iter().chain(row).collect::<Vec<_>>())?;
                    }
                }
                Ok(())
            })?,
        }
        Ok(Outcome::Fine)
    }

    /// The fit of all rows, or of each group of them.
    fn fits(&self, asked: &Asked, frame: &DataFrame) -> anyhow::Result<Vec<Fitted>> {
        let mut first = self.axes.clone();
        first.x.truncate(1);
        let axes = axes::both(asked, frame, &first, &ObjectiveOptions::default())?;
        let mut x = vec![axes.x.column.clone()];
        x.extend(self.axes.x.iter().skip(1).cloned());
        let options = ModelOptions {
            x,
            log_x: axes.x.log,
            degree: usize::from(self.degree),
            through_origin: self.through_origin,
            weighted: self.weights == Some(Weights::Stderr),
        };
        let label = axes.label.as_deref();
        let fitted = |by: String, frame: &DataFrame| -> anyhow::Result<Fitted> {
            let line = match options.x.as_slice() {
                [x] => Some(Fit::of(
                    frame,
                    x,
                    &axes.y.column,
                    options.log_x,
                    label,
                    self.method.into(),
                )?),
                _ => None,
            };
            let model = match options.is_line() {
                true => None,
                false => Some(Model::of(frame, &axes.y.column, options.clone(), label)?),
            };
            Ok(Fitted { by, line, model })
        };
        match &self.by {
            None => Ok(vec![fitted(String::new(), frame)?]),
            Some(by) => columns::groups(frame, by)?
                .into_iter()
                .map(|(value, part)| fitted(value, &part))
                .collect(),
        }
    }

    fn json(&self, fits: &[Fitted]) -> Json {
        match (&self.by, fits) {
            (None, [fitted]) => fitted.to_json(),
            _ => {
                let groups = fits.iter().map(|fitted| {
                    let mut json = fitted.to_json();
                    if let Some(object) = json.as_object_mut() {
                        object.shift_insert(0, "by".to_owned(), fitted.by.clone().into());
                    }
                    json
                });
                json!({"by": self.by, "groups": groups.collect::<Vec<_>>()})
            }
        }
    }
}

impl Fitted {
    /// The keys of a line, with the model's terms in place of the line's own where there is one. What
    /// is defined for one predictor only is null for several.
    fn to_json(&self) -> Json {
        let line = self.line.as_ref().map(Fit::to_json);
        let Some(model) = &self.model else {
            return line.unwrap_or_default();
        };
        let scale = if model.options.log_x {
            "log10"
        } else {
            "linear"
        };
        let mut json = line.unwrap_or_else(|| {
            json!({
                "x": model.options.x, "y": model.y, "n": 0, "x_scale": scale, "pearson": null,
                "spearman": null, "kendall": null, "ols": null, "theil_sen": null, "aicc": null,
                "influence": [], "excluded": [], "association": null, "verdict": null,
            })
        });
        let leverage = model.regression.iter().flat_map(|fit| &fit.leverage);
        let influence = model.labels.iter().zip(leverage);
        let influence =
            influence.map(|(label, leverage)| json!({"label": label, "leverage": leverage}));
        let excluded = model.excluded.iter();
        let excluded =
            excluded.map(|e| json!({"row": e.row, "label": e.label, "reason": e.reason}));
        json["n"] = model.n().into();
        json["ols"] = model.to_json();
        json["influence"] = influence.collect();
        json["excluded"] = excluded.collect();
        json["model"] = model.title().into();
        json["model_verdict"] = model.verdict().into();
        if self.line.is_none() {
            json["verdict"] = model.verdict().into();
        }
        json
    }
}

/// A line for each row left out.
fn left_out(excluded: &[Excluded]) -> impl Iterator<Item = String> {
    let line = |left_out: &Excluded| format!("left out: {} ({})", left_out.label, left_out.reason);
    excluded.iter().map(line)
}
