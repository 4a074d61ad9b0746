//! Several JSON objects in one file: lines, or objects one after the other. Each must be of the format
//! of the first; formats that hold one object a file are read object by object.

use std::path::Path;

use serde_json::value::RawValue;

use super::{FORMATS, Format, ImportError, Input, LONGEST_LINE, Options, Shape, Sniff, table};
use crate::catalog::Batch;

/// The objects of a file with the line on which each begins.
pub(super) struct Objects<'a> {
    format: &'static Format,
    places: Vec<(usize, &'a [u8])>,
    /// Whether each stands on a line of its own.
    are_lines: bool,
}

impl<'a> Objects<'a> {
    /// The objects, if the first of them is of a format of its own; a table of objects is not.
    ///
    /// # Errors
    /// [`ImportError::Invalid`] for a line beyond the limit and for an object of another format.
    pub(super) fn of(path: &Path, sniff: &Sniff<'a>) -> Result<Option<Self>, ImportError> {
        if !matches!(sniff.shape, Shape::Lines { .. }) {
            return Ok(None);
        }
        for (number, line) in (1..).zip(sniff.bytes.split(|b| *b == b'\n')) {
            if line.len() > LONGEST_LINE {
                let reason = format!("longer than {} MB", LONGEST_LINE >> 20);
                return Err(invalid(path, number, reason));
            }
        }
        let mut stream = serde_json::Deserializer::from_slice(sniff.bytes).into_iter::<&RawValue>();
        let Some(Ok(first)) = stream.next() else {
            return Ok(None);
        };
        let Some(format) = claim(first.get().as_bytes()) else {
            return Ok(None);
        };
        let mut objects = Self {
            format,
            places: Vec::new(),
            are_lines: true,
        };
        let (mut line, mut seen) = (1, 0);
        for raw in std::iter::once(Ok(first)).chain(stream) {
            // What is broken is told by the format that reads it, with its place.
            let Ok(raw) = raw else {
                return Ok(None);
            };
            let object = raw.get().as_bytes();
            let start = object.as_ptr() as usize - sniff.bytes.as_ptr() as usize;
            line += newlines(sniff.bytes.get(seen..start));
            objects.are_lines &= newlines(Some(object)) == 0;
            let claimed = claim(object).map_or("no format that is known", |format| format.name);
            if claimed != format.name {
                let reason = format!("of {claimed}, the first object is of {}", format.name);
                return Err(invalid(path, line, reason));
            }
            objects.places.push((line, object));
            seen = start;
        }
        Ok(Some(objects))
    }

    /// The format of all of them.
    pub(super) fn format(&self) -> &'static Format {
        self.format
    }

    /// Whether the format reads the file as it stands.
    pub(super) fn is_native(&self, sniff: &Sniff<'_>) -> bool {
        self.are_lines && (self.format.detect)(sniff)
    }

    /// Reads object by object into one batch.
    ///
    /// # Errors
    /// Those of the format, with the line of the object.
    pub(super) fn read(&self, path: &Path, options: &Options) -> Result<Batch, ImportError> {
        let mut all: Option<Batch> = None;
        for (line, object) in &self.places {
            let sniff = Sniff::of(object);
            let input = Input::new(path, object, &sniff);
            let batch = (self.format.read)(&input, options).map_err(|error| match error {
                ImportError::Broken {
                    path,
                    line: inner,
                    column,
                    reason,
                } => ImportError::Broken {
                    path,
                    line: line + inner - 1,
                    column,
                    reason,
                },
                ImportError::Invalid {
                    path,
                    place,
                    reason,
                } => ImportError::Invalid {
                    path,
                    place: format!("line {line}, {place}"),
                    reason,
                },
                other => other,
            })?;
            match &mut all {
                None => all = Some(batch),
                Some(all) => {
                    let mut batch = batch;
                    for note in &mut batch.notes {
                        note.place = format!("line {line}, {}", note.place);
                    }
                    all.append(batch);
                }
            }
        }
        all.ok_or_else(|| invalid(path, 1, "holds no object".to_owned()))
    }
}

fn newlines(bytes: Option<&[u8]>) -> usize {
    bytes
        .unwrap_or_default()
        .iter()
        .filter(|b| **b == b'\n')
        .count()
}

/// The format, tables excepted, that recognises one object alone.
fn claim(object: &[u8]) -> Option<&'static Format> {
    let sniff = Sniff::of(object);
    let own = FORMATS
        .iter()
        .filter(|format| format.name != table::FORMAT.name);
    own.into_iter().find(|format| (format.detect)(&sniff))
}

fn invalid(path: &Path, line: usize, reason: String) -> ImportError {
    ImportError::Invalid {
        path: path.to_owned(),
        place: format!("line {line}"),
        reason,
    }
}
