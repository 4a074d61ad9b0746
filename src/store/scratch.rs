//! Tables in memory: a file of the user's offered to SQL without any store.

use rusqlite::Connection;

use crate::catalog::Value;

use super::StoreError;

/// Makes a table of these columns and rows. Column types are left open, so every cell keeps its own.
pub(super) fn fill(
    conn: &Connection,
    name: &str,
    columns: &[String],
    rows: impl Iterator<Item = Vec<Value>>,
) -> Result<(), StoreError> {
    let quoted: Vec<String> = columns
        .iter()
        .map(|c| format!("\"{}\"", c.replace('"', "\"\"")))
        .collect();
    conn.execute_batch(&format!("CREATE TABLE \"{name}\" ({})", quoted.join(", ")))
        .map_err(|error| StoreError::Data {
            reason: format!("the table `{name}` cannot be made: {error}"),
        })?;
    let marks = vec!["?"; columns.len()].join(", ");
    conn.execute_batch("BEGIN")?;
    let mut insert = conn.prepare(&format!("INSERT INTO \"{name}\" VALUES ({marks})"))?;
    for row in rows {
        for (i, value) in row.iter().enumerate() {
            insert.raw_bind_parameter(i + 1, value)?;
        }
        insert.raw_execute()?;
    }
    drop(insert);
    conn.execute_batch("COMMIT")?;
    Ok(())
}
