//! The law: the duties of an incident, and an assessment of facts without an incident.

use actix_web::{get, post, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::bodies::{self, At, Created};
use super::caller::Caller;
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::can;
use crate::assessment::Obligation;
use crate::deadlines::Due;
use crate::incidents::IncidentId;
use crate::incidents::contradictions::Contradiction;
use crate::incidents::facts::FactKey;
use crate::incidents::rulings::{self, DutyRuling, Ruling};
use crate::kernel::Instant;
use crate::risk::Aid;
use crate::workflow::{Duties, assess};

room!(duties, rule, list_rulings, assess_facts);

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
    /// Answers and moments that cannot all be true.
    contradictions: Vec<Contradiction>,
}

/// Which instant an assessment looks at.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Looked {
    /// What had to be done then, by what was known then (RFC 3339); now, where nothing is said.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Instant>,
}

/// The duties of an incident from its facts as they stand: whether each arises, by when, and what of it is done.
#[utoipa::path(tag = "duties", params(Looked), responses((status = 200, body = Duties)))]
#[get("/incidents/{incident}/duties")]
async fn duties(caller: Caller, id: At<IncidentId>, looked: web::Query<Looked>) -> Answer<Duties> {
    // Refuses an unknown incident, which would otherwise have duties without facts.
    caller.read(&id, |_, _| Ok(())).await?;
    Ok(web::Json(match looked.as_of {
        Some(at) => caller.house().duties_as_of(&id, at).await?,
        None => caller.house().duties(&id).await?,
    }))
}

/// A decision about a duty.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RulingBody {
    /// The duty, such as `eu-gdpr/notify-authority`.
    duty_id: String,
    /// What is decided.
    ruling: Ruling,
    /// Why.
    reason: String,
}

/// Decides that a duty arises or not, beside the rule's own word, or takes that back.
#[utoipa::path(tag = "duties", responses((status = 201, body = Vec<DutyRuling>)))]
#[post("/incidents/{incident}/rulings")]
async fn rule(
    caller: Caller,
    id: At<IncidentId>,
    bodies::Json(body): bodies::Json<RulingBody>,
) -> Result<Created<Vec<DutyRuling>>, ApiError> {
    let by = caller.grant::<can::RuleOnDuty>()?;
    let house = caller.house();
    house
        .rule_on_duty(&by, &id, body.duty_id, body.ruling, body.reason)
        .await?;
    let all = caller.read(&id, rulings::rulings).await?;
    Ok(Created(all))
}

/// Every decision about duties, oldest first.
#[utoipa::path(tag = "duties", responses((status = 200, body = Vec<DutyRuling>)))]
#[get("/incidents/{incident}/rulings")]
async fn list_rulings(caller: Caller, id: At<IncidentId>) -> Answer<Vec<DutyRuling>> {
    Ok(web::Json(caller.read(&id, rulings::rulings).await?))
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
        contradictions: output.contradictions,
        risk_aid: output.risk_aid,
    }))
}
