//! How a number is written for people: in tables, reports, charts and messages.
//! Machine formats never come here; they keep every digit. Each function accepts any `f64`, and a
//! value that is not finite is written as `inf`, `-inf` or `NaN`.

/// Significant digits of a number that comes without its uncertainty.
const DIGITS: i32 = 5;

/// A number in about five significant digits and without trailing zeros.
///
/// Plain notation from 1e-4 up to 1e7, where the digits before the point are always kept
/// (`1234567.8` is `1234568`); scientific notation (`1.23e-9`) beyond. Minus zero is `0`.
#[must_use]
pub fn short(x: f64) -> String {
    if !x.is_finite() {
        return x.to_string();
    }
    let exponent = exponent(x, DIGITS);
    if is_plain(x, exponent) {
        let decimals = usize::try_from(DIGITS - 1 - exponent).unwrap_or(0);
        unsigned_zero(trim(&format!("{x:.decimals$}")))
    } else {
        scientific(x, DIGITS)
    }
}

/// A value with its standard error, both cut at the second significant digit of the error:
/// `0.6552 ± 0.0038`, the convention of the Particle Data Group
/// (<https://pdg.lbl.gov/>, Review of Particle Physics, Introduction, 5.3).
///
/// Digits before the point are always kept. Beyond the plain range of [`short`], and where the
/// error is too small to be shown beside the value, each of the two is written on its own. An
/// error that is negative or not finite is left out.
#[must_use]
pub fn with_error(value: f64, stderr: f64) -> String {
    if !stderr.is_finite() || stderr < 0.0 || !value.is_finite() {
        return short(value);
    }
    let larger = value.abs().max(stderr);
    let decimals = usize::try_from(1 - exponent(stderr, 2)).unwrap_or(0);
    if stderr > 0.0 && decimals <= 10 && is_plain(larger, exponent(larger, DIGITS)) {
        let value = unsigned_zero(format!("{value:.decimals$}"));
        return format!("{value} ± {stderr:.decimals$}");
    }
    let stderr = if stderr > 0.0 {
        scientific(stderr, 2)
    } else {
        "0".to_owned()
    };
    format!("{} ± {stderr}", short(value))
}

/// A count with its noun: `1 run`, `7 runs`, `0 runs`.
#[must_use]
pub fn counted(n: usize, noun: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{n} {noun}{s}")
}

/// A relative change, given as a fraction, with its sign: `0.012` is `+1.2 %`.
///
/// No decimals from 100 % on, one from 1 %, two below; what rounds to nothing is `0 %`.
#[must_use]
pub fn percent(x: f64) -> String {
    let percent = x * 100.0;
    let decimals = match percent.abs() {
        size if size < 0.005 => return "0 %".to_owned(),
        size if size < 0.995 => 2,
        size if size < 99.95 => 1,
        size if size < 1e7 => 0,
        _ if percent > 0.0 => return format!("+{} %", short(percent)),
        _ => return format!("{} %", short(percent)),
    };
    format!("{percent:+.decimals$} %")
}

/// A p-value: two decimals from 0.1 on, three from 0.001 on, four below, and `< 0.0001`.
///
/// A p-value of exactly 1 is `1`; one that only rounds to it is `> 0.99`.
#[must_use]
pub fn p_value(p: f64) -> String {
    match p {
        p if p < 0.0001 => "< 0.0001".to_owned(),
        p if p < 0.001 => format!("{p:.4}"),
        p if p < 0.1 => format!("{p:.3}"),
        p if p < 0.995 => format!("{p:.2}"),
        p if p < 1.0 => "> 0.99".to_owned(),
        p => short(p),
    }
}

/// A p-value as it stands in a sentence: `p = 0.77`, `p < 0.0001`.
#[must_use]
pub fn p_equals(p: f64) -> String {
    let text = p_value(p);
    if text.starts_with(['<', '>']) {
        format!("p {text}")
    } else {
        format!("p = {text}")
    }
}

/// A count with its thousands set apart by a narrow no-break space (U+202F), as ISO 80000-1
/// asks: `1 234 567`.
#[must_use]
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A duration given in milliseconds, in the unit that suits it: `850 µs`, `12.3 ms`, `1.25 s`,
/// `2 min 5 s`, `1 h 3 min`.
#[must_use]
pub fn duration_ms(ms: f64) -> String {
    if !ms.is_finite() {
        return format!("{ms} ms");
    }
    let sign = if ms < 0.0 { "-" } else { "" };
    let size = ms.abs();
    // Each bound is where the smaller unit would round up to a whole larger one.
    match size {
        0.0 => "0 ms".to_owned(),
        _ if size < 0.9995 => format!("{sign}{} µs", digits(size * 1e3)),
        _ if size < 999.5 => format!("{sign}{} ms", digits(size)),
        _ if size < 59_950.0 => format!("{sign}{} s", digits(size / 1e3)),
        _ if size < 3_599_500.0 => parts(sign, size / 1e3, ("min", "s")),
        _ if size < 1e12 => parts(sign, size / 6e4, ("h", "min")),
        _ => format!("{sign}{} h", short(size / 3.6e6)),
    }
}

/// Sixtieths, rounded to whole ones, as two units of which the second is left out when zero.
fn parts(sign: &str, sixtieths: f64, (large, small): (&str, &str)) -> String {
    let whole = sixtieths.round();
    let (first, rest) = ((whole / 60.0).floor(), whole % 60.0);
    if rest > 0.0 {
        format!("{sign}{first:.0} {large} {rest:.0} {small}")
    } else {
        format!("{sign}{first:.0} {large}")
    }
}

/// Three significant digits, the digits before the point always kept.
fn digits(x: f64) -> String {
    let decimals = usize::try_from(2 - exponent(x, 3)).unwrap_or(0).min(12);
    trim(&format!("{x:.decimals$}"))
}

/// The decimal exponent of `x` once it is rounded to `digits` significant digits; 0 for zero.
fn exponent(x: f64, digits: i32) -> i32 {
    let precision = usize::try_from(digits - 1).unwrap_or(0);
    let text = format!("{x:.precision$e}");
    let exponent = text.split_once('e').map(|(_, exponent)| exponent);
    exponent.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Whether plain notation shows a number of this exponent well.
fn is_plain(x: f64, exponent: i32) -> bool {
    x.abs() < 9_999_999.5 && exponent >= -4
}

/// Scientific notation without trailing zeros in the mantissa.
fn scientific(x: f64, digits: i32) -> String {
    let precision = usize::try_from(digits - 1).unwrap_or(0);
    let text = format!("{x:.precision$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{}e{exponent}", trim(mantissa)),
        None => text,
    }
}

/// Drops the zeros, and then the point, at the end of a decimal fraction.
fn trim(text: &str) -> String {
    if text.contains('.') {
        let text = text.trim_end_matches('0');
        text.trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}

/// Drops the sign of a number of which only zeros are left.
fn unsigned_zero(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(write: impl Fn(f64) -> String, numbers: &[f64]) -> Vec<String> {
        numbers.iter().map(|&x| write(x)).collect()
    }

    #[test]
    fn a_short_number_has_five_digits_and_no_trailing_zeros() {
        assert_eq!(
            all(
                short,
                &[54.5, 550.0, 0.655_231_9, 1000.04, 12_345.67, -2.50]
            ),
            ["54.5", "550", "0.65523", "1000", "12346", "-2.5"]
        );
    }

    #[test]
    fn a_short_number_keeps_its_digits_before_the_point() {
        assert_eq!(
            all(short, &[1_234_567.8, 9_999_950.0, -9_999_999.0]),
            ["1234568", "9999950", "-9999999"]
        );
    }

    #[test]
    fn a_short_number_beyond_the_plain_range_is_scientific() {
        assert_eq!(
            all(short, &[1e7, 1.23e-9, 0.0001, 0.000_099_99, -6.022e23]),
            ["1e7", "1.23e-9", "0.0001", "9.999e-5", "-6.022e23"]
        );
        assert_eq!(
            all(short, &[f64::MAX, f64::MIN_POSITIVE, 9_999_999.6]),
            ["1.7977e308", "2.2251e-308", "1e7"]
        );
    }

    #[test]
    fn zero_has_no_sign_and_what_is_not_finite_is_named() {
        assert_eq!(
            all(short, &[-0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN]),
            ["0", "inf", "-inf", "NaN"]
        );
    }

    #[test]
    fn a_value_is_cut_where_its_error_begins() {
        assert_eq!(with_error(0.655_234, 0.003_812), "0.6552 ± 0.0038");
        assert_eq!(with_error(550.4, 12.3), "550 ± 12");
        assert_eq!(with_error(1234.5, 123.4), "1234 ± 123");
        assert_eq!(with_error(0.5, 0.009_96), "0.500 ± 0.010");
        assert_eq!(with_error(-0.000_1, 0.2), "0.00 ± 0.20");
    }

    #[test]
    fn a_value_far_from_one_or_from_its_error_is_written_apart() {
        assert_eq!(with_error(1.234_56e9, 1.24e7), "1.2346e9 ± 1.2e7");
        assert_eq!(with_error(0.655_234, 1e-13), "0.65523 ± 1e-13");
        assert_eq!(with_error(0.5, 0.0), "0.5 ± 0");
    }

    #[test]
    fn an_error_that_is_none_is_left_out() {
        assert_eq!(with_error(0.5, f64::NAN), "0.5");
        assert_eq!(with_error(0.5, -1.0), "0.5");
        assert_eq!(with_error(f64::INFINITY, 1.0), "inf");
    }

    #[test]
    fn a_change_carries_its_sign() {
        assert_eq!(
            all(percent, &[0.012, -0.123, 0.000_42, 1.5, 0.0, -0.000_01]),
            ["+1.2 %", "-12.3 %", "+0.04 %", "+150 %", "0 %", "0 %"]
        );
        assert_eq!(
            all(percent, &[1e9, f64::NEG_INFINITY, f64::NAN]),
            ["+1e11 %", "-inf %", "NaN %"]
        );
    }

    #[test]
    fn a_p_value_is_never_shown_as_zero_or_rounded_up_to_one() {
        assert_eq!(
            all(p_value, &[0.91, 0.0496, 0.003, 0.000_42, 0.000_01, 0.0]),
            ["0.91", "0.050", "0.003", "0.0004", "< 0.0001", "< 0.0001"]
        );
        assert_eq!(
            all(p_value, &[0.999, 1.0, f64::NAN]),
            ["> 0.99", "1", "NaN"]
        );
    }

    #[test]
    fn a_count_sets_its_thousands_apart() {
        assert_eq!(count(7), "7");
        assert_eq!(count(999), "999");
        assert_eq!(count(1000), "1\u{202f}000");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
    }

    #[test]
    fn a_duration_takes_the_unit_that_suits_it() {
        assert_eq!(
            all(
                duration_ms,
                &[0.85, 12.34, 999.7, 1250.0, 125_000.0, 3_780_000.0]
            ),
            [
                "850 µs",
                "12.3 ms",
                "1 s",
                "1.25 s",
                "2 min 5 s",
                "1 h 3 min"
            ]
        );
        assert_eq!(
            all(duration_ms, &[0.0, 59_990.0, 3_599_800.0, -250.0, 1e15]),
            ["0 ms", "1 min", "1 h", "-250 ms", "2.7778e8 h"]
        );
        assert_eq!(all(duration_ms, &[f64::NAN, 1e-300]), ["NaN ms", "0 µs"]);
    }

    proptest! {
        #[test]
        fn a_short_number_is_within_half_of_its_fifth_digit(x in any::<f64>()) {
            let shown: f64 = short(x).parse().unwrap();
            prop_assert!(!x.is_finite() || (shown - x).abs() <= x.abs() * 5.001e-5 + f64::MIN_POSITIVE);
        }
    }
}
