//! Groups of values in short: count, mean, standard deviation, median and 95th percentile.

use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, Series};

use crate::stats;

use super::AnalysisError;

/// The columns that [`summary`] makes.
pub const SUMMARY: [&str; 5] = ["n", "mean", "sd", "median", "p95"];

/// A row a group, in the order given: number of values, mean, sample standard deviation (none for one
/// value), median, and 95th percentile by nearest rank, a value that was measured. Whatever is not
/// defined, such as the mean of values beyond the range of a double, is null.
///
/// # Errors
/// [`AnalysisError::Undefined`] only if polars refuses columns of equal length.
pub fn summary(groups: impl Iterator<Item = Vec<f64>>) -> Result<DataFrame, AnalysisError> {
    let mut n: Vec<i64> = Vec::new();
    let mut rows: [Vec<Option<f64>>; 4] = Default::default();
    for mut values in groups {
        n.push(i64::try_from(values.len()).unwrap_or(i64::MAX));
        let short = stats::Summary::of(&values).ok();
        values.sort_unstable_by(f64::total_cmp);
        let cells = [
            short.map(|s| s.mean),
            short.and_then(|s| s.sd),
            stats::quantile(&values, 0.5),
            stats::quantile_rank(&values, 0.95),
        ];
        rows.iter_mut()
            .zip(cells)
            .for_each(|(row, cell)| row.push(cell));
    }
    let height = n.len();
    let mut columns: Vec<Column> = vec![Series::new("n".into(), n).into_column()];
    for (name, cells) in SUMMARY.iter().skip(1).zip(rows) {
        columns.push(Series::new((*name).into(), cells).into_column());
    }
    DataFrame::new(height, columns).map_err(|error| AnalysisError::Undefined {
        what: "a summary",
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_summed_up_in_their_order() {
        let groups = [vec![1.0, 2.0, 3.0, 10.0], vec![7.0]];
        let frame = summary(groups.into_iter()).unwrap();
        let cell = |name: &str, row: usize| frame.column(name).unwrap().f64().unwrap().get(row);
        assert_eq!((cell("mean", 0), cell("median", 0)), (Some(4.0), Some(2.5)));
        assert_eq!(cell("p95", 0), Some(10.0));
        assert_eq!((cell("sd", 1), cell("p95", 1)), (None, Some(7.0)));
    }
}
