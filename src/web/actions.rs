//! What is still to be done so that nothing of the kind happens again, across incidents, closed ones too.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::PageError;
use super::extract::{Page, SignedIn};
use crate::accounts::can;
use crate::postmortem::{self, OpenAction};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/actions").route(web::get().to(show)));
}

#[derive(Serialize)]
struct View {
    actions: Vec<Line>,
    late: usize,
}

#[derive(Serialize)]
struct Line {
    /// The incident's list of actions.
    href: String,
    number: String,
    incident: String,
    practice: bool,
    title: String,
    owner: String,
    due_on: Option<String>,
    late: bool,
}

async fn show(signed: SignedIn) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let page = &signed.page;
    let store = page.state().house.store.clone();
    let open = store.read(postmortem::open_actions).await?;
    let actions: Vec<_> = open.into_iter().map(|open| line(open, page)).collect();
    page.view("actions")
        .title(page.text("actions-title"))
        .nav("incidents")
        .respond(&View {
            late: actions.iter().filter(|line| line.late).count(),
            actions,
        })
}

/// Whether the day of an action has passed, as the server's zone counts days.
pub(super) fn is_late(open: &OpenAction, page: &Page) -> bool {
    let today = page.now().in_zone(page.zone()).date().to_string();
    // Days in ISO text sort as days.
    open.action.due_on.as_ref().is_some_and(|due| *due < today)
}

fn line(open: OpenAction, page: &Page) -> Line {
    Line {
        late: is_late(&open, page),
        href: format!(
            "/incidents/{}/review?section=actions#actions",
            open.incident_id
        ),
        number: open.number,
        incident: open.incident,
        practice: open.practice,
        title: open.action.title,
        owner: open.action.owner,
        due_on: open.action.due_on,
    }
}
