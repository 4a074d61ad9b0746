//! `runs`: browse runs, look into one, take some back.

use crate::catalog::Value;
use crate::store::{List, Reader, StoreError};

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
            Self::Show { run, output } => show(cx, *run, output)?,
            Self::Tag { tag, runs, remove } => {
                let changed = cx.open_store()?.tag(tag, runs, !remove)?;
                let s = if changed == 1 { "" } else { "s" };
                let verb = if *remove { "taken off" } else { "put on" };
                cx.say(&format!("tag `{tag}` {verb} {changed} run{s}"));
            }
            Self::Delete { runs } => {
                let values = cx.open_store()?.delete_runs(runs)?;
                let s = if runs.len() == 1 { "" } else { "s" };
                cx.say(&format!(
                    "deleted {} run{s} with {values} measurements",
                    runs.len()
                ));
            }
        }
        Ok(Outcome::Fine)
    }
}

fn show(cx: &Context, run: i64, options: &OutputOptions) -> anyhow::Result<()> {
    let reader = cx.reader()?;
    if !reader.has_run(run)? {
        return Err(StoreError::Unknown {
            kind: "run",
            name: run.to_string(),
            near: None,
        }
        .into());
    }
    let bound = [("run".to_owned(), Value::Integer(run))];
    // Machine formats hold one table: the results. For people there are all four.
    let people = matches!(
        options.format(),
        crate::output::Format::Table | crate::output::Format::Markdown
    );
    let parts = Reader::RUN
        .iter()
        .filter(|(title, _)| people || *title == "results");
    cx.bytes(options, |out| {
        for (title, sql) in parts {
            let mut bytes = Vec::new();
            let mut any = false;
            {
                let rows = std::cell::RefCell::new(crate::output::writer(
                    options.format(),
                    &mut bytes,
                    &crate::output::Style {
                        max_table_rows: usize::MAX,
                        csv_safe: options.csv_safe,
                        ..Default::default()
                    },
                ));
                reader.run(
                    sql,
                    &bound,
                    |columns| rows.borrow_mut().header(columns),
                    |row| {
                        any = true;
                        rows.borrow_mut().row(row)?;
                        Ok(true)
                    },
                )?;
                rows.borrow_mut().finish()?;
            }
            if people && any {
                writeln!(out, "{title}\n")?;
            }
            if any || !people {
                out.write_all(&bytes)?;
                if people {
                    writeln!(out)?;
                }
            }
        }
        Ok(())
    })
}
