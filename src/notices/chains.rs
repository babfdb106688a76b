//! The chains that the organisation chose itself, by kind of notice.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::NoticeKind;
use crate::accounts::{Granted, Role, can};
use crate::kernel::{Instant, Problem, Result};
use crate::store::Conn;
use crate::store::schema::approval_chains;

/// Longer chains stop what must go out today.
const LONGEST: usize = 5;

/// Who approves a kind of notice: as the organisation chose, or as its sheet says.
///
/// # Errors
/// The database's own error.
pub fn chain_of(conn: &mut Conn, kind: NoticeKind) -> Result<Vec<Role>> {
    let own: Option<String> = approval_chains::table
        .find(kind)
        .select(approval_chains::roles)
        .first(conn)
        .optional()?;
    Ok(match own {
        Some(roles) => serde_json::from_str(&roles)?,
        None => kind.sheet().chain.clone(),
    })
}

/// Every chain that the organisation chose itself.
///
/// # Errors
/// The database's own error.
pub fn own_chains(conn: &mut Conn) -> Result<BTreeMap<NoticeKind, Vec<Role>>> {
    let rows: Vec<(NoticeKind, String)> = approval_chains::table
        .order(approval_chains::kind)
        .select((approval_chains::kind, approval_chains::roles))
        .load(conn)?;
    rows.into_iter()
        .map(|(kind, roles)| Ok((kind, serde_json::from_str(&roles)?)))
        .collect()
}

/// Chooses who approves a kind of notice; for notices that are handed in from now on.
///
/// # Errors
/// [`crate::kernel::Code::InvalidInput`] for no role, more than five, or a role that may not approve.
pub fn set_chain(
    tx: &mut Conn,
    by: &Granted<can::ManageSettings>,
    now: Instant,
    kind: NoticeKind,
    roles: &[Role],
) -> Result<()> {
    let may = |role: &Role| {
        crate::accounts::rules::allows(*role, crate::accounts::Capability::ApproveNotice)
    };
    if roles.is_empty() || roles.len() > LONGEST || !roles.iter().all(may) {
        return Err(Problem::field("roles", "field-invalid-chain"));
    }
    reset_chain(tx, by, kind)?;
    diesel::insert_into(approval_chains::table)
        .values((
            approval_chains::kind.eq(kind),
            approval_chains::roles.eq(serde_json::to_string(roles)?),
            approval_chains::author_id.eq(&by.id),
            approval_chains::recorded_at.eq(now),
        ))
        .execute(tx)?;
    tracing::info!(by = %by.id, %kind, "an approval chain was changed");
    Ok(())
}

/// Goes back to the chain of the kind's sheet.
///
/// # Errors
/// The database's own error.
pub fn reset_chain(
    tx: &mut Conn,
    _: &Granted<can::ManageSettings>,
    kind: NoticeKind,
) -> Result<()> {
    diesel::delete(approval_chains::table.find(kind)).execute(tx)?;
    Ok(())
}
