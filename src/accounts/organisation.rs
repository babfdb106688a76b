//! The organisation that this server works for: its names, and the desk that affected people can reach.

use std::str::FromStr;

use diesel::prelude::*;
use serde::Serialize;
use url::Url;

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
    /// The address of the website, where what happened is published; may be empty.
    pub website: String,
    /// The domains that links in notices may lead to, separated by commas.
    pub web_domains: String,
    /// The data protection officer's name (GDPR art. 37); may be empty.
    pub dpo_name: String,
    /// How the data protection officer is reached.
    pub dpo_contact: String,
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
            website: String::new(),
            web_domains: String::new(),
            dpo_name: String::new(),
            dpo_contact: String::new(),
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
            ("website", &mut self.website, false, 200),
            ("web_domains", &mut self.web_domains, false, 500),
            ("dpo_name", &mut self.dpo_name, false, 200),
            ("dpo_contact", &mut self.dpo_contact, false, 254),
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
        if !(self.website.is_empty() || is_website(&self.website)) {
            checks.add("website", "field-invalid-website");
        }
        match domains(&self.web_domains) {
            Some(domains) => self.web_domains = domains.join(", "),
            None => checks.add("web_domains", "field-invalid-domains"),
        }
        checks.done()?;
        self.id = ID.to_owned();
        self.updated_at = now;
        Ok(self)
    }
}

impl Organisation {
    /// The domains that links in notices may lead to: those that were named, and those of website and desk.
    pub fn domains(&self) -> Vec<String> {
        let website = Url::parse(&self.website).ok();
        let website = website.as_ref().and_then(Url::host_str);
        let desk = self.desk_email.rsplit_once('@').map(|(_, domain)| domain);
        let mut domains = domains(&self.web_domains).unwrap_or_default();
        for known in website.into_iter().chain(desk) {
            let known = known.strip_prefix("www.").unwrap_or(known).to_lowercase();
            if !domains.contains(&known) {
                domains.push(known);
            }
        }
        domains
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

fn is_website(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.host_str().is_some())
}

/// Domains separated by commas or blanks, in lower case; nothing when one is none.
fn domains(text: &str) -> Option<Vec<String>> {
    text.split([',', '、', ' ', '\u{3000}'])
        .filter(|domain| !domain.is_empty())
        .map(|domain| {
            let domain = domain.to_lowercase();
            let labels = domain.split('.').collect::<Vec<_>>();
            let is_label = |label: &&str| {
                !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            };
            (labels.len() >= 2 && labels.iter().all(is_label)).then_some(domain)
        })
        .collect()
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
    fn links_may_lead_to_what_was_named_and_to_website_and_desk() {
        let organisation = Organisation {
            website: "https://www.shop.example.jp/news".to_owned(),
            web_domains: "Info.example.com、 shop.example.jp".to_owned(),
            desk_email: "desk@mail.example.jp".to_owned(),
            ..Organisation::blank("2026-11-25T00:00:00Z".parse().unwrap())
        };
        assert_eq!(
            organisation.domains(),
            ["info.example.com", "shop.example.jp", "mail.example.jp"]
        );
        assert_eq!(domains("https://shop.example.jp"), None);
        assert_eq!(domains("localhost"), None);
    }

    #[test]
    fn the_check_digit_of_a_corporate_number_is_looked_at() {
        // The National Tax Agency's own number, published on its site.
        assert!(is_corporate_number("7000012050002"));
        assert!(!is_corporate_number("7000012050003"));
        assert!(!is_corporate_number("700001205000"));
        assert_eq!(digits("７０００-０１２０５０００２"), "7000012050002");
    }
}
