//! Rosters: handed in, their columns confirmed, imported, paused, taken back.

use jiff::civil::Date;
use serde_json::json;

use super::inspection::{reason, unreadable};
use super::model::{Field, Layout, Reason, Roster, RosterId, RosterProblem, RosterState};
use super::{catalogue, check_text, field_problem, keeping, store};
use crate::evidence::EvidenceId;
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Code, Instant, Problem, Result};
use crate::sheets::Refusal;
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};

pub use super::inspection::{Correction, Inspection, inspect, no_usable_column};

/// What a person says about a roster that they hand in.
#[derive(Clone, Debug, Default)]
pub struct NewRoster {
    /// The system that the file was taken from; may be empty.
    pub source_system: String,
    /// A collection point of the catalogue, or empty.
    pub collection_point: String,
    /// Ids of the data items that were exposed of everybody in it.
    pub data_items: Vec<String>,
    /// The first day on which these data were collected or used, ISO; may be empty.
    pub period_from: String,
    /// The last such day.
    pub period_to: String,
    /// The roster whose rejected rows this one brings, corrected.
    pub corrects: Option<RosterId>,
}

/// Takes a roster whose file was sealed and read through; its columns wait to be confirmed.
///
/// Columns that a person chose for the same header before are chosen again.
///
/// # Errors
/// [`Code::InvalidInput`] for an unknown data item or collection point, or a period that ends before it begins.
pub fn receive(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    incident_id: &str,
    evidence_id: &EvidenceId,
    new: &NewRoster,
    inspection: &Inspection,
) -> Result<Roster> {
    let (from, to) = check(new)?;
    timeline::lock(tx, incident_id)?;
    let mut layout = inspection.layout.clone();
    if let Some(remembered) = store::mapping(tx, &inspection.header_digest)?
        && remembered.len() == layout.columns.len()
    {
        layout.columns = remembered;
    }
    if let Some(corrects) = &new.corrects
        && store::roster(tx, corrects)?.incident_id != incident_id
    {
        return Err(Problem::new(Code::NotFound));
    }
    let roster = Roster {
        id: RosterId::fresh(now),
        incident_id: incident_id.to_owned(),
        evidence_id: evidence_id.clone(),
        number: store::next_number(tx, incident_id)?,
        source_system: new.source_system.trim().to_owned(),
        collection_point: new.collection_point.clone(),
        data_items: serde_json::to_string(&new.data_items)?,
        period_from: from.map(|day| day.to_string()),
        period_to: to.map(|day| day.to_string()),
        layout: serde_json::to_string(&layout)?,
        corrects: new.corrects.clone(),
        state: RosterState::Draft,
        failure: None,
        total_rows: i64::try_from(inspection.rows).unwrap_or(i64::MAX),
        last_row: 0,
        indexed_through: 0,
        rows: 0,
        people_added: 0,
        duplicates: 0,
        problem_count: 0,
        conflict_count: 0,
        recorded_by: actor.as_str().to_owned(),
        recorded_at: now,
        resumed_at: None,
        resumed_rows: 0,
        touched_at: None,
        finished_at: None,
    };
    store::insert_roster(tx, &roster)?;
    tell(
        tx,
        actor,
        now,
        Kind::RosterReceived,
        &roster,
        json!({
            "evidence_id": roster.evidence_id,
            "source_system": roster.source_system,
            "collection_point": roster.collection_point,
            "data_items": new.data_items,
            "rows": roster.total_rows,
        }),
    )?;
    Ok(roster)
}

/// Reads the file of a draft in another way: another encoding, delimiter or sheet.
///
/// # Errors
/// [`Code::WrongState`] when it is no draft any more.
pub fn read_otherwise(tx: &mut Conn, id: &RosterId, inspection: &Inspection) -> Result<Roster> {
    let roster = draft(tx, id)?;
    let roster = Roster {
        layout: serde_json::to_string(&inspection.layout)?,
        total_rows: i64::try_from(inspection.rows).unwrap_or(i64::MAX),
        ..roster
    };
    store::update_roster(tx, &roster)?;
    Ok(roster)
}

/// Confirms which column holds what, remembers it for the next file, and lets the import begin.
///
/// The same mapping is found again by the header; a file without one is not remembered.
///
/// # Errors
/// [`Code::WrongState`] when it is no draft any more; [`Code::InvalidInput`] when a field is
/// chosen twice, or no column helps to find or to reach a person.
pub fn confirm(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    id: &RosterId,
    columns: &[Option<Field>],
    header_digest: &str,
) -> Result<Roster> {
    let roster = draft(tx, id)?;
    let layout = Layout {
        columns: columns.to_vec(),
        ..roster.layout()?
    };
    let twice = columns.iter().enumerate().any(|(at, field)| {
        field.is_some() && columns.iter().skip(at + 1).any(|other| other == field)
    });
    if layout.columns.len() != layout.names.len() || !layout.is_usable() {
        return Err(Problem::field("columns", "field-no-usable-column"));
    }
    if twice {
        return Err(Problem::field("columns", "field-column-twice"));
    }
    if !header_digest.is_empty() {
        store::remember_mapping(tx, header_digest, &serde_json::to_string(columns)?, now)?;
    }
    let roster = Roster {
        layout: serde_json::to_string(&layout)?,
        state: RosterState::Waiting,
        ..roster
    };
    store::update_roster(tx, &roster)?;
    let kept: Vec<_> = columns.iter().flatten().collect();
    let payload = json!({ "rows": roster.total_rows, "columns": kept });
    tell(tx, actor, now, Kind::RosterStarted, &roster, payload)?;
    note_unkept_columns(tx, &layout, &roster)?;
    store::roster(tx, id).map_err(Into::into)
}

/// Stops an import behind the batch that is being written.
///
/// # Errors
/// [`Code::WrongState`] when nothing is being imported.
pub fn pause(tx: &mut Conn, actor: &Actor, now: Instant, id: &RosterId) -> Result<Roster> {
    use RosterState::{Importing, Paused, Waiting};
    let roster = change_state(tx, id, &[Waiting, Importing], Paused)?;
    let payload = json!({ "rows": roster.rows, "total": roster.total_rows });
    tell(tx, actor, now, Kind::RosterPaused, &roster, payload)?;
    Ok(roster)
}

/// Lets a paused import go on.
///
/// # Errors
/// [`Code::WrongState`] when it is not paused.
pub fn resume(tx: &mut Conn, actor: &Actor, now: Instant, id: &RosterId) -> Result<Roster> {
    let roster = change_state(tx, id, &[RosterState::Paused], RosterState::Waiting)?;
    let payload = json!({ "rows": roster.total_rows, "from_row": roster.rows, "columns": [] });
    tell(tx, actor, now, Kind::RosterStarted, &roster, payload)?;
    Ok(roster)
}

/// Cancels an import, or takes back a roster that was imported: everything of it goes.
///
/// # Errors
/// [`Code::WrongState`] when there is nothing to take back; [`Code::Purged`].
pub fn take_back(tx: &mut Conn, id: &RosterId) -> Result<Roster> {
    use RosterState::{Draft, Imported, Importing, Paused, Undoing, Waiting};
    let roster = store::roster(tx, id)?;
    keeping::refuse_destroyed(tx, &roster.incident_id)?;
    change_state(
        tx,
        id,
        &[Draft, Waiting, Importing, Paused, Imported],
        Undoing,
    )
}

/// Gives up a roster whose file cannot be read to its end; what was taken is taken back.
///
/// # Errors
/// The database's own error.
pub fn give_up(tx: &mut Conn, id: &RosterId, refusal: &Refusal) -> Result<()> {
    let roster = store::lock_roster(tx, id)?;
    let (reason, row) = reason(refusal);
    let roster = Roster {
        failure: Some(json!({ "reason": reason, "row": row }).to_string()),
        state: RosterState::Undoing,
        touched_at: None,
        ..roster
    };
    store::update_roster(tx, &roster)?;
    Ok(())
}

/// Tells the timeline how the import of a roster ended.
///
/// # Errors
/// The database's own error.
pub fn tell_end(tx: &mut Conn, actor: &Actor, now: Instant, roster: &Roster) -> Result<()> {
    let kind = match roster.state {
        RosterState::Imported => Kind::RosterImported,
        RosterState::Failed => Kind::RosterFailed,
        _ => Kind::RosterUndone,
    };
    let payload = json!({
        "evidence_id": roster.evidence_id,
        "source_system": roster.source_system,
        "collection_point": roster.collection_point,
        "data_items": roster.items(),
        "rows": roster.rows,
        "people_added": roster.people_added,
        "duplicates": roster.duplicates,
        "rejected": roster.rejected(),
        "problems": roster.problem_count,
        "conflicts": roster.conflict_count,
    });
    tell(tx, actor, now, kind, roster, payload)
}

/// One roster.
///
/// # Errors
/// [`Code::NotFound`].
pub fn roster(conn: &mut Conn, id: &RosterId) -> Result<Roster> {
    Ok(store::roster(conn, id)?)
}

/// Every roster of an incident, in the order of handing in.
///
/// # Errors
/// The database's own error.
pub fn rosters(conn: &mut Conn, incident_id: &str) -> Result<Vec<Roster>> {
    Ok(store::rosters(conn, incident_id)?)
}

/// Rosters that the importer has to work on, the oldest first.
///
/// # Errors
/// The database's own error.
pub fn at_work(conn: &mut Conn) -> Result<Vec<Roster>> {
    Ok(store::at_work(conn)?)
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

/// The problems of some reasons behind the given position, in the order of the file.
///
/// # Errors
/// The database's own error.
pub fn problems_of(
    conn: &mut Conn,
    roster_id: &RosterId,
    reasons: &[Reason],
    after: i64,
    limit: i64,
) -> Result<Vec<RosterProblem>> {
    Ok(store::problems_of(conn, roster_id, reasons, after, limit)?)
}

/// How many problems of each reason a roster has.
///
/// # Errors
/// The database's own error.
pub fn problem_counts(conn: &mut Conn, roster_id: &RosterId) -> Result<Vec<(Reason, i64)>> {
    Ok(store::problem_counts(conn, roster_id)?)
}

/// Why a roster failed, as the problem that pages show; none where it did not.
pub fn failure(roster: &Roster) -> Option<Problem> {
    let told: serde_json::Value = serde_json::from_str(roster.failure.as_deref()?).ok()?;
    let reason = told.get("reason").and_then(serde_json::Value::as_str);
    let row = told.get("row").and_then(serde_json::Value::as_u64);
    Some(unreadable(reason.unwrap_or("broken"), row.unwrap_or(1)))
}

fn draft(tx: &mut Conn, id: &RosterId) -> Result<Roster> {
    let roster = store::lock_roster(tx, id)?;
    if roster.state == RosterState::Draft {
        Ok(roster)
    } else {
        Err(Problem::new(Code::WrongState))
    }
}

fn change_state(
    tx: &mut Conn,
    id: &RosterId,
    from: &[RosterState],
    to: RosterState,
) -> Result<Roster> {
    let roster = store::lock_roster(tx, id)?;
    if !from.contains(&roster.state) {
        return Err(Problem::new(Code::WrongState));
    }
    // Nobody takes it back yet, so whichever server comes first may begin.
    let touched_at = roster.touched_at.filter(|_| to != RosterState::Undoing);
    let roster = Roster {
        state: to,
        touched_at,
        ..roster
    };
    store::update_roster(tx, &roster)?;
    Ok(roster)
}

/// Says once which columns are not kept: their values stay in the sealed file only.
fn note_unkept_columns(tx: &mut Conn, layout: &Layout, roster: &Roster) -> Result<()> {
    let row = i64::try_from(layout.header_row.max(1)).unwrap_or(1);
    let problems: Vec<_> = layout
        .names
        .iter()
        .zip(&layout.columns)
        // Columns of our own in a file of rows to correct are no news.
        .filter(|(name, field)| field.is_none() && !super::export::is_own_column(name))
        .map(|(name, _)| name)
        .zip(roster.problem_count.saturating_add(1)..)
        .map(|(name, position)| RosterProblem {
            roster_id: roster.id.clone(),
            position,
            row,
            column: name.clone(),
            masked: String::new(),
            reason: Reason::ColumnNotKept,
        })
        .collect();
    store::insert_problems(tx, &problems)?;
    let count = i64::try_from(problems.len()).unwrap_or(0);
    let roster = Roster {
        problem_count: roster.problem_count.saturating_add(count),
        ..roster.clone()
    };
    Ok(store::update_roster(tx, &roster)?)
}

fn check(new: &NewRoster) -> Result<(Option<Date>, Option<Date>)> {
    let mut wrong: Vec<FieldProblem> = Vec::new();
    let catalogue = catalogue::catalogue();
    if new
        .data_items
        .iter()
        .any(|item| catalogue.item(item).is_none())
    {
        wrong.push(field_problem("data_items", "field-unknown-data-item", None));
    }
    if !new.collection_point.is_empty()
        && catalogue.collection_point(&new.collection_point).is_none()
    {
        let problem = field_problem("collection_point", "field-unknown-collection-point", None);
        wrong.push(problem);
    }
    check_text("source_system", new.source_system.trim(), 200, &mut wrong);
    let mut day = |field: &str, text: &str| {
        let text = text.trim();
        let day = text.parse::<Date>().ok();
        if !text.is_empty() && day.is_none() {
            wrong.push(field_problem(field, "field-invalid-date", None));
        }
        day
    };
    let from = day("period_from", &new.period_from);
    let to = day("period_to", &new.period_to);
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        wrong.push(field_problem("period_to", "field-period-ends-first", None));
    }
    if wrong.is_empty() {
        Ok((from, to))
    } else {
        Err(Problem::fields(wrong))
    }
}

fn tell(
    tx: &mut Conn,
    actor: &Actor,
    now: Instant,
    kind: Kind,
    roster: &Roster,
    mut payload: serde_json::Value,
) -> Result<()> {
    if let Some(payload) = payload.as_object_mut() {
        payload.insert("roster_id".to_owned(), json!(roster.id));
        payload.insert("number".to_owned(), json!(roster.number));
    }
    let event = Event {
        incident_id: &roster.incident_id,
        kind,
        actor,
        occurred_at: None,
        payload,
    };
    timeline::append(tx, now, event).map(drop)
}
