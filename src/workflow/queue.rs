//! The messages of a sending, queued a few thousand people at a time.
//!
//! A million mails are not queued in one transaction: nobody else could write
//! meanwhile. How far it has come stands on the sending's row, so that it goes on
//! after a crash; whoever has a message of it already gets no other.

use crate::accounts::{Granted, can};
use crate::affected::catalogue::catalogue;
use crate::affected::export::{self, ExportContent, ExportFormat, NewExport};
use crate::affected::{self, Cursor, Filter, NoticeState};
use crate::incidents::IncidentId;
use crate::kernel::{Code, Instant, Locale, Problem, Redacted, Result, locale};
use crate::notices::sheet::NoticeChannel;
use crate::notices::templates::language::VARIABLES;
use crate::notices::{self, Approved, Dispatch};
use crate::outbox::{
    self, BatchTemplate, BatchWriter, Content, EmailAddress, PersonMail, Recipient, Variables,
};
use crate::store::Conn;
use crate::timeline::{self, Actor};
use crate::vault::Scope;

use super::House;

/// People in one transaction.
const CHUNK: i64 = 2_000;

/// Longer names are cut in the text of a mail.
const NAME_CHARS: usize = 100;

impl House {
    /// Goes on with every sending whose messages are not all queued; gives how many were.
    ///
    /// # Errors
    /// The database's own error; the next call goes on where this one stopped.
    pub async fn run_sendings(&self) -> Result<i64> {
        let mut queued = 0;
        for dispatch in self.store.read(notices::open_dispatches).await? {
            loop {
                let (house, dispatch) = (self.clone(), dispatch.clone());
                let Some(chunk) = self
                    .store
                    .write_alone(move |tx| go_on(&house, tx, &dispatch))
                    .await?
                else {
                    break;
                };
                queued += chunk;
            }
        }
        Ok(queued)
    }
}

/// Begins a sending: its batch and the first mails, or the file that people will work with.
pub(super) fn begin(
    house: &House,
    tx: &mut Conn,
    by: &Granted<can::SendNotice>,
    now: Instant,
    id: &IncidentId,
    approved: &Approved,
) -> Result<Dispatch> {
    let people = affected::counts(tx, id.as_str())?.people;
    let reached = approved
        .frozen()
        .audience
        .as_ref()
        .map_or(0, |it| it.people);
    let unreachable = people.saturating_sub(reached);
    let channel = approved.notice().kind.sheet().channel;
    // The people's own key: it goes when their register is destroyed, and these messages with it.
    let scope = Scope::people(id);
    let batch = outbox::open_batch(
        tx,
        &house.vault,
        now,
        &scope,
        &house.mail.sender()?,
        template(approved),
    )?;
    let dispatch =
        notices::record_dispatch(tx, by, now, approved, batch.id().clone(), unreachable)?;
    if channel == NoticeChannel::Email {
        chunk(house, tx, now, &dispatch, batch)?;
    } else {
        batch.finish(tx, now)?;
        let order = order(approved, &dispatch)?;
        export::request(tx, &Actor::account(by.id.as_str()), now, id.as_str(), order)?;
    }
    Ok(dispatch)
}

/// What a reader's text is filled in with.
pub fn variables(
    name: &str,
    data_items: &[String],
    customer_number: &str,
    locale: Locale,
) -> Variables {
    let name: String = name.trim().chars().take(NAME_CHARS).collect();
    let salutation = match name.as_str() {
        "" => locale::text(locale, "salutation-unnamed"),
        name => locale::text_with(locale, "salutation-named", &[("name", name.into())]),
    };
    // In the order of the catalogue, as the pages have them.
    let items: Vec<_> = catalogue()
        .items
        .iter()
        .filter(|item| data_items.contains(&item.id))
        .map(|item| item.name.get(locale))
        .collect();
    let items = match items.as_slice() {
        [] => locale::text(locale, "data-items-unknown"),
        items => items.join(&locale::text(locale, "list-separator")),
    };
    let values = [salutation, name, items, customer_number.to_owned()];
    VARIABLES
        .iter()
        .map(|variable| (*variable).to_owned())
        .zip(values)
        .collect()
}

/// Queues the next people of a sending; nothing when it is complete.
fn go_on(house: &House, tx: &mut Conn, dispatch: &Dispatch) -> Result<Option<i64>> {
    let now = house.clock.now();
    // Another server may be at it: one transaction at a time goes on with an incident's sendings.
    timeline::lock(tx, &dispatch.incident_id)?;
    let open = notices::open_dispatches(tx)?;
    let Some(dispatch) = open.into_iter().find(|open| open.id == dispatch.id) else {
        return Ok(None);
    };
    let id: IncidentId = dispatch.incident_id.parse().map_err(Problem::internal)?;
    let scope = Scope::people(&id);
    let batch = match outbox::go_on_with_batch(tx, &house.vault, now, &scope, &dispatch.id) {
        // The register was destroyed: nobody is left to write to.
        Err(problem) if problem.code == Code::Purged => {
            notices::mark_reached(tx, &dispatch.id, &dispatch.reached, Some(now))?;
            return Ok(None);
        }
        batch => batch?,
    };
    chunk(house, tx, now, &dispatch, batch).map(Some)
}

/// One lot of people: a mail to each, or a mark that they were told otherwise.
fn chunk(
    house: &House,
    tx: &mut Conn,
    now: Instant,
    dispatch: &Dispatch,
    batch: BatchWriter,
) -> Result<i64> {
    let filter: Filter = serde_json::from_str(&dispatch.filter)?;
    let after: Option<Cursor> = dispatch.reached.parse().ok();
    let id = dispatch.incident_id.as_str();
    let (people, next) = affected::recipients(tx, &house.vault, now, id, &filter, after, CHUNK)?;
    let is_last = i64::try_from(people.len()).is_ok_and(|met| met < CHUNK);
    let (mut states, mut queued) = (Vec::with_capacity(people.len()), 0);
    for person in people {
        let subject = person.id.to_string();
        if batch.holds(tx, &subject)? {
            continue;
        }
        let state = if dispatch.channel == NoticeChannel::Email {
            mail(tx, now, &batch, &subject, &person)?
        } else {
            batch.push_told(tx, now, &subject, &dispatch.handed_over)?;
            NoticeState::Sent
        };
        states.push((person.id, state));
        queued += 1;
    }
    batch.finish(tx, now)?;
    affected::mark(tx, id, &states)?;
    let reached = next.map_or_else(|| dispatch.reached.clone(), |cursor| cursor.to_string());
    let complete = is_last.then_some(now);
    notices::mark_reached(tx, &dispatch.id, &reached, complete)?;
    Ok(queued)
}

fn mail(
    tx: &mut Conn,
    now: Instant,
    batch: &BatchWriter,
    subject: &str,
    person: &affected::Recipient,
) -> Result<NoticeState> {
    let revealed = |value: &Option<Redacted<String>>| {
        value
            .as_ref()
            .map(|value| value.reveal().clone())
            .unwrap_or_default()
    };
    let Ok(address) = EmailAddress::parse(&revealed(&person.email)) else {
        batch.push_failed(tx, now, subject, "the address cannot be written to")?;
        return Ok(NoticeState::Failed);
    };
    let name = revealed(&person.name);
    let number = revealed(&person.customer_number);
    let mail = PersonMail {
        subject_id: subject.to_owned(),
        to: Recipient::new(address, &name),
        locale: person.locale,
        variables: variables(&name, &person.data_items, &number, person.locale),
    };
    batch.push(tx, now, mail)?;
    Ok(NoticeState::Queued)
}

/// The file that people need for letters or LINE messages.
fn order(approved: &Approved, dispatch: &Dispatch) -> Result<NewExport> {
    let (content, format) = match dispatch.channel {
        NoticeChannel::Line => (ExportContent::LineIds, ExportFormat::Zip),
        NoticeChannel::Letter => (ExportContent::LetterPdfs, ExportFormat::Zip),
        _ => return Err(Problem::new(Code::WrongState)),
    };
    let title = &approved.notice().kind.sheet().title;
    Ok(NewExport {
        content,
        format,
        filter: serde_json::from_str(&dispatch.filter)?,
        roster: None,
        reason: title.ja.clone(),
        locale: Locale::Ja,
        notice: Some(approved.notice().id.to_string()),
    })
}

/// What the batch says; a notice that does not go by mail has only its text.
fn template(approved: &Approved) -> BatchTemplate {
    let frozen = approved.frozen();
    let title = &approved.notice().kind.sheet().title;
    let of = |locale| {
        let subject = match frozen.content.part("subject", locale) {
            "" => title.get(locale),
            subject => subject,
        };
        Content {
            subject: subject.to_owned(),
            text: frozen.content.part("body", locale).to_owned(),
            html: frozen.html.as_ref().map(|html| html.get(locale).to_owned()),
        }
    };
    BatchTemplate {
        variables: VARIABLES.iter().map(|name| (*name).to_owned()).collect(),
        ja: Some(of(Locale::Ja)),
        en: Some(of(Locale::En)),
    }
}
