//! What the visitor should do next: the first thing on every overview.

use serde::Serialize;

use super::Case;
use super::header::href;
use crate::accounts::{Actor, Capability};
use crate::incidents::State;
use crate::incidents::facts::{self, FactKey};
use crate::kernel::{Result, locale};
use crate::notices::chain::{Candidate, may_take};
use crate::notices::{self, Decision, Notice, NoticeKind, NoticeState};
use crate::playbooks::{Link, Phase, Step, StepContent, StepState};
use crate::store::Conn;
use crate::web::extract::Page;

/// The next action, as the partial `next-action` takes it.
#[derive(Serialize)]
pub(super) struct Next {
    eyebrow: String,
    title: String,
    text: Option<String>,
    actions: Vec<Action>,
}

#[derive(Serialize)]
struct Action {
    href: String,
    label: String,
    icon: &'static str,
    primary: bool,
}

/// A notice that waits for this person's approval, and who handed it in.
pub(super) struct Waiting {
    pub(super) notice: Notice,
    handed_in_by: Option<String>,
}

/// The notices of an incident whose approval is this person's turn.
pub(super) fn waiting_for(
    conn: &mut Conn,
    actor: &Actor,
    notices: &[Notice],
    name: impl Fn(&crate::accounts::AccountId) -> Option<String>,
) -> Result<Vec<Waiting>> {
    if !actor.may(Capability::ApproveNotice) {
        return Ok(Vec::new());
    }
    let mut waiting = Vec::new();
    for notice in notices
        .iter()
        .filter(|notice| notice.state == NoticeState::Submitted)
    {
        let barred = notices::barred(conn, notice)?;
        let me = Candidate {
            id: actor.id.clone(),
            role: actor.role,
        };
        let is_turn = notice
            .current_stage()
            .is_some_and(|stage| may_take(&stage, &me, &barred));
        let submitted = notices::approvals(conn, &notice.id)?
            .into_iter()
            .rev()
            .find(|approval| approval.decision == Decision::Submitted)
            .map(|approval| approval.account_id);
        if is_turn {
            waiting.push(Waiting {
                notice: notice.clone(),
                handed_in_by: submitted.as_ref().and_then(&name),
            });
        }
    }
    Ok(waiting)
}

impl Case {
    /// The phase that is worked on: the first with an open step.
    pub(super) fn current_phase(&self) -> Option<Phase> {
        self.steps
            .iter()
            .find(|step| is_open(step))
            .map(|step| step.phase)
    }

    /// How many duties arise and are not met.
    pub(super) fn open_duties(&self) -> usize {
        let duties = self.duties.duties.iter();
        duties.filter(|duty| duty.is_owed()).count()
    }

    /// Whether a duty that is owed, or may be, is served by this kind of notice.
    pub(super) fn asks_for(&self, kind: NoticeKind) -> bool {
        self.duties
            .duties
            .iter()
            .any(|duty| duty.presses() && kind.serves(duty.obligation.duty_id))
    }

    /// How many steps are still to be done.
    pub(super) fn open_steps(&self) -> usize {
        self.steps.iter().filter(|step| is_open(step)).count()
    }

    /// The next action of this person.
    pub(super) fn next(&self, page: &Page, actor: &Actor, waiting: &[Waiting]) -> Next {
        let id = self.incident.id.as_str();
        if self.incident.state == State::Closed {
            return closed(id, page);
        }
        if let Some(waiting) = waiting.first() {
            return approve(id, page, waiting);
        }
        if let Some((step, content)) = self.next_step(actor) {
            return self.work(page, actor, step, content);
        }
        match self.open_question() {
            Some(key) if actor.may(Capability::AnswerFacts) => question(id, page, key),
            _ => finish(id, page),
        }
    }

    /// An open step of the current phase: one's own, else of one's role, else the first.
    fn next_step(&self, actor: &Actor) -> Option<(&Step, &StepContent)> {
        let phase = self.current_phase()?;
        let open: Vec<_> = self
            .steps
            .iter()
            .filter(|step| step.phase == phase && is_open(step))
            .filter_map(|step| Some((step, self.playbook.step(&step.step_key)?)))
            .collect();
        let own = open
            .iter()
            .find(|(step, _)| step.assignee_id.as_ref() == Some(&actor.id));
        let of_role = || {
            open.iter()
                .find(|(step, content)| step.assignee_id.is_none() && content.role == actor.role)
        };
        own.or_else(of_role).or_else(|| open.first()).copied()
    }

    /// The first question that would decide a duty and was not answered.
    fn open_question(&self) -> Option<FactKey> {
        let questions = self.duties.next_questions.iter().copied();
        questions
            .into_iter()
            .find(|key| self.facts.get(*key).is_none())
    }

    fn work(&self, page: &Page, actor: &Actor, step: &Step, content: &StepContent) -> Next {
        let id = self.incident.id.as_str();
        let locale = page.locale();
        let role = page.text(&format!("role-{}", content.role));
        let assignee = step.assignee_id.as_ref();
        let own = match assignee {
            Some(assignee) => *assignee == actor.id,
            None => content.role == actor.role,
        };
        let eyebrow = if own {
            page.text("next-eyebrow")
        } else {
            let who = assignee
                .and_then(|assignee| self.name(assignee))
                .unwrap_or(role);
            locale::text_with(locale, "next-eyebrow-team", &[("who", who.into())])
        };
        let read = Action {
            href: format!("{}#step-{}", href(id, Link::Playbook), step.step_key),
            label: page.text("next-read-step"),
            icon: "book-open",
            primary: false,
        };
        let place = content
            .links
            .iter()
            .find(|link| !matches!(link, Link::Playbook | Link::Overview))
            .map(|link| Action {
                href: href(id, *link),
                label: locale::text_with(
                    locale,
                    "next-open-place",
                    &[("place", page.text(&format!("link-{link}")).into())],
                ),
                icon: "arrow-right",
                primary: true,
            });
        let actions = match place {
            Some(place) => vec![read, place],
            None => vec![Action {
                primary: true,
                ..read
            }],
        };
        Next {
            eyebrow,
            title: content.title.get(locale).to_owned(),
            text: Some(content.why.get(locale).to_owned()),
            actions,
        }
    }
}

/// Whether a step is still to be done.
pub(super) fn is_open(step: &Step) -> bool {
    matches!(step.state, StepState::Todo | StepState::Doing)
}

fn approve(id: &str, page: &Page, waiting: &Waiting) -> Next {
    let locale = page.locale();
    let notice = &waiting.notice;
    let document = notice.kind.sheet().title.get(locale).to_owned();
    let text = waiting.handed_in_by.clone().map(|name| {
        let variables = [("name", name.into()), ("version", notice.version.into())];
        locale::text_with(locale, "next-approve-text", &variables)
    });
    Next {
        eyebrow: page.text("next-eyebrow"),
        title: locale::text_with(locale, "next-approve", &[("document", document.into())]),
        text,
        actions: vec![Action {
            href: format!("/incidents/{id}/notices/{}", notice.id),
            label: page.text("next-approve-action"),
            icon: "stamp",
            primary: true,
        }],
    }
}

fn question(id: &str, page: &Page, key: FactKey) -> Next {
    Next {
        eyebrow: page.text("next-eyebrow"),
        title: facts::question(key, page.locale()),
        text: Some(facts::why(key, page.locale())),
        actions: vec![Action {
            href: format!("/incidents/{id}/facts/{key}"),
            label: page.text("next-answer"),
            icon: "arrow-right",
            primary: true,
        }],
    }
}

fn finish(id: &str, page: &Page) -> Next {
    Next {
        eyebrow: page.text("next-eyebrow-done"),
        title: page.text("next-finish"),
        text: Some(page.text("next-finish-text")),
        actions: vec![Action {
            href: href(id, Link::Review),
            label: page.text("next-finish-action"),
            icon: "clipboard-list",
            primary: true,
        }],
    }
}

fn closed(id: &str, page: &Page) -> Next {
    Next {
        eyebrow: page.text("state-closed"),
        title: page.text("next-closed"),
        text: Some(page.text("next-closed-text")),
        actions: vec![Action {
            href: href(id, Link::Review),
            label: page.text("next-finish-action"),
            icon: "clipboard-list",
            primary: true,
        }],
    }
}
