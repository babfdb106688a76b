//! The desk: somebody on the telephone asks whether they are affected.
//!
//! What they give is compared by its keyed index and stands nowhere afterwards: not in the
//! address, not in the answer's page, not in the log. The answer says what to say.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::{Case, incident_id};
use super::script::{self, Part};
use super::{PeopleTab, PersonLine, Tab, people_tabs, person_line};
use crate::accounts::can;
use crate::affected::{self, Found};
use crate::incidents::IncidentId;
use crate::kernel::{Code, Redacted, Result};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};

/// So many days of look-ups stand on the page.
const DAYS: usize = 14;

#[derive(Serialize)]
struct View {
    head: Header,
    people_tabs: Vec<Tab>,
    any_roster: bool,
    answer: Option<Answer>,
    today: Day,
    days: Vec<Day>,
}

/// How many look-ups a day brought.
#[derive(Default, Serialize)]
struct Day {
    day: String,
    all: i64,
    found: i64,
    not_found: i64,
}

#[derive(Serialize)]
struct Answer {
    /// `found`, `not-found`, `unsure`, or `unreadable`.
    outcome: &'static str,
    /// As what the contact was read.
    kinds: Vec<String>,
    people: Vec<PersonLine>,
    script: Vec<Part>,
}

pub(super) async fn ask(
    signed: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    let id = incident_id(&id)?;
    render(&signed, &id, None, FormState::default()).await
}

pub(super) async fn answer(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ViewIncidents>()?;
    let id = incident_id(&id)?;
    let contact = Redacted::new(form.get("contact").to_owned());
    let house = &signed.page.state().house;
    match house.look_up(&by, &id, contact).await {
        Ok(found) => render(&signed, &id, Some(found), FormState::default()).await,
        Err(problem) if problem.code == Code::InvalidInput => {
            // What was typed does not come back, even where it was nothing.
            let nothing = Submission::from_pairs(Vec::new())?;
            let state = FormState::refused(&nothing, &problem, signed.page.locale());
            render(&signed, &id, None, state).await
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn render(
    signed: &SignedIn,
    id: &IncidentId,
    found: Option<Found>,
    form: FormState,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let case = Case::find(signed, id.as_str()).await?;
    let incident = id.clone();
    let (days, any_roster) = page
        .state()
        .house
        .store
        .read(move |conn| {
            let incident = incident.as_str();
            let rosters = affected::rosters::rosters(conn, incident)?;
            let any = rosters.iter().any(|roster| roster.state.counts());
            Ok((affected::lookups(conn, incident)?, any))
        })
        .await?;
    let days: Vec<_> = days
        .into_iter()
        .map(|(day, found, not_found)| Day {
            day,
            all: found.saturating_add(not_found),
            found,
            not_found,
        })
        .collect();
    let now = page.now().in_zone(page.zone()).date().to_string();
    let (mut today, mut others) = (Day::default(), Vec::new());
    for day in days {
        if day.day == now {
            today = day;
        } else {
            others.push(day);
        }
    }
    others.truncate(DAYS);
    page.view("incidents/people/look-up")
        .title(page.text("desk-look-up"))
        .nav("incidents")
        .form(form)
        .respond(&View {
            head: case.header(page, Link::People),
            people_tabs: people_tabs(page, &case, PeopleTab::Desk).await?,
            any_roster,
            answer: found.map(|found| answered(signed, &case, found)),
            today,
            days: others,
        })
}

fn answered(signed: &SignedIn, case: &Case, found: Found) -> Answer {
    let page = &signed.page;
    let outcome = if !found.people.is_empty() {
        "found"
    } else if found.kinds.is_empty() {
        "unreadable"
    } else if found.incomplete {
        "unsure"
    } else {
        "not-found"
    };
    Answer {
        outcome,
        kinds: found
            .kinds
            .iter()
            .map(|kind| page.text(&format!("desk-kind-{kind}")))
            .collect(),
        script: script::of(outcome, &found.people, &case.facts, page.organisation()),
        people: found
            .people
            .into_iter()
            .map(|person| person_line(person, page.locale()))
            .collect(),
    }
}
