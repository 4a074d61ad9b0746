//! A word about rows that are set side by side although they were measured under other conditions.

use polars::frame::DataFrame;

use crate::analysis::mixed;
use crate::output::text::visible;

use super::context::Context;

/// How many values of a condition are named.
const NAMED: usize = 4;

/// Says which conditions differ between the rows, those in columns that are `shown` excepted.
pub(super) fn warn(cx: &Context, frame: &DataFrame, shown: &[&str]) {
    for (column, values) in mixed(frame) {
        if shown.iter().any(|name| name.eq_ignore_ascii_case(&column)) {
            continue;
        }
        let named: Vec<String> = values
            .iter()
            .take(NAMED)
            .map(|v| visible(v).into_owned())
            .collect();
        let more = if values.len() > NAMED { ", …" } else { "" };
        cx.say(&format!(
            "warning: the rows differ in `{column}` ({}{more}), so they may not be comparable; `--by {column}` splits them, `--allow-mixed` silences this",
            named.join(", ")
        ));
    }
}
