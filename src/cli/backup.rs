//! `backup`: a consistent copy of the store.

use std::path::PathBuf;

use crate::store;

use super::context::Context;
use super::failure::Outcome;

/// Copy the store as it is at one moment, whoever else writes
#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// The file to write; it must not exist
    file: PathBuf,
}

impl Backup {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        store::backup(cx.store_path(), &self.file)?;
        cx.say(&format!(
            "copied `{}` to `{}`",
            cx.store_path().display(),
            self.file.display()
        ));
        Ok(Outcome::Fine)
    }
}
