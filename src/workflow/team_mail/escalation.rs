//! Nobody reacts to a deadline: then it is told up the chain, step by step.
//!
//! A reaction is whatever somebody of the team did for the outside or wrote down
//! since the reminder: a draft, its approval, a sending, a filing, a decision on a
//! duty, a note. Looking at a page is none, and neither is ticking off a step. It
//! counts for the whole incident: notes do not say which duty they are about.

use jiff::SignedDuration;

use super::deadlines::{crossed, threshold_words};
use super::ledger::{self, Item, MailKind};
use super::{House, named};
use crate::accounts::{self, Account, AccountId, Capability, Role};
use crate::deadlines::Due;
use crate::incidents::{self, Incident, IncidentId, State};
use crate::kernel::{Instant, Problem, Result, dates};
use crate::outbox::TeamMessage;
use crate::store::Conn;
use crate::timeline::{self, Actor, Kind};
use crate::workflow::duties::DutyView;

/// Thresholds in hours, each with the wait until the commander, and as long again until the others.
const WAITS: [(i64, SignedDuration); 3] = [
    (6, SignedDuration::from_mins(60)),
    (1, SignedDuration::from_mins(15)),
    (0, SignedDuration::from_mins(60)),
];

/// How long ago a reminder may lie: longer, and the server was down too long for a chain to make sense.
const LOOKED_BACK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How many of the newest entries are looked through for a reaction.
const ENTRIES: i64 = 200;

/// What counts as a reaction.
const REACTIONS: [Kind; 10] = [
    Kind::NoticeDrafted,
    Kind::NoticeEdited,
    Kind::NoticeSubmitted,
    Kind::NoticeSentBack,
    Kind::NoticeApproved,
    Kind::NoticeDispatched,
    Kind::ReportFiled,
    Kind::DutyRuled,
    Kind::Note,
    Kind::Decision,
];

/// A due point that nobody reacted to.
#[derive(Clone)]
struct Unanswered {
    incident: Incident,
    duty: DutyView,
    due: Due,
    threshold: i64,
    reminded_at: Instant,
    /// 1: the commander; 2: those who approve, and the administrators.
    level: u8,
}

impl House {
    /// Tells up the chain of deadlines that nobody reacted to.
    pub(super) async fn escalate(&self) -> Result<usize> {
        let (house, now) = (self.clone(), self.clock.now());
        let unanswered = self
            .store
            .read(move |conn| house.unanswered(conn, now))
            .await?;
        let mut queued = 0;
        for one in unanswered {
            let house = self.clone();
            queued += self
                .store
                .write(move |tx| house.tell_up(tx, now, &one))
                .await?;
        }
        Ok(queued)
    }

    fn unanswered(&self, conn: &mut Conn, now: Instant) -> Result<Vec<Unanswered>> {
        let thresholds: Vec<_> = WAITS.iter().map(|(hours, _)| hours.to_string()).collect();
        let since = now.minus(LOOKED_BACK);
        let mut all = Vec::new();
        for id in ledger::reminded_since(conn, &thresholds, since)? {
            let id: IncidentId = id.parse().map_err(Problem::internal)?;
            let incident = incidents::find(conn, &id)?;
            if incident.state != State::Open {
                continue;
            }
            for duty in self.duties_in(conn, &id, now)?.duties {
                for (due, threshold) in crossed(&duty, now) {
                    for one in unanswered_due(conn, now, &incident, &duty, due, threshold)? {
                        if one.is_untold(conn)? {
                            all.push(one);
                        }
                    }
                }
            }
        }
        Ok(all)
    }

    fn tell_up(&self, tx: &mut Conn, now: Instant, one: &Unanswered) -> Result<usize> {
        let Unanswered {
            incident,
            duty,
            due,
            threshold,
            reminded_at,
            level,
        } = one;
        let Some(instant) = due.instant() else {
            return Ok(0);
        };
        let mut queued = 0;
        for account in chain(tx, incident, *level)? {
            let at = |at: Instant| dates::zoned_in(&at.in_zone(&self.zone), account.locale);
            let variables = [
                ("name", account.name.reveal().clone()),
                ("incident", named(incident)),
                ("duty", duty.obligation.title.get(account.locale).to_owned()),
                ("due", at(instant)),
                ("remaining", threshold_words(*threshold, account.locale)),
                ("reminded_at", at(*reminded_at)),
                (
                    "link",
                    self.link(&format!("/incidents/{}/authorities", incident.id)),
                ),
            ];
            let item = one.item(instant);
            let item = Item {
                kind: MailKind::Escalation,
                account: &account.id,
                item: &item,
                incident: Some(&incident.id),
            };
            queued +=
                self.mail_once(tx, now, &account, item, TeamMessage::Escalation, &variables)?;
        }
        Ok(queued)
    }
}

impl Unanswered {
    /// One item for both levels: who is on the chain twice is told once.
    fn item(&self, due: Instant) -> String {
        let duty = &self.duty.obligation.duty_id;
        format!("{}:{duty}:{due}:{}", self.incident.id, self.threshold)
    }

    /// Whether somebody of its level was not told yet.
    fn is_untold(&self, conn: &mut Conn) -> Result<bool> {
        let Some(due) = self.due.instant() else {
            return Ok(false);
        };
        let item = self.item(due);
        for account in chain(conn, &self.incident, self.level)? {
            let told = ledger::beginning(conn, MailKind::Escalation, &account.id, &item)?;
            if told.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn unanswered_due(
    conn: &mut Conn,
    now: Instant,
    incident: &Incident,
    duty: &DutyView,
    due: Due,
    threshold: i64,
) -> Result<Vec<Unanswered>> {
    let wait = WAITS.iter().find(|(hours, _)| *hours == threshold);
    let (Some((_, wait)), Some(instant)) = (wait, due.instant()) else {
        return Ok(Vec::new());
    };
    let duty_id = &duty.obligation.duty_id;
    let told = ledger::reminded_at(conn, &incident.id, duty_id, &instant.to_string(), threshold)?;
    let Some(reminded_at) = told else {
        return Ok(Vec::new());
    };
    let waited = now.since(reminded_at);
    if waited < *wait || reacted(conn, incident, reminded_at)? {
        return Ok(Vec::new());
    }
    let levels = if waited < wait.saturating_add(*wait) {
        1..=1
    } else {
        1..=2
    };
    Ok(levels
        .map(|level| Unanswered {
            incident: incident.clone(),
            duty: duty.clone(),
            due: due.clone(),
            threshold,
            reminded_at,
            level,
        })
        .collect())
}

fn reacted(conn: &mut Conn, incident: &Incident, since: Instant) -> Result<bool> {
    let entries = timeline::recent(conn, incident.id.as_str(), None, ENTRIES)?;
    Ok(entries.iter().any(|entry| {
        entry.recorded_at > since
            && entry.actor != Actor::SYSTEM.as_str()
            && REACTIONS.contains(&entry.kind)
    }))
}

/// Who is told at a level: the incident's commander, or all who may command; then approvers and administrators.
fn chain(conn: &mut Conn, incident: &Incident, level: u8) -> Result<Vec<Account>> {
    if level > 1 {
        let mut people = accounts::active_with(conn, Capability::ApproveNotice)?;
        people.retain(|account| account.role != Role::Commander);
        return Ok(people);
    }
    let commanders = accounts::active_with(conn, Capability::SendNotice)?;
    let is = |account: &Account, id: &AccountId| account.id == *id;
    let named = incident.commander_id.as_ref();
    let one: Vec<_> = commanders
        .iter()
        .filter(|account| named.is_some_and(|id| is(account, id)))
        .cloned()
        .collect();
    if one.is_empty() {
        Ok(commanders
            .into_iter()
            .filter(|account| account.role == Role::Commander)
            .collect())
    } else {
        Ok(one)
    }
}
