//! What one cell of a table says where a number may stand: nothing, a number with its decorations
//! (thousands separators, a percent sign, a spread), the word for a missing value, or text.

use crate::catalog::{Measurement, Value};

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    /// Nothing.
    Blank,
    /// A word for "not known", as written.
    Missing(&'a str),
    /// A number.
    Number(Number),
    /// NaN or infinity: a result that is no number.
    NotFinite(f64),
    /// A number with a decimal comma, which no tool of the field writes and Excel often does.
    DecimalComma(&'a str),
    /// Anything else.
    Text(&'a str),
}

/// A number and how it was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    /// The number.
    pub(super) value: f64,
    /// What stood after `±`.
    pub(super) spread: Option<f64>,
    /// Whether a percent sign followed.
    pub(super) percent: bool,
    /// Whether commas separated the thousands.
    pub(super) grouped: bool,
}

impl Cell<'_> {
    /// The cell as a value of a metric; `None` where nothing was measured.
    pub(super) fn measurement(&self, metric: u32) -> Option<Measurement> {
        match self {
            Self::Number(number) => {
                Some(Measurement::new(metric, number.value).with_spread(number.spread))
            }
            Self::NotFinite(x) => Some(Measurement::new(metric, *x)),
            Self::Blank | Self::Missing(_) | Self::DecimalComma(_) | Self::Text(_) => None,
        }
    }
}

/// Words for "not known", in lower case.
const MISSING: [&str; 9] = ["na", "n/a", "#n/a", "null", "none", "-", "–", "—", "--"];

/// Reads a trimmed cell. Where the columns are separated by semicolons a comma in a number can
/// only be a decimal comma, so `has_groups` is false there.
pub(super) fn read(text: &str, has_groups: bool) -> Cell<'_> {
    if text.is_empty() {
        return Cell::Blank;
    }
    if let Some(value) = plain(text) {
        return Cell::Number(Number {
            value,
            spread: None,
            percent: false,
            grouped: false,
        });
    }
    // No word of these lists and no decorated number is long.
    if text.len() > 64 {
        return Cell::Text(text);
    }
    let lower = text.to_ascii_lowercase();
    if MISSING.contains(&lower.as_str()) {
        return Cell::Missing(text);
    }
    if let "nan" | "inf" | "+inf" | "-inf" | "infinity" | "+infinity" | "-infinity" = lower.as_str()
    {
        return Cell::NotFinite(lower.parse().unwrap_or(f64::NAN));
    }
    match decorated(text, has_groups) {
        Some(number) => Cell::Number(number),
        None if has_decimal_comma(text) => Cell::DecimalComma(text),
        None => Cell::Text(text),
    }
}

fn plain(text: &str) -> Option<f64> {
    short(text).or_else(|| Value::number(text)?.as_f64())
}

/// Most numbers: up to 15 digits with or without a point. Such digits as a whole number and the power of
/// ten are both exact in `f64`, so that their quotient is the nearest to what is written (Clinger, *How to
/// read floating point numbers accurately*, PLDI 1990). `None` for anything else.
fn short(text: &str) -> Option<f64> {
    const POWERS: [f64; 16] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ];
    if text.len() > 16 || (text.starts_with('0') && !text.starts_with("0.")) {
        return None;
    }
    let (mut digits, mut count, mut decimals) = (0_u64, 0, None);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                digits = digits * 10 + u64::from(byte - b'0');
                count += 1;
            }
            b'.' if decimals.is_none() => decimals = Some(count),
            _ => return None,
        }
    }
    let power = POWERS.get(decimals.map_or(0, |whole| count - whole))?;
    (1..=15).contains(&count).then(|| digits as f64 / power)
}

/// `1,024.75 ± 19.80`, `73.9%`. A percent sign after the spread alone would leave open whether the
/// spread is relative, so that is no number.
fn decorated(text: &str, has_groups: bool) -> Option<Number> {
    let (value, spread) = match text.split_once('±').or_else(|| text.split_once("+/-")) {
        Some((value, spread)) => (value.trim(), Some(spread.trim())),
        None => (text, None),
    };
    let (value, percent, mut grouped) = part(value, has_groups)?;
    let mut number = Number {
        value,
        spread: None,
        percent,
        grouped,
    };
    if let Some(spread) = spread {
        let (spread, spread_percent, spread_grouped) = part(spread, has_groups)?;
        if spread_percent && !percent {
            return None;
        }
        grouped |= spread_grouped;
        number.spread = Some(spread);
        number.grouped = grouped;
    }
    Some(number)
}

/// A number, whether a percent sign followed, and whether commas separated the thousands.
fn part(text: &str, has_groups: bool) -> Option<(f64, bool, bool)> {
    let (digits, percent) = match text.strip_suffix('%') {
        Some(digits) => (digits.trim_end(), true),
        None => (text, false),
    };
    match plain(digits) {
        Some(value) => Some((value, percent, false)),
        None if has_groups => Some((grouped(digits)?, percent, true)),
        None => None,
    }
}

/// `1,024.75`: up to three digits that do not begin with a zero, then threes.
fn grouped(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole = unsigned.split('.').next()?;
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let starts_well = (1..=3).contains(&first.len()) && digits(first) && !first.starts_with('0');
    let mut threes = 0;
    let even = groups.all(|group| {
        threes += 1;
        group.len() == 3 && digits(group)
    });
    if !starts_well || !even || threes == 0 {
        return None;
    }
    plain(&text.replace(',', ""))
}

fn has_decimal_comma(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let number = unsigned.strip_suffix('%').unwrap_or(unsigned).trim_end();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let comma = number
        .split_once(',')
        .is_some_and(|(whole, fraction)| digits(whole) && digits(fraction));
    comma || has_foreign_groups(number)
}

/// `1 024`, `1.024,5`, `1'024`: thousands as other countries separate them, with or without a comma
/// before the decimals. Whether `1.024` is one or a thousand nobody can tell: it is read as written.
fn has_foreign_groups(number: &str) -> bool {
    const SEPARATORS: [char; 6] = [' ', '\u{a0}', '\u{202f}', '.', '\'', '\u{2019}'];
    let (whole, fraction) = match number.split_once(',') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_grouped = |separator: char| {
        let mut groups = whole.split(separator);
        let first = groups.next().unwrap_or_default();
        let rest: Vec<&str> = groups.collect();
        // One point without a comma is a decimal point.
        let is_clear = separator != '.' || fraction.is_some() || rest.len() > 1;
        is_clear
            && !rest.is_empty()
            && first.len() <= 3
            && digits(first)
            && rest.iter().all(|group| group.len() == 3 && digits(group))
    };
    SEPARATORS.into_iter().any(is_grouped) && fraction.is_none_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(value: f64, spread: Option<f64>, percent: bool, grouped: bool) -> Cell<'static> {
        Cell::Number(Number {
            value,
            spread,
            percent,
            grouped,
        })
    }

    #[test]
    fn decorations_are_taken_off_and_remembered() {
        assert_eq!(read("0.5", true), number(0.5, None, false, false));
        assert_eq!(
            read("1,024.75 ± 19.80", true),
            number(1024.75, Some(19.8), false, true)
        );
        assert_eq!(read("73.9%", true), number(73.9, None, true, false));
        assert_eq!(
            read("73.9 % +/- 0.4", true),
            number(73.9, Some(0.4), true, false)
        );
        assert_eq!(
            read("-1,234,567", true),
            number(-1_234_567.0, None, false, true)
        );
    }

    #[test]
    fn a_comma_is_a_thousands_separator_only_before_threes() {
        for text in ["0,555", "0,55", "1234,567", "12,5"] {
            assert_eq!(read(text, true), Cell::DecimalComma(text));
        }
        assert_eq!(read("1,024", false), Cell::DecimalComma("1,024"));
        for text in ["1,02,345", "1,,000", ",123", "1,024x"] {
            assert_eq!(read(text, true), Cell::Text(text));
        }
    }

    #[test]
    fn words_for_missing_are_not_text() {
        for text in ["NA", "n/a", "null", "None", "-", "—"] {
            assert_eq!(read(text, true), Cell::Missing(text));
        }
        assert_eq!(read("-inf", true), Cell::NotFinite(f64::NEG_INFINITY));
        assert!(matches!(read("NaN", true), Cell::NotFinite(x) if x.is_nan()));
        assert_eq!(read("", true), Cell::Blank);
    }

    #[test]
    fn what_cannot_be_told_stays_text() {
        for text in ["+5/-5", "73.9 ± 0.4%", "7B", "007", "1e999", "± 3"] {
            assert_eq!(read(text, true), Cell::Text(text));
        }
    }

    proptest! {
        #[test]
        fn a_short_number_is_the_nearest_to_what_is_written(text in "[0-9]{0,9}[.]?[0-9]{0,9}|[0-9.]{0,6}") {
            if let Some(x) = short(&text) {
                let expected = Value::number(&text).and_then(|number| number.as_f64());
                prop_assert_eq!(Some(x.to_bits()), expected.map(f64::to_bits), "{}", text);
            }
        }

        #[test]
        fn never_panics(text in "[0-9,.±%+\\-eainf/ ]{0,12}|\\PC{0,20}", has_groups: bool) {
            read(text.trim(), has_groups);
        }
    }
}
