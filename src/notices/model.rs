//! Notices, their versions, and the proof that one was approved.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::chain::Stage;
use super::sheet::{self, NoticeChannel, Part, Sheet};
use crate::accounts::AccountId;
use crate::affected::Filter;
use crate::kernel::{Instant, Locale, LocaleText, Sha256};
use crate::outbox::BatchId;
use crate::store::schema::{approvals, dispatches, notices};

crate::ids! {
    /// Names a notice.
    NoticeId;
    /// Names one decision on a notice.
    ApprovalId;
    /// Names one report to an authority.
    FilingId;
}

crate::text_enum! {
    /// What a notice is, and for whom; `content/notices/<kind>.toml` says the rest.
    pub enum NoticeKind {
        /// 個人情報保護委員会への速報 (APPI Rules art. 8(1)).
        PpcPreliminary = "ppc_preliminary",
        /// 個人情報保護委員会への確報 (APPI Rules art. 8(2)).
        PpcFinal = "ppc_final",
        /// 特定個人情報の漏えい等の報告 (My Number Act art. 29-4).
        MyNumberReport = "my_number_report",
        /// 総務省への報告 (Telecommunications Business Act art. 28).
        MicTelecomReport = "mic_telecom_report",
        /// プライバシーマークの事故報告.
        PMarkReport = "p_mark_report",
        /// The notification to a supervisory authority (GDPR art. 33).
        GdprAuthority = "gdpr_authority",
        /// A letter to any other authority.
        AuthorityLetter = "authority_letter",
        /// 本人への通知 by e-mail (APPI Rules art. 10, GDPR art. 34).
        CustomerEmail = "customer_email",
        /// 本人への通知 by letter.
        CustomerLetter = "customer_letter",
        /// 本人への通知 by a message of a LINE Official Account.
        CustomerLine = "customer_line",
        /// 委託元への通知 (APPI art. 26(1) proviso, GDPR art. 33(2)).
        DelegatorNotice = "delegator_notice",
        /// 公表 on the website (APPI art. 26(2) proviso).
        Publication = "publication",
        /// 報道発表資料.
        PressRelease = "press_release",
        /// 電話応対用の想定問答.
        CallCentreQa = "call_centre_qa",
        /// 社内通知.
        InternalNotice = "internal_notice",
    }
}

impl NoticeKind {
    /// Everything that is fixed about such a notice.
    pub fn sheet(self) -> &'static Sheet {
        sheet::of(self)
    }

    /// The parts of such a notice, in the order of the form.
    pub fn parts(self) -> &'static [Part] {
        &self.sheet().parts
    }

    /// Whether such a notice serves a duty.
    pub fn serves(self, duty_id: &str) -> bool {
        self.sheet().duties.iter().any(|duty| duty == duty_id)
    }

    /// Whether it goes to each affected person.
    pub fn is_sent_to_people(self) -> bool {
        self.sheet().is_for_people()
    }
}

crate::text_enum! {
    /// Where a notice stands.
    pub enum NoticeState {
        /// 起案中: being written.
        Draft = "draft",
        /// 承認待ち: waits for the people of its chain.
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
        /// An approver let somebody else decide in their place.
        Delegated = "delegated",
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
    /// The people whom it goes to, as JSON of [`Audience`]; empty where it goes to no person.
    pub audience: String,
    /// The people who approve it, as JSON of [`Stage`]s; empty before it is handed in.
    pub chain: String,
    /// How many of them have approved.
    pub stage: i64,
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
    /// What was known when it was drafted, in the words that stand in it, by fact.
    pub known: BTreeMap<String, LocaleText>,
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
    /// SHA-256 of the frozen bytes, when handed in or approved.
    pub digest: Option<String>,
    /// The frozen bytes, when handed in.
    #[serde(skip)]
    pub bytes: Option<Vec<u8>>,
    /// When.
    pub recorded_at: Instant,
    /// Which stage of the chain it is of, counted from 0.
    pub stage: i64,
    /// Its place among the decisions about the notice, counted from 0; two may fall on one instant.
    pub number: i64,
}

/// Proof that these very bytes were approved by a second person; only [`super::approved`] makes one.
#[derive(Clone, Debug)]
pub struct Approved {
    pub(super) notice: Notice,
    pub(super) frozen: Frozen,
    pub(super) digest: Sha256,
}

impl Notice {
    /// The people whom it goes to.
    pub fn audience(&self) -> Option<Audience> {
        serde_json::from_str(&self.audience).ok()
    }

    /// The people who approve it, in order.
    pub fn chain(&self) -> Vec<Stage> {
        serde_json::from_str(&self.chain).unwrap_or_default()
    }

    /// [`Notice::chain`], or the one of its kind before it is handed in.
    pub fn expected_chain(&self) -> Vec<Stage> {
        let chain = self.chain();
        if !chain.is_empty() {
            return chain;
        }
        let roles = self.kind.sheet().chain.iter();
        roles
            .map(|role| Stage {
                role: *role,
                stand_in: false,
                delegate: None,
            })
            .collect()
    }

    /// Whose turn it is, while it waits for approval.
    pub fn current_stage(&self) -> Option<Stage> {
        let place = usize::try_from(self.stage).ok()?;
        let waits = self.state == NoticeState::Submitted;
        waits.then(|| self.chain().into_iter().nth(place)).flatten()
    }
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
    /// Whom it goes to, for notices to people.
    #[serde(default)]
    pub audience: Option<Audience>,
}

/// The people whom a notice goes to, and how many they were when it was handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Which people of the register.
    pub filter: Filter,
    /// How many they are; they are counted when the notice is handed in.
    #[serde(default)]
    pub people: i64,
}

/// A notice on its way to people.
#[derive(Clone, Debug, Queryable, Insertable, Serialize, ToSchema)]
#[diesel(table_name = dispatches)]
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
    /// How many people it goes to.
    pub audience: i64,
    /// How many affected people it does not reach.
    pub unreachable: i64,
    /// Who sent it.
    #[schema(value_type = String)]
    pub recorded_by: AccountId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// How it goes.
    pub channel: NoticeChannel,
    /// Which people of the register, as JSON of a filter.
    pub filter: String,
    /// The place in the register up to which messages were queued; empty before the first.
    pub reached: String,
    /// When the last message was queued, or the handing over was confirmed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub complete_at: Option<Instant>,
    /// How it was handed over, in words; for letters and LINE.
    pub handed_over: String,
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
