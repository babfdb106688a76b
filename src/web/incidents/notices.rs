//! Notices of an incident: drafted from the facts, written, approved, filed or sent.

mod editor;
mod sending;
mod view;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use self::view::{Progress, progress, tone};
use super::Case;
use super::header::Header;
use crate::accounts::can;
use crate::kernel::{Code, Instant, Problem, Result};
use crate::notices::{Notice, NoticeId, NoticeKind, NoticeState};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::Submission;
use crate::web::mail::MailHealth;

/// Room for eleven parts in two languages, each at its longest and percent-encoded.
const FORM_LIMIT: usize = 8 * 1024 * 1024;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let base = "/incidents/{id}/notices";
    let one = "/incidents/{id}/notices/{notice}";
    config
        .service(
            web::resource(base)
                .route(web::get().to(list))
                .route(web::post().to(draft)),
        )
        .service(
            web::resource(one)
                .app_data(web::PayloadConfig::new(FORM_LIMIT))
                .route(web::get().to(editor::show))
                .route(web::post().to(editor::save)),
        )
        .route(
            &format!("{one}/versions/{{version}}"),
            web::get().to(editor::version),
        )
        .route(&format!("{one}/submit"), web::post().to(editor::submit))
        .route(&format!("{one}/approve"), web::post().to(editor::approve))
        .route(
            &format!("{one}/send-back"),
            web::post().to(editor::send_back),
        )
        .route(&format!("{one}/copy"), web::get().to(sending::copy))
        .route(&format!("{one}/preview"), web::get().to(sending::preview))
        .route(
            &format!("{one}/preview/{{locale}}"),
            web::get().to(sending::preview_html),
        )
        .service(
            web::resource(format!("{one}/send"))
                .route(web::get().to(sending::send_form))
                .route(web::post().to(sending::send)),
        );
}

#[derive(Serialize)]
struct View {
    head: Header,
    id: String,
    kinds: Vec<KindView>,
    mail: MailHealth,
}

/// What can be told to one kind of reader, and what was.
#[derive(Serialize)]
struct KindView {
    kind: NoticeKind,
    title: String,
    hint: String,
    icon: &'static str,
    notices: Vec<Line>,
    progress: Vec<Progress>,
    /// Whether one is still being worked on, so that another is the exception.
    under_way: bool,
}

#[derive(Serialize)]
struct Line {
    href: String,
    state: NoticeState,
    tone: &'static str,
    version: i64,
    by: String,
    created_at: Instant,
    updated_at: Instant,
}

async fn list(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let case = Case::find(&signed, &id).await?;
    let id = &case.incident.id;
    let dispatchings = page.state().house.dispatchings(id).await?;
    let kinds = NoticeKind::ALL
        .iter()
        .map(|kind| {
            let words = kind.as_str().replace('_', "-");
            let of_it: Vec<_> = case
                .notices
                .iter()
                .filter(|notice| notice.kind == *kind)
                .collect();
            let progress = dispatchings
                .iter()
                .filter(|sending| {
                    of_it
                        .iter()
                        .any(|notice| notice.id == sending.dispatch.notice_id)
                })
                .map(|sending| progress(sending, &case))
                .collect();
            KindView {
                kind: *kind,
                title: page.text(&format!("notice-{words}")),
                hint: page.text(&format!("notice-{words}-hint")),
                icon: if kind.is_sent_to_people() {
                    "mail"
                } else {
                    "landmark"
                },
                under_way: of_it
                    .iter()
                    .any(|notice| notice.state != NoticeState::Issued),
                notices: of_it
                    .into_iter()
                    .rev()
                    .map(|one| line(one, &case))
                    .collect(),
                progress,
            }
        })
        .collect();
    page.view("incidents/notices/list")
        .title(case.page_title(page, Link::Notices))
        .nav("incidents")
        .respond(&View {
            head: case.header(page, Link::Notices),
            id: id.to_string(),
            kinds,
            mail: MailHealth::of(page).await?,
        })
}

async fn draft(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::DraftNotice>()?;
    let id = super::incident_id(&id)?;
    let kind: NoticeKind = form
        .get("kind")
        .parse()
        .map_err(|_| Problem::field("kind", "field-invalid-choice"))?;
    let house = &signed.page.state().house;
    let notice = house.draft_notice(&by, &id, kind).await?;
    let to = format!("/incidents/{id}/notices/{}", notice.id);
    Ok(signed.page.go(&to, "flash-notice-drafted"))
}

fn line(notice: &Notice, case: &Case) -> Line {
    Line {
        href: format!("/incidents/{}/notices/{}", notice.incident_id, notice.id),
        state: notice.state,
        tone: tone(notice.state),
        version: notice.version,
        by: case.name(&notice.created_by).unwrap_or_default(),
        created_at: notice.created_at,
        updated_at: notice.updated_at,
    }
}

/// The notice of an address, out of those of its incident.
fn find(case: &Case, notice: &str) -> Result<Notice> {
    let unknown = || Problem::new(Code::NotFound);
    let id: NoticeId = notice.parse().map_err(|_| unknown())?;
    let found = case.notices.iter().find(|notice| notice.id == id);
    found.cloned().ok_or_else(unknown)
}
