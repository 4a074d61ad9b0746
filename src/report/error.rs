//! What can go wrong between a document and a file.

/// An error of writing a document. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// CSV is one table, and the document has none.
    #[error("the report has no table to write as CSV")]
    NoTable,
    /// Neither marker stands in the file.
    #[error(
        "the file has no `{begin}` and no `{end}`; write each on a line of its own where the report is to stand"
    )]
    NoMarkers {
        /// The marker before the report.
        begin: String,
        /// The marker after it.
        end: String,
    },
    /// One marker of the two is missing.
    #[error(
        "`{found}` stands in line {line}, but there is no `{missing}`; write it on a line of its own"
    )]
    MissingMarker {
        /// The marker that is there.
        found: String,
        /// Its line.
        line: usize,
        /// The one that is not.
        missing: String,
    },
    /// A marker stands in the file more than once.
    #[error("`{marker}` stands in line {first} and again in line {second}; leave one of them")]
    RepeatedMarker {
        /// The marker.
        marker: String,
        /// Its first line.
        first: usize,
        /// Its second line.
        second: usize,
    },
    /// The markers stand in the wrong order.
    #[error(
        "`{end}` stands in line {end_line}, before `{begin}` in line {begin_line}; exchange them"
    )]
    MarkerOrder {
        /// The marker before the report.
        begin: String,
        /// Its line.
        begin_line: usize,
        /// The marker after it.
        end: String,
        /// Its line.
        end_line: usize,
    },
    /// The report contains a marker, and a later one could not be put in its place.
    #[error("line {line} of the report is `{marker}` itself; change the query that contains it")]
    MarkerInReport {
        /// The marker.
        marker: String,
        /// The line of the report.
        line: usize,
    },
}
