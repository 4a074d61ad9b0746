//! `summary`: every metric of every model in short.

use crate::analysis::{SUMMARY, columns, summary};
use crate::catalog::Value;
use crate::store::OF_METRIC;

use super::context::Context;
use super::failure::Outcome;
use super::options::OutputOptions;

/// Count, mean, standard deviation, median and 95th percentile of each model's metrics
///
/// All runs of the store are taken together, old and new, within one task, metric, statistic,
/// qualifier and unit. The 95th percentile is by nearest rank: a value that was measured. What is
/// listed here is a description: differences need `compare`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tradeoff summary\n  tradeoff summary --by model --by hardware -f csv\n  tradeoff summary --by quantization"
)]
pub(super) struct Summary {
    /// Take runs together that agree in this, such as model, hardware or concurrency; several may be
    /// given [default: model]
    #[arg(long, value_name = "COLUMN")]
    by: Vec<String>,
    #[command(flatten)]
    output: OutputOptions,
}

impl Summary {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        let mut by: Vec<&str> = self.by.iter().map(String::as_str).collect();
        if by.is_empty() {
            by.push("model");
        }
        let groups = cx.reader()?.groups(&by)?;
        let (keys, values): (Vec<_>, Vec<_>) =
            groups.into_iter().map(|g| (g.key, g.values)).unzip();
        let frame = summary(values.into_iter())?;
        let numbers = SUMMARY
            .iter()
            .map(|name| columns::numbers(&frame, name))
            .collect::<Result<Vec<_>, _>>()?;
        cx.rows(&self.output, |out| {
            let header: Vec<String> = [by.as_slice(), &OF_METRIC, &SUMMARY]
                .concat()
                .iter()
                .map(|name| (*name).to_owned())
                .collect();
            out.header(&header)?;
            for (row, key) in keys.into_iter().enumerate() {
                let mut cells = key;
                for (column, name) in numbers.iter().zip(SUMMARY) {
                    let cell = column.get(row).copied().flatten();
                    cells.push(match name {
                        "n" => cell.map(|n| n as i64).into(),
                        _ => cell.map_or(Value::Null, Value::from),
                    });
                }
                out.row(&cells)?;
            }
            Ok(())
        })?;
        Ok(Outcome::Fine)
    }
}
