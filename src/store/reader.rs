//! Statements of the user's: one at a time, read-only, behind the guard, stopped on demand. Rows
//! stream; nothing is kept.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags, Statement};

use crate::catalog::Value;

use super::{BUSY, FrameBuilder, StoreError, functions, guard, migrations, scratch, value};

/// Asked every few thousand steps of SQLite's machine: shall the statement stop?
pub type Stop = Box<dyn FnMut() -> bool + Send>;

/// A table that is offered to SQL beside those of the store.
pub struct Offered<'a> {
    /// What SQL calls it.
    pub name: &'a str,
    /// Its columns.
    pub columns: &'a [String],
    /// Its rows.
    pub rows: Box<dyn Iterator<Item = Vec<Value>> + 'a>,
}

/// How many steps lie between two questions: a fraction of a millisecond of work.
const STEPS: i32 = 2_000;

/// A connection on which only guarded reading is possible.
#[derive(Debug)]
pub struct Reader {
    conn: Connection,
}

impl Reader {
    /// Opens a store for reading. Never creates, migrates or changes anything.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::NotAStore`], [`StoreError::Newer`], and
    /// [`StoreError::Older`] for a store that a writing command must bring up first.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let conn = Self::checked(path)?;
        functions::register(&conn)?;
        guard::raise(&conn)?;
        Ok(Self { conn })
    }

    /// A connection to a store of this version.
    fn checked(path: &Path) -> Result<Connection, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing {
                path: path.to_owned(),
            });
        }
        let conn = Self::connect(path)?;
        match migrations::state(&conn) {
            Ok(migrations::State::Version(version)) if version == migrations::newest() => {}
            Ok(migrations::State::Version(found)) if found > migrations::newest() => {
                return Err(StoreError::Newer {
                    path: path.to_owned(),
                    found,
                    known: migrations::newest(),
                });
            }
            Ok(migrations::State::Version(found)) => {
                return Err(StoreError::Older {
                    path: path.to_owned(),
                    found,
                    known: migrations::newest(),
                });
            }
            Ok(_) => {
                return Err(StoreError::NotAStore {
                    path: path.to_owned(),
                });
            }
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
                return Err(StoreError::NotAStore {
                    path: path.to_owned(),
                });
            }
            Err(error) => return Err(error.into()),
        }
        Ok(conn)
    }

    /// A connection that reads. In a folder where SQLite may not make its `-shm` file the store is
    /// read as immutable, but only when no log with content lies beside it.
    fn connect(path: &Path) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(BUSY)?;
        let Err(error) = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
        else {
            return Ok(conn);
        };
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let log_is_empty = std::fs::metadata(Path::new(&log)).map_or(true, |meta| meta.len() == 0);
        let read_only = matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied)
        );
        let absolute = std::path::absolute(path)?;
        match absolute.to_str() {
            Some(text) if read_only && log_is_empty => {
                let escaped = text
                    .replace('%', "%25")
                    .replace('?', "%3f")
                    .replace('#', "%23");
                let uri = format!("file:{escaped}?immutable=1");
                Ok(Connection::open_with_flags(
                    uri,
                    flags | OpenFlags::SQLITE_OPEN_URI,
                )?)
            }
            // `open` tells what is wrong with it.
            _ => Ok(conn),
        }
    }

    /// The question a table file answers when none is asked.
    pub const ALL_OF_DATA: &str = "SELECT * FROM data";

    /// A reader over tables in memory, beside a store or alone.
    ///
    /// # Errors
    /// Those of [`Reader::open`]; [`StoreError::Data`] when a table has more columns than SQLite takes,
    /// or is called like one of the store's own.
    pub fn of_tables(store: Option<&Path>, tables: Vec<Offered<'_>>) -> Result<Self, StoreError> {
        let conn = match store {
            Some(path) => Self::checked(path)?,
            None => Connection::open_in_memory()?,
        };
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        for table in tables {
            scratch::fill(&conn, table)?;
        }
        functions::register(&conn)?;
        guard::raise(&conn)?;
        Ok(Self { conn })
    }

    /// A reader of a store without anything in it: for looking at statements.
    ///
    /// # Errors
    /// Only when memory runs out.
    pub fn empty() -> Result<Self, StoreError> {
        let conn = super::Store::in_memory()?.into_connection();
        guard::raise(&conn)?;
        Ok(Self { conn })
    }

    /// Whether a statement could be run and has no parameters but these; the columns it would give.
    ///
    /// # Errors
    /// Those of [`Reader::run`].
    pub fn check(&self, sql: &str, parameters: &[&str]) -> Result<Vec<String>, StoreError> {
        let nothing = parameters
            .iter()
            .map(|name| ((*name).to_owned(), Value::Null));
        let statement = self.prepare(sql, &nothing.collect::<Vec<_>>())?;
        let names = statement.column_names();
        Ok(names.into_iter().map(str::to_owned).collect())
    }

    /// The question how SQLite would answer a statement.
    pub fn plan_of(sql: &str) -> String {
        format!("EXPLAIN QUERY PLAN {sql}")
    }

    /// The connection, for the fixed questions of this folder.
    pub(super) fn connection(&self) -> &Connection {
        &self.conn
    }

    /// Installs the question whether to stop.
    ///
    /// # Errors
    /// Only when the connection is not ours, which cannot be.
    pub fn stop_when(&self, stop: Stop) -> Result<(), StoreError> {
        Ok(self.conn.progress_handler(STEPS, Some(stop))?)
    }

    fn prepare<'a>(
        &'a self,
        sql: &str,
        parameters: &[(String, Value)],
    ) -> Result<Statement<'a>, StoreError> {
        let mut statement = self
            .conn
            .prepare(sql)
            .map_err(|error| explain(error, sql))?;
        if statement.column_count() == 0 {
            return Err(match sql.trim().trim_end_matches(';').trim().is_empty() {
                true => StoreError::OneStatement { found: "none" },
                false => StoreError::Refused {
                    what: "the statement returns no rows".to_owned(),
                },
            });
        }
        if !statement.readonly() {
            return Err(StoreError::Refused {
                what: "the statement writes".to_owned(),
            });
        }
        bind(&mut statement, parameters)?;
        Ok(statement)
    }

    /// The parameters a statement has, without their `:`.
    ///
    /// # Errors
    /// As [`Reader::run`].
    pub fn parameters(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        let statement = self
            .conn
            .prepare(sql)
            .map_err(|error| explain(error, sql))?;
        let names = (1..=statement.parameter_count()).filter_map(|i| statement.parameter_name(i));
        Ok(names
            .map(|name| name.trim_start_matches([':', '@', '$']).to_owned())
            .collect())
    }

    /// Runs one statement: `header` gets the column names, `row` every row, until it returns false.
    ///
    /// # Errors
    /// [`StoreError::Sql`] with the place of the mistake, [`StoreError::Refused`] for what the guard
    /// forbids, [`StoreError::Parameter`], [`StoreError::Stopped`], and what `header` and `row` return.
    pub fn run(
        &self,
        sql: &str,
        parameters: &[(String, Value)],
        header: impl FnOnce(&[String]) -> std::io::Result<()>,
        mut row: impl FnMut(&[Value]) -> std::io::Result<bool>,
    ) -> Result<(), StoreError> {
        let mut statement = self.prepare(sql, parameters)?;
        let columns: Vec<String> = statement
            .column_names()
            .into_iter()
            .map(str::to_owned)
            .collect();
        header(&columns)?;
        let mut cells = vec![Value::Null; columns.len()];
        let mut rows = statement.raw_query();
        while let Some(found) = rows.next().map_err(|error| explain(error, sql))? {
            for (i, cell) in cells.iter_mut().enumerate() {
                *cell = value::of(found.get_ref(i)?);
            }
            if !row(&cells)? {
                break;
            }
        }
        Ok(())
    }

    /// Runs one statement into columns.
    ///
    /// # Errors
    /// As [`Reader::run`].
    pub fn frame(
        &self,
        sql: &str,
        parameters: &[(String, Value)],
    ) -> Result<polars::frame::DataFrame, StoreError> {
        let mut builder = FrameBuilder::default();
        let names = std::cell::RefCell::new(Vec::new());
        self.run(
            sql,
            parameters,
            |columns| {
                *names.borrow_mut() = columns.to_vec();
                Ok(())
            },
            |cells| {
                builder.push(cells);
                Ok(true)
            },
        )?;
        builder.finish(&names.into_inner())
    }
}

fn bind(statement: &mut Statement<'_>, parameters: &[(String, Value)]) -> Result<(), StoreError> {
    let names: Vec<String> = (1..=statement.parameter_count())
        .map(|i| statement.parameter_name(i).unwrap_or("?").to_owned())
        .collect();
    for (i, name) in names.iter().enumerate() {
        let bare = name.trim_start_matches([':', '@', '$']);
        let given = parameters.iter().rev().find(|(key, _)| key == bare);
        let Some((_, value)) = given else {
            let reason = if bare == "?" || name.starts_with('?') {
                "the statement has a parameter without a name, write `:name`".to_owned()
            } else {
                format!("the parameter `{bare}` has no value")
            };
            return Err(StoreError::Parameter { reason });
        };
        statement.raw_bind_parameter(i + 1, value)?;
    }
    for (key, _) in parameters {
        if !names
            .iter()
            .any(|name| name.trim_start_matches([':', '@', '$']) == key)
        {
            return Err(StoreError::Parameter {
                reason: format!("the query has no parameter `{key}`"),
            });
        }
    }
    Ok(())
}

/// SQLite's error in our words.
fn explain(error: rusqlite::Error, sql: &str) -> StoreError {
    match error {
        rusqlite::Error::MultipleStatement => StoreError::OneStatement {
            found: "more than one",
        },
        rusqlite::Error::SqlInputError {
            msg,
            sql,
            offset,
            error,
        } => {
            if error.code == ErrorCode::AuthorizationForStatementDenied
                || msg.starts_with("not authorized")
            {
                return StoreError::Refused {
                    what: forbidden(&sql),
                };
            }
            StoreError::Sql {
                message: msg,
                sql,
                offset: usize::try_from(offset).ok(),
            }
        }
        rusqlite::Error::SqliteFailure(cause, message) => match cause.code {
            ErrorCode::OperationInterrupted => StoreError::Stopped,
            ErrorCode::AuthorizationForStatementDenied => StoreError::Refused {
                what: forbidden(sql),
            },
            _ => match message {
                Some(message) if message.contains("not authorized") => StoreError::Refused {
                    what: forbidden(sql),
                },
                Some(message) if message.contains("too many attached") => StoreError::Refused {
                    what: forbidden(sql),
                },
                Some(message) => StoreError::Sql {
                    message,
                    sql: sql.to_owned(),
                    offset: None,
                },
                None => StoreError::Sqlite(rusqlite::Error::SqliteFailure(cause, None)),
            },
        },
        other => other.into(),
    }
}

fn forbidden(sql: &str) -> String {
    let verb: String = sql
        .trim_start()
        .chars()
        .take_while(|c| c.is_ascii_alphabetic())
        .collect();
    let verb = verb.to_ascii_uppercase();
    match verb.as_str() {
        "" | "SELECT" | "WITH" | "EXPLAIN" | "VALUES" => {
            "the statement does more than read tables".to_owned()
        }
        _ => format!("`{verb}` is not reading"),
    }
}
