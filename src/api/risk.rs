//! The aid to the question how high the risk is for people under GDPR.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::bodies::At;
use super::caller::Caller;
use super::problem::Answer;
use super::room;
use crate::incidents::{self, IncidentId};
use crate::kernel::{Locale, LocaleText, locale};
use crate::risk::{self, Aid};

room!(show);

/// What the facts say of the risk; a person answers `gdpr_risk`.
#[derive(Serialize, ToSchema)]
struct RiskView {
    /// The aid.
    aid: Aid,
    /// Why it decides nothing.
    caution: LocaleText,
}

/// How high the risk is for people under GDPR, from the facts as they stand, with reasons. An aid: it decides no duty.
#[utoipa::path(tag = "risk", responses((status = 200, body = RiskView)))]
#[get("/incidents/{incident}/risk")]
async fn show(caller: Caller, id: At<IncidentId>) -> Answer<RiskView> {
    let facts = caller.read(&id, incidents::facts_of).await?;
    Ok(web::Json(RiskView {
        aid: risk::gdpr(&facts),
        caution: LocaleText {
            ja: locale::text(Locale::Ja, "risk-aid-caution"),
            en: locale::text(Locale::En, "risk-aid-caution"),
        },
    }))
}
