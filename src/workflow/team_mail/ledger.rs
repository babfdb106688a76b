//! What is to be mailed to the team, and what was: a row for each item, so that each goes out once.
//!
//! The row is written in the transaction that queues the mail. Of two servers that
//! find the same thing due, one writes it.

use diesel::prelude::*;

use crate::accounts::AccountId;
use crate::incidents::IncidentId;
use crate::kernel::Instant;
use crate::store::Conn;
use crate::store::schema::{reminders, team_mails};

crate::text_enum! {
    /// A kind of mail that is sent once for each item.
    pub enum MailKind {
        /// Steps were assigned.
        Assigned = "assigned",
        /// An approval waits.
        Approval = "approval",
        /// Nobody reacted to a deadline.
        Escalation = "escalation",
        /// What is open, once a day.
        Digest = "digest",
    }
}

/// An item that waits until its person may be disturbed.
#[derive(Clone, Debug, Queryable)]
pub struct Wanted {
    pub account_id: AccountId,
    pub item: String,
    pub incident_id: Option<String>,
}

/// Names one item of one person.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    pub kind: MailKind,
    pub account: &'a AccountId,
    pub item: &'a str,
    pub incident: Option<&'a IncidentId>,
}

impl Item<'_> {
    /// Writes that it is wanted, or already settled; false when it was there.
    pub fn insert(&self, tx: &mut Conn, now: Instant, settled: bool) -> QueryResult<bool> {
        let row = (
            team_mails::kind.eq(self.kind),
            team_mails::account_id.eq(self.account),
            team_mails::item.eq(self.item),
            team_mails::incident_id.eq(self.incident.map(|id| id.as_str())),
            team_mails::wanted_at.eq(now),
            team_mails::settled_at.eq(settled.then_some(now)),
        );
        let rows = crate::each_db!(tx, |c| diesel::insert_into(team_mails::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c))?;
        Ok(rows == 1)
    }

    /// Takes a waiting one: false when another server did.
    pub fn settle(&self, tx: &mut Conn, now: Instant) -> QueryResult<bool> {
        diesel::update(team_mails::table.find((self.kind, self.account, self.item)))
            .filter(team_mails::settled_at.is_null())
            .set(team_mails::settled_at.eq(Some(now)))
            .execute(tx)
            .map(|rows| rows == 1)
    }
}

/// What of a kind waits, in the order in which it was wanted.
pub fn waiting(conn: &mut Conn, kind: MailKind) -> QueryResult<Vec<Wanted>> {
    team_mails::table
        .filter(team_mails::kind.eq(kind))
        .filter(team_mails::settled_at.is_null())
        .order((
            team_mails::wanted_at,
            team_mails::account_id,
            team_mails::item,
        ))
        .select((
            team_mails::account_id,
            team_mails::item,
            team_mails::incident_id,
        ))
        .load(conn)
}

/// The items of one person whose names begin so, with when they were settled.
pub fn beginning(
    conn: &mut Conn,
    kind: MailKind,
    account: &AccountId,
    start: &str,
) -> QueryResult<Vec<(String, Instant)>> {
    // Ids hold no sign that LIKE takes for its own.
    team_mails::table
        .filter(team_mails::kind.eq(kind))
        .filter(team_mails::account_id.eq(account))
        .filter(team_mails::item.like(format!("{start}%")))
        .filter(team_mails::settled_at.is_not_null())
        .order(team_mails::settled_at)
        .select((team_mails::item, team_mails::settled_at.assume_not_null()))
        .load(conn)
}

/// Incidents for which reminders of one of these thresholds went out since then.
pub fn reminded_since(
    conn: &mut Conn,
    thresholds: &[String],
    since: Instant,
) -> QueryResult<Vec<String>> {
    crate::each_db!(conn, |c| reminders::table
        .filter(reminders::sent_at.gt(since))
        .filter(reminders::threshold.eq_any(thresholds))
        .select(reminders::incident_id)
        .distinct()
        .order(reminders::incident_id)
        .load(c))
}

/// When the team was first reminded of a due point at a threshold.
pub fn reminded_at(
    conn: &mut Conn,
    incident: &IncidentId,
    duty: &str,
    due: &str,
    threshold: i64,
) -> QueryResult<Option<Instant>> {
    reminders::table
        .filter(reminders::incident_id.eq(incident))
        .filter(reminders::duty_id.eq(duty))
        .filter(reminders::due.eq(due))
        .filter(reminders::threshold.eq(threshold.to_string()))
        .order(reminders::sent_at)
        .select(reminders::sent_at)
        .first(conn)
        .optional()
}

/// Removes what belongs to no incident and was settled before then.
pub fn sweep(tx: &mut Conn, before: Instant) -> QueryResult<usize> {
    diesel::delete(
        team_mails::table
            .filter(team_mails::incident_id.is_null())
            .filter(team_mails::settled_at.lt(Some(before))),
    )
    .execute(tx)
}
