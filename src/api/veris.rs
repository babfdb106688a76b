//! An incident in the words of VERIS.

use actix_web::{get, web};
use serde_json::Value;

use super::bodies::At;
use super::caller::Caller;
use super::problem::Answer;
use super::room;
use crate::incidents::{self, IncidentId};
use crate::veris::{self, Case};

room!(show);

/// The incident as one record of VERIS 1.4: codes, numbers and days, and no text that a person wrote.
#[utoipa::path(tag = "report", responses((status = 200, body = Object)))]
#[get("/incidents/{incident}/veris")]
async fn show(caller: Caller, id: At<IncidentId>) -> Answer<Value> {
    let (incident, facts, starts) = caller
        .read(&id, |conn, id| {
            Ok((
                incidents::find(conn, id)?,
                incidents::facts_of(conn, id)?,
                incidents::clock_starts_of(conn, id)?,
            ))
        })
        .await?;
    Ok(web::Json(veris::export(&Case {
        incident: &incident,
        facts: &facts,
        starts: &starts,
        zone: &caller.house().zone,
    })))
}
