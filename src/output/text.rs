//! The encoders of text and numbers at the last step before bytes, one for each kind of reader: a
//! terminal, Markdown, a spreadsheet, a program. Input is hostile: a model may be called anything.

use std::borrow::Cow;
use std::fmt::Write;

use crate::catalog::{Value, number};

/// A value as a person reads it, before any encoder: a real number rounded, bytes as SQL writes them,
/// nothing for NULL.
#[must_use]
pub fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::Integer(n) => n.to_string().into(),
        Value::Real(x) => number::short(*x).into(),
        Value::Text(text) => Cow::Borrowed(text),
        Value::Bytes(data) => bytes(data).into(),
    }
}

/// The text with everything a terminal would act on, or not show, written out as an escape.
///
/// Newline, carriage return and tab become `\n`, `\r` and `\t`; other control characters of ASCII
/// `\x1b`; the C1 controls, the bidirectional controls (Boucher and Anderson, *Trojan Source*,
/// 2021), line separators, and characters without any width or look `\u{202e}`. Joiners that
/// emoji and several scripts need stay. The result is always one line.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unseen) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if c.is_ascii_control() => push(&mut shown, format_args!("\\x{:02x}", u32::from(c))),
            c if is_unseen(c) => push(&mut shown, format_args!("\\u{{{:x}}}", u32::from(c))),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// The text with its line breaks and tabs kept and everything else as [`visible`] shows it: for
/// statements and other texts of several lines.
#[must_use]
pub fn visible_lines(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let parts = line.split('\t').map(visible);
        parts.collect::<Vec<_>>().join("\t")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text as inline GitHub-flavoured Markdown that renders as exactly this text: in a paragraph,
/// a heading or the cell of a table, never as a link, an image, HTML, an entity, a formula or the
/// start of a block.
///
/// A newline becomes a space, what [`visible`] escapes is shown escaped, and white space at either
/// end is dropped. Underscores inside a word are left alone, as GitHub leaves them
/// (<https://github.github.com/gfm/>, 6.4, rule 2), so that `lm_eval` stays readable as source.
#[must_use]
pub fn markdown_text(text: &str) -> String {
    let line = text.replace("\r\n", " ").replace(['\n', '\r'], " ");
    let line = visible(line.trim());
    let line = line.as_ref();
    let mut encoded = String::with_capacity(line.len() + 8);
    let mut before = None;
    for (place, c) in line.char_indices() {
        let after = line.get(place + c.len_utf8()..).unwrap_or("");
        let start = line.get(..place).unwrap_or("");
        let escape = match c {
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '&' | '$' => true,
            '_' => {
                !before.is_some_and(char::is_alphanumeric)
                    || !after.starts_with(char::is_alphanumeric)
            }
            // An address is linked wherever it stands (GFM, 6.9).
            ':' => after.starts_with("//"),
            '#' | '=' => start.is_empty(),
            // A list needs white space after its mark, so a signed number is none (GFM, 5.2).
            '-' | '+' => start.is_empty() && !after.starts_with(|c: char| c.is_ascii_digit()),
            '.' | ')' => {
                (starts_a_list(start) && !after.starts_with(|c: char| !c.is_whitespace()))
                    || start.to_ascii_lowercase().ends_with("www")
            }
            _ => false,
        };
        match c {
            '<' => encoded.push_str("&lt;"),
            '>' => encoded.push_str("&gt;"),
            c => {
                if escape {
                    encoded.push('\\');
                }
                encoded.push(c);
            }
        }
        before = Some(c);
    }
    encoded
}

/// Whether a point or a bracket after this start of a line would make it an ordered list.
fn starts_a_list(start: &str) -> bool {
    !start.is_empty() && start.len() < 10 && start.bytes().all(|b| b.is_ascii_digit())
}

/// The text with an apostrophe before it if a spreadsheet would take it for a formula: if it
/// begins with `=`, `+`, `-`, `@` (or their full-width forms), tab, carriage return or newline.
///
/// The list is that of <https://owasp.org/www-community/attacks/CSV_Injection>.
pub(super) fn without_formula(text: &str) -> Cow<'_, str> {
    let formula = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'];
    if text.starts_with(formula) {
        format!("'{text}").into()
    } else {
        Cow::Borrowed(text)
    }
}

/// The shortest decimal number that reads back as the same bits; a whole one keeps its `.0` and is
/// thereby told from an integer.
pub(super) fn real(x: f64) -> String {
    format!("{x:?}")
}

/// Bytes as two hexadecimal digits each.
pub(super) fn hex(data: &[u8]) -> String {
    let mut text = String::with_capacity(data.len() * 2);
    for byte in data {
        push(&mut text, format_args!("{byte:02x}"));
    }
    text
}

/// Bytes as SQL writes them: `x'0aff'`.
pub(super) fn bytes(data: &[u8]) -> String {
    format!("x'{}'", hex(data))
}

fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(what);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_terminal_would_act_on_is_shown_escaped() {
        assert_eq!(visible("\u{1b}[31mred\u{7f}"), "\\x1b[31mred\\x7f");
        assert_eq!(visible("a\nb\r\tc"), "a\\nb\\r\\tc");
        assert_eq!(
            visible("\u{9b}31m \u{202e}evil"),
            "\\u{9b}31m \\u{202e}evil"
        );
        assert_eq!(
            visible("zero\u{200b}width\u{feff}"),
            "zero\\u{200b}width\\u{feff}"
        );
    }

    #[test]
    fn a_text_of_lines_keeps_them_and_its_tabs() {
        assert_eq!(visible_lines("a\r\n\tb\u{1b}\n"), "a\n\tb\\x1b");
    }

    #[test]
    fn ordinary_text_of_any_script_stays_as_it_is() {
        for text in [
            "Memory³-2B-SFT",
            "模型 – ü",
            "👩\u{200d}💻",
            "1\u{202f}234",
            "C:\\models",
        ] {
            assert!(matches!(visible(text), Cow::Borrowed(shown) if shown == text));
        }
    }

    #[test]
    fn markdown_in_a_name_is_only_a_name() {
        assert_eq!(
            markdown_text("[x](javascript:alert)"),
            "\\[x\\](javascript:alert)"
        );
        assert_eq!(markdown_text("<script>&amp;"), "&lt;script&gt;\\&amp;");
        assert_eq!(markdown_text("![a|b`c`"), "!\\[a\\|b\\`c\\`");
        assert_eq!(
            markdown_text("\\| **b** ~~s~~ $x$"),
            "\\\\\\| \\*\\*b\\*\\* \\~\\~s\\~\\~ \\$x\\$"
        );
        assert_eq!(
            markdown_text("see https://x.y or WWW.x.y"),
            "see https\\://x.y or WWW\\.x.y"
        );
    }

    #[test]
    fn the_start_of_a_line_starts_no_block() {
        assert_eq!(markdown_text("# a #b"), "\\# a #b");
        assert_eq!(markdown_text("- a-b"), "\\- a-b");
        assert_eq!(markdown_text("1. one 2."), "1\\. one 2.");
        assert_eq!(markdown_text("    indented\n\n---"), "indented  ---");
    }

    #[test]
    fn a_plain_name_keeps_its_source_readable() {
        assert_eq!(
            markdown_text("lm_eval Qwen1.5-4B (v2)"),
            "lm_eval Qwen1.5-4B (v2)"
        );
        assert_eq!(markdown_text("_em_ a_b_"), "\\_em\\_ a_b\\_");
    }

    #[test]
    fn a_formula_gets_an_apostrophe() {
        for text in ["=1", "+1", "-1", "@a", "\ta", "\r", "＝1", "－1"] {
            assert_eq!(without_formula(text), format!("'{text}"));
        }
        assert_eq!(without_formula("a=1"), "a=1");
    }

    proptest! {
        #[test]
        fn what_is_visible_is_one_line_without_controls(text in any::<String>()) {
            prop_assert!(!visible(&text).contains(is_unseen));
        }

        #[test]
        fn markdown_has_no_bare_mark_of_any_kind(text in "[a-z\\\\|`*<>&_ \n\\[\\]]{0,12}") {
            let mut escaped = false;
            for c in markdown_text(&text).replace("&lt;", "").replace("&gt;", "").chars() {
                prop_assert!(escaped || !"|`*<>&[]\n".contains(c));
                escaped = c == '\\' && !escaped;
            }
            prop_assert!(!escaped);
        }

        #[test]
        fn a_real_reads_back_as_the_same_bits(x in any::<f64>()) {
            let read: f64 = real(x).parse().unwrap();
            prop_assert!(read.to_bits() == x.to_bits() || x.is_nan() && read.is_nan());
        }
    }
}
