//! Ids, states and rows of the outbox.

use serde::{Deserialize, Serialize};

use super::address::{Recipient, Sender};
use super::template::{Content, Variables};
use crate::kernel::{Instant, Locale};
use crate::store::schema::outbox_messages;

crate::ids! {
    /// One message.
    MailId;
    /// One batch: the same notice to many people.
    BatchId;
}

crate::text_enum! {
    /// Where a message stands.
    pub enum State {
        /// It waits for its turn, or for its next attempt.
        Queued = "queued",
        /// A worker holds it, and nothing of it has reached the mail server.
        Claimed = "claimed",
        /// A worker talks to the mail server about it.
        Sending = "sending",
        /// The mail server took it.
        Sent = "sent",
        /// The mail server refused it for good, or it was put off for too long.
        Failed = "failed",
        /// The mail server took it, and it came back: the address does not work.
        Bounced = "bounced",
        /// It may have been taken: the answer was lost. A person or a policy settles it.
        Uncertain = "uncertain",
        /// It was withdrawn before it went out.
        Cancelled = "cancelled",
    }
}

impl State {
    /// Whether a message in this state has come to its end.
    pub fn is_settled(self) -> bool {
        matches!(
            self,
            Self::Sent | Self::Failed | Self::Bounced | Self::Cancelled
        )
    }
}

crate::text_enum! {
    /// Why a message failed for good.
    pub enum Failure {
        /// The address: no such person, mailbox closed or full, host gone.
        Person = "person",
        /// The mail server refused and did not say clearly whom it blames.
        Unclear = "unclear",
        /// The mail server's rules: our address, our host, our name, or what the message looks like.
        Policy = "policy",
        /// This one message: too large, or content that the mail server cannot take.
        Message = "message",
        /// It was put off until the time for it was over.
        Expired = "expired",
        /// What is stored could not be opened or put together.
        Unreadable = "unreadable",
        /// Its fate was unknown, and somebody gave it up.
        GivenUp = "given_up",
    }
}

impl Failure {
    /// Whether a run of such refusals points at us rather than at the people.
    pub(super) fn may_be_ours(self) -> bool {
        matches!(self, Self::Policy | Self::Unclear)
    }
}

/// How urgent a message is; lower goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// Sign-in links, reminders of deadlines: a team waits for them.
    Team,
    /// Notices to many people.
    Bulk,
}

impl Priority {
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Team => 0,
            Self::Bulk => 10,
        }
    }
}

/// A message to one member of the team, already rendered.
#[derive(Clone, Debug)]
pub struct TeamMail {
    /// Who gets it.
    pub to: Recipient,
    /// What it says.
    pub content: Content,
    /// What it is about, for look-up: an account's id, or nothing.
    pub subject_id: Option<String>,
}

/// One person of a batch.
#[derive(Clone)]
pub struct PersonMail {
    /// The person's id, for look-up of the delivery state.
    pub subject_id: String,
    /// Name and address.
    pub to: Recipient,
    /// The person's language.
    pub locale: Locale,
    /// A value for each variable of the batch's template.
    pub variables: Variables,
}

/// What is sealed in a row.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Letter {
    /// A whole message.
    Team {
        from: Sender,
        to: Recipient,
        content: Content,
    },
    /// A person, and the values for the batch's template.
    Person {
        to: Recipient,
        locale: Locale,
        variables: Variables,
    },
}

/// How many messages of a batch stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Counts {
    /// Waiting, for the first or another attempt.
    pub queued: i64,
    /// In a worker's hands.
    pub sending: i64,
    /// Taken by the mail server.
    pub sent: i64,
    /// Refused for good.
    pub failed: i64,
    /// Taken, and come back from further on its way.
    pub bounced: i64,
    /// Perhaps taken.
    pub uncertain: i64,
    /// Withdrawn.
    pub cancelled: i64,
}

impl Counts {
    /// All messages of the batch.
    pub fn total(&self) -> i64 {
        [
            self.queued,
            self.sending,
            self.sent,
            self.failed,
            self.bounced,
            self.uncertain,
            self.cancelled,
        ]
        .iter()
        .sum()
    }

    /// Where messages of a state are counted.
    pub(super) fn place(&mut self, state: State) -> &mut i64 {
        match state {
            State::Queued => &mut self.queued,
            State::Claimed | State::Sending => &mut self.sending,
            State::Sent => &mut self.sent,
            State::Failed => &mut self.failed,
            State::Bounced => &mut self.bounced,
            State::Uncertain => &mut self.uncertain,
            State::Cancelled => &mut self.cancelled,
        }
    }

    /// Whether nothing waits or is under way any more.
    pub fn is_settled(&self) -> bool {
        self.queued == 0 && self.sending == 0
    }
}

/// The delivery of one message, without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, diesel::Queryable, diesel::Selectable)]
#[diesel(table_name = outbox_messages)]
pub struct Delivery {
    /// The message.
    pub id: MailId,
    /// Whom it is for, by id.
    pub subject_id: Option<String>,
    /// Where it stands.
    pub state: State,
    /// How often the mail server put it off or took it.
    pub attempts: i64,
    /// When the next attempt may be made.
    pub due_at: Instant,
    /// When it was sent, failed or withdrawn.
    pub settled_at: Option<Instant>,
    /// The mail server's last code, e.g. 550.
    pub reply_code: Option<i64>,
    /// The mail server's last words, without addresses.
    pub reply: Option<String>,
    /// When it was queued.
    pub created_at: Instant,
    /// Why it failed, when it did.
    pub failure: Option<Failure>,
}

/// Why the worker stopped a batch by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Halt {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// The mail server's code at the last refusal.
    pub code: Option<i64>,
    /// Its words, without addresses.
    pub reply: String,
}

/// A batch whose people may not all have been told of yet, as [`super::news`] gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchNews {
    /// The batch.
    pub id: BatchId,
    /// How many messages stand where.
    pub counts: Counts,
    /// When the last message was sent, failed or withdrawn.
    pub settled_until: Option<Instant>,
}

/// How far a batch has come; reading it costs the same at a million messages as at one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Progress {
    /// How many messages stand where.
    pub counts: Counts,
    /// How many were sent in the last minute.
    pub per_minute: i64,
    /// How many seconds the waiting ones take at that rate; nothing while none is being sent.
    pub seconds_left: Option<i64>,
    /// Since when somebody, or the worker, stopped the batch.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paused_at: Option<Instant>,
    /// Why the worker stopped it by itself: too many refusals in a row that point at us.
    pub halt: Option<Halt>,
    /// Since when all bulk mail of the server is stopped.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub bulk_stopped_at: Option<Instant>,
}

/// How a person settles a message whose fate is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// The mail server's log shows that it was taken.
    WasSent,
    /// It goes out again, at the risk that somebody gets it twice.
    SendAgain,
    /// It is given up.
    GiveUp,
}

/// What an attempt came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Taken.
    Sent(Reply),
    /// Put off by the server, which spoke of this message; whether its mailbox is full.
    Deferred(Reply, bool),
    /// Refused for good.
    Refused(Reply, Failure),
    /// The connection or the account is the trouble; the message has no part in it.
    Trouble(Reply),
    /// The content went out, and no answer came back.
    Unknown(Reply),
}

/// A mail server's answer, or our words for its absence; never an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reply {
    pub code: Option<u16>,
    pub text: String,
}

impl Reply {
    /// Our own words, where the server said nothing.
    pub(super) fn ours(text: impl Into<String>) -> Self {
        Self {
            code: None,
            text: text.into(),
        }
    }
}
