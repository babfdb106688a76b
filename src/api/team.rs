//! Who can be put in command or given a step.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::problem::Answer;
use super::room;
use crate::accounts::{self, Account, AccountId, Actor, Capability, Role, can};

room!(me, team);

/// A member of the team.
#[derive(Serialize, ToSchema)]
struct Member {
    /// The account.
    #[schema(value_type = String)]
    id: AccountId,
    /// The person's name.
    name: String,
    /// What the person does.
    role: Role,
    /// What the role allows.
    capabilities: Vec<Capability>,
}

/// The account behind the token.
#[utoipa::path(tag = "team", responses((status = 200, body = Member)))]
#[get("/me")]
async fn me(caller: Caller) -> Answer<Member> {
    Ok(web::Json((&caller.actor).into()))
}

/// Everybody who can sign in, in the order in which they came.
#[utoipa::path(tag = "team", responses((status = 200, body = Vec<Member>)))]
#[get("/team")]
async fn team(caller: Caller) -> Answer<Vec<Member>> {
    caller.grant::<can::ViewIncidents>()?;
    let members = caller
        .house()
        .store
        .read(|conn| accounts::active_with(conn, Capability::ViewIncidents))
        .await?;
    Ok(web::Json(
        members
            .iter()
            .map(|account: &Account| (&account.actor()).into())
            .collect(),
    ))
}

impl From<&Actor> for Member {
    fn from(actor: &Actor) -> Self {
        Self {
            id: actor.id.clone(),
            name: actor.name.reveal().clone(),
            role: actor.role,
            capabilities: Capability::ALL
                .iter()
                .copied()
                .filter(|capability| actor.may(*capability))
                .collect(),
        }
    }
}
