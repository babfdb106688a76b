//! The server as it is installed: start, memory, the incident page, its weight.
//!
//! Runs the release binary with its practice incident, and prints each figure
//! beside its limit, at last the ratio of the incident page. Where `BENCH_POSTFIX`
//! names a folder with Postfix, pages are asked for while a sending goes out, too.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot go on stops"
)]

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use shodo::kernel::{Clock, Locale};
use shodo::outbox::{
    self, BatchId, BatchTemplate, Content, EmailAddress, MailSettings, PersonMail, Recipient,
};
use shodo::store::{DatabaseUrl, Store};
use shodo::vault::{Scope, Vault};

const PAGE_LIMIT_MS: f64 = 25.0;
const START_LIMIT_MS: f64 = 1_000.0;
const MEMORY_LIMIT_MB: f64 = 60.0;
const WEIGHT_LIMIT_KB: f64 = 60.0;
const ROUNDS: usize = 300;
const SENDING_LIMIT_MS: f64 = 50.0;
const MESSAGES: usize = 100_000;

struct Server {
    child: Child,
    base: String,
    password: String,
    /// What it prints; closed, the server could not print any more.
    _printed: Option<BufReader<ChildStdout>>,
}

impl Server {
    /// Starts the practice server on a free port; gives it and how long it took until it answered.
    fn start(folder: &Path) -> (Self, Duration) {
        let begun = Instant::now();
        let (mut child, base) = run(folder, &["--demo"], &[]);
        let mut printed = BufReader::new(child.stdout.take().unwrap());
        let password = printed
            .by_ref()
            .lines()
            .map(Result::unwrap)
            .find_map(|line| line.split("shown once: ").nth(1).map(str::to_owned))
            .expect("the server prints the password");
        let server = Self {
            child,
            base,
            password,
            _printed: Some(printed),
        };
        server.wait();
        (server, begun.elapsed())
    }

    /// Starts on the same data as a server for real work, with mail settings that practice does not take.
    fn start_with_mail(folder: &Path, password: &str, settings: &[(&str, &str)]) -> Self {
        let (child, base) = run(folder, &[], settings);
        let server = Self {
            child,
            base,
            password: password.to_owned(),
            _printed: None,
        };
        server.wait();
        server
    }

    fn wait(&self) {
        let begun = Instant::now();
        while ureq::get(format!("{}/sign-in", self.base)).call().is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "the server does not answer"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Resident memory in MB, as Linux counts it.
    fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        let kb: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kb / 1024.0
    }

    fn stop(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The server's process and its address.
fn run(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> (Child, String) {
    let listen = format!("127.0.0.1:{}", free_port());
    let child = Command::new(env!("CARGO_BIN_EXE_shodo"))
        .args(["serve", "--listen", &listen, "--data-dir"])
        .arg(folder)
        .args(arguments)
        .envs(settings.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    (child, format!("http://{listen}"))
}

fn main() {
    // `cargo test --benches` runs this file too; there is nothing to measure then.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("data");
    // The first start makes the practice incident; the measured starts find it there.
    Server::start(&folder).0.stop();
    let mut starts: Vec<f64> = (0..3)
        .map(|_| {
            let (server, took) = Server::start(&folder);
            server.stop();
            took.as_secs_f64() * 1_000.0
        })
        .collect();
    let (server, _) = Server::start(&folder);
    std::thread::sleep(Duration::from_secs(3));
    let memory = server.memory();

    let agent = signed_in(&server);
    let base = &server.base;
    let incident = first_incident(&agent, base);

    let page = agent
        .get(&incident)
        .header("accept-encoding", "gzip")
        .call()
        .unwrap();
    assert_eq!(page.status(), 200, "incident page");
    let mut weight = compressed(&agent, &incident);
    let html = agent
        .get(&incident)
        .call()
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    let mut assets: Vec<&str> = html
        .split('"')
        .filter(|text| text.starts_with("/assets/"))
        .map(|text| text.split('#').next().unwrap())
        .collect();
    assets.sort_unstable();
    assets.dedup();
    for asset in &assets {
        weight += compressed(&agent, &format!("{base}{asset}"));
    }
    let weight = weight as f64 / 1_000.0;

    let mut times: Vec<f64> = (0..ROUNDS).map(|_| look(&agent, &incident)).collect();
    let after = server.memory();
    let password = server.password.clone();
    server.stop();

    let start = median(&mut starts);
    let page = median(&mut times);
    let slowest = times[ROUNDS * 99 / 100];
    println!("start: {start:.0} ms, median of 3, limit {START_LIMIT_MS:.0} ms");
    println!(
        "idle memory: {memory:.1} MB, limit {MEMORY_LIMIT_MB:.0} MB (after {ROUNDS} pages: {after:.1} MB)"
    );
    println!(
        "page weight: {weight:.1} kB gzip with {} assets, limit {WEIGHT_LIMIT_KB:.0} kB",
        assets.len()
    );
    println!(
        "incident page: median {page:.2} ms, p99 {slowest:.2} ms over loopback, limit {PAGE_LIMIT_MS:.0} ms"
    );
    println!("server ratio={:.3} limit=1", page / PAGE_LIMIT_MS);
    let sending = std::env::var("BENCH_POSTFIX").ok().map(|postfix| {
        let slowest = while_mail_goes_out(&folder, &password, Path::new(&postfix));
        println!("sending ratio={:.3} limit=1", slowest / SENDING_LIMIT_MS);
        slowest
    });
    let kept = start <= START_LIMIT_MS
        && memory <= MEMORY_LIMIT_MB
        && weight <= WEIGHT_LIMIT_KB
        && page <= PAGE_LIMIT_MS
        && sending.is_none_or(|slowest| slowest <= SENDING_LIMIT_MS);
    assert!(kept, "a limit was passed");
}

/// The 99th of a hundred answers of the pages while [`MESSAGES`] go out to Postfix's `smtp-sink`, in ms.
fn while_mail_goes_out(folder: &Path, password: &str, postfix: &Path) -> f64 {
    let port = free_port();
    let sink = postfix.join("usr/sbin/smtp-sink");
    let libraries = ["usr/lib/postfix", "usr/lib/x86_64-linux-gnu"].map(|part| postfix.join(part));
    let mut sink = Command::new(sink)
        .env("LD_LIBRARY_PATH", std::env::join_paths(libraries).unwrap())
        .args(["-u", "nobody", &format!("127.0.0.1:{port}"), "1024"])
        .spawn()
        .unwrap();
    let store = Store::open(DatabaseUrl::Sqlite(folder.join("shodo.db"))).unwrap();
    let batch = queue(&store, &Vault::open_or_create(folder).unwrap());
    let server = Server::start_with_mail(
        folder,
        password,
        &[
            ("SHODO_MAIL_TRANSPORT", "smtp"),
            ("SHODO_SMTP_HOST", "127.0.0.1"),
            ("SHODO_SMTP_PORT", &port.to_string()),
            ("SHODO_SMTP_TLS", "none"),
            ("SHODO_SMTP_CONNECTIONS", "4"),
        ],
    );
    let agent = signed_in(&server);
    let base = &server.base;
    let incident = first_incident(&agent, base);
    let sent = || {
        store
            .read_blocking(|conn| outbox::counts(conn, &batch))
            .unwrap()
            .sent
    };
    while sent() == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let (begun, before) = (Instant::now(), sent());
    let pages = ["/incidents".to_owned(), incident.replacen(base, "", 1)];
    let pages = pages.map(|page| format!("{base}{page}"));
    let mut times = Vec::new();
    while sent() < MESSAGES as i64 * 9 / 10 {
        times.extend(pages.iter().map(|page| look(&agent, page)));
        // Somebody who reads: a page a tenth of a second, not as many as the machine gives.
        std::thread::sleep(Duration::from_millis(100));
    }
    let rate = (sent() - before) as f64 / begun.elapsed().as_secs_f64();
    server.stop();
    sink.kill().unwrap();
    sink.wait().unwrap();
    let middle = median(&mut times);
    let slowest = times[times.len() * 99 / 100];
    println!(
        "while mail goes out at {rate:.0} a second: {} pages, median {middle:.2} ms, p99 {slowest:.2} ms, limit {SENDING_LIMIT_MS:.0} ms",
        times.len()
    );
    slowest
}

/// Queues a sending to made-up people.
fn queue(store: &Store, vault: &Vault) -> BatchId {
    let now = Clock::System.now();
    let sentence =
        "ご迷惑とご心配をおかけしておりますことを、心よりお詫び申し上げます。".repeat(12);
    let notice = BatchTemplate {
        variables: ["name".to_owned()].into(),
        ja: Some(Content {
            subject: "【重要】個人情報の漏えいに関するお詫びとお知らせ".to_owned(),
            text: format!("{{{{name}}}} 様\n\n{sentence}\n"),
            html: Some(format!("<p>{{{{name}}}} 様</p><p>{sentence}</p>")),
        }),
        en: None,
    };
    let address = |text: &str, name: &str| Recipient::new(EmailAddress::parse(text).unwrap(), name);
    let settings = MailSettings {
        from_address: "privacy@shop.example.jp".to_owned(),
        ..MailSettings::default()
    };
    store
        .write_blocking(|tx| {
            let scope = Scope::people("0199aaaa-0000-7000-8000-000000000001");
            let batch = outbox::open_batch(tx, vault, now, &scope, &settings.sender()?, notice)?;
            for number in 0..MESSAGES {
                let name = format!("髙橋 さくら{number}");
                let person = PersonMail {
                    subject_id: number.to_string(),
                    to: address(&format!("person{number}@example.jp"), &name),
                    locale: Locale::Ja,
                    variables: [("name".to_owned(), name)].into(),
                };
                batch.push(tx, now, person)?;
            }
            batch.finish(tx, now)
        })
        .unwrap()
}

/// Asks for a page; gives how long it took in ms.
fn look(agent: &ureq::Agent, address: &str) -> f64 {
    let begun = Instant::now();
    let mut answer = agent.get(address).call().unwrap();
    answer.body_mut().read_to_string().unwrap();
    begun.elapsed().as_secs_f64() * 1_000.0
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A browser of the commander.
fn signed_in(server: &Server) -> ureq::Agent {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .max_redirects(0)
        .build()
        .into();
    let base = &server.base;
    let sign_in = agent
        .get(format!("{base}/sign-in"))
        .call()
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    let csrf = between(&sign_in, "name=\"csrf\" value=\"", "\"").to_owned();
    let form = [
        ("csrf", csrf.as_str()),
        ("email", "sato@example.jp"),
        ("password", &server.password),
    ];
    let answer = agent
        .post(format!("{base}/sign-in"))
        .header("origin", base)
        .send_form(form)
        .unwrap();
    assert_eq!(answer.status(), 303, "sign-in");
    agent
}

/// The address of an incident that the board lists.
fn first_incident(agent: &ureq::Agent, base: &str) -> String {
    let board = agent
        .get(format!("{base}/incidents"))
        .call()
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    // Ids begin with a zero for some centuries to come; "new" does not.
    let id: String = between(&board, "href=\"/incidents/0", "\"")
        .chars()
        .take(35)
        .collect();
    format!("{base}/incidents/0{id}")
}

/// The bytes of an answer as they cross the wire.
fn compressed(agent: &ureq::Agent, address: &str) -> usize {
    let mut answer = agent
        .get(address)
        .header("accept-encoding", "gzip")
        .call()
        .unwrap();
    let mut bytes = Vec::new();
    answer
        .body_mut()
        .as_reader()
        .read_to_end(&mut bytes)
        .unwrap();
    bytes.len()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start)
        .and_then(|(_, rest)| rest.split_once(end))
        .map(|(found, _)| found)
        .expect(start)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
