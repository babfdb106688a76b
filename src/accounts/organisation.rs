//! The organisation that this server works for: its names, and the desk that affected people can reach.

use std::str::FromStr;

use diesel::prelude::*;
use serde::Serialize;

use super::model::{Granted, can};
use super::people::{Checks, Email};
use super::store;
use crate::kernel::{Instant, Result};
use crate::store::Conn;
use crate::store::schema::organisation;

/// There is one organisation a server.
const ID: &str = "organisation";

/// The organisation, as notices and filings name it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = organisation)]
pub struct Organisation {
    /// Always the same.
    pub id: String,
    /// The name in Japanese.
    pub name_ja: String,
    /// The name in English; may be empty.
    pub name_en: String,
    /// フリガナ of the name.
    pub name_kana: String,
    /// 法人番号: 13 digits, or nothing.
    pub corporate_number: String,
    /// The address.
    pub address: String,
    /// The representative's name, for filings.
    pub representative: String,
    /// 業種, for filings.
    pub industry: String,
    /// 問い合わせ窓口: its name in Japanese.
    pub desk_name_ja: String,
    /// The desk's name in English.
    pub desk_name_en: String,
    /// The desk's telephone number.
    pub desk_phone: String,
    /// The desk's e-mail address.
    pub desk_email: String,
    /// When the desk answers, in Japanese.
    pub desk_hours_ja: String,
    /// When the desk answers, in English.
    pub desk_hours_en: String,
    /// Whether this is an organisation for practice (訓練).
    pub practice: bool,
    /// When this was last changed.
    pub updated_at: Instant,
}

impl Organisation {
    /// An organisation of which nothing is known yet.
    pub fn blank(now: Instant) -> Self {
        Self {
            id: ID.to_owned(),
            name_ja: String::new(),
            name_en: String::new(),
            name_kana: String::new(),
            corporate_number: String::new(),
            address: String::new(),
            representative: String::new(),
            industry: String::new(),
            desk_name_ja: String::new(),
            desk_name_en: String::new(),
            desk_phone: String::new(),
            desk_email: String::new(),
            desk_hours_ja: String::new(),
            desk_hours_en: String::new(),
            practice: false,
            updated_at: now,
        }
    }

    /// The organisation with every field in order, or all problems at once.
    ///
    /// Notices need a name and a way to ask back; the rest may follow.
    ///
    /// # Errors
    /// [`crate::kernel::Code::InvalidInput`], a problem a field.
    pub fn checked(mut self, now: Instant) -> Result<Self> {
        let mut checks = Checks::default();
        for (field, value, required, longest) in [
            ("name_ja", &mut self.name_ja, true, 200),
            ("name_en", &mut self.name_en, false, 200),
            ("name_kana", &mut self.name_kana, false, 200),
            ("corporate_number", &mut self.corporate_number, false, 40),
            ("address", &mut self.address, false, 400),
            ("representative", &mut self.representative, false, 200),
            ("industry", &mut self.industry, false, 200),
            ("desk_name_ja", &mut self.desk_name_ja, true, 200),
            ("desk_name_en", &mut self.desk_name_en, false, 200),
            ("desk_phone", &mut self.desk_phone, false, 40),
            ("desk_email", &mut self.desk_email, false, 254),
            ("desk_hours_ja", &mut self.desk_hours_ja, false, 200),
            ("desk_hours_en", &mut self.desk_hours_en, false, 200),
        ] {
            *value = value.trim().to_owned();
            checks.text(field, value, required, longest);
        }
        self.corporate_number = digits(&self.corporate_number);
        if !(self.corporate_number.is_empty() || is_corporate_number(&self.corporate_number)) {
            checks.add("corporate_number", "field-invalid-corporate-number");
        }
        if self.desk_phone.is_empty() && self.desk_email.is_empty() {
            checks.add("desk_phone", "field-desk-unreachable");
        }
        if !self.desk_email.is_empty() && Email::from_str(&self.desk_email).is_err() {
            checks.add("desk_email", "field-invalid-email");
        }
        checks.done()?;
        self.id = ID.to_owned();
        self.updated_at = now;
        Ok(self)
    }
}

/// The organisation, once it was set up.
///
/// # Errors
/// The database's own.
pub fn current(conn: &mut Conn) -> Result<Option<Organisation>> {
    Ok(store::organisation(conn, ID)?)
}

/// Changes the organisation.
///
/// # Errors
/// Those of [`Organisation::checked`].
pub fn save(
    conn: &mut Conn,
    actor: &Granted<can::ManageSettings>,
    now: Instant,
    organisation: Organisation,
) -> Result<()> {
    write(conn, organisation.checked(now)?)?;
    tracing::info!(by = %actor.id, "organisation changed");
    Ok(())
}

/// Writes the organisation at set-up, and for practice, when nobody is there to be asked for a permission.
///
/// # Errors
/// Those of [`Organisation::checked`].
pub fn establish(conn: &mut Conn, now: Instant, organisation: Organisation) -> Result<()> {
    write(conn, organisation.checked(now)?)
}

fn write(conn: &mut Conn, checked: Organisation) -> Result<()> {
    Ok(store::save_organisation(conn, &checked)?)
}

/// People type full-width digits and hyphens; the number is the digits.
fn digits(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '-' | '－' | '‐' | '−' | ' ' | '\u{3000}'))
        .map(|c| match c {
            '０'..='９' => u32::from(c)
                .checked_sub(u32::from('０'))
                .and_then(|digit| char::from_digit(digit, 10))
                .unwrap_or(c),
            other => other,
        })
        .collect()
}

/// Thirteen digits of which the first checks the others (法人番号の指定等に関する省令 第2条).
fn is_corporate_number(text: &str) -> bool {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(10)).collect();
    let Some((check, rest)) = digits.as_deref().and_then(<[u32]>::split_first) else {
        return false;
    };
    // Counted from the lowest digit, odd places weigh 1 and even places 2.
    let sum: u32 = rest
        .iter()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    rest.len() == 12 && *check == 9 - sum % 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_of_a_corporate_number_is_looked_at() {
        // The National Tax Agency's own number, published on its site.
        assert!(is_corporate_number("7000012050002"));
        assert!(!is_corporate_number("7000012050003"));
        assert!(!is_corporate_number("700001205000"));
        assert_eq!(digits("７０００-０１２０５０００２"), "7000012050002");
    }
}
