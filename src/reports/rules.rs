//! How a duty was answered: met, late, open, overdue. Values in, values out.

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::model::{Due, Milestone, Obligation, Point, Verdict};
use crate::kernel::Instant;

/// How a duty stood when the report was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Fulfilled in time, or fulfilled where the law names no day.
    Met,
    /// Fulfilled, this much after it was due.
    Late(SignedDuration),
    /// Not fulfilled, with this much left; `None` where the law names no day.
    Open(Option<SignedDuration>),
    /// Not fulfilled, and due this long ago.
    Overdue(SignedDuration),
    /// The law did not ask for it.
    NotRequired,
    /// A question is still open.
    Undecided,
}

/// How a duty stands at `now`, on the calendar of `zone`.
///
/// A duty that was fulfilled counts as met or late whatever the verdict says:
/// a voluntary report, too, was made.
pub fn standing(obligation: &Obligation, now: Instant, zone: &TimeZone) -> Standing {
    let limit = limit(obligation.due, zone);
    match (&obligation.verdict, obligation.fulfilled_at, limit) {
        (_, Some(at), Some(limit)) if at > limit => Standing::Late(at.since(limit)),
        (_, Some(_), _) => Standing::Met,
        (Verdict::NotRequired, None, _) => Standing::NotRequired,
        (Verdict::Undecided(_), None, _) => Standing::Undecided,
        (Verdict::Required, None, Some(limit)) if now > limit => {
            Standing::Overdue(now.since(limit))
        }
        (Verdict::Required, None, limit) => Standing::Open(limit.map(|limit| limit.since(now))),
    }
}

/// The instant of a point, if it is known.
pub fn instant_of(milestones: &[Milestone], point: Point) -> Option<Instant> {
    milestones
        .iter()
        .find(|milestone| milestone.point == point)
        .and_then(|milestone| milestone.at)
}

/// The time between two points, if both are known and stand in that order.
pub fn span(milestones: &[Milestone], from: Point, to: Point) -> Option<SignedDuration> {
    let span = instant_of(milestones, to)?.since(instant_of(milestones, from)?);
    (!span.is_negative()).then_some(span)
}

/// The last instant at which a duty is still met.
pub fn limit(due: Due, zone: &TimeZone) -> Option<Instant> {
    match due {
        Due::At(at) => Some(at),
        // The day belongs to the duty until its last microsecond.
        Due::On(day) => {
            let midnight = day.tomorrow().ok()?.to_zoned(zone.clone()).ok()?;
            Some(
                Instant::from_timestamp(midnight.timestamp()).minus(SignedDuration::from_micros(1)),
            )
        }
        Due::StartMissing | Due::Promptly | Due::Nothing => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::LocaleText;

    fn obligation(verdict: Verdict, due: Due, fulfilled_at: Option<&str>) -> Obligation {
        Obligation {
            duty: LocaleText::default(),
            recipient: LocaleText::default(),
            citation: LocaleText::default(),
            verified: true,
            verdict,
            due,
            provisional: false,
            fulfilled_at: fulfilled_at.map(|at| at.parse().unwrap()),
            proof: None,
            reasons: Vec::new(),
            overruled: None,
        }
    }

    fn stands(verdict: Verdict, due: Due, fulfilled_at: Option<&str>, now: &str) -> Standing {
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        let obligation = obligation(verdict, due, fulfilled_at);
        standing(&obligation, now.parse().unwrap(), &tokyo)
    }

    #[test]
    fn a_due_day_lasts_until_midnight_in_the_zone() {
        let due = Due::On(jiff::civil::date(2026, 11, 24));
        let at = |at| stands(Verdict::Required, due, Some(at), "2026-12-01T00:00:00Z");
        assert_eq!(at("2026-11-24T23:59:59+09:00"), Standing::Met);
        assert_eq!(
            at("2026-11-25T00:00:00+09:00"),
            Standing::Late(SignedDuration::from_micros(1))
        );
    }

    #[test]
    fn an_unmet_duty_is_open_until_due_and_overdue_after() {
        let due = Due::At("2026-11-23T00:14:00Z".parse().unwrap());
        let at = |now| stands(Verdict::Required, due, None, now);
        assert_eq!(
            at("2026-11-23T00:13:00Z"),
            Standing::Open(Some(SignedDuration::from_mins(1)))
        );
        assert_eq!(
            at("2026-11-23T01:14:00Z"),
            Standing::Overdue(SignedDuration::from_hours(1))
        );
    }

    #[test]
    fn the_verdict_speaks_where_nothing_was_done() {
        let at = |verdict| stands(verdict, Due::Promptly, None, "2026-11-23T00:00:00Z");
        assert_eq!(at(Verdict::NotRequired), Standing::NotRequired);
        assert_eq!(
            at(Verdict::Undecided(LocaleText::default())),
            Standing::Undecided
        );
        assert_eq!(at(Verdict::Required), Standing::Open(None));
    }

    #[test]
    fn a_span_needs_both_ends_in_order() {
        let at = |point, at: &str| Milestone {
            point,
            at: Some(at.parse().unwrap()),
        };
        let course = [
            at(Point::Occurred, "2026-11-20T02:00:00Z"),
            at(Point::Detected, "2026-11-20T01:00:00Z"),
            Milestone {
                point: Point::Closed,
                at: None,
            },
        ];
        assert_eq!(span(&course, Point::Occurred, Point::Detected), None);
        assert_eq!(span(&course, Point::Occurred, Point::Closed), None);
        assert_eq!(
            span(&course, Point::Detected, Point::Occurred),
            Some(SignedDuration::from_hours(1))
        );
    }
}
