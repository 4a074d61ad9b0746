//! `queries`: the saved queries there are.

use crate::catalog::Value;
use crate::query::Origin;

use super::context::Context;
use super::failure::Outcome;
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

fn list(cx: &Context, output: &OutputOptions) -> anyhow::Result<()> {
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
