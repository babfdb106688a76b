//! The search: what is found where, what never is, and how the index follows.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::json;
use shodo::accounts::Role;
use shodo::kernel::{Instant, LocaleText};
use shodo::search::{self, Document, Question, Room};
use shodo::store::schema::search_documents;
use shodo::workflow::{House, Indexer};

use crate::support::app::{Reply, Script, TestApp};
use crate::support::db::TestDb;

const NOW: &str = "2026-11-20T10:00:00+09:00";

/// A made-up roster; nothing of its cells may be found.
const ROSTER: &str = "\
会員番号,氏名,フリガナ,メールアドレス,電話番号,住所
Q-700001,髙橋 﨑子,タカハシ サキコ,sakiko.takahashi@example.jp,090-8765-4321,東京都千代田区霞が関九丁目
Q-700002,鈴木 一郎,スズキ イチロウ,ichiro.suzuki@example.jp,080-1357-2468,大阪府大阪市北区梅田八丁目
";

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}

fn follow(house: &House) -> usize {
    runtime().block_on(house.run_indexer()).unwrap()
}

/// Declares an incident; gives its address in the interface.
fn declared(script: &Script<'_>, title: &str) -> String {
    let made = script
        .post("/api/v1/incidents", json!({"title": title}))
        .ok();
    format!("/api/v1/incidents/{}", made["id"].as_str().unwrap())
}

fn note(script: &Script<'_>, case: &str, text: &str) {
    let body = json!({"text": text});
    script.post(&format!("{case}/notes"), body).ok();
}

fn ask(script: &Script<'_>, words: &str, more: &str) -> Reply {
    let query: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
    script.get(&format!("/api/v1/search?q={query}{more}"))
}

/// What is found, as room and the marked words in Japanese.
fn found(script: &Script<'_>, words: &str, more: &str) -> Vec<(String, String)> {
    let page = ask(script, words, more).ok();
    let hits = page["hits"].as_array().unwrap().iter();
    hits.map(|hit| {
        let pieces = hit["snippet"]["ja"].as_array().unwrap().iter();
        let marked: Vec<_> = pieces
            .filter(|piece| piece["hit"] == true)
            .map(|piece| piece["text"].as_str().unwrap())
            .collect();
        (hit["room"].as_str().unwrap().to_owned(), marked.join("|"))
    })
    .collect()
}

fn rooms(script: &Script<'_>, words: &str) -> Vec<String> {
    let found = found(script, words, "");
    found.into_iter().map(|(room, _)| room).collect()
}

#[test]
fn every_room_is_found_by_its_words() {
    let app = TestApp::start(NOW);
    let (script, viewer) = (app.script(Role::Commander), app.script(Role::Viewer));
    let case = declared(&script, "倉庫の鍵の紛失");
    note(&script, &case, "ｱｸｾｽﾛｸﾞを確認。Ｓ３の設定に誤り");
    let told = json!({"text": "夜間は停止する", "decision": true});
    app.clock_to("2026-11-20T10:01:00+09:00");
    script.post(&format!("{case}/notes"), told).ok();
    let drafted = app
        .script(Role::Responder)
        .post(
            &format!("{case}/notices"),
            json!({"kind": "customer_email"}),
        )
        .ok();
    let filing = json!({
        "duty_id": "jp-appi/preliminary-report",
        "filed_at": "2026-11-20T10:00:30+09:00", "receipt": "受付R8-0777",
    });
    app.script(Role::Legal)
        .post(&format!("{case}/filings"), filing)
        .ok();
    let action = json!({"title": "鍵管理簿の見直し", "owner": "見本 係"});
    script.post(&format!("{case}/actions"), action).ok();
    let section = json!({"body": "巡回の記録が**半年**残っていない", "version": 0});
    script
        .put(&format!("{case}/review/root-cause"), section)
        .ok();
    let said = [("note", "入退室の一覧表")];
    let sealed = script.upload(&format!("{case}/evidence"), &said, "gate-log.bin", b"bytes");
    let file = sealed.ok()["evidence"]["id"].as_str().unwrap().to_owned();

    assert!(
        rooms(&viewer, "アクセスログ").is_empty(),
        "nothing is read yet"
    );
    assert_eq!(follow(app.house()), 1);
    assert_eq!(follow(app.house()), 0, "nothing new");

    // Width, case and kana mean nothing; what is marked is what was written.
    for words in ["アクセスログ", "あくせすろぐ", "ｱｸｾｽ ﾛｸﾞ", "s3 ログ"]
    {
        let hits = found(&viewer, words, "");
        assert_eq!(hits.len(), 1, "{words}: {hits:?}");
        assert_eq!(hits[0].0, "entry");
    }
    assert_eq!(found(&viewer, "あくせす", "")[0].1, "ｱｸｾｽ");
    assert_eq!(found(&viewer, "s3", "")[0].1, "Ｓ３");
    assert_eq!(rooms(&viewer, "夜間"), ["entry"]);
    assert_eq!(rooms(&viewer, "半年"), ["section"]);
    assert_eq!(rooms(&viewer, "管理簿"), ["action"]);
    assert_eq!(rooms(&viewer, "gate-log"), ["evidence", "entry"]);
    assert_eq!(rooms(&viewer, "入退室"), ["evidence"]);
    assert_eq!(rooms(&viewer, "r8-0777"), ["filing", "entry"]);
    let number = script.get(&case).ok()["number"].clone();
    assert!(rooms(&viewer, number.as_str().unwrap()).contains(&"incident".to_owned()));
    let notice = found(&viewer, "お詫び", "&room=notice");
    assert_eq!(notice.len(), 1, "the text of the notice");
    let only = ask(&viewer, "お詫び", "&room=notice").ok()["hits"][0].clone();
    assert_eq!(only["reference"], drafted["id"]);
    assert_eq!(only["incident_title"], "倉庫の鍵の紛失");
    // English words of the same entry, for who reads it in English.
    assert_eq!(rooms(&viewer, "decision 夜間"), ["entry"]);

    // Who does an action is not searched; a pair in the wrong order is no word.
    assert!(rooms(&viewer, "見本 係").is_empty());
    assert!(rooms(&viewer, "停止夜間").is_empty());
    assert!(
        rooms(&viewer, "夜間 半年").is_empty(),
        "each word in one place"
    );

    // By room, by state.
    assert_eq!(found(&viewer, "gate-log", "&room=evidence").len(), 1);
    assert_eq!(found(&viewer, "gate-log", "&state=open").len(), 2);
    assert!(found(&viewer, "gate-log", "&state=closed").is_empty());
    ask(&viewer, "鍵", "").problem("invalid-input");
    ask(&viewer, " 　", "").problem("invalid-input");
    ask(&viewer, &"長い".repeat(101), "").problem("invalid-input");
    ask(&viewer, "夜間", "&limit=0").problem("invalid-input");
    app.script_with("")
        .get("/api/v1/search?q=ab")
        .problem("unauthenticated");

    // The page.
    let mut browser = app.signed_in(Role::Viewer);
    let page = browser.open("/search?q=%E5%85%A5%E9%80%80%E5%AE%A4").text();
    assert!(page.contains("<mark>入退室</mark>の一覧表"), "{page}");
    assert!(page.contains(&format!("/evidence#file-{file}\"")), "{page}");
    let alone = browser.open("/search?q=%E9%8D%B5");
    assert_eq!(alone.status, 422);
    assert!(alone.text().contains("2文字以上"));
    let none = browser.open("/search?q=zz%3Cb%3Ezz&room=notice");
    assert_eq!(
        (none.status, none.header("referrer-policy")),
        (200, "strict-origin")
    );
    assert!(none.text().contains("見つかりませんでした"));
    assert!(none.text().contains("zz&lt;b&gt;zz"), "escaped");
    assert_eq!(
        browser.open("/incidents").header("referrer-policy"),
        "same-origin"
    );
    assert!(
        browser
            .open("/search")
            .text()
            .contains("2文字以上で探せます")
    );
    let mut stranger = app.browser();
    assert_eq!(stranger.open("/search?q=ab").status, 303);
}

#[test]
fn nothing_of_a_roster_is_ever_found() {
    let app = TestApp::start(NOW);
    let script = app.script(Role::Commander);
    let case = declared(&script, "名簿の誤送信");
    let path = format!("{case}/rosters");
    let taken = script
        .upload(&path, &[], "名簿.csv", ROSTER.as_bytes())
        .ok();
    assert_eq!(taken["state"], "imported", "{taken}");
    note(&script, &case, "取引先へ電話で連絡した");
    follow(app.house());
    assert_eq!(rooms(&script, "取引先"), ["entry"], "the index is there");

    let cells = ROSTER.lines().skip(1).flat_map(|line| line.split(','));
    let mut looked = 0;
    for cell in cells {
        assert!(rooms(&script, cell).is_empty(), "{cell} is found");
        looked += 1;
    }
    assert_eq!(looked, 12);
    // Nor does it lie in what is kept for the search.
    let kept: Vec<(String, String)> = app
        .store()
        .read_blocking(|conn| {
            Ok(search_documents::table
                .order(search_documents::id)
                .select((search_documents::title_ja, search_documents::text_ja))
                .load(conn)?)
        })
        .unwrap();
    assert!(kept.len() > 3);
    for (title, text) in kept {
        for cell in ["髙橋", "サキコ", "takahashi", "8765", "霞が関", "Q-70000"] {
            assert!(!title.contains(cell) && !text.contains(cell), "{text}");
        }
    }
}

#[test]
fn the_index_follows_what_is_changed_and_destroyed() {
    let app = TestApp::start(NOW);
    let script = app.script(Role::Commander);
    let case = declared(&script, "最初の題名");
    let sealed = script.upload(&format!("{case}/evidence"), &[], "camera.bin", b"bytes");
    let file = sealed.ok()["evidence"]["id"].as_str().unwrap().to_owned();
    // More entries than one transaction takes.
    for number in 0..120 {
        note(&script, &case, &format!("点検{number:03}番"));
    }
    let save = |text: &str, version: i64| {
        let body = json!({"body": text, "version": version, "automatic": true});
        script.put(&format!("{case}/review/summary"), body).ok()
    };
    save("仮の要約", 0);
    follow(app.house());
    assert_eq!(rooms(&script, "点検119番"), ["entry"]);
    assert_eq!(rooms(&script, "仮の要約"), ["section"]);

    // An automatic save leaves no entry, and is found all the same.
    app.clock_to("2026-11-20T10:02:00+09:00");
    save("確かな要約", 1);
    assert_eq!(follow(app.house()), 1);
    assert!(rooms(&script, "仮の要約").is_empty());
    assert_eq!(rooms(&script, "確かな要約"), ["section"]);

    // A new title, closing, destroyed evidence: its name stays only where the timeline tells of it.
    let version = script.get(&case).ok()["version"].clone();
    let changed = json!({"title": "改めた題名", "version": version});
    let now = script.put(&case, changed).ok();
    let closed = json!({"state": "closed", "version": now["version"]});
    script.put(&format!("{case}/state"), closed).ok();
    assert!(rooms(&script, "camera.bin").contains(&"evidence".to_owned()));
    let purged = json!({"confirmed": now["number"], "reason": "保管の期限"});
    script
        .post(&format!("{case}/evidence/{file}/purge"), purged)
        .ok();
    follow(app.house());
    assert!(!rooms(&script, "camera.bin").contains(&"evidence".to_owned()));
    assert!(rooms(&script, "改めた題名").contains(&"incident".to_owned()));
    assert!(!rooms(&script, "最初の題名").contains(&"incident".to_owned()));
    assert_eq!(found(&script, "点検119番", "&state=closed").len(), 1);

    // Pages: everything once, newest first.
    let (mut seen, mut before) = (Vec::new(), String::new());
    loop {
        let page = ask(&script, "点検", &format!("&limit=50{before}")).ok();
        for hit in page["hits"].as_array().unwrap() {
            seen.push(hit["reference"].as_str().unwrap().parse::<i64>().unwrap());
        }
        match page["next"].as_i64() {
            Some(next) => before = format!("&before={next}"),
            None => break,
        }
    }
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 120);
    assert!(seen.is_sorted_by(|left, right| left > right), "{seen:?}");

    // One server at a time, until it has not been heard of for a minute.
    note(&script, &case, "引き継ぎの確認");
    let other = House {
        indexer: Indexer::default(),
        ..app.another_house()
    };
    let now: Instant = "2026-11-20T10:02:00+09:00".parse().unwrap();
    let claim = |holder: &'static str| {
        app.store()
            .write_blocking(|tx| search::lease::claim(tx, holder, now))
            .unwrap()
    };
    assert!(claim("somebody"));
    assert!(claim("somebody") && !claim("somebody else"));
    assert_eq!((follow(&other), follow(app.house())), (0, 0));
    assert!(rooms(&script, "引き継ぎ").is_empty());
    app.clock_to("2026-11-20T10:03:00+09:00");
    assert_eq!((follow(&other), follow(app.house())), (1, 0));
    assert_eq!(rooms(&script, "引き継ぎ"), ["entry"]);

    // Made anew, the index is what it was.
    let before = documents(&app);
    assert!(before.len() > 120);
    let anew = runtime().block_on(app.house().reindex()).unwrap();
    assert_eq!((anew, documents(&app)), (1, before));
}

fn documents(app: &TestApp) -> BTreeSet<(String, String, String, String)> {
    let rows: Vec<(Room, String, String, String)> = app
        .store()
        .read_blocking(|conn| {
            Ok(search_documents::table
                .order(search_documents::id)
                .select((
                    search_documents::room,
                    search_documents::reference,
                    search_documents::title_ja,
                    search_documents::text_ja,
                ))
                .load(conn)?)
        })
        .unwrap();
    let rows = rows.into_iter();
    rows.map(|(room, reference, title, text)| (room.to_string(), reference, title, text))
        .collect()
}

fn document(reference: usize, text: &str) -> Document {
    Document {
        incident_id: "an incident".to_owned(),
        room: Room::Entry,
        reference: reference.to_string(),
        title: LocaleText::default(),
        text: LocaleText {
            ja: text.to_owned(),
            en: format!("{text} in English"),
        },
        recorded_at: Instant::from_micros(1_790_000_000_000_000),
    }
}

fn references(
    db: &TestDb,
    words: &str,
    before: Option<i64>,
    limit: usize,
) -> (Vec<i64>, Option<i64>) {
    let question = Question {
        words: words.to_owned(),
        before,
        limit,
        ..Question::default()
    };
    let found = db
        .store()
        .read_blocking(|conn| search::find(conn, &question));
    let found = found.unwrap();
    let hits = found.hits.iter();
    (
        hits.map(|hit| hit.document.reference.parse().unwrap())
            .collect(),
        found.next,
    )
}

#[test]
fn pairs_are_candidates_only_and_one_instant_holds_any_number() {
    let db = TestDb::new();
    db.store()
        .write_blocking(|tx| {
            // More than the ids of a millisecond.
            for number in 0..1_100 {
                search::put(tx, &document(number, &format!("同時の記録 {number:04}")))?;
            }
            // Both pairs of 会社会, and not the word.
            search::put(tx, &document(2_000, "会社と社会"))?;
            search::put(tx, &document(2_001, "会社会議"))
        })
        .unwrap();
    assert_eq!(references(&db, "会社会", None, 10).0, [2_001]);
    assert_eq!(references(&db, "社会 会社", None, 10).0, [2_001, 2_000]);
    assert_eq!(references(&db, "0042 in english", None, 10).0, [42]);
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let (page, next) = references(&db, "同時", before, 300);
        seen.extend(page);
        before = next;
        if before.is_none() {
            break;
        }
    }
    let expected: Vec<i64> = (0..1_100).rev().collect();
    assert_eq!(seen, expected);

    // Said anew, said again, taken out: once, once, never.
    let write = |document: &Document| db.store().write_blocking(|tx| search::put(tx, document));
    write(&document(7, "改めた記録")).unwrap();
    write(&document(7, "改めた記録")).unwrap();
    assert!(references(&db, "0007", None, 10).0.is_empty());
    assert_eq!(references(&db, "改めた", None, 10).0, [7]);
    let out = |number: usize| {
        db.store().write_blocking(|tx| {
            search::remove(tx, "an incident", Room::Entry, &number.to_string())
        })
    };
    out(7).unwrap();
    out(7).unwrap();
    assert!(references(&db, "改めた", None, 10).0.is_empty());
    // A document longer than what is kept is found by its beginning only.
    let long = format!("始まり{}終わり", "あ".repeat(10_000));
    write(&document(3_000, &long)).unwrap();
    assert_eq!(references(&db, "始まり", None, 10).0, [3_000]);
    assert!(references(&db, "終わり", None, 10).0.is_empty());
    db.store().write_blocking(search::clear).unwrap();
    assert!(references(&db, "同時", None, 10).0.is_empty());
}

/// What is taken out of the index of SQLite leaves no bytes in its files.
#[test]
fn what_is_taken_out_is_overwritten() {
    let db = TestDb::new();
    if db.is_postgres() {
        return;
    }
    let holds = |bytes: &str| {
        db.store().forget_deleted_pages(&[]).unwrap();
        let files = std::fs::read_dir(db.folder()).unwrap();
        files
            .map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .any(|content| memchr::memmem::find(&content, bytes.as_bytes()).is_some())
    };
    let secret = Document {
        text: LocaleText {
            ja: "鰯鯖".to_owned(),
            en: String::new(),
        },
        ..document(1, "")
    };
    let put = |document: &Document| {
        db.store()
            .write_blocking(|tx| search::put(tx, document))
            .unwrap();
    };
    put(&document(2, "残るもの"));
    put(&secret);
    let gram = "9c2fx9bd6";
    assert!(holds("鰯鯖") && holds(gram));
    db.store()
        .write_blocking(|tx| search::remove(tx, "an incident", Room::Entry, "1"))
        .unwrap();
    assert!(!holds("鰯鯖") && !holds(gram));
    assert_eq!(references(&db, "残る", None, 10).0, [2]);
}
