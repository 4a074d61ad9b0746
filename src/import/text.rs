//! The text of a file, read from its beginning as often as needed: from memory, or from the file itself
//! through a window that holds one line, so that a file of lines may be larger than memory.

use std::borrow::Cow;
use std::cell::Cell;
use std::fs::{File, Metadata};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use super::{ImportError, LONGEST_LINE, walk};

/// How much of a file is read at once, in bytes.
const BLOCK: usize = 256 * 1024;

/// What UTF-8 text may begin with.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A regular file that is not held in memory. Every reading of it must find it as the first one did.
#[derive(Debug)]
pub(super) struct LineFile {
    path: PathBuf,
    state: State,
    digest: Cell<Option<[u8; 32]>>,
}

/// What tells that a file has been changed: its size in bytes, and when it was written.
#[derive(Debug, PartialEq, Eq)]
struct State {
    bytes: u64,
    /// Since 1970, as the file system tells it.
    modified: Option<Duration>,
}

impl State {
    fn of(metadata: &Metadata) -> Self {
        Self {
            bytes: metadata.len(),
            modified: metadata
                .modified()
                .ok()
                .and_then(|time| time.duration_since(UNIX_EPOCH).ok()),
        }
    }
}

impl LineFile {
    /// A file as it is now.
    ///
    /// # Errors
    /// [`ImportError::Io`], and [`ImportError::Invalid`] for anything but a regular file.
    pub(super) fn new(path: &Path) -> Result<Self, ImportError> {
        Ok(Self {
            path: path.to_owned(),
            state: State::of(&walk::regular(path)?),
            digest: Cell::new(None),
        })
    }

    /// Its size in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.state.bytes
    }

    /// The SHA-256 of its content: that of the last reading of all of it, so that it is the digest of the
    /// bytes that were understood; a reading of its own where there was none.
    ///
    /// # Errors
    /// Those of reading.
    pub(super) fn digest(&self) -> Result<[u8; 32], ImportError> {
        if self.digest.get().is_none() {
            let mut lines = Text::File(self).read(&self.path, Pass::Last)?;
            while lines.more()? {
                let length = lines.window().len();
                lines.consume(length, 0);
            }
        }
        Ok(self.digest.get().unwrap_or_default())
    }

    /// Its beginning and, where that is not all of it, its end: whole lines of either.
    ///
    /// # Errors
    /// Those of reading.
    pub(super) fn ends(&self, head: usize, tail: usize) -> Result<Vec<u8>, ImportError> {
        let failed = |source| walk::io(&self.path, source);
        let mut file = self.open()?;
        let mut ends = Vec::new();
        let mut start = (&mut file).take(head as u64);
        start.read_to_end(&mut ends).map_err(failed)?;
        if ends.len() as u64 == self.bytes() {
            return Ok(ends);
        }
        if let Some(at) = memchr::memrchr(b'\n', &ends) {
            ends.truncate(at + 1);
        }
        let rest = self.bytes() - ends.len() as u64;
        let back = rest.min(tail as u64);
        file.seek(SeekFrom::Start(self.bytes() - back))
            .map_err(failed)?;
        let mut end = Vec::new();
        file.take(back).read_to_end(&mut end).map_err(failed)?;
        let whole = match memchr::memchr(b'\n', &end) {
            Some(at) if back < rest => end.get(at + 1..),
            _ => Some(&end[..]),
        };
        ends.extend_from_slice(whole.unwrap_or_default());
        Ok(ends)
    }

    fn open(&self) -> Result<File, ImportError> {
        let file = File::open(&self.path).map_err(|source| walk::io(&self.path, source))?;
        self.check(&file)?;
        Ok(file)
    }

    /// Refuses a file that is not what it was.
    fn check(&self, file: &File) -> Result<(), ImportError> {
        let metadata = file.metadata();
        let metadata = metadata.map_err(|source| walk::io(&self.path, source))?;
        match State::of(&metadata) == self.state {
            true => Ok(()),
            false => Err(self.changed()),
        }
    }

    fn changed(&self) -> ImportError {
        ImportError::Invalid {
            path: self.path.clone(),
            place: "content".to_owned(),
            reason: "the file was changed while it was read; import it again when it is complete"
                .to_owned(),
        }
    }
}

/// A text that can be read from its beginning as often as needed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Text<'a> {
    /// In memory.
    Held(&'a [u8]),
    /// In its file.
    File(&'a LineFile),
}

/// Which reading of a text this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// One of several, or of a part.
    Look,
    /// The one whose values are kept: what it reads is what the digest is of.
    Last,
}

impl<'a> Text<'a> {
    /// Begins to read it; a byte order mark is left out. `path` is for messages.
    ///
    /// # Errors
    /// [`ImportError::Io`], and [`ImportError::Invalid`] where the file is not what it was.
    pub(super) fn read(self, path: &'a Path, pass: Pass) -> Result<Lines<'a>, ImportError> {
        // The outline of a held text is without its mark already; the csv crate takes off one more.
        let marks = match self {
            Self::Held(_) => 1,
            Self::File(_) => 2,
        };
        let (from, size) = match self {
            Self::Held(bytes) => (From::Held(bytes), bytes.len()),
            Self::File(file) => {
                let size = usize::try_from(file.bytes()).unwrap_or(usize::MAX);
                (From::File(file.open()?, file), size)
            }
        };
        let hasher = (pass == Pass::Last && matches!(self, Self::File(_))).then(Sha256::new);
        let mut lines = Lines {
            path,
            from,
            hasher,
            // One byte more, so that the end is met without a further block.
            buffer: vec![0; size.saturating_add(1).clamp(64, BLOCK)],
            start: 0,
            end: 0,
            has_ended: false,
            line: 1,
        };
        for _ in 0..marks {
            while lines.window().len() < BYTE_ORDER_MARK.len() && lines.more()? {}
            if lines.window().starts_with(BYTE_ORDER_MARK) {
                lines.consume(BYTE_ORDER_MARK.len(), 0);
            }
        }
        Ok(lines)
    }

    /// The whole text, without byte order mark, where it has at most `most` bytes.
    ///
    /// # Errors
    /// As [`Text::read`].
    pub(super) fn whole(
        self,
        path: &'a Path,
        most: usize,
    ) -> Result<Option<Cow<'a, [u8]>>, ImportError> {
        match self {
            Self::Held(bytes) => Ok((bytes.len() <= most).then_some(Cow::Borrowed(bytes))),
            Self::File(file) if file.bytes() > most as u64 => Ok(None),
            Self::File(_) => {
                let mut lines = self.read(path, Pass::Last)?;
                while lines.more()? {}
                Ok(Some(Cow::Owned(lines.window().to_vec())))
            }
        }
    }
}

enum From<'a> {
    Held(&'a [u8]),
    File(File, &'a LineFile),
}

/// A reading of a text: a window on it that moves from its beginning to its end.
pub(super) struct Lines<'a> {
    path: &'a Path,
    from: From<'a>,
    hasher: Option<Sha256>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    has_ended: bool,
    line: usize,
}

impl Lines<'_> {
    /// What was read and not yet consumed.
    #[inline]
    pub(super) fn window(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The number of the line, from 1, in which the window begins.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// Whether nothing comes after the window.
    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Moves the beginning of the window over bytes with a number of line ends among them.
    #[inline]
    pub(super) fn consume(&mut self, bytes: usize, line_ends: usize) {
        self.start = (self.start + bytes).min(self.end);
        self.line += line_ends;
    }

    /// Widens the window; false at the end of the text.
    ///
    /// # Errors
    /// Those of reading, and the file's change.
    pub(super) fn more(&mut self) -> Result<bool, ImportError> {
        if self.has_ended {
            return Ok(false);
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.end == self.buffer.len() {
            self.buffer.resize(grown(self.buffer.len()), 0);
        }
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        let read = match &mut self.from {
            From::Held(rest) => rest.read(room),
            From::File(file, _) => file.read(room),
        };
        let read = read.map_err(|source| walk::io(self.path, source))?;
        if let (Some(hasher), Some(new)) = (&mut self.hasher, room.get(..read)) {
            hasher.update(new);
        }
        self.end += read;
        if read == 0 {
            self.has_ended = true;
            self.finish()?;
        }
        Ok(read > 0)
    }

    /// At the end of a file: it is still what it was.
    fn finish(&mut self) -> Result<(), ImportError> {
        if let From::File(file, of) = &self.from {
            of.check(file)?;
            if let Some(hasher) = self.hasher.take() {
                let digest: [u8; 32] = hasher.finalize().into();
                if of.digest.replace(Some(digest)).is_some_and(|d| d != digest) {
                    return Err(of.changed());
                }
            }
        }
        Ok(())
    }

    /// The length of the line at the beginning of the window, with its line end, all of it within the
    /// window; 0 at the end of the text.
    ///
    /// # Errors
    /// Those of reading, and [`ImportError::Invalid`] for a line beyond [`LONGEST_LINE`], of which no more
    /// than that is held.
    #[inline]
    pub(super) fn line_length(&mut self) -> Result<usize, ImportError> {
        let mut searched = 0;
        loop {
            let window = self.window();
            let rest = window.get(searched..).unwrap_or_default();
            if let Some(at) = memchr::memchr(b'\n', rest) {
                return Ok(searched + at + 1);
            }
            searched = window.len();
            if searched > LONGEST_LINE {
                return Err(self.too_long());
            }
            if !self.more()? {
                return Ok(searched);
            }
        }
    }

    /// The error of a line or a record that is too long and begins here.
    pub(super) fn too_long(&self) -> ImportError {
        ImportError::Invalid {
            path: self.path.to_owned(),
            place: format!("line {}", self.line),
            reason: format!("a row is longer than {} MB", LONGEST_LINE >> 20),
        }
    }
}

/// The text that a part of a file is, which begins with a line; an error names the line and the column,
/// in bytes, of the first bad byte.
///
/// # Errors
/// [`ImportError::Broken`] where it is not UTF-8.
#[inline]
pub(super) fn utf8<'a>(path: &Path, line: usize, bytes: &'a [u8]) -> Result<&'a str, ImportError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        ImportError::Broken {
            path: path.to_owned(),
            line: line + line_ends(before),
            column: before.len() - start + 1,
            reason: "not UTF-8; save the file in that encoding".to_owned(),
        }
    })
}

/// The next size of a buffer that holds at most one line and what was read beyond it.
pub(super) fn grown(size: usize) -> usize {
    (size * 2).min(LONGEST_LINE + BLOCK).max(size + BLOCK)
}

/// How many lines end in a text.
pub(super) fn line_ends(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;

    /// All of a text, line by line.
    fn lines(text: Text<'_>) -> Result<Vec<String>, ImportError> {
        let path = Path::new("t");
        let mut lines = text.read(path, Pass::Last)?;
        let mut found = Vec::new();
        loop {
            let length = lines.line_length()?;
            if length == 0 {
                return Ok(found);
            }
            let line = utf8(path, lines.line(), lines.window().get(..length).unwrap())?;
            found.push(format!("{}:{line}", lines.line()));
            lines.consume(length, 1);
        }
    }

    fn append(path: &Path, text: &str) {
        let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    #[test]
    fn lines_are_the_same_from_memory_and_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let long = "x".repeat(3 * BLOCK);
        let text = format!("a\n\n{long}\r\nend");
        fs::write(&path, format!("\u{feff}{text}")).unwrap();
        let file = LineFile::new(&path).unwrap();
        let expected = ["1:a\n", "2:\n", &format!("3:{long}\r\n"), "4:end"];
        assert_eq!(lines(Text::File(&file)).unwrap(), expected);
        assert_eq!(lines(Text::Held(text.as_bytes())).unwrap(), expected);
        let whole: [u8; 32] = Sha256::digest(fs::read(&path).unwrap()).into();
        assert_eq!(file.digest().unwrap(), whole);
    }

    #[test]
    fn the_ends_of_a_file_are_whole_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "one\ntwo\nthree\nfour\nfive\n").unwrap();
        let file = LineFile::new(&path).unwrap();
        let ends = |head, tail| String::from_utf8(file.ends(head, tail).unwrap()).unwrap();
        assert_eq!(ends(100, 5), "one\ntwo\nthree\nfour\nfive\n");
        assert_eq!(ends(6, 8), "one\nfive\n");
        assert_eq!(ends(20, 100), "one\ntwo\nthree\nfour\nfive\n");
    }

    #[test]
    fn a_file_that_is_changed_between_or_within_readings_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "a\nb\n").unwrap();
        let file = LineFile::new(&path).unwrap();
        assert_eq!(lines(Text::File(&file)).unwrap().len(), 2);
        let mut begun = Text::File(&file).read(&path, Pass::Look).unwrap();
        append(&path, "c\n");
        let within = loop {
            match begun.more() {
                Ok(true) => {}
                Ok(false) => panic!("the change was not seen"),
                Err(error) => break error,
            }
        };
        let between = lines(Text::File(&file)).unwrap_err();
        for error in [within, between] {
            assert!(
                error.to_string().contains("changed while it was read"),
                "{error}"
            );
        }
    }
}
