//! The facts about a run that a table's column may hold besides its settings: hardware, engine,
//! workload. One row a fact: the headers that mean it and how a cell is put into the run.

use crate::catalog::{Run, Value};

/// A fact about a run.
pub(super) struct Field {
    /// How notes call it.
    pub(super) name: &'static str,
    /// Headers that mean it, folded as in [`super::roles`].
    pub(super) headers: &'static [&'static str],
    /// What is said when a cell cannot be read.
    pub(super) unreadable: &'static str,
    /// Puts a cell into a run; false when the cell cannot be read as such a fact.
    pub(super) set: fn(&mut Run, &str) -> bool,
}

/// Fewer parameters than this are no count: one seen leaderboard calls a marker size "Parameters".
const FEWEST_PARAMETERS: f64 = 1e6;

/// Every fact that is recognised.
#[rustfmt::skip]
pub(super) const FIELDS: &[Field] = &[
    Field { name: "the hardware", unreadable: "the hardware cannot be read; the cell is kept as a setting", headers: &["hardware", "gpu", "accelerator"], set: |run, text| word(&mut run.environment.hardware, text) },
    Field { name: "the number of devices", unreadable: "the number of devices cannot be read; the cell is kept as a setting", headers: &["devices", "numgpus", "gpus", "numdevices", "numofgpus", "numofhardware"], set: |run, text| whole(&mut run.environment.devices, text) },
    Field { name: "the engine", unreadable: "the engine cannot be read; the cell is kept as a setting", headers: &["engine", "framework", "backend"], set: |run, text| word(&mut run.environment.engine, text) },
    Field { name: "the quantization", unreadable: "the quantization cannot be read; the cell is kept as a setting", headers: &["quantization", "quantisation", "quant"], set: |run, text| word(&mut run.quantization, text) },
    Field { name: "the number format", unreadable: "the number format cannot be read; the cell is kept as a setting", headers: &["dtype", "precision"], set: |run, text| word(&mut run.dtype, text) },
    Field { name: "the revision", unreadable: "the revision cannot be read; the cell is kept as a setting", headers: &["revision"], set: |run, text| word(&mut run.revision, text) },
    Field { name: "the concurrency", unreadable: "the concurrency cannot be read; the cell is kept as a setting", headers: &["concurrency", "maxconcurrency"], set: |run, text| whole(&mut run.workload.concurrency, text) },
    Field { name: "the input length", unreadable: "the input length cannot be read; the cell is kept as a setting", headers: &["inputlen", "isl", "inputlength", "promptlen", "promptlength"], set: |run, text| whole(&mut run.workload.input_len, text) },
    Field { name: "the output length", unreadable: "the output length cannot be read; the cell is kept as a setting", headers: &["outputlen", "osl", "outputlength"], set: |run, text| whole(&mut run.workload.output_len, text) },
    Field { name: "the input and output length", unreadable: "the input and output length cannot be read; the cell is kept as a setting", headers: &["inputoutputlength", "inputoutputlen"], set: |run, text| whole(&mut run.workload.input_len, text) && whole(&mut run.workload.output_len, text) },
    Field { name: "the depth", unreadable: "the depth cannot be read; the cell is kept as a setting", headers: &["depth"], set: |run, text| whole(&mut run.workload.depth, text) },
    Field { name: "the batch size", unreadable: "the batch size cannot be read; the cell is kept as a setting", headers: &["batch", "batchsize"], set: |run, text| whole(&mut run.workload.batch, text) },
    Field { name: "the number of requests", unreadable: "the number of requests cannot be read; the cell is kept as a setting", headers: &["requests", "numprompts", "numrequests"], set: |run, text| whole(&mut run.workload.requests, text) },
    Field { name: "the request rate", unreadable: "the request rate cannot be read; the cell is kept as a setting", headers: &["requestrate"], set: |run, text| rate(run, text) },
    Field { name: "the tensor-parallel degree", unreadable: "the tensor-parallel degree cannot be read; the cell is kept as a setting", headers: &["tp", "tensorparallelsize"], set: |run, text| whole(&mut run.workload.tp, text) },
    Field { name: "the number of parameters", unreadable: "the number of parameters cannot be read; the cell is kept as a setting", headers: &["params", "parameters", "#params", "numparams"], set: |run, text| parameters(&mut run.model_params, text) },
    Field { name: "the number of parameters in billions", unreadable: "the number of parameters in billions cannot be read; the cell is kept as a setting", headers: &["paramsb", "paramsbillion", "#params(b)", "params(b)"], set: |run, text| billions(&mut run.model_params, text) },
];

fn word(place: &mut Option<String>, text: &str) -> bool {
    // A column of bare numbers named `precision` is a score, one named `gpu` a count.
    if Value::number(text).is_some() {
        return false;
    }
    *place = Some(text.to_owned());
    true
}

fn number(text: &str) -> Option<f64> {
    Value::number(text)?.as_f64()
}

/// A whole number that is not negative, also when it was written as `32.0`.
pub(super) fn as_whole(x: f64) -> Option<i64> {
    let is_whole = x.fract() == 0.0 && (0.0..9.0e15).contains(&x);
    is_whole.then_some(x as i64)
}

fn whole(place: &mut Option<i64>, text: &str) -> bool {
    *place = number(text).and_then(as_whole);
    place.is_some()
}

fn rate(run: &mut Run, text: &str) -> bool {
    if text.eq_ignore_ascii_case("inf") {
        run.workload.arrival = Some(crate::catalog::Arrival::Burst);
        return true;
    }
    run.workload.request_rate = number(text).filter(|rate| *rate > 0.0);
    run.workload.request_rate.is_some()
}

/// `7615616512`, `7B`, `1.5 B`, `350M`.
fn parameters(place: &mut Option<i64>, text: &str) -> bool {
    let (digits, factor) = match text.char_indices().next_back() {
        Some((at, 'B' | 'b')) => (text.get(..at), 1e9),
        Some((at, 'M' | 'm')) => (text.get(..at), 1e6),
        _ => (Some(text), 1.0),
    };
    let count = digits.and_then(|digits| number(digits.trim_end()));
    let count = count.map(|count| (count * factor).round());
    *place = count
        .filter(|count| *count >= FEWEST_PARAMETERS)
        .and_then(as_whole);
    place.is_some()
}

fn billions(place: &mut Option<i64>, text: &str) -> bool {
    let count = number(text).map(|count| (count * 1e9).round());
    *place = count
        .filter(|count| *count >= FEWEST_PARAMETERS)
        .and_then(as_whole);
    place.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(header: &str, text: &str) -> (bool, Run) {
        let field = FIELDS.iter().find(|field| field.headers.contains(&header));
        let mut run = Run::default();
        let read = (field.unwrap().set)(&mut run, text);
        (read, run)
    }

    #[test]
    fn no_header_means_two_facts() {
        let mut headers: Vec<_> = FIELDS.iter().flat_map(|field| field.headers).collect();
        headers.sort_unstable();
        assert!(headers.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn parameters_are_counted_in_ones_millions_or_billions() {
        for (text, count) in [
            ("7B", 7_000_000_000),
            ("350M", 350_000_000),
            ("1.5 b", 1_500_000_000),
        ] {
            assert_eq!(set("params", text).1.model_params, Some(count));
        }
        assert_eq!(set("paramsb", "1.8").1.model_params, Some(1_800_000_000));
        for marker in ["100.0", "0", "46.15", "large"] {
            assert!(!set("parameters", marker).0);
        }
    }

    #[test]
    fn a_length_is_a_whole_number() {
        assert_eq!(set("inputlen", "512.0").1.workload.input_len, Some(512));
        for text in ["auto", "1.5", "-3", "1e300"] {
            assert!(!set("batch", text).0, "{text}");
        }
    }

    #[test]
    fn an_unlimited_rate_is_a_burst() {
        let (read, run) = set("requestrate", "inf");
        assert!(read);
        assert_eq!(run.workload.request_rate, None);
        assert_eq!(run.workload.arrival, Some(crate::catalog::Arrival::Burst));
    }
}
