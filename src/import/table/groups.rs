//! Rows that agree in everything that tells runs apart: their runs, and how often they met each metric.

use std::collections::HashMap;

/// The rows with one key.
#[derive(Default)]
pub(super) struct Group {
    /// Their runs, in the order in which they began.
    pub(super) runs: Vec<usize>,
    /// How often they met each metric, or each task.
    pub(super) met: Met,
}

/// How often each metric was met: a sorted list, in which metrics mostly come in order, until it would be
/// slow to keep it sorted.
pub(super) enum Met {
    Sorted(Vec<(u32, u32)>),
    Hashed(HashMap<u32, u32>),
}

/// The longest list into which metrics are put out of order.
const LONGEST: usize = 1024;

impl Default for Met {
    fn default() -> Self {
        Self::Sorted(Vec::new())
    }
}

impl Met {
    /// How often a metric was met before, and counts it.
    pub(super) fn count(&mut self, metric: u32) -> usize {
        let count = match self {
            Self::Hashed(met) => met.entry(metric).or_insert(0),
            Self::Sorted(met) => {
                let is_next = met.last().is_none_or(|(last, _)| *last < metric);
                let place = match is_next {
                    true => Err(met.len()),
                    false => met.binary_search_by_key(&metric, |(met, _)| *met),
                };
                match place {
                    Err(at) if is_next || met.len() < LONGEST => met.insert(at, (metric, 0)),
                    Err(_) => {
                        *self = Self::Hashed(std::mem::take(met).into_iter().collect());
                        return self.count(metric);
                    }
                    Ok(_) => {}
                }
                let (Ok(at) | Err(at)) = place;
                match met.get_mut(at) {
                    Some((_, count)) => count,
                    None => return 0,
                }
            }
        };
        *count += 1;
        *count as usize - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counts(metrics: &[u32]) -> Vec<usize> {
        let mut met = Met::default();
        metrics.iter().map(|metric| met.count(*metric)).collect()
    }

    fn expected(metrics: &[u32]) -> Vec<usize> {
        let before = |at: usize| metrics[..at].iter().filter(|m| **m == metrics[at]).count();
        (0..metrics.len()).map(before).collect()
    }

    #[test]
    fn many_metrics_out_of_order_are_counted_alike() {
        let metrics: Vec<u32> = (0..3000).map(|i| i * 7919 % 2003).collect();
        assert_eq!(counts(&metrics), expected(&metrics));
    }

    proptest! {
        #[test]
        fn each_metric_is_counted_for_itself(metrics in proptest::collection::vec(0..9_u32, 0..60)) {
            prop_assert_eq!(counts(&metrics), expected(&metrics));
        }
    }
}
