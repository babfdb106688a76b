//! The account of an incident, as a document to hand on.
//!
//! A [`PostMortem`] comes in; Markdown, HTML, PDF, DOCX or JSON bytes go out, in Japanese or
//! English. This room refuses to know affected people by name, to change anything,
//! and to read a clock: a report tells of the instant at which it was compiled.

pub mod charts;
pub mod circulation;
mod compose;
pub mod document;
mod docx;
pub mod figures;
mod html;
pub mod json;
pub mod letters;
mod markdown;
pub mod model;
pub mod passages;
pub mod pdf;
pub mod phrases;
pub mod redaction;
pub mod rules;
pub mod status;
mod typesetting;

pub use model::PostMortem;
pub use redaction::{Level, Staff};

use document::Document;
use phrases::Phrases;

use crate::kernel::{Locale, Result};

crate::text_enum! {
    /// What is told of an incident.
    pub enum Genre {
        /// The whole account.
        PostMortem = "post-mortem",
        /// Where it stands, on one page.
        Status = "status",
    }
}

crate::text_enum! {
    /// A form in which a report is handed on.
    pub enum Format {
        /// Text for wikis and trackers.
        Markdown = "md",
        /// One self-contained page, for the screen and for printing.
        Html = "html",
        /// A4 pages with all fonts inside.
        Pdf = "pdf",
        /// Pages to go on writing in, for Word.
        Docx = "docx",
        /// The model itself, for programs.
        Json = "json",
    }
}

impl Format {
    /// The `Content-Type` that goes with it.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Json => "application/json",
        }
    }

    /// The name under which a report is saved, e.g. `事後報告書_INC-2026-0001_20261122.pdf`.
    pub fn file_name(self, report: &PostMortem, genre: Genre, locale: Locale) -> String {
        let phrases = Phrases::new(locale, &report.cover.zone);
        let date = phrases.stamp(report.cover.created_at);
        // The number is ours, but a name that leaves the server is made safe regardless.
        let number: String = report
            .cover
            .number
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || c == '-' {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let key = match genre {
            Genre::PostMortem => "file-name",
            Genre::Status => "status-file-name",
        };
        let stem = phrases.word_with(key, &[("number", &number), ("date", &date)]);
        format!("{stem}.{self}")
    }
}

/// Renders a report in one form and one language, as it stands: whoever removes names did so before.
pub fn render(report: &PostMortem, format: Format, locale: Locale) -> Result<Vec<u8>> {
    let document = || document(report, locale);
    match format {
        Format::Markdown => markdown::render(&document()).map(String::into_bytes),
        Format::Html => html::render(&document()).map(String::into_bytes),
        Format::Pdf => pdf::render(&document()).map(|pdf| pdf.bytes),
        Format::Docx => docx::render(&document()),
        Format::Json => json::render(report, locale),
    }
}

/// The report in words and blocks, as every form of it shows them.
pub fn document(report: &PostMortem, locale: Locale) -> Document {
    compose::document(report, &Phrases::new(locale, &report.cover.zone))
}
