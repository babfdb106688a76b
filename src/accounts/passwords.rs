//! Argon2id, away from the async threads, a few at a time.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::rules;
use crate::kernel::{Code, Problem, Redacted, Result, random};

/// Each costs 19 MiB and some 30 ms of one core; more at once only wait for each other.
const AT_ONCE: usize = 2;

/// A password as it is stored: a PHC string of argon2id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashedPassword(pub(super) Redacted<String>);

/// Hashes and checks passwords; cheap to clone.
#[derive(Clone, Debug)]
pub struct Passwords {
    permits: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl Passwords {
    /// Hashes a new password, unless the rules refuse it.
    ///
    /// `context` are the person's address and name, which make poor passwords.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] for the field `new_password`.
    pub async fn hash(
        &self,
        password: Redacted<String>,
        context: &[&str],
    ) -> Result<HashedPassword> {
        check(&password, context)?;
        self.run(move || hash(password.reveal())).await
    }

    /// [`Passwords::hash`] for a thread that may block: the command line.
    ///
    /// # Errors
    /// As [`Passwords::hash`].
    pub fn hash_blocking(
        &self,
        password: &Redacted<String>,
        context: &[&str],
    ) -> Result<HashedPassword> {
        check(password, context)?;
        hash(password.reveal())
    }

    /// Whether a password belongs to a stored hash; without a hash it takes as long, and does not.
    pub(super) async fn verify(
        &self,
        password: Redacted<String>,
        stored: Option<HashedPassword>,
    ) -> Result<bool> {
        self.run(move || match stored {
            Some(stored) => Ok(argon2()?
                .verify_password(password.reveal().as_bytes(), stored.0.reveal().as_str())
                .is_ok()),
            None => hash(password.reveal()).map(|_| false),
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = self
            .permits
            .clone()
            .acquire_owned()
            .await
            .map_err(Problem::internal)?;
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await
        .map_err(Problem::internal)?
    }
}

fn check(password: &Redacted<String>, context: &[&str]) -> Result<()> {
    match rules::password_problem(password.reveal(), context) {
        Some(problem) => Err(Problem::fields(vec![problem])),
        None => Ok(()),
    }
}

fn hash(password: &str) -> Result<HashedPassword> {
    let salt: [u8; 16] = random::bytes();
    argon2()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| HashedPassword(Redacted::new(hash.to_string())))
        .map_err(|error| Problem::new(Code::Internal).caused_by(error))
}

/// OWASP's second choice of 2024: 19 MiB, two passes, one lane.
fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None)
        .map_err(|error| Problem::new(Code::Internal).caused_by(error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}
