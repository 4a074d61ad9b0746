//! What the user adds to what a file says: the format, the model, settings, and the roles of a
//! table's columns. Everything given here is marked as the user's.

use std::path::Path;
use std::str::FromStr;

use crate::catalog::{Batch, Direction, Origin, Run};

use super::ImportError;

/// The options of one import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Read every file in this format.
    pub from: Option<String>,
    /// The model of runs whose file names none.
    pub model: Option<String>,
    /// Settings of every run.
    pub set: Vec<Assignment>,
    /// Roles of table columns.
    pub map: Vec<Mapping>,
}

/// `key=value`, as given to `--set`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The name of a run's field, or of a setting.
    pub key: String,
    /// Its value.
    pub value: String,
}

impl FromStr for Assignment {
    type Err = ImportError;

    fn from_str(text: &str) -> Result<Self, ImportError> {
        match text.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() => Ok(Self {
                key: key.trim().to_owned(),
                value: value.trim().to_owned(),
            }),
            _ => Err(ImportError::Option {
                option: text.to_owned(),
                reason: "expected `key=value`".to_owned(),
            }),
        }
    }
}

/// What a table's column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The model's name.
    Model,
    /// The run's own name.
    Run,
    /// When the run was made.
    Time,
    /// The task.
    Task,
    /// The name of the metric, in a long table.
    Metric,
    /// The value, in a long table.
    Value,
    /// The unit, in a long table.
    Unit,
    /// The standard error, in a long table.
    Stderr,
    /// The number of observations, in a long table.
    N,
    /// A setting of the run.
    Setting,
    /// Nothing: the column is left out.
    Ignore,
    /// A metric of its own: name, unit, direction (`NAME [UNIT, higher|lower]`).
    Measure {
        /// The metric's name.
        name: String,
        /// Its unit.
        unit: Option<String>,
        /// Which way is better.
        direction: Option<Direction>,
    },
}

/// `column=role`, as given to `--map`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The column's header as the file writes it.
    pub column: String,
    /// What it holds.
    pub role: Role,
}

impl FromStr for Mapping {
    type Err = ImportError;

    fn from_str(text: &str) -> Result<Self, ImportError> {
        // The column may itself hold `=`; a role never does.
        match text.rsplit_once('=') {
            Some((column, role)) if !column.trim().is_empty() => Ok(Self {
                column: column.trim().to_owned(),
                role: role.trim().parse()?,
            }),
            _ => Err(ImportError::Option {
                option: text.to_owned(),
                reason: "expected `column=role`".to_owned(),
            }),
        }
    }
}

impl FromStr for Role {
    type Err = ImportError;

    fn from_str(text: &str) -> Result<Self, ImportError> {
        let invalid = |reason: &str| ImportError::Option {
            option: text.to_owned(),
            reason: reason.to_owned(),
        };
        let role = match text {
            "" => return Err(invalid("the role is empty")),
            "model" => Self::Model,
            "run" => Self::Run,
            "time" => Self::Time,
            "task" => Self::Task,
            "metric" => Self::Metric,
            "value" => Self::Value,
            "unit" => Self::Unit,
            "stderr" => Self::Stderr,
            "n" => Self::N,
            "setting" => Self::Setting,
            "ignore" => Self::Ignore,
            _ => {
                let (name, rest) = match text.split_once('[') {
                    None => (text, None),
                    Some((name, rest)) => {
                        let inside = rest
                            .strip_suffix(']')
                            .ok_or_else(|| invalid("expected `]` at the end"))?;
                        (name.trim(), Some(inside))
                    }
                };
                if name.is_empty() {
                    return Err(invalid("a metric needs a name before `[`"));
                }
                let (mut unit, mut direction) = (None, None);
                for word in rest.into_iter().flat_map(|r| r.split(',')).map(str::trim) {
                    match word.parse() {
                        Ok(d) => direction = Some(d),
                        Err(_) if word.is_empty() => {}
                        Err(_) if unit.is_none() => unit = Some(word.to_owned()),
                        Err(_) => return Err(invalid("expected `NAME [UNIT, higher|lower]`")),
                    }
                }
                Self::Measure {
                    name: name.to_owned(),
                    unit,
                    direction,
                }
            }
        };
        Ok(role)
    }
}

impl Options {
    /// Adds what the user gave to every run of a batch.
    pub(super) fn apply(&self, batch: &mut Batch, path: &Path) -> Result<(), ImportError> {
        for run in &mut batch.runs {
            if let (None, Some(model)) = (&run.model, &self.model) {
                run.model = Some(model.clone());
                run.model_from = Origin::User;
            }
            for assignment in &self.set {
                assignment.apply(run, path)?;
            }
        }
        Ok(())
    }
}

impl Assignment {
    fn apply(&self, run: &mut Run, path: &Path) -> Result<(), ImportError> {
        let text = || Some(self.value.clone());
        let whole = || {
            self.value
                .parse::<i64>()
                .map(Some)
                .map_err(|_| ImportError::Option {
                    option: format!("{}={}", self.key, self.value),
                    reason: format!("`{}` must be a whole number", self.key),
                })
        };
        let (environment, workload) = (&mut run.environment, &mut run.workload);
        match self.key.as_str() {
            "model" => {
                run.model = text();
                run.model_from = Origin::User;
            }
            "revision" => run.revision = text(),
            "quantization" => run.quantization = text(),
            "dtype" => run.dtype = text(),
            "label" => run.label = text(),
            "hardware" => environment.hardware = text(),
            "devices" => environment.devices = whole()?,
            "cpu" => environment.cpu = text(),
            "host" => environment.host = text(),
            "tool" => environment.tool = text(),
            "tool_version" => environment.tool_version = text(),
            "engine" => environment.engine = text(),
            "engine_version" => environment.engine_version = text(),
            "input_len" => workload.input_len = whole()?,
            "output_len" => workload.output_len = whole()?,
            "depth" => workload.depth = whole()?,
            "batch" => workload.batch = whole()?,
            "concurrency" => workload.concurrency = whole()?,
            "requests" => workload.requests = whole()?,
            "tp" => workload.tp = whole()?,
            "dataset" => workload.dataset = text(),
            "time" => {
                run.started =
                    Some(
                        super::time::parse(&self.value).ok_or_else(|| ImportError::Invalid {
                            path: path.to_owned(),
                            place: "`--set time`".to_owned(),
                            reason: format!("`{}` is not a time", self.value),
                        })?,
                    );
                run.time_from = Origin::User;
            }
            key => {
                run.settings
                    .insert(key.to_owned(), self.value.clone().into());
            }
        }
        // Which of its facts a run owes to the user stays with the run.
        let given = run
            .details
            .entry("given")
            .or_insert_with(|| serde_json::json!([]));
        if let Some(list) = given.as_array_mut() {
            list.push(self.key.clone().into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_a_word_or_a_metric_with_unit_and_direction() {
        assert_eq!("model".parse::<Role>().unwrap(), Role::Model);
        assert_eq!(
            "decode speed [token/s, higher]".parse::<Role>().unwrap(),
            Role::Measure {
                name: "decode speed".into(),
                unit: Some("token/s".into()),
                direction: Some(Direction::Higher)
            }
        );
        assert!("speed [token/s".parse::<Role>().is_err());
        assert!("".parse::<Role>().is_err());
    }

    #[test]
    fn a_mapping_splits_at_the_last_equals_sign() {
        let mapping: Mapping = "a=b=task".parse().unwrap();
        assert_eq!((mapping.column.as_str(), mapping.role), ("a=b", Role::Task));
        assert!("no role".parse::<Mapping>().is_err());
    }
}
