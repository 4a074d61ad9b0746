//! Where saved queries are found: the user's folder first, the built-in ones behind it. The only
//! file of `query` that reads files.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::error::QueryError;
use super::saved::SavedQuery;
use crate::catalog::nearest::nearest;

/// Names and texts of files in `queries/`.
macro_rules! built_in {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../queries/", $name, ".sql")))),*]
    };
}

/// The queries that come with the program: name and text.
const BUILT_IN: &[(&str, &str)] = built_in![
    "best_per_hardware"
    "failed_runs"
    "fastest"
    "group_scores"
    "import_rejections"
    "latest_results"
    "leaderboard"
    "load_curve"
    "metric_catalog"
    "model_overview"
    "newest_imports"
    "paired_questions"
    "quantization_cost"
    "run_changes"
    "runs_of_model"
    "series_history"
    "series_values"
    "settings_diff"
    "speed_by_depth"
    "speed_vs_score"
    "tail_latency"
    "values_of_runs"
    "what_is_missing"
];

/// The largest file that is taken for a query.
const LARGEST: u64 = 1_000_000;

/// Whether a word can be the name of a saved query: `[a-z0-9][a-z0-9_-]{0,63}`. Anything else that
/// stands where a query is expected is SQL; and a name can never lead out of its folder.
#[must_use]
pub fn is_name(word: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    word.len() <= 64
        && word.bytes().next().is_some_and(is_plain)
        && word.bytes().all(|b| is_plain(b) || b == b'_' || b == b'-')
}

/// Where a saved query comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It comes with the program.
    BuiltIn,
    /// This file of the user.
    File(PathBuf),
}

/// One query of the library, readable or not.
#[derive(Debug)]
pub struct Entry {
    /// The name it is found by.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The query, or what is wrong with it.
    pub query: Result<SavedQuery, QueryError>,
}

/// The saved queries that can be found: those in the user's folder, `NAME.sql` each, and the
/// built-in ones whose name is not taken there.
#[derive(Debug, Clone)]
pub struct Library {
    folder: Option<PathBuf>,
}

impl Library {
    /// A library with this folder of the user's own queries. The folder need not exist.
    #[must_use]
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// The query of this name.
    ///
    /// # Errors
    ///
    /// [`QueryError`]: no name, no query of that name, a file that is a link or not a regular one,
    /// that is too large or cannot be read, or a text that is no query.
    pub fn find(&self, name: &str) -> Result<SavedQuery, QueryError> {
        if !is_name(name) {
            let name = name.to_owned();
            return Err(QueryError::BadName { name });
        }
        match self.origins()?.remove(name) {
            Some(origin) => open(name, &origin),
            None => Err(self.unknown(name)),
        }
    }

    /// The text of the query of this name, as it stands in its file.
    ///
    /// # Errors
    ///
    /// Those of [`Library::find`], a text that is no query excepted.
    pub fn text(&self, name: &str) -> Result<String, QueryError> {
        if !is_name(name) {
            let name = name.to_owned();
            return Err(QueryError::BadName { name });
        }
        match self.origins()?.remove(name) {
            Some(origin) => text(name, &origin),
            None => Err(self.unknown(name)),
        }
    }

    /// Every query, by name. One that cannot be read is listed with the reason.
    ///
    /// # Errors
    ///
    /// [`QueryError::Read`] when the folder exists and cannot be read.
    pub fn list(&self) -> Result<Vec<Entry>, QueryError> {
        let entries = self.origins()?.into_iter().map(|(name, origin)| Entry {
            query: open(&name, &origin),
            name,
            origin,
        });
        Ok(entries.collect())
    }

    /// The name and the origin of every query.
    fn origins(&self) -> Result<BTreeMap<String, Origin>, QueryError> {
        let built_in = BUILT_IN
            .iter()
            .map(|&(name, _)| (name.to_owned(), Origin::BuiltIn));
        let mut origins: BTreeMap<_, _> = built_in.collect();
        let Some(folder) = &self.folder else {
            return Ok(origins);
        };
        let refused = |source| QueryError::Read {
            path: folder.clone(),
            source,
        };
        let files = match fs::read_dir(folder) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(origins),
            Err(error) => return Err(refused(error)),
        };
        for file in files {
            let path = file.map_err(refused)?.path();
            let stem = path
                .file_stem()
                .map(|stem| stem.to_string_lossy().into_owned());
            if let (Some(name), true) = (stem, path.extension().is_some_and(|e| e == "sql")) {
                origins.insert(name, Origin::File(path));
            }
        }
        Ok(origins)
    }

    fn unknown(&self, name: &str) -> QueryError {
        let origins = self.origins().unwrap_or_default();
        QueryError::Unknown {
            name: name.to_owned(),
            nearest: nearest(name, origins.keys().map(String::as_str)).map(str::to_owned),
        }
    }
}

/// Reads and parses a query.
fn open(name: &str, origin: &Origin) -> Result<SavedQuery, QueryError> {
    let file = match origin {
        Origin::BuiltIn => name.to_owned(),
        Origin::File(path) => path.display().to_string(),
    };
    SavedQuery::parse(name, &file, &text(name, origin)?)
}

fn text(name: &str, origin: &Origin) -> Result<String, QueryError> {
    match origin {
        Origin::BuiltIn => {
            let text = BUILT_IN.iter().find(|(built_in, _)| *built_in == name);
            Ok(text.map_or("", |(_, text)| text).to_owned())
        }
        Origin::File(path) if is_name(name) => read(path),
        Origin::File(_) => Err(QueryError::BadName {
            name: name.to_owned(),
        }),
    }
}

/// The text of a file that is one: a link could lead anywhere, and a pipe has no end.
fn read(path: &Path) -> Result<String, QueryError> {
    let refused = |source| QueryError::Read {
        path: path.to_owned(),
        source,
    };
    if !fs::symlink_metadata(path).map_err(refused)?.is_file() {
        let path = path.to_owned();
        return Err(QueryError::NotRegular { path });
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(refused)?;
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(refused)?;
    if bytes.len() as u64 > LARGEST {
        return Err(QueryError::TooLarge {
            path: path.to_owned(),
            limit: LARGEST,
        });
    }
    String::from_utf8(bytes)
        .map_err(|error| refused(io::Error::new(io::ErrorKind::InvalidData, error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(files: &[(&str, &str)]) -> (tempfile::TempDir, Library) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let library = Library::new(Some(folder.path().to_owned()));
        (folder, library)
    }

    #[test]
    fn every_built_in_query_is_in_order() {
        let entries = Library::new(None).list().unwrap();
        assert_eq!(entries.len(), BUILT_IN.len());
        for entry in entries {
            assert!(is_name(&entry.name));
            assert_eq!(entry.origin, Origin::BuiltIn);
            assert_eq!(entry.query.unwrap().name, entry.name);
        }
    }

    #[test]
    fn a_file_of_the_user_stands_before_a_built_in_query() {
        let (folder, library) = library(&[
            ("speed_vs_score.sql", "-- title: Mine\nVALUES (1)"),
            ("own.sql", "-- title: Own\nVALUES (2)"),
            ("notes.txt", "no query"),
        ]);
        assert_eq!(library.find("speed_vs_score").unwrap().title, "Mine");
        assert_eq!(library.find("own").unwrap().sql, "VALUES (2)");
        let entries = library.list().unwrap();
        // One name more than there are built-in ones: the other stands in its place.
        assert_eq!(entries.len(), BUILT_IN.len() + 1);
        let own = entries.into_iter().find(|entry| entry.name == "own");
        let path = folder.path().join("own.sql");
        assert_eq!(own.unwrap().origin, Origin::File(path));
    }

    #[test]
    fn a_wrong_file_is_listed_with_its_mistake_and_hides_the_built_in_query() {
        let (folder, library) =
            library(&[("model_overview.sql", "VALUES (1)"), ("My Query.sql", "")]);
        let shown = folder.path().display();
        assert_eq!(
            library.find("model_overview").unwrap_err().to_string(),
            format!("{shown}/model_overview.sql:1: the header has no `title`")
        );
        let wrong = library
            .list()
            .unwrap()
            .into_iter()
            .filter(|e| e.query.is_err());
        assert_eq!(
            wrong.map(|e| e.name).collect::<Vec<_>>(),
            ["My Query", "model_overview"]
        );
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        let (_folder, library) = library(&[]);
        assert_eq!(
            library.find("speed_vs_scores").unwrap_err().to_string(),
            "no saved query is named `speed_vs_scores` (did you mean `speed_vs_score`?); \
             `queries list` shows all"
        );
        assert_eq!(
            library.find("x").unwrap_err().to_string(),
            "no saved query is named `x`; `queries list` shows all"
        );
    }

    #[test]
    fn a_name_cannot_lead_out_of_the_folder() {
        let (_folder, library) = library(&[]);
        for name in [
            "../x",
            "/etc/passwd",
            "a/b",
            "a.sql",
            "",
            "-a",
            "A",
            "ä",
            "a b",
            &"a".repeat(65),
        ] {
            assert!(
                matches!(library.find(name), Err(QueryError::BadName { .. })),
                "{name}"
            );
        }
        for name in ["a", "0", "a_b-c", &"a".repeat(64)] {
            assert!(is_name(name));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_a_folder_are_refused() {
        let (folder, library) = library(&[("real.sql", "-- title: Real\nVALUES (1)")]);
        std::os::unix::fs::symlink("real.sql", folder.path().join("link.sql")).unwrap();
        fs::create_dir(folder.path().join("dir.sql")).unwrap();
        for name in ["link", "dir"] {
            assert!(matches!(
                library.find(name),
                Err(QueryError::NotRegular { .. })
            ));
        }
    }

    #[test]
    fn a_file_too_large_or_not_text_is_refused() {
        let (folder, library) = library(&[("large.sql", &" ".repeat(1_000_001))]);
        fs::write(folder.path().join("binary.sql"), [0xff, 0xfe]).unwrap();
        assert!(matches!(
            library.find("large"),
            Err(QueryError::TooLarge {
                limit: 1_000_000,
                ..
            })
        ));
        assert!(matches!(
            library.find("binary"),
            Err(QueryError::Read { .. })
        ));
    }

    #[test]
    fn a_folder_that_does_not_exist_holds_nothing_and_one_that_is_a_file_is_an_error() {
        let (folder, _) = library(&[("file", "")]);
        let at = |name| Library::new(Some(folder.path().join(name)));
        assert_eq!(at("none").list().unwrap().len(), BUILT_IN.len());
        assert!(matches!(at("file").list(), Err(QueryError::Read { .. })));
    }
}
