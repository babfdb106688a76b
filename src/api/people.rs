//! Who is affected: rosters, their problems, counts, people under a mask.

use actix_multipart::Multipart;
use actix_web::{get, post, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::bodies::{At, Created};
use super::caller::Caller;
use super::problem::{Answer, ApiError};
use super::{room, upload};
use crate::accounts::can;
use crate::affected::{self, Counts, MaskedPerson, PersonId, Roster, RosterId, RosterProblem};
use crate::incidents::IncidentId;
use crate::kernel::{Code, Problem};
use crate::workflow::RosterOrigin;

room!(import, list_rosters, list_problems, count, list_people);

/// A roster and where it is from.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form that is read a piece at a time")]
struct RosterForm {
    /// A CSV file in UTF-8 with a header.
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

/// Which piece of a long list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PeoplePage {
    /// The person behind whom to go on.
    #[param(value_type = Option<String>)]
    after: Option<PersonId>,
    /// How many at most, 1 to 1000.
    #[serde(default = "usual")]
    limit: i64,
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
    let allowed = ["note", "source_system", "collection_point", "data_items"];
    let mut form = upload::read_form(caller.house(), caller.now, form, &allowed, limit).await?;
    let file = form.take_file()?;
    let origin = RosterOrigin {
        source_system: form.text("source_system").to_owned(),
        collection_point: form.text("collection_point").to_owned(),
        data_items: form.all("data_items").to_vec(),
    };
    Ok(Created(
        caller.house().import_roster(&by, &id, file, origin).await?,
    ))
}

/// The rosters of an incident, in the order of import.
#[utoipa::path(tag = "people", responses((status = 200, body = Vec<Roster>)))]
#[get("/incidents/{incident}/rosters")]
async fn list_rosters(caller: Caller, id: At<IncidentId>) -> Answer<Vec<Roster>> {
    let rosters = caller
        .read(&id, |conn, id| affected::rosters(conn, id.as_str()))
        .await?;
    Ok(web::Json(rosters))
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
            if affected::roster(conn, &roster)?.incident_id != id.as_str() {
                return Err(Problem::new(Code::NotFound));
            }
            affected::problems(conn, &roster, page.after, limit)
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

/// The people, masked.
#[utoipa::path(tag = "people", responses((status = 200, body = Vec<MaskedPerson>)))]
#[get("/incidents/{incident}/people")]
async fn list_people(
    caller: Caller,
    id: At<IncidentId>,
    page: web::Query<PeoplePage>,
) -> Answer<Vec<MaskedPerson>> {
    let page = page.into_inner();
    let limit = bounded(page.limit)?;
    let (vault, now) = (caller.house().vault.clone(), caller.now);
    let people = caller
        .read(&id, move |conn, id| {
            affected::people_page(conn, &vault, now, id.as_str(), page.after.as_ref(), limit)
        })
        .await?;
    Ok(web::Json(people))
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
