//! The statement of a saved query, read just closely enough to tell that it is one query and which
//! parameters it names. Whether it is valid SQL, and allowed, is for the store to say.

use super::error::Problem;

/// The statement without what surrounds it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Statement<'a> {
    /// The text up to the semicolon, the comments before it included.
    pub(super) sql: &'a str,
    /// The parameters it names (`:name`, `@name`, `$name`), each with its line, in order.
    pub(super) parameters: Vec<(&'a str, usize)>,
}

/// A piece of SQL text, as far as it matters here (<https://www.sqlite.org/lang_expr.html>,
/// <https://www.sqlite.org/lang_comment.html>).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// White space or a comment.
    Blank,
    /// A keyword, a bare name or a number.
    Word,
    /// A parameter with a name.
    Parameter,
    Semicolon,
    /// A quotation, an operator or anything else.
    Other,
}

/// Reads the statement in `body`, of which the first line is number `line` of the file.
pub(super) fn read(body: &str, mut line: usize) -> Result<Statement<'_>, (usize, Problem)> {
    let mut rest = body;
    let mut end = None;
    let mut first = None;
    let mut parameters = Vec::new();
    while let Some((piece, text)) = next(rest) {
        let start = body.len() - rest.len();
        match piece {
            Piece::Blank => {}
            _ if end.is_some() => return Err((line, Problem::MoreText)),
            Piece::Semicolon => end = Some(start),
            piece => {
                first.get_or_insert((text, line));
                if piece == Piece::Parameter {
                    parameters.push((text.get(1..).unwrap_or(""), line));
                }
            }
        }
        line += text.matches('\n').count();
        rest = rest.get(text.len()..).unwrap_or("");
    }
    let (word, first_line) = first.ok_or((line, Problem::NoSelect))?;
    let queries = ["SELECT", "WITH", "VALUES"];
    if !queries.iter().any(|query| word.eq_ignore_ascii_case(query)) {
        return Err((first_line, Problem::NoSelect));
    }
    let sql = body.get(..end.unwrap_or(body.len())).unwrap_or("").trim();
    Ok(Statement { sql, parameters })
}

/// The first piece of a text; `None` at its end.
fn next(text: &str) -> Option<(Piece, &str)> {
    let c = text.chars().next()?;
    let after = text.get(c.len_utf8()..).unwrap_or("");
    let (piece, length) = match c {
        c if c.is_whitespace() => (Piece::Blank, c.len_utf8()),
        '-' if after.starts_with('-') => (Piece::Blank, text.find('\n').unwrap_or(text.len())),
        '/' if after.starts_with('*') => (Piece::Blank, comment(text)),
        ';' => (Piece::Semicolon, 1),
        '\'' | '"' | '`' => (Piece::Other, quotation(text, c)),
        '[' => (
            Piece::Other,
            text.find(']').map_or(text.len(), |end| end + 1),
        ),
        ':' | '@' | '$' if after.starts_with(is_word) => (Piece::Parameter, 1 + word(after)),
        c if is_word(c) => (Piece::Word, word(text)),
        c => (Piece::Other, c.len_utf8()),
    };
    Some((piece, text.get(..length).unwrap_or(text)))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of the word a text begins with; inside a word a dollar sign is a letter.
fn word(text: &str) -> usize {
    text.find(|c| !is_word(c) && c != '$').unwrap_or(text.len())
}

/// The length of the comment a text begins with; such comments do not nest.
fn comment(text: &str) -> usize {
    let inside = text.get(2..).unwrap_or("");
    inside.find("*/").map_or(text.len(), |end| end + 4)
}

/// The length of the quotation a text begins with; a doubled mark inside it is one mark.
fn quotation(text: &str, mark: char) -> usize {
    let mut marks = text
        .match_indices(mark)
        .map(|(place, _)| place)
        .skip(1)
        .peekable();
    while let Some(place) = marks.next() {
        if marks.next_if_eq(&(place + 1)).is_none() {
            return place + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(body: &str) -> (usize, Problem) {
        read(body, 1).unwrap_err()
    }

    #[test]
    fn a_statement_ends_at_its_semicolon() {
        let body = "\n-- all\nSELECT\n  a;\n-- end\n/* ; */ ";
        let sql = "-- all\nSELECT\n  a";
        let parameters = Vec::new();
        assert_eq!(read(body, 5), Ok(Statement { sql, parameters }));
        assert_eq!(read(" values (1) ", 1).unwrap().sql, "values (1)");
    }

    #[test]
    fn a_semicolon_in_a_quotation_or_a_comment_ends_nothing() {
        let body = "WITH a AS (VALUES (';''', \";\"\"\", `;`, [;]) -- ;\n/* ; */) TABLE a";
        assert_eq!(read(body, 1).unwrap().sql, body);
    }

    #[test]
    fn parameters_are_found_with_their_lines_and_only_where_they_are_meant() {
        let body = "SELECT\n:a, $b,\n':c', \":d\", -- :e\n@f, x$g, ?1";
        let found = read(body, 1).unwrap().parameters;
        assert_eq!(found, [("a", 2), ("b", 2), ("f", 4)]);
    }

    #[test]
    fn what_is_no_query_or_more_than_one_is_refused_at_its_line() {
        assert_eq!(problem(""), (1, Problem::NoSelect));
        assert_eq!(problem("-- only\n;\n"), (3, Problem::NoSelect));
        assert_eq!(problem("\n\nDROP TABLE runs"), (3, Problem::NoSelect));
        assert_eq!(problem("VALUES (1);\n\nVALUES (2)"), (3, Problem::MoreText));
        assert_eq!(problem("VALUES (1);;"), (1, Problem::MoreText));
    }

    #[test]
    fn what_does_not_end_is_left_to_the_database() {
        for body in [
            "VALUES ('",
            "VALUES (\"x",
            "VALUES (1) /*",
            "VALUES (1) /*/",
            "VALUES ([",
            "VALUES (''''",
        ] {
            assert_eq!(read(body, 1).unwrap().sql, body);
        }
    }
}
