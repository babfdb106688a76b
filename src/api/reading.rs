//! The description for machines, the same for people, and what each problem means; no script, no token.

use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use handlebars::Handlebars;
use serde::Serialize;
use serde_json::json;

use super::description;
use super::problem::{ApiError, language};
use crate::kernel::{Code, Locale, Problem, locale};

const STYLE: &str = include_str!("../../templates/api/style.css");

static TEMPLATES: LazyLock<Result<Handlebars<'static>, String>> = LazyLock::new(|| {
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    for (name, source) in [
        (
            "operations",
            include_str!("../../templates/api/operations.hbs"),
        ),
        ("problem", include_str!("../../templates/api/problem.hbs")),
    ] {
        templates
            .register_template_string(name, source)
            .map_err(|error| error.to_string())?;
    }
    Ok(templates)
});

/// One operation as the page lists it.
#[derive(Serialize)]
struct OperationView {
    method: &'static str,
    path: String,
    summary: String,
    description: String,
    query: Vec<String>,
    body: Option<String>,
}

/// Operations of one subject.
#[derive(Serialize)]
struct Subject {
    name: String,
    title: String,
    operations: Vec<OperationView>,
}

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(openapi)
        .service(style)
        .service(web::resource(["", "/"]).route(web::get().to(operations)));
}

/// The pages that the `type` of a problem leads to.
pub(super) fn problem_routes(config: &mut web::ServiceConfig) {
    config.service(explanation);
}

#[get("/openapi.json")]
async fn openapi() -> Result<HttpResponse, ApiError> {
    let text = description::document()
        .to_pretty_json()
        .map_err(Problem::from)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .body(text))
}

#[get("/style.css")]
async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .body(STYLE)
}

async fn operations(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let language = language(&request);
    let view = json!({
        "lang": language.as_str(),
        "title": locale::text(language, "api-title"),
        "intro": locale::text(language, "api-intro"),
        "token": locale::text(language, "api-token"),
        "problems_title": locale::text(language, "api-problems"),
        "body_label": locale::text(language, "api-body"),
        "query_label": locale::text(language, "api-query"),
        "subjects": subjects(language),
        "problems": Code::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>(),
    });
    page("operations", language, &view)
}

#[get("/problems/{code}")]
async fn explanation(
    request: HttpRequest,
    code: web::Path<String>,
) -> Result<HttpResponse, actix_web::Error> {
    let language = language(&request);
    let code = Code::ALL
        .iter()
        .find(|known| known.as_str() == code.as_str())
        .ok_or_else(|| actix_web::error::ErrorNotFound(""))?;
    // A text that names something has no name to give here.
    let unnamed = ["minutes", "setting", "why"].map(|name| (name, "…"));
    let problem = Problem::with(*code, &unnamed);
    let view = json!({
        "lang": language.as_str(),
        "code": code.as_str(),
        "status": code.status(),
        "title": problem.title(language),
        "next": problem.next_step(language),
    });
    Ok(page("problem", language, &view)?)
}

fn page(
    template: &str,
    language: Locale,
    view: &serde_json::Value,
) -> Result<HttpResponse, ApiError> {
    let templates = TEMPLATES
        .as_ref()
        .map_err(|error| Problem::internal(error.clone()))?;
    let html = templates
        .render(template, view)
        .map_err(Problem::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_LANGUAGE, language.as_str()))
        .insert_header((header::VARY, "Accept-Language"))
        .body(html))
}

fn subjects(language: Locale) -> Vec<Subject> {
    let mut document = description::document();
    let mut subjects: Vec<Subject> = document
        .tags
        .take()
        .unwrap_or_default()
        .into_iter()
        .map(|tag| {
            let title = tag.description.unwrap_or_else(|| tag.name.clone());
            let (japanese, english) = title.split_once(" / ").unwrap_or((&title, &title));
            let title = match language {
                Locale::Ja => japanese,
                Locale::En => english,
            };
            Subject {
                name: tag.name,
                title: title.to_owned(),
                operations: Vec::new(),
            }
        })
        .collect();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in description::operations(item) {
            let view = OperationView {
                method,
                path: format!("/api/v1{path}"),
                summary: operation.summary.clone().unwrap_or_default(),
                description: operation.description.clone().unwrap_or_default(),
                query: query(operation),
                body: body(operation),
            };
            let of = |subject: &&mut Subject| {
                let tags = operation.tags.as_deref().unwrap_or_default();
                tags.contains(&subject.name)
            };
            if let Some(subject) = subjects.iter_mut().find(of) {
                subject.operations.push(view);
            }
        }
    }
    subjects
}

fn query(operation: &utoipa::openapi::path::Operation) -> Vec<String> {
    let parameters = serde_json::to_value(&operation.parameters).unwrap_or_default();
    let listed = parameters.as_array().cloned().unwrap_or_default();
    listed
        .iter()
        .filter(|parameter| parameter.get("in").and_then(|place| place.as_str()) == Some("query"))
        .filter_map(|parameter| Some(parameter.get("name")?.as_str()?.to_owned()))
        .collect()
}

/// The name of the body's schema, or its form.
fn body(operation: &utoipa::openapi::path::Operation) -> Option<String> {
    let body = serde_json::to_value(operation.request_body.as_ref()?).unwrap_or_default();
    let (media_type, content) = body.get("content")?.as_object()?.iter().next()?;
    let schema = content
        .get("schema")
        .and_then(|schema| schema.get("$ref")?.as_str()?.rsplit('/').next())
        .unwrap_or("object");
    Some(format!("{media_type}: {schema}"))
}
