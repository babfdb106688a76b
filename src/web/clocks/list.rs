//! Every running clock of every open incident, the soonest first.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::{Head, due_words, duty_href, gather, is_unverified, recipient};
use crate::deadlines::{Due, DueAt};
use crate::incidents::Incident;
use crate::kernel::Instant;
use crate::regulations::{DueKind, Nature};
use crate::web::PageError;
use crate::web::extract::{Page, SignedIn};
use crate::web::form::FormState;
use crate::workflow::{DutyView, Running};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/clocks").route(web::get().to(show)));
}

#[derive(Serialize)]
struct View {
    head: Head,
    groups: Vec<Group>,
    incidents: Vec<Choice>,
    kinds: Vec<Choice>,
    any: bool,
    filtered: bool,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

/// Clocks that are equally near.
#[derive(Serialize)]
struct Group {
    id: &'static str,
    title: String,
    rows: Vec<Row>,
}

/// One clock.
#[derive(Serialize)]
struct Row {
    href: String,
    duty: String,
    recipient: String,
    incident_href: String,
    number: String,
    title: String,
    practice: bool,
    /// Nothing for a duty that gives no day or hour, or whose start nobody has named.
    kind: Option<DueKind>,
    nature: Option<String>,
    due: String,
    until: Option<Instant>,
    passed: bool,
    near: bool,
    provisional: bool,
    conditional: bool,
    unverified: bool,
    #[serde(skip)]
    group: Nearness,
}

#[derive(Clone, Copy, PartialEq)]
enum Nearness {
    Over,
    Day,
    Week,
    Later,
    Undated,
}

impl Nearness {
    const ALL: [Self; 5] = [
        Self::Over,
        Self::Day,
        Self::Week,
        Self::Later,
        Self::Undated,
    ];

    fn of(at: Instant, now: Instant) -> Self {
        match at.since(now).as_hours() {
            _ if at < now => Self::Over,
            ..24 => Self::Day,
            24..168 => Self::Week,
            _ => Self::Later,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Day => "day",
            Self::Week => "week",
            Self::Later => "later",
            Self::Undated => "undated",
        }
    }
}

async fn show(
    signed: SignedIn,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let running = gather(&signed).await?;
    let given = |name: &str| {
        let found = asked.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let (incident, kind) = (given("incident"), given("kind").parse().ok());
    let filtered = !incident.is_empty() || kind.is_some();
    let mut rows: Vec<Row> = running
        .iter()
        .filter(|running| incident.is_empty() || running.incident.id.as_str() == incident)
        .flat_map(|running| rows(running, page))
        .filter(|row| kind.is_none() || row.kind == kind)
        .collect();
    rows.sort_by_key(|row| (row.until.is_none(), row.until));
    page.view("clocks/list")
        .title(page.text("clocks-overview-title"))
        .nav("clocks")
        .form(FormState::filled([
            ("incident", incident.to_owned()),
            ("kind", given("kind").to_owned()),
        ]))
        .respond(&View {
            head: Head::new(&running, page, "/clocks"),
            any: running.iter().any(|running| !running.duties.is_empty()),
            groups: groups(rows, page),
            incidents: running.iter().map(choice).collect(),
            kinds: DueKind::ALL
                .iter()
                .map(|kind| Choice {
                    value: kind.to_string(),
                    label: super::kind_word(*kind, page.locale()),
                })
                .collect(),
            filtered,
        })
}

fn choice(running: &Running) -> Choice {
    let incident = &running.incident;
    Choice {
        value: incident.id.to_string(),
        label: format!("{} {}", incident.number, incident.title),
    }
}

/// The rows by nearness; groups without any are left out.
fn groups(rows: Vec<Row>, page: &Page) -> Vec<Group> {
    let mut groups: Vec<_> = Nearness::ALL
        .into_iter()
        .map(|nearness| Group {
            id: nearness.as_str(),
            title: page.text(&format!("clocks-group-{}", nearness.as_str())),
            rows: Vec::new(),
        })
        .collect();
    for row in rows {
        let id = row.group.as_str();
        if let Some(group) = groups.iter_mut().find(|group| group.id == id) {
            group.rows.push(row);
        }
    }
    groups.retain(|group| !group.rows.is_empty());
    groups
}

/// One row for each due point; one for a duty that has none.
fn rows(running: &Running, page: &Page) -> Vec<Row> {
    let incident = &running.incident;
    let dated = running
        .dues()
        .map(|(duty, due, _)| row(incident, duty, Some(due), page));
    let undated = running.duties.iter().filter_map(|duty| {
        let none = duty.dues.iter().all(|due| due.instant().is_none());
        none.then(|| row(incident, duty, None, page))
    });
    dated.chain(undated).collect()
}

fn row(incident: &Incident, duty: &DutyView, due: Option<&Due>, page: &Page) -> Row {
    let (locale, now) = (page.locale(), page.now());
    let obligation = &duty.obligation;
    let until = due.and_then(Due::instant);
    let missing = |due: &Due| matches!(due.at, DueAt::StartMissing { .. });
    let start_missing = due.is_none() && duty.dues.iter().any(missing);
    let words = due.and_then(|due| due_words(due, locale));
    Row {
        href: duty_href(incident.id.as_str(), obligation.duty_id),
        duty: obligation.title.get(locale).to_owned(),
        recipient: recipient(obligation, locale),
        incident_href: format!("/incidents/{}", incident.id),
        number: incident.number.clone(),
        title: incident.title.clone(),
        practice: incident.practice,
        kind: due.map(|due| due.kind),
        nature: (obligation.nature != Nature::Duty)
            .then(|| page.text(&format!("law-nature-{}", obligation.nature))),
        due: words.unwrap_or_else(|| {
            page.text(if start_missing {
                "clock-start-missing"
            } else {
                "law-due-without-delay"
            })
        }),
        until,
        passed: until.is_some_and(|at| at < now),
        near: until.is_some_and(|at| at.since(now).as_hours() < 24),
        provisional: due.is_some_and(|due| due.provisional),
        conditional: duty.dues.iter().any(|due| due.conditional),
        unverified: is_unverified(obligation, due),
        group: until.map_or(Nearness::Undated, |at| Nearness::of(at, now)),
    }
}
