//! Calendar feeds: a secret address at which a calendar reads, without a session, what its owner may see.

use super::model::{Account, Actor, CalendarFeed, Capability};
use super::{rules, sessions, store};
use crate::kernel::{Code, Instant, Problem, Redacted, Result, random};
use crate::store::Conn;

/// Makes the person's feed; its secret is told once, here, and an earlier one opens nothing any more.
///
/// # Errors
/// [`Code::Forbidden`] for somebody who may not see incidents.
pub fn create_feed(conn: &mut Conn, actor: &Actor, now: Instant) -> Result<Redacted<String>> {
    actor.check(Capability::ViewIncidents)?;
    let secret = random::token();
    let feed = CalendarFeed {
        created_at: now,
        read_at: None,
    };
    store::save_feed(conn, &actor.id, &feed, &sessions::digest(&secret))?;
    tracing::info!(account = %actor.id, "calendar feed created");
    Ok(Redacted::new(secret))
}

/// The person's feed, if there is one.
///
/// # Errors
/// The database's own.
pub fn own_feed(conn: &mut Conn, actor: &Actor) -> Result<Option<CalendarFeed>> {
    Ok(store::feed_of(conn, &actor.id)?)
}

/// Removes the person's feed: its address answers no more.
///
/// # Errors
/// [`Code::NotFound`] when there is none.
pub fn remove_feed(conn: &mut Conn, actor: &Actor) -> Result<()> {
    if store::delete_feed(conn, &actor.id)? == 0 {
        return Err(Problem::new(Code::NotFound));
    }
    tracing::info!(account = %actor.id, "calendar feed removed");
    Ok(())
}

/// For whom a feed's secret speaks, and whether its reading should be written down.
///
/// # Errors
/// [`Code::NotFound`], the same for a secret that never was, was replaced or removed,
/// and for an owner who is disabled or may not see incidents.
pub fn feed_actor(conn: &mut Conn, now: Instant, secret: &str) -> Result<(Actor, bool)> {
    let unknown = || Problem::new(Code::NotFound);
    let (owner, read_at) =
        store::feed_by_hash(conn, &sessions::digest(secret))?.ok_or_else(unknown)?;
    let owner: Account = store::account_by_id(conn, &owner)?;
    let actor = owner.actor();
    if owner.disabled_at.is_some() || !actor.may(Capability::ViewIncidents) {
        return Err(unknown());
    }
    let stale = read_at.is_none_or(|at| now.since(at) >= rules::SESSION_TOUCH);
    Ok((actor, stale))
}

/// Writes that a feed was read.
///
/// # Errors
/// The database's own.
pub fn touch_feed(conn: &mut Conn, actor: &Actor, now: Instant) -> Result<()> {
    Ok(store::touch_feed(conn, &actor.id, now)?)
}
