//! One column of numbers in short: count, mean, standard deviation, range, median, quantiles
//! and the median absolute deviation.

use super::error::{StatsError, require_finite};
use super::moments::{centred_products, mean, represents, varies};

/// Count, centre and spread of one column, all in the unit of the column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Number of values, at least 1.
    pub n: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Sample standard deviation, divisor n − 1; `None` for a single value.
    pub sd: Option<f64>,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Middle value, or the mean of the two middle values.
    pub median: f64,
}

impl Summary {
    /// Summary of `values`, in any order.
    ///
    /// # Errors
    /// No value, values that are not finite, or a spread beyond the range of a double.
    pub fn of(values: &[f64]) -> Result<Self, StatsError> {
        require_finite("values", values)?;
        let n = values.len();
        let median = median(values).ok_or(StatsError::TooFew { n, needed: 1 })?;
        let mean = mean(values);
        let squares = centred_products(values, mean, values, mean);
        if !mean.is_finite() || !represents(squares, varies(values)) {
            return Err(StatsError::OutOfRange);
        }
        Ok(Self {
            n,
            mean,
            sd: (n > 1).then(|| (squares / (n as f64 - 1.0)).sqrt()),
            min: values.iter().copied().fold(f64::INFINITY, f64::min),
            max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            median,
        })
    }
}

/// Quantile by linear interpolation between the order statistics around `(n − 1)·q`, type 7
/// of Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician
/// 50 (1996) 361–365.
///
/// `sorted` must be ascending. `None` when it is empty, when `q` is not in 0…1, or when the
/// values met are not finite.
#[must_use]
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&q) {
        return None;
    }
    let place = sorted.len().checked_sub(1)? as f64 * q;
    let low = *sorted.get(place.floor() as usize)?;
    let high = *sorted.get(place.ceil() as usize)?;
    let weight = place.fract();
    let step = weight * high - weight * low;
    Some(low + step).filter(|value| value.is_finite())
}

/// Quantile as the smallest value with at least a share `q` of the values at or below it:
/// the order statistic ⌈q·n⌉, type 1 of Hyndman and Fan (1996), "nearest rank".
///
/// `sorted` must be ascending. `None` as for [`quantile`].
#[must_use]
pub fn quantile_rank(sorted: &[f64], q: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&q) {
        return None;
    }
    // 0.95 · 20 must stay 19 although 0.95 is not a binary fraction: a product that is a
    // whole number but for its rounding counts as that number.
    let product = q * sorted.len() as f64;
    let whole = product.round();
    let exact = (product - whole).abs() <= 4.0 * f64::EPSILON * whole;
    let rank = if exact { whole } else { product.ceil() };
    let value = sorted.get((rank as usize).max(1) - 1)?;
    Some(*value).filter(|value| value.is_finite())
}

/// Middle value of `values` in any order, or the mean of the two middle values. `None` when
/// there is no value or one is not finite. O(n).
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    require_finite("values", values).ok()?;
    median_in_place(&mut values.to_vec())
}

/// Geometric mean, exp(mean of ln x); for rates and ratios. `None` when there is no value, or one is
/// not above 0.
#[must_use]
pub fn geometric_mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() || !values.iter().all(|value| *value > 0.0) {
        return None;
    }
    let logs: Vec<f64> = values.iter().map(|value| value.ln()).collect();
    Some(mean(&logs).exp()).filter(|value| value.is_finite())
}

/// Median absolute deviation from the median, not scaled: for normal data 1.4826 times it
/// estimates the standard deviation (Hampel, JASA 69 (1974) 383–393). `None` as for
/// [`median`].
#[must_use]
pub fn mad(values: &[f64]) -> Option<f64> {
    let centre = median(values)?;
    let mut deviations: Vec<f64> = values.iter().map(|value| (value - centre).abs()).collect();
    median_in_place(&mut deviations).filter(|mad| mad.is_finite())
}

/// Median of numbers without NaN, whose order is lost.
pub(super) fn median_in_place(values: &mut [f64]) -> Option<f64> {
    let n = values.len();
    if n == 0 {
        return None;
    }
    let (below, middle, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    let middle = *middle;
    if n % 2 == 1 {
        return Some(middle);
    }
    let other = below.iter().copied().max_by(f64::total_cmp)?;
    Some(other.midpoint(middle))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::{close, columns, lre};
    use super::*;

    /// NumAcc2…4 of NIST StRD: `centre`, then 500 times `centre − 0.1`, `centre + 0.1`; each
    /// number is written with one decimal.
    fn num_acc(centre: &str, low: &str, high: &str) -> Vec<f64> {
        let parse = |text: &str| text.parse::<f64>().unwrap();
        let mut values = vec![parse(centre)];
        for _ in 0..500 {
            values.extend([parse(low), parse(high)]);
        }
        values
    }

    #[test]
    fn reaches_the_certified_digits_of_nist_numacc() {
        // NIST/ITL StRD, univariate summary statistics.
        let cases = [
            (
                vec![10000001.0, 10000003.0, 10000002.0],
                10000002.0,
                1.0,
                15.0,
            ),
            (num_acc("1.2", "1.1", "1.3"), 1.2, 0.1, 15.0),
            (
                num_acc("1000000.2", "1000000.1", "1000000.3"),
                1000000.2,
                0.1,
                9.0,
            ),
            (
                num_acc("10000000.2", "10000000.1", "10000000.3"),
                10000000.2,
                0.1,
                8.0,
            ),
        ];
        for (values, mean, sd, digits) in cases {
            let summary = Summary::of(&values).unwrap();
            assert!(lre(summary.mean, mean) >= 14.0, "{summary:?}");
            assert!(lre(summary.sd.unwrap(), sd) >= digits, "{summary:?}");
        }
    }

    #[test]
    fn reaches_the_certified_digits_of_nist_michelso_and_mavro() {
        let cases = [
            ("nist/Michelso.csv", 299.8524, 0.0790105478190518),
            ("nist/Mavro.csv", 2.001856, 0.000429123454003053),
        ];
        for (file, mean, sd) in cases {
            let Some(table) = columns(file) else { return };
            let summary = Summary::of(&table[0]).unwrap();
            assert!(lre(summary.mean, mean) >= 14.0, "{file}: {summary:?}");
            assert!(lre(summary.sd.unwrap(), sd) >= 12.5, "{file}: {summary:?}");
        }
    }

    #[test]
    fn one_value_has_no_standard_deviation() {
        assert_eq!(
            Summary::of(&[3.5]).unwrap(),
            Summary {
                n: 1,
                mean: 3.5,
                sd: None,
                min: 3.5,
                max: 3.5,
                median: 3.5
            }
        );
    }

    #[test]
    fn refuses_what_has_no_summary() {
        assert_eq!(
            Summary::of(&[]),
            Err(StatsError::TooFew { n: 0, needed: 1 })
        );
        assert_eq!(
            Summary::of(&[1.0, f64::INFINITY]),
            Err(StatsError::NotFinite {
                variable: "values",
                index: 1
            })
        );
        assert_eq!(Summary::of(&[0.0, 1e308]), Err(StatsError::OutOfRange));
    }

    #[test]
    fn type_seven_interpolates_between_order_statistics() {
        // (n − 1)·q = 2.7 in 10, 20, 30, 40.
        close(quantile(&[10.0, 20.0, 30.0, 40.0], 0.9), 37.0, 1e-12);
        assert_eq!(quantile(&[10.0, 20.0, 30.0, 40.0], 0.0), Some(10.0));
        assert_eq!(quantile(&[10.0, 20.0, 30.0, 40.0], 1.0), Some(40.0));
        assert_eq!(quantile(&[-1.7e308, 1.7e308], 0.5), Some(0.0));
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[1.0], 1.5), None);
        assert_eq!(quantile(&[1.0], f64::NAN), None);
    }

    #[test]
    fn nearest_rank_returns_a_value_that_was_measured() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(quantile_rank(&values, 0.95), Some(19.0));
        assert_eq!(quantile_rank(&values, 0.951), Some(20.0));
        assert_eq!(quantile_rank(&values, 0.0), Some(1.0));
        assert_eq!(quantile_rank(&values, 1.0), Some(20.0));
        assert_eq!(quantile_rank(&values[..10], 0.7), Some(7.0));
        assert_eq!(quantile_rank(&[], 0.5), None);
    }

    #[test]
    fn median_and_mad_ignore_one_wild_value() {
        let values = [1.0, 2.0, 3.0, 4.0, 1e300];
        assert_eq!(median(&values), Some(3.0));
        assert_eq!(mad(&values), Some(1.0));
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&[1e308, 1.2e308]), Some(1.1e308));
        assert_eq!((median(&[]), mad(&[f64::NAN])), (None, None));
    }

    proptest! {
        #[test]
        fn the_order_of_the_rows_does_not_matter(
            values in prop::collection::vec(-1e3..1e3f64, 2..40),
        ) {
            let mut reversed = values.clone();
            reversed.reverse();
            let (a, b) = (Summary::of(&values).unwrap(), Summary::of(&reversed).unwrap());
            prop_assert!((a.mean - b.mean).abs() <= 1e-12 * 1e3);
            prop_assert!((a.sd.unwrap() - b.sd.unwrap()).abs() <= 1e-11 * a.sd.unwrap());
            prop_assert_eq!((a.min, a.median, a.max), (b.min, b.median, b.max));
        }

        #[test]
        fn a_quantile_grows_with_its_share(
            mut values in prop::collection::vec(-1e3..1e3f64, 1..40),
            p in 0.0..=1.0f64,
            q in 0.0..=1.0f64,
        ) {
            values.sort_by(f64::total_cmp);
            let (p, q) = (p.min(q), p.max(q));
            prop_assert!(quantile(&values, p).unwrap() <= quantile(&values, q).unwrap() + 1e-9);
            prop_assert!(quantile_rank(&values, p) <= quantile_rank(&values, q));
            prop_assert!(values.contains(&quantile_rank(&values, q).unwrap()));
        }
    }
}
