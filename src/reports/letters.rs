//! Letters to people: one PDF, each letter on pages of its own, the address in the envelope's window.

use std::sync::LazyLock;

use serde::Serialize;
use typst::syntax::Source;

use super::typesetting::{set, substitute};
use crate::kernel::{Locale, Result};

static TEMPLATE: LazyLock<Source> =
    LazyLock::new(|| Source::detached(include_str!("../../templates/reports/letters.typ")));

/// One letter, with its text filled in.
#[derive(Serialize)]
pub struct PersonalLetter {
    /// The language of the letter.
    pub lang: Locale,
    /// 〒123-4567, or as it is written abroad; may be empty.
    pub postcode: String,
    /// The lines of the address.
    pub lines: Vec<String>,
    /// The name with its form of address.
    pub addressee: String,
    /// What it is about.
    pub subject: String,
    /// The text, paragraphs separated by empty lines.
    pub body: String,
}

/// Sets letters in type.
///
/// # Errors
/// [`crate::kernel::Code::Internal`] for a defect of the template.
pub fn render(letters: &[PersonalLetter]) -> Result<Vec<u8>> {
    let mut data = serde_json::to_value(letters)?;
    substitute(&mut data);
    // The letters of one file share nothing that a reader could tell them apart by.
    Ok(set(&TEMPLATE, "letters.json", &data, String::new())?.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_begins_on_a_page_of_its_own() {
        let letter = |name: &str, lang| PersonalLetter {
            lang,
            postcode: "〒100-0001".to_owned(),
            lines: vec!["東京都千代田区千代田1-1".to_owned(), String::new()],
            addressee: name.to_owned(),
            subject: "お詫びとお知らせ".to_owned(),
            body: "拝啓\n\n#set page(fill: red) は文字です。".to_owned(),
        };
        let data = [
            letter("髙橋 さくら 様", Locale::Ja),
            letter("Jo", Locale::En),
        ];
        let mut value = serde_json::to_value(&data).unwrap();
        substitute(&mut value);
        let pdf = set(&TEMPLATE, "letters.json", &value, String::new()).unwrap();
        assert_eq!(pdf.pages.len(), 2);
        let pages: Vec<_> = pdf
            .pages
            .iter()
            .map(|page| page.replace('\n', ""))
            .collect();
        assert!(pages[0].contains("髙橋 さくら 様"), "{:?}", pdf.pages);
        assert!(pages[0].contains("#set page"), "{:?}", pdf.pages);
        assert!(!pages[1].contains("髙橋"));
    }
}
