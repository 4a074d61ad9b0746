//! From a value to its place on an axis: the range with its padding, the linear or logarithmic map, and how a tick is written.

use std::ops::Range;

/// Free share on each side of the data; 4 % of the whole axis stay free at least.
const PADDING: f64 = 0.06;
/// Below this relative spread the values count as equal: a double has no digits left for ticks between them.
const EQUAL: f64 = 1e-9;
/// Beyond plain numbers begin exponents.
const PLAIN: Range<f64> = 0.001..100_000.0;

/// One axis, ready to map.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    kind: Kind,
}

/// What the values are, which decides the map and the ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Linear,
    Log,
    /// Seconds since 1970-01-01 UTC.
    Time,
    /// 0, 1, 2, …
    Order,
}

impl Scale {
    /// A scale around `values`, which are finite, and above zero on a log axis.
    pub(super) fn around(values: impl Iterator<Item = f64>, kind: Kind) -> Self {
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
            (l.min(v), h.max(v))
        });
        let (low, high) = match kind {
            Kind::Log => log_range(low, high),
            _ => linear_range(low, high),
        };
        Self { low, high, kind }
    }

    /// A linear scale that begins (or ends) exactly at zero and has `values` inside.
    pub(super) fn from_zero(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values.fold((0.0_f64, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
        let (padded_low, padded_high) = linear_range(low, high);
        let end = |end: f64, padded: f64| {
            if end == 0.0 && low != high {
                0.0
            } else {
                padded
            }
        };
        Self {
            low: end(low, padded_low),
            high: end(high, padded_high),
            kind: Kind::Linear,
        }
    }

    /// The same scale with `share` of its length more room at the high end.
    pub(super) fn raised(self, share: f64) -> Self {
        self.extended(0.0, share)
    }

    /// The same scale with at least `margin` of its length free on each side of the data.
    pub(super) fn roomy(self, margin: f64) -> Self {
        let margin = margin.clamp(0.0, 0.3);
        let extra = (margin / (1.0 - 2.0 * margin) - PADDING).max(0.0) / (1.0 + 2.0 * PADDING);
        self.extended(extra, extra)
    }

    fn extended(mut self, below: f64, above: f64) -> Self {
        if self.kind == Kind::Log {
            let ratio = self.high / self.low;
            (self.low, self.high) = (self.low / ratio.powf(below), self.high * ratio.powf(above));
            self.low = self.low.max(f64::MIN_POSITIVE);
        } else {
            let length = self.high - self.low;
            (self.low, self.high) = (self.low - below * length, self.high + above * length);
            self.low = self.low.max(f64::MIN);
        }
        self.high = self.high.min(f64::MAX);
        self
    }

    pub(super) fn low(&self) -> f64 {
        self.low
    }

    pub(super) fn high(&self) -> f64 {
        self.high
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// 0 at the low end, 1 at the high end; what lies outside is moved to the nearer end.
    pub(super) fn share(&self, value: f64) -> f64 {
        let share = if self.kind == Kind::Log {
            let low = self.low.log10();
            (value.max(f64::MIN_POSITIVE).log10() - low) / (self.high.log10() - low)
        } else {
            // Halves, because the difference of two finite numbers can be infinite.
            (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0)
        };
        if share.is_nan() {
            0.5
        } else {
            share.clamp(0.0, 1.0)
        }
    }

    /// The place of `value` between the pixels `from` (low end) and `to` (high end).
    pub(super) fn place(&self, value: f64, from: f64, to: f64) -> f64 {
        from + self.share(value) * (to - from)
    }
}

fn linear_range(low: f64, high: f64) -> (f64, f64) {
    let largest = low.abs().max(high.abs());
    let span = high - low;
    let pad = if span > EQUAL * largest && span >= f64::MIN_POSITIVE {
        PADDING * span
    } else if largest >= f64::MIN_POSITIVE {
        largest / 10.0
    } else {
        1.0
    };
    ((low - pad).max(f64::MIN), (high + pad).min(f64::MAX))
}

fn log_range(low: f64, high: f64) -> (f64, f64) {
    let (bottom, top) = (low.log10(), high.log10());
    let span = top - bottom;
    let pad = if span > EQUAL {
        PADDING * span
    } else {
        1.5_f64.log10()
    };
    (
        10_f64.powf(bottom - pad).max(f64::MIN_POSITIVE),
        10_f64.powf(top + pad).min(f64::MAX),
    )
}

/// A tick's value as the exact decimal `digits × 10^exponent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) digits: i64,
    pub(super) exponent: i32,
}

impl Decimal {
    /// The nearest double: the standard library's parser rounds correctly, a product of powers would not.
    pub(super) fn value(self) -> f64 {
        format!("{}e{}", self.digits, self.exponent)
            .parse()
            .unwrap_or(f64::NAN)
    }

    fn plain(self) -> String {
        let decimals = usize::try_from(-self.exponent).unwrap_or(0);
        let mut digits = self.digits.unsigned_abs().to_string();
        if self.digits != 0 {
            digits.push_str(&"0".repeat(usize::try_from(self.exponent).unwrap_or(0)));
        }
        let digits = format!("{digits:0>width$}", width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let point = if decimals == 0 { "" } else { "." };
        format!("{}{}{point}{fraction}", self.sign(), separated(whole))
    }

    fn raised(self) -> String {
        if self.digits == 0 {
            return "0".to_owned();
        }
        let all = self.digits.unsigned_abs().to_string();
        let power = self
            .exponent
            .saturating_add(i32::try_from(all.len()).unwrap_or(i32::MAX) - 1);
        let (first, rest) = all.split_at(1);
        let rest = rest.trim_end_matches('0');
        let mantissa = match (first, rest) {
            ("1", "") => String::new(),
            (first, "") => format!("{first}×"),
            (first, rest) => format!("{first}.{rest}×"),
        };
        format!("{}{mantissa}10{}", self.sign(), superscript(power))
    }

    fn sign(self) -> &'static str {
        if self.digits < 0 { "−" } else { "" }
    }
}

/// All ticks of an axis in one notation: plain from 0.001 to 99 999, raised exponents beyond.
pub(super) fn written(ticks: &[Decimal]) -> Vec<String> {
    let sizes = || {
        ticks
            .iter()
            .map(|tick| tick.value().abs())
            .filter(|size| *size > 0.0)
    };
    let largest = sizes().fold(0.0, f64::max);
    let smallest = sizes().fold(f64::INFINITY, f64::min);
    // On a linear axis the ticks near zero are small only by position; the largest decides.
    let tiny = largest < PLAIN.start || (smallest < PLAIN.start && largest / smallest > 1e4);
    let plain = largest < PLAIN.end && !tiny;
    ticks
        .iter()
        .map(|tick| if plain { tick.plain() } else { tick.raised() })
        .collect()
}

/// Groups of three with thin no-break spaces from five digits on (ISO 80000-1, 7.3.2; SI brochure 5.4.4 leaves four digits whole).
fn separated(whole: &str) -> String {
    if whole.len() < 5 {
        return whole.to_owned();
    }
    let mut text = String::with_capacity(whole.len() * 2);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

fn superscript(power: i32) -> String {
    let raise = |c| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '0'..='9' => char::from_u32(0x2070 + (c as u32 - 0x30)).unwrap_or(c),
        other => other,
    };
    power.to_string().chars().map(raise).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_least_four_percent_stay_free_on_each_side() {
        for (low, high, kind) in [
            (35.0, 61.0, Kind::Linear),
            (-8.0, -2.0, Kind::Linear),
            (400.0, 1000.0, Kind::Log),
            (1e-3, 1e9, Kind::Log),
        ] {
            let scale = Scale::around([low, high].into_iter(), kind);
            assert!(
                scale.share(low) >= 0.04 && scale.share(high) <= 0.96,
                "{low} {high}"
            );
        }
    }

    #[test]
    fn equal_values_sit_in_the_middle() {
        for value in [0.0, 5.0, -5.0, 1e-300, 1e300, 5e-324] {
            let share = Scale::around([value, value].into_iter(), Kind::Linear).share(value);
            assert!((share - 0.5).abs() < 1e-9, "{value}: {share}");
        }
        assert!((Scale::around([7.0].into_iter(), Kind::Log).share(7.0) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn the_whole_range_of_a_double_maps_to_numbers() {
        for (low, high, kind) in [
            (f64::MIN, f64::MAX, Kind::Linear),
            (5e-324, f64::MAX, Kind::Log),
            (0.0, 5e-324, Kind::Linear),
        ] {
            let scale = Scale::around([low, high].into_iter(), kind);
            assert!(scale.share(low) <= scale.share(high), "{low} {high}");
            assert!(
                scale.low().is_finite() && scale.high().is_finite() && scale.low() < scale.high()
            );
        }
    }

    #[test]
    fn the_geometric_mean_is_in_the_middle_of_a_log_axis() {
        let scale = Scale::around([10.0, 1000.0].into_iter(), Kind::Log);
        assert!((scale.place(100.0, 0.0, 800.0) - 400.0).abs() < 1e-9);
    }

    #[test]
    fn a_margin_is_kept_free_and_a_smaller_one_changes_nothing() {
        for kind in [Kind::Linear, Kind::Log] {
            let scale = Scale::around([10.0, 1000.0].into_iter(), kind);
            assert_eq!(scale.clone().roomy(0.05), scale);
            let roomy = scale.roomy(0.2);
            assert!((roomy.share(10.0) - 0.2).abs() < 1e-9, "{roomy:?}");
            assert!((roomy.share(1000.0) - 0.8).abs() < 1e-9, "{roomy:?}");
        }
    }

    #[test]
    fn bars_start_exactly_at_zero() {
        let scale = Scale::from_zero([30.0, 60.0].into_iter());
        assert_eq!((scale.low(), scale.share(0.0)), (0.0, 0.0));
        assert!(scale.share(60.0) < 0.96);
        let below = Scale::from_zero([-5.0, -1.0].into_iter());
        assert_eq!(below.share(0.0), 1.0);
        assert_eq!(Scale::from_zero([0.0].into_iter()).share(0.0), 0.5);
    }

    fn written_as(ticks: &[(i64, i32)]) -> Vec<String> {
        let ticks: Vec<_> = ticks
            .iter()
            .map(|&(digits, exponent)| Decimal { digits, exponent })
            .collect();
        written(&ticks)
    }

    #[test]
    fn writes_plain_numbers_up_to_five_digits() {
        assert_eq!(
            written_as(&[(-25, -1), (0, -1), (25, -1)]),
            ["−2.5", "0.0", "2.5"]
        );
        assert_eq!(
            written_as(&[(5, 3), (1, 4), (99_999, 0)]),
            ["5000", "10\u{202f}000", "99\u{202f}999"]
        );
        assert_eq!(written_as(&[(1, -3), (5, -2)]), ["0.001", "0.05"]);
    }

    #[test]
    fn writes_raised_exponents_beyond() {
        assert_eq!(
            written_as(&[(0, 5), (4, 5), (15, 5), (100, 4)]),
            ["0", "4×10⁵", "1.5×10⁶", "10⁶"]
        );
        assert_eq!(
            written_as(&[(1, -3), (1, 0), (1, 9)]),
            ["10⁻³", "10⁰", "10⁹"]
        );
        assert_eq!(written_as(&[(-2, -5)]), ["−2×10⁻⁵"]);
    }
}
