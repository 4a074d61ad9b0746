//! The lines of a saved query: which belong to the header, and the key and value of each.

use super::error::Problem;
use crate::catalog::nearest::nearest;

/// What a header line may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Title,
    Description,
    Param,
    Mark,
    X,
    Y,
    Label,
    Color,
    Area,
    Facet,
    Highlight,
    Frontier,
    Fit,
    Pick,
    OnePer,
}

impl Key {
    const ALL: [Self; 15] = [
        Self::Title,
        Self::Description,
        Self::Param,
        Self::Mark,
        Self::X,
        Self::Y,
        Self::Label,
        Self::Color,
        Self::Area,
        Self::Facet,
        Self::Highlight,
        Self::Frontier,
        Self::Fit,
        Self::Pick,
        Self::OnePer,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Param => "param",
            Self::Mark => "mark",
            Self::X => "x",
            Self::Y => "y",
            Self::Label => "label",
            Self::Color => "color",
            Self::Area => "area",
            Self::Facet => "facet",
            Self::Highlight => "highlight",
            Self::Frontier => "frontier",
            Self::Fit => "fit",
            Self::Pick => "pick",
            Self::OnePer => "one_per",
        }
    }

    fn is_repeatable(self) -> bool {
        matches!(self, Self::Description | Self::Param | Self::Pick)
    }

    fn find(name: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|key| key.name() == name);
        found.ok_or_else(|| Problem::UnknownKey {
            key: name.to_owned(),
            nearest: nearest(name, Self::ALL.map(Self::name)),
        })
    }
}

/// One header line: `-- key: value`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) number: usize,
    pub(super) key: Key,
    pub(super) value: &'a str,
}

/// A text cut into its header and the rest.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    pub(super) lines: Vec<Line<'a>>,
    /// What follows the header, and the number of its first line.
    pub(super) body: &'a str,
    pub(super) body_line: usize,
}

impl Header<'_> {
    /// The key of this name, if it may stand here.
    fn key(&self, name: &str) -> Result<Key, Problem> {
        let key = Key::find(name)?;
        let earlier = self.lines.iter().find(|line| line.key == key);
        match earlier {
            Some(earlier) if !key.is_repeatable() => Err(Problem::Repeated {
                key: name.to_owned(),
                first: earlier.number,
            }),
            _ => Ok(key),
        }
    }
}

/// Cuts the header off a text. It is made of the leading `-- key: value` lines, between which there
/// may be blank lines and empty comments; any other line ends it. Between that and the statement
/// comments are free, except that a known key there is an error: it would silently have no effect.
pub(super) fn split(text: &str) -> Result<Header<'_>, (usize, Problem)> {
    let mut header = Header {
        lines: Vec::new(),
        body: text,
        body_line: 1,
    };
    let mut ended = false;
    let mut end = 0;
    for (line, number) in text.split_inclusive('\n').zip(1..) {
        end += line.len();
        let line = line.trim();
        let comment = line.strip_prefix("--").map(str::trim);
        match comment.and_then(key_and_value) {
            Some((word, _)) if ended => refuse_known(word).map_err(|problem| (number, problem))?,
            Some((word, value)) => {
                let key = header.key(word).map_err(|problem| (number, problem))?;
                header.lines.push(Line { number, key, value });
            }
            None if line.is_empty() || comment == Some("") => {}
            None if comment.is_some() => ended = true,
            None => break,
        }
        if !ended {
            (header.body, header.body_line) = (text.get(end..).unwrap_or(""), number + 1);
        }
    }
    Ok(header)
}

/// The key and the value of a comment, if it is one word, a colon and a blank or nothing more.
fn key_and_value(comment: &str) -> Option<(&str, &str)> {
    let (key, value) = comment.split_once(':')?;
    let key = key.trim();
    let is_word = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let is_apart = value.is_empty() || value.starts_with(char::is_whitespace);
    (is_word && is_apart).then(|| (key, value.trim()))
}

fn refuse_known(word: &str) -> Result<(), Problem> {
    match Key::find(&word.to_ascii_lowercase()) {
        Ok(_) => Err(Problem::AfterHeader {
            key: word.to_owned(),
        }),
        Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_ends_at_its_last_line() {
        let text =
            "-- title: A: b\n--\n--y:  score\n\n-- Note: free\nVALUES (1)\n-- x: no header\n";
        let line = |number, key, value| Line { number, key, value };
        assert_eq!(
            split(
                "-- title: A: b\n--\n--y:  score\n\n-- free text\n-- Note: free\nVALUES (1)\n-- x: no\n"
            ),
            Ok(Header {
                lines: vec![line(1, Key::Title, "A: b"), line(3, Key::Y, "score")],
                body: "-- free text\n-- Note: free\nVALUES (1)\n-- x: no\n",
                body_line: 5,
            })
        );
        let key = "Note".to_owned();
        assert_eq!(
            split(text),
            Err((5, Problem::UnknownKey { key, nearest: None }))
        );
    }

    #[test]
    fn an_unknown_key_is_answered_with_the_nearest() {
        let key = "lable".to_owned();
        let nearest = Some("label");
        assert_eq!(
            split("-- title: A\n-- lable: model\n"),
            Err((2, Problem::UnknownKey { key, nearest }))
        );
    }

    #[test]
    fn a_repeated_key_names_the_first() {
        let key = "x".to_owned();
        assert_eq!(
            split("-- x: a\n-- y: b\n-- x: c\n"),
            Err((3, Problem::Repeated { key, first: 1 }))
        );
        assert!(split("-- param: a\n-- param: b\n").is_ok());
    }

    #[test]
    fn a_key_below_a_comment_would_have_no_effect_and_is_refused() {
        let key = "Frontier".to_owned();
        assert_eq!(
            split("-- title: A\n-- all of it\n-- Frontier: yes\nVALUES (1)"),
            Err((3, Problem::AfterHeader { key }))
        );
    }

    #[test]
    fn an_address_or_a_sentence_is_no_key() {
        assert_eq!(key_and_value(" https://a.b"), None);
        assert_eq!(key_and_value(" see also: this"), None);
        assert_eq!(key_and_value(" title:"), Some(("title", "")));
        assert_eq!(key_and_value(""), None);
    }
}
