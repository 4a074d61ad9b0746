//! QR factorisation of a small dense matrix by Householder reflections, and what least squares
//! asks of it: solutions, variances, leverages and a condition number.

use super::moments::sum;

/// A = QR of a matrix with n rows and p ≤ n columns, Q kept as p reflections.
///
/// Source: Golub and Van Loan, "Matrix Computations", 4th edition (2013), section 5.2.
/// Columns should be scaled to about unit length, so that no square leaves the range of a
/// double.
pub(super) struct Householder {
    /// v of H = I − v·vᵀ, |v|² = 2; the k-th acts on rows k…n − 1.
    reflections: Vec<Vec<f64>>,
    /// R.
    pub(super) upper: Upper,
}

impl Householder {
    /// Factorises the matrix with these `columns`, all of one length. O(n·p²).
    pub(super) fn of(columns: Vec<Vec<f64>>) -> Self {
        let mut qr = Self {
            reflections: Vec::with_capacity(columns.len()),
            upper: Upper(Vec::with_capacity(columns.len())),
        };
        for mut column in columns {
            qr.rotate(&mut column);
            let below = column.split_off(qr.reflections.len().min(column.len()));
            let (diagonal, reflection) = reflect(below);
            column.push(diagonal);
            qr.upper.0.push(column);
            qr.reflections.push(reflection);
        }
        qr
    }

    /// y ← Qᵀy. O(n·p).
    pub(super) fn rotate(&self, y: &mut [f64]) {
        for (k, reflection) in self.reflections.iter().enumerate() {
            mirror(reflection, y.get_mut(k..).unwrap_or_default());
        }
    }

    /// The diagonal of the hat matrix QQᵀ over `n` rows. O(n·p²).
    ///
    /// Formed from the reflections and not as rows of A·R⁻¹, which would carry the condition
    /// of A into the leverages.
    pub(super) fn leverages(&self, n: usize) -> Vec<f64> {
        let mut leverages = vec![0.0; n];
        for column in 0..self.reflections.len() {
            let mut q = vec![0.0; n];
            if let Some(one) = q.get_mut(column) {
                *one = 1.0;
            }
            for (k, reflection) in self.reflections.iter().enumerate().rev() {
                mirror(reflection, q.get_mut(k..).unwrap_or_default());
            }
            for (leverage, q) in leverages.iter_mut().zip(q) {
                *leverage += q * q;
            }
        }
        leverages
    }
}

/// The value on the diagonal, and the reflection that turns `column` into that value followed
/// by zeros.
fn reflect(mut column: Vec<f64>) -> (f64, Vec<f64>) {
    let norm = sum(column.iter().map(|value| value * value)).sqrt();
    let Some(first) = column.first_mut().filter(|_| norm > 0.0) else {
        column.fill(0.0);
        return (0.0, column);
    };
    // The sign that adds instead of cancelling.
    let diagonal = -norm.copysign(*first);
    let length = (norm * (norm + first.abs())).sqrt();
    *first -= diagonal;
    for value in &mut column {
        *value /= length;
    }
    (diagonal, column)
}

/// y ← (I − v·vᵀ)y.
fn mirror(v: &[f64], y: &mut [f64]) {
    let share = sum(v.iter().zip(y.iter()).map(|(v, y)| v * y));
    for (y, v) in y.iter_mut().zip(v) {
        *y -= share * v;
    }
}

/// An upper triangular matrix, one vector per column down to the diagonal.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Upper(Vec<Vec<f64>>);

impl Upper {
    /// x with R·x = `right`, of which the first p values count. O(p²). Not finite for a
    /// singular matrix.
    pub(super) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = right.iter().copied().take(self.0.len()).collect();
        for (j, column) in self.0.iter().enumerate().rev() {
            let (Some((diagonal, above)), Some((before, rest))) =
                (column.split_last(), x.split_at_mut_checked(j))
            else {
                continue;
            };
            let Some(value) = rest.first_mut() else {
                continue;
            };
            *value /= diagonal;
            for (x, above) in before.iter_mut().zip(above) {
                *x -= *value * above;
            }
        }
        x
    }

    /// z with Rᵀ·z = `right`: its squares add up to rightᵀ(RᵀR)⁻¹right, the variance of the
    /// linear function `right` of the coefficients in units of the error variance. O(p²).
    pub(super) fn solve_transposed(&self, right: &[f64]) -> Vec<f64> {
        let mut z: Vec<f64> = Vec::with_capacity(self.0.len());
        for (column, right) in self.0.iter().zip(right) {
            let Some((diagonal, above)) = column.split_last() else {
                continue;
            };
            let known = sum(above.iter().zip(&z).map(|(above, z)| above * z));
            z.push((right - known) / diagonal);
        }
        z
    }

    /// Condition number in the 1-norm of the columns from `first` on, made orthogonal to the
    /// columns before them and scaled to unit length; infinite when they are dependent. O(p³).
    ///
    /// From the inverse itself, of which LAPACK's `trcon` estimates the norm: p is small.
    /// Within a factor p of the ratio of the extreme singular values.
    pub(super) fn condition(&self, first: usize) -> f64 {
        let block = self.unit_block(first);
        let p = block.0.len();
        let inverse = (0..p).map(|j| {
            let unit: Vec<f64> = (0..p).map(|i| f64::from(u8::from(i == j))).collect();
            block.solve(&unit)
        });
        if p == 0 {
            return 1.0;
        }
        one_norm(block.0.iter().cloned()) * one_norm(inverse)
    }

    /// Rows and columns from `first` on, each column divided by its length.
    fn unit_block(&self, first: usize) -> Self {
        let columns = self.0.iter().skip(first);
        Self(
            columns
                .map(|column| {
                    let part = column.get(first..).unwrap_or_default();
                    let length = sum(part.iter().map(|value| value * value)).sqrt();
                    part.iter().map(|value| value / length).collect()
                })
                .collect(),
        )
    }
}

/// Largest sum of absolute values of a column; infinite when a value is not finite.
fn one_norm(columns: impl Iterator<Item = Vec<f64>>) -> f64 {
    columns.fold(0.0, |largest: f64, column| {
        let norm: f64 = column.iter().map(|value| value.abs()).sum();
        if norm.is_nan() {
            f64::INFINITY
        } else {
            largest.max(norm)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::reference::close;
    use super::*;

    /// Four rows of full rank.
    fn columns() -> Vec<Vec<f64>> {
        vec![
            vec![0.5, 0.5, 0.5, 0.5],
            vec![0.1, 0.4, -0.2, 0.9],
            vec![-0.3, 0.6, 0.7, 0.2],
        ]
    }

    #[test]
    fn the_reflections_turn_the_matrix_into_its_triangle() {
        let qr = Householder::of(columns());
        for (k, column) in columns().into_iter().enumerate() {
            let mut rotated = column.clone();
            qr.rotate(&mut rotated);
            for (row, value) in rotated.iter().enumerate() {
                let expected = qr.upper.0[k].get(row).copied().unwrap_or(0.0);
                close(*value, expected, 1e-15);
            }
        }
    }

    #[test]
    fn a_triangle_is_solved_from_both_sides() {
        // R = [[2, 1], [0, 4]].
        let upper = Upper(vec![vec![2.0], vec![1.0, 4.0]]);
        assert_eq!(upper.solve(&[4.0, 8.0, 99.0]), [1.0, 2.0]);
        assert_eq!(upper.solve_transposed(&[4.0, 10.0]), [2.0, 2.0]);
    }

    #[test]
    fn leverages_are_the_diagonal_of_the_hat_matrix() {
        // numpy 2.2.0: diag(X @ inv(X.T @ X) @ X.T).
        let qr = Householder::of(columns());
        let expected = [
            0.9772727272727273,
            0.4318181818181818,
            0.7954545454545455,
            0.7954545454545456,
        ];
        let found = qr.leverages(4);
        for (found, expected) in found.iter().zip(expected) {
            close(*found, expected, 1e-14);
        }
        close(found.iter().sum::<f64>(), 3.0, 1e-14);
    }

    #[test]
    fn the_condition_number_is_that_of_the_unit_columns() {
        // numpy 2.2.0: linalg.cond([[1, 1/2], [0, sqrt(3)/2]], 1), two unit columns at 60°.
        let qr = Householder::of(vec![vec![2.0, 0.0], vec![0.5, 0.75f64.sqrt()]]);
        let expected = 2.366025403784439;
        close(qr.upper.condition(0), expected, 1e-14);
        assert_eq!(qr.upper.condition(1), 1.0);
        assert_eq!(qr.upper.condition(2), 1.0);
    }

    #[test]
    fn dependent_columns_have_no_finite_condition_or_an_absurd_one() {
        let [a, b, _] = columns().try_into().unwrap();
        let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
        let condition = Householder::of(vec![a.clone(), b, sum]).upper.condition(0);
        assert!(condition > 1e14, "{condition}");
        let zero = Householder::of(vec![a, vec![0.0; 4]]);
        assert_eq!(zero.upper.condition(0), f64::INFINITY);
    }

    #[test]
    fn a_matrix_with_too_few_rows_stops_nothing() {
        let qr = Householder::of(vec![vec![1.0], vec![2.0], vec![3.0]]);
        assert_eq!(qr.upper.condition(0), f64::INFINITY);
        assert_eq!(qr.leverages(1).len(), 1);
        assert_eq!(Householder::of(Vec::new()).upper.condition(0), 1.0);
    }
}
