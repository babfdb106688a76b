//! Who approves each kind of notice, in order: to read for everybody, to change in the settings.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::extract::SignedIn;
use super::form::{FormState, Submission};
use super::templates::audience_icon;
use super::{PageError, sign_in};
use crate::accounts::{Capability, Role, can, rules};
use crate::kernel::{Code, Problem, Result};
use crate::notices::sheet::Readers;
use crate::notices::{self, NoticeKind};

/// How many approvers the form offers; [`notices::set_chain`] takes no more.
const STAGES: usize = 5;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let back = async |signed: SignedIn| signed.page.go("/approval-chains", "");
    config
        .service(web::resource("/approval-chains").route(web::get().to(list)))
        .service(
            web::resource("/approval-chains/{kind}")
                .route(web::get().to(back))
                .route(web::post().to(change)),
        )
        .service(
            web::resource("/approval-chains/{kind}/reset")
                .route(web::get().to(back))
                .route(web::post().to(reset)),
        );
}

#[derive(Serialize)]
struct View {
    groups: Vec<Group>,
}

/// The kinds for one sort of readers.
#[derive(Serialize)]
struct Group {
    readers: Readers,
    icon: &'static str,
    kinds: Vec<KindView>,
}

/// One kind and its chain.
#[derive(Serialize)]
struct KindView {
    kind: NoticeKind,
    title: &'static str,
    chain: Vec<Role>,
    /// Whether the organisation chose it.
    own: bool,
    /// Whether its form is open: it was just refused.
    open: bool,
    stages: Vec<Stage>,
}

/// One choice of the form.
#[derive(Serialize)]
struct Stage {
    name: String,
    number: usize,
    options: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    role: Role,
    chosen: bool,
}

async fn list(signed: SignedIn) -> Result<HttpResponse, PageError> {
    render(&signed, FormState::default(), None).await
}

async fn change(
    signed: SignedIn,
    kind: web::Path<String>,
    form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ManageSettings>()?;
    let kind = kind_of(&kind)?;
    let house = &signed.page.state().house;
    let roles = match chosen(&form) {
        Ok(roles) => roles,
        Err(problem) => return refused(&signed, &form, problem, kind).await,
    };
    match house.set_chain(&by, kind, roles).await {
        Ok(()) => {
            let to = format!("/approval-chains#kind-{kind}");
            Ok(signed.page.go(&to, "flash-saved"))
        }
        Err(problem) => refused(&signed, &form, problem, kind).await,
    }
}

async fn reset(
    signed: SignedIn,
    kind: web::Path<String>,
    _form: Submission,
) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::ManageSettings>()?;
    let kind = kind_of(&kind)?;
    signed.page.state().house.reset_chain(&by, kind).await?;
    let to = format!("/approval-chains#kind-{kind}");
    Ok(signed.page.go(&to, "flash-chain-reset"))
}

async fn refused(
    signed: &SignedIn,
    form: &Submission,
    problem: Problem,
    kind: NoticeKind,
) -> Result<HttpResponse, PageError> {
    let state = sign_in::kept(form, problem, &signed.page)?;
    render(signed, state, Some((kind, form))).await
}

async fn render(
    signed: &SignedIn,
    form: FormState,
    refused: Option<(NoticeKind, &Submission)>,
) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let page = &signed.page;
    let own = page.state().house.store.read(notices::own_chains).await?;
    let view = |kind: NoticeKind| {
        let sheet = kind.sheet();
        let chain = own.get(&kind).unwrap_or(&sheet.chain);
        let typed = refused.filter(|(refused, _)| *refused == kind);
        KindView {
            kind,
            title: sheet.title.get(page.locale()),
            chain: chain.clone(),
            own: own.contains_key(&kind),
            open: typed.is_some(),
            stages: (1..=STAGES)
                .map(|number| {
                    let name = stage_name(number);
                    let standing = match typed {
                        Some((_, form)) => form.get(&name),
                        None => chain.get(number - 1).map_or("", |role| role.as_str()),
                    };
                    stage(number, standing)
                })
                .collect(),
        }
    };
    let groups = Readers::ALL
        .iter()
        .map(|readers| Group {
            readers: *readers,
            icon: audience_icon(*readers),
            kinds: NoticeKind::ALL
                .iter()
                .filter(|kind| kind.sheet().audience == *readers)
                .map(|kind| view(*kind))
                .collect(),
        })
        .collect();
    page.view("notice-templates/chains")
        .title(page.text("chains-title"))
        .nav("admin")
        .form(form)
        .respond(&View { groups })
}

fn stage(number: usize, standing: &str) -> Stage {
    Stage {
        name: stage_name(number),
        number,
        options: Role::ALL
            .iter()
            .filter(|role| rules::allows(**role, Capability::ApproveNotice))
            .map(|role| Choice {
                role: *role,
                chosen: role.as_str() == standing,
            })
            .collect(),
    }
}

/// The roles that were chosen, in order; a choice that was left empty is no approver.
fn chosen(form: &Submission) -> Result<Vec<Role>> {
    (1..=STAGES)
        .map(stage_name)
        .filter(|name| !form.get(name).is_empty())
        .map(|name| {
            form.get(&name)
                .parse()
                .map_err(|_| Problem::field("roles", "field-invalid-choice"))
        })
        .collect()
}

fn stage_name(number: usize) -> String {
    format!("role{number}")
}

fn kind_of(text: &str) -> Result<NoticeKind> {
    text.parse().map_err(|_| Problem::new(Code::NotFound))
}
