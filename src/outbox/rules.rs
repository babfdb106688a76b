//! Pure decisions: when to try again, how fast a batch goes, and what of a server's answer may be kept.
//!
//! What an answer means is decided in [`super::verdict`].

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
/// wait, so that they do not all come back in the same second. A full mailbox is
/// not emptied within a minute: its wait is the longest from the start.
pub fn next_attempt(
    settings: &RetrySettings,
    attempts: i64,
    created_at: Instant,
    now: Instant,
    full: bool,
    random: u8,
) -> Next {
    let step = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    let minutes = settings
        .minutes
        .get(step)
        .filter(|_| !full)
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

/// What a tally knows of a batch's speed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    /// When the first message was sent.
    pub began_at: Option<Instant>,
    /// The minute since 1970 that is counted.
    pub minute: i64,
    /// Sent in that minute.
    pub minute_sent: i64,
    /// Sent in the minute before.
    pub before_sent: i64,
}

impl Pace {
    /// How many were sent in the last 60 seconds: this minute's, and the part of the last one's that is not over.
    ///
    /// Within one minute messages are taken for evenly spread.
    pub fn per_minute(&self, now: Instant) -> i64 {
        let into = now.as_micros().rem_euclid(MINUTE);
        let left = |sent: i64| {
            i64::try_from(i128::from(sent) * i128::from(MINUTE - into) / i128::from(MINUTE))
                .unwrap_or(0)
        };
        match minute(now).saturating_sub(self.minute) {
            0 => self.minute_sent.saturating_add(left(self.before_sent)),
            1 => left(self.minute_sent),
            _ => 0,
        }
    }

    /// How many seconds `waiting` messages take at this rate; nothing while none is being sent.
    pub fn seconds_left(&self, waiting: i64, now: Instant) -> Option<i64> {
        let sent = self.per_minute(now);
        // A batch that began ten seconds ago sent all of it in these ten.
        let span = self
            .began_at
            .map_or(60, |began| now.since(began).as_secs())
            .clamp(1, 60);
        (sent > 0).then(|| {
            let seconds = i128::from(waiting) * i128::from(span) / i128::from(sent);
            i64::try_from(seconds).unwrap_or(i64::MAX)
        })
    }
}

const MINUTE: i64 = 60_000_000;

/// The minute since 1970 that an instant lies in.
pub fn minute(now: Instant) -> i64 {
    now.as_micros().div_euclid(MINUTE)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(1_800_000_000_000_000).plus(SignedDuration::from_secs(seconds))
    }

    #[test]
    fn the_rate_slides_over_the_minute() {
        let pace = Pace {
            began_at: Some(at(-600)),
            minute: minute(at(0)),
            minute_sent: 300,
            before_sent: 1_200,
        };
        assert_eq!(pace.per_minute(at(15)), 300 + 900);
        assert_eq!(pace.per_minute(at(75)), 225, "nothing was sent since");
        assert_eq!(pace.per_minute(at(130)), 0);
        assert_eq!(pace.seconds_left(2_400, at(15)), Some(120));
        assert_eq!(pace.seconds_left(2_400, at(130)), None);
        let young = Pace {
            began_at: Some(at(5)),
            minute: minute(at(0)),
            minute_sent: 1_000,
            before_sent: 0,
        };
        assert_eq!(young.seconds_left(9_000, at(15)), Some(90));
    }

    #[test]
    fn a_full_mailbox_waits_longest_and_retries_spread() {
        let settings = RetrySettings::default();
        let next = |attempts, full, random| match next_attempt(
            &settings,
            attempts,
            at(0),
            at(0),
            full,
            random,
        ) {
            Next::At(at_) => at_.since(at(0)).as_secs(),
            Next::GiveUp => panic!("too early to give up"),
        };
        assert_eq!(
            [next(1, false, 0), next(2, false, 0), next(9, false, 0)],
            [60, 120, 3_600]
        );
        assert_eq!(next(1, true, 0), 3_600);
        assert_eq!(next(1, false, 255), 75);
    }
}
