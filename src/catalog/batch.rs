//! What an importer hands to the store: the runs of one file, their metrics, and what was refused.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use super::metric::Metric;
use super::quick::Quick;
use super::run::Run;

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// Something in the file was not stored.
    Rejected,
    /// Something was stored, but with a doubt.
    Warning,
    /// Something the file does not say was assumed.
    Guess,
}

impl NoteKind {
    /// The word kept in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Warning => "warning",
            Self::Guess => "guess",
        }
    }
}

/// What an import refused, doubted or assumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// Line, row or JSON path.
    pub place: String,
    /// Why, in one sentence.
    pub reason: String,
}

/// A file beside the source that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name, without the folder.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The content of one source.
#[derive(Debug, Default)]
pub struct Batch {
    /// The format family, part of every metric's identity: `lm-eval`, `vllm`, `table`, …
    pub family: &'static str,
    /// The tool that wrote the file.
    pub tool: Option<String>,
    /// Its version.
    pub tool_version: Option<String>,
    /// The definitions that measurements point to.
    pub metrics: Vec<Metric>,
    /// The runs in the file's order.
    pub runs: Vec<Run>,
    /// Group and member: which tasks a group averages.
    pub groups: Vec<(String, String)>,
    /// What was refused, doubted or assumed.
    pub notes: Vec<Note>,
    /// The files beside the source that belong to it.
    pub parts: Vec<Part>,
    /// Definitions by the hash of their identity; one that shares it with another is found by search.
    index: HashMap<u64, u32, BuildHasherDefault<Quick>>,
}

impl Batch {
    /// An empty batch of a format family.
    pub fn new(family: &'static str) -> Self {
        Self {
            family,
            ..Self::default()
        }
    }

    /// The index of a definition, added when it is new. Task, key, qualifier, unit, shots and
    /// aggregation are its identity inside one file.
    pub fn metric(&mut self, metric: Metric) -> u32 {
        let mut hasher = Quick::default();
        identity(&metric).hash(&mut hasher);
        let next = self.metrics.len() as u32;
        let index = *self.index.entry(hasher.finish()).or_insert(next);
        let is_same = |other: &Metric| identity(other) == identity(&metric);
        match self.metrics.get(index as usize) {
            Some(found) if is_same(found) => return index,
            Some(_) => {
                if let Some(found) = self.metrics.iter().position(is_same) {
                    return found as u32;
                }
            }
            None => {}
        }
        self.metrics.push(metric);
        next
    }

    /// Adds the runs of another batch of the same family, with its definitions, groups, notes and parts.
    pub fn append(&mut self, other: Self) {
        let places: Vec<u32> = other
            .metrics
            .into_iter()
            .map(|metric| self.metric(metric))
            .collect();
        let index = |at: u32| places.get(at as usize).copied().unwrap_or(at);
        for mut run in other.runs {
            run.measurements
                .iter_mut()
                .for_each(|m| m.metric = index(m.metric));
            run.samples
                .iter_mut()
                .for_each(|s| s.metric = index(s.metric));
            self.runs.push(run);
        }
        self.notes.extend(other.notes);
        self.groups.extend(other.groups);
        self.parts.extend(other.parts);
    }

    /// How many measurements the runs hold.
    pub fn measurements(&self) -> usize {
        self.runs.iter().map(|run| run.measurements.len()).sum()
    }

    /// Notes that something was not stored.
    pub fn reject(&mut self, place: impl Into<String>, reason: impl Into<String>) {
        self.note(NoteKind::Rejected, place, reason);
    }

    /// Notes a doubt about something that was stored.
    pub fn warn(&mut self, place: impl Into<String>, reason: impl Into<String>) {
        self.note(NoteKind::Warning, place, reason);
    }

    /// Notes an assumption.
    pub fn guess(&mut self, place: impl Into<String>, reason: impl Into<String>) {
        self.note(NoteKind::Guess, place, reason);
    }

    fn note(&mut self, kind: NoteKind, place: impl Into<String>, reason: impl Into<String>) {
        self.notes.push(Note {
            kind,
            place: place.into(),
            reason: reason.into(),
        });
    }
}

/// What makes a definition another one inside one file.
fn identity(metric: &Metric) -> impl Hash + PartialEq + '_ {
    (
        &metric.task_raw,
        &metric.name_raw,
        &metric.qualifier,
        &metric.unit,
        metric.shots,
        metric.is_aggregate,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_definition_has_one_index() {
        let mut batch = Batch::new("table");
        let a = batch.metric(Metric::new("acc").of_task("mmlu"));
        let b = batch.metric(Metric::new("acc").of_task("gsm8k"));
        assert_eq!((a, b), (0, 1));
        assert_eq!(batch.metric(Metric::new("acc").of_task("mmlu")), a);
        assert_eq!(batch.metrics.len(), 2);
    }
}
