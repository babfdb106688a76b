//! Signs messages so that receivers can tell that the domain stands behind them (RFC 6376, RFC 8463).
//!
//! Headers and body are canonicalised "relaxed", as relays fold and trim. `From`
//! is signed once more than it occurs: a second one, added on the way, breaks the
//! signature. The key decides the algorithm: Ed25519, or RSA of 2048 bits or more.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use super::settings::DkimSettings;
use crate::kernel::digest::Sha256;
use crate::kernel::{Code, Instant, Problem, Result, random};

/// What is signed of the headers, as far as a message has it.
const SIGNED: [&str; 10] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "auto-submitted",
    "list-id",
    "reply-to",
];

/// Base64 in one line of the header: with the line's blank well below 78 characters.
const FOLD: usize = 72;

/// Holds the private key of one selector.
pub(super) struct Signer {
    domain: String,
    selector: String,
    key: Key,
}

enum Key {
    Ed25519(Box<Ed25519KeyPair>),
    Rsa(Box<RsaKeyPair>),
}

impl Signer {
    /// Reads the key.
    ///
    /// # Errors
    /// [`Code::InvalidSetting`] when the file cannot be read, or holds no key that may be used.
    pub(super) fn open(settings: &DkimSettings) -> Result<Self> {
        Ok(Self {
            domain: settings.domain.to_lowercase(),
            selector: settings.selector.to_lowercase(),
            key: Key::open(&settings.key_file)?,
        })
    }

    /// Puts a `DKIM-Signature` before a whole message with CRLF line ends.
    pub(super) fn sign(&self, message: &[u8], at: Instant) -> Result<Vec<u8>> {
        let (head, body) = split(message);
        let headers = headers(head);
        let (names, mut signed) = chosen(&headers);
        let body_hash = STANDARD.encode(Sha256::of(&relaxed_body(body)).as_bytes());
        let unsigned = format!(
            "DKIM-Signature: v=1; a={}; c=relaxed/relaxed; d={};\r\n s={}; t={};\r\n h={};\r\n bh={body_hash};\r\n b=",
            self.key.algorithm(),
            self.domain,
            self.selector,
            at.as_millis().div_euclid(1_000),
            names.join(":\r\n "),
        );
        // The signature covers its own header, with an empty value and without a line end (RFC 6376 section 3.7).
        signed.extend_from_slice(&relaxed_header(unsigned.as_bytes()));
        let signature = STANDARD.encode(self.key.sign(&signed)?);
        let mut whole = unsigned.into_bytes();
        for piece in signature.as_bytes().chunks(FOLD) {
            whole.extend_from_slice(b"\r\n ");
            whole.extend_from_slice(piece);
        }
        whole.extend_from_slice(b"\r\n");
        whole.extend_from_slice(message);
        Ok(whole)
    }

    /// Where the public key is to be published, and as what: the name and the text of a DNS TXT record.
    pub(super) fn record(&self) -> (String, String) {
        let (kind, public) = match &self.key {
            Key::Ed25519(pair) => ("ed25519", pair.public_key().as_ref().to_vec()),
            Key::Rsa(pair) => ("rsa", public_key_info(pair.public_key().as_ref())),
        };
        (
            format!("{}._domainkey.{}", self.selector, self.domain),
            format!("v=DKIM1; k={kind}; p={}", STANDARD.encode(public)),
        )
    }
}

impl Key {
    fn open(path: &Path) -> Result<Self> {
        let pem =
            std::fs::read(path).map_err(|error| wrong("it cannot be read").caused_by(error))?;
        let der = PrivatePkcs8KeyDer::from_pem_slice(&pem)
            .map_err(|_| wrong("it must be PEM with BEGIN PRIVATE KEY (PKCS#8)"))?;
        // OpenSSL leaves out the public key, which is then derived.
        if let Ok(pair) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.secret_pkcs8_der()) {
            return Ok(Self::Ed25519(Box::new(pair)));
        }
        RsaKeyPair::from_pkcs8(der.secret_pkcs8_der())
            .map(|pair| Self::Rsa(Box::new(pair)))
            .map_err(|rejected| {
                wrong("it must be an Ed25519 key, or an RSA key of 2048 to 4096 bits")
                    .caused_by(rejected.to_string())
            })
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "ed25519-sha256",
            Self::Rsa(_) => "rsa-sha256",
        }
    }

    fn sign(&self, data: &[u8]) -> Result<Vec<u8>> {
        match self {
            // RFC 8463 section 3: what Ed25519 signs is the digest.
            Self::Ed25519(pair) => Ok(pair.sign(Sha256::of(data).as_bytes()).as_ref().to_vec()),
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random::source(), data, &mut signature)
                    .map_err(|_| Problem::internal("the DKIM key does not sign"))?;
                Ok(signature)
            }
        }
    }
}

/// Splits a message after its last header line; the blank line belongs to neither.
fn split(message: &[u8]) -> (&[u8], &[u8]) {
    let end = memchr::memmem::find(message, b"\r\n\r\n");
    match end.and_then(|at| message.split_at_checked(at.saturating_add(2))) {
        Some((head, rest)) => (head, rest.get(2..).unwrap_or_default()),
        None => (message, &[]),
    }
}

/// The header fields in order, each with its folded lines and its line end.
fn headers(head: &[u8]) -> Vec<&[u8]> {
    let mut fields = Vec::new();
    let mut rest = head;
    while !rest.is_empty() {
        let end = memchr::memmem::find_iter(rest, b"\r\n")
            .map(|at| at.saturating_add(2))
            .find(|at| !matches!(rest.get(*at), Some(b' ' | b'\t')))
            .unwrap_or(rest.len());
        let (field, later) = rest.split_at(end);
        fields.push(field);
        rest = later;
    }
    fields
}

/// The names to list, and the canonical fields in that order.
///
/// The last of several is signed first (RFC 6376 section 5.4.2); ours occur once.
fn chosen(headers: &[&[u8]]) -> (Vec<&'static str>, Vec<u8>) {
    let (mut names, mut signed) = (Vec::new(), Vec::new());
    for name in SIGNED {
        for field in headers.iter().rev().filter(|field| is_named(field, name)) {
            names.push(name);
            signed.extend_from_slice(&relaxed_header(field));
            signed.extend_from_slice(b"\r\n");
        }
    }
    names.push("from");
    (names, signed)
}

fn is_named(field: &[u8], name: &str) -> bool {
    field
        .split(|byte| *byte == b':')
        .next()
        .is_some_and(|found| found.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
}

/// RFC 6376 section 3.4.2, without the line end.
fn relaxed_header(field: &[u8]) -> Vec<u8> {
    let colon = memchr::memchr(b':', field).unwrap_or(field.len());
    let (name, value) = field.split_at(colon);
    let mut canonical = name.trim_ascii().to_ascii_lowercase();
    canonical.push(b':');
    let unfolded: Vec<u8> = value
        .iter()
        .skip(1)
        .copied()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    canonical.extend_from_slice(&single_spaced(unfolded.trim_ascii()));
    canonical
}

/// RFC 6376 section 3.4.4: blanks at line ends and empty lines at the end do not count.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut canonical = Vec::with_capacity(body.len());
    let mut empty_lines = 0_usize;
    let text = body.strip_suffix(b"\r\n").unwrap_or(body);
    for line in text.split(|byte| *byte == b'\n') {
        let line = single_spaced(line.strip_suffix(b"\r").unwrap_or(line));
        let line = line.strip_suffix(b" ").unwrap_or(&line);
        if line.is_empty() {
            empty_lines = empty_lines.saturating_add(1);
            continue;
        }
        for _ in 0..empty_lines {
            canonical.extend_from_slice(b"\r\n");
        }
        empty_lines = 0;
        canonical.extend_from_slice(line);
        canonical.extend_from_slice(b"\r\n");
    }
    canonical
}

/// Makes each run of blanks one.
fn single_spaced(text: &[u8]) -> Vec<u8> {
    let mut spaced = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            b' ' | b'\t' if spaced.last() == Some(&b' ') => {}
            b' ' | b'\t' => spaced.push(b' '),
            other => spaced.push(*other),
        }
    }
    spaced
}

/// Wraps an RSA key (PKCS#1) as a `SubjectPublicKeyInfo` (RFC 5280 section 4.1), which receivers expect under `p=`.
fn public_key_info(rsa: &[u8]) -> Vec<u8> {
    // The algorithm rsaEncryption with its NULL parameter.
    const ALGORITHM: &[u8] = &[
        0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
    ];
    let bits = der(0x03, &[&[0], rsa].concat());
    der(0x30, &[ALGORITHM, &bits].concat())
}

/// One DER value: tag, length, content.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut value = vec![tag];
    if content.len() >= 0x80 {
        value.push(0x80 | u8::try_from(length.len()).unwrap_or_default());
    }
    value.extend_from_slice(&length);
    value.extend_from_slice(content);
    value
}

fn wrong(why: &str) -> Problem {
    Problem::with(
        Code::InvalidSetting,
        &[("setting", "mail.dkim.key_file"), ("why", why)],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    // The examples of RFC 6376 section 3.4.5.
    #[test]
    fn canonical_forms_are_those_of_the_standard() {
        let message = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";
        let (head, body) = split(message);
        let fields: Vec<_> = headers(head).into_iter().map(relaxed_header).collect();
        assert_eq!(fields, [b"a:X".to_vec(), b"b:Y Z".to_vec()]);
        assert_eq!(relaxed_body(body), b" C\r\nD E\r\n");
        assert_eq!(relaxed_body(b""), b"");
        assert_eq!(relaxed_body(b"\r\n\r\n"), b"");
        assert_eq!(relaxed_body(b"a\r\n\r\nb"), b"a\r\n\r\nb\r\n");
    }
}
