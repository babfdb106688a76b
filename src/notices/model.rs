//! Notices, their versions, and the proof that one was approved.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::AccountId;
use crate::kernel::{Instant, Locale, LocaleText, Sha256};
use crate::outbox::BatchId;
use crate::store::schema::{approvals, notices};

crate::ids! {
    /// Names a notice.
    NoticeId;
    /// Names one decision on a notice.
    ApprovalId;
    /// Names one report to an authority.
    FilingId;
}

crate::text_enum! {
    /// What a notice is, and for whom.
    pub enum NoticeKind {
        /// 個人情報保護委員会への速報 (APPI Rules art. 8(1)).
        PpcPreliminary = "ppc_preliminary",
        /// 本人への通知 by e-mail (APPI Rules art. 10, GDPR art. 34).
        CustomerEmail = "customer_email",
    }
}

impl NoticeKind {
    /// The parts of such a notice, in the order of the form.
    pub fn parts(self) -> &'static [&'static str] {
        match self {
            Self::PpcPreliminary => &[
                "reporter",
                "report_type",
                "overview",
                "items",
                "people",
                "cause",
                "secondary_damage",
                "response_to_people",
                "publication",
                "prevention",
                "other",
            ],
            Self::CustomerEmail => &["subject", "body"],
        }
    }

    /// The duties that such a notice serves.
    pub fn duties(self) -> &'static [&'static str] {
        match self {
            Self::PpcPreliminary => &["jp-appi/preliminary-report"],
            Self::CustomerEmail => &[
                "jp-appi/notice-to-principals",
                "eu-gdpr/communicate-to-data-subjects",
            ],
        }
    }

    /// Whether it goes to affected people, by mail.
    pub fn is_sent_to_people(self) -> bool {
        self == Self::CustomerEmail
    }
}

crate::text_enum! {
    /// Where a notice stands.
    pub enum NoticeState {
        /// 起案中: being written.
        Draft = "draft",
        /// 承認待ち: waits for a second person.
        Submitted = "submitted",
        /// 承認済み: its bytes are frozen.
        Approved = "approved",
        /// 提出済み・送信済み: filed, or handed to the outbox.
        Issued = "issued",
    }
}

crate::text_enum! {
    /// What somebody decided about a version.
    pub enum Decision {
        /// Handed in for approval.
        Submitted = "submitted",
        /// Approved.
        Approved = "approved",
        /// Sent back with a reason.
        SentBack = "sent-back",
    }
}

/// The texts of a notice, part by part, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Content(pub BTreeMap<String, LocaleText>);

impl Content {
    /// The text of a part; empty when there is none.
    pub fn part(&self, key: &str, locale: Locale) -> &str {
        self.0.get(key).map_or("", |text| text.get(locale))
    }
}

/// A notice as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize, ToSchema)]
#[diesel(table_name = notices)]
pub struct Notice {
    /// The id.
    #[schema(value_type = String)]
    pub id: NoticeId,
    /// The incident.
    pub incident_id: String,
    /// What it is.
    pub kind: NoticeKind,
    /// Where it stands.
    pub state: NoticeState,
    /// The newest version.
    pub version: i64,
    /// Who began it.
    #[schema(value_type = String)]
    pub created_by: AccountId,
    /// When it was begun.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    /// When it changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Instant,
}

/// One version of a notice's texts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Version {
    /// 1, 2, 3 …
    pub version: i64,
    /// The texts.
    pub content: Content,
    /// Facts that were not known when it was drafted.
    pub gaps: Vec<String>,
    /// Who wrote it.
    #[schema(value_type = String)]
    pub author_id: AccountId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
}

/// One decision about a notice.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = approvals)]
pub struct Approval {
    /// The id.
    pub id: ApprovalId,
    /// The notice.
    pub notice_id: NoticeId,
    /// The version that was decided about.
    pub version: i64,
    /// What was decided.
    pub decision: Decision,
    /// By whom.
    pub account_id: AccountId,
    /// Why it was sent back.
    pub reason: Option<String>,
    /// SHA-256 of the frozen bytes, when approved.
    pub digest: Option<String>,
    /// The frozen bytes, when approved.
    #[serde(skip)]
    pub bytes: Option<Vec<u8>>,
    /// When.
    pub recorded_at: Instant,
}

/// Proof that these very bytes were approved by a second person; only [`super::approved`] makes one.
#[derive(Clone, Debug)]
pub struct Approved {
    pub(super) notice: Notice,
    pub(super) frozen: Frozen,
    pub(super) digest: Sha256,
}

impl Approved {
    /// The notice.
    pub fn notice(&self) -> &Notice {
        &self.notice
    }

    /// What goes out.
    pub fn frozen(&self) -> &Frozen {
        &self.frozen
    }

    /// SHA-256 of what goes out.
    pub fn digest(&self) -> Sha256 {
        self.digest
    }
}

/// What an approval freezes; its JSON is what the digest covers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Frozen {
    /// The notice.
    pub notice_id: NoticeId,
    /// What it is.
    pub kind: NoticeKind,
    /// The approved version.
    pub version: i64,
    /// The texts.
    pub content: Content,
    /// The HTML body in each language, for notices that go out by mail.
    pub html: Option<LocaleText>,
}

/// A notice handed to the outbox.
#[derive(Clone, Debug, Queryable, Serialize, ToSchema)]
pub struct Dispatch {
    /// The id: that of the outbox batch.
    #[schema(value_type = String)]
    pub id: BatchId,
    /// The incident.
    pub incident_id: String,
    /// The notice.
    #[schema(value_type = String)]
    pub notice_id: NoticeId,
    /// SHA-256 of the approved bytes.
    pub digest: String,
    /// How many people it was queued for.
    pub audience: i64,
    /// How many affected people have no usable address.
    pub unreachable: i64,
    /// Who sent it.
    #[schema(value_type = String)]
    pub recorded_by: AccountId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
}

crate::text_enum! {
    /// How far a report goes; its words stand under `filing-stage-<stage>`.
    pub enum FilingStage {
        /// What is known so far; more will follow.
        Preliminary = "preliminary",
        /// More, or corrections, before the last.
        Additional = "additional",
        /// Everything.
        Final = "final",
    }
}

/// A report that was made to an authority.
#[derive(Clone, Debug, Queryable, Serialize, ToSchema)]
pub struct Filing {
    /// The id.
    #[schema(value_type = String)]
    pub id: FilingId,
    /// The incident.
    pub incident_id: String,
    /// The duty that it serves, e.g. `jp-appi/preliminary-report`.
    pub duty_id: String,
    /// The approved notice that was filed, if it was written here.
    #[schema(value_type = Option<String>)]
    pub notice_id: Option<NoticeId>,
    /// When it was filed.
    #[schema(value_type = String, format = DateTime)]
    pub filed_at: Instant,
    /// The receipt number of the authority; may be empty.
    pub receipt: String,
    /// Who recorded it.
    #[schema(value_type = String)]
    pub recorded_by: AccountId,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// How far it goes.
    pub stage: FilingStage,
    /// Why it was late, where it was; the law may ask for it.
    pub late_reason: String,
    /// What was known of each item that the law wants said, as a JSON object of words in both languages.
    pub contents: String,
}
