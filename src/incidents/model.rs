//! Cases, their kinds and their states.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::AccountId;
use crate::kernel::Instant;
use crate::store::schema::incidents;

crate::ids! {
    /// Names an incident.
    IncidentId;
    /// Names one answer to a question.
    FactId;
    /// Names one statement of a clock start.
    ClockStartId;
    /// Names one decision about a duty.
    RulingId;
    /// Names an action that prevents the next incident.
    ActionId;
}

crate::text_enum! {
    /// What was done to the people: the three kinds of the product.
    pub enum Kind {
        /// 漏えい: data went out, or became unreadable or lost.
        Leak = "leak",
        /// 不正利用: data are used by somebody for a wrong purpose.
        Misuse = "misuse",
        /// プライバシー侵害: something private became known or was shown.
        Privacy = "privacy",
    }
}

crate::text_enum! {
    /// How it happened: three patterns for each kind.
    pub enum Pattern {
        /// サイバー攻撃による大量流出.
        Cyberattack = "cyberattack",
        /// 内部のアクセス権限の不備による誤共有.
        MisconfiguredAccess = "misconfigured-access",
        /// アカウント乗っ取りによる不正メッセージ送信.
        AccountTakeover = "account-takeover",
        /// 詐欺・スパムメール.
        FraudSpam = "fraud-spam",
        /// なりすまし.
        Impersonation = "impersonation",
        /// フィッシング.
        Phishing = "phishing",
        /// 趣味や嗜好の流出.
        Preferences = "preferences",
        /// 位置情報の流出.
        Location = "location",
        /// 画像や写真の不適切な利用.
        Images = "images",
    }
}

impl Pattern {
    /// The kind that a pattern belongs to.
    pub fn kind(self) -> Kind {
        match self {
            Self::Cyberattack | Self::MisconfiguredAccess | Self::AccountTakeover => Kind::Leak,
            Self::FraudSpam | Self::Impersonation | Self::Phishing => Kind::Misuse,
            Self::Preferences | Self::Location | Self::Images => Kind::Privacy,
        }
    }

    /// The id of the playbook for this pattern.
    pub fn playbook_id(self) -> String {
        format!("{}-{self}", self.kind())
    }
}

crate::text_enum! {
    /// How bad it is, as the commander sees it; the law's duties do not hang on it.
    pub enum Severity {
        /// Many people, or danger to somebody.
        One = "1",
        /// Serious.
        Two = "2",
        /// Limited.
        Three = "3",
    }
}

crate::text_enum! {
    /// Whether the response goes on.
    pub enum State {
        /// The response goes on.
        Open = "open",
        /// The response is over.
        Closed = "closed",
    }
}

/// What a declaration holds; a title is enough.
#[derive(Clone, Debug, Default)]
pub struct Declaration {
    /// What happened, in a line.
    pub title: String,
    /// The kind, if it can be said.
    pub kind: Option<Kind>,
    /// The pattern, if it can be said; it decides the kind.
    pub pattern: Option<Pattern>,
    /// The severity, if it can be said.
    pub severity: Option<Severity>,
    /// 訓練: a practice incident, marked so everywhere.
    pub practice: bool,
}

/// An incident as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize, ToSchema)]
#[diesel(table_name = incidents)]
pub struct Incident {
    /// The id.
    pub id: IncidentId,
    /// The number that people say, e.g. `INC-2026-0042`; the year is that of declaring, in the server's zone.
    pub number: String,
    /// What happened, in a line.
    pub title: String,
    /// The kind, once said.
    pub kind: Option<Kind>,
    /// The pattern, once said.
    pub pattern: Option<Pattern>,
    /// The severity, once said.
    pub severity: Option<Severity>,
    /// Whether this is practice.
    pub practice: bool,
    /// Whether the response goes on.
    pub state: State,
    /// Who commands.
    #[schema(value_type = Option<String>)]
    pub commander_id: Option<AccountId>,
    /// Who declared it.
    #[schema(value_type = String)]
    pub declared_by: AccountId,
    /// When it was declared.
    #[schema(value_type = String, format = DateTime)]
    pub declared_at: Instant,
    /// When it was closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Instant>,
    /// Counts changes; a change names the version that it saw.
    pub version: i64,
}

/// What may be changed of an incident later.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The new title.
    pub title: String,
    /// The pattern; it decides the kind.
    pub pattern: Option<Pattern>,
    /// The kind, when there is no pattern yet.
    pub kind: Option<Kind>,
    /// The severity.
    pub severity: Option<Severity>,
    /// The version that the person saw.
    pub version: i64,
}
