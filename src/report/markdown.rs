//! A document as GitHub-flavoured Markdown. Every text goes through the Markdown encoder, so that a
//! model's name stays a name. The queries stand once each at the end.

use crate::output::text::{markdown_text, visible_lines};

use super::document::{Block, Chart, Document, Statement};
use super::table::{Kind, Provenance, Table};

/// A document as a Markdown file.
pub fn markdown(document: &Document) -> String {
    markdown_part(document, 1)
}

/// A document as a part of a Markdown file, its title a heading of this level (1 to 5).
pub fn markdown_part(document: &Document, level: usize) -> String {
    let level = level.clamp(1, 5);
    let mut out = heading(&document.title, level);
    if let Some(subtitle) = &document.subtitle {
        out.push_str(&format!("\n{}\n", markdown_text(subtitle)));
    }
    for section in &document.sections {
        out.push('\n');
        out.push_str(&heading(&section.title, level + 1));
        for block in &section.blocks {
            write(block, &mut out);
        }
    }
    let queries = document.queries();
    if !queries.is_empty() {
        out.push('\n');
        out.push_str(&heading("Queries", level + 1));
    }
    for query in queries {
        out.push_str(&format!("\n{}:\n\n", markdown_text(&query.shown())));
        out.push_str(&code("sql", &query.sql));
    }
    out
}

fn heading(text: &str, level: usize) -> String {
    format!("{} {}\n", "#".repeat(level), markdown_text(text))
}

/// Writes a block with an empty line before it.
fn write(block: &Block, out: &mut String) {
    let text = match block {
        Block::Text(statement) => format!("{}\n", said(statement)),
        Block::List(items) => items.iter().map(|i| format!("- {}\n", said(i))).collect(),
        Block::Table(table) => written(table),
        Block::Chart(chart) => match picture(chart) {
            Some(text) => text,
            None => return,
        },
        Block::Code { language, text } => code(language, text),
    };
    out.push('\n');
    out.push_str(&text);
}

fn said(statement: &Statement) -> String {
    let (text, evidence, end) = statement.parts();
    let text = markdown_text(text);
    match evidence {
        Some(evidence) => format!("{text} ({}){end}", markdown_text(&evidence)),
        None => text,
    }
}

fn written(table: &Table) -> String {
    let mut out = String::new();
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let columns = table.columns.iter();
    if let Some(caption) = &table.caption {
        out.push_str(&format!("{}\n\n", markdown_text(caption)));
    }
    out.push_str(&line(
        columns.clone().map(|c| markdown_text(&c.shown())).collect(),
    ));
    let rule = |kind| if kind == Kind::Number { "---:" } else { "---" };
    out.push_str(&line(columns.map(|c| rule(c.kind).to_owned()).collect()));
    for row in &table.rows {
        out.push_str(&line(
            row.iter().map(|c| markdown_text(&c.shown())).collect(),
        ));
    }
    if let Some(source) = table.source.as_ref().map(Provenance::shown) {
        let how = if table.is_computed {
            "Computed from the rows of"
        } else {
            "Query:"
        };
        out.push_str(&format!("\n{how} {}\n", markdown_text(&source)));
    }
    out
}

fn picture(chart: &Chart) -> Option<String> {
    // A path with blanks or brackets stands in angle brackets (CommonMark 6.3).
    let file = chart.file.as_ref()?.replace(['<', '>', '\n', '\r'], "");
    let mut out = format!("![{}](<{file}>)\n", markdown_text(&chart.description));
    if let Some(caption) = &chart.caption {
        out.push_str(&format!("\n{}\n", markdown_text(caption)));
    }
    Some(out)
}

fn code(language: &str, text: &str) -> String {
    let text = visible_lines(text.trim_end());
    // A fence must be longer than any run of backticks inside.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}\n")
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
            vec![vec![
                "[x](javascript:alert(1))|".into(),
                super::super::Cell::from(1.5),
            ]],
        );
        let document = Document {
            title: "<script>".into(),
            sections: vec![section],
            ..Document::default()
        };
        let text = markdown(&document);
        assert!(
            !text.contains("<script>") && !text.contains("[x](") && text.contains("| ---: |"),
            "{text}"
        );
    }

    #[test]
    fn code_with_backticks_gets_a_longer_fence() {
        assert_eq!(
            code("sql", "SELECT '````'"),
            "`````sql\nSELECT '````'\n`````\n"
        );
    }
}
