//! The SQL form: a statement that creates the table and one that fills it for every row. It is taken
//! apart into words and texts and never executed; any other statement is refused.

use serde_json::Value as Json;

use super::super::fields::mentions;
use super::super::{ImportError, Input, Shape, Sniff};
use super::{Row, text};

/// Whether the text begins as the SQL form does.
pub(super) fn detect(sniff: &Sniff<'_>) -> bool {
    let starts = |words: &str| {
        let start = sniff.bytes.trim_ascii_start().get(..words.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(words.as_bytes()))
    };
    matches!(sniff.shape, Shape::Text | Shape::Delimited { .. })
        && (starts("create table ") || starts("insert into "))
        && mentions(sniff, "build_commit")
        && mentions(sniff, "avg_ts")
}

/// The rows that the statements would insert, each with its line.
pub(super) fn rows(input: &Input<'_>) -> Result<Vec<(String, Row)>, ImportError> {
    let reader = Reader {
        tokens: Tokens {
            rest: text(input)?,
            line: 1,
            column: 1,
        },
        columns: Vec::new(),
        rows: Vec::new(),
    };
    reader.read().map_err(|wrong| ImportError::Broken {
        path: input.path.to_owned(),
        line: wrong.line,
        column: wrong.column,
        reason: wrong.reason,
    })
}

/// What is wrong, and where; line and column count from 1.
struct Wrong {
    line: usize,
    column: usize,
    reason: String,
}

/// A part of a statement.
#[derive(Debug, PartialEq)]
enum Token<'a> {
    /// A name, a keyword or a number.
    Word(&'a str),
    /// `'text'`, its doubled quotes made single.
    Text(String),
    /// Any other character.
    Sign(char),
}

impl Token<'_> {
    fn is(&self, keyword: &str) -> bool {
        matches!(self, Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }
}

/// A statement's text, taken apart from the front.
struct Tokens<'a> {
    rest: &'a str,
    line: usize,
    column: usize,
}

impl<'a> Tokens<'a> {
    fn wrong<T>(&self, reason: impl Into<String>) -> Result<T, Wrong> {
        Err(Wrong {
            line: self.line,
            column: self.column,
            reason: reason.into(),
        })
    }

    /// Takes the first `bytes` of the rest; they end between two characters.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        for c in taken.chars() {
            match c {
                '\n' => (self.line, self.column) = (self.line + 1, 1),
                _ => self.column += 1,
            }
        }
        taken
    }

    /// Takes white space.
    fn skip(&mut self) {
        let blank = self.rest.len() - self.rest.trim_start().len();
        self.take(blank);
    }

    /// The next token; `None` at the end.
    fn next(&mut self) -> Result<Option<Token<'a>>, Wrong> {
        self.skip();
        let Some(first) = self.rest.chars().next() else {
            return Ok(None);
        };
        if first == '\'' {
            return self.quoted().map(Some);
        }
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+');
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        if end == 0 {
            self.take(first.len_utf8());
            return Ok(Some(Token::Sign(first)));
        }
        Ok(Some(Token::Word(self.take(end))))
    }

    fn quoted(&mut self) -> Result<Token<'a>, Wrong> {
        let mut text = String::new();
        let mut inside = self.rest.get(1..).unwrap_or_default();
        let mut length = 1;
        loop {
            let Some(end) = inside.find('\'') else {
                return self.wrong("the file ends inside a text");
            };
            text.push_str(inside.get(..end).unwrap_or_default());
            inside = inside.get(end + 1..).unwrap_or_default();
            length += end + 1;
            if !inside.starts_with('\'') {
                self.take(length);
                return Ok(Token::Text(text));
            }
            text.push('\'');
            inside = inside.get(1..).unwrap_or_default();
            length += 1;
        }
    }

    /// The next token, which must be there.
    fn need(&mut self) -> Result<Token<'a>, Wrong> {
        match self.next()? {
            Some(token) => Ok(token),
            None => self.wrong("the file ends inside a statement"),
        }
    }

    /// The next token, which must be this keyword or sign.
    fn expect(&mut self, word: &str) -> Result<(), Wrong> {
        self.skip();
        let (line, column) = (self.line, self.column);
        let found = self.need()?;
        match found {
            Token::Sign(sign) if word.chars().eq([sign]) => Ok(()),
            Token::Word(_) if found.is(word) => Ok(()),
            _ => Err(Wrong {
                line,
                column,
                reason: format!("expected `{word}`"),
            }),
        }
    }

    /// Whether the next token is this sign; it is taken if so.
    fn meets(&mut self, sign: char) -> bool {
        self.skip();
        let meets = self.rest.starts_with(sign);
        if meets {
            self.take(sign.len_utf8());
        }
        meets
    }

    fn name(&mut self) -> Result<&'a str, Wrong> {
        match self.need()? {
            Token::Word(name) => Ok(name),
            _ => self.wrong("expected a name"),
        }
    }
}

/// The statements read so far.
struct Reader<'a> {
    tokens: Tokens<'a>,
    /// The columns that the table was created with.
    columns: Vec<&'a str>,
    rows: Vec<(String, Row)>,
}

impl<'a> Reader<'a> {
    fn read(mut self) -> Result<Vec<(String, Row)>, Wrong> {
        loop {
            self.tokens.skip();
            match self.tokens.next()? {
                None => return Ok(self.rows),
                Some(Token::Sign(';')) => {}
                Some(token) if token.is("create") => self.create()?,
                Some(token) if token.is("insert") => self.insert()?,
                Some(_) => {
                    let reason = "neither a table is created nor a row inserted";
                    return self.tokens.wrong(reason);
                }
            }
        }
    }

    /// `CREATE TABLE IF NOT EXISTS test (build_commit TEXT, …)`: the order of the columns.
    fn create(&mut self) -> Result<(), Wrong> {
        self.tokens.expect("table")?;
        if self.tokens.name()?.eq_ignore_ascii_case("if") {
            self.tokens.expect("not")?;
            self.tokens.expect("exists")?;
            self.tokens.name()?;
        }
        self.tokens.expect("(")?;
        self.columns.clear();
        loop {
            let column = self.tokens.name()?;
            self.columns.push(column);
            loop {
                match self.tokens.need()? {
                    Token::Sign(',') => break,
                    Token::Sign(')') => return self.tokens.expect(";"),
                    Token::Word(_) => {}
                    _ => return self.tokens.wrong("expected the type of a column"),
                }
            }
        }
    }

    /// `INSERT INTO test (build_commit, …) VALUES ('8c00ff27', …), …`.
    fn insert(&mut self) -> Result<(), Wrong> {
        self.tokens.expect("into")?;
        self.tokens.name()?;
        let columns = match self.tokens.meets('(') {
            true => self.names()?,
            false => self.columns.clone(),
        };
        self.tokens.expect("values")?;
        loop {
            self.tokens.skip();
            let line = self.tokens.line;
            self.tokens.expect("(")?;
            let row = self.row(&columns)?;
            self.rows.push((format!("line {line}"), row));
            if !self.tokens.meets(',') {
                return self.tokens.expect(";");
            }
        }
    }

    /// Names up to the closing parenthesis.
    fn names(&mut self) -> Result<Vec<&'a str>, Wrong> {
        let mut names = Vec::new();
        loop {
            names.push(self.tokens.name()?);
            if !self.tokens.meets(',') {
                self.tokens.expect(")")?;
                return Ok(names);
            }
        }
    }

    /// As many values as there are columns, up to the closing parenthesis.
    fn row(&mut self, columns: &[&str]) -> Result<Row, Wrong> {
        let mut row = Row::new();
        let mut found = 0;
        loop {
            let cell = match self.tokens.need()? {
                Token::Text(text) => Json::from(text),
                token if token.is("null") => Json::Null,
                Token::Word(word) => Json::from(word),
                Token::Sign(_) => return self.tokens.wrong("expected a value"),
            };
            if let Some(column) = columns.get(found) {
                row.insert((*column).to_owned(), cell);
            }
            found += 1;
            if !self.tokens.meets(',') {
                self.tokens.expect(")")?;
                break;
            }
        }
        if found != columns.len() {
            let reason = format!("{found} values for {} columns", columns.len());
            return self.tokens.wrong(reason);
        }
        Ok(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(text: &str) -> Result<Json, String> {
        let reader = Reader {
            tokens: Tokens {
                rest: text,
                line: 1,
                column: 1,
            },
            columns: Vec::new(),
            rows: Vec::new(),
        };
        let place = |wrong: Wrong| format!("{}:{} {}", wrong.line, wrong.column, wrong.reason);
        Ok(json!(reader.read().map_err(place)?))
    }

    #[test]
    fn a_row_is_known_by_its_own_columns_or_by_those_of_the_table() {
        let text = "create table if not exists t (a TEXT, b INTEGER);\n\
            insert into t (b, a) values ('1', 'it''s'), (2, NULL);\ninsert into t values ('x', -3.5);";
        assert_eq!(
            read(text),
            Ok(json!([
                ["line 2", {"b": "1", "a": "it's"}],
                ["line 2", {"b": "2", "a": null}],
                ["line 3", {"a": "x", "b": "-3.5"}],
            ]))
        );
    }

    #[test]
    fn any_other_statement_is_refused() {
        for (text, error) in [
            (
                "drop table t;",
                "1:5 neither a table is created nor a row inserted",
            ),
            (
                "insert into t (a) values ('1')",
                "1:31 the file ends inside a statement",
            ),
            (
                "insert into t (a) values ('1'); select",
                "1:39 neither a table is created nor a row inserted",
            ),
            (
                "insert into t (a, b) values\n ('1');",
                "2:7 1 values for 2 columns",
            ),
            (
                "insert into t (a) values ('1",
                "1:27 the file ends inside a text",
            ),
            ("insert into t (a) select 1;", "1:19 expected `values`"),
            (
                "create table t (a TEXT DEFAULT 'x');",
                "1:35 expected the type of a column",
            ),
        ] {
            assert_eq!(read(text), Err(error.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_statement_inside_a_text_stays_text() {
        let text = "insert into t (a) values ('x''); drop table t; --');";
        assert_eq!(
            read(text),
            Ok(json!([["line 1", {"a": "x'); drop table t; --"}]]))
        );
    }

    proptest! {
        #[test]
        fn never_panics(text in "(insert into t|create table t|values| |\\(|\\)|,|;|'|a|é|1|\n){0,30}") {
            let _ = read(&text);
        }
    }
}
