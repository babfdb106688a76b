//! What stands on top of every page of an incident: title, state, clocks, tabs.

use serde::Serialize;

use super::Case;
use crate::assessment::{Obligation, Status};
use crate::deadlines::{Due, DueAt};
use crate::incidents::clock_starts::ClockStartKind;
use crate::incidents::facts::FactKey;
use crate::incidents::{Kind, Pattern, Severity, State};
use crate::kernel::{Instant, Locale, locale};
use crate::playbooks::{Link, StepState};
use crate::regulations::{Confidence, DueKind, Nature, RecipientKind};
use crate::web::extract::Page;
use crate::web::words;
use crate::workflow::{DutyState, DutyView};

/// Hours before a deadline from which its clock is red, and amber.
const URGENT_HOURS: i64 = 24;
const WARN_HOURS: i64 = 72;

/// The header of an incident, for `{{> incident-head head}}`.
#[derive(Serialize)]
pub(super) struct Header {
    pub(super) id: String,
    number: String,
    title: String,
    practice: bool,
    severity: Option<Severity>,
    state: State,
    kind: Option<Kind>,
    pattern: Option<Pattern>,
    commander: Option<String>,
    known: Option<Known>,
    clocks: Vec<ClockCard>,
    /// Whether clocks stand still because nobody said yet when they began.
    start_missing: bool,
    tabs: Vec<Tab>,
}

/// When it became known, by the best word that there is.
#[derive(Serialize)]
struct Known {
    label: String,
    at: Instant,
}

/// One clock, as the partial `clock-card` takes it.
#[derive(Clone, Serialize)]
pub(super) struct ClockCard {
    pub(super) href: String,
    pub(super) icon: &'static str,
    pub(super) label: String,
    pub(super) tone: &'static str,
    pub(super) until: Option<Instant>,
    pub(super) over: bool,
    pub(super) share: f64,
    pub(super) done: Option<String>,
    pub(super) due: String,
    pub(super) marks: Vec<Mark>,
}

/// A small word of caution on a clock.
#[derive(Clone, Serialize)]
pub(super) struct Mark {
    icon: &'static str,
    text: String,
}

#[derive(Serialize)]
struct Tab {
    href: String,
    label: String,
    count: Option<String>,
    current: bool,
}

impl Case {
    /// The header with one tab current.
    pub(super) fn header(&self, page: &Page, current: Link) -> Header {
        let incident = &self.incident;
        let known = [
            ClockStartKind::AnyDepartmentKnew,
            ClockStartKind::Aware,
            ClockStartKind::Detected,
        ];
        Header {
            id: incident.id.to_string(),
            number: incident.number.clone(),
            title: incident.title.clone(),
            practice: incident.practice,
            severity: incident.severity,
            state: incident.state,
            kind: incident.kind,
            pattern: incident.pattern,
            commander: incident.commander_id.as_ref().and_then(|id| self.name(id)),
            known: self.starts.first_of(&known).map(|(kind, start)| Known {
                label: page.text(&format!("clock-short-{}", kind.as_str().replace('_', "-"))),
                at: start.at,
            }),
            clocks: self.clocks(page),
            start_missing: incident.state == State::Open
                && self.starts.get(ClockStartKind::AnyDepartmentKnew).is_none(),
            tabs: Link::ALL
                .iter()
                .map(|link| self.tab(page, *link, current))
                .collect(),
        }
    }

    /// The clock of each duty that arises, was met, or may arise; the most urgent first.
    pub(super) fn clocks(&self, page: &Page) -> Vec<ClockCard> {
        let mut duties: Vec<_> = self
            .duties
            .duties
            .iter()
            .filter(|duty| shows_clock(duty))
            .collect();
        duties.sort_by_key(|duty| {
            let met = duty.met_at.is_some();
            let undated = duty.next_due(page.now()).is_none();
            let at = duty.next_due(page.now()).and_then(Due::instant);
            (met, undated, at)
        });
        duties
            .into_iter()
            .map(|duty| clock_card(duty, page, &self.incident.id.to_string()))
            .collect()
    }

    /// The title of a page of this incident.
    pub(super) fn page_title(&self, page: &Page, link: Link) -> String {
        let tab = page.text(&format!("link-{link}"));
        format!("{tab} — {} {}", self.incident.number, self.incident.title)
    }

    fn tab(&self, page: &Page, link: Link, current: Link) -> Tab {
        let number = |count: i64| (count > 0).then(|| words::number_text(count));
        let length = |count: usize| number(i64::try_from(count).unwrap_or(i64::MAX));
        let count = match link {
            Link::Playbook => {
                let settled = |state| matches!(state, StepState::Done | StepState::Skipped);
                let done = self.steps.iter().filter(|step| settled(step.state)).count();
                Some(format!("{done}/{}", self.steps.len()))
            }
            Link::Facts => Some(format!("{}/{}", self.facts.0.len(), FactKey::ALL.len())),
            Link::People => number(self.people.people),
            Link::Authorities => length(
                self.duties
                    .duties
                    .iter()
                    .filter(|duty| duty.is_owed())
                    .count(),
            ),
            Link::Notices => length(self.notices.len()),
            Link::Evidence => length(self.evidence),
            Link::Timeline => number(self.entries),
            Link::Overview | Link::Review => None,
        };
        Tab {
            href: href(self.incident.id.as_str(), link),
            label: page.text(&format!("link-{link}")),
            count,
            current: link == current,
        }
    }
}

/// The address of a page of an incident.
pub(super) fn href(id: &str, link: Link) -> String {
    match link {
        Link::Overview => format!("/incidents/{id}"),
        other => format!("/incidents/{id}/{other}"),
    }
}

/// Whether a duty has a clock to show: others would only be noise while nothing is known.
fn shows_clock(duty: &DutyView) -> bool {
    let dated = duty.dues.iter().any(|due| due.instant().is_some());
    match duty.state {
        DutyState::Met | DutyState::MetLate | DutyState::Overdue => true,
        DutyState::Open => duty.obligation.nature == Nature::Duty || dated,
        DutyState::Undecided => dated && duty.presses() && duty.obligation.nature == Nature::Duty,
        DutyState::NotRequired => false,
    }
}

/// The card of one duty: its next due point, or that it was met.
pub(super) fn clock_card(duty: &DutyView, page: &Page, incident: &str) -> ClockCard {
    let (locale, now) = (page.locale(), page.now());
    let obligation = &duty.obligation;
    let next = duty.next_due(now);
    let until = next
        .and_then(Due::instant)
        .filter(|_| duty.met_at.is_none());
    let over = until.is_some_and(|until| until < now);
    let (link, icon) = match obligation.recipient.kind {
        RecipientKind::Regulator => (Link::Authorities, "landmark"),
        RecipientKind::Individuals => (Link::Notices, "mail"),
        RecipientKind::Others => (Link::Authorities, "building-2"),
    };
    let done = match duty.state {
        DutyState::Met => Some("clock-met"),
        DutyState::MetLate => Some("clock-met-late"),
        _ if until.is_some() => None,
        _ if missing_start(duty) => Some("clock-start-missing"),
        _ => Some("clock-without-delay"),
    };
    ClockCard {
        href: href(incident, link),
        icon,
        label: obligation.title.get(locale).to_owned(),
        tone: tone(duty, next, now),
        until,
        over,
        share: share(duty, next, now),
        done: done.map(|key| page.text(key)),
        due: due_line(duty, next, page),
        marks: marks(obligation, next, locale),
    }
}

/// The due point as a day in words, or with its time when the clock counts hours.
pub(super) fn due_words(due: &Due, page: &Page) -> Option<String> {
    match &due.at {
        DueAt::Day { day, .. } => Some(words::day(page.locale(), *day)),
        DueAt::Instant { instant } => Some(words::date_time(page.locale(), *instant, page.zone())),
        DueAt::WithoutDelay | DueAt::StartMissing { .. } => None,
    }
}

fn missing_start(duty: &DutyView) -> bool {
    duty.dues
        .iter()
        .any(|due| matches!(due.at, DueAt::StartMissing { .. }))
}

/// A guideline's target never turns red: it is no limit of the law.
fn tone(duty: &DutyView, next: Option<&Due>, now: Instant) -> &'static str {
    if duty.met_at.is_some() {
        return "done";
    }
    let Some((due, at)) = next.and_then(|due| Some((due, due.instant()?))) else {
        return if missing_start(duty) { "warn" } else { "" };
    };
    let hours = at.since(now).as_hours();
    let passed = at < now;
    match due.kind {
        _ if due.conditional => "target",
        DueKind::Deadline if passed || hours < URGENT_HOURS => "urgent",
        DueKind::Deadline if hours < WARN_HOURS => "warn",
        DueKind::Deadline => "",
        DueKind::Target if passed || hours < URGENT_HOURS => "target warn",
        DueKind::Target => "target",
    }
}

/// How much of the time between start and due has passed, from 0 to 1.
fn share(duty: &DutyView, next: Option<&Due>, now: Instant) -> f64 {
    if duty.met_at.is_some() {
        return 1.0;
    }
    let span = next.and_then(|due| {
        let start = due.start.as_ref()?.at;
        let whole = due.instant()?.since(start).as_secs_f64();
        (whole > 0.0).then(|| now.since(start).as_secs_f64() / whole)
    });
    span.unwrap_or(0.0).clamp(0.0, 1.0)
}

fn due_line(duty: &DutyView, next: Option<&Due>, page: &Page) -> String {
    let locale = page.locale();
    let with = |key: &str, when: String| locale::text_with(locale, key, &[("when", when.into())]);
    if let Some(at) = duty.met_at {
        return with("clock-met-at", words::date_time(locale, at, page.zone()));
    }
    match next.and_then(|due| Some((due.kind, due_words(due, page)?))) {
        Some((DueKind::Deadline, when)) => with("clock-deadline-at", when),
        Some((DueKind::Target, when)) => with("clock-target-at", when),
        None if missing_start(duty) => page.text("clock-start-missing-hint"),
        None => page.text("law-due-without-delay"),
    }
}

fn marks(obligation: &Obligation, next: Option<&Due>, locale: Locale) -> Vec<Mark> {
    let provisional = next.is_some_and(|due| due.provisional);
    let unverified = obligation.confidence == Confidence::Unverified
        || next.is_some_and(|due| due.basis.confidence == Confidence::Unverified);
    [
        (
            obligation.status == Status::Undecided,
            "circle-help",
            "clock-mark-undecided",
        ),
        (provisional, "calendar-clock", "clock-mark-provisional"),
        (unverified, "triangle-alert", "clock-mark-unverified"),
    ]
    .into_iter()
    .filter(|(applies, ..)| *applies)
    .map(|(_, icon, key)| Mark {
        icon,
        text: locale::text(locale, key),
    })
    .collect()
}
