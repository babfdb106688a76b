//! Bytes and replies of one SMTP connection, each step bounded by time.

use std::io;
use std::time::Duration;

use memchr::{memchr, memchr_iter};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::socket::Socket;
use crate::outbox::model::Reply;

/// The longest reply that is read: RFC 5321 section 4.5.3.1.5 gives a line 512 bytes.
const REPLY_BYTES: usize = 64 * 1024;

/// How much is read at once.
const READ_BYTES: usize = 4 * 1024;

/// Why a step did not go on.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server answered 4xx or 5xx.
    Answer(Reply),
    /// No answer, or none that can be read.
    Broken(Reply),
}

impl Failure {
    pub(super) fn into_reply(self) -> Reply {
        match self {
            Self::Answer(reply) | Self::Broken(reply) => reply,
        }
    }
}

/// A connection with what was read of it and not yet understood.
pub(super) struct Wire {
    socket: Socket,
    inbox: Vec<u8>,
    /// How much of the inbox was understood already.
    read: usize,
}

impl Wire {
    pub(super) fn new(socket: Socket) -> Self {
        Self {
            socket,
            inbox: Vec::new(),
            read: 0,
        }
    }

    /// Writes all of these bytes.
    pub(super) async fn write(&mut self, bytes: &[u8], limit: Duration) -> Result<(), Failure> {
        let write = async {
            self.socket.write_all(bytes).await?;
            self.socket.flush().await
        };
        in_time(limit, write).await
    }

    /// Says one command and reads its answer, which must be 2xx or 3xx.
    pub(super) async fn speak(&mut self, command: &str, limit: Duration) -> Result<Reply, Failure> {
        self.write(format!("{command}\r\n").as_bytes(), limit)
            .await?;
        self.expect(limit).await
    }

    /// Reads one reply, which must be 2xx or 3xx.
    pub(super) async fn expect(&mut self, limit: Duration) -> Result<Reply, Failure> {
        let reply = self.reply(limit).await?;
        match reply.code {
            Some(200..400) => Ok(reply),
            _ => Err(Failure::Answer(reply)),
        }
    }

    /// Reads one reply, whatever it says; its lines are joined by line breaks.
    pub(super) async fn reply(&mut self, limit: Duration) -> Result<Reply, Failure> {
        in_time(limit, self.read_reply()).await
    }

    async fn read_reply(&mut self) -> io::Result<Reply> {
        let mut text = String::new();
        loop {
            let line = self.read_line().await?;
            let (code, more, words) = parts(&line)
                .ok_or_else(|| io::Error::other("the answer is not one of the mail protocol"))?;
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(words.trim_end());
            if text.len() > REPLY_BYTES {
                return Err(io::Error::other("the answer is too long"));
            }
            if !more {
                return Ok(Reply {
                    code: Some(code),
                    text,
                });
            }
        }
    }

    async fn read_line(&mut self) -> io::Result<String> {
        let mut looked = self.read;
        loop {
            let new = self.inbox.get(looked..).unwrap_or_default();
            if let Some(end) = memchr(b'\n', new).and_then(|at| looked.checked_add(at)) {
                let line = self.inbox.get(self.read..end).unwrap_or_default();
                let line = String::from_utf8_lossy(line).into_owned();
                self.read = end.saturating_add(1);
                if self.read >= self.inbox.len() {
                    self.inbox.clear();
                    self.read = 0;
                }
                return Ok(line);
            }
            looked = self.inbox.len();
            if looked.saturating_sub(self.read) > REPLY_BYTES {
                return Err(io::Error::other("the answer is too long"));
            }
            self.inbox.reserve(READ_BYTES);
            if self.socket.read_buf(&mut self.inbox).await? == 0 {
                return Err(io::Error::other("the server closed it"));
            }
        }
    }
}

/// Code, whether more lines follow, and the words of one line.
fn parts(line: &str) -> Option<(u16, bool, &str)> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let (code, rest) = line.split_at_checked(3)?;
    let code = code.parse().ok().filter(|code| (200..600).contains(code))?;
    match rest.split_at_checked(1) {
        None => Some((code, false, "")),
        Some((" ", words)) => Some((code, false, words)),
        Some(("-", words)) => Some((code, true, words)),
        Some(_) => None,
    }
}

async fn in_time<T>(
    limit: Duration,
    step: impl Future<Output = io::Result<T>>,
) -> Result<T, Failure> {
    match timeout(limit, step).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Failure::Broken(Reply::ours(format!(
            "the connection to the mail server broke: {error}"
        )))),
        Err(_) => Err(Failure::Broken(Reply::ours(
            "the mail server did not answer in time",
        ))),
    }
}

/// Appends a message as it goes over the line, its final dot included; false when it cannot.
///
/// A line break that is not CRLF is refused: servers disagree about what it ends, so that one
/// message could be read as two.
pub(super) fn content(message: &[u8], out: &mut Vec<u8>) -> bool {
    out.reserve(message.len().saturating_add(64));
    let mut from = 0;
    let mut breaks = 0usize;
    for at in memchr_iter(b'\n', message) {
        let next = at.saturating_add(1);
        let line = message.get(from..next).unwrap_or_default();
        if !line.ends_with(b"\r\n") {
            return false;
        }
        line_out(line, out);
        breaks = breaks.saturating_add(1);
        from = next;
    }
    // RFC 5321 section 2.3.8: a lone CR is never sent either.
    if memchr_iter(b'\r', message).count() != breaks {
        return false;
    }
    let last = message.get(from..).unwrap_or_default();
    if !last.is_empty() {
        line_out(last, out);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    true
}

/// RFC 5321 section 4.5.2: a dot at the start of a line is doubled.
fn line_out(line: &[u8], out: &mut Vec<u8>) {
    if line.first() == Some(&b'.') {
        out.push(b'.');
    }
    out.extend_from_slice(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_doubled_and_bare_line_breaks_refused() {
        let sent = |message: &str| {
            let mut out = Vec::new();
            content(message.as_bytes(), &mut out).then(|| String::from_utf8(out).unwrap())
        };
        assert_eq!(
            sent("a\r\n.\r\n..b\r\n").unwrap(),
            "a\r\n..\r\n...b\r\n.\r\n"
        );
        assert_eq!(sent(".a").unwrap(), "..a\r\n.\r\n");
        assert_eq!(sent("").unwrap(), ".\r\n");
        for smuggled in ["a\n.\r\nb\r\n", "a\r.\r\n", "a\n", "\r"] {
            assert_eq!(sent(smuggled), None, "{smuggled:?}");
        }
    }

    #[test]
    fn a_line_of_a_reply_is_read_or_refused() {
        assert_eq!(parts("250-SIZE 1\r"), Some((250, true, "SIZE 1")));
        assert_eq!(parts("354 go"), Some((354, false, "go")));
        assert_eq!(parts("250"), Some((250, false, "")));
        for wrong in ["", "25", "HTTP/1.1 400", "999 x", "250x", "20é x", "199 x"] {
            assert_eq!(parts(wrong), None, "{wrong:?}");
        }
    }
}
