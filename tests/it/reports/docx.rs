//! The report for Word: a sound file that says what the others say.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use shodo::reports::{Format, document, render};

use super::example::{blank, example};
use super::{HOSTILE, LOCALES, squeezed, texts};

/// The parts of the file that are XML, each read to its end.
fn parts(file: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut parts = Vec::new();
    for place in 0..zip.len() {
        let mut part = zip.by_index(place).unwrap();
        let name = part.name().unwrap().into_owned();
        if name.ends_with(".xml") || name.ends_with(".rels") {
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            parts.push((name, text));
        }
    }
    parts
}

/// One part of the file by its name.
pub fn part(file: &[u8], wanted: &str) -> String {
    let found = parts(file).into_iter().find(|(name, _)| name == wanted);
    found.unwrap_or_else(|| panic!("no part {wanted}")).1
}

/// What a reader of the pages sees: body, header and footer, a line a paragraph.
pub fn words_of(file: &[u8]) -> String {
    let mut words = String::new();
    for (name, text) in parts(file) {
        if !name.starts_with("word/") || name.ends_with(".rels") {
            continue;
        }
        let mut reader = Reader::from_str(&text);
        let mut inside = false;
        loop {
            match reader.read_event().unwrap() {
                Event::Start(tag) => inside = tag.name().as_ref() == "w:t",
                Event::Text(part) if inside => words.push_str(&part),
                Event::GeneralRef(reference) if inside => {
                    words.push(match reference.as_ref() {
                        "lt" => '<',
                        "gt" => '>',
                        "amp" => '&',
                        "quot" => '"',
                        "apos" => '\'',
                        other => panic!("{other}"),
                    });
                }
                Event::End(tag) => {
                    inside = false;
                    if tag.name().as_ref() == "w:p" {
                        words.push('\n');
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
    }
    words
}

#[test]
fn it_says_every_word_of_the_account() {
    for locale in LOCALES {
        let file = render(&example(), Format::Docx, locale).unwrap();
        let words = squeezed(&words_of(&file));
        let shown = document(&example(), locale);
        for text in texts(&shown) {
            assert!(
                words.contains(&squeezed(&text)),
                "{locale}: {text:?} is missing"
            );
        }
    }
}

#[test]
fn word_can_navigate_it() {
    let shown = document(&example(), LOCALES[0]);
    let file = render(&example(), Format::Docx, LOCALES[0]).unwrap();
    let body = part(&file, "word/document.xml");
    let tables = |tag: &str| body.matches(tag).count();
    assert_eq!(tables("<w:pStyle w:val=\"Heading1\""), shown.sections.len());
    assert!(tables("<w:pStyle w:val=\"Heading2\"") > 5);
    assert!(
        body.contains("<w:instrText>TOC \\o"),
        "the contents are a field"
    );
    assert_eq!(tables("PAGEREF _Toc"), shown.sections.len());
    assert_eq!(tables("<w:bookmarkStart"), shown.sections.len());
    let headers = tables("<w:cantSplit /><w:tblHeader />");
    assert!(headers >= 4, "{headers} tables repeat their first row");
    let styles = part(&file, "word/styles.xml");
    for style in ["heading 1", "heading 2"] {
        assert!(styles.contains(&format!("w:val=\"{style}\"")), "{style}");
    }
    let header = part(&file, "word/header1.xml");
    assert!(header.contains("関係者外秘") && header.contains("訓練"));
    let footer = part(&file, "word/footer1.xml");
    assert!(footer.contains("PAGE") && footer.contains("NUMPAGES"));
}

#[test]
fn nothing_that_was_written_breaks_it() {
    let mut report = example();
    let odd = format!("{HOSTILE} \u{0} \u{b} \u{fffe} ]]> <w:cantSplit /> \u{1f600} & &amp;");
    report.cover.title = odd.clone();
    report.cover.number = odd.clone();
    report.actions[0].text = format!("{odd}\n\n{odd}");
    report.timeline[0].actor = String::new();
    report.review.well = vec![odd];
    for report in [report, blank()] {
        let file = render(&report, Format::Docx, LOCALES[0]).unwrap();
        let words = words_of(&file);
        if report.cover.number != blank().cover.number {
            assert!(words.contains(HOSTILE) && words.contains("]]> <w:cantSplit />"));
        }
        let body = part(&file, "word/document.xml");
        assert!(!body.contains("<w:tc><w:tcPr></w:tcPr></w:tc>"));
    }
}
