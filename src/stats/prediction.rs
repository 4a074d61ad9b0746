//! What one more value of a level may be: the noise about its levels, and how far a new value may
//! lie from their median.

use std::f64::consts::FRAC_PI_2;

use super::summary::Summary;

/// Standard deviation of the values of one level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Noise {
    /// s, in the unit of the values, 0 where every level repeats one value.
    pub sd: f64,
    /// Degrees of freedom it rests on, at least 1.
    pub df: f64,
}

impl Noise {
    /// s² = Σ(x − x̄)²/Σ(n − 1), pooled over `levels`, each about its own mean: under normal noise
    /// exact for Student's t with Σ(n − 1) degrees of freedom. Levels of one value tell nothing.
    ///
    /// `None` without two values on one level, and where one is not finite or the squares of a level
    /// leave the range of a double. O(n).
    ///
    /// Source: Box, Hunter and Hunter, "Statistics for Experimenters", 2nd edition (2005),
    /// section 3.3.
    pub fn pooled<'a>(levels: impl IntoIterator<Item = &'a [f64]>) -> Option<Self> {
        let (mut squares, mut df) = (0.0, 0.0);
        for level in levels.into_iter().filter(|level| level.len() >= 2) {
            let sd = Summary::of(level).ok()?.sd?;
            let of_level = level.len() as f64 - 1.0;
            squares += of_level * sd * sd;
            df += of_level;
        }
        let sd = (squares / df).sqrt();
        (df > 0.0 && sd.is_finite()).then_some(Self { sd, df })
    }

    /// Standard error of one more value less the median of `n` earlier ones, s·√(1 + v), with the
    /// variance v of [`next_over_median`].
    #[must_use]
    pub fn to_next(self, n: usize) -> f64 {
        self.sd * next_over_median(n)
    }
}

/// √(1 + v), where v is the variance of the median of `n` normal values over that of one: 1/n for
/// one value or two, whose median is their mean, else nearly π/(2n). Source of the latter: Kendall
/// and Stuart, "The Advanced Theory of Statistics" 1, 4th edition (1977), section 10.11.
#[must_use]
pub(super) fn next_over_median(n: usize) -> f64 {
    let share = if n < 3 { 1.0 } else { FRAC_PI_2 };
    (1.0 + share / n.max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::super::reference::close;
    use super::*;

    #[test]
    fn levels_are_pooled_about_their_own_means_by_hand() {
        // Squares about 2 and 10: 2 and 8, over 2 + 1 degrees of freedom.
        let levels: [&[f64]; 4] = [&[1.0, 2.0, 3.0], &[7.0], &[8.0, 12.0], &[]];
        let noise = Noise::pooled(levels).unwrap();
        close(noise.sd, (10.0_f64 / 3.0).sqrt(), 1e-15);
        assert_eq!(noise.df, 3.0);
        close(noise.to_next(1), noise.sd * 2.0_f64.sqrt(), 1e-15);
        close(
            noise.to_next(5),
            noise.sd * (1.0 + std::f64::consts::PI / 10.0).sqrt(),
            1e-15,
        );
    }

    #[test]
    fn one_value_tells_nothing_and_equal_values_tell_of_no_noise() {
        assert_eq!(Noise::pooled([]), None);
        assert_eq!(Noise::pooled([&[1.0][..], &[2.0]]), None);
        assert_eq!(
            Noise::pooled([&[4.0; 3][..]]),
            Some(Noise { sd: 0.0, df: 2.0 })
        );
        assert_eq!(Noise::pooled([&[1.0, f64::NAN][..]]), None);
    }

    #[test]
    fn what_leaves_the_range_of_a_double_has_no_noise() {
        assert_eq!(Noise::pooled([&[1e300, -1e300][..]]), None);
        assert_eq!(Noise::pooled([&[1e-170, -1e-170][..]]), None);
    }
}
