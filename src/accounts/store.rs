//! Queries of accounts, sessions, links, tokens and failures.

mod feeds;
mod mail_wishes;

use diesel::prelude::*;

use super::model::{Account, AccountId, ApiToken, ApiTokenId, LinkPurpose, Role};
use super::organisation::Organisation;
use super::passwords::HashedPassword;
use crate::kernel::{Instant, Locale, Redacted};
use crate::store::Conn;
use crate::store::schema::{
    accounts, api_tokens, one_time_links, organisation, sessions, sign_in_failures,
};

pub(super) use feeds::{delete_feed, feed_by_hash, feed_of, save_feed, touch_feed};
pub(super) use mail_wishes::{mail_wishes, save_mail_wishes};

type AccountRow = (
    AccountId,
    String,
    String,
    String,
    Role,
    Locale,
    Option<String>,
    Option<Instant>,
    Instant,
);

/// One row of `sessions`.
#[derive(Queryable, Insertable)]
#[diesel(table_name = sessions)]
pub(super) struct SessionRow {
    pub token_hash: String,
    pub account_id: AccountId,
    pub csrf_token: String,
    pub created_at: Instant,
    pub seen_at: Instant,
    pub expires_at: Instant,
}

/// One row of `one_time_links`.
#[derive(Queryable, Insertable)]
#[diesel(table_name = one_time_links)]
pub(super) struct LinkRow {
    pub token_hash: String,
    pub purpose: LinkPurpose,
    pub account_id: Option<AccountId>,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub used_at: Option<Instant>,
}

/// One row of `sign_in_failures`.
#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = sign_in_failures, primary_key(subject_hash), treat_none_as_null = true)]
pub(super) struct FailureRow {
    pub subject_hash: String,
    pub failures: i64,
    pub last_failed_at: Instant,
    pub locked_until: Option<Instant>,
}

fn account(row: AccountRow) -> Account {
    let (id, email, email_key, name, role, locale, hash, disabled_at, created_at) = row;
    Account {
        id,
        email: Redacted::new(email),
        email_key: Redacted::new(email_key),
        name: Redacted::new(name),
        role,
        locale,
        password_hash: hash.map(|hash| HashedPassword(Redacted::new(hash))),
        disabled_at,
        created_at,
    }
}

pub(super) fn insert_account(conn: &mut Conn, new: &Account) -> QueryResult<()> {
    diesel::insert_into(accounts::table)
        .values((
            accounts::id.eq(&new.id),
            accounts::email.eq(new.email.reveal()),
            accounts::email_key.eq(new.email_key.reveal()),
            accounts::name.eq(new.name.reveal()),
            accounts::role.eq(new.role),
            accounts::locale.eq(new.locale),
            accounts::password_hash.eq(new.password_hash.as_ref().map(|hash| hash.0.reveal())),
            accounts::disabled_at.eq(new.disabled_at),
            accounts::created_at.eq(new.created_at),
        ))
        .execute(conn)
        .map(drop)
}

pub(super) fn account_by_id(conn: &mut Conn, id: &AccountId) -> QueryResult<Account> {
    accounts::table
        .find(id)
        .first::<AccountRow>(conn)
        .map(account)
}

pub(super) fn account_by_email(conn: &mut Conn, email_key: &str) -> QueryResult<Option<Account>> {
    let row = accounts::table
        .filter(accounts::email_key.eq(email_key))
        .first::<AccountRow>(conn)
        .optional()?;
    Ok(row.map(account))
}

pub(super) fn accounts(conn: &mut Conn) -> QueryResult<Vec<Account>> {
    let rows: Vec<AccountRow> = accounts::table
        .order((accounts::created_at, accounts::id))
        .load(conn)?;
    Ok(rows.into_iter().map(account).collect())
}

pub(super) fn account_names(conn: &mut Conn) -> QueryResult<Vec<(AccountId, String)>> {
    accounts::table
        .select((accounts::id, accounts::name))
        .order(accounts::id)
        .load(conn)
}

pub(super) fn any_account(conn: &mut Conn) -> QueryResult<bool> {
    accounts::table
        .select(accounts::id)
        .order(accounts::id)
        .first::<AccountId>(conn)
        .optional()
        .map(|found| found.is_some())
}

pub(super) fn set_role(conn: &mut Conn, id: &AccountId, role: Role) -> QueryResult<()> {
    diesel::update(accounts::table.find(id))
        .set(accounts::role.eq(role))
        .execute(conn)
        .map(drop)
}

pub(super) fn set_disabled(
    conn: &mut Conn,
    id: &AccountId,
    at: Option<Instant>,
) -> QueryResult<()> {
    diesel::update(accounts::table.find(id))
        .set(accounts::disabled_at.eq(at))
        .execute(conn)
        .map(drop)
}

pub(super) fn set_profile(
    conn: &mut Conn,
    id: &AccountId,
    name: &str,
    locale: Locale,
) -> QueryResult<()> {
    diesel::update(accounts::table.find(id))
        .set((accounts::name.eq(name), accounts::locale.eq(locale)))
        .execute(conn)
        .map(drop)
}

pub(super) fn set_locale(conn: &mut Conn, id: &AccountId, locale: Locale) -> QueryResult<()> {
    diesel::update(accounts::table.find(id))
        .set(accounts::locale.eq(locale))
        .execute(conn)
        .map(drop)
}

pub(super) fn set_password(
    conn: &mut Conn,
    id: &AccountId,
    hash: &HashedPassword,
) -> QueryResult<()> {
    diesel::update(accounts::table.find(id))
        .set(accounts::password_hash.eq(hash.0.reveal()))
        .execute(conn)
        .map(drop)
}

pub(super) fn insert_session(conn: &mut Conn, row: &SessionRow) -> QueryResult<()> {
    diesel::insert_into(sessions::table)
        .values(row)
        .execute(conn)
        .map(drop)
}

pub(super) fn session_by_hash(
    conn: &mut Conn,
    hash: &str,
) -> QueryResult<Option<(SessionRow, Account)>> {
    let Some(row) = sessions::table
        .find(hash)
        .first::<SessionRow>(conn)
        .optional()?
    else {
        return Ok(None);
    };
    let owner = account_by_id(conn, &row.account_id).optional()?;
    Ok(owner.map(|owner| (row, owner)))
}

pub(super) fn sessions_of(conn: &mut Conn, id: &AccountId) -> QueryResult<Vec<SessionRow>> {
    sessions::table
        .filter(sessions::account_id.eq(id))
        .order((sessions::seen_at.desc(), sessions::token_hash))
        .load(conn)
}

pub(super) fn touch_session(conn: &mut Conn, hash: &str, now: Instant) -> QueryResult<()> {
    diesel::update(sessions::table.find(hash))
        .set(sessions::seen_at.eq(now))
        .execute(conn)
        .map(drop)
}

pub(super) fn delete_session(conn: &mut Conn, hash: &str) -> QueryResult<()> {
    diesel::delete(sessions::table.find(hash))
        .execute(conn)
        .map(drop)
}

pub(super) fn delete_sessions(
    conn: &mut Conn,
    id: &AccountId,
    but: Option<&str>,
) -> QueryResult<usize> {
    diesel::delete(
        sessions::table
            .filter(sessions::account_id.eq(id))
            .filter(sessions::token_hash.ne(but.unwrap_or_default())),
    )
    .execute(conn)
}

pub(super) fn insert_link(conn: &mut Conn, row: &LinkRow) -> QueryResult<()> {
    diesel::insert_into(one_time_links::table)
        .values(row)
        .execute(conn)
        .map(drop)
}

pub(super) fn link_by_hash(conn: &mut Conn, hash: &str) -> QueryResult<Option<LinkRow>> {
    one_time_links::table.find(hash).first(conn).optional()
}

pub(super) fn use_link(conn: &mut Conn, hash: &str, now: Instant) -> QueryResult<()> {
    diesel::update(one_time_links::table.find(hash))
        .set(one_time_links::used_at.eq(now))
        .execute(conn)
        .map(drop)
}

/// Forgets the links that were not used; a new one replaces them.
pub(super) fn delete_links(
    conn: &mut Conn,
    purpose: Option<LinkPurpose>,
    id: Option<&AccountId>,
) -> QueryResult<()> {
    let unused = one_time_links::used_at.is_null();
    match (purpose, id) {
        (_, Some(id)) => diesel::delete(
            one_time_links::table
                .filter(unused)
                .filter(one_time_links::account_id.eq(id)),
        )
        .execute(conn),
        (Some(purpose), None) => diesel::delete(
            one_time_links::table
                .filter(unused)
                .filter(one_time_links::purpose.eq(purpose)),
        )
        .execute(conn),
        (None, None) => Ok(0),
    }
    .map(drop)
}

pub(super) fn insert_token(
    conn: &mut Conn,
    owner: &AccountId,
    token: &ApiToken,
    hash: &str,
) -> QueryResult<()> {
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::id.eq(&token.id),
            api_tokens::account_id.eq(owner),
            api_tokens::name.eq(&token.name),
            api_tokens::token_hash.eq(hash),
            api_tokens::created_at.eq(token.created_at),
            api_tokens::expires_at.eq(token.expires_at),
        ))
        .execute(conn)
        .map(drop)
}

pub(super) fn tokens_of(conn: &mut Conn, owner: &AccountId) -> QueryResult<Vec<ApiToken>> {
    api_tokens::table
        .filter(api_tokens::account_id.eq(owner))
        .filter(api_tokens::revoked_at.is_null())
        .select((
            api_tokens::id,
            api_tokens::name,
            api_tokens::created_at,
            api_tokens::last_used_at,
            api_tokens::expires_at,
        ))
        .order((api_tokens::created_at, api_tokens::id))
        .load(conn)
}

/// The token's id, its owner, its last use and its end, unless it was revoked.
pub(super) type TokenRow = (ApiTokenId, AccountId, Option<Instant>, Option<Instant>);

pub(super) fn token_by_hash(conn: &mut Conn, hash: &str) -> QueryResult<Option<TokenRow>> {
    api_tokens::table
        .filter(api_tokens::token_hash.eq(hash))
        .filter(api_tokens::revoked_at.is_null())
        .select((
            api_tokens::id,
            api_tokens::account_id,
            api_tokens::last_used_at,
            api_tokens::expires_at,
        ))
        .first(conn)
        .optional()
}

pub(super) fn touch_token(conn: &mut Conn, id: &ApiTokenId, now: Instant) -> QueryResult<()> {
    diesel::update(api_tokens::table.find(id))
        .set(api_tokens::last_used_at.eq(now))
        .execute(conn)
        .map(drop)
}

pub(super) fn revoke_token(
    conn: &mut Conn,
    owner: &AccountId,
    id: &ApiTokenId,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        api_tokens::table
            .filter(api_tokens::id.eq(id))
            .filter(api_tokens::account_id.eq(owner))
            .filter(api_tokens::revoked_at.is_null()),
    )
    .set(api_tokens::revoked_at.eq(now))
    .execute(conn)
}

pub(super) fn failures(conn: &mut Conn, subject: &str) -> QueryResult<Option<FailureRow>> {
    sign_in_failures::table.find(subject).first(conn).optional()
}

pub(super) fn save_failures(conn: &mut Conn, row: &FailureRow) -> QueryResult<()> {
    let known = diesel::update(sign_in_failures::table.find(&row.subject_hash))
        .set(row)
        .execute(conn)?;
    if known == 0 {
        diesel::insert_into(sign_in_failures::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

pub(super) fn forget_failures(conn: &mut Conn, subject: &str) -> QueryResult<()> {
    diesel::delete(sign_in_failures::table.find(subject))
        .execute(conn)
        .map(drop)
}

/// Deletes what ended before these instants: sessions, links, failures.
pub(super) fn sweep(
    conn: &mut Conn,
    sessions_expired: Instant,
    sessions_idle: Instant,
    links: Instant,
    failures: Instant,
) -> QueryResult<usize> {
    let ended = diesel::delete(
        sessions::table.filter(
            sessions::expires_at
                .lt(sessions_expired)
                .or(sessions::seen_at.lt(sessions_idle)),
        ),
    )
    .execute(conn)?;
    let old = diesel::delete(one_time_links::table.filter(one_time_links::expires_at.lt(links)))
        .execute(conn)?;
    let forgotten = diesel::delete(
        sign_in_failures::table.filter(sign_in_failures::last_failed_at.lt(failures)),
    )
    .execute(conn)?;
    Ok(ended + old + forgotten)
}

pub(super) fn organisation(conn: &mut Conn, id: &str) -> QueryResult<Option<Organisation>> {
    organisation::table.find(id).first(conn).optional()
}

pub(super) fn save_organisation(conn: &mut Conn, row: &Organisation) -> QueryResult<()> {
    let known = diesel::update(organisation::table.find(&row.id))
        .set(row)
        .execute(conn)?;
    if known == 0 {
        diesel::insert_into(organisation::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}
