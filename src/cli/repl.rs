//! The prompt of `query`: statements over several lines, history, completion, a few commands.

use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Editor, Helper};

use crate::output::Format;
use crate::query::is_name;
use crate::store::{functions, views};

use super::context::Context;
use super::failure::{self, Outcome};
use super::options::{OutputOptions, RowOptions};
use super::query::{list_columns, list_views};

const HELP: &str = "A statement ends with `;`; the name of a saved query needs none.
  .help               this
  .tables             the views
  .schema [VIEW]      the columns of a view, a line each
  .queries            the saved queries
  .mode FORMAT        table, csv, tsv, json, jsonl or markdown
  .quit               the end (Ctrl-D, too)";

/// The commands, for completion.
const COMMANDS: [&str; 6] = [".help", ".mode", ".queries", ".quit", ".schema", ".tables"];

/// Asks for statements until there are no more.
pub(super) fn run(
    cx: &Context,
    rows: &RowOptions,
    output: &OutputOptions,
) -> anyhow::Result<Outcome> {
    // What is wrong with the store is said before anything is typed.
    if rows.data.is_empty() {
        cx.reader()?;
    }
    let mut editor: Editor<Words, FileHistory> = Editor::new()?;
    editor.set_helper(Some(Words::of(cx)));
    let history = cx.history_file();
    if let Some(file) = &history {
        // A first session has none yet.
        let _ = editor.load_history(file);
    }
    cx.say("`.help` lists the commands, Tab completes, Ctrl-D ends");
    let mut output = output.clone();
    loop {
        let line = match editor.readline("tradeoff> ") {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(error.into()),
        };
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        editor.add_history_entry(line)?;
        if line == ".quit" || line == ".exit" {
            break;
        }
        cx.clear_interrupt();
        if let Err(error) = answer(cx, line, rows, &mut output)
            && let (_, Some(text)) = failure::report(&error)
        {
            cx.complain(&text);
        }
    }
    if let Some(file) = &history {
        // Where nothing may be kept, nothing is.
        let _ = editor.save_history(file);
    }
    Ok(Outcome::Fine)
}

fn answer(
    cx: &Context,
    line: &str,
    rows: &RowOptions,
    output: &mut OutputOptions,
) -> anyhow::Result<()> {
    let Some(command) = line.strip_prefix('.') else {
        let asked = RowOptions {
            query: Some(line.trim_end_matches(';').trim().to_owned()),
            ..rows.clone()
        };
        let asked = asked.ask(cx)?;
        return cx.rows(output, |rows| {
            let rows = std::cell::RefCell::new(rows);
            asked.stream(
                cx,
                |columns| rows.borrow_mut().header(columns),
                |row| rows.borrow_mut().row(row).map(|()| true),
            )
        });
    };
    let (command, word) = command.split_once(' ').unwrap_or((command, ""));
    match (command, word.trim()) {
        ("help", _) => cx.say(HELP),
        ("tables", _) | ("schema", "") => list_views(cx, output)?,
        ("schema", view) => list_columns(cx, view, output)?,
        ("queries", _) => super::queries::list(cx, output)?,
        ("mode", format) => {
            let format: Format = format
                .parse()
                .map_err(|error: <Format as std::str::FromStr>::Err| anyhow::anyhow!("{error}"))?;
            output.format = Some(format);
        }
        (other, _) => anyhow::bail!("there is no command `.{other}`; `.help` lists them"),
    }
    Ok(())
}

/// What Tab completes: views, columns, functions, saved queries, commands.
struct Words(Vec<String>);

impl Helper for Words {}
impl Highlighter for Words {}
impl Hinter for Words {
    type Hint = String;
}

impl Words {
    fn of(cx: &Context) -> Self {
        let mut words: Vec<String> = COMMANDS.map(str::to_owned).to_vec();
        for view in views() {
            words.push(view.name.to_owned());
            words.extend(view.columns.iter().map(|column| column.0.to_owned()));
        }
        for function in functions().into_iter().flat_map(|(_, list)| list) {
            let name = function.call.split('(').next().unwrap_or_default();
            words.push(format!("{name}("));
        }
        let saved = cx.library().list().unwrap_or_default();
        words.extend(saved.into_iter().map(|entry| entry.name));
        words.sort();
        words.dedup();
        Self(words)
    }

    /// Where the word before the cursor begins, and the words that begin like it.
    fn matching(&self, line: &str, cursor: usize) -> (usize, Vec<&str>) {
        let before = line.get(..cursor).unwrap_or(line);
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let start = before.rfind(|c| !is_word(c)).map_or(0, |at| {
            at + before
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .map_or(1, char::len_utf8)
        });
        let word = before.get(start..).unwrap_or_default();
        // A command stands alone; after a table's name a column follows.
        let (start, word) = match word.rfind('.') {
            Some(dot) if dot > 0 || start > 0 => {
                (start + dot + 1, word.get(dot + 1..).unwrap_or_default())
            }
            _ => (start, word),
        };
        let found = self.0.iter().map(String::as_str);
        (
            start,
            found
                .filter(|known| !word.is_empty() && known.starts_with(word))
                .collect(),
        )
    }
}

impl Completer for Words {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        cursor: usize,
        _: &rustyline::Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let (start, words) = self.matching(line, cursor);
        let pairs = words.into_iter().map(|word| Pair {
            display: word.to_owned(),
            replacement: word.to_owned(),
        });
        Ok((start, pairs.collect()))
    }
}

impl Validator for Words {
    /// A line is whole when it is a command, a name, or ends a statement.
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match is_whole(context.input()) {
            true => ValidationResult::Valid(None),
            false => ValidationResult::Incomplete,
        })
    }
}

fn is_whole(input: &str) -> bool {
    let text = input.trim();
    text.is_empty() || text.starts_with('.') || is_name(text) || text.ends_with(';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_goes_on_until_it_is_ended() {
        assert!(is_whole("speed_vs_score"));
        assert!(is_whole(".schema latest"));
        assert!(is_whole("SELECT 1;"));
        assert!(!is_whole("SELECT 1"));
    }

    #[test]
    fn the_word_before_the_cursor_is_completed() {
        let words = Words(
            [".help", "latest", "latest_results", "model", "median("]
                .map(str::to_owned)
                .to_vec(),
        );
        assert_eq!(words.matching("SELECT me", 9), (7, vec!["median("]));
        assert_eq!(
            words.matching("FROM late", 9),
            (5, vec!["latest", "latest_results"])
        );
        assert_eq!(words.matching("SELECT l.mo", 11), (9, vec!["model"]));
        assert_eq!(words.matching(".he", 3), (0, vec![".help"]));
        assert_eq!(words.matching("SELECT ", 7), (7, vec![]));
    }
}
