//! Reads one row of a roster: the record, and what is wrong.
//!
//! Pure. A cell that cannot be read as what it should be is kept as typed under
//! `unusable`; it costs the cell, never the person.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::model::{Field, Layout, Reason, Record};
use super::{normalise, rules};
use crate::kernel::Redacted;
use crate::sheets::{self, Format};

/// What is wrong with a cell or (without a field) with the row; the value is masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CellProblem {
    pub field: Option<Field>,
    pub masked: String,
    pub reason: Reason,
}

/// What one row says.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub record: Record,
    pub problems: Vec<CellProblem>,
    family_name: Option<String>,
    given_name: Option<String>,
    region: Option<String>,
}

impl Row {
    /// Reads the cells in the order of the layout.
    pub fn read(layout: &Layout, cells: &sheets::Row, today: Date) -> Self {
        let mut row = Self::default();
        row.record.row = i64::try_from(cells.number()).unwrap_or(i64::MAX);
        // A worksheet does not store the empty cells at the end of a row; a CSV file does.
        let fits = match layout.reading.format {
            Format::Xlsx => cells.len() <= layout.columns.len(),
            Format::Csv => cells.len() == layout.columns.len(),
        };
        if !fits {
            row.problem(None, "", Reason::WrongColumnCount);
            return row;
        }
        for (field, cell) in layout.columns.iter().zip(cells.iter()) {
            let cell = bare(cell.trim());
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
        self.problems
            .iter()
            .all(|problem| problem.reason.keeps_row())
    }

    fn problem(&mut self, field: Option<Field>, cell: &str, reason: Reason) {
        self.problems.push(CellProblem {
            field,
            masked: rules::mask_cell(field, cell),
            reason,
        });
    }

    fn take(&mut self, field: Field, cell: &str, today: Date) {
        if cell.chars().any(|c| is_forbidden(field, c)) {
            return self.problem(Some(field), cell, Reason::ControlCharacters);
        }
        // A character has at most four bytes, so a short cell needs no counting.
        if cell.len() > limit(field) && cell.chars().count() > limit(field) {
            return self.problem(Some(field), cell, Reason::TooLong);
        }
        if let Err(reason) = self.keep(field, cell, today) {
            self.problem(Some(field), cell, reason);
            let cell = Redacted::new(cell.to_owned());
            self.record.unusable.insert(field, cell);
        }
    }

    fn keep(&mut self, field: Field, cell: &str, today: Date) -> Result<(), Reason> {
        let typed = || Some(Redacted::new(cell.to_owned()));
        let record = &mut self.record;
        match field {
            Field::Name => record.name = typed(),
            Field::FamilyName => self.family_name = Some(cell.to_owned()),
            Field::GivenName => self.given_name = Some(cell.to_owned()),
            Field::Kana => record.kana = typed(),
            Field::Postcode => record.postcode = typed(),
            Field::Address => record.address = typed(),
            Field::CustomerNumber => record.customer_number = typed(),
            Field::Email => match normalise::email(cell) {
                Some(_) => record.email = typed(),
                None => return Err(Reason::InvalidEmail),
            },
            Field::Phone => match normalise::phone(cell) {
                Some(_) => record.phone = typed(),
                None => return Err(Reason::UnreadablePhone),
            },
            Field::LineUserId => match normalise::line_user_id(cell) {
                Some(_) => record.line_user_id = typed(),
                None => return Err(Reason::InvalidLineUserId),
            },
            Field::Country => match normalise::country(cell) {
                Some(code) => record.country = Some(code.to_owned()),
                None => return Err(Reason::UnknownCountry),
            },
            // Which country's it is may stand in a later column.
            Field::Region => self.region = Some(cell.to_owned()),
            Field::Language => match normalise::locale(cell) {
                Some(locale) => record.locale = Some(locale),
                None => return Err(Reason::UnknownLanguage),
            },
            Field::Minor => match normalise::yes_no(cell) {
                Some(minor) => record.minor = Some(minor),
                None => return Err(Reason::UnknownAnswer),
            },
            Field::BirthDate => match normalise::birth_date(cell, today) {
                Some(date) => {
                    // What a column says of being a minor counts more than what follows from a date.
                    record.minor.get_or_insert(normalise::is_minor(date, today));
                    record.birth_date = Some(Redacted::new(date.to_string()));
                }
                None => return Err(Reason::BadDate),
            },
            Field::DataItems => {
                let (items, all_known) = rules::items_in(cell);
                record.data_items = items.into_iter().collect::<BTreeSet<_>>();
                if !all_known {
                    return Err(Reason::UnknownDataItem);
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self) {
        let (family, given) = (self.family_name.take(), self.given_name.take());
        if self.record.name.is_none() && (family.is_some() || given.is_some()) {
            let parts: Vec<_> = [family, given].into_iter().flatten().collect();
            self.record.name = Some(Redacted::new(parts.join(" ")));
        }
        if let Some(cell) = self.region.take() {
            match normalise::region(&cell, self.record.country.as_deref()) {
                Some(code) => {
                    // A prefecture or a state says the country too.
                    let country = code.split('-').next().map(str::to_owned);
                    self.record.country = self.record.country.take().or(country);
                    self.record.region = Some(code.to_owned());
                }
                None => {
                    self.problem(Some(Field::Region), &cell, Reason::UnknownRegion);
                    let cell = Redacted::new(cell);
                    self.record.unusable.insert(Field::Region, cell);
                }
            }
        }
        let record = &self.record;
        let bare = Record {
            row: record.row,
            ..Record::default()
        };
        if *record == bare {
            self.problem(None, "", Reason::EmptyRow);
        } else if record.email.is_none() && record.phone.is_none() && record.line_user_id.is_none()
        {
            self.problem(None, "", Reason::NoContact);
        }
    }
}

/// A cell without the apostrophe by which a CSV file keeps a spreadsheet from calculating it.
fn bare(cell: &str) -> &str {
    cell.strip_prefix('\'')
        .filter(|rest| rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']))
        .unwrap_or(cell)
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
        Field::Address | Field::DataItems => 500,
        Field::LineUserId | Field::CustomerNumber | Field::Country | Field::Region => 100,
        Field::Phone | Field::Language | Field::Minor | Field::BirthDate | Field::Postcode => 50,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::affected::columns;

    fn row(header: &str, cells: &[&str]) -> Row {
        let names: Vec<String> = header.split(',').map(str::to_owned).collect();
        let reading = sheets::Reading {
            format: Format::Csv,
            encoding: sheets::Encoding::Utf8,
            delimiter: ',',
            sheet: String::new(),
        };
        let layout = columns::guess(reading, 1, &names);
        let mut file = csv::Writer::from_writer(Vec::new());
        file.write_record(&names).unwrap();
        file.write_record(cells).unwrap();
        let file = std::io::Cursor::new(file.into_inner().unwrap());
        let mut rows = sheets::rows(file, &layout.reading).unwrap();
        let mut read = sheets::Row::default();
        assert!(rows.next(&mut read).unwrap() && rows.next(&mut read).unwrap());
        Row::read(&layout, &read, date(2026, 11, 23))
    }

    fn reasons(row: &Row) -> Vec<Reason> {
        row.problems.iter().map(|problem| problem.reason).collect()
    }

    #[test]
    fn a_bad_cell_costs_the_cell_and_not_the_person() {
        let row = row(
            "氏名,email,電話番号,国",
            &["山田", "taro＠", "090-1", "Atlantis"],
        );
        assert!(row.is_kept());
        use Reason::{InvalidEmail, NoContact, UnknownCountry, UnreadablePhone};
        assert_eq!(
            reasons(&row),
            [InvalidEmail, UnreadablePhone, UnknownCountry, NoContact]
        );
        assert_eq!(row.record.unusable.len(), 3);
        assert_eq!(row.record.unusable[&Field::Email].reveal(), "taro＠");
        let masked: Vec<_> = row.problems.iter().map(|p| p.masked.as_str()).collect();
        assert_eq!(masked, ["t****", "0****", "A*******", ""]);
    }

    #[test]
    fn family_and_given_name_become_one() {
        let row = row(
            "email,名,姓,会員番号",
            &["a@example.jp", "﨑子", "髙橋", "００７"],
        );
        let shown = |value: &Option<Redacted<String>>| value.as_ref().unwrap().reveal().clone();
        assert_eq!(shown(&row.record.name), "髙橋 﨑子");
        assert_eq!(shown(&row.record.customer_number), "００７");
    }

    #[test]
    fn line_breaks_are_for_addresses_only() {
        let row = row(
            "氏名,住所,email",
            &["山田\r\nBcc: x", "東京都\n千代田区", "a@example.jp"],
        );
        assert_eq!(row.record.name, None);
        assert!(row.record.address.is_some());
        assert_eq!(reasons(&row), [Reason::ControlCharacters]);
    }

    #[test]
    fn a_region_is_read_with_its_country_and_items_by_their_names() {
        let texas = row(
            "email,国,州,漏えい項目",
            &["a@example.com", "US", "Texas", "氏名、メールアドレス"],
        );
        assert_eq!(texas.record.region.as_deref(), Some("US-TX"));
        assert_eq!(texas.record.data_items.len(), 2);
        assert_eq!(reasons(&texas), []);
        let tokyo = row(
            "email,都道府県,data items",
            &["a@example.jp", "東京都", "full_name; 好きな色"],
        );
        assert_eq!(tokyo.record.region.as_deref(), Some("JP-13"));
        assert_eq!(tokyo.record.country.as_deref(), Some("JP"));
        assert_eq!(reasons(&tokyo), [Reason::UnknownDataItem]);
        assert_eq!(tokyo.record.data_items.len(), 1);
    }
}
