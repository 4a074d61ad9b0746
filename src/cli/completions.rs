//! `completions` and `man`: the habits of the shell.

use clap::CommandFactory;
use clap_complete::Shell;

use super::Cli;
use super::context::Context;
use super::failure::Outcome;
use super::options::OutputOptions;

/// Write the completions of a shell to standard output
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tradeoff completions bash > ~/.local/share/bash-completion/completions/tradeoff\n  tradeoff completions zsh > ~/.zfunc/_tradeoff\n  tradeoff completions fish > ~/.config/fish/completions/tradeoff.fish"
)]
pub(super) struct Completions {
    /// bash, elvish, fish, powershell or zsh
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "tradeoff", &mut text);
        cx.bytes(&OutputOptions::default(), |out| Ok(out.write_all(&text)?))?;
        Ok(Outcome::Fine)
    }
}

/// Write the manual page to standard output
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  tradeoff man > ~/.local/share/man/man1/tradeoff.1")]
pub(super) struct Man {}

impl Man {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        let mut text = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut text)?;
        cx.bytes(&OutputOptions::default(), |out| Ok(out.write_all(&text)?))?;
        Ok(Outcome::Fine)
    }
}
