//! What is open, once a day, in one mail: incidents, the next deadlines, one's own steps and approvals,
//! and the actions that outlive their incident.
//!
//! It names incidents, duties, steps and documents, and nothing of the people affected.

use jiff::civil::{Time, time};

use super::assigned::is_theirs;
use super::ledger::{Item, MailKind, beginning};
use super::{House, bullets, named};
use crate::accounts::{self, Account, Capability};
use crate::deadlines::Due;
use crate::kernel::{Instant, Locale, Problem, Result, dates};
use crate::outbox::TeamMessage;
use crate::playbooks;
use crate::postmortem::{self, OpenAction};
use crate::regulations::DueKind;
use crate::store::Conn;
use crate::workflow::Running;

/// When it goes out, on the server's wall clock.
const AT: Time = time(8, 30, 0, 0);

/// An action is told from so many days before its day.
const SOON: i64 = 7;

/// Lines of each part at most.
const MOST: usize = 8;

impl House {
    /// Sends the day's mail to everybody who wants it and did not get it today.
    pub(super) async fn send_digests(&self) -> Result<usize> {
        let (house, now) = (self.clone(), self.clock.now());
        let local = now.in_zone(&self.zone);
        if local.time() < AT {
            return Ok(0);
        }
        let day = local.date().to_string();
        let began = local
            .with()
            .time(AT)
            .build()
            .map(|at| Instant::from_timestamp(at.timestamp()))
            .map_err(Problem::internal)?;
        let today = day.clone();
        let due = self
            .store
            .read(move |conn| {
                let mut due = Vec::new();
                for account in accounts::active_with(conn, Capability::ViewIncidents)? {
                    let (wishes, quiet) = house.wishes(conn, now, &account)?;
                    let sent = beginning(conn, MailKind::Digest, &account.id, &today)?;
                    // Who came later in the day begins with the next one.
                    if wishes.digest && !quiet && sent.is_empty() && account.created_at < began {
                        due.push(account);
                    }
                }
                Ok(due)
            })
            .await?;
        if due.is_empty() {
            return Ok(0);
        }
        let house = self.clone();
        let soon = local
            .date()
            .saturating_add(jiff::Span::new().days(SOON))
            .to_string();
        let (open, actions) = self
            .store
            .read(move |conn| {
                let mut actions = postmortem::open_actions(conn)?;
                // Days in ISO text sort as days.
                actions.retain(|open| open.action.due_on.as_ref().is_some_and(|due| *due <= soon));
                Ok((house.running_in(conn, now)?, actions))
            })
            .await?;
        let mut queued = 0;
        for account in due {
            let (house, day) = (self.clone(), day.clone());
            let (open, actions) = (open.clone(), actions.clone());
            queued += self
                .store
                .write(move |tx| house.send_digest(tx, now, &account, &open, &actions, &day))
                .await?;
        }
        Ok(queued)
    }

    fn send_digest(
        &self,
        tx: &mut Conn,
        now: Instant,
        account: &Account,
        open: &[Running],
        actions: &[OpenAction],
        day: &str,
    ) -> Result<usize> {
        let item = Item {
            kind: MailKind::Digest,
            account: &account.id,
            item: day,
            incident: None,
        };
        // A quiet day is settled too: what begins later today is told by its own mails.
        if open.is_empty() && actions.is_empty() {
            item.insert(tx, now, true)?;
            return Ok(0);
        }
        let language = account.locale;
        let (mut steps, mut approvals) = (Vec::new(), Vec::new());
        for running in open {
            let incident = &running.incident;
            let playbook = &self.playbook_of(incident).id;
            for step in playbooks::steps(tx, incident.id.as_str(), playbook)? {
                if is_theirs(&step, &account.id) {
                    let title = self.step_title(&step, language);
                    steps.push(in_incident(&title, &incident.number, language));
                }
            }
            for document in self.waiting_for(tx, incident, account)? {
                approvals.push(in_incident(&document, &incident.number, language));
            }
        }
        let incidents: Vec<_> = open
            .iter()
            .map(|running| named(&running.incident))
            .collect();
        let variables = [
            ("name", account.name.reveal().clone()),
            (
                "day",
                dates::day_in(now.in_zone(&self.zone).date(), language),
            ),
            ("incidents", bullets(&incidents, MOST, language)),
            (
                "deadlines",
                bullets(&self.next_deadlines(open, language), MOST, language),
            ),
            ("steps", bullets(&steps, MOST, language)),
            ("approvals", bullets(&approvals, MOST, language)),
            (
                "actions",
                bullets(&named_actions(actions, language), MOST, language),
            ),
            ("link", self.link("/")),
        ];
        self.mail_once(tx, now, account, item, TeamMessage::Digest, &variables)
    }

    /// The deadlines of duties that are not done, the earliest first; passed ones too.
    fn next_deadlines(&self, open: &[Running], language: Locale) -> Vec<String> {
        let is_deadline = |due: &Due| due.kind == DueKind::Deadline;
        let mut dues: Vec<_> = open
            .iter()
            .flat_map(|running| {
                let dues = running.dues().filter(|(_, due, _)| is_deadline(due));
                dues.map(|(duty, _, at)| (at, &duty.obligation.title, &running.incident.number))
            })
            .collect();
        dues.sort_by_key(|(at, _, number)| (*at, *number));
        dues.into_iter()
            .map(|(at, title, number)| {
                let when = dates::zoned_in(&at.in_zone(&self.zone), language);
                let what = in_incident(title.get(language), number, language);
                match language {
                    Locale::Ja => format!("{when} {what}"),
                    Locale::En => format!("{when}: {what}"),
                }
            })
            .collect()
    }
}

/// Open actions with their day and who does them.
fn named_actions(actions: &[OpenAction], language: Locale) -> Vec<String> {
    let told = actions.iter().filter_map(|open| {
        let due = open.action.due_on.as_ref()?.parse().ok()?;
        let due = dates::day_in(due, language);
        let what = in_incident(&open.action.title, &open.number, language);
        let owner = &open.action.owner;
        Some(match language {
            Locale::Ja => format!("{due} {owner}：{what}"),
            Locale::En => format!("{due}, {owner}: {what}"),
        })
    });
    told.collect()
}

fn in_incident(what: &str, number: &str, language: Locale) -> String {
    match language {
        Locale::Ja => format!("{what}（{number}）"),
        Locale::En => format!("{what} ({number})"),
    }
}
