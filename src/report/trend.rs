//! The report on what changed: the series that tell something, each with its picture, its changes and
//! its values; the frontier over time; all series in short.

use crate::analysis::{PointState, Progress, Trend, TrendStatus, Verdict};
use crate::catalog::Value;
use crate::catalog::number::{counted, percent, short};
use crate::chart::{self, ChartError, Paper};

use super::course::{Frame, course};
use super::document::{Chart, Document, Fact, Section, Statement};
use super::table::{Cell, Kind, Provenance, Table};

/// Series that get a section of their own.
const SHOWN: usize = 12;

/// A series, what it is called, and the rows it was read from.
#[derive(Debug, Clone)]
pub struct Told {
    /// Its name in words.
    pub name: String,
    /// What changed in it.
    pub trend: Trend,
    /// The query that gives its values.
    pub source: Provenance,
    /// Its values as the query gives them; where the series is shown.
    pub values: Option<Table>,
}

impl Told {
    /// How much it has to tell, the least the most: open regressions, suspects, other changes, drift,
    /// nothing, too short to tell.
    pub fn rank(&self) -> u8 {
        rank(&self.trend)
    }

    /// Whether it has something to tell.
    pub fn tells(&self) -> bool {
        self.rank() < QUIET
    }
}

/// From here on a series has nothing to tell.
pub const QUIET: u8 = 4;

/// The order in which series are told.
pub fn rank(trend: &Trend) -> u8 {
    let mut changes = trend.change_points.iter();
    match () {
        () if trend.open_regressions().next().is_some() => 0,
        () if changes.any(|c| c.state == PointState::Suspect) => 1,
        () if !trend.change_points.is_empty() => 2,
        () if trend.drift.is_some() => 3,
        () if trend.status == TrendStatus::TooShort => QUIET + 1,
        () => QUIET,
    }
}

/// Everything the report is made of.
#[derive(Debug, Clone)]
pub struct TrendReport {
    /// Its title.
    pub title: String,
    /// What `since` was, as the user wrote it.
    pub since: Option<String>,
    /// The level of significance.
    pub alpha: f64,
    /// The series, those with most to tell first.
    pub series: Vec<Told>,
    /// The frontier over time, or why it is not shown.
    pub progress: Result<Progress, String>,
}

impl TrendReport {
    /// The series that get a section of their own.
    pub fn shown(series: &[Told]) -> usize {
        series
            .iter()
            .take(SHOWN)
            .filter(|told| told.tells())
            .count()
    }

    /// The report.
    ///
    /// # Errors
    /// Those of [`chart::history`].
    pub fn document(&self) -> Result<Document, ChartError> {
        let mut sections = vec![self.overview(), self.newest(), self.changes()];
        let shown = Self::shown(&self.series);
        for told in self.series.iter().take(shown) {
            sections.push(self.one(told)?);
        }
        sections.push(self.frontier());
        sections.push(self.all());
        sections.push(self.limits());
        sections.retain(|section| !section.blocks.is_empty());
        Ok(Document {
            title: self.title.clone(),
            subtitle: self.span(),
            sections,
        })
    }

    /// From the first run to the last.
    fn span(&self) -> Option<String> {
        let points = self.series.iter().flat_map(|told| &told.trend.points);
        let mut times: Vec<&str> = points.filter_map(|point| point.time.as_deref()).collect();
        times.sort_unstable();
        let (first, last) = (times.first()?, times.last()?);
        Some(format!(
            "{} series, runs from {first} to {last}",
            self.series.len()
        ))
    }

    fn count(&self, what: impl Fn(&Trend) -> bool) -> i64 {
        self.series.iter().filter(|told| what(&told.trend)).count() as i64
    }

    fn overview(&self) -> Section {
        let mut section = Section::new("Overview");
        let open = self.count(|trend| trend.open_regressions().next().is_some());
        let text = match open {
            0 => "No series has a confirmed regression that nobody has acknowledged.".to_owned(),
            1 => "1 series has a confirmed regression that nobody has acknowledged.".to_owned(),
            n => {
                format!("{n} series have confirmed regressions that nobody has acknowledged.")
            }
        };
        let statement = Statement::from(text)
            .with("series", self.series.len() as i64)
            .with("open", open)
            .with("changed", self.count(|t| !t.change_points.is_empty()))
            .with("drifting", self.count(|t| t.drift.is_some()))
            .with(
                "too_short",
                self.count(|t| t.status == TrendStatus::TooShort),
            )
            .with("alpha", self.alpha);
        section.text(statement);
        section
    }

    /// What changed in the newest run, or since the time asked for.
    fn newest(&self) -> Section {
        let title = match &self.since {
            Some(since) => format!("Since {since}"),
            None => "In the newest runs".to_owned(),
        };
        let mut section = Section::new(&title);
        let items: Vec<Statement> = self
            .series
            .iter()
            .flat_map(|told| self.of_series(told))
            .collect();
        match items.is_empty() {
            true => section.text("They show no change."),
            false => section.list(items),
        }
        section
    }

    fn of_series<'a>(&'a self, told: &'a Told) -> impl Iterator<Item = Statement> + 'a {
        let newest = told.trend.points.len().saturating_sub(2);
        let changes = told.trend.change_points.iter();
        let recent = changes.filter(move |c| self.since.is_some() || c.index >= newest);
        recent.map(move |change| {
            let size = change
                .relative_change
                .map_or_else(|| short(change.change), percent);
            let what = change.verdict.map_or("change", Verdict::as_str);
            let state = match change.state {
                PointState::Confirmed => "confirmed",
                PointState::Possible => "possible",
                PointState::Suspect => "suspect, too new to be tested",
            };
            let text = format!("{}: {what} of {size}, {state}.", told.name);
            let mut statement = Statement::from(text)
                .with("before", change.before)
                .with("after", change.after)
                .with("n", told.trend.present as i64);
            if let Some((low, high)) = change.expected {
                statement = statement.with(
                    "expected",
                    Fact::Interval {
                        level: 0.95,
                        low,
                        high,
                    },
                );
            }
            match change.p {
                Some(p) => statement.with("p", Fact::P(p)),
                None => statement,
            }
        })
    }

    /// Every change of every series: the plain table.
    fn changes(&self) -> Section {
        let mut section = Section::new("Changes");
        let rows: Vec<Vec<Cell>> = self
            .series
            .iter()
            .flat_map(|told| told.trend.change_points.iter().map(move |c| (told, c)))
            .map(|(told, c)| {
                let text = |text: &Option<String>| {
                    Cell::from(text.clone().map_or(Value::Null, Value::Text))
                };
                let share = match c.relative_change {
                    Some(share) => Cell::shown_as(share, percent(share)),
                    None => Cell::from(Value::Null),
                };
                vec![
                    told.name.as_str().into(),
                    c.verdict.map_or(Value::Null, |v| v.as_str().into()).into(),
                    share,
                    c.p_guarded.into(),
                    format!("{:?}", c.state).to_lowercase().into(),
                    c.before.into(),
                    c.after.into(),
                    text(&c.time),
                    c.run.map_or(Value::Null, Value::Integer).into(),
                    text(&c.acknowledged),
                ]
            })
            .collect();
        if rows.is_empty() {
            section.text("No series has a change of level.");
            return section;
        }
        let headings = [
            "series",
            "verdict",
            "change",
            "p",
            "state",
            "before",
            "after",
            "time",
            "run",
            "acknowledged",
        ];
        let mut table = Table::of(&headings, rows);
        if let Some(column) = table.columns.get_mut(1) {
            column.kind = Kind::Verdict;
        }
        section.push(table.main());
        section.text("p allows for the autocorrelation of the noise; a change is confirmed when it is at most alpha. A suspect is too new to be tested: the newest one or two values lie outside what the level before leads to expect.");
        section
    }

    fn one(&self, told: &Told) -> Result<Section, ChartError> {
        let mut section = Section::new(&told.name);
        let unit = told
            .trend
            .key
            .unit
            .as_ref()
            .map(|unit| format!(" ({unit})"));
        let frame = Frame {
            title: told.name.clone(),
            subtitle: Some(told.trend.sentence.clone()),
            caption: vec![format!(
                "n = {}; vertical lines: changes of level",
                told.trend.present
            )],
            y_title: format!("{}{}", told.trend.key.metric, unit.unwrap_or_default()),
            x_title: "run, in order".to_owned(),
        };
        let picture = course(&[(told.name.clone(), &told.trend)], &frame);
        let drawing = chart::history(&picture, Paper::default())?;
        section.push(Chart {
            svg: drawing.svg,
            description: format!("{}: {}", told.name, told.trend.sentence),
            ..Chart::default()
        });
        section.text(format!("{}.", told.trend.sentence));
        if let Some(values) = &told.values {
            section.push(values.clone());
        }
        Ok(section)
    }

    fn frontier(&self) -> Section {
        let mut section = Section::new("The frontier over time");
        let progress = match &self.progress {
            Ok(progress) => progress,
            Err(why) => {
                section.text(why.as_str());
                return section;
            }
        };
        let rows: Vec<Vec<Cell>> = progress
            .steps
            .iter()
            .map(|step| {
                vec![
                    step.time.as_str().into(),
                    step.frontier.join(", ").into(),
                    step.entered.join(", ").into(),
                    step.left.join(", ").into(),
                    Cell::shown_as(step.ratio, format!("{:.1} %", step.ratio * 100.0)),
                ]
            })
            .collect();
        section.text(format!(
            "Which models were on the frontier of {} and {}, each with its newest values of that time.",
            progress.objectives[0], progress.objectives[1]
        ));
        let headings = ["time", "frontier", "entered", "left", "hypervolume"];
        section
            .push(Table::of(&headings, rows).captioned(
                "Times at which models entered or left the frontier, and the last time",
            ));
        section.text(format!(
            "Hypervolume: share of what the best of all times together cover, from the corner ({}, {}), the worst values of the whole time.",
            short(progress.reference[0]),
            short(progress.reference[1])
        ));
        section
    }

    /// Every series in short.
    fn all(&self) -> Section {
        let mut section = Section::new("All series");
        let rows = self.series.iter().map(|told| {
            let newest = told.trend.points.iter().rev().find_map(|point| point.value);
            vec![
                told.name.as_str().into(),
                (told.trend.present as i64).into(),
                Cell::from(newest),
                told.trend.sentence.as_str().into(),
            ]
        });
        let headings = ["series", "values", "newest", "what changed"];
        section.push(Table::of(&headings, rows.collect()));
        section
    }

    fn limits(&self) -> Section {
        let mut section = Section::new("What this report cannot tell");
        let short_ones = self.count(|trend| trend.status == TrendStatus::TooShort);
        let mut items = Vec::new();
        if short_ones > 0 {
            items.push(format!(
                "{} too short: fewer than 8 values leave no way to tell a change from noise.",
                if short_ones == 1 {
                    "1 series is".to_owned()
                } else {
                    format!("{short_ones} series are")
                }
            ));
        }
        let shown = Self::shown(&self.series);
        let telling = self.series.iter().filter(|told| told.tells()).count();
        if telling > shown {
            items.push(format!(
                "{} more with something to tell have no picture here.",
                counted(telling - shown, "one")
            ));
        }
        items.push("Why a level changed: a change of settings begins another series, but versions, drivers and machines may have changed within one.".to_owned());
        items.push(
            "A change smaller than the smallest detectable one may be there all the same."
                .to_owned(),
        );
        section.list(items);
        section
    }
}
