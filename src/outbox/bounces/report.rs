//! Reads a returned mail: `multipart/report` with a delivery status and the message's own headers.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::rules::{self, Action, Verdict};
use super::{Bounce, LIMIT, Taken};

/// How many messages may lie within each other, counted by the words that open one.
///
/// The parser keeps them as a tree, whose depth the stack bears. An ordinary
/// report names three.
const NESTED: usize = 50;

/// How many bytes of a status, or of returned headers, are looked at.
const PART_BYTES: usize = 64 * 1024;

/// Reads one returned mail.
///
/// # Errors
/// Why it says nothing of a message, as what it is to be counted.
pub fn read(mail: &[u8]) -> Result<Bounce, Taken> {
    if mail.len() > LIMIT {
        return Err(Taken::TooLarge);
    }
    if opens_messages(mail) > NESTED {
        return Err(Taken::Unreadable);
    }
    let message = MessageParser::default()
        .parse(mail)
        .filter(is_mail)
        .ok_or(Taken::Unreadable)?;
    let parts = direct_parts(&message);
    let status = parts.iter().find(|part| {
        is(part, "message", "delivery-status") || is(part, "message", "global-delivery-status")
    });
    let Some(status) = status else {
        return Err(if is_auto_reply(&message) {
            Taken::AutoReply
        } else {
            Taken::NoReport
        });
    };
    let fields = Fields::read(&text(status));
    let message_id = parts
        .iter()
        .find_map(|part| returned_id(part))
        .or_else(|| fields.envelope_id());
    Ok(fields.bounce(message_id.unwrap_or_default()))
}

/// Whether there is a header that every mail has one of: the parser finds names in any bytes.
fn is_mail(message: &Message<'_>) -> bool {
    [
        "From",
        "To",
        "Subject",
        "Date",
        "Content-Type",
        "Return-Path",
    ]
    .iter()
    .any(|name| message.header(*name).is_some())
}

/// How often the words stand there without which no part is a message of its own.
fn opens_messages(mail: &[u8]) -> usize {
    let lower = mail.to_ascii_lowercase();
    ["rfc822", "global", "digest"]
        .iter()
        .map(|word| memchr::memmem::find_iter(&lower, word).count())
        .fold(0, usize::saturating_add)
}

/// The parts of the outermost multipart; what lies deeper is other people's mail.
fn direct_parts<'a>(message: &'a Message<'a>) -> Vec<&'a MessagePart<'a>> {
    let root = message.part(0);
    root.and_then(MessagePart::sub_parts)
        .unwrap_or_default()
        .iter()
        .filter_map(|id| message.part(*id))
        .collect()
}

fn is(part: &MessagePart<'_>, main: &str, sub: &str) -> bool {
    part.content_type().is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case(main)
            && kind
                .subtype()
                .is_some_and(|found| found.eq_ignore_ascii_case(sub))
    })
}

fn is_auto_reply(message: &Message<'_>) -> bool {
    // RFC 3834 section 5; the other one is older, and common.
    let says = |name: &str, words: &[&str]| {
        message
            .header_raw(name)
            .map(|value| value.trim().to_ascii_lowercase())
            .is_some_and(|value| words.iter().any(|word| value.starts_with(word)))
    };
    says("Auto-Submitted", &["auto-replied"])
        || says("Precedence", &["auto_reply"])
        || says("X-Autoreply", &["yes"])
}

/// The `Message-ID` of the message that came back, from it whole or from its headers.
fn returned_id(part: &MessagePart<'_>) -> Option<String> {
    let id = match &part.body {
        PartType::Message(returned) => returned.message_id().map(str::to_owned),
        _ if is(part, "text", "rfc822-headers")
            || is(part, "message", "rfc822")
            || is(part, "message", "global-headers")
            || is(part, "message", "global") =>
        {
            let mut headers = text(part);
            headers.push_str("\r\n\r\n");
            MessageParser::default()
                .parse_headers(headers.as_bytes())
                .and_then(|returned| returned.message_id().map(str::to_owned))
        }
        _ => None,
    };
    id.filter(|id| !id.is_empty())
}

fn text(part: &MessagePart<'_>) -> String {
    let bytes = part.contents();
    String::from_utf8_lossy(bytes.get(..PART_BYTES).unwrap_or(bytes)).into_owned()
}

/// The fields of a delivery status: those of the message, then a group for each recipient.
struct Fields(Vec<Vec<(String, String)>>);

impl Fields {
    fn read(status: &str) -> Self {
        let mut groups: Vec<Vec<(String, String)>> = vec![Vec::new()];
        for line in status.lines() {
            let Some(group) = groups.last_mut() else {
                break;
            };
            if line.trim().is_empty() {
                if !group.is_empty() {
                    groups.push(Vec::new());
                }
            } else if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = group.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                group.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self(groups)
    }

    /// RFC 3464 section 2.2.1: what we gave the message to carry along.
    fn envelope_id(&self) -> Option<String> {
        self.0
            .first()
            .and_then(|group| value(group, "original-envelope-id"))
            .map(xtext)
    }

    /// What they say of our one recipient.
    ///
    /// An alias may have made several of it; only when all failed did nobody get it.
    fn bounce(&self, message_id: String) -> Bounce {
        let reports: Vec<Bounce> = self
            .0
            .iter()
            .filter_map(|group| {
                let action = value(group, "action")?;
                Some(Bounce {
                    message_id: message_id.clone(),
                    action: Action::parse(action),
                    status: value(group, "status").unwrap_or_default().to_owned(),
                    diagnostic: value(group, "diagnostic-code")
                        .unwrap_or_default()
                        .to_owned(),
                })
            })
            .collect();
        let severity = |bounce: &Bounce| match rules::verdict(
            bounce.action,
            &bounce.status,
            &bounce.diagnostic,
        ) {
            Verdict::Nothing => 0,
            Verdict::Delayed => 1,
            Verdict::Expired => 2,
            Verdict::Bounced => 3,
        };
        reports.into_iter().min_by_key(severity).unwrap_or(Bounce {
            message_id,
            ..Bounce::default()
        })
    }
}

fn value<'a>(group: &'a [(String, String)], name: &str) -> Option<&'a str> {
    group
        .iter()
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
}

/// Undoes the encoding of RFC 3461 section 4: `+` and two hexadecimal digits.
fn xtext(text: &str) -> String {
    let mut pieces = text.split('+');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let byte = piece
            .get(..2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, piece.get(2..)) {
            (Some(byte), Some(rest)) if byte.is_ascii() => {
                plain.push(char::from(byte));
                plain.push_str(rest);
            }
            _ => {
                plain.push('+');
                plain.push_str(piece);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_id_is_decoded() {
        assert_eq!(xtext("a+2Bb+3Dc"), "a+b=c");
        assert_eq!(xtext("a+zz+"), "a+zz+");
        assert_eq!(xtext("+C3+A4"), "+C3+A4");
    }
}
