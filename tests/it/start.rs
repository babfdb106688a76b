//! The real binary: starting, refusing to start, stopping, dying, and its commands without a server.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops where what it stands on is missing"
)]

mod crash;
mod import_crash;
pub mod process;

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use process::{Server, free_address, printed, run, run_with_input, shodo, text};
use serde_json::{Value, json};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Every file below a folder, from the folder on.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// An agent that follows nothing and takes every status for an answer.
fn browser() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into()
}

fn get(agent: &ureq::Agent, address: &str) -> (u16, String) {
    let mut answer = agent.get(address).call().expect("an answer");
    let body = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), body)
}

#[test]
fn with_nothing_configured_it_starts_is_set_up_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(shodo(folder.path(), ["serve"]));
    let data = folder.path().join("shodo-data");
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("master.key")), 0o600);
    assert_eq!(mode(&data.join("signing.key")), 0o600);
    assert!(data.join("shodo.db").is_file());

    assert!(server.line().unwrap().contains("first administrator"));
    let link = server.line().unwrap();
    assert!(
        link.starts_with(&format!("{}/links/", server.address)),
        "{link}"
    );

    let agent = browser();
    let (status, page) = get(&agent, &link);
    assert_eq!(status, 200);
    let secret = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
    let secret = secret.split('"').next().unwrap();
    let answer = agent
        .post(&link)
        .header("origin", &server.address)
        .send_form([
            ("csrf", secret),
            ("name", "管理 太郎"),
            ("email", "admin@example.jp"),
            ("new_password", "harbour-lantern-42-fox"),
            ("name_ja", "株式会社さくら商店"),
            ("desk_name_ja", "お客様情報窓口"),
            ("desk_phone", "0120-000-000"),
        ])
        .expect("an answer");
    assert_eq!(answer.status(), 303);
    assert_eq!(get(&agent, &format!("{}/account", server.address)).0, 200);
    let (again, _) = get(&browser(), &link);
    assert!(again >= 400, "the link works once, and answered {again}");

    let (status, took) = server.terminate();
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(10), "{took:?}");

    let server = Server::start(shodo(folder.path(), ["serve"]));
    assert!(server.is_silent(), "set up once, it prints no link");
    assert_eq!(get(&agent, &format!("{}/account", server.address)).0, 200);
    assert!(server.terminate().0.success());
}

/// Environment, settings file, flags, and what the refusal must say.
type Refusal<'a> = (
    &'a [(&'a str, &'a str)],
    &'a str,
    &'a [&'a str],
    &'a [&'a str],
);

#[test]
fn a_wrong_setting_is_named_with_its_origin_and_what_is_allowed() {
    let cases: [Refusal<'_>; 9] = [
        (
            &[("SHODO_LISTEN", "8080")],
            "",
            &[],
            &["listen (environment SHODO_LISTEN)", "address and port"],
        ),
        (
            &[],
            "",
            &["--set", "max_upload_mib=0"],
            &["max_upload_mib (flag)", "1 to 65536"],
        ),
        (
            &[],
            "log_format = \"xml\"",
            &[],
            &["log_format (file shodo.toml)", "text or json"],
        ),
        (
            &[],
            "time_zone = \"Asia/Nowhere\"",
            &[],
            &["time_zone (file shodo.toml)", "IANA"],
        ),
        (
            &[("SHODO_MAIL_TRANSPORT", "pigeon")],
            "",
            &[],
            &[
                "mail_transport (environment SHODO_MAIL_TRANSPORT)",
                "or smtp",
            ],
        ),
        (&[], "mail_transport = \"smtp\"", &[], &["smtp_host"]),
        (
            &[],
            "",
            &["--set", "colour=red"],
            &["colour (flag)", "no setting of this name"],
        ),
        (
            &[],
            "lisen = \"127.0.0.1:1\"",
            &[],
            &["lisen (file shodo.toml)", "no setting of this name"],
        ),
        (
            &[("SHODO_SMTP_PASSWORD_FILE", "/nonexistent/password")],
            "",
            &[],
            &["smtp_password", "/nonexistent/password cannot be read"],
        ),
    ];
    for (environment, file, arguments, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        if !file.is_empty() {
            fs::write(folder.path().join("shodo.toml"), file).unwrap();
        }
        let before = files(folder.path());
        let output = run(shodo(folder.path(), ["serve"])
            .args(arguments)
            .envs(environment.iter().copied()));
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{message}");
        for words in expected {
            assert!(message.contains(words), "{words:?} is not in {message}");
        }
        assert_eq!(text(&output.stdout), "");
        assert_eq!(
            files(folder.path()),
            before,
            "a refused start makes nothing"
        );
    }
}

#[test]
fn a_taken_port_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(&mut shodo(folder.path(), ["serve", "--listen", &address]));
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(
        message.contains(&format!("{address} is taken")),
        "{message}"
    );
}

#[test]
fn a_mistyped_database_address_makes_no_database() {
    let nobody = free_address();
    for address in [
        "postgre://shodo:s3cret@db.example.com/shodo",
        "sqllite:shodo.db",
        "shodo.db",
        "sqlite:",
        "sqlite:nowhere/shodo.db",
        &format!("postgres://shodo:s3cret@{nobody}/shodo"),
        "postgres://shodo:s3cret@db.example.com/shodo?sslmode=disable",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let output = run(shodo(folder.path(), ["serve", "--listen", &free_address()])
            .env("SHODO_DATABASE_URL", address));
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{address}: {message}");
        assert!(!message.contains("s3cret"), "{address}: {message}");
        let made: Vec<_> = files(folder.path())
            .into_iter()
            .filter(|path| path.extension().is_none_or(|extension| extension != "key"))
            .collect();
        assert_eq!(made, Vec::<PathBuf>::new(), "{address}");
    }
}

#[test]
fn check_config_tells_every_origin_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("shodo.toml"),
        "time_zone = \"UTC\"\nsmtp_host = \"mail.example.jp\"\nsmtp_user = \"shodo\"",
    )
    .unwrap();
    fs::write(folder.path().join("password"), "s3cret-of-the-mail\n").unwrap();
    let before = files(folder.path());
    let shown = printed(
        shodo(
            folder.path(),
            ["check-config", "--listen", "127.0.0.1:9000"],
        )
        .env("SHODO_LOG_LEVEL", "debug")
        .env("SHODO_SMTP_PASSWORD_FILE", "password")
        .env(
            "SHODO_DATABASE_URL",
            "postgres://shodo:s3cret-of-the-database@127.0.0.1/shodo",
        ),
    );
    for lines in [
        "listen = 127.0.0.1:9000\n    from: flag",
        "time_zone = UTC\n    from: file shodo.toml",
        "log_level = debug\n    from: environment SHODO_LOG_LEVEL",
        "smtp_password = (secret, not shown)\n    from: file password named by SHODO_SMTP_PASSWORD_FILE",
        "database_url = (secret, not shown)\n    from: environment SHODO_DATABASE_URL",
        "data_dir = shodo-data\n    from: default",
        "All settings are in order.",
    ] {
        assert!(shown.contains(lines), "{lines:?} is not in {shown}");
    }
    assert!(!shown.contains("s3cret"), "{shown}");
    assert_eq!(files(folder.path()), before, "looking makes nothing");

    let output = run(shodo(folder.path(), ["check-config"]).env("SHODO_LOG_LEVEL", "loud"));
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("log_level (environment SHODO_LOG_LEVEL)"));
}

#[test]
fn a_practice_server_stays_on_this_machine() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        let folder = tempfile::tempdir().unwrap();
        let output = run(&mut shodo(
            folder.path(),
            ["serve", "--demo", "--listen", address],
        ));
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{address}: {message}");
        assert!(
            message.contains("listen") && message.contains("127.0.0.1"),
            "{message}"
        );
        assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
    }
}

#[test]
fn a_practice_server_says_who_can_sign_in() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(shodo(folder.path(), ["serve", "--demo"]));
    let sentence = server.line().unwrap();
    let password = sentence.rsplit(' ').next().unwrap().to_owned();
    let agent = browser();
    let (_, page) = get(&agent, &format!("{}/sign-in", server.address));
    let secret = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
    let answer = agent
        .post(&format!("{}/sign-in", server.address))
        .header("origin", &server.address)
        .send_form([
            ("csrf", secret.split('"').next().unwrap()),
            ("email", "sato@example.jp"),
            ("password", &password),
        ])
        .unwrap();
    assert_eq!(answer.status(), 303);
    assert_eq!(get(&agent, &format!("{}/account", server.address)).0, 200);
    assert!(server.terminate().0.success());
    assert!(
        !folder.path().join("shodo-data").exists(),
        "real work has a folder of its own"
    );

    let verdict = run(&mut shodo(
        folder.path(),
        ["verify", "--data-dir", "shodo-demo"],
    ));
    assert!(verdict.status.success(), "{}", text(&verdict.stderr));
    assert_eq!(text(&verdict.stdout), "");
}

/// A leak of 1001 people's data, and the moment that a department knew of it.
fn case(known_at: &str, attack: bool) -> Value {
    json!({
        "facts": {
            "personal_data_involved": { "known": true },
            "breach_nature": { "known": ["leak"] },
            "special_care_data": { "known": false },
            "property_damage_risk": { "known": false },
            "improper_purpose": { "known": attack },
            "act_against_business": { "known": attack },
            "people_affected": { "known": { "exactly": 1001 } },
            "protection": { "known": "not_protected" },
            "our_role": { "known": "own_data" },
            "gdpr_applies": { "known": false },
            "my_number_involved": { "known": false },
            "contact_difficult": { "known": false }
        },
        "regimes": ["jp-appi"], "clock_starts": { "any_department_knew": { "at": known_at } }
    })
}

fn due_day<'a>(answer: &'a Value, clock: &str) -> &'a str {
    answer["dues"]
        .as_array()
        .unwrap()
        .iter()
        .find(|due| due["duty_id"] == "jp-appi/final-report" && due["clock"] == clock)
        .unwrap_or_else(|| panic!("no {clock} in {answer}"))["at"]["day"]
        .as_str()
        .unwrap()
}

#[test]
fn the_binary_assesses_every_day_of_a_year_without_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let mut table =
        csv::Reader::from_reader(include_str!("../fixtures/appi_deadlines.csv").as_bytes());
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 365);
    let input: String = rows
        .iter()
        .flat_map(|row| {
            let at = format!("{}T00:00:00+09:00", &row[0]);
            [false, true].map(|attack| format!("{}\n", case(&at, attack)))
        })
        .collect();
    let output = run_with_input(
        &mut shodo(folder.path(), ["assess", "--jsonl", "-"]),
        &input,
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    let answers: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), 730);
    for (row, answers) in rows.iter().zip(answers.chunks(2)) {
        assert_eq!(
            due_day(&answers[0], "day-30"),
            &row[2],
            "day 30 from {}",
            &row[0]
        );
        assert_eq!(
            due_day(&answers[1], "day-60"),
            &row[4],
            "day 60 from {}",
            &row[0]
        );
    }
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn the_binary_assesses_one_case_and_describes_its_input() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("facts.json");
    fs::write(&path, case("2026-12-01T09:00:00+09:00", false).to_string()).unwrap();
    let answer = printed(&mut shodo(folder.path(), ["assess", "facts.json"]));
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(due_day(&answer, "day-30"), "2027-01-04");

    let schema = printed(&mut shodo(folder.path(), ["assess", "--schema"]));
    let schema: Value = serde_json::from_str(&schema).unwrap();
    for name in ["facts", "clock_starts", "as_of", "regimes"] {
        assert!(schema["properties"][name].is_object(), "{name}");
    }
    let schema = printed(&mut shodo(folder.path(), ["export", "--schema"]));
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert_eq!(&schema, shodo::reports::json::schema());

    fs::write(
        &path,
        r#"{"facts": {"people_affected": {"known": {"exactly": -1}}}, "fact": 1}"#,
    )
    .unwrap();
    let output = run(&mut shodo(folder.path(), ["assess", "facts.json"]));
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        message.contains("people_affected") && message.contains("no such key"),
        "{message}"
    );

    let lines = format!("{}\n{{\n", case("2026-12-01T09:00:00+09:00", false));
    let output = run_with_input(
        &mut shodo(folder.path(), ["assess", "--jsonl", "-"]),
        &lines,
    );
    assert_eq!(
        output.status.code(),
        Some(1),
        "a line that cannot be read is told to the caller"
    );
    assert_eq!(
        text(&output.stdout).lines().count(),
        2,
        "and the others are answered"
    );
}
