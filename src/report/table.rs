//! A table of a document: typed cells, which a person sees rounded and a program in full, and the
//! query that made them.

use crate::catalog::Value;
use crate::output::text::plain;
use crate::query::Parameter;

/// A table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// What it shows, above it.
    pub caption: Option<String>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with one cell per column.
    pub rows: Vec<Vec<Cell>>,
    /// The query whose rows it is made of.
    pub source: Option<Provenance>,
    /// Whether its rows are computed from those of the query; else they are those of the query.
    pub is_computed: bool,
    /// Whether it is the plain table behind the document, which is what CSV holds.
    pub is_main: bool,
}

impl Table {
    /// A table with these headings; a column whose cells are all numbers is a column of numbers.
    pub fn of(headings: &[&str], rows: Vec<Vec<Cell>>) -> Self {
        let columns = headings.iter().enumerate().map(|(at, heading)| {
            let mut cells = rows
                .iter()
                .filter_map(|row| row.get(at))
                .filter(|cell| cell.value != Value::Null)
                .peekable();
            let is_number = cells.peek().is_some() && cells.all(|c| c.value.as_f64().is_some());
            Column {
                kind: if is_number { Kind::Number } else { Kind::Text },
                ..Column::from(*heading)
            }
        });
        Self {
            columns: columns.collect(),
            rows,
            ..Self::default()
        }
    }

    /// The table with a caption.
    #[must_use]
    pub fn captioned(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// The table with the query that made it.
    #[must_use]
    pub fn from_query(mut self, source: Provenance) -> Self {
        self.source = Some(source);
        self
    }

    /// The table with the query whose rows it was computed from.
    #[must_use]
    pub fn computed_from(mut self, source: Provenance) -> Self {
        self.is_computed = true;
        self.from_query(source)
    }

    /// The rows of a query as they are, under the names of its columns.
    pub fn plain(columns: &[String], rows: Vec<Vec<Value>>, source: Provenance) -> Self {
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        let cells = rows
            .into_iter()
            .map(|row| row.into_iter().map(Cell::from).collect());
        let mut table = Self::of(&names, cells.collect()).from_query(source);
        for (column, name) in table.columns.iter_mut().zip(columns) {
            column.name.clone_from(name);
        }
        table
    }

    /// The table as the plain one behind its document.
    #[must_use]
    pub fn main(mut self) -> Self {
        self.is_main = true;
        self
    }
}

/// A column of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    /// Its name for programs, which should be that of the query's column.
    pub name: String,
    /// Its heading for people.
    pub heading: String,
    /// The unit of its values, where they have one.
    pub unit: Option<String>,
    /// What its cells are.
    pub kind: Kind,
}

impl From<&str> for Column {
    /// A column of text with this heading; blanks become underscores in its name.
    fn from(heading: &str) -> Self {
        Self {
            name: heading.replace(' ', "_"),
            heading: heading.to_owned(),
            ..Self::default()
        }
    }
}

impl Column {
    /// A column of numbers in a unit.
    pub fn number(name: &str, unit: Option<&str>) -> Self {
        Self {
            unit: unit.map(str::to_owned),
            kind: Kind::Number,
            ..Self::from(name)
        }
    }

    /// The heading with the unit in brackets.
    pub(super) fn shown(&self) -> String {
        match &self.unit {
            Some(unit) => format!("{} ({unit})", self.heading),
            None => self.heading.clone(),
        }
    }
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// Text, to the left.
    #[default]
    Text,
    /// Numbers, to the right.
    Number,
    /// Verdicts: `regression`, `improvement`, `unchanged`, `undecided`, each with a look of its own.
    Verdict,
}

impl Kind {
    /// The word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Verdict => "verdict",
        }
    }
}

/// A cell: the exact value, and how a person reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    value: Value,
    shown: Option<String>,
}

impl Cell {
    /// A value that a person reads as `shown`, such as a share as a percentage.
    pub fn shown_as(value: impl Into<Value>, shown: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            shown: Some(shown.into()),
        }
    }

    /// The exact value.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// What a person reads: numbers rounded, nothing for null.
    pub fn shown(&self) -> String {
        match &self.shown {
            Some(shown) => shown.clone(),
            None => plain(&self.value).into_owned(),
        }
    }
}

impl<T: Into<Value>> From<T> for Cell {
    fn from(value: T) -> Self {
        Self {
            value: value.into(),
            shown: None,
        }
    }
}

/// Where rows come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// What to call the query: its name, or a file's.
    pub name: String,
    /// The statement.
    pub sql: String,
    /// The values bound to it.
    pub parameters: Vec<(String, Value)>,
}

impl Provenance {
    /// The parameters as `tradeoff query -p name=text` takes them.
    pub(super) fn arguments(&self) -> impl Iterator<Item = (&str, String)> {
        let given = self.parameters.iter();
        given.map(|(name, value)| (name.as_str(), Parameter::text(value)))
    }

    /// The name, and the parameters that are not null: `speed_vs_score with task = professional`.
    pub(super) fn shown(&self) -> String {
        let given = self.parameters.iter().zip(self.arguments());
        let given = given.filter(|((_, value), _)| *value != Value::Null);
        let given: Vec<String> = given
            .map(|(_, (name, text))| format!("{name} = {text}"))
            .collect();
        if given.is_empty() {
            self.name.clone()
        } else {
            format!("{} with {}", self.name, given.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_exact_for_programs_and_rounded_for_people() {
        let third: Cell = (1.0 / 3.0).into();
        assert_eq!(
            (third.value(), third.shown()),
            (&Value::Real(1.0 / 3.0), "0.33333".into())
        );
        let share = Cell::shown_as(0.012, "+1.2 %");
        assert_eq!(
            (share.value(), share.shown()),
            (&Value::Real(0.012), "+1.2 %".into())
        );
        assert_eq!(Cell::from(None::<f64>).shown(), "");
    }

    #[test]
    fn a_column_of_numbers_may_have_gaps_and_nothing_else() {
        let table = Table::of(
            &["model", "score", "nothing", "dominated by"],
            vec![
                vec!["a".into(), 1.5.into(), Value::Null.into(), 1_i64.into()],
                vec![
                    "b".into(),
                    Value::Null.into(),
                    Value::Null.into(),
                    "a".into(),
                ],
            ],
        );
        let kinds: Vec<Kind> = table.columns.iter().map(|c| c.kind).collect();
        assert_eq!(kinds, [Kind::Text, Kind::Number, Kind::Text, Kind::Text]);
        assert_eq!(table.columns[3].name, "dominated_by");
    }

    #[test]
    fn a_query_is_named_with_what_it_was_asked() {
        let source = Provenance {
            name: "speed_vs_score".into(),
            sql: "SELECT 1".into(),
            parameters: vec![("task".into(), "5".into()), ("engine".into(), Value::Null)],
        };
        assert_eq!(source.shown(), "speed_vs_score with task = '5'");
        let arguments: Vec<_> = source.arguments().collect();
        assert_eq!(
            arguments,
            [("task", "'5'".to_owned()), ("engine", "null".to_owned())]
        );
    }
}
