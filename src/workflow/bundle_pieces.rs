//! A bundle on its way out: written by a thread that may block, sent a piece at a time.

use std::io::{self, BufWriter, Write};

use futures_util::{Stream, stream};
use tokio::sync::mpsc::{Sender, channel};

use super::BundleFile;

const PIECE: usize = 256 * 1024;
/// Pieces that wait for a slow reader.
const AHEAD: usize = 2;

impl BundleFile {
    /// The bytes of the ZIP file, as they are made.
    ///
    /// The last piece is an error when the bundle could not be written to its end: whoever sends
    /// it breaks the transfer off. When the reader goes away, the writing ends as well.
    pub fn pieces(self) -> impl Stream<Item = io::Result<Vec<u8>>> + 'static {
        let (sender, receiver) = channel(AHEAD);
        tokio::task::spawn_blocking(move || {
            let pipe = BufWriter::with_capacity(PIECE, Pipe(sender.clone()));
            if let Err(problem) = self.bundle.write(pipe) {
                tracing::warn!(%problem, "a bundle was not written to its end");
                let _ = sender.blocking_send(Err(io::Error::other(problem)));
            }
        });
        stream::unfold(receiver, |mut receiver| async move {
            let piece = receiver.recv().await?;
            Some((piece, receiver))
        })
    }
}

struct Pipe(Sender<io::Result<Vec<u8>>>);

impl Write for Pipe {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.0
            .blocking_send(Ok(piece.to_vec()))
            .map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
