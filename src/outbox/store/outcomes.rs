//! Queries that write down how attempts ended.

use std::collections::{BTreeMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text};

use super::Record;
use super::held::held;
use super::tallies::Moves;
use crate::kernel::Instant;
use crate::outbox::model::{MailId, State};
use crate::store::Conn;
use crate::store::schema::outbox_messages;

/// Writes down how attempts ended; gives those that somebody else settled meanwhile.
///
/// What the mail server took goes in one statement for each (attempts, code): Diesel has SQLite
/// prepare every update anew, which costs as much as the row itself.
pub fn record<'a>(
    tx: &mut Conn,
    holder: &str,
    now: Instant,
    records: &'a [Record],
    moves: &mut Moves,
) -> QueryResult<Vec<&'a MailId>> {
    let mut sent: BTreeMap<(i64, Option<i64>), Vec<&Record>> = BTreeMap::new();
    let mut singly: Vec<&Record> = Vec::new();
    for record in records {
        if record.state == State::Sent && record.due_at.is_none() && record.failure.is_none() {
            let like = (record.attempts, record.reply_code);
            sent.entry(like).or_default().push(record);
        } else {
            singly.push(record);
        }
    }
    for ((attempts, code), alike) in sent {
        let written = record_sent(tx, holder, now, attempts, code, &alike)?;
        for record in alike {
            if written.contains(&record.id) {
                moves.shift(&record.batch, State::Sending, State::Sent, 1);
            } else {
                singly.push(record);
            }
        }
    }
    let mut lost = Vec::new();
    for record in singly {
        if !record_one(tx, holder, now, record, moves)? {
            lost.push(&record.id);
        }
    }
    Ok(lost)
}

/// The identifier of a row that a statement changed.
#[derive(QueryableByName)]
struct Changed {
    #[diesel(sql_type = Text)]
    id: MailId,
}

/// Writes down many messages that the mail server took at the same attempt with the same code.
fn record_sent(
    tx: &mut Conn,
    holder: &str,
    now: Instant,
    attempts: i64,
    code: Option<i64>,
    records: &[&Record],
) -> QueryResult<HashSet<MailId>> {
    /// The statement, its two tables of (id, reply) being the only thing that differs by database.
    /// `+`: the index of what is held would be walked for each answer; the row is found by its id.
    macro_rules! statement {
        ($answers:literal) => {
            concat!(
                "UPDATE outbox_messages SET state = 'sent', attempts = $1, settled_at = $2, \
                 reply_code = $3, reply = answers.reply, failure = NULL FROM ",
                $answers,
                " WHERE outbox_messages.id = answers.id AND outbox_messages.claimed_by = ",
            )
        };
    }
    let ids = || records.iter().map(|record| record.id.as_str());
    let replies = || records.iter().map(|record| record.reply.as_deref());
    let changed: Vec<Changed> = match tx {
        Conn::Sqlite(c) => {
            let answers: Vec<_> = ids().zip(replies()).collect();
            let answers = serde_json::to_string(&answers)
                .map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
            diesel::sql_query(concat!(
                statement!(
                    "(SELECT value ->> 0 AS id, value ->> 1 AS reply FROM json_each($4)) AS answers"
                ),
                "$5 AND +outbox_messages.state IN ('claimed', 'sending') RETURNING outbox_messages.id"
            ))
            .bind::<BigInt, _>(attempts)
            .bind::<BigInt, _>(now.as_micros())
            .bind::<Nullable<BigInt>, _>(code)
            .bind::<Text, _>(answers)
            .bind::<Text, _>(holder)
            .load(c)?
        }
        Conn::Postgres(c) => diesel::sql_query(concat!(
            statement!("unnest($4, $5) AS answers (id, reply)"),
            "$6 AND outbox_messages.state IN ('claimed', 'sending') RETURNING outbox_messages.id"
        ))
        .bind::<BigInt, _>(attempts)
        .bind::<BigInt, _>(now.as_micros())
        .bind::<Nullable<BigInt>, _>(code)
        .bind::<Array<Text>, _>(ids().collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(replies().collect::<Vec<_>>())
        .bind::<Text, _>(holder)
        .load(c)?,
    };
    Ok(changed.into_iter().map(|row| row.id).collect())
}

/// Writes down how one attempt ended; false when somebody else settled the message meanwhile.
fn record_one(
    tx: &mut Conn,
    holder: &str,
    now: Instant,
    record: &Record,
    moves: &mut Moves,
) -> QueryResult<bool> {
    macro_rules! write {
        ($state:expr) => {
            crate::each_db!(&mut *tx, |c| diesel::update(
                outbox_messages::table.find(&record.id)
            )
            .filter($state)
            .filter(outbox_messages::claimed_by.eq(holder))
            .set((
                outbox_messages::state.eq(record.state),
                outbox_messages::attempts.eq(record.attempts),
                record.due_at.map(|at| outbox_messages::due_at.eq(at)),
                outbox_messages::settled_at.eq(record.state.is_settled().then_some(now)),
                outbox_messages::reply_code.eq(record.reply_code),
                outbox_messages::reply.eq(&record.reply),
                outbox_messages::failure.eq(record.failure),
                (record.state == State::Queued)
                    .then_some(outbox_messages::claimed_by.eq(None::<String>)),
            ))
            .execute(c))?
                == 1
        };
    }
    if write!(held()) {
        moves.shift(&record.batch, State::Sending, record.state, 1);
        return Ok(true);
    }
    // A worker that was taken for dead may still bring the true answer.
    let late = write!(outbox_messages::state.eq(State::Uncertain));
    if late {
        moves.shift(&record.batch, State::Uncertain, record.state, 1);
    }
    Ok(late)
}
