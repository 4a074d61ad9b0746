//! Points in several objectives, as one checked slice.

use super::super::error::{StatsError, require_finite};

/// Values checked at a time: enough to keep the check vectorised, little enough to stop early.
const CHECKED: usize = 1024;

/// Points as gains: row-major, `dimension` numbers a point, more is better in each.
///
/// A value of which less is better enters with its sign turned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Points<'a> {
    values: &'a [f64],
    dimension: usize,
}

impl<'a> Points<'a> {
    /// Takes `values` as points of `dimension` numbers each. No value at all is no point. O(n·d).
    ///
    /// # Errors
    /// A dimension of 0, a last point that is not complete, values that are not finite, or more
    /// than 2³² − 1 points.
    pub fn new(values: &'a [f64], dimension: usize) -> Result<Self, StatsError> {
        if dimension == 0 {
            return Err(StatsError::TooFew { n: 0, needed: 1 });
        }
        let (n, rest) = (values.len() / dimension, values.len() % dimension);
        if rest > 0 {
            return Err(StatsError::UnequalLengths { x: n + 1, y: n });
        }
        if u32::try_from(n).is_err() {
            let limit = u32::MAX as usize;
            return Err(StatsError::TooMany { n, limit });
        }
        let mut parts = values.chunks(CHECKED);
        if !parts.all(|part| part.iter().fold(true, |sound, v| sound & v.is_finite())) {
            require_finite("points", values)?;
        }
        Ok(Self { values, dimension })
    }

    /// Number of points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len() / self.dimension
    }

    /// Whether there is no point.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Number of objectives, at least 1.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// The numbers of all points, one point after the other.
    #[must_use]
    pub fn values(&self) -> &'a [f64] {
        self.values
    }

    /// The points in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &'a [f64]> + Clone + use<'a> {
        self.values.chunks_exact(self.dimension)
    }

    /// Point `index`, from 0; empty where there is none.
    #[must_use]
    #[inline]
    pub fn row(&self, index: usize) -> &'a [f64] {
        let start = index.saturating_mul(self.dimension);
        let row = self.values.get(start..).unwrap_or_default();
        row.get(..self.dimension).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_from_the_slice_in_order() {
        let points = Points::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3).unwrap();
        assert_eq!((points.len(), points.dimension()), (2, 3));
        assert_eq!(points.row(1), [4.0, 5.0, 6.0]);
        assert_eq!(points.rows().next(), Some(points.row(0)));
        assert_eq!(points.row(2), [] as [f64; 0]);
        assert_eq!(points.row(usize::MAX), [] as [f64; 0]);
        assert!(Points::new(&[], 4).unwrap().is_empty());
    }

    #[test]
    fn refuses_what_is_no_set_of_points() {
        assert_eq!(
            Points::new(&[1.0], 0),
            Err(StatsError::TooFew { n: 0, needed: 1 })
        );
        assert_eq!(
            Points::new(&[1.0, 2.0, 3.0], 2),
            Err(StatsError::UnequalLengths { x: 2, y: 1 })
        );
        let mut values = vec![0.0; 5000];
        values[4321] = f64::NAN;
        assert_eq!(
            Points::new(&values, 2),
            Err(StatsError::NotFinite {
                variable: "points",
                index: 4321
            })
        );
    }
}
