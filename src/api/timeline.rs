//! What happened: entries in words, notes by hand, and whether every chain holds.

use std::time::Duration;

use actix_web::{HttpResponse, delete, get, post, put, web};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::bodies::{At, Json};
use super::caller::Caller;
use super::people::{bounded, usual};
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::can;
use crate::evidence::EvidenceId;
use crate::incidents::IncidentId;
use crate::kernel::{Code, Instant, Problem};
use crate::timeline::{self, Attached, Filter, Finding, Group, Kind, Order};
use crate::workflow::{Checked, EntryView, House};

room!(
    entries,
    entry,
    note,
    correct,
    pin,
    unpin,
    attach,
    detach,
    verify,
    last_verdict
);

/// Which entries, in which order, and which piece of the list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct EntryPage {
    /// The number of the entry behind which to go on: the last of the answer before.
    before: Option<i64>,
    /// Only kinds of this group.
    #[param(inline)]
    group: Option<Group>,
    /// Only this kind, e.g. `decision.recorded`.
    #[param(inline)]
    kind: Option<Kind>,
    /// Only what this account did, by its id; `system` for the server.
    person: Option<String>,
    /// The first day on which it happened, in the server's zone.
    from: Option<String>,
    /// The last such day.
    to: Option<String>,
    /// Only entries that hold this text. Name nobody who is affected: proxies keep addresses.
    text: Option<String>,
    /// Only entries that were chosen for the report.
    #[serde(default)]
    pinned: bool,
    /// Only entries with a sealed file: `any`, or the id of the file.
    evidence: Option<String>,
    /// How they follow each other; as recorded, newest first, when nothing is said.
    #[param(inline)]
    order: Option<Order>,
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

/// What a note or a decision should have said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectionBody {
    /// The whole text anew.
    text: String,
    /// When it happened; as the earlier entry says when nothing is said.
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

/// The timeline of an incident in words, newest first when nothing else is asked for.
#[utoipa::path(tag = "timeline", params(EntryPage), responses((status = 200, body = Vec<EntryView>)))]
#[get("/incidents/{incident}/timeline")]
async fn entries(
    caller: Caller,
    id: At<IncidentId>,
    page: web::Query<EntryPage>,
) -> Answer<Vec<EntryView>> {
    caller.grant::<can::ViewIncidents>()?;
    let page = page.into_inner();
    let limit = usize::try_from(bounded(page.limit)?).unwrap_or_default();
    let (order, before) = (page.order.unwrap_or(Order::Recorded), page.before);
    let filter = page.filter(caller.house())?;
    let found = caller
        .house()
        .search_timeline(&id, filter, order, before, limit)
        .await?;
    Ok(web::Json(found.entries))
}

/// One entry of the timeline.
#[utoipa::path(tag = "timeline", responses((status = 200, body = EntryView)))]
#[get("/incidents/{incident}/timeline/{seq}")]
async fn entry(caller: Caller, ids: At<(IncidentId, i64)>) -> Answer<EntryView> {
    caller.grant::<can::ViewIncidents>()?;
    let (id, seq) = &*ids;
    Ok(web::Json(caller.house().timeline_entry(id, *seq).await?))
}

/// Says a note or a decision anew; the earlier entry stays, marked as corrected.
#[utoipa::path(tag = "timeline", responses((status = 204)))]
#[post("/incidents/{incident}/timeline/{seq}/correction")]
async fn correct(
    caller: Caller,
    ids: At<(IncidentId, i64)>,
    Json(body): Json<CorrectionBody>,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::AddNote>()?;
    let (id, seq) = &*ids;
    let house = caller.house();
    house
        .correct_note(&by, id, *seq, body.text, body.occurred_at)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Chooses an entry for the report.
#[utoipa::path(tag = "timeline", responses((status = 204)))]
#[put("/incidents/{incident}/timeline/{seq}/pin")]
async fn pin(caller: Caller, ids: At<(IncidentId, i64)>) -> Result<HttpResponse, ApiError> {
    set_pin(&caller, &ids, true).await
}

/// Takes an entry out of the report's choice; the entry itself stays.
#[utoipa::path(tag = "timeline", responses((status = 204)))]
#[delete("/incidents/{incident}/timeline/{seq}/pin")]
async fn unpin(caller: Caller, ids: At<(IncidentId, i64)>) -> Result<HttpResponse, ApiError> {
    set_pin(&caller, &ids, false).await
}

async fn set_pin(
    caller: &Caller,
    (id, seq): &(IncidentId, i64),
    wanted: bool,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::AddNote>()?;
    caller.house().pin_entry(&by, id, *seq, wanted).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Puts a sealed file of the incident to an entry.
#[utoipa::path(tag = "timeline", responses((status = 204)))]
#[put("/incidents/{incident}/timeline/{seq}/evidence/{evidence}")]
async fn attach(
    caller: Caller,
    ids: At<(IncidentId, i64, EvidenceId)>,
) -> Result<HttpResponse, ApiError> {
    set_attached(&caller, &ids, true).await
}

/// Takes a sealed file away from an entry; the file stays sealed.
#[utoipa::path(tag = "timeline", responses((status = 204)))]
#[delete("/incidents/{incident}/timeline/{seq}/evidence/{evidence}")]
async fn detach(
    caller: Caller,
    ids: At<(IncidentId, i64, EvidenceId)>,
) -> Result<HttpResponse, ApiError> {
    set_attached(&caller, &ids, false).await
}

async fn set_attached(
    caller: &Caller,
    (id, seq, file): &(IncidentId, i64, EvidenceId),
    wanted: bool,
) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::AddNote>()?;
    let house = caller.house();
    house.attach_evidence(&by, id, *seq, file, wanted).await?;
    Ok(HttpResponse::NoContent().finish())
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

impl EntryPage {
    /// # Errors
    /// [`crate::kernel::Code::InvalidInput`] for what is no day and no file.
    fn filter(self, house: &House) -> Result<Filter, Problem> {
        let day = |field, text: Option<String>| -> Result<Option<Date>, Problem> {
            let day = text.map(|text| text.parse()).transpose();
            day.map_err(|_| Problem::field(field, "field-invalid-date"))
        };
        let attached = match self.evidence.as_deref() {
            None => None,
            Some("any") => Some(Attached::Any),
            Some(id) => match id.parse::<EvidenceId>() {
                Ok(id) => Some(Attached::File(id.to_string())),
                Err(_) => return Err(Problem::field("evidence", "field-invalid-choice")),
            },
        };
        let (from, to) = (day("from", self.from)?, day("to", self.to)?);
        let filter = Filter {
            group: self.group,
            kind: self.kind,
            actor: self.person,
            text: self.text.filter(|text| !text.is_empty()),
            pinned: self.pinned,
            attached,
            ..Filter::default()
        };
        Ok(filter.days(from, to, &house.zone))
    }
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
