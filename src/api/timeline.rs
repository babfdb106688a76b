//! What happened: entries in words, notes by hand, and whether every chain holds.

use std::time::Duration;

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
use crate::kernel::{Code, Instant, Problem};
use crate::timeline::{self, Finding};
use crate::workflow::{Checked, EntryView, House};

room!(entries, note, verify, last_verdict);

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

/// How long a request waits for a check of everything.
const PATIENCE: Duration = Duration::from_secs(10);

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
    /// What does not hold, at most a thousand of it.
    findings: Vec<FindingView>,
    /// How many findings more there were.
    more: usize,
    /// When the check began: it says how everything was then.
    #[schema(value_type = String, format = DateTime)]
    began_at: Instant,
    /// When it ended.
    #[schema(value_type = String, format = DateTime)]
    ended_at: Instant,
    /// The SHA-256 of the key that signs checkpoints (DER), to be compared with what was written down elsewhere.
    key_fingerprint: String,
}

/// A check that still runs.
#[derive(Serialize, ToSchema)]
struct RunningView {
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    running_since: Option<Instant>,
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
///
/// A check that takes longer than ten seconds goes on by itself: the answer is 202 then, and
/// `/timeline/verification/last` has the verdict once it is there.
#[utoipa::path(tag = "timeline", responses(
    (status = 200, body = VerdictView),
    (status = 202, body = RunningView),
))]
#[get("/timeline/verification")]
async fn verify(caller: Caller) -> Result<HttpResponse, ApiError> {
    caller.grant::<can::ViewIncidents>()?;
    let house = caller.house();
    match house.check_within(PATIENCE).await {
        Some(checked) => Ok(HttpResponse::Ok().json(view(house, &checked)?)),
        None => Ok(HttpResponse::Accepted().json(RunningView {
            running_since: house.check_progress().running_since,
        })),
    }
}

/// What the last finished check gave, since this server started.
#[utoipa::path(tag = "timeline", responses((status = 200, body = VerdictView)))]
#[get("/timeline/verification/last")]
async fn last_verdict(caller: Caller) -> Answer<VerdictView> {
    caller.grant::<can::ViewIncidents>()?;
    let house = caller.house();
    let last = house.check_progress().last;
    let checked = last.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(web::Json(view(house, &checked)?))
}

fn view(house: &House, checked: &Checked) -> Result<VerdictView, Problem> {
    let verdict = checked
        .verdict
        .clone()
        .ok_or_else(|| Problem::new(Code::Unavailable))?;
    let key = house.vault.signing_key().public_key();
    Ok(VerdictView {
        intact: verdict.findings.is_empty(),
        incidents: verdict.incidents,
        entries: verdict.entries,
        checkpoints: verdict.checkpoints,
        findings: verdict.findings.into_iter().map(Into::into).collect(),
        more: verdict.more,
        began_at: checked.began_at,
        ended_at: checked.ended_at,
        key_fingerprint: timeline::public_key::fingerprint(key).to_string(),
    })
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
