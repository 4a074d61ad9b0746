//! Floor 1: a foreign file becomes a [`Batch`] of catalog values and a list of what was refused.
//!
//! Knows nothing of the store. One file per tool; a new format is one file with a `FORMAT` and one
//! line in [`FORMATS`]: `--from`, `formats`, detection and the tests of the fixtures follow from it.
//! Files are recognised by content, never by name.

mod aider;
mod aiperf;
mod bigcode;
mod criterion;
mod error;
mod fields;
mod file;
mod genai_perf;
mod guidellm;
mod helm;
mod hyperfine;
mod inspect;
pub mod json;
mod lighteval;
mod llama_bench;
mod llmperf;
mod lm_eval;
mod mlperf;
mod optimum_benchmark;
mod options;
mod serving;
mod several;
mod sglang;
mod sniff;
pub mod table;
mod text;
mod time;
mod trtllm;
mod vllm;
mod walk;

use std::cell::RefCell;
use std::path::Path;

pub use error::ImportError;
pub use file::{Imported, read_file, read_held_to};
pub use options::{Assignment, Mapping, Options, Role};
pub use sniff::{Shape, Sniff};
use text::{LineFile, Text};
pub use time::parse as moment;
pub use walk::{Found, Walked, load, walk};

use crate::catalog::{Batch, Part};
use json::twins;

/// The largest file that is read as a whole, in bytes.
pub const LARGEST_FILE: u64 = 512 * 1024 * 1024;

/// The longest line of a file of lines, in bytes.
pub const LONGEST_LINE: usize = 64 * 1024 * 1024;

/// A file format: how it is recognised and how it is read.
#[derive(Debug)]
pub struct Format {
    /// The name used on the command line and in the store.
    pub name: &'static str,
    /// The tool that writes it.
    pub tool: &'static str,
    /// How it is recognised, for people.
    pub recognised_by: &'static str,
    /// What is read from it, for people.
    pub reads: &'static str,
    /// Whether the file's outline looks like this format.
    pub detect: fn(&Sniff<'_>) -> bool,
    /// Reads the whole file.
    pub read: fn(&Input<'_>, &Options) -> Result<Batch, ImportError>,
}

/// One file to be read, and the files beside it that belong to it.
pub struct Input<'a> {
    /// Where it is: for messages and for facts that only the name tells.
    pub path: &'a Path,
    /// Its content.
    pub bytes: &'a [u8],
    /// Its outline.
    pub sniff: &'a Sniff<'a>,
    /// The file itself, where `bytes` are only its beginning and its end.
    file: Option<&'a LineFile>,
    parts: RefCell<Vec<Part>>,
}

impl<'a> Input<'a> {
    /// A file by its path, content and outline.
    pub fn new(path: &'a Path, bytes: &'a [u8], sniff: &'a Sniff<'a>) -> Self {
        Self {
            path,
            bytes,
            sniff,
            file: None,
            parts: RefCell::default(),
        }
    }

    /// The text, for formats that are read by line.
    fn text(&self) -> Text<'a> {
        self.file.map_or(Text::Held(self.sniff.bytes), Text::File)
    }

    /// The content of the file of this name beside this one, when there is one; it becomes part of
    /// the source, so that the source is another one when it changes.
    ///
    /// # Errors
    /// As [`load`], when it is there and cannot be read.
    pub fn sibling(&self, name: &str) -> Result<Option<Vec<u8>>, ImportError> {
        let path = self.path.with_file_name(name);
        if !path.is_file() {
            return Ok(None);
        }
        let bytes = load(&path)?;
        let mut parts = self.parts.borrow_mut();
        if parts.iter().all(|part| part.name != name) {
            parts.push(Part {
                name: name.to_owned(),
                bytes: bytes.clone(),
            });
        }
        Ok(Some(bytes))
    }
}

/// Every format, in the order in which they are tried; tables last, since any CSV is one.
pub const FORMATS: &[Format] = &[
    lm_eval::FORMAT,
    lighteval::FORMAT,
    helm::FORMAT,
    inspect::FORMAT,
    bigcode::FORMAT,
    llama_bench::FORMAT,
    vllm::FORMAT,
    sglang::FORMAT,
    optimum_benchmark::FORMAT,
    aiperf::FORMAT,
    genai_perf::FORMAT,
    guidellm::FORMAT,
    llmperf::FORMAT,
    mlperf::FORMAT,
    trtllm::FORMAT,
    aider::FORMAT,
    hyperfine::FORMAT,
    criterion::FORMAT,
    table::opencompass::FORMAT,
    table::markdown::FORMAT,
    table::FORMAT,
];

/// A format by its name.
///
/// # Errors
/// [`ImportError::UnknownFormatName`] with the nearest name there is.
pub fn format(name: &str) -> Result<&'static Format, ImportError> {
    FORMATS
        .iter()
        .find(|format| format.name == name)
        .ok_or_else(|| {
            let near = crate::catalog::nearest::nearest(name, FORMATS.iter().map(|f| f.name));
            ImportError::UnknownFormatName {
                name: name.to_owned(),
                near: near.map(str::to_owned),
            }
        })
}

/// Reads one file: in the format asked for, else in the first that recognises it.
///
/// # Errors
/// [`ImportError::Unrecognised`] when no format claims the file, and the format's own error when
/// the one that claims it cannot read it.
pub fn read(
    path: &Path,
    bytes: &[u8],
    options: &Options,
) -> Result<(&'static Format, Batch), ImportError> {
    let sniff = Sniff::of(bytes);
    if matches!(
        sniff.shape,
        Shape::Object { .. } | Shape::Array { .. } | Shape::Lines { .. }
    ) && !sniff.is_sound()
    {
        twins::refuse(path, sniff.bytes)?;
    }
    let objects = match options.from {
        Some(_) => None,
        None => several::Objects::of(path, &sniff)?,
    };
    if let Some(objects) = objects.filter(|objects| !objects.is_native(&sniff)) {
        let batch = objects.read(path, options)?;
        return Ok((objects.format(), finished(path, batch, options)?));
    }
    let chosen = match &options.from {
        Some(name) => Some(format(name)?),
        None => FORMATS.iter().find(|format| (format.detect)(&sniff)),
    };
    let Some(format) = chosen else {
        return Err(ImportError::Unrecognised {
            path: path.to_owned(),
            looks: sniff.looks(),
        });
    };
    let input = Input::new(path, bytes, &sniff);
    let mut batch = (format.read)(&input, options)?;
    batch.parts = input.parts.take();
    Ok((format, finished(path, batch, options)?))
}

/// A batch with what the user added; one without any run is refused.
fn finished(path: &Path, mut batch: Batch, options: &Options) -> Result<Batch, ImportError> {
    if batch.runs.is_empty() {
        return Err(ImportError::Invalid {
            path: path.to_owned(),
            place: "content".to_owned(),
            reason: "holds no run".to_owned(),
        });
    }
    options.apply(&mut batch, path)?;
    if batch.runs.iter().any(|run| run.model.is_none()) {
        batch.warn(
            "file",
            "it does not say which model it is about; name it with `--model NAME`",
        );
    }
    Ok(batch)
}
