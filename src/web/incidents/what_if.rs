//! Would this be reportable? The same questions and rules without an incident; nothing is kept.
//!
//! What was answered so far travels in the form, never in the address.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::answer_fields::{Fields, fields};
use crate::accounts::can;
use crate::assessment::{Obligation, Status, Verdict};
use crate::deadlines::Due;
use crate::incidents::facts::{self, Answer, FactKey, Facts, Kind};
use crate::kernel::{Locale, Problem, Result};
use crate::regulations::{Confidence, Nature};
use crate::web::PageError;
use crate::web::extract::{Page, SignedIn};
use crate::web::form::{FormState, Submission};
use crate::workflow::assess::{Input, run};

/// How many regimes without a decision are named.
const NAMED: usize = 4;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/what-if")
            .route(web::get().to(begin))
            .route(web::post().to(go_on)),
    );
}

#[derive(Serialize)]
struct View {
    /// What was answered so far, as the form carries it.
    facts: String,
    question: Option<Question>,
    answered: Vec<Answered>,
    required: Vec<Found>,
    open: Vec<Found>,
    /// How many laws may reach us.
    unreached: usize,
    unreached_names: Vec<String>,
}

#[derive(Serialize)]
struct Question {
    key: FactKey,
    question: String,
    why: String,
    fields: Fields,
}

#[derive(Serialize)]
struct Answered {
    key: FactKey,
    label: String,
    answer: String,
}

/// A duty that arises or may arise.
#[derive(Serialize)]
struct Found {
    regime: String,
    title: String,
    recipient: String,
    rules: Vec<String>,
    article: String,
    url: &'static str,
    unverified: bool,
    nature: Option<String>,
}

async fn begin(signed: SignedIn) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    render(
        &signed.page,
        &Facts::default(),
        None,
        FormState::default(),
        None,
    )
}

async fn go_on(signed: SignedIn, form: Submission) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let page = &signed.page;
    let mut known = carried(form.get("facts"))?;
    // Another question was asked for, instead of answering this one.
    if let Ok(ask) = form.get("ask").parse::<FactKey>() {
        return render(page, &known, Some(ask), FormState::default(), None);
    }
    let key: FactKey = form
        .get("key")
        .parse()
        .map_err(|_| Problem::field("key", "field-invalid-choice"))?;
    match Answer::from_form(key, &super::facts::pairs(&form)) {
        Ok(answer) => {
            known.set(key, answer, None);
            render(page, &known, None, FormState::default(), None)
        }
        Err(problems) => {
            let problem = Problem::fields(problems);
            let state = FormState::refused(&form, &problem, page.locale());
            render(page, &known, Some(key), state, Some(&form))
        }
    }
}

/// The answers so far, as the form carried them; whatever else came is refused.
fn carried(text: &str) -> Result<Facts> {
    let refused = || Problem::field("facts", "field-invalid-choice");
    let json = serde_json::from_str(text).map_err(|_| refused())?;
    Facts::from_json(&json).map_err(|_| refused())
}

fn render(
    page: &Page,
    known: &Facts,
    ask: Option<FactKey>,
    form: FormState,
    sent: Option<&Submission>,
) -> Result<HttpResponse, PageError> {
    let locale = page.locale();
    let input = Input {
        facts: known.clone(),
        as_of: Some(page.now()),
        ..Input::default()
    };
    let output = run(&input);
    let next = output.next_questions.iter().copied();
    let key = ask.or_else(|| next.clone().find(|key| known.get(*key).is_none()));
    let of = |status: Status| -> Vec<Found> {
        output
            .obligations
            .iter()
            .filter(|it| it.status == status && it.applies == Verdict::Yes)
            .map(|it| found(it, &output.dues, page))
            .collect()
    };
    let mut unreached: Vec<&str> = Vec::new();
    for obligation in &output.obligations {
        let title = obligation.regulation().title.get(locale);
        if obligation.applies == Verdict::Unknown && !unreached.contains(&title) {
            unreached.push(title);
        }
    }
    page.view("incidents/what-if")
        .title(page.text("what-if-title"))
        .nav("what-if")
        .form(form)
        .respond(&View {
            facts: serde_json::to_string(known).map_err(Problem::internal)?,
            question: key.map(|key| Question {
                key,
                question: facts::question(key, locale),
                why: facts::why(key, locale),
                fields: fields(key, known.get(key), sent, page),
            }),
            answered: known
                .0
                .iter()
                .filter(|(key, _)| key.kind() != Kind::Text)
                .map(|(key, fact)| Answered {
                    key: *key,
                    label: facts::label(*key, locale),
                    answer: facts::words(*key, &fact.answer, locale),
                })
                .collect(),
            required: of(Status::Required),
            open: of(Status::Undecided),
            unreached_names: unreached
                .iter()
                .take(NAMED)
                .map(|name| (*name).to_owned())
                .collect(),
            unreached: unreached.len(),
        })
}

fn found(obligation: &Obligation, dues: &[Due], page: &Page) -> Found {
    let locale: Locale = page.locale();
    let of_duty = dues.iter().filter(|due| due.duty_id == obligation.duty_id);
    Found {
        regime: obligation.regulation().title.get(locale).to_owned(),
        title: obligation.title.get(locale).to_owned(),
        recipient: obligation.recipient.name.get(locale).to_owned(),
        rules: of_duty.map(|due| due.rule.get(locale).to_owned()).collect(),
        article: obligation.basis.article.get(locale).to_owned(),
        url: &obligation.basis.url,
        unverified: obligation.confidence == Confidence::Unverified,
        nature: (obligation.nature != Nature::Duty)
            .then(|| page.text(&format!("law-nature-{}", obligation.nature))),
    }
}
