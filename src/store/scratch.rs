//! Tables in memory: files of the user's offered to SQL, alone or beside a store.

use rusqlite::Connection;

use super::{Offered, StoreError};

/// Makes a temporary table. Column types are left open, so every cell keeps its own.
pub(super) fn fill(conn: &Connection, table: Offered<'_>) -> Result<(), StoreError> {
    let name = table.name;
    let taken: bool = conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE name = ?)",
        [name],
        |row| row.get(0),
    )?;
    if taken {
        return Err(StoreError::Data {
            reason: format!("the store has a table or view `{name}` of its own"),
        });
    }
    let columns = table.columns.iter();
    let quoted: Vec<String> = columns
        .map(|c| format!("\"{}\"", c.replace('"', "\"\"")))
        .collect();
    conn.execute_batch(&format!(
        "CREATE TEMP TABLE \"{name}\" ({})",
        quoted.join(", ")
    ))
    .map_err(|error| StoreError::Data {
        reason: format!("the table `{name}` cannot be made: {error}"),
    })?;
    let marks = vec!["?"; quoted.len()].join(", ");
    conn.execute_batch("BEGIN")?;
    let mut insert = conn.prepare(&format!("INSERT INTO temp.\"{name}\" VALUES ({marks})"))?;
    for row in table.rows {
        for (i, value) in row.iter().enumerate() {
            insert.raw_bind_parameter(i + 1, value)?;
        }
        insert.raw_execute()?;
    }
    drop(insert);
    conn.execute_batch("COMMIT")?;
    Ok(())
}
