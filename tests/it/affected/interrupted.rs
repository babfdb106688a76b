//! Imports that are paused, taken back, or cut off: exactly the people of an uninterrupted one.

use diesel::prelude::*;
use shodo::affected::intake::Outcome;
use shodo::affected::{RosterState, rosters};
use shodo::kernel::Code;
use shodo::timeline::Kind;

use super::room::{INCIDENT, Room, now, usual};

/// 9,000 rows, of which every seventh is somebody who was there, and every eleventh shares a telephone.
fn long_roster(prefix: &str) -> String {
    let mut file = String::from("会員番号,氏名,email,電話\n");
    for number in 0..9_000 {
        let person = if number % 7 == 6 { number - 5 } else { number };
        let phone = if number % 11 == 10 { 0 } else { person };
        let name = ["山田", "佐藤", "鈴木"][number % 3];
        file.push_str(&format!(
            "{prefix}{person},{name} {person},u{person}@{prefix}.example.jp,090{phone:08}\n"
        ));
    }
    file
}

/// Makes the next batch of a roster fail once it was written, as a crash would.
fn stop_after(room: &Room, id: &shodo::affected::RosterId, batches: i64) {
    // The importer itself looks at the state before each batch; a trigger stands in for a person who pauses then.
    let rows = batches * 4_000;
    let statement = if room.db.is_postgres() {
        format!(
            "CREATE OR REPLACE FUNCTION stop_it() RETURNS trigger AS $$ BEGIN \
             IF NEW.rows = {rows} AND NEW.id = '{id}' AND OLD.rows < {rows} THEN NEW.state := 'paused'; END IF; RETURN NEW; \
             END $$ LANGUAGE plpgsql; \
             CREATE OR REPLACE TRIGGER stop_it BEFORE UPDATE ON rosters FOR EACH ROW EXECUTE FUNCTION stop_it()"
        )
    } else {
        format!(
            "CREATE TRIGGER stop_it AFTER UPDATE OF \"rows\" ON rosters WHEN NEW.\"rows\" = {rows} AND OLD.\"rows\" < {rows} AND NEW.id = '{id}' \
             BEGIN UPDATE rosters SET state = 'paused' WHERE id = NEW.id; END"
        )
    };
    use diesel::connection::SimpleConnection;
    room.write(|tx| Ok(tx.batch_execute(&statement)?)).unwrap();
}

fn let_go(room: &Room) {
    let statement = if room.db.is_postgres() {
        "DROP TRIGGER stop_it ON rosters"
    } else {
        "DROP TRIGGER stop_it"
    };
    room.write(|tx| Ok(diesel::sql_query(statement).execute(tx)?))
        .unwrap();
}

/// How many people there are, and a digest of everything that is known of them, whatever their numbers are.
fn digest(room: &Room) -> (usize, String) {
    #[derive(QueryableByName)]
    struct Stored {
        #[diesel(sql_type = diesel::sql_types::Text)]
        rosters: String,
        #[diesel(sql_type = diesel::sql_types::Binary)]
        sealed: Vec<u8>,
        #[diesel(sql_type = diesel::sql_types::Text)]
        rows: String,
    }
    let rows = if room.db.is_postgres() {
        "string_agg(r.roster_number || ':' || r.row, ',' ORDER BY r.roster_number, r.row)"
    } else {
        "group_concat(r.roster_number || ':' || r.row ORDER BY r.roster_number, r.row)"
    };
    let statement = format!(
        "SELECT g.rosters, p.sealed, coalesce((SELECT {rows} FROM person_rows r WHERE r.person_id = p.id), '') AS rows \
         FROM people p JOIN person_groups g ON g.id = p.group_id"
    );
    let stored: Vec<Stored> = room.read(|conn| Ok(diesel::sql_query(statement).load(conn)?));
    let key = room
        .write(|tx| {
            room.vault
                .key(tx, &shodo::vault::Scope::people(INCIDENT), now())
        })
        .unwrap();
    let mut all: Vec<_> = stored
        .into_iter()
        .map(|person| {
            let record = String::from_utf8(key.open("person", &person.sealed).unwrap()).unwrap();
            format!("{record} {} {}", person.rosters, person.rows)
        })
        .collect();
    all.sort();
    let digest = shodo::kernel::Sha256::of(all.join("\n").as_bytes());
    (all.len(), digest.to_string())
}

#[test]
fn a_pause_and_a_crash_change_nothing_of_the_outcome() {
    let (first, second) = (long_roster("a"), long_roster("a").replace("u1", "v1"));
    let whole = Room::new();
    whole.import(first.as_bytes()).unwrap();
    whole.import(second.as_bytes()).unwrap();
    let expected = digest(&whole);
    let problems: Vec<_> = whole
        .rosters()
        .iter()
        .map(|roster| whole.problems(roster))
        .collect();

    let room = Room::new();
    room.import(first.as_bytes()).unwrap();
    let id = room
        .wait_for_import(INCIDENT, &usual(), second.as_bytes())
        .unwrap();
    stop_after(&room, &id, 1);
    assert_eq!(room.run(&id).unwrap(), Outcome::Stopped);
    let paused = room.roster(&id);
    assert_eq!((paused.state, paused.rows), (RosterState::Paused, 4_000));
    // A paused import is not taken up by itself; and whoever is in already can be looked up.
    assert_eq!(room.run(&id).unwrap(), Outcome::Stopped);
    assert!(!room.look_up("a1").is_empty());
    let_go(&room);
    // A crash leaves the state at "importing", and the keys of the last rows unwritten.
    let forget = "DELETE FROM person_keys WHERE person_id > (SELECT indexed_through FROM rosters WHERE number = 2)";
    room.write(|tx| Ok(diesel::sql_query(forget).execute(tx)?))
        .unwrap();
    room.set_state(&id, RosterState::Importing);
    assert_eq!(room.run(&id).unwrap(), Outcome::Finished);
    assert_eq!(digest(&room), expected);
    let again: Vec<_> = room
        .rosters()
        .iter()
        .map(|roster| room.problems(roster))
        .collect();
    assert_eq!(again, problems);
    assert_eq!(
        room.number_of("person_keys"),
        whole.number_of("person_keys")
    );
    assert_eq!(room.counts(), whole.counts());
}

#[test]
fn a_roster_taken_back_leaves_the_register_as_it_was() {
    let room = Room::new();
    room.import(long_roster("a").as_bytes()).unwrap();
    let before = (digest(&room), room.counts(), room.number_of("person_keys"));
    // The second roster joins, adds names, shares telephones, brings new people.
    let second =
        long_roster("a").replace("佐藤", "伊藤").replace("u2", "w2") + "新,新人,new@example.jp,\n";
    let roster = room.import(second.as_bytes()).unwrap();
    assert!(roster.duplicates > 1_000 && roster.people_added > 0 && roster.conflict_count > 0);
    assert_ne!(room.counts(), before.1);
    let undone = room.undo(&roster.id);
    assert_eq!(
        (undone.state, undone.problem_count),
        (RosterState::Undone, 0)
    );
    assert_eq!(
        (digest(&room), room.counts(), room.number_of("person_keys")),
        before
    );
    assert!(room.look_up("new@example.jp").is_empty());
    assert_eq!(room.entries(Kind::RosterUndone).len(), 1);
    let problem = room
        .write(|tx| rosters::take_back(tx, &roster.id))
        .unwrap_err();
    assert_eq!(problem.code, Code::WrongState);
    // The first goes, too: nobody is left, and nothing of anybody.
    let first = room.rosters()[0].id.clone();
    room.undo(&first);
    for table in [
        "people",
        "person_keys",
        "person_rows",
        "person_conflicts",
        "roster_problems",
    ] {
        assert_eq!(room.number_of(table), 0, "{table}");
    }
}

#[test]
fn an_import_that_is_cancelled_midway_leaves_nothing() {
    let room = Room::new();
    let id = room
        .wait_for_import(INCIDENT, &usual(), long_roster("a").as_bytes())
        .unwrap();
    stop_after(&room, &id, 2);
    assert_eq!(room.run(&id).unwrap(), Outcome::Stopped);
    assert!(room.counts().people > 4_000);
    let_go(&room);
    let roster = room.undo(&id);
    assert_eq!(roster.state, RosterState::Undone);
    assert_eq!(room.counts().people, 0);
    assert_eq!(room.number_of("person_keys"), 0);
}

#[test]
fn two_servers_on_one_roster_take_every_row_once() {
    let room = Room::new();
    let id = room
        .wait_for_import(INCIDENT, &usual(), long_roster("a").as_bytes())
        .unwrap();
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(|| room.run(&id))).collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .collect()
    });
    // Whoever loses a batch stops; if both did, the next tick goes on.
    if !outcomes
        .iter()
        .any(|outcome| matches!(outcome, Ok(Outcome::Finished)))
    {
        assert_eq!(room.run(&id).unwrap(), Outcome::Finished, "{outcomes:?}");
    }
    let whole = Room::new();
    whole.import(long_roster("a").as_bytes()).unwrap();
    assert_eq!(digest(&room), digest(&whole));
    assert_eq!(
        room.number_of("person_keys"),
        whole.number_of("person_keys")
    );
}
