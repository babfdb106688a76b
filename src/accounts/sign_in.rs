//! Signing in: count the attempt, look at the password, begin the session.
//!
//! Hashing takes tens of milliseconds, so it stands between two transactions and
//! in neither. An unknown address, a wrong password, an invited and a disabled
//! account get the same answer after the same work.

use std::str::FromStr;

use super::model::{Account, Credentials, Session, SignInStep};
use super::passwords::Passwords;
use super::people::Email;
use super::rules::{self, Subject};
use super::{sessions, store};
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Code, Instant, Problem, Redacted, Result, Sha256};
use crate::store::{Conn, Store};

/// Signs in with address and password.
///
/// # Errors
/// [`Code::Throttled`] with `minutes` while a lock holds; [`Code::SignInFailed`] otherwise.
pub async fn sign_in(
    database: &Store,
    passwords: &Passwords,
    now: Instant,
    credentials: Credentials,
) -> Result<SignInStep> {
    let Credentials {
        email,
        password,
        client,
    } = credentials;
    let key = Email::from_str(email.reveal())
        .map_or_else(|()| email.reveal().to_lowercase(), |e| e.key().to_owned());
    let subjects = [
        (Subject::Account, subject_hash("account", &key)),
        (Subject::Client, subject_hash("client", &client)),
    ];
    let counted = subjects.clone();
    let account = database
        .write(move |conn| {
            count_attempt(conn, now, &counted)?;
            Ok(store::account_by_email(conn, &key)?)
        })
        .await?;
    let account = account.filter(|account| account.disabled_at.is_none());
    // A password beyond the limit was never accepted; hashing megabytes of it would be a gift.
    let hash = account
        .as_ref()
        .and_then(|account| account.password_hash.clone())
        .filter(|_| password.reveal().chars().count() <= rules::PASSWORD_MAX);
    let password = Redacted::new(
        password
            .reveal()
            .chars()
            .take(rules::PASSWORD_MAX)
            .collect(),
    );
    let matched = passwords.verify(password, hash.clone()).await?;
    let Some(account) = account.filter(|_| matched) else {
        tracing::warn!("sign-in failed");
        return Err(Problem::new(Code::SignInFailed));
    };
    database
        .write(move |conn| {
            // The account may have been disabled, or got a new password, while the hash was made.
            let current = store::account_by_id(conn, &account.id)?;
            if current.disabled_at.is_some() || current.password_hash != hash {
                return Err(Problem::new(Code::SignInFailed));
            }
            forgive(conn, &subjects)?;
            sessions::begin(conn, now, &current).map(SignInStep::Done)
        })
        .await
}

/// Changes one's own password after the present one was typed; other sessions end.
///
/// # Errors
/// [`Code::InvalidInput`] for `current_password` or `new_password`; [`Code::Throttled`].
pub async fn change_password(
    database: &Store,
    passwords: &Passwords,
    now: Instant,
    session: &Session,
    current: Redacted<String>,
    new: Redacted<String>,
) -> Result<()> {
    let id = session.actor.id.clone();
    // Counted like a sign-in: a stolen session must not become a way to guess.
    let subjects = [(Subject::Account, subject_hash("password", id.as_str()))];
    let counted = subjects.clone();
    let account: Account = database
        .write(move |conn| {
            count_attempt(conn, now, &counted)?;
            Ok(store::account_by_id(conn, &id)?)
        })
        .await?;
    let known = account.password_hash.clone();
    if !passwords.verify(current, known).await? {
        return Err(Problem::fields(vec![FieldProblem {
            field: "current_password".to_owned(),
            key: "field-password-wrong",
            params: Vec::new(),
        }]));
    }
    let context = [
        account.email.reveal().as_str(),
        account.name.reveal().as_str(),
    ];
    let hash = passwords.hash(new, &context).await?;
    let session = session.clone();
    database
        .write(move |conn| {
            forgive(conn, &subjects)?;
            store::set_password(conn, &account.id, &hash)?;
            let ended = store::delete_sessions(conn, &account.id, Some(&session.token_hash))?;
            tracing::info!(account = %account.id, sessions_ended = ended, "password changed");
            Ok(())
        })
        .await
}

/// Counts one more attempt, unless a lock holds.
fn count_attempt(conn: &mut Conn, now: Instant, subjects: &[(Subject, String)]) -> Result<()> {
    for (subject, hash) in subjects {
        let known = store::failures(conn, hash)?;
        if let Some(until) = known.as_ref().and_then(|row| row.locked_until)
            && now < until
        {
            tracing::warn!(?subject, "sign-in throttled");
            let minutes = until.since(now).as_secs().div_euclid(60).saturating_add(1);
            return Err(Problem::with(
                Code::Throttled,
                &[("minutes", &minutes.to_string())],
            ));
        }
        let failures = known
            .filter(|row| now.since(row.last_failed_at) < rules::FAILURES_FORGOTTEN)
            .map_or(0, |row| row.failures)
            .saturating_add(1);
        store::save_failures(
            conn,
            &store::FailureRow {
                subject_hash: hash.clone(),
                failures,
                last_failed_at: now,
                locked_until: rules::lock_after(*subject, failures).map(|span| now.plus(span)),
            },
        )?;
    }
    Ok(())
}

/// Takes back what was counted before the password proved right.
///
/// An address loses only its last attempt: else an attacker with an account of
/// their own could wipe the slate between guesses at others.
fn forgive(conn: &mut Conn, subjects: &[(Subject, String)]) -> Result<()> {
    for (subject, hash) in subjects {
        match subject {
            Subject::Account => store::forget_failures(conn, hash)?,
            Subject::Client => {
                if let Some(mut row) = store::failures(conn, hash)? {
                    row.failures = row.failures.saturating_sub(1);
                    row.locked_until = None;
                    store::save_failures(conn, &row)?;
                }
            }
        }
    }
    Ok(())
}

fn subject_hash(kind: &str, subject: &str) -> String {
    Sha256::of(format!("{kind}:{subject}").as_bytes()).to_string()
}
