//! A saved query, parsed from the text of its file.

use super::encoding::{self, Encoding};
use super::error::{Problem, QueryError};
use super::header::{self, Header, Key, Line};
use super::parameter::Parameter;
use super::statement;

/// A saved query: what the header says, and one statement that was never executed here.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedQuery {
    /// The name it is found by.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What it shows, its lines joined by blanks; may be empty.
    pub description: String,
    /// Its parameters, in the order of the header; the statement names each of them.
    pub parameters: Vec<Parameter>,
    /// How it wishes to be drawn.
    pub encoding: Encoding,
    /// Parameters that are also columns of the result, in groups that are chosen together, one a
    /// `pick` line. Where one was not given, all rows must agree in it; if they do not, the user has
    /// to choose.
    pub pick: Vec<Vec<String>>,
    /// The column of which each value may occur in one row only.
    pub one_per: Option<String>,
    /// The statement, without its semicolon.
    pub sql: String,
}

impl SavedQuery {
    /// Parses a text. `file` is the name errors give it.
    ///
    /// A byte order mark and carriage returns at the ends of lines are tolerated. Each parameter
    /// of the header must occur in the statement and each one of the statement in the header, since
    /// SQLite takes a parameter that nobody binds for NULL.
    ///
    /// # Errors
    ///
    /// [`QueryError::Text`] with the line of the first thing that is wrong.
    pub fn parse(name: &str, file: &str, text: &str) -> Result<Self, QueryError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        parse(name, text).map_err(|(line, problem)| QueryError::Text {
            file: file.to_owned(),
            line,
            problem,
        })
    }

    fn set(&mut self, line: &Line<'_>) -> Result<(), Problem> {
        let encoding = &mut self.encoding;
        match line.key {
            Key::Title => self.title = words(line.value)?,
            Key::Description => {
                let text = words(line.value)?;
                let blank = if self.description.is_empty() { "" } else { " " };
                self.description.extend([blank, text.as_str()]);
            }
            Key::Param => self.parameters.push(Parameter::parse(line.value)?),
            Key::Mark => encoding.mark = Some(line.value.parse()?),
            Key::X => encoding.x = Some(line.value.parse()?),
            Key::Y => encoding.y = Some(line.value.parse()?),
            Key::Label => encoding.label = Some(encoding::column(line.value)?),
            Key::Color => encoding.color = Some(encoding::column(line.value)?),
            Key::Area => encoding.area = Some(encoding::column(line.value)?),
            Key::Facet => encoding.facet = Some(encoding::column(line.value)?),
            Key::Highlight => encoding.highlight = Some(words(line.value)?),
            Key::Frontier => encoding.frontier = Some(encoding::yes_or_no(line.value)?),
            Key::Fit => encoding.fit = Some(encoding::yes_or_no(line.value)?),
            Key::Pick => self.pick.push(encoding::columns(line.value)?),
            Key::OnePer => self.one_per = Some(encoding::column(line.value)?),
        }
        Ok(())
    }
}

fn parse(name: &str, text: &str) -> Result<SavedQuery, (usize, Problem)> {
    let header = header::split(text)?;
    let mut query = SavedQuery {
        name: name.to_owned(),
        title: String::new(),
        description: String::new(),
        parameters: Vec::new(),
        encoding: Encoding::default(),
        pick: Vec::new(),
        one_per: None,
        sql: String::new(),
    };
    for line in &header.lines {
        query.set(line).map_err(|problem| (line.number, problem))?;
    }
    if query.title.is_empty() {
        return Err((1, Problem::NoTitle));
    }
    let statement = statement::read(header.body, header.body_line)?;
    query.sql = statement.sql.replace("\r\n", "\n");
    check_parameters(&query, &header, &statement.parameters)?;
    Ok(query)
}

/// That header and statement agree in their parameters, and `pick` with both.
fn check_parameters(
    query: &SavedQuery,
    header: &Header<'_>,
    used: &[(&str, usize)],
) -> Result<(), (usize, Problem)> {
    let is_declared = |name: &str| query.parameters.iter().any(|p| p.name == name);
    let lines = || header.lines.iter().filter(|line| line.key == Key::Param);
    let mut declared: Vec<(&str, usize)> = Vec::new();
    for (parameter, line) in query.parameters.iter().zip(lines()) {
        let name = parameter.name.as_str();
        if let Some(&(_, first)) = declared.iter().find(|(earlier, _)| *earlier == name) {
            let key = format!("param: {name}");
            return Err((line.number, Problem::Repeated { key, first }));
        }
        if !used.iter().any(|(used, _)| *used == name) {
            let name = name.to_owned();
            return Err((line.number, Problem::Unused { name }));
        }
        declared.push((name, line.number));
    }
    if let Some((name, line)) = used.iter().find(|(name, _)| !is_declared(name)) {
        let name = (*name).to_owned();
        return Err((*line, Problem::Undeclared { name }));
    }
    let picks = header.lines.iter().filter(|line| line.key == Key::Pick);
    for (group, line) in query.pick.iter().zip(picks) {
        if let Some(name) = group.iter().find(|name| !is_declared(name)) {
            let (value, expected) = (name.clone(), "a parameter of the query");
            return Err((line.number, Problem::BadValue { value, expected }));
        }
    }
    Ok(())
}

/// A text that is there.
fn words(text: &str) -> Result<String, Problem> {
    if text.is_empty() {
        let (value, expected) = (String::new(), "a text");
        return Err(Problem::BadValue { value, expected });
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::Mark;
    use super::*;
    use crate::catalog::Value;
    use proptest::prelude::*;

    const FULL: &str = "\u{feff}-- title: Speed against score\r
-- description: One point a model,\r
-- description: the newest of each.\r
-- param: task = professional\r
-- param: engine = null\r
-- mark: scatter\r
-- x: speed, log\r
-- y: score, higher\r
-- label: model\r
-- highlight: Phi-2\r
-- frontier: yes\r
-- fit: no\r
-- pick: task\r
-- one_per: model\r
--\r
-- A free comment.\r
SELECT\r
  * FROM speed_score -- all\r
WHERE task = :task AND engine IS :engine;\r
";

    fn message(text: &str) -> String {
        let error = SavedQuery::parse("q", "q.sql", text).unwrap_err();
        error.to_string()
    }

    #[test]
    fn a_file_is_a_header_and_a_statement() {
        let query = SavedQuery::parse("speed", "speed.sql", FULL).unwrap();
        let parameter = |name: &str, default| Parameter {
            name: name.to_owned(),
            default: Some(default),
        };
        assert_eq!(
            query,
            SavedQuery {
                name: "speed".to_owned(),
                title: "Speed against score".to_owned(),
                description: "One point a model, the newest of each.".to_owned(),
                parameters: vec![
                    parameter("task", Value::Text("professional".to_owned())),
                    parameter("engine", Value::Null),
                ],
                encoding: Encoding {
                    mark: Some(Mark::Scatter),
                    x: Some("speed, log".parse().unwrap()),
                    y: Some("score, higher".parse().unwrap()),
                    color: None,
                    area: None,
                    facet: None,
                    label: Some("model".to_owned()),
                    highlight: Some("Phi-2".to_owned()),
                    frontier: Some(true),
                    fit: Some(false),
                },
                pick: vec![vec!["task".to_owned()]],
                one_per: Some("model".to_owned()),
                sql: "-- A free comment.\nSELECT\n  * FROM speed_score -- all\n\
                      WHERE task = :task AND engine IS :engine"
                    .to_owned(),
            }
        );
    }

    #[test]
    fn a_title_and_a_query_are_enough() {
        let query = SavedQuery::parse("q", "q.sql", "-- title: One\nvalues (1)").unwrap();
        assert_eq!(
            (query.title.as_str(), query.sql.as_str()),
            ("One", "values (1)")
        );
        assert_eq!(query.encoding, Encoding::default());
    }

    #[test]
    fn each_mistake_is_named_with_its_line() {
        let cases = [
            ("", "q.sql:1: the header has no `title`"),
            ("VALUES (1)", "q.sql:1: the header has no `title`"),
            ("-- title:\nVALUES (1)", "q.sql:1: `` is not a text"),
            ("-- title: A\n", "q.sql:2: there is no SELECT here"),
            ("-- title: A\n\nDELETE", "q.sql:3: there is no SELECT here"),
            (
                "-- title: A\n-- titel: B\n",
                "q.sql:2: unknown key `titel` (did you mean `title`?)",
            ),
            (
                "-- title: A\n-- title: B\n",
                "q.sql:2: `title` is already given on line 1",
            ),
            (
                "-- title: A\n-- mark: pie\n",
                "q.sql:2: `pie` is not a mark (scatter, line, bar)",
            ),
            (
                "-- title: A\n-- fit: maybe\n",
                "q.sql:2: `maybe` is not `yes` or `no`",
            ),
            (
                "-- title: A\nVALUES (1);\nVALUES (2)",
                "q.sql:3: there is more text after the `;`",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(message(text), expected);
        }
    }

    #[test]
    fn header_and_statement_must_agree_in_their_parameters() {
        let cases = [
            (
                "-- title: A\nVALUES\n(:a)",
                "q.sql:3: parameter `a` has no `param` line in the header",
            ),
            (
                "-- title: A\n-- param: a\nVALUES (1)",
                "q.sql:2: parameter `a` does not occur in the statement",
            ),
            (
                "-- title: A\n-- param: a\n-- param: a = 1\nVALUES (:a)",
                "q.sql:3: `param: a` is already given on line 2",
            ),
            (
                "-- title: A\n-- pick: a, b\n-- param: a\nVALUES (:a)",
                "q.sql:2: `b` is not a parameter of the query",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(message(text), expected);
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_much(text in any::<String>()) {
            let _ = SavedQuery::parse("q", "q.sql", &text);
        }

        #[test]
        fn no_text_that_looks_like_a_query_is_too_much(
            text in "(-- (title|param|x|pick|mark): [a-z'\"=, \u{e9}]{0,9}\r?\n){0,5}[a-z'\";:/*\\[\\] \n\u{e9}-]{0,40}"
        ) {
            let _ = SavedQuery::parse("q", "q.sql", &format!("-- title: A\n{text}"));
        }

        #[test]
        fn a_query_that_was_parsed_is_the_same_when_parsed_again(body in "[a-z'\";/*\\[\\] \n-]{0,40}") {
            if let Ok(first) = SavedQuery::parse("q", "q.sql", &format!("-- title: A\nVALUES {body}")) {
                let again = SavedQuery::parse("q", "q.sql", &format!("-- title: A\n{}", first.sql));
                prop_assert_eq!(again.unwrap(), first);
            }
        }
    }
}
