//! A chart inside a page. What is drawn there is read as XML first and written anew from the elements
//! and attributes that drawing needs: nothing else gets into the page. Identifiers get the number of
//! their chart, so that two charts do not borrow from each other.

use maud::{Escaper, Markup, PreEscaped, html};
use roxmltree::{Document as Xml, Node};
use std::fmt::Write as _;

use crate::output::text::visible;

use super::super::document::Chart;
use super::data;

/// The elements of a drawing.
const ELEMENTS: &[&str] = &[
    "svg",
    "g",
    "title",
    "desc",
    "defs",
    "clipPath",
    "linearGradient",
    "stop",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "path",
    "text",
    "tspan",
];

/// Its attributes. None of them runs or loads anything: an address has no place among them.
const ATTRIBUTES: &[&str] = &[
    "viewBox",
    "width",
    "height",
    "x",
    "y",
    "dx",
    "dy",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "d",
    "points",
    "transform",
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "opacity",
    "font-family",
    "font-size",
    "font-weight",
    "font-style",
    "text-anchor",
    "dominant-baseline",
    "clip-path",
    "clip-rule",
    "clipPathUnits",
    "gradientUnits",
    "gradientTransform",
    "offset",
    "stop-color",
    "stop-opacity",
    "pointer-events",
    "class",
    "id",
];

/// A chart with its caption: drawn in place, or as a picture, in which nothing can run, when it is not
/// a plain drawing.
pub(super) fn figure(chart: &Chart, number: usize) -> Markup {
    html! {
        figure {
            div.scroll {
                @match drawing(&chart.svg, number, &chart.description) {
                    Some(svg) => (PreEscaped(svg)),
                    None => img src=(data("image/svg+xml", &chart.svg)) alt=(visible(&chart.description));
                }
            }
            @if let Some(caption) = &chart.caption {
                figcaption { (visible(caption)) }
            }
        }
    }
}

/// The SVG written anew; `None` when it is not well-formed or holds more than a drawing.
fn drawing(svg: &str, number: usize, description: &str) -> Option<String> {
    let xml = Xml::parse(svg).ok()?;
    let root = xml.root_element();
    if root.tag_name().name() != "svg" {
        return None;
    }
    let mut out = String::with_capacity(svg.len());
    out.push_str("<svg role=\"img\" aria-label=\"");
    push(&visible(description), &mut out);
    out.push('"');
    attributes(root, number, &mut out)?;
    out.push('>');
    // The description is in the page's own words, and a tooltip of the whole picture would cover it.
    let described = |node: &Node| matches!(node.tag_name().name(), "title" | "desc");
    for child in root.children().filter(|node| !described(node)) {
        element(child, number, &mut out)?;
    }
    out.push_str("</svg>");
    Some(out)
}

fn element(node: Node, number: usize, out: &mut String) -> Option<()> {
    if node.is_text() {
        push(node.text().unwrap_or("").trim_matches('\n'), out);
        return Some(());
    }
    if !node.is_element() {
        return Some(());
    }
    let name = node.tag_name().name();
    if !ELEMENTS.contains(&name) || name == "svg" {
        return None;
    }
    let _ = write!(out, "<{name}");
    attributes(node, number, out)?;
    if node.has_children() {
        out.push('>');
        for child in node.children() {
            element(child, number, out)?;
        }
        let _ = write!(out, "</{name}>");
    } else {
        out.push_str("/>");
    }
    Some(())
}

fn attributes(node: Node, number: usize, out: &mut String) -> Option<()> {
    for attribute in node.attributes() {
        let (name, value) = (attribute.name(), attribute.value());
        if name == "role" && node.tag_name().name() == "svg" {
            continue;
        }
        let known = ATTRIBUTES.contains(&name) || name.starts_with("data-");
        if !known || attribute.namespace().is_some() {
            return None;
        }
        let value = match name {
            "id" => format!("chart-{number}-{value}"),
            _ if value.contains("url(") => local(value, number)?,
            _ => value.to_owned(),
        };
        let _ = write!(out, " {name}=\"");
        push(&value, out);
        out.push('"');
    }
    Some(())
}

/// `url(#id)` of this chart; `None` for any other address.
fn local(value: &str, number: usize) -> Option<String> {
    let id = value.strip_prefix("url(#")?.strip_suffix(')')?;
    let is_name = id
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    is_name.then(|| format!("url(#chart-{number}-{id})"))
}

fn push(text: &str, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = Escaper::new(out).write_str(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(inside: &str) -> Option<String> {
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\">{inside}</svg>");
        drawing(&svg, 2, "a \"b\"")
    }

    #[test]
    fn a_drawing_is_written_anew_with_identifiers_of_its_own() {
        assert_eq!(
            drawn(
                "<title>all</title><clipPath id=\"a\"><rect x=\"1\"/></clipPath><g clip-path=\"url(#a)\">\n<text>x &lt; &amp;</text></g>"
            )
            .unwrap(),
            "<svg role=\"img\" aria-label=\"a &quot;b&quot;\" width=\"9\"><clipPath id=\"chart-2-a\"><rect x=\"1\"/></clipPath>\
             <g clip-path=\"url(#chart-2-a)\"><text>x &lt; &amp;</text></g></svg>"
        );
    }

    #[test]
    fn more_than_a_drawing_is_not_drawn_in_the_page() {
        for inside in [
            "<script>alert(1)</script>",
            "<style>*{}</style>",
            "<foreignObject/>",
            "<a href=\"#\"/>",
            "<image href=\"x\"/>",
            "<use href=\"#a\"/>",
            "<svg/>",
            "<rect onload=\"x\"/>",
            "<rect style=\"x\"/>",
            "<rect fill=\"url(http://x)\"/>",
            "<rect fill=\" url(#a)\"/>",
            "<rect xml:base=\"x\"/>",
            "<rect",
            "\u{1b}",
        ] {
            assert_eq!(drawn(inside), None, "{inside}");
        }
        assert_eq!(drawing("<html/>", 1, ""), None);
    }

    #[test]
    fn what_is_not_drawn_is_shown_as_a_picture() {
        let chart = Chart {
            svg: "<svg><script/></svg>".into(),
            description: "<b>".into(),
            ..Chart::default()
        };
        assert_eq!(
            figure(&chart, 1).into_string(),
            "<figure><div class=\"scroll\"><img src=\"data:image/svg+xml;base64,PHN2Zz48c2NyaXB0Lz48L3N2Zz4=\" alt=\"&lt;b&gt;\"></div></figure>"
        );
    }
}
