//! Which runs the user means: those of a side of a comparison, or of a baseline.

use std::cell::Cell;

use crate::catalog::Value;
use crate::catalog::nearest::nearest;
use crate::query::is_name;
use crate::store::{Reader, StoreError};

use super::context::Context;
use super::failure::Hinted;

/// The runs of a side: by its prefix, else by the one kind of thing that has this name.
pub(super) fn resolve(cx: &Context, reader: &Reader, text: &str) -> anyhow::Result<Vec<i64>> {
    let runs = match text.split_once(':') {
        Some(("run", id)) => run(reader, id)?,
        Some(("tag", tag)) => reader.runs_with_tag(tag)?,
        Some(("model", model)) => {
            reader.require_model(model)?;
            reader.runs_of_model(model)?
        }
        Some(("query", name)) => of_query(cx, reader, name)?,
        _ => return guess(cx, reader, text),
    };
    nonempty(text, runs)
}

fn nonempty(text: &str, runs: Vec<i64>) -> anyhow::Result<Vec<i64>> {
    if runs.is_empty() {
        return Err(Hinted::new(
            format!("`{text}` has no complete run"),
            "`tradeoff runs list` shows the runs, their tags and how they ended",
        )
        .into());
    }
    Ok(runs)
}

fn run(reader: &Reader, id: &str) -> anyhow::Result<Vec<i64>> {
    let Ok(run) = id.parse::<i64>() else {
        return Err(Hinted::new(
            format!("`{id}` is no run's number"),
            "`tradeoff runs list` shows them",
        )
        .into());
    };
    reader.require_run(run)?;
    Ok(vec![run])
}

/// The column `run_id`, or `run`, of a saved query.
fn of_query(cx: &Context, reader: &Reader, name: &str) -> anyhow::Result<Vec<i64>> {
    let query = cx.library().find(name)?;
    let defaults = query.parameters.iter();
    let parameters: Vec<(String, Value)> = defaults
        .filter_map(|p| Some((p.name.clone(), p.default.clone()?)))
        .collect();
    let (column, mut runs) = (Cell::new(None), Vec::new());
    reader.run(
        &query.sql,
        &parameters,
        |columns| {
            column.set(columns.iter().position(|c| c == "run_id" || c == "run"));
            Ok(())
        },
        |row| {
            if let Some(Value::Integer(run)) = column.get().and_then(|at: usize| row.get(at)) {
                runs.push(*run);
            }
            Ok(true)
        },
    )?;
    if column.get().is_none() {
        return Err(Hinted::new(
            format!("the rows of `{name}` have no column `run_id`"),
            "a query that stands for a side names its runs there",
        )
        .into());
    }
    runs.sort_unstable();
    runs.dedup();
    Ok(runs)
}

/// Without a prefix: a run's number, a tag, a model or a saved query, if only one of them fits.
fn guess(cx: &Context, reader: &Reader, text: &str) -> anyhow::Result<Vec<i64>> {
    let mut kinds: Vec<(&str, Vec<i64>)> = Vec::new();
    if let Ok(id) = text.parse::<i64>()
        && reader.require_run(id).is_ok()
    {
        kinds.push(("run", vec![id]));
    }
    let tagged = reader.runs_with_tag(text)?;
    if !tagged.is_empty() {
        kinds.push(("tag", tagged));
    }
    let models = reader.model_names()?;
    if models.iter().any(|model| model == text) {
        kinds.push(("model", reader.runs_of_model(text)?));
    }
    if is_name(text) && cx.library().find(text).is_ok() {
        kinds.push(("query", of_query(cx, reader, text)?));
    }
    match kinds.len() {
        1 => nonempty(text, kinds.remove(0).1),
        0 => Err(StoreError::Unknown {
            kind: "run, tag, model or saved query",
            name: text.to_owned(),
            near: nearest(text, models.iter().map(String::as_str)).map(str::to_owned),
        }
        .into()),
        _ => {
            let all: Vec<String> = kinds
                .iter()
                .map(|(kind, _)| format!("`{kind}:{text}`"))
                .collect();
            Err(Hinted::new(
                format!("`{text}` has several meanings"),
                format!("write one of {}", all.join(", ")),
            )
            .into())
        }
    }
}
