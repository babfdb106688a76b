//! After the walk: how long the affected people's data are kept, and their destruction.

use diesel::prelude::*;
use jiff::ToSpan;
use serde_json::json;

use super::House;
use crate::accounts::{self, Account, Capability, Granted, can};
use crate::affected::{Holdings, NewRetention, PersonId, Retention};
use crate::affected::{export, keeping};
use crate::evidence::{self, Evidence, hold};
use crate::incidents::{self, Incident, IncidentId};
use crate::kernel::{Instant, Locale, Problem, Result, dates, locale};
use crate::outbox::{self, TeamMessage};
use crate::store::Conn;
use crate::store::schema::reminders;
use crate::timeline::{self, Actor, Event, Kind};
use crate::vault::Scope;

/// Days before the last day of keeping at which the team is told; 0 is its passing.
const THRESHOLDS: [i64; 2] = [14, 0];
/// Under which reminders of keeping stand beside those of duties.
const DUTY: &str = "retention";

/// What is known of the keeping of one register.
#[derive(Clone, Debug)]
pub struct Keeping {
    /// The rule, if one was set.
    pub retention: Option<Retention>,
    /// What the destruction would take, or has left.
    pub holdings: Holdings,
    /// Every sealed file of the incident, with those whose bytes are destroyed.
    pub evidence: Vec<Evidence>,
    /// The entry of the timeline that proves the destruction.
    pub proof: Option<i64>,
}

impl House {
    /// The rule of an incident, and what its register holds.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`].
    pub async fn keeping(&self, id: &IncidentId) -> Result<Keeping> {
        let id = id.clone();
        self.store
            .read(move |conn| {
                incidents::find(conn, &id)?;
                let proof = timeline::of_kind(conn, id.as_str(), Kind::RegisterPurged)?;
                Ok(Keeping {
                    retention: keeping::retention(conn, id.as_str())?,
                    holdings: keeping::holdings(conn, id.as_str())?,
                    evidence: evidence::list(conn, id.as_str())?,
                    proof: proof.last().map(|entry| entry.seq),
                })
            })
            .await
    }

    /// Decides until when the register of an incident is kept.
    ///
    /// # Errors
    /// Those of [`keeping::set_retention`].
    pub async fn set_retention(
        &self,
        by: &Granted<can::EditIncident>,
        id: &IncidentId,
        new: NewRetention,
    ) -> Result<Retention> {
        let (actor, id, now) = (Actor::account(by.id.as_str()), id.clone(), self.clock.now());
        let today = now.in_zone(&self.zone).date();
        self.store
            .write(move |tx| {
                incidents::find(tx, &id)?;
                keeping::set_retention(tx, &actor, now, today, id.as_str(), &new)
            })
            .await
    }

    /// Begins to destroy the register of an incident; a job does the rest, and nothing can be read meanwhile.
    ///
    /// `confirmed` is the number of the incident, typed by whoever decides.
    ///
    /// # Errors
    /// [`crate::kernel::Code::InvalidInput`] for another number; [`crate::kernel::Code::EvidenceHeld`]
    /// while a hold lies on the incident or on one of its rosters; those of [`keeping::begin_purge`].
    pub async fn purge(
        &self,
        by: &Granted<can::PurgeRegister>,
        id: &IncidentId,
        confirmed: &str,
    ) -> Result<Retention> {
        let (house, actor, id, now) = (
            self.clone(),
            Actor::account(by.id.as_str()),
            id.clone(),
            self.clock.now(),
        );
        let confirmed = confirmed.trim().to_owned();
        let begun = self
            .store
            .write(move |tx| {
                if incidents::find(tx, &id)?.number != confirmed {
                    return Err(Problem::field("confirmed", "field-wrong-incident-number"));
                }
                hold::refuse_held_register(tx, id.as_str())?;
                keeping::begin_purge(tx, &house.vault, &actor, now, id.as_str())
            })
            .await?;
        self.importer.wake();
        Ok(begun)
    }

    /// Goes on with every destruction that has begun; gives how many it finished.
    ///
    /// # Errors
    /// Those of [`keeping::continue_purge`]; the next call goes on.
    pub async fn run_purges(&self) -> Result<usize> {
        let mut finished = 0;
        for incident in self.store.read(keeping::unfinished_purges).await? {
            let house = self.clone();
            let done = tokio::task::spawn_blocking(move || {
                let (store, files, clock) = (&house.store, &house.files, &house.clock);
                keeping::continue_purge(store, files, clock, &incident, || {
                    // Files beside the evidence; of mails there are any only in practice.
                    house.remove_written_mails(&Scope::people(&incident), None)?;
                    house.remove_exports(incident.as_str())?;
                    Ok(0)
                })
            });
            if done.await.map_err(Problem::internal)?? {
                finished += 1;
            }
        }
        Ok(finished)
    }

    /// Erases one affected person, with the sealed rosters that hold them; the figures follow.
    ///
    /// # Errors
    /// [`crate::kernel::Code::EvidenceHeld`] while a hold lies on the incident or on one of its rosters;
    /// those of [`keeping::erase`].
    pub async fn erase_person(
        &self,
        by: &Granted<can::PurgeRegister>,
        id: &IncidentId,
        person: PersonId,
        reason: String,
    ) -> Result<()> {
        let (house, by, id, now) = (self.clone(), by.id.clone(), id.clone(), self.clock.now());
        let scope = Scope::people(&id);
        let incident = id.clone();
        let erased = self
            .store
            .write(move |tx| {
                let actor = Actor::account(by.as_str());
                incidents::find(tx, &id)?;
                hold::refuse_held_register(tx, id.as_str())?;
                let erased =
                    keeping::erase(tx, &house.vault, &actor, now, id.as_str(), person, &reason)?;
                house.counts_become_facts(tx, now, &id, &by)?;
                Ok(erased)
            })
            .await?;
        let house = self.clone();
        tokio::task::spawn_blocking(move || {
            for file in &erased.files {
                evidence::remove_bytes(&house.files, file)?;
            }
            house.remove_written_mails(&scope, Some(&person.to_string()))?;
            // An export may hold them; whoever needs it makes it anew.
            house.remove_exports(incident.as_str())?;
            house.store.forget_deleted_pages(&keeping::TABLES)
        })
        .await
        .map_err(Problem::internal)?
    }

    /// Removes every exported file of an incident; blocks its thread.
    fn remove_exports(&self, incident_id: &str) -> Result<()> {
        self.store
            .write_blocking(|tx| export::remove_files(&self.files, tx, incident_id))
    }

    /// Removes what the directory transport wrote of these people; blocks its thread.
    fn remove_written_mails(&self, scope: &Scope, subject: Option<&str>) -> Result<usize> {
        let ids = self
            .store
            .read_blocking(|conn| outbox::ids(conn, scope, subject))?;
        outbox::remove_directory_mails(&self.mail.directory, &ids)
    }

    /// Queues every reminder that a register is kept for two weeks more, or too long; gives the mails.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn remind_of_keeping(&self) -> Result<usize> {
        let now = self.clock.now();
        let today = now.in_zone(&self.zone).date();
        let first = THRESHOLDS.iter().copied().max().unwrap_or(0);
        let horizon = today.checked_add(first.days()).map_err(Problem::internal)?;
        let ending = self
            .store
            .read(move |conn| {
                keeping::ending_by(conn, horizon)?
                    .into_iter()
                    .map(|rule| {
                        let id: IncidentId = rule.incident_id.parse().map_err(Problem::internal)?;
                        Ok((incidents::find(conn, &id)?, rule))
                    })
                    .collect::<Result<Vec<_>>>()
            })
            .await?;
        let mut queued = 0;
        for (incident, rule) in ending {
            let threshold = if rule.keep_until < today { 0 } else { first };
            let house = self.clone();
            queued += self
                .store
                .write(move |tx| house.tell_keeping(tx, now, &incident, &rule, threshold))
                .await?;
        }
        Ok(queued)
    }

    fn tell_keeping(
        &self,
        tx: &mut Conn,
        now: Instant,
        incident: &Incident,
        rule: &Retention,
        threshold: i64,
    ) -> Result<usize> {
        let mut queued = 0;
        for account in accounts::active_with(tx, Capability::PurgeRegister)? {
            if !is_fresh(tx, now, rule, threshold, &account)? {
                continue;
            }
            let language = account.locale;
            let link = format!("/incidents/{}/people/keeping", incident.id);
            let variables = [
                ("name", account.name.reveal().clone()),
                (
                    "incident",
                    format!("{} {}", incident.number, incident.title),
                ),
                ("keep_until", dates::day_in(rule.keep_until, language)),
                ("remaining", remaining(threshold, language)),
                ("link", self.link(&link)),
            ];
            self.mail_to(tx, now, &account, TeamMessage::Keeping, &variables)?;
            queued += 1;
        }
        if queued > 0 {
            let event = Event {
                incident_id: incident.id.as_str(),
                kind: Kind::ReminderSent,
                actor: &Actor::SYSTEM,
                occurred_at: None,
                payload: json!({
                    "duty_ja": locale::text(Locale::Ja, "keeping-duty"),
                    "duty_en": locale::text(Locale::En, "keeping-duty"),
                    "threshold_ja": remaining(threshold, Locale::Ja),
                    "threshold_en": remaining(threshold, Locale::En),
                    "due": rule.keep_until.to_string(),
                    "mails": queued,
                }),
            };
            timeline::append(tx, now, event)?;
        }
        Ok(queued)
    }
}

/// Notes that an account is told now; says whether it was not told before.
fn is_fresh(
    tx: &mut Conn,
    now: Instant,
    rule: &Retention,
    threshold: i64,
    account: &Account,
) -> Result<bool> {
    let mut fresh = false;
    // An earlier threshold that was missed is taken as told by this one.
    for passed in THRESHOLDS.iter().filter(|passed| **passed >= threshold) {
        let row = (
            reminders::incident_id.eq(&rule.incident_id),
            reminders::duty_id.eq(DUTY),
            reminders::due.eq(rule.keep_until.to_string()),
            reminders::threshold.eq(passed.to_string()),
            reminders::account_id.eq(&account.id),
            reminders::sent_at.eq(now),
        );
        let inserted = crate::each_db!(&mut *tx, |c| diesel::insert_into(reminders::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c))?;
        fresh |= inserted == 1 && *passed == threshold;
    }
    Ok(fresh)
}

fn remaining(threshold: i64, language: Locale) -> String {
    match threshold {
        0 => locale::text(language, "keeping-passed"),
        days => locale::text_with(language, "keeping-days", &[("days", days.into())]),
    }
}
