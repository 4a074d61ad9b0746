//! The digests of a run: which run it is (fingerprint), what it says (digest), which series it
//! belongs to (config), which metrics it holds (shape). SHA-256 over length-prefixed parts that
//! begin with a version, so that no two lists of parts run together and a later recipe can differ.

use sha2::{Digest, Sha256};

use crate::catalog::{Batch, Identity, Metric, Part, Run};

/// A list of parts, hashed with their lengths.
pub(super) struct Parts(Sha256);

impl Parts {
    pub(super) fn new(version: &str) -> Self {
        let mut parts = Self(Sha256::new());
        parts.text(version);
        parts
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Absent and empty are two things.
    fn maybe(&mut self, text: Option<&str>) {
        match text {
            Some(text) => {
                self.0.update([1]);
                self.text(text);
            }
            None => self.0.update([0]),
        }
    }

    fn number(&mut self, value: Option<f64>) {
        match value {
            Some(value) => {
                self.0.update([1]);
                self.0.update(value.to_bits().to_le_bytes());
            }
            None => self.0.update([0]),
        }
    }

    fn whole(&mut self, value: Option<i64>) {
        match value {
            Some(value) => {
                self.0.update([1]);
                self.0.update(value.to_le_bytes());
            }
            None => self.0.update([0]),
        }
    }

    /// The first `digits` hexadecimal digits.
    pub(super) fn hex(self, digits: usize) -> String {
        let mut hex = hexadecimal(&self.0.finalize());
        hex.truncate(digits);
        hex
    }
}

/// Lower-case hexadecimal digits, two a byte.
fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.map(digit).collect()
}

fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// The digest of a source, 64 hexadecimal digits: the SHA-256 of its content; with parts, that of the list of
/// all their digests.
pub fn content_hash(content: &[u8; 32], parts: &[Part]) -> String {
    let content = hexadecimal(content);
    if parts.is_empty() {
        return content;
    }
    let mut list = Parts::new("parts 1");
    list.text(&content);
    for part in parts {
        list.text(&part.name);
        list.text(&sha256(&part.bytes));
    }
    list.hex(64)
}

/// The parts as JSON, when there are some.
pub(super) fn parts(parts: &[Part]) -> Option<String> {
    let list: Vec<_> = parts
        .iter()
        .map(|p| serde_json::json!({"name": p.name, "sha256": sha256(&p.bytes), "bytes": p.bytes.len()}))
        .collect();
    (!list.is_empty()).then(|| serde_json::Value::Array(list).to_string())
}

/// A metric's identity: a digest of what its file wrote.
pub(super) type MetricKey = [u8; 16];

/// A metric's identity as one key, without the names of the store.
fn metric_key(metric: &Metric) -> MetricKey {
    let mut parts = Parts::new("metric 1");
    parts.maybe(metric.task_raw.as_deref());
    parts.text(&metric.name_raw);
    parts.text(&metric.qualifier);
    parts.maybe(metric.unit.as_deref());
    parts.whole(metric.shots);
    parts.maybe(metric.task_version.as_deref());
    parts.whole(Some(i64::from(metric.is_aggregate)));
    let mut key = MetricKey::default();
    key.iter_mut()
        .zip(parts.0.finalize())
        .for_each(|(to, from)| *to = from);
    key
}

/// The keys of a batch's definitions.
pub(super) struct Keys {
    keys: Vec<MetricKey>,
    /// The place of each among them in order, from 1; equal keys have one place.
    ranks: Vec<usize>,
}

impl Keys {
    /// The keys of these definitions, in their order.
    pub(super) fn of(metrics: &[Metric]) -> Self {
        let keys: Vec<MetricKey> = metrics.iter().map(metric_key).collect();
        let mut sorted = keys.clone();
        sorted.sort_unstable();
        let rank = |key| 1 + sorted.partition_point(|other| other < key);
        let ranks = keys.iter().map(rank).collect();
        Self { keys, ranks }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &MetricKey> {
        self.keys.iter()
    }

    fn get(&self, metric: u32) -> Option<&MetricKey> {
        self.keys.get(metric as usize)
    }

    fn rank(&self, metric: u32) -> usize {
        self.ranks.get(metric as usize).copied().unwrap_or_default()
    }
}

/// What a run says, and its shape. The first is every value under its key as written, the second
/// which metrics it holds: both in the order of the keys.
pub(super) fn content(run: &Run, keys: &Keys) -> (String, String) {
    let mut order: Vec<_> = run.measurements.iter().collect();
    order.sort_by_key(|measurement| keys.rank(measurement.metric));
    let mut digest = Parts::new("digest 1");
    let mut shape = Parts::new("shape 1");
    for measurement in order {
        let key = keys.get(measurement.metric).copied().unwrap_or_default();
        shape.0.update(key);
        digest.0.update(key);
        digest.number(measurement.value);
        if let Some(detail) = &measurement.detail {
            digest.number(detail.stderr);
            digest.number(detail.spread);
            digest.whole(detail.n);
            digest.number(detail.low);
            digest.number(detail.high);
            digest.maybe(detail.missing.as_deref());
        } else {
            digest.0.update([0; 6]);
        }
    }
    (digest.hex(32), shape.hex(16))
}

/// Which run it is. `occurrence` counts the runs of this source that are identical so far: ten equal
/// rows of one table are ten runs, and the same ten when the file is read again.
pub(super) fn fingerprint(batch: &Batch, run: &Run, digest: &str, occurrence: u64) -> String {
    let mut parts = Parts::new("run 1");
    parts.text(batch.family);
    match &run.identity {
        Identity::Key(key) => key.iter().for_each(|part| parts.text(part)),
        Identity::Content => {
            parts.maybe(run.model.as_deref());
            parts.maybe(run.revision.as_deref());
            parts.whole(
                run.started
                    .as_ref()
                    .or(run.finished.as_ref())
                    .map(|m| m.millis),
            );
            parts.maybe(run.label.as_deref());
            parts.text(&config(batch, run, None));
            parts.text(digest);
            parts.whole(Some(occurrence as i64));
        }
    }
    parts.hex(32)
}

/// Which series it belongs to, model and metric excepted: a pure function of the stored row.
///
/// In: family, engine, hardware, devices, quantisation, dtype, every workload column, and
/// `settings`. Out: versions, commits, hosts, paths, names, times: a change of engine version is
/// what a trend is for. `unknown` is mixed in where the model is not known, since unknown is not
/// equal to unknown.
pub(super) fn config(batch: &Batch, run: &Run, unknown: Option<&str>) -> String {
    let mut parts = Parts::new("config 1");
    parts.text(batch.family);
    let environment = &run.environment;
    parts.maybe(environment.engine.as_deref());
    parts.maybe(environment.hardware.as_deref());
    parts.whole(environment.devices);
    parts.maybe(run.quantization.as_deref());
    parts.maybe(run.dtype.as_deref());
    let work = &run.workload;
    for length in [
        work.input_len,
        work.output_len,
        work.depth,
        work.batch,
        work.concurrency,
        work.requests,
        work.tp,
    ] {
        parts.whole(length);
    }
    parts.number(work.request_rate);
    parts.maybe(work.arrival.map(|arrival| arrival.as_str()));
    parts.maybe(work.dataset.as_deref());
    let mut settings: Vec<_> = run.settings.iter().collect();
    settings.sort_by(|a, b| a.0.cmp(b.0));
    for (key, value) in settings {
        parts.text(key);
        parts.text(&value.to_string());
    }
    parts.maybe(unknown);
    parts.hex(16)
}
