//! Step 9 of the walk: what was approved goes to the people whom it was approved for.

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::House;
use super::queue::begin;
use crate::accounts::{self, Granted, can};
use crate::incidents::IncidentId;
use crate::kernel::{Code, Instant, Locale, Problem, Result, input, locale};
use crate::notices::sheet::NoticeChannel;
use crate::notices::{self, Dispatch, NoticeId, Version, rules};
use crate::outbox::{
    self, BatchId, Content, EmailAddress, Progress, Recipient, Settlement, TeamMail, Variables,
};
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};
use crate::vault::Scope;

/// A sending, and how far it has come.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Dispatching {
    /// The sending.
    pub dispatch: Dispatch,
    /// How many messages stand where, how fast they go, and what keeps them.
    #[serde(flatten)]
    pub progress: Progress,
}

impl House {
    /// Sends an approved notice to the people whom it was approved for.
    ///
    /// `confirmed` is the number of people that the sender typed: it must be the number that was
    /// approved, and still be the number in the register, or nothing goes out. Mails are queued at
    /// once, the first two thousand before this returns; for letters and LINE a file is written,
    /// and [`House::hand_over`] says when people took care of it.
    ///
    /// # Errors
    /// [`Code::WrongState`] unless the notice is approved; [`Code::InvalidInput`] for another
    /// number, for nobody to send to, or when the register changed since the approval.
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
        let dispatch = self
            .store
            .write(move |tx| {
                timeline::lock(tx, id.as_str())?;
                let approved = notices::approved(tx, id.as_str(), &notice)?;
                let audience = approved.frozen().audience.clone();
                let people = audience.as_ref().map_or(0, |audience| audience.people);
                if people == 0 {
                    return Err(Problem::field("confirmed", "field-nobody-reachable"));
                }
                if super::approve::readers(tx, &id, audience)? != people {
                    return Err(Problem::field("confirmed", "field-audience-changed"));
                }
                if people != confirmed {
                    return Err(input::wrong("confirmed", "field-wrong-number-of-people").into());
                }
                let dispatch = begin(&house, tx, &by, now, &id, &approved)?;
                house.settle(tx, now, &id)?;
                Ok(dispatch)
            })
            .await?;
        self.exporter.wake();
        self.importer.wake();
        Ok(dispatch)
    }

    /// Records that people posted the letters of a sending, or sent its LINE messages.
    ///
    /// # Errors
    /// Those of [`notices::hand_over`].
    pub async fn hand_over(
        &self,
        by: &Granted<can::SendNotice>,
        id: &IncidentId,
        dispatch: &BatchId,
        how: String,
    ) -> Result<Dispatch> {
        let (house, by, id, dispatch, now) = (
            self.clone(),
            by.clone(),
            id.clone(),
            dispatch.clone(),
            self.clock.now(),
        );
        let dispatch = self
            .store
            .write(move |tx| {
                let dispatch = notices::hand_over(tx, &by, now, id.as_str(), &dispatch, &how)?;
                house.settle(tx, now, &id)?;
                Ok(dispatch)
            })
            .await?;
        self.importer.wake();
        Ok(dispatch)
    }

    /// Pauses a sending of mails, or lets it go on; what a worker already holds still goes out.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a sending of another incident.
    pub async fn pause_sending(
        &self,
        by: &Granted<can::SendNotice>,
        id: &IncidentId,
        dispatch: &BatchId,
        pause: bool,
    ) -> Result<()> {
        let (by, id, dispatch, now) = (by.clone(), id.clone(), dispatch.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                let dispatch = known(tx, &id, &dispatch)?;
                let kind = if pause {
                    outbox::pause(tx, &dispatch.id, now)?;
                    Kind::SendingPaused
                } else {
                    outbox::resume(tx, &dispatch.id)?;
                    Kind::SendingResumed
                };
                tell(tx, &Actor::account(by.id.as_str()), now, &dispatch, kind, 0)
            })
            .await
    }

    /// Withdraws what of a sending has not begun to go out; gives how many mails that were.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a sending of another incident.
    pub async fn cancel_sending(
        &self,
        by: &Granted<can::SendNotice>,
        id: &IncidentId,
        dispatch: &BatchId,
    ) -> Result<usize> {
        let (by, id, dispatch, now) = (by.clone(), id.clone(), dispatch.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                let dispatch = known(tx, &id, &dispatch)?;
                // No more are queued either.
                if dispatch.complete_at.is_none() {
                    notices::mark_reached(tx, &dispatch.id, &dispatch.reached, Some(now))?;
                }
                let withdrawn = outbox::cancel(tx, &dispatch.id, now)?;
                let actor = Actor::account(by.id.as_str());
                tell(
                    tx,
                    &actor,
                    now,
                    &dispatch,
                    Kind::SendingCancelled,
                    withdrawn,
                )?;
                Ok(withdrawn)
            })
            .await
    }

    /// Decides what became of all messages of a sending whose answer was lost; gives their number.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a sending of another incident.
    pub async fn settle_uncertain(
        &self,
        by: &Granted<can::SendNotice>,
        id: &IncidentId,
        dispatch: &BatchId,
        settlement: Settlement,
    ) -> Result<usize> {
        let (by, id, dispatch, now) = (by.clone(), id.clone(), dispatch.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                let dispatch = known(tx, &id, &dispatch)?;
                let settled = outbox::settle_batch(tx, &dispatch.id, settlement, now)?;
                let actor = Actor::account(by.id.as_str());
                let kind = match settlement {
                    Settlement::WasSent => Kind::UncertainTakenAsSent,
                    Settlement::SendAgain => Kind::UncertainSentAgain,
                    Settlement::GiveUp => Kind::UncertainGivenUp,
                };
                tell(tx, &actor, now, &dispatch, kind, settled)?;
                Ok(settled)
            })
            .await
    }

    /// Stops all mail to people, of every incident, or lets it go on; team mail is never stopped.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn stop_bulk_mail(&self, by: &Granted<can::SendNotice>, stop: bool) -> Result<()> {
        let (by, now) = (by.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                if stop {
                    outbox::stop_bulk(tx, now)?;
                } else {
                    outbox::allow_bulk(tx)?;
                }
                tracing::warn!(by = %by.id, stop, "bulk mail was stopped, or goes on");
                Ok(())
            })
            .await
    }

    /// Sends the newest version of a notice to the one who asks, as a made-up reader would get it.
    ///
    /// # Errors
    /// [`Code::WrongState`] for a notice that does not go out by mail.
    pub async fn send_test(
        &self,
        by: &Granted<can::DraftNotice>,
        id: &IncidentId,
        notice: &NoticeId,
    ) -> Result<()> {
        let (house, by, id, notice, now) = (
            self.clone(),
            by.clone(),
            id.clone(),
            notice.clone(),
            self.clock.now(),
        );
        self.store
            .write(move |tx| {
                let notice = notices::find(tx, id.as_str(), &notice)?;
                if !notice.kind.sheet().is_mailed() {
                    return Err(Problem::new(Code::WrongState));
                }
                let version = notices::newest_version(tx, &notice)?;
                let account = accounts::get(tx, &by.id)?;
                let address = EmailAddress::parse(account.email.reveal())
                    .map_err(|_| Problem::internal("an account has no usable address"))?;
                for locale in Locale::ALL {
                    let mut content = sample(&version, *locale)?;
                    let mark = locale::text(*locale, "test-mail-mark");
                    content.subject = format!("{mark}{}", content.subject);
                    let mail = TeamMail {
                        to: Recipient::new(address.clone(), account.name.reveal()),
                        content,
                        subject_id: Some(account.id.to_string()),
                    };
                    let scope = Scope::server();
                    outbox::enqueue(tx, &house.vault, now, &scope, &house.mail.sender()?, mail)?;
                }
                Ok(())
            })
            .await
    }

    /// The sendings of an incident with their progress, oldest first.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn dispatchings(&self, id: &IncidentId) -> Result<Vec<Dispatching>> {
        let (id, now) = (id.clone(), self.clock.now());
        self.store
            .read(move |conn| dispatchings_in(conn, &id, now))
            .await
    }
}

/// [`House::dispatchings`] inside a transaction.
pub(super) fn dispatchings_in(
    conn: &mut Conn,
    id: &IncidentId,
    now: Instant,
) -> Result<Vec<Dispatching>> {
    notices::dispatches(conn, id.as_str())?
        .into_iter()
        .map(|dispatch| {
            Ok(Dispatching {
                progress: outbox::progress(conn, &dispatch.id, now)?,
                dispatch,
            })
        })
        .collect()
}

/// A sending of this incident.
fn known(conn: &mut Conn, id: &IncidentId, dispatch: &BatchId) -> Result<Dispatch> {
    notices::dispatch(conn, dispatch)?
        .filter(|known| known.incident_id == id.as_str() && known.channel == NoticeChannel::Email)
        .ok_or_else(|| Problem::new(Code::NotFound))
}

fn tell(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    dispatch: &Dispatch,
    kind: Kind,
    messages: usize,
) -> Result<()> {
    let notice = notices::find(tx, &dispatch.incident_id, &dispatch.notice_id)?;
    let event = Event {
        incident_id: &dispatch.incident_id,
        kind,
        actor,
        occurred_at: None,
        payload: json!({
            "dispatch": dispatch.id,
            "notice": dispatch.notice_id,
            "kind": notice.kind,
            "messages": messages,
        }),
    };
    timeline::append(tx, now, event).map(drop)
}

/// A mail as a made-up reader would get it.
///
/// # Errors
/// [`Code::Internal`] when the checked text cannot be filled in: a defect of ours.
pub fn sample(version: &Version, locale: Locale) -> Result<Content> {
    let subject = version.content.part("subject", locale);
    let body = version.content.part("body", locale);
    let mail = Content {
        subject: subject.to_owned(),
        text: body.to_owned(),
        html: Some(rules::html(subject, body, locale)),
    };
    mail.render(&sample_reader(locale))
        .map_err(Problem::internal)
}

/// A made-up reader.
pub fn sample_reader(locale: Locale) -> Variables {
    let name = locale::text(locale, "preview-name");
    super::queue::variables(
        &name,
        &["full_name".to_owned(), "email_address".to_owned()],
        "12345",
        locale,
    )
}
