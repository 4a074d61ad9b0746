//! Files that are replaced as a whole or not at all: whoever reads one, even after a power cut,
//! finds the old content or the new, never a part.

use std::collections::hash_map::RandomState;
use std::fs::{self, File, Metadata, OpenOptions};
use std::hash::BuildHasher;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::OutputError;

/// Writes a file through `write` and puts it in the place of `path` once it is complete and on the
/// disk. After any error the old file is untouched and nothing is left beside it.
///
/// A new file takes the permissions of the one it replaces, which must be writable. The target of
/// a symbolic link is replaced and the link kept. What is not a file on a disk (`/dev/stdout`, a
/// pipe) cannot be replaced and is written to.
///
/// # Errors
///
/// Those of `write` as they are; [`OutputError`] when `path` is a folder, its folder does not
/// exist or the operating system refuses.
pub fn replace<T, E: From<OutputError>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, E> {
    let old = match fs::metadata(path) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(refused(path)(error).into()),
    };
    if old.as_ref().is_some_and(Metadata::is_dir) {
        let path = path.to_owned();
        return Err(OutputError::IsFolder { path }.into());
    }
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        let special = OpenOptions::new().write(true).open(path);
        return fill(path, special.map_err(refused(path))?, write).map(|(done, _)| done);
    }
    let target = target(path)?;
    let (part, file) = Part::create(&target, old.as_ref()).map_err(refused(path))?;
    let (done, file) = fill(path, file, write)?;
    file.sync_all().map_err(refused(path))?;
    drop(file);
    part.put_in_place(&target).map_err(refused(path))?;
    Ok(done)
}

fn refused(path: &Path) -> impl FnOnce(io::Error) -> OutputError {
    let path = path.to_owned();
    move |source| OutputError::Write { path, source }
}

/// Lets `write` write to the file, buffered, and flushes.
fn fill<T, E: From<OutputError>>(
    path: &Path,
    file: File,
    write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<(T, File), E> {
    let mut out = BufWriter::new(file);
    let done = write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error);
    Ok((done, file.map_err(refused(path))?))
}

/// The file that is to be replaced: `path` with every symbolic link followed.
fn target(path: &Path) -> Result<PathBuf, OutputError> {
    if fs::symlink_metadata(path).is_ok() {
        return fs::canonicalize(path).map_err(refused(path));
    }
    let Some(name) = path.file_name() else {
        return Err(refused(path)(io::ErrorKind::InvalidInput.into()));
    };
    match fs::canonicalize(folder(path)) {
        Ok(folder) => Ok(folder.join(name)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(OutputError::NoFolder {
            path: path.to_owned(),
        }),
        Err(error) => Err(refused(path)(error)),
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The name of the file that is being written; the file is removed unless it was put in place.
struct Part(PathBuf);

impl Part {
    /// A new file of a name nobody can foresee, in the target's folder because a rename is atomic
    /// only inside one file system.
    fn create(target: &Path, old: Option<&Metadata>) -> io::Result<(Self, File)> {
        if old.is_some_and(|old| old.permissions().readonly()) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let number = RandomState::new().hash_one(target);
        let path = folder(target).join(format!(".tradeoff-{number:016x}.part"));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)?;
        let part = Self(path);
        if let Some(old) = old {
            file.set_permissions(old.permissions())?;
        }
        Ok((part, file))
    }

    fn put_in_place(mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.0, target)?;
        self.0 = PathBuf::new();
        // The new content is in place; that a system cannot sync a folder is no failure of it.
        if let Ok(folder) = File::open(folder(target)) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            // There is nobody to tell: the error that led here is already on its way.
            let _ = fs::remove_file(&self.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;

    fn write(path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
        replace(path, |out| Ok(out.write_all(text.as_bytes())?))
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_file_is_created_and_then_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        write(&path, "one").unwrap();
        write(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(names(folder.path()), ["rows.csv"]);
    }

    #[test]
    fn the_old_file_stays_when_writing_fails_halfway() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        write(&path, "old").unwrap();
        let failed: Result<(), Box<dyn Error>> = replace(&path, |out| {
            out.write_all(b"half")?;
            out.flush()?;
            Err("the query was interrupted".into())
        });
        assert_eq!(failed.unwrap_err().to_string(), "the query was interrupted");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(names(folder.path()), ["rows.csv"]);
    }

    #[test]
    fn what_the_writer_returns_is_handed_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("n");
        let rows: Result<u32, OutputError> = replace(&path, |_| Ok(7));
        assert_eq!(rows.unwrap(), 7);
        assert_eq!(fs::read(&path).unwrap(), b"");
    }

    #[test]
    fn a_folder_and_a_missing_folder_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let message = |path: &Path| write(path, "x").unwrap_err().to_string();
        let shown = folder.path().display();
        assert_eq!(
            message(folder.path()),
            format!("cannot write `{shown}`: it is a folder")
        );
        assert_eq!(
            message(&folder.path().join("none/rows.csv")),
            format!("cannot write `{shown}/none/rows.csv`: its folder does not exist")
        );
        assert_eq!(message(Path::new("")), "cannot write ``");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_kept_and_a_read_only_file_is_respected() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        let set = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        write(&path, "old").unwrap();
        set(0o640);
        write(&path, "new").unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o640
        );
        set(0o440);
        let error = write(&path, "never").unwrap_err();
        assert_eq!(error.source().unwrap().to_string(), "permission denied");
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_kept_and_a_broken_one_refused() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let [real, link, broken] = ["real", "link", "broken"].map(|name| folder.path().join(name));
        write(&real, "old").unwrap();
        symlink("real", &link).unwrap();
        symlink("nowhere", &broken).unwrap();
        write(&link, "new").unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(write(&broken, "x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_to_and_never_replaced() {
        use std::os::unix::fs::FileTypeExt;
        let null = Path::new("/dev/null");
        write(null, "x").unwrap();
        assert!(fs::metadata(null).unwrap().file_type().is_char_device());
    }
}
