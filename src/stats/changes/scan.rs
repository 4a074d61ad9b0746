//! The scan statistic: how much better one step of level, or two, describe a series of scores
//! than a single level does.

/// Fewest values in a segment.
pub(super) const MIN_SEGMENT: usize = 3;

/// Running maxima kept side by side in the inner loop, so that the processor works on several
/// places at once.
const LANES: usize = 8;

/// The best descriptions of a series by one step and by two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scan {
    /// T₁ = max over k of S_k²·n/(k(n−k)).
    pub(super) one: f64,
    /// The first k that attains it, where the second segment begins.
    pub(super) at: usize,
    /// The best pair; `None` where three segments do not fit.
    pub(super) two: Option<Pair>,
}

/// The best two steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    /// T₂/2, T₂ = max over a < b of S_a²/a + (S_b−S_a)²/(b−a) + (S_n−S_b)²/(n−b).
    pub(super) half: f64,
    /// The first a and b that attain it, where the second and third segments begin.
    pub(super) places: (usize, usize),
}

impl Scan {
    /// T = max(T₁, T₂/2).
    pub(super) fn statistic(&self) -> f64 {
        self.two.map_or(self.one, |two| two.half.max(self.one))
    }

    /// Where the new segments begin: at two places where T₂/2 > T₁, else at one.
    pub(super) fn places(&self) -> Vec<usize> {
        match self.two.filter(|two| two.half > self.one) {
            Some(Pair { places, .. }) => vec![places.0, places.1],
            None => vec![self.at],
        }
    }
}

/// Working memory for scans of scores of one length, at least 6.
///
/// The scores must have mean 0; every segment has at least 3 of them. Two steps take O(n²)
/// time, about 0.35 ns for each of the n²/2 pairs, and O(n) memory.
pub(super) struct Scanner {
    /// S_k for k = 0…n.
    sums: Vec<f64>,
    /// (S_n−S_k)²/(n−k) for k = 0…n, 0 at n.
    after: Vec<f64>,
    /// 1/d for d = 0…n, 0 at 0.
    inverse: Vec<f64>,
}

impl Scanner {
    /// Memory for `n` scores.
    pub(super) fn new(n: usize) -> Self {
        let reciprocal = |d: usize| if d == 0 { 0.0 } else { 1.0 / d as f64 };
        Self {
            sums: vec![0.0; n + 1],
            after: vec![0.0; n + 1],
            inverse: (0..=n).map(reciprocal).collect(),
        }
    }

    /// Both descriptions and where they are attained.
    pub(super) fn scan(&mut self, scores: &[f64]) -> Scan {
        self.load(scores);
        let (one, at) = self.one_step();
        let two = self.two_steps().map(|(twice, a)| Pair {
            half: 0.5 * twice,
            places: (a, self.second_step(a)),
        });
        Scan { one, at, two }
    }

    /// T alone.
    pub(super) fn statistic(&mut self, scores: &[f64]) -> f64 {
        self.load(scores);
        let (one, _) = self.one_step();
        self.two_steps()
            .map_or(one, |(twice, _)| one.max(0.5 * twice))
    }

    /// T₁'s place alone. O(n).
    pub(super) fn best_step(&mut self, scores: &[f64]) -> usize {
        self.load(scores);
        self.one_step().1
    }

    fn load(&mut self, scores: &[f64]) {
        let mut total = 0.0;
        for (slot, score) in self.sums.iter_mut().skip(1).zip(scores) {
            total += score;
            *slot = total;
        }
        let left = self.inverse.iter().rev();
        for ((slot, sum), inverse) in self.after.iter_mut().zip(&self.sums).zip(left) {
            *slot = (total - sum) * (total - sum) * inverse;
        }
    }

    fn n(&self) -> usize {
        self.sums.len() - 1
    }

    fn one_step(&self) -> (f64, usize) {
        let n = self.n();
        let mut best = (0.0, MIN_SEGMENT);
        for k in MIN_SEGMENT..(n + 1).saturating_sub(MIN_SEGMENT) {
            let gain = self.sums[k] * self.sums[k] * n as f64 / (k * (n - k)) as f64;
            if gain > best.0 {
                best = (gain, k);
            }
        }
        best
    }

    /// T₂ and the first a that attains it.
    fn two_steps(&self) -> Option<(f64, usize)> {
        let mut best: Option<(f64, usize)> = None;
        for a in MIN_SEGMENT..(self.n() + 1).saturating_sub(2 * MIN_SEGMENT) {
            let sum = self.sums[a];
            let gain = sum * sum * self.inverse[a] + self.behind(a).best_gain(sum);
            if best.is_none_or(|(largest, _)| gain > largest) {
                best = Some((gain, a));
            }
        }
        best
    }

    /// The first b that attains the best gain after a step at `a`.
    fn second_step(&self, a: usize) -> usize {
        let behind = self.behind(a);
        let best = behind.best_gain(self.sums[a]);
        let missed = behind.gains(self.sums[a]).take_while(|gain| *gain < best);
        a + MIN_SEGMENT + missed.count()
    }

    /// The columns of all b from a + 3 to n − 3.
    fn behind(&self, a: usize) -> Behind<'_> {
        let places = a + MIN_SEGMENT..self.n() + 1 - MIN_SEGMENT;
        Behind {
            inverse: &self.inverse[MIN_SEGMENT..MIN_SEGMENT + places.len()],
            sums: &self.sums[places.clone()],
            after: &self.after[places],
        }
    }
}

/// S_b, (S_n−S_b)²/(n−b) and 1/(b−a) of every place b behind a first step, in columns of one
/// length.
struct Behind<'a> {
    sums: &'a [f64],
    after: &'a [f64],
    inverse: &'a [f64],
}

impl Behind<'_> {
    /// (S_b−S_a)²/(b−a) + (S_n−S_b)²/(n−b) of every b, given S_a.
    fn gains(&self, sum: f64) -> impl Iterator<Item = f64> {
        let columns = self.sums.iter().zip(self.inverse).zip(self.after);
        columns.map(move |((s, inverse), after)| gain(s - sum, *inverse, *after))
    }

    /// The largest of [`Behind::gains`].
    fn best_gain(&self, sum: f64) -> f64 {
        let (sums, last_sums) = self.sums.as_chunks::<LANES>();
        let (inverse, last_inverse) = self.inverse.as_chunks::<LANES>();
        let (after, last_after) = self.after.as_chunks::<LANES>();
        let mut best = [0.0; LANES];
        for ((s, inverse), after) in sums.iter().zip(inverse).zip(after) {
            for lane in 0..LANES {
                let gain = gain(s[lane] - sum, inverse[lane], after[lane]);
                best[lane] = if gain > best[lane] { gain } else { best[lane] };
            }
        }
        let rest = Behind {
            sums: last_sums,
            inverse: last_inverse,
            after: last_after,
        };
        best.into_iter().chain(rest.gains(sum)).fold(0.0, f64::max)
    }
}

#[inline]
fn gain(between: f64, inverse: f64, after: f64) -> f64 {
    between * between * inverse + after
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::reference::close;
    use super::super::scores::normal_scores;
    use super::*;

    /// The definition, segment by segment.
    fn by_definition(z: &[f64]) -> Scan {
        let n = z.len();
        let part = |from: usize, to: usize| {
            let sum: f64 = z[from..to].iter().sum();
            sum * sum / (to - from) as f64
        };
        let (mut one, mut at) = (0.0, MIN_SEGMENT);
        let mut two: Option<Pair> = None;
        for a in MIN_SEGMENT..=n - MIN_SEGMENT {
            let gain = part(0, a) + part(a, n);
            if gain > one {
                (one, at) = (gain, a);
            }
            for b in a + MIN_SEGMENT..=n - MIN_SEGMENT {
                let half = 0.5 * (part(0, a) + part(a, b) + part(b, n));
                if two.is_none_or(|best| half > best.half) {
                    two = Some(Pair {
                        half,
                        places: (a, b),
                    });
                }
            }
        }
        Scan { one, at, two }
    }

    #[test]
    fn six_values_have_one_step_and_no_pair() {
        let z = normal_scores(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
        let scan = Scanner::new(6).scan(&z);
        // The only statistic six values can reach in order; published as q95 of n = 6.
        close(scan.one, 3.595, 0.0005);
        assert_eq!((scan.at, scan.two, scan.places()), (3, None, vec![3]));
    }

    #[test]
    fn a_bump_is_a_pair_and_a_step_is_not() {
        let bump = [5.0, 1.0, 4.0, 13.0, 14.0, 15.0, 16.0, 2.0, 6.0, 0.0, 3.0];
        let scan = Scanner::new(11).scan(&normal_scores(&bump).unwrap());
        assert_eq!(scan.places(), [3, 7]);
        assert_eq!(scan.statistic(), scan.two.unwrap().half);
        let step = [0.0, 2.0, 1.0, 3.0, 14.0, 12.0, 15.0, 11.0, 13.0];
        let scan = Scanner::new(9).scan(&normal_scores(&step).unwrap());
        assert_eq!((scan.places(), scan.statistic()), (vec![4], scan.one));
    }

    proptest! {
        #[test]
        fn the_fast_scan_is_the_definition(
            values in prop::collection::vec(-1e3..1e3f64, 6..60),
        ) {
            let z = normal_scores(&values).unwrap();
            let mut scanner = Scanner::new(z.len());
            let (fast, slow) = (scanner.scan(&z), by_definition(&z));
            prop_assert!((fast.one - slow.one).abs() <= 1e-10);
            let half = |scan: Scan| scan.two.map_or(0.0, |two| two.half);
            prop_assert!((half(fast) - half(slow)).abs() <= 1e-10);
            prop_assert_eq!(fast.statistic(), scanner.statistic(&z));
            prop_assert_eq!(fast.at, scanner.best_step(&z));
        }

        #[test]
        fn turning_the_values_upside_down_changes_nothing(
            values in prop::collection::vec(-1e3..1e3f64, 6..60),
        ) {
            let negated: Vec<f64> = values.iter().map(|value| -value).collect();
            let statistic = |values: &[f64]| {
                Scanner::new(values.len()).statistic(&normal_scores(values).unwrap())
            };
            prop_assert!((statistic(&values) - statistic(&negated)).abs() <= 1e-10);
        }
    }
}
