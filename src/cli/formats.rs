//! `formats`: what `import` reads.

use crate::catalog::Value;
use crate::import::table::MOST_COLUMNS;
use crate::import::{FORMATS, LARGEST_FILE, LONGEST_LINE};

use super::context::Context;
use super::failure::Outcome;
use super::options::OutputOptions;

/// List the import formats, how each is recognised and what is read
#[derive(Debug, clap::Args)]
pub(super) struct Formats {
    #[command(flatten)]
    output: OutputOptions,
}

impl Formats {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        cx.rows(&self.output, |rows| {
            rows.header(&["format", "tool", "recognised by", "what is read"].map(str::to_owned))?;
            for format in FORMATS {
                rows.row(
                    &[format.name, format.tool, format.recognised_by, format.reads]
                        .map(Value::from),
                )?;
            }
            Ok(())
        })?;
        cx.say(&format!(
            "limits: a file that is read as a whole {} MB; a table in CSV, TSV or JSON Lines is read by line and may \
             have any size, a line of it {} MB and {} columns",
            LARGEST_FILE >> 20,
            LONGEST_LINE >> 20,
            MOST_COLUMNS
        ));
        Ok(Outcome::Fine)
    }
}
