//! The law: the duties of an incident, and an assessment of facts without an incident.

use actix_web::{get, post, web};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::bodies::{self, At};
use super::caller::Caller;
use super::problem::Answer;
use super::room;
use crate::accounts::can;
use crate::assessment::Obligation;
use crate::deadlines::Due;
use crate::incidents::IncidentId;
use crate::incidents::facts::FactKey;
use crate::risk::Aid;
use crate::workflow::{Duties, assess};

room!(duties, assess_facts);

/// What follows from facts and clock starts.
#[derive(Serialize, ToSchema)]
struct AssessmentView {
    /// Every duty, with its status and reasons.
    obligations: Vec<Obligation>,
    /// By when the duties that are not ruled out are due.
    dues: Vec<Due>,
    /// What to ask next.
    next_questions: Vec<FactKey>,
    /// How high the risk is for people under GDPR: an aid to the answer of `gdpr_risk`, never a decision.
    risk_aid: Aid,
}

/// The duties of an incident from its facts as they stand: whether each arises, by when, and what of it is done.
#[utoipa::path(tag = "duties", responses((status = 200, body = Duties)))]
#[get("/incidents/{incident}/duties")]
async fn duties(caller: Caller, id: At<IncidentId>) -> Answer<Duties> {
    // Refuses an unknown incident, which would otherwise have duties without facts.
    caller.read(&id, |_, _| Ok(())).await?;
    Ok(web::Json(caller.house().duties(&id).await?))
}

/// Assesses facts without an incident; nothing is kept.
///
/// The same document as `shodo assess` reads; its JSON Schema is that of `shodo assess --schema`.
#[utoipa::path(
    tag = "duties",
    request_body(content = Object, example = json!({
        "facts": {"personal_data_involved": {"known": true}, "special_care_data": {"known": true}},
        "clock_starts": {"any_department_knew": {"at": "2026-11-20T09:14:00+09:00"}},
    })),
    responses((status = 200, body = AssessmentView)),
)]
#[post("/assessments")]
async fn assess_facts(
    caller: Caller,
    bodies::Json(body): bodies::Json<Value>,
) -> Answer<AssessmentView> {
    caller.grant::<can::ViewIncidents>()?;
    let input = assess::Input::from_json(&body).map_err(bodies::paths)?;
    let output = assess::run(&input);
    Ok(web::Json(AssessmentView {
        obligations: output.obligations,
        dues: output.dues,
        next_questions: output.next_questions,
        risk_aid: output.risk_aid,
    }))
}
