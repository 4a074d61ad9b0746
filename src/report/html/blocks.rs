//! The blocks of a document as HTML.

use maud::{Markup, html};

use crate::output::text::{visible, visible_lines};

use super::super::document::{Block, Statement};
use super::{chart, table};

/// A block; `charts` counts those before it.
pub(super) fn block(block: &Block, charts: &mut usize) -> Markup {
    match block {
        Block::Text(statement) => html! { p { (said(statement)) } },
        Block::List(items) => html! {
            ul { @for item in items { li { (said(item)) } } }
        },
        Block::Table(table) => table::table(table),
        Block::Chart(chart) => {
            *charts += 1;
            chart::figure(chart, *charts)
        }
        Block::Code { language, text } => code(language, text),
    }
}

/// Text in a language.
pub(super) fn code(language: &str, text: &str) -> Markup {
    html! {
        pre tabindex="0" { code class=(language) { (visible_lines(text.trim_end())) } }
    }
}

fn said(statement: &Statement) -> Markup {
    let (text, evidence, end) = statement.parts();
    html! {
        (visible(text))
        @if let Some(evidence) = evidence {
            " " span.evidence { "(" (unbroken(&visible(&evidence))) ")" }
            (end)
        }
    }
}

/// A figure stays on one line with its name.
fn unbroken(evidence: &str) -> String {
    evidence
        .replace(" = ", "\u{a0}=\u{a0}")
        .replace(" < ", "\u{a0}<\u{a0}")
}
