//! One person: ids, records, masks, keys.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Field, NoticeState};
use crate::kernel::{Locale, Redacted};
use crate::store::schema::{people, person_keys, person_rows};

/// Names one affected person of this server: 1, 2, 3 … in the order of import.
///
/// A number and no UUID, because a million of them stand in two tables and an
/// index; it is no secret and tells nothing but the order.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
#[serde(transparent)]
pub struct PersonId(pub(in crate::affected) i64);

impl PersonId {
    /// The number.
    pub fn number(self) -> i64 {
        self.0
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PersonId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl<DB> diesel::serialize::ToSql<diesel::sql_types::BigInt, DB> for PersonId
where
    DB: diesel::backend::Backend,
    i64: diesel::serialize::ToSql<diesel::sql_types::BigInt, DB>,
{
    fn to_sql<'b>(
        &'b self,
        out: &mut diesel::serialize::Output<'b, '_, DB>,
    ) -> diesel::serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB> diesel::deserialize::FromSql<diesel::sql_types::BigInt, DB> for PersonId
where
    DB: diesel::backend::Backend,
    i64: diesel::deserialize::FromSql<diesel::sql_types::BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        i64::from_sql(bytes).map(Self)
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

/// Everything that is known of one person, as it was typed; sealed as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
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
    /// The language of their notices, where a row says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    /// ISO 3166-1 code of where they live.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// ISO 3166-2 code of the state, province or prefecture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Whether they are under 18, where that is known; on the day of the import.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minor: Option<bool>,
    /// The row in the file, where the person stands in one row only.
    #[serde(skip_serializing_if = "is_zero")]
    pub row: i64,
    /// Ids of data items that their own rows name.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub data_items: BTreeSet<String>,
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// One person with everything that is known; only [`crate::affected::reveal`] gives it.
#[derive(Clone, Debug)]
pub struct Person {
    /// The person.
    pub id: PersonId,
    /// What is known.
    pub record: Record,
    /// The language of their notices.
    pub locale: Locale,
    /// What they were told.
    pub notice_state: NoticeState,
    /// The rows that they stand in: the roster's number, and the row in its file.
    pub rows: Vec<(i64, i64)>,
}

/// One person as the pages show them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MaskedPerson {
    /// The person.
    #[schema(value_type = i64)]
    pub id: PersonId,
    /// `山*`.
    pub name: String,
    /// `t***@example.jp`; empty when there is none.
    pub email: String,
    /// `***89`; empty when there is none.
    pub phone: String,
    /// Whether LINE reaches them.
    pub has_line: bool,
    /// Whether a letter reaches them.
    pub has_post: bool,
    /// The language of their notices.
    pub locale: Locale,
    /// ISO 3166-1 code of where they live.
    pub country: Option<String>,
    /// ISO 3166-2 code of the state, province or prefecture.
    pub region: Option<String>,
    /// Whether they are under 18, where that is known.
    pub minor: Option<bool>,
    /// What they were told.
    pub notice_state: NoticeState,
    /// The numbers of the rosters that they stand in.
    pub rosters: Vec<i64>,
    /// Ids of the data items that were exposed of them.
    pub data_items: Vec<String>,
}

/// What a notice to one person needs, and no more.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The person.
    pub id: PersonId,
    /// The name as typed; none when the roster had none.
    pub name: Option<Redacted<String>>,
    /// The e-mail address.
    pub email: Option<Redacted<String>>,
    /// The id that LINE gave them.
    pub line_user_id: Option<Redacted<String>>,
    /// The number that the organisation gave them.
    pub customer_number: Option<Redacted<String>>,
    /// The language of their notices.
    pub locale: Locale,
    /// Ids of the data items that were exposed of them.
    pub data_items: Vec<String>,
}

/// A person as stored. `blind_indexes` holds 17 bytes a key: its kind, then the index.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = people, treat_none_as_default_value = false)]
pub(in crate::affected) struct PersonRow {
    pub id: PersonId,
    pub group_id: i64,
    pub sealed: Vec<u8>,
    pub blind_indexes: Vec<u8>,
}

/// One row of a roster that was joined with another to one person, sealed as it was read.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = person_rows, treat_none_as_default_value = false)]
pub(in crate::affected) struct SourceRow {
    pub person_id: PersonId,
    pub roster_number: i64,
    pub row: i64,
    pub sealed: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Queryable, Insertable)]
#[diesel(table_name = person_keys, treat_none_as_default_value = false)]
pub(in crate::affected) struct KeyRow {
    pub blind_index: Vec<u8>,
    pub person_id: PersonId,
}
