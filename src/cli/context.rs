//! What a command may know of the world: where the store is, the streams, the clock, whether to
//! stop. Nothing else in the program reads the environment, the terminal or the time.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::output::{self, Format, OutputError, Rows, Style};
use crate::query::Library;
use crate::store::{Reader, Stop, Store};

use super::options::OutputOptions;

/// The version of the program, as stored with each import.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The world as a command sees it.
pub(super) struct Context {
    store: PathBuf,
    queries: PathBuf,
    quiet: bool,
    interrupted: Arc<AtomicBool>,
    /// Nanoseconds spent waiting for whoever reads the output.
    waited: Arc<AtomicU64>,
}

impl Context {
    pub(super) fn new(store: Option<PathBuf>, queries: Option<PathBuf>, quiet: bool) -> Self {
        let from_environment = |name: &str| {
            std::env::var_os(name)
                .filter(|v| !v.is_empty())
                .map(PathBuf::from)
        };
        let store = store
            .or_else(|| from_environment("TRADEOFF_STORE"))
            .unwrap_or_else(|| "tradeoff.db".into());
        let queries = queries
            .or_else(|| from_environment("TRADEOFF_QUERIES"))
            .unwrap_or_else(|| store.parent().unwrap_or(Path::new("")).join("queries"));
        Self {
            store,
            queries,
            quiet,
            interrupted: Arc::default(),
            waited: Arc::default(),
        }
    }

    /// The same world with another store.
    pub(super) fn with_store(&self, store: PathBuf) -> Self {
        Self {
            queries: store.with_file_name("queries"),
            store,
            quiet: self.quiet,
            interrupted: Arc::clone(&self.interrupted),
            waited: Arc::clone(&self.waited),
        }
    }

    pub(super) fn store_path(&self) -> &Path {
        &self.store
    }

    /// The store for writing; made when there is none.
    pub(super) fn create_store(&self) -> anyhow::Result<Store> {
        Ok(Store::create(&self.store)?)
    }

    /// The store for writing; it must exist.
    pub(super) fn open_store(&self) -> anyhow::Result<Store> {
        Ok(Store::open(&self.store)?)
    }

    /// The store for reading; it must exist.
    pub(super) fn reader(&self) -> anyhow::Result<Reader> {
        Ok(Reader::open(&self.store)?)
    }

    /// The saved queries.
    pub(super) fn library(&self) -> Library {
        Library::new(Some(self.queries.clone()))
    }

    /// The folder of the user's queries; it need not exist.
    pub(super) fn queries(&self) -> &Path {
        &self.queries
    }

    /// The time in milliseconds UTC.
    pub(super) fn now(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    /// Catches Ctrl-C: the first asks the work to stop, and a second later the program ends anyway.
    pub(super) fn catch_interrupt(&self) {
        let flag = Arc::clone(&self.interrupted);
        // A second registration (the demo runs several commands) keeps the first.
        let _ = ctrlc::set_handler(move || {
            flag.store(true, Ordering::SeqCst);
            std::thread::sleep(Duration::from_secs(1));
            // At the prompt the work may have stopped in time, and the flag is down again.
            if flag.load(Ordering::SeqCst) {
                end_now();
            }
        });
    }

    /// Forgets a Ctrl-C that was meant for what is over.
    pub(super) fn clear_interrupt(&self) {
        self.interrupted.store(false, Ordering::SeqCst);
    }

    /// Whether a person types here and reads what is printed.
    pub(super) fn is_interactive(&self) -> bool {
        std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
    }

    /// Where the statements typed at the prompt are remembered: the state folder of the XDG base
    /// directory specification. None where there is no home.
    pub(super) fn history_file(&self) -> Option<PathBuf> {
        let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty());
        let state = set("XDG_STATE_HOME").map(PathBuf::from);
        let state = state.or_else(|| Some(PathBuf::from(set("HOME")?).join(".local/state")))?;
        let folder = state.join("tradeoff");
        std::fs::create_dir_all(&folder).ok()?;
        Some(folder.join("history"))
    }

    pub(super) fn interrupted(&self) -> bool {
        self.interrupted.load(Ordering::SeqCst)
    }

    /// Stops a statement after `limit` of work, or on Ctrl-C. Waiting for the reader of the output
    /// is not work.
    pub(super) fn stop_after(&self, limit: Duration) -> Stop {
        self.catch_interrupt();
        let (flag, waited) = (Arc::clone(&self.interrupted), Arc::clone(&self.waited));
        let (begin, before) = (Instant::now(), waited.load(Ordering::Relaxed));
        Box::new(move || {
            let idle = Duration::from_nanos(waited.load(Ordering::Relaxed) - before);
            flag.load(Ordering::SeqCst) || begin.elapsed().saturating_sub(idle) > limit
        })
    }

    /// Standard output; the time it takes to write to it is counted as waiting.
    pub(super) fn out(&self) -> Patient<std::io::StdoutLock<'static>> {
        Patient {
            inner: std::io::stdout().lock(),
            waited: Arc::clone(&self.waited),
        }
    }

    /// A line for the person, on standard error.
    pub(super) fn say(&self, line: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr().lock(), "{}", output::text::visible(line));
        }
    }

    /// An error of one thing among many, on standard error; its lines are escaped already.
    pub(super) fn complain(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Whether progress may be drawn.
    pub(super) fn shows_progress(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }

    /// How tables look where the options put them.
    pub(super) fn style(&self, options: &OutputOptions) -> Style {
        let to_terminal = options.output.is_none() && std::io::stdout().is_terminal();
        Style {
            width: if to_terminal { terminal_width() } else { None },
            max_table_rows: if to_terminal {
                Style::default().max_table_rows
            } else {
                usize::MAX
            },
            csv_safe: options.csv_safe,
        }
    }

    /// Writes rows where the options say, in the format they say.
    pub(super) fn rows<T>(
        &self,
        options: &OutputOptions,
        fill: impl FnOnce(&mut dyn Rows) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        options.check()?;
        let (format, style) = (options.format(), self.style(options));
        self.bytes(options, |out| {
            let mut rows = output::writer(format, out, &style);
            let result = fill(rows.as_mut())?;
            rows.finish()?;
            Ok(result)
        })
    }

    /// Writes a document where the options say.
    pub(super) fn bytes<T>(
        &self,
        options: &OutputOptions,
        fill: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        match options.file() {
            Some(path) => self.file(path, fill),
            None => {
                let mut out = self.out();
                let result = fill(&mut out)?;
                out.flush()?;
                Ok(result)
            }
        }
    }

    /// Replaces a file atomically; never the store.
    pub(super) fn file<T>(
        &self,
        path: &Path,
        fill: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let same = |a: &Path| match (a.canonicalize(), path.canonicalize()) {
            (Ok(a), Ok(b)) => a == b,
            _ => a == path,
        };
        // SQLite keeps what is committed and not yet in the store beside it, under these endings.
        for ending in ["", "-wal", "-shm", "-journal"] {
            let mut own = self.store.clone().into_os_string();
            own.push(ending);
            if same(Path::new(&own)) {
                anyhow::bail!(
                    "`{}` {} the store, it cannot be the output",
                    path.display(),
                    if ending.is_empty() {
                        "is"
                    } else {
                        "belongs to"
                    }
                );
            }
        }
        output::file::replace::<T, Wrapped>(path, |out| fill(out).map_err(Wrapped))
            .map_err(|error| error.0)
    }

    /// Writes one JSON document.
    pub(super) fn json(
        &self,
        options: &OutputOptions,
        value: &impl serde::Serialize,
    ) -> anyhow::Result<()> {
        self.bytes(options, |out| Ok(output::json_document(value, out)?))
    }
}

/// Any error, for the file writer, which asks for one that an output error turns into.
struct Wrapped(anyhow::Error);

impl From<OutputError> for Wrapped {
    fn from(error: OutputError) -> Self {
        Self(error.into())
    }
}

/// A writer that counts how long its reader lets it wait.
pub(super) struct Patient<W> {
    inner: W,
    waited: Arc<AtomicU64>,
}

impl<W: Write> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let begin = Instant::now();
        let written = self.inner.write(bytes);
        let nanos = u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.waited.fetch_add(nanos, Ordering::Relaxed);
        written
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

impl Context {
    /// Columns and rows of the terminal that standard output is.
    pub(super) fn terminal_size(&self) -> Option<(u16, u16)> {
        let (width, height) = terminal_size::terminal_size()?;
        Some((width.0, height.0)).filter(|_| std::io::stdout().is_terminal())
    }

    /// Whether standard output shows colours: a terminal, unless `NO_COLOR` is set (no-color.org).
    pub(super) fn has_colour(&self) -> bool {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        std::io::stdout().is_terminal() && !refused
    }
}

/// The width of the terminal: `COLUMNS` where it is exported, else what the terminal says.
fn terminal_width() -> Option<u16> {
    let exported = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok());
    exported.or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0))
}

#[expect(
    clippy::exit,
    reason = "the second after Ctrl-C is over and the work did not stop by itself"
)]
fn end_now() {
    std::process::exit(130);
}

/// The format a file's ending stands for.
pub(super) fn format_of(path: &Path) -> Option<Format> {
    Format::from_path(path)
}
