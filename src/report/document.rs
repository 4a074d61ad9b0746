//! A document before it has a format. Its text is plain: each format encodes it itself.

use crate::catalog::Value;
use crate::catalog::number::{p_equals, short};

use super::table::{Cell, Provenance, Table};

/// A document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// A line under it, such as what the rows are and which program wrote it.
    pub subtitle: Option<String>,
    /// Its sections in order.
    pub sections: Vec<Section>,
}

impl Document {
    /// Every table, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }

    /// Every chart, in order.
    pub fn charts(&self) -> impl Iterator<Item = &Chart> {
        self.blocks().filter_map(|block| match block {
            Block::Chart(chart) => Some(chart),
            _ => None,
        })
    }

    /// Every chart, in order, to be given its file.
    pub fn charts_mut(&mut self) -> impl Iterator<Item = &mut Chart> {
        let blocks = self.sections.iter_mut().flat_map(|s| &mut s.blocks);
        blocks.filter_map(|block| match block {
            Block::Chart(chart) => Some(chart),
            _ => None,
        })
    }

    /// The plain table behind the document: the one flagged as such, else the first.
    pub fn main_table(&self) -> Option<&Table> {
        let flagged = self.tables().find(|table| table.is_main);
        flagged.or_else(|| self.tables().next())
    }

    /// The queries behind the tables, each once, in the order of their first table.
    pub(super) fn queries(&self) -> Vec<&Provenance> {
        let mut found: Vec<&Provenance> = Vec::new();
        for source in self.tables().filter_map(|table| table.source.as_ref()) {
            if !found.contains(&source) {
                found.push(source);
            }
        }
        found
    }

    fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.sections.iter().flat_map(|section| &section.blocks)
    }
}

/// A part of a document under one heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// What stands under it.
    pub blocks: Vec<Block>,
}

impl Section {
    /// An empty section.
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            blocks: Vec::new(),
        }
    }

    /// Adds a paragraph.
    pub fn text(&mut self, text: impl Into<Statement>) {
        self.blocks.push(Block::Text(text.into()));
    }

    /// Adds a list; an empty one is left out.
    pub fn list<S: Into<Statement>>(&mut self, items: Vec<S>) {
        if !items.is_empty() {
            let items = items.into_iter().map(Into::into).collect();
            self.blocks.push(Block::List(items));
        }
    }

    /// Adds a table with these headings; one without rows is left out. A column whose cells are all
    /// numbers is a column of numbers.
    pub fn table<C: Into<Cell>>(&mut self, columns: &[&str], rows: Vec<Vec<C>>) {
        if !rows.is_empty() {
            let cells = rows
                .into_iter()
                .map(|row| row.into_iter().map(Into::into).collect());
            self.blocks
                .push(Block::Table(Table::of(columns, cells.collect())));
        }
    }

    /// Adds any block.
    pub fn push(&mut self, block: impl Into<Block>) {
        self.blocks.push(block.into());
    }
}

/// What stands under a heading.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph.
    Text(Statement),
    /// Items.
    List(Vec<Statement>),
    /// A table.
    Table(Table),
    /// A chart.
    Chart(Chart),
    /// Text in a language, such as SQL.
    Code {
        /// The language.
        language: &'static str,
        /// The text.
        text: String,
    },
}

impl From<Table> for Block {
    fn from(table: Table) -> Self {
        Self::Table(table)
    }
}

impl From<Chart> for Block {
    fn from(chart: Chart) -> Self {
        Self::Chart(chart)
    }
}

/// A chart: inside an HTML document, a file beside any other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chart {
    /// The picture as SVG. Marks with a `<title>` show it when pointed at.
    pub svg: String,
    /// The way to its file from the document; without one a format that needs a file leaves the chart out.
    pub file: Option<String>,
    /// What it shows, for those who do not see it.
    pub description: String,
    /// What stands under it.
    pub caption: Option<String>,
}

/// A sentence and the figures it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The sentence.
    pub text: String,
    /// The figures, in the order they are shown: name and figure.
    pub evidence: Vec<(String, Fact)>,
}

impl Statement {
    /// The statement with one more figure. Names are `snake_case` (`n`, `p`, `test`, `slope`): keys of JSON.
    #[must_use]
    pub fn with(mut self, name: &str, evidence: impl Into<Fact>) -> Self {
        self.evidence.push((name.to_owned(), evidence.into()));
        self
    }

    /// The sentence without its full stop, the figures, and the full stop, which follows them; all of the sentence
    /// first where there are no figures.
    pub(super) fn parts(&self) -> (&str, Option<String>, &'static str) {
        match (self.shown_evidence(), self.text.strip_suffix('.')) {
            (Some(figures), Some(text)) => (text, Some(figures), "."),
            (figures, _) => (&self.text, figures, ""),
        }
    }

    /// The figures as a person reads them: `Mann–Whitney, n = 12, p = 0.013, 95 % interval 1.2 to 3.4`;
    /// `None` without any.
    fn shown_evidence(&self) -> Option<String> {
        let figures = self.evidence.iter().map(|(name, figure)| {
            let name = name.replace('_', " ");
            match figure {
                Fact::Value(Value::Text(text)) if name == "test" => text.clone(),
                Fact::Value(value) => {
                    format!("{name} = {}", crate::output::text::plain(value))
                }
                Fact::P(p) => match (name.as_str(), p_equals(*p)) {
                    ("p", shown) => shown,
                    (name, shown) => format!("{name} {}", shown.trim_start_matches("p ")),
                },
                Fact::Interval { level, low, high } => format!(
                    "{} % {name} {} to {}",
                    short(level * 100.0),
                    short(*low),
                    short(*high)
                ),
            }
        });
        (!self.evidence.is_empty()).then(|| figures.collect::<Vec<_>>().join(", "))
    }
}

impl<T: Into<String>> From<T> for Statement {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            evidence: Vec::new(),
        }
    }
}

/// A figure a statement rests on.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// A count, a number or a name, such as that of the test.
    Value(Value),
    /// A p-value, from 0 to 1.
    P(f64),
    /// An interval of confidence.
    Interval {
        /// Its level, from 0 to 1.
        level: f64,
        /// Its lower end, in the unit of what is estimated.
        low: f64,
        /// Its upper end.
        high: f64,
    },
}

impl<T: Into<Value>> From<T> for Fact {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_shows_what_it_rests_on() {
        let statement = Statement::from("A is faster than B.")
            .with("test", "Mann–Whitney")
            .with("n", 24_i64)
            .with("p", Fact::P(0.000_01))
            .with("p_adjusted", Fact::P(0.012))
            .with(
                "interval",
                Fact::Interval {
                    level: 0.95,
                    low: 1.25,
                    high: 3.0,
                },
            );
        assert_eq!(
            statement.shown_evidence().unwrap(),
            "Mann–Whitney, n = 24, p < 0.0001, p adjusted = 0.012, 95 % interval 1.25 to 3"
        );
        assert_eq!(statement.parts().2, ".");
        assert_eq!(
            Statement::from("So it is.").parts(),
            ("So it is.", None, "")
        );
    }

    #[test]
    fn the_main_table_is_the_flagged_one_else_the_first() {
        let mut section = Section::new("Points");
        section.table(&["a"], vec![vec![1.5]]);
        section.table(&["b"], vec![vec![2.5]]);
        section.table::<Cell>(&["no rows"], Vec::new());
        let mut document = Document {
            sections: vec![section],
            ..Document::default()
        };
        let main = |document: &Document| document.main_table().unwrap().columns[0].heading.clone();
        assert_eq!(
            (document.tables().count(), main(&document).as_str()),
            (2, "a")
        );
        if let Some(Block::Table(table)) = document.sections[0].blocks.last_mut() {
            table.is_main = true;
        }
        assert_eq!(main(&document), "b");
        assert!(Document::default().main_table().is_none());
    }
}
