//! What left the house: mails to people, and reports to authorities.

use actix_web::{HttpResponse, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::bodies::{At, Created, Json};
use super::caller::Caller;
use super::people::{bounded, usual};
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::can;
use crate::incidents::IncidentId;
use crate::kernel::{Code, Instant, Problem};
use crate::notices::{self, Dispatch, Filing, FilingStage, NewFiling, NoticeId};
use crate::outbox::{self, BatchId, Delivery, MailId, Settlement, State};
use crate::workflow::Dispatching;

room!(
    send,
    list_dispatches,
    pause,
    cancel,
    settle,
    stop_bulk,
    hand_over,
    list_deliveries,
    file,
    list_filings
);

/// Whether a sending stands still.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PauseBody {
    /// `true` stops it, `false` lets it go on.
    paused: bool,
}

/// What became of messages whose answer was lost.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettlementBody {
    /// What a person found out, or risks.
    settlement: SettlementChoice,
}

/// What a person decides of messages whose answer was lost.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum SettlementChoice {
    /// The mail server's log shows that they were taken.
    WasSent,
    /// They go out again, at the risk that somebody gets one twice.
    SendAgain,
    /// They are given up.
    GiveUp,
}

/// How many were settled.
#[derive(Serialize, ToSchema)]
struct Settled {
    /// How many messages.
    settled: usize,
}

/// Whether all mail to people stands still.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BulkBody {
    /// `true` stops it, `false` lets it go on.
    stopped: bool,
}

/// How letters were posted, or LINE messages sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HandOverBody {
    /// By whom, when, under which receipt.
    how: String,
}

/// What was withdrawn.
#[derive(Serialize, ToSchema)]
struct Withdrawn {
    /// How many mails had not begun to go out.
    withdrawn: usize,
}

/// How many people the mail goes to, as the sender understands it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DispatchBody {
    /// Must be the number of reachable people, or nothing is sent.
    confirmed: i64,
}

/// Which piece of a long list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DeliveryPage {
    /// How many to pass over.
    #[serde(default)]
    skip: usize,
    /// How many at most, 1 to 1000.
    #[serde(default = "usual")]
    limit: i64,
    /// Only those that stand there.
    state: Option<State>,
}

/// The delivery of one mail.
#[derive(Serialize, ToSchema)]
struct DeliveryView {
    /// The mail.
    #[schema(value_type = String)]
    id: MailId,
    /// The person whom it is for.
    person_id: Option<String>,
    /// Where it stands.
    state: State,
    /// How often the mail server put it off or took it.
    attempts: i64,
    /// When the next attempt may be made.
    #[schema(value_type = String, format = DateTime)]
    due_at: Instant,
    /// When it was sent, failed or withdrawn.
    #[schema(value_type = Option<String>, format = DateTime)]
    settled_at: Option<Instant>,
    /// The mail server's last code, e.g. 550.
    reply_code: Option<i64>,
    /// The mail server's last words, without addresses.
    reply: Option<String>,
}

/// A report that was made to an authority.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FilingBody {
    /// The duty that it serves, e.g. `jp-appi/preliminary-report`.
    duty_id: String,
    /// The approved notice that was filed, if it was written here.
    #[schema(value_type = Option<String>)]
    notice_id: Option<NoticeId>,
    /// When it was filed.
    #[schema(value_type = String, format = DateTime)]
    filed_at: Instant,
    /// The authority's receipt number.
    #[serde(default)]
    receipt: String,
    /// How far it goes; everything, where nothing is said.
    #[serde(default = "whole")]
    stage: FilingStage,
    /// Why it is late; needed where it is and the law asks.
    #[serde(default)]
    late_reason: String,
}

fn whole() -> FilingStage {
    FilingStage::Final
}

/// Sends an approved notice to every person whom a mail reaches.
#[utoipa::path(tag = "notices", responses((status = 201, body = Dispatch)))]
#[post("/incidents/{incident}/notices/{notice}/dispatch")]
async fn send(
    caller: Caller,
    at: At<(IncidentId, NoticeId)>,
    Json(body): Json<DispatchBody>,
) -> Result<Created<Dispatch>, ApiError> {
    let by = caller.grant::<can::SendNotice>()?;
    let (id, notice) = &*at;
    let dispatch = caller
        .house()
        .dispatch(&by, id, notice, body.confirmed)
        .await?;
    caller.state().courier.wake();
    Ok(Created(dispatch))
}

/// The sendings of an incident with their progress, oldest first.
#[utoipa::path(tag = "notices", responses((status = 200, body = Vec<Dispatching>)))]
#[get("/incidents/{incident}/dispatches")]
async fn list_dispatches(caller: Caller, id: At<IncidentId>) -> Answer<Vec<Dispatching>> {
    caller.read(&id, |_, _| Ok(())).await?;
    Ok(web::Json(caller.house().dispatchings(&id).await?))
}

/// Pauses a sending of mails, or lets it go on.
#[utoipa::path(tag = "notices", responses((status = 204)))]
#[put("/incidents/{incident}/dispatches/{dispatch}/paused")]
async fn pause(
    caller: Caller,
    at: At<(IncidentId, BatchId)>,
    Json(body): Json<PauseBody>,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::SendNotice>()?;
    let (id, dispatch) = &*at;
    caller
        .house()
        .pause_sending(&by, id, dispatch, body.paused)
        .await?;
    caller.state().courier.wake();
    Ok(HttpResponse::NoContent().finish())
}

/// Withdraws what of a sending has not begun to go out.
#[utoipa::path(tag = "notices", responses((status = 200, body = Withdrawn)))]
#[post("/incidents/{incident}/dispatches/{dispatch}/cancellation")]
async fn cancel(caller: Caller, at: At<(IncidentId, BatchId)>) -> Answer<Withdrawn> {
    let by = caller.grant::<can::SendNotice>()?;
    let (id, dispatch) = &*at;
    let withdrawn = caller.house().cancel_sending(&by, id, dispatch).await?;
    Ok(web::Json(Withdrawn { withdrawn }))
}

/// Decides what became of all messages of a sending whose answer was lost.
#[utoipa::path(tag = "notices", responses((status = 200, body = Settled)))]
#[post("/incidents/{incident}/dispatches/{dispatch}/settlement")]
async fn settle(
    caller: Caller,
    at: At<(IncidentId, BatchId)>,
    Json(body): Json<SettlementBody>,
) -> Answer<Settled> {
    let by = caller.grant::<can::SendNotice>()?;
    let (id, dispatch) = &*at;
    let settlement = match body.settlement {
        SettlementChoice::WasSent => Settlement::WasSent,
        SettlementChoice::SendAgain => Settlement::SendAgain,
        SettlementChoice::GiveUp => Settlement::GiveUp,
    };
    let settled = caller
        .house()
        .settle_uncertain(&by, id, dispatch, settlement)
        .await?;
    caller.state().courier.wake();
    Ok(web::Json(Settled { settled }))
}

/// Stops all mail to people, of every incident, or lets it go on; team mail is never stopped.
#[utoipa::path(tag = "notices", responses((status = 204)))]
#[put("/mail/bulk")]
async fn stop_bulk(caller: Caller, Json(body): Json<BulkBody>) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::SendNotice>()?;
    caller.house().stop_bulk_mail(&by, body.stopped).await?;
    caller.state().courier.wake();
    Ok(HttpResponse::NoContent().finish())
}

/// Records that people posted the letters of a sending, or sent its LINE messages.
#[utoipa::path(tag = "notices", responses((status = 200, body = Dispatch)))]
#[post("/incidents/{incident}/dispatches/{dispatch}/hand-over")]
async fn hand_over(
    caller: Caller,
    at: At<(IncidentId, BatchId)>,
    Json(body): Json<HandOverBody>,
) -> Answer<Dispatch> {
    let by = caller.grant::<can::SendNotice>()?;
    let (id, dispatch) = &*at;
    let dispatch = caller
        .house()
        .hand_over(&by, id, dispatch, body.how)
        .await?;
    Ok(web::Json(dispatch))
}

/// The delivery to each person of one sending.
#[utoipa::path(tag = "notices", responses((status = 200, body = Vec<DeliveryView>)))]
#[get("/incidents/{incident}/dispatches/{dispatch}/deliveries")]
async fn list_deliveries(
    caller: Caller,
    at: At<(IncidentId, BatchId)>,
    page: web::Query<DeliveryPage>,
) -> Answer<Vec<DeliveryView>> {
    let (id, dispatch) = at.0;
    let page = page.into_inner();
    let limit = bounded(page.limit)?;
    let skip = i64::try_from(page.skip).unwrap_or(i64::MAX);
    let deliveries = caller
        .read(&id, move |conn, id| {
            let known = notices::dispatches(conn, id.as_str())?;
            if !known.iter().any(|known| known.id == dispatch) {
                return Err(Problem::new(Code::NotFound));
            }
            outbox::deliveries(conn, &dispatch, page.state, skip, limit)
        })
        .await?;
    Ok(web::Json(deliveries.into_iter().map(Into::into).collect()))
}

/// Records that a report was made to an authority, which stops its clock.
#[utoipa::path(tag = "filings", responses((status = 201, body = Filing)))]
#[post("/incidents/{incident}/filings")]
async fn file(
    caller: Caller,
    id: At<IncidentId>,
    Json(body): Json<FilingBody>,
) -> Result<Created<Filing>, ApiError> {
    let by = caller.grant::<can::RecordFiling>()?;
    let new = NewFiling {
        duty_id: body.duty_id,
        notice_id: body.notice_id,
        filed_at: body.filed_at,
        receipt: body.receipt,
        stage: body.stage,
        late_reason: body.late_reason,
    };
    Ok(Created(caller.house().record_filing(&by, &id, new).await?))
}

/// The reports that were made, oldest first.
#[utoipa::path(tag = "filings", responses((status = 200, body = Vec<Filing>)))]
#[get("/incidents/{incident}/filings")]
async fn list_filings(caller: Caller, id: At<IncidentId>) -> Answer<Vec<Filing>> {
    let filings = caller
        .read(&id, |conn, id| notices::filings(conn, id.as_str()))
        .await?;
    Ok(web::Json(filings))
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id,
            person_id: delivery.subject_id,
            state: delivery.state,
            attempts: delivery.attempts,
            due_at: delivery.due_at,
            settled_at: delivery.settled_at,
            reply_code: delivery.reply_code,
            reply: delivery.reply,
        }
    }
}
