//! The house keeps its shape: arrows point down, each heavy crate has one home, and what must not
//! stand anywhere does not.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Floor and folder, from the ground up.
const FLOORS: &[(u8, &str)] = &[
    (0, "catalog"),
    (0, "stats"),
    (1, "store"),
    (1, "query"),
    (1, "import"),
    (2, "analysis"),
    (3, "output"),
    (3, "chart"),
    (4, "report"),
    (5, "cli"),
];

/// Crate and the folders that may name it.
const HOMES: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("rusqlite_migration", &["store"]),
    ("statrs", &["stats"]),
    ("plotters", &["chart"]),
    ("resvg", &["chart"]),
    ("ab_glyph", &["chart"]),
    ("dejavu", &["chart"]),
    ("clap", &["cli"]),
    ("anyhow", &["cli"]),
    ("indicatif", &["cli"]),
    ("ctrlc", &["cli"]),
    ("terminal_size", &["cli"]),
    ("comfy_table", &["output"]),
    ("jiff", &["import"]),
    ("zip", &["import"]),
    ("serde_saphyr", &["import"]),
    ("pulldown_cmark", &["import"]),
    ("maud", &["report"]),
    ("roxmltree", &["report"]),
    ("base64", &["report"]),
    ("polars", &["store", "analysis", "report", "cli"]),
];

const FORBIDDEN_NAMES: &[&str] = &[
    "util", "utils", "helper", "helpers", "common", "misc", "manager",
];

/// Only the command line looks at the world.
const WORLD: &[&str] = &[
    "SystemTime",
    "Instant::now",
    "std::env::",
    "env::var",
    "is_terminal",
    "std::io::stdout",
    "std::io::stderr",
];

const SQL_VERBS: &[&str] = &[
    "SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "DROP ", "ALTER ", "PRAGMA ", "ATTACH ",
    "WITH ",
];

/// A source file: its folder below `src` (empty for the crate's own files), its name, its text.
struct Source {
    folder: String,
    path: String,
    text: String,
}

impl Source {
    /// The text without tests and comments.
    fn code(&self) -> String {
        let text = self
            .text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or("");
        let lines = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Every source file that is part of the program: files that only tests include are left out.
fn sources() -> Vec<Source> {
    let all = files(&root().join("src"));
    let texts: Vec<(PathBuf, String)> = all
        .into_iter()
        .filter(|p| p.extension().is_some_and(|e| e == "rs"))
        .map(|p| {
            let t = std::fs::read_to_string(&p).unwrap();
            (p, t)
        })
        .collect();
    let test_only: BTreeSet<PathBuf> = texts
        .iter()
        .flat_map(|(path, text)| {
            let folder = path.parent().unwrap().to_owned();
            text.split("#[cfg(test)]\nmod ")
                .skip(1)
                .filter_map(|rest| rest.split_once(';').map(|(name, _)| name))
                .filter(|name| !name.contains(char::is_whitespace))
                .map(|name| folder.join(format!("{name}.rs")))
                .collect::<Vec<_>>()
        })
        .collect();
    texts
        .into_iter()
        .filter(|(path, _)| !test_only.contains(path))
        .map(|(path, text)| {
            let below = path.strip_prefix(root().join("src")).unwrap().to_owned();
            let mut parts: Vec<String> = below
                .iter()
                .map(|p| p.to_string_lossy().into_owned())
                .collect();
            parts.pop();
            Source {
                folder: parts.first().cloned().unwrap_or_default(),
                path: below.display().to_string(),
                text,
            }
        })
        .collect()
}

fn floor(folder: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(_, name)| *name == folder)
        .map(|(floor, _)| *floor)
}

/// Whether `code` uses `word::` as the head of a path, or `use word`.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = &code[at + word.len()..];
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '"' || c == ':')
            && (after.starts_with("::") || after.starts_with(" as "))
    })
}

fn broken_floors(source: &Source) -> Vec<String> {
    let Some(own) = floor(&source.folder) else {
        return Vec::new();
    };
    let code = source.code();
    FLOORS
        .iter()
        .filter(|(other, name)| {
            *name != source.folder && *other >= own && code.contains(&format!("crate::{name}"))
        })
        .map(|(_, name)| format!("{}: `{}` may not know `{name}`", source.path, source.folder))
        .collect()
}

fn strangers(source: &Source) -> Vec<String> {
    let code = source.code();
    HOMES
        .iter()
        .filter(|(krate, homes)| names(&code, krate) && !homes.contains(&source.folder.as_str()))
        .map(|(krate, homes)| format!("{}: `{krate}` lives in {homes:?}", source.path))
        .collect()
}

fn bad_form(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let stem = Path::new(&source.path)
        .file_stem()
        .unwrap()
        .to_string_lossy()
        .into_owned();
    if FORBIDDEN_NAMES.contains(&stem.as_str()) || FORBIDDEN_NAMES.contains(&source.folder.as_str())
    {
        found.push(format!("{}: a name that says nothing", source.path));
    }
    if !source.text.starts_with("//!") {
        found.push(format!(
            "{}: does not begin by saying what it owns",
            source.path
        ));
    }
    if source.text.lines().count() > 500 {
        found.push(format!("{}: longer than 500 lines", source.path));
    }
    found
}

fn worldly(source: &Source) -> Vec<String> {
    if source.folder == "cli" {
        return Vec::new();
    }
    let code = source.code();
    WORLD
        .iter()
        .filter(|word| code.contains(**word))
        .map(|word| format!("{}: `{word}` belongs to the command line", source.path))
        .collect()
}

fn stray_sql(source: &Source) -> Vec<String> {
    if source.folder == "store" {
        return Vec::new();
    }
    let code = source.code();
    SQL_VERBS
        .iter()
        .filter(|verb| code.replace("\\\"", "'").contains(&format!("\"{verb}")))
        .map(|verb| {
            format!(
                "{}: SQL text (`{verb}`) belongs to `store/` or `queries/`",
                source.path
            )
        })
        .collect()
}

fn nothing(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn arrows_point_down() {
    nothing(sources().iter().flat_map(broken_floors).collect());
}

#[test]
fn every_heavy_crate_has_one_home() {
    nothing(sources().iter().flat_map(strangers).collect());
}

#[test]
fn every_file_has_a_name_a_beginning_and_an_end() {
    nothing(sources().iter().flat_map(bad_form).collect());
}

#[test]
fn only_the_command_line_looks_at_the_world() {
    nothing(sources().iter().flat_map(worldly).collect());
}

#[test]
fn sql_stands_in_the_store_and_in_saved_queries_only() {
    nothing(sources().iter().flat_map(stray_sql).collect());
}

#[test]
fn every_folder_has_a_floor() {
    let folders: BTreeSet<String> = sources()
        .into_iter()
        .map(|s| s.folder)
        .filter(|f| !f.is_empty())
        .collect();
    let known: BTreeSet<String> = FLOORS.iter().map(|(_, name)| (*name).to_owned()).collect();
    assert_eq!(folders, known);
}

#[test]
fn a_broken_house_is_noticed() {
    let source = |folder: &str, text: &str| Source {
        folder: folder.into(),
        path: format!("{folder}/x.rs"),
        text: format!("//! x\n{text}"),
    };
    assert_eq!(
        broken_floors(&source("stats", "use crate::store::Store;")).len(),
        1
    );
    assert_eq!(
        broken_floors(&source("chart", "use crate::output::Format;")).len(),
        1
    );
    assert_eq!(
        broken_floors(&source("report", "use crate::output::Format;")).len(),
        0
    );
    assert_eq!(
        strangers(&source("import", "use rusqlite::Connection;")).len(),
        1
    );
    assert_eq!(
        strangers(&source("analysis", "let d = statrs::distribution::Normal;")).len(),
        1
    );
    assert_eq!(
        worldly(&source("store", "let now = SystemTime::now();")).len(),
        1
    );
    assert_eq!(
        stray_sql(&source("cli", "let sql = \"SELECT 1\";")).len(),
        1
    );
    assert_eq!(bad_form(&source("store", &"\n".repeat(500))).len(), 1);
}

#[test]
fn the_top_level_is_what_it_should_be() {
    let mut found: Vec<String> = std::fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') && name != "target")
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "Cargo.lock",
            "Cargo.toml",
            "LICENSE",
            "README.md",
            "migrations",
            "queries",
            "src",
            "tests"
        ]
    );
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut commented = false;
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.contains("dependencies");
        } else if inside && line.contains('=') && !line.starts_with('#') {
            // serde and serde_json share their line, and so do anyhow and thiserror.
            assert!(commented, "no reason above `{line}`");
        } else {
            commented = line.starts_with('#');
        }
    }
}
