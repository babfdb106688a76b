//! The parts one by one, to be copied into the authority's form, and the document for approval on paper.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::super::header::Header;
use super::view::{Part, parts};
use super::{address, read};
use crate::accounts::can;
use crate::kernel::{Code, Locale, Problem};
use crate::notices::sheet::{Basis, Form};
use crate::notices::{self, NoticeState};
use crate::playbooks::Link;
use crate::web::PageError;
use crate::web::extract::SignedIn;
use crate::web::form::Submission;

#[derive(Serialize)]
struct View {
    head: Header,
    base: String,
    title: &'static str,
    state: NoticeState,
    version: i64,
    practice: &'static str,
    basis: &'static Basis,
    basis_article: &'static str,
    authority_form: Option<&'static Form>,
    form_name: Option<&'static str>,
    /// Only the languages that the form takes, the others folded away.
    sections: Vec<Section>,
    done: usize,
    all: usize,
}

#[derive(Serialize)]
struct Section {
    part: Part,
    texts: Vec<Text>,
}

#[derive(Serialize)]
struct Text {
    locale: Locale,
    text: String,
    characters: usize,
    longest: usize,
    over: bool,
    /// Whether the form takes this language.
    wanted: bool,
    copied: Option<Mark>,
}

#[derive(Serialize)]
struct Mark {
    by: String,
    at: crate::kernel::Instant,
}

pub(super) async fn copy(
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let page = &signed.page;
    let (case, notice, version) = read(&signed, &path).await?;
    let (id, number) = (notice.id.clone(), version.version);
    let copied = page
        .state()
        .house
        .store
        .read(move |conn| notices::copied(conn, &id, number))
        .await?;
    let sheet = notice.kind.sheet();
    let sections: Vec<_> = parts(notice.kind, &version.content, page.locale())
        .into_iter()
        .map(|part| {
            let texts = Locale::ALL
                .iter()
                .map(|locale| {
                    let text = version.content.part(part.key, *locale).to_owned();
                    let characters = text.chars().count();
                    let mark = copied
                        .iter()
                        .find(|mark| mark.part == part.key && mark.locale == *locale);
                    Text {
                        locale: *locale,
                        characters,
                        longest: part.longest,
                        over: characters > part.longest,
                        wanted: sheet.languages.contains(locale),
                        copied: mark.map(|mark| Mark {
                            by: case.name(&mark.account_id).unwrap_or_default(),
                            at: mark.recorded_at,
                        }),
                        text,
                    }
                })
                .collect();
            Section { part, texts }
        })
        .collect();
    let wanted = || {
        sections
            .iter()
            .flat_map(|it| &it.texts)
            .filter(|it| it.wanted)
    };
    let (all, done) = (
        wanted().count(),
        wanted().filter(|text| text.copied.is_some()).count(),
    );
    page.view("incidents/notices/copy")
        .title(page.text("notice-copy"))
        .nav("incidents")
        .respond(&View {
            head: case.header(page, Link::Notices),
            base: address(&notice),
            title: sheet.title.get(page.locale()),
            state: notice.state,
            version: version.version,
            practice: sheet.practice.get(page.locale()),
            basis: &sheet.basis,
            basis_article: sheet.basis.article.get(page.locale()),
            form_name: sheet.form.as_ref().map(|form| form.name.get(page.locale())),
            authority_form: sheet.form.as_ref(),
            sections,
            done,
            all,
        })
}

pub(super) async fn mark(
    signed: SignedIn,
    path: web::Path<(String, String)>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::DraftNotice>()?;
    let (case, notice, _) = read(&signed, &path).await?;
    let locale: Locale = form
        .get("locale")
        .parse()
        .map_err(|_| Problem::field("locale", "field-invalid-choice"))?;
    let part = form.get("part").to_owned();
    let to = format!("{}/copy#part-{part}", address(&notice));
    let done = form.get("done") == "yes";
    signed
        .page
        .state()
        .house
        .mark_copied(&by, &case.incident.id, &notice.id, (part, locale), done)
        .await?;
    Ok(signed.page.go(&to, "flash-saved"))
}

/// The notice as a document that is approved on paper, or commented in Word.
pub(super) async fn document(
    signed: SignedIn,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ExportReport>()?;
    let (id, notice, format) = path.into_inner();
    let (case, notice, _) = read(&signed, &(id, notice)).await?;
    let house = &signed.page.state().house;
    let (media, bytes) = match format.as_str() {
        "pdf" => ("application/pdf", false),
        "docx" => (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            true,
        ),
        _ => return Err(Problem::new(Code::NotFound).into()),
    };
    let bytes = house
        .circulation(&case.incident.id, &notice.id, signed.page.locale(), bytes)
        .await?;
    let name = format!(
        "{}_{}_v{}.{format}",
        case.incident.number, notice.kind, notice.version
    );
    Ok(HttpResponse::Ok()
        .content_type(media)
        .insert_header((
            "content-disposition",
            format!("attachment; filename=\"{name}\""),
        ))
        .body(bytes))
}
