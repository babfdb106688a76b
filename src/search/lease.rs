//! Who writes the index: one of several servers at a time.

use diesel::prelude::*;
use jiff::SignedDuration;

use crate::kernel::{Instant, Result};
use crate::store::Conn;
use crate::store::schema::leases;

const NAME: &str = "search";

/// After so long without a word from the server that had it, another one goes on.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// Takes the lease, or holds it longer; says whether this holder has it now.
///
/// # Errors
/// The database's own error.
pub fn claim(tx: &mut Conn, holder: &str, now: Instant) -> Result<bool> {
    let until = now.plus(GIVEN_UP_AFTER);
    let free = leases::holder.eq(holder).or(leases::until.le(now));
    let taken = diesel::update(leases::table.find(NAME).filter(free))
        .set((leases::holder.eq(holder), leases::until.eq(until)))
        .execute(tx)?;
    if taken > 0 {
        return Ok(true);
    }
    let fresh = (
        leases::name.eq(NAME),
        leases::holder.eq(holder),
        leases::until.eq(until),
    );
    let made = crate::each_db!(tx, |c| diesel::insert_into(leases::table)
        .values(fresh)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made > 0)
}

/// Gives the lease back, if this holder has it.
///
/// # Errors
/// The database's own error.
pub fn release(tx: &mut Conn, holder: &str) -> Result<()> {
    diesel::delete(leases::table.find(NAME).filter(leases::holder.eq(holder))).execute(tx)?;
    Ok(())
}
