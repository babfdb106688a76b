//! One affected person: masked, and unmasked once for a reason that is recorded.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::{Case, incident_id};
use super::{PeopleTab, PersonLine, Tab, address, people_tabs, person_line, roster_name};
use crate::accounts::can;
use crate::affected::{Person, PersonId, Roster, register, rosters};
use crate::evidence;
use crate::incidents::IncidentId;
use crate::kernel::{Code, Instant, Locale, Problem, Redacted, Result, locale};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};
use crate::web::words;

#[derive(Serialize)]
struct View {
    head: Header,
    people_tabs: Vec<Tab>,
    person: PersonLine,
    sources: Vec<Source>,
    shown: Option<Vec<Shown>>,
}

/// A roster that the person stands in; with the row once they are shown.
#[derive(Serialize)]
struct Source {
    name: String,
    href: String,
    row: Option<String>,
    recorded_at: Instant,
}

/// One field of a person, unmasked.
#[derive(Serialize)]
struct Shown {
    label: String,
    value: Redacted<String>,
    unusable: bool,
}

pub(super) async fn show(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let (id, person) = ids(&path)?;
    render(&signed, &id, person, None, FormState::default()).await
}

/// Shows one person on the answer itself: the values never stand behind an address.
pub(super) async fn reveal(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::RevealPeople>()?;
    let (id, person) = ids(&path)?;
    let house = &signed.page.state().house;
    let reason = form.get("reason").to_owned();
    match house.reveal(&by, &id, person, reason).await {
        Ok(shown) => render(&signed, &id, person, Some(shown), FormState::default()).await,
        Err(problem) if problem.code == Code::InvalidInput => {
            let form = FormState::refused(&form, &problem, signed.page.locale());
            render(&signed, &id, person, None, form).await
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn render(
    signed: &SignedIn,
    id: &IncidentId,
    person: PersonId,
    shown: Option<Person>,
    form: FormState,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let language = page.locale();
    let case = Case::find(signed, id.as_str()).await?;
    let (house, now, incident) = (page.state().house.clone(), page.now(), id.clone());
    let store = house.store.clone();
    let read = store.read(move |conn| {
        let incident = incident.as_str();
        Ok((
            register::person(conn, &house.vault, now, incident, person)?,
            rosters::rosters(conn, incident)?,
            evidence::list(conn, incident)?,
        ))
    });
    let (person, rosters, files) = read.await?;
    let rows = shown.as_ref().map(|shown| shown.rows.clone());
    let source = |roster: &Roster, row: Option<i64>| Source {
        name: roster_name(
            roster,
            files.iter().find(|file| file.id == roster.evidence_id),
            language,
        ),
        href: address(&case, &format!("/rosters/{}", roster.id)),
        row: row.map(|row| {
            let row = words::number_text(row);
            locale::text_with(language, "problem-row-number", &[("row", row.into())])
        }),
        recorded_at: roster.recorded_at,
    };
    let by_number = |number: i64| rosters.iter().find(|roster| roster.number == number);
    let sources = match rows {
        Some(rows) => rows
            .iter()
            .filter_map(|(number, row)| Some(source(by_number(*number)?, Some(*row))))
            .collect(),
        None => person
            .rosters
            .iter()
            .filter_map(|number| Some(source(by_number(*number)?, None)))
            .collect(),
    };
    page.view("incidents/people/person")
        .title(page.text("people-person"))
        .nav("incidents")
        .form(form)
        .respond(&View {
            head: case.header(page, Link::People),
            people_tabs: people_tabs(page, &case, PeopleTab::Register).await?,
            person: person_line(person, language),
            sources,
            shown: shown.map(|person| unmasked(person, language)),
        })
}

fn unmasked(person: Person, language: Locale) -> Vec<Shown> {
    let Person { record: fields, .. } = person;
    let mut shown = Vec::new();
    let text = |key: &str| locale::text(language, &format!("person-field-{key}"));
    let known = [
        ("name", fields.name),
        ("kana", fields.kana),
        ("email", fields.email),
        ("phone", fields.phone),
        ("line-user-id", fields.line_user_id),
        ("customer-number", fields.customer_number),
        ("birth-date", fields.birth_date),
        ("postcode", fields.postcode),
        ("address", fields.address),
    ];
    for (key, value) in known {
        if let Some(value) = value {
            let label = text(key);
            shown.push(Shown {
                label,
                value,
                unusable: false,
            });
        }
    }
    for (field, value) in fields.unusable {
        shown.push(Shown {
            label: text(field.as_str()),
            value,
            unusable: true,
        });
    }
    shown
}

fn ids(path: &(String, String)) -> Result<(IncidentId, PersonId), PageError> {
    let person = path.1.parse().map_err(|_| Problem::new(Code::NotFound))?;
    Ok((incident_id(&path.0)?, person))
}
