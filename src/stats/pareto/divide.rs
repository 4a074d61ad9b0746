//! The front of three and more objectives by divide and conquer over ranks.

use super::order::Order;
use super::stairs::Stairs;

/// Up to so many points, each is compared with all before it. Measured: the best of 32, 64, 128
/// and 256 in four objectives.
const COMPARED: usize = 64;

/// A point in the objectives that the innermost step looks at, the last three.
#[derive(Debug, Clone, Copy)]
struct Element {
    /// Place in the lexicographic order.
    place: u32,
    /// Rank in the objective swept over.
    sweep: u32,
    /// Rank in the objective the stairs run along.
    x: u32,
    /// Rank in the objective the stairs fall in.
    y: u32,
}

/// Which distinct points of `order` nobody beats, in three or more objectives.
///
/// Three objectives: one pass in lexicographic order against a staircase. More: the first half
/// of the lexicographic order is solved, what it beats leaves the second half (a problem with an
/// objective less, split the same way down to a sweep over three), then what is left of that
/// half is solved. O(n log^(d−2) n), after Kung, Luccio, Preparata, "On finding the maxima of a
/// set of vectors", Journal of the ACM 22 (1975) 469–476.
pub(super) fn unbeaten(order: &Order) -> Vec<bool> {
    let n = order.len();
    let Some((inner, outer)) = split_objectives(&order.ranks) else {
        return vec![true; n];
    };
    let [sweep, x, y] = inner;
    let mut solver = Solver {
        outer,
        stairs: Stairs::new(n),
        alive: vec![true; n],
    };
    let columns = sweep.iter().zip(x).zip(y);
    let mut list: Vec<Element> = columns
        .zip(0..)
        .map(|(((sweep, x), y), place)| Element {
            place,
            sweep: *sweep,
            x: *x,
            y: *y,
        })
        .collect();
    if order.ranks.len() == 3 {
        solver.sweep_once(&list);
    } else {
        list = best_first(&list);
        solver.solve(&list, 0, n as u32);
    }
    solver.alive
}

type Column = Vec<u32>;

/// The last three objectives, and those between them and the first, whose order is the
/// lexicographic one.
fn split_objectives(ranks: &[Column]) -> Option<([&Column; 3], &[Column])> {
    let (rest, inner) = ranks.split_last_chunk::<3>()?;
    Some((inner.each_ref(), rest.get(1..).unwrap_or_default()))
}

struct Solver<'a> {
    outer: &'a [Column],
    stairs: Stairs,
    alive: Vec<bool>,
}

impl Solver<'_> {
    /// Three objectives: who stands before in the lexicographic order is better in the first.
    fn sweep_once(&mut self, list: &[Element]) {
        for e in list {
            if self.stairs.covers(e.x, e.y) {
                self.alive[e.place as usize] = false;
            } else {
                self.stairs.insert(e.x, e.y);
            }
        }
        self.stairs.clear();
    }

    /// Settles the points of `list`, whose places are in `low..high`; sorted by `sweep`, best
    /// first.
    fn solve(&mut self, list: &[Element], low: u32, high: u32) {
        if list.len() <= COMPARED {
            return self.compare_all(list);
        }
        let middle = low.midpoint(high);
        let (mut better, mut worse): (Vec<Element>, Vec<Element>) =
            list.iter().partition(|e| e.place < middle);
        self.solve(&better, low, middle);
        self.keep_alive(&mut better);
        self.filter(&better, &worse, 0);
        self.keep_alive(&mut worse);
        self.solve(&worse, middle, high);
    }

    fn keep_alive(&self, list: &mut Vec<Element>) {
        list.retain(|e| self.alive[e.place as usize]);
    }

    fn compare_all(&mut self, list: &[Element]) {
        let mut list = list.to_vec();
        list.sort_unstable_by_key(|e| e.place);
        let mut kept: Vec<Element> = Vec::with_capacity(list.len());
        for e in list {
            if kept.iter().any(|k| self.covers(k, &e, 0)) {
                self.alive[e.place as usize] = false;
            } else {
                kept.push(e);
            }
        }
    }

    fn covers(&self, a: &Element, b: &Element, objective: usize) -> bool {
        (a.sweep >= b.sweep) & (a.x >= b.x) & (a.y >= b.y) && {
            let mut outer = self.outer.iter().skip(objective);
            outer.all(|column| column[a.place as usize] >= column[b.place as usize])
        }
    }

    /// Removes from `worse` what a point of `better` covers in the outer objectives from
    /// `objective` on and in the inner three. Both are sorted by `sweep`, best first.
    fn filter(&mut self, better: &[Element], worse: &[Element], objective: usize) {
        if better.is_empty() || worse.is_empty() {
            return;
        }
        let Some(column) = self.outer.get(objective) else {
            return self.sweep(better, worse);
        };
        if better.len() * worse.len() <= COMPARED * COMPARED {
            for e in worse {
                if better.iter().any(|b| self.covers(b, e, objective)) {
                    self.alive[e.place as usize] = false;
                }
            }
            return;
        }
        let rank = |e: &Element| column[e.place as usize];
        let Some(cut) = cut(better.iter().chain(worse).map(rank).collect()) else {
            // All equal here: the objective decides nothing.
            return self.filter(better, worse, objective + 1);
        };
        let high = |e: &&Element| rank(e) >= cut;
        let (better_high, better_low): (Vec<Element>, Vec<Element>) = better.iter().partition(high);
        let (worse_high, mut worse_low): (Vec<Element>, Vec<Element>) =
            worse.iter().partition(high);
        self.filter(&better_high, &worse_high, objective);
        self.filter(&better_high, &worse_low, objective + 1);
        self.keep_alive(&mut worse_low);
        self.filter(&better_low, &worse_low, objective);
    }

    /// As [`Solver::filter`] for the inner three objectives alone: the stairs of those at least
    /// as good in `sweep` tell who is covered in the other two.
    fn sweep(&mut self, better: &[Element], worse: &[Element]) {
        let mut above = better.iter().peekable();
        for e in worse {
            while let Some(b) = above.next_if(|b| b.sweep >= e.sweep) {
                self.stairs.insert(b.x, b.y);
            }
            if self.stairs.covers(e.x, e.y) {
                self.alive[e.place as usize] = false;
            }
        }
        self.stairs.clear();
    }
}

/// Elements from best to worst `sweep`, those equal in it in the order given.
fn best_first(list: &[Element]) -> Vec<Element> {
    let mut starts = vec![0_u32; list.len() + 1];
    for e in list {
        starts[list.len() - e.sweep as usize] += 1;
    }
    let mut total = 0;
    for start in &mut starts {
        total += *start;
        *start = total - *start;
    }
    let mut sorted = list.to_vec();
    for e in list {
        let slot = &mut starts[list.len() - e.sweep as usize];
        sorted[*slot as usize] = *e;
        *slot += 1;
    }
    sorted
}

/// A rank near the median above the smallest; `None` when all are equal.
pub(super) fn cut(mut ranks: Vec<u32>) -> Option<u32> {
    let middle = ranks.len() / 2;
    let (below, median, above) = ranks.select_nth_unstable(middle);
    let median = *median;
    if below.iter().any(|rank| *rank < median) {
        return Some(median);
    }
    above.iter().copied().filter(|rank| *rank > median).min()
}
