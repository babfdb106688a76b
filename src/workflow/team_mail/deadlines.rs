//! A deadline of the law comes near, or has passed: told to those who may record a filing, at any hour.

use diesel::prelude::*;
use jiff::SignedDuration;
use serde_json::json;

use super::{House, named};
use crate::accounts::{self, Capability};
use crate::deadlines::Due;
use crate::incidents::{self, Incident, State};
use crate::kernel::{Instant, Locale, Result, dates, locale};
use crate::outbox::TeamMessage;
use crate::regulations::{DueKind, Nature};
use crate::store::Conn;
use crate::store::schema::reminders;
use crate::timeline::{self, Actor, Event, Kind};
use crate::workflow::duties::DutyView;

/// Hours before a deadline at which the team is told, the earliest first; 0 is its passing.
pub(super) const THRESHOLDS: [i64; 5] = [72, 24, 6, 1, 0];

impl House {
    /// Queues every reminder that is due and was not sent; gives how many mails were queued.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn remind(&self) -> Result<usize> {
        let (house, now) = (self.clone(), self.clock.now());
        // Most ticks have nothing to say: look first, and take the writer only when there is.
        let open = self
            .store
            .read(move |conn| {
                let open: Vec<Incident> = incidents::list(conn)?
                    .into_iter()
                    .filter(|incident| incident.state == State::Open)
                    .collect();
                let mut due = Vec::new();
                for incident in open {
                    for duty in house.duties_in(conn, &incident.id, now)?.duties {
                        due.extend(crossed(&duty, now).map(|(point, threshold)| {
                            (incident.clone(), duty.clone(), point, threshold)
                        }));
                    }
                }
                Ok(due)
            })
            .await?;
        let mut queued = 0;
        for (incident, duty, point, threshold) in open {
            let house = self.clone();
            queued += self
                .store
                .write(move |tx| house.remind_of(tx, now, &incident, &duty, &point, threshold))
                .await?;
        }
        Ok(queued)
    }

    fn remind_of(
        &self,
        tx: &mut Conn,
        now: Instant,
        incident: &Incident,
        duty: &DutyView,
        point: &Due,
        threshold: i64,
    ) -> Result<usize> {
        let Some(instant) = point.instant() else {
            return Ok(0);
        };
        let due = instant.to_string();
        let mut queued = 0;
        for account in accounts::active_with(tx, Capability::RecordFiling)? {
            // Earlier thresholds that were missed are taken as told by this one.
            let mut fresh = false;
            for passed in THRESHOLDS.iter().filter(|passed| **passed >= threshold) {
                let row = (
                    reminders::incident_id.eq(&incident.id),
                    reminders::duty_id.eq(&duty.obligation.duty_id),
                    reminders::due.eq(&due),
                    reminders::threshold.eq(passed.to_string()),
                    reminders::account_id.eq(&account.id),
                    reminders::sent_at.eq(now),
                );
                let inserted =
                    crate::each_db!(&mut *tx, |c| diesel::insert_into(reminders::table)
                        .values(row)
                        .on_conflict_do_nothing()
                        .execute(c))?;
                fresh |= inserted == 1 && *passed == threshold;
            }
            if !fresh {
                continue;
            }
            let words = |locale| dates::zoned_in(&instant.in_zone(&self.zone), locale);
            let variables = [
                ("name", account.name.reveal().clone()),
                ("incident", named(incident)),
                ("duty", duty.obligation.title.get(account.locale).to_owned()),
                ("remaining", threshold_words(threshold, account.locale)),
                ("due", words(account.locale)),
                (
                    "link",
                    self.link(&format!("/incidents/{}/authorities", incident.id)),
                ),
            ];
            self.mail_to(tx, now, &account, TeamMessage::Reminder, &variables)?;
            queued += 1;
        }
        if queued > 0 {
            let payload = json!({
                "duty_id": duty.obligation.duty_id,
                "duty_ja": duty.obligation.title.ja,
                "duty_en": duty.obligation.title.en,
                "threshold_hours": threshold,
                "due": due,
                "mails": queued,
            });
            let event = Event {
                incident_id: incident.id.as_str(),
                kind: Kind::ReminderSent,
                actor: &Actor::SYSTEM,
                occurred_at: None,
                payload,
            };
            timeline::append(tx, now, event)?;
        }
        Ok(queued)
    }
}

/// 「残り24時間」 or 「期限を過ぎました」, for mails and entries.
pub(in crate::workflow) fn threshold_words(threshold: i64, locale: Locale) -> String {
    match threshold {
        0 => locale::text(locale, "reminder-passed"),
        hours => locale::text_with(locale, "reminder-hours", &[("hours", hours.into())]),
    }
}

/// The deadlines of a duty that is still open, each with the tightest threshold that was crossed.
pub(super) fn crossed(duty: &DutyView, now: Instant) -> impl Iterator<Item = (Due, i64)> + '_ {
    let open = duty.is_running() && duty.obligation.nature == Nature::Duty;
    duty.dues
        .iter()
        .filter(move |due| open && due.kind == DueKind::Deadline)
        .filter_map(move |due| {
            let instant = due.instant()?;
            let threshold = THRESHOLDS
                .iter()
                .rev()
                .find(|hours| now >= instant.minus(SignedDuration::from_hours(**hours)))?;
            Some((due.clone(), *threshold))
        })
}
