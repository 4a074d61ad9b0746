//! A trend in a sentence for people.

use crate::catalog::number::{counted, p_equals, percent, short};

use super::{ChangePoint, FEWEST, PointState, Trend, TrendDrift, TrendStatus};

/// What changed, or what would have had to.
pub(super) fn sentence(trend: &Trend) -> String {
    match trend.status {
        TrendStatus::TooShort if trend.change_points.is_empty() => {
            return format!(
                "{} of the {FEWEST} that are needed",
                counted(trend.present, "value")
            );
        }
        TrendStatus::Constant => {
            let value = trend.points.iter().find_map(|point| point.value);
            let value = value.map(short).unwrap_or_default();
            return format!("all {} are {value}", counted(trend.present, "value"));
        }
        TrendStatus::Ok | TrendStatus::TooShort => {}
    }
    let mut parts = Vec::new();
    let (suspects, changes): (Vec<&ChangePoint>, Vec<&ChangePoint>) = trend
        .change_points
        .iter()
        .partition(|c| c.state == PointState::Suspect && c.acknowledged.is_none());
    if !changes.is_empty() {
        parts.push(list(&changes));
    } else if let Some(drift) = &trend.drift {
        parts.push(drifts(drift));
    } else {
        parts.push(nothing(trend));
    }
    parts.extend(suspects.into_iter().map(suspicion));
    if let Some(drift) = trend.drift.as_ref().filter(|_| !changes.is_empty()) {
        parts.push(format!("since then the series {}", drifts(drift)));
    }
    if trend.needed > 0 && !changes.is_empty() {
        parts.push(format!(
            "the newest level needs {} more to be examined",
            counted(trend.needed, "value")
        ));
    }
    parts.join("; ")
}

/// How many changes are told; the others are counted.
const TOLD: usize = 3;

fn list(changes: &[&ChangePoint]) -> String {
    let newest = changes.get(changes.len().saturating_sub(TOLD)..);
    let newest: Vec<String> = newest.unwrap_or_default().iter().map(|c| told(c)).collect();
    let counted = counted(changes.len(), "change");
    match changes.len() {
        1 => format!("{counted} {}", newest.join("")),
        n if n > TOLD => format!("{counted}, the last {TOLD}: {}", newest.join("; ")),
        _ => format!("{counted}: {}", newest.join("; ")),
    }
}

fn told(change: &ChangePoint) -> String {
    let mut words = vec![place(change), moved(change)];
    words.extend(change.verdict.map(|verdict| verdict.as_str().to_owned()));
    words.push(match change.state {
        PointState::Confirmed => "confirmed".to_owned(),
        PointState::Possible => "possible".to_owned(),
        PointState::Suspect => "suspect".to_owned(),
    });
    words.extend(change.p.map(p_equals));
    if let Some(note) = &change.acknowledged {
        words.push(format!("acknowledged: {note}"));
    } else if !change.in_force {
        words.push("no longer in force".to_owned());
    }
    words.join(", ")
}

fn place(change: &ChangePoint) -> String {
    match (change.run, &change.time) {
        (Some(run), Some(time)) => format!("at run {run} ({time})"),
        (Some(run), None) => format!("at run {run}"),
        (None, Some(time)) => format!("at {time}"),
        (None, None) => format!("at value {}", change.index + 1),
    }
}

fn moved(change: &ChangePoint) -> String {
    let levels = format!("{} to {}", short(change.before), short(change.after));
    match change.relative_change {
        Some(share) => format!("{levels} ({})", percent(share)),
        None => levels,
    }
}

fn suspicion(change: &ChangePoint) -> String {
    let expected = match change.expected {
        Some((low, high)) => format!(", expected {} to {}", short(low), short(high)),
        None => String::new(),
    };
    format!("the newest {} is suspect{expected}", short(change.after))
}

fn drifts(drift: &TrendDrift) -> String {
    let way = if drift.slope < 0.0 {
        "drifts down"
    } else {
        "drifts up"
    };
    let size = match drift.share {
        Some(share) => format!("{} a run", percent(share)),
        None => format!("{} a run", short(drift.slope)),
    };
    let verdict = drift.verdict.map(|v| format!(", {}", v.as_str()));
    format!(
        "{way} by {size}, {}{}",
        p_equals(drift.p),
        verdict.unwrap_or_default()
    )
}

fn nothing(trend: &Trend) -> String {
    if trend.earlier > 0 {
        return format!("no change since then, {} before", trend.earlier);
    }
    let found = format!("no change found in {}", counted(trend.present, "value"));
    match trend.detectable {
        Some(step) => format!(
            "{found}; smallest detectable in the middle: {}",
            short(step)
        ),
        None => found,
    }
}
