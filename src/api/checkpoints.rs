//! Checkpoints: signed statements of how far every timeline had come, to be kept elsewhere.

use actix_web::{HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::bodies::At;
use super::caller::Caller;
use super::people::{bounded, usual};
use super::problem::{Answer, ApiError};
use super::room;
use crate::accounts::can;
use crate::kernel::{Code, Instant, Problem};
use crate::timeline::checkpoint::{self, Checkpoint};
use crate::timeline::public_key;

room!(list, show, make, key);

/// Which piece of a long list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct CheckpointPage {
    /// The number behind which to go on; 0 at the beginning.
    #[serde(default)]
    after: i64,
    /// How many at most, 1 to 1000.
    #[serde(default = "usual")]
    limit: i64,
}

/// One checkpoint.
#[derive(Serialize, ToSchema)]
struct CheckpointView {
    /// 1, 2, 3 … without gaps.
    number: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// The SHA-256 of the note, by which the next one names it.
    sha256: String,
    /// The signed note, as `docs/TRUST.md` describes it.
    note: String,
}

/// The key that signs checkpoints.
#[derive(Serialize, ToSchema)]
struct KeyView {
    /// The public key (Ed25519) as PEM.
    pem: String,
    /// The SHA-256 of its DER form, to be written down elsewhere.
    fingerprint: String,
}

/// Checkpoints in the order of their numbers.
#[utoipa::path(tag = "timeline", responses((status = 200, body = Vec<CheckpointView>)))]
#[get("/checkpoints")]
async fn list(caller: Caller, page: web::Query<CheckpointPage>) -> Answer<Vec<CheckpointView>> {
    caller.grant::<can::ViewIncidents>()?;
    let (after, limit) = (page.after, bounded(page.limit)?);
    let store = &caller.house().store;
    let notes = store.read(move |conn| Ok(checkpoint::after(conn, after, limit)?));
    Ok(web::Json(
        notes.await?.into_iter().map(Into::into).collect(),
    ))
}

/// One checkpoint by its number.
#[utoipa::path(tag = "timeline", responses((status = 200, body = CheckpointView)))]
#[get("/checkpoints/{number}")]
async fn show(caller: Caller, number: At<i64>) -> Answer<CheckpointView> {
    caller.grant::<can::ViewIncidents>()?;
    let number = number.0;
    let store = &caller.house().store;
    let found = store.read(move |conn| Ok(checkpoint::numbered(conn, number)?));
    let found = found.await?.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(web::Json(found.into()))
}

/// Makes a checkpoint; the newest one comes back when nothing was recorded since.
#[utoipa::path(tag = "timeline", responses((status = 200, body = CheckpointView)))]
#[post("/checkpoints")]
async fn make(caller: Caller) -> Result<HttpResponse, ApiError> {
    let by = caller.grant::<can::AddNote>()?;
    let made = caller.house().make_checkpoint(&by).await?;
    let made = made.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(HttpResponse::Ok().json(CheckpointView::from(made)))
}

/// The key that signs checkpoints, and its fingerprint.
#[utoipa::path(tag = "timeline", responses((status = 200, body = KeyView)))]
#[get("/public-key")]
async fn key(caller: Caller) -> Answer<KeyView> {
    caller.grant::<can::ViewIncidents>()?;
    let key = caller.house().vault.signing_key().public_key();
    Ok(web::Json(KeyView {
        pem: public_key::pem(key),
        fingerprint: public_key::fingerprint(key).to_string(),
    }))
}

impl From<Checkpoint> for CheckpointView {
    fn from(checkpoint: Checkpoint) -> Self {
        Self {
            number: checkpoint.seq,
            created_at: checkpoint.created_at,
            sha256: checkpoint.digest().to_string(),
            note: checkpoint.note,
        }
    }
}
