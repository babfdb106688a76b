//! The board: what is due, and every incident by the phase it is in.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::header::{ClockCard, clock_card, href};
use super::next::{is_open, waiting_for};
use super::{Case, PageError, SignedIn, query};
use crate::accounts::can;
use crate::deadlines::Due;
use crate::incidents::facts::{self, FactKey};
use crate::incidents::{self, Incident, Kind, Severity, State};
use crate::kernel::{Instant, Result};
use crate::playbooks::{Link, Phase};
use crate::postmortem::{self, OpenAction};
use crate::regulations::{DueKind, Nature};
use crate::store::Conn;
use crate::web::actions;
use crate::web::clocks::{Day, pins, week};
use crate::web::extract::Page;
use crate::web::form::FormState;
use crate::web::words;
use crate::workflow::{DutyState, House};

/// Closed incidents that the board lists before one asks for all.
const CLOSED_SHOWN: usize = 10;
/// From how many hours before it a deadline is counted as near.
const NEAR_HOURS: i64 = 24;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/incidents").route(web::get().to(show)));
}

/// An open incident with what its card and the figures need.
struct Open {
    case: Case,
    waiting: Vec<String>,
}

#[derive(Serialize)]
struct View {
    figures: Figures,
    week: Vec<Day>,
    columns: Vec<Column>,
    closed: Vec<ClosedLine>,
    closed_hidden: usize,
    any: bool,
    filtered: bool,
    kinds: Vec<Choice>,
    severities: Vec<Choice>,
    states: Vec<Choice>,
    zone: String,
}

#[derive(Serialize)]
struct Figures {
    near: usize,
    open: usize,
    approvals: usize,
    approvals_href: String,
    own_steps: usize,
    own_href: String,
    actions: usize,
    actions_late: usize,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

#[derive(Serialize)]
struct Column {
    title: String,
    number: usize,
    cards: Vec<Card>,
}

#[derive(Serialize)]
struct Card {
    href: String,
    number: String,
    title: String,
    practice: bool,
    severity: Option<Severity>,
    kind: Option<Kind>,
    clock: Option<ClockCard>,
    start_missing: bool,
    done: usize,
    all: usize,
    people: String,
    declared_at: Instant,
    commander: Option<String>,
}

#[derive(Serialize)]
struct ClosedLine {
    href: String,
    number: String,
    title: String,
    practice: bool,
    closed_at: Option<Instant>,
}

async fn show(
    signed: SignedIn,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let page = &signed.page;
    let (house, now) = (page.state().house.clone(), page.now());
    let actor = signed.actor().clone();
    let (open, closed, actions) = house
        .store
        .clone()
        .read(move |conn| {
            let (open, closed) = gather(&house, conn, &actor, now)?;
            Ok((open, closed, postmortem::open_actions(conn)?))
        })
        .await?;
    let any = !open.is_empty() || !closed.is_empty();
    let figures = figures(&open, &actions, &signed);
    let pins = open
        .iter()
        .flat_map(|open| pins(&open.case.incident, &open.case.duties.duties, page))
        .collect();
    let week = week(pins, page);

    let kind: Option<Kind> = query(&asked, "kind").parse().ok();
    let severity: Option<Severity> = query(&asked, "severity").parse().ok();
    let state: Option<State> = query(&asked, "state").parse().ok();
    let shows = |incident: &Incident| {
        kind.is_none_or(|kind| incident.kind == Some(kind))
            && severity.is_none_or(|severity| incident.severity == Some(severity))
            && state.is_none_or(|state| incident.state == state)
    };
    let closed: Vec<_> = closed.iter().filter(|closed| shows(closed)).collect();
    let limit = match state {
        Some(State::Closed) => closed.len(),
        _ => CLOSED_SHOWN,
    };
    page.view("incidents/board")
        .title(page.text("nav-incidents"))
        .nav("incidents")
        .form(FormState::filled([
            ("kind", query(&asked, "kind").to_owned()),
            ("severity", query(&asked, "severity").to_owned()),
            ("state", query(&asked, "state").to_owned()),
        ]))
        .respond(&View {
            figures,
            week,
            columns: columns(open.iter().filter(|open| shows(&open.case.incident)), page),
            closed_hidden: closed.len().saturating_sub(limit),
            closed: closed
                .into_iter()
                .take(limit)
                .map(|incident| ClosedLine {
                    href: format!("/incidents/{}", incident.id),
                    number: incident.number.clone(),
                    title: incident.title.clone(),
                    practice: incident.practice,
                    closed_at: incident.closed_at,
                })
                .collect(),
            any,
            filtered: kind.is_some() || severity.is_some() || state.is_some(),
            kinds: choices(Kind::ALL.iter().map(|kind| kind.as_str()), "kind", page),
            severities: choices(
                Severity::ALL.iter().map(|severity| severity.as_str()),
                "severity",
                page,
            ),
            states: choices(State::ALL.iter().map(|state| state.as_str()), "state", page),
            zone: page.zone().iana_name().unwrap_or("UTC").to_owned(),
        })
}

/// Every open incident whole, and the closed ones, the last closed first.
fn gather(
    house: &House,
    conn: &mut Conn,
    actor: &crate::accounts::Actor,
    now: Instant,
) -> Result<(Vec<Open>, Vec<Incident>)> {
    let (open, mut closed): (Vec<_>, Vec<_>) = incidents::list(conn)?
        .into_iter()
        .partition(|incident| incident.state == State::Open);
    closed.sort_by_key(|incident| std::cmp::Reverse(incident.closed_at));
    let open = open
        .iter()
        .map(|incident| {
            let case = Case::load(house, conn, &incident.id, now)?;
            let waiting = waiting_for(conn, actor, &case.notices, |id| case.name(id))?;
            let address = |id| format!("/incidents/{}/notices/{id}", incident.id);
            Ok(Open {
                waiting: waiting
                    .iter()
                    .map(|waiting| address(&waiting.notice.id))
                    .collect(),
                case,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok((open, closed))
}

fn figures(open: &[Open], actions: &[OpenAction], signed: &SignedIn) -> Figures {
    let now = signed.page.now();
    let near = |due: &Due| {
        due.kind == DueKind::Deadline
            && !due.conditional
            && due
                .instant()
                .is_some_and(|at| at.since(now).as_hours() < NEAR_HOURS)
    };
    let unmet = |state| matches!(state, DutyState::Open | DutyState::Overdue);
    let duties = open.iter().flat_map(|open| &open.case.duties.duties);
    let approvals: Vec<_> = open.iter().flat_map(|open| &open.waiting).collect();
    let own: Vec<_> = open
        .iter()
        .flat_map(|open| {
            let mine = open.case.steps.iter().filter(|step| {
                is_open(step) && step.assignee_id.as_ref() == Some(&signed.actor().id)
            });
            mine.map(|step| {
                let playbook = href(open.case.incident.id.as_str(), Link::Playbook);
                format!("{playbook}#step-{}", step.step_key)
            })
        })
        .collect();
    let board = || "#board".to_owned();
    Figures {
        near: duties
            .filter(|duty| unmet(duty.state) && duty.dues.iter().any(near))
            .count(),
        open: open.len(),
        approvals: approvals.len(),
        approvals_href: approvals.first().map_or_else(board, ToString::to_string),
        own_steps: own.len(),
        actions: actions.len(),
        actions_late: actions
            .iter()
            .filter(|open| actions::is_late(open, &signed.page))
            .count(),
        own_href: own.first().cloned().unwrap_or_else(board),
    }
}

/// A card and when its next clock ends, by which the cards of a column are ordered.
type Dated = (Option<Instant>, Card);

/// The incidents by their current phase, in the order of the phases; empty columns are left out.
fn columns<'a>(open: impl Iterator<Item = &'a Open>, page: &Page) -> Vec<Column> {
    let mut by_phase: Vec<(Phase, Vec<Dated>)> = Phase::ALL
        .iter()
        .map(|phase| (*phase, Vec::new()))
        .collect();
    for open in open {
        // When every step is settled, what is left is to close it.
        let phase = open.case.current_phase().unwrap_or(Phase::Learn);
        let card = card(&open.case, page);
        let due = card.clock.as_ref().and_then(|clock| clock.until);
        if let Some((_, cards)) = by_phase.iter_mut().find(|(each, _)| *each == phase) {
            cards.push((due, card));
        }
    }
    (1..)
        .zip(by_phase)
        .filter(|(_, (_, cards))| !cards.is_empty())
        .map(|(number, (phase, mut cards))| {
            cards.sort_by_key(|(due, _)| (due.is_none(), *due));
            Column {
                title: page.text(&format!("phase-{phase}")),
                number,
                cards: cards.into_iter().map(|(_, card)| card).collect(),
            }
        })
        .collect()
}

fn card(case: &Case, page: &Page) -> Card {
    let incident = &case.incident;
    let next = case
        .duties
        .duties
        .iter()
        .filter(|duty| duty.is_running() && duty.obligation.nature == Nature::Duty)
        .filter_map(|duty| Some((duty.next_due(page.now())?.instant()?, duty)))
        .min_by_key(|(at, _)| *at)
        .map(|(_, duty)| duty)
        .or_else(|| {
            let met = |state| matches!(state, DutyState::Met | DutyState::MetLate);
            case.duties.duties.iter().find(|duty| met(duty.state))
        });
    let people = match case.facts.get(FactKey::PeopleAffected) {
        Some(answer) => facts::words(FactKey::PeopleAffected, answer, page.locale()),
        None if case.people.people > 0 => words::number_text(case.people.people),
        None => page.text("board-people-unknown"),
    };
    Card {
        href: format!("/incidents/{}", incident.id),
        number: incident.number.clone(),
        title: incident.title.clone(),
        practice: incident.practice,
        severity: incident.severity,
        kind: incident.kind,
        clock: next.map(|duty| clock_card(duty, page, incident.id.as_str())),
        start_missing: case.starts.0.is_empty(),
        done: case.steps.len().saturating_sub(case.open_steps()),
        all: case.steps.len(),
        people,
        declared_at: incident.declared_at,
        commander: incident.commander_id.as_ref().and_then(|id| case.name(id)),
    }
}

fn choices<'a>(values: impl Iterator<Item = &'a str>, words: &str, page: &Page) -> Vec<Choice> {
    values
        .map(|value| Choice {
            value: value.to_owned(),
            label: page.text(&format!("{words}-{value}")),
        })
        .collect()
}
