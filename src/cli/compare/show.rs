//! A comparison for people and for scripts.

use serde_json::{Value as Json, json};

use crate::analysis::{Family, Judged, Verdict};
use crate::catalog::Value;
use crate::catalog::number::{counted, p_value, percent, short};
use crate::output::Format;

use super::super::context::Context;
use super::Compare;
use super::series::{Matching, Settled, name};

const HEADER: [&str; 8] = [
    "verdict",
    "series",
    "baseline",
    "candidate",
    "change",
    "95 % interval",
    "p",
    "test",
];

/// Writes the comparison: the worst first.
pub(super) fn show(
    cx: &Context,
    options: &Compare,
    settled: &Settled,
    family: &Family,
) -> anyhow::Result<()> {
    let order = worst_first(settled, family);
    if options.output.format() == Format::Json {
        let comparisons: Vec<Json> = order.iter().map(|(c, j)| to_json(c, j)).collect();
        let differences: Vec<Json> = settled
            .differences
            .iter()
            .map(|d| json!({"setting": d.key, "baseline": d.baseline, "candidate": d.candidate}))
            .collect();
        let document = json!({
            "baseline": options.comparing.baseline,
            "candidate": options.comparing.candidate,
            "alpha": options.comparing.alpha,
            "tests": family.tests,
            "correction": format!("{:?}", options.comparing.correction).to_lowercase(),
            "unreachable": family.unreachable,
            "comparisons": comparisons,
            "differences": differences,
            "unmatched": settled.unmatched,
            "without_direction": settled.undirected,
        });
        cx.json(&options.output, &document)?;
    } else {
        if family.unreachable {
            cx.say(&format!(
                "note: with {} and so few runs a side nothing can be significant; more runs, fewer metrics (`--metric`) or `--correction none` would change that",
                counted(family.tests, "test")
            ));
        }
        cx.rows(&options.output, |out| {
            out.header(&HEADER.map(str::to_owned))?;
            for (compared, judged) in &order {
                out.row(&row(compared, judged))?;
            }
            Ok(())
        })?;
    }
    notes(cx, options, settled, family, &order);
    Ok(())
}

/// The comparisons with what they come to, the worst first.
pub(in super::super) fn worst_first<'a>(
    settled: &'a Settled,
    family: &'a Family,
) -> Vec<(&'a Matching, &'a Judged)> {
    let mut order: Vec<(&Matching, &Judged)> =
        settled.compared.iter().zip(&family.judged).collect();
    order.sort_by(|(_, a), (_, b)| {
        let size = |j: &Judged| (j.evidence.change / j.baseline).abs();
        let rank = |j: &Judged| match j.verdict {
            Verdict::Regression => 0,
            Verdict::Undecided => 1,
            Verdict::Improvement => 2,
            Verdict::Unchanged => 3,
        };
        rank(a).cmp(&rank(b)).then(size(b).total_cmp(&size(a)))
    });
    order
}

fn row(compared: &Matching, judged: &Judged) -> [Value; 8] {
    let unit = compared.what.4.as_deref().map(|unit| format!(" {unit}"));
    let unit = unit.unwrap_or_default();
    let mut series = name(&compared.what);
    if compared.workload != "not recorded" {
        series = format!("{series}, {}", compared.workload);
    }
    let e = &judged.evidence;
    let relative = (judged.baseline != 0.0).then(|| e.change / judged.baseline);
    let range = match (e.low, e.high) {
        (Some(low), Some(high)) => format!("{} to {}", short(low), short(high)),
        _ => String::new(),
    };
    [
        judged.verdict.as_str().into(),
        series.into(),
        format!("{}{unit}", short(judged.baseline)).into(),
        format!("{}{unit}", short(judged.candidate)).into(),
        match relative {
            Some(share) => format!("{} ({})", short(e.change), percent(share)),
            None => short(e.change),
        }
        .into(),
        range.into(),
        e.p.map(p_value).into(),
        format!(
            "{}; n = {} + {}",
            judged.test,
            compared.baseline.len(),
            compared.candidate.len()
        )
        .into(),
    ]
}

fn to_json(compared: &Matching, judged: &Judged) -> Json {
    let (task, metric, statistic, qualifier, unit) = &compared.what;
    let e = &judged.evidence;
    json!({
        "task": task,
        "metric": metric,
        "statistic": statistic,
        "qualifier": qualifier,
        "unit": unit,
        "workload": compared.workload,
        "baseline": judged.baseline,
        "candidate": judged.candidate,
        "runs_baseline": compared.baseline.len(),
        "runs_candidate": compared.candidate.len(),
        "change": e.change,
        "relative_change": (judged.baseline != 0.0).then(|| e.change / judged.baseline),
        "low": e.low,
        "high": e.high,
        "p": judged.p,
        "p_adjusted": e.p,
        "test": judged.test,
        "minimum_effect": judged.minimum,
        "runs_needed": judged.runs_needed,
        "verdict": judged.verdict,
    })
}

fn notes(
    cx: &Context,
    options: &Compare,
    settled: &Settled,
    family: &Family,
    order: &[(&Matching, &Judged)],
) {
    let count = |verdict: Verdict| {
        family
            .judged
            .iter()
            .filter(|j| j.verdict == verdict)
            .count()
    };
    cx.say(&format!(
        "{}, {}, {} unchanged, {} undecided; {} corrected by {}, alpha {}",
        counted(count(Verdict::Regression), "regression"),
        counted(count(Verdict::Improvement), "improvement"),
        count(Verdict::Unchanged),
        count(Verdict::Undecided),
        counted(family.tests, "test"),
        options.comparing.correction.name(),
        options.comparing.alpha,
    ));
    for (compared, judged) in order {
        if let Some(runs) = judged.runs_needed {
            cx.say(&format!(
                "{}: {runs} runs a side would decide about a change of twice the minimum effect",
                name(&compared.what)
            ));
        }
    }
    for difference in &settled.differences {
        cx.say(&format!(
            "note: {} differs, {} against {}",
            difference.key, difference.baseline, difference.candidate
        ));
    }
    let listed = |names: &std::collections::BTreeSet<String>| {
        names
            .iter()
            .map(|n| format!("`{n}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    if !settled.undirected.is_empty() {
        cx.say(&format!(
            "note: not compared, since nothing says which way is better: {}",
            listed(&settled.undirected)
        ));
    }
    if !settled.unmatched.is_empty() {
        cx.say(&format!(
            "note: on one side only, or under several settings: {}",
            listed(&settled.unmatched)
        ));
    }
}
