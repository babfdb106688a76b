//! Answers and clock starts as the database keeps them: never overwritten, only superseded.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::clock_starts::{ClockStart, ClockStartKind, ClockStarts, is_zone};
use super::facts::{self, Answer, FactKey, Facts};
use super::{ClockStartId, FactId, IncidentId, record};
use crate::accounts::AccountId;
use crate::kernel::{Instant, Locale, Problem, Result, input};
use crate::store::Conn;
use crate::store::schema::{clock_starts, facts as table};
use crate::timeline::{self, Actor, Event, Kind as EventKind};

/// One answer with its history: who gave it, since when it was known, until when it stood.
#[derive(Clone, Debug)]
pub struct FactRecord {
    /// The question.
    pub key: FactKey,
    /// The answer.
    pub answer: Answer,
    /// Since when it was known.
    pub known_at: Instant,
    /// Who recorded it.
    pub recorded_by: AccountId,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// When a newer answer took its place.
    pub superseded_at: Option<Instant>,
}

/// One statement of a clock start with its history.
#[derive(Clone, Debug)]
pub struct StartRecord {
    /// Which moment.
    pub kind: ClockStartKind,
    /// The statement.
    pub start: ClockStart,
    /// Who recorded it.
    pub recorded_by: AccountId,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// When a newer statement took its place.
    pub superseded_at: Option<Instant>,
}

type StartRow = (
    ClockStartKind,
    Instant,
    String,
    String,
    AccountId,
    Instant,
    Option<Instant>,
);

/// Takes an answer; the one before it stays in the history.
///
/// The same answer again is not recorded. `known_at` is now when nothing else is said.
///
/// # Errors
/// [`crate::kernel::Code::InvalidInput`] for a `known_at` that lies ahead.
pub fn answer(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    id: &IncidentId,
    key: FactKey,
    answer: &Answer,
    known_at: Option<Instant>,
) -> Result<()> {
    if known_at.is_some_and(|at| at > now) {
        return Err(input::wrong("known_at", "field-in-the-future").into());
    }
    timeline::lock(tx, id.as_str())?;
    let current = facts_of(tx, id)?;
    if current.get(key) == Some(answer) {
        return Ok(());
    }
    let standing = table::table
        .filter(table::incident_id.eq(id.as_str()))
        .filter(table::key.eq(key.as_str()))
        .filter(table::superseded_at.is_null());
    diesel::update(standing)
        .set(table::superseded_at.eq(Some(now)))
        .execute(tx)?;
    diesel::insert_into(table::table)
        .values((
            table::id.eq(FactId::fresh(now)),
            table::incident_id.eq(id),
            table::key.eq(key),
            table::value.eq(answer.to_json().to_string()),
            table::known_at.eq(known_at.unwrap_or(now)),
            table::recorded_by.eq(by),
            table::recorded_at.eq(now),
        ))
        .execute(tx)?;
    let payload = json!({
        "fact": key,
        "answer": answer.to_json(),
        "answer_ja": facts::words(key, answer, Locale::Ja),
        "answer_en": facts::words(key, answer, Locale::En),
    });
    let event = Event {
        incident_id: id.as_str(),
        kind: EventKind::FactAnswered,
        actor: &Actor::account(by.as_str()),
        occurred_at: known_at,
        payload,
    };
    timeline::append(tx, now, event).map(drop)
}

/// What is known now.
///
/// # Errors
/// The database's own error.
pub fn facts_of(conn: &mut Conn, id: &IncidentId) -> Result<Facts> {
    let mut facts = Facts::default();
    for record in answers(conn, id)?
        .into_iter()
        .filter(|record| record.superseded_at.is_none())
    {
        facts.set(record.key, record.answer, Some(record.known_at));
    }
    Ok(facts)
}

/// Every answer that was ever given, oldest first.
///
/// # Errors
/// The database's own error.
pub fn answers(conn: &mut Conn, id: &IncidentId) -> Result<Vec<FactRecord>> {
    let rows: Vec<(
        FactKey,
        String,
        Instant,
        AccountId,
        Instant,
        Option<Instant>,
    )> = table::table
        .filter(table::incident_id.eq(id.as_str()))
        .order((table::recorded_at, table::id))
        .select((
            table::key,
            table::value,
            table::known_at,
            table::recorded_by,
            table::recorded_at,
            table::superseded_at,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(
            |(key, value, known_at, recorded_by, recorded_at, superseded_at)| {
                let json = serde_json::from_str(&value)?;
                let answer = Answer::from_json(key, &json).map_err(Problem::internal)?;
                Ok(FactRecord {
                    key,
                    answer,
                    known_at,
                    recorded_by,
                    recorded_at,
                    superseded_at,
                })
            },
        )
        .collect()
}

/// Records when a clock began; an earlier statement stays in the history.
///
/// # Errors
/// [`crate::kernel::Code::InvalidInput`] for an instant ahead, an unknown zone, or nobody who said so.
pub fn start_clock(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    id: &IncidentId,
    kind: ClockStartKind,
    start: ClockStart,
) -> Result<()> {
    super::find(tx, id)?;
    let mut problems = Vec::new();
    if start.at > now {
        problems.push(input::wrong("at", "field-in-the-future"));
    }
    if !is_zone(&start.zone) {
        problems.push(input::wrong("zone", "field-unknown-zone"));
    }
    let said_by = input::line("said_by", &start.said_by, 100).unwrap_or_else(|problem| {
        problems.push(problem);
        String::new()
    });
    if !problems.is_empty() {
        return Err(Problem::fields(problems));
    }
    let start = ClockStart { said_by, ..start };
    timeline::lock(tx, id.as_str())?;
    if clock_starts_of(tx, id)?.get(kind) == Some(&start) {
        return Ok(());
    }
    let standing = clock_starts::table
        .filter(clock_starts::incident_id.eq(id.as_str()))
        .filter(clock_starts::kind.eq(kind.as_str()))
        .filter(clock_starts::superseded_at.is_null());
    diesel::update(standing)
        .set(clock_starts::superseded_at.eq(Some(now)))
        .execute(tx)?;
    diesel::insert_into(clock_starts::table)
        .values((
            clock_starts::id.eq(ClockStartId::fresh(now)),
            clock_starts::incident_id.eq(id),
            clock_starts::kind.eq(kind),
            clock_starts::at.eq(start.at),
            clock_starts::zone.eq(&start.zone),
            clock_starts::said_by.eq(&start.said_by),
            clock_starts::recorded_by.eq(by),
            clock_starts::recorded_at.eq(now),
        ))
        .execute(tx)?;
    let payload =
        json!({"clock": kind, "at": start.at, "zone": start.zone, "said_by": start.said_by});
    record(tx, id, by, now, EventKind::ClockStarted, payload)
}

/// The clock starts that stand now.
///
/// # Errors
/// The database's own error.
pub fn clock_starts_of(conn: &mut Conn, id: &IncidentId) -> Result<ClockStarts> {
    let standing: BTreeMap<_, _> = starts_history(conn, id)?
        .into_iter()
        .filter(|record| record.superseded_at.is_none())
        .map(|record| (record.kind, record.start))
        .collect();
    Ok(ClockStarts(standing))
}

/// Every statement of a clock start, oldest first.
///
/// # Errors
/// The database's own error.
pub fn starts_history(conn: &mut Conn, id: &IncidentId) -> Result<Vec<StartRecord>> {
    let rows: Vec<StartRow> = clock_starts::table
        .filter(clock_starts::incident_id.eq(id.as_str()))
        .order((clock_starts::recorded_at, clock_starts::id))
        .select((
            clock_starts::kind,
            clock_starts::at,
            clock_starts::zone,
            clock_starts::said_by,
            clock_starts::recorded_by,
            clock_starts::recorded_at,
            clock_starts::superseded_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(
            |(kind, at, zone, said_by, recorded_by, recorded_at, superseded_at)| StartRecord {
                kind,
                start: ClockStart { at, zone, said_by },
                recorded_by,
                recorded_at,
                superseded_at,
            },
        )
        .collect())
}
