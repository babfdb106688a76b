//! Declaring: a title is enough, everything else can come later.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::{FormState, PageError, SignedIn, Submission, kept, local_instant};
use crate::accounts::can;
use crate::incidents::clock_starts::{ClockStart, ClockStartKind};
use crate::incidents::{Declaration, Kind, Pattern, Severity};
use crate::kernel::{Instant, Problem, Result, locale};
use crate::web::extract::Page;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/incidents/new")
            .route(web::get().to(show))
            .route(web::post().to(submit)),
    );
}

/// A kind with its patterns, as cards to choose from.
#[derive(Serialize)]
pub(super) struct KindCard {
    kind: Kind,
    icon: &'static str,
    patterns: Vec<PatternChoice>,
}

#[derive(Serialize)]
struct PatternChoice {
    pattern: Pattern,
    hint: String,
}

/// The three kinds with their patterns; the hint is how the handbook recognises each.
pub(super) fn kind_cards(page: &Page) -> Vec<KindCard> {
    let hint = |pattern: Pattern| {
        let library = &page.state().house.library;
        let playbook = library.get(&pattern.playbook_id());
        first_sentence(playbook.summary.get(page.locale())).to_owned()
    };
    Kind::ALL
        .iter()
        .map(|kind| KindCard {
            kind: *kind,
            icon: match kind {
                Kind::Leak => "shield-alert",
                Kind::Misuse => "ban",
                Kind::Privacy => "eye-off",
            },
            patterns: Pattern::ALL
                .iter()
                .filter(|pattern| pattern.kind() == *kind)
                .map(|pattern| PatternChoice {
                    pattern: *pattern,
                    hint: hint(*pattern),
                })
                .collect(),
        })
        .collect()
}

/// Reads the choice of [`kind_cards`]: nothing, `kind:leak` or `pattern:phishing`.
pub(super) fn chosen_kind(form: &Submission) -> Result<(Option<Kind>, Option<Pattern>)> {
    let wrong = || Problem::field("what", "field-invalid-choice");
    match form.get("what").split_once(':') {
        Some(("kind", kind)) => Ok((Some(kind.parse().map_err(|_| wrong())?), None)),
        Some(("pattern", pattern)) => {
            let pattern: Pattern = pattern.parse().map_err(|_| wrong())?;
            Ok((Some(pattern.kind()), Some(pattern)))
        }
        Some(_) => Err(wrong()),
        None => Ok((None, None)),
    }
}

/// Reads the severity; empty is not said yet.
pub(super) fn chosen_severity(form: &Submission) -> Result<Option<Severity>> {
    match form.get("severity") {
        "" => Ok(None),
        severity => severity
            .parse()
            .map(Some)
            .map_err(|_| Problem::field("severity", "field-invalid-choice")),
    }
}

#[derive(Serialize)]
struct View {
    kinds: Vec<KindCard>,
    severities: &'static [Severity],
    known_hint: String,
    latest: Instant,
}

async fn show(signed: SignedIn) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::DeclareIncident>()?;
    let form = FormState::filled([("what", String::new()), ("severity", String::new())]);
    render(&signed.page, form, StatusCode::OK)
}

async fn submit(signed: SignedIn, form: Submission) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::DeclareIncident>()?;
    let page = &signed.page;
    let declared = match read(&form, page) {
        Ok((declaration, starts)) => page.state().house.declare(&by, declaration, starts).await,
        Err(problem) => Err(problem),
    };
    match declared {
        Ok(incident) => Ok(page.go(&format!("/incidents/{}", incident.id), "flash-declared")),
        Err(mut problem) => {
            // The room speaks of the clock start as such; here it is one field among others.
            for field in problem
                .fields
                .iter_mut()
                .filter(|field| field.field == "at")
            {
                field.field = "known_at".to_owned();
            }
            let (mut state, status) = kept(&form, problem, page)?;
            state.fill([("what", String::new()), ("severity", String::new())]);
            render(page, state, status)
        }
    }
}

type Starts = Vec<(ClockStartKind, ClockStart)>;

fn read(form: &Submission, page: &Page) -> Result<(Declaration, Starts)> {
    let (kind, pattern) = chosen_kind(form)?;
    let declaration = Declaration {
        title: form.get("title").to_owned(),
        kind,
        pattern,
        severity: chosen_severity(form)?,
        practice: form.is_on("practice"),
    };
    let starts = local_instant(form, "known_at", page.zone())?
        .map(|at| {
            let start = ClockStart {
                at,
                zone: page.zone().iana_name().unwrap_or("UTC").to_owned(),
                said_by: form.get("said_by").to_owned(),
            };
            (ClockStartKind::AnyDepartmentKnew, start)
        })
        .into_iter()
        .collect();
    Ok((declaration, starts))
}

fn render(page: &Page, form: FormState, status: StatusCode) -> Result<HttpResponse, PageError> {
    let zone = page.zone().iana_name().unwrap_or("UTC").to_owned();
    page.view("incidents/new")
        .title(page.text("declare-title"))
        .nav("incidents")
        .status(status)
        .form(form)
        .respond(&View {
            kinds: kind_cards(page),
            severities: Severity::ALL,
            known_hint: locale::text_with(
                page.locale(),
                "declare-known-hint",
                &[("zone", zone.into())],
            ),
            latest: page.now(),
        })
}

/// The first sentence of a text in either language.
fn first_sentence(text: &str) -> &str {
    let end = ["。", ". "]
        .iter()
        .filter_map(|mark| Some(text.find(mark)? + mark.trim_end().len()))
        .min();
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_is_one_sentence_in_either_language() {
        assert_eq!(first_sentence("一つ目です。二つ目です。"), "一つ目です。");
        assert_eq!(first_sentence("The first. The second."), "The first.");
        assert_eq!(first_sentence("No end"), "No end");
    }
}
