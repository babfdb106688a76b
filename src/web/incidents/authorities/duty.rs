//! The page of one duty: what must be said, what was filed, and what a person decided.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::super::header::Header;
use super::super::{Case, incident_id, kept};
use super::duties::{Article, Duty, RulingLine, duty, ruling_line};
use super::{FilingLine, duty_href, filing_line};
use crate::accounts::{Capability, can};
use crate::incidents::rulings::{self, Ruling};
use crate::kernel::{Code, Locale, LocaleText, Problem, Result};
use crate::notices::{self, Filing};
use crate::playbooks::Link;
use crate::regulations::{self, Confidence};
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};
use crate::workflow::filing::{Contents, filed_contents, known_contents};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/incidents/{id}/authorities/duty")
            .route(web::get().to(show))
            .route(web::post().to(rule)),
    );
}

#[derive(Deserialize)]
struct Which {
    #[serde(default)]
    duty: String,
}

#[derive(Serialize)]
struct View {
    head: Header,
    id: String,
    duty: Duty,
    regime: String,
    items: Vec<Item>,
    filings: Vec<FilingLine>,
    rulings: Vec<RulingLine>,
    choices: Vec<Choice>,
    may_rule: bool,
    action: String,
}

/// One item that the law wants said.
#[derive(Serialize)]
struct Item {
    words: String,
    article: Article,
    known: Option<String>,
    filed: Option<String>,
    /// Whether what is known differs from what was filed last.
    changed: bool,
}

#[derive(Serialize)]
struct Choice {
    value: Ruling,
    label: String,
}

async fn show(
    signed: SignedIn,
    id: web::Path<String>,
    query: web::Query<Which>,
) -> Result<HttpResponse, PageError> {
    let case = Case::find(&signed, &id).await?;
    let form = FormState::filled([("ruling", String::new()), ("reason", String::new())]);
    render(&signed, &case, &query.duty, form, StatusCode::OK).await
}

async fn rule(
    signed: SignedIn,
    id: web::Path<String>,
    query: web::Query<Which>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::RuleOnDuty>()?;
    let id = incident_id(&id)?;
    let page = &signed.page;
    let ruling = form
        .get("ruling")
        .parse()
        .map_err(|_| Problem::field("ruling", "field-required"));
    let reason = form.get("reason").to_owned();
    let house = &page.state().house;
    let ruled = match ruling {
        Ok(ruling) => {
            let duty = query.duty.clone();
            house.rule_on_duty(&by, &id, duty, ruling, reason).await
        }
        Err(problem) => Err(problem),
    };
    let case = Case::find(&signed, id.as_str()).await?;
    match ruled {
        Ok(()) => Ok(page.go(&duty_href(&case, &query.duty), "flash-ruling-recorded")),
        Err(problem) => {
            let (state, status) = kept(&form, problem, page)?;
            render(&signed, &case, &query.duty, state, status).await
        }
    }
}

async fn render(
    signed: &SignedIn,
    case: &Case,
    duty_id: &str,
    form: FormState,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let locale = page.locale();
    let views = &case.duties.duties;
    let view = views
        .iter()
        .find(|view| view.obligation.duty_id == duty_id)
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    let id = case.incident.id.clone();
    let (filings, rulings) = page
        .state()
        .house
        .store
        .read(move |conn| {
            let filings = notices::filings(conn, id.as_str())?;
            Ok((filings, rulings::rulings(conn, &id)?))
        })
        .await?;
    let rules = view.obligation.duty();
    let last = last_contents(&filings, view.obligation.regime);
    let known = known_contents(rules, &case.facts);
    let choices = [Ruling::Required, Ruling::NotRequired]
        .into_iter()
        .chain(view.ruling.as_ref().map(|_| Ruling::Withdrawn));
    page.view("incidents/authorities/duty")
        .title(format!(
            "{} — {}",
            rules.title.get(locale),
            case.incident.number
        ))
        .nav("incidents")
        .status(status)
        .form(form)
        .respond(&View {
            head: case.header(page, Link::Authorities),
            id: case.incident.id.to_string(),
            duty: duty(view, case, page),
            regime: view.obligation.regulation().title.get(locale).to_owned(),
            items: rules
                .contents
                .iter()
                .map(|content| item(content, &rules.basis.url, &known, last.as_ref(), locale))
                .collect(),
            filings: filings
                .into_iter()
                .rev()
                .filter(|filing| filing.duty_id == duty_id)
                .map(|filing| filing_line(filing, case, locale))
                .collect(),
            rulings: rulings
                .iter()
                .rev()
                .filter(|ruling| ruling.duty_id == duty_id)
                .map(|ruling| ruling_line(ruling, case, locale))
                .collect(),
            choices: choices
                .map(|ruling| Choice {
                    value: ruling,
                    label: page.text(&format!("ruling-{}", ruling.as_str().replace('_', "-"))),
                })
                .collect(),
            may_rule: signed.actor().may(Capability::RuleOnDuty),
            action: duty_href(case, duty_id),
        })
}

/// What the last filing under a regime said: a preliminary report is compared with the final one.
fn last_contents(filings: &[Filing], regime: &str) -> Option<Contents> {
    let of_regime = |filing: &&Filing| {
        regulations::duty(&filing.duty_id).is_some_and(|(found, _)| found.id == regime)
    };
    filings.iter().rev().find(of_regime).map(filed_contents)
}

fn item(
    content: &'static regulations::Content,
    url: &str,
    known: &Contents,
    last: Option<&Contents>,
    locale: Locale,
) -> Item {
    let words = |contents: &Contents| {
        let text: Option<&LocaleText> = contents.get(&content.key);
        text.map(|text| text.get(locale).to_owned())
    };
    let known = words(known);
    let filed = last.and_then(words);
    Item {
        words: content.words.get(locale).to_owned(),
        article: Article {
            text: content.article.get(locale).to_owned(),
            url: url.to_owned(),
            unverified: content.confidence == Confidence::Unverified,
        },
        changed: last.is_some() && known != filed,
        known,
        filed,
    }
}
