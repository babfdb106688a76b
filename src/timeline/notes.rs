//! Follows the chain of checkpoints, one by one, in the order of their numbers.

use super::checkpoint::{Checkpoint, Opened};
use super::verify::CLOCK_TOLERANCE;
use crate::kernel::{Instant, Sha256};

/// How far the chain of checkpoints was followed.
#[derive(Default)]
pub(super) struct Notes {
    /// The number and the digest of the newest one, and its time when its signature held. Without a
    /// digest it was not seen: whatever the next one names is believed.
    before: Option<(i64, Option<Sha256>, Option<Instant>)>,
    /// Whether one of the second version was seen: from there on each names the one before it.
    chained: bool,
}

impl Notes {
    /// Goes on in the middle: whatever the next one names as the one before it is believed.
    pub(super) fn from(before: &Checkpoint) -> Self {
        Self {
            before: Some((before.seq, Some(before.digest()), None)),
            chained: !before.is_of_first_version(),
        }
    }

    /// Begins with the checkpoint of this number, the first of those that were handed on.
    pub(super) fn at_edge(number: i64) -> Self {
        let before = (number > 1).then(|| (number.saturating_sub(1), None, None));
        Self {
            before,
            chained: false,
        }
    }

    /// Checks the next checkpoint; gives what it says, when its signature holds, and what is wrong.
    pub(super) fn take(
        &mut self,
        note: &Checkpoint,
        public_key: &[u8],
    ) -> (Option<Opened>, Vec<&'static str>) {
        let mut problems = Vec::new();
        let expected = self.before.map_or(1, |(seq, ..)| seq.saturating_add(1));
        if note.seq != expected {
            problems.push("the checkpoints before it were removed");
        }
        let opened = match note.open(public_key) {
            Ok(opened) => Some(opened),
            Err(why) => {
                problems.push(why);
                None
            }
        };
        if let Some(opened) = &opened {
            self.follow(note, opened, &mut problems);
        }
        let time = opened.as_ref().map(|opened| opened.time);
        self.chained |= !note.is_of_first_version();
        self.before = Some((note.seq, Some(note.digest()), time));
        (opened, problems)
    }

    /// Names in what a checkpoint does not follow from the one before it.
    fn follow(&self, note: &Checkpoint, opened: &Opened, problems: &mut Vec<&'static str>) {
        if opened.number.is_some_and(|number| number != note.seq) {
            problems.push("it was renumbered");
        }
        let follows = match (opened.previous, self.before) {
            (Some(named), Some((_, before, _))) => before.is_none_or(|before| named == before),
            (Some(_), None) => false,
            // The first of all says so; one of the first version names none, and is followed by none such.
            (None, before) if opened.first => before.is_none(),
            (None, _) => !self.chained,
        };
        if !follows {
            problems.push("it does not follow from the checkpoint before it");
        }
        if let Some((_, _, Some(earlier))) = self.before
            && opened.time < earlier.minus(CLOCK_TOLERANCE)
        {
            problems.push("it was made earlier than the one before it: the clock was set back");
        }
    }
}
