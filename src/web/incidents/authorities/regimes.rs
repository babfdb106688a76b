//! Regimes as the page shows them: those with something to do first, those that may reach us, the rest.

use serde::Serialize;

use super::super::Case;
use super::duties::{
    Article, Duty, FactLink, ReasonLine, article, duty, fact_link, reason_line, texts,
};
use crate::assessment::{Status, Verdict};
use crate::incidents::facts::FactKey;
use crate::kernel::dates;
use crate::regulations::{Nature, Regulation};
use crate::web::extract::Page;
use crate::workflow::DutyView;

/// Every regime in force, in three groups.
#[derive(Serialize)]
pub(super) struct Regimes {
    /// Something arises, may arise, or was done.
    pressing: Vec<Regime>,
    /// Whether they reach us is not decided.
    open: Vec<OpenRegime>,
    /// The questions that decide that, those that settle most first.
    questions: Vec<Question>,
    /// Nothing is to be done, as things stand.
    idle: Vec<IdleRegime>,
}

/// One regime with its duties.
#[derive(Serialize)]
struct Regime {
    id: &'static str,
    title: String,
    as_of: String,
    required: usize,
    undecided: usize,
    unverified: bool,
    duties: Vec<Duty>,
    notes: Vec<String>,
    sources: Vec<Article>,
}

/// A regime of which only whom it reaches is told.
#[derive(Serialize)]
struct OpenRegime {
    id: &'static str,
    title: String,
    words: String,
    article: Article,
    questions: Vec<FactLink>,
}

/// A regime without a duty, and why.
#[derive(Serialize)]
struct IdleRegime {
    id: &'static str,
    title: String,
    reached: bool,
    reasons: Vec<ReasonLine>,
}

#[derive(Serialize)]
struct Question {
    link: FactLink,
    settles: usize,
}

/// The regimes of an incident, in the order of the law's files within each group.
pub(super) fn regimes(case: &Case, page: &Page) -> Regimes {
    let mut groups = Regimes {
        pressing: Vec::new(),
        open: Vec::new(),
        questions: Vec::new(),
        idle: Vec::new(),
    };
    let mut asked: Vec<(FactKey, usize)> = Vec::new();
    for views in case
        .duties
        .duties
        .chunk_by(|a, b| a.obligation.regime == b.obligation.regime)
    {
        let Some(first) = views.first().map(|view| &view.obligation) else {
            continue;
        };
        let is_done = |view: &DutyView| view.met_at.is_some() || view.ruling.is_some();
        if views.iter().any(|view| view.presses() || is_done(view)) {
            groups
                .pressing
                .push(regime(views, first.regulation(), case, page));
        } else if first.applies == Verdict::Unknown {
            let open = open_regime(first.regulation(), case, page);
            for key in reach_questions(views) {
                match asked.iter_mut().find(|(asked, _)| *asked == key) {
                    Some((_, count)) => *count += 1,
                    None => asked.push((key, 1)),
                }
            }
            groups.open.extend(open);
        } else {
            groups
                .idle
                .push(idle_regime(views, first.regulation(), case, page));
        }
    }
    asked.sort_by_key(|(_, settles)| std::cmp::Reverse(*settles));
    groups.questions = asked
        .into_iter()
        .map(|(key, settles)| Question {
            link: fact_link(key, case, page.locale()),
            settles,
        })
        .collect();
    groups
}

/// The open questions of whom a regime reaches.
fn reach_questions(views: &[DutyView]) -> impl Iterator<Item = FactKey> {
    let reach = views
        .first()
        .and_then(|view| view.obligation.reasons.first())
        .map(|reason| reason.facts);
    let open = views.first().map(|view| view.obligation.questions);
    let (reach, open) = (reach.unwrap_or_default(), open.unwrap_or_default());
    FactKey::ALL
        .iter()
        .copied()
        .filter(move |key| reach.contains(*key) && open.contains(*key))
}

fn regime(views: &[DutyView], rules: &'static Regulation, case: &Case, page: &Page) -> Regime {
    let locale = page.locale();
    let count = |status| {
        let duties = views.iter().map(|view| &view.obligation);
        duties
            .filter(|it| it.stands() == status && it.nature != Nature::Recommended)
            .count()
    };
    Regime {
        id: &rules.id,
        title: rules.title.get(locale).to_owned(),
        as_of: dates::day_in(rules.as_of, locale),
        required: count(Status::Required),
        undecided: count(Status::Undecided),
        unverified: rules.confidence == crate::regulations::Confidence::Unverified,
        duties: views.iter().map(|view| duty(view, case, page)).collect(),
        notes: texts(&rules.notes, locale),
        sources: rules
            .sources
            .iter()
            .map(|source| Article {
                text: source.title.get(locale).to_owned(),
                url: source.url.clone(),
                unverified: false,
            })
            .collect(),
    }
}

fn open_regime(rules: &'static Regulation, case: &Case, page: &Page) -> Option<OpenRegime> {
    let locale = page.locale();
    let applies = rules.applies.as_ref()?;
    let open = applies.condition.facts().iter();
    Some(OpenRegime {
        id: &rules.id,
        title: rules.title.get(locale).to_owned(),
        words: applies.words.get(locale).to_owned(),
        article: article(&applies.basis, locale),
        questions: open
            .filter(|key| case.facts.known(*key).is_none())
            .map(|key| fact_link(key, case, locale))
            .collect(),
    })
}

fn idle_regime(
    views: &[DutyView],
    rules: &'static Regulation,
    case: &Case,
    page: &Page,
) -> IdleRegime {
    let locale = page.locale();
    let reached = views
        .first()
        .is_some_and(|view| view.obligation.applies == Verdict::Yes);
    // Of a regime that reaches us, what keeps its first duty from arising; else whom it reaches.
    let reasons = views
        .first()
        .into_iter()
        .flat_map(|view| &view.obligation.reasons);
    IdleRegime {
        id: &rules.id,
        title: rules.title.get(locale).to_owned(),
        reached,
        reasons: reasons
            .filter(|reason| !reached || reason.verdict != Verdict::Yes)
            .map(|reason| reason_line(reason, case, locale))
            .collect(),
    }
}
