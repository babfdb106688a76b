//! How fast mail may go out: over all, and to each domain.
//!
//! Both limits are kept by the generic cell rate algorithm: one instant for each, the
//! *theoretical arrival time*, moves on by an interval with every message. What is over
//! a domain's limit gets an instant of its own in the database and lets others pass.

use std::collections::{BTreeMap, HashMap};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::kernel::{Code, Instant, Problem, Result};

/// How long a limit may have lain idle and still be caught up on: the worker looks every
/// other second, so what fell due meanwhile must be let through at once.
const SLACK: SignedDuration = SignedDuration::from_secs(2);

/// How many domains are remembered before the idle ones are dropped: bounds the memory.
const DOMAINS: usize = 10_000;

/// The `[mail.rate]` section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateSettings {
    /// Messages a second over all; 0 for no limit.
    pub per_second: u32,
    /// Messages a second to one domain; a domain that is not named has the limit of `default`,
    /// and without that none. 0 for no limit.
    pub per_domain: BTreeMap<String, u32>,
}

impl RateSettings {
    /// Reads `default=20, example.jp=5`; an empty text sets no limit.
    ///
    /// # Errors
    /// [`Code::InvalidSetting`] with what is allowed.
    pub fn parse_domains(text: &str) -> Result<BTreeMap<String, u32>> {
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| {
                let (domain, rate) = part.split_once('=').ok_or_else(wrong_domains)?;
                let rate = rate.trim().parse().map_err(|_| wrong_domains())?;
                Ok((domain.trim().to_lowercase(), rate))
            })
            .collect()
    }

    pub(super) fn validate(&self) -> Result<()> {
        if self.per_second > 100_000 {
            return Err(wrong("mail.rate.per_second", "it must be 0 to 100000"));
        }
        let domain = |name: &str| {
            name == "default"
                || (name.contains('.')
                    && !name.contains(|c: char| c.is_whitespace() || c == '@' || c.is_uppercase()))
        };
        let good = |(name, rate): (&String, &u32)| domain(name) && *rate <= 100_000;
        if self.per_domain.iter().all(good) {
            Ok(())
        } else {
            Err(wrong_domains())
        }
    }
}

fn wrong_domains() -> Problem {
    wrong(
        "mail.rate.per_domain",
        "it must be domains with messages a second, 0 to 100000, e.g. default=20, example.jp=5",
    )
}

fn wrong(setting: &str, why: &str) -> Problem {
    Problem::with(Code::InvalidSetting, &[("setting", setting), ("why", why)])
}

/// One limit: the next message conforms when its arrival time lies at most the slack ahead.
#[derive(Clone, Copy, Debug)]
struct Cell {
    interval: SignedDuration,
    slack: SignedDuration,
    arrival: Instant,
}

impl Cell {
    fn new(per_second: u32, slack: SignedDuration) -> Self {
        let micros = 1_000_000_i64
            .checked_div(i64::from(per_second))
            .unwrap_or(0);
        Self {
            interval: SignedDuration::from_micros(micros),
            slack,
            arrival: Instant::from_micros(0),
        }
    }

    /// Counts a message that goes now, allowed or not.
    fn count(&mut self, now: Instant) {
        self.arrival = self.arrival.max(now.minus(self.slack)).plus(self.interval);
    }

    /// When the next message may go.
    fn next(&self, now: Instant) -> Instant {
        self.arrival.max(now.minus(self.slack))
    }

    /// Counts a message if it may go now.
    fn admit(&mut self, now: Instant) -> bool {
        let free = self.next(now) <= now;
        if free {
            self.count(now);
        }
        free
    }
}

/// What may go out now, over all.
pub(super) struct Overall(Option<Cell>);

impl Overall {
    pub(super) fn new(settings: &RateSettings) -> Self {
        // Half a tick of the writer: a slack of two seconds would be a burst over the limit.
        let slack = SignedDuration::from_millis(50);
        Self((settings.per_second > 0).then(|| Cell::new(settings.per_second, slack)))
    }

    /// Takes leave for up to `wanted` messages; gives how many may go now.
    pub(super) fn take(&mut self, now: Instant, wanted: usize) -> usize {
        match &mut self.0 {
            None => wanted,
            Some(cell) => (0..wanted).take_while(|_| cell.admit(now)).count(),
        }
    }

    /// Counts messages that go whatever the limit says: the team's.
    pub(super) fn count(&mut self, now: Instant, messages: usize) {
        if let Some(cell) = &mut self.0 {
            (0..messages).for_each(|_| cell.count(now));
        }
    }

    /// How long the next message has to wait.
    pub(super) fn wait(&self, now: Instant) -> SignedDuration {
        self.0.map_or(SignedDuration::ZERO, |cell| {
            cell.next(now).since(now).max(SignedDuration::ZERO)
        })
    }
}

/// The limits of the domains.
pub(super) struct Domains {
    rates: BTreeMap<String, u32>,
    lanes: HashMap<String, Lane>,
}

struct Lane {
    gate: Cell,
    /// The instant that the next message gets which has to wait.
    tail: Instant,
}

impl Domains {
    pub(super) fn new(settings: &RateSettings) -> Self {
        Self {
            rates: settings.per_domain.clone(),
            lanes: HashMap::new(),
        }
    }

    /// Whether a bulk message to a domain may go now; otherwise when its turn is.
    ///
    /// `fresh` is a message that was never given a turn: it does not overtake those that were.
    pub(super) fn admit(&mut self, domain: &str, now: Instant, fresh: bool) -> Result<(), Instant> {
        let Some(lane) = self.lane(domain, now) else {
            return Ok(());
        };
        let queue_is_empty = lane.tail <= now;
        if (!fresh || queue_is_empty) && lane.gate.admit(now) {
            return Ok(());
        }
        let turn = lane.tail.max(lane.gate.next(now)).max(now);
        lane.tail = turn.plus(lane.gate.interval);
        Err(turn)
    }

    /// Counts a message that goes whatever the limit says: the team's.
    pub(super) fn count(&mut self, domain: &str, now: Instant) {
        if let Some(lane) = self.lane(domain, now) {
            lane.gate.count(now);
        }
    }

    fn lane(&mut self, domain: &str, now: Instant) -> Option<&mut Lane> {
        if self.rates.is_empty() {
            return None;
        }
        let domain = domain.to_lowercase();
        let rate = self.rates.get(&domain).or(self.rates.get("default"))?;
        if *rate == 0 {
            return None;
        }
        if self.lanes.len() >= DOMAINS {
            self.lanes
                .retain(|_, lane| lane.tail > now || lane.gate.arrival > now.minus(SLACK));
        }
        let cell = Cell::new(*rate, SLACK.min(SignedDuration::from_secs(1)));
        Some(self.lanes.entry(domain).or_insert(Lane {
            gate: cell,
            tail: now,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Instant {
        Instant::from_micros(1_700_000_000_000_000).plus(SignedDuration::from_millis(millis))
    }

    fn domains(text: &str) -> Domains {
        Domains::new(&RateSettings {
            per_second: 0,
            per_domain: RateSettings::parse_domains(text).unwrap(),
        })
    }

    #[test]
    fn over_a_minute_the_overall_limit_is_kept_to_the_message() {
        for rate in [1_u32, 7, 50, 333] {
            let mut overall = Overall::new(&RateSettings {
                per_second: rate,
                ..RateSettings::default()
            });
            let gone: usize = (0..6_000)
                .map(|tick| overall.take(at(tick * 10), 100))
                .sum();
            let expected = usize::try_from(rate).unwrap() * 60;
            // A minute's worth, and what the slack of 50 ms lets through at the start.
            assert!(
                (expected..=expected + usize::try_from(rate).unwrap() / 20 + 1).contains(&gone),
                "{rate}: {gone}"
            );
        }
        let mut free = Overall::new(&RateSettings::default());
        assert_eq!(free.take(at(0), 1_000), 1_000);
    }

    #[test]
    fn what_the_team_sends_counts_and_never_waits() {
        let mut overall = Overall::new(&RateSettings {
            per_second: 10,
            ..RateSettings::default()
        });
        overall.count(at(0), 30);
        assert_eq!(
            overall.take(at(1_000), 5),
            0,
            "the team's 30 used three seconds"
        );
        assert!(overall.wait(at(1_000)) > SignedDuration::from_millis(1_500));
        assert!(overall.take(at(3_100), 5) > 0);
    }

    #[test]
    fn who_has_to_wait_gets_turns_apart_and_keeps_them() {
        let mut domains = domains("default=0, slow.example.jp=10");
        assert!(domains.admit("fast.example.jp", at(0), true).is_ok());
        let turns: Vec<Instant> = (0..100)
            .filter_map(|_| domains.admit("Slow.example.jp", at(0), true).err())
            .collect();
        assert!((85..=99).contains(&turns.len()), "{}", turns.len());
        for pair in turns.windows(2) {
            assert_eq!(pair[1].since(pair[0]), SignedDuration::from_millis(100));
        }
        // A newcomer stands behind them; at its turn a message goes, and so does that of the team.
        assert!(domains.admit("slow.example.jp", at(500), true).is_err());
        for turn in turns {
            let late = turn.plus(SignedDuration::from_millis(300));
            assert!(domains.admit("slow.example.jp", late, false).is_ok());
        }
        assert!(domains.admit("other.example.jp", at(0), true).is_ok());
    }

    #[test]
    fn domains_that_are_idle_are_forgotten() {
        let mut domains = domains("default=5");
        for number in 0..DOMAINS * 2 {
            let now = at(i64::try_from(number).unwrap() * 10);
            let name = format!("d{number}.example.jp");
            assert!(domains.admit(&name, now, true).is_ok());
        }
        assert!(domains.lanes.len() <= DOMAINS);
    }

    #[test]
    fn a_list_of_domains_is_read_or_refused() {
        let read = RateSettings::parse_domains("default=20, Example.JP = 5,").unwrap();
        assert_eq!(read.get("example.jp"), Some(&5));
        for wrong in ["example.jp", "example.jp=fast", "example.jp=-1"] {
            assert!(RateSettings::parse_domains(wrong).is_err(), "{wrong}");
        }
        for wrong in ["a@example.jp=1", "nodot=1", "example.jp=200000"] {
            let settings = RateSettings {
                per_second: 0,
                per_domain: RateSettings::parse_domains(wrong).unwrap(),
            };
            assert!(settings.validate().is_err(), "{wrong}");
        }
    }
}
