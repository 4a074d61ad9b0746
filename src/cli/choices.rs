//! What to say when a saved query's rows are more than one answer, or none because two tools call
//! one model by two names: the choices there are, ready to paste.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::number::counted;
use crate::catalog::{Value, nearest};
use crate::query::SavedQuery;
use crate::store::Unjoined;

use super::failure::Hinted;
use super::rows::Held;
use super::shell::quoted;

/// How many choices are listed.
const LISTED: usize = 12;

/// Refuses rows that disagree in a column the query asks to pick, or that hold one thing twice.
pub(super) fn check(
    saved: &SavedQuery,
    parameters: &[(String, Value)],
    held: &Held,
) -> anyhow::Result<()> {
    let position = |name: &str| held.columns.iter().position(|c| c == name);
    let key = saved.one_per.as_deref().and_then(position);
    let of = saved.one_per.as_deref().unwrap_or("row");
    let (mut what, mut choices) = (Vec::new(), Vec::new());
    for group in &saved.pick {
        let columns = group
            .iter()
            .filter_map(|name| Some((name.as_str(), position(name)?)));
        let open: Vec<(&str, usize)> = columns.filter(|&(_, at)| distinct(held, at) > 1).collect();
        if open.is_empty() {
            continue;
        }
        what.extend(
            open.iter()
                .map(|&(name, at)| format!("{} values of `{name}`", distinct(held, at))),
        );
        choices.push(lines(held, &open, key, of));
    }
    if !what.is_empty() {
        let message = format!(
            "`{}` finds {}, and a picture shows one",
            saved.name,
            what.join(", ")
        );
        let each = if choices.len() > 1 {
            "add one line of each block"
        } else {
            "add one of these"
        };
        let hint = format!("{each}{}:\n{}", given(parameters), choices.join("\n\n"));
        return Err(Hinted::new(message, hint).into());
    }
    let (Some(key), Some(name)) = (key, saved.one_per.as_deref()) else {
        return Ok(());
    };
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for row in &held.rows {
        *count.entry(text(row.get(key))).or_default() += 1;
    }
    let Some((twice, n)) = count.iter().find(|(_, n)| **n > 1) else {
        return Ok(());
    };
    let same: Vec<&Vec<Value>> = held
        .rows
        .iter()
        .filter(|row| text(row.get(key)) == *twice)
        .collect();
    let differing: Vec<(&str, usize)> = saved
        .parameters
        .iter()
        .filter_map(|p| Some((p.name.as_str(), position(&p.name)?)))
        .filter(|&(_, at)| {
            same.iter()
                .map(|row| text(row.get(at)))
                .collect::<BTreeSet<_>>()
                .len()
                > 1
        })
        .collect();
    let message = format!(
        "`{}` finds {n} rows of the {name} `{twice}`, and a picture shows one",
        saved.name
    );
    let hint = if differing.is_empty() {
        "they differ in settings that `tradeoff query latest_results` shows; write your own SQL with a WHERE over `speed_score`"
            .to_owned()
    } else {
        format!(
            "add one of these{}:\n{}",
            given(parameters),
            lines(held, &differing, Some(key), name)
        )
    };
    Err(Hinted::new(message, hint).into())
}

/// One pasteable line a combination, those with the most things first.
fn lines(held: &Held, columns: &[(&str, usize)], key: Option<usize>, of: &str) -> String {
    let mut found: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    for (i, row) in held.rows.iter().enumerate() {
        let choice: Vec<String> = columns.iter().map(|&(_, at)| text(row.get(at))).collect();
        let thing = key.map_or_else(|| i.to_string(), |at| text(row.get(at)));
        found.entry(choice).or_default().insert(thing);
    }
    let mut order: Vec<(&Vec<String>, usize)> = found
        .iter()
        .map(|(choice, things)| (choice, things.len()))
        .collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let flags = |choice: &[String]| {
        let flags = columns
            .iter()
            .zip(choice)
            .map(|((name, _), value)| flag(name, value));
        flags.collect::<Vec<_>>().join(" ")
    };
    let shown: Vec<(String, usize)> = order
        .iter()
        .take(LISTED)
        .map(|(choice, n)| (flags(choice), *n))
        .collect();
    let width = shown
        .iter()
        .map(|(flags, _)| flags.chars().count())
        .max()
        .unwrap_or(0);
    let mut lines: Vec<String> = shown
        .iter()
        .map(|(flags, n)| format!("  {flags:width$}   # {}", counted(*n, of)))
        .collect();
    if order.len() > LISTED {
        lines.push(format!(
            "  … and {} more combinations",
            order.len() - LISTED
        ));
    }
    lines.join("\n")
}

/// What was chosen already.
fn given(parameters: &[(String, Value)]) -> String {
    let given = parameters.iter().filter(|(_, value)| *value != Value::Null);
    let flags: Vec<String> = given
        .map(|(name, value)| flag(name, &text(Some(value))))
        .collect();
    if flags.is_empty() {
        String::new()
    } else {
        format!(" to {}", flags.join(" "))
    }
}

fn flag(name: &str, value: &str) -> String {
    let plain = !value.is_empty()
        && value.chars().all(|c| {
            c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ',' | '/' | '@' | '+' | ':')
        });
    if plain {
        format!("-p {name}={value}")
    } else {
        format!("-p '{name}={}'", value.replace('\'', "'\\''"))
    }
}

fn distinct(held: &Held, at: usize) -> usize {
    held.rows
        .iter()
        .map(|row| text(row.get(at)))
        .collect::<BTreeSet<_>>()
        .len()
}

fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "null".to_owned(),
        Some(Value::Integer(i)) => i.to_string(),
        Some(Value::Real(x)) => x.to_string(),
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Bytes(_)) => "bytes".to_owned(),
    }
}

/// Why a join of speeds and scores leaves too little, and the command that would join more.
pub(super) fn unjoined(found: usize, models: &Unjoined) -> Hinted {
    let (speeds, scores) = (models.only_speed.len(), models.only_score.len());
    if models.both.is_empty() && (speeds == 0 || scores == 0) {
        let what = match (speeds, scores) {
            (0, 0) => "a speed or a score",
            (0, _) => "a speed",
            _ => "a score",
        };
        return Hinted::new(
            format!("no metric in the store is known as {what}"),
            "`tradeoff metrics list` shows what there is; `tradeoff metrics set NAME --kind speed --direction higher` says what one is (or `--kind quality`)",
        );
    }
    let message = format!(
        "{} with both a speed and a score, a picture needs two: {speeds} only ha{} a speed, {scores} only ha{} a score",
        counted(found, "model"),
        if speeds == 1 { "s" } else { "ve" },
        if scores == 1 { "s" } else { "ve" },
    );
    let mut pairs: Vec<String> = Vec::new();
    for speed in &models.only_speed {
        let folded: Vec<(String, &String)> =
            models.only_score.iter().map(|s| (fold(s), s)).collect();
        let wanted = fold(speed);
        // A size or a version that differs makes another model.
        let same = folded
            .iter()
            .filter(|(f, _)| numbers(f) == numbers(&wanted));
        let near = nearest::nearest(&wanted, same.map(|(f, _)| f.as_str()));
        if let Some((_, score)) = near.and_then(|near| folded.iter().find(|(f, _)| f == near)) {
            pairs.push(format!(
                "  tradeoff models alias {} {}",
                quoted(speed),
                quoted(score)
            ));
        }
    }
    let hint = if pairs.is_empty() {
        let few = |names: &[String]| {
            let shown: Vec<String> = names.iter().take(3).map(|n| format!("`{n}`")).collect();
            let more = if names.len() > 3 { ", …" } else { "" };
            if shown.is_empty() {
                "none".to_owned()
            } else {
                format!("{}{more}", shown.join(", "))
            }
        };
        format!(
            "no two names are near each other (speed: {}; score: {}); `tradeoff models alias NAME MODEL` joins two",
            few(&models.only_speed),
            few(&models.only_score)
        )
    } else {
        format!(
            "if these are one model each, join them:\n{}",
            pairs.join("\n")
        )
    };
    Hinted::new(message, hint)
}

/// A name without folder, file ending, case and punctuation: what two spellings of one model share.
fn fold(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = last.strip_suffix(".gguf").unwrap_or(last);
    stem.to_lowercase()
        .replace('³', "3")
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

fn numbers(name: &str) -> Vec<&str> {
    name.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .collect()
}
