//! A notice as a document for the people who approve it on paper: 稟議・回覧.
//!
//! Its parts, its seals with dates, what the checks found and what was answered,
//! and the digest of what will go out. As PDF, and as DOCX for those who comment in Word.

use std::io::Cursor;
use std::sync::LazyLock;

use docx_rs::{
    AlignmentType, LineSpacing, Paragraph, Run, Shading, Table, TableCell, TableRow, WidthType,
};
use serde::Serialize;
use typst::syntax::Source;

use super::docx::paper;
use super::typesetting::{set, substitute};
use crate::kernel::{Locale, Problem, Result};

static TEMPLATE: LazyLock<Source> =
    LazyLock::new(|| Source::detached(include_str!("../../templates/reports/circulation.typ")));

/// The document, all in words.
#[derive(Clone, Debug, Serialize)]
pub struct Circulation {
    /// The language of labels.
    pub lang: Locale,
    /// The incident's number and title.
    pub incident: String,
    /// What the notice is.
    pub title: String,
    /// Version, state, organisation and the like: label and value.
    pub about: Vec<(String, String)>,
    /// The seals: role, name or what it waits for, date.
    pub seals: Vec<[String; 3]>,
    /// The heading of the texts.
    pub texts_title: String,
    /// The parts: label, and the text in each language that it is written in.
    pub parts: Vec<(String, Vec<(String, String)>)>,
    /// The heading of what the checks found.
    pub findings_title: String,
    /// What was found, and what was answered.
    pub findings: Vec<(String, String)>,
    /// The foot of each page.
    pub foot: String,
}

/// The document as A4 pages.
///
/// # Errors
/// [`crate::kernel::Code::Internal`] for a defect of the template.
pub fn pdf(document: &Circulation) -> Result<Vec<u8>> {
    let mut data = serde_json::to_value(document)?;
    substitute(&mut data);
    Ok(set(&TEMPLATE, "circulation.json", &data, document.foot.clone())?.bytes)
}

/// The document for Word.
///
/// # Errors
/// [`crate::kernel::Code::Internal`] when the library cannot write it.
pub fn docx(document: &Circulation) -> Result<Vec<u8>> {
    let mut docx = paper(1_134)
        .add_paragraph(line(&document.incident, 18, false))
        .add_paragraph(line(&document.title, 32, true))
        .add_table(pairs(&document.about))
        .add_paragraph(Paragraph::new())
        .add_table(seals(&document.seals))
        .add_paragraph(line(&document.texts_title, 26, true));
    for (label, texts) in &document.parts {
        docx = docx.add_paragraph(line(label, 22, true));
        for (language, text) in texts {
            docx = docx.add_paragraph(line(language, 16, false));
            for paragraph in text.split('\n') {
                docx = docx.add_paragraph(line(paragraph, 20, false));
            }
        }
    }
    if !document.findings.is_empty() {
        docx = docx
            .add_paragraph(line(&document.findings_title, 26, true))
            .add_table(pairs(&document.findings));
    }
    docx = docx.add_paragraph(line(&document.foot, 16, false));
    let mut bytes = Cursor::new(Vec::new());
    docx.build().pack(&mut bytes).map_err(Problem::internal)?;
    Ok(bytes.into_inner())
}

/// A paragraph in half points.
fn line(text: &str, size: usize, bold: bool) -> Paragraph {
    let run = Run::new().add_text(text).size(size);
    let run = if bold { run.bold() } else { run };
    Paragraph::new()
        .line_spacing(LineSpacing::new().after(80).line(300))
        .add_run(run)
}

fn pairs(rows: &[(String, String)]) -> Table {
    let rows = rows
        .iter()
        .map(|(label, value)| {
            let label = TableCell::new()
                .width(2_600, WidthType::Dxa)
                .shading(Shading::new().fill("EEF2FC"))
                .add_paragraph(line(label, 18, true));
            let value = value.split('\n').fold(
                TableCell::new().width(7_000, WidthType::Dxa),
                |cell, text| cell.add_paragraph(line(text, 18, false)),
            );
            TableRow::new(vec![label, value])
        })
        .collect();
    Table::new(rows).width(9_600, WidthType::Dxa)
}

fn seals(seals: &[[String; 3]]) -> Table {
    let row = |place: usize, size, bold| {
        let cells = seals
            .iter()
            .map(|seal| {
                let text = seal.get(place).map_or("", String::as_str);
                TableCell::new().add_paragraph(line(text, size, bold).align(AlignmentType::Center))
            })
            .collect();
        TableRow::new(cells)
    };
    Table::new(vec![row(0, 16, true), row(1, 20, false), row(2, 16, false)])
        .width(9_600, WidthType::Dxa)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Circulation {
        Circulation {
            lang: Locale::Ja,
            incident: "INC-2026-0001 顧客情報の漏えい".to_owned(),
            title: "本人への通知メール".to_owned(),
            about: vec![("版".to_owned(), "3".to_owned())],
            seals: vec![
                [
                    "起案".to_owned(),
                    "佐藤 健".to_owned(),
                    "26.11.25".to_owned(),
                ],
                ["法務".to_owned(), "（未）".to_owned(), String::new()],
            ],
            texts_title: "本文".to_owned(),
            parts: vec![(
                "件名".to_owned(),
                vec![(
                    "日本語".to_owned(),
                    "お詫び <b> & #set text(red)".to_owned(),
                )],
            )],
            findings_title: "確認事項".to_owned(),
            findings: vec![("リンク先".to_owned(), "委員会のサイトです。".to_owned())],
            foot: "SHA-256 00".to_owned(),
        }
    }

    #[test]
    fn both_forms_hold_the_text_as_it_was_written() {
        let pdf = pdf(&document()).unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        let docx = docx(&document()).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
        let mut file = archive.by_name("word/document.xml").unwrap();
        let mut xml = String::new();
        std::io::Read::read_to_string(&mut file, &mut xml).unwrap();
        assert!(
            xml.contains("お詫び &lt;b&gt; &amp; #set text(red)"),
            "{xml}"
        );
        assert!(xml.contains("佐藤 健"));
    }
}
