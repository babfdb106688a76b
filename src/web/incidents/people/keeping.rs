//! Keeping and destroying: the rule, the review of what goes and what stays, the proof.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use jiff::civil::Date;
use serde::Serialize;

use super::super::header::Header;
use super::super::{Case, incident_id, kept};
use super::{PeopleTab, Tab, people_tabs};
use crate::accounts::can;
use crate::affected::{NewRetention, Retention};
use crate::evidence::Evidence;
use crate::kernel::{Instant, Result};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};
use crate::workflow::Keeping;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/incidents/{id}/people/keeping")
                .route(web::get().to(show))
                .route(web::post().to(set)),
        )
        .route(
            "/incidents/{id}/people/keeping/purge",
            web::post().to(purge),
        );
}

#[derive(Serialize)]
struct View {
    head: Header,
    people_tabs: Vec<Tab>,
    incident_number: String,
    people_address: String,
    base: String,
    /// `none`, `kept`, `ended`, `purging` or `purged`.
    state: &'static str,
    rule: Option<Rule>,
    version: i64,
    people: i64,
    rosters: usize,
    at_work: usize,
    problems: i64,
    mails: i64,
    files: Vec<FileLine>,
    proof: Option<Proof>,
}

#[derive(Serialize)]
struct Rule {
    keep_until: String,
    basis: String,
    by: String,
    set_at: Instant,
}

/// A file whose bytes go, or are gone.
#[derive(Serialize)]
struct FileLine {
    name: String,
    sha256: String,
    destroyed_at: Option<Instant>,
}

/// How it is known that the register was destroyed.
#[derive(Serialize)]
struct Proof {
    by: String,
    started_at: Option<Instant>,
    purged_at: Option<Instant>,
    entry: Option<String>,
}

async fn show(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    render(&signed, &id, None).await
}

async fn set(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditIncident>()?;
    let new = NewRetention {
        keep_until: form.get("keep_until").to_owned(),
        basis: form.get("basis").to_owned(),
        version: form.get("version").parse().unwrap_or_default(),
    };
    let house = &signed.page.state().house;
    let set = house.set_retention(&by, &incident_id(&id)?, new).await;
    answer(&signed, &id, &form, set, "flash-retention-set").await
}

async fn purge(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::PurgeRegister>()?;
    let house = &signed.page.state().house;
    let confirmed = form.get("confirmed");
    let begun = house.purge(&by, &incident_id(&id)?, confirmed).await;
    answer(&signed, &id, &form, begun, "flash-purge-begun").await
}

async fn answer(
    signed: &SignedIn,
    id: &str,
    form: &Submission,
    outcome: Result<Retention>,
    flash: &'static str,
) -> Result<HttpResponse, PageError> {
    match outcome {
        Ok(_) => Ok(signed
            .page
            .go(&format!("/incidents/{id}/people/keeping"), flash)),
        Err(problem) => {
            let refused = kept(form, problem, &signed.page)?;
            render(signed, id, Some(refused)).await
        }
    }
}

async fn render(
    signed: &SignedIn,
    id: &str,
    refused: Option<(FormState, StatusCode)>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let case = Case::find(signed, id).await?;
    let known = page.state().house.keeping(&case.incident.id).await?;
    let today = page.now().in_zone(page.zone()).date();
    let name = |id: &str| {
        let account = id.parse().ok();
        account.and_then(|id| case.name(&id)).unwrap_or_default()
    };
    let base = format!("/incidents/{}/people/keeping", case.incident.id);
    let rule = known.retention.as_ref();
    let view = View {
        head: case.header(page, Link::People),
        people_tabs: people_tabs(page, &case, PeopleTab::Keeping).await?,
        incident_number: case.incident.number.clone(),
        people_address: format!("/incidents/{}/people", case.incident.id),
        state: state(rule, today),
        version: rule.map_or(0, |rule| rule.version),
        proof: rule.filter(|rule| rule.is_destroyed()).map(|rule| Proof {
            by: rule.purged_by.as_deref().map(name).unwrap_or_default(),
            started_at: rule.purge_started_at,
            purged_at: rule.purged_at,
            entry: known.proof.map(|seq| {
                format!(
                    "/incidents/{}/timeline?before={}",
                    case.incident.id,
                    seq.saturating_add(1)
                )
            }),
        }),
        rule: rule.map(|rule| Rule {
            keep_until: rule.keep_until.to_string(),
            basis: rule.basis.clone(),
            by: name(&rule.set_by),
            set_at: rule.set_at,
        }),
        people: known.holdings.counts.people,
        rosters: known.holdings.rosters,
        at_work: known.holdings.at_work,
        problems: known.holdings.problems,
        mails: known.holdings.mails,
        files: files(&known),
        base,
    };
    let mut answer = page
        .view("incidents/people/keeping")
        .title(format!(
            "{} — {}",
            page.text("keeping-title"),
            case.incident.number
        ))
        .nav("incidents");
    let mut form = FormState::default();
    if let Some((refused, status)) = refused {
        form = refused;
        answer = answer.status(status);
    }
    if let Some(rule) = &view.rule {
        form.fill([
            ("keep_until", rule.keep_until.clone()),
            ("basis", rule.basis.clone()),
        ]);
    }
    answer.form(form).respond(&view)
}

fn state(rule: Option<&Retention>, today: Date) -> &'static str {
    match rule {
        None => "none",
        Some(rule) if rule.purged_at.is_some() => "purged",
        Some(rule) if rule.is_destroyed() => "purging",
        Some(rule) if rule.keep_until < today => "ended",
        Some(_) => "kept",
    }
}

/// What the destruction would take; once it began, whatever is destroyed.
fn files(known: &Keeping) -> Vec<FileLine> {
    let line = |file: &Evidence| FileLine {
        name: file.name.clone(),
        sha256: file.sha256.clone(),
        destroyed_at: file.destroyed_at,
    };
    let destroyed = known
        .evidence
        .iter()
        .filter(|file| file.destroyed_at.is_some());
    destroyed.chain(&known.holdings.files).map(line).collect()
}
