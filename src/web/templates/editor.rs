//! One template: reading, trying on real facts, writing, going back to the product's text.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::address;
use super::view::{self, Changes, Choice, Conflict, Past, Preview};
use super::vocabulary::{self, vocabulary};
use crate::accounts::{self, AccountId, can};
use crate::incidents::{self, Incident};
use crate::kernel::{Code, Locale, Problem, Result};
use crate::notices::NoticeKind;
use crate::notices::templates::{self, Own, Place};
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};
use crate::web::sign_in;
use crate::workflow::{Template, template_place};

#[derive(Serialize)]
struct View {
    kind: NoticeKind,
    title: &'static str,
    base: String,
    variants: Vec<Choice>,
    parts: Vec<Choice>,
    variant: String,
    part: String,
    label: &'static str,
    hint: &'static str,
    locale: Locale,
    /// What stands in the editor, and how many lines it gets.
    body: String,
    rows: usize,
    /// Whether the organisation's own text stands.
    own: bool,
    /// The newest version.
    newest: i64,
    /// The version that the form was made from.
    seen: i64,
    incident: String,
    incidents: Vec<Choice>,
    preview: Option<Preview>,
    conflict: Option<Conflict>,
    vocabulary: Vec<vocabulary::Group>,
    history: Vec<Past>,
    changes: Option<Changes>,
}

/// What the page of one template is made from.
struct Whole {
    template: Template,
    own: Own,
    examples: Vec<Incident>,
    names: BTreeMap<AccountId, String>,
}

/// How the page is shown this time.
#[derive(Default)]
struct Showing {
    /// The incident that the preview is made from.
    incident: String,
    /// What was typed.
    typed: Option<String>,
    /// The version that the typed text was made from, where it is not the newest.
    seen: Option<i64>,
    /// Which version is compared, and whether with the one before.
    compared: Option<(i64, bool)>,
    form: Option<FormState>,
    conflict: bool,
}

type Pairs = Vec<(String, String)>;

pub(super) async fn show(
    signed: SignedIn,
    kind: web::Path<String>,
    asked: web::Query<Pairs>,
) -> Result<HttpResponse, PageError> {
    let place = place(&signed, &kind, |name| get(&asked, name))?;
    let showing = Showing {
        incident: get(&asked, "incident").to_owned(),
        compared: get(&asked, "version")
            .parse()
            .ok()
            .map(|number| (number, get(&asked, "against") == "before")),
        ..Showing::default()
    };
    render(&signed, place, showing).await
}

pub(super) async fn back(signed: SignedIn, kind: web::Path<String>) -> HttpResponse {
    let kind: Option<NoticeKind> = kind.parse().ok();
    let to = kind.map_or_else(
        || "/templates".to_owned(),
        |kind| format!("/templates/{kind}"),
    );
    signed.page.go(&to, "")
}

/// Shows what the typed text makes of an incident's facts, and saves nothing.
pub(super) async fn preview(
    signed: SignedIn,
    kind: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let place = place(&signed, &kind, |name| form.get(name))?;
    let showing = Showing {
        incident: form.get("incident").to_owned(),
        typed: Some(form.get("body").to_owned()),
        seen: Some(seen(&form)?),
        form: match templates::checked(&place)(form.get("body")) {
            Ok(_) => None,
            Err(problem) => Some(sign_in::kept(&form, problem, &signed.page)?),
        },
        ..Showing::default()
    };
    render(&signed, place, showing).await
}

pub(super) async fn save(
    signed: SignedIn,
    kind: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditTemplates>()?;
    let place = place(&signed, &kind, |name| form.get(name))?;
    let body = form.get("body").to_owned();
    let house = &signed.page.state().house;
    let saved = house
        .edit_template(&by, place.clone(), seen(&form)?, body)
        .await;
    answer(&signed, place, form, saved, "flash-template-saved").await
}

pub(super) async fn reset(
    signed: SignedIn,
    kind: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::EditTemplates>()?;
    let place = place(&signed, &kind, |name| form.get(name))?;
    let house = &signed.page.state().house;
    let saved = house.reset_template(&by, place.clone(), seen(&form)?).await;
    answer(&signed, place, form, saved, "flash-template-reset").await
}

async fn answer(
    signed: &SignedIn,
    place: Place,
    form: Submission,
    saved: Result<()>,
    flash: &'static str,
) -> Result<HttpResponse, PageError> {
    let typed = form.pairs().iter().any(|(name, _)| name == "body");
    let mut showing = Showing {
        incident: form.get("incident").to_owned(),
        typed: typed.then(|| form.get("body").to_owned()),
        ..Showing::default()
    };
    match saved {
        Ok(()) => return Ok(signed.page.go(&address(&place), flash)),
        Err(problem) if problem.code == Code::EditConflict => {
            // Whoever saves again has seen the other's text: the form names the newest version.
            showing.conflict = true;
            let state = FormState::refused(&form, &problem, signed.page.locale());
            showing.form = Some(state);
        }
        Err(problem) => {
            showing.seen = Some(seen(&form)?);
            showing.form = Some(sign_in::kept(&form, problem, &signed.page)?);
        }
    }
    render(signed, place, showing).await
}

async fn read(signed: &SignedIn, place: Place) -> Result<Whole> {
    let house = &signed.page.state().house;
    let (kind, variant) = (place.kind, place.variant.clone());
    let template = house.template(place).await?;
    house
        .store
        .read(move |conn| {
            Ok(Whole {
                template,
                own: templates::own(conn, kind, &variant)?,
                examples: view::examples(incidents::list(conn)?),
                names: accounts::names(conn)?,
            })
        })
        .await
}

async fn render(
    signed: &SignedIn,
    place: Place,
    showing: Showing,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let whole = read(signed, place.clone()).await?;
    let template = &whole.template;
    let body = showing
        .typed
        .clone()
        .unwrap_or_else(|| template.body().to_owned());
    let example = whole
        .examples
        .iter()
        .find(|it| it.id.as_str() == showing.incident)
        .or_else(|| whole.examples.first());
    let preview = match example {
        Some(incident) => {
            let house = &page.state().house;
            let made = house
                .preview_template(&incident.id, place.clone(), body.clone())
                .await;
            Some(view::preview(&place, made, page.locale())?)
        }
        None => None,
    };
    let sheet = place.kind.sheet();
    let part = sheet
        .part(&place.part)
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    let title = sheet.title.get(page.locale());
    let mut answer = page
        .view("notice-templates/edit")
        .title(format!("{title} — {}", page.text("templates-title")))
        .nav("admin");
    if showing.conflict {
        answer = answer.status(StatusCode::CONFLICT);
    }
    let shown = View {
        kind: place.kind,
        title,
        base: format!("/templates/{}", place.kind),
        variants: view::variants(&place, &page.state().house.library, page.locale()),
        parts: view::parts(&place, &whole.own, page),
        label: part.label.get(page.locale()),
        hint: part.hint.get(page.locale()),
        locale: place.locale,
        rows: rows(&body, part.one_line),
        own: template.own().is_some(),
        newest: template.number(),
        seen: showing.seen.unwrap_or_else(|| template.number()),
        incident: example.map(|it| it.id.to_string()).unwrap_or_default(),
        incidents: view::incidents(&whole.examples, example),
        preview,
        conflict: showing
            .conflict
            .then(|| view::conflict(template, &body, &whole.names))
            .flatten(),
        vocabulary: vocabulary(place.kind, page.locale()),
        history: view::history(template, &whole.names),
        changes: showing
            .compared
            .and_then(|(number, before)| view::changes(template, number, before)),
        body,
        variant: place.variant,
        part: place.part,
    };
    answer
        .form(showing.form.unwrap_or_default())
        .respond(&shown)
}

/// The template that an address or a form names, for somebody who may look at it.
fn place<'a>(signed: &SignedIn, kind: &str, get: impl Fn(&str) -> &'a str) -> Result<Place> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let unknown = || Problem::new(Code::NotFound);
    let kind: NoticeKind = kind.parse().map_err(|_| unknown())?;
    let locale = match get("locale") {
        "" => signed.page.locale(),
        named => named.parse().map_err(|_| unknown())?,
    };
    let part = match get("part") {
        "" => kind.parts().first().map_or("", |part| part.key.as_str()),
        named => named,
    };
    template_place(kind, get("variant"), part, locale)
}

/// Enough lines to see the text whole, within what a window shows.
fn rows(body: &str, one_line: bool) -> usize {
    if one_line {
        return 3;
    }
    let lines = body.lines().map(|line| 1 + line.chars().count() / 40);
    lines.sum::<usize>().clamp(6, 40)
}

fn get<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    let found = pairs.iter().find(|(key, _)| key == name);
    found.map_or("", |(_, value)| value)
}

/// The version that a form was made from.
fn seen(form: &Submission) -> Result<i64> {
    form.get("seen")
        .parse()
        .map_err(|_| Problem::new(Code::MalformedBody))
}
