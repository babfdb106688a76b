//! The two key files: the master key, and the key that signs checkpoints.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use super::cipher::{DataKey, KEY_LEN, aead_key};
use crate::kernel::{Code, Problem, Result, random};

pub(super) struct Keys {
    pub master: MasterKey,
    pub signing: SigningKey,
}

impl Keys {
    pub fn open_or_create(folder: &Path) -> Result<Self> {
        let master = read_or_create(&folder.join("master.key"), || {
            Ok(random::bytes::<KEY_LEN>().to_vec())
        })?;
        let signing = read_or_create(&folder.join("signing.key"), || {
            Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
                .map(|document| document.as_ref().to_vec())
                .map_err(|_| Problem::internal("no signing key could be made"))
        })?;
        let master: [u8; KEY_LEN] = master.try_into().map_err(|_| {
            wrong_file(
                &folder.join("master.key"),
                "it must hold 32 bytes in Base64",
            )
        })?;
        let signing = Ed25519KeyPair::from_pkcs8(&signing).map_err(|_| {
            wrong_file(
                &folder.join("signing.key"),
                "it holds no Ed25519 key (PKCS#8, Base64)",
            )
        })?;
        Ok(Self {
            master: MasterKey(aead_key(&master)?),
            signing: SigningKey(signing),
        })
    }
}

/// Wraps the data keys; never leaves this folder.
pub(super) struct MasterKey(LessSafeKey);

impl MasterKey {
    /// A new data key, and the form in which the database keeps it.
    pub fn fresh_data_key(&self, scope: &str) -> Result<(DataKey, Vec<u8>)> {
        let secret: [u8; KEY_LEN] = random::bytes();
        let nonce: [u8; NONCE_LEN] = random::bytes();
        let mut body = secret.to_vec();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(scope.as_bytes()),
                &mut body,
            )
            .map_err(|_| Problem::internal("wrapping a data key failed"))?;
        Ok((DataKey::new(&secret)?, [nonce.as_slice(), &body].concat()))
    }

    pub fn unwrap(&self, scope: &str, wrapped: &[u8]) -> Result<DataKey> {
        let wrong = || {
            Problem::with(
                Code::InvalidSetting,
                &[
                    ("setting", "data_dir"),
                    (
                        "why",
                        "master.key is not the key that this database was written with",
                    ),
                ],
            )
        };
        let (nonce, body) = wrapped.split_at_checked(NONCE_LEN).ok_or_else(wrong)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| wrong())?;
        let mut body = body.to_vec();
        let secret = self
            .0
            .open_in_place(nonce, Aad::from(scope.as_bytes()), &mut body)
            .map_err(|_| wrong())?;
        DataKey::new(<&[u8; KEY_LEN]>::try_from(&*secret).map_err(|_| wrong())?)
    }
}

/// Signs checkpoints with Ed25519 (RFC 8032).
pub struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// The signature of a message, 64 bytes.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }

    /// The public key, 32 bytes.
    pub fn public_key(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }
}

/// Whether a signature is that of the message under a public key (Ed25519).
pub fn signature_holds(public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public_key)
        .verify(message, signature)
        .is_ok()
}

fn read_or_create(path: &Path, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let mode = fs::metadata(path)?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(wrong_file(
                    path,
                    "other accounts of this machine can read it; run chmod 600 on it",
                ));
            }
            STANDARD
                .decode(text.trim())
                .map_err(|_| wrong_file(path, "it is no Base64 text"))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = make()?;
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)?;
            writeln!(file, "{}", STANDARD.encode(&key))?;
            file.sync_all()?;
            Ok(key)
        }
        Err(error) => Err(wrong_file(path, "it cannot be read").caused_by(error)),
    }
}

fn wrong_file(path: &Path, why: &str) -> Problem {
    Problem::with(
        Code::InvalidSetting,
        &[
            ("setting", "data_dir"),
            ("why", &format!("{}: {why}", path.display())),
        ],
    )
}
