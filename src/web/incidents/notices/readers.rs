//! Choosing the people whom a notice goes to, by the filter of the register.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::super::people::filter::{self, FilterForm};
use super::{address, read, seen};
use crate::accounts::can;
use crate::affected::export::filter_words;
use crate::affected::{self, Filter, rosters};
use crate::kernel::{Code, Problem};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::Submission;

#[derive(Serialize)]
struct View {
    head: Header,
    base: String,
    seen: i64,
    filter: FilterForm,
    /// The chosen filter as the form sends it back.
    query: String,
    words: String,
    /// How many people the filter finds, and how many of them the channel reaches.
    found: i64,
    reached: i64,
    channel: String,
    voids: bool,
}

pub(super) async fn show(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let (case, notice, _) = read(&signed, &path).await?;
    let Some(audience) = notice.audience() else {
        return Err(Problem::new(Code::NotFound).into());
    };
    let channel = audience.filter.channel;
    // What the address says is tried; without any, what the notice has.
    let tried = Filter {
        channel: None,
        ..if asked.is_empty() {
            audience.filter
        } else {
            filter::read(&asked)
        }
    };
    let (id, wanted) = (case.incident.id.clone(), tried.clone());
    let (found, reached, rosters) = page
        .state()
        .house
        .store
        .read(move |conn| {
            let reached = Filter {
                channel,
                ..wanted.clone()
            };
            Ok((
                affected::count(conn, id.as_str(), &wanted)?,
                affected::count(conn, id.as_str(), &reached)?,
                rosters::rosters(conn, id.as_str())?,
            ))
        })
        .await?;
    let named: Vec<_> = rosters
        .into_iter()
        .filter(|roster| roster.state.counts())
        .map(|roster| {
            let label = format!("{}", roster.number);
            (roster, label)
        })
        .collect();
    let base = address(&notice);
    let form = filter::form(
        &tried,
        &case.people,
        0,
        &named,
        &format!("{base}/readers"),
        page.locale(),
    );
    page.view("incidents/notices/readers")
        .title(page.text("readers-title"))
        .nav("incidents")
        .respond(&View {
            head: case.header(page, Link::Notices),
            seen: notice.version,
            filter: form,
            query: filter::written(&tried, None),
            words: filter_words(&tried, page.locale()),
            found,
            reached,
            channel: page.text(&format!("notice-channel-{}", notice.kind.sheet().channel)),
            voids: notice.state != crate::notices::NoticeState::Draft,
            base,
        })
}

pub(super) async fn save(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::DraftNotice>()?;
    let (case, notice, _) = read(&signed, &path).await?;
    let query = form.get("query").trim_start_matches('?').to_owned();
    let asked: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let house = &signed.page.state().house;
    house
        .choose_readers(
            &by,
            &case.incident.id,
            &notice.id,
            seen(&form)?,
            filter::read(&asked),
        )
        .await?;
    Ok(signed.page.go(&address(&notice), "flash-saved"))
}
