//! From what the user asks to rows: a saved query or SQL, over the store or over a table file.

use std::io::Read;
use std::path::Path;

use polars::frame::DataFrame;

use crate::catalog::Value;
use crate::import::{self, table::Table};
use crate::query::{Encoding, Parameter, SavedQuery, is_name};
use crate::report::{self, Provenance};
use crate::store::{FrameBuilder, List, Offered, Reader};

use super::choices;
use super::context::Context;
use super::failure::{Hinted, Interrupted};
use super::options::{DataFile, OutputOptions, RowOptions};

/// A question with everything it needs to be answered.
pub(super) struct Asked {
    source: Source,
    sql: String,
    parameters: Vec<(String, Value)>,
    saved: Option<SavedQuery>,
}

enum Source {
    /// Statements go to the store, or to a table file held in memory.
    Reader { reader: Reader, is_store: bool },
    /// A table file as it stands.
    Table(Table),
}

/// Rows held in memory.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Value>>,
}

impl RowOptions {
    /// Whether there is no question.
    pub(super) fn asks_nothing(&self) -> bool {
        self.query.is_none() && self.file.is_none()
    }

    /// Opens what the question is about.
    pub(super) fn ask(&self, cx: &Context) -> anyhow::Result<Asked> {
        let (sql, saved) = self.text(cx)?;
        let parameters = self.parameters(saved.as_ref())?;
        let missing = || {
            Hinted::new(
                "what is the question?",
                "give SQL or a saved query's name, such as `speed_vs_score`; `tradeoff queries list` shows them",
            )
        };
        let (reader, is_store) = match self.data.as_slice() {
            [] => (cx.reader()?, true),
            [DataFile { name: None, path }] if sql.is_none() => {
                return Ok(Asked {
                    source: Source::Table(table(cx, path)?),
                    sql: Reader::ALL_OF_DATA.to_owned(),
                    parameters,
                    saved,
                });
            }
            files => (self.beside(cx, files)?, false),
        };
        let sql = sql.ok_or_else(missing)?;
        self.limit(cx, &reader)?;
        Ok(Asked {
            source: Source::Reader { reader, is_store },
            sql,
            parameters,
            saved,
        })
    }

    /// A reader of table files; named ones stand beside the store, if there is one.
    fn beside(&self, cx: &Context, files: &[DataFile]) -> anyhow::Result<Reader> {
        let is_beside = files.iter().any(|file| file.name.is_some()) && cx.store_path().exists();
        let mut names: Vec<&str> = Vec::new();
        let mut tables = Vec::new();
        for file in files {
            let name = file.name.as_deref().unwrap_or("data");
            if names.contains(&name) {
                return Err(Hinted::new(
                    format!("two files are called `{name}`"),
                    "name them: `--data a=FILE --data b=FILE`",
                )
                .into());
            }
            names.push(name);
            tables.push((name, table(cx, &file.path)?));
        }
        let columns: Vec<Vec<String>> = tables.iter().map(|(_, table)| names_of(table)).collect();
        let offered = tables.iter().zip(&columns);
        let offered = offered.map(|((name, table), columns)| Offered {
            name,
            columns,
            rows: Box::new(cells(table)),
        });
        let store = is_beside.then(|| cx.store_path());
        Ok(Reader::of_tables(store, offered.collect())?)
    }

    fn limit(&self, cx: &Context, reader: &Reader) -> anyhow::Result<()> {
        let limit = self.timeout.unwrap_or(std::time::Duration::from_secs(30));
        Ok(reader.stop_when(cx.stop_after(limit))?)
    }

    /// The SQL asked for, and the saved query it comes from.
    fn text(&self, cx: &Context) -> anyhow::Result<(Option<String>, Option<SavedQuery>)> {
        if let Some(path) = &self.file {
            let bytes = import::load(path)?;
            let text = String::from_utf8(bytes)
                .map_err(|_| Hinted::new(format!("`{}` is not UTF-8 text", path.display()), ""))?;
            let text = text.trim_start_matches('\u{feff}').to_owned();
            if !text.lines().any(|line| line.starts_with("-- title:")) {
                return Ok((Some(text), None));
            }
            let name = path
                .file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
                .unwrap_or_default();
            let saved = SavedQuery::parse(&name, &path.display().to_string(), &text)?;
            return Ok((Some(saved.sql.clone()), Some(saved)));
        }
        match &self.query {
            Some(word) if is_name(word) => {
                let saved = cx.library().find(word)?;
                Ok((Some(saved.sql.clone()), Some(saved)))
            }
            Some(sql) => Ok((Some(sql.clone()), None)),
            None => Ok((None, None)),
        }
    }

    fn parameters(&self, saved: Option<&SavedQuery>) -> anyhow::Result<Vec<(String, Value)>> {
        let mut values = Vec::new();
        for given in &self.params {
            let Some((name, text)) = given.split_once('=') else {
                return Err(Hinted::new(
                    format!("`-p {given}` has no value"),
                    "write `-p name=value`",
                )
                .into());
            };
            let known = saved.and_then(|q| q.parameters.iter().find(|p| p.name == name));
            if let (Some(query), None) = (saved, known) {
                let names: Vec<String> = query
                    .parameters
                    .iter()
                    .map(|p| format!("`{}`", p.name))
                    .collect();
                let hint = if names.is_empty() {
                    "it has none".to_owned()
                } else {
                    format!("it has {}", names.join(", "))
                };
                return Err(Hinted::new(
                    format!("`{}` has no parameter `{name}`", query.name),
                    hint,
                )
                .into());
            }
            let free = Parameter {
                name: name.to_owned(),
                default: None,
            };
            values.push((name.to_owned(), known.unwrap_or(&free).value(text)?));
        }
        for parameter in saved.map(|q| q.parameters.as_slice()).unwrap_or_default() {
            if !values.iter().any(|(name, _)| *name == parameter.name)
                && let Some(default) = &parameter.default
            {
                values.push((parameter.name.clone(), default.clone()));
            }
        }
        Ok(values)
    }
}

impl Asked {
    /// Asks how SQLite would answer instead of the answer.
    pub(super) fn explain(&mut self) {
        self.sql = Reader::plan_of(&self.sql);
        self.saved = None;
    }

    /// The SQL that is run.
    pub(super) fn sql(&self) -> &str {
        &self.sql
    }

    /// The parameters it is run with.
    pub(super) fn parameters(&self) -> &[(String, Value)] {
        &self.parameters
    }

    /// The saved query it comes from.
    pub(super) fn saved(&self) -> Option<&SavedQuery> {
        self.saved.as_ref()
    }

    /// How a saved query wishes to be drawn.
    pub(super) fn encoding(&self) -> Encoding {
        self.saved
            .as_ref()
            .map(|q| q.encoding.clone())
            .unwrap_or_default()
    }

    /// What to call the rows: the saved query's name, or nothing.
    pub(super) fn name(&self) -> Option<&str> {
        self.saved.as_ref().map(|q| q.name.as_str())
    }

    /// The reader, when the rows come from the store.
    pub(super) fn store(&self) -> Option<&Reader> {
        match &self.source {
            Source::Reader {
                reader,
                is_store: true,
            } => Some(reader),
            _ => None,
        }
    }

    /// Runs the question row by row. Rows of a saved query that asks for a choice are looked at
    /// first, so that nothing is written before it is clear that they are one answer.
    pub(super) fn stream(
        &self,
        cx: &Context,
        header: impl FnOnce(&[String]) -> std::io::Result<()>,
        mut row: impl FnMut(&[Value]) -> std::io::Result<bool>,
    ) -> anyhow::Result<()> {
        let chooses = self
            .saved
            .as_ref()
            .is_some_and(|q| !q.pick.is_empty() || q.one_per.is_some());
        match &self.source {
            Source::Reader { reader, .. } if !chooses => reader
                .run(&self.sql, &self.parameters, header, row)
                .map_err(|error| stopped(cx, error)),
            _ => {
                let held = self.held(cx)?;
                header(&held.columns)?;
                for cells in &held.rows {
                    if !row(cells)? {
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    /// The rows in memory.
    pub(super) fn held(&self, cx: &Context) -> anyhow::Result<Held> {
        let mut held = Held::default();
        match &self.source {
            Source::Table(table) => {
                held.columns = names_of(table);
                held.rows = cells(table).collect();
            }
            Source::Reader { reader, .. } => {
                let columns = &mut held.columns;
                let rows = &mut held.rows;
                reader
                    .run(
                        &self.sql,
                        &self.parameters,
                        |names| {
                            *columns = names.to_vec();
                            Ok(())
                        },
                        |cells| {
                            rows.push(cells.to_vec());
                            Ok(true)
                        },
                    )
                    .map_err(|error| stopped(cx, error))?;
            }
        }
        if let Some(saved) = &self.saved {
            choices::check(saved, &self.parameters, &held)?;
        }
        Ok(held)
    }

    /// The rows as a frame; a table file that no statement is asked about gives its columns away.
    pub(super) fn frame(&mut self, cx: &Context) -> anyhow::Result<DataFrame> {
        if let (Source::Table(table), None) = (&mut self.source, &self.saved) {
            return Ok(crate::analysis::frame(std::mem::take(table))?);
        }
        let held = self.held(cx)?;
        let mut builder = FrameBuilder::default();
        for row in &held.rows {
            builder.push(row);
        }
        Ok(builder.finish(&held.columns)?)
    }
}

/// Rows up to which a report repeats them.
pub(super) const REPEATED: usize = 10_000;

impl Asked {
    /// The rows as they are, for a report; none when they are too many.
    pub(super) fn table(&self, cx: &Context) -> anyhow::Result<Option<report::Table>> {
        let held = self.held(cx)?;
        let few = held.rows.len() <= REPEATED;
        Ok(few.then(|| report::Table::plain(&held.columns, held.rows, self.provenance())))
    }

    /// Where the rows come from.
    pub(super) fn provenance(&self) -> Provenance {
        Provenance {
            name: self.name().unwrap_or("SQL").to_owned(),
            sql: self.sql().to_owned(),
            parameters: self.parameters().to_vec(),
        }
    }
}

/// A file's content; `-` is standard input.
fn content(path: &Path) -> anyhow::Result<Vec<u8>> {
    if path != Path::new("-") {
        return Ok(import::load(path)?);
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(import::LARGEST_FILE)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A table file, with what was assumed of it said.
fn table(cx: &Context, path: &Path) -> anyhow::Result<Table> {
    let table = import::table::read_rows(path, &content(path)?)?;
    for note in &table.notes {
        cx.say(&format!(
            "note: `{}`, {}: {}",
            path.display(),
            note.place,
            note.reason
        ));
    }
    Ok(table)
}

fn names_of(table: &Table) -> Vec<String> {
    table
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect()
}

fn cells(table: &Table) -> impl Iterator<Item = Vec<Value>> {
    (0..table.lines.len()).map(|row| {
        table
            .columns
            .iter()
            .map(|column| column.cells.value(row))
            .collect()
    })
}

/// A stopped statement was stopped by somebody: the user, or the time limit.
fn stopped(cx: &Context, error: crate::store::StoreError) -> anyhow::Error {
    if matches!(error, crate::store::StoreError::Stopped) && cx.interrupted() {
        return Interrupted.into();
    }
    error.into()
}

/// Writes one of the store's lists.
pub(super) fn list(cx: &Context, list: List, output: &OutputOptions) -> anyhow::Result<()> {
    let reader = cx.reader()?;
    cx.rows(output, |rows| {
        let rows = std::cell::RefCell::new(rows);
        reader.run(
            list.sql(),
            &[],
            |columns| rows.borrow_mut().header(columns),
            |row| rows.borrow_mut().row(row).map(|()| true),
        )?;
        Ok(())
    })
}

/// Refuses a join of the store's speeds and scores that leaves less than a picture.
pub(super) fn enough(asked: &Asked, found: usize) -> anyhow::Result<()> {
    let joins = asked.saved().is_some_and(|q| q.one_per.is_some());
    match asked.store() {
        Some(reader) if joins && found < 2 => {
            Err(choices::unjoined(found, &reader.unjoined()?).into())
        }
        _ => Ok(()),
    }
}
