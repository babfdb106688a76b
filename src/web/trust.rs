//! The record and its proof: checkpoints, the key that signs them, and the check of everything.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::PageError;
use super::extract::SignedIn;
use super::form::Submission;
use super::incidents::downloads;
use crate::accounts::can;
use crate::kernel::{Code, Instant, Problem};
use crate::timeline::checkpoint::{self, Checkpoint};
use crate::timeline::{Finding, public_key};
use crate::workflow::{Checked, Progress};

/// Checkpoints on the page; older ones by their numbers' address.
const LISTED: i64 = 20;
/// Findings on the page; the command names all.
const NAMED: usize = 50;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/trust").route(web::get().to(show)))
        .service(web::resource("/trust/checkpoints").route(web::post().to(make)))
        .service(web::resource("/trust/checkpoints/{number}").route(web::get().to(note)))
        .service(web::resource("/trust/checks").route(web::post().to(check)))
        .service(web::resource("/trust/public-key.pem").route(web::get().to(key)));
}

#[derive(Serialize)]
struct View {
    /// In groups of four digits, as people compare it.
    fingerprint: String,
    checkpoints: Vec<Row>,
    /// How many there are in all: their numbers have no gaps.
    total: i64,
    running_since: Option<Instant>,
    last: Option<CheckView>,
}

#[derive(Serialize)]
struct Row {
    number: i64,
    made_at: Instant,
    /// How many chains it names.
    chains: usize,
    digest: String,
}

#[derive(Serialize)]
struct CheckView {
    began_at: Instant,
    /// Whether the database could be read.
    read: bool,
    intact: bool,
    incidents: usize,
    entries: usize,
    checkpoints: usize,
    findings: Vec<Finding>,
    more: usize,
}

async fn show(signed: SignedIn) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let page = &signed.page;
    let house = &page.state().house;
    let checkpoints = house
        .store
        .read(|conn| Ok(checkpoint::recent(conn, LISTED)?))
        .await?;
    let public = house.vault.signing_key().public_key();
    let Progress {
        running_since,
        last,
    } = house.check_progress();
    page.view("trust")
        .title(page.text("trust-title"))
        .nav("trust")
        .respond(&View {
            fingerprint: grouped(&public_key::fingerprint(public).to_string()),
            total: checkpoints.first().map_or(0, |newest| newest.seq),
            checkpoints: checkpoints.iter().map(|note| row(note, public)).collect(),
            running_since,
            last: last.map(|checked| outcome(&checked)),
        })
}

async fn make(signed: SignedIn, _: Submission) -> Result<HttpResponse, PageError> {
    let by = signed.actor().grant::<can::AddNote>()?;
    let house = &signed.page.state().house;
    let made = house.make_checkpoint(&by).await?;
    let flash = match made {
        Some(made) if made.created_at >= signed.page.now() => "flash-checkpoint-made",
        _ => "flash-checkpoint-unchanged",
    };
    Ok(signed.page.go("/trust", flash))
}

async fn check(signed: SignedIn, _: Submission) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let house = &signed.page.state().house;
    // A small timeline is through at once: then the page that follows shows the outcome.
    house.check_within(PATIENCE).await;
    Ok(signed.page.go("/trust#check", ""))
}

/// How long the answer waits for a check; a longer one goes on by itself.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

async fn note(signed: SignedIn, number: web::Path<String>) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let missing = || Problem::new(Code::NotFound);
    let number: i64 = number.parse().map_err(|_| missing())?;
    let store = signed.page.state().house.store.clone();
    let found = store.read(move |conn| Ok(checkpoint::numbered(conn, number)?));
    let found = found.await?.ok_or_else(missing)?;
    let name = format!("checkpoint-{number}.note");
    Ok(downloads::attachment(
        &name,
        "text/plain; charset=utf-8",
        found.note.into_bytes(),
    )?)
}

async fn key(signed: SignedIn) -> Result<HttpResponse, PageError> {
    signed.actor().grant::<can::ViewIncidents>()?;
    let pem = public_key::pem(signed.page.state().house.vault.signing_key().public_key());
    Ok(downloads::attachment(
        "public-key.pem",
        "application/x-pem-file",
        pem.into_bytes(),
    )?)
}

fn row(note: &Checkpoint, public: &[u8]) -> Row {
    Row {
        number: note.seq,
        made_at: note.created_at,
        chains: note.open(public).map_or(0, |opened| opened.heads.len()),
        digest: note.digest().to_string(),
    }
}

fn outcome(checked: &Checked) -> CheckView {
    let verdict = checked.verdict.clone().unwrap_or_default();
    let (mut findings, mut more) = (verdict.findings, verdict.more);
    more += findings.len().saturating_sub(NAMED);
    findings.truncate(NAMED);
    CheckView {
        began_at: checked.began_at,
        read: checked.verdict.is_some(),
        intact: findings.is_empty(),
        incidents: verdict.incidents,
        entries: verdict.entries,
        checkpoints: verdict.checkpoints,
        findings,
        more,
    }
}

/// Digits in groups of four.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}
