//! A run: one evaluation of one model, in one configuration, by one tool, at one time.

use serde_json::{Map, Value as Json};

/// Where a fact about a run came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// The file says so.
    #[default]
    File,
    /// The path of the file says so.
    Path,
    /// The user said so at import.
    User,
}

impl Origin {
    /// The word kept in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Path => "path",
            Self::User => "user",
        }
    }
}

/// How a run went.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Status {
    /// It ran to its end.
    #[default]
    Complete,
    /// It covers part of the work only, and why that is known.
    Partial(String),
    /// It produced nothing that counts, and why that is known.
    Failed(String),
}

impl Status {
    /// The word kept in the store.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial(_) => "partial",
            Self::Failed(_) => "failed",
        }
    }

    /// Why the run is not complete.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Complete => None,
            Self::Partial(why) | Self::Failed(why) => Some(why),
        }
    }
}

/// A moment as a file wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00:00 UTC.
    pub millis: i64,
    /// Resolution as written, in milliseconds: 1, 1000, 86 400 000.
    pub precision: i64,
    /// `UTC` or an offset such as `+02:00`; `None` = written without zone and read as UTC.
    pub zone: Option<String>,
}

/// What tells this run from every other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Identity {
    /// Its content: nothing in the file names it.
    #[default]
    Content,
    /// A key the tool itself wrote, part by part.
    Key(Vec<String>),
}

/// How requests arrive at a server under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// All at once, no limit.
    Burst,
    /// At a given mean rate.
    Rate,
    /// A fixed number in flight.
    Closed,
    /// One sequence at a time.
    Single,
    /// One batch at a time.
    Batch,
}

impl Arrival {
    /// The word kept in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Burst => "burst",
            Self::Rate => "rate",
            Self::Closed => "closed",
            Self::Single => "single",
            Self::Batch => "batch",
        }
    }
}

/// The work a run did; lengths in tokens, the rate in requests a second.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workload {
    /// Prompt tokens a request, as asked for.
    pub input_len: Option<i64>,
    /// Generated tokens a request, as asked for.
    pub output_len: Option<i64>,
    /// Tokens already in the cache.
    pub depth: Option<i64>,
    /// Sequences in a batch.
    pub batch: Option<i64>,
    /// Requests in flight, as asked for.
    pub concurrency: Option<i64>,
    /// Requests a second, as asked for; `None` where unlimited (see `arrival`) or not known.
    pub request_rate: Option<f64>,
    /// How requests arrive.
    pub arrival: Option<Arrival>,
    /// Requests asked for.
    pub requests: Option<i64>,
    /// Tensor-parallel degree.
    pub tp: Option<i64>,
    /// Data set the prompts come from.
    pub dataset: Option<String>,
}

/// Where a run was made, and with what.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Environment {
    /// The tool that measured, its version and commit.
    pub tool: Option<String>,
    /// Version of the tool.
    pub tool_version: Option<String>,
    /// Commit of the tool.
    pub tool_commit: Option<String>,
    /// The program that ran the model.
    pub engine: Option<String>,
    /// Version of the engine.
    pub engine_version: Option<String>,
    /// Commit of the engine.
    pub engine_commit: Option<String>,
    /// The accelerator, or the processor, that did the work.
    pub hardware: Option<String>,
    /// How many of them.
    pub devices: Option<i64>,
    /// The processor.
    pub cpu: Option<String>,
    /// The machine's name.
    pub host: Option<String>,
}

/// One value of one metric in one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Index into [`super::Batch::metrics`].
    pub metric: u32,
    /// The value; `None` only with a reason in `detail.missing`.
    pub value: Option<f64>,
    /// What else is known, boxed because most values have none of it.
    pub detail: Option<Box<Detail>>,
}

/// What may be known about a value besides the value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Detail {
    /// Standard error of the value.
    pub stderr: Option<f64>,
    /// Standard deviation of the observations behind it.
    pub spread: Option<f64>,
    /// How many observations.
    pub n: Option<i64>,
    /// Lower end of an interval as the file gives it.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Why there is no value.
    pub missing: Option<String>,
}

impl Measurement {
    /// A value that is a number, or its absence with the reason (`nan`, `inf`, `-inf`).
    pub fn new(metric: u32, value: f64) -> Self {
        if value.is_finite() {
            return Self {
                metric,
                value: Some(value),
                detail: None,
            };
        }
        let why = if value.is_nan() {
            "nan"
        } else if value > 0.0 {
            "inf"
        } else {
            "-inf"
        };
        Self::missing(metric, why)
    }

    /// A value that is not there.
    pub fn missing(metric: u32, why: impl Into<String>) -> Self {
        let detail = Detail {
            missing: Some(why.into()),
            ..Detail::default()
        };
        Self {
            metric,
            value: None,
            detail: Some(Box::new(detail)),
        }
    }

    fn edit(mut self, set: impl FnOnce(&mut Detail)) -> Self {
        set(self.detail.get_or_insert_default());
        self
    }

    /// Adds a standard error; anything but a finite, non-negative number is dropped.
    #[must_use]
    pub fn with_stderr(self, stderr: Option<f64>) -> Self {
        match stderr.filter(|s| s.is_finite() && *s >= 0.0) {
            Some(s) => self.edit(|d| d.stderr = Some(s)),
            None => self,
        }
    }

    /// Adds the spread of the observations; anything but a finite, non-negative number is dropped.
    #[must_use]
    pub fn with_spread(self, spread: Option<f64>) -> Self {
        match spread.filter(|s| s.is_finite() && *s >= 0.0) {
            Some(s) => self.edit(|d| d.spread = Some(s)),
            None => self,
        }
    }

    /// Adds the number of observations.
    #[must_use]
    pub fn with_n(self, n: Option<i64>) -> Self {
        match n {
            Some(n) => self.edit(|d| d.n = Some(n)),
            None => self,
        }
    }

    /// Why there is no value.
    pub fn why_missing(&self) -> Option<&str> {
        self.detail.as_ref()?.missing.as_deref()
    }
}

/// The values behind a measurement: one a request, a repetition or a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// Index into [`super::Batch::metrics`]: a definition whose statistic is `each`.
    pub metric: u32,
    /// The values in the file's order; NaN = this item has no value.
    pub values: Vec<f64>,
    /// A key an item, the first 8 bytes of its SHA-256: runs with equal keys can be paired.
    pub items: Option<Vec<[u8; 8]>>,
}

/// One run, ready to be stored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    /// The model's name exactly as written.
    pub model: Option<String>,
    /// Who gave that name.
    pub model_from: Origin,
    /// Branch, tag or step of the weights, as named.
    pub revision: Option<String>,
    /// Commit of the weights.
    pub model_sha: Option<String>,
    /// Size of the weights in bytes.
    pub model_bytes: Option<i64>,
    /// Total parameters.
    pub model_params: Option<i64>,
    /// Quantisation as named.
    pub quantization: Option<String>,
    /// Number format of the weights.
    pub dtype: Option<String>,
    /// The run's own name.
    pub label: Option<String>,
    /// How it went.
    pub status: Status,
    /// When it began.
    pub started: Option<Moment>,
    /// When it ended.
    pub finished: Option<Moment>,
    /// Who gave the time.
    pub time_from: Origin,
    /// Tool, engine, machine.
    pub environment: Environment,
    /// The work.
    pub workload: Workload,
    /// Further settings that separate two series (temperature, cache types, …).
    pub settings: Map<String, Json>,
    /// Everything else the file says about the run and that separates no series.
    pub details: Map<String, Json>,
    /// What tells it from every other run.
    pub identity: Identity,
    /// Its values.
    pub measurements: Vec<Measurement>,
    /// The vectors behind them.
    pub samples: Vec<Samples>,
}
