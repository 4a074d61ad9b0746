//! What is measured: a metric as its tool wrote it (its identity) and what that means (correctable).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{known, unit};

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// More is better: scores, throughputs.
    Higher,
    /// Less is better: latencies, perplexities, costs.
    Lower,
}

impl Direction {
    /// The word used in files, headers and the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
        }
    }

    /// `value` turned so that more is better: the only place that knows what a comparison means.
    pub fn gain(self, value: f64) -> f64 {
        match self {
            Self::Higher => value,
            Self::Lower => -value,
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that should have been one of a few.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not {expected}")]
pub struct WordError {
    /// What stood there.
    pub found: String,
    /// What may stand there.
    pub expected: &'static str,
}

impl FromStr for Direction {
    type Err = WordError;

    fn from_str(word: &str) -> Result<Self, WordError> {
        match word {
            "higher" => Ok(Self::Higher),
            "lower" => Ok(Self::Lower),
            _ => Err(WordError {
                found: word.to_owned(),
                expected: "`higher` or `lower`",
            }),
        }
    }
}

/// What sort of thing a metric measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// How good the answers are.
    Quality,
    /// How much work a second.
    Speed,
    /// How long one thing takes.
    Latency,
    /// How much memory.
    Memory,
    /// Power and energy.
    Energy,
    /// Money.
    Cost,
    /// How many: requests, tokens, errors.
    Count,
    /// A setting that a tool reports among its results.
    Setting,
}

impl Kind {
    /// The word kept in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Quality => "quality",
            Self::Speed => "speed",
            Self::Latency => "latency",
            Self::Memory => "memory",
            Self::Energy => "energy",
            Self::Cost => "cost",
            Self::Count => "count",
            Self::Setting => "setting",
        }
    }
}

impl FromStr for Kind {
    type Err = WordError;

    fn from_str(word: &str) -> Result<Self, WordError> {
        let all = [
            Self::Quality,
            Self::Speed,
            Self::Latency,
            Self::Memory,
            Self::Energy,
            Self::Cost,
            Self::Count,
            Self::Setting,
        ];
        all.into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| WordError {
                found: word.to_owned(),
                expected: "quality, speed, latency, memory, energy, cost or count",
            })
    }
}

/// One definition: a key of one format for one task under one protocol.
///
/// The first group of fields is the identity, exactly as the file wrote it; the second is what it
/// means, and may be corrected later without touching a measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// The task as written; `None` = about the whole run.
    pub task_raw: Option<String>,
    /// The key as written, without the parts that have fields of their own.
    pub name_raw: String,
    /// Filter, scorer, split or phase; empty where there is none.
    pub qualifier: String,
    /// The unit of every value stored under this definition, as written.
    pub unit: Option<String>,
    /// How many examples the prompt held.
    pub shots: Option<i64>,
    /// The task's version as written.
    pub task_version: Option<String>,
    /// Whether this is an average over other tasks in the same file.
    pub is_aggregate: bool,
    /// The task's canonical name.
    pub task: Option<String>,
    /// The canonical name.
    pub name: String,
    /// `value`, `mean`, `p50`, `p99`, `std`, `min`, `max`, `each`, …
    pub statistic: String,
    /// What sort of thing it measures.
    pub kind: Option<Kind>,
    /// Which way is better; `None` = not known, never guessed.
    pub direction: Option<Direction>,
    /// The unit in which tools are compared.
    pub base_unit: Option<String>,
    /// `value × factor` is in the base unit.
    pub factor: f64,
    /// What a measurement's spread is taken over: `repetitions`, `requests`, `trials`.
    pub spread_of: Option<String>,
    /// The level of the interval between a measurement's `low` and `high`: 0.95.
    pub confidence: Option<f64>,
}

impl Metric {
    /// A metric by the key a file wrote, with what is known about that name.
    pub fn new(name_raw: impl Into<String>) -> Self {
        let name_raw = name_raw.into();
        let known = known::find(&name_raw);
        Self {
            task_raw: None,
            qualifier: String::new(),
            unit: None,
            shots: None,
            task_version: None,
            is_aggregate: false,
            task: None,
            name: known.map_or_else(|| name_raw.clone(), |k| k.name.to_owned()),
            statistic: "value".to_owned(),
            kind: known.map(|k| k.kind),
            direction: known.and_then(|k| k.direction),
            base_unit: None,
            factor: 1.0,
            spread_of: None,
            confidence: None,
            name_raw,
        }
    }

    /// Gives the canonical name by hand, and what is known about *that* name.
    #[must_use]
    pub fn named(mut self, name: &str, statistic: &str) -> Self {
        if let Some(known) = known::find(name) {
            self.kind = Some(known.kind);
            self.direction = known.direction;
        }
        self.name = name.to_owned();
        self.statistic = statistic.to_owned();
        // A standard deviation is not better or worse in itself.
        if matches!(statistic, "std" | "count" | "sum") {
            self.direction = None;
        }
        self
    }

    /// Sets the task, as written and canonical alike.
    #[must_use]
    pub fn of_task(mut self, task: impl Into<String>) -> Self {
        let task = task.into();
        self.task = Some(task.clone());
        self.task_raw = Some(task);
        self
    }

    /// Sets the unit as written, and from it whatever the name did not say.
    #[must_use]
    pub fn in_unit(mut self, written: impl Into<String>) -> Self {
        let written = written.into();
        if let Some(unit) = unit::find(&written) {
            self.base_unit = Some(unit.base.to_owned());
            self.factor = unit.factor;
            if self.kind.is_none() {
                self.kind = Some(unit.kind);
                self.direction = self.direction.or(unit.direction);
            }
        }
        self.unit = Some(written);
        self
    }

    /// Sets the filter, scorer, split or phase.
    #[must_use]
    pub fn qualified(mut self, qualifier: impl Into<String>) -> Self {
        self.qualifier = qualifier.into();
        self
    }

    /// Sets the direction where the file itself states it.
    #[must_use]
    pub fn directed(mut self, direction: Option<Direction>) -> Self {
        self.direction = direction.or(self.direction);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_tells_what_the_name_does_not() {
        let metric = Metric::new("decoding speed with retrieval").in_unit("token/s");
        assert_eq!(metric.kind, Some(Kind::Speed));
        assert_eq!(metric.direction, Some(Direction::Higher));
        assert_eq!(metric.base_unit.as_deref(), Some("tokens/s"));
    }

    #[test]
    fn a_metric_nobody_knows_has_no_direction() {
        let metric = Metric::new("frobnication");
        assert_eq!((metric.kind, metric.direction), (None, None));
    }

    #[test]
    fn a_spread_is_neither_better_nor_worse() {
        let metric = Metric::new("std_ttft_ms")
            .named("ttft", "std")
            .in_unit("ms");
        assert_eq!((metric.kind, metric.direction), (Some(Kind::Latency), None));
    }
}
