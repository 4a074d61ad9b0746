//! A table as HTML: numbers in line under each other, exact values for sorting, and the query that
//! made it.

use maud::{Markup, html};

use crate::catalog::Value;
use crate::output::text::visible;

use super::super::table::{Cell, Column, Kind, Provenance, Table};
use super::blocks::code;

/// The words a verdict may be, each with a look of its own: a mark besides the colour.
const VERDICTS: [(&str, &str); 4] = [
    ("regression", "▼"),
    ("improvement", "▲"),
    ("unchanged", "="),
    ("undecided", "?"),
];

/// A text of up to so many characters stays on one line.
const LONGEST_LINE: usize = 28;

/// A table with its caption and its query.
pub(super) fn table(table: &Table) -> Markup {
    let decimals: Vec<Option<usize>> = (0..table.columns.len())
        .map(|at| decimals(table, at))
        .collect();
    html! {
        div.table {
            div.scroll tabindex="0" role="group" aria-label=[table.caption.as_deref().map(visible)] {
                table {
                    @if let Some(caption) = &table.caption {
                        caption { (visible(caption)) }
                    }
                    thead {
                        tr { @for column in &table.columns { (heading(column)) } }
                    }
                    "\n"
                    tbody {
                        @for row in &table.rows {
                            tr {
                                @for ((one, column), decimals) in row.iter().zip(&table.columns).zip(&decimals) {
                                    (cell(one, column, *decimals))
                                }
                            }
                            "\n"
                        }
                    }
                }
            }
            @if let Some(source) = &table.source { (query(source, table.is_computed)) }
        }
    }
}

fn heading(column: &Column) -> Markup {
    let class = (column.kind == Kind::Number).then_some("number");
    html! {
        th scope="col" class=[class] {
            span.name { (visible(&column.heading)) }
            @if let Some(unit) = &column.unit { " " span.unit { (visible(unit)) } }
        }
    }
}

fn cell(cell: &Cell, column: &Column, decimals: Option<usize>) -> Markup {
    let shown = cell.shown();
    let shown = visible(&shown);
    match column.kind {
        Kind::Number => html! {
            td.number data-value=[exact(cell.value())] {
                (shown)
                @if let Some(missing) = missing(&shown, decimals) { span.zeros { (missing) } }
            }
        },
        Kind::Verdict => match VERDICTS.iter().find(|(word, _)| *word == shown) {
            Some((word, mark)) => html! {
                td { span.verdict.(word) { span.mark aria-hidden="true" { (mark) } (word) } }
            },
            None => html! { td { (shown) } },
        },
        Kind::Text => html! {
            td.long[shown.chars().count() > LONGEST_LINE] data-value=[exact(cell.value())] { (shown) }
        },
    }
}

/// The number in full, by which a script sorts.
fn exact(value: &Value) -> Option<String> {
    match value {
        Value::Integer(n) => Some(n.to_string()),
        // The word for infinity is that of the script.
        Value::Real(x) => Some(format!("{x:?}").replace("inf", "Infinity")),
        _ => None,
    }
}

/// The most decimals a plain number of a column has; `None` where none is plain.
fn decimals(table: &Table, at: usize) -> Option<usize> {
    let cells = table.rows.iter().filter_map(|row| row.get(at));
    cells.filter_map(|cell| fraction(&cell.shown())).max()
}

/// How many decimals a plain number has; `None` for anything else.
fn fraction(shown: &str) -> Option<usize> {
    let digits = shown.strip_prefix(['-', '+']).unwrap_or(shown);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_plain = !whole.is_empty()
        && whole
            .chars()
            .chain(fraction.chars())
            .all(|c| c.is_ascii_digit());
    is_plain.then_some(fraction.len())
}

/// The zeros, with their point, that a number has fewer than its column: they keep the place and stay
/// invisible, and where they are copied they change no value.
fn missing(shown: &str, decimals: Option<usize>) -> Option<String> {
    let (own, all) = (fraction(shown)?, decimals?);
    let point = if own == 0 { "." } else { "" };
    (own < all).then(|| format!("{point}{}", "0".repeat(all - own)))
}

fn query(source: &Provenance, computed: bool) -> Markup {
    let how = if computed {
        "Computed from the rows of "
    } else {
        "Query: "
    };
    html! {
        details {
            summary { (how) span.name { (visible(&source.name)) } }
            @if !source.parameters.is_empty() {
                dl {
                    @for (name, value) in source.arguments() {
                        div { dt { (visible(name)) } dd { (visible(&value)) } }
                    }
                }
            }
            (code("sql", &source.sql))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_filled_up_to_its_column_with_zeros_nobody_sees() {
        assert_eq!(missing("48", Some(1)).unwrap(), ".0");
        assert_eq!(missing("-48.5", Some(3)).unwrap(), "00");
        assert_eq!(missing("48.5", Some(1)), None);
        for other in ["1e-9", "1.5 ± 0.2", "", "-", "inf"] {
            assert_eq!(missing(other, Some(3)), None, "{other}");
        }
    }

    #[test]
    fn a_cell_carries_its_exact_value_and_a_verdict_its_look() {
        let number = Column::number("score", None);
        let text = cell(&(1.0 / 3.0).into(), &number, Some(5)).into_string();
        assert_eq!(
            text,
            "<td class=\"number\" data-value=\"0.3333333333333333\">0.33333</td>"
        );
        let verdict = Column {
            kind: Kind::Verdict,
            ..Column::from("verdict")
        };
        assert_eq!(
            cell(&"regression".into(), &verdict, None).into_string(),
            "<td><span class=\"verdict regression\"><span class=\"mark\" aria-hidden=\"true\">▼</span>regression</span></td>"
        );
        let other = cell(&"\"onload=x".into(), &verdict, None).into_string();
        assert_eq!(other, "<td>&quot;onload=x</td>");
    }
}
