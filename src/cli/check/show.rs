//! What the gate found: for people, for the page of a CI job, and for scripts.

use serde_json::json;

use crate::analysis::{Checked, Gate, GateOutcome, SeriesKey, Verdict};
use crate::catalog::Value;
use crate::catalog::number::{counted, p_value, percent, short};
use crate::output::text::markdown_text;
use crate::output::{Format, Rows};

use super::super::context::Context;
use super::super::history::name;
use super::{Against, Check};
use crate::analysis::Baseline;

/// Writes what was found.
pub(super) fn show(cx: &Context, command: &Check, gate: &Gate) -> anyhow::Result<()> {
    match command.output.format() {
        Format::Json => {
            let mut document = json!({"baseline": against(&command.baseline)});
            if let (Some(document), serde_json::Value::Object(found)) =
                (document.as_object_mut(), serde_json::to_value(gate)?)
            {
                document.extend(found);
            }
            cx.json(&command.output, &document)?;
        }
        Format::Markdown => {
            let text = markdown(command, gate);
            cx.bytes(&command.output, |out| Ok(out.write_all(text.as_bytes())?))?;
        }
        Format::Table => {
            let listed = listed(command, gate);
            if !listed.is_empty() || command.output.file().is_some() {
                cx.rows(&command.output, |out| rows(&listed, out))?;
            }
            for line in lines(gate, listed.len()) {
                cx.say(&line);
            }
        }
        _ => {
            let all: Vec<&Checked> = gate.comparisons.iter().collect();
            cx.rows(&command.output, |out| scripts(&all, out))?;
            for line in lines(gate, all.len()) {
                cx.say(&line);
            }
        }
    }
    Ok(())
}

fn against(baseline: &Against) -> String {
    match baseline {
        Against::Earlier(Baseline::Previous) => "previous".to_owned(),
        Against::Earlier(Baseline::Best) => "best".to_owned(),
        Against::Earlier(Baseline::Median(runs)) => format!("median:{runs}"),
        Against::Earlier(Baseline::Sample) => "sample".to_owned(),
        Against::Named(name) => name.clone(),
    }
}

/// The series that have something to tell, the worst first.
fn listed<'a>(command: &Check, gate: &'a Gate) -> Vec<&'a Checked> {
    let tells = |c: &&Checked| {
        command.all || c.open || matches!(c.verdict, Verdict::Regression | Verdict::Improvement)
    };
    gate.comparisons.iter().filter(tells).collect()
}

const HEADER: [&str; 8] = [
    "found",
    "series",
    "baseline",
    "newest",
    "change",
    "95 % interval",
    "p",
    "test",
];

fn rows(listed: &[&Checked], out: &mut dyn Rows) -> anyhow::Result<()> {
    out.header(&HEADER.map(str::to_owned))?;
    for checked in listed {
        out.row(&cells(checked).map(Value::Text))?;
    }
    Ok(())
}

/// The cells of a series under [`HEADER`].
fn cells(checked: &Checked) -> [String; 8] {
    let unit = checked.key.unit.as_ref().map(|unit| format!(" {unit}"));
    let unit = unit.unwrap_or_default();
    let range = match (checked.low, checked.high) {
        (Some(low), Some(high)) => format!("{} to {}", short(low), short(high)),
        _ => String::new(),
    };
    [
        word(checked).to_owned(),
        name(&checked.key),
        format!("{}{unit}", short(checked.baseline)),
        format!("{}{unit}", short(checked.candidate)),
        match checked.relative_change {
            Some(share) => format!("{} ({})", short(checked.change), percent(share)),
            None => short(checked.change),
        },
        range,
        checked.p_adjusted.map(p_value).unwrap_or_default(),
        format!(
            "{}; {} against 1",
            checked.test,
            counted(checked.runs_baseline, "run")
        ),
    ]
}

fn word(checked: &Checked) -> &'static str {
    match checked.verdict {
        Verdict::Regression => "regression",
        Verdict::Improvement => "improvement",
        _ if checked.open => "open",
        Verdict::Unchanged => "unchanged",
        Verdict::Undecided => "no regression found",
    }
}

fn scripts(all: &[&Checked], out: &mut dyn Rows) -> anyhow::Result<()> {
    let header = [
        "found",
        "model",
        "task",
        "metric",
        "statistic",
        "unit",
        "workload",
        "run",
        "baseline",
        "candidate",
        "change",
        "relative_change",
        "low",
        "high",
        "p",
        "p_adjusted",
        "test",
        "minimum_effect",
        "smallest_detectable",
    ];
    out.header(&header.map(str::to_owned))?;
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
    for c in all {
        out.row(&[
            word(c).into(),
            text(&c.key.model),
            text(&c.key.task),
            Value::Text(c.key.metric.clone()),
            text(&c.key.statistic),
            text(&c.key.unit),
            text(&c.key.workload),
            c.run.map_or(Value::Null, Value::Integer),
            c.baseline.into(),
            c.candidate.into(),
            c.change.into(),
            c.relative_change.into(),
            c.low.into(),
            c.high.into(),
            c.p.into(),
            c.p_adjusted.into(),
            c.test.into(),
            c.minimum_effect.into(),
            c.smallest_detectable.into(),
        ])?;
    }
    Ok(())
}

fn headline(gate: &Gate) -> String {
    let count = |verdict| {
        gate.comparisons
            .iter()
            .filter(|c| c.verdict == verdict)
            .count()
    };
    let regressions = count(Verdict::Regression);
    match gate.outcome {
        GateOutcome::Bad if regressions > 0 => counted(regressions, "regression"),
        GateOutcome::Bad => format!("{} vanished", counted(gate.vanished.len(), "metric")),
        GateOutcome::Undecided => counted(gate.open.len(), "question") + " open",
        GateOutcome::Fine => "no regression found".to_owned(),
    }
}

/// What the table does not say, the outcome last.
fn lines(gate: &Gate, listed: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let untested = gate
        .open
        .iter()
        .filter(|open| !gate.comparisons.iter().any(|c| c.key == open.key));
    lines.extend(untested.map(|open| format!("open: {}: {}", name(&open.key), open.reason)));
    let named = |what: &str, keys: &[SeriesKey]| -> Option<String> {
        /// How many series are named.
        const NAMED: usize = 5;
        let names: Vec<String> = keys.iter().take(NAMED).map(name).collect();
        let more = if keys.len() > NAMED { ", …" } else { "" };
        (!keys.is_empty()).then(|| format!("{what}: {} ({}{more})", keys.len(), names.join("; ")))
    };
    lines.extend(named("vanished", &gate.vanished));
    lines.extend(named("new", &gate.new));
    lines.extend(named(
        "the newest run begins an acknowledged change",
        &gate.acknowledged,
    ));
    lines.extend(named(
        "nothing says which way is better",
        &gate.without_direction,
    ));
    let rest = gate.comparisons.len().saturating_sub(listed);
    if rest > 0 {
        lines.push(format!(
            "{rest} series without a regression are not listed; `--all` lists them"
        ));
    }
    let detectable = gate.comparisons.iter().filter_map(|c| {
        let change = c.smallest_detectable?;
        (c.baseline != 0.0).then(|| change / c.baseline.abs())
    });
    let mut detectable: Vec<f64> = detectable.collect();
    detectable.sort_by(f64::total_cmp);
    if let (Some(least), Some(most)) = (detectable.first(), detectable.last()) {
        let size = |share: &f64| percent(*share).trim_start_matches('+').to_owned();
        lines.push(match detectable.len() {
            1 => format!("smallest change that would be found: {}", size(least)),
            _ => format!(
                "smallest change that would be found, by series: {} to {}",
                size(least),
                size(most)
            ),
        });
    }
    let open_only = gate.open.len() - gate.comparisons.iter().filter(|c| c.open).count();
    lines.push(format!(
        "{}: {} in {} series ({}, {}, alpha {})",
        outcome(gate.outcome),
        headline(gate),
        gate.comparisons.len() + open_only,
        counted(gate.tests, "test"),
        gate.correction,
        short(gate.alpha)
    ));
    lines
}

fn outcome(outcome: GateOutcome) -> &'static str {
    match outcome {
        GateOutcome::Fine => "fine",
        GateOutcome::Bad => "bad",
        GateOutcome::Undecided => "undecided",
    }
}

/// How many series a summary lists.
const MOST: usize = 50;

/// A summary for the page of a CI job.
fn markdown(command: &Check, gate: &Gate) -> String {
    let mark = match gate.outcome {
        GateOutcome::Fine => "✅",
        GateOutcome::Bad => "❌",
        GateOutcome::Undecided => "❔",
    };
    let mut out = format!(
        "## {mark} Benchmarks against {}: {}\n\n",
        markdown_text(&against(&command.baseline)),
        headline(gate)
    );
    let listed = listed(command, gate);
    if !listed.is_empty() {
        out.push_str(&format!("| {} |\n", HEADER.join(" | ")));
        out.push_str("|---|---|---:|---:|---:|---:|---:|---|\n");
        for checked in listed.iter().take(MOST) {
            let cells = cells(checked).map(|cell| markdown_text(&cell));
            out.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        if listed.len() > MOST {
            out.push_str(&format!("\n… and {} more.\n", listed.len() - MOST));
        }
        out.push('\n');
    }
    for line in lines(gate, listed.len()) {
        out.push_str(&format!("- {}\n", markdown_text(&line)));
    }
    out
}
