//! Duties as the page shows them: status, dues, and the chain of reasons.

use jiff::tz::TimeZone;
use serde::Serialize;

use super::super::Case;
use super::notice_for;
use crate::assessment::{Reason, ReasonKind, Status, Verdict};
use crate::deadlines::{Due, DueAt};
use crate::incidents::facts::{self, FactKey};
use crate::incidents::rulings::DutyRuling;
use crate::kernel::{Instant, Locale, dates, locale};
use crate::notices::{NoticeKind, NoticeState};
use crate::regulations::{self, Basis, Confidence, DueKind, Nature, RecipientKind, StartFrom};
use crate::web::clocks::anchor;
use crate::web::extract::Page;
use crate::web::words;
use crate::workflow::{DutyState, DutyView};

/// One duty as the list shows it.
#[derive(Serialize)]
pub(super) struct Duty {
    id: String,
    anchor: String,
    title: String,
    recipient: String,
    method: String,
    nature: Option<String>,
    status: Status,
    status_label: String,
    state: DutyState,
    tone: &'static str,
    icon: &'static str,
    met_at: Option<Instant>,
    receipt: Option<String>,
    unverified: bool,
    dues: Vec<DueLine>,
    reasons: Vec<ReasonLine>,
    questions: Vec<FactLink>,
    notes: Vec<String>,
    article: Article,
    /// Who receives it by the facts.
    addressed: Vec<AddressedLine>,
    form: Option<Article>,
    /// What a person decided, and why.
    ruling: Option<RulingLine>,
    /// The rule's own word.
    rule_says: String,
    /// The page of the duty: its items, filings and decisions.
    page: String,
    /// Whether a filing can be recorded for it.
    can_file: bool,
    notice: Option<NoticeLink>,
    /// The kind of notice that can be drafted for it, while there is none.
    draft: Option<NoticeKind>,
    open: bool,
}

/// An article with the address of its text.
#[derive(Serialize)]
pub(super) struct Article {
    pub(super) text: String,
    pub(super) url: String,
    pub(super) unverified: bool,
}

#[derive(Serialize)]
struct DueLine {
    kind: DueKind,
    /// The point in time in words, or why there is none.
    text: String,
    until: Option<Instant>,
    passed: bool,
    rule: String,
    moved: Option<String>,
    calendar: Option<String>,
    provisional: bool,
    conditional: bool,
    article: Article,
    start: Option<StartLine>,
}

#[derive(Serialize)]
struct StartLine {
    label: String,
    text: String,
}

/// A condition of the law, and how it came out.
#[derive(Serialize)]
pub(super) struct ReasonLine {
    exemption: bool,
    verdict: Verdict,
    words: String,
    facts: Vec<FactLink>,
    article: Article,
    remark: Option<String>,
}

/// A question, and what was answered.
#[derive(Serialize)]
pub(super) struct FactLink {
    href: String,
    label: String,
    question: String,
    answer: Option<String>,
}

#[derive(Serialize)]
struct AddressedLine {
    name: String,
    url: Option<&'static str>,
    undecided: bool,
}

/// A decision beside the rule's own word.
#[derive(Serialize)]
pub(super) struct RulingLine {
    pub(super) label: String,
    pub(super) reason: String,
    pub(super) by: String,
    pub(super) at: Instant,
    pub(super) stands: bool,
}

#[derive(Serialize)]
struct NoticeLink {
    href: String,
    state: NoticeState,
}

/// One duty as the list shows it.
pub(super) fn duty(view: &DutyView, case: &Case, page: &Page) -> Duty {
    let locale = page.locale();
    let obligation = &view.obligation;
    let rules = regulations::duty(obligation.duty_id).map(|(_, duty)| duty);
    let stands = obligation.stands();
    let notice = notice_for(case, obligation.duty_id);
    let kind = NoticeKind::ALL
        .iter()
        .find(|kind| kind.serves(obligation.duty_id))
        .copied();
    let (tone, icon) = look(view.state);
    Duty {
        anchor: anchor(obligation.duty_id),
        id: obligation.duty_id.to_owned(),
        title: obligation.title.get(locale).to_owned(),
        recipient: obligation.recipient.name.get(locale).to_owned(),
        method: rules
            .and_then(|duty| duty.method.as_ref())
            .map(|method| method.get(locale).to_owned())
            .unwrap_or_default(),
        nature: (obligation.nature != Nature::Duty)
            .then(|| locale::text(locale, &format!("law-nature-{}", obligation.nature))),
        status: stands,
        // What is merely advised is not "required".
        status_label: match (stands, obligation.nature) {
            (Status::Required, Nature::Recommended) => {
                locale::text(locale, "law-nature-recommended")
            }
            _ => status_label(stands, locale),
        },
        state: view.state,
        tone,
        icon,
        met_at: view.met_at,
        receipt: view.receipt.clone().filter(|receipt| !receipt.is_empty()),
        unverified: obligation.confidence == Confidence::Unverified,
        dues: view
            .dues
            .iter()
            .map(|due| due_line(due, view, page))
            .collect(),
        reasons: obligation
            .reasons
            .iter()
            .map(|reason| reason_line(reason, case, locale))
            .collect(),
        questions: obligation
            .questions
            .iter()
            .map(|key| fact_link(key, case, locale))
            .collect(),
        notes: texts(obligation.notes, locale),
        article: article(obligation.basis, locale),
        addressed: obligation
            .addressed
            .iter()
            .map(|it| AddressedLine {
                name: it.name.get(locale).to_owned(),
                url: it.url,
                undecided: it.undecided,
            })
            .collect(),
        form: rules
            .and_then(|duty| duty.form.as_ref())
            .map(|form| Article {
                text: form.title.get(locale).to_owned(),
                url: form.url.clone(),
                unverified: form.confidence == Confidence::Unverified,
            }),
        ruling: view.ruling.as_ref().map(|it| ruling_line(it, case, locale)),
        rule_says: status_label(obligation.status, locale),
        page: super::duty_href(case, obligation.duty_id),
        can_file: obligation.recipient.kind != RecipientKind::Individuals
            && stands != Status::NotRequired,
        draft: kind.filter(|_| notice.is_none() && stands != Status::NotRequired),
        notice: notice.map(|notice| NoticeLink {
            href: format!("/incidents/{}/notices/{}", case.incident.id, notice.id),
            state: notice.state,
        }),
        open: stands != Status::NotRequired,
    }
}

fn status_label(status: Status, locale: Locale) -> String {
    let status = status.as_str().replace('_', "-");
    locale::text(locale, &format!("law-status-{status}"))
}

/// A decision in words.
pub(super) fn ruling_line(ruling: &DutyRuling, case: &Case, locale: Locale) -> RulingLine {
    let key = ruling.ruling.as_str().replace('_', "-");
    RulingLine {
        label: locale::text(locale, &format!("ruling-{key}")),
        reason: ruling.reason.clone(),
        by: case.name(&ruling.decided_by).unwrap_or_default(),
        at: ruling.decided_at,
        stands: ruling.superseded_at.is_none(),
    }
}

/// Tone and icon of a state; the words stand beside them.
fn look(state: DutyState) -> (&'static str, &'static str) {
    match state {
        DutyState::Met => ("green", "circle-check"),
        DutyState::MetLate => ("amber", "clock-alert"),
        DutyState::Overdue => ("red", "triangle-alert"),
        DutyState::Open => ("blue", "circle-dot"),
        DutyState::Undecided => ("amber", "circle-help"),
        DutyState::NotRequired => ("grey", "circle-slash"),
    }
}

fn due_line(due: &Due, view: &DutyView, page: &Page) -> DueLine {
    let locale = page.locale();
    let zone = TimeZone::get(&due.zone).unwrap_or(TimeZone::UTC);
    let text = match &due.at {
        DueAt::Instant { instant } => dates::zoned_in(&instant.in_zone(&zone), locale),
        DueAt::Day { day, .. } => words::day(locale, *day),
        DueAt::WithoutDelay => locale::text(locale, "law-due-without-delay"),
        DueAt::StartMissing { starts } => {
            let names: Vec<_> = starts
                .iter()
                .map(|from| start_label(from, locale))
                .collect();
            let separator = match locale {
                Locale::Ja => "、",
                Locale::En => ", ",
            };
            let starts = names.join(separator);
            locale::text_with(
                locale,
                "law-due-start-missing",
                &[("starts", starts.into())],
            )
        }
    };
    let moved = match &due.at {
        DueAt::Day { day, counted } if day != counted => {
            let day = words::day(locale, *counted);
            Some(locale::text_with(
                locale,
                "law-due-moved",
                &[("day", day.into())],
            ))
        }
        _ => None,
    };
    let waiting = view.met_at.is_none();
    DueLine {
        kind: due.kind,
        text,
        until: due.instant().filter(|_| waiting),
        passed: waiting && due.instant().is_some_and(|at| at < page.now()),
        rule: due.rule.get(locale).to_owned(),
        moved,
        calendar: due
            .calendar
            .as_deref()
            .and_then(|id| regulations::calendars().get(id))
            .map(|calendar| calendar.title.get(locale).to_owned()),
        provisional: due.provisional,
        conditional: due.conditional,
        article: article(due.basis, locale),
        start: due.start.as_ref().map(|start| StartLine {
            label: start_label(&start.kind, locale),
            text: dates::zoned_in(&start.at.in_zone(&zone), locale),
        }),
    }
}

pub(super) fn reason_line(reason: &Reason, case: &Case, locale: Locale) -> ReasonLine {
    ReasonLine {
        exemption: reason.kind == ReasonKind::Exemption,
        verdict: reason.verdict,
        words: reason.words.get(locale).to_owned(),
        facts: reason
            .facts
            .iter()
            .map(|key| fact_link(key, case, locale))
            .collect(),
        article: article(reason.basis, locale),
        remark: reason
            .remark
            .as_ref()
            .map(|remark| remark.get(locale).to_owned()),
    }
}

pub(super) fn fact_link(key: FactKey, case: &Case, locale: Locale) -> FactLink {
    FactLink {
        href: format!("/incidents/{}/facts/{key}", case.incident.id),
        label: facts::label(key, locale),
        question: facts::question(key, locale),
        answer: case
            .facts
            .get(key)
            .map(|answer| facts::words(key, answer, locale)),
    }
}

pub(super) fn article(basis: &Basis, locale: Locale) -> Article {
    Article {
        text: basis.article.get(locale).to_owned(),
        url: basis.url.clone(),
        unverified: basis.confidence == Confidence::Unverified,
    }
}

/// A moment by its name, or the duty whose filing it is.
fn start_label(from: &StartFrom, locale: Locale) -> String {
    match from {
        StartFrom::Moment(kind) => locale::text(
            locale,
            &format!("law-clock-{}", kind.as_str().replace('_', "-")),
        ),
        StartFrom::Filed(duty) => {
            let title = super::duty_title(duty, locale);
            locale::text_with(locale, "law-clock-filed", &[("duty", title.into())])
        }
    }
}

pub(super) fn texts(all: &[crate::kernel::LocaleText], locale: Locale) -> Vec<String> {
    all.iter().map(|text| text.get(locale).to_owned()).collect()
}
