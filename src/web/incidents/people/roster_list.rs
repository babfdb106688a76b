//! Every roster of the incident: where it is from, how far it has come, what it brought.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::Case;
use super::super::header::Header;
use super::roster::{Progress, progress, state_tag};
use super::{PeopleTab, Tab, Tag, address, item_names, people_tabs};
use crate::accounts::AccountId;
use crate::affected::catalogue::catalogue;
use crate::affected::{Roster, rosters};
use crate::evidence::{self, Evidence};
use crate::kernel::{Instant, Locale};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::workflow::entries;

#[derive(Serialize)]
struct View {
    head: Header,
    people_tabs: Vec<Tab>,
    rosters: Vec<RosterLine>,
    any_at_work: bool,
}

/// One roster in words.
#[derive(Serialize)]
pub(super) struct RosterLine {
    pub(super) id: String,
    href: String,
    number: i64,
    file: String,
    sha256: String,
    destroyed: bool,
    state: Tag,
    at_work: bool,
    source_system: String,
    collection_point: String,
    items: Vec<String>,
    period_from: Option<String>,
    period_to: Option<String>,
    /// The number of the roster whose rows this one corrects.
    corrects: Option<i64>,
    counts: bool,
    total_rows: i64,
    rows: i64,
    people_added: i64,
    duplicates: i64,
    rejected: i64,
    pub(super) problems: i64,
    conflicts: i64,
    progress: Progress,
    by: String,
    recorded_at: Instant,
    finished_at: Option<Instant>,
}

pub(super) async fn show(
    signed: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let case = Case::find(&signed, &id).await?;
    let incident = case.incident.id.clone();
    let (rosters, files) = page
        .state()
        .house
        .store
        .read(move |conn| {
            let incident = incident.as_str();
            let rosters = rosters::rosters(conn, incident)?;
            Ok((rosters, evidence::list(conn, incident)?))
        })
        .await?;
    let numbers = numbers(&rosters);
    let lines: Vec<_> = rosters
        .iter()
        .rev()
        .map(|roster| {
            let file = files.iter().find(|file| file.id == roster.evidence_id);
            line(&case, roster, file, &numbers, page.now(), page.locale())
        })
        .collect();
    page.view("incidents/people/rosters")
        .title(page.text("people-rosters"))
        .nav("incidents")
        .respond(&View {
            head: case.header(page, Link::People),
            people_tabs: people_tabs(page, &case, PeopleTab::Rosters).await?,
            any_at_work: lines.iter().any(|line| line.at_work),
            rosters: lines,
        })
}

/// The number of each roster, by its id.
pub(super) fn numbers(rosters: &[Roster]) -> BTreeMap<String, i64> {
    let numbers = rosters
        .iter()
        .map(|roster| (roster.id.to_string(), roster.number));
    numbers.collect()
}

pub(super) fn line(
    case: &Case,
    roster: &Roster,
    file: Option<&Evidence>,
    numbers: &BTreeMap<String, i64>,
    now: Instant,
    language: Locale,
) -> RosterLine {
    RosterLine {
        id: roster.id.to_string(),
        href: address(case, &format!("/rosters/{}", roster.id)),
        number: roster.number,
        file: file.map(|file| file.name.clone()).unwrap_or_default(),
        sha256: file.map(|file| file.sha256.clone()).unwrap_or_default(),
        destroyed: file.is_some_and(|file| file.destroyed_at.is_some()),
        state: state_tag(roster.state, language),
        at_work: roster.state.is_at_work(),
        source_system: roster.source_system.clone(),
        collection_point: catalogue()
            .collection_point(&roster.collection_point)
            .map(|point| point.name.get(language).to_owned())
            .unwrap_or_default(),
        items: item_names(roster.items().iter().map(String::as_str), language),
        period_from: roster.period_from.clone(),
        period_to: roster.period_to.clone(),
        corrects: roster
            .corrects
            .as_ref()
            .and_then(|id| numbers.get(&id.to_string()).copied()),
        counts: roster.state.counts(),
        total_rows: roster.total_rows,
        rows: roster.rows,
        people_added: roster.people_added,
        duplicates: roster.duplicates,
        rejected: roster.rejected(),
        problems: roster.problem_count,
        conflicts: roster.conflict_count,
        progress: progress(roster, now, language),
        by: by(&case.names, &roster.recorded_by, language),
        recorded_at: roster.recorded_at,
        finished_at: roster.finished_at,
    }
}

fn by(names: &BTreeMap<AccountId, String>, actor: &str, language: Locale) -> String {
    entries::actor(actor, names).get(language).to_owned()
}
