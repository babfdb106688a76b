//! What is counted of one incident, and what of all of them.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::Point;
use crate::incidents::{IncidentId, Kind, Pattern, Severity, State};
use crate::kernel::Instant;

crate::text_enum! {
    /// From one moment of an incident to another; its words are `report-figures-span-<key>`.
    pub enum Span {
        /// From the event to its first sign.
        ToDetect = "to-detect",
        /// From the first sign until the organisation knew.
        ToKnow = "to-know",
        /// From knowing until every step of containing was settled.
        ToContain = "to-contain",
        /// From knowing to the first report to an authority.
        ToReport = "to-report",
        /// From knowing to the first notice to people.
        ToNotify = "to-notify",
        /// From knowing to the end of the response.
        ToClose = "to-close",
    }
}

impl Span {
    /// Where it begins and ends.
    pub fn ends(self) -> (Point, Point) {
        match self {
            Self::ToDetect => (Point::Occurred, Point::Detected),
            Self::ToKnow => (Point::Detected, Point::Known),
            Self::ToContain => (Point::Known, Point::Contained),
            Self::ToReport => (Point::Known, Point::Reported),
            Self::ToNotify => (Point::Known, Point::Notified),
            Self::ToClose => (Point::Known, Point::Closed),
        }
    }
}

crate::text_enum! {
    /// The incidents behind one number; its words are `report-figures-slice-<key>`.
    pub enum Slice {
        /// All of them.
        All = "all",
        /// Those with a deadline that was kept.
        Met = "met",
        /// Those with a deadline that was missed.
        Missed = "missed",
        /// Those with a deadline that runs.
        Due = "due",
        /// Those of which the number of people is known.
        People = "people",
        /// Those with an issued notice.
        Issued = "issued",
        /// Those with a notice that reached somebody.
        Delivered = "delivered",
        /// Those with an open action.
        OpenActions = "open-actions",
        /// Those with an overdue action.
        OverdueActions = "overdue-actions",
        /// Those of which [`Span::ToDetect`] is known.
        ToDetect = "to-detect",
        /// Those of which [`Span::ToKnow`] is known.
        ToKnow = "to-know",
        /// Those of which [`Span::ToContain`] is known.
        ToContain = "to-contain",
        /// Those of which [`Span::ToReport`] is known.
        ToReport = "to-report",
        /// Those of which [`Span::ToNotify`] is known.
        ToNotify = "to-notify",
        /// Those of which [`Span::ToClose`] is known.
        ToClose = "to-close",
    }
}

impl Slice {
    /// Whether the number counts something of this incident.
    pub fn holds(self, line: &Line) -> bool {
        match self {
            Self::All => true,
            Self::Met => line.deadlines.met > 0,
            Self::Missed => line.deadlines.missed > 0,
            Self::Due => line.deadlines.open > 0,
            Self::People => line.people.is_some(),
            Self::Issued => line.notices.issued > 0,
            Self::Delivered => line.notices.delivered > 0,
            Self::OpenActions => line.actions.open > 0,
            Self::OverdueActions => line.actions.overdue > 0,
            Self::ToDetect
            | Self::ToKnow
            | Self::ToContain
            | Self::ToReport
            | Self::ToNotify
            | Self::ToClose => self.span().and_then(|span| line.minutes(span)).is_some(),
        }
    }

    /// The span whose number it stands behind.
    pub fn span(self) -> Option<Span> {
        match self {
            Self::ToDetect => Some(Span::ToDetect),
            Self::ToKnow => Some(Span::ToKnow),
            Self::ToContain => Some(Span::ToContain),
            Self::ToReport => Some(Span::ToReport),
            Self::ToNotify => Some(Span::ToNotify),
            Self::ToClose => Some(Span::ToClose),
            _ => None,
        }
    }
}

/// One incident, as far as it is counted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Line {
    /// The id.
    #[schema(value_type = String)]
    pub id: IncidentId,
    /// The number that people say.
    pub number: String,
    /// What happened, in a line.
    pub title: String,
    /// The kind, once said.
    pub kind: Option<Kind>,
    /// The pattern, once said.
    pub pattern: Option<Pattern>,
    /// The severity, once said.
    pub severity: Option<Severity>,
    /// Whether the response goes on.
    pub state: State,
    /// Whether this is practice.
    pub practice: bool,
    /// When it was declared.
    #[schema(value_type = String, format = DateTime)]
    pub declared_at: Instant,
    /// When its moments were.
    pub moments: Moments,
    /// Its duties with a deadline.
    pub deadlines: Deadlines,
    /// How many people are affected, or at most are.
    pub people: Option<u64>,
    /// Whether `people` is an upper bound.
    pub people_at_most: bool,
    /// Its notices.
    pub notices: Notices,
    /// Its actions.
    pub actions: Actions,
}

impl Line {
    /// How many minutes a span took; nothing where an end is not known, or lies before its beginning.
    pub fn minutes(&self, span: Span) -> Option<i64> {
        let (from, to) = span.ends();
        let took = self.moments.at(to)?.since(self.moments.at(from)?);
        (!took.is_negative()).then(|| took.as_secs() / 60)
    }
}

/// When the moments of an incident were, as far as they are known.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct Moments {
    /// It began.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub occurred: Option<Instant>,
    /// Somebody noticed something.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub detected: Option<Instant>,
    /// Any department of the organisation knew.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub known: Option<Instant>,
    /// The last step of containing was settled.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub contained: Option<Instant>,
    /// The first report reached an authority.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub reported: Option<Instant>,
    /// The first notice to people left.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub notified: Option<Instant>,
    /// The response ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed: Option<Instant>,
}

impl Moments {
    /// The moments that are counted, in their order.
    pub const POINTS: [Point; 7] = [
        Point::Occurred,
        Point::Detected,
        Point::Known,
        Point::Contained,
        Point::Reported,
        Point::Notified,
        Point::Closed,
    ];

    /// When this moment was; nothing for one that is not counted.
    pub fn at(&self, point: Point) -> Option<Instant> {
        match point {
            Point::Occurred => self.occurred,
            Point::Detected => self.detected,
            Point::Known => self.known,
            Point::Declared => None,
            Point::Contained => self.contained,
            Point::Reported => self.reported,
            Point::Notified => self.notified,
            Point::Closed => self.closed,
        }
    }
}

/// Duties with a dated deadline: each of each law counts for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Deadlines {
    /// Done in time.
    pub met: u64,
    /// Done late, or not done although the deadline passed.
    pub missed: u64,
    /// Not done, with time left.
    pub open: u64,
}

/// What went to people and authorities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Notices {
    /// Notices that were filed or sent.
    pub issued: u64,
    /// Messages that a mail server took, and letters or LINE messages that were handed over.
    pub delivered: u64,
}

/// Actions that prevent the next incident.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Actions {
    /// Not done, the overdue ones among them.
    pub open: u64,
    /// Not done, with a day that is past.
    pub overdue: u64,
}

/// The people affected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct People {
    /// Of how many incidents the number is known.
    pub known: u64,
    /// How many of these know only an upper bound, which then counts.
    pub at_most: u64,
    /// All together; somebody whom two incidents affect counts twice.
    pub sum: u64,
    /// The most of one incident.
    pub largest: Option<u64>,
}

/// How many incidents share something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Share {
    /// What they share: a kind, a pattern, a month such as `2026-11`, or `unknown`.
    pub key: String,
    /// How many.
    pub incidents: u64,
}

/// How long something took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Time {
    /// From what to what.
    pub span: Span,
    /// Of how many incidents both ends are known.
    pub known: u64,
    /// The median, in minutes.
    pub median_minutes: Option<i64>,
    /// The longest, in minutes.
    pub longest_minutes: Option<i64>,
}

/// The numbers, and the incidents behind them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Figures {
    /// How many incidents.
    pub incidents: u64,
    /// By kind, the most frequent first.
    pub by_kind: Vec<Share>,
    /// By pattern, the most frequent first.
    pub by_pattern: Vec<Share>,
    /// By the month of declaring in the server's zone, in order.
    pub by_month: Vec<Share>,
    /// How long things took.
    pub times: Vec<Time>,
    /// Deadlines kept and missed.
    pub deadlines: Deadlines,
    /// People affected.
    pub people: People,
    /// What was sent.
    pub notices: Notices,
    /// What is still to be done.
    pub actions: Actions,
    /// The incidents, the newest first.
    pub lines: Vec<Line>,
}
