//! A document before it has a format.

/// A document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// Its sections in order.
    pub sections: Vec<Section>,
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
    pub fn text(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Text(text.into()));
    }

    /// Adds a list; an empty one is left out.
    pub fn list(&mut self, items: Vec<String>) {
        if !items.is_empty() {
            self.blocks.push(Block::List(items));
        }
    }

    /// Adds a table; one without rows is left out.
    pub fn table(&mut self, columns: &[&str], rows: Vec<Vec<String>>) {
        if !rows.is_empty() {
            self.blocks.push(Block::Table {
                columns: columns.iter().map(|&c| c.to_owned()).collect(),
                rows,
            });
        }
    }
}

/// A paragraph, a list, a table, a picture or code. Text is plain: each format encodes it itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// Items.
    List(Vec<String>),
    /// A table; cells that are numbers stand to the right.
    Table {
        /// The headings.
        columns: Vec<String>,
        /// The rows.
        rows: Vec<Vec<String>>,
    },
    /// A picture in a file beside the document.
    Picture {
        /// The file.
        file: String,
        /// What it shows, for those who do not see it.
        description: String,
    },
    /// Text in a language, such as SQL.
    Code {
        /// The language.
        language: &'static str,
        /// The text.
        text: String,
    },
}
