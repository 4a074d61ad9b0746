//! The line of one predictor as rows and for people.

use std::io::Write;

use crate::analysis::Fit;
use crate::catalog::Value;
use crate::catalog::number::{p_value, short};
use crate::output::{Format, Style};

pub(super) const HEADER: [&str; 25] = [
    "n",
    "x_scale",
    "slope",
    "intercept",
    "slope_se",
    "intercept_se",
    "t",
    "p",
    "r2",
    "adj_r2",
    "residual_se",
    "slope_low",
    "slope_high",
    "theil_sen_slope",
    "theil_sen_intercept",
    "theil_sen_low",
    "theil_sen_high",
    "pearson_r",
    "pearson_p",
    "pearson_low",
    "pearson_high",
    "spearman_rho",
    "kendall_tau",
    "kendall_p",
    "verdict",
];

/// The figures of a fit, in the order of [`HEADER`].
pub(super) fn row(fit: &Fit) -> Vec<Value> {
    let ols = fit.ols.ok();
    let ts = fit.theil_sen.ok();
    let (pearson, spearman, kendall) = (fit.pearson.ok(), fit.spearman.ok(), fit.kendall.ok());
    let interval = ts.and_then(|t| t.interval);
    vec![
        Value::Integer(fit.n() as i64),
        Value::from(if fit.log_x { "log10" } else { "linear" }),
        ols.map(|o| o.slope).into(),
        ols.map(|o| o.intercept).into(),
        ols.and_then(|o| o.slope_se).into(),
        ols.and_then(|o| o.intercept_se).into(),
        ols.and_then(|o| o.t).into(),
        ols.and_then(|o| o.p).into(),
        ols.and_then(|o| o.r2).into(),
        ols.and_then(|o| o.adj_r2).into(),
        ols.and_then(|o| o.residual_se).into(),
        ols.and_then(|o| o.slope_low).into(),
        ols.and_then(|o| o.slope_high).into(),
        ts.map(|t| t.slope).into(),
        ts.map(|t| t.intercept).into(),
        interval.map(|i| i.low).into(),
        interval.map(|i| i.high).into(),
        pearson.map(|p| p.r).into(),
        pearson.and_then(|p| p.p).into(),
        pearson.and_then(|p| p.low).into(),
        pearson.and_then(|p| p.high).into(),
        spearman.map(|s| s.coefficient).into(),
        kendall.map(|k| k.coefficient).into(),
        kendall.map(|k| k.p).into(),
        Value::Text(fit.verdict()),
    ]
}

/// The fit for people: the verdict, then the figures it rests on, then what to be careful about.
pub(super) fn table(
    fit: &Fit,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let scale = if fit.log_x { "log10 " } else { "" };
    writeln!(out, "{}\n", fit.verdict())?;
    let range = |low: Option<f64>, high: Option<f64>| match (low, high) {
        (Some(low), Some(high)) => format!("{} to {}", short(low), short(high)),
        _ => String::new(),
    };
    let p = |p: Option<f64>| p.map(p_value).unwrap_or_default();
    let mut lines: Vec<[String; 4]> = Vec::new();
    if let Ok(o) = fit.ols {
        lines.push([
            "least squares: slope".to_owned(),
            short(o.slope),
            range(o.slope_low, o.slope_high),
            p(o.p),
        ]);
        if let Some(doubling) = fit.per_doubling() {
            let half = 2f64.log10();
            let interval = range(
                o.slope_low.map(|s| s * half),
                o.slope_high.map(|s| s * half),
            );
            lines.push([
                format!("  per doubling of {}", fit.x),
                short(doubling),
                interval,
                String::new(),
            ]);
        }
        lines.push([
            "  intercept".to_owned(),
            short(o.intercept),
            String::new(),
            String::new(),
        ]);
        lines.push([
            "  R²".to_owned(),
            o.r2.map(short).unwrap_or_default(),
            String::new(),
            String::new(),
        ]);
    }
    if let Ok(t) = fit.theil_sen {
        let interval = range(t.interval.map(|i| i.low), t.interval.map(|i| i.high));
        lines.push([
            "Theil–Sen: slope".to_owned(),
            short(t.slope),
            interval,
            String::new(),
        ]);
    }
    if let Ok(r) = fit.pearson {
        lines.push([
            "Pearson's r".to_owned(),
            short(r.r),
            range(r.low, r.high),
            p(r.p),
        ]);
    }
    if let Ok(r) = fit.spearman {
        lines.push([
            "Spearman's rho".to_owned(),
            short(r.coefficient),
            String::new(),
            p_value(r.p),
        ]);
    }
    if let Ok(r) = fit.kendall {
        lines.push([
            "Kendall's tau".to_owned(),
            short(r.coefficient),
            String::new(),
            p_value(r.p),
        ]);
    }
    let mut writer = crate::output::writer(format, &mut *out, style);
    writer.header(&[
        format!("{} on {scale}{}", fit.y, fit.x),
        "estimate".into(),
        "95 % interval".into(),
        "p".into(),
    ])?;
    for line in lines {
        writer.row(&line.map(Value::Text))?;
    }
    writer.finish()?;
    drop(writer);
    writeln!(out)?;
    for note in notes(fit) {
        writeln!(out, "{note}")?;
    }
    Ok(())
}

fn notes(fit: &Fit) -> Vec<String> {
    let mut notes = Vec::new();
    let turning = fit.turning_points();
    if !turning.is_empty() {
        notes.push(format!(
            "the slope changes its sign without {}",
            turning.join(", or without ")
        ));
    }
    if fit.n() > 2
        && let Some((label, _, _)) = fit
            .influence
            .iter()
            .find(|i| i.leverage >= 1.0)
            .and_then(|i| fit.points.get(i.index))
    {
        notes.push(format!("the line rests on one point, {label}"));
    }
    if fit.n() == 3 && fit.ols.is_ok() {
        notes.push("with three points the intervals rest on one degree of freedom".to_owned());
    }
    notes.extend(super::left_out(&fit.excluded));
    notes
}
