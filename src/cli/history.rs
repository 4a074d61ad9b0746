//! Series over time as the analyses take them: from the store, or from a table file.

use std::collections::HashMap;

use polars::frame::DataFrame;

use crate::analysis::{Acknowledged, Observation, Series, SeriesKey, columns};
use crate::catalog::nearest::nearest;
use crate::catalog::{Direction, Kind, Moment};
use crate::import;
use crate::stats::MinimumEffect;
use crate::store::{Reader, StoredPoint, StoredSeries};

use super::context::Context;
use super::failure::Hinted;
use super::options::{SeriesOptions, Size};

/// The smallest change that matters: as asked for, else one point of a hundred of a score, in its
/// unit, and 2 % of anything else.
pub(super) fn matters(
    asked: Option<Size>,
    kind: Option<Kind>,
    unit: Option<&str>,
    mut values: impl Iterator<Item = f64>,
) -> MinimumEffect {
    match (asked, kind) {
        (Some(size), _) => size.0,
        (None, Some(Kind::Quality)) => MinimumEffect::Absolute(match unit {
            Some("percent" | "%") => 1.0,
            Some("fraction") => 0.01,
            _ if values.all(|value| value.abs() <= 1.0) => 0.01,
            _ => 1.0,
        }),
        (None, _) => MinimumEffect::Relative(0.02),
    }
}

/// The series of the store that are asked for, at least one.
pub(super) fn of_store(
    reader: &Reader,
    options: &SeriesOptions,
) -> anyhow::Result<Vec<StoredSeries>> {
    let found = reader.series(&options.which())?;
    if found.is_empty() {
        return Err(nothing(reader, options)?.into());
    }
    Ok(found)
}

/// Says that the order of some runs is only that of their import.
pub(super) fn say_untimed(cx: &Context, stored: &[StoredSeries]) {
    let is_open = |s: &&StoredSeries| s.points.len() > 1 && s.points.iter().any(|p| p.at.is_none());
    let series = stored.iter().filter(is_open).count();
    if series > 0 {
        let series = if series == 1 {
            "1 series has".to_owned()
        } else {
            format!("{series} series have")
        };
        cx.say(&format!(
            "note: {series} runs without a time; they stand before the others, in the order of import"
        ));
    }
}

/// Why no series was found: a name that is not there, or a store without any.
fn nothing(reader: &Reader, options: &SeriesOptions) -> anyhow::Result<Hinted> {
    for model in &options.model {
        reader.require_model(model)?;
    }
    let all = reader.series(&Default::default())?;
    if all.is_empty() {
        return Ok(Hinted::new(
            "the store holds no complete run with a value",
            "`tradeoff import FILES…` brings some",
        ));
    }
    let metrics = || all.iter().map(|series| series.metric.as_str());
    let tasks = || all.iter().filter_map(|series| series.task.as_deref());
    let unknown = |what: &str, name: &str, near: Option<&str>, list: &str| {
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("`{list}` shows what there is"),
        };
        Hinted::new(format!("no series has the {what} `{name}`"), hint)
    };
    for name in &options.metric {
        if !metrics().any(|metric| metric == name) {
            return Ok(unknown(
                "metric",
                name,
                nearest(name, metrics()),
                "tradeoff metrics list",
            ));
        }
    }
    for name in &options.task {
        if !tasks().any(|task| task == name) {
            let list = "tradeoff query 'SELECT DISTINCT task FROM results'";
            return Ok(unknown("task", name, nearest(name, tasks()), list));
        }
    }
    Ok(Hinted::new(
        "no series has this model, task and metric together",
        "leave one of `--model`, `--task` and `--metric` out",
    ))
}

/// A series of the store for the analyses.
pub(super) fn series(stored: &StoredSeries, asked: Option<Size>) -> Series {
    let values = stored.points.iter().filter_map(|point| point.value);
    let acknowledged = stored.acknowledged.iter();
    Series {
        key: SeriesKey {
            model: stored.model.clone(),
            task: stored.task.clone(),
            metric: stored.metric.clone(),
            statistic: Some(stored.statistic.clone()).filter(|s| s != "value"),
            qualifier: Some(stored.qualifier.clone()).filter(|q| !q.is_empty()),
            unit: stored.unit.clone(),
            workload: Some(stored.workload.clone()).filter(|w| w != "not recorded"),
            config: Some(stored.config.clone()),
        },
        direction: stored.direction,
        ratio: stored.kind != Some(Kind::Quality),
        minimum: matters(asked, stored.kind, stored.unit.as_deref(), values),
        points: stored.points.iter().map(observation).collect(),
        acknowledged: acknowledged
            .map(|(run, note)| Acknowledged {
                run: *run,
                note: note.clone(),
            })
            .collect(),
    }
}

/// A value of the store for the analyses.
pub(super) fn observation(point: &StoredPoint) -> Observation {
    Observation {
        run: Some(point.run),
        at: point.at,
        time: point.time.clone(),
        value: point.value,
        stderr: point.stderr,
        answers: None,
    }
}

/// A series in words.
pub(super) fn name(key: &SeriesKey) -> String {
    let metric = [
        Some(&key.metric),
        key.statistic.as_ref(),
        key.qualifier.as_ref(),
    ];
    let metric: Vec<&str> = metric.into_iter().flatten().map(String::as_str).collect();
    let parts = [
        key.model.clone(),
        key.task.clone(),
        Some(metric.join(" ")),
        key.workload.clone(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// How the columns of a table file that holds series are called.
const TIMES: [&str; 6] = ["timestamp", "time", "date", "datetime", "started_at", "at"];
const VALUES: [&str; 2] = ["value", "score"];
const NAMES: [&str; 4] = ["series", "model", "task", "metric"];

/// Which columns of a frame make series.
pub(super) struct Columns {
    /// The values.
    pub(super) value: String,
    /// The times.
    pub(super) time: Option<String>,
    /// What tells the series apart.
    pub(super) by: Vec<String>,
}

impl Columns {
    /// The columns named, else those that are called like their part.
    pub(super) fn of(
        frame: &DataFrame,
        value: Option<String>,
        time: Option<String>,
        by: Vec<String>,
    ) -> anyhow::Result<Self> {
        let find = |names: &[&str]| names.iter().find_map(|name| columns::name_of(frame, name));
        let Some(value) = value.or_else(|| find(&VALUES)) else {
            return Err(Hinted::new(
                "the rows have no column `value`",
                "a table of series has the columns series, timestamp and value; `tradeoff query --data FILE 'SELECT … AS value FROM data'` renames them",
            )
            .into());
        };
        Ok(Self {
            value,
            time: time.or_else(|| find(&TIMES)),
            by,
        })
    }
}

/// The series of a table file, told apart by the columns `by`, else by those that are called so.
pub(super) fn of_frame(
    frame: &DataFrame,
    by: &[String],
    options: &SeriesOptions,
) -> anyhow::Result<(Vec<Series>, Vec<String>)> {
    let mut by: Vec<String> = by.to_vec();
    if by.is_empty() {
        let named = NAMES
            .iter()
            .filter_map(|name| columns::name_of(frame, name));
        by.extend(named);
    }
    let columns = Columns::of(frame, None, None, by)?;
    gather(frame, &columns, options.min_effect)
}

/// One series for each set of values of the columns `by`, in order of first appearance; their rows in
/// order of time, and where no time is given in the order of the frame. The second part says what
/// was assumed.
pub(super) fn gather(
    frame: &DataFrame,
    columns: &Columns,
    asked: Option<Size>,
) -> anyhow::Result<(Vec<Series>, Vec<String>)> {
    let values = columns::numbers(frame, &columns.value)?;
    let stderrs = columns::stderrs(frame, &columns.value)?;
    let names: Vec<Vec<String>> = columns
        .by
        .iter()
        .map(|column| columns::labels(frame, Some(column)))
        .collect::<Result<_, _>>()?;
    let times = match &columns.time {
        Some(column) => Some(columns::texts(frame, column)?),
        None => None,
    };
    let mut order: Vec<String> = Vec::new();
    let mut rows: HashMap<String, Vec<Observation>> = HashMap::new();
    let mut untimed = times.is_none();
    // Series share their times.
    let mut instants: HashMap<String, Option<i64>> = HashMap::new();
    for (row, value) in values.into_iter().enumerate() {
        let parts = names.iter().filter_map(|n| n.get(row));
        let name = parts.map(String::as_str).collect::<Vec<_>>().join(", ");
        let written = times.as_ref().and_then(|times| times.get(row)?.clone());
        let at = written.as_ref().and_then(|text| match instants.get(text) {
            Some(at) => *at,
            None => {
                let at = instant(text);
                instants.insert(text.clone(), at);
                at
            }
        });
        untimed |= at.is_none();
        let point = Observation {
            at,
            time: written,
            value: value.filter(|v| v.is_finite()),
            stderr: stderrs.as_ref().and_then(|s| s.get(row).copied().flatten()),
            ..Observation::default()
        };
        let points = rows.entry(name).or_insert_with_key(|name| {
            order.push(name.clone());
            Vec::new()
        });
        points.push(point);
    }
    let notes = untimed.then(|| match &columns.time {
        Some(column) => {
            format!("some cells of `{column}` are no time, so the rows are taken in their order")
        }
        None => "no column holds a time, so the rows are taken in their order".to_owned(),
    });
    let series = order.into_iter().map(|name| {
        let mut points = rows.remove(&name).unwrap_or_default();
        match untimed {
            true => points.iter_mut().for_each(|point| point.at = None),
            false => points.sort_by_key(|point| point.at),
        }
        of_points(name, points, asked)
    });
    Ok((series.collect(), notes.into_iter().collect()))
}

fn of_points(name: String, points: Vec<Observation>, asked: Option<Size>) -> Series {
    let name = if name.is_empty() {
        "value".to_owned()
    } else {
        name
    };
    let known = import::table::header(&name);
    let values = points.iter().filter_map(|point| point.value);
    Series {
        minimum: matters(asked, known.kind, known.unit.as_deref(), values),
        ratio: known.kind != Some(Kind::Quality),
        direction: known.direction,
        key: SeriesKey {
            metric: name,
            ..SeriesKey::default()
        },
        points,
        acknowledged: Vec::new(),
    }
}

/// Milliseconds since 1970 from a time in words, or from a number, whose unit does not matter for
/// an order.
fn instant(text: &str) -> Option<i64> {
    let number = || text.parse::<f64>().ok().filter(|x| x.is_finite());
    let moment = import::moment(text).map(|Moment { millis, .. }| millis);
    moment.or_else(|| number().map(|x| (x * 1000.0) as i64))
}

/// A moment that the user wrote.
pub(super) fn since(text: &str) -> Result<i64, String> {
    let moment = import::moment(text).map(|moment| moment.millis);
    moment.ok_or_else(|| "expected a date or time such as 2026-03-01".to_owned())
}

/// `higher` or `lower`, said by the user for series of which nothing says it.
pub(super) fn direct(series: &mut [Series], direction: Option<Direction>) {
    for series in series {
        series.direction = series.direction.or(direction);
    }
}
