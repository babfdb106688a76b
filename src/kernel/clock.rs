//! The only file that reads the system clock.
//!
//! Everything else takes `now`, so that a test can move time and a decision can
//! be repeated. `clippy.toml` bans the other ways.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::Instant;

/// Tells the time: the machine's, or one that a test moves.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// Microseconds since the Unix epoch, moved by [`Clock::set`].
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// Makes a clock that stands at `start` until it is moved.
    pub fn manual(start: Instant) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(start.as_micros())))
    }

    /// The present instant, truncated to microseconds.
    pub fn now(&self) -> Instant {
        match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the one place that reads the clock"
            )]
            Self::System => Instant::from_timestamp(jiff::Timestamp::now()),
            Self::Manual(micros) => Instant::from_micros(micros.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock; the machine's clock stays as it is.
    pub fn set(&self, to: Instant) {
        if let Self::Manual(micros) = self {
            micros.store(to.as_micros(), Ordering::SeqCst);
        }
    }
}

/// Measures how long something takes, by a clock that nobody sets.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Begins to measure.
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// How long it has been.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
