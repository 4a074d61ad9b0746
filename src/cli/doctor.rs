//! `doctor`: is the store well.

use crate::catalog::Value;
use crate::store;

use super::context::Context;
use super::failure::{Hinted, Outcome};
use super::options::OutputOptions;

/// Check the store: integrity, foreign keys, versions, sizes, notes
#[derive(Debug, clap::Args)]
pub(super) struct Doctor {
    /// Print one digest over all the store holds: equal content, equal digest
    #[arg(long)]
    digest: bool,
    #[command(flatten)]
    output: OutputOptions,
}

impl Doctor {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        if self.digest {
            let digest = store::digest(cx.store_path())?;
            cx.bytes(&self.output, |out| Ok(writeln!(out, "{digest}")?))?;
            return Ok(Outcome::Fine);
        }
        let findings = store::health(cx.store_path())?;
        cx.rows(&self.output, |rows| {
            rows.header(&["what", "found", "well"].map(str::to_owned))?;
            for finding in &findings {
                let well = if finding.well { "yes" } else { "no" };
                rows.row(&[
                    Value::from(finding.what.as_str()),
                    finding.found.clone(),
                    well.into(),
                ])?;
            }
            Ok(())
        })?;
        match findings.iter().find(|finding| !finding.well) {
            None => Ok(Outcome::Fine),
            Some(finding) => Err(Hinted::new(
                format!("the store is not well: {}", finding.what),
                "restore a backup, or import the files again into a new store",
            )
            .into()),
        }
    }
}
