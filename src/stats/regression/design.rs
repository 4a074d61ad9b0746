//! The rows of a least-squares problem made ready for factorisation: those with weight,
//! centred where there is an intercept, scaled, and multiplied by the roots of their weights.

use super::super::error::{StatsError, require_finite};
use super::super::moments::{sum, varies};

/// Names of the predictors in errors; those after the last are called `x`.
const NAMES: [&str; 16] = [
    "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
    "x16",
];

/// The name of a predictor in errors, counted from `x1`.
fn name(column: usize) -> &'static str {
    NAMES.get(column).copied().unwrap_or("x")
}

/// A least-squares problem as it is factorised.
pub(super) struct Design {
    /// Positions of the rows with positive weight, ascending.
    pub(super) rows: Vec<usize>,
    /// ω, a power of two at or below the largest weight; 1 without weights.
    pub(super) weight_unit: f64,
    /// Σ ln w; 0 without weights.
    pub(super) log_weights: f64,
    /// Of the predictors, in order.
    pub(super) axes: Vec<Axis>,
    /// Of y.
    pub(super) y_axis: Axis,
    /// Weighted columns: the intercept's, where there is one, then the predictors'.
    pub(super) columns: Vec<Vec<f64>>,
    /// Weighted y.
    pub(super) y: Vec<f64>,
}

impl Design {
    /// Checks and prepares the rows `(columns[0][i], columns[1][i], …, y[i])`. O(n·p).
    pub(super) fn of(
        columns: &[&[f64]],
        y: &[f64],
        intercept: bool,
        weights: Option<&[f64]>,
    ) -> Result<Self, StatsError> {
        require_finite("y", y)?;
        for (column, values) in columns.iter().enumerate() {
            if values.len() != y.len() {
                return Err(StatsError::UnequalLengths {
                    x: values.len(),
                    y: y.len(),
                });
            }
            require_finite(name(column), values)?;
        }
        if columns.is_empty() && !intercept {
            return Err(StatsError::TooFew { n: 0, needed: 1 });
        }
        let weighting = Weighting::of(weights, y.len())?;
        let (n, needed) = (
            weighting.rows.len(),
            columns.len() + usize::from(intercept) + 1,
        );
        if n < needed {
            return Err(StatsError::TooFew { n, needed });
        }
        weighting.prepare(columns, y, intercept)
    }
}

/// Which rows count, and how much.
struct Weighting {
    rows: Vec<usize>,
    roots: Vec<f64>,
    unit: f64,
    log_sum: f64,
}

impl Weighting {
    fn of(weights: Option<&[f64]>, n: usize) -> Result<Self, StatsError> {
        let Some(weights) = weights else {
            return Ok(Self {
                rows: (0..n).collect(),
                roots: vec![1.0; n],
                unit: 1.0,
                log_sum: 0.0,
            });
        };
        if weights.len() != n {
            return Err(StatsError::UnequalLengths {
                x: weights.len(),
                y: n,
            });
        }
        require_finite("weights", weights)?;
        if let Some(index) = weights.iter().position(|weight| *weight < 0.0) {
            return Err(StatsError::OutOfDomain {
                variable: "weights",
                index,
            });
        }
        let rows: Vec<usize> = (0..n)
            .filter(|row| weights.get(*row) > Some(&0.0))
            .collect();
        let positive = || weights.iter().copied().filter(|weight| *weight > 0.0);
        let unit = power_of_two(positive().fold(0.0, f64::max));
        let shares: Vec<f64> = positive().map(|weight| weight / unit).collect();
        if !shares.iter().all(|share| share.is_normal()) {
            return Err(StatsError::OutOfRange);
        }
        Ok(Self {
            rows,
            roots: shares.iter().map(|share| share.sqrt()).collect(),
            unit,
            log_sum: sum(positive().map(f64::ln)),
        })
    }

    fn prepare(self, columns: &[&[f64]], y: &[f64], intercept: bool) -> Result<Design, StatsError> {
        let mut prepared = Vec::with_capacity(columns.len() + 1);
        if intercept {
            prepared.push(self.roots.clone());
        }
        let mut axes = Vec::with_capacity(columns.len());
        for (column, values) in columns.iter().enumerate() {
            let values = self.kept(values);
            let axis = self.axis(&values, intercept)?;
            axes.push(axis.ok_or(StatsError::Constant {
                variable: name(column),
            })?);
            prepared.push(self.place(&values, axis.unwrap_or_default()));
        }
        let y = self.kept(y);
        let y_axis = self.axis(&y, intercept)?.unwrap_or(Axis {
            shift: if intercept { self.centre(&y) } else { 0.0 },
            scale: 1.0,
        });
        Ok(Design {
            y: self.place(&y, y_axis),
            rows: self.rows,
            weight_unit: self.unit,
            log_weights: self.log_sum,
            axes,
            y_axis,
            columns: prepared,
        })
    }

    fn kept(&self, values: &[f64]) -> Vec<f64> {
        let kept = self.rows.iter().filter_map(|row| values.get(*row).copied());
        kept.collect()
    }

    /// Weighted mean, exact for equal values. Any shift near the middle would do: the column
    /// of the intercept takes up what rounding leaves.
    fn centre(&self, values: &[f64]) -> f64 {
        let first = values.first().copied().unwrap_or_default();
        let shares = || self.roots.iter().map(|root| root * root);
        first + sum(values.iter().zip(shares()).map(|(v, w)| w * (v - first))) / sum(shares())
    }

    /// The axis on which the weighted column has a length in 1…2; `None` for a column that is
    /// constant beside an intercept, or zero.
    fn axis(&self, values: &[f64], centred: bool) -> Result<Option<Axis>, StatsError> {
        let spread = if centred {
            varies(values)
        } else {
            values.iter().any(|value| *value != 0.0)
        };
        if !spread {
            return Ok(None);
        }
        let shift = if centred { self.centre(values) } else { 0.0 };
        let weighted = || values.iter().zip(&self.roots).map(|(v, r)| r * (v - shift));
        let largest = weighted().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        let length = sum(weighted().map(|value| (value / largest) * (value / largest))).sqrt();
        let scale = power_of_two(largest * length);
        let sound = largest.is_normal() && scale.is_normal() && shift.is_finite();
        sound
            .then_some(Some(Axis { shift, scale }))
            .ok_or(StatsError::OutOfRange)
    }

    fn place(&self, values: &[f64], axis: Axis) -> Vec<f64> {
        let rows = values.iter().zip(&self.roots);
        rows.map(|(value, root)| root * axis.place(*value))
            .collect()
    }
}

/// Where a column is measured from and in which unit, while it is computed with.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Axis {
    pub(super) shift: f64,
    /// A power of two, so that scaling rounds nothing.
    pub(super) scale: f64,
}

impl Axis {
    pub(super) fn place(&self, value: f64) -> f64 {
        (value - self.shift) / self.scale
    }
}

/// The power of two at or below a positive `value`: its exponent without its fraction. 0 for
/// numbers below the normal range, infinite for infinity.
pub(super) fn power_of_two(value: f64) -> f64 {
    f64::from_bits(value.to_bits() & f64::INFINITY.to_bits())
}

#[cfg(test)]
mod tests {
    use super::super::super::reference::close;
    use super::*;

    #[test]
    fn columns_are_centred_and_scaled_by_powers_of_two() {
        let design = Design::of(&[&[10.0, 12.0, 17.0, 13.0]], &[1.0; 4], true, None).unwrap();
        assert_eq!(
            design.axes,
            [Axis {
                shift: 13.0,
                scale: 4.0
            }]
        );
        assert_eq!(design.columns, [[1.0; 4], [-0.75, -0.25, 1.0, 0.0]]);
        // y that do not vary are only shifted.
        assert_eq!(
            (design.y, design.y_axis.shift, design.y_axis.scale),
            (vec![0.0; 4], 1.0, 1.0)
        );
    }

    #[test]
    fn weights_choose_and_stretch_the_rows() {
        let x = [5.0, 1.0, 3.0, 4.0];
        let weights = [0.0, 4.0, 12.0, 4.0];
        let design = Design::of(&[&x], &x, true, Some(&weights)).unwrap();
        assert_eq!((design.rows, design.weight_unit), (vec![1, 2, 3], 8.0));
        // (1·4 + 3·12 + 4·4)/20.
        close(design.y_axis.shift, 2.8, 1e-15);
        close(design.log_weights, 192.0f64.ln(), 1e-14);
        close(design.columns[0][1], 1.5f64.sqrt(), 1e-15);
    }

    #[test]
    fn the_power_of_two_drops_the_fraction_of_a_number() {
        let cases = [
            (1.0, 1.0),
            (7.99, 4.0),
            (0.3, 0.25),
            (f64::MAX, 2f64.powi(1023)),
            (f64::MIN_POSITIVE, f64::MIN_POSITIVE),
            (5e-324, 0.0),
            (0.0, 0.0),
            (f64::INFINITY, f64::INFINITY),
        ];
        for (value, expected) in cases {
            assert_eq!(power_of_two(value), expected);
        }
    }

    #[test]
    fn names_what_it_refuses() {
        let rising: &[f64] = &[1.0, 2.0, 4.0, 7.0];
        let of = |columns: &[&[f64]], intercept, weights| {
            Design::of(columns, rising, intercept, weights).err()
        };
        let constant = |variable| Some(StatsError::Constant { variable });
        assert_eq!(of(&[rising, &[3.0; 4]], true, None), constant("x2"));
        assert_eq!(of(&[rising, &[3.0; 4]], false, None), None);
        assert_eq!(of(&[&[0.0; 4]], false, None), constant("x1"));
        assert_eq!(
            of(&[&[9.0, 3.0, 3.0, 3.0]], true, Some(&[0.0, 1.0, 1.0, 1.0])),
            constant("x1")
        );
        assert_eq!(
            of(&[rising, &[1.0, 2.0, f64::NAN, 0.0]], true, None),
            Some(StatsError::NotFinite {
                variable: "x2",
                index: 2
            })
        );
        assert_eq!(
            of(&[&[1.0, 2.0]], true, None),
            Some(StatsError::UnequalLengths { x: 2, y: 4 })
        );
        assert_eq!(
            of(&[rising], true, Some(&[1.0, -1.0, 1.0, 1.0])),
            Some(StatsError::OutOfDomain {
                variable: "weights",
                index: 1
            })
        );
        assert_eq!(
            of(&[], false, None),
            Some(StatsError::TooFew { n: 0, needed: 1 })
        );
        assert_eq!(
            of(&[rising], true, Some(&[1.0, 1.0, 0.0, 0.0])),
            Some(StatsError::TooFew { n: 2, needed: 3 })
        );
        assert_eq!(
            of(&[rising], true, Some(&[1e-300, 1.0, 1.0, 1e300])),
            Some(StatsError::OutOfRange)
        );
        assert_eq!(
            of(&[&[-1e308, 1e308, 0.0, 1.0]], true, None),
            Some(StatsError::OutOfRange)
        );
        assert_eq!((name(15), name(16)), ("x16", "x"));
    }
}
