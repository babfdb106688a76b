//! The room of affected people on a database of its own, and what tests ask of it.

use std::io::Cursor;

use diesel::prelude::*;
use shodo::affected::intake::{self, Outcome};
use shodo::affected::{
    self, Counts, Filter, MaskedPerson, NewRoster, Person, PersonId, Reason, Roster, RosterId,
    RosterState, register, rosters,
};
use shodo::evidence::{self, Files, Upload};
use shodo::kernel::{Clock, Instant, Result};
use shodo::store::Conn;
use shodo::timeline::{self, Actor, Kind};
use shodo::vault::{Scope, Vault};

use crate::support::db::TestDb;

pub const INCIDENT: &str = "0199aaaa-0000-7000-8000-000000000001";
pub const OTHER_INCIDENT: &str = "0199aaaa-0000-7000-8000-000000000002";
pub const PLAIN_ROSTER: &str = "\
会員番号,氏名,フリガナ,メールアドレス,電話番号,国,言語,生年月日,住所,好きな色
A-001,髙橋 﨑子,タカハシ サキコ,Takahashi@Example.jp,090-1234-5678,日本,,2010-04-01,\"東京都千代田区1-1
㈱例 気付\",青
A-002,O'Brien Kate,,kate@example.com,,IE,en,1990/1/2,,
A-003,鈴木 一郎,スズキ イチロウ,,０３ー１２３４ー５６７８,JP,ja,,,赤
";

pub struct Room {
    pub db: TestDb,
    pub vault: Vault,
    pub files: Files,
    pub actor: Actor,
    pub clock: Clock,
}

impl Room {
    pub fn new() -> Self {
        Self::over(TestDb::new())
    }

    pub fn over(db: TestDb) -> Self {
        Self {
            vault: Vault::open_or_create(db.folder()).unwrap(),
            files: Files::in_data_dir(db.folder()),
            actor: Actor::account("0199aaaa-0000-7000-8000-0000000000aa"),
            clock: Clock::manual(now()),
            db,
        }
    }

    pub fn read<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> T {
        self.db.store().read_blocking(work).unwrap()
    }

    pub fn write<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        self.db.store().write_blocking(work)
    }

    /// Seals a file as the incident's own evidence.
    pub fn seal(&self, name: &str, bytes: &[u8]) -> evidence::Recorded {
        self.seal_under(INCIDENT, &Scope::incident(INCIDENT), name, bytes)
    }

    pub fn seal_under(
        &self,
        incident: &str,
        scope: &Scope,
        name: &str,
        bytes: &[u8],
    ) -> evidence::Recorded {
        let key = self.write(|tx| self.vault.key(tx, scope, now())).unwrap();
        let upload = Upload {
            incident_id: incident,
            scope,
            ..upload(name)
        };
        let prepared = evidence::prepare(&self.files, &key, now(), upload, bytes).unwrap();
        self.write(|tx| evidence::record(tx, &self.actor, now(), prepared))
            .unwrap()
    }

    /// Hands a roster in, confirms its columns as guessed, and imports it.
    pub fn import(&self, bytes: &[u8]) -> Result<Roster> {
        self.import_as(INCIDENT, &usual(), bytes)
    }

    pub fn import_as(&self, incident: &str, new: &NewRoster, bytes: &[u8]) -> Result<Roster> {
        let id = self.wait_for_import(incident, new, bytes)?;
        let outcome = self.run(&id)?;
        assert_eq!(outcome, Outcome::Finished);
        Ok(self.roster(&id))
    }

    /// A roster whose columns are confirmed, and that nobody imports yet.
    pub fn wait_for_import(
        &self,
        incident: &str,
        new: &NewRoster,
        bytes: &[u8],
    ) -> Result<RosterId> {
        let id = self.hand_in(incident, new, bytes)?;
        let roster = self.roster(&id);
        let columns = roster.layout()?.columns;
        let digest = rosters::inspect(Cursor::new(bytes), None)?.header_digest;
        self.write(|tx| rosters::confirm(tx, &self.actor, now(), &id, &columns, &digest))?;
        Ok(id)
    }

    pub fn hand_in(&self, incident: &str, new: &NewRoster, bytes: &[u8]) -> Result<RosterId> {
        let evidence = self
            .seal_under(incident, &Scope::people(incident), "名簿.csv", bytes)
            .evidence;
        let inspection = rosters::inspect(Cursor::new(bytes), None)?;
        let roster = self.write(|tx| {
            rosters::receive(
                tx,
                &self.actor,
                now(),
                incident,
                &evidence.id,
                new,
                &inspection,
            )
        })?;
        Ok(roster.id)
    }

    /// One run of the importer.
    pub fn run(&self, id: &RosterId) -> Result<Outcome> {
        let store = self.db.store();
        intake::import(
            store,
            &self.vault,
            &self.files,
            &self.clock,
            id,
            |tx, now, roster| rosters::tell_end(tx, &self.actor, now, roster),
        )
    }

    /// Takes a roster back, to the end.
    pub fn undo(&self, id: &RosterId) -> Roster {
        self.write(|tx| rosters::take_back(tx, id)).unwrap();
        let done = intake::undo(
            self.db.store(),
            &self.vault,
            &self.clock,
            id,
            |tx, now, roster| rosters::tell_end(tx, &self.actor, now, roster),
        );
        assert!(done.unwrap());
        self.roster(id)
    }

    pub fn roster(&self, id: &RosterId) -> Roster {
        self.read(|conn| rosters::roster(conn, id))
    }

    pub fn rosters(&self) -> Vec<Roster> {
        self.read(|conn| rosters::rosters(conn, INCIDENT))
    }

    pub fn set_state(&self, id: &RosterId, state: RosterState) {
        let statement = format!("UPDATE rosters SET state = '{state}' WHERE id = '{id}'");
        self.write(|tx| Ok(diesel::sql_query(statement).execute(tx)?))
            .unwrap();
    }

    pub fn problems(&self, roster: &Roster) -> Vec<(i64, String, Reason)> {
        self.read(|conn| rosters::problems(conn, &roster.id, 0, 1_000))
            .into_iter()
            .map(|problem| (problem.row, problem.column, problem.reason))
            .collect()
    }

    pub fn counts(&self) -> Counts {
        let counts = self.read(|conn| affected::counts(conn, INCIDENT));
        // What groups count must be who is there, at every moment.
        assert_eq!(counts.people, self.number_of("people"), "{counts:?}");
        counts
    }

    pub fn number_of(&self, table: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Number {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            number: i64,
        }
        let statement = format!("SELECT count(*) AS number FROM {table}");
        let found: Number = self.read(|conn| Ok(diesel::sql_query(statement).get_result(conn)?));
        found.number
    }

    pub fn page(&self, filter: &Filter) -> affected::Page {
        self.read(|conn| register::page(conn, &self.vault, now(), INCIDENT, filter, None, 100))
    }

    /// Everybody, masked, in the order of the register.
    pub fn people(&self) -> Vec<MaskedPerson> {
        self.page(&Filter::default()).people
    }

    pub fn reveal(&self, id: PersonId) -> Person {
        self.write(|tx| affected::reveal(tx, &self.vault, &self.actor, now(), INCIDENT, id, "確認"))
            .unwrap()
    }

    /// Whoever the desk finds for a contact.
    pub fn look_up(&self, contact: &str) -> Vec<PersonId> {
        let contact = contact.to_owned().into();
        self.read(|conn| affected::look_up(conn, &self.vault, now(), INCIDENT, &contact))
            .people
            .into_iter()
            .map(|person| person.id)
            .collect()
    }

    pub fn entries(&self, kind: Kind) -> Vec<serde_json::Value> {
        self.read(|conn| timeline::all(conn, INCIDENT))
            .iter()
            .filter(|entry| entry.kind == kind)
            .map(timeline::Entry::details)
            .collect()
    }

    /// Everything that the register holds of the incident, opened and without its numbers, for comparison.
    pub fn everything(&self) -> Vec<String> {
        let mut all: Vec<_> = self
            .people()
            .into_iter()
            .map(|masked| {
                let person = self.reveal(masked.id);
                let record = serde_json::to_string(&person.record).unwrap();
                format!(
                    "{record} {:?} {:?} {:?}",
                    masked.rosters, masked.data_items, person.rows
                )
            })
            .collect();
        all.sort();
        all
    }

    /// Every byte that the database holds, where it is a file.
    pub fn database_bytes(&self) -> Vec<u8> {
        ["shodo.db", "shodo.db-wal"]
            .iter()
            .filter_map(|name| std::fs::read(self.db.folder().join(name)).ok())
            .collect::<Vec<_>>()
            .concat()
    }
}

pub fn now() -> Instant {
    "2026-11-23T00:00:00Z".parse().unwrap()
}

/// What tests say of a roster when it does not matter.
pub fn usual() -> NewRoster {
    NewRoster {
        source_system: "会員管理システム".to_owned(),
        collection_point: "friend_add".to_owned(),
        data_items: vec!["full_name".to_owned(), "email_address".to_owned()],
        ..NewRoster::default()
    }
}

pub fn upload(name: &str) -> Upload<'_> {
    use std::sync::LazyLock;
    static SCOPE: LazyLock<Scope> = LazyLock::new(|| Scope::incident(INCIDENT));
    Upload {
        incident_id: INCIDENT,
        scope: &SCOPE,
        name,
        media_type: "text/csv",
        note: "",
        limit: evidence::DEFAULT_LIMIT,
    }
}

pub fn params(problem: &shodo::kernel::Problem) -> Vec<(&str, &str)> {
    problem
        .params
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

pub fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| {
            if path.is_dir() {
                walk(&path)
            } else {
                vec![path]
            }
        })
        .collect();
    paths.sort();
    paths
}
