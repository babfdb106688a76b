//! Builds the bytes of a message: RFC 5322 headers, MIME parts, and its envelope.

use std::time::{Duration, SystemTime};

use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::address::{EmailAddress, NotAnAddress, Recipient, Sender};
use super::dkim::Signer;
use super::model::Priority;
use super::settings::MailSettings;
use super::template::Content;
use crate::kernel::{Instant, Problem, Result as Outcome};

/// A message ready for a transport.
pub(super) struct Built {
    pub from: Address,
    pub to: Address,
    pub bytes: Vec<u8>,
}

/// What messages carry beside their own content: where answers go, and the signature.
#[derive(Default)]
pub(super) struct Letterhead {
    reply_to: Option<EmailAddress>,
    signer: Option<Signer>,
}

impl Letterhead {
    /// Reads the key, when there is one.
    pub(super) fn new(settings: &MailSettings) -> Outcome<Self> {
        Ok(Self {
            reply_to: settings.answers_to()?,
            signer: settings.dkim.as_ref().map(Signer::open).transpose()?,
        })
    }
}

/// Why a message cannot be built; no attempt will change that.
#[derive(Debug, thiserror::Error)]
pub(super) enum CannotBuild {
    #[error("the address is not valid")]
    Address(#[from] NotAnAddress),
    #[error("the message could not be put together")]
    Message(#[from] lettre::error::Error),
    #[error("the message could not be signed")]
    Signature(Problem),
}

/// Builds one message; the same inputs give the same headers on every attempt.
pub(super) fn build(
    letterhead: &Letterhead,
    priority: Priority,
    from: &Sender,
    to: &Recipient,
    content: &Content,
    message_id: &str,
    date: Instant,
) -> Result<Built, CannotBuild> {
    let list_id = format!("<incident-notices.{}>", from.address().domain());
    let (from, to) = (from.mailbox()?, to.mailbox()?);
    let (sender, recipient) = (from.email.clone(), to.email.clone());
    let micros = u64::try_from(date.as_micros()).unwrap_or(0);
    let message = Message::builder()
        // Said here: the library would read it from the headers, where it takes no quoted local part.
        .envelope(Envelope::new(
            Some(sender.clone()),
            vec![recipient.clone()],
        )?)
        .from(from)
        .to(to)
        .subject(content.subject.clone())
        .date(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
        .message_id(Some(message_id.to_owned()))
        // RFC 3834 section 5: holiday notices do not answer it.
        .raw_header(header("Auto-Submitted", "auto-generated".to_owned()));
    let message = match priority {
        Priority::Team => message,
        // RFC 2919: one name for all notices, which says nothing of the incident.
        Priority::Bulk => {
            let message = message.raw_header(header("List-Id", list_id));
            match &letterhead.reply_to {
                Some(address) => message.reply_to(Mailbox::new(None, address.to_lettre()?)),
                None => message,
            }
        }
    };
    let message = match &content.html {
        Some(html) => message.multipart(MultiPart::alternative_plain_html(
            content.text.clone(),
            html.clone(),
        ))?,
        None => message.singlepart(SinglePart::plain(content.text.clone()))?,
    };
    let bytes = fold_names(message.formatted());
    Ok(Built {
        from: sender,
        to: recipient,
        bytes: match &letterhead.signer {
            Some(signer) => signer.sign(&bytes, date).map_err(CannotBuild::Signature)?,
            None => bytes,
        },
    })
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
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
