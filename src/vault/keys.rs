//! The key files: the master key, the one that follows it, and the key that signs checkpoints.

use std::fs::{self, File, OpenOptions};
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

/// The file that holds the master key.
pub(super) const MASTER: &str = "master.key";
/// The file that holds the key that a rotation brings, until it takes the other's place.
pub(super) const NEXT: &str = "master.key.next";

pub(super) struct Keys {
    master: MasterKey,
    /// There while a rotation is unfinished: a key may be wrapped under either.
    next: Option<MasterKey>,
    pub signing: SigningKey,
}

impl Keys {
    pub fn open_or_create(folder: &Path) -> Result<Self> {
        let path = folder.join(MASTER);
        let master = match read(&path)? {
            Some(bytes) => bytes,
            None => create(&path, &random::bytes::<KEY_LEN>())?,
        };
        let master = MasterKey::new(&path, master)?;
        let next = next(folder)?;
        let path = folder.join("signing.key");
        let signing = match read(&path)? {
            Some(bytes) => bytes,
            None => {
                let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
                    .map_err(|_| Problem::internal("no signing key could be made"))?;
                create(&path, made.as_ref())?
            }
        };
        let signing = Ed25519KeyPair::from_pkcs8(&signing)
            .map_err(|_| wrong_file(&path, "it holds no Ed25519 key (PKCS#8, Base64)"))?;
        Ok(Self {
            master,
            next,
            signing: SigningKey(signing),
        })
    }

    /// A new data key, and the form in which the database keeps it: under the newest master key.
    pub fn fresh_data_key(&self, scope: &str) -> Result<(DataKey, Vec<u8>)> {
        let secret: [u8; KEY_LEN] = random::bytes();
        let wrapped = self.newest().wrap(scope, &secret)?;
        Ok((DataKey::new(&secret)?, wrapped))
    }

    /// The data key of a scope, whichever master key wrapped it.
    pub fn unwrap(&self, scope: &str, wrapped: &[u8]) -> Result<DataKey> {
        DataKey::new(&self.unwrap_secret(scope, wrapped)?)
    }

    /// The same data key, wrapped under the newest master key.
    pub fn rewrap(&self, scope: &str, wrapped: &[u8]) -> Result<Vec<u8>> {
        self.newest()
            .wrap(scope, &self.unwrap_secret(scope, wrapped)?)
    }

    fn unwrap_secret(&self, scope: &str, wrapped: &[u8]) -> Result<[u8; KEY_LEN]> {
        if let Some(next) = &self.next
            && let Ok(secret) = next.unwrap(scope, wrapped)
        {
            return Ok(secret);
        }
        self.master.unwrap(scope, wrapped)
    }

    fn newest(&self) -> &MasterKey {
        self.next.as_ref().unwrap_or(&self.master)
    }
}

/// Makes the key that a rotation brings, unless one is there already.
pub(super) fn make_next(folder: &Path) -> Result<()> {
    let path = folder.join(NEXT);
    if read(&path)?.is_none() {
        create(&path, &random::bytes::<KEY_LEN>())?;
    }
    Ok(())
}

/// Puts the next key in the place of the master key, and overwrites what was there.
pub(super) fn promote_next(folder: &Path) -> Result<()> {
    let (path, next) = (folder.join(MASTER), folder.join(NEXT));
    // Opened before the rename: afterwards nothing names it any more.
    let mut old = OpenOptions::new().write(true).open(&path)?;
    let length = old.metadata()?.len();
    fs::rename(&next, &path)?;
    sync_folder(folder)?;
    old.write_all(&vec![0; usize::try_from(length).unwrap_or(0)])?;
    Ok(old.sync_all()?)
}

/// Wraps the data keys; never leaves this folder.
struct MasterKey(LessSafeKey);

impl MasterKey {
    fn new(path: &Path, bytes: Vec<u8>) -> Result<Self> {
        let bytes: [u8; KEY_LEN] = bytes
            .try_into()
            .map_err(|_| wrong_file(path, "it must hold 32 bytes in Base64"))?;
        Ok(Self(aead_key(&bytes)?))
    }

    fn wrap(&self, scope: &str, secret: &[u8; KEY_LEN]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = random::bytes();
        let mut body = secret.to_vec();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(scope.as_bytes()),
                &mut body,
            )
            .map_err(|_| Problem::internal("wrapping a data key failed"))?;
        Ok([nonce.as_slice(), &body].concat())
    }

    fn unwrap(&self, scope: &str, wrapped: &[u8]) -> Result<[u8; KEY_LEN]> {
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
        <[u8; KEY_LEN]>::try_from(&*secret).map_err(|_| wrong())
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

fn next(folder: &Path) -> Result<Option<MasterKey>> {
    let path = folder.join(NEXT);
    read(&path)?
        .map(|bytes| MasterKey::new(&path, bytes))
        .transpose()
}

/// The bytes of a key file; none when it is not there.
fn read(path: &Path) -> Result<Option<Vec<u8>>> {
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
                .map(Some)
                .map_err(|_| wrong_file(path, "it is no Base64 text"))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(wrong_file(path, "it cannot be read").caused_by(error)),
    }
}

/// Makes a key file that is whole whenever it is there; gives the bytes.
fn create(path: &Path, key: &[u8]) -> Result<Vec<u8>> {
    let part = path.with_added_extension("part");
    match fs::remove_file(&part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        // A crash left it half written; nothing was ever wrapped under it.
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&part)?;
    writeln!(file, "{}", STANDARD.encode(key))?;
    file.sync_all()?;
    fs::rename(&part, path)?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))?;
    Ok(key.to_vec())
}

/// Forces the names in a folder to the disk.
fn sync_folder(folder: &Path) -> Result<()> {
    Ok(File::open(folder)?.sync_all()?)
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
