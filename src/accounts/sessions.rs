//! Sessions: proved by a token of which only the digest is kept.

use super::model::{Account, Actor, NewSession, OwnSession, Session};
use super::{rules, store};
use crate::kernel::{Code, Instant, Problem, Redacted, Result, Sha256, random};
use crate::store::Conn;

/// The session that a token proves, while it holds and its account is in use.
///
/// # Errors
/// The database's own; a token that proves nothing is `None`.
pub fn session(conn: &mut Conn, now: Instant, token: &str) -> Result<Option<Session>> {
    let hash = digest(token);
    let Some((row, owner)) = store::session_by_hash(conn, &hash)? else {
        return Ok(None);
    };
    if !rules::session_holds(now, row.seen_at, row.expires_at) || owner.disabled_at.is_some() {
        return Ok(None);
    }
    Ok(Some(Session {
        actor: owner.actor(),
        csrf: Redacted::new(row.csrf_token),
        stale: now.since(row.seen_at) >= rules::SESSION_TOUCH,
        token_hash: hash,
    }))
}

/// Writes that a session was seen; called for a [`Session::stale`] one only, not on every request.
///
/// # Errors
/// The database's own.
pub fn touch(conn: &mut Conn, now: Instant, session: &Session) -> Result<()> {
    Ok(store::touch_session(conn, &session.token_hash, now)?)
}

/// Ends this session.
///
/// # Errors
/// The database's own.
pub fn sign_out(conn: &mut Conn, session: &Session) -> Result<()> {
    store::delete_session(conn, &session.token_hash)?;
    tracing::info!(account = %session.actor.id, "signed out");
    Ok(())
}

/// Ends every session of this person, this one too; gives how many.
///
/// # Errors
/// The database's own.
pub fn sign_out_everywhere(conn: &mut Conn, actor: &Actor) -> Result<usize> {
    let ended = store::delete_sessions(conn, &actor.id, None)?;
    tracing::info!(account = %actor.id, sessions_ended = ended, "signed out everywhere");
    Ok(ended)
}

/// Ends every other session of this person; gives how many.
///
/// # Errors
/// The database's own.
pub fn sign_out_elsewhere(conn: &mut Conn, session: &Session) -> Result<usize> {
    let ended = store::delete_sessions(conn, &session.actor.id, Some(&session.token_hash))?;
    tracing::info!(account = %session.actor.id, sessions_ended = ended, "signed out elsewhere");
    Ok(ended)
}

/// The person's sessions that still hold, the last seen first.
///
/// # Errors
/// The database's own.
pub fn own_sessions(conn: &mut Conn, now: Instant, session: &Session) -> Result<Vec<OwnSession>> {
    let rows = store::sessions_of(conn, &session.actor.id)?;
    Ok(rows
        .into_iter()
        .filter(|row| rules::session_holds(now, row.seen_at, row.expires_at))
        .map(|row| OwnSession {
            handle: handle(&row.token_hash),
            current: row.token_hash == session.token_hash,
            created_at: row.created_at,
            seen_at: row.seen_at,
        })
        .collect())
}

/// Ends one of the person's sessions by the handle that the list showed.
///
/// # Errors
/// [`Code::NotFound`].
pub fn end_session(conn: &mut Conn, actor: &Actor, wanted: &str) -> Result<()> {
    let row = store::sessions_of(conn, &actor.id)?
        .into_iter()
        .find(|row| handle(&row.token_hash) == wanted)
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    store::delete_session(conn, &row.token_hash)?;
    tracing::info!(account = %actor.id, "session ended");
    Ok(())
}

/// Deletes sessions, links and failures that no longer say anything; gives how many rows.
///
/// # Errors
/// The database's own.
pub fn sweep(conn: &mut Conn, now: Instant) -> Result<usize> {
    let thirty_days = jiff::SignedDuration::from_hours(30 * 24);
    Ok(store::sweep(
        conn,
        now,
        now.minus(rules::SESSION_IDLE),
        now.minus(thirty_days),
        now.minus(rules::FAILURES_FORGOTTEN),
    )?)
}

/// Begins a session, with a token that was never used before.
pub(super) fn begin(conn: &mut Conn, now: Instant, account: &Account) -> Result<NewSession> {
    let token = random::token();
    store::insert_session(
        conn,
        &store::SessionRow {
            token_hash: digest(&token),
            account_id: account.id.clone(),
            csrf_token: random::token(),
            created_at: now,
            seen_at: now,
            expires_at: now.plus(rules::SESSION_LIFE),
        },
    )?;
    tracing::info!(account = %account.id, "signed in");
    Ok(NewSession {
        token: Redacted::new(token),
        locale: account.locale,
    })
}

/// The digest under which a token is kept.
pub(super) fn digest(token: &str) -> String {
    Sha256::of(token.as_bytes()).to_string()
}

/// A digest of the digest, shortened: it names a session and opens nothing.
fn handle(token_hash: &str) -> String {
    digest(token_hash).chars().take(16).collect()
}
