//! The common line of JSON Lines: one object without nesting, escapes or new keys. Its cells are found
//! where they stand. Anything else is left to the reader of all JSON, which also says what is wrong.

use std::collections::HashMap;

use super::row::Span;

/// The columns that the keys of an object are.
pub(super) struct Columns<'c> {
    /// Each key with its quotes, as JSON writes it; nothing where it would be escaped.
    keys: Vec<String>,
    index: HashMap<&'c str, usize>,
}

impl<'c> Columns<'c> {
    /// The columns of a table.
    pub(super) fn of(columns: &'c [String]) -> Self {
        let quoted = |name: &String| match name.bytes().any(is_special) {
            true => String::new(),
            false => format!("\"{name}\""),
        };
        Self {
            keys: columns.iter().map(quoted).collect(),
            index: columns.iter().map(String::as_str).zip(0..).collect(),
        }
    }

    /// The cells of an object; `None` where it is not a common one.
    pub(super) fn read(&self, object: &str, cells: &mut Vec<Span>) -> Option<()> {
        cells.clear();
        cells.resize(self.keys.len(), Span::default());
        let mut reader = Reader {
            text: object,
            bytes: object.as_bytes(),
            at: 0,
        };
        reader.take(b'{')?;
        let mut expected = 0;
        loop {
            let column = self.key(&mut reader, expected)?;
            reader.take(b':')?;
            let cell = cells.get_mut(column)?;
            // No value stands where the object begins: only a cell that was not set does.
            if *cell != Span::default() {
                return None;
            }
            *cell = reader.value()?;
            expected = column + 1;
            match reader.next()? {
                b',' => {}
                b'}' => break,
                _ => return None,
            }
        }
        (reader.at == object.len()).then_some(())
    }

    /// The column of a key; keys mostly come in the columns' order.
    fn key(&self, reader: &mut Reader<'_>, expected: usize) -> Option<usize> {
        reader.skip_space();
        let rest = reader.bytes.get(reader.at..)?;
        if let Some(key) = self.keys.get(expected)
            && !key.is_empty()
            && rest.starts_with(key.as_bytes())
        {
            reader.at += key.len();
            return Some(expected);
        }
        let start = reader.at + 1;
        reader.string()?;
        let key = reader.text.get(start..reader.at - 1)?;
        self.index.get(key).copied()
    }
}

/// Which bytes end a string, or cannot stand in one as they are.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut control = 0;
    while control < 0x20 {
        special[control] = true;
        control += 1;
    }
    special[b'"' as usize] = true;
    special[b'\\' as usize] = true;
    special
};

fn is_special(byte: u8) -> bool {
    SPECIAL[usize::from(byte)]
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    /// The next byte that is no white space.
    fn next(&mut self) -> Option<u8> {
        self.skip_space();
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    /// The cell of a value that is no list and no object.
    fn value(&mut self) -> Option<Span> {
        self.skip_space();
        let start = self.at;
        match self.peek()? {
            b'"' => {
                self.string()?;
                return Some(Span::new(self.text, start + 1, self.at - 1, true));
            }
            b'n' => {
                self.word(b"null")?;
                return Some(Span::new(self.text, start, start, false));
            }
            b't' => self.word(b"true")?,
            b'f' => self.word(b"false")?,
            _ => self.number()?,
        }
        Some(Span::new(self.text, start, self.at, false))
    }

    /// Passes over a string without escapes.
    fn string(&mut self) -> Option<()> {
        self.take(b'"')?;
        let rest = self.bytes.get(self.at..)?;
        let length = rest.iter().position(|byte| is_special(*byte))?;
        // No white space is passed over: what ends a string must be its quote.
        self.at += length + 1;
        (rest.get(length) == Some(&b'"')).then_some(())
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        let is_next = self.bytes.get(self.at..)?.starts_with(word);
        self.at += word.len();
        is_next.then_some(())
    }

    /// Passes over a number as RFC 8259, section 6, writes it.
    fn number(&mut self) -> Option<()> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek()? {
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }

    /// Passes over one digit or more.
    fn digits(&mut self) -> Option<()> {
        let rest = self.bytes.get(self.at..)?;
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        (count > 0).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::table::row::Row;

    fn cells(object: &str) -> Option<Vec<String>> {
        let columns = ["a", "b", "ü", "d\"e"].map(str::to_owned);
        let mut cells = Vec::new();
        Columns::of(&columns).read(object, &mut cells)?;
        let row = Row {
            text: object,
            cells: &cells,
            line: 1,
        };
        let show = |column| {
            let quote = if row.is_quoted(column) { "'" } else { "" };
            format!("{quote}{}", row.get(column))
        };
        Some((0..columns.len()).map(show).collect())
    }

    #[test]
    fn the_cells_of_a_flat_object_are_found_in_any_order() {
        let read = |text| cells(text).unwrap().join("|");
        assert_eq!(read(r#"{"a":1,"b":"x","ü":-2.5e-3}"#), "1|'x|-2.5e-3|");
        assert_eq!(read(r#"{ "ü" : " é " , "a" : true }"#), "true||'é|");
        assert_eq!(read(r#"{"b":null,"a":0}"#), "0|||");
    }

    #[test]
    fn anything_else_is_left_to_the_reader_of_all_json() {
        for text in [
            "",
            "{}",
            "[1]",
            r#"{"a":1"#,
            r#"{"a":1}}"#,
            r#"{"a":1,}"#,
            r#"{"a":01}"#,
            r#"{"a":1.}"#,
            r#"{"a":.5}"#,
            r#"{"a":+1}"#,
            r#"{"a":1e}"#,
            r#"{"a":-}"#,
            r#"{"a":NaN}"#,
            r#"{"a":nul}"#,
            r#"{"a":[]}"#,
            r#"{"a":{}}"#,
            r#"{"a":"\n"}"#,
            "{\"a\":\"\t\"}",
            r#"{"z":1}"#,
            r#"{"d"e":1}"#,
            r#"{"a" 1}"#,
            r#"{a:1}"#,
        ] {
            assert_eq!(cells(text), None, "{text}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_never_passed_over() {
        for text in [
            r#"{"a":1,"a":2}"#,
            r#"{"b":1,"b":2}"#,
            r#"{"a":1,"b":2,"a":3}"#,
            r#"{"b":1,"a":2,"b":3}"#,
            r#"{"ü":1,"a":2,"b":3,"ü":4}"#,
        ] {
            assert_eq!(cells(text), None, "{text}");
        }
    }
}
