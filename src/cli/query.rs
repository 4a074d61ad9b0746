//! `query`: rows of a saved query or of SQL, and what there is to ask.

use std::cell::RefCell;

use crate::catalog::Value;
use crate::catalog::nearest::nearest;
use crate::store::{StoreError, functions, views};

use super::context::Context;
use super::failure::Outcome;
use super::options::{OutputOptions, RowOptions};
use super::repl;

/// Ask the store anything in SQL, or run a saved query
///
/// One SELECT at a time, read-only. The views are `results` (every measurement with all names spelled
/// out), `latest` (the newest of each series), `speed_score` (a score beside a speed of the same
/// model), `run_settings`, `run_sources` and `sample_values`; --schema lists their columns. On a
/// terminal, without any argument, it asks for statements.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tradeoff query \"SELECT model, value FROM latest WHERE task = 'gsm8k' ORDER BY value DESC\"\n  tradeoff query \"SELECT model, count(*), median(value) FROM results WHERE metric = 'ttft' GROUP BY model\"\n  tradeoff query latest_results -p model=acme/aurora-7b -f csv > latest.csv\n  tradeoff query \"SELECT model, avg(speed) FROM data GROUP BY model\" --data speeds.csv\n  tradeoff query \"SELECT * FROM latest JOIN price USING (model)\" --data price=prices.csv\n  tradeoff query --schema latest                   the columns of a view, a line each\n  tradeoff query --functions                       the functions besides SQLite's own"
)]
pub(super) struct Query {
    #[command(flatten)]
    rows: RowOptions,
    /// Stop after so many rows
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// List the views, or the columns of one
    #[arg(long, value_name = "VIEW", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["query", "functions", "plan"])]
    schema: Option<String>,
    /// List the SQL functions there are besides SQLite's own
    #[arg(long, conflicts_with_all = ["query", "plan"])]
    functions: bool,
    /// Show how SQLite would answer, and run nothing
    #[arg(long)]
    plan: bool,
    #[command(flatten)]
    output: OutputOptions,
}

impl Query {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        match &self.schema {
            Some(view) if view.is_empty() => list_views(cx, &self.output)?,
            Some(view) => list_columns(cx, view, &self.output)?,
            None if self.functions => list_functions(cx, &self.output)?,
            None if self.rows.asks_nothing() && cx.is_interactive() => {
                return repl::run(cx, &self.rows, &self.output);
            }
            None => self.answer(cx)?,
        }
        Ok(Outcome::Fine)
    }

    fn answer(&self, cx: &Context) -> anyhow::Result<()> {
        let mut asked = self.rows.ask(cx)?;
        if self.plan {
            asked.explain();
        }
        let mut left = self.limit.unwrap_or(u64::MAX);
        cx.rows(&self.output, |rows| {
            let rows = RefCell::new(rows);
            asked.stream(
                cx,
                |columns| rows.borrow_mut().header(columns),
                |row| {
                    if left == 0 {
                        return Ok(false);
                    }
                    left -= 1;
                    rows.borrow_mut().row(row)?;
                    Ok(left > 0)
                },
            )
        })
    }
}

/// The views, a line each.
pub(super) fn list_views(cx: &Context, output: &OutputOptions) -> anyhow::Result<()> {
    let rows = views().iter().map(|view| [view.name, view.rows]);
    list(cx, ["view", "rows"], rows, output)
}

/// The columns of a view, a line each.
pub(super) fn list_columns(cx: &Context, name: &str, output: &OutputOptions) -> anyhow::Result<()> {
    let Some(view) = views().iter().find(|view| view.name == name) else {
        return Err(StoreError::Unknown {
            kind: "view",
            name: name.to_owned(),
            near: nearest(name, views().iter().map(|view| view.name)).map(str::to_owned),
        }
        .into());
    };
    let rows = view.columns.iter().map(|&(column, holds)| [column, holds]);
    list(cx, ["column", "holds"], rows, output)
}

fn list_functions(cx: &Context, output: &OutputOptions) -> anyhow::Result<()> {
    let rows = functions().into_iter().flat_map(|(subject, functions)| {
        functions
            .into_iter()
            .map(move |function| [function.call, function.gives, subject])
    });
    list(cx, ["function", "gives", "kind"], rows, output)
}

fn list<const N: usize>(
    cx: &Context,
    header: [&str; N],
    rows: impl Iterator<Item = [&'static str; N]>,
    output: &OutputOptions,
) -> anyhow::Result<()> {
    cx.rows(output, |out| {
        out.header(&header.map(str::to_owned))?;
        for row in rows {
            out.row(&row.map(Value::from))?;
        }
        Ok(())
    })
}
