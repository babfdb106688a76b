//! The register: how many, where, which data; and the people themselves, masked, by filter.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::{Case, query};
use super::filter::{self, FilterForm};
use super::roster::{Progress, progress};
use super::shares::{self, Shares};
use super::{
    Pages, PeopleTab, PersonLine, Tab, Text, address, people_tabs, person_line, roster_name,
};
use crate::affected::{Channel, Counts, Cursor, Filter, Roster, RosterState, register, rosters};
use crate::evidence;
use crate::kernel::{Code, Instant, Locale, Problem, Result, locale};
use crate::playbooks::Link;
use crate::timeline::{self, Entry, Kind};
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::words;
use crate::workflow::entries;

/// How many people stand on one page.
const PAGE: usize = 50;

#[derive(Serialize)]
struct View {
    head: Header,
    people_tabs: Vec<Tab>,
    any_roster: bool,
    any_person: bool,
    waiting: Option<Text>,
    at_work: Vec<AtWork>,
    thresholds: Vec<Text>,
    figures: Vec<Figure>,
    places: Shares,
    categories: Shares,
    filter: FilterForm,
    people: Vec<PersonLine>,
    found: i64,
    narrowed: bool,
    all: i64,
    pages: Pages,
}

#[derive(Serialize)]
struct Figure {
    label: String,
    people: i64,
    href: String,
}

#[derive(Serialize)]
struct AtWork {
    name: String,
    href: String,
    state: String,
    progress: Progress,
}

pub(super) async fn show(
    signed: SignedIn,
    id: web::Path<String>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let case = Case::find(&signed, &id).await?;
    let language = page.locale();
    let chosen = filter::read(&asked);
    let after = match query(&asked, "after") {
        "" => None,
        text => {
            let cursor = text.parse::<Cursor>();
            Some(cursor.map_err(|_| Problem::field("after", "field-not-a-cursor"))?)
        }
    };
    let (house, now) = (page.state().house.clone(), page.now());
    let (incident, wanted) = (case.incident.id.clone(), chosen.clone());
    let store = house.store.clone();
    let read = store.read(move |conn| {
        let (key, incident) = (&house.vault, incident.as_str());
        let nobody = Filter {
            channel: Some(Channel::None),
            ..Filter::default()
        };
        Ok((
            register::page(conn, key, now, incident, &wanted, after, PAGE)?,
            register::page(conn, key, now, incident, &nobody, None, 0)?.total,
            rosters::rosters(conn, incident)?,
            evidence::list(conn, incident)?,
            timeline::of_kind(conn, incident, Kind::ThresholdCrossed)?,
        ))
    });
    let (found, without_contact, rosters, files, crossed) = match read.await {
        Ok(read) => read,
        // Nobody can be listed any more; the page of keeping tells what happened.
        Err(problem) if problem.code == Code::Purged => {
            return Ok(page.go(&address(&case, "/keeping"), ""));
        }
        Err(problem) => return Err(problem.into()),
    };
    let rosters: Vec<_> = rosters
        .into_iter()
        .map(|roster| {
            let file = files.iter().find(|file| file.id == roster.evidence_id);
            let name = roster_name(&roster, file, language);
            (roster, name)
        })
        .collect();
    let counts = &case.people;
    let base = address(&case, "");
    let narrowed = !chosen.is_empty();
    let shown = i64::try_from(found.people.len()).unwrap_or(0);
    page.view("incidents/people/register")
        .title(case.page_title(page, Link::People))
        .nav("incidents")
        .respond(&View {
            head: case.header(page, Link::People),
            people_tabs: people_tabs(page, &case, PeopleTab::Register).await?,
            any_roster: !rosters.is_empty(),
            any_person: counts.people > 0,
            waiting: waiting(&case, &rosters),
            at_work: at_work(&case, &rosters, now, language),
            thresholds: crossed.iter().map(|entry| crossing(entry, page)).collect(),
            figures: figures(counts, without_contact, &base, language),
            places: shares::places(counts, &base, language),
            categories: shares::categories(counts, &base, language),
            filter: filter::form(&chosen, counts, without_contact, &rosters, &base, language),
            people: found
                .people
                .into_iter()
                .map(|person| person_line(person, language))
                .collect(),
            found: found.total,
            narrowed,
            all: counts.people,
            pages: Pages {
                first: after.map(|_| format!("{base}{}#list", filter::written(&chosen, None))),
                next: found.next.map(|next| {
                    let query = filter::written(&chosen, Some(next.to_string()));
                    format!("{base}{query}#list")
                }),
                text: locale::text_with(
                    language,
                    "people-page-of",
                    &[
                        ("shown", words::number_text(shown).into()),
                        ("all", words::number_text(found.total).into()),
                    ],
                ),
            },
        })
}

/// A roster whose columns wait to be confirmed: nobody of it is in the register yet.
fn waiting(case: &Case, rosters: &[(Roster, String)]) -> Option<Text> {
    let draft = rosters
        .iter()
        .find(|(roster, _)| roster.state == RosterState::Draft);
    draft.map(|(roster, name)| Text {
        title: name.clone(),
        text: address(case, &format!("/rosters/{}", roster.id)),
    })
}

fn at_work(
    case: &Case,
    rosters: &[(Roster, String)],
    now: Instant,
    language: Locale,
) -> Vec<AtWork> {
    let busy = |roster: &Roster| roster.state.is_at_work() || roster.state == RosterState::Paused;
    rosters
        .iter()
        .filter(|(roster, _)| busy(roster))
        .map(|(roster, name)| AtWork {
            name: name.clone(),
            href: address(case, &format!("/rosters/{}", roster.id)),
            state: locale::text(language, &format!("roster-state-{}", roster.state)),
            progress: progress(roster, now, language),
        })
        .collect()
}

/// A threshold that the number of people passed: which one, and when that was known.
fn crossing(entry: &Entry, page: &crate::web::extract::Page) -> Text {
    let (language, details) = (page.locale(), entry.details());
    let text = |name: &str| details.get(name).and_then(serde_json::Value::as_str);
    let number = |name: &str| {
        let number = details.get(name).and_then(serde_json::Value::as_i64);
        number.unwrap_or_default()
    };
    let regulation = match language {
        Locale::Ja => text("regulation_ja"),
        Locale::En => text("regulation_en"),
    };
    let at = text("known_at").and_then(|at| at.parse().ok());
    let when = words::date_time(language, at.unwrap_or(entry.occurred_at), page.zone());
    let threshold = entries::people_threshold(number("threshold"), language);
    let variables = [
        ("threshold", threshold.into()),
        ("when", when.into()),
        ("people", words::number_text(number("people")).into()),
    ];
    Text {
        title: locale::text_with(language, "people-threshold-known", &variables),
        text: regulation.unwrap_or_default().to_owned(),
    }
}

fn figures(counts: &Counts, without_contact: i64, base: &str, language: Locale) -> Vec<Figure> {
    let of = |filter: Filter| format!("{base}{}#list", filter::written(&filter, None));
    let by = |channel| {
        of(Filter {
            channel: Some(channel),
            ..Filter::default()
        })
    };
    let minors = Filter {
        minor: Some("yes".to_owned()),
        ..Filter::default()
    };
    [
        ("people-all", counts.people, of(Filter::default())),
        ("people-by-email", counts.with_email, by(Channel::Email)),
        ("people-by-phone", counts.with_phone, by(Channel::Phone)),
        ("people-by-line", counts.with_line, by(Channel::Line)),
        ("people-by-post", counts.with_post, by(Channel::Post)),
        ("people-unreachable", without_contact, by(Channel::None)),
        ("people-minors", counts.minors, of(minors)),
    ]
    .into_iter()
    .map(|(key, people, href)| Figure {
        label: locale::text(language, key),
        people,
        href,
    })
    .collect()
}
