//! A frontier as rows, and as a table with remarks for people.

use std::io::Write;

use crate::analysis::{Frontier, Placed};
use crate::catalog::Value;
use crate::catalog::number::short;
use crate::output::text::visible;
use crate::output::{self, Format, Rows, Style};

use super::answer::Answer;

/// The rows of all groups, for formats that hold rows and nothing else.
pub(super) fn rows(
    by: Option<&str>,
    answers: &[Answer],
    label: Option<&str>,
    out: &mut dyn Rows,
) -> anyhow::Result<()> {
    let Some(first) = answers.first() else {
        return Ok(());
    };
    let parts = Parts::of(answers);
    let by = by.map(str::to_owned);
    let header: Vec<String> = by
        .into_iter()
        .chain(parts.header(&first.frontier, label))
        .collect();
    out.header(&header)?;
    for answer in answers {
        for point in &answer.frontier.points {
            let group = answer.group.clone().map(Value::Text);
            let row: Vec<Value> = group.into_iter().chain(parts.row(answer, point)).collect();
            out.row(&row)?;
        }
    }
    Ok(())
}

/// One answer for people.
pub(super) fn table(
    answer: &Answer,
    label: Option<&str>,
    style: &Style,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    if let Some(group) = &answer.group {
        writeln!(out, "{}\n", visible(group))?;
    }
    let parts = Parts::of(std::slice::from_ref(answer));
    let mut writer = output::writer(Format::Table, &mut *out, style);
    writer.header(&parts.header(&answer.frontier, label))?;
    for point in &answer.frontier.points {
        writer.row(&parts.row(answer, point))?;
    }
    writer.finish()?;
    drop(writer);
    remarks(answer, out)?;
    if answer.group.is_some() {
        writeln!(out)?;
    }
    Ok(())
}

/// The columns that are there only when something is known.
#[derive(Clone, Copy)]
struct Parts {
    probabilities: bool,
    near: bool,
    beaters: bool,
}

impl Parts {
    fn of(answers: &[Answer]) -> Self {
        let points = || answers.iter().flat_map(|answer| &answer.frontier.points);
        Self {
            probabilities: answers
                .iter()
                .any(|answer| answer.frontier.has_probabilities()),
            near: points().any(|point| point.near.is_some()),
            beaters: points().any(|point| point.gap.is_some()),
        }
    }

    fn header(self, frontier: &Frontier, label: Option<&str>) -> Vec<String> {
        let columns = frontier.objectives.iter().map(|o| o.column.clone());
        let named = |on: bool, names: &[&str]| -> Vec<String> {
            let names = names.iter().filter(|_| on);
            names.map(|&name| name.to_owned()).collect()
        };
        std::iter::once(label.unwrap_or("row").to_owned())
            .chain(columns)
            .chain(named(true, &["layer"]))
            .chain(named(self.probabilities, &["p_frontier", "class"]))
            .chain(named(self.near, &["near"]))
            .chain(named(self.beaters, &["dominated by"]))
            .collect()
    }

    fn row(self, answer: &Answer, point: &Placed) -> Vec<Value> {
        let by: Vec<&str> = answer.beaters(point).collect();
        let by = (!by.is_empty()).then(|| Value::Text(shortened(&by)));
        let near = match point.near {
            Some(true) => "yes",
            _ => "no",
        };
        let class = point.class().map(|class| Value::from(class.as_str()));
        // Three digits are what the method is good for.
        let p = point.p_frontier.map(|p| (p * 1000.0).round() / 1000.0);
        std::iter::once(Value::Text(point.label.clone()))
            .chain(point.values.iter().map(|v| Value::Real(*v)))
            .chain([Value::Integer(point.layer as i64)])
            .chain(self.probabilities.then(|| p.into()))
            .chain(self.probabilities.then(|| class.unwrap_or(Value::Null)))
            .chain(self.near.then(|| Value::from(near)))
            .chain(self.beaters.then(|| by.unwrap_or(Value::Null)))
            .collect()
    }
}

/// How many names stand in a cell.
const NAMED: usize = 3;

/// Names with commas between them; those after the first few are counted.
fn shortened(names: &[&str]) -> String {
    let first = names
        .iter()
        .take(NAMED)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// What the table does not say.
fn remarks(answer: &Answer, out: &mut dyn Write) -> anyhow::Result<()> {
    let frontier = &answer.frontier;
    writeln!(
        out,
        "\n{} of {} on the frontier",
        frontier.size(),
        frontier.n
    )?;
    if frontier.points.len() < frontier.n {
        let left = frontier.n - frontier.points.len();
        writeln!(
            out,
            "{left} dominated rows are not listed; `--all` lists them"
        )?;
    }
    let column = |k: usize| frontier.objectives.get(k).map_or("", |o| o.column.as_str());
    for step in &frontier.steps {
        let doubling = step
            .per_doubling
            .map(|d| format!(", {} per doubling", short(d)));
        writeln!(
            out,
            "from {} to {}: {} {} per 100 {}{}",
            visible(answer.name(step.from)),
            visible(answer.name(step.to)),
            short(step.per_100),
            column(1),
            column(0),
            doubling.unwrap_or_default()
        )?;
    }
    match (frontier.has_probabilities(), frontier.exact.as_slice()) {
        (true, []) => {}
        (true, exact) => {
            let exact = exact.join(", ");
            writeln!(
                out,
                "no standard errors of {exact} are recorded, so it counts as exact"
            )?;
        }
        (false, _) if frontier.points.len() < frontier.n => {
            writeln!(out, "above 1,000 rows no probabilities are computed")?;
        }
        (false, _) => writeln!(
            out,
            "no standard errors are recorded, so nothing is said about how sure this is"
        )?,
    }
    if let Some(knee) = frontier.knee {
        writeln!(out, "knee: {}", visible(answer.name(knee)))?;
    }
    if let Some(volume) = frontier.hypervolume {
        let corner: Vec<String> = frontier.reference.iter().map(|v| short(*v)).collect();
        writeln!(
            out,
            "hypervolume: {} from ({})",
            short(volume),
            corner.join(", ")
        )?;
    }
    if let Some(line) = answer.recommendation() {
        writeln!(out, "{line}")?;
    }
    Ok(())
}
