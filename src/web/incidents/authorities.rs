//! Whom the law makes us tell: every duty with its reasons and dues, and what was filed.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

mod duties;
mod duty;
mod regimes;

use self::regimes::{Regimes, regimes};
use super::contradictions::ContradictionLine;
use super::header::Header;
use super::{Case, kept, local_instant, parse_local};
use crate::accounts::can;
use crate::kernel::{Instant, Locale, Problem, Result, dates, locale};
use crate::notices::{self, Filing, FilingStage, NewFiling, NoticeId, NoticeState};
use crate::playbooks::Link;
use crate::regulations;
use crate::web::PageError;
use crate::web::extract::{Page, SignedIn};
use crate::web::form::{FormState, Submission};
use crate::workflow::filing;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/incidents/{id}/authorities", web::get().to(show))
        .configure(duty::routes)
        .service(
            web::resource("/incidents/{id}/authorities/filings/new")
                .route(web::get().to(filing_form)),
        )
        .service(web::resource("/incidents/{id}/authorities/filings").route(web::post().to(file)));
}

#[derive(Serialize)]
struct View {
    head: Header,
    id: String,
    regimes: Regimes,
    contradictions: Vec<ContradictionLine>,
    filings: Vec<FilingLine>,
    questions: usize,
    /// The instant of an earlier view, in words; none for now.
    as_of: Option<String>,
    /// The same as the form's field wants it.
    as_of_field: String,
}

/// A report that was made.
#[derive(Serialize)]
struct FilingLine {
    duty: String,
    href: String,
    stage: String,
    late_reason: String,
    filed_at: Instant,
    receipt: String,
    by: String,
    recorded_at: Instant,
    notice: Option<String>,
}

#[derive(Serialize)]
struct FormView {
    head: Header,
    id: String,
    duty_id: String,
    duty: String,
    recipient: String,
    method: String,
    portal: Option<duties::Article>,
    notice_id: String,
    stages: Vec<Stage>,
    /// What the law asks of a late report, where the deadline has passed.
    late: Option<String>,
}

#[derive(Serialize)]
struct Stage {
    value: FilingStage,
    label: String,
}

#[derive(Deserialize)]
struct AsOf {
    #[serde(default)]
    as_of: String,
}

async fn show(
    signed: SignedIn,
    id: web::Path<String>,
    query: web::Query<AsOf>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let mut case = Case::find(&signed, &id).await?;
    let incident = case.incident.id.clone();
    // A moment that lies ahead, or is none, is taken as now.
    let as_of = parse_local(&query.as_of, page.zone()).filter(|at| *at < page.now());
    if let Some(at) = as_of {
        case.duties = page.state().house.duties_as_of(&incident, at).await?;
    }
    let filings = page
        .state()
        .house
        .store
        .read(move |conn| notices::filings(conn, incident.as_str()))
        .await?;
    page.view("incidents/authorities/list")
        .title(case.page_title(page, Link::Authorities))
        .nav("incidents")
        .respond(&View {
            head: case.header(page, Link::Authorities),
            id: case.incident.id.to_string(),
            regimes: regimes(&case, page),
            contradictions: case.contradictions(page),
            filings: filings
                .into_iter()
                .rev()
                .map(|filing| filing_line(filing, &case, page.locale()))
                .collect(),
            questions: case.duties.next_questions.len(),
            as_of: as_of.map(|at| dates::zoned_in(&at.in_zone(page.zone()), page.locale())),
            as_of_field: as_of
                .map(|at| {
                    at.in_zone(page.zone())
                        .strftime("%Y-%m-%dT%H:%M")
                        .to_string()
                })
                .unwrap_or_default(),
        })
}

async fn filing_form(
    signed: SignedIn,
    id: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let given = |wanted: &str| {
        let found = query.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let now = signed.page.now().in_zone(signed.page.zone());
    let form = FormState::filled([
        ("filed_at", now.strftime("%Y-%m-%dT%H:%M").to_string()),
        ("receipt", String::new()),
        ("late_reason", String::new()),
        ("stage", FilingStage::Final.to_string()),
    ]);
    let case = Case::find(&signed, &id).await?;
    render_form(&signed, &case, &given("duty"), &given("notice"), form, None)
}

async fn file(
    signed: SignedIn,
    id: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::RecordFiling>()?;
    let page = &signed.page;
    let case = Case::find(&signed, &id).await?;
    let id = case.incident.id.clone();
    let recorded = match new_filing(&form, page) {
        Ok(new) => page.state().house.record_filing(&by, &id, new).await,
        Err(problem) => Err(problem),
    };
    match recorded {
        Ok(filing) => {
            let to = match filing.notice_id {
                Some(notice) => format!("/incidents/{id}/notices/{notice}"),
                None => format!("/incidents/{id}/authorities#filings"),
            };
            Ok(page.go(&to, "flash-filing-recorded"))
        }
        Err(problem) => {
            let (state, status) = kept(&form, problem, page)?;
            let (duty, notice) = (form.get("duty"), form.get("notice"));
            render_form(&signed, &case, duty, notice, state, Some(status))
        }
    }
}

fn render_form(
    signed: &SignedIn,
    case: &Case,
    duty_id: &str,
    notice_id: &str,
    form: FormState,
    status: Option<actix_web::http::StatusCode>,
) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::RecordFiling>()?;
    let page = &signed.page;
    let locale = page.locale();
    let (_, duty) =
        regulations::duty(duty_id).ok_or_else(|| Problem::new(crate::kernel::Code::NotFound))?;
    let mut view = page
        .view("incidents/authorities/filing")
        .title(page.text("filing-title"))
        .nav("incidents");
    if let Some(status) = status {
        view = view.status(status);
    }
    view.form(form).respond(&FormView {
        head: case.header(page, Link::Authorities),
        id: case.incident.id.to_string(),
        duty_id: duty.id.clone(),
        duty: duty.title.get(locale).to_owned(),
        recipient: duty.recipient.name.get(locale).to_owned(),
        method: duty
            .method
            .as_ref()
            .map(|method| method.get(locale).to_owned())
            .unwrap_or_default(),
        portal: duty.form.as_ref().map(|form| duties::Article {
            text: form.title.get(locale).to_owned(),
            url: form.url.clone(),
            unverified: form.confidence == regulations::Confidence::Unverified,
        }),
        notice_id: notice_id.to_owned(),
        stages: FilingStage::ALL
            .iter()
            .map(|stage| Stage {
                value: *stage,
                label: page.text(&format!("filing-stage-{stage}")),
            })
            .collect(),
        late: late(case, duty, page),
    })
}

/// What the law asks where the deadline of a duty has passed.
fn late(case: &Case, duty: &regulations::Duty, page: &Page) -> Option<String> {
    let view = case
        .duties
        .duties
        .iter()
        .find(|view| view.obligation.duty_id == duty.id)?;
    let due = filing::deadline(&view.dues)?;
    let asked = duty.late.as_ref().map(|late| {
        let words = late.words.get(page.locale()).to_owned();
        locale::text_with(
            page.locale(),
            "filing-late-hint",
            &[("words", words.into())],
        )
    });
    (due.instant()? < page.now()).then(|| asked.unwrap_or_else(|| page.text("filing-late-plain")))
}

fn new_filing(form: &Submission, page: &Page) -> Result<NewFiling> {
    let filed_at = local_instant(form, "filed_at", page.zone())?
        .ok_or_else(|| Problem::field("filed_at", "field-required"))?;
    let duty_id = form.get("duty");
    if regulations::duty(duty_id).is_none() {
        return Err(Problem::field("duty", "field-invalid-choice"));
    }
    let notice_id = match form.get("notice") {
        "" => None,
        id => Some(
            id.parse::<NoticeId>()
                .map_err(|_| Problem::field("notice", "field-invalid-choice"))?,
        ),
    };
    Ok(NewFiling {
        duty_id: duty_id.to_owned(),
        notice_id,
        filed_at,
        receipt: form.get("receipt").to_owned(),
        stage: form.get("stage").parse().unwrap_or(FilingStage::Final),
        late_reason: form.get("late_reason").to_owned(),
    })
}

fn filing_line(filing: Filing, case: &Case, locale: Locale) -> FilingLine {
    let incident = &case.incident.id;
    FilingLine {
        duty: duty_title(&filing.duty_id, locale),
        href: duty_href(case, &filing.duty_id),
        stage: locale::text(locale, &format!("filing-stage-{}", filing.stage)),
        late_reason: filing.late_reason,
        filed_at: filing.filed_at,
        receipt: filing.receipt,
        by: case.name(&filing.recorded_by).unwrap_or_default(),
        recorded_at: filing.recorded_at,
        notice: filing
            .notice_id
            .map(|notice| format!("/incidents/{incident}/notices/{notice}")),
    }
}

/// The page of a duty: its items, filings and decisions.
fn duty_href(case: &Case, duty: &str) -> String {
    format!(
        "/incidents/{}/authorities/duty?duty={duty}",
        case.incident.id
    )
}

/// The name of a duty; one of an older build keeps its id.
fn duty_title(id: &str, locale: Locale) -> String {
    regulations::duty(id).map_or_else(
        || id.to_owned(),
        |(_, duty)| duty.title.get(locale).to_owned(),
    )
}

/// The notice that serves a duty and goes furthest, if there is one.
fn notice_for<'a>(case: &'a Case, duty_id: &str) -> Option<&'a notices::Notice> {
    let rank = |state| match state {
        NoticeState::Draft => 0,
        NoticeState::Submitted => 1,
        NoticeState::Approved => 2,
        NoticeState::Issued => 3,
    };
    case.notices
        .iter()
        .filter(|notice| notice.kind.serves(duty_id))
        .max_by_key(|notice| rank(notice.state))
}
