//! Step 9 of the walk: what was approved is queued for every reachable person.

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::House;
use crate::accounts::{Granted, can};
use crate::affected;
use crate::incidents::IncidentId;
use crate::kernel::{Instant, Locale, Problem, Result, input, locale};
use crate::notices::{self, Approved, Dispatch, NoticeId};
use crate::outbox::{
    self, BatchNews, BatchTemplate, Content, Counts, EmailAddress, PersonMail, Recipient,
};
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};
use crate::vault::Scope;

/// A sending, and how far it has come.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Dispatching {
    /// The sending.
    pub dispatch: Dispatch,
    /// How many messages stand where.
    pub counts: Counts,
}

impl House {
    /// Sends an approved notice to every affected person who can be reached by e-mail.
    ///
    /// `confirmed` is the number of people that the sender typed: it must be the
    /// number that is queued, or nothing is.
    ///
    /// # Errors
    /// [`crate::kernel::Code::WrongState`] unless the notice is approved;
    /// [`crate::kernel::Code::InvalidInput`] for another number, or for nobody to send to.
    pub async fn dispatch(
        &self,
        by: &Granted<can::SendNotice>,
        id: &IncidentId,
        notice: &NoticeId,
        confirmed: i64,
    ) -> Result<Dispatch> {
        let (house, by, id, notice, now) = (
            self.clone(),
            by.clone(),
            id.clone(),
            notice.clone(),
            self.clock.now(),
        );
        self.store
            .write(move |tx| {
                timeline::lock(tx, id.as_str())?;
                let approved = notices::approved(tx, id.as_str(), &notice)?;
                let dispatch = house.queue(tx, &by, now, &id, &approved, confirmed)?;
                house.settle(tx, now, &id)?;
                Ok(dispatch)
            })
            .await
    }

    /// The sendings of an incident with their progress, oldest first.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn dispatchings(&self, id: &IncidentId) -> Result<Vec<Dispatching>> {
        let id = id.clone();
        self.store
            .read(move |conn| dispatchings_in(conn, &id))
            .await
    }

    /// Notes on the timeline, once, that every mail of a sending was settled; gives how many ended.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn conclude_deliveries(&self) -> Result<usize> {
        let now = self.clock.now();
        // What is settled and not closed: most of the time nothing, however many sendings there were.
        if self.store.read(settled_batches).await?.is_empty() {
            return Ok(0);
        }
        self.store
            .write(move |tx| {
                let mut ended = 0;
                for batch in settled_batches(tx)? {
                    if conclude(tx, now, &batch)? {
                        ended += 1;
                    }
                }
                Ok(ended)
            })
            .await
    }

    fn queue(
        &self,
        tx: &mut Conn,
        by: &Granted<can::SendNotice>,
        now: Instant,
        id: &IncidentId,
        approved: &Approved,
        confirmed: i64,
    ) -> Result<Dispatch> {
        // The people's own key: it goes when their register is destroyed, and these mails with it.
        let scope = Scope::people(id);
        let template = template(approved)?;
        let batch =
            outbox::open_batch(tx, &self.vault, now, &scope, &self.mail.sender()?, template)?;
        let mut audience = 0_i64;
        let mut not_mailed = Vec::new();
        affected::for_each_reachable(tx, &self.vault, now, id.as_str(), |tx, person| {
            let Ok(address) = EmailAddress::parse(person.email.reveal()) else {
                not_mailed.push(person.id);
                return Ok(());
            };
            let name = person
                .name
                .as_ref()
                .map_or("", |name| name.reveal().as_str());
            batch.push(
                tx,
                now,
                PersonMail {
                    subject_id: person.id.to_string(),
                    to: Recipient::new(address, name),
                    locale: person.locale,
                    variables: [("salutation".to_owned(), salutation(name, person.locale))].into(),
                },
            )?;
            audience = audience.saturating_add(1);
            Ok(())
        })?;
        if audience == 0 {
            return Err(Problem::field("confirmed", "field-nobody-reachable"));
        }
        if audience != confirmed {
            return Err(input::wrong("confirmed", "field-wrong-number-of-people").into());
        }
        affected::mark_queued(tx, id.as_str(), &not_mailed)?;
        let unreachable = affected::counts(tx, id.as_str())?
            .people
            .saturating_sub(audience);
        let batch = batch.finish(tx, now)?;
        notices::record_dispatch(tx, by, now, approved, batch, audience, unreachable)
    }
}

/// [`House::dispatchings`] inside a transaction.
pub(super) fn dispatchings_in(conn: &mut Conn, id: &IncidentId) -> Result<Vec<Dispatching>> {
    notices::dispatches(conn, id.as_str())?
        .into_iter()
        .map(|dispatch| {
            let counts = outbox::counts(conn, &dispatch.id)?;
            Ok(Dispatching { dispatch, counts })
        })
        .collect()
}

fn concluded(conn: &mut Conn, dispatch: &Dispatch) -> Result<bool> {
    let entries = timeline::of_kind(conn, &dispatch.incident_id, Kind::NoticeDelivered)?;
    let names_it = |entry: &timeline::Entry| {
        entry.details().get("dispatch").and_then(|id| id.as_str()) == Some(dispatch.id.as_str())
    };
    Ok(entries.iter().any(names_it))
}

/// The batches of which nothing waits any more and which are not closed.
fn settled_batches(conn: &mut Conn) -> Result<Vec<BatchNews>> {
    let mut news = outbox::news(conn)?;
    news.retain(|batch| batch.counts.is_settled());
    Ok(news)
}

/// Tells the timeline of the end of a sending, once, and closes its batch when the register knows all; says whether it told.
fn conclude(tx: &mut Conn, now: Instant, batch: &BatchNews) -> Result<bool> {
    let counts = &batch.counts;
    let Some(dispatch) = notices::dispatch(tx, &batch.id)? else {
        outbox::close(tx, &batch.id, now)?;
        return Ok(false);
    };
    // Another server may have been quicker.
    timeline::lock(tx, &dispatch.incident_id)?;
    let noted = affected::noted_until(tx, batch.id.as_str())?;
    if batch.settled_until.is_none_or(|until| until <= noted) {
        outbox::close(tx, &batch.id, now)?;
    }
    if concluded(tx, &dispatch)? {
        return Ok(false);
    }
    let kind = crate::notices::NoticeKind::CustomerEmail;
    let payload = json!({
        "dispatch": dispatch.id,
        "notice": dispatch.notice_id,
        "kind": kind,
        "sent": counts.sent,
        "failed": counts.failed,
        "uncertain": counts.uncertain,
    });
    let event = Event {
        incident_id: &dispatch.incident_id,
        kind: Kind::NoticeDelivered,
        actor: &Actor::SYSTEM,
        occurred_at: None,
        payload,
    };
    timeline::append(tx, now, event)?;
    Ok(true)
}

fn template(approved: &Approved) -> Result<BatchTemplate> {
    let frozen = approved.frozen();
    let html = frozen
        .html
        .as_ref()
        .ok_or_else(|| Problem::new(crate::kernel::Code::WrongState))?;
    let of = |locale| Content {
        subject: frozen.content.part("subject", locale).to_owned(),
        text: frozen.content.part("body", locale).to_owned(),
        html: Some(html.get(locale).to_owned()),
    };
    let variables = notices::rules::VARIABLES
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    Ok(BatchTemplate {
        variables,
        ja: Some(of(Locale::Ja)),
        en: Some(of(Locale::En)),
    })
}

fn salutation(name: &str, locale: Locale) -> String {
    match name.trim() {
        "" => locale::text(locale, "salutation-unnamed"),
        name => locale::text_with(locale, "salutation-named", &[("name", name.into())]),
    }
}
