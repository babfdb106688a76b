//! Builds the bytes of a message: RFC 5322 headers, MIME parts, and its envelope.

use std::time::{Duration, SystemTime};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{MultiPart, SinglePart};
use lettre::{Address, Message};

use super::address::{NotAnAddress, Recipient, Sender};
use super::template::Content;
use crate::kernel::Instant;

/// A message ready for a transport.
pub(super) struct Built {
    pub from: Address,
    pub to: Address,
    pub bytes: Vec<u8>,
}

/// Why a message cannot be built; no attempt will change that.
#[derive(Debug, thiserror::Error)]
pub(super) enum CannotBuild {
    #[error("the address is not valid")]
    Address(#[from] NotAnAddress),
    #[error("the message could not be put together")]
    Message(#[from] lettre::error::Error),
}

/// Builds one message; the same inputs give the same headers on every attempt.
pub(super) fn build(
    from: &Sender,
    to: &Recipient,
    content: &Content,
    message_id: &str,
    date: Instant,
) -> Result<Built, CannotBuild> {
    let (from, to) = (from.mailbox()?, to.mailbox()?);
    let envelope = (from.email.clone(), to.email.clone());
    let micros = u64::try_from(date.as_micros()).unwrap_or(0);
    let message = Message::builder()
        .from(from)
        .to(to)
        .subject(content.subject.clone())
        .date(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
        .message_id(Some(message_id.to_owned()))
        // RFC 3834 section 5: holiday notices do not answer it.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    let message = match &content.html {
        Some(html) => message.multipart(MultiPart::alternative_plain_html(
            content.text.clone(),
            html.clone(),
        ))?,
        None => message.singlepart(SinglePart::plain(content.text.clone()))?,
    };
    Ok(Built {
        from: envelope.0,
        to: envelope.1,
        bytes: fold_names(message.formatted()),
    })
}

/// Puts the address on a line of its own where an encoded name makes the line too long.
///
/// RFC 2047 section 2 limits a header line with encoded words to 76 characters;
/// the mail library folds the subject so, and not `From` and `To`.
fn fold_names(message: Vec<u8>) -> Vec<u8> {
    const LIMIT: usize = 76;
    let mut folded = Vec::with_capacity(message.len().saturating_add(64));
    let mut done = 0usize;
    for line in message.split_inclusive(|&byte| byte == b'\n') {
        // The body is most of the message and stays as it is.
        if line == b"\r\n" {
            break;
        }
        done = done.saturating_add(line.len());
        let end_of_name = (line.len() > LIMIT + 2)
            .then(|| line.windows(4).position(|four| four == b"?= <"))
            .flatten();
        match end_of_name.and_then(|at| line.split_at_checked(at.saturating_add(2))) {
            Some((name, address)) => {
                folded.extend_from_slice(name);
                folded.extend_from_slice(b"\r\n");
                folded.extend_from_slice(address);
            }
            None => folded.extend_from_slice(line),
        }
    }
    folded.extend_from_slice(message.get(done..).unwrap_or_default());
    folded
}
