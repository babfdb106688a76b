//! AES-256-GCM (NIST SP 800-38D) under a data key, HKDF (RFC 5869), HMAC (RFC 2104).

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::{hkdf, hmac};

use crate::kernel::{Problem, Result, random};

/// The first byte of everything sealed: AES-256-GCM, random nonce of 96 bits.
const ALGORITHM: u8 = 1;
const KEY_ID_LEN: usize = 8;
const TAG_LEN: usize = 16;
pub(super) const KEY_LEN: usize = 32;

/// The data key of one scope; `Debug` and `Display` are deliberately absent.
#[derive(Clone)]
pub struct DataKey {
    aead: LessSafeKey,
    id: [u8; KEY_ID_LEN],
    root: hkdf::Prk,
}

impl DataKey {
    pub(super) fn new(secret: &[u8; KEY_LEN]) -> Result<Self> {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"shodo data key").extract(secret);
        let mut id = [0; KEY_ID_LEN];
        derive(&root, &[b"id"], &mut id)?;
        let mut sealing = [0; KEY_LEN];
        derive(&root, &[b"seal"], &mut sealing)?;
        Ok(Self {
            aead: aead_key(&sealing)?,
            id,
            root,
        })
    }

    /// A key that nobody keeps: what it seals lasts as long as this value.
    ///
    /// # Errors
    /// [`crate::kernel::Code::Internal`] when no key can be derived.
    pub fn ephemeral() -> Result<Self> {
        Self::new(&random::bytes())
    }

    /// Seals bytes for one purpose: algorithm, key id, nonce, ciphertext, tag.
    ///
    /// # Errors
    /// [`crate::kernel::Code::Internal`] for input beyond GCM's limit of 64 GiB.
    pub fn seal(&self, purpose: &str, plaintext: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = random::bytes();
        let header = 1 + KEY_ID_LEN + NONCE_LEN;
        let mut sealed = Vec::with_capacity(header + plaintext.len() + TAG_LEN);
        sealed.push(ALGORITHM);
        sealed.extend_from_slice(&self.id);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plaintext);
        let body = sealed.get_mut(header..).unwrap_or_default();
        let tag = self
            .aead
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(purpose.as_bytes()),
                body,
            )
            .map_err(|_| Problem::internal("sealing failed"))?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// Opens what [`DataKey::seal`] gave for the same purpose.
    ///
    /// # Errors
    /// [`crate::kernel::Code::Internal`] when it was sealed otherwise or changed since.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let wrong = || Problem::internal("sealed bytes do not open under this key and purpose");
        let (header, rest) = sealed.split_at_checked(1 + KEY_ID_LEN).ok_or_else(wrong)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or_else(wrong)?;
        if header.first() != Some(&ALGORITHM) || header.get(1..) != Some(&self.id) {
            return Err(wrong());
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| wrong())?;
        let mut body = body.to_vec();
        let length = self
            .aead
            .open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut body)
            .map_err(|_| wrong())?
            .len();
        body.truncate(length);
        Ok(body)
    }

    /// The key of the blind indexes of one kind, for many values of it.
    ///
    /// # Errors
    /// [`crate::kernel::Code::Internal`] when the key cannot be derived.
    pub fn blind_key(&self, kind: &str) -> Result<BlindKey> {
        let mut secret = [0; KEY_LEN];
        derive(&self.root, &[b"blind index ", kind.as_bytes()], &mut secret)?;
        Ok(BlindKey(hmac::Key::new(hmac::HMAC_SHA256, &secret)))
    }

    /// The key of one sealed file.
    pub(super) fn file_key(&self, salt: &[u8]) -> Result<LessSafeKey> {
        let mut secret = [0; KEY_LEN];
        derive(&self.root, &[b"file ", salt], &mut secret)?;
        aead_key(&secret)
    }
}

/// Makes keyed indexes of normalised values: equal values give equal bytes, and nothing else shows.
#[derive(Clone)]
pub struct BlindKey(hmac::Key);

impl BlindKey {
    /// The index of a value: the first 16 bytes of its HMAC-SHA-256 (RFC 2104 section 5 allows the cut).
    pub fn index(&self, normalised: &str) -> BlindIndex {
        let tag = hmac::sign(&self.0, normalised.as_bytes());
        tag.as_ref().first_chunk().copied().unwrap_or_default()
    }
}

/// What [`BlindKey::index`] gives.
pub type BlindIndex = [u8; 16];

pub(super) fn aead_key(secret: &[u8; KEY_LEN]) -> Result<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, secret)
        .map(LessSafeKey::new)
        .map_err(|_| Problem::internal("key has the wrong length"))
}

fn derive(root: &hkdf::Prk, info: &[&[u8]], out: &mut [u8]) -> Result<()> {
    struct Length(usize);
    impl hkdf::KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    root.expand(info, Length(out.len()))
        .and_then(|material| material.fill(out))
        .map_err(|_| Problem::internal("key derivation failed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> DataKey {
        DataKey::new(&[byte; KEY_LEN]).unwrap()
    }

    #[test]
    fn opens_only_with_the_same_key_purpose_and_bytes() {
        let sealed = key(1).seal("person", "髙橋 﨑子".as_bytes()).unwrap();
        assert_eq!(
            key(1).open("person", &sealed).unwrap(),
            "髙橋 﨑子".as_bytes()
        );
        assert!(key(2).open("person", &sealed).is_err());
        assert!(key(1).open("mail", &sealed).is_err());
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(key(1).open("person", &changed).is_err(), "byte {position}");
        }
        assert!(key(1).open("person", &[]).is_err());
    }

    #[test]
    fn blind_indexes_differ_by_key_and_kind() {
        let index = |key: &DataKey, kind| key.blind_key(kind).unwrap().index("a@example.jp");
        assert_eq!(index(&key(1), "email"), index(&key(1), "email"));
        assert_ne!(index(&key(1), "email"), index(&key(2), "email"));
        assert_ne!(index(&key(1), "email"), index(&key(1), "phone"));
    }
}
