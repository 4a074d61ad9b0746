//! From a path to a batch: small files and those that only make sense as a whole are held, large tables are
//! read by line from the file.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::text::{LineFile, Pass, Text, utf8};
use super::{
    FORMATS, Format, ImportError, Input, Options, Shape, Sniff, finished, format, load, read,
    several, table, twins,
};
use crate::catalog::Batch;

/// Larger files, in bytes, are read by line where their format allows that.
const MOST_HELD: u64 = 8 * 1024 * 1024;

/// How much of a file that is not held tells its format, in bytes: of its beginning, and of its end.
const HEAD: usize = 1024 * 1024;
const TAIL: usize = 64 * 1024;

/// The formats that are read by line, however large the file is.
const BY_LINE: [&str; 2] = [table::FORMAT.name, table::opencompass::FORMAT.name];

/// A file that was read.
#[derive(Debug)]
pub struct Imported {
    /// Its format.
    pub format: &'static Format,
    /// Its runs.
    pub batch: Batch,
    /// The SHA-256 of its content, without that of the files beside it.
    pub sha256: [u8; 32],
    /// How large it is, in bytes.
    pub bytes: u64,
}

/// Reads the file at a path, as [`read`] does.
///
/// # Errors
/// Those of [`load`] and [`read`]. A table may be larger than [`super::LARGEST_FILE`]; it is refused when it
/// is changed while it is read, and where a line is longer than [`super::LONGEST_LINE`].
pub fn read_file(path: &Path, options: &Options) -> Result<Imported, ImportError> {
    read_held_to(path, options, MOST_HELD)
}

/// As [`read_file`], with another size from which on tables are read by line.
///
/// # Errors
/// As [`read_file`].
pub fn read_held_to(path: &Path, options: &Options, most: u64) -> Result<Imported, ImportError> {
    let file = LineFile::new(path)?;
    if file.bytes() > most
        && let Some(imported) = by_line(path, &file, options)?
    {
        return Ok(imported);
    }
    let bytes = load(path)?;
    let (format, batch) = read(path, &bytes, options)?;
    Ok(Imported {
        format,
        batch,
        sha256: Sha256::digest(&bytes).into(),
        bytes: bytes.len() as u64,
    })
}

/// `None` where the file is not of a format that is read by line.
fn by_line(
    path: &Path,
    file: &LineFile,
    options: &Options,
) -> Result<Option<Imported>, ImportError> {
    let ends = file.ends(HEAD, TAIL)?;
    let sniff = Sniff::of(&ends);
    let Some(format) = line_format(path, &sniff, options) else {
        return Ok(None);
    };
    let mut input = Input::new(path, &ends, &sniff);
    input.file = Some(file);
    let batch = (format.read)(&input, options).map_err(|error| {
        let is_json = matches!(sniff.shape, Shape::Lines { .. });
        check(path, file, is_json).err().unwrap_or(error)
    })?;
    Ok(Some(Imported {
        format,
        batch: finished(path, batch, options)?,
        sha256: file.digest()?,
        bytes: file.bytes(),
    }))
}

/// The format of a text of which both ends are known, if it is one that is read by line.
fn line_format(path: &Path, sniff: &Sniff<'_>, options: &Options) -> Option<&'static Format> {
    let is_table = match (&sniff.shape, &options.from) {
        (Shape::Delimited { .. }, _) | (Shape::Lines { .. }, Some(_)) => true,
        (Shape::Lines { .. }, None) => matches!(several::Objects::of(path, sniff), Ok(None)),
        _ => false,
    };
    let chosen = match &options.from {
        Some(name) => format(name).ok(),
        None => FORMATS.iter().find(|format| (format.detect)(sniff)),
    };
    chosen.filter(|format| is_table && BY_LINE.contains(&format.name))
}

/// Refuses what a held file is refused for before it is read as a table, so that one fault has one message
/// whatever the size of the file.
fn check(path: &Path, file: &LineFile, is_json: bool) -> Result<(), ImportError> {
    let mut lines = Text::File(file).read(path, Pass::Look)?;
    let mut is_text = Ok(());
    loop {
        let length = lines.line_length()?;
        if length == 0 || !is_json && is_text.is_err() {
            return is_text;
        }
        let number = lines.line();
        let line = lines.window().get(..length).unwrap_or_default();
        if is_json {
            twins::refuse(path, line).map_err(|error| in_line(number, error))?;
        }
        if is_text.is_ok() {
            is_text = utf8(path, number, line).map(drop);
        }
        lines.consume(length, 1);
    }
}

/// An error of a line as one of its file.
fn in_line(number: usize, mut error: ImportError) -> ImportError {
    if let ImportError::Broken { line, .. } = &mut error {
        *line += number - 1;
    }
    error
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::fs;

    use proptest::prelude::*;

    use super::*;
    use crate::import::LONGEST_LINE;

    /// What is made of a file: everything that is handed on, or the refusal.
    fn show(read: Result<(&'static Format, Batch), ImportError>) -> String {
        match read {
            Ok((format, batch)) => format!(
                "{} {:?} {:?} {:?}",
                format.name, batch.metrics, batch.runs, batch.notes
            ),
            Err(error) => error.to_string(),
        }
    }

    /// What is made of a text that is held, after testing that it is the same when read by line.
    fn read_both(name: &str, text: &[u8]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let options = Options::default();
        let held = show(read(&path, text, &options));
        let by_line = read_held_to(&path, &options, 0);
        if let Ok(imported) = &by_line {
            let digest: [u8; 32] = Sha256::digest(text).into();
            assert_eq!(imported.sha256, digest);
            assert_eq!(imported.bytes, text.len() as u64);
        }
        assert_eq!(show(by_line.map(|i| (i.format, i.batch))), held, "{name}");
        held
    }

    /// Whether a text is read by line where none is held.
    fn is_by_line(text: &str) -> bool {
        let sniff = Sniff::of(text.as_bytes());
        line_format(Path::new("a"), &sniff, &Options::default()).is_some()
    }

    #[test]
    fn tables_alone_are_read_by_line() {
        assert!(is_by_line("model,acc\na,1\n"));
        assert!(is_by_line(
            "{\"model\":\"a\",\"acc\":1}\n{\"model\":\"b\",\"acc\":2}\n"
        ));
        for text in [
            "[{\"model\":\"a\",\"acc\":1}]",
            "{\"model\":\"a\",\"acc\":1}",
            "build_commit,avg_ts\na,1\n",
            "{\"build_commit\":\"a\",\"avg_ts\":1}\n{\"build_commit\":\"b\",\"avg_ts\":2}\n",
            "prose",
        ] {
            assert!(!is_by_line(text), "{text}");
        }
    }

    #[test]
    fn every_oddity_of_a_table_is_read_or_refused_alike() {
        let cases: [(&[u8], &str); 14] = [
            (b"model,acc\r\na,1\r\n\r\nb,2", "table"),
            (b"\xef\xbb\xbfmodel,acc\na,1\n", "table"),
            (b"model,acc\n\"a\nb\",\"1\"\n\"c \"\"d\"\"\",2\n", "table"),
            (b"model,acc,note\na,1,\nb,2,,\n", "table"),
            (b"model,acc\ra,1\rb,2\r", "table"),
            (b"model,acc\na,1\nb,2\n\nmodel,ttft_ms\na,3\n", "table"),
            (b"model,acc\nb,1\na,1,2\n", "line 3: the row has 3 cells"),
            (b"model,acc\n", "has a header but no rows"),
            (
                b"model,acc\na,\"1\nb,2\n",
                "line 2: a quote is opened and never closed",
            ),
            (
                b"model,acc\na,1\nb,caf\xe9\n",
                "line 3, column 6: not UTF-8",
            ),
            (
                b"model,acc,acc\na,1,2\nb,\xff,2\n",
                "line 3, column 3: not UTF-8",
            ),
            (b"gpu,acc\na,1\n", "does not say which model"),
            (
                b"model,acc\na,1\nb,2\nc,x\n",
                "line 4, column `acc`: `x` is not a number",
            ),
            (
                b"dataset,version,metric,mode,m\na,1,acc,gen,5\n",
                "opencompass",
            ),
        ];
        for (text, expected) in cases {
            let found = read_both("t.csv", text);
            assert!(found.contains(expected), "{found}");
        }
    }

    #[test]
    fn every_oddity_of_lines_is_read_or_refused_alike() {
        let first = "{\"model\":\"a\",\"acc\":1}\n";
        let cases = [
            ("{\"model\":\"b\",\"acc\":NaN}\r\n\r\n", "table"),
            ("{\"acc\":2,\"model\":\"b\"}", "table"),
            ("{\"model\":\"b\",\"ttft_ms\":2}\n", "table"),
            (
                "{\"model\":\"b\\u00e9\",\"acc\":2,\"x\":{\"y\":[1]}}\n",
                "table",
            ),
            (
                "{\"model\":\"b\",\"acc\":2,\"acc\":3}\n",
                "line 2, column 22: the key `acc` stands twice",
            ),
            (
                "{\"model\":\"b\",\"x\":{\"y\":1,\"y\":2}}\n",
                "line 2, column 25: the key `y` stands twice",
            ),
            ("{\"model\":\"b\",\"acc\":oops}\n", "line 2, column 20"),
            ("[1]\n", "line 2, column 1: invalid type"),
            (
                "{\"model\":\"b\",\"acc\":\"x\"}\n{\"model\":\"\u{1}\"}",
                "line 3, column 10: control character",
            ),
        ];
        for (rest, expected) in cases {
            let found = read_both("t.jsonl", format!("{first}{rest}").as_bytes());
            assert!(found.contains(expected), "{found}");
        }
    }

    #[test]
    fn a_file_larger_than_its_window_is_read_alike() {
        let (mut csv, mut lines) = ("model,run,metric,value\n".to_owned(), String::new());
        for row in 0..30_000 {
            let (run, metric, value) = (row / 50, row % 50, f64::from(row) * 0.37);
            writeln!(csv, "model-{run:030},r{run},metric-{metric},{value}").unwrap();
            writeln!(
                lines,
                "{{\"model\":\"model-{run:030}\",\"run\":\"r{run}\",\"metric\":\"metric-{metric}\",\"value\":{value}}}"
            )
            .unwrap();
        }
        assert!(csv.len() > HEAD && lines.len() > HEAD);
        let (csv, lines) = (
            read_both("t.csv", csv.as_bytes()),
            read_both("t.jsonl", lines.as_bytes()),
        );
        assert_eq!(csv.matches("model: Some").count(), 600);
        assert_eq!(lines.matches("model: Some").count(), 600);
    }

    /// The place and reason for which a table with an endless row is refused.
    fn refusal(start: &str, fill: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        let mut text = format!("model,acc\na,1\n{start}");
        text.push_str(&fill.repeat(LONGEST_LINE / fill.len() + 2));
        fs::write(&path, text).unwrap();
        let error = read_file(&path, &Options::default()).unwrap_err();
        let error = error.to_string();
        error.rsplit("t.csv`, ").next().unwrap().to_owned()
    }

    #[test]
    fn a_line_that_is_too_long_is_refused_with_its_place() {
        let expected = "line 3: a row is longer than 64 MB";
        assert_eq!(refusal("", "x"), expected);
    }

    #[test]
    fn a_quote_that_stays_open_too_long_is_refused_with_its_place() {
        let expected = "line 3: a row is longer than 64 MB";
        assert_eq!(refusal("b,\"", "1\nb,22222222\n"), expected);
    }

    /// Cells of every sort, the last two rare.
    fn cell() -> impl Strategy<Value = String> {
        prop_oneof![
            8 => "[0-9]{1,3}([.][0-9]{1,3})?",
            4 => "[a-c]{0,2}",
            1 => "\"[a-c,\n\r]{0,3}\"",
            1 => "[a-c\" é\r]{0,3}",
        ]
    }

    proptest! {
        #[test]
        fn any_table_is_read_or_refused_alike(
            header in "model(,(acc|metric|value|n|ttft_ms|time|task)){1,4}",
            rows in proptest::collection::vec(proptest::collection::vec(cell(), 1..6), 0..30),
            line_end in "\r?\n",
            cut in proptest::option::of(0..200_usize),
        ) {
            let rows: Vec<String> = rows.iter().map(|cells| cells.join(",")).collect();
            let text = format!("{header}{line_end}{}", rows.join(&line_end));
            let mut bytes = text.into_bytes();
            if let Some(byte) = cut.and_then(|at| bytes.get_mut(at)) {
                *byte = 0xff;
            }
            read_both("t.csv", &bytes);
        }

        #[test]
        fn any_lines_are_read_or_refused_alike(
            rows in proptest::collection::vec(
                proptest::collection::btree_map("[a-d]|model", "[0-9]{1,3}|\"[a-d]{0,2}\"|null|NaN|true|\\[1\\]|\"\\\\n\"", 0..5),
                2..20,
            ),
            is_broken: bool,
        ) {
            let row = |row: &std::collections::BTreeMap<String, String>| {
                let pairs = row.iter().map(|(key, value)| format!("\"{key}\": {value}"));
                format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
            };
            let mut rows: Vec<String> = rows.iter().map(row).collect();
            if is_broken {
                rows.push("{\"model\": ".to_owned());
            }
            read_both("t.jsonl", rows.join("\n").as_bytes());
        }
    }
}
