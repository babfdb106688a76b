//! Sending what was approved: confirmed by its number, paused, withdrawn, handed over.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::kept;
use super::{address, read};
use crate::accounts::can;
use crate::affected;
use crate::affected::export::filter_words;
use crate::kernel::{Code, Locale, Problem, Result};
use crate::notices::NoticeState;
use crate::notices::sheet::NoticeChannel;
use crate::outbox::{BatchId, Settlement};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};
use crate::web::mail::MailHealth;

#[derive(Serialize)]
struct View {
    head: Header,
    base: String,
    state: NoticeState,
    channel: NoticeChannel,
    title: &'static str,
    /// How many people were approved, and how many the same filter finds now.
    audience: i64,
    now: i64,
    unreachable: i64,
    readers: String,
    subject_ja: String,
    subject_en: String,
    sender: String,
    mail: MailHealth,
}

pub(super) async fn show(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    render(&signed, &path, FormState::default(), None).await
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
            render(&signed, &path, state, Some(status)).await
        }
    }
}

/// Pauses a sending, lets it go on, withdraws it, or says that people took care of it.
pub(super) async fn change(
    signed: SignedIn,
    path: web::Path<(String, String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::SendNotice>()?;
    let (id, notice, dispatch) = path.into_inner();
    let (case, notice, _) = read(&signed, &(id, notice)).await?;
    let dispatch: BatchId = dispatch.parse().map_err(|_| Problem::new(Code::NotFound))?;
    let (house, id) = (&signed.page.state().house, &case.incident.id);
    let flash = match form.get("action") {
        "pause" => {
            house.pause_sending(&by, id, &dispatch, true).await?;
            "flash-sending-paused"
        }
        "resume" => {
            house.pause_sending(&by, id, &dispatch, false).await?;
            signed.page.state().courier.wake();
            "flash-sending-resumed"
        }
        "cancel" => {
            house.cancel_sending(&by, id, &dispatch).await?;
            "flash-sending-cancelled"
        }
        "was-sent" | "send-again" | "give-up" => {
            let settlement = match form.get("action") {
                "was-sent" => Settlement::WasSent,
                "send-again" => Settlement::SendAgain,
                _ => Settlement::GiveUp,
            };
            house
                .settle_uncertain(&by, id, &dispatch, settlement)
                .await?;
            signed.page.state().courier.wake();
            "flash-saved"
        }
        "hand-over" => {
            let how = form.get("handed_over").to_owned();
            house.hand_over(&by, id, &dispatch, how).await?;
            "flash-handed-over"
        }
        _ => return Err(Problem::field("action", "field-invalid-choice").into()),
    };
    let to = format!("{}#delivery", address(&notice));
    Ok(signed.page.go(&to, flash))
}

async fn render(
    signed: &SignedIn,
    path: &(String, String),
    form: FormState,
    status: Option<actix_web::http::StatusCode>,
) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::SendNotice>()?;
    let page = &signed.page;
    let (case, notice, version) = read(signed, path).await?;
    let Some(audience) = notice.audience() else {
        return Err(Problem::new(Code::NotFound).into());
    };
    let house = &page.state().house;
    let (id, filter) = (case.incident.id.clone(), audience.filter.clone());
    let now = house
        .store
        .read(move |conn| affected::count(conn, id.as_str(), &filter))
        .await?;
    let sheet = notice.kind.sheet();
    let mut answer = page
        .view("incidents/notices/send")
        .title(sheet.title.get(page.locale()).to_owned())
        .nav("incidents");
    if let Some(status) = status {
        answer = answer.status(status);
    }
    answer.form(form).respond(&View {
        head: case.header(page, Link::Notices),
        base: address(&notice),
        state: notice.state,
        channel: sheet.channel,
        title: sheet.title.get(page.locale()),
        audience: audience.people,
        now,
        unreachable: case.people.people.saturating_sub(audience.people),
        readers: filter_words(&audience.filter, page.locale()),
        subject_ja: version.content.part("subject", Locale::Ja).to_owned(),
        subject_en: version.content.part("subject", Locale::En).to_owned(),
        sender: house.mail.from_address.clone(),
        mail: MailHealth::of(page).await?,
    })
}

/// The number that was typed; separators and full-width digits are how people write it.
fn confirmed(form: &Submission) -> Result<i64> {
    let digits: String = form
        .get("confirmed")
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | '、' | ' ' | '\u{3000}' | '人' | '名'))
        .map(|c| match c {
            '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
            c => c,
        })
        .collect();
    digits
        .parse()
        .map_err(|_| Problem::field("confirmed", "field-wrong-number-of-people"))
}
