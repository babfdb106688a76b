//! Queries of calendar feeds.

use diesel::prelude::*;

use crate::accounts::model::{AccountId, CalendarFeed};
use crate::kernel::Instant;
use crate::store::Conn;
use crate::store::schema::calendar_feeds;

/// Gives an account this feed in place of any other.
pub(in crate::accounts) fn save_feed(
    conn: &mut Conn,
    owner: &AccountId,
    feed: &CalendarFeed,
    hash: &str,
) -> QueryResult<()> {
    let values = (
        calendar_feeds::token_hash.eq(hash),
        calendar_feeds::created_at.eq(feed.created_at),
        calendar_feeds::read_at.eq(feed.read_at),
    );
    let known = diesel::update(calendar_feeds::table.find(owner))
        .set(values)
        .execute(conn)?;
    if known == 0 {
        diesel::insert_into(calendar_feeds::table)
            .values((calendar_feeds::account_id.eq(owner), values))
            .execute(conn)?;
    }
    Ok(())
}

pub(in crate::accounts) fn feed_of(
    conn: &mut Conn,
    owner: &AccountId,
) -> QueryResult<Option<CalendarFeed>> {
    calendar_feeds::table
        .find(owner)
        .select((calendar_feeds::created_at, calendar_feeds::read_at))
        .first(conn)
        .optional()
}

/// The feed's owner, and when it was last read.
pub(in crate::accounts) fn feed_by_hash(
    conn: &mut Conn,
    hash: &str,
) -> QueryResult<Option<(AccountId, Option<Instant>)>> {
    calendar_feeds::table
        .filter(calendar_feeds::token_hash.eq(hash))
        .select((calendar_feeds::account_id, calendar_feeds::read_at))
        .first(conn)
        .optional()
}

pub(in crate::accounts) fn touch_feed(
    conn: &mut Conn,
    owner: &AccountId,
    now: Instant,
) -> QueryResult<()> {
    diesel::update(calendar_feeds::table.find(owner))
        .set(calendar_feeds::read_at.eq(now))
        .execute(conn)
        .map(drop)
}

pub(in crate::accounts) fn delete_feed(conn: &mut Conn, owner: &AccountId) -> QueryResult<usize> {
    diesel::delete(calendar_feeds::table.find(owner)).execute(conn)
}
