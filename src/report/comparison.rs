//! The report on a candidate against a baseline.

use crate::analysis::{Family, Judged, Verdict};
use crate::catalog::Value;
use crate::catalog::number::{counted, percent};

use super::document::{Document, Section, Statement};
use super::table::{Cell, Kind, Provenance, Table};

/// A series of both sides and what its comparison comes to.
#[derive(Debug, Clone)]
pub struct Compared<'a> {
    /// The series in words.
    pub series: String,
    /// Its unit.
    pub unit: Option<String>,
    /// Runs of each side.
    pub runs: [usize; 2],
    /// What it comes to.
    pub judged: &'a Judged,
}

/// Everything the report is made of.
#[derive(Debug, Clone)]
pub struct ComparisonReport<'a> {
    /// Its title.
    pub title: String,
    /// What the sides are called: baseline and candidate.
    pub sides: [String; 2],
    /// The level of significance.
    pub alpha: f64,
    /// The correction for the number of tests.
    pub correction: &'a str,
    /// The family of tests.
    pub family: &'a Family,
    /// The comparisons, the worst first.
    pub compared: Vec<Compared<'a>>,
    /// Settings in which the sides differ: key, baseline, candidate.
    pub differences: Vec<[String; 3]>,
    /// What was not compared, and why.
    pub left_out: Vec<String>,
    /// The values of both sides, as their query gives them; none when they are too many.
    pub rows: Option<Table>,
    /// The query that gives them.
    pub source: Provenance,
}

impl ComparisonReport<'_> {
    /// The report.
    pub fn document(self) -> Document {
        let subtitle = format!("{} against {}", self.sides[1], self.sides[0]);
        let mut sections = vec![
            self.overview(),
            self.verdicts(),
            self.settings(),
            self.limits(),
        ];
        sections.push(super::sections::plain_rows(self.rows));
        sections.retain(|section| !section.blocks.is_empty());
        Document {
            title: self.title,
            subtitle: Some(subtitle),
            sections,
        }
    }

    fn count(&self, verdict: Verdict) -> usize {
        let judged = self.compared.iter().map(|c| c.judged.verdict);
        judged.filter(|found| *found == verdict).count()
    }

    fn overview(&self) -> Section {
        let mut section = Section::new("Overview");
        let text = format!(
            "{}, {}, {} unchanged, {} undecided.",
            counted(self.count(Verdict::Regression), "regression"),
            counted(self.count(Verdict::Improvement), "improvement"),
            self.count(Verdict::Unchanged),
            self.count(Verdict::Undecided)
        );
        section.text(
            Statement::from(text)
                .with("tests", self.family.tests as i64)
                .with("correction", self.correction)
                .with("alpha", self.alpha),
        );
        if self.family.unreachable {
            section.text("With so many tests and so few runs a side nothing can be significant; more runs or fewer metrics would change that.");
        }
        section
    }

    fn verdicts(&self) -> Section {
        let mut section = Section::new("Verdicts");
        let rows = self.compared.iter().map(|compared| {
            let Judged {
                evidence: e,
                baseline,
                candidate,
                ..
            } = compared.judged;
            let share = match *baseline {
                0.0 => Cell::from(Value::Null),
                of => Cell::shown_as(e.change / of, percent(e.change / of)),
            };
            vec![
                compared.judged.verdict.as_str().into(),
                compared.series.as_str().into(),
                compared
                    .unit
                    .clone()
                    .map_or(Value::Null, Value::Text)
                    .into(),
                (*baseline).into(),
                (*candidate).into(),
                share,
                e.low.into(),
                e.high.into(),
                e.p.into(),
                compared.judged.test.into(),
                (compared.runs[0] as i64).into(),
                (compared.runs[1] as i64).into(),
            ]
        });
        let headings = [
            "verdict",
            "series",
            "unit",
            "baseline",
            "candidate",
            "change",
            "low",
            "high",
            "p",
            "test",
            "runs before",
            "runs after",
        ];
        let mut table = Table::of(&headings, rows.collect());
        if let Some(column) = table.columns.first_mut() {
            column.kind = Kind::Verdict;
        }
        section.push(table.computed_from(self.source.clone()).main());
        section.text("A change is spoken of when it is significant after the correction and at least the smallest change that matters; unchanged means that its whole interval lies inside that.");
        section
    }

    fn settings(&self) -> Section {
        let mut section = Section::new("Settings that differ");
        let rows = self.differences.iter().map(|row| row.to_vec()).collect();
        section.table(&["setting", "baseline", "candidate"], rows);
        section
    }

    fn limits(&self) -> Section {
        let mut section = Section::new("What this report cannot tell");
        let mut items: Vec<String> = self.left_out.clone();
        let needed = self
            .compared
            .iter()
            .filter_map(|c| Some((c, c.judged.runs_needed?)));
        items.extend(needed.map(|(c, runs)| {
            format!("{}: undecided; {runs} runs a side would decide about a change of twice the smallest that matters.", c.series)
        }));
        items.push("Whether the two sides differ in anything that no file records.".to_owned());
        section.list(items);
        section
    }
}
