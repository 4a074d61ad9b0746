//! From the paths of the command line to the files that may hold results. Folders are walked in
//! sorted order, hidden entries are left out, and nothing but a regular file is ever opened: reading
//! a FIFO or a device may never end.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::{ImportError, LARGEST_FILE};

/// A file to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it is, as reached from the path that was given.
    pub path: PathBuf,
    /// Whether it was named, rather than met in a folder.
    pub named: bool,
}

/// What a walk came to.
#[derive(Debug, Default)]
pub struct Walked {
    /// The files, each real file once.
    pub found: Vec<Found>,
    /// What could not be looked at, and why.
    pub failed: Vec<(PathBuf, ImportError)>,
}

/// Folders nested deeper than this below a path are not walked.
const DEEPEST: usize = 256;

/// The files that the paths name or hold, in the order of the paths.
///
/// A link to a folder is followed, but no real folder is walked twice, so loops end. Hidden entries
/// of a folder, broken links and anything that is neither a file nor a folder are left out. A path or
/// folder that cannot be looked at, one that is nested too deep, and a named path that is neither a
/// file nor a folder are among the failures.
pub fn walk(paths: &[PathBuf]) -> Walked {
    let mut walk = Walk::default();
    // Named files first, so that one that also stands in a folder counts as named wherever it is.
    for path in paths {
        if path.is_file()
            && let Ok(real) = real(path)
        {
            walk.named.insert(real);
        }
    }
    for path in paths {
        if let Err(error) = walk.add(path) {
            walk.walked.failed.push((path.clone(), error));
        }
    }
    walk.walked
}

#[derive(Default)]
struct Walk {
    walked: Walked,
    named: HashSet<PathBuf>,
    seen: HashSet<PathBuf>,
}

impl Walk {
    fn add(&mut self, path: &Path) -> Result<(), ImportError> {
        let kind = metadata(path)?.file_type();
        if kind.is_dir() {
            self.folder(path);
            return Ok(());
        }
        if !kind.is_file() {
            return Err(ImportError::Invalid {
                path: path.to_owned(),
                place: "file type".to_owned(),
                reason: "neither a file nor a folder".to_owned(),
            });
        }
        self.file(path)
    }

    fn file(&mut self, path: &Path) -> Result<(), ImportError> {
        let real = real(path)?;
        if self.seen.insert(real.clone()) {
            self.walked.found.push(Found {
                path: path.to_owned(),
                named: self.named.contains(&real),
            });
        }
        Ok(())
    }

    /// Walks with a list of its own instead of recursion: folders may be nested deeper than a stack.
    fn folder(&mut self, path: &Path) {
        let mut open = vec![(path.to_owned(), 0)];
        while let Some((path, depth)) = open.pop() {
            match self.entry(&path, depth) {
                Ok(mut entries) => {
                    // The last one is taken first.
                    entries.sort_unstable_by(|a, b| b.cmp(a));
                    open.extend(entries.into_iter().map(|entry| (entry, depth + 1)));
                }
                Err(error) => self.walked.failed.push((path, error)),
            }
        }
    }

    /// Takes a file, or gives the entries of a folder.
    fn entry(&mut self, path: &Path, depth: usize) -> Result<Vec<PathBuf>, ImportError> {
        let kind = match fs::metadata(path) {
            Ok(metadata) => metadata.file_type(),
            // A link may lead nowhere or in a circle, and a file may vanish between two looks.
            Err(error) if error.kind() == ErrorKind::NotFound || path.is_symlink() => {
                return Ok(Vec::new());
            }
            Err(source) => return Err(io(path, source)),
        };
        if kind.is_file() {
            self.file(path)?;
        } else if kind.is_dir() {
            if depth > DEEPEST {
                return Err(ImportError::Invalid {
                    path: path.to_owned(),
                    place: "folder".to_owned(),
                    reason: format!("nested deeper than {DEEPEST} folders; name it to walk it"),
                });
            }
            if self.seen.insert(real(path)?) {
                return entries(path);
            }
        }
        Ok(Vec::new())
    }
}

/// The entries of a folder that are not hidden.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, ImportError> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(|source| io(folder, source))? {
        let entry = entry.map_err(|source| io(folder, source))?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            entries.push(entry.path());
        }
    }
    Ok(entries)
}

/// Reads a file as a whole.
///
/// # Errors
/// [`ImportError::Io`], [`ImportError::TooLarge`] beyond [`LARGEST_FILE`], and
/// [`ImportError::Invalid`] for anything but a regular file.
pub fn load(path: &Path) -> Result<Vec<u8>, ImportError> {
    let failed = |source| io(path, source);
    let size = regular(path)?.len();
    let file = File::open(path).map_err(failed)?;
    if size > LARGEST_FILE {
        return Err(too_large(path, size));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    // The file may grow while it is read.
    file.take(LARGEST_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    match bytes.len() as u64 {
        size if size > LARGEST_FILE => Err(too_large(path, size)),
        _ => Ok(bytes),
    }
}

/// What is known of a regular file, which alone is ever opened.
pub(super) fn regular(path: &Path) -> Result<fs::Metadata, ImportError> {
    let metadata = metadata(path)?;
    if metadata.is_file() {
        return Ok(metadata);
    }
    Err(ImportError::Invalid {
        path: path.to_owned(),
        place: "file type".to_owned(),
        reason: "not a file".to_owned(),
    })
}

fn too_large(path: &Path, bytes: u64) -> ImportError {
    ImportError::TooLarge {
        path: path.to_owned(),
        bytes,
        limit: LARGEST_FILE,
    }
}

fn metadata(path: &Path) -> Result<fs::Metadata, ImportError> {
    fs::metadata(path).map_err(|source| io(path, source))
}

fn real(path: &Path) -> Result<PathBuf, ImportError> {
    path.canonicalize().map_err(|source| io(path, source))
}

/// An error of reading.
pub(super) fn io(path: &Path, source: std::io::Error) -> ImportError {
    ImportError::Io {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files found below `paths`, relative to `root`, with a star where they were named.
    fn found(root: &Path, paths: &[&str]) -> Vec<String> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| root.join(path)).collect();
        let show = |found: Found| {
            let path = found.path.strip_prefix(root).unwrap().display().to_string();
            if found.named {
                format!("{path}*")
            } else {
                path
            }
        };
        let walked = walk(&paths);
        assert!(walked.failed.is_empty(), "{:?}", walked.failed);
        walked.found.into_iter().map(show).collect()
    }

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        folder
    }

    #[test]
    fn folders_are_walked_sorted_and_without_hidden_entries() {
        let folder = folder(&["b.csv", "a/2", "a/1", ".git/x", "a/.y", "c"]);
        assert_eq!(found(folder.path(), &["."]), ["a/1", "a/2", "b.csv", "c"]);
        assert_eq!(found(folder.path(), &["c", "a"]), ["c*", "a/1", "a/2"]);
    }

    #[test]
    fn a_file_listed_twice_is_found_once_and_counts_as_named() {
        let folder = folder(&["a/1", "b"]);
        assert_eq!(
            found(folder.path(), &["a", "b", "a/../b", "a/1"]),
            ["a/1*", "b*"]
        );
    }

    #[test]
    fn a_named_hidden_file_is_meant() {
        let folder = folder(&[".x"]);
        assert_eq!(found(folder.path(), &[".x"]), [".x*"]);
    }

    #[test]
    fn a_path_that_is_not_there_is_an_error() {
        let folder = folder(&[]);
        let failed = walk(&[folder.path().join("no")]).failed;
        assert!(matches!(failed[0].1, ImportError::Io { .. }));
    }

    #[cfg(unix)]
    #[test]
    fn links_that_loop_or_lead_nowhere_end() {
        use std::os::unix::fs::symlink;
        let folder = folder(&["a/1", "b/2"]);
        symlink(folder.path(), folder.path().join("a/loop")).unwrap();
        symlink(folder.path().join("b"), folder.path().join("a/b")).unwrap();
        symlink("nowhere", folder.path().join("a/broken")).unwrap();
        assert_eq!(found(folder.path(), &["."]), ["a/1", "a/b/2"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_fifo_is_never_opened() {
        let folder = folder(&["1"]);
        let fifo = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status();
        if made.is_ok_and(|status| status.success()) {
            assert_eq!(found(folder.path(), &["."]), ["1"]);
            for error in [
                walk(std::slice::from_ref(&fifo)).failed.remove(0).1,
                load(&fifo).unwrap_err(),
            ] {
                assert!(matches!(error, ImportError::Invalid { .. }), "{error}");
            }
        }
        assert!(matches!(
            load(Path::new("/dev/null")),
            Err(ImportError::Invalid { .. })
        ));
    }

    #[test]
    fn a_folder_nested_too_deep_is_told_and_the_others_are_walked() {
        let deep = vec!["d"; DEEPEST + 2].join("/");
        let folder = folder(&["a", &format!("{deep}/b")]);
        let walked = walk(&[folder.path().to_owned()]);
        assert_eq!(walked.found.len(), 1);
        assert!(walked.failed[0].1.to_string().contains("nested deeper"));
    }

    #[test]
    fn a_file_is_read_up_to_the_limit() {
        let folder = folder(&["a"]);
        assert_eq!(load(&folder.path().join("a")).unwrap(), b"x");
        let large = folder.path().join("large");
        File::create(&large)
            .unwrap()
            .set_len(LARGEST_FILE + 1)
            .unwrap();
        assert!(matches!(
            load(&large),
            Err(ImportError::TooLarge {
                limit: LARGEST_FILE,
                ..
            })
        ));
    }
}
