//! What the checks found, what was answered, and what changed between two versions.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::{address, read};
use crate::accounts::can;
use crate::kernel::{Code, Instant, Locale, Problem};
use crate::notices::checks::{Finding, FindingCode, Weight};
use crate::notices::diff::{Piece, pieces};
use crate::notices::{self, Answered, NoticeKind};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::{Page, SignedIn};
use crate::web::form::Submission;

/// What the checks found, for the page of a notice.
#[derive(Serialize, Default)]
pub(super) struct Checks {
    pub(super) errors: Vec<Found>,
    pub(super) warnings: Vec<Found>,
    pub(super) notes: Vec<Found>,
    /// Warnings that nobody answered.
    pub(super) open: usize,
}

#[derive(Serialize)]
pub(super) struct Found {
    id: String,
    /// The name of its field in the form of answers.
    field: String,
    code: FindingCode,
    part: &'static str,
    anchor: String,
    locale: Locale,
    about: String,
    article: String,
    pub(super) answer: Option<AnswerView>,
}

#[derive(Serialize)]
pub(super) struct AnswerView {
    pub(super) text: String,
    by: String,
    at: Instant,
}

/// Sorts what was found by its weight; an answer stands beside its warning.
pub(super) fn checks(
    kind: NoticeKind,
    findings: Vec<Finding>,
    answers: &[Answered],
    name: impl Fn(&Answered) -> String,
    page: &Page,
) -> Checks {
    let mut checks = Checks::default();
    for finding in findings {
        let answer = answers.iter().find(|answer| answer.finding == finding.id);
        let part = kind.sheet().part(&finding.part);
        let found = Found {
            field: format!("answer.{}", finding.id),
            code: finding.code,
            part: part.map_or("", |part| part.label.get(page.locale())),
            anchor: format!("part-{}", finding.part),
            locale: finding.locale,
            about: finding.about.get(page.locale()).to_owned(),
            article: finding.article.get(page.locale()).to_owned(),
            answer: answer.map(|answer| AnswerView {
                text: answer.answer.clone(),
                by: name(answer),
                at: answer.recorded_at,
            }),
            id: finding.id,
        };
        match finding.weight {
            Weight::Error => checks.errors.push(found),
            Weight::Warning => {
                checks.open += usize::from(found.answer.is_none());
                checks.warnings.push(found);
            }
            Weight::Note => checks.notes.push(found),
        }
    }
    checks
}

/// Answers the warnings for which something was typed.
pub(super) async fn answer(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::DraftNotice>()?;
    let (case, notice, _) = read(&signed, &path).await?;
    let (house, id) = (&signed.page.state().house, &case.incident.id);
    let (findings, _) = house.check_notice(id, &notice.id).await?;
    let answers: BTreeMap<String, String> = findings
        .iter()
        .filter(|finding| finding.weight == Weight::Warning)
        .map(|finding| {
            let typed = form.get(&format!("answer.{}", finding.id));
            (finding.id.clone(), typed.to_owned())
        })
        .filter(|(_, typed)| !typed.trim().is_empty())
        .collect();
    house.answer_findings(&by, id, &notice.id, answers).await?;
    let to = format!("{}#checks", address(&notice));
    Ok(signed.page.go(&to, "flash-saved"))
}

#[derive(Serialize)]
struct ChangesView {
    head: Header,
    base: String,
    title: &'static str,
    older: i64,
    newer: i64,
    by: String,
    at: Instant,
    parts: Vec<ChangedPart>,
    /// Whether only the readers changed.
    same: bool,
}

#[derive(Serialize)]
struct ChangedPart {
    label: &'static str,
    locale: Locale,
    pieces: Vec<Piece>,
}

/// What a version changed in the one before it.
pub(super) async fn changes(
    signed: SignedIn,
    path: web::Path<(String, String, i64)>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let (id, notice, number) = path.into_inner();
    let (case, notice, _) = read(&signed, &(id, notice)).await?;
    let wanted = notice.id.clone();
    let versions = page
        .state()
        .house
        .store
        .read(move |conn| notices::versions(conn, &wanted))
        .await?;
    let of = |number| versions.iter().find(|version| version.version == number);
    let (Some(older), Some(newer)) = (of(number - 1), of(number)) else {
        return Err(Problem::new(Code::NotFound).into());
    };
    let parts: Vec<_> = notice
        .kind
        .parts()
        .iter()
        .flat_map(|part| Locale::ALL.iter().map(move |locale| (part, *locale)))
        .filter_map(|(part, locale)| {
            let before = older.content.part(&part.key, locale);
            let after = newer.content.part(&part.key, locale);
            (before != after).then(|| ChangedPart {
                label: part.label.get(page.locale()),
                locale,
                pieces: pieces(before, after),
            })
        })
        .collect();
    page.view("incidents/notices/changes")
        .title(page.text("changes-title"))
        .nav("incidents")
        .respond(&ChangesView {
            head: case.header(page, Link::Notices),
            base: address(&notice),
            title: notice.kind.sheet().title.get(page.locale()),
            older: older.version,
            newer: newer.version,
            by: case.name(&newer.author_id).unwrap_or_default(),
            at: newer.recorded_at,
            same: parts.is_empty(),
            parts,
        })
}
