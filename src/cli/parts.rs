//! Several tables about one thing, one below the other: what `show` prints.

use std::cell::RefCell;

use crate::catalog::Value;
use crate::output::{self, Format, Style};
use crate::store::{Part, Reader};

use super::context::Context;
use super::options::OutputOptions;

/// Writes the parts for people; machine formats hold one table, the part called `results`.
pub(super) fn show(
    cx: &Context,
    reader: &Reader,
    parts: &[Part],
    bound: &[(String, Value)],
    options: &OutputOptions,
) -> anyhow::Result<()> {
    let people = matches!(options.format(), Format::Table | Format::Markdown);
    let shown = parts
        .iter()
        .filter(|(title, _)| people || *title == "results");
    cx.bytes(options, |out| {
        for (title, sql) in shown {
            let (bytes, any) = table(reader, sql, bound, options)?;
            if people && any {
                writeln!(out, "{title}\n")?;
            }
            if any || !people {
                out.write_all(&bytes)?;
                if people {
                    writeln!(out)?;
                }
            }
        }
        Ok(())
    })
}

/// The table of one part, and whether it has any row.
fn table(
    reader: &Reader,
    sql: &str,
    bound: &[(String, Value)],
    options: &OutputOptions,
) -> anyhow::Result<(Vec<u8>, bool)> {
    let (mut bytes, mut any) = (Vec::new(), false);
    let style = Style {
        max_table_rows: usize::MAX,
        csv_safe: options.csv_safe,
        ..Style::default()
    };
    {
        let rows = RefCell::new(output::writer(options.format(), &mut bytes, &style));
        reader.run(
            sql,
            bound,
            |columns| rows.borrow_mut().header(columns),
            |row| {
                any = true;
                rows.borrow_mut().row(row)?;
                Ok(true)
            },
        )?;
        rows.borrow_mut().finish()?;
    }
    Ok((bytes, any))
}
