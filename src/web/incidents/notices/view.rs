//! What the pages of a notice show alike: parts, stamps, history, progress.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Serialize;

use super::super::Case;
use crate::accounts::AccountId;
use crate::incidents::facts::FactKey;
use crate::kernel::{Instant, Locale, locale};
use crate::notices::sheet::NoticeChannel;
use crate::notices::{
    Approval, Content, Decision, Notice, NoticeKind, NoticeState, Version, rules,
};
use crate::outbox::Counts;
use crate::web::extract::Page;
use crate::web::words;
use crate::workflow::Dispatching;

/// One part of a notice in both languages.
#[derive(Serialize)]
pub(super) struct Part {
    pub(super) key: &'static str,
    label: &'static str,
    guide: &'static str,
    /// The most characters that the form takes.
    pub(super) longest: usize,
    required_ja: bool,
    required_en: bool,
    name_ja: String,
    name_en: String,
    pub(super) ja: String,
    pub(super) en: String,
    /// Characters of the Japanese text, as web forms count them.
    characters: usize,
    characters_en: usize,
    pub(super) gaps: usize,
    one_line: bool,
    rows: usize,
}

/// A fact that was missing when the notice was drafted.
#[derive(Serialize)]
pub(super) struct Gap {
    label: String,
    href: String,
}

/// One seal of the approval flow, for the partial `stamps`.
#[derive(Serialize)]
pub(super) struct Stamp {
    role: String,
    name: String,
    seal: String,
    stamp: Option<String>,
    date: Option<String>,
    current: bool,
    waiting: Option<String>,
}

/// One line of a notice's history: a version, or what was decided about one.
#[derive(Serialize)]
pub(super) struct Past {
    version: i64,
    /// `written`, or the decision.
    what: &'static str,
    by: String,
    at: Instant,
    reason: Option<String>,
    digest: Option<String>,
    current: bool,
    /// Whether there is a version before it.
    comparable: bool,
}

/// A sending, and how far it has come.
#[derive(Serialize)]
pub(super) struct Progress {
    id: String,
    by: String,
    at: Instant,
    digest: String,
    audience: i64,
    unreachable: i64,
    waiting: i64,
    counts: Counts,
    settled: bool,
    bars: Vec<Bar>,
    channel: NoticeChannel,
    mailed: bool,
    paused: bool,
    /// Why the worker stopped it by itself.
    halted: Option<String>,
    /// Whether all bulk mail of the server is stopped.
    bulk_stopped: bool,
    per_minute: i64,
    minutes_left: Option<i64>,
    /// How people took care of it, for letters and LINE.
    handed_over: String,
}

/// One stretch of the bar, in thousandths.
#[derive(Serialize)]
struct Bar {
    class: &'static str,
    x: i64,
    width: i64,
}

/// The colour of a state; the word stands beside it.
pub(super) fn tone(state: NoticeState) -> &'static str {
    match state {
        NoticeState::Draft => "blue",
        NoticeState::Submitted => "amber",
        NoticeState::Approved | NoticeState::Issued => "green",
    }
}

/// The parts of a notice in the order of its form.
pub(super) fn parts(kind: NoticeKind, content: &Content, locale: Locale) -> Vec<Part> {
    let sheet = kind.sheet();
    sheet
        .parts
        .iter()
        .map(|part| {
            let (ja, en) = (
                content.part(&part.key, Locale::Ja).to_owned(),
                content.part(&part.key, Locale::En).to_owned(),
            );
            let wanted = |locale| part.required && sheet.languages.contains(&locale);
            Part {
                key: &part.key,
                label: part.label.get(locale),
                guide: part.hint.get(locale),
                longest: part.longest,
                required_ja: wanted(Locale::Ja),
                required_en: wanted(Locale::En),
                name_ja: format!("{}.ja", part.key),
                name_en: format!("{}.en", part.key),
                characters: ja.chars().count(),
                characters_en: en.chars().count(),
                gaps: rules::gaps(&ja).max(rules::gaps(&en)),
                one_line: part.one_line,
                rows: rows(&ja, 26).max(rows(&en, 48)),
                ja,
                en,
            }
        })
        .collect()
}

/// The values of the form, by field.
pub(super) fn values(parts: &[Part]) -> impl Iterator<Item = (&str, String)> {
    parts.iter().flat_map(|part| {
        [
            (part.name_ja.as_str(), part.ja.clone()),
            (part.name_en.as_str(), part.en.clone()),
        ]
    })
}

/// Where the missing facts are answered.
pub(super) fn gaps(version: &Version, case: &Case, page: &Page) -> Vec<Gap> {
    let id = &case.incident.id;
    version
        .gaps
        .iter()
        .map(|key| {
            let href = match key.parse::<FactKey>() {
                Ok(fact) => format!("/incidents/{id}/facts/{fact}"),
                Err(_) if key == "payment_card_people" => {
                    format!("/incidents/{id}/facts/{}", FactKey::PeopleAffected)
                }
                Err(_) if key == "appi_items" => format!("/incidents/{id}/authorities"),
                // What is neither is a moment from which clocks count.
                Err(_) => format!("/incidents/{id}/clocks"),
            };
            Gap {
                label: page.text(&format!("fact-{}-short", key.replace('_', "-"))),
                href,
            }
        })
        .collect()
}

/// The seals: written, each stage of the chain, and filed or sent.
pub(super) fn stamps(
    notice: &Notice,
    version: &Version,
    decided: &[Approval],
    issued: Option<(&AccountId, Instant)>,
    case: &Case,
    page: &Page,
) -> Vec<Stamp> {
    let author = Some((&version.author_id, version.recorded_at));
    let mut steps = vec![(
        page.text("stamp-drafted"),
        page.text("stamp-drafted-seal"),
        author,
    )];
    for (place, stage) in (0_i64..).zip(notice.expected_chain()) {
        let approved = decided.iter().rfind(|approval| {
            approval.version == notice.version
                && approval.decision == Decision::Approved
                && approval.stage == place
                && place < notice.stage
        });
        let role = page.text(&format!("role-{}", stage.role));
        let with_role =
            |key| locale::text_with(page.locale(), key, &[("role", role.as_str().into())]);
        let label = match (&stage.delegate, stage.stand_in) {
            (Some(_), _) => with_role("stamp-delegate"),
            (None, true) => with_role("stamp-stand-in"),
            (None, false) => role,
        };
        let done = approved.map(|approval| (&approval.account_id, approval.recorded_at));
        steps.push((label, page.text("stamp-approved-role-seal"), done));
    }
    let issue = match notice.kind.sheet().channel {
        NoticeChannel::Email | NoticeChannel::Letter | NoticeChannel::Line => "stamp-sent",
        _ => "stamp-filed",
    };
    steps.push((
        page.text(issue),
        page.text(&format!("{issue}-seal")),
        issued,
    ));
    let mut current = true;
    steps
        .into_iter()
        .map(|(role, seal, done)| {
            let name = done
                .and_then(|(account, _)| case.name(account))
                .unwrap_or_default();
            Stamp {
                role,
                seal,
                stamp: done.map(|_| words::initials(&name)),
                date: done.map(|(_, at)| seal_date(at, page.zone())),
                waiting: done.is_none().then(|| page.text("stamp-waiting")),
                current: done.is_none() && std::mem::take(&mut current),
                name,
            }
        })
        .collect()
}

/// Versions and decisions in one line of time, the newest first.
pub(super) fn history(versions: &[Version], decided: &[Approval], case: &Case) -> Vec<Past> {
    let newest = versions.last().map_or(0, |version| version.version);
    let name = |id: &AccountId| case.name(id).unwrap_or_default();
    let mut past: Vec<_> = versions
        .iter()
        .map(|version| Past {
            version: version.version,
            what: "written",
            by: name(&version.author_id),
            at: version.recorded_at,
            reason: None,
            digest: None,
            current: version.version == newest,
            comparable: version.version > 1,
        })
        .chain(decided.iter().map(|approval| Past {
            version: approval.version,
            what: approval.decision.as_str(),
            by: name(&approval.account_id),
            at: approval.recorded_at,
            reason: approval.reason.clone(),
            digest: approval.digest.clone(),
            current: false,
            comparable: false,
        }))
        .collect();
    past.sort_by_key(|line| std::cmp::Reverse(line.at));
    past
}

/// How far a sending has come.
pub(super) fn progress(sending: &Dispatching, case: &Case) -> Progress {
    let (dispatch, progress) = (&sending.dispatch, &sending.progress);
    let counts = progress.counts;
    // People whose message is not queued yet wait, too.
    let unqueued = match dispatch.complete_at {
        None => dispatch.audience.saturating_sub(counts.total()).max(0),
        Some(_) => 0,
    };
    let waiting = counts.queued + counts.sending + unqueued;
    let lost = counts.failed + counts.bounced + counts.uncertain + counts.cancelled;
    let whole = (dispatch.audience + dispatch.unreachable).max(1);
    let mut x = 0;
    let bars = [
        ("a", counts.sent),
        ("b", waiting),
        ("c", lost),
        ("d", dispatch.unreachable),
    ]
    .into_iter()
    .filter(|(_, people)| *people > 0)
    .map(|(class, people)| {
        let width = (people.saturating_mul(1_000) / whole).max(4);
        let bar = Bar { class, x, width };
        x += width;
        bar
    })
    .collect();
    Progress {
        id: dispatch.id.to_string(),
        by: case.name(&dispatch.recorded_by).unwrap_or_default(),
        at: dispatch.recorded_at,
        digest: dispatch.digest.clone(),
        audience: dispatch.audience,
        unreachable: dispatch.unreachable,
        waiting,
        settled: counts.is_settled() && dispatch.complete_at.is_some(),
        counts,
        bars,
        channel: dispatch.channel,
        mailed: dispatch.channel == NoticeChannel::Email,
        paused: progress.paused_at.is_some(),
        halted: progress.halt.as_ref().map(|halt| halt.reply.clone()),
        bulk_stopped: progress.bulk_stopped_at.is_some(),
        per_minute: progress.per_minute,
        minutes_left: progress.seconds_left.map(|seconds| (seconds + 59) / 60),
        handed_over: dispatch.handed_over.clone(),
    }
}

/// The content that a form brings, part by part.
pub(super) fn content_of(kind: NoticeKind, form: &crate::web::form::Submission) -> Content {
    let parts: BTreeMap<_, _> = kind
        .parts()
        .iter()
        .map(|part| {
            let text = crate::kernel::LocaleText {
                ja: form.get(&format!("{}.ja", part.key)).to_owned(),
                en: form.get(&format!("{}.en", part.key)).to_owned(),
            };
            (part.key.clone(), text)
        })
        .collect();
    Content(parts)
}

/// How many rows show a text whole, when a row holds so many characters.
fn rows(text: &str, width: usize) -> usize {
    let wrapped = text
        .lines()
        .map(|line| line.chars().count().div_ceil(width).max(1));
    wrapped.sum::<usize>().saturating_add(1).clamp(3, 28)
}

fn seal_date(at: Instant, zone: &TimeZone) -> String {
    at.in_zone(zone).strftime("%y.%m.%d").to_string()
}
