//! Queries of the tallies: how many messages of a batch stand where, without counting them.
//!
//! Whoever moves messages from state to state notes it in [`Moves`] and writes that
//! in the same transaction. The team's mail has the tally of the empty name.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::kernel::Instant;
use crate::outbox::model::{BatchId, Counts, Halt, State};
use crate::outbox::rules::{self, Pace};
use crate::store::Conn;
use crate::store::schema::{outbox_batches, outbox_messages, outbox_stops, outbox_tallies};

/// The tally of the team's mail, which is in no batch.
pub const TEAM: &str = "";

/// The name of the stop of all bulk mail.
const BULK: &str = "bulk";

/// What one transaction moved, by batch.
#[derive(Default)]
pub struct Moves(BTreeMap<String, Delta>);

#[derive(Default)]
struct Delta {
    by_state: Counts,
    settled: bool,
}

impl Moves {
    /// Notes that messages of a batch are new in a state.
    pub fn add(&mut self, batch: &str, to: State, number: i64) {
        let delta = self.0.entry(batch.to_owned()).or_default();
        let place = delta.by_state.place(to);
        *place = place.saturating_add(number);
        delta.settled |= to.is_settled() && number > 0;
    }

    /// Notes that messages of a batch went from one state to another.
    pub fn shift(&mut self, batch: &str, from: State, to: State, number: i64) {
        if number != 0 {
            self.add(batch, from, number.saturating_neg());
            self.add(batch, to, number);
        }
    }

    /// Writes the tallies; `now` is the instant that the messages carry as settled.
    pub fn write(self, tx: &mut Conn, now: Instant) -> QueryResult<()> {
        // In the order of the names: two workers on PostgreSQL never wait for each other in a circle.
        for (batch, delta) in self.0 {
            let counts = delta.by_state;
            let settled = if delta.settled { now.as_micros() } else { 0 };
            // SQLite numbers these by where they stand first, whatever their name: keep them in order.
            diesel::sql_query(
                "UPDATE outbox_tallies SET \
                 queued = queued + $1, held = held + $2, sent = sent + $3, failed = failed + $4, \
                 uncertain = uncertain + $5, cancelled = cancelled + $6, bounced = bounced + $7, \
                 settled_until = CASE WHEN $8 > coalesce(settled_until, 0) THEN $8 ELSE settled_until END, \
                 before_sent = CASE WHEN minute = $9 THEN before_sent WHEN minute = $9 - 1 THEN minute_sent ELSE 0 END, \
                 minute_sent = CASE WHEN minute = $9 THEN minute_sent ELSE 0 END + $10, \
                 began_at = CASE WHEN $10 > 0 THEN coalesce(began_at, $11) ELSE began_at END, \
                 minute = $9, closed_at = NULL WHERE batch_id = $12",
            )
            .bind::<BigInt, _>(counts.queued)
            .bind::<BigInt, _>(counts.sending)
            .bind::<BigInt, _>(counts.sent)
            .bind::<BigInt, _>(counts.failed)
            .bind::<BigInt, _>(counts.uncertain)
            .bind::<BigInt, _>(counts.cancelled)
            .bind::<BigInt, _>(counts.bounced)
            .bind::<BigInt, _>(settled)
            .bind::<BigInt, _>(rules::minute(now))
            .bind::<BigInt, _>(counts.sent.max(0))
            .bind::<BigInt, _>(now.as_micros())
            .bind::<Text, _>(batch)
            .execute(tx)?;
        }
        Ok(())
    }
}

/// Opens the tally of a batch.
pub fn open(tx: &mut Conn, batch: &BatchId) -> QueryResult<()> {
    diesel::insert_into(outbox_tallies::table)
        .values((
            outbox_tallies::batch_id.eq(batch.as_str()),
            outbox_tallies::queued.eq(0),
            outbox_tallies::held.eq(0),
            outbox_tallies::sent.eq(0),
            outbox_tallies::failed.eq(0),
            outbox_tallies::uncertain.eq(0),
            outbox_tallies::cancelled.eq(0),
            outbox_tallies::bounced.eq(0),
            outbox_tallies::minute.eq(0),
            outbox_tallies::minute_sent.eq(0),
            outbox_tallies::before_sent.eq(0),
        ))
        .execute(tx)
        .map(drop)
}

/// A batch's counts, and what else its tally knows.
#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox_tallies)]
pub struct Tally {
    pub batch_id: String,
    queued: i64,
    held: i64,
    sent: i64,
    failed: i64,
    uncertain: i64,
    cancelled: i64,
    bounced: i64,
    pub settled_until: Option<Instant>,
    began_at: Option<Instant>,
    minute: i64,
    minute_sent: i64,
    before_sent: i64,
    halted_at: Option<Instant>,
    halt_code: Option<i64>,
    halt_reply: Option<String>,
}

impl Tally {
    pub fn counts(&self) -> Counts {
        Counts {
            queued: self.queued,
            sending: self.held,
            sent: self.sent,
            failed: self.failed,
            uncertain: self.uncertain,
            cancelled: self.cancelled,
            bounced: self.bounced,
        }
    }

    pub fn pace(&self) -> Pace {
        Pace {
            began_at: self.began_at,
            minute: self.minute,
            minute_sent: self.minute_sent,
            before_sent: self.before_sent,
        }
    }

    pub fn halt(&self) -> Option<Halt> {
        Some(Halt {
            at: self.halted_at?,
            code: self.halt_code,
            reply: self.halt_reply.clone().unwrap_or_default(),
        })
    }
}

/// The tally of a batch.
pub fn of(conn: &mut Conn, batch: &str) -> QueryResult<Tally> {
    outbox_tallies::table
        .find(batch)
        .select(Tally::as_select())
        .first(conn)
}

/// The tallies of batches that are not closed, oldest first.
pub fn unclosed(conn: &mut Conn) -> QueryResult<Vec<Tally>> {
    outbox_tallies::table
        .filter(outbox_tallies::closed_at.is_null())
        .filter(outbox_tallies::batch_id.ne(TEAM))
        .order(outbox_tallies::batch_id)
        .select(Tally::as_select())
        .load(conn)
}

/// The batches that the worker stopped by itself.
pub fn halted(conn: &mut Conn) -> QueryResult<Vec<(BatchId, Halt)>> {
    let tallies: Vec<(BatchId, Instant, Option<i64>, Option<String>)> = outbox_tallies::table
        .filter(outbox_tallies::halted_at.is_not_null())
        .order(outbox_tallies::batch_id)
        .select((
            outbox_tallies::batch_id,
            outbox_tallies::halted_at.assume_not_null(),
            outbox_tallies::halt_code,
            outbox_tallies::halt_reply,
        ))
        .load(conn)?;
    let halt = |(batch, at, code, reply): (BatchId, Instant, Option<i64>, Option<String>)| {
        let reply = reply.unwrap_or_default();
        (batch, Halt { at, code, reply })
    };
    Ok(tallies.into_iter().map(halt).collect())
}

/// Closes a batch of which nothing waits; gives the number closed.
pub fn close(tx: &mut Conn, batch: &BatchId, now: Instant) -> QueryResult<usize> {
    diesel::update(outbox_tallies::table.find(batch.as_str()))
        .filter(outbox_tallies::queued.eq(0))
        .filter(outbox_tallies::held.eq(0))
        .set(outbox_tallies::closed_at.eq(Some(now)))
        .execute(tx)
}

/// How many messages wait or are uncertain, over all batches, and since when the oldest waits.
pub fn backlog(conn: &mut Conn) -> QueryResult<(i64, i64, Option<Instant>)> {
    let rows: Vec<(i64, i64, Option<Instant>)> = outbox_tallies::table
        .left_join(outbox_batches::table.on(outbox_batches::id.eq(outbox_tallies::batch_id)))
        .filter(
            outbox_tallies::queued
                .gt(0)
                .or(outbox_tallies::uncertain.gt(0)),
        )
        .order(outbox_tallies::batch_id)
        .select((
            outbox_tallies::queued,
            outbox_tallies::uncertain,
            outbox_batches::created_at.nullable(),
        ))
        .load(conn)?;
    let team: Option<Instant> = outbox_messages::table
        .filter(outbox_messages::batch_id.is_null())
        .filter(super::waiting())
        .select(diesel::dsl::min(outbox_messages::created_at))
        .first(conn)?;
    let queued = rows.iter().map(|(queued, ..)| queued).sum();
    let uncertain = rows.iter().map(|(_, uncertain, _)| uncertain).sum();
    // All messages of a batch are as old as the batch.
    let oldest = rows
        .iter()
        .filter(|(queued, ..)| *queued > 0)
        .filter_map(|(_, _, created_at)| *created_at)
        .chain(team)
        .min();
    Ok((queued, uncertain, oldest))
}

/// The batches that have something waiting and may go out, oldest first.
pub fn flowing(conn: &mut Conn) -> QueryResult<Vec<String>> {
    if stopped(conn)?.is_some() {
        return Ok(Vec::new());
    }
    outbox_tallies::table
        .inner_join(outbox_batches::table.on(outbox_batches::id.eq(outbox_tallies::batch_id)))
        .filter(outbox_tallies::queued.gt(0))
        .filter(outbox_batches::paused_at.is_null())
        .order(outbox_tallies::batch_id)
        .select(outbox_tallies::batch_id)
        .load(conn)
}

/// Which of these batches must not go out now: paused by somebody, halted by the worker, or all of them.
pub fn held_back(tx: &mut Conn, batches: &[&str]) -> QueryResult<Vec<String>> {
    if stopped(tx)?.is_some() {
        return Ok(batches.iter().map(|batch| (*batch).to_owned()).collect());
    }
    crate::each_db!(tx, |c| outbox_batches::table
        .filter(outbox_batches::id.eq_any(batches))
        .filter(outbox_batches::paused_at.is_not_null())
        .order(outbox_batches::id)
        .select(outbox_batches::id)
        .load(c))
}

/// When a batch was paused.
pub fn paused_at(conn: &mut Conn, batch: &BatchId) -> QueryResult<Option<Instant>> {
    outbox_batches::table
        .find(batch)
        .select(outbox_batches::paused_at)
        .first(conn)
}

/// Stops a batch because of what the mail server said, unless it is stopped already.
pub fn halt(
    tx: &mut Conn,
    batch: &str,
    now: Instant,
    code: Option<i64>,
    reply: &str,
) -> QueryResult<()> {
    diesel::update(outbox_batches::table.find(batch))
        .filter(outbox_batches::paused_at.is_null())
        .set(outbox_batches::paused_at.eq(Some(now)))
        .execute(tx)?;
    diesel::update(outbox_tallies::table.find(batch))
        .set((
            outbox_tallies::halted_at.eq(Some(now)),
            outbox_tallies::halt_code.eq(code),
            outbox_tallies::halt_reply.eq(Some(reply)),
        ))
        .execute(tx)
        .map(drop)
}

/// Whether the worker stopped a batch, and nobody let it go on since.
pub fn is_halted(conn: &mut Conn, batch: &str) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        outbox_tallies::table
            .find(batch)
            .filter(outbox_tallies::halted_at.is_not_null()),
    ))
    .get_result(conn)
}

/// Forgets that the worker stopped a batch.
pub fn unhalt(tx: &mut Conn, batch: &BatchId) -> QueryResult<()> {
    diesel::update(outbox_tallies::table.find(batch.as_str()))
        .set((
            outbox_tallies::halted_at.eq(None::<Instant>),
            outbox_tallies::halt_code.eq(None::<i64>),
            outbox_tallies::halt_reply.eq(None::<String>),
        ))
        .execute(tx)
        .map(drop)
}

/// Since when all bulk mail is stopped.
pub fn stopped(conn: &mut Conn) -> QueryResult<Option<Instant>> {
    outbox_stops::table
        .find(BULK)
        .select(outbox_stops::since)
        .first(conn)
        .optional()
}

/// Stops all bulk mail; false when it was stopped already.
pub fn stop(tx: &mut Conn, now: Instant) -> QueryResult<bool> {
    let row = (outbox_stops::name.eq(BULK), outbox_stops::since.eq(now));
    crate::each_db!(tx, |c| diesel::insert_into(outbox_stops::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))
    .map(|rows| rows == 1)
}

/// Lets bulk mail go on; false when it was not stopped.
pub fn go_on(tx: &mut Conn) -> QueryResult<bool> {
    diesel::delete(outbox_stops::table.find(BULK))
        .execute(tx)
        .map(|rows| rows == 1)
}
