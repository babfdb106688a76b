//! The handbook to read: all playbooks, and each with its phases and steps.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::PageError;
use super::extract::{Page, SignedIn};
use crate::accounts::can;
use crate::incidents::{Kind, Pattern};
use crate::kernel::{Code, Problem, locale};
use crate::playbooks::{GENERAL, Playbook, StepContent};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/playbooks").route(web::get().to(list)))
        .service(web::resource("/playbooks/{id}").route(web::get().to(show)));
}

#[derive(Serialize)]
struct ListView {
    general: Option<Entry>,
    kinds: Vec<KindView>,
}

#[derive(Serialize)]
struct KindView {
    kind: Kind,
    icon: &'static str,
    playbooks: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    title: String,
    summary: String,
    steps: usize,
}

#[derive(Serialize)]
struct View {
    id: String,
    title: String,
    summary: String,
    version: u32,
    kind: Option<Kind>,
    phases: Vec<PhaseView>,
}

#[derive(Serialize)]
struct PhaseView {
    key: String,
    number: usize,
    title: String,
    goal: String,
    steps: Vec<StepView>,
}

#[derive(Serialize)]
struct StepView {
    key: String,
    title: String,
    what: String,
    why: String,
    extra: String,
    role: String,
    done: Vec<String>,
    target: String,
}

async fn list(signed: SignedIn) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let page = &signed.page;
    let library = &page.state().house.library;
    let general = library.all().find(|playbook| playbook.id == GENERAL);
    page.view("playbooks/list")
        .title(page.text("playbooks-title"))
        .nav("playbooks")
        .respond(&ListView {
            general: general.map(|playbook| entry(playbook, page)),
            kinds: Kind::ALL
                .iter()
                .map(|kind| KindView {
                    kind: *kind,
                    icon: match kind {
                        Kind::Leak => "shield-alert",
                        Kind::Misuse => "ban",
                        Kind::Privacy => "eye-off",
                    },
                    playbooks: Pattern::ALL
                        .iter()
                        .filter(|pattern| pattern.kind() == *kind)
                        .map(|pattern| entry(library.get(&pattern.playbook_id()), page))
                        .collect(),
                })
                .collect(),
        })
}

async fn show(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let page = &signed.page;
    let locale = page.locale();
    let playbook = page
        .state()
        .house
        .library
        .all()
        .find(|playbook| playbook.id == *id)
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    let title = playbook.title.get(locale).to_owned();
    let of_this = |pattern: &&Pattern| pattern.playbook_id() == playbook.id;
    page.view("playbooks/read")
        .title(title.clone())
        .nav("playbooks")
        .respond(&View {
            id: playbook.id.clone(),
            title,
            summary: playbook.summary.get(locale).to_owned(),
            version: playbook.version,
            kind: Pattern::ALL
                .iter()
                .find(of_this)
                .map(|pattern| pattern.kind()),
            phases: (1..)
                .zip(&playbook.phases)
                .map(|(number, phase)| PhaseView {
                    key: phase.key.to_string(),
                    number,
                    title: page.text(&format!("phase-{}", phase.key)),
                    goal: phase.goal.get(locale).to_owned(),
                    steps: phase.steps.iter().map(|step| read(step, page)).collect(),
                })
                .collect(),
        })
}

fn entry(playbook: &Playbook, page: &Page) -> Entry {
    Entry {
        id: playbook.id.clone(),
        title: playbook.title.get(page.locale()).to_owned(),
        summary: playbook.summary.get(page.locale()).to_owned(),
        steps: playbook.steps().count(),
    }
}

fn read(step: &StepContent, page: &Page) -> StepView {
    let locale = page.locale();
    StepView {
        key: step.key.clone(),
        title: step.title.get(locale).to_owned(),
        what: step.what.get(locale).to_owned(),
        why: step.why.get(locale).to_owned(),
        extra: step.extra.get(locale).to_owned(),
        role: page.text(&format!("role-{}", step.role)),
        done: step.done.get(locale).to_vec(),
        target: target_words(step.target_minutes, page),
    }
}

/// A step's target in words: minutes, hours or days after declaring.
pub(super) fn target_words(minutes: i64, page: &Page) -> String {
    let (key, number) = match minutes {
        ..120 => ("target-minutes", minutes),
        120..2_880 => ("target-hours", minutes / 60),
        _ => ("target-days", minutes / 1_440),
    };
    locale::text_with(page.locale(), key, &[("number", number.into())])
}
