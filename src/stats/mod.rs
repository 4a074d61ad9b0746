//! Statistics on plain numbers: summaries, fits, correlations, ranks, clusters, and the
//! distributions and random numbers behind them.
//!
//! Slices of `f64` in, small structs out. This folder knows no model, metric, table or file,
//! and no wording: what a result means for a benchmark is said by the floors above. Results
//! hold no NaN; what is undefined is `None` or a [`StatsError`].
//!
//! To add a statistic, write one file with the formula's source and published reference
//! values in its tests, and re-export its function here.

mod cluster;
mod correlation;
mod error;
mod influence;
mod kendall;
mod kmeans;
mod moments;
mod normal;
mod ols;
mod permutation;
mod random;
mod ranks;
mod running;
mod spearman;
mod student_t;
mod summary;
mod theil_sen;

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod reference;

pub use cluster::{Clustering, cluster};
pub use correlation::Pearson;
pub use error::StatsError;
pub use influence::{Influence, influence};
pub use kendall::kendall;
pub use moments::PairedSums;
pub use normal::{normal_cdf, normal_quantile, normal_two_sided};
pub use ols::{Band, Ols};
pub use random::{SEED, SplitMix64};
pub use ranks::{Method, RankCorrelation, mid_ranks};
pub use running::RunningSums;
pub use spearman::spearman;
pub use student_t::{student_t_quantile, student_t_two_sided};
pub use summary::{Summary, geometric_mean, mad, median, quantile, quantile_rank};
pub use theil_sen::{SlopeInterval, TheilSen, theil_sen};
