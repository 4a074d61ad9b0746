//! Floor 5, the command line: arguments, streams, the clock, the environment, exit codes. One file a
//! command. The only home of clap and anyhow.
//!
//! A command opens, asks, computes, writes; what it computes stands on the floors below.

mod axes;
mod backup;
mod check;
mod choices;
mod compare;
mod completions;
mod context;
mod demo;
mod doctor;
mod document;
mod failure;
mod fit;
mod formats;
mod frontier;
mod history;
mod import;
mod metrics;
mod mixture;
mod models;
mod options;
mod parts;
mod plot;
mod queries;
mod query;
mod repl;
mod report;
mod rows;
mod runs;
mod shell;
mod side;
mod sources;
mod summary;
mod trend;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use context::Context;
use failure::Outcome;

/// Keep every benchmark result of your language models in one SQLite file: ask it anything in SQL,
/// see the speed–score frontier, and know how sure that is.
#[derive(Debug, Parser)]
#[command(
    name = "tradeoff",
    version,
    propagate_version = true,
    after_help = "Examples:\n  tradeoff demo                                    the whole way on seven models, in this folder\n  tradeoff import results/                         read every result file in a folder\n  tradeoff query \"SELECT model, task, value FROM latest WHERE metric = 'acc'\"\n  tradeoff frontier speed_vs_score                 which models are worth running\n  tradeoff plot speed_vs_score -o chart.svg        the chart\n\nExit codes: 0 fine, 1 the answer is bad (`check`, or what --fail-on names was found), 2 usage or data error, 3 `check` cannot decide, 130 interrupted."
)]
struct Cli {
    /// The store [default: TRADEOFF_STORE, else tradeoff.db in the current folder]
    #[arg(long, global = true, value_name = "FILE")]
    store: Option<PathBuf>,
    /// The folder of your saved queries [default: TRADEOFF_QUERIES, else queries/ beside the store]
    #[arg(long, global = true, value_name = "DIR")]
    queries: Option<PathBuf>,
    /// Print only errors on standard error
    #[arg(short, long, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Import(import::Import),
    Formats(formats::Formats),
    #[command(subcommand)]
    Models(models::Models),
    #[command(subcommand)]
    Runs(runs::Runs),
    #[command(subcommand)]
    Sources(sources::Sources),
    #[command(subcommand)]
    Metrics(metrics::Metrics),
    Summary(summary::Summary),
    Query(query::Query),
    #[command(subcommand)]
    Queries(queries::Queries),
    Fit(fit::FitCommand),
    Frontier(frontier::FrontierCommand),
    Compare(compare::Compare),
    Trend(trend::TrendCommand),
    Check(check::Check),
    Plot(plot::Plot),
    #[command(subcommand)]
    Report(report::Report),
    Doctor(doctor::Doctor),
    Backup(backup::Backup),
    Completions(completions::Completions),
    Man(completions::Man),
}

impl Command {
    fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Demo(command) => command.run(cx),
            Self::Import(command) => command.run(cx),
            Self::Formats(command) => command.run(cx),
            Self::Models(command) => command.run(cx),
            Self::Runs(command) => command.run(cx),
            Self::Sources(command) => command.run(cx),
            Self::Metrics(command) => command.run(cx),
            Self::Summary(command) => command.run(cx),
            Self::Query(command) => command.run(cx),
            Self::Queries(command) => command.run(cx),
            Self::Fit(command) => command.run(cx),
            Self::Frontier(command) => command.run(cx),
            Self::Compare(command) => command.run(cx),
            Self::Trend(command) => command.run(cx),
            Self::Check(command) => command.run(cx),
            Self::Plot(command) => command.run(cx),
            Self::Report(command) => command.run(cx),
            Self::Doctor(command) => command.run(cx),
            Self::Backup(command) => command.run(cx),
            Self::Completions(command) => command.run(cx),
            Self::Man(command) => command.run(cx),
        }
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let parsed = Cli::command()
        .try_get_matches()
        .and_then(|m| Cli::from_arg_matches(&m));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are printed as asked for; the pipe may close on them too.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let cx = Context::new(cli.store, cli.queries, cli.quiet);
    match cli.command.run(&cx) {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(error) => {
            let (code, text) = failure::report(&error);
            if let Some(text) = text {
                let _ = writeln!(std::io::stderr().lock(), "{text}");
            }
            ExitCode::from(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_hang_together() {
        Cli::command().debug_assert();
    }
}
