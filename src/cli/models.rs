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
}

impl Models {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::List(output) => super::rows::list(cx, List::Models, output)?,
            Self::Aliases(output) => super::rows::list(cx, List::Aliases, output)?,
            Self::Alias { name, model } => {
                let runs = cx.open_store()?.alias(name, model, cx.now())?;
                cx.say(&format!(
                    "`{name}` is now `{model}`: {runs} run{}",
                    if runs == 1 { "" } else { "s" }
                ));
                cx.say(&format!("undo: tradeoff models alias '{name}' '{name}'"));
            }
        }
        Ok(Outcome::Fine)
    }
}
