//! Signed notes (C2SP signed-note): lines of text, an empty line, an Ed25519 signature.
//!
//! People read the text, and programs of others check the signature.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{SigningKey, signature_holds};
use crate::kernel::Sha256;

/// The signature type Ed25519 of the format.
const ED25519_TYPE: u8 = 1;

/// Signs a text; `name` is the key's name in the signature line, and `body` ends with a line break.
pub fn sign(key: &SigningKey, name: &str, body: &str) -> String {
    let signature = [
        key_hash(name, key.public_key()).as_slice(),
        &key.sign(body.as_bytes()),
    ]
    .concat();
    format!("{body}\n— {name} {}\n", STANDARD.encode(signature))
}

/// The text of a note, whether its signature holds or not; none when it has no signature line.
pub fn body(note: &str) -> Option<&str> {
    note.rsplit_once("\n— ").map(|(body, _)| body)
}

/// Checks the signature of a note.
///
/// # Errors
/// What is wrong with it, in English.
pub fn check(note: &str, name: &str, public_key: &[u8]) -> Result<(), &'static str> {
    let (body, signature) = note.rsplit_once("\n— ").ok_or("it has no signature")?;
    let mut words = signature.split_whitespace();
    if words.next() != Some(name) {
        return Err("its signature is of another kind");
    }
    let signature = words.next().ok_or("its signature is cut")?;
    let signature = STANDARD
        .decode(signature)
        .map_err(|_| "its signature is no Base64")?;
    let (hash, signature) = signature
        .split_at_checked(4)
        .ok_or("its signature is cut")?;
    if hash != key_hash(name, public_key) {
        return Err("it was signed with another key");
    }
    if !signature_holds(public_key, body.as_bytes(), signature) {
        return Err("its signature does not hold");
    }
    Ok(())
}

fn key_hash(name: &str, public_key: &[u8]) -> Vec<u8> {
    let named = [name.as_bytes(), b"\n", &[ED25519_TYPE], public_key].concat();
    Sha256::of(&named)
        .as_bytes()
        .iter()
        .take(4)
        .copied()
        .collect()
}
