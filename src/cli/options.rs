//! Groups of options that several commands share.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use crate::output::Format;
use crate::stats::MinimumEffect;
use crate::store::Which;

use super::failure::Hinted;

/// Where rows go, and how they are written.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputOptions {
    /// How rows are written: table, csv, tsv, json, jsonl or markdown [default: by the ending of
    /// --output, else table]
    #[arg(short, long = "format", value_name = "FORMAT")]
    pub(super) format: Option<Format>,
    /// Write to this file, replaced as a whole or not at all; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// In CSV and TSV, put an apostrophe before text that a spreadsheet would take for a formula
    #[arg(long)]
    pub(super) csv_safe: bool,
}

impl OutputOptions {
    /// The format asked for, by the file's ending, or the table.
    pub(super) fn format(&self) -> Format {
        let by_ending = || self.file().and_then(super::context::format_of);
        self.format.or_else(by_ending).unwrap_or(Format::Table)
    }

    /// A file whose ending says nothing needs a format.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        match self.file() {
            Some(path) if self.format.is_none() && super::context::format_of(path).is_none() => {
                let message = format!("the ending of `{}` stands for no format", path.display());
                Err(Hinted::new(message, "name the format with `-f`, or end the name in .csv, .tsv, .json, .jsonl, .md or .txt").into())
            }
            _ => Ok(()),
        }
    }

    /// The file to write, unless it is standard output.
    pub(super) fn file(&self) -> Option<&Path> {
        self.output
            .as_deref()
            .filter(|path| *path != Path::new("-"))
    }
}

/// Which rows a command works on.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Rows")]
pub(super) struct RowOptions {
    /// A saved query's name (one word of a-z, 0-9, - and _) or SQL
    #[arg(value_name = "QUERY")]
    pub(super) query: Option<String>,
    /// Read the SQL from this file
    #[arg(long, value_name = "FILE", conflicts_with = "query")]
    pub(super) file: Option<PathBuf>,
    /// Give a parameter of the query its value; several -p may be given
    #[arg(short = 'p', long = "param", value_name = "NAME=VALUE")]
    pub(super) params: Vec<String>,
    /// Ask this table file (CSV, TSV, JSON, JSON Lines) instead of the store; SQL calls it `data`.
    /// With a name, and then several times, beside the store
    #[arg(long, value_name = "[NAME=]FILE")]
    pub(super) data: Vec<DataFile>,
    /// Stop a query after so many seconds of work
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(super) timeout: Option<Duration>,
}

/// A table file that SQL may ask, under the name SQL calls it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DataFile {
    /// The name, where one is given.
    pub(super) name: Option<String>,
    /// The file; `-` is standard input.
    pub(super) path: PathBuf,
}

impl FromStr for DataFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_name = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        match text.split_once('=') {
            Some((name, path)) if is_name(name) && !path.is_empty() => Ok(Self {
                name: Some(name.to_owned()),
                path: path.into(),
            }),
            _ if text.is_empty() => Err("expected a file".to_owned()),
            _ => Ok(Self {
                name: None,
                path: text.into(),
            }),
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(s) if s > 0.0 && s <= 1e9 => Ok(Duration::from_secs_f64(s)),
        _ => Err("expected a number of seconds above 0".to_owned()),
    }
}

/// Which columns are drawn or fitted.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Axes")]
pub(super) struct AxisOptions {
    /// The column on the horizontal axis [default: the query's own]
    #[arg(long, value_name = "COLUMN")]
    pub(super) x: Vec<String>,
    /// The column on the vertical axis [default: the query's own]
    #[arg(long, value_name = "COLUMN")]
    pub(super) y: Option<String>,
    /// The column that names the points [default: the query's own, else `model`]
    #[arg(long, value_name = "COLUMN")]
    pub(super) label: Option<String>,
    /// Put x on a logarithmic scale
    #[arg(long)]
    pub(super) log_x: bool,
    /// Put x on a linear scale although the query says logarithmic
    #[arg(long, conflicts_with = "log_x")]
    pub(super) linear_x: bool,
}

impl AxisOptions {
    /// The only column asked for on the horizontal axis.
    pub(super) fn one_x(&self) -> anyhow::Result<Option<&String>> {
        match self.x.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            _ => Err(Hinted::new(
                "`--x` is given several times",
                "only `fit` takes several predictors; a chart has one horizontal axis",
            )
            .into()),
        }
    }
}

/// Which way is better, by column.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Objectives")]
pub(super) struct ObjectiveOptions {
    /// A column of which more is better; several may be given
    #[arg(long, value_name = "COLUMN")]
    pub(super) max: Vec<String>,
    /// A column of which less is better; several may be given
    #[arg(long, value_name = "COLUMN")]
    pub(super) min: Vec<String>,
}

/// Which series of the store.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Series")]
pub(super) struct SeriesOptions {
    /// Look at this model only; several may be given
    #[arg(long, value_name = "NAME")]
    pub(super) model: Vec<String>,
    /// Look at this task only; several may be given
    #[arg(long, value_name = "NAME")]
    pub(super) task: Vec<String>,
    /// Look at this metric only; several may be given
    #[arg(long, value_name = "NAME")]
    pub(super) metric: Vec<String>,
    /// The smallest change that matters: 2% of the value before, or 0.01 in the metric's unit
    /// [default: 2%, for scores one point of a hundred]
    #[arg(long, value_name = "SIZE")]
    pub(super) min_effect: Option<Size>,
    /// The level of significance
    #[arg(long, value_name = "P", default_value = "0.05", value_parser = level)]
    pub(super) alpha: f64,
}

impl SeriesOptions {
    /// The same for the store.
    pub(super) fn which(&self) -> Which {
        Which {
            models: self.model.clone(),
            tasks: self.task.clone(),
            metrics: self.metric.clone(),
        }
    }
}

/// The smallest change that matters: `2%` or `0.01`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size(pub(super) MinimumEffect);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| match text.trim().parse::<f64>() {
            Ok(x) if x.is_finite() && x >= 0.0 => Ok(x),
            _ => Err("expected a size such as 2% or 0.01".to_owned()),
        };
        Ok(Self(match text.strip_suffix('%') {
            Some(percent) => MinimumEffect::Relative(number(percent)? / 100.0),
            None => MinimumEffect::Absolute(number(text)?),
        }))
    }
}

/// A level of significance.
pub(super) fn level(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(p) if p > 0.0 && p < 1.0 => Ok(p),
        _ => Err("expected a number between 0 and 1".to_owned()),
    }
}
