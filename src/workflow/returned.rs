//! Mail that came back: from the folder in which it arrives, or reported by a script.

use super::House;
use crate::accounts::{Granted, can};
use crate::kernel::{Problem, Result};
use crate::outbox::bounces::{self, Bounce, Drop, Folder, Taken};

impl House {
    /// Takes what lies in the folder of returned mail; gives how many files it took.
    ///
    /// # Errors
    /// The database's or the file system's own error; what was not taken stays where it is.
    pub async fn read_returned_mail(&self) -> Result<usize> {
        let Some(path) = &self.mail.bounce_folder else {
            return Ok(0);
        };
        let folder = Folder::new(path);
        let look = folder.clone();
        let waiting = blocking(move || look.waiting()).await?;
        let mut number = 0;
        for file in waiting {
            let taken = self.take_file(&folder, file).await?;
            number += usize::from(taken != Taken::Early);
        }
        Ok(number)
    }

    /// Takes a returned mail as it came.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn take_returned_mail(
        &self,
        _: &Granted<can::SendNotice>,
        mail: Vec<u8>,
    ) -> Result<Taken> {
        let read = blocking(move || Ok(bounces::read(&mail))).await?;
        self.take(read).await
    }

    /// Takes a mail service's report about one message.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn take_bounce(&self, _: &Granted<can::SendNotice>, bounce: Bounce) -> Result<Taken> {
        self.take(Ok(bounce)).await
    }

    async fn take_file(&self, folder: &Folder, file: Drop) -> Result<Taken> {
        let (read, file) = blocking(move || Ok((bounces::read(&file.bytes), file))).await?;
        let taken = self.take(read).await?;
        // Written down first: a crash between the two reads the file again, and changes nothing.
        if taken != Taken::Early {
            let folder = folder.clone();
            blocking(move || folder.put_away(&file, taken)).await?;
        }
        Ok(taken)
    }

    async fn take(&self, read: std::result::Result<Bounce, Taken>) -> Result<Taken> {
        let (vault, now) = (self.vault.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                let read = read.as_ref().map_err(|why| *why);
                bounces::take(tx, &vault, now, read)
            })
            .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(Problem::internal)??)
}
