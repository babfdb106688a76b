//! The post-mortem: what the team learnt, in sections that each keep their versions.
//!
//! In come texts, whys, factors and the posture of five measures, each with the
//! version that its author saw; out come sections and their history. A change that
//! was made without seeing the newest version is refused, never mixed in. Actions
//! belong here, too. This room refuses to know the case: what the facts themselves
//! tell of a section is gathered by `workflow`, and stands beside what is written.

mod actions;
mod content;
pub mod markdown;
mod model;
mod versions;

pub use actions::{Action, OpenAction, actions_of, add_action, open_actions, settle_action};
pub use content::{Category, Content, Factor, Finding, MeasureKey, Posture, Why};
pub use model::{Section, Shape, Version};
pub use versions::{Change, newest, versions, write};

use crate::accounts::AccountId;
use crate::incidents::IncidentId;
use crate::kernel::{Instant, Result};
use crate::store::Conn;
use crate::timeline::{self, Actor, Event, Kind};

/// Tells the timeline that something of the post-mortem changed.
fn record(
    tx: &mut Conn,
    by: &AccountId,
    now: Instant,
    id: &IncidentId,
    payload: serde_json::Value,
) -> Result<()> {
    let event = Event {
        incident_id: id.as_str(),
        kind: Kind::ReviewChanged,
        actor: &Actor::account(by.as_str()),
        occurred_at: None,
        payload,
    };
    timeline::append(tx, now, event).map(drop)
}
