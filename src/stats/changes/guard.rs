//! The guard against autocorrelation: noise whose neighbouring values resemble each other
//! wanders like a series with changes, so the scan statistic is scaled down by as much as the
//! noise is autocorrelated.

/// Largest autocorrelation allowed for.
const LARGEST: f64 = 0.9;

/// The factor (1−φ)/(1+φ) for scores whose segments begin at 0 and at each of `places`
/// (ascending, inside the series).
///
/// A mean of n values with lag-1 autocorrelation φ varies like that of n(1−φ)/(1+φ)
/// independent ones: Bayley and Hammersley, "The effective number of independent observations
/// in an autocorrelated time series", Supplement to JRSS 8 (1946) 184–197. O(n).
pub(super) fn deflation(scores: &[f64], places: &[usize]) -> f64 {
    let phi = autocorrelation(scores, places);
    (1.0 - phi) / (1.0 + phi)
}

/// Lag-1 autocorrelation about the means of the segments, raised by what estimating those
/// means took away, and held within 0…0.9.
///
/// The estimate is too low by (1 + 3φ)/n for each mean taken: Marriott and Pope, "Bias in the
/// estimation of autocorrelations", Biometrika 41 (1954) 390–402.
fn autocorrelation(scores: &[f64], places: &[usize]) -> f64 {
    let starts = std::iter::once(0).chain(places.iter().copied());
    let ends = places.iter().copied().chain([scores.len()]);
    let (mut products, mut squares) = (0.0, 0.0);
    for segment in starts
        .zip(ends)
        .filter_map(|(start, end)| scores.get(start..end))
    {
        let mean = segment.iter().sum::<f64>() / segment.len() as f64;
        let mut before = None;
        for z in segment {
            let residual = z - mean;
            squares += residual * residual;
            products += before.replace(residual).map_or(0.0, |last| last * residual);
        }
    }
    let raw = if squares > 0.0 {
        products / squares
    } else {
        0.0
    };
    let means = (places.len() + 1) as f64 / scores.len() as f64;
    (raw + (1.0 + 3.0 * raw.max(0.0)) * means).clamp(0.0, LARGEST)
}

#[cfg(test)]
mod tests {
    use super::super::super::reference::close;
    use super::*;

    #[test]
    fn a_short_series_by_hand() {
        // Means 2 and 12, residuals −1 0 1 | 1 −1 0: products −1, squares 4.
        let scores = [1.0, 2.0, 3.0, 13.0, 11.0, 12.0];
        close(autocorrelation(&scores, &[3]), -0.25 + 2.0 / 6.0, 1e-15);
        let phi = 1.0 / 12.0;
        close(deflation(&scores, &[3]), (1.0 - phi) / (1.0 + phi), 1e-15);
    }

    #[test]
    fn segments_without_spread_leave_the_correction_alone() {
        let scores = [1.0, 1.0, 1.0, 1.0, 5.0, 5.0, 5.0, 5.0];
        close(autocorrelation(&scores, &[4]), 2.0 / 8.0, 1e-15);
    }

    #[test]
    fn a_trend_reaches_the_largest_and_an_alternation_the_smallest() {
        let trend: Vec<f64> = (0..100).map(f64::from).collect();
        assert_eq!(autocorrelation(&trend, &[]), LARGEST);
        let alternation: Vec<f64> = (0..100).map(|i| f64::from(i % 2)).collect();
        assert_eq!(autocorrelation(&alternation, &[50]), 0.0);
        assert_eq!(deflation(&alternation, &[50]), 1.0);
    }
}
