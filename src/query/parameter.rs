//! The parameters of a saved query: `param: task = mmlu`.

use super::encoding::unquoted;
use super::error::Problem;
use crate::catalog::Value;

/// A parameter of a saved query. The statement names it `:name`.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name, without the colon.
    pub name: String,
    /// The value it has when none is given; `None` when one must be given.
    pub default: Option<Value>,
}

impl Parameter {
    /// Reads `name` or `name = default`.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let (name, default) = match text.split_once('=') {
            Some((name, default)) => (name.trim(), Some(default.trim())),
            None => (text, None),
        };
        if !is_identifier(name) {
            return Err(Problem::BadValue {
                value: text.to_owned(),
                expected: "`name` or `name = default`",
            });
        }
        Ok(Self {
            name: name.to_owned(),
            default: default.map(literal).transpose()?,
        })
    }

    /// The value that `text`, given by a user, has for this parameter: the text itself where the
    /// default is a text, so that a task named `5` stays one; otherwise what it looks like, an
    /// integer, a real number or a text. `'quoted'` is always a text and `null` always NULL.
    ///
    /// # Errors
    ///
    /// [`Problem::BadValue`] for a quotation that does not end, and for no text at all.
    pub fn value(&self, text: &str) -> Result<Value, Problem> {
        let value = literal(text)?;
        match (&self.default, value) {
            (Some(Value::Text(_)), Value::Integer(_) | Value::Real(_)) => {
                Ok(Value::Text(text.to_owned()))
            }
            (_, value) => Ok(value),
        }
    }

    /// The text that stands for a value: what [`Parameter::value`] reads back as it. A text is
    /// quoted where it would be read as something else. Bytes, which no parameter can have, are
    /// `null`.
    pub fn text(value: &Value) -> String {
        match value {
            Value::Null | Value::Bytes(_) => "null".to_owned(),
            Value::Integer(n) => n.to_string(),
            Value::Real(x) => format!("{x:?}"),
            Value::Text(text) if literal(text).as_ref() == Ok(value) => text.clone(),
            Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        }
    }
}

/// A value as a header or a user writes it.
fn literal(text: &str) -> Result<Value, Problem> {
    if text.eq_ignore_ascii_case("null") {
        return Ok(Value::Null);
    }
    let bad = |expected| Problem::BadValue {
        value: text.to_owned(),
        expected,
    };
    if text.starts_with('\'') {
        let inside = unquoted(text, '\'').map(Value::Text);
        return inside.ok_or_else(|| bad("a quoted text (`'it''s'`)"));
    }
    match Value::parse(text) {
        Value::Null => Err(bad("a value (`''` is the empty text, `null` is NULL)")),
        value => Ok(value),
    }
}

/// Whether a name can stand in a statement as `:name`.
fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn default(text: &str) -> Option<Value> {
        Parameter::parse(text).unwrap().default
    }

    #[test]
    fn a_default_is_what_it_looks_like() {
        assert_eq!(default("task"), None);
        assert_eq!(default("task = mmlu"), Some(Value::Text("mmlu".to_owned())));
        assert_eq!(default("n = 32"), Some(Value::Integer(32)));
        assert_eq!(default("share=0.5"), Some(Value::Real(0.5)));
        assert_eq!(default("task = null"), Some(Value::Null));
        assert_eq!(default("task = '32'"), Some(Value::Text("32".to_owned())));
        assert_eq!(
            default("task = 'it''s = a'"),
            Some(Value::Text("it's = a".to_owned()))
        );
        assert_eq!(default("task = ''"), Some(Value::Text(String::new())));
        assert_eq!(default("speed = inf"), Some(Value::Text("inf".to_owned())));
    }

    #[test]
    fn a_parameter_needs_a_name_and_a_value_after_the_equals_sign() {
        for text in [
            "",
            "a b",
            "1a = 2",
            "= 2",
            ":a",
            "a =",
            "a = 'x",
            "a = '",
            "a = 'x'y'",
        ] {
            assert!(Parameter::parse(text).is_err(), "{text}");
        }
        assert_eq!(
            Parameter::parse("a = 'x").unwrap_err().to_string(),
            "`'x` is not a quoted text (`'it''s'`)"
        );
    }

    #[test]
    fn a_given_value_stays_text_where_the_default_is_text() {
        let task = Parameter::parse("task = mmlu").unwrap();
        let n = Parameter::parse("n = 32").unwrap();
        assert_eq!(task.value("5"), Ok(Value::Text("5".to_owned())));
        assert_eq!(n.value("5"), Ok(Value::Integer(5)));
        assert_eq!(n.value("'5'"), Ok(Value::Text("5".to_owned())));
        assert_eq!(task.value("null"), Ok(Value::Null));
    }

    #[test]
    fn a_value_is_written_as_it_is_read() {
        let text = |text: &str| Parameter::text(&text.into());
        assert_eq!(text("mmlu"), "mmlu");
        assert_eq!(text("5"), "'5'");
        assert_eq!(text("null"), "'null'");
        assert_eq!(text("'s"), "'''s'");
        assert_eq!(text(""), "''");
        assert_eq!(Parameter::text(&Value::Real(2.0)), "2.0");
    }

    proptest! {
        #[test]
        fn any_value_comes_back(text in any::<String>(), n in any::<i64>(), x in any::<f64>()) {
            let free = Parameter { name: "a".to_owned(), default: None };
            let real = if x.is_finite() { Value::Real(x) } else { Value::Null };
            for value in [Value::Text(text), Value::Integer(n), real, Value::Null] {
                prop_assert_eq!(free.value(&Parameter::text(&value)), Ok(value));
            }
        }
    }
}
