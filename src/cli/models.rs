//! `models`: which models there are, and which names stand for one of them.

use crate::catalog::number::counted;
use crate::catalog::{Value, naming};
use crate::store::{List, Reader};

use super::context::Context;
use super::failure::Outcome;
use super::options::OutputOptions;
use super::shell::quoted;

/// List the models, or say which names are one model
#[derive(Debug, clap::Subcommand)]
pub(super) enum Models {
    /// Every model, what is known of it, and how else it is written
    List(OutputOptions),
    /// Every name a file wrote, and the model it stands for
    Aliases(OutputOptions),
    /// Decide that a name stands for a model; its runs follow, now and in later imports
    Alias {
        /// The name as some file wrote it
        name: String,
        /// The model it stands for
        model: String,
    },
    /// All that is known of one model: its names, its runs, its newest results
    Show {
        /// Its name
        name: String,
        #[command(flatten)]
        output: OutputOptions,
    },
    /// Which names may be one model, and why; nothing is merged unasked
    Suggest(OutputOptions),
    /// Make two models one: every name and run of the first goes to the second
    Merge {
        /// The model that goes
        from: String,
        /// The model that stays
        into: String,
    },
    /// Give a model another name
    Rename {
        /// Its name
        old: String,
        /// Its new name
        new: String,
    },
}

impl Models {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::List(output) => super::rows::list(cx, List::Models, output)?,
            Self::Aliases(output) => super::rows::list(cx, List::Aliases, output)?,
            Self::Alias { name, model } => {
                let (runs, new) = cx.open_store()?.alias(name, model, cx.now())?;
                if new && name != model {
                    cx.say(&format!("note: `{model}` is a new model"));
                }
                cx.say(&format!(
                    "`{name}` is now `{model}`: {}",
                    counted(runs, "run")
                ));
                cx.say(&format!("undo: tradeoff models alias '{name}' '{name}'"));
            }
            Self::Show { name, output } => {
                let reader = cx.reader()?;
                reader.require_model(name)?;
                let bound = [("model".to_owned(), Value::Text(name.clone()))];
                super::parts::show(cx, &reader, Reader::MODEL, &bound, output)?;
            }
            Self::Suggest(output) => suggest(cx, output)?,
            Self::Merge { from, into } => {
                let names = cx.open_store()?.merge(from, into, cx.now())?;
                cx.say(&format!("`{from}` is now `{into}`; undo:"));
                for name in names {
                    cx.say(&format!("  tradeoff models alias '{name}' '{from}'"));
                }
            }
            Self::Rename { old, new } => {
                cx.open_store()?.rename_model(old, new)?;
                cx.say(&format!(
                    "`{old}` is now called `{new}`; undo: tradeoff models rename '{new}' '{old}'"
                ));
            }
        }
        Ok(Outcome::Fine)
    }
}

/// Pairs of models whose names may mean one, each with the command that would join them.
fn suggest(cx: &Context, output: &OutputOptions) -> anyhow::Result<()> {
    let names = cx.reader()?.model_names()?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let found = naming::suggest(&names);
    cx.rows(output, |out| {
        let header = ["model", "may_be", "reason", "command"];
        out.header(&header.map(str::to_owned))?;
        for pair in &found {
            let command = format!(
                "tradeoff models merge {} {}",
                quoted(&pair.b),
                quoted(&pair.a)
            );
            out.row(&[
                pair.b.as_str().into(),
                pair.a.as_str().into(),
                pair.reason.as_str().into(),
                command.into(),
            ])?;
        }
        Ok(())
    })?;
    cx.say(&match found.len() {
        0 => "no two names look like one model".to_owned(),
        n => format!("{}; none is applied unasked", counted(n, "suggestion")),
    });
    Ok(())
}
