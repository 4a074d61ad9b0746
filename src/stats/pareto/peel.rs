//! Layers of three and more objectives by divide and conquer over ranks.

use super::divide::cut;
use super::order::Order;

/// Up to so many points, each is compared with all before it.
const COMPARED: usize = 64;

/// A point in the objectives that the innermost step looks at, the last two.
#[derive(Debug, Clone, Copy)]
struct Element {
    /// Place in the lexicographic order.
    place: u32,
    /// Rank in the objective swept over.
    sweep: u32,
    /// Rank in the last objective.
    last: u32,
}

/// Layer from 1 of every distinct point of `order`, in three or more objectives.
///
/// A point's layer is one more than the largest layer of those that beat it. The first half of
/// the lexicographic order is settled, then what it says of the second half (a problem with an
/// objective less, split the same way down to a sweep over two), then the second half.
/// O(n log^(d−1) n): Jensen, "Reducing the run-time complexity of multiobjective EAs", IEEE
/// Transactions on Evolutionary Computation 7 (2003) 503–515; with equal values: Fortin, Grenier,
/// Parizeau, "Generalizing the improved run-time complexity algorithm for non-dominated
/// sorting", GECCO 2013, 615–622.
pub(super) fn layers_of_many(order: &Order) -> Vec<usize> {
    let n = order.len();
    let Some((rest, [sweep, last])) = order.ranks.split_last_chunk::<2>() else {
        return vec![1; n];
    };
    let mut sorter = Sorter {
        outer: rest.get(1..).unwrap_or_default(),
        largest: PrefixMaximum::new(n),
        layers: vec![1; n],
    };
    let columns = sweep.iter().zip(last).zip(0..);
    let mut list: Vec<Element> = columns
        .map(|((sweep, last), place)| Element {
            place,
            sweep: *sweep,
            last: *last,
        })
        .collect();
    list.sort_by_key(|e| std::cmp::Reverse(e.sweep));
    sorter.settle(&list, 0, n as u32);
    sorter
        .layers
        .into_iter()
        .map(|layer| layer as usize)
        .collect()
}

struct Sorter<'a> {
    /// Ranks in the objectives between the first and the last two.
    outer: &'a [Vec<u32>],
    largest: PrefixMaximum,
    /// The layer by what is known so far.
    layers: Vec<u32>,
}

impl Sorter<'_> {
    /// Settles the points of `list`, whose places are in `low..high`; sorted by `sweep`, best
    /// first.
    fn settle(&mut self, list: &[Element], low: u32, high: u32) {
        if list.len() <= COMPARED {
            let mut list = list.to_vec();
            list.sort_unstable_by_key(|e| e.place);
            for (i, e) in list.iter().enumerate() {
                self.compare(list.get(..i).unwrap_or_default(), e, 0);
            }
            return;
        }
        let middle = low.midpoint(high);
        let (better, worse): (Vec<Element>, Vec<Element>) =
            list.iter().partition(|e| e.place < middle);
        self.settle(&better, low, middle);
        self.push_down(&better, &worse, 0);
        self.settle(&worse, middle, high);
    }

    /// Puts `e` behind those of `better` that cover it in the outer objectives from `objective`
    /// on and in the last two.
    fn compare(&mut self, better: &[Element], e: &Element, objective: usize) {
        let outer = self.outer.get(objective..).unwrap_or_default();
        let covers = |b: &&Element| {
            let mut outer = outer.iter();
            (b.sweep >= e.sweep) & (b.last >= e.last)
                && outer.all(|column| column[b.place as usize] >= column[e.place as usize])
        };
        let layers = better
            .iter()
            .filter(covers)
            .map(|b| self.layers[b.place as usize]);
        let behind = layers.max().unwrap_or_default() + 1;
        let layer = &mut self.layers[e.place as usize];
        *layer = behind.max(*layer);
    }

    /// Puts every point of `worse` behind those of `better` that cover it in the outer
    /// objectives from `objective` on and in the last two. Both are sorted by `sweep`, best
    /// first; the layers of `better` are settled.
    fn push_down(&mut self, better: &[Element], worse: &[Element], objective: usize) {
        if better.is_empty() || worse.is_empty() {
            return;
        }
        let Some(column) = self.outer.get(objective) else {
            return self.sweep(better, worse);
        };
        if better.len() * worse.len() <= COMPARED * COMPARED {
            return worse
                .iter()
                .for_each(|e| self.compare(better, e, objective));
        }
        let rank = |e: &Element| column[e.place as usize];
        let Some(cut) = cut(better.iter().chain(worse).map(rank).collect()) else {
            // All equal here: the objective decides nothing.
            return self.push_down(better, worse, objective + 1);
        };
        let high = |e: &&Element| rank(e) >= cut;
        let (better_high, better_low): (Vec<Element>, Vec<Element>) = better.iter().partition(high);
        let (worse_high, worse_low): (Vec<Element>, Vec<Element>) = worse.iter().partition(high);
        self.push_down(&better_high, &worse_high, objective);
        self.push_down(&better_high, &worse_low, objective + 1);
        self.push_down(&better_low, &worse_low, objective);
    }

    /// As [`Sorter::push_down`] for the last two objectives alone.
    fn sweep(&mut self, better: &[Element], worse: &[Element]) {
        let mut taken = 0;
        for e in worse {
            let rest = better.get(taken..).unwrap_or_default();
            for b in rest.iter().take_while(|b| b.sweep >= e.sweep) {
                self.largest.raise(b.last, self.layers[b.place as usize]);
                taken += 1;
            }
            let behind = self.largest.at_or_above(e.last) + 1;
            let layer = &mut self.layers[e.place as usize];
            *layer = behind.max(*layer);
        }
        for b in better.iter().take(taken) {
            self.largest.forget(b.last);
        }
    }
}

/// The largest of the numbers noted at ranks, for any range of ranks up to the top one: the
/// indexed tree of Fenwick, "A new data structure for cumulative frequency tables", Software:
/// Practice and Experience 24 (1994) 327–336, over maxima.
struct PrefixMaximum {
    tree: Vec<u32>,
}

impl PrefixMaximum {
    fn new(size: usize) -> Self {
        Self {
            tree: vec![0; size + 1],
        }
    }

    /// Ranks from the top one down, from 1.
    fn index(&self, rank: u32) -> usize {
        self.tree.len() - 1 - rank as usize
    }

    fn raise(&mut self, rank: u32, number: u32) {
        let mut index = self.index(rank);
        while let Some(node) = self.tree.get_mut(index) {
            *node = number.max(*node);
            index += lowest_bit(index);
        }
    }

    /// 0 where nothing is noted.
    fn at_or_above(&self, rank: u32) -> u32 {
        let (mut index, mut largest) = (self.index(rank), 0);
        while index > 0 {
            largest = self.tree[index].max(largest);
            index -= lowest_bit(index);
        }
        largest
    }

    /// Forgets what is noted wherever the number at `rank` is part of it; all is forgotten once
    /// this is done for every rank with a number.
    fn forget(&mut self, rank: u32) {
        let mut index = self.index(rank);
        while let Some(node) = self.tree.get_mut(index) {
            *node = 0;
            index += lowest_bit(index);
        }
    }
}

fn lowest_bit(index: usize) -> usize {
    index & index.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_number_at_or_above_a_rank() {
        let mut largest = PrefixMaximum::new(8);
        for (rank, number) in [(2, 7), (5, 3), (7, 1), (5, 2)] {
            largest.raise(rank, number);
        }
        let found: Vec<u32> = (0..8).map(|rank| largest.at_or_above(rank)).collect();
        assert_eq!(found, [7, 7, 7, 3, 3, 3, 1, 1]);
        for rank in [2, 5, 7] {
            largest.forget(rank);
        }
        assert!((0..8).all(|rank| largest.at_or_above(rank) == 0));
    }
}
