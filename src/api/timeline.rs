//! What happened: entries in words, notes by hand, and whether every chain holds.

use actix_web::{HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::bodies::{At, Json};
use super::caller::Caller;
use super::people::{bounded, usual};
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::can;
use crate::incidents::IncidentId;
use crate::kernel::Instant;
use crate::timeline::{self, Finding};
use crate::workflow::EntryView;

room!(entries, note, verify);

/// Which piece of a long list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct EntryPage {
    /// The number of the entry before which to go on.
    before: Option<i64>,
    /// How many at most, 1 to 1000.
    #[serde(default = "usual")]
    limit: i64,
}

/// A note or a decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoteBody {
    /// What is noted.
    text: String,
    /// Whether it is a decision.
    #[serde(default)]
    decision: bool,
    /// When it happened; now when nothing is said.
    #[schema(value_type = Option<String>, format = DateTime)]
    occurred_at: Option<Instant>,
}

/// What a check of all chains gave.
#[derive(Serialize, ToSchema)]
struct VerdictView {
    /// Whether everything holds.
    intact: bool,
    /// Chains that were read.
    incidents: usize,
    /// Entries that were read.
    entries: usize,
    /// Checkpoints whose signature and chains were compared.
    checkpoints: usize,
    /// Everything that does not hold.
    findings: Vec<FindingView>,
}

/// One thing that does not hold.
#[derive(Serialize, ToSchema)]
struct FindingView {
    /// The incident whose chain it is in.
    incident_id: String,
    /// The number of the entry, where one can be named.
    seq: Option<i64>,
    /// The entry's id, as stored.
    entry_id: Option<String>,
    /// What was found, in English.
    what: String,
}

/// The timeline of an incident in words, newest first.
#[utoipa::path(tag = "timeline", responses((status = 200, body = Vec<EntryView>)))]
#[get("/incidents/{incident}/timeline")]
async fn entries(
    caller: Caller,
    id: At<IncidentId>,
    page: web::Query<EntryPage>,
) -> Answer<Vec<EntryView>> {
    caller.grant::<can::ViewIncidents>()?;
    let limit = bounded(page.limit)?;
    Ok(web::Json(
        caller.house().timeline(&id, page.before, limit).await?,
    ))
}

/// Writes a note or a decision on the timeline.
#[utoipa::path(tag = "timeline", responses((status = 204)))]
#[post("/incidents/{incident}/notes")]
async fn note(
    caller: Caller,
    id: At<IncidentId>,
    Json(body): Json<NoteBody>,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::AddNote>()?;
    caller
        .house()
        .note(&by, &id, body.text, body.decision, body.occurred_at)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Checks every chain and every checkpoint of this server, and names what does not hold.
#[utoipa::path(tag = "timeline", responses((status = 200, body = VerdictView)))]
#[get("/timeline/verification")]
async fn verify(caller: Caller) -> Answer<VerdictView> {
    caller.grant::<can::ViewIncidents>()?;
    let public_key = caller.house().vault.signing_key().public_key().to_vec();
    let verdict = caller
        .house()
        .store
        .read(move |conn| timeline::verify(conn, &public_key))
        .await?;
    Ok(web::Json(VerdictView {
        intact: verdict.findings.is_empty(),
        incidents: verdict.incidents,
        entries: verdict.entries,
        checkpoints: verdict.checkpoints,
        findings: verdict.findings.into_iter().map(Into::into).collect(),
    }))
}

impl From<Finding> for FindingView {
    fn from(finding: Finding) -> Self {
        Self {
            incident_id: finding.incident_id,
            seq: finding.seq,
            entry_id: finding.entry_id,
            what: finding.what,
        }
    }
}
