//! The last steps of a notice: copying it into the authority's form, looking at a mail, sending it.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::{Case, kept};
use super::find;
use super::view::{Part, parts};
use crate::accounts::can;
use crate::affected;
use crate::kernel::{Code, Locale, Problem, Result, locale};
use crate::notices::{self, Notice, NoticeState, Version, rules};
use crate::outbox::{Content, EmailAddress};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};
use crate::web::mail::{MailHealth, allow_frames, raw_html};

#[derive(Serialize)]
struct CopyView {
    head: Header,
    base: String,
    state: NoticeState,
    version: i64,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct PreviewView {
    head: Header,
    base: String,
    version: i64,
    mails: Vec<Mail>,
}

/// A mail as one reader would get it.
#[derive(Serialize)]
struct Mail {
    locale: Locale,
    subject: String,
    text: String,
}

#[derive(Serialize)]
struct SendView {
    head: Header,
    base: String,
    state: NoticeState,
    audience: i64,
    unreachable: i64,
    people: i64,
    subject_ja: String,
    subject_en: String,
    sender: String,
    mail: MailHealth,
}

/// The parts one by one, to be copied into the authority's web form.
pub(super) async fn copy(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let (case, notice, version) = read(&signed, &path).await?;
    page.view("incidents/notices/copy")
        .title(page.text("notice-copy"))
        .nav("incidents")
        .respond(&CopyView {
            head: case.header(page, Link::Notices),
            base: address(&notice),
            state: notice.state,
            version: version.version,
            parts: parts(notice.kind, &version.content, page.locale()),
        })
}

pub(super) async fn preview(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let (case, notice, version) = read(&signed, &path).await?;
    let mails = Locale::ALL
        .iter()
        .map(|locale| {
            let mail = sample(&notice, &version, *locale)?;
            Ok(Mail {
                locale: *locale,
                subject: mail.subject,
                text: mail.text,
            })
        })
        .collect::<Result<_>>()?;
    let mut answer = page
        .view("incidents/notices/preview")
        .title(page.text("notice-preview"))
        .nav("incidents")
        .respond(&PreviewView {
            head: case.header(page, Link::Notices),
            base: address(&notice),
            version: version.version,
            mails,
        })?;
    allow_frames(&mut answer);
    Ok(answer)
}

/// The HTML of a mail by itself, for the frame of the preview.
pub(super) async fn preview_html(
    signed: SignedIn,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, PageError> {
    let (id, notice, locale) = path.into_inner();
    let locale: Locale = locale.parse().map_err(|_| Problem::new(Code::NotFound))?;
    let (_, notice, version) = read(&signed, &(id, notice)).await?;
    let html = sample(&notice, &version, locale)?.html.unwrap_or_default();
    Ok(raw_html(html))
}

pub(super) async fn send_form(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    render_send(&signed, &path, FormState::default(), None).await
}

pub(super) async fn send(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::SendNotice>()?;
    let page = &signed.page;
    let (case, notice, _) = read(&signed, &path).await?;
    let sent = match confirmed(&form) {
        Ok(people) => {
            let house = &page.state().house;
            house
                .dispatch(&by, &case.incident.id, &notice.id, people)
                .await
        }
        Err(problem) => Err(problem),
    };
    match sent {
        Ok(_) => {
            page.state().courier.wake();
            let to = format!("{}#delivery", address(&notice));
            Ok(page.go(&to, "flash-notice-dispatched"))
        }
        Err(problem) => {
            let (state, status) = kept(&form, problem, page)?;
            render_send(&signed, &path, state, Some(status)).await
        }
    }
}

async fn render_send(
    signed: &SignedIn,
    path: &(String, String),
    form: FormState,
    status: Option<actix_web::http::StatusCode>,
) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::SendNotice>()?;
    let page = &signed.page;
    let (case, notice, version) = read(signed, path).await?;
    if !notice.kind.is_sent_to_people() {
        return Err(Problem::new(Code::NotFound).into());
    }
    let audience = audience(signed, &case).await?;
    let house = &page.state().house;
    let mut answer = page
        .view("incidents/notices/send")
        .title(page.text("send-title"))
        .nav("incidents");
    if let Some(status) = status {
        answer = answer.status(status);
    }
    answer.form(form).respond(&SendView {
        head: case.header(page, Link::Notices),
        base: address(&notice),
        state: notice.state,
        audience,
        unreachable: case.people.people - audience,
        people: case.people.people,
        subject_ja: version.content.part("subject", Locale::Ja).to_owned(),
        subject_en: version.content.part("subject", Locale::En).to_owned(),
        sender: house.mail.from_address.clone(),
        mail: MailHealth::of(page).await?,
    })
}

/// How many people the sending will be queued for, counted by the same rule.
async fn audience(signed: &SignedIn, case: &Case) -> Result<i64> {
    let (house, now) = (signed.page.state().house.clone(), signed.page.now());
    let id = case.incident.id.clone();
    let store = house.store.clone();
    let count = store.read(move |conn| {
        let mut people = 0_i64;
        affected::for_each_reachable(conn, &house.vault, now, id.as_str(), |_, person| {
            if EmailAddress::parse(person.email.reveal()).is_ok() {
                people = people.saturating_add(1);
            }
            Ok(())
        })?;
        Ok(people)
    });
    count.await
}

async fn read(signed: &SignedIn, path: &(String, String)) -> Result<(Case, Notice, Version)> {
    let case = Case::find(signed, &path.0).await?;
    let notice = find(&case, &path.1)?;
    let id = notice.id.clone();
    let mut versions = signed
        .page
        .state()
        .house
        .store
        .read(move |conn| notices::versions(conn, &id))
        .await?;
    let version = versions.pop().ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok((case, notice, version))
}

/// The mail as a made-up person would get it.
fn sample(notice: &Notice, version: &Version, locale: Locale) -> Result<Content> {
    if !notice.kind.is_sent_to_people() {
        return Err(Problem::new(Code::NotFound));
    }
    let subject = version.content.part("subject", locale);
    let body = version.content.part("body", locale);
    let name = locale::text(locale, "preview-name");
    let salutation = locale::text_with(locale, "salutation-named", &[("name", name.into())]);
    let mail = Content {
        subject: subject.to_owned(),
        text: body.to_owned(),
        html: Some(rules::html(subject, body, locale)),
    };
    mail.render(&[("salutation".to_owned(), salutation)].into())
        .map_err(Problem::internal)
}

/// The number that was typed; separators and full-width digits are how people write it.
fn confirmed(form: &Submission) -> Result<i64> {
    let digits: String = form
        .get("confirmed")
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | '、' | ' ' | '\u{3000}' | '人'))
        .map(|c| match c {
            '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
            c => c,
        })
        .collect();
    digits
        .parse()
        .map_err(|_| Problem::field("confirmed", "field-wrong-number-of-people"))
}

fn address(notice: &Notice) -> String {
    format!("/incidents/{}/notices/{}", notice.incident_id, notice.id)
}
