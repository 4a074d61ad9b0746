//! A document as one HTML file that needs nothing else: no address, no font, no picture outside it.
//! It reads without its script, which only sorts, points and darkens; the content security policy
//! lets that one script run and nothing that a name might smuggle in.
//!
//! Markup is escaped by `maud` as it is written; names go through [`visible`] before that.

mod blocks;
mod chart;
mod table;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::output::text::visible;

use super::document::{Document, Section};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
/// The mark in the tab of a browser: a staircase with its corners.
const ICON: &str = include_str!("icon.svg");

/// Fewer sections than this need no table of contents.
const FEWEST_LISTED: usize = 3;

/// A document as an HTML file.
pub fn html(document: &Document) -> String {
    let title = visible(&document.title);
    let mut charts = 0;
    let sections: Vec<Markup> = (1..)
        .zip(&document.sections)
        .map(|(number, part)| section(number, part, &mut charts))
        .collect();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy(SCRIPT));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href=(data("image/svg+xml", ICON));
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    @if let Some(subtitle) = &document.subtitle {
                        p.subtitle { (visible(subtitle)) }
                    }
                }
                @if document.sections.len() >= FEWEST_LISTED { (contents(&document.sections)) }
                main { @for section in &sections { (section) } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string() + "\n"
}

/// Nothing may be loaded, and only this script may run (<https://www.w3.org/TR/CSP3/>, 6.7.3.3).
fn policy(script: &str) -> String {
    let hash = STANDARD.encode(Sha256::digest(script));
    format!(
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{hash}'"
    )
}

/// A text as an address that contains it (RFC 2397).
fn data(kind: &str, text: &str) -> String {
    format!("data:{kind};base64,{}", STANDARD.encode(text))
}

fn contents(sections: &[Section]) -> Markup {
    html! {
        nav aria-labelledby="contents" {
            h2 #contents { "Contents" }
            ol {
                @for (number, section) in (1..).zip(sections) {
                    li { a href=(format!("#section-{number}")) { (visible(&section.title)) } }
                }
            }
        }
        "\n"
    }
}

fn section(number: usize, section: &Section, charts: &mut usize) -> Markup {
    html! {
        section id=(format!("section-{number}")) {
            h2 { (visible(&section.title)) }
            @for block in &section.blocks { "\n" (blocks::block(block, charts)) }
        }
        "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_the_one_script() {
        let page = html(&Document::default());
        let script = page.split("<script>").nth(1).unwrap();
        let script = script.split("</script>").next().unwrap();
        assert!(script.contains("addEventListener"));
        assert_eq!(page.matches("<script").count(), 1);
        assert!(
            page.contains(&policy(script).replace('\'', "&#39;")) || page.contains(&policy(script))
        );
        // The hash of the empty text, as `openssl dgst -sha256 -binary | base64` gives it.
        assert!(policy("").ends_with("'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"));
    }

    #[test]
    fn neither_style_nor_script_ends_early_or_names_an_address() {
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("</") && !text.contains("<!--"));
            assert!(!text.contains("//") && !text.contains("url(") && !text.contains("@import"));
        }
        // The name space of SVG is a name, not an address that is read.
        assert_eq!(ICON.matches("://").count(), 1);
    }
}
