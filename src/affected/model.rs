//! People, rosters, problems and counts.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::evidence::EvidenceId;
use crate::kernel::{Instant, Locale, Redacted};
use crate::store::schema::{people, person_keys, person_rosters, roster_problems, rosters};

crate::ids! {
    /// Names one affected person of one incident.
    PersonId;
    /// Names one imported roster.
    RosterId;
}

impl PersonId {
    /// Makes an id that sorts behind those with a smaller `counter` of the same instant.
    ///
    /// A UUIDv7 with a counter (RFC 9562 section 6.2, method 1): the people of a
    /// roster keep the order of its rows, and the database appends instead of
    /// inserting all over its index.
    pub(super) fn in_order(now: Instant, counter: u32) -> Self {
        let [a, b, c, d] = counter.to_be_bytes();
        let [r0, r1, r2, r3] = crate::kernel::random::bytes();
        // The version takes the upper half of byte 0, the variant two bits of byte 2.
        let bytes = [0, a, 0, b, c, d, r0, r1, r2, r3];
        let millis = u64::try_from(now.as_millis()).unwrap_or_default();
        Self(
            uuid::Builder::from_unix_timestamp_millis(millis, &bytes)
                .into_uuid()
                .to_string(),
        )
    }

    pub(super) fn to_uuid(&self) -> uuid::Uuid {
        uuid::Uuid::parse_str(&self.0).unwrap_or_default()
    }

    pub(super) fn from_uuid(id: uuid::Uuid) -> Self {
        Self(id.to_string())
    }
}

crate::text_enum! {
    /// What a column of a roster holds; its words stand under `person-field-<field>`.
    pub enum Field {
        /// 氏名, whole.
        Name = "name",
        /// 姓.
        FamilyName = "family-name",
        /// 名.
        GivenName = "given-name",
        /// フリガナ.
        Kana = "kana",
        /// メールアドレス.
        Email = "email",
        /// 電話番号.
        Phone = "phone",
        /// The user id that the Messaging API knows.
        LineUserId = "line-user-id",
        /// 会員番号.
        CustomerNumber = "customer-number",
        /// 国.
        Country = "country",
        /// 言語.
        Language = "language",
        /// 未成年.
        Minor = "minor",
        /// 生年月日.
        BirthDate = "birth-date",
        /// 郵便番号.
        Postcode = "postcode",
        /// 住所.
        Address = "address",
    }
}

crate::text_enum! {
    /// What is wrong with a row or a cell; its words stand under `roster-problem-<reason>`.
    pub enum Reason {
        /// The header's column is none that we keep.
        ColumnNotKept = "column-not-kept",
        /// The row has more or fewer cells than the header; it was not imported.
        WrongColumnCount = "wrong-column-count",
        /// The row has cells, but nothing in those that we keep; it was not imported.
        EmptyRow = "empty-row",
        /// The cell holds NUL or another control character; the cell was left out.
        ControlCharacters = "control-characters",
        /// The cell is longer than such a value can be; the cell was left out.
        TooLong = "too-long",
        /// No e-mail address; kept as typed, not used.
        InvalidEmail = "invalid-email",
        /// No telephone number; kept as typed, not used.
        UnreadablePhone = "unreadable-phone",
        /// No LINE user id; kept as typed, not used.
        InvalidLineUserId = "invalid-line-user-id",
        /// No country that we know; kept as typed.
        UnknownCountry = "unknown-country",
        /// No language that our notices have; kept as typed.
        UnknownLanguage = "unknown-language",
        /// Neither yes nor no; kept as typed.
        UnknownAnswer = "unknown-answer",
        /// No date of birth; kept as typed.
        BadDate = "bad-date",
        /// Neither e-mail, telephone nor LINE; the person counts, but cannot be reached.
        NoContact = "no-contact",
        /// The person stands in an earlier row of this file; merged.
        DuplicateInFile = "duplicate-in-file",
        /// The person stands in an earlier roster of this incident; merged.
        DuplicateOfEarlierRoster = "duplicate-of-earlier-roster",
        /// The row was merged with a person of another name; look whether they are two.
        NameDiffers = "name-differs",
        /// Another person has the same contact; counted as two.
        SharedContact = "shared-contact",
    }
}

crate::text_enum! {
    /// By what a person is recognised; the strongest first.
    pub enum KeyKind {
        /// The customer number.
        CustomerNumber = "customer-number",
        /// The LINE user id.
        LineUserId = "line-user-id",
        /// The e-mail address.
        Email = "email",
        /// The telephone number.
        Phone = "phone",
    }
}

impl Reason {
    /// Whether the row was imported all the same.
    pub fn keeps_row(self) -> bool {
        !matches!(self, Self::WrongColumnCount | Self::EmptyRow)
    }
}

/// What is known of one person, as it was typed; sealed as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// 氏名 (姓 and 名 with a space, when they came apart).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Redacted<String>>,
    /// フリガナ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kana: Option<Redacted<String>>,
    /// A usable e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Redacted<String>>,
    /// A usable telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Redacted<String>>,
    /// A usable LINE user id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_user_id: Option<Redacted<String>>,
    /// 会員番号.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_number: Option<Redacted<String>>,
    /// ISO date of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Redacted<String>>,
    /// 郵便番号.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<Redacted<String>>,
    /// 住所.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Redacted<String>>,
    /// Cells that could not be read as what they should be, by field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unusable: BTreeMap<Field, Redacted<String>>,
}

/// One person with everything that is known; only [`super::reveal`] gives it.
#[derive(Clone, Debug)]
pub struct Person {
    /// The person.
    pub id: PersonId,
    /// What is known.
    pub fields: Fields,
    /// The language of their notices.
    pub locale: Locale,
    /// ISO 3166-1 code of where they live.
    pub country: Option<String>,
    /// Whether they are under 18, where that is known.
    pub minor: Option<bool>,
}

/// One person as the pages show them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MaskedPerson {
    /// The person.
    #[schema(value_type = String)]
    pub id: PersonId,
    /// `山*`.
    pub name: String,
    /// `t***@example.jp`; empty when there is none.
    pub email: String,
    /// `***89`; empty when there is none.
    pub phone: String,
    /// Whether LINE reaches them.
    pub has_line: bool,
    /// The language of their notices.
    pub locale: Locale,
    /// ISO 3166-1 code of where they live.
    pub country: Option<String>,
    /// Whether they are under 18, where that is known.
    pub minor: Option<bool>,
}

/// What a mail to one person needs, and no more.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The person.
    pub id: PersonId,
    /// The name as typed; none when the roster had none.
    pub name: Option<Redacted<String>>,
    /// The e-mail address.
    pub email: Redacted<String>,
    /// The language of the mail.
    pub locale: Locale,
}

/// An imported roster and how the import went.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, utoipa::ToSchema,
)]
#[diesel(table_name = rosters)]
pub struct Roster {
    /// The roster.
    #[schema(value_type = String)]
    pub id: RosterId,
    /// The incident.
    pub incident_id: String,
    /// The sealed file that it came from.
    #[schema(value_type = String)]
    pub evidence_id: EvidenceId,
    /// The system that the file was taken from, in the words of whoever imported it.
    pub source_system: String,
    /// A collection point of the catalogue, or empty.
    pub collection_point: String,
    /// JSON list of data item ids: what of these people was exposed.
    pub data_items: String,
    /// Rows below the header.
    pub rows: i64,
    /// People that were new to the incident.
    pub people_added: i64,
    /// Rows that were merged with a person who was there.
    pub duplicates: i64,
    /// Problems that were kept.
    pub problem_count: i64,
    /// An account's id, or `system`.
    pub recorded_by: String,
    /// When it was imported.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
}

impl Roster {
    /// The ids of the data items.
    pub fn items(&self) -> Vec<String> {
        serde_json::from_str(&self.data_items).unwrap_or_default()
    }

    /// Rows that could not be imported.
    pub fn rejected(&self) -> i64 {
        self.rows - self.people_added - self.duplicates
    }
}

/// One problem of an import; it never holds the value.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, utoipa::ToSchema,
)]
#[diesel(table_name = roster_problems, treat_none_as_default_value = false)]
pub struct RosterProblem {
    /// The roster.
    #[schema(value_type = String)]
    pub roster_id: RosterId,
    /// 1, 2, 3 … in the order of the file.
    pub position: i64,
    /// The line in the file, the header being line 1.
    pub row: i64,
    /// A [`Field`]'s text; the header's own words where the column is not kept; empty for the whole row.
    pub column: String,
    /// What is wrong.
    pub reason: Reason,
}

/// How many people an incident affects, and how they can be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Counts {
    /// People, each once.
    pub people: i64,
    /// Of these, with a usable e-mail address: those whom a mail notice reaches.
    pub with_email: i64,
    /// Of these, with a usable telephone number.
    pub with_phone: i64,
    /// Of these, with a LINE user id.
    pub with_line: i64,
    /// Of these, with any of the three.
    pub reachable: i64,
    /// Under 18.
    pub minors: i64,
    /// Known to be 18 or older.
    pub adults: i64,
    /// By ISO 3166-1 code; people without one are missing here.
    pub by_country: BTreeMap<String, i64>,
    /// By the language of their notices.
    pub by_locale: BTreeMap<Locale, i64>,
}

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = people, treat_none_as_default_value = false)]
pub(super) struct PersonRow {
    pub id: PersonId,
    pub incident_id: String,
    pub sealed: Vec<u8>,
    pub locale: Locale,
    pub country: Option<String>,
    pub minor: Option<String>,
    pub has_email: bool,
    pub has_phone: bool,
    pub has_line: bool,
    pub recorded_at: Instant,
}

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = person_keys, treat_none_as_default_value = false)]
pub(super) struct KeyRow {
    pub incident_id: String,
    pub kind: KeyKind,
    pub blind_index: Vec<u8>,
    pub person_id: PersonId,
}

#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = person_rosters, treat_none_as_default_value = false)]
pub(super) struct LinkRow {
    pub roster_id: RosterId,
    pub row: i64,
    pub person_id: PersonId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_instant_keep_the_order_of_their_counter() {
        let now = Instant::from_micros(1_795_000_000_000_000);
        let counters = [
            0,
            1,
            2,
            3,
            4,
            255,
            256,
            1 << 14,
            (1 << 16) + 3,
            1 << 20,
            (1 << 24) - 1,
        ];
        let ids: Vec<_> = counters
            .iter()
            .map(|c| PersonId::in_order(now, *c))
            .collect();
        assert!(ids.is_sorted(), "{ids:?}");
        for id in &ids {
            assert_eq!(&id.as_str().parse::<PersonId>().unwrap(), id);
            assert_eq!(id.as_str().get(14..15), Some("7"));
        }
        assert_ne!(PersonId::in_order(now, 5), PersonId::in_order(now, 5));
    }
}
