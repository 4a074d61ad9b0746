//! Several tables in one delimited file, each with its own header after a blank line.

use super::roles;

/// Larger files are one table: those of several are made by hand.
pub(super) const LARGEST: usize = 4 * 1024 * 1024;

/// The tables of a file, each padded with empty lines so that its lines keep their numbers; `None`
/// where it is one table. A new table begins after a blank line outside quotes with a record that
/// names models or metrics and holds no number; anything else goes on with the table before.
pub(super) fn split(bytes: &[u8], separator: u8) -> Option<Vec<Vec<u8>>> {
    let mut starts = vec![(0, 0)];
    let (mut at, mut number, mut quotes, mut after_blank) = (0, 0, 0, false);
    let mut has_records = false;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let is_blank = line.trim_ascii().is_empty();
        if after_blank && !is_blank && quotes % 2 == 0 && is_header(line, separator) && has_records
        {
            starts.push((at, number));
        }
        after_blank = is_blank;
        has_records |= !is_blank;
        quotes += line.iter().filter(|b| **b == b'"').count();
        at += line.len();
        number += 1;
    }
    // The first may have no row, when a blank line follows its header.
    if starts.len() < 2 {
        return None;
    }
    let ends = starts
        .iter()
        .skip(1)
        .map(|(at, _)| *at)
        .chain([bytes.len()]);
    let tables = starts.iter().zip(ends).map(|((start, line), end)| {
        let mut table = vec![b'\n'; *line];
        table.extend_from_slice(bytes.get(*start..end).unwrap_or_default());
        table
    });
    Some(tables.collect())
}

fn is_header(line: &[u8], separator: u8) -> bool {
    let text = String::from_utf8_lossy(line);
    let cells = text.split(char::from(separator));
    let cells: Vec<&str> = cells.map(|cell| cell.trim().trim_matches('"')).collect();
    cells.len() > 1
        && cells.iter().any(|cell| roles::names_model_or_metric(cell))
        && cells.iter().all(|cell| cell.parse::<f64>().is_err())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{import, values};
    use super::*;

    #[test]
    fn two_tables_with_a_header_each_are_both_read() {
        let text = "model,acc\na,0.5\nb,0.6\n\nmodel,throughput (tok/s),ttft_ms\na,100,5\nb,200,6\nc,300,7\n";
        let batch = import(text, &[]).unwrap();
        assert_eq!(batch.runs.len(), 5);
        assert_eq!(values(&batch).len(), 8);
        let error = import(&text.replace("200", "fast"), &[]).unwrap_err();
        assert!(error.to_string().contains("line 7"), "{error}");
    }

    #[test]
    fn a_second_part_without_a_header_is_no_table_of_its_own() {
        assert!(split(b"model,acc\na,0.5\n\nb,0.6\n", b',').is_none());
        assert!(split(b"model,acc\n\na,0.5\n", b',').is_none());
        let error = import("model,acc\na,0.5\n\nresults of today\nb,0.6\n", &[]).unwrap_err();
        assert!(error.to_string().contains("line 4"), "{error}");
    }
}
