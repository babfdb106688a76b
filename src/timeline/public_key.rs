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

/// What is written down elsewhere to know the key again: the SHA-256 of its DER form.
///
/// `openssl pkey -pubin -in public-key.pem -outform DER | sha256sum` prints the same.
pub fn fingerprint(public_key: &[u8]) -> Sha256 {
    Sha256::of(&spki(public_key))
}

fn spki(public_key: &[u8]) -> Vec<u8> {
    [&SPKI, public_key].concat()
}
