//! The output formats: their names, and the endings of files that imply them.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::OutputError;

/// A format in which rows can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Aligned columns for a person at a terminal; numbers are rounded.
    Table,
    /// Comma-separated values after RFC 4180; numbers are exact.
    Csv,
    /// Tab-separated values with `\t`, `\n`, `\r` and `\\` escaped; numbers are exact.
    Tsv,
    /// One JSON array of objects; numbers are exact.
    Json,
    /// JSON Lines: one JSON object a line; numbers are exact.
    Jsonl,
    /// A table of GitHub-flavoured Markdown; numbers are rounded.
    Markdown,
}

impl Format {
    /// Every format, in the order of help texts.
    pub const ALL: &'static [Self] = &[
        Self::Table,
        Self::Csv,
        Self::Tsv,
        Self::Json,
        Self::Jsonl,
        Self::Markdown,
    ];

    /// The name by which the format is chosen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Markdown => "markdown",
        }
    }

    /// The format which the ending of a file implies, in any case of letters.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.endings().contains(&ending.as_str()))
    }

    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Table => &["txt"],
            Self::Csv => &["csv"],
            Self::Tsv => &["tsv"],
            Self::Json => &["json"],
            Self::Jsonl => &["jsonl", "ndjson"],
            Self::Markdown => &["md", "markdown"],
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = OutputError;

    fn from_str(name: &str) -> Result<Self, OutputError> {
        let found = Self::ALL.iter().copied().find(|f| f.name() == name);
        found.ok_or_else(|| OutputError::UnknownFormat {
            name: name.to_owned(),
            known: Self::ALL
                .iter()
                .map(|f| f.name())
                .collect::<Vec<_>>()
                .join(", "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name_and_by_each_of_its_endings() {
        for &format in Format::ALL {
            assert_eq!(format.to_string().parse::<Format>().unwrap(), format);
            for ending in format.endings() {
                let path = format!("folder.csv/file.{ending}");
                assert_eq!(Format::from_path(Path::new(&path)), Some(format));
            }
        }
    }

    #[test]
    fn an_ending_is_read_in_any_case_and_an_unknown_one_implies_nothing() {
        assert_eq!(Format::from_path(Path::new("A.CSV")), Some(Format::Csv));
        assert_eq!(Format::from_path(Path::new("a.parquet")), None);
        assert_eq!(Format::from_path(Path::new("csv")), None);
        assert_eq!(Format::from_path(Path::new(".csv")), None);
        assert_eq!(Format::from_path(Path::new("")), None);
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        assert_eq!(
            "xml".parse::<Format>().unwrap_err().to_string(),
            "unknown format `xml`, known are table, csv, tsv, json, jsonl, markdown"
        );
    }
}
