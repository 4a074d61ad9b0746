//! A model of several terms as rows and for people.

use std::io::Write;

use crate::analysis::{Model, Term};
use crate::catalog::Value;
use crate::catalog::number::{p_value, short};
use crate::output::{Format, Style};

pub(super) const HEADER: [&str; 9] = [
    "n", "term", "estimate", "se", "t", "p", "low", "high", "verdict",
];

/// One row a term; one row without a term where there is no model.
pub(super) fn rows(model: &Model) -> Vec<Vec<Value>> {
    let row = |term: Option<&Term>| {
        let coefficient = term.map(|t| t.coefficient);
        let (low, high) = term.and_then(|t| t.interval).unzip();
        vec![
            Value::Integer(model.n() as i64),
            term.map(|t| t.name.clone())
                .map_or(Value::Null, Value::Text),
            coefficient.map(|c| c.estimate).into(),
            coefficient.map(|c| c.se).into(),
            coefficient.and_then(|c| c.t).into(),
            coefficient.and_then(|c| c.p).into(),
            low.into(),
            high.into(),
            Value::Text(model.verdict()),
        ]
    };
    match &model.terms {
        Ok(terms) => terms.iter().map(|term| row(Some(term))).collect(),
        Err(_) => vec![row(None)],
    }
}

/// The model for people: what it comes to, its terms, and what was left out.
pub(super) fn table(
    model: &Model,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    writeln!(out, "{}\n", model.verdict())?;
    if let (Ok(terms), Some(fit)) = (&model.terms, &model.regression) {
        let mut writer = crate::output::writer(format, &mut *out, style);
        let header = ["term", "estimate", "standard error", "95 % interval", "p"];
        writer.header(&header.map(str::to_owned))?;
        for term in terms {
            let interval = match term.interval {
                Some((low, high)) => format!("{} to {}", short(low), short(high)),
                None => String::new(),
            };
            let cells = [
                term.name.clone(),
                short(term.coefficient.estimate),
                short(term.coefficient.se),
                interval,
                term.coefficient.p.map(p_value).unwrap_or_default(),
            ];
            writer.row(&cells.map(Value::Text))?;
        }
        writer.finish()?;
        drop(writer);
        let about = match model.options.through_origin {
            true => " (about zero; not comparable with a fit that has an intercept)",
            false => "",
        };
        let r2 = fit.r2.map(|r2| format!("R² {}{about}, ", short(r2)));
        writeln!(
            out,
            "\n{}residual standard error {} on {} degrees of freedom",
            r2.unwrap_or_default(),
            short(fit.residual_se),
            fit.df
        )?;
    }
    for note in super::left_out(&model.excluded) {
        writeln!(out, "{note}")?;
    }
    Ok(())
}
