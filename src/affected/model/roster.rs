//! Rosters, their states and the problems of their files.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::evidence::EvidenceId;
use crate::kernel::{Instant, Problem, Result};
use crate::sheets::Reading;
use crate::store::schema::{roster_problems, rosters};

crate::ids! {
    /// Names one roster.
    RosterId;
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
        /// 都道府県, state, province.
        Region = "region",
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
        /// Which data items were exposed of this person.
        DataItems = "data-items",
    }
}

crate::text_enum! {
    /// What is wrong with a row or a cell; its words stand under `roster-problem-<reason>`.
    pub enum Reason {
        /// The header's column is none that we keep.
        ColumnNotKept = "column-not-kept",
        /// The row has more cells than the header; it was not imported.
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
        /// No state, province or prefecture that we know; kept as typed.
        UnknownRegion = "unknown-region",
        /// No language that our notices have; kept as typed.
        UnknownLanguage = "unknown-language",
        /// Neither yes nor no; kept as typed.
        UnknownAnswer = "unknown-answer",
        /// No date of birth; kept as typed.
        BadDate = "bad-date",
        /// No data item of the catalogue; kept as typed.
        UnknownDataItem = "unknown-data-item",
        /// Neither e-mail, telephone nor LINE; the person counts, but cannot be reached.
        NoContact = "no-contact",
        /// The person stands in an earlier row of this file; merged.
        DuplicateInFile = "duplicate-in-file",
        /// The person stands in an earlier roster of this incident; merged.
        DuplicateOfEarlierRoster = "duplicate-of-earlier-roster",
        /// The row was merged with a person of another name; somebody has to decide whether they are two.
        NameDiffers = "name-differs",
        /// Another person has the same contact; counted as two until somebody decides.
        SharedContact = "shared-contact",
    }
}

impl Reason {
    /// Whether the row was imported all the same.
    pub fn keeps_row(self) -> bool {
        !matches!(self, Self::WrongColumnCount | Self::EmptyRow)
    }

    /// Whether the row should be corrected and handed in again; the others only inform.
    pub fn asks_for_correction(self) -> bool {
        !matches!(
            self,
            Self::ColumnNotKept
                | Self::DuplicateInFile
                | Self::DuplicateOfEarlierRoster
                | Self::NameDiffers
                | Self::SharedContact
        )
    }
}

crate::text_enum! {
    /// How far a roster has come; its words stand under `roster-state-<state>`.
    pub enum RosterState {
        /// Read through; its columns wait to be confirmed.
        Draft = "draft",
        /// Waits for the importer.
        Waiting = "waiting",
        /// Rows go in.
        Importing = "importing",
        /// Stopped by a person; goes on where it stopped.
        Paused = "paused",
        /// Every row was taken.
        Imported = "imported",
        /// It is being taken back.
        Undoing = "undoing",
        /// Taken back whole.
        Undone = "undone",
        /// It could not be read; nothing of it stays.
        Failed = "failed",
    }
}

impl RosterState {
    /// Whether the importer works on it, or will.
    pub fn is_at_work(self) -> bool {
        matches!(self, Self::Waiting | Self::Importing | Self::Undoing)
    }

    /// Whether people of this roster are, or may be, in the register.
    pub fn counts(self) -> bool {
        !matches!(self, Self::Draft | Self::Undone | Self::Failed)
    }
}

/// How the file is read, and which column holds what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Encoding, delimiter, sheet.
    pub reading: Reading,
    /// The row of the header; 0 where the file has none.
    pub header_row: u64,
    /// What each column holds, in the order of the file; none where it is not kept.
    pub columns: Vec<Option<Field>>,
    /// What the header calls each column; `#3` where that might be a value.
    pub names: Vec<String>,
}

impl Layout {
    /// Whether any column helps to find or to reach a person.
    pub fn is_usable(&self) -> bool {
        use Field::{CustomerNumber, Email, FamilyName, GivenName, LineUserId, Name, Phone};
        let useful = [
            Name,
            FamilyName,
            GivenName,
            Email,
            Phone,
            LineUserId,
            CustomerNumber,
        ];
        useful
            .iter()
            .any(|field| self.columns.contains(&Some(*field)))
    }
}

/// A roster, how far its import has come and how it went.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, utoipa::ToSchema,
)]
#[diesel(table_name = rosters, treat_none_as_default_value = false)]
pub struct Roster {
    /// The roster.
    #[schema(value_type = String)]
    pub id: RosterId,
    /// The incident.
    pub incident_id: String,
    /// The sealed file that it came from.
    #[schema(value_type = String)]
    pub evidence_id: EvidenceId,
    /// 1, 2, 3 … within the incident.
    pub number: i64,
    /// The system that the file was taken from, in the words of whoever imported it.
    pub source_system: String,
    /// A collection point of the catalogue, or empty.
    pub collection_point: String,
    /// JSON list of data item ids: what of these people was exposed.
    pub data_items: String,
    /// The first day on which these data were collected or used, ISO; none where it is not known.
    pub period_from: Option<String>,
    /// The last such day.
    pub period_to: Option<String>,
    /// JSON of [`Layout`].
    #[serde(skip)]
    pub layout: String,
    /// The roster whose problems this one corrects, by its id.
    #[schema(value_type = Option<String>)]
    pub corrects: Option<RosterId>,
    /// How far it has come.
    pub state: RosterState,
    /// Why it failed: JSON of the problem's reason and row.
    pub failure: Option<String>,
    /// Rows below the header that the file holds.
    pub total_rows: i64,
    /// The last row of the file that was taken; an import goes on behind it.
    #[serde(skip)]
    pub last_row: i64,
    /// The last person whose keys can be looked up.
    #[serde(skip)]
    pub indexed_through: i64,
    /// Rows that were taken.
    pub rows: i64,
    /// People that were new to the incident.
    pub people_added: i64,
    /// Rows that were merged with a person who was there.
    pub duplicates: i64,
    /// Problems that were kept.
    pub problem_count: i64,
    /// Questions whether rows are one person.
    pub conflict_count: i64,
    /// An account's id, or `system`.
    pub recorded_by: String,
    /// When it was handed in.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// When the importer last began or went on.
    #[serde(skip)]
    pub resumed_at: Option<Instant>,
    /// Rows that had been taken by then.
    #[serde(skip)]
    pub resumed_rows: i64,
    /// When the importer last wrote.
    #[serde(skip)]
    pub touched_at: Option<Instant>,
    /// When the last row was taken, or the roster taken back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Instant>,
}

/// How an import gets on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Progress {
    /// Rows that were taken.
    pub rows: i64,
    /// Rows below the header.
    pub total: i64,
    /// 0 to 100.
    pub percent: i64,
    /// Rows a second since the importer last began.
    pub per_second: i64,
    /// Seconds that are left at this rate; none when nothing was measured yet.
    pub seconds_left: Option<i64>,
}

impl Roster {
    /// The ids of the data items.
    pub fn items(&self) -> Vec<String> {
        serde_json::from_str(&self.data_items).unwrap_or_default()
    }

    /// How its file is read.
    ///
    /// # Errors
    /// [`crate::kernel::Code::Internal`] when the stored text is none of ours.
    pub fn layout(&self) -> Result<Layout> {
        serde_json::from_str(&self.layout).map_err(Problem::internal)
    }

    /// Rows that could not be imported.
    pub fn rejected(&self) -> i64 {
        self.rows - self.people_added - self.duplicates
    }

    /// How the import gets on at `now`.
    pub fn progress(&self, now: Instant) -> Progress {
        let until = self
            .touched_at
            .filter(|_| !self.state.is_at_work())
            .unwrap_or(now);
        let seconds = self.resumed_at.map_or(0, |since| {
            until.as_millis().saturating_sub(since.as_millis()).max(0)
        });
        let done = self.rows.saturating_sub(self.resumed_rows);
        let per_second = if seconds > 0 {
            done.saturating_mul(1_000) / seconds
        } else {
            0
        };
        let left = self.total_rows.saturating_sub(self.rows).max(0);
        Progress {
            rows: self.rows,
            total: self.total_rows,
            percent: (self.rows.saturating_mul(100))
                .checked_div(self.total_rows)
                .unwrap_or(0)
                .clamp(0, 100),
            per_second,
            seconds_left: (per_second > 0).then(|| left / per_second),
        }
    }
}

/// One problem of an import; it holds the value only under a mask.
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
    /// The line in the file, the first being line 1.
    pub row: i64,
    /// A [`Field`]'s text; the header's own words where the column is not kept; empty for the whole row.
    pub column: String,
    /// What stands in the cell, masked.
    pub masked: String,
    /// What is wrong.
    pub reason: Reason,
}
