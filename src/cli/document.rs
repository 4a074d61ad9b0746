//! Where a report goes: to standard output or a file, in one of the formats of a document, or into the
//! middle of a Markdown file.

use std::path::{Path, PathBuf};

use crate::import;
use crate::report::{self, Document};

use super::context::Context;
use super::failure::Hinted;
use super::options::OutputOptions;

/// A format of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum DocumentFormat {
    /// GitHub-flavoured Markdown, its charts in files beside it
    Markdown,
    /// One file with everything in it
    Html,
    /// One document with every number in full
    Json,
    /// The plain table behind the report, for spreadsheets
    Csv,
}

/// Where the document goes.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Output")]
pub(super) struct DocumentOptions {
    /// How the report is written [default: by the ending of --output, else Markdown]
    #[arg(short, long, value_name = "FORMAT", conflicts_with = "splice")]
    format: Option<DocumentFormat>,
    /// Write to this file, replaced as a whole or not at all; `-` is standard output, and then Markdown
    /// has no charts
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Put the report into this Markdown file, between its lines `<!-- tradeoff:begin -->` and
    /// `<!-- tradeoff:end -->`
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    splice: Option<PathBuf>,
    /// The file of Markdown's chart [default: the report's name with .svg]
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

impl DocumentOptions {
    /// Refuses a file whose ending says nothing, before any work is done.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        self.format().map(|_| ())
    }

    fn format(&self) -> anyhow::Result<DocumentFormat> {
        if self.splice.is_some() {
            return Ok(DocumentFormat::Markdown);
        }
        if let Some(format) = self.format {
            return Ok(format);
        }
        let ending = self.output.extension().unwrap_or_default();
        match ending.to_string_lossy().to_lowercase().as_str() {
            _ if self.output == Path::new("-") => Ok(DocumentFormat::Markdown),
            "md" | "markdown" => Ok(DocumentFormat::Markdown),
            "html" | "htm" => Ok(DocumentFormat::Html),
            "json" => Ok(DocumentFormat::Json),
            "csv" => Ok(DocumentFormat::Csv),
            _ => Err(Hinted::new(
                format!(
                    "the ending of `{}` stands for no format of a report",
                    self.output.display()
                ),
                "name the format with `-f`, or end the name in .md, .html, .json or .csv",
            )
            .into()),
        }
    }

    /// Writes the document. Everything is computed before the first file is written.
    pub(super) fn write(&self, cx: &Context, mut document: Document) -> anyhow::Result<()> {
        let format = self.format()?;
        let target = self.splice.as_deref().unwrap_or(&self.output);
        let to_file = target != Path::new("-");
        let mut pictures = Vec::new();
        if format == DocumentFormat::Markdown && to_file {
            for (number, chart) in (1..).zip(document.charts_mut()) {
                let path = self.picture(target, number);
                chart.file = Some(beside(target, &path));
                pictures.push((path, chart.svg.clone()));
            }
        }
        let bytes = match format {
            DocumentFormat::Markdown => self.markdown(&document)?.into_bytes(),
            DocumentFormat::Html => report::html(&document).into_bytes(),
            DocumentFormat::Json => report::json(&document).into_bytes(),
            DocumentFormat::Csv => report::csv(&document, true)?,
        };
        for (path, svg) in pictures {
            cx.file(&path, |out| Ok(out.write_all(svg.as_bytes())?))?;
        }
        if to_file {
            cx.file(target, |out| Ok(out.write_all(&bytes)?))
        } else {
            cx.bytes(&OutputOptions::default(), |out| Ok(out.write_all(&bytes)?))
        }
    }

    fn markdown(&self, document: &Document) -> anyhow::Result<String> {
        let Some(path) = &self.splice else {
            return Ok(report::markdown(document));
        };
        let existing = String::from_utf8(import::load(path)?)
            .map_err(|_| Hinted::new(format!("`{}` is not UTF-8 text", path.display()), ""))?;
        let new = report::markdown_part(document, 2);
        report::splice(&existing, report::BEGIN, report::END, &new)
            .map_err(|error| Hinted::new(format!("`{}`: {error}", path.display()), "").into())
    }

    /// The file of a chart; those after the first are numbered.
    fn picture(&self, target: &Path, number: usize) -> PathBuf {
        let first = match &self.picture {
            Some(path) => path.clone(),
            None => target.with_extension("svg"),
        };
        if number == 1 {
            return first;
        }
        let stem = first
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        first.with_file_name(format!("{stem}-{number}.svg"))
    }
}

/// The way from a document to a picture: the bare name when both are in one folder.
fn beside(document: &Path, picture: &Path) -> String {
    match picture.file_name() {
        Some(name) if picture.parent() == document.parent() => name.to_string_lossy().into_owned(),
        _ => picture.display().to_string(),
    }
}
