//! `check`: the gate of a build. Is the newest run of any series worse than its baseline?

mod show;

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use crate::analysis::{Answers, Baseline, GateOutcome, GateRule, Gated, Observation, check};
use crate::store::{Reader, StoredSeries};

use super::context::Context;
use super::failure::{Hinted, Outcome};
use super::history::{self, observation};
use super::options::{OutputOptions, SeriesOptions};
use super::side;

/// Fail when the newest run of any series is worse than its baseline: one line in a CI job
///
/// Exit code 0: no regression was found. 1: there is one (with --require-all also a metric that the
/// newest run lacks). 3: no test was possible for any series, or with --fail-on undecided for one.
/// One new run is judged by the noise of its series' own history (3 earlier runs at least) and by
/// the standard errors that are recorded, the wider of the two, corrected for the number of series.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tradeoff check --baseline previous\n  tradeoff check --baseline median:5 --metric output_throughput --min-effect 3%\n  tradeoff check --baseline best -f markdown -o summary.md\n  tradeoff check --baseline tag:v1.0 --require-all"
)]
pub(super) struct Check {
    /// What the newest run is held against: previous (the run before), best (the level of at least 3
    /// runs with the best median), median:K (the last K runs), tag:NAME, or a saved query that names
    /// runs
    #[arg(long, value_name = "BASELINE")]
    baseline: Against,
    #[command(flatten)]
    series: SeriesOptions,
    /// End with exit code 1 when the newest run lacks a metric that earlier ones have
    #[arg(long)]
    require_all: bool,
    /// End with exit code 3 when this is found: undecided
    #[arg(long, value_enum, value_name = "WHAT")]
    fail_on: Option<FailOn>,
    /// List every series, not only those that changed
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    output: OutputOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    /// A series about which nothing can be said
    Undecided,
}

/// A baseline as the user names it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Against {
    /// Earlier runs of each series.
    Earlier(Baseline),
    /// Runs with a name, as a side of `compare`.
    Named(String),
}

impl FromStr for Against {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "previous" => return Ok(Self::Earlier(Baseline::Previous)),
            "best" => return Ok(Self::Earlier(Baseline::Best)),
            "" => return Err("expected previous, best, median:K, tag:NAME or a query".to_owned()),
            _ => {}
        }
        match text
            .strip_prefix("median:")
            .or((text == "median").then_some(""))
        {
            None => Ok(Self::Named(text.to_owned())),
            Some(count) => match count.parse::<usize>() {
                Ok(runs) if runs > 0 => Ok(Self::Earlier(Baseline::Median(runs))),
                _ => Err("expected median:K with a number of runs, such as median:5".to_owned()),
            },
        }
    }
}

impl Check {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        self.output.check()?;
        let reader = cx.reader()?;
        let stored = history::of_store(&reader, &self.series)?;
        history::say_untimed(cx, &stored);
        let (kind, named) = match &self.baseline {
            Against::Earlier(kind) => (*kind, None),
            Against::Named(text) => (Baseline::Sample, Some(side::resolve(cx, &reader, text)?)),
        };
        let gated = self.gate(&reader, &stored, named.as_deref())?;
        let rule = GateRule {
            baseline: kind,
            alpha: self.series.alpha,
            require_all: self.require_all,
            fail_on_undecided: self.fail_on.is_some(),
        };
        let gate = check(&gated, rule)?;
        if gate.is_empty() {
            let names: Vec<String> = gate
                .without_direction
                .iter()
                .take(3)
                .map(|key| format!("`{}`", key.metric))
                .collect();
            return Err(Hinted::new(
                format!(
                    "nothing says whether a higher or a lower {} is better",
                    names.join(", ")
                ),
                "`tradeoff metrics set NAME --direction higher` (or lower) says it",
            )
            .into());
        }
        show::show(cx, self, &gate)?;
        Ok(match gate.outcome {
            GateOutcome::Fine => Outcome::Fine,
            GateOutcome::Bad => Outcome::Bad,
            GateOutcome::Undecided => Outcome::Undecided,
        })
    }

    /// Every series with its newest run apart. A series lacks its newest run where a later run of the
    /// same model and settings has other metrics only.
    fn gate(
        &self,
        reader: &Reader,
        stored: &[StoredSeries],
        named: Option<&[i64]>,
    ) -> anyhow::Result<Vec<Gated>> {
        let named: Option<HashSet<i64>> = named.map(|runs| runs.iter().copied().collect());
        let mut newest: HashMap<(Option<&str>, &str), (i64, i64)> = HashMap::new();
        for series in stored {
            let place = (series.model.as_deref(), series.config.as_str());
            for point in &series.points {
                let moment = (point.at.unwrap_or(0), point.run);
                let last = newest.entry(place).or_insert(moment);
                *last = moment.max(*last);
            }
        }
        let gated = stored.iter().map(|series| {
            let place = (series.model.as_deref(), series.config.as_str());
            let run = newest.get(&place).map(|(_, run)| *run);
            self.apart(reader, series, run, named.as_ref())
        });
        gated.collect()
    }

    fn apart(
        &self,
        reader: &Reader,
        stored: &StoredSeries,
        newest: Option<i64>,
        named: Option<&HashSet<i64>>,
    ) -> anyhow::Result<Gated> {
        let mut series = history::series(stored, self.series.min_effect);
        let is_newest = |point: &Observation| point.run == newest;
        let mut last = series.points.iter().find(|p| is_newest(p)).cloned();
        series.points.retain(|point| !is_newest(point));
        let in_sample = |run: i64| named.is_some_and(|named| named.contains(&run));
        let of_sample = stored
            .points
            .iter()
            .filter(|p| in_sample(p.run) && Some(p.run) != newest);
        let mut sample: Vec<Observation> = of_sample.map(observation).collect();
        // Answers are set side by side where each side is one run.
        let before = match (named, sample.as_mut_slice()) {
            (Some(_), [only]) => Some(only),
            (None, _) if self.baseline == Against::Earlier(Baseline::Previous) => series
                .points
                .iter_mut()
                .rev()
                .find(|point| point.value.is_some()),
            _ => None,
        };
        if let (Some(before), Some(last)) = (before, &mut last) {
            last.answers = answers(reader, stored, last)?;
            if last.answers.is_some() {
                before.answers = answers(reader, stored, before)?;
            }
        }
        Ok(Gated {
            series,
            newest: last,
            sample,
        })
    }
}

fn answers(
    reader: &Reader,
    series: &StoredSeries,
    point: &Observation,
) -> anyhow::Result<Option<Answers>> {
    let Some(run) = point.run else {
        return Ok(None);
    };
    Ok(match reader.answers(series, run)? {
        Some((Some(items), values)) => Some(Answers { items, values }),
        _ => None,
    })
}
