//! Who is affected: rosters imported, people recognised, counted, shown masked.
//!
//! In comes a sealed roster file; out go people (each once in an incident), the
//! problems of the file, and counts. What is known of a person is sealed as a
//! whole with the incident's key; a person is recognised by keyed blind indexes.
//! The room refuses to know what is written to the people, and shows no value
//! without a mask but by [`reveal`], which the timeline remembers.

pub mod catalogue;
mod columns;
mod countries;
mod import;
mod index;
mod model;
pub mod normalise;
mod rows;
pub mod rules;
mod source;
mod store;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::json;

pub use columns::Layout;
pub use model::{
    Counts, Field, Fields, KeyKind, MaskedPerson, Person, PersonId, Reason, Recipient, Roster,
    RosterId, RosterProblem,
};

use self::import::{Intake, Step};
use self::model::PersonRow;
use crate::evidence::{self, EvidenceId, Files};
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Code, Instant, Problem, Result};
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};
use crate::vault::{DataKey, Scope, Vault};

/// The largest roster file that is read when no setting says otherwise: 2 GiB.
pub const DEFAULT_LIMIT: u64 = 2 * 1024 * 1024 * 1024;

const PURPOSE: &str = "person";
const CHUNK: i64 = 1_000;

/// What a person says about a roster that they hand in.
#[derive(Clone, Debug)]
pub struct NewRoster<'a> {
    /// The incident.
    pub incident_id: &'a str,
    /// The sealed file.
    pub evidence_id: &'a EvidenceId,
    /// The system that the file was taken from; may be empty.
    pub source_system: &'a str,
    /// A collection point of the catalogue, or empty.
    pub collection_point: &'a str,
    /// Ids of the data items that were exposed.
    pub data_items: &'a [String],
    /// The largest number of plain bytes that is read.
    pub limit: u64,
}

/// What a file holds, read without importing it.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// Its columns.
    pub layout: Layout,
    /// Rows below the header.
    pub rows: u64,
}

/// Reads a sealed roster file through without writing anything.
///
/// Outside a transaction it finds every reason to refuse the whole file, before
/// [`import()`] holds the database.
///
/// # Errors
/// [`Code::UnreadableFile`] with `reason` and `row`; [`Code::TooLarge`].
pub fn inspect(
    conn: &mut Conn,
    vault: &Vault,
    files: &Files,
    now: Instant,
    new: &NewRoster<'_>,
) -> Result<Inspection> {
    let file = roster_file(conn, vault, files, now, new)?;
    let mut layout = None;
    let mut rows = 0;
    import::each_row(file, |step| {
        match step {
            Step::Header(_, header) => layout = Some(header.clone()),
            Step::Row(..) => rows += 1,
        }
        Ok(())
    })?;
    let layout = layout.ok_or_else(|| Problem::internal("a file without a header was read"))?;
    Ok(Inspection { layout, rows })
}

/// Imports a sealed roster file: every row, or (for an unreadable file) none.
///
/// The sealed file is read inside the transaction, a piece at a time: a million
/// rows in memory would cost more than the reading.
///
/// # Errors
/// As [`inspect`]; [`Code::InvalidInput`] for an unknown data item or collection
/// point. The caller's transaction must then be rolled back, as `Store::write` does.
pub fn import(
    tx: &mut Conn,
    vault: &Vault,
    files: &Files,
    actor: &Actor,
    now: Instant,
    new: &NewRoster<'_>,
) -> Result<Roster> {
    check(new)?;
    let file = roster_file(tx, vault, files, now, new)?;
    let key = vault.key(tx, &Scope::incident(new.incident_id), now)?;
    let roster = Roster {
        id: RosterId::fresh(now),
        incident_id: new.incident_id.to_owned(),
        evidence_id: new.evidence_id.clone(),
        source_system: new.source_system.trim().to_owned(),
        collection_point: new.collection_point.to_owned(),
        data_items: serde_json::to_string(new.data_items)?,
        rows: 0,
        people_added: 0,
        duplicates: 0,
        problem_count: 0,
        recorded_by: actor.as_str().to_owned(),
        recorded_at: now,
    };
    // Coming of age is counted by the day in Japan.
    let zone = TimeZone::get("Asia/Tokyo").map_err(Problem::internal)?;
    let today = now.in_zone(&zone).date();
    store::begin_import(tx, new.incident_id)?;
    let outcome = Intake::begin(tx, &key, now, today, roster).and_then(|mut intake| {
        import::each_row(file, |step| intake.take(step))?;
        intake.finish()
    });
    store::end_import(tx)?;
    let roster = outcome?;
    let event = Event {
        incident_id: &roster.incident_id,
        kind: Kind::RosterImported,
        actor,
        occurred_at: None,
        payload: json!({
            "roster_id": roster.id,
            "evidence_id": roster.evidence_id,
            "source_system": roster.source_system,
            "collection_point": roster.collection_point,
            "data_items": new.data_items,
            "rows": roster.rows,
            "people_added": roster.people_added,
            "duplicates": roster.duplicates,
            "rejected": roster.rejected(),
            "problems": roster.problem_count,
        }),
    };
    timeline::append(tx, now, event)?;
    Ok(roster)
}

/// One roster.
///
/// # Errors
/// [`Code::NotFound`].
pub fn roster(conn: &mut Conn, id: &RosterId) -> Result<Roster> {
    Ok(store::roster(conn, id)?)
}

/// Every roster of an incident, in the order of import.
///
/// # Errors
/// The database's own error.
pub fn rosters(conn: &mut Conn, incident_id: &str) -> Result<Vec<Roster>> {
    Ok(store::rosters(conn, incident_id)?)
}

/// The problems of a roster behind the given position, in the order of the file.
///
/// # Errors
/// The database's own error.
pub fn problems(
    conn: &mut Conn,
    roster_id: &RosterId,
    after: i64,
    limit: i64,
) -> Result<Vec<RosterProblem>> {
    Ok(store::problems(conn, roster_id, after, limit)?)
}

/// How many people an incident affects, and how they can be reached.
///
/// # Errors
/// The database's own error.
pub fn counts(conn: &mut Conn, incident_id: &str) -> Result<Counts> {
    let mut counts = Counts::default();
    for (locale, country, minor, email, phone, line, people) in store::groups(conn, incident_id)? {
        counts.people += people;
        for (count, applies) in [
            (&mut counts.with_email, email),
            (&mut counts.with_phone, phone),
            (&mut counts.with_line, line),
            (&mut counts.reachable, email || phone || line),
            (&mut counts.minors, minor.as_deref() == Some("yes")),
            (&mut counts.adults, minor.as_deref() == Some("no")),
        ] {
            if applies {
                *count += people;
            }
        }
        *counts.by_locale.entry(locale).or_default() += people;
        if let Some(country) = country {
            *counts.by_country.entry(country).or_default() += people;
        }
    }
    Ok(counts)
}

/// How many people each data item concerns, for the items that a roster names.
///
/// A lower bound: a person whom several rosters list counts for the items of the first.
///
/// # Errors
/// The database's own error.
pub fn item_counts(conn: &mut Conn, incident_id: &str) -> Result<BTreeMap<String, i64>> {
    let mut counts = BTreeMap::new();
    for roster in store::rosters(conn, incident_id)? {
        for item in roster.items() {
            *counts.entry(item).or_default() += roster.people_added;
        }
    }
    Ok(counts)
}

/// One page of an incident's people behind the given one, masked.
///
/// # Errors
/// [`Code::Purged`] once the incident's data were destroyed.
pub fn people_page(
    conn: &mut Conn,
    vault: &Vault,
    now: Instant,
    incident_id: &str,
    after: Option<&PersonId>,
    limit: i64,
) -> Result<Vec<MaskedPerson>> {
    let rows = store::people_after(conn, incident_id, after, false, limit)?;
    // Without people there may be no key yet, and reading must not make one.
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = vault.key(conn, &Scope::incident(incident_id), now)?;
    rows.into_iter().map(|row| masked(&key, row)).collect()
}

/// Gives everything that is known of one person, and records that it was shown.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::InvalidInput`] without a reason; [`Code::Purged`].
pub fn reveal(
    tx: &mut Conn,
    vault: &Vault,
    actor: &Actor,
    now: Instant,
    person_id: &PersonId,
    reason: &str,
) -> Result<Person> {
    let reason = reason.trim();
    let mut wrong = Vec::new();
    check_text("reason", reason, 500, &mut wrong);
    if reason.is_empty() {
        wrong.push(field_problem("reason", "field-required", None));
    }
    if !wrong.is_empty() {
        return Err(Problem::fields(wrong));
    }
    let row = store::person(tx, person_id)?;
    let key = vault.key(tx, &Scope::incident(&row.incident_id), now)?;
    let fields = fields_of(&key, &row.sealed)?;
    let event = Event {
        incident_id: &row.incident_id,
        kind: Kind::PeopleRevealed,
        actor,
        occurred_at: None,
        payload: json!({ "people": 1, "person_id": row.id, "reason": reason }),
    };
    timeline::append(tx, now, event)?;
    Ok(Person {
        id: row.id,
        fields,
        locale: row.locale,
        country: row.country,
        minor: minor(row.minor.as_deref()),
    })
}

/// Calls `each` for every person whom a mail reaches, a chunk in memory at a time; gives their number.
///
/// # Errors
/// Those of `each`; [`Code::Purged`] once the incident's data were destroyed.
pub fn for_each_reachable(
    conn: &mut Conn,
    vault: &Vault,
    now: Instant,
    incident_id: &str,
    mut each: impl FnMut(&mut Conn, Recipient) -> Result<()>,
) -> Result<u64> {
    let mut count = 0;
    let mut last: Option<PersonId> = None;
    loop {
        let rows = store::people_after(conn, incident_id, last.as_ref(), true, CHUNK)?;
        let Some(end) = rows.last().map(|row| row.id.clone()) else {
            return Ok(count);
        };
        let key = vault.key(conn, &Scope::incident(incident_id), now)?;
        for row in rows {
            let fields = fields_of(&key, &row.sealed)?;
            let Some(email) = fields.email else { continue };
            let recipient = Recipient {
                id: row.id,
                name: fields.name,
                email,
                locale: row.locale,
            };
            each(conn, recipient)?;
            count += 1;
        }
        last = Some(end);
    }
}

fn check(new: &NewRoster<'_>) -> Result<()> {
    let mut wrong = Vec::new();
    let catalogue = catalogue::catalogue();
    for item in new.data_items {
        if catalogue.item(item).is_none() {
            wrong.push(field_problem("data_items", "field-unknown-data-item", None));
            break;
        }
    }
    if !new.collection_point.is_empty()
        && catalogue.collection_point(new.collection_point).is_none()
    {
        let problem = field_problem("collection_point", "field-unknown-collection-point", None);
        wrong.push(problem);
    }
    check_text("source_system", new.source_system.trim(), 200, &mut wrong);
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Problem::fields(wrong))
    }
}

fn check_text(field: &str, text: &str, limit: usize, wrong: &mut Vec<FieldProblem>) {
    if text.chars().any(char::is_control) {
        wrong.push(field_problem(field, "field-control-characters", None));
    }
    if text.chars().count() > limit {
        wrong.push(field_problem(field, "field-too-long", Some(limit)));
    }
}

fn field_problem(field: &str, key: &'static str, limit: Option<usize>) -> FieldProblem {
    let limit = limit.map(|limit| ("maximum", limit.to_string()));
    FieldProblem {
        field: field.to_owned(),
        key,
        params: limit.into_iter().collect(),
    }
}

fn roster_file(
    conn: &mut Conn,
    vault: &Vault,
    files: &Files,
    now: Instant,
    new: &NewRoster<'_>,
) -> Result<evidence::SealedReader> {
    let evidence = evidence::find(conn, new.evidence_id)?;
    if evidence.incident_id != new.incident_id {
        return Err(Problem::new(Code::NotFound));
    }
    if u64::try_from(evidence.size).is_ok_and(|size| size > new.limit) {
        let limit = evidence::readable_size(new.limit);
        return Err(Problem::with(Code::TooLarge, &[("limit", &limit)]));
    }
    let (_, reader) = evidence::reader(conn, vault, files, now, new.evidence_id)?;
    Ok(reader)
}

fn fields_of(key: &DataKey, sealed: &[u8]) -> Result<Fields> {
    Ok(serde_json::from_slice(&key.open(PURPOSE, sealed)?)?)
}

fn masked(key: &DataKey, row: PersonRow) -> Result<MaskedPerson> {
    let fields = fields_of(key, &row.sealed)?;
    let mask = |value: Option<crate::kernel::Redacted<String>>, mask: fn(&str) -> String| {
        value.map(|value| mask(value.reveal())).unwrap_or_default()
    };
    Ok(MaskedPerson {
        id: row.id,
        name: mask(fields.name, rules::mask_name),
        email: mask(fields.email, rules::mask_email),
        phone: mask(fields.phone, rules::mask_phone),
        has_line: row.has_line,
        locale: row.locale,
        country: row.country,
        minor: minor(row.minor.as_deref()),
    })
}

fn minor(stored: Option<&str>) -> Option<bool> {
    match stored {
        Some("yes") => Some(true),
        Some("no") => Some(false),
        _ => None,
    }
}
