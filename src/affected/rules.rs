//! Pure decisions: which items identify together, and what a mask shows.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::catalogue::{Combination, Flag, catalogue};
use super::model::Field;
use super::normalise;

/// The combinations that identify a person and that these items (by id) make up.
///
/// Items that name nobody alone may do so together, such as age and residence;
/// the catalogue explains each combination.
pub fn identifying_combinations<'a>(
    items: impl IntoIterator<Item = &'a str>,
) -> Vec<&'static Combination> {
    let items: BTreeSet<&str> = items.into_iter().collect();
    catalogue()
        .combinations
        .iter()
        .filter(|combination| {
            combination
                .items
                .iter()
                .all(|item| items.contains(item.as_str()))
        })
        .collect()
}

/// The flags that these items (by id) raise, and the one of minors when there are some.
pub fn raised_flags<'a>(
    items: impl IntoIterator<Item = &'a str>,
    minors: bool,
) -> Vec<&'static Flag> {
    let items: BTreeSet<&str> = items.into_iter().collect();
    catalogue()
        .flags
        .iter()
        .filter(|flag| {
            let by_people = minors && flag.id == Flag::MINORS;
            by_people || flag.items.iter().any(|item| items.contains(item.as_str()))
        })
        .collect()
}

/// A name as its first character and a star: `山*`.
pub fn mask_name(name: &str) -> String {
    // One grapheme may be several characters: a base and its variation selector belong together.
    let mut characters = name.trim().chars();
    let Some(first) = characters.next() else {
        return String::new();
    };
    let joined = characters.take_while(|c| is_joined(*c));
    format!("{first}{}*", joined.collect::<String>())
}

/// An e-mail address as its first character, three stars and the domain: `t***@example.jp`.
pub fn mask_email(email: &str) -> String {
    match email.rsplit_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}***@{domain}")
        }
        None => "***".to_owned(),
    }
}

/// A telephone number as its last two digits: `***89`.
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.nfkc().filter(char::is_ascii_digit).collect();
    let shown = digits.len().saturating_sub(2).max(4);
    format!("***{}", digits.iter().skip(shown).collect::<String>())
}

/// A cell that could not be read, as a problem shows it: enough to find it, not to know it.
///
/// The first character and as many stars as characters follow, up to ten.
pub(super) fn mask_cell(field: Option<Field>, cell: &str) -> String {
    let mut characters = cell.chars();
    let (Some(_), Some(first)) = (field, characters.next()) else {
        return String::new();
    };
    if first.is_control() {
        return "***".to_owned();
    }
    let stars = characters.count().min(10);
    format!("{first}{}", "*".repeat(stars))
}

/// The data items that a cell names, by id or by name in either language; and whether each was known.
pub(super) fn items_in(cell: &str) -> (Vec<String>, bool) {
    let mut items = Vec::new();
    let mut all_known = true;
    for word in cell.split([',', ';', '、', '，', '；', '/', '／', '・', '\n', '|']) {
        let word = normalise::key(word);
        if word.is_empty() {
            continue;
        }
        let found = catalogue().items.iter().find(|item| {
            item.id == word
                || normalise::key(&item.name.ja) == word
                || normalise::key(&item.name.en) == word
        });
        match found {
            Some(item) => items.push(item.id.clone()),
            None => all_known = false,
        }
    }
    (items, all_known)
}

fn is_joined(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
        || matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_show_little_and_always_the_same_length_of_stars() {
        assert_eq!(mask_name("山田 太郎"), "山*");
        assert_eq!(mask_name("髙橋 﨑子"), "髙*");
        assert_eq!(mask_name("葛\u{e0100}飾 花"), "葛\u{e0100}*");
        assert_eq!(mask_name(""), "");
        assert_eq!(mask_email("taro@example.jp"), "t***@example.jp");
        assert_eq!(mask_email("t@example.jp"), "t***@example.jp");
        assert_eq!(mask_email("no address"), "***");
        assert_eq!(mask_phone("０９０-1234-5678"), "***78");
        assert_eq!(mask_phone("110"), "***");
    }

    #[test]
    fn age_and_residence_identify_only_together() {
        assert!(identifying_combinations(["age"]).is_empty());
        assert!(identifying_combinations(["residence_area"]).is_empty());
        let found = identifying_combinations(["age", "os_type", "residence_area"]);
        let ids: Vec<_> = found.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(ids, ["age_and_residence"]);
    }

    #[test]
    fn items_raise_their_flags_and_people_that_of_minors() {
        let raised = |items: &[&str], minors| -> Vec<&str> {
            let flags = raised_flags(items.iter().copied(), minors);
            flags.iter().map(|flag| flag.id.as_str()).collect()
        };
        assert!(raised(&["full_name", "email_address", "age"], false).is_empty());
        assert_eq!(raised(&["full_name"], true), ["minors"]);
        assert_eq!(raised(&["health_information"], false), ["special_care"]);
        assert_eq!(raised(&["my_number"], false), ["my_number"]);
        // One item may raise several.
        let paying = ["payment", "credentials"];
        assert_eq!(raised(&["payment_login_credentials"], false), paying);
        let all = [
            "face_image",
            "precise_location",
            "login_credentials",
            "payment_card",
        ];
        assert_eq!(
            raised(&all, true),
            ["payment", "credentials", "minors", "location", "images"]
        );
    }
}
