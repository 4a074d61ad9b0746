//! The zip archive of a `.eval` log: two entries are unpacked in memory, nothing is ever written to a
//! disk, and an archive that is made to hurt is refused with the reason.

use std::io::{Cursor, Read};
use std::path::Path;

use zip::read::ZipFileEntry;
use zip::{ZipArchive, ZipReadOptions};

use super::super::ImportError;

/// What the evaluation was and what came out; written at its end.
pub(super) const HEADER: &str = "header.json";
/// The score of every sample.
pub(super) const REDUCTIONS: &str = "reductions.json";
/// The beginning of every log's first entry.
const JOURNAL: &[u8] = b"_journal/";

/// The beginning of an entry of an archive's directory (APPNOTE.TXT of PKWARE, 4.3.12).
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";

/// How far from its ends an archive is looked at for the names of a log's first and last entry.
const LOOK: usize = 64 * 1024;

/// The most entries: a log has one a sample, and the largest sets of questions have some ten thousand.
const MOST_ENTRIES: usize = 100_000;
/// The most bytes of one unpacked entry.
const LARGEST_ENTRY: u64 = 256 * 1024 * 1024;
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
    // Counted first: the directory of a hostile archive alone would fill the memory.
    let entries = bytes.windows(4).filter(|w| *w == DIRECTORY_ENTRY).count();
    if entries > MOST_ENTRIES {
        let reason = format!("has {entries} entries, the limit is {MOST_ENTRIES}");
        return Err(refused("the zip archive", reason));
    }
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.has_duplicate_names() {
        let reason = "has two entries of one name".to_owned();
        return Err(refused("the zip archive", reason));
    }
    let directory = archive.metadata();
    let (mut header, mut reductions) = (None, None);
    for index in 0..directory.len() {
        let entry = directory.entry(index).map_err(broken)?;
        let name = entry.name().map_err(broken)?.into_owned();
        let place = format!("entry {name:?}");
        check(&entry, &name).map_err(|reason| refused(&place, reason))?;
        let wanted = match name.as_str() {
            HEADER => &mut header,
            REDUCTIONS => &mut reductions,
            _ => continue,
        };
        *wanted = Some(unpack(entry, bytes).map_err(|reason| refused(&place, reason))?);
    }
    let Some(header) = header else {
        let reason = format!("has no `{HEADER}`: the evaluation did not come to its end");
        return Err(refused("the zip archive", reason));
    };
    Ok(Content { header, reductions })
}

/// Why an entry makes the whole archive suspect, by what its directory says.
fn check(entry: &ZipFileEntry<'_>, name: &str) -> Result<(), String> {
    let is_outside = name.starts_with(['/', '\\'])
        || name.contains('\0')
        // A drive of Windows.
        || name.as_bytes().get(1) == Some(&b':')
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
    Ok(())
}

/// An entry's content. What its directory says of the size is not trusted: the bytes are counted.
fn unpack(entry: ZipFileEntry<'_>, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let ratio = entry.compressed_size().saturating_mul(LARGEST_RATIO);
    let limit = ratio.clamp(SMALL, LARGEST_ENTRY);
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn packed(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// Why an archive is refused.
    fn refused(bytes: &[u8]) -> String {
        let error = read(Path::new("a.eval"), bytes).err().unwrap();
        assert!(matches!(error, ImportError::Invalid { .. }), "{error}");
        error.to_string()
    }

    /// The same bytes with one name in place of another of the same length.
    fn renamed(mut bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
        assert_eq!(from.len(), to.len());
        while let Some(at) = bytes.windows(from.len()).position(|w| w == from.as_bytes()) {
            bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        }
        bytes
    }

    #[test]
    fn the_two_entries_are_unpacked() {
        let bytes = packed(&[
            ("_journal/start.json", b"{}"),
            ("samples/1_epoch_1.json", b"{}"),
            (REDUCTIONS, b"[]"),
            (HEADER, b"{\"version\": 2}"),
        ]);
        let content = read(Path::new("a.eval"), &bytes).unwrap();
        assert_eq!(content.header, b"{\"version\": 2}");
        assert_eq!(content.reductions.as_deref(), Some(&b"[]"[..]));
    }

    #[test]
    fn an_archive_is_a_log_by_its_first_or_last_entry() {
        assert!(is_log(&packed(&[
            ("_journal/start.json", b"{}"),
            ("a", b"")
        ])));
        assert!(is_log(&packed(&[("a", b""), (HEADER, b"{}")])));
        assert!(!is_log(&packed(&[("word/document.xml", b"<a/>")])));
        assert!(!is_log(b"header.json"));
        assert!(!is_log(b""));
    }

    #[test]
    fn a_name_outside_the_folder_is_refused() {
        for name in [
            "../x",
            "samples/../../x",
            "/etc/passwd",
            "..",
            "a\\..\\..\\x",
            "\\x",
            "C:/x",
        ] {
            let plain = "n".repeat(name.len());
            let bytes = packed(&[(&plain, b"{}"), (HEADER, b"{}")]);
            let reason = refused(&renamed(bytes, &plain, name));
            let expected = format!("`a.eval`, entry {name:?}: names a file outside its folder");
            assert_eq!(reason, expected);
        }
    }

    #[test]
    fn a_bomb_is_refused_wherever_it_lies() {
        let zeros = vec![0; 8 * 1024 * 1024];
        for name in [HEADER, REDUCTIONS, "samples/1_epoch_1.json"] {
            let bytes = packed(&[("_journal/start.json", b"{}"), (name, &zeros)]);
            assert!(bytes.len() < 16_000);
            assert_eq!(
                refused(&bytes),
                format!("`a.eval`, entry {name:?}: unpacks to more than 200 times its size")
            );
        }
    }

    #[test]
    fn a_bomb_that_lies_about_its_size_is_stopped() {
        let zeros = vec![0; 8 * 1024 * 1024];
        let mut bytes = packed(&[(HEADER, &zeros)]);
        // The unpacked size stands 24 bytes into an entry of the directory (APPNOTE.TXT, 4.3.12), and
        // 22 bytes into a local header (4.3.7).
        let directory = bytes.windows(4).position(|w| w == DIRECTORY_ENTRY).unwrap();
        for at in [directory + 24, 22] {
            assert_eq!(bytes[at..at + 4], 0x0080_0000_u32.to_le_bytes());
            bytes[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
        }
        let reason = refused(&bytes);
        assert!(
            reason.starts_with("`a.eval`, entry \"header.json\": "),
            "{reason}"
        );
    }

    #[test]
    fn too_many_entries_are_refused_before_they_are_read() {
        let mut bytes = b"PK\x03\x04_journal/".to_vec();
        bytes.extend(DIRECTORY_ENTRY.repeat(MOST_ENTRIES + 1));
        assert_eq!(
            refused(&bytes),
            "`a.eval`, the zip archive: has 100001 entries, the limit is 100000"
        );
    }

    #[test]
    fn an_entry_that_stands_twice_is_refused() {
        let bytes = packed(&[("hidden.json", b"{}"), (HEADER, b"{}")]);
        assert_eq!(
            refused(&renamed(bytes, "hidden.json", HEADER)),
            "`a.eval`, the zip archive: has two entries of one name"
        );
    }

    #[test]
    fn an_evaluation_that_did_not_end_is_refused() {
        let bytes = packed(&[("_journal/start.json", b"{}")]);
        assert_eq!(
            refused(&bytes),
            "`a.eval`, the zip archive: has no `header.json`: the evaluation did not come to its end"
        );
    }

    #[test]
    fn an_archive_cut_off_is_refused_at_every_length() {
        let bytes = packed(&[("_journal/start.json", b"{}"), (HEADER, b"{}")]);
        for end in 0..bytes.len() {
            refused(&bytes[..end]);
        }
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut archive = packed(&[(HEADER, b"{}")]);
            let at = bytes.first().map_or(0, |first| usize::from(*first) % archive.len());
            archive.splice(at.., bytes);
            let _ = read(Path::new("a.eval"), &archive);
        }
    }
}
