//! One affected person: masked, and unmasked once for a reason that is recorded.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::{Case, incident_id};
use crate::accounts::can;
use crate::affected::{MaskedPerson, Person, PersonId, register};
use crate::incidents::IncidentId;
use crate::kernel::{Code, Locale, Problem, Redacted, Result};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};

#[derive(Serialize)]
struct PersonView {
    head: Header,
    person: MaskedPerson,
    shown: Option<Vec<Shown>>,
}

/// One field of a person, unmasked.
#[derive(Serialize)]
struct Shown {
    label: String,
    value: Redacted<String>,
    unusable: bool,
}

pub(super) async fn ask_reason(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let (id, person) = ids(&path)?;
    render_person(&signed, &id, person, None, FormState::default()).await
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
    match house
        .reveal(&by, &id, person, form.get("reason").to_owned())
        .await
    {
        Ok(shown) => render_person(&signed, &id, person, Some(shown), FormState::default()).await,
        Err(problem) if problem.code == Code::InvalidInput => {
            let form = FormState::refused(&form, &problem, signed.page.locale());
            render_person(&signed, &id, person, None, form).await
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn render_person(
    signed: &SignedIn,
    id: &IncidentId,
    person: PersonId,
    shown: Option<Person>,
    form: FormState,
) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::RevealPeople>()?;
    let page = &signed.page;
    let person = masked(signed, id, person).await?;
    let case = Case::find(signed, id.as_str()).await?;
    page.view("incidents/people/person")
        .title(page.text("people-person"))
        .nav("incidents")
        .form(form)
        .respond(&PersonView {
            head: case.header(page, Link::People),
            person,
            shown: shown.map(|person| unmasked(person, page.locale())),
        })
}

/// One person of this incident, masked.
async fn masked(
    signed: &SignedIn,
    id: &IncidentId,
    person: PersonId,
) -> Result<MaskedPerson, PageError> {
    let (house, now) = (signed.page.state().house.clone(), signed.page.now());
    let (id, store) = (id.clone(), house.store.clone());
    let found =
        store.read(move |conn| register::person(conn, &house.vault, now, id.as_str(), person));
    Ok(found.await?)
}

fn unmasked(person: Person, locale: Locale) -> Vec<Shown> {
    let Person { record: fields, .. } = person;
    let mut shown = Vec::new();
    let text = |key: &str| crate::kernel::locale::text(locale, &format!("person-field-{key}"));
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
