//! Exports of the register: ordered with a reason, followed, downloaded once they are done.

mod fields;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::evidence::rounded;
use super::super::header::Header;
use super::super::{Case, downloads, incident_id, kept, query};
use super::{PeopleTab, Tab, people_tabs};
use crate::accounts::can;
use crate::affected::export::{
    self, Export, ExportContent, ExportFormat, ExportId, ExportState, NewExport,
};
use crate::affected::{Filter, Roster, RosterId, rosters};
use crate::incidents::IncidentId;
use crate::kernel::{Code, Instant, Locale, Problem, Result, locale};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::{Page, SignedIn};
use crate::web::form::{FormState, Submission};
use crate::workflow::entries;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let base = "/incidents/{id}/people/exports";
    config
        .service(
            web::resource(base)
                .route(web::get().to(show))
                .route(web::post().to(order)),
        )
        .route(&format!("{base}/{{export}}/cancel"), web::post().to(cancel))
        .route(
            &format!("{base}/{{export}}/download"),
            web::post().to(download),
        );
}

/// What can be asked for here; letters and LINE ids come with the sending that needs them.
const OFFERED: &[ExportContent] = &[
    ExportContent::Register,
    ExportContent::Letters,
    ExportContent::Deliveries,
    ExportContent::Problems,
];

/// How it can be written.
const FORMATS: &[ExportFormat] = &[
    ExportFormat::Xlsx,
    ExportFormat::CsvUtf8,
    ExportFormat::CsvCp932,
];

#[derive(Serialize)]
struct View {
    head: Header,
    people_tabs: Vec<Tab>,
    contents: Vec<Choice>,
    formats: Vec<Choice>,
    filters: Vec<fields::Select>,
    /// Whether the fields that narrow stand open: something in them was chosen, or is wrong.
    narrowed: bool,
    exports: Vec<Line>,
    /// Whether an export waits or is being written.
    at_work: bool,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    hint: Option<String>,
}

/// One export.
#[derive(Serialize)]
struct Line {
    id: ExportId,
    title: String,
    state: ExportState,
    state_label: String,
    tone: &'static str,
    failure: Option<String>,
    filter: String,
    reason: String,
    at_work: bool,
    is_done: bool,
    rows: i64,
    total: i64,
    percent: i64,
    replaced: i64,
    size: String,
    sha256: String,
    by: String,
    recorded_at: Instant,
    expires_at: Option<Instant>,
}

async fn show(
    signed: SignedIn,
    id: web::Path<String>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let case = Case::find(&signed, &id).await?;
    let roster: Option<RosterId> = query(&asked, "roster").parse().ok();
    render(&signed, &case, roster, None).await
}

async fn order(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ExportRegister>()?;
    let id = incident_id(&id)?;
    let page = &signed.page;
    let house = &page.state().house;
    let ordered = match wanted(page, &id, &form).await {
        Ok(new) => house.export_register(&by, &id, new).await,
        Err(problem) => Err(problem),
    };
    match ordered {
        Ok(_) => Ok(page.go(&address(&id), "flash-export-ordered")),
        Err(problem) => {
            let refused = kept(&form, problem, page)?;
            let case = Case::find(&signed, id.as_str()).await?;
            render(&signed, &case, None, Some(refused)).await
        }
    }
}

async fn cancel(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    _form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ExportRegister>()?;
    let (id, export) = ids(&path)?;
    let house = &signed.page.state().house;
    house.cancel_export(&by, &id, &export).await?;
    Ok(signed.page.go(&address(&id), "flash-export-cancelled"))
}

/// Hands the file out; a form, so that no address gives data and the timeline remembers it.
async fn download(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    _form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ExportRegister>()?;
    let (id, export) = ids(&path)?;
    let house = &signed.page.state().house;
    let (name, export, reader) = house.open_export(&by, &id, &export).await?;
    let size = u64::try_from(export.size).map_err(Problem::internal)?;
    Ok(downloads::streamed(&name, size, reader)?)
}

/// Reads the form; a roster is chosen by its number.
async fn wanted(page: &Page, id: &IncidentId, form: &Submission) -> Result<NewExport> {
    let content: ExportContent = choice(form, "content")?;
    let roster: Option<i64> = optional(form, "roster")?;
    let text = |name: &str| Some(form.get(name).to_owned()).filter(|value| !value.is_empty());
    let filter = Filter {
        category: text("category"),
        data_item: text("data_item"),
        country: text("country"),
        region: text("region"),
        locale: optional(form, "locale")?,
        minor: text("minor"),
        channel: optional(form, "channel")?,
        notice_state: optional(form, "notice_state")?,
        roster,
    };
    let rosters = rosters_of(page, id).await?;
    let roster = rosters.into_iter().find(|it| Some(it.number) == roster);
    Ok(NewExport {
        content,
        format: choice(form, "format")?,
        filter,
        roster: roster.map(|roster| roster.id),
        reason: form.get("reason").to_owned(),
        locale: page.locale(),
        notice: None,
    })
}

fn choice<T: std::str::FromStr>(form: &Submission, field: &str) -> Result<T> {
    let chosen = form.get(field).parse();
    chosen.map_err(|_| Problem::field(field, "field-invalid-choice"))
}

fn optional<T: std::str::FromStr>(form: &Submission, field: &str) -> Result<Option<T>> {
    if form.get(field).is_empty() {
        Ok(None)
    } else {
        choice(form, field).map(Some)
    }
}

async fn rosters_of(page: &Page, id: &IncidentId) -> Result<Vec<Roster>> {
    let incident = id.clone();
    page.state()
        .house
        .store
        .read(move |conn| rosters::rosters(conn, incident.as_str()))
        .await
}

async fn render(
    signed: &SignedIn,
    case: &Case,
    roster: Option<RosterId>,
    refused: Option<(FormState, StatusCode)>,
) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ExportRegister>()?;
    let page = &signed.page;
    let locale = page.locale();
    let (incident, id) = (case.incident.id.clone(), &case.incident.id);
    let rosters = rosters_of(page, id).await?;
    let exports = page
        .state()
        .house
        .store
        .read(move |conn| export::list(conn, incident.as_str()))
        .await?;
    let narrowed = refused.is_some() || roster.is_some();
    let (form, status) = refused.unwrap_or_else(|| {
        let wanted = rosters.iter().find(|it| Some(&it.id) == roster.as_ref());
        let content = wanted.map_or("register", |_| "problems");
        let number = wanted.map(|roster| roster.number.to_string());
        let filled = FormState::filled([
            ("content", content.to_owned()),
            ("format", "xlsx".to_owned()),
            ("roster", number.unwrap_or_default()),
        ]);
        (filled, StatusCode::OK)
    });
    let lines = exports
        .into_iter()
        .map(|export| line(export, case, &rosters, locale));
    let exports: Vec<_> = lines.collect::<Result<_>>()?;
    let people_tabs = people_tabs(page, case, PeopleTab::Exports).await?;
    page.view("incidents/people/exports")
        .title(page.text("exports-title"))
        .nav("incidents")
        .status(status)
        .form(form)
        .respond(&View {
            head: case.header(page, Link::People),
            people_tabs,
            contents: OFFERED
                .iter()
                .map(|it| hinted(it, "content", locale))
                .collect(),
            formats: FORMATS
                .iter()
                .map(|it| hinted(it, "format", locale))
                .collect(),
            filters: fields::filters(case, &rosters, locale),
            narrowed,
            at_work: exports.iter().any(|export| export.at_work),
            exports,
        })
}

fn hinted(value: &impl std::fmt::Display, kind: &str, locale: Locale) -> Choice {
    let key = format!("export-{kind}-{value}");
    Choice {
        value: value.to_string(),
        label: locale::text(locale, &key),
        hint: Some(locale::text(locale, &format!("{key}-hint"))),
    }
}

fn line(export: Export, case: &Case, rosters: &[Roster], locale: Locale) -> Result<Line> {
    let text = |key: String| locale::text(locale, &key);
    let tone = match export.state {
        ExportState::Done => "green",
        ExportState::Failed => "red",
        ExportState::Waiting | ExportState::Running => "amber",
        ExportState::Cancelled | ExportState::Expired => "grey",
    };
    let of_roster = rosters
        .iter()
        .find(|it| Some(&it.id) == export.roster_id.as_ref());
    let filter = match of_roster {
        Some(roster) => {
            let number = roster.number.to_string();
            locale::text_with(locale, "export-roster-of", &[("number", number.into())])
        }
        None => export::filter_words(&export.filter()?, locale),
    };
    let (content, format) = (export.content, export.format);
    let title = [
        format!("export-content-{content}"),
        format!("export-format-{format}"),
    ];
    Ok(Line {
        title: title.map(text).join(" · "),
        state_label: text(format!("export-state-{}", export.state)),
        tone,
        failure: export
            .failure
            .as_ref()
            .map(|reason| text(format!("export-failure-{reason}"))),
        filter,
        at_work: export.state.is_at_work(),
        is_done: export.state == ExportState::Done,
        percent: export.percent(),
        rows: export.rows,
        total: export.total_rows,
        replaced: export.replaced,
        size: rounded(export.size),
        by: entries::actor(&export.recorded_by, &case.names)
            .get(locale)
            .to_owned(),
        recorded_at: export.recorded_at,
        expires_at: export.expires_at,
        id: export.id,
        state: export.state,
        reason: export.reason,
        sha256: export.sha256,
    })
}

fn address(id: &IncidentId) -> String {
    format!("/incidents/{id}/people/exports")
}

fn ids(path: &(String, String)) -> Result<(IncidentId, ExportId), PageError> {
    let export = path.1.parse().map_err(|_| Problem::new(Code::NotFound))?;
    Ok((incident_id(&path.0)?, export))
}
