//! Randomness from the operating system, for ids, salts, tokens and keys.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};

/// Fills an array with random bytes.
///
/// # Panics
/// When the operating system gives no randomness: nothing safe can go on then.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(
        clippy::expect_used,
        reason = "without randomness no key, token or id is safe"
    )]
    SystemRandom::new()
        .fill(&mut bytes)
        .expect("the operating system gives random bytes");
    bytes
}

/// The operating system's randomness, for what draws from it by itself.
pub fn source() -> impl SecureRandom {
    SystemRandom::new()
}

/// A secret of 256 bits, as text that fits an address.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}
