//! Reading files on all cores and handing them over in their order, so that a store comes out the
//! same whatever the number of cores.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::catalog::Batch;
use crate::import::{self, Found, ImportError, Options};
use crate::store::content_hash;

/// A file that was read.
pub(super) struct File {
    /// The name of its format.
    pub(super) format: &'static str,
    /// The digest of its content.
    pub(super) sha256: String,
    /// How large it is, in bytes.
    pub(super) bytes: u64,
    /// Its runs.
    pub(super) batch: Batch,
}

/// A file that was read, or why it was not.
pub(super) type Read = Result<File, ImportError>;

/// Reads every file and hands each to `take`, in order, until it fails.
pub(super) fn each_in_order(
    files: &[Found],
    options: &Options,
    mut take: impl FnMut(&Found, Read) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let workers = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(files.len());
    if workers <= 1 {
        return files
            .iter()
            .try_for_each(|file| take(file, read(&file.path, options)));
    }
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        // Few places: a reader that is far ahead waits, so that memory stays bounded.
        let (sender, receiver) = mpsc::sync_channel::<(usize, Read)>(workers);
        for _ in 0..workers {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some((at, file)) = Some(next.fetch_add(1, Ordering::Relaxed))
                    .and_then(|at| Some((at, files.get(at)?)))
                {
                    // The receiver is gone when a file could not be taken: nobody waits for more.
                    if sender.send((at, read(&file.path, options))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut expected = files.iter().enumerate();
        let mut current = expected.next();
        for (at, read) in receiver {
            early.insert(at, read);
            while let Some((at, file)) = current
                && let Some(read) = early.remove(&at)
            {
                take(file, read)?;
                current = expected.next();
            }
        }
        Ok(())
    })
}

fn read(path: &Path, options: &Options) -> Read {
    let import::Imported {
        format,
        batch,
        sha256,
        bytes,
    } = import::read_file(path, options)?;
    Ok(File {
        format: format.name,
        sha256: content_hash(&sha256, &batch.parts),
        bytes,
        batch,
    })
}
