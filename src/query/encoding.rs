//! How a saved query wishes to be drawn: which column goes where.

use std::fmt;
use std::str::FromStr;

use super::error::Problem;
use crate::catalog::Direction;

/// The kind of picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Mark {
    /// One point a row.
    #[default]
    Scatter,
    /// One line a series, over time or over runs, with its changes.
    Line,
    /// One bar a row, with its interval.
    Bar,
}

impl Mark {
    /// Every mark, in the order of help texts.
    pub const ALL: &'static [Self] = &[Self::Scatter, Self::Line, Self::Bar];

    /// The name by which the mark is chosen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Scatter => "scatter",
            Self::Line => "line",
            Self::Bar => "bar",
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Mark {
    type Err = Problem;

    fn from_str(name: &str) -> Result<Self, Problem> {
        let found = Self::ALL.iter().copied().find(|mark| mark.name() == name);
        found.ok_or_else(|| Problem::BadValue {
            value: name.to_owned(),
            expected: "a mark (scatter, line, bar)",
        })
    }
}

/// One axis: `column[, log][, higher|lower][, title "…"]`.
///
/// A name with a comma or a quotation mark in it stands in double quotes, which are doubled inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AxisEncoding {
    /// The column whose values are drawn.
    pub column: String,
    /// Whether the axis is logarithmic.
    pub log: bool,
    /// Which way is better, where the column's name does not already say.
    pub direction: Option<Direction>,
    /// What stands beside the axis, where the column's name does not already say.
    pub title: Option<String>,
}

impl FromStr for AxisEncoding {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let mut fields = fields(text).into_iter();
        let mut axis = Self {
            column: column(fields.next().unwrap_or(""))?,
            log: false,
            direction: None,
            title: None,
        };
        for field in fields {
            axis.set(field)?;
        }
        Ok(axis)
    }
}

impl AxisEncoding {
    fn set(&mut self, field: &str) -> Result<(), Problem> {
        const EXPECTED: &str =
            "one of `log`, `higher`, `lower` and `title \"…\"`, each at most once";
        let bad = || Problem::BadValue {
            value: field.to_owned(),
            expected: EXPECTED,
        };
        if let Some(title) = field.strip_prefix("title") {
            let title = unquoted(title.trim_start(), '"').filter(|title| !title.is_empty());
            let first = self.title.is_none();
            self.title = Some(title.filter(|_| first).ok_or_else(bad)?);
        } else if field == "log" && !self.log {
            self.log = true;
        } else {
            let direction = field.parse().ok().filter(|_| self.direction.is_none());
            self.direction = Some(direction.ok_or_else(bad)?);
        }
        Ok(())
    }
}

/// What a saved query says about its picture. What it does not say is for others to decide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Encoding {
    /// The kind of picture.
    pub mark: Option<Mark>,
    /// The horizontal axis.
    pub x: Option<AxisEncoding>,
    /// The vertical axis.
    pub y: Option<AxisEncoding>,
    /// The column whose text stands at each point.
    pub label: Option<String>,
    /// The column that is shown by colour and shape, or that tells lines apart.
    pub color: Option<String>,
    /// The column that is shown by the area of a point.
    pub area: Option<String>,
    /// The column each value of which has a panel of its own.
    pub facet: Option<String>,
    /// The label of the point that is emphasised.
    pub highlight: Option<String>,
    /// Whether the frontier is drawn.
    pub frontier: Option<bool>,
    /// Whether the line of a fit is drawn.
    pub fit: Option<bool>,
}

impl Encoding {
    /// The columns that the picture needs: the key of the header, and the column.
    pub fn columns(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let axes = [("x", &self.x), ("y", &self.y)].into_iter();
        let axes = axes.filter_map(|(key, axis)| Some((key, axis.as_ref()?.column.as_str())));
        let others = [
            ("label", &self.label),
            ("color", &self.color),
            ("area", &self.area),
            ("facet", &self.facet),
        ];
        axes.chain(
            others
                .into_iter()
                .filter_map(|(key, column)| Some((key, column.as_deref()?))),
        )
    }
}

/// A column's name, bare or in double quotes.
pub(super) fn column(text: &str) -> Result<String, Problem> {
    let name = if text.starts_with('"') {
        unquoted(text, '"')
    } else {
        Some(text.to_owned()).filter(|text| !text.contains('"'))
    };
    let name = name.filter(|name| !name.is_empty());
    name.ok_or_else(|| Problem::BadValue {
        value: text.to_owned(),
        expected: "the name of a column",
    })
}

/// Names with commas between them.
pub(super) fn columns(text: &str) -> Result<Vec<String>, Problem> {
    fields(text).into_iter().map(column).collect()
}

/// `yes` or `no`.
pub(super) fn yes_or_no(text: &str) -> Result<bool, Problem> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Problem::BadValue {
            value: text.to_owned(),
            expected: "`yes` or `no`",
        }),
    }
}

/// The parts of a text between its commas, those in double quotes left out of account.
fn fields(text: &str) -> Vec<&str> {
    let mut quoted = false;
    let comma = |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    };
    text.split(comma).map(str::trim).collect()
}

/// The text inside a pair of quotation marks, a doubled one inside standing for one; `None` if the
/// text is not in such marks or they do not match.
pub(super) fn unquoted(text: &str, mark: char) -> Option<String> {
    let inside = text.strip_prefix(mark)?.strip_suffix(mark)?;
    let doubled = String::from_iter([mark, mark]);
    let is_matched = !inside.replace(&doubled, "").contains(mark);
    is_matched.then(|| inside.replace(&doubled, &mark.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_is_a_column_and_what_is_said_about_it() {
        let axis: AxisEncoding = "speed".parse().unwrap();
        assert_eq!((axis.column.as_str(), axis.log), ("speed", false));
        assert_eq!((axis.direction, axis.title), (None, None));
        assert_eq!(
            "cost_usd, lower, title \"Cost, \"\"all\"\" (USD)\", log".parse(),
            Ok(AxisEncoding {
                column: "cost_usd".to_owned(),
                log: true,
                direction: Some(Direction::Lower),
                title: Some("Cost, \"all\" (USD)".to_owned()),
            })
        );
        let quoted: AxisEncoding = "\"a, \"\"b\"\"\", higher".parse().unwrap();
        assert_eq!(quoted.column, "a, \"b\"");
        assert_eq!(quoted.direction, Some(Direction::Higher));
    }

    #[test]
    fn an_axis_says_each_thing_once_and_nothing_else() {
        for text in [
            "",
            ", log",
            "a,",
            "a, logarithmic",
            "a, log, log",
            "a, lower, higher",
            "a, title x",
            "a, title \"\"",
            "a, title \"b\", title \"c\"",
            "a, title \"b",
            "\"a",
            "a\"b",
            "\"",
        ] {
            assert!(text.parse::<AxisEncoding>().is_err(), "{text}");
        }
        assert_eq!(
            "a, Log".parse::<AxisEncoding>().unwrap_err().to_string(),
            "`Log` is not one of `log`, `higher`, `lower` and `title \"…\"`, each at most once"
        );
    }

    #[test]
    fn every_mark_is_found_by_its_name() {
        for &mark in Mark::ALL {
            assert_eq!(mark.to_string().parse(), Ok(mark));
            let message = "pie".parse::<Mark>().unwrap_err().to_string();
            assert!(message.contains(mark.name()), "{message}");
        }
    }

    #[test]
    fn columns_have_commas_between_them() {
        assert_eq!(
            columns("a, \"b,c\" ,d"),
            Ok(vec!["a".into(), "b,c".into(), "d".into()])
        );
        assert!(columns("a,,b").is_err());
        assert!(columns("").is_err());
    }

    #[test]
    fn a_switch_is_yes_or_no() {
        assert_eq!(yes_or_no("yes"), Ok(true));
        assert_eq!(yes_or_no("no"), Ok(false));
        assert!(yes_or_no("true").is_err());
    }
}
