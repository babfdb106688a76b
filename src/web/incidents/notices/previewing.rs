//! A notice as its readers get it: mails, letters, LINE messages.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::{address, read};
use crate::accounts::can;
use crate::kernel::{Code, Locale, Problem};
use crate::notices::sheet::NoticeChannel;
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::Submission;
use crate::web::mail::{allow_frames, raw_html};
use crate::workflow;

#[derive(Serialize)]
struct View {
    head: Header,
    base: String,
    version: i64,
    mailed: bool,
    letter: bool,
    texts: Vec<Sample>,
}

/// The text as one reader would get it.
#[derive(Serialize)]
struct Sample {
    locale: Locale,
    subject: String,
    text: String,
    characters: usize,
}

pub(super) async fn preview(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let (case, notice, version) = read(&signed, &path).await?;
    let sheet = notice.kind.sheet();
    if !sheet.is_for_people() {
        return Err(Problem::new(Code::NotFound).into());
    }
    let texts = Locale::ALL
        .iter()
        .map(|locale| {
            let text = workflow::sample(&version, *locale)?;
            let subject = match text.subject.as_str() {
                "" => sheet.title.get(*locale).to_owned(),
                _ => text.subject,
            };
            Ok(Sample {
                locale: *locale,
                subject,
                characters: text.text.chars().count(),
                text: text.text,
            })
        })
        .collect::<crate::kernel::Result<_>>()?;
    let mut answer = page
        .view("incidents/notices/preview")
        .title(page.text("notice-preview"))
        .nav("incidents")
        .respond(&View {
            head: case.header(page, Link::Notices),
            base: address(&notice),
            version: version.version,
            mailed: sheet.is_mailed(),
            letter: sheet.channel == NoticeChannel::Letter,
            texts,
        })?;
    allow_frames(&mut answer);
    Ok(answer)
}

/// The HTML of a mail by itself, for the frame of the preview.
pub(super) async fn html(
    signed: SignedIn,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, PageError> {
    let (id, notice, locale) = path.into_inner();
    let locale: Locale = locale.parse().map_err(|_| Problem::new(Code::NotFound))?;
    let (_, notice, version) = read(&signed, &(id, notice)).await?;
    if !notice.kind.sheet().is_mailed() {
        return Err(Problem::new(Code::NotFound).into());
    }
    let html = workflow::sample(&version, locale)?.html.unwrap_or_default();
    Ok(raw_html(html))
}

/// A letter to a made-up reader, as PDF.
pub(super) async fn letter(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let (_, notice, version) = read(&signed, &path).await?;
    if notice.kind.sheet().channel != NoticeChannel::Letter {
        return Err(Problem::new(Code::NotFound).into());
    }
    let pdf = web::block(move || workflow::sample_letters(&version))
        .await
        .map_err(Problem::internal)??;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header(("content-disposition", "inline; filename=\"letter.pdf\""))
        .body(pdf))
}

/// Sends the mail to whoever asks.
pub(super) async fn test(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    _: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::DraftNotice>()?;
    let (case, notice, _) = read(&signed, &path).await?;
    let state = signed.page.state();
    state
        .house
        .send_test(&by, &case.incident.id, &notice.id)
        .await?;
    state.courier.wake();
    let to = format!("{}/preview", address(&notice));
    Ok(signed.page.go(&to, "flash-test-mail-sent"))
}
