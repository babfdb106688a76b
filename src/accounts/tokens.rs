//! API tokens: a script acts as the account that made the token.

use super::model::{Account, Actor, ApiToken, ApiTokenId};
use super::people::Checks;
use super::{rules, sessions, store};
use crate::kernel::{Code, Instant, Problem, Redacted, Result, random};
use crate::store::Conn;

/// What every token begins with, so that a scanner recognises one that leaked.
const PREFIX: &str = "shodo_";

/// Makes a token; its secret is told once, here.
///
/// # Errors
/// [`Code::InvalidInput`] for the field `token_name`, or an end that has passed.
pub fn create_token(
    conn: &mut Conn,
    actor: &Actor,
    now: Instant,
    name: &str,
    expires_at: Option<Instant>,
) -> Result<(ApiToken, Redacted<String>)> {
    let mut checks = Checks::default();
    let name = name.trim();
    checks.text("token_name", name, true, 100);
    if expires_at.is_some_and(|end| end <= now) {
        checks.add("token_expires", "field-in-the-past");
    }
    checks.done()?;
    let secret = format!("{PREFIX}{}", random::token());
    let token = ApiToken {
        id: ApiTokenId::fresh(now),
        name: name.to_owned(),
        created_at: now,
        last_used_at: None,
        expires_at,
    };
    store::insert_token(conn, &actor.id, &token, &sessions::digest(&secret))?;
    tracing::info!(account = %actor.id, token = %token.id, "API token created");
    Ok((token, Redacted::new(secret)))
}

/// The person's tokens that were not revoked.
///
/// # Errors
/// The database's own.
pub fn own_tokens(conn: &mut Conn, actor: &Actor) -> Result<Vec<ApiToken>> {
    Ok(store::tokens_of(conn, &actor.id)?)
}

/// Revokes one of the person's tokens.
///
/// # Errors
/// [`Code::NotFound`] when there is none, or it is somebody else's.
pub fn revoke_token(conn: &mut Conn, actor: &Actor, now: Instant, id: &ApiTokenId) -> Result<()> {
    if store::revoke_token(conn, &actor.id, id, now)? == 0 {
        return Err(Problem::new(Code::NotFound));
    }
    tracing::info!(account = %actor.id, token = %id, "API token revoked");
    Ok(())
}

/// Who a bearer token stands for, and the token when its use should be written down.
///
/// # Errors
/// [`Code::Unauthenticated`] when it is unknown, revoked or over, or its account is disabled.
pub fn token_actor(
    conn: &mut Conn,
    now: Instant,
    bearer: &str,
) -> Result<(Actor, Option<ApiTokenId>)> {
    let refused = || Problem::new(Code::Unauthenticated);
    let (id, owner, last_used_at, expires_at) =
        store::token_by_hash(conn, &sessions::digest(bearer))?.ok_or_else(refused)?;
    let owner: Account = store::account_by_id(conn, &owner)?;
    if owner.disabled_at.is_some() || expires_at.is_some_and(|end| now >= end) {
        return Err(refused());
    }
    let stale = last_used_at.is_none_or(|at| now.since(at) >= rules::SESSION_TOUCH);
    Ok((owner.actor(), stale.then_some(id)))
}

/// Writes that a token was used.
///
/// # Errors
/// The database's own.
pub fn touch_token(conn: &mut Conn, now: Instant, id: &ApiTokenId) -> Result<()> {
    Ok(store::touch_token(conn, id, now)?)
}
