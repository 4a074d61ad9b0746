//! Published sets with their fronts, layers and volumes, from the folder of reference data:
//! the test suite of multi-objective.github.io, values by moocore 0.3.2 where it gives none.

use serde_json::Value;

use super::super::reference::columns;
use super::points::Points;

/// One published set, turned to gains.
pub(super) struct Published {
    values: Vec<f64>,
    dimension: usize,
    /// What is known of it.
    pub(super) facts: Value,
}

impl Published {
    pub(super) fn points(&self) -> Points<'_> {
        Points::new(&self.values, self.dimension).unwrap()
    }

    /// A list of whole numbers among the facts.
    pub(super) fn whole_numbers(&self, key: &str) -> Option<Vec<usize>> {
        let list = self.facts.get(key)?.as_array()?;
        Some(list.iter().map(|n| n.as_u64().unwrap() as usize).collect())
    }

    /// The reference point, turned to gains.
    pub(super) fn reference(&self) -> Vec<f64> {
        let list = self.facts["reference_point"].as_array().unwrap();
        list.iter().map(|v| -v.as_f64().unwrap()).collect()
    }
}

/// The set `name`, or `None` where the folder of reference data is absent. All are costs.
pub(super) fn published(name: &str) -> Option<Published> {
    let columns = columns(&format!("pareto/{name}.csv"))?;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/stats/pareto/");
    let text = std::fs::read_to_string(format!("{folder}{name}.json")).ok()?;
    let facts: Value = serde_json::from_str(&text).unwrap();
    let directions = facts["directions"].as_array().unwrap();
    assert!(directions.iter().all(|direction| direction == "min"));
    let row = |i: usize| columns.iter().map(move |column| -column[i]);
    Some(Published {
        values: (0..columns[0].len()).flat_map(row).collect(),
        dimension: columns.len(),
        facts,
    })
}
