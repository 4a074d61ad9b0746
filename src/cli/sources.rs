//! `sources`: which files were imported, and undoing an import.

use crate::catalog::number::counted;
use crate::store::List;

use super::context::Context;
use super::failure::Outcome;
use super::options::OutputOptions;

/// List the imported files, or undo an import
#[derive(Debug, clap::Subcommand)]
pub(super) enum Sources {
    /// Every imported file, newest first
    List(OutputOptions),
    /// Undo imports: delete files and the runs that no other file holds
    Delete {
        /// Their numbers
        #[arg(required = true)]
        sources: Vec<i64>,
    },
}

impl Sources {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::List(output) => super::rows::list(cx, List::Sources, output)?,
            Self::Delete { sources } => {
                let runs = cx.open_store()?.delete_sources(sources)?;
                cx.say(&format!(
                    "undid {}: {} went",
                    counted(sources.len(), "import"),
                    counted(runs, "run")
                ));
            }
        }
        Ok(Outcome::Fine)
    }
}
