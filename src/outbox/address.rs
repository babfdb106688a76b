//! Mail addresses and names, made safe once at the edge.
//!
//! The mail library panics on CR, LF or NUL in a display name and takes
//! `b@localhost` for valid; so neither reaches it unchecked.

use std::fmt;
use std::str::FromStr;

use lettre::Address;
use lettre::message::Mailbox;
use serde::{Deserialize, Deserializer, Serialize};

/// The longest display name that is sent; a longer one is cut.
const NAME_CHARS: usize = 100;

/// A valid mail address; `Debug` prints no content.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

/// Says that a text is no mail address; never repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a mail address such as taro@example.jp")]
pub struct NotAnAddress;

impl EmailAddress {
    /// Reads one address of the form `local@domain.tld`, without a name.
    ///
    /// What the standard allows and servers refuse is refused here, where somebody
    /// can still write a letter instead: quoted local parts, address literals,
    /// comments. Dots at odd places (`a..b@`, `a.@`) are taken although the standard
    /// wants quotes around them, because Japanese carriers gave out such addresses;
    /// they are quoted on the wire.
    ///
    /// # Errors
    /// [`NotAnAddress`] for anything else, and for a domain without a dot.
    pub fn parse(text: &str) -> Result<Self, NotAnAddress> {
        let text = text.trim();
        // RFC 5321 section 4.5.3.1: 64 octets before the sign, 254 in all.
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnAddress)?;
        let local_fits = (1..=64).contains(&local.len())
            && !local.starts_with('.')
            && local
                .chars()
                .all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
        if text.len() > 254 || !local_fits || ascii_domain(domain).is_none() {
            return Err(NotAnAddress);
        }
        let address = Self(text.to_owned());
        address.to_lettre().map(|_| address)
    }

    /// The address itself; the name makes each use easy to find.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// What stands before the `@`.
    pub(super) fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// The address as SMTP carries it: a domain in ASCII, quotes where the standard wants them.
    pub(super) fn to_lettre(&self) -> Result<Address, NotAnAddress> {
        let (local, domain) = (self.local(), ascii_domain(self.domain()));
        let domain = domain.ok_or(NotAnAddress)?;
        let text = if local.ends_with('.') || local.contains("..") {
            format!("\"{local}\"@{domain}")
        } else {
            format!("{local}@{domain}")
        };
        Address::from_str(&text).map_err(|_| NotAnAddress)
    }
}

/// A host name as DNS knows it; none for an address literal, and for a name without a dot.
fn ascii_domain(domain: &str) -> Option<String> {
    if domain.contains(['%', '[']) {
        return None;
    }
    match url::Host::parse(domain).ok()? {
        url::Host::Domain(name) => {
            let mut labels = name.split('.');
            let fits = name.len() <= 253
                && labels.clone().count() >= 2
                && labels.all(|label| {
                    (1..=63).contains(&label.len())
                        && !label.starts_with('-')
                        && !label.ends_with('-')
                        && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                });
            fits.then_some(name)
        }
        _ => None,
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Who a message goes to; `Debug` prints no content.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    address: EmailAddress,
    name: String,
}

impl Recipient {
    /// Takes an address and a display name, which may be empty; the name is cleaned.
    pub fn new(address: EmailAddress, name: &str) -> Self {
        Self {
            address,
            name: clean_name(name),
        }
    }

    /// The address.
    pub fn address(&self) -> &EmailAddress {
        &self.address
    }

    /// The cleaned display name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn mailbox(&self) -> Result<Mailbox, NotAnAddress> {
        mailbox(&self.address, &self.name)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Who messages come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    address: EmailAddress,
    name: String,
}

impl Sender {
    /// Takes an address and a display name, which may be empty; the name is cleaned.
    pub fn new(address: EmailAddress, name: &str) -> Self {
        Self {
            address,
            name: clean_name(name),
        }
    }

    /// The address.
    pub fn address(&self) -> &EmailAddress {
        &self.address
    }

    pub(super) fn mailbox(&self) -> Result<Mailbox, NotAnAddress> {
        mailbox(&self.address, &self.name)
    }
}

/// Makes one line of a text: control characters become spaces, runs of spaces one.
///
/// The marks that turn the direction of text go: they would show a name, or the
/// words around it, backwards.
pub(super) fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .filter(|c| !turns_direction(*c))
        .map(|c| if breaks_line(c) { ' ' } else { c })
        .collect();
    // Full-width spaces between the parts of a Japanese name stay as they are.
    spaced
        .split(' ')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn breaks_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn clean_name(name: &str) -> String {
    one_line(name).chars().take(NAME_CHARS).collect()
}

fn mailbox(address: &EmailAddress, name: &str) -> Result<Mailbox, NotAnAddress> {
    // Cleaned again: a stored name may come from an older version.
    let name = clean_name(name);
    Ok(Mailbox::new(
        (!name.is_empty()).then_some(name),
        address.to_lettre()?,
    ))
}
