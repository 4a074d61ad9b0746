//! `runs`: browse runs, look into one, take some back.

use crate::catalog::Value;
use crate::catalog::number::counted;
use crate::store::{List, Reader};

use super::context::Context;
use super::failure::Outcome;
use super::options::OutputOptions;

/// List the runs, show one, or delete some
#[derive(Debug, clap::Subcommand)]
pub(super) enum Runs {
    /// Every run, newest first
    List(OutputOptions),
    /// All that is known of one run: settings, results, samples, notes
    Show {
        /// Its number
        run: i64,
        #[command(flatten)]
        output: OutputOptions,
    },
    /// Put a tag on runs, to find them again or to compare with them
    Tag {
        /// The tag
        tag: String,
        /// Their numbers
        #[arg(required = true)]
        runs: Vec<i64>,
        /// Take the tag off instead
        #[arg(long)]
        remove: bool,
    },
    /// Delete runs and their values
    Delete {
        /// Their numbers
        #[arg(required = true)]
        runs: Vec<i64>,
    },
}

impl Runs {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::List(output) => super::rows::list(cx, List::Runs, output)?,
            Self::Show { run, output } => {
                let reader = cx.reader()?;
                reader.require_run(*run)?;
                let bound = [("run".to_owned(), Value::Integer(*run))];
                super::parts::show(cx, &reader, Reader::RUN, &bound, output)?;
            }
            Self::Tag { tag, runs, remove } => {
                let changed = cx.open_store()?.tag(tag, runs, !remove)?;
                let verb = if *remove { "taken off" } else { "put on" };
                cx.say(&format!("tag `{tag}` {verb} {}", counted(changed, "run")));
            }
            Self::Delete { runs } => {
                let values = cx.open_store()?.delete_runs(runs)?;
                cx.say(&format!(
                    "deleted {} with {}",
                    counted(runs.len(), "run"),
                    counted(values, "measurement")
                ));
            }
        }
        Ok(Outcome::Fine)
    }
}
