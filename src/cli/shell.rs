//! Words as a shell takes them, for the commands that messages propose.

/// A word in single quotes, so that no shell sees anything special in it.
pub(super) fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A word as a person would type it: in quotes only where a shell needs them.
pub(super) fn word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./³:=".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        quoted(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_only_where_a_shell_needs_it() {
        assert_eq!(word("acme/aurora-7b"), "acme/aurora-7b");
        assert_eq!(word("a b"), "'a b'");
        assert_eq!(word("it's"), "'it'\\''s'");
        assert_eq!(word(""), "''");
        assert_eq!(quoted("a"), "'a'");
    }
}
