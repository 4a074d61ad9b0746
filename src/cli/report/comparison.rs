//! `report compare`: a candidate against a baseline.

use crate::catalog::Value;
use crate::report::{self, Compared, Provenance};

use super::super::compare::{Comparing, name, worst_first};
use super::super::context::Context;
use super::super::document::DocumentOptions;
use super::super::failure::Outcome;
use super::super::rows::REPEATED;

/// The report on a comparison.
#[derive(Debug, clap::Args)]
pub(in super::super) struct ComparisonReport {
    #[command(flatten)]
    comparing: Comparing,
    /// The title
    #[arg(long)]
    title: Option<String>,
    #[command(flatten)]
    document: DocumentOptions,
}

impl ComparisonReport {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        self.document.check()?;
        let comparing = &self.comparing;
        let made = comparing.compare(cx)?;
        let query = cx.library().find("values_of_runs")?;
        let source = Provenance {
            name: query.name,
            sql: query.sql,
            parameters: vec![(
                "runs".to_owned(),
                Value::Text(serde_json::json!(made.runs.concat()).to_string()),
            )],
        };
        let rows = super::trend::values(&cx.reader()?, &source)?;
        let compared = worst_first(&made.settled, &made.family);
        let compared = compared.into_iter().map(|(matching, judged)| {
            let mut series = name(&matching.what);
            if matching.workload != "not recorded" {
                series = format!("{series}, {}", matching.workload);
            }
            Compared {
                series,
                unit: matching.what.4.clone(),
                runs: [matching.baseline.len(), matching.candidate.len()],
                judged,
            }
        });
        let undirected = made.settled.undirected.iter();
        let undirected =
            undirected.map(|m| format!("{m} is not compared: nothing says which way is better."));
        let unmatched = made.settled.unmatched.iter();
        let unmatched =
            unmatched.map(|m| format!("{m} is on one side only, or under several settings."));
        let differences = made.settled.differences.iter();
        let report = report::ComparisonReport {
            title: self
                .title
                .clone()
                .unwrap_or_else(|| "Comparison".to_owned()),
            sides: [comparing.baseline.clone(), comparing.candidate.clone()],
            alpha: comparing.alpha,
            correction: comparing.correction.name(),
            family: &made.family,
            compared: compared.collect(),
            differences: differences
                .map(|d| [d.key.clone(), d.baseline.clone(), d.candidate.clone()])
                .collect(),
            left_out: undirected.chain(unmatched).collect(),
            rows: Some(rows).filter(|rows| rows.rows.len() <= REPEATED),
            source,
        };
        self.document.write(cx, report.document())?;
        Ok(Outcome::Fine)
    }
}
