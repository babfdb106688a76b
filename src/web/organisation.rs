//! The organisation's names and its desk for inquiries.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::extract::SignedIn;
use super::form::{FormState, Submission};
use super::{PageError, sign_in};
use crate::accounts::{Organisation, can, organisation};
use crate::kernel::Instant;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/organisation")
            .route(web::get().to(show))
            .route(web::post().to(submit)),
    );
}

/// The organisation as a form describes it.
pub(super) fn from_form(form: &Submission, now: Instant) -> Organisation {
    let text = |name| form.get(name).to_owned();
    Organisation {
        name_ja: text("name_ja"),
        name_en: text("name_en"),
        name_kana: text("name_kana"),
        corporate_number: text("corporate_number"),
        address: text("address"),
        representative: text("representative"),
        industry: text("industry"),
        desk_name_ja: text("desk_name_ja"),
        desk_name_en: text("desk_name_en"),
        desk_phone: text("desk_phone"),
        desk_email: text("desk_email"),
        desk_hours_ja: text("desk_hours_ja"),
        desk_hours_en: text("desk_hours_en"),
        website: text("website"),
        web_domains: text("web_domains"),
        dpo_name: text("dpo_name"),
        dpo_contact: text("dpo_contact"),
        ..Organisation::blank(now)
    }
}

#[derive(Serialize)]
struct View {
    updated_at: Option<Instant>,
}

async fn show(signed: SignedIn) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ManageSettings>()?;
    let form = match signed.page.organisation().cloned() {
        Some(known) => FormState::filled([
            ("name_ja", known.name_ja),
            ("name_en", known.name_en),
            ("name_kana", known.name_kana),
            ("corporate_number", known.corporate_number),
            ("address", known.address),
            ("representative", known.representative),
            ("industry", known.industry),
            ("desk_name_ja", known.desk_name_ja),
            ("desk_name_en", known.desk_name_en),
            ("desk_phone", known.desk_phone),
            ("desk_email", known.desk_email),
            ("desk_hours_ja", known.desk_hours_ja),
            ("desk_hours_en", known.desk_hours_en),
            ("website", known.website),
            ("web_domains", known.web_domains),
            ("dpo_name", known.dpo_name),
            ("dpo_contact", known.dpo_contact),
        ]),
        None => FormState::default(),
    };
    render(&signed, form)
}

async fn submit(signed: SignedIn, form: Submission) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ManageSettings>()?;
    let now = signed.page.now();
    let mut changed = from_form(&form, now);
    changed.practice = signed
        .page
        .organisation()
        .is_some_and(|known| known.practice);
    let saved = signed
        .page
        .state()
        .house
        .store
        .write(move |conn| organisation::save(conn, &by, now, changed))
        .await;
    match saved {
        Ok(()) => Ok(signed.page.go("/organisation", "flash-saved")),
        Err(problem) => render(&signed, sign_in::kept(&form, problem, &signed.page)?),
    }
}

fn render(signed: &SignedIn, form: FormState) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    page.view("accounts/organisation")
        .title(page.text("organisation-title"))
        .nav("admin")
        .form(form)
        .respond(&View {
            updated_at: page.organisation().map(|known| known.updated_at),
        })
}
