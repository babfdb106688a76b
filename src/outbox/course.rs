//! How the delivery of batches went over time, in few even stretches.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::model::{BatchId, State};
use super::store;
use crate::kernel::{Instant, Result};
use crate::store::Conn;

/// At most so many stretches tell of a delivery, however long it took.
pub const STRETCHES: i64 = 60;

/// The lengths of a stretch that a reader can name, in minutes.
const MINUTES: [i64; 10] = [1, 5, 15, 60, 180, 360, 1_440, 10_080, 43_200, 129_600];

/// A delivery over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// How long a stretch is, in minutes.
    pub minutes: u64,
    /// The stretches in which something came about, oldest first.
    pub steps: Vec<Step>,
}

/// One stretch of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// When it begins.
    pub from: Instant,
    /// Messages that a mail server took, and that did not come back since.
    pub sent: u64,
    /// Messages that failed, or that came back.
    pub failed: u64,
}

/// How the delivery of some batches went; `offset` is how far the reader's clock is before UTC,
/// so that a day begins at the reader's midnight.
///
/// # Errors
/// The database's own error.
pub fn course(conn: &mut Conn, batches: &[&BatchId], offset: SignedDuration) -> Result<Course> {
    let mut ends: Option<(i64, i64)> = None;
    for batch in batches {
        let of = store::ends(conn, batch)?;
        if let (Some(first), Some(last)) = (of.first, of.last) {
            let (earliest, latest) = ends.unwrap_or((first, last));
            ends = Some((earliest.min(first), latest.max(last)));
        }
    }
    let Some((first, last)) = ends else {
        return Ok(Course::default());
    };
    let minutes = stretch(last.saturating_sub(first));
    let width = minutes * 60_000_000;
    let offset = offset.as_secs() * 1_000_000;
    let mut steps = BTreeMap::<i64, (u64, u64)>::new();
    for batch in batches {
        for settled in store::course(conn, batch, width, offset)? {
            let (sent, failed) = steps.entry(settled.stretch).or_default();
            let messages = u64::try_from(settled.messages).unwrap_or(0);
            match settled.state {
                State::Sent => *sent += messages,
                _ => *failed += messages,
            }
        }
    }
    let steps = steps.into_iter().map(|(stretch, (sent, failed))| Step {
        from: Instant::from_micros(stretch * width - offset),
        sent,
        failed,
    });
    Ok(Course {
        minutes: minutes.unsigned_abs(),
        steps: steps.collect(),
    })
}

/// The shortest stretch, in minutes, by which a span of microseconds needs few of them.
fn stretch(span: i64) -> i64 {
    let minutes = span / 60_000_000;
    // What begins within a stretch touches one more.
    let few = |length: &i64| minutes / length + 2 <= STRETCHES;
    let longer = || minutes / (STRETCHES - 2) + 1;
    MINUTES.into_iter().find(few).unwrap_or_else(longer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_few_however_long_a_delivery_takes() {
        let minute = 60_000_000;
        assert_eq!(stretch(0), 1);
        assert_eq!(stretch(40 * minute), 1);
        assert_eq!(stretch(80 * minute), 5);
        assert_eq!(stretch(3 * 1_440 * minute), 180);
        for days in [1, 30, 400, 40_000] {
            let span = days * 1_440 * minute;
            assert!(span / (stretch(span) * minute) + 2 <= STRETCHES, "{days}");
        }
    }
}
