//! Reference data and comparisons shared by the tests of this folder.

use std::path::Path;

/// Decoding speed in token/s and average score of the seven models of the first chart.
pub(super) const SEVEN_SPEEDS: [f64; 7] = [550.0, 800.0, 650.0, 500.0, 1000.0, 400.0, 600.0];
/// The scores that belong to [`SEVEN_SPEEDS`].
pub(super) const SEVEN_SCORES: [f64; 7] = [54.5, 48.0, 47.0, 45.5, 40.5, 36.5, 35.0];

/// [`SEVEN_SPEEDS`] on the axis they are drawn on.
pub(super) fn seven_log_speeds() -> [f64; 7] {
    SEVEN_SPEEDS.map(f64::log10)
}

/// The four data sets of Anscombe, "Graphs in statistical analysis", The American
/// Statistician 27 (1973) 17–21.
pub(super) fn anscombe() -> [([f64; 11], [f64; 11]); 4] {
    let x = [10.0, 8.0, 13.0, 9.0, 11.0, 14.0, 6.0, 4.0, 12.0, 7.0, 5.0];
    [
        (
            x,
            [
                8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68,
            ],
        ),
        (
            x,
            [
                9.14, 8.14, 8.74, 8.77, 9.26, 8.1, 6.13, 3.1, 9.13, 7.26, 4.74,
            ],
        ),
        (
            x,
            [
                7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73,
            ],
        ),
        (
            [8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 19.0, 8.0, 8.0, 8.0],
            [
                6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.5, 5.56, 7.91, 6.89,
            ],
        ),
    ]
}

/// `(x, y)` of Norris, NIST/ITL StRD linear least squares: calibration of ozone monitors.
pub(super) const NORRIS: [(f64, f64); 36] = [
    (0.2, 0.1),
    (337.4, 338.8),
    (118.2, 118.1),
    (884.6, 888.0),
    (10.1, 9.2),
    (226.5, 228.1),
    (666.3, 668.5),
    (996.3, 998.5),
    (448.6, 449.1),
    (777.0, 778.9),
    (558.2, 559.2),
    (0.4, 0.3),
    (0.6, 0.1),
    (775.5, 778.1),
    (666.9, 668.8),
    (338.0, 339.3),
    (447.5, 448.9),
    (11.6, 10.8),
    (556.0, 557.7),
    (228.1, 228.3),
    (995.8, 998.0),
    (887.6, 888.8),
    (120.2, 119.6),
    (0.3, 0.3),
    (0.3, 0.6),
    (556.8, 557.6),
    (339.1, 339.3),
    (887.2, 888.0),
    (999.0, 998.5),
    (779.0, 778.9),
    (11.1, 10.2),
    (118.3, 117.6),
    (229.2, 228.9),
    (669.1, 668.4),
    (448.9, 449.2),
    (0.5, 0.2),
];

/// Seven rows with ties in both columns.
pub(super) const WITH_TIES: (&[f64], &[f64]) = (
    &[1.0, 2.0, 2.0, 3.0, 4.0, 5.0, 5.0],
    &[2.0, 1.0, 3.0, 3.0, 5.0, 4.0, 6.0],
);

/// Eight rows whose x come in pairs.
pub(super) const DUPLICATE_X: (&[f64], &[f64]) = (
    &[1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0],
    &[5.0, 6.0, 5.5, 7.0, 8.0, 7.5, 9.0, 9.5],
);

/// Columns of a CSV file with a header line in the folder of reference data, or `None` where
/// that folder is absent.
pub(super) fn columns(file: &str) -> Option<Vec<Vec<f64>>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/stats/");
    let text = std::fs::read_to_string(Path::new(folder).join(file)).ok()?;
    let mut rows = text.lines();
    let width = rows.next()?.split(',').count();
    let mut columns = vec![Vec::new(); width];
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(row.split(',')) {
            column.push(cell.trim().parse().unwrap());
        }
    }
    Some(columns)
}

/// The two-sample, proportion and multiple-test vectors in the folder of reference data, or
/// `None` where that folder is absent.
pub(super) fn vectors() -> Option<serde_json::Value> {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/data/stats/two_sample_and_rank_vectors.json"
    );
    serde_json::from_str(&std::fs::read_to_string(file).ok()?).ok()
}

/// The pairs of samples among the vectors: `baseline`, `candidate`, and what is known of them.
pub(super) fn two_samples() -> Vec<(Vec<f64>, Vec<f64>, serde_json::Value)> {
    let vectors = vectors().unwrap_or_default();
    let cases = vectors.as_object().into_iter().flatten();
    cases
        .filter(|(_, case)| case["baseline"].is_array())
        .map(|(_, case)| {
            let sample = |side| numbers(&case[side]);
            (sample("baseline"), sample("candidate"), case.clone())
        })
        .collect()
}

/// An array of the vectors as numbers.
pub(super) fn numbers(array: &serde_json::Value) -> Vec<f64> {
    let array = array.as_array().expect("an array of numbers");
    array.iter().map(|cell| cell.as_f64().unwrap()).collect()
}

/// Asserts that a value exists and agrees with a number of the vectors, which have 12 digits,
/// within 10⁻⁹ of it or of 1.
#[track_caller]
pub(super) fn agrees(value: impl Into<Option<f64>>, expected: &serde_json::Value) {
    let expected = expected.as_f64().expect("the vector is a number");
    let small = expected != 0.0 && expected.abs() < 1e-3;
    let scale = if small {
        expected.abs()
    } else {
        expected.abs().max(1.0)
    };
    close(value, expected, 1e-9 * scale);
}

/// Log relative error: the number of correct decimal digits, 16 at most (McCullough, The
/// American Statistician 52 (1998) 358–366).
pub(super) fn lre(computed: f64, certified: f64) -> f64 {
    let error = (computed - certified).abs() / certified.abs();
    if error == 0.0 { 16.0 } else { -error.log10() }
}

/// Asserts that a value exists and lies within `tolerance` of `expected`.
#[track_caller]
pub(super) fn close(value: impl Into<Option<f64>>, expected: f64, tolerance: f64) {
    let value = value.into().expect("the statistic is defined");
    assert!(
        (value - expected).abs() <= tolerance,
        "{value} is not within {tolerance} of {expected}"
    );
}
