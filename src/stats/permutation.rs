//! Exact permutation distributions of rank statistics: by enumeration of every arrangement
//! where there are ties, by counting inversions where there are none.

/// Share of all arrangements of a multiset whose statistic is at least as far from 0 as
/// `observed`.
///
/// The multiset holds `counts[g]` copies of group g. A statistic is a sum over positions:
/// `gain(before, g)` is what placing group g after the groups `before` adds. All distinct
/// arrangements are equally likely, so each is visited once.
pub(super) fn share_as_extreme(
    counts: Vec<usize>,
    observed: i64,
    gain: impl Fn(&[usize], usize) -> i64,
) -> f64 {
    let n = counts.iter().sum();
    let mut walk = Walk {
        remaining: counts,
        placed: Vec::with_capacity(n),
        n,
        observed: observed.abs(),
        gain,
        extreme: 0,
        total: 0,
    };
    walk.visit(0);
    f64::from(walk.extreme) / f64::from(walk.total)
}

struct Walk<F> {
    remaining: Vec<usize>,
    placed: Vec<usize>,
    n: usize,
    observed: i64,
    gain: F,
    extreme: u32,
    total: u32,
}

impl<F: Fn(&[usize], usize) -> i64> Walk<F> {
    fn visit(&mut self, statistic: i64) {
        if self.placed.len() == self.n {
            self.total += 1;
            self.extreme += u32::from(statistic.abs() >= self.observed);
            return;
        }
        for group in 0..self.remaining.len() {
            if self.remaining[group] == 0 {
                continue;
            }
            let next = statistic + (self.gain)(&self.placed, group);
            self.remaining[group] -= 1;
            self.placed.push(group);
            self.visit(next);
            self.placed.pop();
            self.remaining[group] += 1;
        }
    }
}

/// P(I ≤ k) for k = 0…n(n−1)/2, where I is the number of inversions of a random permutation
/// of n different values.
///
/// The largest value adds 0…n−1 inversions with equal chance, so that
/// P_n(j) = Σ_{i<n} P_{n−1}(j−i)/n: Kendall, "A new measure of rank correlation", Biometrika
/// 30 (1938) 81–93. O(n⁴) worst case, a few milliseconds at n = 60.
pub(super) fn inversions_at_most(n: usize) -> Vec<f64> {
    let mut chances = vec![1.0];
    for size in 2..=n {
        let mut next = vec![0.0; chances.len() + size - 1];
        for (start, chance) in chances.iter().enumerate() {
            for slot in next.iter_mut().skip(start).take(size) {
                *slot += chance / size as f64;
            }
        }
        chances = next;
    }
    let mut total = 0.0;
    for chance in &mut chances {
        total += *chance;
        *chance = total;
    }
    chances
}

#[cfg(test)]
mod tests {
    use super::super::reference::close;
    use super::*;

    #[test]
    fn counts_of_inversions_are_the_mahonian_numbers() {
        // OEIS A008302, row 4: 1, 3, 5, 6, 5, 3, 1.
        let expected = [1.0, 4.0, 9.0, 15.0, 20.0, 23.0, 24.0];
        let found = inversions_at_most(4);
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.into_iter().zip(expected) {
            close(found, expected / 24.0, 1e-15);
        }
        assert_eq!(
            (inversions_at_most(0), inversions_at_most(1)),
            (vec![1.0], vec![1.0])
        );
    }

    #[test]
    fn sixty_values_still_add_up_to_one() {
        let found = inversions_at_most(60);
        assert_eq!(found.len(), 60 * 59 / 2 + 1);
        close(found.last().copied(), 1.0, 1e-12);
        // 1/60!
        close(found[0], 1.2017e-82, 1e-86);
    }

    #[test]
    fn visits_each_distinct_arrangement_once() {
        // A statistic that is never extreme and one that always is, on 4!/(2!·2!) = 6.
        assert_eq!(share_as_extreme(vec![2, 2], 1, |_, _| 0), 0.0);
        assert_eq!(share_as_extreme(vec![2, 2], 0, |_, _| 0), 1.0);
        // The group placed first decides alone: half of the arrangements begin with group 0.
        let first = |placed: &[usize], group| i64::from(placed.is_empty() && group == 0);
        assert_eq!(share_as_extreme(vec![2, 2], 1, first), 0.5);
    }
}
