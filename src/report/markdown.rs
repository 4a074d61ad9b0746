//! A document as GitHub-flavoured Markdown. Every text goes through the Markdown encoder, so that a
//! model's name stays a name.

use crate::output::text::markdown_text;

use super::document::{Block, Document};

/// Writes a document as Markdown.
pub fn markdown(document: &Document) -> String {
    let mut out = format!("# {}\n", markdown_text(&document.title));
    for section in &document.sections {
        out.push_str(&format!("\n## {}\n", markdown_text(&section.title)));
        for block in &section.blocks {
            out.push('\n');
            write(block, &mut out);
        }
    }
    out
}

fn write(block: &Block, out: &mut String) {
    match block {
        Block::Text(text) => out.push_str(&format!("{}\n", markdown_text(text))),
        Block::List(items) => {
            for item in items {
                out.push_str(&format!("- {}\n", markdown_text(item)));
            }
        }
        Block::Table { columns, rows } => {
            let right: Vec<bool> = (0..columns.len()).map(|at| is_numeric(rows, at)).collect();
            let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
            out.push_str(&line(columns.iter().map(|c| markdown_text(c)).collect()));
            out.push_str(&line(
                right
                    .iter()
                    .map(|r| if *r { "---:" } else { "---" }.to_owned())
                    .collect(),
            ));
            for row in rows {
                out.push_str(&line(row.iter().map(|c| markdown_text(c)).collect()));
            }
        }
        Block::Picture { file, description } => {
            // A path with blanks or brackets stands in angle brackets (CommonMark 6.3).
            let file = file.replace(['<', '>', '\n', '\r'], "");
            out.push_str(&format!("![{}](<{file}>)\n", markdown_text(description)));
        }
        Block::Code { language, text } => {
            // A fence must be longer than any run of backticks inside.
            let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(longest.max(2) + 1);
            out.push_str(&format!(
                "{fence}{language}\n{}\n{fence}\n",
                text.trim_end()
            ));
        }
    }
}

fn is_numeric(rows: &[Vec<String>], at: usize) -> bool {
    let mut cells = rows
        .iter()
        .filter_map(|row| row.get(at))
        .filter(|cell| !cell.is_empty())
        .peekable();
    cells.peek().is_some()
        && cells.all(|cell| {
            cell.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '−' || c == '+')
        })
}

#[cfg(test)]
mod tests {
    use super::super::document::Section;
    use super::*;

    #[test]
    fn a_name_stays_a_name() {
        let mut section = Section::new("Points");
        section.table(
            &["model", "score"],
            vec![vec!["[x](javascript:alert(1))|".into(), "1.5".into()]],
        );
        let document = Document {
            title: "<script>".into(),
            sections: vec![section],
        };
        let text = markdown(&document);
        assert!(
            !text.contains("<script>") && !text.contains("[x](") && text.contains("| ---: |"),
            "{text}"
        );
    }

    #[test]
    fn code_with_backticks_gets_a_longer_fence() {
        let mut out = String::new();
        write(
            &Block::Code {
                language: "sql",
                text: "SELECT '````'".into(),
            },
            &mut out,
        );
        assert_eq!(out, "`````sql\nSELECT '````'\n`````\n");
    }
}
