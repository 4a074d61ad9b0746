//! Several objectives at once: who beats whom, the front and the layers behind it, the volume it
//! covers, how sure a place on it is, near ties, gaps, and the knee.
//!
//! All points are gains, more is better in every objective: see [`Points`].

mod contribution;
mod corner;
mod divide;
mod dominance;
mod front;
mod gap;
mod hypervolume;
mod knee;
mod layers;
mod membership;
mod near;
mod normal_table;
mod order;
mod peel;
mod points;
mod rank_set;
mod resampled;
mod scan;
mod sobol;
mod staircase;
mod stairs;
mod strong;
mod volume;

#[cfg(test)]
mod brute;
#[cfg(test)]
mod published;

pub use dominance::{covers, dominates};
pub use front::front;
pub use gap::{Gap, Gaps};
pub use hypervolume::{Contribution, Hypervolume, contributions, hypervolume};
pub use knee::{Knee, Rate, knee, trade_off_rate};
pub use layers::layers;
pub use membership::membership;
pub use near::{Margin, near_front};
pub use points::Points;
pub use resampled::front_shares;
