//! A frontier as JSON, with the keys scripts rely on.

use serde_json::{Map, Value as Json, json};

use crate::analysis::{Chosen, Frontier, Placed, Recommendation};

use super::answer::Answer;

/// One document: the answer, or the answer of each group.
pub(super) fn of(by: Option<&str>, answers: &[Answer]) -> Json {
    match (by, answers) {
        (None, [answer]) => Json::Object(one(answer)),
        _ => {
            let groups = answers.iter().map(|answer| {
                let mut json = Map::new();
                json.insert("by".to_owned(), json!(answer.group));
                json.extend(one(answer));
                Json::Object(json)
            });
            json!({"by": by, "groups": groups.collect::<Vec<_>>()})
        }
    }
}

fn one(answer: &Answer) -> Map<String, Json> {
    let frontier = &answer.frontier;
    let objectives: Vec<Json> = frontier
        .objectives
        .iter()
        .map(|o| json!({"column": o.column, "direction": o.direction, "scale": if o.log { "log10" } else { "linear" }}))
        .collect();
    let steps = frontier.steps.iter().map(|s| {
        json!({"from": answer.name(s.from), "to": answer.name(s.to), "per_100": s.per_100, "per_doubling": s.per_doubling})
    });
    let excluded = frontier.excluded.iter();
    let excluded = excluded.map(|e| json!({"row": e.row, "label": e.label, "reason": e.reason}));
    let knee = frontier.knee.and_then(|i| frontier.points.get(i));
    let pairs = [
        ("objectives", json!(objectives)),
        ("n", json!(frontier.n)),
        (
            "points",
            frontier.points.iter().map(|p| point(answer, p)).collect(),
        ),
        ("dominated", json!(frontier.n - frontier.size())),
        ("hypervolume", json!(frontier.hypervolume)),
        ("reference", json!(frontier.reference)),
        ("outside_reference", json!(frontier.outside_reference)),
        (
            "knee",
            json!(knee.map(|p| values(frontier, &p.label, &p.values))),
        ),
        ("steps", steps.collect()),
        ("exact", json!(frontier.exact)),
        ("excluded", excluded.collect()),
        (
            "recommended",
            recommended(frontier, answer.recommended.as_ref()),
        ),
    ];
    pairs
        .map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .collect()
}

/// A label and the value in each objective.
fn values(frontier: &Frontier, label: &str, values: &[f64]) -> Map<String, Json> {
    let pairs = frontier.objectives.iter().zip(values);
    std::iter::once(("label".to_owned(), json!(label)))
        .chain(pairs.map(|(o, v)| (o.column.clone(), json!(v))))
        .collect()
}

fn point(answer: &Answer, point: &Placed) -> Json {
    let mut json = values(&answer.frontier, &point.label, &point.values);
    let mut insert = |key: &str, value: Json| {
        json.insert(key.to_owned(), value);
    };
    insert("on_frontier", json!(point.layer == 1));
    insert("layer", json!(point.layer));
    insert(
        "dominated_by",
        json!(answer.beaters(point).collect::<Vec<_>>()),
    );
    insert("p_frontier", json!(point.p_frontier));
    insert("class", json!(point.class()));
    if let Some(near) = point.near {
        insert("near", json!(near));
    }
    if let Some(gap) = &point.gap {
        let objectives = answer.frontier.objectives.iter();
        let missing: Map<String, Json> = objectives
            .zip(&gap.missing)
            .map(|(o, missing)| (o.column.clone(), json!(missing)))
            .collect();
        insert(
            "gap",
            json!({"missing": missing, "distance": gap.distance, "efficiency": gap.efficiency}),
        );
    }
    insert("share_of_frontier", json!(point.share_of_frontier));
    insert("share_of_set", json!(point.share_of_set));
    Json::Object(json)
}

fn recommended(frontier: &Frontier, found: Option<&Option<Recommendation>>) -> Json {
    let Some(Some(found)) = found else {
        return Json::Null;
    };
    let mut json = values(frontier, &found.best.label, &found.best.values);
    let runner_up = |chosen: &Chosen| chosen.label.clone();
    json.insert(
        "runner_up".to_owned(),
        json!(found.runner_up.as_ref().map(runner_up)),
    );
    json.insert("margin".to_owned(), json!(found.margin));
    json.insert("probability".to_owned(), json!(found.probability));
    json.insert("candidates".to_owned(), json!(found.candidates));
    Json::Object(json)
}
