//! The address block of a letter: postcode, lines of the address, name and how to address it.

use unicode_normalization::UnicodeNormalization;

use super::super::Record;
use super::super::model::PersonId;
use super::files::Table;
use super::people::shown;
use super::words::{self, GroupWords};
use crate::kernel::{Locale, Result};

/// Lines of an address that have columns of their own; what is below joins the last.
const LINES: usize = 4;

const COLUMNS: [(&str, u16); 10] = [
    ("postmark", 12),
    ("line-1", 40),
    ("line-2", 28),
    ("line-3", 28),
    ("line-4", 28),
    ("name", 24),
    ("honorific", 8),
    ("addressee", 28),
    ("language", 10),
    ("person", 10),
];

/// Writes letters' addresses; how somebody is addressed goes by the language of their own notices.
pub(super) struct Letters {
    locale: Locale,
}

impl Letters {
    pub fn new(locale: Locale) -> Self {
        Self { locale }
    }

    /// The name of the sheet, the headers and the widths.
    pub fn columns(locale: Locale) -> (String, Vec<String>, Vec<u16>) {
        (
            words::text(locale, "export-content-letters"),
            words::headers(locale, &COLUMNS),
            COLUMNS.map(|(_, width)| width).to_vec(),
        )
    }

    pub fn write(
        &self,
        table: &mut Table,
        id: PersonId,
        record: &Record,
        group: &GroupWords,
    ) -> Result<()> {
        let [first, second, third, fourth] = lines(shown(&record.address));
        let name = shown(&record.name);
        let (honorific, addressee) = match group.locale {
            Locale::Ja => ("様", japanese(name)),
            // No Mr or Ms: a roster does not say which.
            Locale::En => ("", english(name)),
        };
        let row: [&str; COLUMNS.len()] = [
            &postcode(shown(&record.postcode), &group.country),
            &first,
            &second,
            &third,
            &fourth,
            name,
            honorific,
            &addressee,
            &words::text(self.locale, &format!("export-language-{}", group.locale)),
            &id.to_string(),
        ];
        Ok(table.row(&row)?)
    }
}

fn japanese(name: &str) -> String {
    if name.is_empty() {
        words::text(Locale::Ja, "export-letter-nameless")
    } else {
        format!("{name} 様")
    }
}

fn english(name: &str) -> String {
    if name.is_empty() {
        words::text(Locale::En, "export-letter-nameless")
    } else {
        name.to_owned()
    }
}

/// An address in its own lines.
pub(super) fn lines(address: &str) -> [String; LINES] {
    let mut lines: [String; LINES] = Default::default();
    let written = address
        .split(['\r', '\n'])
        .map(str::trim)
        .filter(|line| !line.is_empty());
    for (index, line) in written.enumerate() {
        let Some(place) = lines.get_mut(index.min(LINES - 1)) else {
            continue;
        };
        if !place.is_empty() {
            place.push(' ');
        }
        place.push_str(line);
    }
    lines
}

/// A postcode of Japan as `123-4567`, without the mark that the letter prints itself; others as typed.
pub(super) fn postcode(typed: &str, country: &str) -> String {
    let digits: String = typed.nfkc().filter(char::is_ascii_digit).collect();
    let only_digits = typed.nfkc().all(|c| {
        c.is_ascii_digit() || c.is_whitespace() || matches!(c, '〒' | '-' | '‐' | '−' | 'ー' | '–')
    });
    match digits.split_at_checked(3) {
        Some((head, tail)) if digits.len() == 7 && only_digits && matches!(country, "" | "JP") => {
            format!("{head}-{tail}")
        }
        _ => typed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_cut_at_its_own_lines_and_nothing_is_lost() {
        assert_eq!(
            lines("東京都千代田区1-1\r\n㈱例 気付"),
            ["東京都千代田区1-1", "㈱例 気付", "", ""]
        );
        assert_eq!(lines("a\nb\n\nc\nd\ne"), ["a", "b", "c", "d e"]);
        assert_eq!(lines(""), ["", "", "", ""]);
    }

    #[test]
    fn a_postcode_of_japan_is_written_in_one_way() {
        for typed in [
            "1234567",
            "〒123-4567",
            "１２３－４５６７",
            "123 4567",
            "123ー4567",
        ] {
            assert_eq!(postcode(typed, "JP"), "123-4567", "{typed}");
        }
        assert_eq!(postcode("SW1A 1AA", "GB"), "SW1A 1AA");
        assert_eq!(postcode("1234567", "IL"), "1234567");
        assert_eq!(postcode("", ""), "");
    }
}
