//! What can keep a question from being answered. Every variant names the column or the numbers.

/// An error of an analysis.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AnalysisError {
    /// The rows have no such column.
    #[error("the rows have no column `{column}`, only {}", names(columns))]
    NoColumn {
        /// The column asked for.
        column: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// A column that is not among the objectives.
    #[error("`{column}` is no objective, only {} {}", names(objectives), if objectives.len() == 1 { "is" } else { "are" })]
    NoObjective {
        /// The column asked for.
        column: String,
        /// The objectives there are.
        objectives: Vec<String>,
    },
    /// A column that must hold numbers holds text.
    #[error("column `{column}`, row {row}: `{text}` is not a number")]
    NotANumber {
        /// The column.
        column: String,
        /// The row, from 1.
        row: usize,
        /// What stands there.
        text: String,
    },
    /// Too few rows are left.
    #[error("{what} needs at least {needed} rows with {columns}, there {} {found}", if *found == 1 { "is" } else { "are" })]
    TooFew {
        /// The analysis.
        what: &'static str,
        /// The columns that must hold a value.
        columns: String,
        /// How many rows it needs.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// A logarithm of something that has none.
    #[error("column `{column}`, row {row}{}: {value} has no place on a logarithmic axis", label.as_ref().map(|l| format!(" (`{l}`)")).unwrap_or_default())]
    NotPositive {
        /// The column.
        column: String,
        /// The row, from 1.
        row: usize,
        /// What the row is about.
        label: Option<String>,
        /// The value.
        value: f64,
    },
    /// The values cannot carry the analysis.
    #[error("{what}: {reason}")]
    Undefined {
        /// The analysis.
        what: &'static str,
        /// Why.
        reason: String,
    },
    /// Nothing says which way is better.
    #[error("nothing says whether a higher or a lower `{column}` is better")]
    NoDirection {
        /// The column.
        column: String,
    },
}

fn names(columns: &[String]) -> String {
    let quoted: Vec<String> = columns.iter().map(|c| format!("`{c}`")).collect();
    if quoted.is_empty() {
        "none".to_owned()
    } else {
        quoted.join(", ")
    }
}
