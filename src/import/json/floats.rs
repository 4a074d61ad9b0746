//! Long lists of numbers, one a request or a token, out of text that is known to be well formed.

use super::lex;

/// Appends the numbers of the list that begins with the bracket at `at`; gives its end.
///
/// `None` where something else stands in the list, or a number beyond the range of `f64`.
pub(in crate::import) fn list(text: &[u8], at: usize, numbers: &mut Vec<f64>) -> Option<usize> {
    let mut at = match lex::list(text, at)? {
        Ok(first) => first,
        Err(end) => return Some(end),
    };
    loop {
        let (number, length) = number(text.get(at..)?)?;
        numbers.push(number);
        at = match lex::comma(text, at + length)? {
            Ok(next) => next,
            Err(end) => return Some(end),
        };
    }
}

/// The number at the beginning of a text, and its length: the nearest `f64`, as `serde_json` reads it
/// with `float_roundtrip`.
pub(in crate::import) fn number(text: &[u8]) -> Option<(f64, usize)> {
    let (number, length): (f64, usize) = fast_float2::parse_partial(text).ok()?;
    number.is_finite().then_some((number, length))
}
