//! k-means partitions of points in the plane: the optimal one for few points, the best of
//! many seeded starts for more.

use super::random::SplitMix64;

/// A point in the plane, on standardised axes.
pub(super) type Point = [f64; 2];

/// Largest n whose optimal partition is searched for.
const EXACT: usize = 12;
/// Random starts of Lloyd's algorithm above that.
const STARTS: usize = 50;
/// Rounds after which a start is taken as it stands.
const ROUNDS: usize = 100;

/// Cluster number (from 0, in order of first appearance or of the start) of every point in a
/// partition into `k` clusters, none empty, with the least sum of squared distances to the
/// cluster means. `None` when there are fewer than `k` points or no start kept `k` clusters.
pub(super) fn partition(points: &[Point], k: usize, random: &mut SplitMix64) -> Option<Vec<usize>> {
    if points.len() < k || k == 0 {
        None
    } else if points.len() <= EXACT {
        Some(optimal_partition(points, k))
    } else {
        best_of_starts(points, k, random)
    }
}

fn squared_distance(a: &Point, b: &Point) -> f64 {
    let (dx, dy) = (a[0] - b[0], a[1] - b[1]);
    dx * dx + dy * dy
}

#[derive(Clone, Copy, Default)]
struct Cluster {
    size: f64,
    mean: Point,
}

impl Cluster {
    /// Growth of the sum of squares when `point` joins (Ward, JASA 58 (1963) 236–244).
    fn cost_of(&self, point: &Point) -> f64 {
        self.size / (self.size + 1.0) * squared_distance(point, &self.mean)
    }

    fn with(&self, point: &Point) -> Self {
        let size = self.size + 1.0;
        let step = |axis: usize| self.mean[axis] + (point[axis] - self.mean[axis]) / size;
        Self {
            size,
            mean: [step(0), step(1)],
        }
    }
}

/// Branch and bound over all partitions: the sum of squares only grows as points are placed,
/// so a branch that already costs as much as the best partition known is left.
fn optimal_partition(points: &[Point], k: usize) -> Vec<usize> {
    let mut search = Search {
        points,
        k,
        clusters: Vec::with_capacity(k),
        labels: Vec::with_capacity(points.len()),
        best: Vec::new(),
        best_cost: f64::INFINITY,
    };
    search.place(0.0);
    search.best
}

struct Search<'a> {
    points: &'a [Point],
    k: usize,
    clusters: Vec<Cluster>,
    labels: Vec<usize>,
    best: Vec<usize>,
    best_cost: f64,
}

impl Search<'_> {
    fn place(&mut self, cost: f64) {
        let left = self.points.len() - self.labels.len();
        if cost >= self.best_cost || left < self.k - self.clusters.len() {
            return;
        }
        let Some(point) = self.points.get(self.labels.len()) else {
            self.best.clone_from(&self.labels);
            self.best_cost = cost;
            return;
        };
        for label in 0..self.clusters.len() {
            let before = self.clusters[label];
            self.clusters[label] = before.with(point);
            self.labels.push(label);
            self.place(cost + before.cost_of(point));
            self.labels.pop();
            self.clusters[label] = before;
        }
        if self.clusters.len() < self.k {
            self.labels.push(self.clusters.len());
            self.clusters.push(Cluster::default().with(point));
            self.place(cost);
            self.clusters.pop();
            self.labels.pop();
        }
    }
}

fn best_of_starts(points: &[Point], k: usize, random: &mut SplitMix64) -> Option<Vec<usize>> {
    let mut best: Option<(f64, Vec<usize>)> = None;
    for _ in 0..STARTS {
        let centres: Option<Vec<Point>> = (0..k)
            .map(|_| points.get(random.below(points.len())).copied())
            .collect();
        let Some((cost, labels)) = lloyd(points, centres?) else {
            continue;
        };
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, labels));
        }
    }
    best.map(|(_, labels)| labels)
}

/// Assigns to the nearest centre and moves the centres to the means until nothing changes:
/// Lloyd, IEEE Transactions on Information Theory 28 (1982) 129–137. `None` when a cluster
/// runs empty.
fn lloyd(points: &[Point], mut centres: Vec<Point>) -> Option<(f64, Vec<usize>)> {
    let mut labels = Vec::new();
    let mut cost = f64::INFINITY;
    for _ in 0..ROUNDS {
        let nearest: Vec<(usize, f64)> = points
            .iter()
            .filter_map(|point| nearest(point, &centres))
            .collect();
        let moved: Vec<usize> = nearest.iter().map(|(label, _)| *label).collect();
        cost = nearest.iter().map(|(_, distance)| distance).sum();
        if moved == labels {
            break;
        }
        labels = moved;
        let mut clusters = vec![Cluster::default(); centres.len()];
        for (point, label) in points.iter().zip(&labels) {
            clusters[*label] = clusters[*label].with(point);
        }
        if clusters.iter().any(|cluster| cluster.size == 0.0) {
            return None;
        }
        centres = clusters.iter().map(|cluster| cluster.mean).collect();
    }
    Some((cost, labels))
}

fn nearest(point: &Point, centres: &[Point]) -> Option<(usize, f64)> {
    centres
        .iter()
        .map(|centre| squared_distance(point, centre))
        .enumerate()
        .min_by(|a, b| a.1.total_cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::random::SEED;
    use super::*;

    fn cost(points: &[Point], labels: &[usize], k: usize) -> f64 {
        let mut clusters = vec![Cluster::default(); k];
        let mut cost = 0.0;
        for (point, label) in points.iter().zip(labels) {
            cost += clusters[*label].cost_of(point);
            clusters[*label] = clusters[*label].with(point);
        }
        cost
    }

    /// Least cost over all kⁿ assignments that use every cluster.
    fn least_cost(points: &[Point], k: usize) -> f64 {
        let n = points.len() as u32;
        (0..k.pow(n))
            .map(|code| (0..n).map(|i| code / k.pow(i) % k).collect::<Vec<_>>())
            .filter(|labels| (0..k).all(|label| labels.contains(&label)))
            .map(|labels| cost(points, &labels, k))
            .fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn three_far_groups_are_found_by_both_ways() {
        let group = |x: f64, y: f64| [[x, y], [x + 0.1, y], [x, y + 0.1], [x + 0.1, y + 0.1]];
        let twelve = [group(0.0, 0.0), group(5.0, 0.0), group(0.0, 9.0)].concat();
        let expected: Vec<usize> = (0..12).map(|i| i / 4).collect();
        assert_eq!(optimal_partition(&twelve, 3), expected);
        let found = best_of_starts(&twelve, 3, &mut SplitMix64::new(SEED)).unwrap();
        assert!((cost(&twelve, &found, 3) - cost(&twelve, &expected, 3)).abs() < 1e-12);
    }

    #[test]
    fn points_in_one_place_can_be_split_only_by_the_exact_search() {
        let mut random = SplitMix64::new(SEED);
        assert_eq!(
            partition(&[[1.0, 1.0]; 3], 2, &mut random).unwrap().len(),
            3
        );
        assert_eq!(partition(&[[1.0, 1.0]; 13], 2, &mut random), None);
        assert_eq!(partition(&[[1.0, 1.0]], 2, &mut random), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn branch_and_bound_misses_no_better_partition(
            points in prop::collection::vec(prop::array::uniform2(-1.0..1.0f64), 3..8),
            k in 2..=3usize,
        ) {
            let found = optimal_partition(&points, k);
            prop_assert!((cost(&points, &found, k) - least_cost(&points, k)).abs() <= 1e-12);
        }
    }
}
