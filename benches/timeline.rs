//! Measures the timeline: appending against raw commits, checking against plain digests.
//!
//! `cargo bench --bench timeline`. Appends, in each of three rounds: single-row commits of the
//! same bytes into a table without index (SQLite, `synchronous=FULL`), one writer, and sixteen
//! that share commits. Then `BENCH_ENTRIES` (1,000,000) entries are laid out and checked,
//! and in the same run read and digested as they lie there. `BENCH_DIR` is the folder on
//! whose disk it is measured.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot go on stops"
)]

use std::time::Instant as Stopwatch;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use serde_json::json;
use shodo::kernel::digest::Hasher;
use shodo::kernel::{Clock, Result, id};
use shodo::store::{Conn, DatabaseUrl, Store};
use shodo::timeline::{self, Actor, Event, Kind, checkpoint};
use shodo::vault::Vault;

const WRITERS: usize = 16;
const ROUNDS: usize = 3;
const OF_AN_INCIDENT: usize = 1_000;
const SENTENCE: &str = "アクセスログを確認し、外部から会員情報の一覧が取得されていたことがわかった。対象の期間と件数を調べている。";

fn main() {
    let entries = number("BENCH_ENTRIES", 1_000_000);
    let appends = number("BENCH_APPENDS", 4_000);
    let folder = tempfile::tempdir_in(std::env::var("BENCH_DIR").unwrap_or_else(|_| ".".into()))
        .expect("a folder for the measurement");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let mut ratios: [Vec<f64>; 2] = Default::default();
    for round in 0..ROUNDS {
        let raw = raw_commits(&folder.path().join(format!("raw-{round}.db")), appends);
        let store = opened(&folder.path().join(format!("one-{round}.db")));
        let one = appended(&runtime, &store, 1, appends);
        let store = opened(&folder.path().join(format!("many-{round}.db")));
        let many = appended(&runtime, &store, WRITERS, appends);
        println!(
            "round {round}: raw commits {raw:.0}/s, one writer {one:.0}/s, {WRITERS} writers {many:.0}/s"
        );
        ratios[0].push(one / raw);
        ratios[1].push(many / one);
    }
    println!(
        "one writer against raw commits {:.2} (limit 0.7), {WRITERS} writers against one {:.2} (limit 2)",
        median(&mut ratios[0]),
        median(&mut ratios[1])
    );
    checked(folder.path(), entries);
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn opened(path: &std::path::Path) -> Store {
    let url = DatabaseUrl::parse(&format!("sqlite:{}", path.display()), true);
    let store = Store::open(url.expect("an address")).expect("a database");
    store.migrate().expect("the schema");
    store
}

fn append(tx: &mut Conn, incident_id: &str) -> Result<()> {
    let event = Event {
        incident_id,
        kind: Kind::Note,
        actor: &Actor::SYSTEM,
        occurred_at: None,
        payload: json!({ "text": SENTENCE }),
    };
    timeline::append(tx, Clock::System.now(), event).map(drop)
}

/// Commits a second, each of one row with as many bytes as an entry has.
fn raw_commits(path: &std::path::Path, count: usize) -> f64 {
    let mut c = SqliteConnection::establish(&path.to_string_lossy()).expect("a database");
    c.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000;
         CREATE TABLE raw (seq INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT;",
    )
    .expect("a table");
    // Two ids, kind, actor, two instants, salt, three digests, and the payload.
    let bytes = vec![7_u8; 36 + 36 + 10 + 6 + 8 + 8 + 32 + 3 * 32 + SENTENCE.len() + 11];
    let watch = Stopwatch::now();
    for _ in 0..count {
        diesel::sql_query("INSERT INTO raw (entry) VALUES ($1)")
            .bind::<diesel::sql_types::Binary, _>(&bytes)
            .execute(&mut c)
            .expect("a row");
    }
    rate(count, watch)
}

/// Appends a second, by so many writers that each wait for their own.
fn appended(runtime: &tokio::runtime::Runtime, store: &Store, writers: usize, count: usize) -> f64 {
    let watch = Stopwatch::now();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..writers)
            .map(|_| {
                let store = store.clone();
                let incident = id::fresh(Clock::System.now());
                tokio::spawn(async move {
                    for _ in 0..count / writers {
                        let incident = incident.clone();
                        let done = store.write(move |tx| append(tx, &incident)).await;
                        done.expect("an entry");
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("no panic");
        }
    });
    rate(count, watch)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn rate(count: usize, watch: Stopwatch) -> f64 {
    count as f64 / watch.elapsed().as_secs_f64()
}

/// Lays entries out and checks them; reads and digests the same bytes beside.
fn checked(folder: &std::path::Path, entries: usize) {
    let store = opened(&folder.join("check.db"));
    let vault = Vault::open_or_create(folder).expect("keys");
    let watch = Stopwatch::now();
    for _ in 0..entries.div_ceil(OF_AN_INCIDENT) {
        let incident = id::fresh(Clock::System.now());
        let laid = store.write_blocking(|tx| {
            (0..OF_AN_INCIDENT.min(entries)).try_for_each(|_| append(tx, &incident))
        });
        laid.expect("entries");
    }
    store
        .write_blocking(|tx| checkpoint::write(tx, vault.signing_key(), Clock::System.now()))
        .expect("a checkpoint");
    println!(
        "{entries} entries laid out in {:.1} s",
        watch.elapsed().as_secs_f64()
    );
    let mut ratios = Vec::new();
    for round in 0..ROUNDS {
        let watch = Stopwatch::now();
        let bytes = digested(&store);
        let plain = watch.elapsed().as_secs_f64();
        let watch = Stopwatch::now();
        let key = vault.signing_key().public_key();
        let verdict = store.read_blocking(|conn| timeline::verify(conn, key));
        let check = watch.elapsed().as_secs_f64();
        let verdict = verdict.expect("a verdict");
        assert!(verdict.findings.is_empty(), "a sound timeline");
        println!(
            "round {round}: reading and SHA-256 of {} MB {plain:.2} s, check of {} entries {check:.2} s",
            bytes / 1_000_000,
            verdict.entries
        );
        ratios.push(check / plain);
    }
    println!(
        "check against reading and SHA-256 {:.2} (limit 3); peak of resident memory {}",
        median(&mut ratios),
        peak()
    );
}

/// Reads every entry in order and digests all of it; gives the number of bytes.
fn digested(store: &Store) -> usize {
    store
        .read_blocking(|conn| {
            let Conn::Sqlite(c) = conn else { return Ok(0) };
            let rows = diesel::sql_query(
                "SELECT incident_id || id || kind || actor || payload AS words,
                        salt || commitment || prev_hash || hash AS digests
                 FROM timeline_entries ORDER BY incident_id, seq",
            );
            let (mut hasher, mut bytes) = (Hasher::default(), 0);
            for row in rows.load_iter::<Row, _>(c)? {
                let row = row?;
                hasher.update(row.words.as_bytes());
                hasher.update(&row.digests);
                bytes += row.words.len() + row.digests.len();
            }
            std::hint::black_box(hasher.finish());
            Ok(bytes)
        })
        .expect("every entry")
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = diesel::sql_types::Text)]
    words: String,
    #[diesel(sql_type = diesel::sql_types::Binary)]
    digests: Vec<u8>,
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.unwrap_or("unknown")
        .replace("VmHWM:", "")
        .trim()
        .to_owned()
}
