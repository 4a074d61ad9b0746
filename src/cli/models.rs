//! `models`: which models there are, and which names stand for one of them.

use crate::store::List;

use super::context::Context;
use super::failure::Outcome;
use super::options::OutputOptions;

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
                    "`{name}` is now `{model}`: {runs} run{}",
                    if runs == 1 { "" } else { "s" }
                ));
                cx.say(&format!("undo: tradeoff models alias '{name}' '{name}'"));
            }
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
