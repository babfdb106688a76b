//! An approval waits: asked once at handing in, then again every four hours, and when the law's deadline is near.
//!
//! The first word is sent by `ask_for_approval`, unless its person has quiet hours
//! or the server was down: then it is sent from here.

use jiff::SignedDuration;

use super::super::approve::approvers;
use super::deadlines::THRESHOLDS;
use super::ledger::{self, Item, MailKind};
use super::{House, named};
use crate::accounts::{self, Account, AccountId};
use crate::incidents::{self, Incident, IncidentId, State};
use crate::kernel::{Instant, Locale, Result, dates, locale};
use crate::notices::{self, Decision, Notice, NoticeState};
use crate::outbox::TeamMessage;
use crate::regulations::DueKind;
use crate::store::Conn;

/// How long after the last word the next one comes.
const AGAIN: SignedDuration = SignedDuration::from_hours(4);

/// What waits, and by when the law wants it.
#[derive(Clone)]
struct Waiting {
    incident: Incident,
    notice: Notice,
    submission: Submission,
    due: Option<Instant>,
}

/// The handing in that a notice waits after.
#[derive(Clone)]
struct Submission {
    /// Names it, however close two of them lie: the notice, and how often it was handed in.
    key: String,
    account_id: AccountId,
    recorded_at: Instant,
}

/// Why a word is due.
enum Word {
    /// Nothing was said yet.
    First,
    /// The law's deadline came near: at any hour.
    Deadline(String),
    /// The last word is old.
    Again(usize),
}

impl House {
    /// Asks one person for an approval, unless they were asked; gives how many mails it queued.
    ///
    /// Who does not want such mails is not asked, and who has quiet hours is asked when they end.
    pub(in crate::workflow) fn ask_one(
        &self,
        tx: &mut Conn,
        now: Instant,
        incident: &Incident,
        notice: &Notice,
        approver: &Account,
    ) -> Result<usize> {
        let (wishes, quiet) = self.wishes(tx, now, approver)?;
        let Some(submission) = submission(tx, notice)? else {
            return Ok(0);
        };
        if quiet || !wishes.approval {
            return Ok(0);
        }
        let variables = [
            ("name", approver.name.reveal().clone()),
            ("incident", named(incident)),
            ("document", document(notice, approver.locale)),
            ("drafted_by", submitted_by(tx, &submission)?),
            ("link", self.notice_link(incident, notice)),
        ];
        let item = format!("{}:1", submission.key);
        let item = item_of(&item, approver, incident);
        self.mail_once(
            tx,
            now,
            approver,
            item,
            TeamMessage::ApprovalWanted,
            &variables,
        )
    }

    /// Reminds those whose approval still waits.
    pub(super) async fn remind_of_approvals(&self) -> Result<usize> {
        let (house, now) = (self.clone(), self.clock.now());
        let due = self
            .store
            .read(move |conn| {
                let mut due = Vec::new();
                for waiting in house.waiting_approvals(conn, now)? {
                    for approver in approvers(conn, &waiting.notice)? {
                        if house.word_due(conn, now, &waiting, &approver)?.is_some() {
                            due.push((waiting.clone(), approver));
                        }
                    }
                }
                Ok(due)
            })
            .await?;
        let mut queued = 0;
        for (waiting, approver) in due {
            let house = self.clone();
            queued += self
                .store
                .write(move |tx| house.remind_one(tx, now, &waiting, &approver))
                .await?;
        }
        Ok(queued)
    }

    fn waiting_approvals(&self, conn: &mut Conn, now: Instant) -> Result<Vec<Waiting>> {
        let mut all = Vec::new();
        for incident in incidents::list(conn)? {
            if incident.state != State::Open {
                continue;
            }
            for notice in notices::list(conn, incident.id.as_str())? {
                if notice.state == NoticeState::Submitted
                    && let Some(submission) = submission(conn, &notice)?
                {
                    all.push(Waiting {
                        due: self.due_of(conn, &incident.id, &notice, now)?,
                        incident: incident.clone(),
                        notice,
                        submission,
                    });
                }
            }
        }
        Ok(all)
    }

    /// By when the duties want it that a notice serves and that are not done.
    ///
    /// The earliest deadline; where the law names none, the last of its targets, such as the
    /// three to five days of a preliminary report.
    fn due_of(
        &self,
        conn: &mut Conn,
        incident: &IncidentId,
        notice: &Notice,
        now: Instant,
    ) -> Result<Option<Instant>> {
        let duties = self.duties_in(conn, incident, now)?.duties;
        let dues: Vec<_> = duties
            .iter()
            .filter(|duty| notice.kind.serves(duty.obligation.duty_id))
            .filter(|duty| duty.is_running())
            .flat_map(|duty| &duty.dues)
            .filter_map(|due| Some((due.kind, due.instant()?)))
            .collect();
        let of = |kind| {
            dues.iter()
                .filter(move |due| due.0 == kind)
                .map(|due| due.1)
        };
        Ok(of(DueKind::Deadline)
            .min()
            .or_else(|| of(DueKind::Target).max()))
    }

    fn word_due(
        &self,
        conn: &mut Conn,
        now: Instant,
        waiting: &Waiting,
        approver: &Account,
    ) -> Result<Option<Word>> {
        let start = format!("{}:", waiting.submission.key);
        let said = ledger::beginning(conn, MailKind::Approval, &approver.id, &start)?;
        let last = said.iter().map(|(_, at)| *at).max();
        if let Some((due, hours)) = waiting.due.and_then(|due| Some((due, near(due, now)?))) {
            let item = format!("{start}{due}-{hours}");
            let crossed = due.minus(SignedDuration::from_hours(hours));
            // Who was asked after that point knows the deadline already.
            if last.is_none_or(|last| last < crossed) && waiting.submission.recorded_at < crossed {
                return Ok(Some(Word::Deadline(item)));
            }
        }
        let (wishes, quiet) = self.wishes(conn, now, approver)?;
        if quiet || !wishes.approval {
            return Ok(None);
        }
        Ok(match last {
            None => Some(Word::First),
            Some(last) if now.since(last) >= AGAIN => Some(Word::Again(said.len())),
            Some(_) => None,
        })
    }

    /// Decides anew in the transaction that queues: another server may have been quicker.
    fn remind_one(
        &self,
        tx: &mut Conn,
        now: Instant,
        waiting: &Waiting,
        approver: &Account,
    ) -> Result<usize> {
        let Waiting {
            incident,
            notice,
            submission,
            ..
        } = waiting;
        let current = notices::find(tx, incident.id.as_str(), &notice.id)?;
        if current.state != NoticeState::Submitted {
            return Ok(0);
        }
        let item = match self.word_due(tx, now, waiting, approver)? {
            None => return Ok(0),
            Some(Word::First) => return self.ask_one(tx, now, incident, notice, approver),
            Some(Word::Deadline(item)) => item,
            Some(Word::Again(said)) => format!("{}:{}", submission.key, said.saturating_add(1)),
        };
        let language = approver.locale;
        let at = |instant: Instant| dates::zoned_in(&instant.in_zone(&self.zone), language);
        let variables = [
            ("name", approver.name.reveal().clone()),
            ("incident", named(incident)),
            ("document", document(notice, language)),
            ("drafted_by", submitted_by(tx, submission)?),
            ("since", at(submission.recorded_at)),
            (
                "due",
                waiting
                    .due
                    .map_or_else(|| locale::text(language, "team-mail-no-deadline"), at),
            ),
            ("link", self.notice_link(incident, notice)),
        ];
        let item = item_of(&item, approver, incident);
        self.mail_once(
            tx,
            now,
            approver,
            item,
            TeamMessage::ApprovalWaiting,
            &variables,
        )
    }

    fn notice_link(&self, incident: &Incident, notice: &Notice) -> String {
        self.link(&format!("/incidents/{}/notices/{}", incident.id, notice.id))
    }

    /// What waits for one person's approval, for the day's mail.
    pub(super) fn waiting_for(
        &self,
        conn: &mut Conn,
        incident: &Incident,
        account: &Account,
    ) -> Result<Vec<String>> {
        let mut documents = Vec::new();
        for notice in notices::list(conn, incident.id.as_str())? {
            if notice.state != NoticeState::Submitted {
                continue;
            }
            let asked = approvers(conn, &notice)?;
            if asked.iter().any(|approver| approver.id == account.id) {
                documents.push(document(&notice, account.locale));
            }
        }
        Ok(documents)
    }
}

/// The hours of the tightest threshold that was crossed, while the deadline has not passed.
fn near(due: Instant, now: Instant) -> Option<i64> {
    let crossed = |hours: &&i64| now >= due.minus(SignedDuration::from_hours(**hours));
    let close = THRESHOLDS
        .iter()
        .rev()
        .filter(|hours| (1..=24).contains(*hours));
    (now < due).then_some(())?;
    close.copied().find(|hours| crossed(&hours))
}

fn item_of<'a>(item: &'a str, approver: &'a Account, incident: &'a Incident) -> Item<'a> {
    Item {
        kind: MailKind::Approval,
        account: &approver.id,
        item,
        incident: Some(&incident.id),
    }
}

fn submission(conn: &mut Conn, notice: &Notice) -> Result<Option<Submission>> {
    let all: Vec<_> = notices::approvals(conn, &notice.id)?
        .into_iter()
        .filter(|approval| approval.decision == Decision::Submitted)
        .collect();
    let key = format!("{}:{}", notice.id, all.len());
    let last = all.into_iter().max_by_key(|approval| approval.recorded_at);
    Ok(last.map(|approval| Submission {
        key,
        account_id: approval.account_id,
        recorded_at: approval.recorded_at,
    }))
}

fn submitted_by(conn: &mut Conn, submission: &Submission) -> Result<String> {
    Ok(accounts::get(conn, &submission.account_id)?
        .name
        .reveal()
        .clone())
}

fn document(notice: &Notice, language: Locale) -> String {
    notice.kind.sheet().title.get(language).to_owned()
}
