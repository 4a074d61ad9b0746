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
                let query = cx.library().find(name)?;
                let mut text = format!("-- title: {}\n", query.title);
                if !query.description.is_empty() {
                    text.push_str(&format!("-- description: {}\n", query.description));
                }
                for parameter in &query.parameters {
                    let default = match &parameter.default {
                        None => " (must be given)".to_owned(),
                        Some(Value::Null) => " (optional)".to_owned(),
                        Some(Value::Text(text)) => format!(" = {text}"),
                        Some(Value::Integer(i)) => format!(" = {i}"),
                        Some(Value::Real(x)) => format!(" = {x}"),
                        Some(Value::Bytes(_)) => String::new(),
                    };
                    text.push_str(&format!("-- param: {}{default}\n", parameter.name));
                }
                cx.bytes(&OutputOptions::default(), |out| {
                    Ok(writeln!(out, "{text}{}", query.sql)?)
                })?;
            }
            Self::Path => {
                let Some(folder) = cx.queries() else {
                    return Err(super::failure::Hinted::new(
                        "there is no folder of saved queries",
                        "make a folder `queries` beside the store, or name one with `--queries DIR`",
                    )
                    .into());
                };
                cx.bytes(&OutputOptions::default(), |out| {
                    Ok(writeln!(out, "{}", folder.display())?)
                })?;
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
