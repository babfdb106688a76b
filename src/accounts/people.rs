//! Accounts: making, inviting, changing, disabling.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::links;
use super::model::{
    Account, AccountId, Actor, Capability, Granted, LinkPurpose, NewAccount, Role, can,
};
use super::passwords::HashedPassword;
use super::{rules, store};
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Code, Instant, Locale, Problem, Redacted, Result};
use crate::store::Conn;

/// Makes an account that may sign in at once: the command line, set-up and practice.
///
/// # Errors
/// [`Code::InvalidInput`] for a wrong or known address, or an empty name.
pub fn create(
    conn: &mut Conn,
    now: Instant,
    new: NewAccount,
    password: HashedPassword,
) -> Result<Account> {
    insert(conn, now, new, Some(password))
}

/// Makes an account without a password, and the link by which its person chooses one.
///
/// # Errors
/// As [`create`].
pub fn invite(
    conn: &mut Conn,
    actor: &Granted<can::ManageAccounts>,
    now: Instant,
    new: NewAccount,
) -> Result<(Account, Redacted<String>)> {
    let account = insert(conn, now, new, None)?;
    let token = links::issue(conn, now, LinkPurpose::Invitation, Some(&account.id))?;
    tracing::info!(account = %account.id, role = %account.role, by = %actor.id, "account invited");
    Ok((account, token))
}

/// Every account, in the order in which they came.
///
/// # Errors
/// The database's own.
pub fn list(conn: &mut Conn, _: &Granted<can::ManageAccounts>) -> Result<Vec<Account>> {
    Ok(store::accounts(conn)?)
}

/// Every account, also those no longer in use, for texts that must name none of them.
///
/// # Errors
/// The database's own.
pub fn everybody(conn: &mut Conn) -> Result<Vec<Account>> {
    Ok(store::accounts(conn)?)
}

/// Names by account, for pages that tell who did what.
///
/// # Errors
/// The database's own.
pub fn names(conn: &mut Conn) -> Result<BTreeMap<AccountId, String>> {
    Ok(store::account_names(conn)?.into_iter().collect())
}

/// One account.
///
/// # Errors
/// [`Code::NotFound`].
pub fn get(conn: &mut Conn, id: &AccountId) -> Result<Account> {
    Ok(store::account_by_id(conn, id)?)
}

/// The account of an address, for the command line.
///
/// # Errors
/// [`Code::NotFound`].
pub fn by_email(conn: &mut Conn, address: &str) -> Result<Account> {
    let unknown = || Problem::with(Code::NotFound, &[("what", "account")]);
    let email = Email::from_str(address).map_err(|()| unknown())?;
    store::account_by_email(conn, email.key())?.ok_or_else(unknown)
}

/// Gives an account another password, for whoever holds the server itself.
///
/// # Errors
/// The database's own error.
pub fn replace_password(conn: &mut Conn, id: &AccountId, password: &HashedPassword) -> Result<()> {
    Ok(store::set_password(conn, id, password)?)
}

/// The accounts that are in use and have a capability: assignees, approvers, those to remind.
///
/// # Errors
/// The database's own.
pub fn active_with(conn: &mut Conn, capability: Capability) -> Result<Vec<Account>> {
    let mut accounts = store::accounts(conn)?;
    accounts
        .retain(|account| account.disabled_at.is_none() && rules::allows(account.role, capability));
    Ok(accounts)
}

/// Gives another role; it holds from the person's next request.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::WrongState`] when no administrator would remain.
pub fn change_role(
    conn: &mut Conn,
    actor: &Granted<can::ManageAccounts>,
    id: &AccountId,
    role: Role,
) -> Result<()> {
    let account = store::account_by_id(conn, id)?;
    if role != Role::Administrator {
        keep_an_administrator(conn, &account)?;
    }
    store::set_role(conn, id, role)?;
    tracing::info!(account = %id, from = %account.role, to = %role, by = %actor.id, "role changed");
    Ok(())
}

/// Disables an account: its sessions and links end at once.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::WrongState`] for one's own account, or when no administrator would remain.
pub fn disable(
    conn: &mut Conn,
    actor: &Granted<can::ManageAccounts>,
    now: Instant,
    id: &AccountId,
) -> Result<()> {
    let account = store::account_by_id(conn, id)?;
    if account.id == actor.id {
        return Err(refused("field-own-account"));
    }
    keep_an_administrator(conn, &account)?;
    store::set_disabled(conn, id, Some(account.disabled_at.unwrap_or(now)))?;
    let ended = store::delete_sessions(conn, id, None)?;
    store::delete_links(conn, None, Some(id))?;
    tracing::info!(account = %id, sessions_ended = ended, by = %actor.id, "account disabled");
    Ok(())
}

/// Lets a disabled account sign in again.
///
/// # Errors
/// [`Code::NotFound`].
pub fn enable(conn: &mut Conn, actor: &Granted<can::ManageAccounts>, id: &AccountId) -> Result<()> {
    store::account_by_id(conn, id)?;
    store::set_disabled(conn, id, None)?;
    tracing::info!(account = %id, by = %actor.id, "account enabled");
    Ok(())
}

/// Changes one's own name and language.
///
/// # Errors
/// [`Code::InvalidInput`] for the field `name`.
pub fn change_profile(conn: &mut Conn, actor: &Actor, name: &str, locale: Locale) -> Result<()> {
    let mut checks = Checks::default();
    let name = name.trim();
    checks.text("name", name, true, 100);
    checks.done()?;
    Ok(store::set_profile(conn, &actor.id, name, locale)?)
}

/// Changes one's own language.
///
/// # Errors
/// The database's own.
pub fn save_locale(conn: &mut Conn, actor: &Actor, locale: Locale) -> Result<()> {
    Ok(store::set_locale(conn, &actor.id, locale)?)
}

/// An e-mail address that can sign in: ASCII, one `@`, a domain with a dot.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    typed: String,
    key: String,
}

impl Email {
    /// The address as it is compared: lower case.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl FromStr for Email {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let typed = text.trim();
        let (local, domain) = typed.rsplit_once('@').ok_or(())?;
        let local_is_sound = (1..=64).contains(&local.len())
            && local
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
        let label_is_sound = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        let domain_is_sound = domain.contains('.') && domain.split('.').all(label_is_sound);
        if typed.len() > 254 || !local_is_sound || !domain_is_sound {
            return Err(());
        }
        Ok(Self {
            typed: typed.to_owned(),
            key: typed.to_ascii_lowercase(),
        })
    }
}

impl NewAccount {
    /// The name and the address in order, or all that is wrong with them.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] for the fields `name` and `email`.
    pub fn checked(&self) -> Result<(String, Email)> {
        let mut checks = Checks::default();
        let name = self.name.trim();
        checks.text("name", name, true, 100);
        let email = Email::from_str(&self.email);
        if email.is_err() {
            let empty = self.email.trim().is_empty();
            checks.add(
                "email",
                if empty {
                    "field-required"
                } else {
                    "field-invalid-email"
                },
            );
        }
        checks.done()?;
        let email = email.map_err(|()| Problem::field("email", "field-invalid-email"))?;
        Ok((name.to_owned(), email))
    }
}

/// Gathers what is wrong with a form's fields, so that all is said at once.
#[derive(Debug, Default)]
pub(super) struct Checks(Vec<FieldProblem>);

impl Checks {
    pub(super) fn add(&mut self, field: &str, key: &'static str) {
        self.0.push(FieldProblem {
            field: field.to_owned(),
            key,
            params: Vec::new(),
        });
    }

    /// A text of one line: there when it must be, no longer than `longest`, without control characters.
    pub(super) fn text(&mut self, field: &str, value: &str, required: bool, longest: usize) {
        if required && value.is_empty() {
            self.add(field, "field-required");
        } else if value.chars().count() > longest {
            self.0.push(FieldProblem {
                field: field.to_owned(),
                key: "field-too-long",
                params: vec![("maximum", longest.to_string())],
            });
        } else if value.chars().any(char::is_control) {
            self.add(field, "field-control-character");
        }
    }

    pub(super) fn done(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Problem::fields(self.0))
        }
    }
}

fn insert(
    conn: &mut Conn,
    now: Instant,
    new: NewAccount,
    password: Option<HashedPassword>,
) -> Result<Account> {
    let (name, email) = new.checked()?;
    // Looked up first: after a constraint error PostgreSQL would have aborted the transaction.
    if store::account_by_email(conn, email.key())?.is_some() {
        return Err(Problem::field("email", "field-email-taken"));
    }
    let account = Account {
        id: AccountId::fresh(now),
        email: Redacted::new(email.typed),
        email_key: Redacted::new(email.key),
        name: Redacted::new(name),
        role: new.role,
        locale: new.locale,
        password_hash: password,
        disabled_at: None,
        created_at: now,
    };
    store::insert_account(conn, &account)?;
    Ok(account)
}

/// A server without an administrator could not be repaired from its pages.
fn keep_an_administrator(conn: &mut Conn, leaving: &Account) -> Result<()> {
    if leaving.role != Role::Administrator {
        return Ok(());
    }
    let another = store::accounts(conn)?.into_iter().any(|account| {
        account.role == Role::Administrator
            && account.id != leaving.id
            && account.disabled_at.is_none()
            && !account.is_invited()
    });
    if another {
        Ok(())
    } else {
        Err(refused("field-last-administrator"))
    }
}

/// A wrong state that says why.
fn refused(key: &'static str) -> Problem {
    let mut problem = Problem::field("account", key);
    problem.code = Code::WrongState;
    problem
}
