//! Mail that came back: delivery status notifications (RFC 3464), and what mail services report.
//!
//! In come bytes, or the fields of a service's report; out goes what became of a
//! message. Whoever knows a message's id may report about it, as only we, the
//! servers on its way and its recipient do; every other report is counted and
//! changes nothing. What is kept of a server's words holds no address.

mod folder;
mod report;
mod rules;
mod store;

pub use folder::{Drop, Folder};
pub use report::read;
pub use rules::{Action, Verdict};

use serde::Serialize;
use utoipa::ToSchema;

use super::address::EmailAddress;
use super::model::{Letter, MailId, State};
use super::purpose;
use super::rules::keepable;
use crate::kernel::{Code, Instant, Result};
use crate::store::Conn;
use crate::vault::{Scope, Vault};

/// The largest returned mail that is read, in bytes. Ours are far smaller, also with their text.
pub const LIMIT: usize = 1 << 20;

/// What a report says of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounce {
    /// The message's own `Message-ID`, with or without its brackets.
    pub message_id: String,
    /// What became of it.
    pub action: Option<Action>,
    /// The enhanced status code (RFC 3463), e.g. 5.1.1; empty when there was none.
    pub status: String,
    /// The server's words; may hold addresses until it is kept.
    pub diagnostic: String,
}

crate::text_enum! {
    /// What taking a report came to.
    pub enum Taken {
        /// The message did not arrive, and will not.
        Bounced = "bounced",
        /// It did not arrive within the time that servers on its way gave it.
        Failed = "failed",
        /// It is still on its way; only noted.
        Delayed = "delayed",
        /// It is on its way or has arrived: nothing to note.
        NotFailed = "not_failed",
        /// Somebody's automatic answer, such as a holiday notice.
        AutoReply = "auto_reply",
        /// A mail, but no report.
        NoReport = "no_report",
        /// A report about no message of ours, or one that is made up.
        Unknown = "unknown",
        /// Nothing new: the message's fate was known.
        Known = "known",
        /// It could not be read as a mail.
        Unreadable = "unreadable",
        /// It is larger than a report can be.
        TooLarge = "too_large",
        /// The message is just being sent: the report is to come again.
        Early = "early",
    }
}

/// How often taking a report came to what, and when last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, diesel::Queryable)]
pub struct Tally {
    /// What it came to.
    pub taken: Taken,
    /// How often.
    pub number: i64,
    /// When last.
    #[schema(value_type = String, format = DateTime)]
    pub last_at: Instant,
}

impl Taken {
    /// Whether the report belonged to a message of ours, so that it is kept among the done ones.
    pub fn is_ours(self) -> bool {
        matches!(
            self,
            Self::Bounced | Self::Failed | Self::Delayed | Self::NotFailed | Self::Known
        )
    }
}

/// Takes what was read of a returned mail, or why nothing was; counts it.
///
/// # Errors
/// The database's own error.
pub fn take(
    tx: &mut Conn,
    vault: &Vault,
    now: Instant,
    read: std::result::Result<&Bounce, Taken>,
) -> Result<Taken> {
    let taken = match read {
        Ok(bounce) => settle(tx, vault, now, bounce)?,
        Err(why) => why,
    };
    // An early one comes again, and is counted then.
    if taken != Taken::Early {
        store::count(tx, taken, now)?;
    }
    Ok(taken)
}

/// What taking reports came to so far.
///
/// # Errors
/// The database's own error.
pub fn tallies(conn: &mut Conn) -> Result<Vec<Tally>> {
    Ok(store::tallies(conn)?)
}

fn settle(tx: &mut Conn, vault: &Vault, now: Instant, bounce: &Bounce) -> Result<Taken> {
    let wanted = format!(
        "<{}>",
        bounce.message_id.trim().trim_matches(['<', '>']).trim()
    );
    let id = wanted
        .get(1..)
        .and_then(|rest| rest.split('@').next())
        .and_then(|id| id.parse::<MailId>().ok());
    let Some(row) = id.map(|id| store::sent(tx, &id)).transpose()?.flatten() else {
        return Ok(Taken::Unknown);
    };
    // The whole of it: an id with another domain was not read from a mail of ours.
    if row.message_id != wanted {
        return Ok(Taken::Unknown);
    }
    let verdict = rules::verdict(bounce.action, &bounce.status, &bounce.diagnostic);
    let (state, taken) = match verdict {
        Verdict::Nothing => return Ok(Taken::NotFailed),
        Verdict::Delayed => (None, Taken::Delayed),
        Verdict::Expired => (Some(State::Failed), Taken::Failed),
        Verdict::Bounced => (Some(State::Bounced), Taken::Bounced),
    };
    match row.state {
        // Taken for lost, and now it is known that it was sent.
        State::Sent | State::Uncertain => {}
        State::Claimed | State::Sending => return Ok(Taken::Early),
        State::Queued | State::Failed | State::Bounced | State::Cancelled => {
            return Ok(Taken::Known);
        }
    }
    let recipient = recipient(tx, vault, now, &row)?;
    // Without knowing the address nobody can tell whether it stands in the server's words.
    let diagnostic = recipient.as_ref().map_or("", |_| &bounce.diagnostic);
    let words = keepable(
        &rules::words(verdict, &bounce.status, diagnostic),
        recipient.as_ref(),
    );
    let changed = match state {
        Some(state) => {
            let code = rules::reply_code(&bounce.diagnostic);
            store::fail(tx, &row, state, now, code, &words)?
        }
        None => store::note(tx, &row.id, &words)?,
    };
    Ok(if changed { taken } else { Taken::Known })
}

/// Whom the message was for, so that the address can be kept out of what is written down.
///
/// None when the personal data were destroyed.
fn recipient(
    tx: &mut Conn,
    vault: &Vault,
    now: Instant,
    row: &store::Sent,
) -> Result<Option<EmailAddress>> {
    if row.sealed.is_empty() {
        return Ok(None);
    }
    let key = match vault.key(tx, &Scope::from_stored(row.scope.clone()), now) {
        Ok(key) => key,
        Err(problem) if problem.code == Code::Purged => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let letter = key.open(&purpose(row.id.as_str()), &row.sealed)?;
    Ok(match serde_json::from_slice(&letter)? {
        Letter::Team { to, .. } | Letter::Person { to, .. } => Some(to.address().clone()),
    })
}
