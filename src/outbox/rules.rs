//! Pure decisions: when to try again, and what of a server's answer may be kept.

use jiff::SignedDuration;

use super::address::{EmailAddress, one_line};
use super::settings::RetrySettings;
use crate::kernel::Instant;

/// What of a reply is kept at most.
const REPLY_CHARS: usize = 200;

/// What happens to a message that the server put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Try again then.
    At(Instant),
    /// It was put off for too long.
    GiveUp,
}

/// Decides when a message is tried again after its `attempts`-th attempt.
///
/// `random` (0 to 255) spreads the retries of one batch over a quarter of the
/// wait, so that they do not all come back in the same second.
pub fn next_attempt(
    settings: &RetrySettings,
    attempts: i64,
    created_at: Instant,
    now: Instant,
    random: u8,
) -> Next {
    let step = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    let minutes = settings
        .minutes
        .get(step)
        .or(settings.minutes.last())
        .copied()
        .unwrap_or(60);
    let at = now.plus(spread(
        SignedDuration::from_mins(i64::from(minutes)),
        random,
    ));
    let limit = SignedDuration::from_hours(i64::from(settings.give_up_after_hours));
    if at.since(created_at) > limit {
        Next::GiveUp
    } else {
        Next::At(at)
    }
}

/// Decides when the mail server is tried again after `failures` connections in a row failed.
pub fn next_connection(failures: u32, now: Instant, random: u8) -> Instant {
    let seconds = 5_i64.saturating_mul(1_i64 << failures.saturating_sub(1).min(6));
    now.plus(spread(SignedDuration::from_secs(seconds.min(300)), random))
}

/// Adds up to a quarter of a span.
fn spread(span: SignedDuration, random: u8) -> SignedDuration {
    let extra = span
        .as_millis()
        .saturating_mul(i128::from(random))
        .checked_div(255 * 4)
        .unwrap_or(0);
    span.saturating_add(SignedDuration::from_millis(
        i64::try_from(extra).unwrap_or(0),
    ))
}

/// Removes addresses from a server's words, and bounds them.
///
/// Whatever holds an `@` goes, and so does the recipient's local part where it
/// stands alone ("user taro.yamada unknown").
pub fn keepable(text: &str, recipient: Option<&EmailAddress>) -> String {
    let local = recipient.map(|address| address.local().to_lowercase());
    let kept = one_line(text)
        .split(' ')
        .map(|word| {
            let bare = word
                .trim_matches(|c: char| !c.is_alphanumeric())
                .to_lowercase();
            let names = local.as_ref().is_some_and(|local| {
                *local == bare || (local.chars().count() >= 3 && bare.contains(local.as_str()))
            });
            if word.contains(['@', '＠']) || names {
                "[…]"
            } else {
                word
            }
        })
        .collect::<Vec<_>>()
        .join(" ");
    kept.chars().take(REPLY_CHARS).collect()
}
