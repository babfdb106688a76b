//! Who is affected: rosters, their problems, counts, people under a mask.

use actix_multipart::Multipart;
use actix_web::{delete, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::bodies::{At, Created, Json};
use super::caller::Caller;
use super::problem::{Answer, ApiError};
use super::{room, upload};
use crate::accounts::can;
use crate::affected::{
    self, Counts, Cursor, Filter, MaskedPerson, NewRoster, Progress, Roster, RosterId,
    RosterProblem, register, rosters,
};
use crate::incidents::IncidentId;
use crate::kernel::{Code, Problem, Redacted};

room!(
    import,
    list_rosters,
    show_roster,
    pause_roster,
    resume_roster,
    take_back_roster,
    list_problems,
    count,
    list_people,
    look_up,
);

/// A roster and where it is from.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form that is read a piece at a time")]
struct RosterForm {
    /// A CSV file or a workbook (XLSX) with a header.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// What is noted with the sealed file.
    note: Option<String>,
    /// The system that the file was taken from.
    source_system: Option<String>,
    /// Where the data were collected, by its id in the catalogue.
    collection_point: Option<String>,
    /// An id of the catalogue of data items; may come several times.
    data_items: Vec<String>,
    /// The first day on which these data were collected or used.
    period_from: Option<String>,
    /// The last such day.
    period_to: Option<String>,
    /// The roster whose rejected rows this one brings, corrected.
    corrects: Option<String>,
    /// `no` to begin at once, and to ask for the progress; otherwise the answer waits for the last row.
    wait: Option<String>,
}

/// Which piece of a long list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ProblemPage {
    /// The position behind which to go on; 0 for the beginning.
    #[serde(default)]
    after: i64,
    /// How many at most, 1 to 1000.
    #[serde(default = "usual")]
    limit: i64,
}

/// Which people, and which piece of the list.
#[derive(Deserialize, IntoParams)]
struct PeoplePage {
    /// Where to go on: `next` of the answer before.
    after: Option<String>,
    /// How many at most, 1 to 1000.
    #[serde(default = "usual")]
    limit: i64,
    #[serde(flatten)]
    #[param(inline)]
    filter: Filter,
}

/// A piece of the register.
#[derive(Serialize, ToSchema)]
struct People {
    /// How many people the filter finds in all.
    total: i64,
    /// The people, masked.
    people: Vec<MaskedPerson>,
    /// Where the next piece begins; none behind the last.
    next: Option<String>,
}

/// A roster with how its import gets on.
#[derive(Serialize, ToSchema)]
struct RosterView {
    #[serde(flatten)]
    roster: Roster,
    /// How the import gets on.
    progress: Progress,
}

/// A contact that somebody gave.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Contact {
    /// An e-mail address, telephone number, LINE user id or customer number.
    #[schema(value_type = String)]
    contact: Redacted<String>,
}

/// Whether somebody is affected.
#[derive(Serialize, ToSchema)]
struct LookUp {
    /// Whoever has the contact, masked.
    people: Vec<MaskedPerson>,
    /// Rosters are being imported or taken back: "nobody" is not sure yet.
    incomplete: bool,
}

/// Seals a roster and imports its people: every row with its problems kept, or nothing of an unreadable file.
#[utoipa::path(
    tag = "people",
    request_body(content = RosterForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Roster)),
)]
#[post("/incidents/{incident}/rosters")]
async fn import(
    caller: Caller,
    id: At<IncidentId>,
    form: Multipart,
) -> Result<Created<Roster>, ApiError> {
    let by = caller.grant::<can::ImportRoster>()?;
    let limit = caller.state().max_upload_bytes;
    let allowed = [
        "note",
        "source_system",
        "collection_point",
        "data_items",
        "period_from",
        "period_to",
        "corrects",
        "wait",
    ];
    let mut form = upload::read_form(caller.house(), caller.now, form, &allowed, limit).await?;
    let file = form.take_file()?;
    let corrects = match form.text("corrects") {
        "" => None,
        id => Some(id.parse().map_err(|_| Problem::new(Code::NotFound))?),
    };
    let new = NewRoster {
        source_system: form.text("source_system").to_owned(),
        collection_point: form.text("collection_point").to_owned(),
        data_items: form.all("data_items").to_vec(),
        period_from: form.text("period_from").to_owned(),
        period_to: form.text("period_to").to_owned(),
        corrects,
    };
    let house = caller.house();
    if form.text("wait") != "no" {
        return Ok(Created(house.import_roster(&by, &id, file, new).await?));
    }
    let draft = house.receive_roster(&by, &id, file, new).await?;
    let columns = draft.roster.layout()?.columns;
    Ok(Created(
        house
            .confirm_roster(&by, &id, &draft.roster.id, columns)
            .await?,
    ))
}

/// The rosters of an incident, in the order of handing in.
#[utoipa::path(tag = "people", responses((status = 200, body = Vec<Roster>)))]
#[get("/incidents/{incident}/rosters")]
async fn list_rosters(caller: Caller, id: At<IncidentId>) -> Answer<Vec<Roster>> {
    let rosters = caller
        .read(&id, |conn, id| rosters::rosters(conn, id.as_str()))
        .await?;
    Ok(web::Json(rosters))
}

/// One roster, and how its import gets on.
#[utoipa::path(tag = "people", responses((status = 200, body = RosterView)))]
#[get("/incidents/{incident}/rosters/{roster}")]
async fn show_roster(caller: Caller, at: At<(IncidentId, RosterId)>) -> Answer<RosterView> {
    let (id, roster) = at.0;
    let now = caller.now;
    let roster = caller
        .read(&id, move |conn, id| {
            let roster = rosters::roster(conn, &roster)?;
            if roster.incident_id == id.as_str() {
                Ok(roster)
            } else {
                Err(Problem::new(Code::NotFound))
            }
        })
        .await?;
    let progress = roster.progress(now);
    Ok(web::Json(RosterView { roster, progress }))
}

/// Stops an import behind the rows that are being written.
#[utoipa::path(tag = "people", responses((status = 200, body = Roster)))]
#[post("/incidents/{incident}/rosters/{roster}/pause")]
async fn pause_roster(caller: Caller, at: At<(IncidentId, RosterId)>) -> Answer<Roster> {
    let by = caller.grant::<can::ImportRoster>()?;
    Ok(web::Json(
        caller.house().pause_roster(&by, &at.0.0, &at.0.1).await?,
    ))
}

/// Lets a paused import go on.
#[utoipa::path(tag = "people", responses((status = 200, body = Roster)))]
#[post("/incidents/{incident}/rosters/{roster}/resume")]
async fn resume_roster(caller: Caller, at: At<(IncidentId, RosterId)>) -> Answer<Roster> {
    let by = caller.grant::<can::ImportRoster>()?;
    Ok(web::Json(
        caller.house().resume_roster(&by, &at.0.0, &at.0.1).await?,
    ))
}

/// Cancels an import, or takes a roster back whole; the answer does not wait for it.
#[utoipa::path(tag = "people", responses((status = 200, body = Roster)))]
#[delete("/incidents/{incident}/rosters/{roster}")]
async fn take_back_roster(caller: Caller, at: At<(IncidentId, RosterId)>) -> Answer<Roster> {
    let by = caller.grant::<can::ImportRoster>()?;
    Ok(web::Json(
        caller
            .house()
            .take_back_roster(&by, &at.0.0, &at.0.1)
            .await?,
    ))
}

/// The problems of a roster, in the order of the file.
#[utoipa::path(tag = "people", responses((status = 200, body = Vec<RosterProblem>)))]
#[get("/incidents/{incident}/rosters/{roster}/problems")]
async fn list_problems(
    caller: Caller,
    at: At<(IncidentId, RosterId)>,
    page: web::Query<ProblemPage>,
) -> Answer<Vec<RosterProblem>> {
    let (id, roster) = at.0;
    let page = page.into_inner();
    let limit = bounded(page.limit)?;
    let problems = caller
        .read(&id, move |conn, id| {
            if rosters::roster(conn, &roster)?.incident_id != id.as_str() {
                return Err(Problem::new(Code::NotFound));
            }
            rosters::problems(conn, &roster, page.after, limit)
        })
        .await?;
    Ok(web::Json(problems))
}

/// How many people are affected, and how they can be reached.
#[utoipa::path(tag = "people", responses((status = 200, body = Counts)))]
#[get("/incidents/{incident}/people/counts")]
async fn count(caller: Caller, id: At<IncidentId>) -> Answer<Counts> {
    let counts = caller
        .read(&id, |conn, id| affected::counts(conn, id.as_str()))
        .await?;
    Ok(web::Json(counts))
}

/// The people, masked, narrowed by whatever is asked for.
#[utoipa::path(tag = "people", params(PeoplePage), responses((status = 200, body = People)))]
#[get("/incidents/{incident}/people")]
async fn list_people(
    caller: Caller,
    id: At<IncidentId>,
    page: web::Query<PeoplePage>,
) -> Answer<People> {
    let page = page.into_inner();
    let limit = usize::try_from(bounded(page.limit)?).unwrap_or_default();
    let after: Option<Cursor> = page
        .after
        .map(|after| after.parse())
        .transpose()
        .map_err(|_| Problem::field("after", "field-not-a-cursor"))?;
    let (vault, now) = (caller.house().vault.clone(), caller.now);
    let found = caller
        .read(&id, move |conn, id| {
            register::page(conn, &vault, now, id.as_str(), &page.filter, after, limit)
        })
        .await?;
    Ok(web::Json(People {
        total: found.total,
        people: found.people,
        next: found.next.map(|cursor| cursor.to_string()),
    }))
}

/// Whether somebody with this contact is affected; the look-up is counted, the contact kept nowhere.
#[utoipa::path(tag = "people", request_body = Contact, responses((status = 200, body = LookUp)))]
#[post("/incidents/{incident}/people/look-up")]
async fn look_up(caller: Caller, id: At<IncidentId>, body: Json<Contact>) -> Answer<LookUp> {
    let by = caller.grant::<can::ViewIncidents>()?;
    let found = caller.house().look_up(&by, &id, body.0.contact).await?;
    Ok(web::Json(LookUp {
        people: found.people,
        incomplete: found.incomplete,
    }))
}

/// How many entries a list gives when nothing is said.
pub(super) fn usual() -> i64 {
    100
}

/// A number of entries that one answer can hold.
///
/// # Errors
/// [`Code::InvalidInput`] for the field `limit`.
pub(super) fn bounded(limit: i64) -> Result<i64, Problem> {
    if (1..=1_000).contains(&limit) {
        Ok(limit)
    } else {
        Err(Problem::field("limit", "field-limit"))
    }
}
