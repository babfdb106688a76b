//! Which mails a member of the team wants, and in which hours none.
//!
//! These are wishes: a deadline of the law is told to those who answer for it
//! whatever they wish, and at any hour.

use jiff::civil::Time;
use serde::Serialize;

use super::model::{AccountId, Actor};
use super::store;
use crate::kernel::{Problem, Result};
use crate::store::Conn;

/// What one person wishes. All kinds, at all hours, until they say otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailWishes {
    /// A mail when a step is assigned to them.
    pub assigned: bool,
    /// A mail when an approval waits for them.
    pub approval: bool,
    /// One mail a day with what is open.
    pub digest: bool,
    /// Hours in which no such mail is sent; it waits until they end.
    pub quiet: Option<Quiet>,
}

/// Hours of the day, in the server's zone; they may go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Quiet {
    /// The first quiet minute.
    pub from: Time,
    /// The first minute that is not quiet any more.
    pub until: Time,
}

impl Default for MailWishes {
    fn default() -> Self {
        Self {
            assigned: true,
            approval: true,
            digest: true,
            quiet: None,
        }
    }
}

impl Quiet {
    /// Reads two times of a day, as `22:00`; nothing when both are empty.
    ///
    /// # Errors
    /// [`crate::kernel::Code::InvalidInput`] for the fields `quiet_from` and `quiet_until`.
    pub fn parse(from: &str, until: &str) -> Result<Option<Self>> {
        let (from, until) = (from.trim(), until.trim());
        if from.is_empty() && until.is_empty() {
            return Ok(None);
        }
        let time = |field: &'static str, text: &str| {
            text.parse::<Time>()
                .map_err(|_| Problem::field(field, "field-invalid-time"))
        };
        let quiet = Self {
            from: time("quiet_from", from)?,
            until: time("quiet_until", until)?,
        };
        if quiet.from == quiet.until {
            return Err(Problem::field("quiet_until", "field-quiet-empty"));
        }
        Ok(Some(quiet))
    }

    /// Whether a time on the wall clock lies within.
    ///
    /// The wall clock decides, so that 07:00 stays 07:00 when clocks are put forward or back.
    pub fn holds(&self, at: Time) -> bool {
        if self.from < self.until {
            self.from <= at && at < self.until
        } else {
            self.from <= at || at < self.until
        }
    }
}

/// What a person wishes.
///
/// # Errors
/// The database's own.
pub fn mail_wishes(conn: &mut Conn, id: &AccountId) -> Result<MailWishes> {
    Ok(store::mail_wishes(conn, id)?.unwrap_or_default())
}

/// Keeps what a person wishes.
///
/// # Errors
/// The database's own.
pub fn save_mail_wishes(conn: &mut Conn, actor: &Actor, wishes: &MailWishes) -> Result<()> {
    Ok(store::save_mail_wishes(conn, &actor.id, wishes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet(from: &str, until: &str) -> Quiet {
        Quiet::parse(from, until).unwrap().unwrap()
    }

    #[test]
    fn quiet_hours_go_over_midnight_and_end_on_time() {
        let night = quiet("22:00", "07:00");
        for (at, is_quiet) in [
            ("21:59:59", false),
            ("22:00", true),
            ("23:59:59", true),
            ("00:00", true),
            ("06:59:59", true),
            ("07:00", false),
            ("12:00", false),
        ] {
            assert_eq!(night.holds(at.parse().unwrap()), is_quiet, "{at}");
        }
        let noon = quiet("12:00", "13:30");
        for (at, is_quiet) in [
            ("11:59", false),
            ("12:00", true),
            ("13:29", true),
            ("13:30", false),
        ] {
            assert_eq!(noon.holds(at.parse().unwrap()), is_quiet, "{at}");
        }
    }

    #[test]
    fn clocks_that_are_put_forward_or_back_do_not_move_the_end() {
        let night = quiet("22:00", "03:30");
        let is_quiet = |at: &str| {
            let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
            let at: crate::kernel::Instant = at.parse().unwrap();
            night.holds(at.in_zone(&zone).time())
        };
        // 29 March 2026: after 01:59:59 comes 03:00 (UTC+2).
        assert!(is_quiet("2026-03-29T00:59:59Z"));
        assert!(is_quiet("2026-03-29T01:29:59Z"));
        assert!(!is_quiet("2026-03-29T01:30:00Z"));
        // 25 October 2026: after 02:59:59 comes 02:00 once more (UTC+1).
        assert!(is_quiet("2026-10-25T00:59:59Z"));
        assert!(is_quiet("2026-10-25T02:29:59Z"));
        assert!(!is_quiet("2026-10-25T02:30:00Z"));
        // An end that the clocks skip: it is past as soon as they show more.
        let skipped = quiet("22:00", "02:30");
        assert!(skipped.holds("01:59:59".parse().unwrap()));
        assert!(!skipped.holds("03:00".parse().unwrap()));
    }

    #[test]
    fn half_hours_and_nonsense_are_refused() {
        assert_eq!(Quiet::parse(" ", "").unwrap(), None);
        for (from, until) in [
            ("22:00", ""),
            ("", "07:00"),
            ("25:00", "07:00"),
            ("x", "y"),
            ("07:00", "07:00"),
        ] {
            assert!(Quiet::parse(from, until).is_err(), "{from} {until}");
        }
    }
}
