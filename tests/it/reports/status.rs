//! The status report: one page, whatever people wrote.

use super::*;
use shodo::reports::model::{Passage, Verdict};
use shodo::reports::status;

/// A report in which everything is long and there is much of it.
fn long() -> PostMortem {
    let mut report = example();
    let words = |number: usize| {
        both(
            &format!("{number}番目の{}", "とても長い記述です。".repeat(40)),
            &format!(
                "Number {number}: {}",
                "a very long text of many words. ".repeat(40)
            ),
        )
    };
    report.cover.title = words(0).ja;
    report.cover.organisation = words(1);
    report.cover.commander = Some(words(2).en);
    report.summary = vec![Passage {
        heading: words(3),
        text: Some(words(4).ja),
        markdown: true,
    }];
    let duty = report.obligations[1].clone();
    let undecided = |number| {
        let mut duty = duty.clone();
        duty.verdict = Verdict::Undecided(words(number));
        duty
    };
    let owed = |number| {
        let mut duty = duty.clone();
        duty.duty = words(number);
        duty.recipient = words(number);
        duty
    };
    report.obligations = (0..30).map(owed).chain((30..60).map(undecided)).collect();
    let entry = report.timeline[0].clone();
    report.timeline = (0..500)
        .map(|number| {
            let mut entry = entry.clone();
            entry.text = Some(words(number));
            entry
        })
        .collect();
    let action = report.actions[1].clone();
    report.actions = (0..50)
        .map(|number| {
            let mut action = action.clone();
            action.text = words(number).ja;
            action.owner = Some(words(number).ja);
            action
        })
        .collect();
    report
}

#[test]
fn it_is_one_page_whatever_people_wrote() {
    for locale in LOCALES {
        for report in [example(), blank(), long()] {
            let shown = status::document(&report, locale);
            let pdf = pdf::render_status(&shown).unwrap();
            assert_eq!(pdf.pages.len(), 1, "{locale}: {}", report.cover.title);
            // Nothing ran off the page: every word was set.
            let set = squeezed(&pdf.pages.concat());
            for text in texts(&status_without_contents(shown)) {
                assert!(set.contains(&squeezed(&text)), "{locale}: {text:?}");
            }
        }
    }
}

/// The page has no table of contents.
fn status_without_contents(mut document: Document) -> Document {
    document.contents.clear();
    document
}

#[test]
fn it_says_how_much_it_leaves_out() {
    let told = |locale| {
        let bytes = status::render(&long(), Format::Markdown, locale).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let (ja, en) = (told(Locale::Ja), told(Locale::En));
    // 30 duties of which 5 stand there, 500 entries of which 5, 50 actions of which 4.
    for count in ["25", "495", "46"] {
        assert!(ja.contains(&format!("ほか{count}件")), "{count}");
        assert!(en.contains(&format!("…and {count} more")), "{count}");
    }
}

#[test]
fn every_form_tells_the_same() {
    for locale in LOCALES {
        let shown = status::document(&example(), locale);
        for format in [Format::Markdown, Format::Html] {
            let bytes = status::render(&example(), format, locale).unwrap();
            let text = String::from_utf8(bytes).unwrap();
            for section in &shown.sections {
                assert!(text.contains(&section.heading), "{}", section.heading);
            }
        }
        let file = status::render(&example(), Format::Docx, locale).unwrap();
        let words = docx::words_of(&file);
        for section in &shown.sections {
            assert!(words.contains(&section.heading), "{}", section.heading);
        }
        assert!(status::render(&example(), Format::Json, locale).is_err());
    }
}
