//! What an import did, file by file, for people and for machines.

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::catalog::number::counted;
use crate::catalog::{Note, NoteKind, Value};
use crate::output::Format;

use super::super::context::Context;
use super::super::options::OutputOptions;

const HEADER: [&str; 7] = [
    "file",
    "format",
    "status",
    "runs",
    "measurements",
    "rejected",
    "why",
];

/// What became of one file.
pub(super) struct Report {
    pub(super) path: PathBuf,
    pub(super) format: Option<&'static str>,
    pub(super) status: Status,
    pub(super) runs: usize,
    pub(super) measurements: usize,
    pub(super) notes: Vec<Note>,
}

impl Report {
    /// A file about which nothing is known yet.
    pub(super) fn of(path: PathBuf) -> Self {
        Self {
            path,
            format: None,
            status: Status::Unchanged { deleted: 0 },
            runs: 0,
            measurements: 0,
            notes: Vec::new(),
        }
    }

    /// Turns a file that was good into one that was not stored, because another failed.
    pub(super) fn withhold(&mut self) {
        if matches!(self.status, Status::Imported { .. }) {
            self.status =
                Status::Skipped("good, but nothing is stored when another file fails".to_owned());
        }
    }
}

pub(super) enum Status {
    Imported { known: usize },
    Unchanged { deleted: usize },
    Skipped(String),
    Failed(anyhow::Error),
}

impl Status {
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Imported { .. } => "imported",
            Self::Unchanged { .. } => "unchanged",
            Self::Skipped(_) => "skipped",
            Self::Failed(_) => "failed",
        }
    }

    fn reason(&self) -> Option<String> {
        match self {
            Self::Imported { known: 0 } | Self::Unchanged { deleted: 0 } => None,
            Self::Imported { known } => Some(format!("{known} of its runs were here already")),
            Self::Unchanged { deleted } => {
                Some(format!("{deleted} of its runs were deleted since"))
            }
            Self::Skipped(why) => Some(why.clone()),
            Self::Failed(error) => Some(error.to_string()),
        }
    }
}

/// Shows what became of the files.
pub(super) fn show(
    cx: &Context,
    output: &OutputOptions,
    dry_run: bool,
    reports: &[Report],
) -> anyhow::Result<()> {
    for report in reports {
        for note in report.notes.iter().filter(|n| n.kind != NoteKind::Rejected) {
            let kind = if note.kind == NoteKind::Guess {
                "guess"
            } else {
                "note"
            };
            cx.say(&format!(
                "{kind}: `{}`, {}: {}",
                report.path.display(),
                note.place,
                note.reason
            ));
        }
    }
    if output.format() == Format::Json {
        let files: Vec<Json> = reports.iter().map(to_json).collect();
        cx.json(output, &json!({"dry_run": dry_run, "files": files}))?;
    } else {
        // For people, columns in which nothing stands are left out.
        let people = output.format() == Format::Table;
        let rows: Vec<[Value; 7]> = reports.iter().map(row).collect();
        let shown: Vec<usize> = (0..HEADER.len())
            .filter(|&at| !people || rows.iter().any(|r| r[at] != Value::Null))
            .collect();
        cx.rows(output, |out| {
            out.header(
                &shown
                    .iter()
                    .map(|&at| HEADER[at].to_owned())
                    .collect::<Vec<_>>(),
            )?;
            for row in &rows {
                out.row(&shown.iter().map(|&at| row[at].clone()).collect::<Vec<_>>())?;
            }
            Ok(())
        })?;
    }
    let total = |f: fn(&Report) -> usize| -> usize {
        reports
            .iter()
            .filter(|r| matches!(r.status, Status::Imported { .. }))
            .map(f)
            .sum()
    };
    let known = total(|r| match r.status {
        Status::Imported { known } => known,
        _ => 0,
    });
    let count = |word: &str| reports.iter().filter(|r| r.status.word() == word).count();
    let verb = if dry_run { "would import" } else { "imported" };
    cx.say(&format!(
        "{verb} {} of {} files: {}{}, {}; {} unchanged, {} skipped, {} failed",
        count("imported"),
        reports.len(),
        counted(total(|r| r.runs), "run"),
        if known == 0 {
            String::new()
        } else {
            format!(" ({known} of them here already)")
        },
        counted(total(|r| r.measurements), "measurement"),
        count("unchanged"),
        count("skipped"),
        count("failed"),
    ));
    Ok(())
}

fn rejected(report: &Report) -> impl Iterator<Item = &Note> {
    report.notes.iter().filter(|n| n.kind == NoteKind::Rejected)
}

fn row(report: &Report) -> [Value; 7] {
    let count = |n: usize| {
        if n == 0 {
            Value::Null
        } else {
            Value::Integer(n as i64)
        }
    };
    [
        Value::Text(report.path.display().to_string()),
        report.format.into(),
        report.status.word().into(),
        count(report.runs),
        count(report.measurements),
        count(rejected(report).count()),
        report.status.reason().into(),
    ]
}

fn to_json(report: &Report) -> Json {
    let of = |kind: NoteKind| -> Vec<Json> {
        let notes = report.notes.iter().filter(|n| n.kind == kind);
        notes
            .map(|n| json!({"where": n.place, "reason": n.reason}))
            .collect()
    };
    json!({
        "path": report.path.display().to_string(),
        "format": report.format,
        "status": report.status.word(),
        "runs": report.runs,
        "measurements": report.measurements,
        "reason": report.status.reason(),
        "rejected": of(NoteKind::Rejected),
        "warnings": of(NoteKind::Warning),
        "guesses": of(NoteKind::Guess),
    })
}
