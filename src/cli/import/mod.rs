//! `import`: result files into the store, each whole or not at all.

mod reading;
mod report;

use std::cell::OnceCell;
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value as Json, json};

use crate::import::{self, Assignment, Found, ImportError, Mapping, Options, Walked};
use crate::output::Format;
use crate::store::{Importing, Source, Store, Written};

use reading::Read;
use report::{Report, Status};

use super::context::{Context, VERSION};
use super::failure::{self, Hinted, Interrupted, Outcome};
use super::options::OutputOptions;

/// Read result files and folders into the store; formats are recognised by content
///
/// A file is stored whole or not at all, and once: the same file again changes nothing. If one file
/// fails, none is stored, unless --keep-going is given.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tradeoff import results/                            a folder and all below it\n  tradeoff import speeds.csv --map 'tok/s=decode speed [token/s, higher]'\n  tradeoff import throughput.json --model acme/aurora-7b --set hardware=H100\n  tradeoff import results/ --dry-run                  what would be stored\n  tradeoff formats                                    what is recognised"
)]
pub(super) struct Import {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Read every file in this format instead of recognising it
    #[arg(long, value_name = "FORMAT")]
    from: Option<String>,
    /// The model, for files that do not name one
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// A fact the files do not say, such as hardware=H100 or quantization=Q4_K_M
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// What a table's column holds: model, run, time, task, metric, value, unit, stderr, n,
    /// setting, ignore, or a metric as `NAME [UNIT, higher|lower]`
    #[arg(long, value_name = "COLUMN=ROLE")]
    map: Vec<String>,
    /// Show what would be stored, and store nothing
    #[arg(long)]
    dry_run: bool,
    /// Store the good files although others fail (exit 2 tells that some did)
    #[arg(long)]
    keep_going: bool,
    #[command(flatten)]
    output: OutputOptions,
}

/// Files in one transaction when the good ones are stored whatever happens to the others: a commit
/// a file costs ten times as much.
const FILES_A_COMMIT: usize = 100;

impl Import {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        let options = self.options()?;
        let Walked { found, mut failed } = import::walk(&self.paths);
        if !self.keep_going && !failed.is_empty() {
            return Err(failed.remove(0).1.into());
        }
        cx.catch_interrupt();
        let bar = progress(cx, found.len());
        let fresh = !cx.store_path().exists();
        let reports = self.store(cx, &options, &found, &bar);
        bar.finish_and_clear();
        let is_stored = |report: &Report| matches!(report.status, Status::Imported { .. });
        if fresh && !reports.as_ref().is_ok_and(|all| all.iter().any(is_stored)) {
            discard(cx);
        }
        let mut reports = reports?;
        reports.extend(failed.into_iter().map(|(path, error)| Report {
            status: Status::Failed(error.into()),
            ..Report::of(path)
        }));
        let failed = reports
            .iter()
            .filter(|r| matches!(r.status, Status::Failed(_)))
            .count();
        if fresh && failed > 0 && !self.keep_going {
            discard(cx);
        }
        self.finish(cx, reports, failed)
    }

    /// Shows what became of the files, and fails when some of them did.
    fn finish(
        &self,
        cx: &Context,
        mut reports: Vec<Report>,
        failed: usize,
    ) -> anyhow::Result<Outcome> {
        if let (
            [
                Report {
                    status: Status::Failed(_),
                    ..
                },
            ],
            true,
        ) = (reports.as_slice(), self.output.format() != Format::Json)
            && let Some(Status::Failed(error)) = reports.pop().map(|report| report.status)
        {
            return Err(error);
        }
        if failed > 0 && !self.keep_going {
            for report in &mut reports {
                report.withhold();
            }
        }
        report::show(cx, &self.output, self.dry_run, &reports)?;
        if failed == 0 {
            return Ok(Outcome::Fine);
        }
        for report in &reports {
            if let Status::Failed(error) = &report.status
                && let (_, Some(text)) = failure::report(error)
            {
                cx.complain(&text);
            }
        }
        if self.keep_going {
            return Ok(Outcome::Partial);
        }
        let message = format!(
            "{failed} of {} files failed, nothing was stored",
            reports.len()
        );
        let hint = if reports.len() > 1 {
            "`--keep-going` stores the others"
        } else {
            ""
        };
        Err(Hinted::new(message, hint).into())
    }

    fn options(&self) -> anyhow::Result<Options> {
        if let Some(name) = &self.from {
            import::format(name)?;
        }
        let set = self
            .set
            .iter()
            .map(|text| text.parse::<Assignment>())
            .collect::<Result<_, _>>()?;
        let map = self
            .map
            .iter()
            .map(|text| text.parse::<Mapping>())
            .collect::<Result<_, _>>()?;
        Ok(Options {
            from: self.from.clone(),
            model: self.model.clone(),
            set,
            map,
        })
    }

    /// What the user added, as it is kept with each file.
    fn given(&self) -> String {
        let mut given = serde_json::Map::new();
        if let Some(from) = &self.from {
            given.insert("from".to_owned(), json!(from));
        }
        if let Some(model) = &self.model {
            given.insert("model".to_owned(), json!(model));
        }
        if !self.set.is_empty() {
            given.insert("set".to_owned(), json!(self.set));
        }
        if !self.map.is_empty() {
            given.insert("map".to_owned(), json!(self.map));
        }
        Json::Object(given).to_string()
    }

    fn store(
        &self,
        cx: &Context,
        options: &Options,
        found: &[Found],
        bar: &ProgressBar,
    ) -> anyhow::Result<Vec<Report>> {
        let given = self.given();
        let open = || match self.dry_run && !cx.store_path().exists() {
            true => Ok(Store::in_memory()?),
            false => cx.create_store(),
        };
        let store: OnceCell<Store> = OnceCell::new();
        let mut reports = Vec::with_capacity(found.len());
        let transaction = |files: &[Found]| -> anyhow::Result<(Vec<Report>, bool)> {
            // A store is made for the first file that can be read, and for no other.
            let mut importing: Option<Importing<'_>> = None;
            let mut reports = Vec::with_capacity(files.len());
            reading::each_in_order(files, options, |file, read| {
                if cx.interrupted() {
                    return Err(Interrupted.into());
                }
                if importing.is_none() && read.is_ok() {
                    let store = match store.get() {
                        Some(store) => store,
                        None => {
                            let opened = open()?;
                            store.get_or_init(|| opened)
                        }
                    };
                    importing = Some(store.importing(cx.now(), VERSION)?);
                }
                reports.push(one(importing.as_mut(), file, read, &given));
                bar.inc(1);
                Ok(())
            })?;
            let is_good = |report: &Report| !matches!(report.status, Status::Failed(_));
            let torn = importing.as_ref().is_some_and(Importing::is_torn);
            if let Some(importing) = importing
                && !self.dry_run
                && !torn
                && (self.keep_going || reports.iter().all(is_good))
            {
                importing.commit()?;
            }
            Ok((reports, torn))
        };
        if !self.keep_going {
            return Ok(transaction(found)?.0);
        }
        for chunk in found.chunks(FILES_A_COMMIT) {
            let (done, torn) = match transaction(chunk) {
                // The store gave up, on a full disk for instance; what was committed before stays.
                Err(error) if !error.is::<Interrupted>() => {
                    let reason = error.to_string();
                    reports.extend(chunk.iter().map(|file| Report {
                        status: Status::Failed(anyhow::anyhow!("{reason}")),
                        ..Report::of(file.path.clone())
                    }));
                    break;
                }
                done => done?,
            };
            if !torn {
                reports.extend(done);
                continue;
            }
            // One file could only be written in part: each gets a transaction of its own.
            for file in chunk {
                reports.extend(transaction(std::slice::from_ref(file))?.0);
            }
        }
        Ok(reports)
    }
}

/// Stores one file that was read.
fn one(importing: Option<&mut Importing<'_>>, file: &Found, read: Read, given: &str) -> Report {
    let mut report = Report::of(file.path.clone());
    report.status = match read {
        Err(error @ ImportError::SideFile { .. }) => Status::Skipped(error.why()),
        Err(error @ ImportError::Unrecognised { .. }) if !file.named => {
            Status::Skipped(error.why())
        }
        Err(error) => Status::Failed(error.into()),
        Ok(read) => {
            report.format = Some(read.format);
            let path = file.path.display().to_string();
            let source = Source {
                path: &path,
                sha256: &read.sha256,
                bytes: read.bytes,
                format: read.format,
                options: given,
            };
            let written = importing.map(|importing| importing.write(&source, &read.batch));
            match written {
                None => Status::Failed(anyhow::anyhow!("no store is open")),
                Some(Err(error)) => Status::Failed(error.into()),
                Some(Ok(Written {
                    unchanged,
                    runs,
                    measurements,
                    known,
                    deleted,
                })) => {
                    (report.runs, report.measurements) = (runs, measurements);
                    report.notes = read.batch.notes;
                    if unchanged {
                        Status::Unchanged { deleted }
                    } else {
                        Status::Imported { known }
                    }
                }
            }
        }
    };
    report
}

/// A store that this import made is taken away again, unless there is anything in it: another import
/// may have filled it meanwhile.
fn discard(cx: &Context) {
    // Where it cannot be told, or cannot be removed, it stays; nothing is lost by that.
    let _ = Store::remove_if_empty(cx.store_path());
}

fn progress(cx: &Context, files: usize) -> ProgressBar {
    if !cx.shows_progress() || files < 10 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files, {per_sec}, {eta} left");
    let bar = ProgressBar::new(files as u64);
    style.map_or(ProgressBar::hidden(), |style| bar.with_style(style))
}
