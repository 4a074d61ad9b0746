//! How large the scan statistic grows by chance: its tail probability from a table.

/// Tail probabilities of the columns of [`QUANTILES`].
const TAILS: [f64; 6] = [0.5, 0.2, 0.1, 0.05, 0.01, 0.001];

/// Fewest values the table serves. Below, T takes so few values that their probabilities
/// cannot be interpolated.
pub(super) const TABULATED_FROM: usize = 12;

/// For each n the values that T exceeds with the probabilities [`TAILS`].
///
/// Without ties T depends on the order of the ranks alone. These are quantiles over 1 000 000
/// random orders, standard error below 0.01 at 0.05 and below 0.2 at 0.001; the test
/// `the_table_can_be_made_again` draws them again. They replace the published table of fewer
/// draws (`normal_score_scan_critical_values.json`), which ends at n = 500.
const QUANTILES: [(f64, [f64; 6]); 15] = [
    (12.0, [2.2398, 3.7140, 4.7890, 5.5456, 6.9445, 7.4916]),
    (15.0, [2.6206, 4.0780, 5.1457, 6.2426, 7.6074, 9.1927]),
    (20.0, [3.0399, 4.5526, 5.6195, 6.6707, 8.5662, 10.5962]),
    (25.0, [3.3560, 4.8968, 5.9921, 7.0693, 9.1816, 11.7218]),
    (30.0, [3.5932, 5.1457, 6.2525, 7.3434, 9.7158, 12.3877]),
    (40.0, [3.9659, 5.5512, 6.6837, 7.8202, 10.3557, 13.4690]),
    (50.0, [4.2464, 5.8486, 7.0001, 8.1653, 10.8033, 14.1971]),
    (75.0, [4.7301, 6.3418, 7.5038, 8.6993, 11.4802, 15.3085]),
    (100.0, [5.0705, 6.6896, 7.8557, 9.0562, 11.8932, 15.7829]),
    (150.0, [5.5447, 7.1659, 8.3272, 9.5286, 12.4624, 16.6133]),
    (200.0, [5.8802, 7.4930, 8.6441, 9.8353, 12.7751, 17.0676]),
    (300.0, [6.3442, 7.9484, 9.0840, 10.2578, 13.1605, 17.6226]),
    (500.0, [6.9338, 8.5138, 9.6323, 10.7834, 13.6758, 18.0947]),
    (700.0, [7.3183, 8.8775, 9.9748, 11.0921, 13.9503, 18.4160]),
    (1000.0, [7.7186, 9.2673, 10.3471, 11.4434, 14.2259, 18.6407]),
];

/// P(T ≥ t) for `n` different values in random order, n = 12…1000, approximately.
///
/// Quantiles are interpolated in ln n between the neighbouring rows, and ln p in t between
/// them; beyond the last quantile ln p falls on as between the last two.
pub(super) fn tail_probability(n: usize, t: f64) -> f64 {
    let mut lower = (0.0, 1.0);
    let mut upper = lower;
    for point in quantiles(n as f64).into_iter().zip(TAILS) {
        (lower, upper) = (upper, point);
        if t <= point.0 {
            break;
        }
    }
    let ((low, p_low), (high, p_high)) = (lower, upper);
    let fall = (p_high / p_low).ln() / (high - low);
    (p_low * (fall * (t - low)).exp()).clamp(0.0, 1.0)
}

fn quantiles(n: f64) -> [f64; 6] {
    let mut rows = (QUANTILES[0], QUANTILES[1]);
    for pair in QUANTILES.windows(2) {
        rows = (pair[0], pair[1]);
        if n <= rows.1.0 {
            break;
        }
    }
    let ((from, low), (to, high)) = rows;
    let weight = (n / from).ln() / (to / from).ln();
    std::array::from_fn(|column| low[column] + weight * (high[column] - low[column]))
}

#[cfg(test)]
mod tests {
    use super::super::super::random::{SEED, SplitMix64};
    use super::super::super::reference::close;
    use super::super::scan::Scanner;
    use super::super::scores::normal_scores;
    use super::super::truths::reference_file;
    use super::*;

    #[test]
    fn the_tabulated_points_come_back() {
        for (n, row) in QUANTILES {
            for (t, p) in row.into_iter().zip(TAILS) {
                close(tail_probability(n as usize, t), p, 1e-12);
            }
        }
    }

    #[test]
    fn p_falls_with_t_and_rises_with_n() {
        for n in 12..=1000 {
            let mut last = 1.0;
            for t in (0..500).map(|tenth| f64::from(tenth) * 0.1) {
                let p = tail_probability(n, t);
                assert!(p <= last && p > 0.0, "{n} {t} {p}");
                assert!(
                    !(8.0..20.0).contains(&t) || n == 12 || p >= tail_probability(n - 1, t),
                    "{n} {t}"
                );
                last = p;
            }
            assert_eq!(tail_probability(n, 0.0), 1.0);
        }
    }

    #[test]
    fn beyond_the_table_the_tail_is_log_linear() {
        // Between 99 % and 99.9 % of n = 50 lie 3.3938, so p falls tenfold once more there.
        close(tail_probability(50, 14.1971 + 3.3938), 1e-4, 1e-9);
        close(tail_probability(50, 1e6), 0.0, 1e-300);
    }

    #[test]
    fn agrees_with_the_published_table_within_its_sampling_error() {
        let Some(file) = reference_file("normal_score_scan_critical_values.json") else {
            return;
        };
        for row in file["table"].as_array().unwrap() {
            let n = row["n"].as_u64().unwrap() as usize;
            let draws = row["permutations"].as_f64().unwrap();
            if n < TABULATED_FROM {
                continue;
            }
            for (name, p) in [("q90", 0.1), ("q95", 0.05), ("q99", 0.01), ("q999", 0.001)] {
                let found = tail_probability(n, row[name].as_f64().unwrap());
                let se = (p * (1.0 - p) / draws).sqrt();
                // At n = 12 one value of T alone has a probability of 0.008.
                let step = if n < 15 { 0.01 } else { 0.0 };
                assert!((found - p).abs() <= 4.5 * se + step, "{n} {name} {found}");
            }
        }
    }

    #[test]
    #[ignore = "five minutes in a release build: run it to make the table again"]
    fn the_table_can_be_made_again() {
        const DRAWS: usize = 1_000_000;
        for (n, row) in QUANTILES {
            let mut random = SplitMix64::new(SEED);
            let rising: Vec<f64> = (0..n as usize).map(|i| i as f64).collect();
            let mut scores = normal_scores(&rising).unwrap();
            let mut scanner = Scanner::new(scores.len());
            let mut drawn = Vec::with_capacity(DRAWS);
            for _ in 0..DRAWS {
                for place in (1..scores.len()).rev() {
                    scores.swap(place, random.below(place + 1));
                }
                drawn.push(scanner.statistic(&scores));
            }
            drawn.sort_by(f64::total_cmp);
            for (quantile, tail) in row.into_iter().zip(TAILS) {
                let rank = ((1.0 - tail) * DRAWS as f64).round() as usize;
                close(drawn[rank - 1], quantile, 5.1e-5);
            }
        }
    }
}
