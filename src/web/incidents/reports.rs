//! The account handed out: what is made, in which form, for whom; and what was made before.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde_json::Value as Json;

use super::header::Header;
use super::{Case, downloads, kept};
use crate::accounts::can;
use crate::kernel::{Code, Instant, Locale, Problem, Result, locale};
use crate::playbooks::Link;
use crate::reports::{Format, Genre, Level};
use crate::timeline::{self, Kind};
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::{FormState, Submission};
use crate::workflow::{Make, entries};

/// How many earlier exports the page shows.
const SHOWN: usize = 50;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/incidents/{id}/reports")
            .route(web::get().to(show))
            .route(web::post().to(export)),
    );
}

#[derive(Serialize)]
struct View {
    head: Header,
    base: String,
    back: String,
    genres: Vec<Choice>,
    formats: Vec<Choice>,
    locales: Vec<Choice>,
    levels: Vec<Choice>,
    exports: Vec<Line>,
    /// How many earlier ones are not shown.
    more: usize,
}

/// One choice of a group of radio buttons.
#[derive(Serialize)]
struct Choice {
    value: &'static str,
    label: String,
    hint: Option<String>,
}

/// One earlier export, as the timeline tells it.
#[derive(Serialize)]
struct Line {
    at: Instant,
    by: String,
    genre: String,
    format: String,
    level: String,
    /// The level's own mark: `grey`, `amber`, `green`.
    tone: &'static str,
    language: &'static str,
    sha256: String,
}

async fn show(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    render(&signed, &id, None).await
}

/// Hands the account out; a form, because the timeline remembers it.
async fn export(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ExportReport>()?;
    let incident = super::incident_id(&id)?;
    let make = match read(&form) {
        Ok(make) => make,
        Err(problem) => return render(&signed, &id, Some((form, problem))).await,
    };
    let house = &signed.page.state().house;
    let file = match house.export_report(&by, &incident, make).await {
        Err(problem) if problem.code == Code::InvalidInput => {
            return render(&signed, &id, Some((form, problem))).await;
        }
        made => made?,
    };
    Ok(downloads::attachment(
        &file.name,
        file.media_type,
        file.bytes,
    )?)
}

fn read(form: &Submission) -> Result<Make> {
    let wrong = |field: &str| Problem::field(field, "field-invalid-choice");
    Ok(Make {
        genre: form.get("genre").parse().map_err(|_| wrong("genre"))?,
        format: form.get("format").parse().map_err(|_| wrong("format"))?,
        level: form.get("level").parse().map_err(|_| wrong("level"))?,
        locale: form.get("locale").parse().map_err(|_| wrong("locale"))?,
    })
}

async fn render(
    signed: &SignedIn,
    id: &str,
    refused: Option<(Submission, Problem)>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let case = Case::find(signed, id).await?;
    let incident = case.incident.id.clone();
    let store = page.state().house.store.clone();
    let read =
        store.read(move |conn| timeline::of_kind(conn, incident.as_str(), Kind::ReportExported));
    let exported = read.await?;
    let mut answer = page
        .view("incidents/reports/reports")
        .title(case.page_title(page, Link::Review))
        .nav("incidents");
    let form = match refused {
        Some((form, problem)) => {
            let (form, status) = kept(&form, problem, page)?;
            answer = answer.status(status);
            form
        }
        None => FormState::filled([
            ("genre", Genre::PostMortem.to_string()),
            ("format", Format::Pdf.to_string()),
            ("level", Level::Internal.to_string()),
            ("locale", page.locale().to_string()),
        ]),
    };
    let text = |key: String| page.text(&key);
    let hinted = |kind: &str, value: &'static str| Choice {
        value,
        label: text(format!("reports-{kind}-{value}")),
        hint: Some(text(format!("reports-{kind}-{value}-hint"))),
    };
    let view = View {
        head: case.header(page, Link::Review),
        base: format!("/incidents/{}/reports", case.incident.id),
        back: format!("/incidents/{}/review", case.incident.id),
        genres: Genre::ALL
            .iter()
            .map(|genre| hinted("genre", genre.as_str()))
            .collect(),
        formats: Format::ALL
            .iter()
            .map(|format| hinted("format", format.as_str()))
            .collect(),
        locales: Locale::ALL
            .iter()
            .map(|locale| Choice {
                value: locale.as_str(),
                label: own_name(*locale).to_owned(),
                hint: None,
            })
            .collect(),
        levels: Level::ALL
            .iter()
            .map(|level| hinted("level", level.as_str()))
            .collect(),
        more: exported.len().saturating_sub(SHOWN),
        exports: exported
            .iter()
            .rev()
            .take(SHOWN)
            .map(|entry| line(entry, &case, page.locale()))
            .collect(),
    };
    answer.form(form).respond(&view)
}

fn line(entry: &timeline::Entry, case: &Case, lang: Locale) -> Line {
    let details = entry.details();
    let text = |name: &str| details.get(name).and_then(Json::as_str).unwrap_or_default();
    // Before there were status reports, every report was a post-mortem.
    let genre = text("genre").parse().unwrap_or(Genre::PostMortem);
    let level = text("level").parse().unwrap_or(Level::Internal);
    let format: Option<Format> = text("format").parse().ok();
    Line {
        at: entry.recorded_at,
        by: entries::actor(&entry.actor, &case.names)
            .get(lang)
            .to_owned(),
        genre: locale::text(lang, &format!("reports-genre-{genre}")),
        format: format.map_or_else(String::new, |format| {
            locale::text(lang, &format!("reports-format-{format}"))
        }),
        level: locale::text(lang, &format!("report-level-{level}")),
        tone: match level {
            Level::Internal => "grey",
            Level::Regulator => "amber",
            Level::Public => "green",
        },
        language: text("locale").parse().map_or("", own_name),
        sha256: text("sha256").to_owned(),
    }
}

/// A language by the name that its speakers give it.
fn own_name(locale: Locale) -> &'static str {
    match locale {
        Locale::Ja => "日本語",
        Locale::En => "English",
    }
}
