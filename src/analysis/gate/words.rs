//! What the gate found in one series, in a sentence.

use crate::analysis::verdict::Verdict;
use crate::catalog::number::{counted, p_equals, percent, short};

use super::{Baseline, Checked};

/// Why a kind of baseline finds nothing among the earlier runs.
pub(super) fn no_baseline(kind: Baseline) -> &'static str {
    match kind {
        Baseline::Best => "no test was possible: no level has at least 3 runs",
        Baseline::Sample => "no test was possible: no run of the baseline has this metric",
        Baseline::Previous | Baseline::Median(_) => {
            "no test was possible: no run since the last acknowledged change"
        }
    }
}

/// What a series comes to.
pub(super) fn finding(checked: &Checked, untested: bool, tests: usize) -> String {
    let size = match checked.relative_change {
        Some(share) => percent(share),
        None => short(checked.change),
    };
    let p = checked.p_adjusted.map(|p| format!(", {}", p_equals(p)));
    let p = p.unwrap_or_default();
    match checked.verdict {
        Verdict::Regression => format!("worse by {size}{p}"),
        Verdict::Improvement => format!("better by {size}{p}"),
        _ if checked.open => open(checked, &size, untested, tests),
        Verdict::Unchanged => format!("unchanged: {size}, inside the minimum effect"),
        Verdict::Undecided => match checked.smallest_detectable {
            Some(change) => format!(
                "no regression found: {size}{p}; smallest detectable change: {}",
                detectable(change, checked.baseline)
            ),
            None => format!("no regression found: {size}{p}"),
        },
    }
}

fn open(checked: &Checked, size: &str, untested: bool, tests: usize) -> String {
    if untested {
        let runs = counted(checked.runs_baseline, "run");
        return format!(
            "no test was possible: {runs} against one, without standard errors or 3 earlier runs to tell the noise: {size}"
        );
    }
    let p = checked.p.map(p_equals).unwrap_or_default();
    let tests = counted(tests, "test");
    format!("worse by {size}, {p} alone but not among {tests}")
}

fn detectable(change: f64, baseline: f64) -> String {
    match baseline.abs() {
        0.0 => short(change),
        size => format!(
            "{} ({})",
            short(change),
            percent(change / size).trim_start_matches('+')
        ),
    }
}
