//! The public views and their columns, a line each: what `query --schema` shows. A test holds them
//! against the views themselves.

/// A column and what it holds.
pub type Column = (&'static str, &'static str);

/// A view, what its rows are, and its columns in order.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Its name.
    pub name: &'static str,
    /// What a row of it is.
    pub rows: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
}

const RESULTS: &[Column] = &[
    ("run_id", "number of the run"),
    ("model", "canonical name of the model"),
    ("task", "what was asked, in one spelling"),
    ("metric", "canonical name: acc, ttft, decode_throughput"),
    (
        "statistic",
        "value, mean, p50, p99, std, min, max, sum, count",
    ),
    (
        "qualifier",
        "filter, scorer, split or phase; empty without one",
    ),
    ("shots", "examples in the prompt"),
    (
        "value",
        "the number, in unit; NULL only with a reason in missing",
    ),
    ("unit", "as written, else the base unit"),
    ("stderr", "standard error of value"),
    ("spread", "standard deviation of the observations behind it"),
    ("n", "number of those observations"),
    ("low", "lower end of an interval given by the file"),
    ("high", "upper end"),
    ("missing", "why there is no value"),
    ("base_value", "value in base_unit: comparable across tools"),
    ("base_stderr", "stderr in base_unit"),
    ("base_unit", "ms, tokens/s, fraction, …"),
    (
        "kind",
        "quality, speed, latency, memory, energy, cost, count, setting",
    ),
    ("direction", "higher or lower is better; NULL = not known"),
    ("is_aggregate", "1 for an average over other tasks"),
    ("task_version", "version of the task as written"),
    ("workload", "lengths, concurrency, rate, … in words"),
    ("status", "complete, partial or failed"),
    (
        "config",
        "digest of every setting that separates two series",
    ),
    ("shape", "digest of the set of metrics the run holds"),
    ("at", "start (else end) in ms UTC; 0 = not known"),
    (
        "time",
        "the same as text; without Z where the file gave no zone",
    ),
    ("label", "the run's own name"),
    ("revision", "branch, tag or step of the weights"),
    ("quantization", "as written"),
    ("dtype", "number format of the weights"),
    ("tool", "benchmark that wrote the file"),
    ("tool_version", "its version"),
    ("engine", "what ran the model"),
    ("engine_version", "its version"),
    ("hardware", "accelerator, or processor, that did the work"),
    ("devices", "how many of them"),
    ("tp", "tensor-parallel degree"),
    ("input_len", "tokens of a prompt as asked for"),
    ("output_len", "tokens of an answer as asked for"),
    ("depth", "tokens already in the cache"),
    ("batch", "batch size"),
    ("concurrency", "requests in flight, as asked for"),
    ("request_rate", "requests a second, as asked for"),
    ("arrival", "burst, rate, closed, single or batch"),
    ("requests", "how many were asked for"),
    ("dataset", "where the prompts come from"),
    ("model_raw", "the model as the file wrote it"),
    ("task_raw", "the task as the file wrote it"),
    ("metric_raw", "the metric as the file wrote it"),
    ("format", "import format"),
    ("source", "path of the file"),
    ("metric_id", "number of the metric's definition"),
    ("source_id", "number of the file"),
];

const VIEWS: &[View] = &[
    View {
        name: "results",
        rows: "one row a measurement, every name spelled out, and as written",
        columns: RESULTS,
    },
    View {
        name: "latest",
        rows: "of each series the newest value of a complete run; the columns of results",
        columns: RESULTS,
    },
    View {
        name: "speed_score",
        rows: "a score beside a speed of the same model, both the newest of their series",
        columns: &[
            ("model", "canonical name of the model"),
            ("task", "task of the score"),
            ("score_metric", "metric of the score"),
            ("qualifier", "filter, scorer or split of the score"),
            ("shots", "examples in the prompt"),
            ("score", "the score, in score_unit"),
            ("score_stderr", "its standard error"),
            ("score_unit", "its unit"),
            ("base_score", "the score in base_score_unit"),
            ("base_score_stderr", "its standard error there"),
            ("base_score_unit", "unit in which tools compare"),
            ("score_direction", "higher or lower is better"),
            ("speed_metric", "metric of the speed"),
            ("statistic", "value, mean, p50, p99, …"),
            ("speed_task", "phase or test of the speed"),
            ("workload", "lengths, concurrency, rate, … in words"),
            ("speed", "the speed or latency, in speed_unit"),
            ("speed_stderr", "its standard error"),
            ("speed_spread", "standard deviation behind it"),
            ("speed_n", "observations behind it"),
            ("speed_unit", "its unit"),
            ("base_speed", "the speed in base_speed_unit"),
            ("base_speed_stderr", "its standard error there"),
            ("base_speed_unit", "unit in which tools compare"),
            ("speed_direction", "higher or lower is better"),
            ("input_len", "tokens of a prompt"),
            ("output_len", "tokens of an answer"),
            ("depth", "tokens already in the cache"),
            ("batch", "batch size"),
            ("concurrency", "requests in flight"),
            ("request_rate", "requests a second"),
            ("tp", "tensor-parallel degree"),
            ("hardware", "accelerator of the speed"),
            ("devices", "how many of them"),
            ("engine", "engine of the speed"),
            (
                "score_quantization",
                "quantisation of the run with the score",
            ),
            (
                "speed_quantization",
                "quantisation of the run with the speed",
            ),
            (
                "same_quantization",
                "1 when both are the same or both not known",
            ),
            ("is_aggregate", "1 when the score averages other tasks"),
            ("score_run", "run of the score"),
            ("speed_run", "run of the speed"),
        ],
    },
    View {
        name: "run_settings",
        rows: "every known setting of a run as key and value",
        columns: &[
            ("run_id", "number of the run"),
            ("key", "name of the setting"),
            ("value", "its value"),
            ("separates", "1 when it separates two series"),
        ],
    },
    View {
        name: "run_sources",
        rows: "every file that holds a run",
        columns: &[
            ("run_id", "number of the run"),
            ("source_id", "number of the file"),
            ("ordinal", "place of the run in the file, from 0"),
            ("path", "path of the file"),
        ],
    },
    View {
        name: "sample_values",
        rows: "the values behind a measurement, one a request or question",
        columns: &[
            ("run_id", "number of the run"),
            ("model", "canonical name of the model"),
            ("task", "what was asked"),
            ("metric", "canonical name"),
            ("qualifier", "filter, scorer or split"),
            ("shots", "examples in the prompt"),
            ("unit", "unit of value"),
            ("position", "place in the vector, from 0"),
            ("value", "the value; NULL where the item has none"),
            (
                "item_set_id",
                "which questions; runs with the same can be paired",
            ),
            ("config", "digest of the settings of the series"),
            ("metric_id", "number of the metric's definition"),
        ],
    },
];

/// Every view, the most useful first.
pub fn views() -> &'static [View] {
    VIEWS
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::*;

    #[test]
    fn the_described_columns_are_those_of_the_views() {
        let store = Store::in_memory().unwrap();
        let conn = &store.conn;
        for view in views() {
            let sql = "SELECT name FROM pragma_table_info(?)";
            let mut statement = conn.prepare(sql).unwrap();
            let found: Vec<String> = statement
                .query_map([view.name], |row| row.get(0))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            let described: Vec<&str> = view.columns.iter().map(|column| column.0).collect();
            assert_eq!(found, described, "{}", view.name);
        }
        let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'view'";
        let count: i64 = conn.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(count, views().len() as i64);
    }
}
