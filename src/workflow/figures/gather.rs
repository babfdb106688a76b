//! What is known of many incidents, read table by table.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::Filter;
use crate::incidents::clock_starts::ClockStartKind;
use crate::incidents::facts::{Answer, Count, FactKey, Value};
use crate::incidents::{Incident, State};
use crate::kernel::{Instant, Problem, Result};
use crate::notices::NoticeState;
use crate::notices::sheet::NoticeChannel;
use crate::playbooks::Phase;
use crate::regulations::{DueKind, Nature};
use crate::reports::figures::{Actions, Deadlines, Line, Moments, Notices};
use crate::store::Conn;
use crate::store::schema::{
    actions, clock_starts, dispatches, facts, filings, incidents, notices, outbox_tallies,
    person_groups, steps,
};
use crate::workflow::{DutyState, DutyView, House};

/// Selects the ids of the incidents that were declared within the bounds.
macro_rules! within {
    ($bounds:expr) => {
        incidents::table
            .filter(incidents::declared_at.ge($bounds.0))
            .filter(incidents::declared_at.lt($bounds.1))
            .select(incidents::id)
    };
}

type Bounds = (Instant, Instant);

/// Everything of the period by the id of its incident.
struct Known {
    starts: BTreeMap<(String, ClockStartKind), Instant>,
    contained: BTreeMap<(String, String), Option<Instant>>,
    reported: BTreeMap<String, Instant>,
    notified: BTreeMap<String, Instant>,
    people: BTreeMap<String, (u64, bool)>,
    notices: BTreeMap<String, Notices>,
    actions: BTreeMap<String, Actions>,
}

/// The incidents that a filter asks for, the newest first.
pub(super) fn lines(
    house: &House,
    conn: &mut Conn,
    filter: &Filter,
    now: Instant,
) -> Result<Vec<Line>> {
    let bounds = filter.bounds(&house.zone);
    let mut found: Vec<Incident> = incidents::table
        .filter(incidents::declared_at.ge(bounds.0))
        .filter(incidents::declared_at.lt(bounds.1))
        .order((incidents::declared_at.desc(), incidents::id.desc()))
        .select(Incident::as_select())
        .load(conn)?;
    found.retain(|incident| filter.holds(incident));
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let (notified, notices) = sent(conn, bounds)?;
    let known = Known {
        starts: starts(conn, bounds)?,
        contained: contained(conn, bounds)?,
        reported: reported(conn, bounds)?,
        people: people(conn, bounds)?,
        actions: open_actions(conn, bounds, &now.in_zone(&house.zone).date().to_string())?,
        notified,
        notices,
    };
    found
        .into_iter()
        .map(|incident| {
            let duties = house.duties_in(conn, &incident.id, now)?.duties;
            Ok(line(house, incident, &known, &duties))
        })
        .collect()
}

fn line(house: &House, incident: Incident, known: &Known, duties: &[DutyView]) -> Line {
    let id = incident.id.as_str().to_owned();
    let start = |kind| known.starts.get(&(id.clone(), kind)).copied();
    let playbook = house.playbook_of(&incident).id.clone();
    let people = known.people.get(&id).copied();
    Line {
        moments: Moments {
            occurred: start(ClockStartKind::Occurred),
            detected: start(ClockStartKind::Detected),
            known: start(ClockStartKind::AnyDepartmentKnew).or(start(ClockStartKind::Aware)),
            contained: known
                .contained
                .get(&(id.clone(), playbook))
                .copied()
                .flatten(),
            reported: known.reported.get(&id).copied(),
            notified: known.notified.get(&id).copied(),
            // Of one that was taken up again the end is not known.
            closed: incident
                .closed_at
                .filter(|_| incident.state == State::Closed),
        },
        deadlines: deadlines(duties),
        people: people.map(|(people, _)| people),
        people_at_most: people.is_some_and(|(_, bound)| bound),
        notices: known.notices.get(&id).copied().unwrap_or_default(),
        actions: known.actions.get(&id).copied().unwrap_or_default(),
        id: incident.id,
        number: incident.number,
        title: incident.title,
        kind: incident.kind,
        pattern: incident.pattern,
        severity: incident.severity,
        state: incident.state,
        practice: incident.practice,
        declared_at: incident.declared_at,
    }
}

/// Counts the duties that arise and have a day or an hour by law; advice counts nowhere.
fn deadlines(duties: &[DutyView]) -> Deadlines {
    let mut counted = Deadlines::default();
    for duty in duties {
        let mut dated = duty.dues.iter();
        let dated = dated.any(|due| due.kind == DueKind::Deadline && due.instant().is_some());
        if !dated || !duty.presses() || duty.obligation.nature == Nature::Recommended {
            continue;
        }
        match duty.state {
            DutyState::Met => counted.met += 1,
            DutyState::MetLate | DutyState::Overdue => counted.missed += 1,
            DutyState::Open => counted.open += 1,
            DutyState::Undecided | DutyState::NotRequired => {}
        }
    }
    counted
}

/// The moments that stand.
fn starts(conn: &mut Conn, bounds: Bounds) -> Result<BTreeMap<(String, ClockStartKind), Instant>> {
    let rows: Vec<(String, ClockStartKind, Instant)> = clock_starts::table
        .filter(clock_starts::superseded_at.is_null())
        .filter(clock_starts::incident_id.eq_any(within!(bounds)))
        .order((clock_starts::recorded_at, clock_starts::id))
        .select((
            clock_starts::incident_id,
            clock_starts::kind,
            clock_starts::at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, kind, at)| ((id, kind), at))
        .collect())
}

/// When the last step of containing was settled, by incident and playbook; nothing while one is open.
fn contained(
    conn: &mut Conn,
    bounds: Bounds,
) -> Result<BTreeMap<(String, String), Option<Instant>>> {
    let rows: Vec<(String, String, Option<Instant>)> = steps::table
        .filter(steps::phase.eq(Phase::Contain))
        .filter(steps::incident_id.eq_any(within!(bounds)))
        .order(steps::id)
        .select((steps::incident_id, steps::playbook_id, steps::finished_at))
        .load(conn)?;
    let mut all: BTreeMap<_, Option<Instant>> = BTreeMap::new();
    for (id, playbook, at) in rows {
        all.entry((id, playbook))
            .and_modify(|last| *last = last.and_then(|last| Some(last.max(at?))))
            .or_insert(at);
    }
    Ok(all)
}

/// When the first report reached an authority.
fn reported(conn: &mut Conn, bounds: Bounds) -> Result<BTreeMap<String, Instant>> {
    let rows: Vec<(String, Instant)> = filings::table
        .filter(filings::incident_id.eq_any(within!(bounds)))
        .order((filings::filed_at.desc(), filings::id))
        .select((filings::incident_id, filings::filed_at))
        .load(conn)?;
    // The earliest comes last, and stays.
    Ok(rows.into_iter().collect())
}

/// When people were first told, and what was issued and delivered.
fn sent(
    conn: &mut Conn,
    bounds: Bounds,
) -> Result<(BTreeMap<String, Instant>, BTreeMap<String, Notices>)> {
    let issued: Vec<String> = notices::table
        .filter(notices::state.eq(NoticeState::Issued))
        .filter(notices::incident_id.eq_any(within!(bounds)))
        .order(notices::id)
        .select(notices::incident_id)
        .load(conn)?;
    let mut counted: BTreeMap<String, Notices> = BTreeMap::new();
    for id in issued {
        counted.entry(id).or_default().issued += 1;
    }
    let of_period = dispatches::table
        .filter(dispatches::incident_id.eq_any(within!(bounds)))
        .select(dispatches::id);
    let taken: Vec<(String, i64)> = outbox_tallies::table
        .filter(outbox_tallies::batch_id.eq_any(of_period))
        .order(outbox_tallies::batch_id)
        .select((outbox_tallies::batch_id, outbox_tallies::sent))
        .load(conn)?;
    let taken: BTreeMap<_, _> = taken.into_iter().collect();
    let mut first: BTreeMap<String, Instant> = BTreeMap::new();
    let rows: Vec<(String, String, NoticeChannel, i64, Instant, Option<Instant>)> =
        dispatches::table
            .filter(dispatches::incident_id.eq_any(within!(bounds)))
            .order((dispatches::recorded_at, dispatches::id))
            .select((
                dispatches::id,
                dispatches::incident_id,
                dispatches::channel,
                dispatches::audience,
                dispatches::recorded_at,
                dispatches::complete_at,
            ))
            .load(conn)?;
    for (batch, id, channel, audience, recorded_at, complete_at) in rows {
        // Mails go by themselves; letters and LINE messages tell nobody until people took care of them.
        let (told_at, delivered) = match channel {
            NoticeChannel::Email => (
                Some(recorded_at),
                taken.get(&batch).copied().unwrap_or_default(),
            ),
            _ => (complete_at, complete_at.map_or(0, |_| audience)),
        };
        if let Some(at) = told_at {
            let earliest = first.entry(id.clone()).or_insert(at);
            *earliest = at.min(*earliest);
        }
        counted.entry(id).or_default().delivered += positive(delivered);
    }
    Ok((first, counted))
}

/// How many people are affected, and whether that is an upper bound: what was answered, else the register.
fn people(conn: &mut Conn, bounds: Bounds) -> Result<BTreeMap<String, (u64, bool)>> {
    let groups: Vec<(String, i64)> = person_groups::table
        .filter(person_groups::incident_id.eq_any(within!(bounds)))
        .order(person_groups::id)
        .select((person_groups::incident_id, person_groups::people))
        .load(conn)?;
    let mut counted: BTreeMap<String, (u64, bool)> = BTreeMap::new();
    for (id, people) in groups {
        counted.entry(id).or_default().0 += positive(people);
    }
    counted.retain(|_, (people, _)| *people > 0);
    let answers: Vec<(String, String)> = facts::table
        .filter(facts::key.eq(FactKey::PeopleAffected))
        .filter(facts::superseded_at.is_null())
        .filter(facts::incident_id.eq_any(within!(bounds)))
        .order((facts::recorded_at, facts::id))
        .select((facts::incident_id, facts::value))
        .load(conn)?;
    for (id, value) in answers {
        let json = serde_json::from_str(&value)?;
        let answer =
            Answer::from_json(FactKey::PeopleAffected, &json).map_err(Problem::internal)?;
        if let Answer::Known(Value::Count(count)) = answer {
            counted.insert(id, (count.highest(), matches!(count, Count::AtMost(_))));
        }
    }
    Ok(counted)
}

fn open_actions(conn: &mut Conn, bounds: Bounds, today: &str) -> Result<BTreeMap<String, Actions>> {
    let rows: Vec<(String, Option<String>)> = actions::table
        .filter(actions::done_at.is_null())
        .filter(actions::incident_id.eq_any(within!(bounds)))
        .order(actions::id)
        .select((actions::incident_id, actions::due_on))
        .load(conn)?;
    let mut counted: BTreeMap<String, Actions> = BTreeMap::new();
    for (id, due_on) in rows {
        let of = counted.entry(id).or_default();
        of.open += 1;
        // Days of ISO 8601 compare as text.
        of.overdue += u64::from(due_on.is_some_and(|due| due.as_str() < today));
    }
    Ok(counted)
}

fn positive(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
