//! Reads one row of a roster: the person, their keys, and what is wrong.
//!
//! Pure. A cell that cannot be read as what it should be is kept as typed under
//! `unusable`; it costs the cell, never the person.

use jiff::civil::Date;

use super::columns::Layout;
use super::model::{Field, Fields, KeyKind, Reason};
use super::normalise;
use crate::kernel::{Locale, Redacted};

/// What one row says.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub fields: Fields,
    pub locale: Option<Locale>,
    pub country: Option<&'static str>,
    pub minor: Option<bool>,
    /// Normalised keys, the strongest first.
    pub keys: Vec<(KeyKind, String)>,
    pub problems: Vec<(Option<Field>, Reason)>,
    family_name: Option<String>,
    given_name: Option<String>,
}

impl Row {
    /// Reads the cells in the order of the layout.
    pub fn read(layout: &Layout, cells: &[&str], today: Date) -> Self {
        let mut row = Self::default();
        if cells.len() != layout.columns.len() {
            row.problems.push((None, Reason::WrongColumnCount));
            return row;
        }
        for (field, cell) in layout.columns.iter().zip(cells) {
            let cell = cell.trim();
            if let Some(field) = field
                && !cell.is_empty()
            {
                row.take(*field, cell, today);
            }
        }
        row.finish();
        row
    }

    /// Whether the row is imported.
    pub fn is_kept(&self) -> bool {
        self.problems.iter().all(|(_, reason)| reason.keeps_row())
    }

    fn take(&mut self, field: Field, cell: &str, today: Date) {
        if cell.chars().any(|c| is_forbidden(field, c)) {
            return self.problems.push((Some(field), Reason::ControlCharacters));
        }
        if cell.chars().count() > limit(field) {
            return self.problems.push((Some(field), Reason::TooLong));
        }
        let typed = || Some(Redacted::new(cell.to_owned()));
        let unusable = match field {
            Field::Name => {
                self.fields.name = typed();
                None
            }
            Field::FamilyName => {
                self.family_name = Some(cell.to_owned());
                None
            }
            Field::GivenName => {
                self.given_name = Some(cell.to_owned());
                None
            }
            Field::Kana => {
                self.fields.kana = typed();
                None
            }
            Field::Postcode => {
                self.fields.postcode = typed();
                None
            }
            Field::Address => {
                self.fields.address = typed();
                None
            }
            Field::CustomerNumber => {
                self.fields.customer_number = typed();
                let key = normalise::customer_number(cell);
                self.keys
                    .extend(key.map(|key| (KeyKind::CustomerNumber, key)));
                None
            }
            Field::Email => match normalise::email(cell) {
                Some(key) => {
                    self.fields.email = typed();
                    self.keys.push((KeyKind::Email, key));
                    None
                }
                None => Some(Reason::InvalidEmail),
            },
            Field::Phone => match normalise::phone(cell) {
                Some(key) => {
                    self.fields.phone = typed();
                    self.keys.push((KeyKind::Phone, key));
                    None
                }
                None => Some(Reason::UnreadablePhone),
            },
            Field::LineUserId => match normalise::line_user_id(cell) {
                Some(key) => {
                    self.fields.line_user_id = typed();
                    self.keys.push((KeyKind::LineUserId, key));
                    None
                }
                None => Some(Reason::InvalidLineUserId),
            },
            Field::Country => {
                self.country = normalise::country(cell);
                self.country.is_none().then_some(Reason::UnknownCountry)
            }
            Field::Language => {
                self.locale = normalise::locale(cell);
                self.locale.is_none().then_some(Reason::UnknownLanguage)
            }
            Field::Minor => match normalise::yes_no(cell) {
                Some(minor) => {
                    self.minor = Some(minor);
                    None
                }
                None => Some(Reason::UnknownAnswer),
            },
            Field::BirthDate => match normalise::birth_date(cell, today) {
                Some(birth) => {
                    self.fields.birth_date = Some(Redacted::new(birth.to_string()));
                    // What a column says of minors is older than what the date says today.
                    self.minor = Some(normalise::is_minor(birth, today));
                    None
                }
                None => Some(Reason::BadDate),
            },
        };
        if let Some(reason) = unusable {
            self.fields
                .unusable
                .insert(field, Redacted::new(cell.to_owned()));
            self.problems.push((Some(field), reason));
        }
    }

    fn finish(&mut self) {
        if self.fields.name.is_none() {
            let parts = [self.family_name.take(), self.given_name.take()];
            let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
            self.fields.name = (!name.is_empty()).then(|| Redacted::new(name));
        }
        self.keys.sort();
        if self.fields == Fields::default() {
            self.problems.push((None, Reason::EmptyRow));
        } else if !self
            .keys
            .iter()
            .any(|(kind, _)| *kind != KeyKind::CustomerNumber)
        {
            self.problems.push((None, Reason::NoContact));
        }
    }
}

/// The language of a person's notices, when the roster does not say: by where they live, else Japanese.
pub(super) fn default_locale(country: Option<&str>) -> Locale {
    match country {
        None | Some("JP") => Locale::Ja,
        Some(_) => Locale::En,
    }
}

/// Fills what `known` lacks from `other`; says whether anything was added.
pub(super) fn fill(known: &mut Fields, other: Fields) -> bool {
    let before = known.clone();
    let Fields {
        name,
        kana,
        email,
        phone,
        line_user_id,
        customer_number,
        birth_date,
        postcode,
        address,
        unusable,
    } = other;
    for (mine, theirs) in [
        (&mut known.name, name),
        (&mut known.kana, kana),
        (&mut known.email, email),
        (&mut known.phone, phone),
        (&mut known.line_user_id, line_user_id),
        (&mut known.customer_number, customer_number),
        (&mut known.birth_date, birth_date),
        (&mut known.postcode, postcode),
        (&mut known.address, address),
    ] {
        if mine.is_none() {
            *mine = theirs;
        }
    }
    for (field, cell) in unusable {
        known.unusable.entry(field).or_insert(cell);
    }
    *known != before
}

/// Whether two names are those of two people; width, case and spaces do not count.
pub(super) fn names_differ(one: &Fields, other: &Fields) -> bool {
    let plain = |fields: &Fields| {
        fields.name.as_ref().map(|name| {
            normalise::key(name.reveal())
                .chars()
                .filter(|c| !c.is_whitespace())
                .collect::<String>()
        })
    };
    matches!((plain(one), plain(other)), (Some(one), Some(other)) if one != other)
}

fn is_forbidden(field: Field, character: char) -> bool {
    let breaks_line = matches!(character, '\n' | '\r' | '\t');
    // An address may have lines; a name with one would end up in a mail's header.
    (character.is_control() && !(breaks_line && field == Field::Address))
        || matches!(character, '\u{2028}' | '\u{2029}')
}

fn limit(field: Field) -> usize {
    match field {
        Field::Name | Field::FamilyName | Field::GivenName | Field::Kana => 200,
        Field::Email => 254,
        Field::Address => 500,
        Field::LineUserId | Field::CustomerNumber | Field::Country => 100,
        Field::Phone | Field::Language | Field::Minor | Field::BirthDate | Field::Postcode => 50,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn row(header: &str, cells: &[&str]) -> Row {
        let layout = Layout::of(b',', header.split(','));
        Row::read(&layout, cells, date(2026, 11, 23))
    }

    #[test]
    fn a_bad_cell_costs_the_cell_and_not_the_person() {
        let row = row(
            "氏名,email,電話番号,国",
            &["山田", "taro＠", "090-1", "Atlantis"],
        );
        assert!(row.is_kept());
        assert_eq!(row.keys, []);
        let reasons: Vec<_> = row.problems.iter().map(|(_, reason)| *reason).collect();
        use Reason::{InvalidEmail, NoContact, UnknownCountry, UnreadablePhone};
        assert_eq!(
            reasons,
            [InvalidEmail, UnreadablePhone, UnknownCountry, NoContact]
        );
        assert_eq!(row.fields.unusable.len(), 3);
        assert_eq!(row.fields.unusable[&Field::Email].reveal(), "taro＠");
    }

    #[test]
    fn family_and_given_name_become_one_and_keys_stand_by_strength() {
        let row = row(
            "email,名,姓,会員番号",
            &["a@example.jp", "﨑子", "髙橋", "００７"],
        );
        assert_eq!(row.fields.name.as_ref().unwrap().reveal(), "髙橋 﨑子");
        assert_eq!(
            row.fields.customer_number.as_ref().unwrap().reveal(),
            "００７"
        );
        let kinds: Vec<_> = row
            .keys
            .iter()
            .map(|(kind, key)| (*kind, key.as_str()))
            .collect();
        assert_eq!(
            kinds,
            [
                (KeyKind::CustomerNumber, "007"),
                (KeyKind::Email, "a@example.jp")
            ]
        );
    }

    #[test]
    fn line_breaks_are_for_addresses_only() {
        let row = row(
            "氏名,住所,email",
            &["山田\r\nBcc: x", "東京都\n千代田区", "a@example.jp"],
        );
        assert_eq!(row.fields.name, None);
        assert!(row.fields.address.is_some());
        assert_eq!(
            row.problems,
            [(Some(Field::Name), Reason::ControlCharacters)]
        );
    }
}
