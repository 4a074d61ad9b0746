//! A cell of a table: what SQLite can hold and what a foreign table file can say.
//! Integers stay integers, so 2⁵³ + 1 survives; nothing is turned into text on the way.

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Not known.
    Null,
    /// A whole number.
    Integer(i64),
    /// A real number; may be infinite, never NaN (SQLite stores NaN as NULL).
    Real(f64),
    /// Text.
    Text(String),
    /// Raw bytes.
    Bytes(Vec<u8>),
}

impl Value {
    /// The number in this cell, if it is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(i) => Some(*i as f64),
            Self::Real(x) => Some(*x),
            _ => None,
        }
    }

    /// The text in this cell, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as text: what a column of text holds of it, empty for NULL.
    pub fn to_text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Integer(i) => i.to_string(),
            Self::Real(x) => x.to_string(),
            Self::Text(text) => text.clone(),
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// What a person or a CSV cell means by `text`: nothing, a whole number, a real number or text.
    ///
    /// Blank is `Null`. Thousands separators, `inf` and `nan` stay text: what they mean is for the
    /// reader of that format to decide. A number with leading zeros (`007`) stays text.
    pub fn parse(text: &str) -> Self {
        if text.trim().is_empty() {
            return Self::Null;
        }
        Self::number(text).unwrap_or_else(|| Self::Text(text.to_owned()))
    }

    /// The whole or real number that `text` writes, by the rules of [`Value::parse`].
    pub fn number(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        let digits = trimmed.strip_prefix(['-', '+']).unwrap_or(trimmed);
        let starts_like_a_number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        let padded = digits.len() > 1
            && digits.starts_with('0')
            && digits.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        if !starts_like_a_number || padded {
            return None;
        }
        if let Ok(i) = trimmed.parse::<i64>() {
            return Some(Self::Integer(i));
        }
        let real = trimmed.parse::<f64>().ok().filter(|x| x.is_finite());
        real.map(Self::Real)
    }
}

impl From<f64> for Value {
    fn from(x: f64) -> Self {
        if x.is_nan() {
            Self::Null
        } else {
            Self::Real(x)
        }
    }
}

impl From<i64> for Value {
    fn from(i: i64) -> Self {
        Self::Integer(i)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_read_as_a_person_means_it() {
        assert_eq!(Value::parse(" "), Value::Null);
        assert_eq!(Value::parse("42"), Value::Integer(42));
        assert_eq!(
            Value::parse("9007199254740993"),
            Value::Integer(9_007_199_254_740_993)
        );
        assert_eq!(Value::parse("-1.5e3"), Value::Real(-1500.0));
        assert_eq!(Value::parse("inf"), Value::Text("inf".into()));
        assert_eq!(Value::parse("1e999"), Value::Text("1e999".into()));
        assert_eq!(Value::parse("007"), Value::Text("007".into()));
        assert_eq!(Value::parse("1,024"), Value::Text("1,024".into()));
        assert_eq!(Value::parse("0.5"), Value::Real(0.5));
    }

    #[test]
    fn nan_is_not_known() {
        assert_eq!(Value::from(f64::NAN), Value::Null);
    }
}
