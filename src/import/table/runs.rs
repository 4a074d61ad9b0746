//! From the cells of a row to the run it belongs to: the run's facts, and the key by which rows
//! that say the same about their run are one run.

use std::collections::HashMap;

use crate::catalog::{Batch, Moment, NoteKind, Run};

use super::super::{Options, Role};
use super::cell::{self, Cell};
use super::groups::Group;
use super::roles::{self, Layout, Part};
use super::row::Row;
use super::{field, gives_model};

/// Makes runs from rows.
pub(super) struct Runs<'l> {
    layout: &'l Layout,
    columns: &'l [String],
    needs_model: bool,
    /// The columns that tell runs apart.
    identity: Vec<usize>,
    keys: HashMap<Box<[u8]>, usize>,
    groups: Vec<Group>,
    /// The key of the last row, and its group.
    last: (Vec<u8>, usize),
    /// The text of the last time, and what it says.
    time: (String, Option<Moment>),
    /// What was wrong with single rows.
    pub(super) faults: Faults,
}

impl<'l> Runs<'l> {
    /// No run yet.
    pub(super) fn new(layout: &'l Layout, columns: &'l [String], options: &Options) -> Self {
        let tells_apart = |part: &Part| match part {
            Part::Single(role) => matches!(role, Role::Model | Role::Run | Role::Time),
            Part::Field(_) | Part::Setting | Part::Detail => true,
            Part::Open | Part::Ignore | Part::Measure(_) | Part::Companion(..) => false,
        };
        let parts = (0..).zip(&layout.parts);
        let identity = parts
            .filter(|(_, part)| tells_apart(part))
            .map(|(column, _)| column);
        Self {
            layout,
            columns,
            needs_model: !gives_model(options),
            identity: identity.collect(),
            keys: HashMap::new(),
            groups: Vec::new(),
            last: (Vec::new(), 0),
            time: (String::new(), None),
            faults: Faults::default(),
        }
    }

    /// Whether a row names its model, where it must; noted where it does not.
    pub(super) fn has_model(&mut self, row: &Row<'_>, batch: &mut Batch) -> bool {
        let named = self
            .layout
            .model
            .is_none_or(|column| !row.get(column).is_empty());
        if !named && self.needs_model {
            self.faults.add(
                batch,
                NoteKind::Rejected,
                row.line,
                "the row names no model",
            );
            return false;
        }
        true
    }

    /// The run that a row's value of a metric (or its values of a task) belongs to: the nth value
    /// of one metric belongs to the nth run of the row's key, which is begun when it is new.
    pub(super) fn of(&mut self, row: &Row<'_>, metric: u32, batch: &mut Batch) -> usize {
        let key = self.key(row);
        let Some(group) = self.groups.get_mut(key) else {
            return self.begin(row, batch);
        };
        let nth = group.met.count(metric);
        if let Some(&run) = group.runs.get(nth) {
            return run;
        }
        if nth > 0 {
            let what = "repeats a value that its run already has, so a further run begins";
            self.faults.add(batch, NoteKind::Warning, row.line, what);
        }
        let run = self.begin(row, batch);
        if let Some(group) = self.groups.get_mut(key) {
            group.runs.push(run);
        }
        run
    }

    /// The number of the key that a row has in common with all rows of its run.
    fn key(&mut self, row: &Row<'_>) -> usize {
        // Rows of one run mostly stand together.
        if !self.groups.is_empty() && self.is_last(row) {
            return self.last.1;
        }
        let (key, group) = &mut self.last;
        key.clear();
        for &column in &self.identity {
            let text = row.get(column);
            key.extend_from_slice(&(text.len() as u32).to_le_bytes());
            key.extend_from_slice(text.as_bytes());
        }
        *group = match self.keys.get(key.as_slice()) {
            Some(&group) => group,
            None => {
                let next = self.groups.len();
                self.keys.insert(key.as_slice().into(), next);
                self.groups.push(Group::default());
                next
            }
        };
        *group
    }

    /// Whether a row has the key of the last one.
    fn is_last(&self, row: &Row<'_>) -> bool {
        let mut rest = self.last.0.as_slice();
        self.identity.iter().all(|&column| {
            let text = row.get(column).as_bytes();
            let Some((length, after)) = rest.split_first_chunk() else {
                return false;
            };
            rest = after.get(text.len()..).unwrap_or_default();
            u32::from_le_bytes(*length) as usize == text.len()
                && after.get(..text.len()) == Some(text)
        })
    }

    /// A new run with the facts of a row; its place in the batch.
    pub(super) fn begin(&mut self, row: &Row<'_>, batch: &mut Batch) -> usize {
        let mut run = Run::default();
        for ((column, part), name) in (0..).zip(&self.layout.parts).zip(self.columns) {
            let text = row.get(column);
            if text.is_empty() {
                continue;
            }
            match part {
                Part::Single(Role::Model) => run.model = Some(text.to_owned()),
                Part::Single(Role::Run) => run.label = Some(text.to_owned()),
                Part::Single(Role::Time) => {
                    if self.time.0 != text {
                        self.time = (text.to_owned(), roles::moment(text));
                    }
                    run.started.clone_from(&self.time.1);
                    if run.started.is_none() {
                        let what = "the time cannot be read; the run is stored without one";
                        self.faults.add(batch, NoteKind::Rejected, row.line, what);
                    }
                }
                Part::Field(field) => {
                    if !(field.set)(&mut run, text) {
                        run.settings.insert(name.clone(), row.setting(column));
                        self.faults
                            .add(batch, NoteKind::Warning, row.line, field.unreadable);
                    }
                }
                Part::Setting => {
                    run.settings.insert(name.clone(), row.setting(column));
                }
                Part::Detail => {
                    run.details.insert(name.clone(), row.setting(column));
                }
                Part::Single(_)
                | Part::Open
                | Part::Ignore
                | Part::Measure(_)
                | Part::Companion(..) => {}
            }
        }
        batch.runs.push(run);
        batch.runs.len() - 1
    }

    /// The number in a column that says something about a value.
    pub(super) fn about(
        &mut self,
        row: &Row<'_>,
        column: Option<usize>,
        batch: &mut Batch,
    ) -> Option<f64> {
        match cell::read(row.get(column?), true) {
            Cell::Number(number) => Some(number.value),
            Cell::Blank | Cell::Missing(_) | Cell::NotFinite(_) => None,
            Cell::Text(_) | Cell::DecimalComma(_) => {
                let what = "a standard error, spread or count is no number and was left out";
                self.faults.add(batch, NoteKind::Rejected, row.line, what);
                None
            }
        }
    }

    /// The whole number in a column that counts observations.
    pub(super) fn count(
        &mut self,
        row: &Row<'_>,
        column: Option<usize>,
        batch: &mut Batch,
    ) -> Option<i64> {
        self.about(row, column, batch).and_then(field::as_whole)
    }
}

/// How many rows with the same fault are noted one by one.
const LISTED: usize = 20;

/// Faults of single rows: each is noted until there are many of its sort.
#[derive(Default)]
pub(super) struct Faults(Vec<Fault>);

struct Fault {
    kind: NoteKind,
    what: &'static str,
    rows: usize,
}

impl Faults {
    /// Notes a fault of one row.
    pub(super) fn add(
        &mut self,
        batch: &mut Batch,
        kind: NoteKind,
        line: usize,
        what: &'static str,
    ) {
        let known = self.0.iter().position(|fault| fault.what == what);
        let index = known.unwrap_or_else(|| {
            self.0.push(Fault {
                kind,
                what,
                rows: 0,
            });
            self.0.len() - 1
        });
        if let Some(fault) = self.0.get_mut(index) {
            fault.rows += 1;
            if fault.rows <= LISTED {
                note(batch, kind, format!("line {line}"), what.to_owned());
            }
        }
    }

    /// Notes how many more rows there are than were listed.
    pub(super) fn finish(self, batch: &mut Batch) {
        for Fault { kind, what, rows } in self.0 {
            if let more @ 1.. = rows.saturating_sub(LISTED) {
                note(
                    batch,
                    kind,
                    "further lines".to_owned(),
                    format!("{more} more rows: {what}"),
                );
            }
        }
    }
}

fn note(batch: &mut Batch, kind: NoteKind, place: String, reason: String) {
    match kind {
        NoteKind::Rejected => batch.reject(place, reason),
        NoteKind::Warning => batch.warn(place, reason),
        NoteKind::Guess => batch.guess(place, reason),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::import;
    use super::*;

    #[test]
    fn many_rows_with_one_fault_are_listed_to_a_point_and_then_counted() {
        let rows: String = (0..50).map(|i| format!(",{i}\n")).collect();
        let batch = import(&format!("model,acc\nm,1\n{rows}"), &[]).unwrap();
        let rejected: Vec<_> = batch
            .notes
            .iter()
            .filter(|note| note.kind == NoteKind::Rejected)
            .collect();
        assert_eq!(rejected.len(), LISTED + 1);
        assert_eq!(rejected[0].place, "line 3");
        assert_eq!(
            rejected[LISTED].reason,
            "30 more rows: the row names no model"
        );
    }

    #[test]
    fn a_fact_that_cannot_be_read_is_kept_as_a_setting() {
        let rows = "m,8,1\n".repeat(20);
        let batch = import(&format!("model,batch,acc\n{rows}m,auto,1\n"), &[]).unwrap();
        assert_eq!(batch.runs[0].workload.batch, Some(8));
        assert_eq!(batch.runs[20].workload.batch, None);
        assert_eq!(batch.runs[20].settings["batch"], "auto");
    }
}
