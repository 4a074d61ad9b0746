//! `compare`: is the candidate really better or worse than the baseline, and does it matter?

mod series;
mod show;

use crate::analysis::{Family, Rule, Verdict, judge};
use crate::stats::Adjustment;

use super::context::Context;
use super::failure::{Hinted, Outcome};
use super::options::{OutputOptions, Size, level};
use super::side;
use series::settle;
pub(super) use series::{Settled, name};
pub(super) use show::worst_first;

/// Compare a candidate with a baseline, metric by metric: the strongest test the data allow, and a verdict
///
/// A side is run:ID, tag:NAME, model:NAME or query:NAME (a saved query with a column run_id); without the
/// prefix the one kind that matches. The unit of a test is the run: 5 to 10 runs a side tell most. With
/// one run each, the answers to the same questions are compared one by one where they are stored, else
/// standard errors, else nothing is claimed. A change must be significant and at least the minimum effect.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tradeoff compare run:17 run:23\n  tradeoff compare tag:v0.24 tag:v0.25 --metric output_throughput --min-effect 3%\n  tradeoff compare model:acme/aurora-7b model:acme/aurora-7b-q4 --task gsm8k --force\n  tradeoff compare tag:main run:42 -f json --fail-on regression"
)]
pub(super) struct Compare {
    #[command(flatten)]
    comparing: Comparing,
    /// End with exit code 1 when this is found: regression or undecided; several may be given
    #[arg(long, value_name = "VERDICT")]
    fail_on: Vec<FailOn>,
    #[command(flatten)]
    output: OutputOptions,
}

/// What is compared, and how.
#[derive(Debug, clap::Args)]
pub(super) struct Comparing {
    /// What it is compared with
    #[arg(value_name = "BASELINE")]
    pub(super) baseline: String,
    /// What is in question
    #[arg(value_name = "CANDIDATE")]
    pub(super) candidate: String,
    /// Compare this metric only; several may be given
    #[arg(long, value_name = "NAME")]
    metric: Vec<String>,
    /// Compare this task only; several may be given
    #[arg(long, value_name = "NAME")]
    task: Vec<String>,
    /// The smallest change that matters: 2% of the baseline, or 0.01 in the metric's unit [default: 2%,
    /// for scores one point of a hundred]
    #[arg(long, value_name = "SIZE")]
    min_effect: Option<Size>,
    /// The level of significance
    #[arg(long, value_name = "P", default_value = "0.05", value_parser = level)]
    pub(super) alpha: f64,
    /// The correction for the number of tests: bh, holm, by or none
    #[arg(long, value_name = "NAME", default_value = "bh")]
    pub(super) correction: Correction,
    /// Compare although settings differ
    #[arg(long)]
    force: bool,
}

/// A comparison that was made.
pub(super) struct Compared {
    /// The runs of both sides.
    pub(super) runs: [Vec<i64>; 2],
    /// Which series belong together.
    pub(super) settled: Settled,
    /// What each comes to, in the order of `settled`.
    pub(super) family: Family,
}

/// The correction for the number of tests.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum Correction {
    /// Benjamini–Hochberg: the share of false alarms among the alarms
    Bh,
    /// Holm: the chance of any false alarm
    Holm,
    /// Benjamini–Yekutieli: as bh, for tests that depend on each other in any way
    By,
    /// No correction
    None,
}

impl Correction {
    /// What it is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bh => "Benjamini–Hochberg",
            Self::Holm => "Holm",
            Self::By => "Benjamini–Yekutieli",
            Self::None => "nothing",
        }
    }

    fn adjustment(self) -> Option<Adjustment> {
        match self {
            Self::Bh => Some(Adjustment::BenjaminiHochberg),
            Self::Holm => Some(Adjustment::Holm),
            Self::By => Some(Adjustment::BenjaminiYekutieli),
            Self::None => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    /// A regression
    Regression,
    /// A comparison that could not be decided
    Undecided,
}

impl Compare {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        let Compared {
            settled, family, ..
        } = self.comparing.compare(cx)?;
        show::show(cx, self, &settled, &family)?;
        Ok(self.outcome(&family))
    }

    fn outcome(&self, family: &Family) -> Outcome {
        let found = |verdict: Verdict| family.judged.iter().any(|j| j.verdict == verdict);
        let bad = self.fail_on.iter().any(|on| match on {
            FailOn::Regression => found(Verdict::Regression),
            FailOn::Undecided => found(Verdict::Undecided),
        });
        if bad { Outcome::Bad } else { Outcome::Fine }
    }
}

impl Comparing {
    /// Makes the comparison.
    pub(super) fn compare(&self, cx: &Context) -> anyhow::Result<Compared> {
        let reader = cx.reader()?;
        let baseline = side::resolve(cx, &reader, &self.baseline)?;
        let candidate = side::resolve(cx, &reader, &self.candidate)?;
        if baseline.iter().any(|run| candidate.contains(run)) {
            return Err(Hinted::new(
                format!(
                    "`{}` and `{}` have runs in common",
                    self.baseline, self.candidate
                ),
                "a run cannot be compared with itself",
            )
            .into());
        }
        let settled = settle(&reader, &baseline, &candidate, self)?;
        self.refuse(&settled)?;
        let pairs = settled.pairs(&reader, self)?;
        let rule = Rule {
            alpha: self.alpha,
            correction: self.correction.adjustment(),
        };
        let family = judge(&pairs, rule)?;
        Ok(Compared {
            runs: [baseline, candidate],
            settled,
            family,
        })
    }

    /// Refuses a comparison of unlike things, and one of nothing.
    fn refuse(&self, settled: &Settled) -> anyhow::Result<()> {
        if !settled.differences.is_empty() && !self.force {
            let listed: Vec<String> = settled
                .differences
                .iter()
                .map(|d| format!("{} ({} against {})", d.key, d.baseline, d.candidate))
                .collect();
            return Err(Hinted::new(
                format!("the two sides differ in {}", listed.join(", ")),
                "`--force` compares them all the same; `--metric` and `--task` narrow the comparison",
            )
            .into());
        }
        if settled.compared.is_empty() {
            let hint = match settled.undirected.is_empty() {
                true => "`tradeoff query run_changes -p a=RUN -p b=RUN` shows what both hold",
                false => {
                    "`tradeoff metrics set NAME --direction higher` (or lower) says which way is better"
                }
            };
            let message = match settled.undirected.is_empty() {
                true => format!(
                    "`{}` and `{}` have no metric in common",
                    self.baseline, self.candidate
                ),
                false => format!(
                    "nothing says whether a higher or a lower {} is better",
                    settled
                        .undirected
                        .iter()
                        .map(|m| format!("`{m}`"))
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
            };
            return Err(Hinted::new(message, hint).into());
        }
        Ok(())
    }
}
