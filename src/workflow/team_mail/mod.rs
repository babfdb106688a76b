//! Mails to the team, one file a kind.
//!
//! What is due is computed from the database at every tick, so that what was
//! missed while the server was down goes out on return, once. A mail about steps,
//! approvals or the day waits while its person has quiet hours, and is not sent to
//! who does not want it. A deadline of the law waits for nobody.

mod approvals;
mod assigned;
mod deadlines;
mod digest;
mod escalation;
mod ledger;

use jiff::SignedDuration;

pub(super) use deadlines::threshold_words;
use ledger::Item;

use super::House;
use crate::accounts::{self, Account, MailWishes};
use crate::incidents::Incident;
use crate::kernel::{Instant, Locale, Result, locale};
use crate::outbox::TeamMessage;
use crate::playbooks::Step;
use crate::store::Conn;

/// How long is remembered which day's mail was sent.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

impl House {
    /// Queues every mail to the team that is due; gives how many.
    ///
    /// # Errors
    /// The database's own error; what was not queued is at the next tick.
    pub async fn mail_the_team(&self) -> Result<usize> {
        let mut queued = self.remind().await?;
        queued += self.escalate().await?;
        queued += self.tell_assigned().await?;
        queued += self.remind_of_approvals().await?;
        queued += self.send_digests().await?;
        Ok(queued)
    }

    /// Forgets which day's mails were sent a month ago.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn sweep_team_mails(&self) -> Result<usize> {
        let before = self.clock.now().minus(KEPT);
        self.store
            .write(move |tx| Ok(ledger::sweep(tx, before)?))
            .await
    }

    /// Queues a mail unless its item was there; gives how many it queued.
    fn mail_once(
        &self,
        tx: &mut Conn,
        now: Instant,
        account: &Account,
        item: Item<'_>,
        message: TeamMessage,
        variables: &[(&str, String)],
    ) -> Result<usize> {
        if !item.insert(tx, now, true)? {
            return Ok(0);
        }
        self.mail_to(tx, now, account, message, variables)?;
        Ok(1)
    }

    /// What a person wishes, and whether they have quiet hours now.
    fn wishes(
        &self,
        conn: &mut Conn,
        now: Instant,
        account: &Account,
    ) -> Result<(MailWishes, bool)> {
        let wishes = accounts::mail_wishes(conn, &account.id)?;
        let time = now.in_zone(&self.zone).time();
        let quiet = wishes.quiet.is_some_and(|quiet| quiet.holds(time));
        Ok((wishes, quiet))
    }

    /// What the handbook calls a step.
    fn step_title(&self, step: &Step, language: Locale) -> String {
        self.library
            .get(&step.playbook_id)
            .step(&step.step_key)
            .map(|content| content.title.get(language).to_owned())
            .unwrap_or_default()
    }
}

/// An incident as people name it.
fn named(incident: &Incident) -> String {
    format!("{} {}", incident.number, incident.title)
}

/// Lines of a mail, a bullet each, at most `most`; a word when there is none.
fn bullets(lines: &[String], most: usize, language: Locale) -> String {
    if lines.is_empty() {
        return locale::text(language, "team-mail-none");
    }
    let bullet = match language {
        Locale::Ja => "・",
        Locale::En => "- ",
    };
    let mut shown: Vec<_> = lines
        .iter()
        .take(most)
        .map(|line| format!("{bullet}{line}"))
        .collect();
    let rest = lines.len().saturating_sub(most);
    if rest > 0 {
        let number = i64::try_from(rest).unwrap_or(i64::MAX);
        let words = locale::text_with(language, "team-mail-more", &[("number", number.into())]);
        shown.push(format!("{bullet}{words}"));
    }
    shown.join("\n")
}
