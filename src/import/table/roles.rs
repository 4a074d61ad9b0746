//! What each column of a table holds: by `--map` first, else guessed from its header and tested on
//! its first cells. Every guess is noted.

use crate::catalog::{Batch, Direction, Moment, Run, nearest::nearest};

use super::super::{ImportError, Options, Role, time};
use super::definition;
use super::field::{FIELDS, Field};
use super::gives_model;
use super::source::Source;

/// What a column holds.
pub(super) enum Part {
    /// Not decided: by its cells a metric or a setting.
    Open,
    /// A role that at most one column holds.
    Single(Role),
    /// A fact about the run.
    Field(&'static Field),
    /// A setting of the run.
    Setting,
    /// A fact that separates no series: the seed.
    Detail,
    /// Nothing.
    Ignore,
    /// A metric; the mapping may name it.
    Measure(Option<Named>),
    /// Something about the metric in another column.
    Companion(usize, About),
}

/// A metric as the user describes it.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) unit: Option<String>,
    pub(super) direction: Option<Direction>,
}

/// What a companion column says about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// Its standard error.
    Stderr,
    /// The standard deviation of the observations behind it.
    Spread,
    /// Their number.
    N,
    /// Its confidence interval.
    Interval,
}

/// The columns of a table and what they hold.
pub(super) struct Layout {
    pub(super) parts: Vec<Part>,
    pub(super) is_long: bool,
    pub(super) model: Option<usize>,
    pub(super) run: Option<usize>,
    pub(super) time: Option<usize>,
    pub(super) task: Option<usize>,
    pub(super) metric: Option<usize>,
    pub(super) value: Option<usize>,
    pub(super) unit: Option<usize>,
    pub(super) stderr: Option<usize>,
    pub(super) n: Option<usize>,
}

/// Headers that mean a role, without case, spaces, underscores and hyphens; the first that a table
/// has is taken.
const MODEL: &[&str] = &["model", "modelname", "modelid"];
const RUN: &[&str] = &["run", "runid", "runname", "label"];
const TIME: &[&str] = &[
    "time",
    "timestamp",
    "datetime",
    "date",
    "createdat",
    "startedat",
];
const TASK: &[&str] = &["task", "benchmark", "dataset", "subset"];
const METRIC: &[&str] = &["metric", "metricname"];
const VALUE: &[&str] = &["value", "score"];
const UNIT: &[&str] = &["unit"];
const STDERR: &[&str] = &["stderr", "se"];
const N: &[&str] = &["n", "numsamples", "nsamples", "count"];

/// Columns of whole numbers that only number the rows: left out.
const ROW_NUMBERS: &[&str] = &["id", "index", "idx", "row", "no", "#"];
/// Columns of numbers that were asked for and not measured.
const SETTINGS: &[&str] = &[
    "shots",
    "nshot",
    "nshots",
    "numshots",
    "numfewshot",
    "fewshot",
    "temperature",
    "topp",
    "topk",
];
/// Columns that tell two runs apart, but not two series.
const DETAILS: &[&str] = &["seed", "randomseed"];

/// Whether a header alone makes a delimited file a table of results.
pub(super) fn names_model_or_metric(header: &str) -> bool {
    let name = squeeze(header);
    MODEL.contains(&name.as_str()) || METRIC.contains(&name.as_str())
}

/// A header without case, spaces, underscores and hyphens.
pub(super) fn squeeze(header: &str) -> String {
    definition::fold(header).replace('_', "")
}

impl Layout {
    /// The layout by mappings and headers; in a wide table some columns stay open.
    pub(super) fn of(
        source: &Source<'_>,
        sample: &[Vec<String>],
        options: &Options,
        batch: &mut Batch,
    ) -> Result<Self, ImportError> {
        let mut layout = Self {
            parts: source.columns.iter().map(|_| Part::Open).collect(),
            is_long: false,
            model: None,
            run: None,
            time: None,
            task: None,
            metric: None,
            value: None,
            unit: None,
            stderr: None,
            n: None,
        };
        layout.map(source, options)?;
        let names: Vec<String> = source.columns.iter().map(|name| squeeze(name)).collect();
        let mut guesses = Guesses {
            layout,
            columns: &source.columns,
            names,
            sample,
            batch,
        };
        guesses.all(options);
        let mut layout = guesses.layout;
        layout.is_long = layout.metric.is_some() && layout.value.is_some();
        layout.check(source)?;
        if layout.is_long {
            layout.close(&source.columns, batch);
        }
        Ok(layout)
    }

    /// Takes over the user's mappings.
    fn map(&mut self, source: &Source<'_>, options: &Options) -> Result<(), ImportError> {
        for mapping in &options.map {
            let Some(column) = source
                .columns
                .iter()
                .position(|name| *name == mapping.column)
            else {
                let near = nearest(&mapping.column, source.columns.iter().map(String::as_str));
                let near = near.map(|near| format!(", did you mean `{near}`?"));
                let near = near.unwrap_or_default();
                return Err(source.invalid(
                    "header",
                    &format!("there is no column `{}`{near}", mapping.column),
                ));
            };
            let part = match &mapping.role {
                Role::Setting => Part::Setting,
                Role::Ignore => Part::Ignore,
                Role::Measure {
                    name,
                    unit,
                    direction,
                } => Part::Measure(Some(Named {
                    name: name.clone(),
                    unit: unit.clone(),
                    direction: *direction,
                })),
                role => {
                    if let Some(other) = self.place(role).and_then(|place| place.replace(column)) {
                        let other = source.columns.get(other).map_or("", String::as_str);
                        let reason =
                            format!("`{}` is mapped to the role of `{other}`", mapping.column);
                        return Err(source.invalid("header", &reason));
                    }
                    Part::Single(role.clone())
                }
            };
            if let Some(place) = self.parts.get_mut(column) {
                *place = part;
            }
        }
        Ok(())
    }

    /// Which column holds a role that only one can hold.
    fn place(&mut self, role: &Role) -> Option<&mut Option<usize>> {
        Some(match role {
            Role::Model => &mut self.model,
            Role::Run => &mut self.run,
            Role::Time => &mut self.time,
            Role::Task => &mut self.task,
            Role::Metric => &mut self.metric,
            Role::Value => &mut self.value,
            Role::Unit => &mut self.unit,
            Role::Stderr => &mut self.stderr,
            Role::N => &mut self.n,
            Role::Setting | Role::Ignore | Role::Measure { .. } => return None,
        })
    }

    /// Refuses mappings that contradict each other.
    fn check(&self, source: &Source<'_>) -> Result<(), ImportError> {
        let measures = self
            .parts
            .iter()
            .any(|part| matches!(part, Part::Measure(_)));
        let reason = match (self.metric, self.value) {
            (Some(_), Some(_)) if measures => {
                "with a metric and a value column no other column can be a metric"
            }
            (Some(_), None) => "a column holds the metrics' names, none their values",
            (None, Some(_)) => "a column holds values, none the names of their metrics",
            _ => return Ok(()),
        };
        Err(source.invalid("header", reason))
    }

    /// A long table has no metrics beside its value column: what is open is a setting.
    fn close(&mut self, columns: &[String], batch: &mut Batch) {
        for (part, name) in self.parts.iter_mut().zip(columns) {
            if matches!(part, Part::Open) {
                *part = Part::Setting;
                batch.guess("header", format!("column `{name}` read as a setting"));
            }
        }
    }
}

/// The guesses about one table.
struct Guesses<'a> {
    layout: Layout,
    columns: &'a [String],
    names: Vec<String>,
    sample: &'a [Vec<String>],
    batch: &'a mut Batch,
}

impl Guesses<'_> {
    fn all(&mut self, options: &Options) {
        let any = |_: &str| true;
        self.single(Role::Model, MODEL, "the model", any);
        if self.layout.model.is_none() && !gives_model(options) {
            self.single(Role::Model, &["name"], "the model", any);
        }
        self.single(Role::Run, RUN, "the run's own name", any);
        self.single(Role::Time, TIME, "the run's time", |text| {
            moment(text).is_some()
        });
        self.single(Role::Task, TASK, "the task", any);
        self.long(any);
        for field in FIELDS {
            let fits = |text: &str| (field.set)(&mut Run::default(), text);
            let found = self.candidates(field.headers, &fits);
            self.take(found, field.name, || Part::Field(field));
        }
        for (column, name) in self.names.iter().enumerate() {
            let cells = self.sample.get(column).map_or(&[][..], Vec::as_slice);
            let Some(part @ Part::Open) = self.layout.parts.get_mut(column) else {
                continue;
            };
            let header = self.columns.get(column).map_or("", String::as_str);
            if SETTINGS.contains(&name.as_str()) {
                *part = Part::Setting;
                self.batch
                    .guess("header", format!("column `{header}` read as a setting"));
            } else if DETAILS.contains(&name.as_str()) {
                *part = Part::Detail;
                self.batch.guess(
                    "header",
                    format!("column `{header}` read as a detail that separates no series"),
                );
            } else if ROW_NUMBERS.contains(&name.as_str())
                && cells.iter().all(|text| text.parse::<i64>().is_ok())
            {
                *part = Part::Ignore;
                self.batch.guess(
                    "header",
                    format!("column `{header}` left out: it only numbers the rows"),
                );
            }
        }
    }

    /// A metric column and a value column make a table long; one alone means nothing, unless the
    /// user mapped the other.
    fn long(&mut self, any: fn(&str) -> bool) {
        let mapped = self
            .layout
            .parts
            .iter()
            .any(|part| matches!(part, Part::Measure(_)));
        let has = |place: Option<usize>, found: &[usize]| place.is_some() || !found.is_empty();
        let metrics = self.candidates(METRIC, &any);
        let values = self.candidates(VALUE, &any);
        let is_long = has(self.layout.metric, &metrics) && has(self.layout.value, &values);
        if !mapped && is_long {
            self.single(Role::Metric, METRIC, "the metric's name", any);
            self.single(Role::Value, VALUE, "the value", any);
            self.single(Role::Unit, UNIT, "the unit", any);
        }
        self.single(Role::Stderr, STDERR, "the standard error", any);
        self.single(Role::N, N, "the number of observations", any);
    }

    fn single(&mut self, role: Role, headers: &[&str], meaning: &str, fits: fn(&str) -> bool) {
        if self.layout.place(&role).is_none_or(|place| place.is_some()) {
            return;
        }
        let found = self.candidates(headers, &fits);
        if let Some(&first) = found.first()
            && let Some(place) = self.layout.place(&role)
        {
            *place = Some(first);
        }
        self.take(found, meaning, || Part::Single(role.clone()));
    }

    /// Open columns with one of the headers whose first cells all fit, in the order of the headers.
    fn candidates(&self, headers: &[&str], fits: &dyn Fn(&str) -> bool) -> Vec<usize> {
        let columns = headers.iter().flat_map(|header| {
            let is_open = |column: &usize| {
                matches!(self.layout.parts.get(*column), Some(Part::Open))
                    && self
                        .sample
                        .get(*column)
                        .is_none_or(|cells| cells.iter().all(|c| fits(c)))
            };
            let named = self
                .names
                .iter()
                .enumerate()
                .filter(move |(_, name)| name == header);
            named.map(|(column, _)| column).filter(is_open)
        });
        columns.collect()
    }

    /// Gives the first column the part, and makes the others settings.
    fn take(&mut self, found: Vec<usize>, meaning: &str, part: impl FnOnce() -> Part) {
        let mut columns = found.into_iter();
        let Some(first) = columns.next() else {
            return;
        };
        let header = self.columns.get(first).map_or("", String::as_str);
        self.batch
            .guess("header", format!("column `{header}` read as {meaning}"));
        if let Some(place) = self.layout.parts.get_mut(first) {
            *place = part();
        }
        for other in columns {
            let name = self.columns.get(other).map_or("", String::as_str);
            let reason = format!("column `{name}` read as a setting: `{header}` is {meaning}");
            self.batch.guess("header", reason);
            if let Some(place) = self.layout.parts.get_mut(other) {
                *place = Part::Setting;
            }
        }
    }
}

/// A cell as a time: text, or seconds or milliseconds since 1970.
pub(super) fn moment(text: &str) -> Option<Moment> {
    time::parse(text).or_else(|| {
        let number: f64 = text.parse().ok()?;
        time::epoch_seconds(number).or_else(|| {
            let mut moment = time::epoch_seconds(number / 1e3)?;
            moment.precision = 1;
            Some(moment)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{import, values};

    fn refusal(text: &str, maps: &[&str]) -> String {
        import(text, maps).unwrap_err().to_string()
    }

    #[test]
    fn a_mapping_stands_above_every_guess() {
        let batch = import("model,who,acc\nx,m,0.5\n", &["who=model"]).unwrap();
        assert_eq!(values(&batch), ["m - acc - 0.5"]);
        assert_eq!(batch.runs[0].settings["model"], "x");
    }

    #[test]
    fn a_mapping_of_no_column_names_the_nearest() {
        assert_eq!(
            refusal("model,acc\nm,0.5\n", &["modle=model"]),
            "`t.csv`, header: there is no column `modle`, did you mean `model`?"
        );
    }

    #[test]
    fn mappings_that_contradict_each_other_are_refused() {
        let text = "a,b,c\nm,x,1\n";
        assert!(
            refusal(text, &["a=model", "b=model"]).ends_with("`b` is mapped to the role of `a`")
        );
        assert!(refusal(text, &["a=model", "b=metric"]).ends_with("none their values"));
        assert!(
            refusal(text, &["a=model", "c=value"]).ends_with("none the names of their metrics")
        );
        let all = ["a=model", "b=metric", "c=value", "c=acc"];
        assert!(import(text, &all[..3]).is_ok());
        assert!(import(text, &all).is_err());
    }

    #[test]
    fn of_two_columns_for_one_role_the_second_is_a_setting() {
        let batch = import("model_id,model,acc\norg/m,m,0.5\n", &[]).unwrap();
        assert_eq!(batch.runs[0].model.as_deref(), Some("m"));
        assert_eq!(batch.runs[0].settings["model_id"], "org/m");
    }

    #[test]
    fn a_time_column_must_hold_times() {
        let times = import("model,time,acc\nm,2025-01-01,0.5\n", &[]).unwrap();
        assert!(times.runs[0].started.is_some());
        let seconds = import("model,time,acc\nm,1735689600,0.5\n", &[]).unwrap();
        let millis = import("model,time,acc\nm,1735689600000,0.5\n", &[]).unwrap();
        let at = |batch: &crate::catalog::Batch| batch.runs[0].started.as_ref().unwrap().millis;
        assert_eq!(
            (at(&seconds), at(&millis)),
            (1_735_689_600_000, 1_735_689_600_000)
        );
        let duration = import("model,time,acc\nm,12.5,0.5\n", &[]).unwrap();
        assert_eq!(values(&duration), ["m - acc - 0.5", "m - time - 12.5"]);
    }

    #[test]
    fn a_time_that_cannot_be_read_is_noted_and_the_run_kept() {
        let text = "model,when,acc\nm,2025-01-01,0.5\nk,soon,0.6\n";
        let batch = import(text, &["when=time"]).unwrap();
        assert_eq!(batch.runs.len(), 2);
        assert_eq!(batch.runs[1].started, None);
        assert!(
            batch
                .notes
                .iter()
                .any(|note| note.place == "line 3" && note.reason.contains("time"))
        );
    }

    #[test]
    fn a_rank_is_a_result_and_no_row_number() {
        let batch = import("rank,model,acc\n1,m,0.5\n1,k,0.5\n", &[]).unwrap();
        assert_eq!(batch.measurements(), 4);
        let rank = batch.metrics.iter().find(|metric| metric.name == "rank");
        assert_eq!(
            rank.unwrap().direction,
            Some(crate::catalog::Direction::Lower)
        );
    }

    #[test]
    fn numbers_named_precision_or_parameters_are_metrics() {
        let batch = import("model,precision,Parameters\nm,0.5,46.15\n", &[]).unwrap();
        assert_eq!(
            values(&batch),
            ["m - Parameters - 46.15", "m - precision - 0.5"]
        );
    }
}
