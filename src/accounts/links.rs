//! One-time links: the first administrator, invitations, new passwords.

use super::model::{Account, AccountId, Granted, Link, LinkPurpose, NewAccount, NewSession, can};
use super::organisation::{self, Organisation};
use super::passwords::HashedPassword;
use super::{people, rules, sessions, store};
use crate::kernel::{Code, Instant, Problem, Redacted, Result, random};
use crate::store::Conn;

/// Makes the link to create the first administrator, while there is no account.
///
/// An earlier link stops working: the one that was printed last is the one.
///
/// # Errors
/// The database's own.
pub fn create_setup_link(conn: &mut Conn, now: Instant) -> Result<Option<Redacted<String>>> {
    if store::any_account(conn)? {
        return Ok(None);
    }
    store::delete_links(conn, Some(LinkPurpose::Setup), None)?;
    issue(conn, now, LinkPurpose::Setup, None).map(Some)
}

/// Makes a new link for somebody who has no password yet, or lost it.
///
/// The administrator starts this and never learns the password. Earlier links of
/// that person stop working.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::WrongState`] for a disabled account.
pub fn renew_link(
    conn: &mut Conn,
    actor: &Granted<can::ManageAccounts>,
    now: Instant,
    id: &AccountId,
) -> Result<(Account, Redacted<String>)> {
    let account = store::account_by_id(conn, id)?;
    if account.disabled_at.is_some() {
        return Err(Problem::new(Code::WrongState));
    }
    store::delete_links(conn, None, Some(id))?;
    let purpose = if account.is_invited() {
        LinkPurpose::Invitation
    } else {
        LinkPurpose::Reset
    };
    let token = issue(conn, now, purpose, Some(id))?;
    tracing::info!(account = %id, %purpose, by = %actor.id, "link issued");
    Ok((account, token))
}

/// What a link opens.
///
/// # Errors
/// [`Code::LinkExpired`] when it was used, is too old, was replaced, or never was.
pub fn link(conn: &mut Conn, now: Instant, token: &str) -> Result<Link> {
    let expired = || Problem::new(Code::LinkExpired);
    let row = store::link_by_hash(conn, &sessions::digest(token))?.ok_or_else(expired)?;
    if row.used_at.is_some() || now >= row.expires_at {
        return Err(expired());
    }
    let account = row
        .account_id
        .map(|id| store::account_by_id(conn, &id))
        .transpose()?;
    let gone = match row.purpose {
        LinkPurpose::Setup => store::any_account(conn)?,
        LinkPurpose::Invitation | LinkPurpose::Reset => account
            .as_ref()
            .is_none_or(|account| account.disabled_at.is_some()),
    };
    if gone {
        return Err(expired());
    }
    Ok(Link {
        purpose: row.purpose,
        account,
    })
}

/// Makes the first administrator and the organisation, and signs in.
///
/// # Errors
/// Those of [`link`] and [`people::create`]; [`Code::InvalidInput`] for the organisation's fields.
pub fn set_up(
    conn: &mut Conn,
    now: Instant,
    token: &str,
    administrator: NewAccount,
    password: HashedPassword,
    organisation: Organisation,
) -> Result<NewSession> {
    if link(conn, now, token)?.purpose != LinkPurpose::Setup {
        return Err(Problem::new(Code::LinkExpired));
    }
    // Both halves of the form are looked at, so that all problems are told at once.
    let organisation = organisation.checked(now);
    let account = people::create(conn, now, administrator, password);
    let (account, organisation) = match (account, organisation) {
        (Ok(account), Ok(organisation)) => (account, organisation),
        (Err(mut first), Err(second)) => {
            first.fields.extend(second.fields);
            return Err(first);
        }
        (Err(problem), _) | (_, Err(problem)) => return Err(problem),
    };
    organisation::establish(conn, now, organisation)?;
    store::use_link(conn, &sessions::digest(token), now)?;
    tracing::info!(account = %account.id, "set up");
    sessions::begin(conn, now, &account)
}

/// Gives an account the password that its person chose; other sessions end, and this one begins.
///
/// # Errors
/// Those of [`link`].
pub fn accept_link(
    conn: &mut Conn,
    now: Instant,
    token: &str,
    password: &HashedPassword,
) -> Result<NewSession> {
    let account = link(conn, now, token)?
        .account
        .ok_or_else(|| Problem::new(Code::LinkExpired))?;
    store::set_password(conn, &account.id, password)?;
    store::use_link(conn, &sessions::digest(token), now)?;
    store::delete_sessions(conn, &account.id, None)?;
    tracing::info!(account = %account.id, "password chosen by link");
    sessions::begin(conn, now, &account)
}

pub(super) fn issue(
    conn: &mut Conn,
    now: Instant,
    purpose: LinkPurpose,
    account: Option<&AccountId>,
) -> Result<Redacted<String>> {
    let token = random::token();
    store::insert_link(
        conn,
        &store::LinkRow {
            token_hash: sessions::digest(&token),
            purpose,
            account_id: account.cloned(),
            created_at: now,
            expires_at: now.plus(rules::link_life(purpose)),
            used_at: None,
        },
    )?;
    Ok(Redacted::new(token))
}
