//! The wall between a user's statement and the machine. A read-only connection is not enough:
//! `ATTACH`, `VACUUM INTO` and `PRAGMA` get through it, so every statement is judged, part by part,
//! by an authorizer that allows reading and nothing else (<https://sqlite.org/security.html>).

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;

/// Functions SQLite may have that reach outside the data.
const FORBIDDEN_FUNCTIONS: &[&str] = &[
    "load_extension",
    "fts3_tokenizer",
    "writefile",
    "readfile",
    "edit",
    "sqlite_log",
];

/// The pragmas that only describe the schema; allowed in the form `SELECT … FROM pragma_NAME(…)`.
const SCHEMA_PRAGMAS: &[&str] = &[
    "table_list",
    "table_info",
    "table_xinfo",
    "index_list",
    "index_info",
    "index_xinfo",
    "foreign_key_list",
    "function_list",
    "collation_list",
    "database_list",
    "compile_options",
];

/// Limits for a stranger's statement. The length limit bounds single operations that no progress
/// handler can interrupt: without it `hex(zeroblob(…))` runs for minutes.
const LIMITS: &[(Limit, i32)] = &[
    (Limit::SQLITE_LIMIT_LENGTH, 10_000_000),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 1_000_000),
    (Limit::SQLITE_LIMIT_COLUMN, 2_000),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 100),
    (Limit::SQLITE_LIMIT_VDBE_OP, 250_000),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 100),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 1_000),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// Puts the wall up. It cannot be taken down by a statement.
pub(super) fn raise(conn: &Connection) -> rusqlite::Result<()> {
    // A mistyped column in double quotes must be an error, not a string.
    for (config, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false),
    ] {
        conn.set_db_config(config, on)?;
    }
    for &(limit, value) in LIMITS {
        conn.set_limit(limit, value)?;
    }
    conn.pragma_update(None, "query_only", true)?;
    conn.authorizer(Some(|context: AuthContext<'_>| {
        if allowed(&context.action) {
            Authorization::Allow
        } else {
            Authorization::Deny
        }
    }))
}

fn allowed(action: &AuthAction<'_>) -> bool {
    match action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => true,
        AuthAction::Function { function_name } => !FORBIDDEN_FUNCTIONS
            .iter()
            .any(|name| name.eq_ignore_ascii_case(function_name)),
        AuthAction::Pragma { pragma_name, .. } => SCHEMA_PRAGMAS
            .iter()
            .any(|name| name.eq_ignore_ascii_case(pragma_name)),
        _ => false,
    }
}
