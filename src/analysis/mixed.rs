//! Whether rows that are set side by side were measured alike.

use polars::prelude::DataFrame;

use super::columns;

/// The columns that say on what, with what and under which load something was measured, as the
/// store's views call them and as people call them in tables. A model's own settings, such as its
/// quantisation, are not among them: those are what is compared.
const CONDITIONS: [&str; 20] = [
    "hardware",
    "gpu",
    "device",
    "devices",
    "engine",
    "backend",
    "workload",
    "input_len",
    "output_len",
    "prompt_len",
    "depth",
    "batch",
    "batch_size",
    "concurrency",
    "request_rate",
    "requests",
    "arrival",
    "tp",
    "dataset",
    "statistic",
];

/// The columns of conditions that differ between rows: name and the values found, in order.
pub fn mixed(frame: &DataFrame) -> Vec<(String, Vec<String>)> {
    let found = CONDITIONS.iter().filter_map(|condition| {
        let name = columns::name_of(frame, condition)?;
        let mut values = columns::labels(frame, Some(&name)).ok()?;
        values.sort();
        values.dedup();
        // What is not known is not known to differ; a cell without a value is called after its row.
        values.retain(|value| !value.starts_with("row ") && value != "not recorded");
        (values.len() > 1).then_some((name, values))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use polars::df;

    use super::*;

    #[test]
    fn conditions_that_differ_are_named_with_their_values() {
        let frame = df![
            "model" => ["a", "b", "c"],
            "hardware" => [Some("H100"), Some("A100"), None],
            "engine" => ["vllm", "vllm", "vllm"],
            "Concurrency" => [8, 16, 8],
            "quantization" => ["q4", "q8", "f16"],
        ]
        .unwrap();
        let texts = |values: &[&str]| values.iter().map(|&v| v.to_owned()).collect::<Vec<_>>();
        assert_eq!(
            mixed(&frame),
            [
                ("hardware".to_owned(), texts(&["A100", "H100"])),
                ("Concurrency".to_owned(), texts(&["16", "8"])),
            ]
        );
    }
}
