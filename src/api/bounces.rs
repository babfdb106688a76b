//! Mail that came back: the returned mail itself, or a mail service's report.

use actix_web::{get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bodies::{Raw, json, malformed};
use super::caller::Caller;
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::can;
use crate::kernel::{Code, Problem};
use crate::outbox::bounces::{self, Action, Bounce, Taken, Tally};

room!(report_bounce, list_bounces);

/// What a mail service reports of one message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BounceBody {
    /// The `Message-ID` of the mail, e.g. `<0192f0c0-…@example.co.jp>`.
    message_id: String,
    /// What became of it.
    action: Action,
    /// The enhanced status code (RFC 3463), e.g. `5.1.1`; only 5.x.x means that the address does not work.
    #[serde(default)]
    status: String,
    /// The server's words; addresses in them are not kept.
    #[serde(default)]
    diagnostic: String,
}

/// What taking the report came to.
#[derive(Serialize, ToSchema)]
struct TakenBody {
    /// `bounced` and `failed` change the mail's state, `delayed` is noted, the others change nothing.
    outcome: Taken,
}

/// Takes a report about one mail: a returned mail (message/rfc822) or a service's own report (application/json).
///
/// A report about no mail of this server is answered with the outcome `unknown`, so that services do not repeat it.
#[utoipa::path(
    tag = "notices",
    request_body(content(
        (BounceBody = "application/json"),
        (String = "message/rfc822"),
    )),
    responses((status = 200, body = TakenBody)),
)]
#[post("/bounces")]
async fn report_bounce(caller: Caller, body: Raw) -> Answer<TakenBody> {
    let by = caller.grant::<can::SendNotice>()?;
    let house = caller.house();
    let outcome = match body.essence() {
        "message/rfc822" => house.take_returned_mail(&by, body.bytes.to_vec()).await?,
        "application/json" => {
            let body: BounceBody = json(&body.bytes)?;
            let bounce = Bounce {
                message_id: body.message_id,
                action: Some(body.action),
                status: body.status,
                diagnostic: body.diagnostic,
            };
            house.take_bounce(&by, bounce).await?
        }
        _ => return Err(malformed("Content-Type", "field-bounce-expected", Vec::new()).into()),
    };
    match outcome {
        Taken::Unreadable | Taken::TooLarge => {
            Err(malformed("body", "field-bounce-unreadable", Vec::new()).into())
        }
        // The answer of the mail server is not written down yet: the service tries again.
        Taken::Early => Err(ApiError(Problem::new(Code::WrongState))),
        outcome => Ok(web::Json(TakenBody { outcome })),
    }
}

/// How often reports came to what, and when last.
#[utoipa::path(tag = "notices", responses((status = 200, body = Vec<Tally>)))]
#[get("/bounces")]
async fn list_bounces(caller: Caller) -> Answer<Vec<Tally>> {
    caller.grant::<can::ViewIncidents>()?;
    let tallies = caller.house().store.read(bounces::tallies).await?;
    Ok(web::Json(tallies))
}
