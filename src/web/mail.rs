//! How mail stands, and the mails that were written into a folder instead of sent.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::PageError;
use super::extract::{Page, SignedIn};
use super::form::Submission;
use crate::accounts::can;
use crate::affected::rules;
use crate::kernel::{Code, Instant, Problem, Redacted, Result};
use crate::outbox::bounces::{self, Tally};
use crate::outbox::{self, DirectoryMail, MailId, TransportKind};

/// The policy of every page, and frames from this server.
const WITH_FRAMES: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
     connect-src 'self'; frame-src 'self'";
/// How many mails of the folder are listed, the newest first.
const LISTED: usize = 200;
/// A mail as it is: its styles, and nothing that runs or is fetched.
const MAIL_POLICY: &str =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/mail", web::get().to(list))
        .route("/mail/bulk", web::post().to(bulk))
        .route("/mail/{id}", web::get().to(show))
        .route("/mail/{id}/html", web::get().to(html));
}

/// Whether mail goes out, for the banner of every page that speaks of mail.
#[derive(Serialize)]
pub(super) struct MailHealth {
    /// Whether it goes to a folder, and to nobody.
    folder: bool,
    /// What keeps it from going out, in the mail server's words.
    trouble: Option<String>,
    code: Option<u16>,
    retry_at: Option<Instant>,
    queued: i64,
    uncertain: i64,
    waiting_since: Option<Instant>,
}

impl MailHealth {
    /// Asks the worker.
    pub async fn of(page: &Page) -> Result<Self> {
        let state = page.state();
        let health = state.courier.health().await?;
        Ok(Self {
            folder: state.house.mail.transport == TransportKind::Directory,
            code: health.trouble.as_ref().and_then(|trouble| trouble.code),
            trouble: health.trouble.map(|trouble| trouble.text),
            retry_at: health.retry_at,
            queued: health.queued,
            uncertain: health.uncertain,
            waiting_since: health.waiting_since,
        })
    }
}

#[derive(Serialize)]
struct View {
    mail: MailHealth,
    folder: String,
    server: String,
    mails: Vec<Line>,
    listed: usize,
    /// Since when all mail to people is stopped.
    bulk_stopped_at: Option<Instant>,
    returned: Vec<Tally>,
}

/// One mail of the list; the address stays masked until it is opened.
#[derive(Serialize)]
struct Line {
    id: String,
    at: Instant,
    to: String,
    subject: Redacted<String>,
}

#[derive(Serialize)]
struct MailView {
    id: String,
    at: Instant,
    name: Redacted<String>,
    address: Redacted<String>,
    subject: Redacted<String>,
    text: Redacted<String>,
    has_html: bool,
}

/// Stops all mail to people, or lets it go on.
async fn bulk(signed: SignedIn, form: Submission) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::SendNotice>()?;
    let stop = form.get("stop") == "yes";
    let state = signed.page.state();
    state.house.stop_bulk_mail(&by, stop).await?;
    state.courier.wake();
    let flash = if stop {
        "flash-bulk-stopped"
    } else {
        "flash-bulk-allowed"
    };
    Ok(signed.page.go("/mail", flash))
}

async fn list(signed: SignedIn) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ManageSettings>()?;
    let page = &signed.page;
    let settings = page.state().house.mail.clone();
    let mail = MailHealth::of(page).await?;
    let mails = if mail.folder {
        let folder = settings.directory.clone();
        blocking(move || outbox::list_directory(&folder, LISTED)).await?
    } else {
        Vec::new()
    };
    let returned = page.state().house.store.read(bounces::tallies).await?;
    page.view("mail/list")
        .title(page.text("mail-title"))
        .nav("admin")
        .respond(&View {
            mail,
            folder: settings.directory.display().to_string(),
            server: format!("{}:{}", settings.smtp.host, settings.smtp.port),
            listed: LISTED,
            bulk_stopped_at: page
                .state()
                .house
                .store
                .read(outbox::bulk_stopped_at)
                .await?,
            returned,
            mails: mails
                .into_iter()
                .map(|mail| Line {
                    id: mail.id.to_string(),
                    at: mail.at,
                    to: rules::mask_email(mail.to.address().reveal()),
                    subject: Redacted::new(mail.content.subject),
                })
                .collect(),
        })
}

async fn show(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let mail = find(&signed, &id).await?;
    let page = &signed.page;
    let mut answer = page
        .view("mail/mail")
        .title(page.text("mail-one"))
        .nav("admin")
        .respond(&MailView {
            id: mail.id.to_string(),
            at: mail.at,
            name: Redacted::new(mail.to.name().to_owned()),
            address: Redacted::new(mail.to.address().reveal().to_owned()),
            subject: Redacted::new(mail.content.subject),
            text: Redacted::new(mail.content.text),
            has_html: mail.content.html.is_some(),
        })?;
    allow_frames(&mut answer);
    Ok(answer)
}

async fn html(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let mail = find(&signed, &id).await?;
    let html = mail
        .content
        .html
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(raw_html(html))
}

/// The HTML of a mail by itself, for a frame: it may show its styles, and do nothing.
pub(super) fn raw_html(html: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, MAIL_POLICY))
        .body(html)
}

/// Lets a page show a mail of [`raw_html`] in a frame.
pub(super) fn allow_frames(answer: &mut HttpResponse) {
    let policy = header::HeaderValue::from_static(WITH_FRAMES);
    answer
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
}

async fn find(signed: &SignedIn, id: &str) -> Result<DirectoryMail> {
    signed.actor().grant::<can::ManageSettings>()?;
    let settings = signed.page.state().house.mail.clone();
    let id: MailId = id.parse().map_err(|_| Problem::new(Code::NotFound))?;
    if settings.transport != TransportKind::Directory {
        return Err(Problem::new(Code::NotFound));
    }
    blocking(move || outbox::read_directory_mail(&settings.directory, &id)).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Problem::internal)?
}
