//! Sealing of personal fields and files, blind look-up, and their destruction.
//!
//! In come bytes and the scope that they belong to; out go sealed bytes. Each
//! incident has a data key of its own, wrapped by the server's master key, so
//! that destroying one wrapped key destroys what it sealed. The vault refuses to
//! know what it seals, and hands no key material out.

mod cipher;
mod keys;
pub mod note;
mod rotation;
pub mod stream;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use diesel::prelude::*;

pub use cipher::{BlindIndex, BlindKey, DataKey};
pub use keys::{SigningKey, signature_holds};
pub use rotation::{Rotated, rotate_master_key};

use crate::kernel::{Code, Instant, Problem, Result, random};
use crate::store::Conn;
use crate::store::schema::data_keys;

/// What a data key belongs to: one incident, or the server itself.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Scope(String);

impl Scope {
    /// The server's own scope: team mail, second factors.
    pub fn server() -> Self {
        Self("server".to_owned())
    }

    /// The scope of one incident, by its id.
    pub fn incident(id: impl fmt::Display) -> Self {
        Self(id.to_string())
    }

    /// The scope of an incident's affected people: their records, rosters, mails and exports.
    ///
    /// Apart from the incident's own, so that destroying the people's key leaves the other evidence.
    pub fn people(incident_id: impl fmt::Display) -> Self {
        Self(format!("people:{incident_id}"))
    }

    /// The scope that a table row names.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The text that the database keeps.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Holds the master key and the signing key; cheap to clone.
#[derive(Clone)]
pub struct Vault {
    keys: Arc<keys::Keys>,
}

impl Vault {
    /// Reads the keys from a folder, and makes them (mode 0600) when none are there.
    ///
    /// # Errors
    /// [`Code::InvalidSetting`] when a key file is unreadable, malformed or open to
    /// other accounts of the machine.
    pub fn open_or_create(folder: &Path) -> Result<Self> {
        Ok(Self {
            keys: Arc::new(keys::Keys::open_or_create(folder)?),
        })
    }

    /// The key that signs checkpoints of the timeline.
    pub fn signing_key(&self) -> &SigningKey {
        &self.keys.signing
    }

    /// The data key of a scope, made now if it has none.
    ///
    /// # Errors
    /// [`Code::Purged`] when the key was destroyed.
    pub fn key(&self, conn: &mut Conn, scope: &Scope, now: Instant) -> Result<DataKey> {
        if let Some(key) = self.existing_key(conn, scope)? {
            return Ok(key);
        }
        let (key, wrapped) = self.keys.fresh_data_key(scope.as_str())?;
        let row = (
            data_keys::scope.eq(scope.as_str()),
            data_keys::wrapped.eq(wrapped),
            data_keys::created_at.eq(now),
        );
        // Two servers may meet here: the first row stays, and both read it back.
        let inserted = crate::each_db!(conn, |c| diesel::insert_into(data_keys::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c))?;
        if inserted == 1 {
            return Ok(key);
        }
        self.existing_key(conn, scope)?
            .ok_or_else(|| Problem::internal("data key vanished"))
    }

    /// Seals bytes under a scope; `purpose` binds them to one use.
    ///
    /// # Errors
    /// As [`Vault::key`].
    pub fn seal(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        purpose: &str,
        plaintext: &[u8],
        now: Instant,
    ) -> Result<Vec<u8>> {
        self.key(conn, scope, now)?.seal(purpose, plaintext)
    }

    /// Opens what [`Vault::seal`] gave, for the same scope and purpose.
    ///
    /// # Errors
    /// [`Code::Purged`] when the key was destroyed; [`Code::Internal`] when the bytes were changed.
    pub fn open(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        purpose: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>> {
        self.existing_key(conn, scope)?
            .ok_or_else(|| Problem::internal("nothing was ever sealed in this scope"))?
            .open(purpose, sealed)
    }

    /// Destroys the data key of a scope: what it sealed can never be opened again.
    ///
    /// # Errors
    /// The database's own error.
    pub fn destroy(&self, conn: &mut Conn, scope: &Scope, now: Instant) -> Result<()> {
        diesel::update(data_keys::table.find(scope.as_str()))
            .set((
                // As long as what stood there, so that SQLite overwrites it in its place.
                data_keys::wrapped.eq(random::bytes::<60>().to_vec()),
                data_keys::destroyed_at.eq(Some(now)),
            ))
            .execute(conn)?;
        Ok(())
    }

    fn existing_key(&self, conn: &mut Conn, scope: &Scope) -> Result<Option<DataKey>> {
        let row: Option<(Vec<u8>, Option<Instant>)> = data_keys::table
            .find(scope.as_str())
            .select((data_keys::wrapped, data_keys::destroyed_at))
            .first(conn)
            .optional()?;
        match row {
            None => Ok(None),
            Some((_, Some(_))) => Err(Problem::new(Code::Purged)),
            Some((wrapped, None)) => self.keys.unwrap(scope.as_str(), &wrapped).map(Some),
        }
    }
}
