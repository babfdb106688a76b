//! A new master key: made, every data key wrapped anew, the old one overwritten.
//!
//! Each step leaves files and database in a state that opens: while
//! `master.key.next` is there, a data key may be wrapped under either key, and
//! new ones are wrapped under the next. Doing it again finishes what a crash
//! interrupted. No server may run meanwhile; the caller sees to that.

use std::path::Path;

use diesel::prelude::*;

use super::keys::{self, Keys};
use crate::kernel::Result;
use crate::store::schema::data_keys;
use crate::store::{Conn, Store};

/// What a rotation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// Data keys that are wrapped under the new master key now.
    pub keys: usize,
}

/// Gives the folder a new master key, and wraps every data key of the database under it.
///
/// Blocks its thread. Sealed fields and files stay as they are: only the keys
/// that sealed them are wrapped anew. Keys that were destroyed stay destroyed.
///
/// # Errors
/// [`crate::kernel::Code::InvalidSetting`] when a key file is malformed, or is not
/// the key that the database was written with; nothing has changed then.
pub fn rotate_master_key(folder: &Path, store: &Store) -> Result<Rotated> {
    let opened = Keys::open_or_create(folder)?;
    // Asked first: a folder whose key opens nothing shall not get another one.
    store.read_blocking(|conn| rewrapped(conn, &opened))?;
    keys::make_next(folder)?;
    let opened = Keys::open_or_create(folder)?;
    let keys = store.write_blocking(|tx| rewrap(tx, &opened))?;
    keys::promote_next(folder)?;
    // The old wrapping would open under a copy of the old key.
    store.forget_deleted_pages(&["data_keys"])?;
    Ok(Rotated { keys })
}

/// Writes every data key that was not destroyed under the newest master key.
fn rewrap(tx: &mut Conn, keys: &Keys) -> Result<usize> {
    let rows = rewrapped(tx, keys)?;
    for (scope, wrapped) in &rows {
        diesel::update(data_keys::table.find(scope))
            .set(data_keys::wrapped.eq(wrapped))
            .execute(tx)?;
    }
    Ok(rows.len())
}

/// Every data key that was not destroyed, by its scope, wrapped under the newest master key.
fn rewrapped(conn: &mut Conn, keys: &Keys) -> Result<Vec<(String, Vec<u8>)>> {
    let rows: Vec<(String, Vec<u8>)> = data_keys::table
        .filter(data_keys::destroyed_at.is_null())
        .order(data_keys::scope)
        .select((data_keys::scope, data_keys::wrapped))
        .load(conn)?;
    rows.into_iter()
        .map(|(scope, wrapped)| {
            let anew = keys.rewrap(&scope, &wrapped)?;
            Ok((scope, anew))
        })
        .collect()
}
