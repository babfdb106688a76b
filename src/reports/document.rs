//! The report as a reader sees it: sections of blocks, in one language, without a look.
//!
//! Markdown, HTML and PDF are three renderings of this one value, so that none of
//! them can say more, or less, than the others. Every string here is plain text;
//! escaping belongs to each renderer.

use serde::Serialize;

use super::passages::Piece;

/// A whole report in one language.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    /// The language, as in HTML's `lang`.
    pub lang: &'static str,
    /// What kind of document it is, e.g. 事後報告書.
    pub genre: String,
    /// The incident's title.
    pub title: String,
    /// The incident's number.
    pub number: String,
    /// The mark of an exercise, if it is one.
    pub practice: Option<Mark>,
    /// Who may read it.
    pub classification: String,
    /// Whose report it is.
    pub organisation: String,
    /// When it was made, in words.
    pub made: String,
    /// In which zone its times stand, in words.
    pub zone_note: String,
    /// The word for the table of contents.
    pub contents: String,
    /// What stands where a character could not be set; the renderer that needs it shows it.
    pub substitution_note: String,
    /// The first page's table.
    pub facts: Vec<Fact>,
    /// Everything else.
    pub sections: Vec<Section>,
}

/// A mark with its explanation.
#[derive(Clone, Debug, Serialize)]
pub struct Mark {
    /// The mark itself, e.g. 訓練.
    pub text: String,
    /// What it means.
    pub note: String,
}

/// One chapter.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// Its number, from 1.
    pub number: usize,
    /// A stable name for links.
    pub id: &'static str,
    /// Its heading.
    pub heading: String,
    /// Its content.
    pub blocks: Vec<Block>,
}

/// One piece of a section.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Block {
    /// A heading within the section.
    Heading {
        /// The heading.
        text: String,
    },
    /// Running text.
    Paragraph {
        /// The text; line breaks are kept.
        text: String,
        /// Whether it is an aside.
        quiet: bool,
    },
    /// Large numbers side by side.
    Figures {
        /// The numbers.
        items: Vec<Figure>,
    },
    /// Names with values.
    Facts {
        /// The rows.
        rows: Vec<Fact>,
    },
    /// A table.
    Table(Table),
    /// What a person wrote in Markdown.
    Passage {
        /// Its parts.
        pieces: Vec<Piece>,
    },
    /// Numbers as a picture.
    Chart(Chart),
    /// A bulleted list.
    List {
        /// The items.
        items: Vec<String>,
    },
}

/// One large number.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What is counted.
    pub label: String,
    /// The number with its unit.
    pub value: String,
    /// A remark below it.
    pub note: Option<String>,
    /// How it reads.
    pub tone: Tone,
}

/// A name with its value.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// The name.
    pub label: String,
    /// The value.
    pub value: Cell,
}

/// A table with a header row.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// Numbers as a picture, and as the table that stands for it where no picture can.
#[derive(Clone, Debug, Serialize)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// How to read it; also what is said to whoever cannot see it.
    pub description: String,
    /// The picture: SVG of our own, in which every text is escaped.
    pub svg: String,
    /// The words that open the table.
    pub summary: String,
    /// The numbers behind the picture.
    pub numbers: Table,
}

/// A table's column.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// The header.
    pub label: String,
    /// Its share of the width, in percent.
    pub width: u16,
    /// Whether it holds numbers, which align at the end.
    pub numeric: bool,
}

/// A table's cell.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// What stands there; line breaks are kept.
    pub text: String,
    /// A second, quieter line.
    pub sub: Option<String>,
    /// How it reads.
    pub tone: Tone,
    /// Whether it is a number in a column of numbers.
    pub numeric: bool,
}

/// How a value reads. The words always say it too: no meaning hangs on colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As any text.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// Still open.
    Warn,
    /// Not as it should be.
    Bad,
    /// Of lesser weight.
    Quiet,
}

impl Cell {
    /// A cell with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            sub: None,
            tone: Tone::Plain,
            numeric: false,
        }
    }

    /// Adds the second line.
    pub fn below(mut self, sub: Option<String>) -> Self {
        self.sub = sub;
        self
    }

    /// Sets how it reads.
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

impl Block {
    /// Running text.
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph {
            text: text.into(),
            quiet: false,
        }
    }

    /// An aside.
    pub fn aside(text: impl Into<String>) -> Self {
        Self::Paragraph {
            text: text.into(),
            quiet: true,
        }
    }
}
