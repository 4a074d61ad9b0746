//! `query`: rows of a saved query or of SQL.

use super::context::Context;
use super::failure::Outcome;
use super::options::{OutputOptions, RowOptions};

/// Ask the store anything in SQL, or run a saved query
///
/// One SELECT a time, read-only. The views are `results` (every measurement with all names spelled
/// out), `latest` (the newest of each series), `speed_score` (a score beside a speed of the same
/// model), `run_settings`, `run_sources` and `sample_values`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tradeoff query \"SELECT model, value FROM latest WHERE task = 'gsm8k' ORDER BY value DESC\"\n  tradeoff query latest_results -p model=acme/aurora-7b -f csv > latest.csv\n  tradeoff query \"SELECT model, avg(speed) FROM data GROUP BY model\" --data speeds.csv\n  tradeoff query \"SELECT name FROM pragma_table_info('results')\"      the columns of a view"
)]
pub(super) struct Query {
    #[command(flatten)]
    rows: RowOptions,
    /// Stop after so many rows
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    #[command(flatten)]
    output: OutputOptions,
}

impl Query {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        let asked = self.rows.ask(cx)?;
        let mut left = self.limit.unwrap_or(u64::MAX);
        cx.rows(&self.output, |rows| {
            let rows = std::cell::RefCell::new(rows);
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
        })?;
        Ok(Outcome::Fine)
    }
}
