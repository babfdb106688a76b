//! Keeping and destroying: the rule, the purge and its proof, one person, a new master key.

use std::path::{Path, PathBuf};

use diesel::prelude::*;
use serde_json::{Value, json};
use shodo::accounts::Role;
use shodo::affected::{self, keeping};
use shodo::kernel::Locale;
use shodo::outbox::{
    self, BatchTemplate, Content, EmailAddress, MailId, PersonMail, Recipient, State,
};
use shodo::store::schema::{data_keys, outbox_messages, people, person_keys, person_rows};
use shodo::timeline::{self, Kind};
use shodo::vault::{self, Scope, Vault};

use crate::support::app::{Script, TestApp};
use crate::support::db::TestDb;

const ROSTER: &str = "\
会員番号,氏名,フリガナ,メールアドレス,電話番号,LINE ID,住所
Q-700001,髙橋 﨑子,タカハシ サキコ,sakiko.takahashi@example.jp,090-8765-4321,U0123456789abcdef0123456789abcdef,東京都千代田区霞が関九丁目
Q-700002,鈴木 一郎,スズキ イチロウ,ichiro.suzuki@example.jp,080-1357-2468,,大阪府大阪市北区梅田八丁目
Q-700003,O'Brien Kate,,kate.obrien@example.com,,,
";
/// What of the roster must stand nowhere in clear.
const VALUES: [&str; 13] = [
    "Q-700001",
    "髙橋 﨑子",
    "タカハシ サキコ",
    "sakiko.takahashi@example.jp",
    "sakiko.takahashi",
    "09087654321",
    "+819087654321",
    "090-8765-4321",
    "U0123456789abcdef0123456789abcdef",
    "千代田区霞が関九丁目",
    "鈴木 一郎",
    "O'Brien Kate",
    "kate.obrien@example.com",
];

#[test]
fn a_rule_is_checked_versioned_and_told() {
    let app = TestApp::start("2026-11-20T10:00:00+09:00");
    let commander = app.script(Role::Commander);
    let id = incident(&app);
    let path = format!("/api/v1/incidents/{id}/retention");
    commander.get(&path).problem("not-found");
    let set = |until: &str, basis: &str, version: i64| {
        let body = json!({"keep_until": until, "basis": basis, "version": version});
        commander.put(&path, body)
    };
    set("2026-11-19", "claims", 0).problem("invalid-input");
    set("19 Nov", "claims", 0).problem("invalid-input");
    set("2026-11-20", " ", 0).problem("invalid-input");
    set("2026-11-20", &"長".repeat(501), 0).problem("invalid-input");
    assert_eq!(set("2026-12-31", "claims", 0).ok()["version"], 1);
    set("2027-12-31", "claims", 0).problem("edit-conflict");
    assert_eq!(set("2027-01-31", "claims", 1).ok()["version"], 2);
    assert_eq!(commander.get(&path).ok()["keep_until"], "2027-01-31");
    let viewer = app.script(Role::Viewer);
    viewer
        .put(
            &path,
            json!({"keep_until": "2027-01-31", "basis": "x", "version": 2}),
        )
        .problem("forbidden");
    assert_eq!(entries(&app, &id, Kind::RetentionSet).len(), 2);
    let day = |text: &str| text.parse().unwrap();
    let due = |today: &str| {
        app.store()
            .read_blocking(|c| keeping::due(c, day(today)))
            .unwrap()
            .len()
    };
    assert_eq!((due("2027-01-31"), due("2027-02-01")), (0, 1));
}

#[test]
fn the_end_of_keeping_is_told_once_before_and_once_after() {
    const TOLD: usize = 2;
    let app = TestApp::start("2026-11-20T10:00:00+09:00");
    let id = incident(&app);
    rule(&app, &id, "2027-01-31");
    let remind = |at: &str| {
        app.clock_to(at);
        block(app.house().remind_of_keeping()).unwrap()
    };
    assert_eq!(remind("2027-01-16T23:00:00+09:00"), 0);
    assert_eq!(
        remind("2027-01-17T09:00:00+09:00"),
        TOLD,
        "administrator and commander"
    );
    assert_eq!(remind("2027-01-31T23:00:00+09:00"), 0);
    assert_eq!(remind("2027-02-01T09:00:00+09:00"), TOLD, "it has passed");
    assert_eq!(remind("2027-02-02T09:00:00+09:00"), 0);
    assert_eq!(entries(&app, &id, Kind::ReminderSent).len(), 2);
}

#[test]
fn a_purge_leaves_counts_and_proof_and_no_byte_of_anybody() {
    let app = TestApp::start("2026-11-20T10:00:00+09:00");
    let (admin, id) = (app.script(Role::Administrator), incident(&app));
    import(&app, &id, ROSTER);
    let before = counts(&admin, &id);
    assert_eq!(before["people"], 3);
    let (one, other) = queue_mails(&app, &id, 1);
    let secrets = secrets(&app, &id);
    settle_pages(&app);
    if !app.is_postgres() {
        for secret in &secrets {
            assert!(
                !holding(&app.data_dir(), secret).is_empty()
                    || !holding(app.data_dir().parent().unwrap(), secret).is_empty(),
                "the test looks in the right files"
            );
        }
    }
    let path = format!("/api/v1/incidents/{id}/purge");
    let number = admin.get(&format!("/api/v1/incidents/{id}")).ok()["number"]
        .as_str()
        .unwrap()
        .to_owned();
    admin
        .post(&path, json!({"confirmed": number}))
        .problem("wrong-state");
    rule(&app, &id, "2026-11-20");
    admin
        .post(&path, json!({"confirmed": "INC-1999-0001"}))
        .problem("invalid-input");
    app.script(Role::Responder)
        .post(&path, json!({"confirmed": number}))
        .problem("forbidden");

    // Begun, and then the server stops: nothing opens, the figures stay, the rest is still to do.
    admin.post(&path, json!({"confirmed": number})).ok();
    admin
        .post(&path, json!({"confirmed": number}))
        .problem("purged");
    admin
        .get(&format!("/api/v1/incidents/{id}/people"))
        .problem("purged");
    assert_eq!(counts(&admin, &id), before);
    assert_eq!(entries(&app, &id, Kind::RegisterPurged).len(), 0);
    assert_eq!(mail(&app, &one), (State::Cancelled, true));
    assert_eq!(mail(&app, &other), (State::Cancelled, true));
    assert_eq!(entries(&app, &id, Kind::EvidenceDestroyed).len(), 1);

    app.clock_to("2026-11-20T10:05:00+09:00");
    assert_eq!(block(app.house().run_purges()).unwrap(), 1);
    assert_eq!(block(app.house().run_purges()).unwrap(), 0);
    let told = entries(&app, &id, Kind::RegisterPurged);
    assert_eq!(
        (&told[0]["people"], &told[0]["rosters"], &told[0]["files"]),
        (&json!(3), &json!(1), &json!(1))
    );
    assert_eq!(counts(&admin, &id), before);
    let left = app.store().read_blocking(|c| {
        let people: i64 = people::table.count().get_result(c)?;
        let keys: i64 = person_keys::table.count().get_result(c)?;
        let rows: i64 = person_rows::table.count().get_result(c)?;
        Ok((people, keys, rows))
    });
    assert_eq!(left.unwrap(), (0, 0, 0));
    for secret in &secrets {
        assert_eq!(
            holding(app.data_dir().parent().unwrap(), secret),
            Vec::<PathBuf>::new()
        );
    }
    let evidence = admin.get(&format!("/api/v1/incidents/{id}/evidence")).ok();
    let file = evidence[0]["address"].as_str().unwrap().to_owned();
    assert_eq!(holding_name(&app.data_dir(), &file), Vec::<PathBuf>::new());

    // The account still tells how many people there were.
    let report = admin.get(&format!(
        "/api/v1/incidents/{id}/report?format=md&locale=en"
    ));
    assert_eq!(report.status, 200, "{}", report.text());
    assert!(report.text().contains('3'), "{}", report.text());
    // The pages explain.
    let mut browser = app.browser();
    sign_in(&app, &mut browser);
    let page = browser.open(&format!("/incidents/{id}/people/keeping"));
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(
        page.text().contains("消去が完了しました"),
        "{}",
        page.text()
    );
    assert_eq!(browser.open(&format!("/incidents/{id}/people")).status, 303);
    assert_eq!(
        browser.open(&format!("/incidents/{id}/people/1")).status,
        410
    );
    let verdict = app
        .store()
        .read_blocking(|c| timeline::verify(c, app.house().vault.signing_key().public_key()))
        .unwrap();
    assert!(verdict.findings.is_empty());
}

#[test]
fn a_person_is_erased_with_their_files_mails_and_keys() {
    let app = TestApp::start("2026-11-20T10:00:00+09:00");
    let (admin, id) = (app.script(Role::Administrator), incident(&app));
    import(&app, &id, ROSTER);
    let list = admin.get(&format!("/api/v1/incidents/{id}/people")).ok();
    let person = list["people"][0]["id"].as_i64().unwrap();
    let keys_before = keys_of(&app, person);
    assert!(keys_before > 0);
    let path = format!("/api/v1/incidents/{id}/people/{person}");
    let erase = |script: &Script<'_>, reason: &str| {
        let body = json!({ "reason": reason }).to_string().into_bytes();
        script.send("DELETE", &path, Some(("application/json", body)))
    };
    erase(&admin, "").problem("invalid-input");
    erase(&app.script(Role::Viewer), "x").problem("forbidden");
    let mut browser = app.browser();
    sign_in(&app, &mut browser);
    let page = browser.open(&format!("/incidents/{id}/people/{person}/erase"));
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(
        page.text().contains("名簿.csv"),
        "the page says which files go"
    );
    let page = format!("/incidents/{id}/people/{person}/erase");
    let refused = browser.submit(&page, &[("reason", "本人の請求"), ("confirmed", "0")]);
    assert_eq!(refused.status, 422, "{}", refused.text());

    let (theirs, others) = queue_mails(&app, &id, person);
    erase(&admin, "本人の請求").ok();
    assert_eq!(mail(&app, &theirs), (State::Cancelled, true));
    assert_eq!(mail(&app, &others), (State::Queued, false));
    erase(&admin, "本人の請求").problem("not-found");
    assert_eq!(counts(&admin, &id)["people"], 2);
    assert_eq!(keys_of(&app, person), 0);
    let told = entries(&app, &id, Kind::PersonErased);
    assert_eq!(
        told,
        [json!({"person_id": person, "reason": "本人の請求", "files": 1})]
    );
    let evidence = admin.get(&format!("/api/v1/incidents/{id}/evidence")).ok();
    assert!(evidence[0]["destroyed_at"].is_string());
    assert_eq!(
        holding_name(&app.data_dir(), evidence[0]["address"].as_str().unwrap()),
        Vec::<PathBuf>::new()
    );
    let fact = admin
        .get(&format!("/api/v1/incidents/{id}/facts"))
        .ok()
        .to_string();
    assert!(fact.contains("\"exactly\":2"), "{fact}");
}

#[test]
fn a_new_master_key_opens_everything_whenever_it_was_interrupted() {
    let db = TestDb::new();
    let folder = db.folder().join("keys");
    std::fs::create_dir(&folder).unwrap();
    let (one, two) = (Scope::incident("one"), Scope::people("two"));
    let now = "2026-11-20T10:00:00+09:00".parse().unwrap();
    let open = || Vault::open_or_create(&folder).unwrap();
    let seal = |scope: &Scope| {
        db.store()
            .write_blocking(|tx| open().seal(tx, scope, "p", b"plain", now))
            .unwrap()
    };
    let opens = |scope: &Scope, sealed: &[u8]| {
        let plain = db
            .store()
            .read_blocking(|c| open().open(c, scope, "p", sealed));
        assert_eq!(plain.unwrap(), b"plain");
    };
    let sealed = seal(&one);
    let old = std::fs::read(folder.join("master.key")).unwrap();

    // Interrupted behind the new file: both open, and a new key lies under the next.
    std::fs::write(folder.join("master.key.next.part"), "half").unwrap();
    let made = Vault::open_or_create(&other(&folder)).map(drop);
    made.unwrap();
    std::fs::copy(
        other(&folder).join("master.key"),
        folder.join("master.key.next"),
    )
    .unwrap();
    opens(&one, &sealed);
    let newer = seal(&two);
    opens(&two, &newer);

    // Interrupted behind the rewrapping: put the old file and the next one back beside the new rows.
    let next = std::fs::read(folder.join("master.key.next")).unwrap();
    let rotated = vault::rotate_master_key(&folder, db.store()).unwrap();
    assert_eq!(rotated.keys, 2);
    assert!(!folder.join("master.key.next").exists());
    assert_eq!(std::fs::read(folder.join("master.key")).unwrap(), next);
    std::fs::write(folder.join("master.key.next"), &next).unwrap();
    std::fs::write(folder.join("master.key"), &old).unwrap();
    private(&folder);
    opens(&one, &sealed);
    opens(&two, &newer);
    vault::rotate_master_key(&folder, db.store()).unwrap();
    opens(&one, &sealed);
    opens(&two, &newer);

    // And once more, from the beginning; the old key opens nothing, a destroyed one stays destroyed.
    db.store()
        .write_blocking(|tx| open().destroy(tx, &two, now))
        .unwrap();
    assert_eq!(
        vault::rotate_master_key(&folder, db.store()).unwrap().keys,
        1
    );
    opens(&one, &sealed);
    assert!(
        db.store()
            .read_blocking(|c| open().open(c, &two, "p", &newer))
            .is_err()
    );
    std::fs::write(folder.join("master.key"), &old).unwrap();
    private(&folder);
    assert!(
        db.store()
            .read_blocking(|c| open().open(c, &one, "p", &sealed))
            .is_err()
    );
    assert!(vault::rotate_master_key(&folder, db.store()).is_err());
    assert!(
        !folder.join("master.key.next").exists(),
        "a wrong folder gets no key"
    );
}

#[test]
fn keys_are_not_changed_under_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    Vault::open_or_create(&data).unwrap();
    let run = || {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_shodo"))
            .args([
                "--data-dir",
                &data.display().to_string(),
                "rotate-master-key",
            ])
            .current_dir(folder.path())
            .output()
            .unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let lock = std::fs::File::open(&data).unwrap();
    lock.lock_shared().unwrap();
    let (done, said) = run();
    assert!(!done && said.contains("stop every server"), "{said}");
    drop(lock);
    let migrated = std::process::Command::new(env!("CARGO_BIN_EXE_shodo"))
        .args(["--data-dir", &data.display().to_string(), "migrate"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(migrated.status.success());
    let (done, said) = run();
    assert!(done, "{said}");
}

#[test]
fn nothing_personal_stands_in_clear_in_any_file_or_log() {
    let folder = tempfile::tempdir().unwrap();
    let (data, temp) = (folder.path().join("data"), folder.path().join("tmp"));
    std::fs::create_dir_all(&temp).unwrap();
    let shodo = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_shodo"));
        command
            .args(["--data-dir", &data.display().to_string()])
            .args([
                "--set",
                "log_level=debug",
                "--set",
                "listen=127.0.0.1:18973",
            ])
            .args(arguments)
            .env("TMPDIR", &temp)
            .current_dir(folder.path());
        command
    };
    let output = |arguments: &[&str]| {
        let output = shodo(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    output(&[
        "create-admin",
        "--email",
        "a@shop.example.jp",
        "--name",
        "管理",
    ]);
    let token = output(&[
        "token",
        "create",
        "--email",
        "a@shop.example.jp",
        "--name",
        "test",
    ]);
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    let mut server = shodo(&["serve"])
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    let outcome = std::panic::catch_unwind(|| {
        let call = |method: &str, path: &str, media: &str, body: Vec<u8>| {
            let request = ureq::http::Request::builder()
                .method(method)
                .uri(format!("http://127.0.0.1:18973/api/v1{path}"))
                .header("Authorization", format!("Bearer {}", token.trim()))
                .header("Content-Type", media)
                .body(body)
                .unwrap();
            let mut reply = None;
            for _ in 0..100 {
                match ureq::run(request.clone()) {
                    Ok(answer) => {
                        reply = Some(answer);
                        break;
                    }
                    Err(ureq::Error::StatusCode(code)) => panic!("{path}: {code}"),
                    Err(_) => std::thread::sleep(std::time::Duration::from_millis(100)),
                }
            }
            let text = reply.unwrap().body_mut().read_to_string().unwrap();
            serde_json::from_str::<Value>(&text).unwrap()
        };
        let made = call(
            "POST",
            "/incidents",
            "application/json",
            br#"{"title":"t"}"#.to_vec(),
        );
        let id = made["id"].as_str().unwrap();
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"r.csv\"\r\nContent-Type: text/csv\r\n\r\n{ROSTER}\r\n--b--\r\n"
        );
        let roster = call(
            "POST",
            &format!("/incidents/{id}/rosters"),
            "multipart/form-data; boundary=b",
            body.into_bytes(),
        );
        assert_eq!(roster["people_added"], 3, "{roster}");
        let found = call(
            "POST",
            &format!("/incidents/{id}/people/look-up"),
            "application/json",
            br#"{"contact":"sakiko.takahashi@example.jp"}"#.to_vec(),
        );
        assert_eq!(found["people"].as_array().unwrap().len(), 1);
        for value in VALUES {
            // While it runs: the write-ahead log and the temporary files are there.
            assert_eq!(
                holding(folder.path(), value.as_bytes()),
                Vec::<PathBuf>::new(),
                "{value}"
            );
        }
        assert!(
            holding(folder.path(), b"ready")
                .iter()
                .any(|path| path.ends_with("log"))
        );
    });
    server.kill().unwrap();
    server.wait().unwrap();
    outcome.unwrap();
    for value in VALUES {
        assert_eq!(
            holding(folder.path(), value.as_bytes()),
            Vec::<PathBuf>::new(),
            "{value}"
        );
    }
}

/// Queues a mail to a person, and one to somebody else, in a batch that waits.
fn queue_mails(app: &TestApp, id: &str, person: i64) -> (MailId, MailId) {
    let (house, now) = (app.house(), app.house().clock.now());
    let content = || Content {
        subject: "s".to_owned(),
        text: "t".to_owned(),
        html: None,
    };
    let template = BatchTemplate {
        variables: [].into(),
        ja: Some(content()),
        en: Some(content()),
    };
    let queued = app.store().write_blocking(|tx| {
        let sender = house.mail.sender()?;
        let scope = Scope::people(id);
        let batch = outbox::open_batch(tx, &house.vault, now, &scope, &sender, template)?;
        outbox::pause(tx, batch.id(), now)?;
        let mut push = |subject_id: i64| {
            let address = EmailAddress::parse("someone@example.jp").unwrap();
            let mail = PersonMail {
                subject_id: subject_id.to_string(),
                to: Recipient::new(address, ""),
                locale: Locale::Ja,
                variables: [].into(),
            };
            batch.push(tx, now, mail)
        };
        let ids = (push(person)?, push(person + 1)?);
        batch.finish(tx, now)?;
        Ok(ids)
    });
    queued.unwrap()
}

/// Where a message stands, and whether it is empty.
fn mail(app: &TestApp, id: &MailId) -> (State, bool) {
    let read = app.store().read_blocking(|c| {
        let sealed: Vec<u8> = outbox_messages::table
            .find(id)
            .select(outbox_messages::sealed)
            .first(c)?;
        Ok((outbox::delivery(c, id)?.state, sealed.is_empty()))
    });
    read.unwrap()
}

fn incident(app: &TestApp) -> String {
    let made = app.script(Role::Commander).post(
        "/api/v1/incidents",
        json!({"title": "会員サイトへの不正アクセス"}),
    );
    made.ok()["id"].as_str().unwrap().to_owned()
}

fn rule(app: &TestApp, id: &str, until: &str) {
    app.script(Role::Commander)
        .put(
            &format!("/api/v1/incidents/{id}/retention"),
            json!({"keep_until": until, "basis": "請求への対応"}),
        )
        .ok();
}

fn import(app: &TestApp, id: &str, roster: &str) {
    let taken = app
        .script(Role::Commander)
        .upload(
            &format!("/api/v1/incidents/{id}/rosters"),
            &[],
            "名簿.csv",
            roster.as_bytes(),
        )
        .ok();
    assert_eq!(taken["state"], "imported", "{taken}");
}

fn counts(script: &Script<'_>, id: &str) -> Value {
    script
        .get(&format!("/api/v1/incidents/{id}/people/counts"))
        .ok()
}

fn entries(app: &TestApp, id: &str, kind: Kind) -> Vec<Value> {
    let entries = app
        .store()
        .read_blocking(|c| timeline::of_kind(c, id, kind))
        .unwrap();
    entries.iter().map(timeline::Entry::details).collect()
}

fn keys_of(app: &TestApp, person: i64) -> i64 {
    let id: affected::PersonId = person.to_string().parse().unwrap();
    let rows = person_keys::table.filter(person_keys::person_id.eq(id.number()));
    app.store()
        .read_blocking(|c| Ok(rows.count().get_result(c)?))
        .unwrap()
}

/// The wrapped key of the people, the sealed bytes and the blind indexes of everybody.
fn secrets(app: &TestApp, id: &str) -> Vec<Vec<u8>> {
    let scope = Scope::people(id);
    let read = app.store().read_blocking(|c| {
        let wrapped: Vec<u8> = data_keys::table
            .find(scope.as_str())
            .select(data_keys::wrapped)
            .first(c)?;
        let sealed: Vec<Vec<u8>> = people::table.select(people::sealed).load(c)?;
        let keys: Vec<Vec<u8>> = person_keys::table
            .select(person_keys::blind_index)
            .load(c)?;
        Ok([vec![wrapped], sealed, keys].concat())
    });
    read.unwrap()
}

/// Writes whatever waits, so that the files can be read.
fn settle_pages(app: &TestApp) {
    app.store().forget_deleted_pages(&[]).unwrap();
}

/// The files below a folder that hold these bytes.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    files(folder)
        .into_iter()
        .filter(|path| {
            let content = std::fs::read(path).unwrap_or_default();
            memchr::memmem::find(&content, bytes).is_some()
        })
        .collect()
}

fn holding_name(folder: &Path, name: &str) -> Vec<PathBuf> {
    let mut files = files(folder);
    files.retain(|path| {
        path.file_name()
            .is_some_and(|file| file.to_string_lossy().contains(name))
    });
    files
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn other(folder: &Path) -> PathBuf {
    let other = folder.with_file_name("other-keys");
    std::fs::create_dir_all(&other).unwrap();
    other
}

fn private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    for path in files(folder) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

fn sign_in(app: &TestApp, browser: &mut crate::support::app::Browser) {
    browser.open("/sign-in");
    let email = app.email(Role::Administrator).to_owned();
    let reply = browser.submit(
        "/sign-in",
        &[
            ("email", &email),
            ("password", crate::support::app::PASSWORD),
        ],
    );
    assert_eq!(reply.status, 303, "{}", reply.text());
}

fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}
