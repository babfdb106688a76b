//! Notices of an incident: drafted from the facts, written, checked, approved, filed or sent.

mod checking;
mod copying;
mod editor;
mod previewing;
mod readers;
mod sending;
mod view;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use self::view::{Progress, progress, tone};
use super::Case;
use super::header::Header;
use crate::accounts::can;
use crate::kernel::{Code, Instant, Problem, Result};
use crate::notices::sheet::Readers;
use crate::notices::{self, Notice, NoticeId, NoticeKind, NoticeState, Version};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::{Page, SignedIn};
use crate::web::form::Submission;
use crate::web::mail::MailHealth;
use crate::workflow::Dispatching;

/// Room for thirteen parts in two languages, each at its longest and percent-encoded.
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
        .route(
            &format!("{one}/versions/{{version}}/changes"),
            web::get().to(checking::changes),
        )
        .route(&format!("{one}/answers"), web::post().to(checking::answer))
        .route(&format!("{one}/submit"), web::post().to(editor::submit))
        .route(&format!("{one}/approve"), web::post().to(editor::approve))
        .route(&format!("{one}/delegate"), web::post().to(editor::delegate))
        .route(
            &format!("{one}/send-back"),
            web::post().to(editor::send_back),
        )
        .service(
            web::resource(format!("{one}/readers"))
                .route(web::get().to(readers::show))
                .route(web::post().to(readers::save)),
        )
        .service(
            web::resource(format!("{one}/copy"))
                .route(web::get().to(copying::copy))
                .route(web::post().to(copying::mark)),
        )
        .route(
            &format!("{one}/document.{{format}}"),
            web::get().to(copying::document),
        )
        .route(
            &format!("{one}/preview"),
            web::get().to(previewing::preview),
        )
        .route(
            &format!("{one}/letter.pdf"),
            web::get().to(previewing::letter),
        )
        .route(&format!("{one}/test"), web::post().to(previewing::test))
        .route(
            &format!("{one}/preview/{{locale}}"),
            web::get().to(previewing::html),
        )
        .service(
            web::resource(format!("{one}/send"))
                .route(web::get().to(sending::show))
                .route(web::post().to(sending::send)),
        )
        .route(
            &format!("{one}/sendings/{{dispatch}}"),
            web::post().to(sending::change),
        );
}

#[derive(Serialize)]
struct View {
    head: Header,
    id: String,
    groups: Vec<Group>,
    mail: MailHealth,
}

/// The kinds for one sort of readers.
#[derive(Serialize)]
struct Group {
    readers: Readers,
    /// Those that a duty asks for now, or that were begun.
    kinds: Vec<KindView>,
    /// The rest.
    others: Vec<KindView>,
}

/// One kind of notice, and what was written of it.
#[derive(Serialize)]
struct KindView {
    kind: NoticeKind,
    title: &'static str,
    summary: &'static str,
    icon: &'static str,
    /// Whether a duty asks for it now.
    wanted: bool,
    notices: Vec<Line>,
    progress: Vec<Progress>,
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
    let groups = Readers::ALL
        .iter()
        .map(|readers| {
            let of_them = NoticeKind::ALL
                .iter()
                .filter(|kind| kind.sheet().audience == *readers)
                .map(|kind| kind_view(*kind, &case, &dispatchings, page));
            let (kinds, others) = of_them.partition(|kind| kind.wanted || !kind.notices.is_empty());
            Group {
                readers: *readers,
                kinds,
                others,
            }
        })
        .collect();
    page.view("incidents/notices/list")
        .title(case.page_title(page, Link::Notices))
        .nav("incidents")
        .respond(&View {
            head: case.header(page, Link::Notices),
            id: id.to_string(),
            groups,
            mail: MailHealth::of(page).await?,
        })
}

fn kind_view(kind: NoticeKind, case: &Case, dispatchings: &[Dispatching], page: &Page) -> KindView {
    let sheet = kind.sheet();
    let of_it: Vec<_> = case
        .notices
        .iter()
        .filter(|notice| notice.kind == kind)
        .collect();
    let progress = dispatchings
        .iter()
        .filter(|sending| {
            of_it
                .iter()
                .any(|notice| notice.id == sending.dispatch.notice_id)
        })
        .map(|sending| progress(sending, case))
        .collect();
    KindView {
        kind,
        title: sheet.title.get(page.locale()),
        summary: sheet.summary.get(page.locale()),
        icon: icon(sheet.audience),
        wanted: case.asks_for(kind),
        notices: of_it.into_iter().rev().map(|one| line(one, case)).collect(),
        progress,
    }
}

fn icon(readers: Readers) -> &'static str {
    match readers {
        Readers::Authority => "landmark",
        Readers::People => "mail",
        Readers::Delegator => "users",
        Readers::Public => "external-link",
        Readers::Staff => "info",
    }
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

/// A notice of an address with its newest version.
async fn read(signed: &SignedIn, path: &(String, String)) -> Result<(Case, Notice, Version)> {
    let case = Case::find(signed, &path.0).await?;
    let notice = find(&case, &path.1)?;
    let wanted = notice.clone();
    let version = signed
        .page
        .state()
        .house
        .store
        .read(move |conn| notices::newest_version(conn, &wanted))
        .await?;
    Ok((case, notice, version))
}

fn address(notice: &Notice) -> String {
    format!("/incidents/{}/notices/{}", notice.incident_id, notice.id)
}

/// The version that a form was made from.
fn seen(form: &Submission) -> Result<i64> {
    form.get("seen")
        .parse()
        .map_err(|_| Problem::new(Code::MalformedBody))
}
