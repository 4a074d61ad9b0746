//! The rows of an import: definitions, models, runs, measurements, packed vectors.

use rusqlite::{OptionalExtension, params};

use crate::catalog::{Batch, Measurement, Metric, Run, Samples};

use super::StoreError;
use super::identity::{self, Keys, Parts};
use super::write::Importing;

/// Values in one part of a packed vector: 1 MB.
const PART: usize = 131_072;

/// Numbers as the functions of sample vectors read them.
fn packed(numbers: impl ExactSizeIterator<Item = f64>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(8 * numbers.len());
    numbers.for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()));
    bytes
}

/// What names a new run.
pub(super) struct Ids {
    pub(super) source: i64,
    pub(super) ordinal: i64,
    pub(super) fingerprint: String,
    pub(super) digest: String,
    pub(super) shape: String,
}

/// What a name stands for.
pub(super) struct Named {
    model: String,
    /// Whether its parameters were counted.
    sized: bool,
}

impl Importing<'_> {
    /// The ids of the batch's definitions, in its order; new ones are added.
    pub(super) fn metric_ids(
        &mut self,
        batch: &Batch,
        keys: &Keys,
    ) -> Result<Vec<i64>, StoreError> {
        let mut ids = Vec::with_capacity(batch.metrics.len());
        for (metric, key) in batch.metrics.iter().zip(keys.iter()) {
            let key = (batch.family, *key);
            let id = match self.metrics.get(&key) {
                Some(id) => *id,
                None => {
                    let id = self.metric_id(batch.family, metric)?;
                    self.metrics.insert(key, id);
                    id
                }
            };
            ids.push(id);
        }
        Ok(ids)
    }

    fn metric_id(&self, family: &str, metric: &Metric) -> Result<i64, StoreError> {
        let found = self
            .tx
            .prepare_cached(
                "SELECT id FROM metrics WHERE format = ? AND coalesce(task_raw, '') = coalesce(?, '') AND name_raw = ? AND qualifier = ?
                 AND coalesce(unit, '') = coalesce(?, '') AND coalesce(shots, -1) = coalesce(?, -1)
                 AND coalesce(task_version, '') = coalesce(?, '') AND is_aggregate = ?",
            )?
            .query_row(
                params![
                    family, metric.task_raw, metric.name_raw, metric.qualifier, metric.unit, metric.shots,
                    metric.task_version, metric.is_aggregate
                ],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(id) = found {
            return Ok(id);
        }
        // What the user decided about a name holds for later definitions of that name too.
        let decided: Option<(Option<String>, Option<String>)> = self
            .tx
            .prepare_cached("SELECT direction, kind FROM metrics WHERE name = ? AND decided_by = 'user' LIMIT 1")?
            .query_row([&metric.name], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let by = if decided.is_some() { "user" } else { "import" };
        let own = (
            metric.direction.map(|d| d.as_str().to_owned()),
            metric.kind.map(|k| k.as_str().to_owned()),
        );
        let (direction, kind) = decided.unwrap_or(own);
        self.tx
            .prepare_cached(
                "INSERT INTO metrics (format, task_raw, name_raw, qualifier, unit, shots, task_version, is_aggregate,
                   task, name, statistic, kind, direction, base_unit, factor, spread_of, confidence, decided_by)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                family, metric.task_raw, metric.name_raw, metric.qualifier, metric.unit, metric.shots,
                metric.task_version, metric.is_aggregate, metric.task, metric.name, metric.statistic,
                kind, direction, metric.base_unit, metric.factor, metric.spread_of, metric.confidence, by,
            ])?;
        Ok(self.tx.last_insert_rowid())
    }

    /// The model a name stands for, which is made when there is none.
    fn model(&mut self, run: &Run) -> Result<Option<String>, StoreError> {
        let Some(name) = &run.model else {
            return Ok(None);
        };
        let name = (name.clone(), run.revision.clone().unwrap_or_default());
        let known = self.models.get(&name);
        if let Some(named) = known.filter(|named| named.sized || run.model_params.is_none()) {
            return Ok(Some(named.model.clone()));
        }
        let model = self.named(&name.0, &name.1)?;
        if let Some(params) = run.model_params {
            self.tx
                .prepare_cached("UPDATE models SET params = ? WHERE name = ? AND params IS NULL")?
                .execute(params![params, model])?;
        }
        let named = Named {
            model: model.clone(),
            sized: run.model_params.is_some(),
        };
        self.models.insert(name, named);
        Ok(Some(model))
    }

    /// What was decided about a name, else a model of that name.
    fn named(&self, name: &str, revision: &str) -> Result<String, StoreError> {
        let decided = self
            .tx
            .prepare_cached(
                "SELECT model FROM model_aliases WHERE model_raw = ? AND revision IN (?, '') ORDER BY revision DESC LIMIT 1",
            )?
            .query_row([name, revision], |row| row.get::<_, String>(0))
            .optional()?;
        let model = decided.unwrap_or_else(|| name.to_owned());
        self.tx
            .prepare_cached("INSERT OR IGNORE INTO models (name) VALUES (?)")?
            .execute([&model])?;
        self.tx
            .prepare_cached(
                "INSERT OR IGNORE INTO model_aliases (model_raw, revision, model, decided_by, decided_at) VALUES (?, '', ?, 'import', ?)",
            )?
            .execute(params![name, model, self.now])?;
        Ok(model)
    }

    pub(super) fn insert_run(
        &mut self,
        ids: &Ids,
        batch: &Batch,
        run: &Run,
    ) -> Result<i64, StoreError> {
        let model = self.model(run)?;
        let unknown = model.is_none().then_some(ids.fingerprint.as_str());
        let config = identity::config(batch, run, unknown);
        let (environment, work) = (&run.environment, &run.workload);
        let clock = run.started.as_ref().or(run.finished.as_ref());
        self.tx
            .prepare_cached(
                "INSERT INTO runs (source_id, ordinal, fingerprint, digest, config, shape,
                   model, model_raw, model_from, revision, model_sha, model_bytes, quantization, dtype, label,
                   status, status_reason, started_at, finished_at, time_precision, time_zone, time_from,
                   tool, tool_version, tool_commit, engine, engine_version, engine_commit, hardware, devices, cpu, host,
                   input_len, output_len, depth, batch, concurrency, request_rate, arrival, requests, tp, dataset, settings, details)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                ids.source, ids.ordinal, ids.fingerprint, ids.digest, config, ids.shape,
                model, run.model, run.model.as_ref().map(|_| run.model_from.as_str()), run.revision, run.model_sha,
                run.model_bytes, run.quantization, run.dtype, run.label,
                run.status.as_str(), run.status.reason(), run.started.as_ref().map(|m| m.millis),
                run.finished.as_ref().map(|m| m.millis), clock.map(|m| m.precision), clock.and_then(|m| m.zone.as_ref()),
                clock.map(|_| run.time_from.as_str()),
                environment.tool, environment.tool_version, environment.tool_commit, environment.engine,
                environment.engine_version, environment.engine_commit, environment.hardware, environment.devices,
                environment.cpu, environment.host,
                work.input_len, work.output_len, work.depth, work.batch, work.concurrency, work.request_rate,
                work.arrival.map(|a| a.as_str()), work.requests, work.tp, work.dataset,
                serde_json::Value::Object(run.settings.clone()).to_string(),
                serde_json::Value::Object(run.details.clone()).to_string(),
            ])?;
        Ok(self.tx.last_insert_rowid())
    }

    pub(super) fn insert_measurements(
        &self,
        run_id: i64,
        run: &Run,
        metrics: &[i64],
    ) -> Result<(), StoreError> {
        let mut rows: Vec<(i64, &Measurement)> = run
            .measurements
            .iter()
            .filter_map(|m| metrics.get(m.metric as usize).map(|id| (*id, m)))
            .collect();
        // In key order the table grows at its end.
        rows.sort_by_key(|row| row.0);
        if self.index.is_some() && rows.iter().all(|(_, m)| m.detail.is_none()) {
            return self.insert_values(run_id, &rows);
        }
        // One row a statement: of one with several rows SQLite first copies every page it touches, to
        // be able to take the whole statement back, which costs more than the rows.
        let mut statement = self.tx.prepare_cached(
            "INSERT INTO measurements (run_id, metric_id, value, stderr, spread, n, low, high, missing)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        statement.raw_bind_parameter(1, run_id)?;
        for (metric_id, m) in rows {
            let d = m.detail.as_deref();
            statement.raw_bind_parameter(2, metric_id)?;
            statement.raw_bind_parameter(3, m.value)?;
            statement.raw_bind_parameter(4, d.and_then(|d| d.stderr))?;
            statement.raw_bind_parameter(5, d.and_then(|d| d.spread))?;
            statement.raw_bind_parameter(6, d.and_then(|d| d.n))?;
            statement.raw_bind_parameter(7, d.and_then(|d| d.low))?;
            statement.raw_bind_parameter(8, d.and_then(|d| d.high))?;
            statement.raw_bind_parameter(9, m.why_missing())?;
            statement.raw_execute()?;
        }
        Ok(())
    }

    /// Values of which nothing else is known, in one statement: with the index away it touches the
    /// last page of the table only, and has no other to copy.
    fn insert_values(&self, run_id: i64, rows: &[(i64, &Measurement)]) -> Result<(), StoreError> {
        let ids = packed(rows.iter().map(|(id, _)| *id as f64));
        let values = packed(rows.iter().map(|(_, m)| m.value.unwrap_or(f64::NAN)));
        self.tx
            .prepare_cached(
                "INSERT INTO measurements (run_id, metric_id, value) SELECT ?, a, b FROM pairs(?, ?)",
            )?
            .execute(params![run_id, ids, values])?;
        Ok(())
    }

    pub(super) fn insert_samples(
        &self,
        source_id: i64,
        run_id: i64,
        samples: &[Samples],
        metrics: &[i64],
    ) -> Result<(), StoreError> {
        for sample in samples {
            let Some(metric_id) = metrics.get(sample.metric as usize) else {
                continue;
            };
            for (part, values) in sample.values.chunks(PART).enumerate() {
                let from = part * PART;
                let items = sample
                    .items
                    .as_ref()
                    .and_then(|items| items.get(from..from + values.len()));
                let item_set = items.map(|items| self.item_set(items)).transpose()?;
                let data = packed(values.iter().copied());
                self.tx
                    .prepare_cached(
                        "INSERT INTO samples (run_id, metric_id, part, source_id, item_set_id, count, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    )?
                    .execute(params![run_id, metric_id, part as i64, source_id, item_set, values.len() as i64, data])?;
            }
        }
        Ok(())
    }

    fn item_set(&self, items: &[[u8; 8]]) -> Result<i64, StoreError> {
        let keys = items.concat();
        let mut parts = Parts::new("items 1");
        parts.bytes(&keys);
        let digest = parts.hex(32);
        self.tx
            .prepare_cached(
                "INSERT OR IGNORE INTO item_sets (digest, count, keys) VALUES (?, ?, ?)",
            )?
            .execute(params![digest, items.len() as i64, keys])?;
        Ok(self.tx.query_row(
            "SELECT id FROM item_sets WHERE digest = ?",
            [digest],
            |row| row.get(0),
        )?)
    }
}
