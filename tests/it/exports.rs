//! Exports of the register: every content in every format, opened again; sealed all the time; gone after a day.

use std::io::Cursor;
use std::path::PathBuf;

use serde_json::{Value, json};
use shodo::accounts::Role;
use shodo::affected::export::{self, ExportId, ExportState};
use shodo::kernel::Sha256;
use shodo::sheets;

use crate::support::app::{PASSWORD, Reply, Script, TestApp};

const ROSTER: &str = "\
会員番号,氏名,フリガナ,メールアドレス,電話番号,国,都道府県,言語,生年月日,郵便番号,住所,好きな色
A-001,髙﨑㈱ 一郎,タカサキ,takasaki@example.jp,090-1234-5678,日本,東京都,,2010-04-01,１０００００１,\"東京都千代田区1-1
㈱例 気付\",青
A-002,\"=HYPERLINK(\"\"http://evil.example\"\",\"\"x\"\")\",,kate@example.com,+81 90 2222 3333,IE,,en,1990/1/2,D02,\"1 Main Street
Dublin\",赤
A-003,@鈴木😀,スズキ,,０３ー１２３４ー５６７８,JP,大阪府,ja,,,,赤
A-004,佐藤 花子,,sato＠example,,JP,,ja,,530-0001,大阪市北区1,白
";

/// A case with a roster in it, and whoever acts.
struct Room {
    app: TestApp,
    case: String,
    roster: String,
}

impl Room {
    fn new(roster: &str) -> Self {
        let app = TestApp::start("2026-11-20T00:30:00Z");
        let (case, roster) = case_with(&app, roster);
        Self { app, case, roster }
    }

    fn script(&self) -> Script<'_> {
        self.app.script(Role::Commander)
    }

    fn order(&self, order: Value) -> String {
        text(
            &self
                .script()
                .post(&format!("{}/exports", self.case), order)
                .ok()["id"],
        )
    }

    fn show(&self, id: &str) -> Value {
        self.script()
            .get(&format!("{}/exports/{id}", self.case))
            .ok()
    }

    fn file(&self, id: &str) -> Reply {
        self.script()
            .get(&format!("{}/exports/{id}/file", self.case))
    }

    /// Orders, lets it be written, and gives the row and the bytes, whose digest must be the recorded one.
    fn export(&self, order: Value) -> (Value, Vec<u8>) {
        let id = self.order(order);
        assert_eq!(work(&self.app), 1);
        let export = self.show(&id);
        assert_eq!(export["state"], "done", "{export}");
        assert_eq!(export["percent"], 100);
        let file = self.file(&id);
        assert_eq!(file.status, 200, "{}", file.text());
        assert_eq!(text(&export["sha256"]), Sha256::of(&file.bytes).to_string());
        assert_eq!(export["size"], file.bytes.len());
        assert_eq!(file.header("cache-control"), "no-store");
        (export, file.bytes)
    }

    fn files(&self) -> Vec<PathBuf> {
        let folder = self.app.data_dir().join("exports");
        let entries =
            std::fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap().path()));
        entries.map(Iterator::collect).unwrap_or_default()
    }

    /// Whether any file of the server, the database among them, holds these words in clear.
    fn lies_in_clear(&self, words: &str) -> bool {
        files_under(&self.app.data_dir().parent().unwrap().to_owned())
            .iter()
            .filter_map(|path| std::fs::read(path).ok())
            .any(|bytes| contains(&bytes, words))
    }
}

#[test]
fn everything_comes_out_in_every_format_and_calculates_nothing() {
    let room = Room::new(ROSTER);
    for format in ["xlsx", "csv-utf8", "csv-cp932"] {
        let (export, bytes) = room.export(json!({
            "content": "register", "format": format, "reason": "発送の委託", "locale": "ja",
        }));
        assert_eq!(export["rows"], 4);
        let is_cp932 = format == "csv-cp932";
        assert_eq!(export["replaced"], if is_cp932 { 1 } else { 0 }, "{format}");
        assert_eq!(bytes.starts_with(b"\xef\xbb\xbf"), format == "csv-utf8");
        let rows = read(&bytes);
        let column = |name: &str| rows[0].iter().position(|cell| cell == name).unwrap();
        let cell = |row: usize, name: &str| rows[row][column(name)].clone();
        assert_eq!(rows.len(), 5, "{format}");
        assert_eq!(cell(1, "氏名"), "髙﨑㈱ 一郎");
        assert_eq!(cell(1, "都道府県（州）"), "東京都");
        assert_eq!(cell(1, "未成年"), "はい");
        assert_eq!(cell(1, "住所"), "東京都千代田区1-1\n㈱例 気付");
        assert_eq!(cell(1, "漏えい項目"), "氏名; メールアドレス");
        assert_eq!(cell(1, "通知の状況"), "未通知");
        assert_eq!(
            (cell(2, "国").as_str(), cell(2, "言語").as_str()),
            ("IE", "英語")
        );
        assert_eq!(
            cell(4, "読み取れなかった値"),
            "メールアドレス：sato＠example"
        );
        // In a workbook every cell is text; in CSV an apostrophe stands before what would be calculated.
        let mark = if format == "xlsx" { "" } else { "'" };
        assert_eq!(
            cell(2, "氏名"),
            format!("{mark}=HYPERLINK(\"http://evil.example\",\"x\")")
        );
        assert_eq!(cell(2, "電話番号"), format!("{mark}+81 90 2222 3333"));
        let smile = if is_cp932 { "〓" } else { "😀" };
        assert_eq!(cell(3, "氏名"), format!("{mark}@鈴木{smile}"));
    }
    for words in ["髙﨑㈱", "takasaki@example.jp", "HYPERLINK"] {
        assert!(!room.lies_in_clear(words), "{words} lies in clear");
    }
    let entries = room.script().get(&format!("{}/timeline", room.case)).text();
    assert!(entries.contains("people.exported"), "{entries}");
    assert!(
        entries.contains("対象者の一覧を書き出しました（4件、Excel（XLSX）、対象：全員、"),
        "{entries}"
    );
    assert!(
        entries.contains("書き出した対象者の一覧をダウンロードしました（4件"),
        "{entries}"
    );
    assert!(entries.contains("発送の委託"), "{entries}");
}

#[test]
fn letters_go_to_whoever_has_an_address_and_a_filter_narrows() {
    let room = Room::new(ROSTER);
    let order = |filter: Value| json!({"content": "letters", "format": "csv-cp932", "reason": "手紙", "locale": "ja", "filter": filter});
    let (_, bytes) = room.export(order(json!({})));
    let rows = read(&bytes);
    let addressed: Vec<_> = rows.iter().map(|row| row[..8].join("|")).collect();
    assert_eq!(
        addressed,
        [
            "〒|住所1|住所2|住所3|住所4|氏名|敬称|宛名",
            "100-0001|東京都千代田区1-1|㈱例 気付|||髙﨑㈱ 一郎|様|髙﨑㈱ 一郎 様",
            "D02|1 Main Street|Dublin|||'=HYPERLINK(\"http://evil.example\",\"x\")||'=HYPERLINK(\"http://evil.example\",\"x\")",
            "530-0001|大阪市北区1||||佐藤 花子|様|佐藤 花子 様",
        ]
    );
    let (export, bytes) = room.export(order(json!({"country": "IE"})));
    assert_eq!((read(&bytes).len(), &export["total_rows"]), (2, &json!(1)));
    let (_, bytes) = room.export(order(json!({"notice_state": "sent"})));
    assert_eq!(read(&bytes).len(), 1, "nobody was told yet");
    let refused = room.script().post(
        &format!("{}/exports", room.case),
        order(json!({"country": "山田太郎"})),
    );
    assert_eq!(
        refused.problem("invalid-input")["errors"][0]["field"],
        "country"
    );
}

#[test]
fn rows_to_correct_go_out_whole_and_come_back_to_the_same_people() {
    for format in ["xlsx", "csv-utf8", "csv-cp932"] {
        let room = Room::new(
            "会員番号,氏名,メールアドレス,電話番号,備考\n\
             1,山田 太郎,taro@example,+81 90 1111 2222,甲\n\
             2,鈴木 花子,hanako@example.jp,,乙\n\
             3,佐藤 次郎,,,丙\n",
        );
        let (export, bytes) = room.export(json!({
            "content": "problems", "format": format, "reason": "訂正", "locale": "ja", "roster": room.roster,
        }));
        assert_eq!(
            (&export["rows"], &export["total_rows"]),
            (&json!(2), &json!(2))
        );
        let rows = read(&bytes);
        assert_eq!(
            rows[0],
            [
                "会員番号",
                "氏名",
                "メールアドレス",
                "電話番号",
                "備考",
                "直すところ",
                "元の行"
            ]
        );
        assert_eq!((rows[1][4].as_str(), rows[1][6].as_str()), ("甲", "2"));
        assert!(
            rows[1][5].starts_with("メールアドレス：メールアドレスとして使えません"),
            "{rows:?}"
        );
        assert_eq!((rows[2][0].as_str(), rows[2][6].as_str()), ("3", "4"));

        // Somebody corrects the two rows and hands in only these.
        let corrected: String = rows
            .iter()
            .map(|row| {
                let cells: Vec<_> = row
                    .iter()
                    .map(|cell| match cell.as_str() {
                        "taro@example" => "taro@example.jp".to_owned(),
                        cell => format!("\"{}\"", cell.replace('"', "\"\"")),
                    })
                    .collect();
                cells.join(",") + "\r\n"
            })
            .collect();
        let corrects = [("corrects", room.roster.as_str())];
        let path = format!("{}/rosters", room.case);
        let back = room
            .script()
            .upload(&path, &corrects, "訂正.csv", corrected.as_bytes())
            .ok();
        assert_eq!(
            (&back["people_added"], &back["duplicates"]),
            (&json!(0), &json!(2)),
            "{back}"
        );
        let counts = room
            .script()
            .get(&format!("{}/people/counts", room.case))
            .ok();
        assert_eq!(
            (&counts["people"], &counts["with_email"]),
            (&json!(3), &json!(2))
        );
        assert_eq!(
            counts["with_phone"], 1,
            "the apostrophe did not spoil the telephone number"
        );
        let path = format!("{}/rosters/{}/problems", room.case, text(&back["id"]));
        let problems = room.script().get(&path).text();
        assert!(
            !problems.contains("直すところ") && !problems.contains("元の行"),
            "{problems}"
        );
    }
}

#[test]
fn one_that_runs_is_sealed_and_stops_when_it_is_told_to() {
    let mut roster = "氏名,メールアドレス\n".to_owned();
    for number in 0..12_000 {
        roster.push_str(&format!("見本 {number:05}号,mihon{number:05}@example.jp\n"));
    }
    let room = Room::new(&roster);
    let id = room.order(json!({"content": "register", "format": "xlsx", "reason": "試し"}));
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| work(&room.app));
        let written = |path: &PathBuf| std::fs::metadata(path).map_or(0, |file| file.len());
        while room.files().first().map_or(0, written) < 70_000 {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        let part = room.files().swap_remove(0);
        let half = std::fs::read(&part).unwrap();
        let running = room.show(&id);
        assert_eq!(
            (&running["state"], &running["total_rows"]),
            (&json!("running"), &json!(12_000))
        );
        let path = format!("{}/exports/{id}", room.case);
        assert_eq!(
            room.script().send("DELETE", &path, None).ok()["state"],
            "cancelled"
        );
        room.file(&id).problem("wrong-state");
        assert_eq!(part.extension().unwrap(), "part");
        for words in ["mihon00001@example.jp", "xl/worksheets", "見本"] {
            assert!(
                !contains(&half, words) && !room.lies_in_clear(words),
                "{words} lies in clear"
            );
        }
        assert_eq!(writing.join().unwrap(), 0);
    });
    assert_eq!(room.show(&id)["state"], "cancelled");
    assert_eq!(room.files(), Vec::<PathBuf>::new());
    let path = format!("{}/exports/{id}", room.case);
    room.script()
        .send("DELETE", &path, None)
        .problem("wrong-state");
}

#[test]
fn a_crash_begins_it_anew_and_a_day_ends_it() {
    let room = Room::new(ROSTER);
    let id = room.order(json!({"content": "register", "format": "csv-utf8", "reason": "点検"}));
    // What a server that died leaves behind: a row that runs, and half a file.
    let folder = room.app.data_dir().join("exports");
    std::fs::create_dir_all(&folder).unwrap();
    let left = folder.join(format!("{id}.00000000000000aa.part"));
    std::fs::write(&left, b"half").unwrap();
    set_state(&room, "running", "1795134600000000");
    room.app.clock_to("2026-11-20T00:31:00Z");
    assert_eq!(work(&room.app), 1);
    assert!(!left.exists());
    let export = room.show(&id);
    assert_eq!(
        (&export["state"], &export["rows"]),
        (&json!("done"), &json!(4))
    );
    let file = &room.files()[0];
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);

    // Files that nobody claims go at the next tick; the finished one stays its day.
    let stray = folder.join(ExportId::fresh(room.app.house().clock.now()).to_string());
    std::fs::write(&stray, b"stray").unwrap();
    room.app.clock_to("2026-11-21T00:30:59Z");
    assert_eq!(expire(&room.app), 0);
    assert!(!stray.exists());
    assert_eq!(room.file(&id).status, 200);
    room.app.clock_to("2026-11-21T00:31:00Z");
    room.file(&id).problem("wrong-state");
    assert_eq!(expire(&room.app), 1);
    let export = room.show(&id);
    assert_eq!(export["state"], "expired");
    assert_eq!(text(&export["sha256"]).len(), 64, "the digest stays");
    assert_eq!(room.files(), Vec::<PathBuf>::new());

    // A purge takes every file of the incident.
    let done = room.order(json!({"content": "letters", "format": "xlsx", "reason": "手紙"}));
    work(&room.app);
    let waiting = room.order(json!({"content": "letters", "format": "xlsx", "reason": "手紙"}));
    let incident = room.case.rsplit('/').next().unwrap();
    let house = room.app.house();
    house
        .store
        .write_blocking(|tx| export::remove_files(&house.files, tx, incident))
        .unwrap();
    assert_eq!(room.files(), Vec::<PathBuf>::new());
    assert_eq!(room.show(&done)["state"], ExportState::Expired.as_str());
    assert_eq!(
        room.show(&waiting)["state"],
        ExportState::Cancelled.as_str()
    );
    assert_eq!(work(&room.app), 0);
}

#[test]
fn nobody_of_another_incident_is_inside_and_not_everybody_may_ask() {
    let room = Room::new(ROSTER);
    let other = "氏名,メールアドレス,住所\n他 人子,other@example.jp,京都市\n";
    let (other_case, other_roster) = case_with(&room.app, other);
    let order = json!({"content": "register", "format": "csv-utf8", "reason": "点検"});
    let (export, bytes) = room.export(order.clone());
    assert!(!String::from_utf8_lossy(&bytes).contains("other@example.jp"));
    let id = text(&export["id"]);
    let script = room.script();
    script
        .get(&format!("{other_case}/exports/{id}"))
        .problem("not-found");
    script
        .get(&format!("{other_case}/exports/{id}/file"))
        .problem("not-found");
    let path = format!("{}/exports", room.case);
    let problems =
        json!({"content": "problems", "format": "xlsx", "reason": "x", "roster": other_roster});
    script.post(&path, problems).problem("not-found");
    let no_roster = json!({"content": "problems", "format": "xlsx", "reason": " "});
    let wrong = script.post(&path, no_roster).problem("invalid-input");
    let fields: Vec<_> = wrong["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| text(&it["field"]))
        .collect();
    assert_eq!(fields, ["reason", "roster"]);
    for role in [Role::Legal, Role::Approver, Role::Viewer] {
        let script = room.app.script(role);
        script.post(&path, order.clone()).problem("forbidden");
        script.get(&path).problem("forbidden");
        script
            .get(&format!("{path}/{id}/file"))
            .problem("forbidden");
    }
}

#[test]
fn a_person_orders_follows_and_downloads_it_on_the_page() {
    let room = Room::new(ROSTER);
    let mut browser = room.app.browser();
    browser.open("/sign-in");
    let email = room.app.email(Role::Responder).to_owned();
    let signed = browser.submit("/sign-in", &[("email", &email), ("password", PASSWORD)]);
    assert_eq!(signed.status, 303);
    let base = format!(
        "/incidents/{}/people/exports",
        room.case.rsplit('/').next().unwrap()
    );
    let page = browser
        .open(&format!("{base}?roster={}", room.roster))
        .text();
    assert!(page.contains("value=\"problems\" checked"), "{page}");
    assert!(page.contains("<option value=\"1\" selected>"), "{page}");
    let refused = browser.submit(&base, &[("content", "register"), ("format", "xlsx")]);
    assert_eq!(refused.status, 422);
    let order = [
        ("content", "letters"),
        ("format", "csv-cp932"),
        ("country", "JP"),
        ("reason", "手紙の発送"),
    ];
    assert_eq!(browser.submit(&base, &order).status, 303);
    let waiting = browser.open(&base).text();
    assert!(
        waiting.contains("<progress") && waiting.contains("data-refresh=\"1\""),
        "{waiting}"
    );
    assert_eq!(work(&room.app), 1);
    let done = browser.open(&base).text();
    assert!(!done.contains("<progress"), "{done}");
    let export = &room.script().get(&format!("{}/exports", room.case)).ok()[0];
    let (id, sha256) = (text(&export["id"]), text(&export["sha256"]));
    assert!(done.contains(&sha256) && done.contains("手紙の発送"));
    assert_eq!(
        browser.open(&format!("{base}/{id}/download")).status,
        404,
        "no address gives data"
    );
    browser.open(&base);
    let file = browser.submit(&format!("{base}/{id}/download"), &[]);
    assert_eq!(Sha256::of(&file.bytes).to_string(), sha256);
    assert!(
        file.header("content-disposition")
            .starts_with("attachment; ")
    );
    let name = "INC-2026-0001_%E5%AE%9B%E5%90%8D%E4%B8%80%E8%A6%A7_2026-11-20.csv";
    assert!(
        file.header("content-disposition").ends_with(name),
        "{:?}",
        file.headers
    );
    assert_eq!(file.header("cache-control"), "no-store");
}

/// Declares an incident and imports a roster; gives the address of the one and the id of the other.
fn case_with(app: &TestApp, roster: &str) -> (String, String) {
    let script = app.script(Role::Commander);
    let declared = script
        .post("/api/v1/incidents", json!({"title": "名簿の誤送信"}))
        .ok();
    let case = format!("/api/v1/incidents/{}", text(&declared["id"]));
    let items = [("data_items", "full_name"), ("data_items", "email_address")];
    let path = format!("{case}/rosters");
    let roster = script
        .upload(&path, &items, "名簿.csv", roster.as_bytes())
        .ok();
    assert_eq!(roster["state"], "imported", "{roster}");
    (case, text(&roster["id"]))
}

fn work(app: &TestApp) -> usize {
    runtime().block_on(app.house().run_exporter()).unwrap()
}

fn expire(app: &TestApp) -> usize {
    runtime().block_on(app.house().expire_exports()).unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

fn set_state(room: &Room, state: &str, touched_at: &str) {
    use diesel::connection::SimpleConnection;
    let change =
        format!("UPDATE register_exports SET state = '{state}', touched_at = {touched_at}");
    room.app
        .store()
        .write_blocking(|tx| Ok(tx.batch_execute(&change)?))
        .unwrap();
}

/// A file as an import reads it.
fn read(bytes: &[u8]) -> Vec<Vec<String>> {
    let reading = sheets::survey(Cursor::new(bytes)).unwrap().reading;
    let mut rows = sheets::rows(Cursor::new(bytes), &reading).unwrap();
    let (mut row, mut found) = (sheets::Row::default(), Vec::new());
    let mut width = 0;
    while rows.next(&mut row).unwrap() {
        let mut cells: Vec<_> = row.iter().map(|cell| cell.replace("\r\n", "\n")).collect();
        width = width.max(cells.len());
        cells.resize(width, String::new());
        found.push(cells);
    }
    found
}

fn files_under(folder: &PathBuf) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files_under(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

fn contains(bytes: &[u8], words: &str) -> bool {
    bytes
        .windows(words.len())
        .any(|part| part == words.as_bytes())
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("a text: {value}"))
        .to_owned()
}
