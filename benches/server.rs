//! The server as it is installed: start, memory, the incident page, its weight.
//!
//! Runs the release binary with its practice incident, and prints each figure
//! beside its limit; the last line is the ratio of the incident page.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot go on stops"
)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PAGE_LIMIT_MS: f64 = 25.0;
const START_LIMIT_MS: f64 = 1_000.0;
const MEMORY_LIMIT_MB: f64 = 60.0;
const WEIGHT_LIMIT_KB: f64 = 60.0;
const ROUNDS: usize = 300;

struct Server {
    child: Child,
    base: String,
    password: String,
}

impl Server {
    /// Starts on a free port; gives the server and how long it took until it answered.
    fn start(folder: &std::path::Path) -> (Self, Duration) {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let base = format!("http://127.0.0.1:{port}");
        let begun = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_shodo"))
            .args([
                "serve",
                "--demo",
                "--listen",
                &format!("127.0.0.1:{port}"),
                "--data-dir",
            ])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let password = lines
            .by_ref()
            .map(Result::unwrap)
            .find_map(|line| line.split("shown once: ").nth(1).map(str::to_owned))
            .expect("the server prints the password");
        while ureq::get(format!("{base}/sign-in")).call().is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "the server does not answer"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
        let took = begun.elapsed();
        (
            Self {
                child,
                base,
                password,
            },
            took,
        )
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
    let incident = format!("{base}/incidents/0{id}");

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

    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            let mut answer = agent.get(&incident).call().unwrap();
            answer.body_mut().read_to_string().unwrap();
            begun.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    let after = server.memory();
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
    let kept = start <= START_LIMIT_MS
        && memory <= MEMORY_LIMIT_MB
        && weight <= WEIGHT_LIMIT_KB
        && page <= PAGE_LIMIT_MS;
    assert!(kept, "a limit was passed");
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
