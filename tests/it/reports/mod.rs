//! The account: one model, five forms, two languages.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod charts;
mod docx;
mod example;
mod json;
mod passages;
mod redaction;
mod served;
mod status;

use std::time::Instant as Stopwatch;

use example::{at, blank, both, entry, example};
use shodo::kernel::{Locale, LocaleText, locale};
use shodo::reports::document::Document;
use shodo::reports::{Format, Genre, PostMortem, document, pdf, render};

const LOCALES: [Locale; 2] = [Locale::Ja, Locale::En];

fn text(report: &PostMortem, format: Format, locale: Locale) -> String {
    String::from_utf8(render(report, format, locale).unwrap()).unwrap()
}

#[test]
fn markdown_tells_the_whole_account() {
    insta::assert_snapshot!(
        "markdown_ja",
        text(&example(), Format::Markdown, Locale::Ja)
    );
    insta::assert_snapshot!(
        "markdown_en",
        text(&example(), Format::Markdown, Locale::En)
    );
}

#[test]
fn html_tells_the_whole_account() {
    insta::assert_snapshot!("html_ja", text(&example(), Format::Html, Locale::Ja));
    insta::assert_snapshot!("html_en", text(&example(), Format::Html, Locale::En));
}

#[test]
fn a_new_incident_says_what_is_missing() {
    insta::assert_snapshot!("blank_ja", text(&blank(), Format::Markdown, Locale::Ja));
    for locale in LOCALES {
        for format in Format::ALL {
            assert!(!render(&blank(), *format, locale).unwrap().is_empty());
        }
    }
}

/// Every text of a document, as the JSON that the renderers read.
fn texts(document: &Document) -> Vec<String> {
    fn gather(value: &serde_json::Value, key: &str, into: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text)
                // These name things for the templates; no reader sees them.
                if !matches!(key, "is" | "tone" | "id" | "lang" | "substitution_note" | "svg" | "summary") =>
            {
                into.extend(text.lines().map(|line| line.trim().to_owned()));
            }
            serde_json::Value::Array(values) => {
                values.iter().for_each(|value| gather(value, key, into));
            }
            serde_json::Value::Object(values) => {
                values
                    .iter()
                    // On paper, the picture stands for its numbers.
                    .filter(|(key, _)| *key != "numbers")
                    .for_each(|(key, value)| gather(value, key, into));
            }
            _ => {}
        }
    }
    let mut into = Vec::new();
    gather(&serde_json::to_value(document).unwrap(), "", &mut into);
    into
}

/// Text without spaces, line breaks and the places where a line may break.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{200b}')
        .collect()
}

#[test]
fn pdf_sets_every_word_of_the_account() {
    for locale in LOCALES {
        let document = document(&example(), locale);
        let pdf = pdf::render(&document).unwrap();
        assert!(pdf.bytes.starts_with(b"%PDF-"));
        assert!(pdf.pages.len() >= 4, "{} pages", pdf.pages.len());
        assert_eq!(pdf.substituted, 0, "the fonts hold 髙, 﨑 and ①");
        let set = squeezed(&pdf.pages.concat());
        for text in texts(&document) {
            assert!(
                set.contains(&squeezed(&text)),
                "{locale}: {text:?} was not set"
            );
        }
        // Which page is which, and who may read it, stands on each but the cover.
        for (number, page) in (1..).zip(&pdf.pages).skip(1) {
            let page = squeezed(page);
            assert!(page.contains(&format!("{number}/{}", pdf.pages.len())));
            assert!(page.contains(&squeezed(&document.classification)));
        }
    }
}

#[test]
fn pdf_carries_its_fonts() {
    let bytes = render(&example(), Format::Pdf, Locale::Ja).unwrap();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(holds(b"BIZUDPGothic-Regular") && holds(b"BIZUDPGothic-Bold"));
    assert!(holds(b"/FontFile2") || holds(b"/FontFile3"));
    // Two subsets and the text, and not two fonts of 4.5 MB.
    assert!(bytes.len() < 1_000_000, "{} bytes", bytes.len());
}

#[test]
fn pdf_marks_what_no_font_can_show() {
    let mut report = example();
    report.cover.title = "絵文字😀と異体字葛\u{e0100}城\u{7}".into();
    let pdf = pdf::render(&document(&report, Locale::Ja)).unwrap();
    assert!(pdf.substituted > 0);
    let set = squeezed(&pdf.pages.concat());
    assert!(set.contains("絵文字〓と異体字葛城"), "{}", pdf.pages[0]);
    assert!(set.contains("〓は、本書の書体にない文字です"));
}

/// Text that would mean something to each form, were it not escaped.
const HOSTILE: &str = r##"#panic("x") #read("/etc/passwd") $x$ *b* _i_ `c` <script>alert(1)</script> "&' | \ [a](https://example.com) {{this}} // /* @ref = ~"##;

#[test]
fn nobodys_text_becomes_markup() {
    let mut report = example();
    report.cover.title = HOSTILE.into();
    report.cover.classification = both("\"; } </style><script>", "\"; } </style><script>");
    report.summary[0].text = Some(format!("{HOSTILE}\n# {HOSTILE}\n- {HOSTILE}"));
    report.actions[0].text = format!("{HOSTILE}\n{HOSTILE}");
    report.review.well = vec![HOSTILE.into()];

    let pdf = pdf::render(&document(&report, Locale::En)).unwrap();
    assert!(squeezed(&pdf.pages.concat()).contains(&squeezed(HOSTILE)));

    let html = text(&report, Format::Html, Locale::En);
    assert!(!html.contains("<script"), "a script came through");
    assert_eq!(html.matches("</style>").count(), 1);
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));

    let markdown = text(&report, Format::Markdown, Locale::En);
    let options = pulldown_cmark::Options::ENABLE_TABLES;
    for event in pulldown_cmark::Parser::new_ext(&markdown, options) {
        use pulldown_cmark::{Event, Tag};
        match event {
            Event::InlineHtml(html) => assert_eq!(&*html, "<br>"),
            Event::Html(html) => panic!("{html}"),
            Event::Code(_) | Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis) => {
                panic!("{event:?}")
            }
            _ => {}
        }
    }
}

#[test]
fn a_long_timeline_breaks_over_pages_with_its_header() {
    let mut report = example();
    report.timeline = (1..=300)
        .map(|seq| {
            let text = LocaleText {
                ja: format!("{seq}番目の出来事。").repeat(3),
                en: format!("Event number {seq}. ").repeat(3),
            };
            let when = "2026-11-20T09:14:00+09:00";
            entry(seq, when, when, both("記録", "Note"), text)
        })
        .collect();
    let pdf = pdf::render(&document(&report, Locale::Ja)).unwrap();
    let with_rows: Vec<_> = pdf
        .pages
        .iter()
        .map(|page| squeezed(page))
        .filter(|page| page.contains("番目の出来事。"))
        .collect();
    assert!(with_rows.len() > 5);
    for page in with_rows {
        assert!(
            page.contains("起きた日時"),
            "a page without the header: {page}"
        );
    }
}

#[test]
fn a_very_long_note_stays_within_its_pages() {
    let mut report = example();
    report.actions[0].text = "長い記述です。".repeat(2_000);
    report.actions[1].text = "x".repeat(5_000);
    let pdf = pdf::render(&document(&report, Locale::Ja)).unwrap();
    let set = squeezed(&pdf.pages.concat());
    assert_eq!(set.matches("長い記述です。").count(), 2_000);
    assert!(set.contains(&"x".repeat(5_000)));
}

#[test]
fn a_file_is_named_for_its_reader() {
    let mut report = example();
    assert_eq!(
        Format::Pdf.file_name(&report, Genre::PostMortem, Locale::Ja),
        "事後報告書_INC-2026-0001_20261201.pdf"
    );
    // Late in the evening of UTC it is the next day in Tokyo.
    report.cover.created_at = at("2026-11-30T15:30:00Z");
    assert_eq!(
        Format::Markdown.file_name(&report, Genre::PostMortem, Locale::En),
        "post-incident-report_INC-2026-0001_20261201.md"
    );
    assert_eq!(
        Format::Pdf.file_name(&report, Genre::Status, Locale::Ja),
        "状況報告_INC-2026-0001_20261201.pdf"
    );
    report.cover.number = "../../x".into();
    assert!(
        !Format::Html
            .file_name(&report, Genre::PostMortem, Locale::En)
            .contains('/')
    );
}

#[test]
fn both_languages_have_the_same_words() {
    let keys = |locale| {
        let (_, source) = locale::sources(locale)
            .into_iter()
            .find(|(path, _)| path.ends_with("reports.ftl"))
            .unwrap();
        let keys: Vec<_> = source
            .lines()
            .filter_map(|line| line.split_once(" = "))
            .map(|(key, _)| key.to_owned())
            .collect();
        keys
    };
    assert_eq!(keys(Locale::Ja), keys(Locale::En));
    // A key without words answers itself; none may reach a reader.
    for locale in LOCALES {
        for report in [example(), blank()] {
            for text in texts(&document(&report, locale)) {
                assert!(!text.starts_with("report-"), "{text} has no words");
            }
        }
    }
}

#[test]
fn a_pdf_is_set_within_a_breath() {
    render(&example(), Format::Pdf, Locale::Ja).unwrap();
    let watch = Stopwatch::now();
    render(&example(), Format::Pdf, Locale::En).unwrap();
    let taken = watch.elapsed();
    println!("one PDF: {taken:?}");
    // Unoptimised and on a busy machine; far above what it takes, far below what a reader bears.
    assert!(taken.as_secs() < 20, "{taken:?}");
}
