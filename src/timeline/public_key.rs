//! The public key of checkpoints, as other programs read it and as people compare it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::kernel::Sha256;

/// What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410).
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

/// The key as a PEM file that `openssl pkey -pubin` reads.
pub fn pem(public_key: &[u8]) -> String {
    let body = STANDARD.encode(spki(public_key));
    format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
}

/// The 32 bytes of a key in a PEM file; none when it is no Ed25519 key.
pub fn from_pem(text: &str) -> Option<Vec<u8>> {
    let inner = text
        .split_once("-----BEGIN PUBLIC KEY-----")?
        .1
        .split_once("-----END PUBLIC KEY-----")?
        .0;
    let digits: String = inner.split_whitespace().collect();
    let bytes = STANDARD.decode(digits).ok()?;
    let key = bytes.strip_prefix(&SPKI)?;
    (key.len() == 32).then(|| key.to_vec())
}

/// What is written down elsewhere to know the key again: the SHA-256 of its DER form.
///
/// `openssl pkey -pubin -in public-key.pem -outform DER | sha256sum` prints the same.
pub fn fingerprint(public_key: &[u8]) -> Sha256 {
    Sha256::of(&spki(public_key))
}

fn spki(public_key: &[u8]) -> Vec<u8> {
    [&SPKI, public_key].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_and_nothing_else_does() {
        let key = [7; 32];
        assert_eq!(from_pem(&pem(&key)).unwrap(), key);
        for wrong in ["", "-----BEGIN PUBLIC KEY-----", &pem(&[7; 31])] {
            assert_eq!(from_pem(wrong), None);
        }
    }
}
