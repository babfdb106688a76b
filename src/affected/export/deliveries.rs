//! What became of every notice to everybody: the proof, person by person.

use std::collections::BTreeMap;

use super::bundle::Sending;
use super::files::{Out, Table};
use super::people::{Walk, shown};
use super::run::Job;
use super::words;
use crate::affected::records::RegisterKey;
use crate::kernel::{Instant, Locale, Result, locale};
use crate::outbox::{self, Delivery};

const COLUMNS: [(&str, u16); 13] = [
    ("person", 10),
    ("customer-number", 16),
    ("name", 20),
    ("sent-notice", 28),
    ("sent-channel", 12),
    ("sent-digest", 24),
    ("sent-state", 14),
    ("sent-attempts", 8),
    ("sent-queued-at", 20),
    ("sent-settled-at", 20),
    ("sent-code", 8),
    ("sent-reply", 48),
    ("sent-message", 38),
];

/// Writes a row for each message to each person whom the filter finds; none when it was stopped.
pub(super) fn write(job: &mut Job<'_>, out: Out) -> Result<Option<Table>> {
    let now = job.clock.now();
    let incident = job.export.incident_id.clone();
    let locale = job.export.locale;
    let key = job
        .store
        .write_blocking(|tx| RegisterKey::of(tx, job.vault, now, &incident))?;
    let sendings = job
        .store
        .read_blocking(|conn| job.press.sendings(conn, &incident, locale))?;
    let mut walk = Walk::new(&job.export)?;
    let mut table = job.table(
        out,
        &words::text(locale, "export-content-deliveries"),
        &words::headers(locale, &COLUMNS),
        &COLUMNS.map(|(_, width)| width),
    )?;
    let mut last = None;
    loop {
        let chunk = job.store.read_blocking(|conn| walk.chunk(conn, last))?;
        let Some(end) = chunk.last().map(|row| row.id) else {
            return Ok(Some(table));
        };
        let subjects: Vec<_> = chunk.iter().map(|row| row.id.to_string()).collect();
        let mut found = Vec::new();
        for sending in &sendings {
            let deliveries = job
                .store
                .read_blocking(|conn| outbox::deliveries_to(conn, &sending.batch, &subjects))?;
            let by_subject: BTreeMap<_, _> = deliveries
                .into_iter()
                .filter_map(|delivery| Some((delivery.subject_id.clone()?, delivery)))
                .collect();
            found.push((sending, by_subject));
        }
        for row in &chunk {
            if walk.group(row.group_id).is_none() {
                continue;
            }
            let record = key.open(&row.sealed)?;
            let id = row.id.to_string();
            let person = [
                id.as_str(),
                shown(&record.customer_number),
                shown(&record.name),
            ];
            for (sending, by_subject) in &found {
                if let Some(delivery) = by_subject.get(&id) {
                    write_one(&mut table, person, sending, delivery, locale)?;
                }
            }
            job.rows = job.rows.saturating_add(1);
        }
        last = Some(end);
        if !job.goes_on()? {
            return Ok(None);
        }
    }
}

fn write_one(
    table: &mut Table,
    [id, number, name]: [&str; 3],
    sending: &Sending,
    delivery: &Delivery,
    locale: Locale,
) -> Result<()> {
    // RFC 3339 in UTC: a mail server's log is compared with it.
    let when = |at: Instant| at.to_string();
    let row: [&str; COLUMNS.len()] = [
        id,
        number,
        name,
        &sending.title,
        &sending.channel,
        &sending.digest,
        &locale::text(locale, &format!("mail-state-{}", delivery.state)),
        &delivery.attempts.to_string(),
        &when(delivery.created_at),
        &delivery.settled_at.map(when).unwrap_or_default(),
        &delivery
            .reply_code
            .map(|code| code.to_string())
            .unwrap_or_default(),
        delivery.reply.as_deref().unwrap_or_default(),
        delivery.id.as_str(),
    ];
    Ok(table.row(&row)?)
}
