//! Numbers across incidents.

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::caller::Caller;
use super::problem::Answer;
use super::room;
use crate::reports::figures::Figures;
use crate::workflow::figures::Filter;

room!(show);

/// Which incidents are counted; what is absent asks nothing.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The first month in which they were declared, e.g. `2026-01`; at most 60 months are counted.
    from: Option<String>,
    /// The last such month; without both the twelve months up to this one.
    to: Option<String>,
    /// Their kind, or `unknown`.
    kind: Option<String>,
    /// Their pattern, or `unknown`.
    pattern: Option<String>,
    /// Their severity, or `unknown`.
    severity: Option<String>,
    /// Their state.
    state: Option<String>,
    /// Whether practice counts: `without`, which is usual, `with` or `only`.
    practice: Option<String>,
}

impl Asked {
    fn given(&self, name: &str) -> &str {
        let value = match name {
            "from" => &self.from,
            "to" => &self.to,
            "kind" => &self.kind,
            "pattern" => &self.pattern,
            "severity" => &self.severity,
            "state" => &self.state,
            "practice" => &self.practice,
            _ => &None,
        };
        value.as_deref().unwrap_or_default()
    }
}

/// Counts by kind, pattern and month, times, deadlines kept and missed, people, notices and
/// actions, with the incidents behind them.
#[utoipa::path(tag = "figures", params(Asked), responses((status = 200, body = Figures)))]
#[get("/figures")]
async fn show(caller: Caller, asked: web::Query<Asked>) -> Answer<Figures> {
    let by = caller.grant()?;
    let today = caller.now.in_zone(&caller.house().zone).date();
    let filter = Filter::read(|name| asked.given(name), today)?;
    Ok(web::Json(caller.house().figures(&by, filter).await?))
}
