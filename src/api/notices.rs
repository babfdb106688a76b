//! Notices: drafted, edited, handed in, approved by a second person, or sent back.

use actix_web::{get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bodies::{At, Created, Json};
use super::caller::Caller;
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::{AccountId, can};
use crate::incidents::IncidentId;
use crate::kernel::Instant;
use crate::notices::{self, Approval, Content, Decision, Notice, NoticeId, NoticeKind, Version};

room!(draft, list, show, edit, submit, approve, send_back);

/// Which notice is begun.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DraftBody {
    /// What it is.
    kind: NoticeKind,
}

/// New texts of a notice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EditBody {
    /// The texts, part by part, in both languages.
    content: Content,
    /// The version that was read.
    version: i64,
}

/// The version that a decision is about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeenBody {
    /// The version that was read.
    version: i64,
}

/// Why a notice goes back to its author.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SendBackBody {
    /// The version that was read.
    version: i64,
    /// The reason.
    reason: String,
}

/// A notice with its versions and decisions.
#[derive(Serialize, ToSchema)]
struct NoticeView {
    /// The notice.
    #[serde(flatten)]
    notice: Notice,
    /// All versions, oldest first.
    versions: Vec<Version>,
    /// All decisions, oldest first.
    decisions: Vec<DecisionView>,
}

/// One decision about a notice.
#[derive(Serialize, ToSchema)]
struct DecisionView {
    /// What was decided.
    decision: Decision,
    /// The version that was decided about.
    version: i64,
    /// By whom.
    #[schema(value_type = String)]
    account_id: AccountId,
    /// Why it was sent back.
    reason: Option<String>,
    /// SHA-256 of the frozen bytes, when approved.
    digest: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Instant,
}

/// Drafts a notice from the facts; what is not known is marked 【確認中】.
#[utoipa::path(tag = "notices", responses((status = 201, body = NoticeView)))]
#[post("/incidents/{incident}/notices")]
async fn draft(
    caller: Caller,
    id: At<IncidentId>,
    Json(body): Json<DraftBody>,
) -> Result<Created<NoticeView>, ApiError> {
    let by = caller.grant::<can::DraftNotice>()?;
    let notice = caller.house().draft_notice(&by, &id, body.kind).await?;
    Ok(Created(view(&caller, &id, &notice.id).await?))
}

/// The notices of an incident, oldest first.
#[utoipa::path(tag = "notices", responses((status = 200, body = Vec<Notice>)))]
#[get("/incidents/{incident}/notices")]
async fn list(caller: Caller, id: At<IncidentId>) -> Answer<Vec<Notice>> {
    let notices = caller
        .read(&id, |conn, id| notices::list(conn, id.as_str()))
        .await?;
    Ok(web::Json(notices))
}

/// One notice with its versions and decisions.
#[utoipa::path(tag = "notices", responses((status = 200, body = NoticeView)))]
#[get("/incidents/{incident}/notices/{notice}")]
async fn show(caller: Caller, at: At<(IncidentId, NoticeId)>) -> Answer<NoticeView> {
    Ok(web::Json(view(&caller, &at.0.0, &at.0.1).await?))
}

/// Writes a new version; an approval that stood is void.
#[utoipa::path(tag = "notices", responses((status = 200, body = NoticeView)))]
#[put("/incidents/{incident}/notices/{notice}")]
async fn edit(
    caller: Caller,
    at: At<(IncidentId, NoticeId)>,
    Json(body): Json<EditBody>,
) -> Answer<NoticeView> {
    let by = caller.grant::<can::DraftNotice>()?;
    let (id, notice) = &*at;
    caller
        .house()
        .edit_notice(&by, id, notice, body.version, body.content)
        .await?;
    Ok(web::Json(view(&caller, id, notice).await?))
}

/// Hands a notice in for approval; those who can approve it get a mail.
#[utoipa::path(tag = "notices", responses((status = 200, body = Notice)))]
#[post("/incidents/{incident}/notices/{notice}/submission")]
async fn submit(
    caller: Caller,
    at: At<(IncidentId, NoticeId)>,
    Json(body): Json<SeenBody>,
) -> Answer<Notice> {
    let by = caller.grant::<can::DraftNotice>()?;
    let (id, notice) = &*at;
    let notice = caller
        .house()
        .submit_notice(&by, id, notice, body.version)
        .await?;
    caller.state().courier.wake();
    Ok(web::Json(notice))
}

/// Approves a notice that somebody else wrote, and freezes its bytes.
#[utoipa::path(tag = "notices", responses((status = 200, body = Notice)))]
#[post("/incidents/{incident}/notices/{notice}/approval")]
async fn approve(
    caller: Caller,
    at: At<(IncidentId, NoticeId)>,
    Json(body): Json<SeenBody>,
) -> Answer<Notice> {
    let by = caller.grant::<can::ApproveNotice>()?;
    let (id, notice) = &*at;
    let notice = caller
        .house()
        .approve_notice(&by, id, notice, body.version)
        .await?;
    Ok(web::Json(notice))
}

/// Sends a notice back to its author, with the reason.
#[utoipa::path(tag = "notices", responses((status = 200, body = Notice)))]
#[post("/incidents/{incident}/notices/{notice}/return")]
async fn send_back(
    caller: Caller,
    at: At<(IncidentId, NoticeId)>,
    Json(body): Json<SendBackBody>,
) -> Answer<Notice> {
    let by = caller.grant::<can::ApproveNotice>()?;
    let (id, notice) = &*at;
    let notice = caller
        .house()
        .send_back_notice(&by, id, notice, body.version, body.reason)
        .await?;
    Ok(web::Json(notice))
}

async fn view(caller: &Caller, id: &IncidentId, notice: &NoticeId) -> Result<NoticeView, ApiError> {
    let notice = notice.clone();
    let view = caller
        .read(id, move |conn, id| {
            let notice = notices::find(conn, id.as_str(), &notice)?;
            Ok(NoticeView {
                versions: notices::versions(conn, &notice.id)?,
                decisions: notices::approvals(conn, &notice.id)?
                    .into_iter()
                    .map(Into::into)
                    .collect(),
                notice,
            })
        })
        .await?;
    Ok(view)
}

impl From<Approval> for DecisionView {
    fn from(approval: Approval) -> Self {
        Self {
            decision: approval.decision,
            version: approval.version,
            account_id: approval.account_id,
            reason: approval.reason,
            digest: approval.digest,
            recorded_at: approval.recorded_at,
        }
    }
}
