//! Statistics on plain numbers: summaries, fits, correlations, ranks, clusters, and the
//! distributions and random numbers behind them.
//!
//! Slices of `f64` in, small structs out. This folder knows no model, metric, table or file,
//! and no wording: what a result means for a benchmark is said by the floors above. Results
//! hold no NaN; what is undefined is `None` or a [`StatsError`].
//!
//! To add a statistic, write one file with the formula's source and published reference
//! values in its tests, and re-export its function here.

mod akaike;
mod bootstrap;
mod changes;
mod cluster;
mod correlation;
mod difference;
mod discrete;
mod error;
mod fisher_f;
mod hodges_lehmann;
mod householder;
mod influence;
mod interval;
mod kendall;
mod kmeans;
mod mann_kendall;
mod mann_whitney;
mod minimum_effect;
mod moments;
mod multiple;
mod normal;
mod ols;
mod paired;
pub mod pareto;
mod permutation;
mod pettitt;
mod planning;
mod polynomial;
mod prediction;
mod proportion;
mod random;
mod ranks;
mod regression;
mod running;
mod spearman;
mod student_t;
mod summary;
mod theil_sen;
mod welch;

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod nist;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod simulated;

pub use akaike::aicc;
pub use bootstrap::{
    Bootstrap, Resampling, bootstrap, bootstrap_bca, bootstrap_paired, bootstrap_two,
};
pub use changes::{
    Change, ChangeOptions, ChangeState, Changes, Drift, Segment, SeriesStatus, Suspect, changes,
    detectable_step,
};
pub use cluster::{Clustering, cluster};
pub use correlation::Pearson;
pub use difference::{Difference, Estimate, unpaired_difference};
pub use error::StatsError;
pub use fisher_f::fisher_f_tail;
pub use hodges_lehmann::{HodgesLehmann, ShiftInterval, hodges_lehmann};
pub use influence::{Influence, influence};
pub use interval::Interval;
pub use kendall::kendall;
pub use mann_kendall::{MannKendall, mann_kendall};
pub use mann_whitney::{MannWhitney, mann_whitney};
pub use minimum_effect::MinimumEffect;
pub use moments::PairedSums;
pub use multiple::{Adjustment, SmallestAdjusted, adjust, smallest_adjusted};
pub use normal::{normal_cdf, normal_quantile, normal_two_sided};
pub use ols::{Band, Ols};
pub use paired::{McNemar, clustered_difference, mcnemar, paired_difference, paired_proportions};
pub use pettitt::{Pettitt, pettitt};
pub use planning::{QuestionPlan, RunPlan};
pub use polynomial::Polynomial;
pub use prediction::Noise;
pub use proportion::{Proportion, fisher, newcombe, pooled_z};
pub use random::{SEED, SplitMix64};
pub use ranks::{Method, RankCorrelation, mid_ranks};
pub use regression::{Coefficient, Regression, RegressionOptions, inverse_variance_weights};
pub use running::RunningSums;
pub use spearman::spearman;
pub use student_t::{student_t_quantile, student_t_two_sided};
pub use summary::{Summary, geometric_mean, mad, median, quantile, quantile_rank};
pub use theil_sen::{SlopeInterval, TheilSen, theil_sen};
pub use welch::welch;
