//! Checkpoints on demand; those of each hour are made by `jobs`, those of closing by `declare`.

use super::House;
use crate::accounts::{Granted, can};
use crate::kernel::Result;
use crate::store::Conn;
use crate::timeline::checkpoint::{self, Checkpoint};

impl House {
    /// Makes a checkpoint of every chain; gives the newest when there is nothing new to say.
    ///
    /// None when no incident was ever declared. Whoever may write a note may do this: it changes no
    /// incident, and nothing that anybody said.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn make_checkpoint(&self, _by: &Granted<can::AddNote>) -> Result<Option<Checkpoint>> {
        let house = self.clone();
        self.store
            .write_alone(move |tx| house.newest_or_new(tx))
            .await
    }

    /// [`House::make_checkpoint`] for whoever holds the server itself: jobs and the command line.
    ///
    /// Blocks its thread.
    ///
    /// # Errors
    /// The database's own error.
    pub fn make_checkpoint_as_system(&self) -> Result<Option<Checkpoint>> {
        self.store.write_blocking(|tx| self.newest_or_new(tx))
    }

    fn newest_or_new(&self, tx: &mut Conn) -> Result<Option<Checkpoint>> {
        match checkpoint::write(tx, self.vault.signing_key(), self.clock.now())? {
            Some(made) => Ok(Some(made)),
            None => Ok(checkpoint::newest(tx)?),
        }
    }
}
