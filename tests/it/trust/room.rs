//! A database with keys, and chains to be damaged.

use diesel::connection::SimpleConnection;
use serde_json::json;
use shodo::kernel::Instant;
use shodo::timeline::checkpoint::{self, Checkpoint};
use shodo::timeline::{self, Actor, Event, KeptNote, Kind, Verdict};
use shodo::vault::Vault;

use crate::support::db::TestDb;

pub const INCIDENT: &str = "01990000-0000-7000-8000-000000000001";
pub const OTHER: &str = "01990000-0000-7000-8000-000000000002";

/// A database, and the key that signs its checkpoints.
pub struct Room {
    pub db: TestDb,
    pub vault: Vault,
}

/// A moment of the tests' day.
pub fn at(time: &str) -> Instant {
    format!("2026-11-20T{time}Z").parse().unwrap()
}

impl Room {
    pub fn new() -> Self {
        let db = TestDb::new();
        let vault = Vault::open_or_create(db.folder()).unwrap();
        Self { db, vault }
    }

    /// Appends a note to a chain.
    pub fn append(&self, incident_id: &str, now: Instant, text: &str) {
        let event = Event {
            incident_id,
            kind: Kind::Note,
            actor: &Actor::SYSTEM,
            occurred_at: None,
            payload: json!({ "text": text }),
        };
        self.db
            .store()
            .write_blocking(|tx| timeline::append(tx, now, event))
            .unwrap();
    }

    pub fn checkpoint(&self, now: Instant) -> Option<Checkpoint> {
        let key = self.vault.signing_key();
        self.db
            .store()
            .write_blocking(|tx| checkpoint::write(tx, key, now))
            .unwrap()
    }

    pub fn run(&self, sql: &str) {
        self.db
            .store()
            .write_blocking(|tx| Ok(tx.batch_execute(sql)?))
            .unwrap();
    }

    pub fn verify(&self, kept: &[KeptNote]) -> Verdict {
        let key = self.vault.signing_key().public_key();
        self.db
            .store()
            .read_blocking(|conn| timeline::verify_against(conn, key, kept))
            .unwrap()
    }

    pub fn verify_incident(&self, incident_id: &str) -> Verdict {
        let key = self.vault.signing_key().public_key();
        self.db
            .store()
            .read_blocking(|conn| timeline::verify_incident(conn, key, incident_id))
            .unwrap()
    }

    /// What the check of everything says, as the command prints it.
    pub fn findings(&self) -> Vec<String> {
        told(&self.verify(&[]))
    }

    #[track_caller]
    pub fn holds(&self) {
        assert_eq!(self.findings(), Vec::<String>::new());
    }
}

/// The findings as the command prints them.
pub fn told(verdict: &Verdict) -> Vec<String> {
    verdict.findings.iter().map(ToString::to_string).collect()
}

/// Expects one finding, of which these are parts.
#[track_caller]
pub fn found(findings: &[String], parts: &[&str]) {
    assert!(
        findings
            .iter()
            .any(|finding| parts.iter().all(|part| finding.contains(part))),
        "no finding says {parts:?}: {findings:#?}"
    );
}
