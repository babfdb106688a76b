//! Whose names a report for others must not hold.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::accounts::{self, Role};
use crate::kernel::Result;
use crate::reports::Staff;
use crate::store::Conn;
use crate::timeline::Entry;

/// Everybody who has or had an account, and whom the organisation names as answering for it.
///
/// Earlier names are those that the incident's own entries hold: an entry keeps the name
/// that a person had when a step was assigned or command was given.
pub(super) fn staff(conn: &mut Conn, entries: &[Entry]) -> Result<Vec<Staff>> {
    let mut earlier: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in entries {
        let details = entry.details();
        let text = |key: &str| details.get(key).and_then(Json::as_str);
        if let (Some(account), Some(name)) = (text("account"), text("name")) {
            let names = earlier.entry(account.to_owned()).or_default();
            names.push(name.to_owned());
        }
    }
    let mut staff: Vec<Staff> = accounts::everybody(conn)?
        .into_iter()
        .map(|account| {
            let mut names = vec![account.name.reveal().clone()];
            names.extend(earlier.remove(account.id.as_str()).unwrap_or_default());
            names.dedup();
            Staff {
                names,
                email: Some(account.email.reveal().clone()),
                role: title(account.role),
            }
        })
        .collect();
    if let Some(organisation) = accounts::organisation::current(conn)? {
        let answering = [organisation.representative, organisation.dpo_name];
        staff.extend(answering.into_iter().map(|name| Staff {
            names: vec![name],
            email: None,
            role: None,
        }));
    }
    Ok(staff)
}

/// What a report calls a role, where it says more than that the person is staff.
fn title(role: Role) -> Option<&'static str> {
    (role != Role::Viewer).then(|| role.as_str())
}
