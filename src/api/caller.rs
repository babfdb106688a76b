//! Who calls: the account behind a bearer token.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};

use super::State;
use super::problem::ApiError;
use crate::accounts::model::Permission;
use crate::accounts::{self, Actor, Granted, can};
use crate::incidents::{self, IncidentId};
use crate::kernel::{Code, Instant, Problem, Result};
use crate::store::Conn;
use crate::workflow::House;

/// One call: who makes it, when, and the server that serves it.
pub(super) struct Caller {
    /// The account.
    pub actor: Actor,
    /// The instant of this request.
    pub now: Instant,
    state: web::Data<State>,
}

impl Caller {
    /// The verbs.
    pub fn house(&self) -> &House {
        &self.state.house
    }

    /// The server.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The proof that a verb asks for.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn grant<P: Permission>(&self) -> Result<Granted<P>> {
        self.actor.grant()
    }

    /// Reads something of one incident.
    ///
    /// # Errors
    /// [`Code::Forbidden`]; [`Code::NotFound`] without such an incident; those of `work`.
    pub async fn read<T, F>(&self, id: &IncidentId, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn, &IncidentId) -> Result<T> + Send + 'static,
    {
        self.grant::<can::ViewIncidents>()?;
        let id = id.clone();
        self.house()
            .store
            .read(move |conn| {
                incidents::find(conn, &id)?;
                work(conn, &id)
            })
            .await
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<State>>().cloned();
        let token = bearer(request);
        Box::pin(async move {
            let state = state.ok_or_else(|| Problem::internal("the app has no api::State"))?;
            let token = token.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
            Ok(identify(state, token).await?)
        })
    }
}

async fn identify(state: web::Data<State>, token: String) -> Result<Caller> {
    let now = state.house.clock.now();
    let store = &state.house.store;
    let (actor, stale) = store
        .read(move |conn| accounts::token_actor(conn, now, &token))
        .await?;
    if let Some(id) = stale {
        store
            .write(move |tx| accounts::touch_token(tx, now, &id))
            .await?;
    }
    Ok(Caller { actor, now, state })
}

/// The token of `Authorization: Bearer …`; the scheme's case does not matter (RFC 9110 section 11.1).
fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
}
