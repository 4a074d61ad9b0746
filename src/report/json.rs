//! A document as JSON: one object with stable `snake_case` keys. Numbers are exact, and each table
//! has the statement and the parameters that `tradeoff query` takes to give its rows again.
//!
//! ```text
//! title, subtitle, sections[]: title, blocks[] with type
//!   text:  text, evidence{}          list: items[]: text, evidence{}
//!   table: caption, main, query, sql, parameters{}, computed_from{query, sql, parameters}, columns[]: name, heading, unit, kind; rows[]{name: value}
//!   chart: file, description, caption          code: language, text
//! ```
//!
//! A table whose rows are computed from those of a query has that query in `computed_from`, and no
//! `sql` of its own. A parameter's value is the text that `-p name=text` takes.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value as Json, json};

use crate::catalog::Value;
use crate::output::{Format, Style};

use super::document::{Block, Chart, Document, Fact, Section, Statement};
use super::table::{Column, Table};

/// A document as JSON, with a newline at its end.
pub fn json(document: &Document) -> String {
    let shown = Shown {
        title: &document.title,
        subtitle: document.subtitle.as_deref(),
        sections: document.sections.iter().map(Part::of).collect(),
    };
    let mut bytes = Vec::new();
    // Text and finite numbers in memory: there is no error to report.
    let _ = crate::output::json_document(&shown, &mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

#[derive(Serialize)]
struct Shown<'a> {
    title: &'a str,
    subtitle: Option<&'a str>,
    sections: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct Part<'a> {
    title: &'a str,
    blocks: Vec<Piece<'a>>,
}

impl<'a> Part<'a> {
    fn of(section: &'a Section) -> Self {
        Self {
            title: &section.title,
            blocks: section.blocks.iter().map(Piece::of).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Piece<'a> {
    Text(Said<'a>),
    List {
        items: Vec<Said<'a>>,
    },
    Table {
        caption: Option<&'a str>,
        main: bool,
        query: Option<&'a str>,
        sql: Option<&'a str>,
        parameters: Map<String, Json>,
        #[serde(skip_serializing_if = "Option::is_none")]
        computed_from: Option<Json>,
        columns: Vec<Json>,
        rows: Box<RawValue>,
    },
    Chart {
        file: Option<&'a str>,
        description: &'a str,
        caption: Option<&'a str>,
    },
    Code {
        language: &'a str,
        text: &'a str,
    },
}

impl<'a> Piece<'a> {
    fn of(block: &'a Block) -> Self {
        match block {
            Block::Text(statement) => Self::Text(Said::of(statement)),
            Block::List(items) => Self::List {
                items: items.iter().map(Said::of).collect(),
            },
            Block::Table(table) => Self::table(table),
            Block::Chart(Chart {
                file,
                description,
                caption,
                ..
            }) => Self::Chart {
                file: file.as_deref(),
                description,
                caption: caption.as_deref(),
            },
            Block::Code { language, text } => Self::Code { language, text },
        }
    }

    fn table(table: &'a Table) -> Self {
        let source = table.source.as_ref();
        let arguments: Map<String, Json> = source
            .into_iter()
            .flat_map(|source| source.arguments())
            .map(|(name, text)| (name.to_owned(), Json::String(text)))
            .collect();
        let computed_from = source.filter(|_| table.is_computed).map(
            |source| json!({"query": source.name, "sql": source.sql, "parameters": arguments}),
        );
        let own = source.filter(|_| !table.is_computed);
        Self::Table {
            caption: table.caption.as_deref(),
            main: table.is_main,
            query: own.map(|source| source.name.as_str()),
            sql: own.map(|source| source.sql.as_str()),
            parameters: if own.is_some() { arguments } else { Map::new() },
            computed_from,
            columns: table.columns.iter().map(column).collect(),
            rows: rows(table),
        }
    }
}

#[derive(Serialize)]
struct Said<'a> {
    text: &'a str,
    evidence: Map<String, Json>,
}

impl<'a> Said<'a> {
    fn of(statement: &'a Statement) -> Self {
        let figures = statement.evidence.iter();
        Self {
            text: &statement.text,
            evidence: figures
                .map(|(name, figure)| (name.clone(), evidence(figure)))
                .collect(),
        }
    }
}

fn evidence(figure: &Fact) -> Json {
    match figure {
        Fact::Value(Value::Null) => Json::Null,
        Fact::Value(Value::Integer(n)) => json!(n),
        Fact::Value(Value::Real(x)) => json!(x),
        Fact::Value(text) => json!(crate::output::text::plain(text)),
        Fact::P(p) => json!(p),
        Fact::Interval { level, low, high } => {
            json!({"level": level, "low": low, "high": high})
        }
    }
}

fn column(column: &Column) -> Json {
    json!({
        "name": column.name,
        "heading": column.heading,
        "unit": column.unit,
        "kind": column.kind.as_str(),
    })
}

/// The rows as `query -f json` writes them, moved to their place in the document: a text in JSON has no
/// line breaks of its own, so only the layout changes.
fn rows(table: &Table) -> Box<RawValue> {
    let written = table.written(Format::Json, &Style::default());
    let text = String::from_utf8(written).unwrap_or_default();
    let moved = text.trim_end().replace('\n', "\n          ");
    let nothing = || to_raw_value(&Json::Array(Vec::new())).unwrap_or_default();
    RawValue::from_string(moved).unwrap_or_else(|_| nothing())
}
