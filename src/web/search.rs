//! The search over all incidents: one field, what was found by incident, newest first.
//!
//! The words stand in the address, so that "back" works and a search can be kept. Our own log names
//! the route only (`guard::ground`); this page's policy keeps its address out of the `Referer` of what
//! is opened from it, and so out of the log of a proxy that writes such lines. What a proxy writes of
//! the address itself is its operator's to settle: `docs/SEARCH.md`.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, REFERRER_POLICY};
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::PageError;
use super::extract::{Page, SignedIn};
use crate::accounts::can;
use crate::incidents::State;
use crate::kernel::{Code, Instant, Locale};
use crate::search::{Piece, Question, Room};
use crate::workflow::{SearchHit, SearchPage};

/// Hits on one page.
const PAGE: usize = 20;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/search").route(web::get().to(show)));
}

#[derive(Serialize)]
struct View {
    q: String,
    /// Whether anything was looked for.
    asked: bool,
    /// What is wrong with the words.
    wrong: Option<String>,
    rooms: Vec<Choice>,
    states: Vec<Choice>,
    narrowed: bool,
    /// The same words everywhere.
    widened: String,
    groups: Vec<Group>,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    label: String,
    chosen: bool,
}

/// What was found of one incident.
#[derive(Serialize)]
struct Group {
    id: String,
    number: String,
    title: String,
    closed: bool,
    practice: bool,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    href: String,
    icon: &'static str,
    room: String,
    /// Empty where the words say it all.
    title: Vec<Piece>,
    words: Vec<Piece>,
    at: Instant,
}

async fn show(
    signed: SignedIn,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ViewIncidents>()?;
    let page = &signed.page;
    let query = |name: &str| {
        let found = asked.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let (room, state) = (query("room").parse().ok(), query("state").parse().ok());
    let question = Question {
        words: query("q").trim().to_owned(),
        room,
        state: state.map(State::as_str),
        before: query("before").parse().ok(),
        limit: PAGE,
    };
    let q = question.words.clone();
    let (paged, asks) = (question.before.is_some(), !q.is_empty());
    let mut found = SearchPage {
        hits: Vec::new(),
        next: None,
    };
    let mut wrong = None;
    if asks {
        match page.state().house.search(&by, question).await {
            Ok(answer) => found = answer,
            Err(problem) if problem.code == Code::InvalidInput => {
                let field = problem.fields.first();
                wrong = field.map(|field| field.message(page.locale()));
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    let status = match wrong {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let here = |before: Option<i64>| address(&q, room, state, before);
    let view = View {
        asked: asks,
        wrong,
        rooms: choices(
            Room::ALL.iter().map(|room| room.as_str()),
            "room",
            room.map(Room::as_str),
            page,
        ),
        states: choices(
            State::ALL.iter().map(|state| state.as_str()),
            "state",
            state.map(State::as_str),
            page,
        ),
        narrowed: room.is_some() || state.is_some(),
        widened: address(&q, None, None, None),
        groups: groups(&found.hits, page.locale()),
        first: paged.then(|| here(None)),
        next: found.next.map(|before| here(Some(before))),
        q,
    };
    let mut answer = page
        .view("search")
        .title(page.text("search-title"))
        .nav("search")
        .status(status)
        .respond(&view)?;
    // Not `no-referrer`: with that, browsers send forms of this page without an origin, and they are refused.
    let policy = HeaderValue::from_static("strict-origin");
    answer.headers_mut().insert(REFERRER_POLICY, policy);
    Ok(answer)
}

/// Hits by incident; an incident stands where its newest hit does.
fn groups(hits: &[SearchHit], locale: Locale) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for hit in hits {
        let known = groups
            .iter_mut()
            .find(|group| group.id == hit.incident_id.as_str());
        match known {
            Some(group) => group.lines.push(line(hit, locale)),
            None => groups.push(Group {
                id: hit.incident_id.to_string(),
                number: hit.incident_number.clone(),
                title: hit.incident_title.clone(),
                closed: hit.state == State::Closed,
                practice: hit.practice,
                lines: vec![line(hit, locale)],
            }),
        }
    }
    groups
}

fn line(hit: &SearchHit, locale: Locale) -> Line {
    let (incident, reference) = (&hit.incident_id, &hit.reference);
    let (icon, place) = match hit.room {
        Room::Incident => ("siren", String::new()),
        Room::Entry => ("activity", format!("/timeline/{reference}")),
        Room::Notice => ("mail", format!("/notices/{reference}")),
        Room::Filing => ("landmark", "/authorities#filings".to_owned()),
        Room::Action => ("clipboard-list", "/review?section=actions".to_owned()),
        Room::Section => ("book-open", format!("/review?section={reference}")),
        Room::Evidence => ("paperclip", format!("/evidence#file-{reference}")),
    };
    Line {
        href: format!("/incidents/{incident}{place}"),
        icon,
        room: crate::kernel::locale::text(locale, &format!("search-room-{}", hit.room)),
        title: hit.marked_title.best(locale).to_vec(),
        words: hit.snippet.best(locale).to_vec(),
        at: hit.recorded_at,
    }
}

/// The first choice is everything.
fn choices(
    values: impl Iterator<Item = &'static str>,
    name: &str,
    chosen: Option<&str>,
    page: &Page,
) -> Vec<Choice> {
    std::iter::once("")
        .chain(values)
        .map(|value| {
            let key = if value.is_empty() { "all" } else { value };
            Choice {
                value,
                label: page.text(&format!("search-{name}-{key}")),
                chosen: chosen.unwrap_or_default() == value,
            }
        })
        .collect()
}

fn address(q: &str, room: Option<Room>, state: Option<State>, before: Option<i64>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", q);
    let room = room.map(|room| ("room", room.to_string()));
    let state = state.map(|state| ("state", state.to_string()));
    let before = before.map(|before| ("before", before.to_string()));
    for (name, value) in [room, state, before].into_iter().flatten() {
        query.append_pair(name, &value);
    }
    format!("/search?{}", query.finish())
}
