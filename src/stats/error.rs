//! Why a statistic does not exist for the values given, as one error type, and the checks
//! of the input that every function of this floor begins with.

/// Why a statistic could not be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatsError {
    /// Fewer values than the statistic is defined for.
    #[error("needs at least {needed} values, got {n}")]
    TooFew {
        /// How many values were given.
        n: usize,
        /// How many the statistic needs.
        needed: usize,
    },
    /// More values than the method is meant for.
    #[error("takes at most {limit} values, got {n}")]
    TooMany {
        /// How many values were given.
        n: usize,
        /// The largest number accepted.
        limit: usize,
    },
    /// Two columns that should be parallel are not.
    #[error("`x` has {x} values but `y` has {y}")]
    UnequalLengths {
        /// Length of `x`.
        x: usize,
        /// Length of `y`.
        y: usize,
    },
    /// A NaN or an infinity among the values.
    #[error("value {index} of `{variable}` is not a finite number")]
    NotFinite {
        /// Which column.
        variable: &'static str,
        /// Position in that column, from 0.
        index: usize,
    },
    /// A value below 0 where none can be.
    #[error("value {index} of `{variable}` is negative")]
    Negative {
        /// Which column.
        variable: &'static str,
        /// Position in that column, from 0.
        index: usize,
    },
    /// The caller did not want it.
    #[error("was not asked for")]
    NotAsked,
    /// The statistic needs values that differ.
    #[error("all values of `{variable}` are equal")]
    Constant {
        /// Which column.
        variable: &'static str,
    },
    /// A value that the quantity cannot take, such as a negative weight.
    #[error("value {index} of `{variable}` is outside the range it can take")]
    OutOfDomain {
        /// Which column.
        variable: &'static str,
        /// Position in that column, from 0.
        index: usize,
    },
    /// Predictors that are so nearly linear combinations of each other that their
    /// coefficients would have few correct digits or none.
    #[error("the predictors nearly depend on each other: condition number about 10^{exponent}")]
    IllConditioned {
        /// Power of ten of the condition number of the centred and scaled predictors; 16
        /// when they are dependent to the last digit of a double.
        exponent: i32,
    },
    /// A parameter or count outside the range on which it means something.
    #[error("`{parameter}` is outside the range it is defined on")]
    OutsideDomain {
        /// Which parameter.
        parameter: &'static str,
    },
    /// A setting the method is not defined for.
    #[error("`{parameter}` is outside the range the method is defined for")]
    Parameter {
        /// Which setting.
        parameter: &'static str,
    },
    /// Finite values whose sums, squares or quotients leave the range of a double.
    #[error("the values are too large, or differ by too little, for double precision")]
    OutOfRange,
}

/// Refuses a column that holds a NaN, an infinity or a value below 0.
pub(super) fn require_not_negative(
    variable: &'static str,
    values: &[f64],
) -> Result<(), StatsError> {
    require_finite(variable, values)?;
    match values.iter().position(|value| *value < 0.0) {
        Some(index) => Err(StatsError::Negative { variable, index }),
        None => Ok(()),
    }
}

impl StatsError {
    /// [`StatsError::IllConditioned`] of a condition number, which may be infinite.
    pub(super) fn ill_conditioned(condition: f64) -> Self {
        let exponent = condition.log10().min(16.0).floor();
        Self::IllConditioned {
            exponent: exponent as i32,
        }
    }
}

/// Refuses a column that holds a NaN or an infinity.
pub(super) fn require_finite(variable: &'static str, values: &[f64]) -> Result<(), StatsError> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(StatsError::NotFinite { variable, index }),
        None => Ok(()),
    }
}

/// Refuses a sample with fewer than `needed` values or with values that are not finite.
pub(super) fn require_sample(
    variable: &'static str,
    values: &[f64],
    needed: usize,
) -> Result<(), StatsError> {
    if values.len() < needed {
        return Err(StatsError::TooFew {
            n: values.len(),
            needed,
        });
    }
    require_finite(variable, values)
}

/// Refuses columns of unequal length, with fewer than `needed` rows, or with values that are
/// not finite.
pub(super) fn require_pairs(x: &[f64], y: &[f64], needed: usize) -> Result<(), StatsError> {
    if x.len() != y.len() {
        return Err(StatsError::UnequalLengths {
            x: x.len(),
            y: y.len(),
        });
    }
    if x.len() < needed {
        return Err(StatsError::TooFew { n: x.len(), needed });
    }
    require_finite("x", x)?;
    require_finite("y", y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_first_value_that_is_not_finite() {
        assert_eq!(
            require_pairs(&[1.0, 2.0], &[1.0, f64::NAN], 2),
            Err(StatsError::NotFinite {
                variable: "y",
                index: 1
            })
        );
        assert_eq!(
            require_finite("values", &[f64::NEG_INFINITY])
                .unwrap_err()
                .to_string(),
            "value 0 of `values` is not a finite number"
        );
    }

    #[test]
    fn counts_rows_before_it_looks_at_them() {
        assert_eq!(
            require_pairs(&[f64::NAN], &[], 1),
            Err(StatsError::UnequalLengths { x: 1, y: 0 })
        );
        assert_eq!(
            require_pairs(&[], &[], 1),
            Err(StatsError::TooFew { n: 0, needed: 1 })
        );
    }

    #[test]
    fn a_condition_number_is_told_by_its_power_of_ten() {
        let exponent = |condition| match StatsError::ill_conditioned(condition) {
            StatsError::IllConditioned { exponent } => exponent,
            _ => 0,
        };
        assert_eq!((exponent(2e12), exponent(9e14)), (12, 14));
        assert_eq!((exponent(1e40), exponent(f64::INFINITY)), (16, 16));
    }
}
