//! The Markdown form, `llama-bench`'s own when nothing else is asked for: tables as people paste them
//! into reports, with the names of the devices above and the build below. It says less than the other
//! forms: no time, no file name, rounded values, and settings only where they are not the default.

use serde_json::Value as Json;

use super::super::{ImportError, Input, Shape, Sniff};
use super::{Row, text};

/// Columns that Markdown calls otherwise, as in `markdown_printer::get_field_display_name`.
const COLUMNS: [(&str, &str); 13] = [
    ("model", "model_type"),
    ("backend", "backends"),
    ("ngl", "n_gpu_layers"),
    ("sm", "split_mode"),
    ("threads", "n_threads"),
    ("nkvo", "no_kv_offload"),
    ("nopo", "no_op_offload"),
    ("fa", "flash_attn"),
    ("mmap", "use_mmap"),
    ("embd", "embeddings"),
    ("mmq", "mul_mat_q"),
    ("ts", "tensor_split"),
    ("ot", "tensor_buft_overrides"),
];

/// Whether the text holds a table of `llama-bench`.
pub(super) fn detect(sniff: &Sniff<'_>) -> bool {
    matches!(sniff.shape, Shape::Text | Shape::Delimited { .. })
        && sniff
            .bytes
            .split(|byte| *byte == b'\n')
            .filter(|line| line.trim_ascii_start().starts_with(b"|"))
            .filter_map(|line| cells(std::str::from_utf8(line).ok()?))
            .any(|cells| is_header(&cells))
}

/// The rows of all tables, each with its line.
pub(super) fn rows(input: &Input<'_>) -> Result<Vec<(String, Row)>, ImportError> {
    let mut table = Tables::default();
    for (number, line) in (1..).zip(text(input)?.lines()) {
        table
            .line(number, line)
            .map_err(|reason| ImportError::Broken {
                path: input.path.to_owned(),
                line: number,
                column: 1,
                reason,
            })?;
    }
    Ok(table.rows)
}

/// The tables read so far, and what stands around the one being read.
#[derive(Default)]
struct Tables {
    rows: Vec<(String, Row)>,
    /// The columns of the table being read.
    columns: Option<Vec<String>>,
    /// How many rows were there when a build was last named: it stands below its own rows.
    built: usize,
    /// The devices named above the table.
    devices: Vec<String>,
}

impl Tables {
    fn line(&mut self, number: usize, line: &str) -> Result<(), String> {
        let line = line.trim();
        if !line.starts_with('|') {
            self.columns = None;
            self.around(line);
            return Ok(());
        }
        let cells = cells(line);
        let Some(columns) = &self.columns else {
            self.columns = cells
                .filter(|cells| is_header(cells))
                .map(|cells| cells.into_iter().map(str::to_owned).collect());
            return Ok(());
        };
        let cells = cells.ok_or("the row does not end in `|`")?;
        if cells.iter().all(|cell| is_rule(cell)) {
            return Ok(());
        }
        if cells.len() != columns.len() {
            return Err(format!(
                "{} cells under {} columns",
                cells.len(),
                columns.len()
            ));
        }
        let mut row = row(columns, &cells)?;
        if !self.devices.is_empty() {
            let devices = self.devices.join(", ");
            row.insert("gpu_info".to_owned(), devices.into());
        }
        self.rows.push((format!("line {number}"), row));
        Ok(())
    }

    /// What the program says before and after a table: `ggml_cuda_init: found 1 CUDA devices:`,
    /// `  Device 0: ACME X1, compute capability 8.9, VMM: yes` and `build: 8c00ff27 (5163)`.
    fn around(&mut self, line: &str) {
        if line.starts_with("ggml_") && line.contains("found") {
            self.devices.clear();
        } else if let Some((number, device)) = line
            .strip_prefix("Device ")
            .and_then(|rest| rest.split_once(": "))
            && number.parse::<u32>().is_ok()
        {
            let name = device.split(", compute").next().unwrap_or(device);
            self.devices.push(name.trim().to_owned());
        } else if let Some((commit, number)) = build(line) {
            for (_, row) in self.rows.iter_mut().skip(self.built) {
                row.insert("build_commit".to_owned(), commit.into());
                row.insert("build_number".to_owned(), number.into());
            }
            self.built = self.rows.len();
        }
    }
}

fn build(line: &str) -> Option<(&str, i64)> {
    let (commit, number) = line.strip_prefix("build: ")?.split_once(" (")?;
    let number = number.strip_suffix(')')?.parse().ok()?;
    (!commit.is_empty()).then_some((commit, number))
}

/// The cells of a row; `None` where it is cut off.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(str::trim).collect())
}

fn is_header(cells: &[&str]) -> bool {
    ["model", "test", "t/s"]
        .iter()
        .all(|name| cells.contains(name))
}

/// Whether a cell is part of the line below the header.
fn is_rule(cell: &str) -> bool {
    !cell.is_empty() && cell.bytes().all(|byte| matches!(byte, b'-' | b':'))
}

/// A row under the names of the other forms; `-` is a value that was not shown.
fn row(columns: &[String], cells: &[&str]) -> Result<Row, String> {
    let mut row = Row::new();
    for (column, cell) in columns.iter().zip(cells) {
        match column.as_str() {
            "t/s" => {
                let (average, deviation) = cell.split_once('±').unwrap_or((cell, ""));
                row.insert("avg_ts".to_owned(), average.trim().into());
                if !deviation.is_empty() {
                    row.insert("stddev_ts".to_owned(), deviation.trim().into());
                }
            }
            "test" => {
                let lengths =
                    lengths(cell).ok_or_else(|| format!("`{cell}` is no test of llama-bench"))?;
                for (column, tokens) in ["n_prompt", "n_gen", "n_depth"].iter().zip(lengths) {
                    row.insert((*column).to_owned(), tokens.into());
                }
                row.insert("test".to_owned(), Json::from(*cell));
            }
            column if !cell.is_empty() => {
                let known = COLUMNS.iter().find(|(shown, _)| *shown == column);
                let column = known.map_or(column, |(_, name)| name);
                row.insert(column.to_owned(), Json::from(*cell));
            }
            _ => {}
        }
    }
    Ok(row)
}

/// Prompt, generated and cached tokens: `pp 512` of old builds, `pp512+tg128 @ d4096` of new ones.
fn lengths(test: &str) -> Option<[i64; 3]> {
    let test: String = test.split_whitespace().collect();
    let (work, depth) = test.split_once("@d").unwrap_or((&test, "0"));
    let mut lengths = [0, 0, depth.parse().ok()?];
    for part in work.split('+') {
        let (place, tokens) = match (part.strip_prefix("pp"), part.strip_prefix("tg")) {
            (Some(tokens), _) => (0, tokens),
            (_, Some(tokens)) => (1, tokens),
            _ => return None,
        };
        *lengths.get_mut(place)? = tokens.parse::<u32>().ok()?.into();
    }
    Some(lengths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_read_with_spaces_and_without() {
        for (written, lengths_of) in [
            ("pp 512", [512, 0, 0]),
            ("tg128", [0, 128, 0]),
            ("pp512+tg128", [512, 128, 0]),
            ("tg32 @ d4096", [0, 32, 4096]),
        ] {
            assert_eq!(lengths(written), Some(lengths_of), "{written}");
        }
        for written in [
            "",
            "pp",
            "pp-1",
            "qq512",
            "pp512+",
            "tg128 @ x",
            "pp512 @ d",
        ] {
            assert_eq!(lengths(written), None, "{written}");
        }
    }

    #[test]
    fn a_build_has_a_commit_and_a_number() {
        assert_eq!(build("build: 8c00ff27 (5163)"), Some(("8c00ff27", 5163)));
        assert_eq!(build("build: 8c00ff27"), None);
        assert_eq!(build("build it (soon)"), None);
    }
}
