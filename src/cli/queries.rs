//! `queries`: the saved queries there are.

use crate::catalog::Value;
use crate::query::{Origin, SavedQuery};
use crate::store::Reader;

use super::context::Context;
use super::failure::{self, Hinted, Outcome};
use super::options::OutputOptions;

/// List the saved queries, or show one
#[derive(Debug, clap::Subcommand)]
pub(super) enum Queries {
    /// Every saved query with its title and parameters
    List(OutputOptions),
    /// The text of one saved query
    Show {
        /// Its name
        name: String,
    },
    /// The folder of your own queries
    Path,
    /// Whether every saved query can be read and run: headers, parameters, columns
    Check {
        /// One query only
        name: Option<String>,
    },
}

impl Queries {
    pub(super) fn run(&self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::List(output) => list(cx, output)?,
            Self::Show { name } => {
                let text = cx.library().text(name)?;
                cx.bytes(&OutputOptions::default(), |out| {
                    Ok(writeln!(out, "{}", text.trim_end())?)
                })?;
            }
            Self::Check { name } => return check(cx, name.as_deref()),
            Self::Path => {
                let folder = cx.queries();
                cx.bytes(&OutputOptions::default(), |out| {
                    Ok(writeln!(out, "{}", folder.display())?)
                })?;
                if !folder.is_dir() {
                    cx.say("there is no such folder yet; make it and put your .sql files there");
                }
            }
        }
        Ok(Outcome::Fine)
    }
}

/// Prepares every query, which finds a mistyped column, and says what is wrong with which.
fn check(cx: &Context, only: Option<&str>) -> anyhow::Result<Outcome> {
    let reader = Reader::empty()?;
    let entries = match only {
        Some(name) => {
            cx.library().text(name)?;
            cx.library()
                .list()?
                .into_iter()
                .filter(|e| e.name == name)
                .collect()
        }
        None => cx.library().list()?,
    };
    let (mut good, mut bad) = (0, 0);
    for entry in entries {
        let found = match entry.query {
            Err(error) => Err(anyhow::Error::from(error)),
            Ok(query) => {
                let names = query.parameters.iter().map(|p| p.name.as_str());
                let names: Vec<&str> = names.collect();
                let columns = reader.check(&query.sql, &names);
                columns
                    .map_err(Into::into)
                    .and_then(|columns| has_columns(&query, &columns))
            }
        };
        match found {
            Ok(()) => good += 1,
            Err(error) => {
                bad += 1;
                if let (_, Some(text)) =
                    failure::report(&error.context(format!("`{}`", entry.name)))
                {
                    cx.complain(&text);
                }
            }
        }
    }
    cx.say(&format!("{good} fine, {bad} broken"));
    Ok(if bad == 0 {
        Outcome::Fine
    } else {
        Outcome::Partial
    })
}

/// Whether the rows of a query have the columns its header draws.
fn has_columns(query: &SavedQuery, columns: &[String]) -> anyhow::Result<()> {
    let lacks =
        |(_, column): &(&str, &str)| !columns.iter().any(|c| c.eq_ignore_ascii_case(column));
    match query.encoding.columns().find(lacks) {
        None => Ok(()),
        Some((key, column)) => {
            let near = crate::catalog::nearest::nearest(column, columns.iter().map(String::as_str));
            let hint = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its columns are {}", columns.join(", ")),
            };
            let message = format!("`-- {key}: {column}`: the rows have no such column");
            Err(Hinted::new(message, hint).into())
        }
    }
}

pub(super) fn list(cx: &Context, output: &OutputOptions) -> anyhow::Result<()> {
    let entries = cx.library().list()?;
    cx.rows(output, |rows| {
        rows.header(&["query", "title", "parameters", "from"].map(str::to_owned))?;
        for entry in entries {
            let (title, parameters) = match &entry.query {
                Ok(query) => {
                    let names: Vec<&str> =
                        query.parameters.iter().map(|p| p.name.as_str()).collect();
                    (query.title.clone(), names.join(", "))
                }
                Err(error) => (format!("error: {error}"), String::new()),
            };
            let from = match &entry.origin {
                Origin::BuiltIn => "built in".to_owned(),
                Origin::File(path) => path.display().to_string(),
            };
            rows.row(&[
                Value::Text(entry.name),
                Value::Text(title),
                Value::Text(parameters),
                Value::Text(from),
            ])?;
        }
        Ok(())
    })
}
