//! The index in either database: documents, their grams, how far each incident is.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::grams::{Folded, grams};
use super::{Document, LONGEST, Question, Room};
use crate::kernel::{Instant, LocaleText, Result};
use crate::store::Conn;
use crate::store::schema::{search_documents as documents, search_progress as table};

/// Ids of one millisecond; more documents than that move on to the next one.
const OF_A_MILLISECOND: i64 = 1_024;

/// A document as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = documents)]
struct Row {
    id: i64,
    incident_id: String,
    room: Room,
    reference: String,
    title_ja: String,
    title_en: String,
    text_ja: String,
    text_en: String,
    recorded_at: Instant,
}

/// How far an incident is in the index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The last entry of its timeline that is in.
    pub seq: i64,
    /// When the newest section of its post-mortem that is in was written; 0 for none.
    pub written_at: i64,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Documents that hold every gram, newest first, before an id.
pub(super) fn candidates(
    conn: &mut Conn,
    question: &Question,
    grams: &[String],
    before: i64,
    limit: usize,
) -> QueryResult<Vec<(i64, Document)>> {
    // Tokens of our own: hexadecimal digits and small letters, so that quoting is enough.
    let tokens = grams.iter().cloned().chain(question.room.map(room_token));
    let (quote, and) = match conn {
        Conn::Sqlite(_) => ('"', " AND "),
        Conn::Postgres(_) => ('\'', " & "),
    };
    let tokens: Vec<_> = tokens.map(|gram| format!("{quote}{gram}{quote}")).collect();
    let tokens = tokens.join(and);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    // CROSS JOIN keeps SQLite from beginning anywhere but at the grams, which come in the wanted order.
    let (key, holds, join) = match conn {
        Conn::Sqlite(_) => ("g.rowid", "g.search_grams MATCH $1", "CROSS JOIN"),
        Conn::Postgres(_) => ("g.id", "g.grams @@ $1::tsquery", "JOIN"),
    };
    let of_state = match question.state {
        None => "$3 = ''".to_owned(),
        Some(_) => format!(
            "(SELECT i.state FROM search_documents d {join} incidents i ON i.id = d.incident_id WHERE d.id = {key}) = $3"
        ),
    };
    let sql = format!(
        "SELECT {key} AS id FROM search_grams g WHERE {holds} AND {key} < $2 AND {of_state} ORDER BY {key} DESC LIMIT $4"
    );
    let ids: Vec<Id> = diesel::sql_query(sql)
        .bind::<Text, _>(tokens)
        .bind::<BigInt, _>(before)
        .bind::<Text, _>(question.state.unwrap_or_default())
        .bind::<BigInt, _>(limit)
        .load(conn)?;
    let ids: Vec<i64> = ids.into_iter().map(|row| row.id).collect();
    let rows: Vec<Row> = documents::table
        .filter(documents::id.eq_any(ids))
        .order(documents::id.desc())
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

/// Puts a document in, or what it says now in place of what it said.
///
/// # Errors
/// The database's own error.
pub fn put(tx: &mut Conn, document: &Document) -> Result<()> {
    let known = documents::table
        .filter(documents::incident_id.eq(&document.incident_id))
        .filter(documents::room.eq(document.room))
        .filter(documents::reference.eq(&document.reference))
        .select(Row::as_select())
        .first(tx)
        .optional()?;
    let mut row = Row::of(document);
    if let Some(known) = known {
        row.id = known.id;
        if row.says() == known.says() && row.recorded_at == known.recorded_at {
            return Ok(());
        }
        delete(tx, &known)?;
    }
    row.id = free_id(tx, document.recorded_at)?;
    diesel::insert_into(documents::table)
        .values(&row)
        .execute(tx)?;
    let sql = match tx {
        Conn::Sqlite(_) => "INSERT INTO search_grams (rowid, grams) VALUES ($1, $2)",
        Conn::Postgres(_) => {
            "INSERT INTO search_grams (id, grams) VALUES ($1, array_to_tsvector(string_to_array($2, ' ')))"
        }
    };
    diesel::sql_query(sql)
        .bind::<BigInt, _>(row.id)
        .bind::<Text, _>(row.grams())
        .execute(tx)?;
    Ok(())
}

/// Takes a document out, if it is in.
///
/// # Errors
/// The database's own error.
pub fn remove(tx: &mut Conn, incident_id: &str, room: Room, reference: &str) -> Result<()> {
    let known = documents::table
        .filter(documents::incident_id.eq(incident_id))
        .filter(documents::room.eq(room))
        .filter(documents::reference.eq(reference))
        .select(Row::as_select())
        .first(tx)
        .optional()?;
    if let Some(known) = known {
        delete(tx, &known)?;
    }
    Ok(())
}

/// Puts in what an incident holds beside its timeline, and takes out what it no longer holds.
///
/// # Errors
/// The database's own error.
pub fn replace_rooms(tx: &mut Conn, incident_id: &str, held: &[Document]) -> Result<()> {
    let kept: BTreeSet<(Room, &str)> = held
        .iter()
        .map(|document| (document.room, document.reference.as_str()))
        .collect();
    let known: Vec<Row> = documents::table
        .filter(documents::incident_id.eq(incident_id))
        .filter(documents::room.ne(Room::Entry))
        .order(documents::id)
        .select(Row::as_select())
        .load(tx)?;
    for row in known {
        if !kept.contains(&(row.room, row.reference.as_str())) {
            delete(tx, &row)?;
        }
    }
    held.iter().try_for_each(|document| put(tx, document))
}

/// Empties the index.
///
/// # Errors
/// The database's own error.
pub fn clear(tx: &mut Conn) -> Result<()> {
    let sql = match tx {
        Conn::Sqlite(_) => "INSERT INTO search_grams (search_grams) VALUES ('delete-all')",
        Conn::Postgres(_) => "DELETE FROM search_grams",
    };
    diesel::sql_query(sql).execute(tx)?;
    diesel::delete(documents::table).execute(tx)?;
    diesel::delete(table::table).execute(tx)?;
    Ok(())
}

/// How far every incident is that was ever looked at.
///
/// # Errors
/// The database's own error.
pub fn progress(conn: &mut Conn) -> Result<BTreeMap<String, Progress>> {
    let rows: Vec<(String, i64, i64)> = table::table.order(table::incident_id).load(conn)?;
    let of = |(id, seq, written_at)| (id, Progress { seq, written_at });
    Ok(rows.into_iter().map(of).collect())
}

/// Says how far an incident is.
///
/// # Errors
/// The database's own error.
pub fn set_progress(tx: &mut Conn, incident_id: &str, progress: Progress) -> Result<()> {
    diesel::delete(table::table.find(incident_id)).execute(tx)?;
    diesel::insert_into(table::table)
        .values((
            table::incident_id.eq(incident_id),
            table::seq.eq(progress.seq),
            table::written_at.eq(progress.written_at),
        ))
        .execute(tx)?;
    Ok(())
}

fn delete(tx: &mut Conn, row: &Row) -> QueryResult<()> {
    diesel::delete(documents::table.find(row.id)).execute(tx)?;
    match tx {
        // The index keeps no text: it is told which grams to take out.
        Conn::Sqlite(c) => diesel::sql_query(
            "INSERT INTO search_grams (search_grams, rowid, grams) VALUES ('delete', $1, $2)",
        )
        .bind::<BigInt, _>(row.id)
        .bind::<Text, _>(row.grams())
        .execute(c),
        Conn::Postgres(c) => diesel::sql_query("DELETE FROM search_grams WHERE id = $1")
            .bind::<BigInt, _>(row.id)
            .execute(c),
    }
    .map(drop)
}

/// The first id from an instant on that no document has.
fn free_id(tx: &mut Conn, at: Instant) -> QueryResult<i64> {
    let millis = at.as_micros().div_euclid(1_000).max(0);
    let mut first = millis.saturating_mul(OF_A_MILLISECOND);
    loop {
        let behind = first.saturating_add(OF_A_MILLISECOND);
        let last: Option<i64> = documents::table
            .filter(documents::id.ge(first))
            .filter(documents::id.lt(behind))
            .select(diesel::dsl::max(documents::id))
            .first(tx)?;
        match last {
            None => return Ok(first),
            Some(last) if last.saturating_add(1) < behind => return Ok(last.saturating_add(1)),
            Some(_) => first = behind,
        }
    }
}

/// The token of a room: no pair of letters, which begins with a hexadecimal digit.
fn room_token(room: Room) -> String {
    format!("r{room}")
}

impl Row {
    fn of(document: &Document) -> Self {
        let kept = |text: &str| text.chars().take(LONGEST).collect::<String>();
        let Document { title, text, .. } = document;
        // One text for both languages is kept once.
        let other = |text: &LocaleText| match text.en == text.ja {
            true => String::new(),
            false => kept(&text.en),
        };
        Self {
            id: 0,
            incident_id: document.incident_id.clone(),
            room: document.room,
            reference: document.reference.clone(),
            title_ja: kept(&title.ja),
            title_en: other(title),
            text_ja: kept(&text.ja),
            text_en: other(text),
            recorded_at: document.recorded_at,
        }
    }

    fn says(&self) -> [&str; 4] {
        [&self.title_ja, &self.title_en, &self.text_ja, &self.text_en]
    }

    /// Its tokens, separated by spaces.
    fn grams(&self) -> String {
        let mut all = BTreeSet::from([room_token(self.room)]);
        for text in self.says() {
            all.extend(grams(&Folded::of(text).text));
        }
        all.into_iter().collect::<Vec<_>>().join(" ")
    }
}

impl From<Row> for Document {
    fn from(row: Row) -> Self {
        let text = |ja: String, en: String| LocaleText {
            en: if en.is_empty() { ja.clone() } else { en },
            ja,
        };
        Self {
            incident_id: row.incident_id,
            room: row.room,
            reference: row.reference,
            title: text(row.title_ja, row.title_en),
            text: text(row.text_ja, row.text_en),
            recorded_at: row.recorded_at,
        }
    }
}
