//! What the workspace of the post-mortem shows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::fields::{self, Choice, Row};
use crate::accounts::AccountId;
use crate::incidents::IncidentId;
use crate::kernel::{Instant, Locale};
use crate::notices::diff::{self, Piece};
use crate::postmortem::{Action, Content, Section, Shape, Version};
use crate::web::extract::Page;
use crate::workflow::{SectionView, Workspace};

/// A line of the list of sections.
#[derive(Serialize)]
pub(super) struct Entry {
    label: String,
    href: String,
    current: bool,
    /// `written`, `proposed`, `record` or `empty`.
    state: &'static str,
}

/// The section that is open.
#[derive(Serialize)]
pub(super) struct Open {
    section: Section,
    label: String,
    about: String,
    shape: Shape,
    generated: bool,
    /// The version that is sent with what is typed.
    version: i64,
    saved_at: Option<Instant>,
    saved_by: String,
    lines: usize,
    rows: Vec<Row>,
    choices: Vec<Choice>,
    /// What is written, as Markdown.
    written: Option<String>,
    /// What is typed, as Markdown.
    preview: String,
    /// What the case tells, and what that is worth.
    told: Option<String>,
    worth: &'static str,
}

/// A line of the list of versions.
#[derive(Serialize)]
pub(super) struct Past {
    version: i64,
    by: String,
    at: Instant,
    automatic: bool,
    current: bool,
    href: String,
}

/// What changed from one version to the next.
#[derive(Serialize)]
pub(super) struct Changes {
    version: i64,
    current: bool,
    pieces: Vec<Piece>,
}

/// What somebody else wrote meanwhile, and what of the typed text differs.
#[derive(Serialize)]
pub(super) struct Conflict {
    by: String,
    at: Option<Instant>,
    theirs: String,
    pieces: Vec<Piece>,
}

/// An action, and whether its day has passed.
#[derive(Serialize)]
pub(super) struct ActionView {
    #[serde(flatten)]
    action: Action,
    overdue: bool,
}

/// The address of a section.
pub(super) fn address(id: &IncidentId, section: Section) -> String {
    format!("/incidents/{id}/review?section={section}")
}

/// The list of sections.
pub(super) fn entries(
    page: &Page,
    id: &IncidentId,
    whole: &Workspace,
    open: Section,
) -> Vec<Entry> {
    whole
        .sections
        .iter()
        .map(|one| Entry {
            label: page.text(&format!("section-{}", one.section)),
            href: address(id, one.section),
            current: one.section == open,
            state: if !one.content.is_empty() {
                "written"
            } else if one.section.is_generated() {
                "record"
            } else if one.told.is_some() {
                "proposed"
            } else {
                "empty"
            },
        })
        .collect()
}

/// The open section; `typed` is what stands in its fields, if that is not what was saved.
pub(super) fn open(
    page: &Page,
    one: &SectionView,
    typed: Option<&Content>,
    names: &BTreeMap<AccountId, String>,
) -> Open {
    let section = one.section;
    let content = typed.unwrap_or(&one.content);
    let text = match content {
        Content::Text(text) => text.as_str(),
        _ => "",
    };
    let told = one
        .told
        .as_ref()
        .filter(|_| section.is_generated() || one.content.is_empty());
    Open {
        section,
        label: page.text(&format!("section-{section}")),
        about: page.text(&format!("section-{section}-hint")),
        shape: section.shape(),
        generated: section.is_generated(),
        version: one.version,
        saved_at: one.newest.as_ref().map(|newest| newest.recorded_at),
        saved_by: one
            .newest
            .as_ref()
            .map(|newest| name(names, newest))
            .unwrap_or_default(),
        lines: text.lines().count().saturating_add(3).clamp(8, 28),
        rows: fields::rows(page, content),
        choices: fields::choices(page, section.shape()),
        written: one.markdown(page.locale()),
        preview: text.to_owned(),
        told: told.map(|told| told.text.clone()),
        worth: told.map_or("", |told| told.worth.as_str()),
    }
}

/// The list of versions, the newest first.
pub(super) fn history(
    id: &IncidentId,
    versions: &[Version],
    names: &BTreeMap<AccountId, String>,
) -> Vec<Past> {
    versions
        .iter()
        .enumerate()
        .map(|(place, version)| Past {
            version: version.version,
            by: name(names, version),
            at: version.recorded_at,
            automatic: version.automatic,
            current: place == 0,
            href: format!(
                "{}&version={}#changes",
                address(id, version.section),
                version.version
            ),
        })
        .collect()
}

/// What a version changed against the one before it.
pub(super) fn changes(locale: Locale, versions: &[Version], number: i64) -> Option<Changes> {
    let place = versions
        .iter()
        .position(|version| version.version == number)?;
    let version = versions.get(place)?;
    let text = |version: &Version| text(version, locale);
    let before = versions.get(place.saturating_add(1)).map(text);
    Some(Changes {
        version: number,
        current: place == 0,
        pieces: diff::pieces(&before.unwrap_or_default(), &text(version)),
    })
}

/// What stands against what was typed.
pub(super) fn conflict(
    page: &Page,
    one: &SectionView,
    typed: &Content,
    names: &BTreeMap<AccountId, String>,
) -> Conflict {
    let theirs = one.markdown(page.locale()).unwrap_or_default();
    let mine = SectionView {
        newest: one.newest.clone().map(|newest| Version {
            body: typed.body().unwrap_or_default(),
            ..newest
        }),
        ..one.clone()
    };
    let mine = mine.markdown(page.locale()).unwrap_or_default();
    Conflict {
        by: one
            .newest
            .as_ref()
            .map(|newest| name(names, newest))
            .unwrap_or_default(),
        at: one.newest.as_ref().map(|newest| newest.recorded_at),
        pieces: diff::pieces(&theirs, &mine),
        theirs,
    }
}

/// The actions as the page lists them.
pub(super) fn actions(page: &Page, actions: Vec<Action>) -> Vec<ActionView> {
    let today = page.now().in_zone(page.zone()).date().to_string();
    actions
        .into_iter()
        .map(|action| ActionView {
            // Days in ISO text sort as days.
            overdue: action.done_at.is_none()
                && action.due_on.as_ref().is_some_and(|due| *due < today),
            action,
        })
        .collect()
}

fn name(names: &BTreeMap<AccountId, String>, version: &Version) -> String {
    names.get(&version.recorded_by).cloned().unwrap_or_default()
}

fn text(version: &Version, locale: Locale) -> String {
    crate::workflow::section_markdown(version, locale)
}
