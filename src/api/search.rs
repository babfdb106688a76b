//! Looking for words in all incidents.

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::caller::Caller;
use super::people::bounded;
use super::problem::Answer;
use super::room;
use crate::accounts::can;
use crate::incidents::State;
use crate::search::{Question, Room};
use crate::workflow::SearchPage;

room!(find);

/// What is looked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SearchQuery {
    /// Words of two letters or more, separated by spaces; each must be there. Name nobody who is affected:
    /// proxies keep addresses.
    q: String,
    /// Only of this room.
    room: Option<Room>,
    /// Only of open, or only of closed incidents.
    state: Option<State>,
    /// What the answer before said as `next`.
    before: Option<i64>,
    /// How many at most, 1 to 1000; an answer may hold fewer and still say `next`.
    #[serde(default = "usual")]
    limit: i64,
}

fn usual() -> i64 {
    20
}

/// Finds words in what people wrote about all incidents, newest first; never in personal data of those affected.
///
/// What was written in the last seconds may not be found yet.
#[utoipa::path(tag = "timeline", params(SearchQuery), responses((status = 200, body = SearchPage)))]
#[get("/search")]
async fn find(caller: Caller, query: web::Query<SearchQuery>) -> Answer<SearchPage> {
    let by = caller.grant::<can::ViewIncidents>()?;
    let query = query.into_inner();
    let question = Question {
        words: query.q,
        room: query.room,
        state: query.state.map(State::as_str),
        before: query.before,
        limit: usize::try_from(bounded(query.limit)?).unwrap_or_default(),
    };
    Ok(web::Json(caller.house().search(&by, question).await?))
}
