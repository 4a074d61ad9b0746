//! The zip archive of a `.eval` log: two entries are unpacked in memory, nothing is ever written to a
//! disk, and an archive that is made to hurt is refused with the reason.

use std::io::{Cursor, Read};
use std::path::Path;

use zip::ZipReadOptions;
use zip::read::{Config, ZipFileEntry, ZipIterable};

use super::super::ImportError;

/// What the evaluation was and what came out; written at its end.
pub(super) const HEADER: &str = "header.json";
/// The score of every sample.
pub(super) const REDUCTIONS: &str = "reductions.json";
/// The beginning of every log's first entry.
const JOURNAL: &[u8] = b"_journal/";

/// How far from its ends an archive is looked at for the names of a log's first and last entry.
const LOOK: usize = 64 * 1024;

/// The most entries: a log has one a sample, and the largest sets of questions have some ten thousand.
const MOST_ENTRIES: usize = 100_000;
/// The most bytes of one unpacked entry.
const LARGEST_ENTRY: u64 = 256 * 1024 * 1024;
/// The most bytes that all entries together may claim to unpack to.
const LARGEST_TOTAL: u64 = 16 * 1024 * 1024 * 1024;
/// The most unpacked bytes a packed byte. JSON packs to a fifth or a twentieth; deflate can reach
/// 1032 (zlib's technical details), which only a bomb does.
const LARGEST_RATIO: u64 = 200;
/// Up to this size the ratio does not matter.
const SMALL: u64 = 1024 * 1024;

/// The entries that are read.
pub(super) struct Content {
    pub(super) header: Vec<u8>,
    pub(super) reductions: Option<Vec<u8>>,
}

/// Whether these bytes are an archive with a log's first or last entry.
pub(super) fn is_log(bytes: &[u8]) -> bool {
    let start = bytes.get(..LOOK).unwrap_or(bytes);
    let end = bytes
        .get(bytes.len().saturating_sub(LOOK)..)
        .unwrap_or(bytes);
    let holds = |part: &[u8], name: &[u8]| part.windows(name.len()).any(|window| window == name);
    bytes.starts_with(b"PK\x03\x04") && (holds(start, JOURNAL) || holds(end, HEADER.as_bytes()))
}

/// Unpacks what is read of a log.
///
/// # Errors
/// [`ImportError::Invalid`] for an archive that is broken, cut off or beyond the limits, that names
/// a file outside its folder, or that has no header.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Content, ImportError> {
    let refused = |place: &str, reason: String| ImportError::Invalid {
        path: path.to_owned(),
        place: place.to_owned(),
        reason,
    };
    let broken = |error: zip::result::ZipError| refused("the zip archive", error.to_string());
    let mut archive =
        ZipIterable::try_new(Cursor::new(bytes), Config::default()).map_err(broken)?;
    if archive.len() > MOST_ENTRIES {
        let reason = format!("has {} entries, the limit is {MOST_ENTRIES}", archive.len());
        return Err(refused("the zip archive", reason));
    }
    let (mut header, mut reductions) = (None, None);
    let mut total: u64 = 0;
    for entry in archive.files().map_err(broken)? {
        let entry = entry.map_err(broken)?;
        let name = entry.name().map_err(broken)?.into_owned();
        let place = format!("entry {name:?}");
        total = total.saturating_add(entry.size());
        check(&entry, &name, total).map_err(|reason| refused(&place, reason))?;
        let wanted = match name.as_str() {
            HEADER => &mut header,
            REDUCTIONS => &mut reductions,
            _ => continue,
        };
        if wanted.is_some() {
            return Err(refused(&place, "stands twice".to_owned()));
        }
        *wanted = Some(unpack(entry, bytes).map_err(|reason| refused(&place, reason))?);
    }
    let Some(header) = header else {
        let reason = format!("has no `{HEADER}`: the evaluation did not come to its end");
        return Err(refused("the zip archive", reason));
    };
    Ok(Content { header, reductions })
}

/// Why an entry makes the whole archive suspect, by what its directory says.
fn check(entry: &ZipFileEntry<'_>, name: &str, total: u64) -> Result<(), String> {
    let is_outside = name.starts_with(['/', '\\'])
        || name.contains(['\0', ':'])
        || name.split(['/', '\\']).any(|part| part == "..");
    let largest = entry.compressed_size().saturating_mul(LARGEST_RATIO);
    if is_outside {
        return Err("names a file outside its folder".to_owned());
    }
    if entry.size() > largest.max(SMALL) {
        return Err(format!(
            "unpacks to more than {LARGEST_RATIO} times its size"
        ));
    }
    if total > LARGEST_TOTAL {
        return Err(format!(
            "brings the unpacked size above {LARGEST_TOTAL} bytes"
        ));
    }
    Ok(())
}

/// An entry's content. What its directory says of the size is not trusted: the bytes are counted.
fn unpack(entry: ZipFileEntry<'_>, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let ratio = entry.compressed_size().saturating_mul(LARGEST_RATIO);
    let limit = ratio.max(SMALL).min(LARGEST_ENTRY);
    let mut reader = Cursor::new(bytes);
    let file = entry.with_reader(&mut reader, ZipReadOptions::default());
    let mut content = Vec::new();
    file.map_err(|error| error.to_string())?
        .take(limit + 1)
        .read_to_end(&mut content)
        .map_err(|error| error.to_string())?;
    match content.len() as u64 {
        size if size > limit => Err(format!("unpacks to more than {limit} bytes")),
        _ => Ok(content),
    }
}
