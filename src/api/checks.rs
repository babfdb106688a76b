//! What is done with a notice on its way to approval: checks, answers, readers, delegation, copies.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::bodies::{At, Json};
use super::caller::Caller;
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::{AccountId, can};
use crate::affected::Filter;
use crate::incidents::IncidentId;
use crate::kernel::Locale;
use crate::notices::checks::Finding;
use crate::notices::{Answered, Notice, NoticeId};

room!(check, answer, choose_readers, delegate, test_mail, document);

/// What the checks found, and what was answered to it.
#[derive(Serialize, ToSchema)]
struct ChecksView {
    /// What was found, the heaviest first.
    findings: Vec<Finding>,
    /// What was answered, by finding.
    answers: Vec<Answered>,
}

/// Answers to warnings.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswersBody {
    /// Why the text is right as it stands, by the finding's id.
    answers: BTreeMap<String, String>,
}

/// The people whom a notice goes to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadersBody {
    /// The version that was read.
    version: i64,
    /// Which people of the register; the way to reach them goes by the kind of the notice.
    filter: Filter,
}

/// Who decides in an approver's place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DelegationBody {
    /// The version that was read.
    version: i64,
    /// The account.
    #[schema(value_type = String)]
    to: AccountId,
}

/// How a document for circulation is written.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DocumentQuery {
    /// The language of its labels.
    #[serde(default = "japanese")]
    locale: Locale,
    /// Whether it is for Word instead of PDF.
    #[serde(default)]
    docx: bool,
}

fn japanese() -> Locale {
    Locale::Ja
}

/// What the checks find in the newest version of a notice.
#[utoipa::path(tag = "notices", responses((status = 200, body = ChecksView)))]
#[get("/incidents/{incident}/notices/{notice}/checks")]
async fn check(caller: Caller, at: At<(IncidentId, NoticeId)>) -> Answer<ChecksView> {
    let (id, notice) = &*at;
    caller.read(id, |_, _| Ok(())).await?;
    let (findings, answers) = caller.house().check_notice(id, notice).await?;
    Ok(web::Json(ChecksView { findings, answers }))
}

/// Answers warnings of the checks.
#[utoipa::path(tag = "notices", responses((status = 200, body = ChecksView)))]
#[put("/incidents/{incident}/notices/{notice}/answers")]
async fn answer(
    caller: Caller,
    at: At<(IncidentId, NoticeId)>,
    Json(body): Json<AnswersBody>,
) -> Answer<ChecksView> {
    let by = caller.grant::<can::DraftNotice>()?;
    let (id, notice) = &*at;
    let house = caller.house();
    house.answer_findings(&by, id, notice, body.answers).await?;
    let (findings, answers) = house.check_notice(id, notice).await?;
    Ok(web::Json(ChecksView { findings, answers }))
}

/// Chooses the people whom a notice goes to; an approval that stood is void.
#[utoipa::path(tag = "notices", responses((status = 200, body = Notice)))]
#[put("/incidents/{incident}/notices/{notice}/readers")]
async fn choose_readers(
    caller: Caller,
    at: At<(IncidentId, NoticeId)>,
    Json(body): Json<ReadersBody>,
) -> Answer<Notice> {
    let by = caller.grant::<can::DraftNotice>()?;
    let (id, notice) = &*at;
    let notice = caller
        .house()
        .choose_readers(&by, id, notice, body.version, body.filter)
        .await?;
    Ok(web::Json(notice))
}

/// Lets somebody else decide in the caller's place.
#[utoipa::path(tag = "notices", responses((status = 200, body = Notice)))]
#[post("/incidents/{incident}/notices/{notice}/delegation")]
async fn delegate(
    caller: Caller,
    at: At<(IncidentId, NoticeId)>,
    Json(body): Json<DelegationBody>,
) -> Answer<Notice> {
    let by = caller.grant::<can::ApproveNotice>()?;
    let (id, notice) = &*at;
    let notice = caller
        .house()
        .delegate_approval(&by, id, notice, body.version, body.to)
        .await?;
    caller.state().courier.wake();
    Ok(web::Json(notice))
}

/// Sends a notice to the caller's own address, as a made-up reader would get it.
#[utoipa::path(tag = "notices", responses((status = 204)))]
#[post("/incidents/{incident}/notices/{notice}/test")]
async fn test_mail(
    caller: Caller,
    at: At<(IncidentId, NoticeId)>,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::DraftNotice>()?;
    let (id, notice) = &*at;
    caller.house().send_test(&by, id, notice).await?;
    caller.state().courier.wake();
    Ok(HttpResponse::NoContent().finish())
}

/// A notice with its seals and what the checks found, for approval on paper.
#[utoipa::path(tag = "notices", params(DocumentQuery), responses((status = 200)))]
#[get("/incidents/{incident}/notices/{notice}/document")]
async fn document(
    caller: Caller,
    at: At<(IncidentId, NoticeId)>,
    query: web::Query<DocumentQuery>,
) -> Result<HttpResponse, ApiError> {
    caller.grant::<can::ExportReport>()?;
    let (id, notice) = &*at;
    let bytes = caller
        .house()
        .circulation(id, notice, query.locale, query.docx)
        .await?;
    let media = if query.docx {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    } else {
        "application/pdf"
    };
    Ok(HttpResponse::Ok().content_type(media).body(bytes))
}
