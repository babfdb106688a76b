//! Templates of notices: what the product and the organisation draft from.

use actix_web::{delete, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::bodies::{At, Json};
use super::caller::Caller;
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::{AccountId, can};
use crate::incidents::IncidentId;
use crate::kernel::{Instant, Locale};
use crate::notices::NoticeKind;
use crate::notices::rules;
use crate::notices::templates::{self, Place};
use crate::workflow::{Template, template_place};

room!(list, show, change, reset, preview);

/// Which texts of a kind: those for a playbook.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Variant {
    /// The playbook's id, as the list of kinds names it; left out, `general` or the only one.
    #[serde(default)]
    variant: String,
}

/// Which texts of a kind, and which version was read.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SeenVariant {
    /// The playbook's id, as the list of kinds names it; left out, `general` or the only one.
    #[serde(default)]
    variant: String,
    /// The number of the version that was read.
    seen: i64,
}

/// The organisation's own text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TemplateBody {
    /// The text.
    body: String,
    /// The number of the version that was read, 0 for the product's own text.
    seen: i64,
}

/// A text to be tried, and on which facts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TrialBody {
    /// The text.
    body: String,
    /// The incident whose facts are filled in.
    #[schema(value_type = String)]
    incident_id: IncidentId,
}

/// A kind of notice, and where its texts lie.
#[derive(Serialize, ToSchema)]
struct KindView {
    /// The kind.
    kind: NoticeKind,
    /// The playbooks that its texts differ by; the empty one alone where they do not.
    variants: Vec<&'static str>,
    /// The keys of its parts, in the order of the form.
    parts: Vec<&'static str>,
    /// How many texts the organisation wrote itself.
    own: i64,
}

/// One template with its versions.
#[derive(Serialize, ToSchema)]
struct TemplateView {
    /// The kind.
    kind: NoticeKind,
    /// The playbook, or nothing.
    variant: String,
    /// The part.
    part: String,
    /// The language.
    locale: Locale,
    /// The text that the next draft is made from.
    body: String,
    /// The product's own text.
    built_in: String,
    /// The number of the newest version, 0 before the first; a change names it as `seen`.
    number: i64,
    /// What the organisation wrote, the oldest first.
    editions: Vec<EditionView>,
}

/// One version of the organisation's own text.
#[derive(Serialize, ToSchema)]
struct EditionView {
    /// 1, 2, 3 …
    number: i64,
    /// The text; none where it went back to the product's own.
    body: Option<String>,
    /// Who wrote it.
    #[schema(value_type = String)]
    author_id: AccountId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Instant,
}

/// What a text makes of an incident's facts.
#[derive(Serialize, ToSchema)]
struct TrialView {
    /// The text; what names the reader stays in braces.
    text: String,
    /// How many gaps are to be confirmed in it.
    gaps: usize,
}

/// The kinds of notices with their variants and parts.
#[utoipa::path(tag = "templates", responses((status = 200, body = Vec<KindView>)))]
#[get("/notice-templates")]
async fn list(caller: Caller) -> Answer<Vec<KindView>> {
    caller.grant::<can::ViewIncidents>()?;
    let own = caller.house().store.read(templates::own_counts).await?;
    let kinds = NoticeKind::ALL.iter().map(|kind| KindView {
        kind: *kind,
        variants: templates::variants(*kind),
        parts: kind.parts().iter().map(|part| part.key.as_str()).collect(),
        own: own.get(kind).copied().unwrap_or_default(),
    });
    Ok(web::Json(kinds.collect()))
}

/// One template with its versions.
#[utoipa::path(tag = "templates", params(Variant), responses((status = 200, body = TemplateView)))]
#[get("/notice-templates/{kind}/{part}/{locale}")]
async fn show(
    caller: Caller,
    at: At<(NoticeKind, String, Locale)>,
    asked: web::Query<Variant>,
) -> Answer<TemplateView> {
    caller.grant::<can::ViewIncidents>()?;
    view(&caller, place(&at, &asked.variant)?).await
}

/// Writes the organisation's own text; drafts that are begun from now on are made from it.
#[utoipa::path(tag = "templates", params(Variant), responses((status = 200, body = TemplateView)))]
#[put("/notice-templates/{kind}/{part}/{locale}")]
async fn change(
    caller: Caller,
    at: At<(NoticeKind, String, Locale)>,
    asked: web::Query<Variant>,
    Json(body): Json<TemplateBody>,
) -> Answer<TemplateView> {
    let by = caller.grant::<can::EditTemplates>()?;
    let place = place(&at, &asked.variant)?;
    caller
        .house()
        .edit_template(&by, place.clone(), body.seen, body.body)
        .await?;
    view(&caller, place).await
}

/// Goes back to the product's own text; what the organisation wrote stays among the versions.
#[utoipa::path(tag = "templates", params(SeenVariant), responses((status = 200, body = TemplateView)))]
#[delete("/notice-templates/{kind}/{part}/{locale}")]
async fn reset(
    caller: Caller,
    at: At<(NoticeKind, String, Locale)>,
    asked: web::Query<SeenVariant>,
) -> Answer<TemplateView> {
    let by = caller.grant::<can::EditTemplates>()?;
    let place = place(&at, &asked.variant)?;
    caller
        .house()
        .reset_template(&by, place.clone(), asked.seen)
        .await?;
    view(&caller, place).await
}

/// What a text would make of an incident's facts; nothing is saved.
#[utoipa::path(tag = "templates", params(Variant), responses((status = 200, body = TrialView)))]
#[post("/notice-templates/{kind}/{part}/{locale}/preview")]
async fn preview(
    caller: Caller,
    at: At<(NoticeKind, String, Locale)>,
    asked: web::Query<Variant>,
    Json(body): Json<TrialBody>,
) -> Answer<TrialView> {
    caller.grant::<can::ViewIncidents>()?;
    let place = place(&at, &asked.variant)?;
    let text = caller
        .house()
        .preview_template(&body.incident_id, place, body.body)
        .await?;
    Ok(web::Json(TrialView {
        gaps: rules::gaps(&text),
        text,
    }))
}

fn place(at: &(NoticeKind, String, Locale), variant: &str) -> Result<Place, ApiError> {
    Ok(template_place(at.0, variant, &at.1, at.2)?)
}

async fn view(caller: &Caller, place: Place) -> Answer<TemplateView> {
    let template = caller.house().template(place).await?;
    Ok(web::Json(template.into()))
}

impl From<Template> for TemplateView {
    fn from(template: Template) -> Self {
        Self {
            kind: template.place.kind,
            body: template.body().to_owned(),
            number: template.number(),
            variant: template.place.variant,
            part: template.place.part,
            locale: template.place.locale,
            built_in: template.built_in,
            editions: template
                .editions
                .into_iter()
                .map(|edition| EditionView {
                    number: edition.number,
                    body: edition.body,
                    author_id: edition.author_id,
                    recorded_at: edition.recorded_at,
                })
                .collect(),
        }
    }
}
