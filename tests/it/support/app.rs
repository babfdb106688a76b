//! A whole server of one test: its own database and folder, a clock that the test moves, a real socket.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::HttpServer;
use serde_json::{Value, json};
use shodo::accounts::{self, Account, AccountId, NewAccount, Passwords, Role};
use shodo::app::server;
use shodo::app::settings::Raw;
use shodo::kernel::{Clock, Instant, Locale, Redacted};
use shodo::outbox::Courier;
use shodo::store::Store;
use shodo::web::State;
use shodo::workflow::House;
use tokio::sync::oneshot;
use ureq::http::{HeaderMap, Request};

use super::db::TestDb;
use super::smtp::SmtpSink;

/// The password of everybody on the test's team.
pub const PASSWORD: &str = "harbour-lantern-42-fox";

/// The organisation's people: one for each role.
const TEAM: [(Role, &str, &str); 6] = [
    (Role::Administrator, "管理 花", "admin@shop.example.jp"),
    (Role::Commander, "指揮 司", "commander@shop.example.jp"),
    (Role::Legal, "法務 令", "legal@shop.example.jp"),
    (Role::Responder, "対応 歩", "responder@shop.example.jp"),
    (Role::Approver, "Dana Approver", "approver@shop.example.jp"),
    (Role::Viewer, "閲覧 望", "viewer@shop.example.jp"),
];

/// A running server; it ends with the value.
pub struct TestApp {
    /// What mail goes to.
    pub sink: SmtpSink,
    house: House,
    address: String,
    accounts: BTreeMap<Role, (Account, String)>,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    // Last: the server lets go of the database first.
    db: TestDb,
}

/// A script that acts as one member of the team.
pub struct Script<'a> {
    app: &'a TestApp,
    token: String,
    language: &'static str,
}

/// A browser: it keeps cookies and follows no redirect by itself.
pub struct Browser {
    agent: ureq::Agent,
    address: String,
    page: OnceCell<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    asked: String,
}

impl TestApp {
    /// Starts a server at this instant, with a team.
    pub fn start(now: &str) -> Self {
        let db = TestDb::new();
        let sink = SmtpSink::start();
        let flags = [
            ("data_dir", db.folder().join("data").display().to_string()),
            ("database_url", db.url().to_owned()),
            ("database_allow_unverified_tls", "true".to_owned()),
            ("max_upload_mib", "1".to_owned()),
        ];
        let mut settings = Raw::gather(None, |_| None, &flags.into())
            .and_then(|raw| raw.parse())
            .expect("settings in order");
        settings.mail = sink.settings();
        let clock = Clock::manual(now.parse().expect("an instant"));
        let house = server::open(&settings, clock).expect("a house");
        let accounts = team(&house);
        let courier = Courier::new(
            house.store.clone(),
            house.vault.clone(),
            house.clock.clone(),
            settings.mail.clone(),
        )
        .expect("a courier");
        let state = State {
            house: house.clone(),
            courier,
            passwords: Passwords::default(),
            demo: false,
            behind_proxy: false,
            max_upload_bytes: settings.max_upload_bytes,
        };
        let (address, running) = serve(state);
        Self {
            sink,
            house,
            address,
            accounts,
            running: Some(running),
            db,
        }
    }

    /// A script with the token of the team's person in this role.
    pub fn script(&self, role: Role) -> Script<'_> {
        Script {
            app: self,
            token: self.accounts[&role].1.clone(),
            language: "en",
        }
    }

    /// A script whose token is this text.
    pub fn script_with(&self, token: &str) -> Script<'_> {
        Script {
            app: self,
            token: token.to_owned(),
            language: "ja",
        }
    }

    /// A browser in which the person of this role has signed in.
    pub fn signed_in(&self, role: Role) -> Browser {
        let mut browser = self.browser();
        browser.open("/sign-in");
        let fields = [("email", self.email(role)), ("password", PASSWORD)];
        assert_eq!(browser.submit("/sign-in", &fields).status, 303);
        browser
    }

    /// A browser that nobody signed in with.
    pub fn browser(&self) -> Browser {
        Browser {
            agent: agent(),
            address: self.address.clone(),
            page: OnceCell::new(),
        }
    }

    /// The account of the team's person in this role.
    pub fn account(&self, role: Role) -> &AccountId {
        &self.accounts[&role].0.id
    }

    /// The address that the person in this role signs in with.
    pub fn email(&self, role: Role) -> &str {
        self.accounts[&role].0.email.reveal()
    }

    /// Moves the clock to this instant.
    pub fn clock_to(&self, instant: &str) {
        let instant: Instant = instant.parse().expect("an instant");
        assert!(instant >= self.house.clock.now(), "time goes forward");
        self.house.clock.set(instant);
    }

    /// The verbs themselves, for what only jobs do.
    pub fn house(&self) -> &House {
        &self.house
    }

    /// The verbs over the same database, as a second server has them.
    pub fn another_house(&self) -> House {
        House {
            store: self.db.another_store(),
            ..self.house.clone()
        }
    }

    /// The database, for tests that damage it.
    pub fn store(&self) -> &Store {
        self.db.store()
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.db.is_postgres()
    }

    /// Where its database is, as settings say it.
    pub fn database_url(&self) -> &str {
        self.db.url()
    }

    /// The server's data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.db.folder().join("data")
    }

    /// Waits until the mail server took this many messages, at most some seconds; gives all of them.
    pub fn mails(&self, at_least: usize) -> Vec<super::smtp::Taken> {
        for _ in 0..200 {
            if self.sink.taken().len() >= at_least {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        // A moment more, so that a double would show.
        std::thread::sleep(Duration::from_millis(300));
        self.sink.taken()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            let _ = stop.send(());
            let ended = thread.join();
            assert!(
                ended.is_ok() || std::thread::panicking(),
                "the server ended badly"
            );
        }
    }
}

impl Script<'_> {
    /// The same script, asking for another language.
    pub fn speaking(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None)
    }

    pub fn post(&self, path: &str, body: Value) -> Reply {
        self.send_json("POST", path, &body)
    }

    pub fn put(&self, path: &str, body: Value) -> Reply {
        self.send_json("PUT", path, &body)
    }

    /// Answers every warning that the checks have for a notice; gives what they found.
    pub fn answer_warnings(&self, notice: &str) -> Value {
        let found = self.get(&format!("{notice}/checks")).ok();
        let answers: serde_json::Map<String, Value> = found["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .filter(|finding| finding["weight"] == "warning")
            .map(|finding| {
                let id = finding["id"].as_str().expect("an id").to_owned();
                (id, Value::from("確かめました。このままで問題ありません。"))
            })
            .collect();
        let body = serde_json::json!({"answers": answers});
        self.put(&format!("{notice}/answers"), body).ok();
        found
    }

    /// Sends a form with texts and a file.
    pub fn upload(&self, path: &str, texts: &[(&str, &str)], name: &str, file: &[u8]) -> Reply {
        const BOUNDARY: &str = "boundary-of-this-test";
        let mut body = Vec::new();
        for (field, text) in texts {
            body.extend_from_slice(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{text}\r\n")
                    .as_bytes(),
            );
        }
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(file);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send("POST", path, Some((&media_type, body)))
    }

    /// Sends bytes as they are.
    pub fn send(&self, method: &str, path: &str, body: Option<(&str, Vec<u8>)>) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.app.address))
            .header("Accept-Language", self.language);
        if !self.token.is_empty() {
            request = request.header("Authorization", format!("Bearer {}", self.token));
        }
        let asked = format!("{method} {path}");
        let response = match body {
            None => agent().run(request.body(()).expect("a request")),
            Some((media_type, bytes)) => agent().run(
                request
                    .header("Content-Type", media_type)
                    .body(bytes)
                    .expect("a request"),
            ),
        };
        Reply::read(asked, response)
    }

    fn send_json(&self, method: &str, path: &str, body: &Value) -> Reply {
        let bytes = body.to_string().into_bytes();
        self.send(method, path, Some(("application/json", bytes)))
    }
}

impl TestApp {
    /// Has the author answer the warnings and hand a notice in, and everybody of its chain approve it.
    pub fn approve(&self, author: Role, notice: &str, version: &Value) -> Value {
        let seen = serde_json::json!({"version": version});
        let script = self.script(author);
        script.answer_warnings(notice);
        let mut stands = script
            .post(&format!("{notice}/submission"), seen.clone())
            .ok();
        let chain: Vec<Value> =
            serde_json::from_str(stands["chain"].as_str().expect("a chain")).expect("JSON");
        for stage in chain {
            let role = match stage["stand_in"].as_bool() {
                Some(true) => Role::Administrator,
                _ => stage["role"]
                    .as_str()
                    .and_then(|role| role.parse().ok())
                    .expect("a role"),
            };
            let path = format!("{notice}/approval");
            stands = self.script(role).post(&path, seen.clone()).ok();
        }
        stands
    }
}

impl Browser {
    /// Opens a page.
    pub fn open(&mut self, path: &str) -> Reply {
        let response = self
            .agent
            .get(format!("{}{path}", self.address))
            .header("Accept-Language", "ja")
            .call();
        let reply = Reply::read(format!("GET {path}"), response);
        self.page = OnceCell::from(reply.text());
        reply
    }

    /// Sends a form of the page that is open, with the secret that the page holds.
    pub fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let page = self.page.get().cloned().unwrap_or_default();
        let csrf = page
            .split("name=\"csrf\" value=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("the open page has a form")
            .to_owned();
        let mut form = vec![("csrf", csrf.as_str())];
        form.extend_from_slice(fields);
        let response = self
            .agent
            .post(format!("{}{path}", self.address))
            .header("Origin", &self.address)
            .send_form(form);
        Reply::read(format!("POST {path}"), response)
    }
}

impl Reply {
    fn read(
        asked: String,
        response: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Self {
        let mut response = response.unwrap_or_else(|error| panic!("{asked}: {error}"));
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            bytes: response
                .body_mut()
                .with_config()
                .limit(64 << 20)
                .read_to_vec()
                .unwrap_or_else(|error| panic!("{asked}: {error}")),
            asked,
        }
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a header of ASCII"))
    }

    /// The JSON of a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "{}: {} {}",
            self.asked,
            self.status,
            self.text()
        );
        if self.bytes.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.bytes).expect("JSON")
    }

    /// The problem that this is; it must be this one, in the form of RFC 9457.
    #[track_caller]
    pub fn problem(&self, code: &str) -> Value {
        let text = self.text();
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}: {text}",
            self.asked
        );
        let body: Value = serde_json::from_slice(&self.bytes).expect("JSON");
        assert_eq!(body["type"], json!(format!("/problems/{code}")), "{text}");
        assert_eq!(body["status"], json!(self.status), "{text}");
        assert_eq!(body["request_id"], json!(self.header("x-request-id")));
        for part in ["title", "detail"] {
            let words = body[part].as_str().unwrap_or_default();
            assert!(
                !words.is_empty() && !words.starts_with("problem-"),
                "{text}"
            );
        }
        for error in body["errors"].as_array().expect("a list") {
            let message = error["message"].as_str().unwrap_or_default();
            assert!(
                !message.is_empty() && !message.starts_with("field-") && !message.contains("{$"),
                "a message without words: {text}"
            );
        }
        body
    }
}

fn team(house: &House) -> BTreeMap<Role, (Account, String)> {
    let hash = Passwords::default()
        .hash_blocking(&Redacted::new(PASSWORD.to_owned()), &[])
        .expect("a hash");
    let now = house.clock.now();
    let make = |(role, name, email): (Role, &str, &str)| {
        let new = NewAccount {
            email: email.to_owned(),
            name: name.to_owned(),
            role,
            locale: if role == Role::Approver {
                Locale::En
            } else {
                Locale::Ja
            },
        };
        let hash = hash.clone();
        let made = house.store.write_blocking(move |tx| {
            let account = accounts::create(tx, now, new, hash)?;
            let (_, token) = accounts::create_token(tx, &account.actor(), now, "journey", None)?;
            Ok((account, token.into_revealed()))
        });
        (role, made.expect("an account"))
    };
    TEAM.into_iter().map(make).collect()
}

/// Runs the server on a thread of its own, as `shodo serve` does on the main one.
fn serve(state: State) -> (String, (oneshot::Sender<()>, JoinHandle<()>)) {
    let (stop, stopped) = oneshot::channel();
    let (ready, address) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let delivering = state.courier.start();
            let server = HttpServer::new(move || server::service(state.clone()))
                .workers(1)
                .disable_signals()
                .bind(("127.0.0.1", 0))
                .expect("a free port");
            let port = server.addrs()[0].port();
            let server = server.run();
            let handle = server.handle();
            let serving = actix_web::rt::spawn(server);
            ready
                .send(format!("http://127.0.0.1:{port}"))
                .expect("the test waits");
            let _ = stopped.await;
            handle.stop(false).await;
            serving.await.expect("no panic").expect("no error");
            delivering.stop().await.expect("mail was put down");
        });
    });
    let address = address.recv().expect("the server starts");
    (address, (stop, thread))
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .into()
}
