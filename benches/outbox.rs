//! Measures the outbox against Postfix's own generator, nodemailer and smtplib.
//!
//! `BENCH_POSTFIX=FOLDER cargo bench --bench outbox` queues made-up people in a SQLite
//! outbox, starts `smtp-sink`, and in each of three rounds sends the same kind of
//! message by `smtp-source -s 4`, by the outbox over four connections (opened from the
//! vault, rendered, recorded; a process of its own, whose peak of resident memory is the
//! kernel's), and by the peers under `benches/peers` (which only render and send). Then
//! a thousand and `BENCH_MANY` (1,000,000) messages, with alerts queued behind the many
//! and the queries of the pages while they go out. `FOLDER` is where Debian's packages
//! `postfix`, `libicu72` and `libnsl2` were unpacked by `dpkg -x`; `BENCH_PEERS` is a
//! folder where `npm install nodemailer` was run. `docs/BENCHMARKS.md` has the commands.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot go on stops"
)]

use std::collections::BTreeMap;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant as Stopwatch};

use shodo::kernel::{Clock, Locale};
use shodo::outbox::{
    self, BatchId, BatchTemplate, Content, Courier, EmailAddress, MailSettings, PersonMail,
    Recipient, Security, SmtpSettings, State, TeamMail, TransportKind,
};
use shodo::store::{DatabaseUrl, Store};
use shodo::vault::{Scope, Vault};

const CONNECTIONS: usize = 4;
const SENTENCE: &str = "このたびは、お客様の個人情報が外部に漏えいした可能性のある事案が発生し、ご迷惑とご心配をおかけしておりますことを、心よりお詫び申し上げます。";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--queue") {
        // For a profiler: only queues, so that `--child` can be run by hand.
        let messages = arguments[at + 2].parse().expect("a number");
        return drop(queued(Path::new(&arguments[at + 1]), messages));
    }
    if let Some(at) = arguments.iter().position(|argument| argument == "--child") {
        return child(&arguments[at + 1..]);
    }
    let messages = number("BENCH_MESSAGES", 20_000);
    let rounds = number("BENCH_ROUNDS", 3);
    let many = number("BENCH_MANY", 1_000_000);
    let postfix =
        PathBuf::from(std::env::var("BENCH_POSTFIX").expect("BENCH_POSTFIX names a folder"));
    let peers = std::env::var("BENCH_PEERS").ok().map(PathBuf::from);
    let folder = tempfile::tempdir_in(std::env::var("BENCH_DIR").unwrap_or_else(|_| ".".into()))
        .expect("a folder for the measurement");
    let size = size_of_a_message(folder.path());
    println!("{messages} messages of {size} bytes, {CONNECTIONS} connections, {rounds} rounds");
    let sink = Sink::start(&postfix);

    let mut rates: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for round in 0..rounds {
        let mut line = format!("round {round}:");
        let data = queued(folder.path(), messages);
        let mut note = |name: &'static str, rate: f64| {
            line += &format!(" {name} {rate:.0}/s");
            rates.entry(name).or_default().push(rate);
        };
        note("smtp-source", sink.smtp_source(messages, size));
        let run = sent(&data, sink.port);
        note("shodo", run.rate);
        if let Some(peers) = &peers {
            note(
                "nodemailer",
                peer("node", peers, "nodemailer.mjs", sink.port, 2_000),
            );
            note(
                "smtplib",
                peer("python3", peers, "smtplib_sender.py", sink.port, 600),
            );
        }
        println!("{line}; shodo's CPU {:.0} µs a message", run.cpu);
        std::fs::remove_dir_all(data).ok();
    }
    let medians: BTreeMap<&str, f64> = rates
        .iter_mut()
        .map(|(name, rates)| (*name, median(rates)))
        .collect();
    for (name, limit) in [("smtp-source", 0.5), ("nodemailer", 4.0), ("smtplib", 10.0)] {
        if let Some(rate) = medians.get(name) {
            println!(
                "shodo {:.0}/s, {name} {rate:.0}/s: ratio {:.2} (limit {limit})",
                medians["shodo"],
                medians["shodo"] / rate
            );
        }
    }
    if many > 0 {
        let few = sent(&queued(folder.path(), 1_000), sink.port);
        let data = queued(folder.path(), many);
        let run = sent(&data, sink.port);
        println!(
            "peak of resident memory: {:.0} MB for 1000 messages, {:.0} MB for {many} ({:.0}/s)",
            few.peak, run.peak, run.rate
        );
        println!("{}", run.notes);
    }
}

struct Run {
    rate: f64,
    cpu: f64,
    peak: f64,
    notes: String,
}

/// Queues messages in a new database; gives its folder.
fn queued(folder: &Path, messages: usize) -> PathBuf {
    let data = folder.join(format!("data-{messages}"));
    std::fs::create_dir_all(&data).expect("a folder");
    let begun = Stopwatch::now();
    let (store, vault) = open(&data);
    store.migrate().expect("migrated");
    let now = Clock::System.now();
    let from = settings(1).sender().expect("a sender");
    store
        .write_blocking(|tx| {
            let scope = Scope::people("0199aaaa-0000-7000-8000-000000000001");
            let batch = outbox::open_batch(tx, &vault, now, &scope, &from, notice())?;
            for number in 0..messages {
                batch.push(tx, now, person(number))?;
            }
            batch.finish(tx, now)
        })
        .expect("queued");
    if messages > 100_000 {
        println!(
            "queued {messages} in {:.1} s",
            begun.elapsed().as_secs_f64()
        );
    }
    data
}

/// Sends all that is queued, in a process of its own.
fn sent(data: &Path, port: u16) -> Run {
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["--child", &data.display().to_string(), &port.to_string()])
        .stderr(Stdio::inherit())
        .output()
        .expect("the child ran");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut lines = text.lines();
    let figures: Vec<f64> = lines
        .next()
        .unwrap_or_default()
        .split(' ')
        .map(|figure| figure.parse().expect("a figure"))
        .collect();
    Run {
        rate: figures[0],
        cpu: figures[1],
        peak: figures[2],
        notes: lines.collect::<Vec<_>>().join("\n"),
    }
}

fn child(arguments: &[String]) {
    let data = Path::new(&arguments[0]);
    let port = arguments[1].parse().expect("a port");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let (store, vault) = open(data);
        let clock = Clock::System;
        let courier = Courier::new(store.clone(), vault.clone(), clock.clone(), settings(port))
            .expect("valid settings");
        let batch = only_batch(&store);
        let total = usize::try_from(counts(&store, &batch).await.queued).expect("a count");
        let watch = (total > 100_000)
            .then(|| tokio::spawn(watch(store.clone(), vault, clock, batch.clone())));
        let begun = Stopwatch::now();
        let pass = courier.pass().await.expect("a round");
        let seconds = begun.elapsed().as_secs_f64();
        assert_eq!(
            counts(&store, &batch).await.sent,
            i64::try_from(total).expect("a count")
        );
        assert!(pass.sent >= total, "{pass:?}");
        let cpu = cpu_seconds() / total as f64 * 1e6;
        println!("{} {cpu} {}", total as f64 / seconds, peak_mb());
        if let Some(watch) = watch {
            println!("{}", watch.await.expect("the watch ended"));
        }
    });
}

/// While a batch goes out: how long alerts take, and the queries of a page that shows it.
async fn watch(store: Store, vault: Vault, clock: Clock, batch: BatchId) -> String {
    let (mut alerts, mut pages) = (Vec::new(), Vec::new());
    let mut number = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let (of, now) = (batch.clone(), clock.now());
        let begun = Stopwatch::now();
        let progress = store
            .read(move |conn| outbox::progress(conn, &of, now))
            .await
            .expect("progress");
        pages.push(begun.elapsed().as_secs_f64() * 1e3);
        if progress.counts.queued < 20_000 {
            break;
        }
        number += 1;
        if number % 10 != 0 {
            continue;
        }
        let begun = Stopwatch::now();
        let key = vault.clone();
        let id = store
            .write(move |tx| {
                let from = settings(1).sender()?;
                let mail = TeamMail {
                    to: recipient("ken@example.com", "佐藤 健"),
                    content: Content {
                        subject: "期限が近づいています".to_owned(),
                        text: "本文".to_owned(),
                        html: None,
                    },
                    subject_id: None,
                };
                outbox::enqueue(tx, &key, now, &Scope::server(), &from, mail)
            })
            .await
            .expect("queued");
        loop {
            let id = id.clone();
            let delivery = store
                .read(move |conn| outbox::delivery(conn, &id))
                .await
                .expect("a delivery");
            if delivery.state == State::Sent {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        alerts.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    alerts.sort_by(f64::total_cmp);
    pages.sort_by(f64::total_cmp);
    let at = |list: &[f64], part: usize| list[(list.len() - 1) * part / 100];
    format!(
        "{} alerts behind it: median {:.0} ms, slowest {:.0} ms (limit 2000); progress, {} looks: p50 {:.1} ms, p99 {:.1} ms (limit 50)",
        alerts.len(),
        at(&alerts, 50),
        at(&alerts, 100),
        pages.len(),
        at(&pages, 50),
        at(&pages, 99)
    )
}

fn only_batch(store: &Store) -> BatchId {
    store
        .read_blocking(outbox::news)
        .expect("the batches")
        .pop()
        .expect("one batch")
        .id
}

async fn counts(store: &Store, batch: &BatchId) -> outbox::Counts {
    let batch = batch.clone();
    store
        .read(move |conn| outbox::counts(conn, &batch))
        .await
        .expect("counts")
}

fn open(data: &Path) -> (Store, Vault) {
    let vault = Vault::open_or_create(data).expect("keys");
    let url = DatabaseUrl::parse(
        &format!("sqlite:{}", data.join("shodo.db").display()),
        false,
    )
    .expect("an address");
    (Store::open(url).expect("a database"), vault)
}

fn settings(port: u16) -> MailSettings {
    MailSettings {
        transport: TransportKind::Smtp,
        from_address: "privacy@shop.example.jp".to_owned(),
        from_name: "お客様情報保護窓口".to_owned(),
        smtp: SmtpSettings {
            host: "127.0.0.1".to_owned(),
            port,
            security: Security::None,
            connections: CONNECTIONS,
            ..SmtpSettings::default()
        },
        window: number("BENCH_WINDOW", MailSettings::default().window),
        ..MailSettings::default()
    }
}

fn recipient(address: &str, name: &str) -> Recipient {
    Recipient::new(EmailAddress::parse(address).expect("an address"), name)
}

fn person(number: usize) -> PersonMail {
    let name = format!("髙橋 さくら{number}");
    PersonMail {
        subject_id: number.to_string(),
        to: recipient(&format!("person{number}@example.jp"), &name),
        locale: Locale::Ja,
        variables: BTreeMap::from([("name".to_owned(), name)]),
    }
}

fn notice() -> BatchTemplate {
    let text = format!("{{{{name}}}} 様\n\n{}\n", [SENTENCE; 6].join("\n\n"));
    let html = format!(
        "<p>{{{{name}}}} 様</p><p>{}</p>",
        [SENTENCE; 6].join("</p><p>")
    );
    BatchTemplate {
        variables: ["name".to_owned()].into(),
        ja: Some(Content {
            subject: "【重要】個人情報の漏えいに関するお詫びとお知らせ".to_owned(),
            text,
            html: Some(html),
        }),
        en: None,
    }
}

/// The size of a message as it goes over the line, by the directory transport.
fn size_of_a_message(folder: &Path) -> usize {
    let data = queued(folder, 1);
    let (store, vault) = open(&data);
    let settings = MailSettings {
        transport: TransportKind::Directory,
        directory: data.join("mail"),
        ..settings(1)
    };
    let courier = Courier::new(store, vault, Clock::System, settings).expect("valid settings");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(courier.pass()).expect("a round");
    let list = outbox::list_directory(&data.join("mail"), 1).expect("a list");
    let file = data.join("mail").join(format!("{}.eml", list[0].id));
    let size = std::fs::metadata(file).expect("the file").len();
    std::fs::remove_dir_all(data).ok();
    usize::try_from(size).expect("a size")
}

/// A running `smtp-sink`.
struct Sink {
    process: Child,
    port: u16,
    postfix: PathBuf,
}

impl Sink {
    fn start(postfix: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let process = of_postfix(postfix, "smtp-sink")
            .args(["-u", "nobody", &format!("127.0.0.1:{port}"), "1024"])
            .stdout(Stdio::null())
            .spawn()
            .expect("smtp-sink starts");
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        Self {
            process,
            port,
            postfix: postfix.to_owned(),
        }
    }

    /// Messages a second of Postfix's own generator, over connections that stay open.
    fn smtp_source(&self, messages: usize, size: usize) -> f64 {
        let begun = Stopwatch::now();
        let status = of_postfix(&self.postfix, "smtp-source")
            .args(["-d", "-s", &CONNECTIONS.to_string()])
            .args(["-m", &messages.to_string(), "-l", &size.to_string()])
            .args(["-f", "privacy@shop.example.jp", "-t", "person@example.jp"])
            .arg(format!("127.0.0.1:{}", self.port))
            .status()
            .expect("smtp-source starts");
        assert!(status.success(), "smtp-source: {status}");
        messages as f64 / begun.elapsed().as_secs_f64()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn of_postfix(postfix: &Path, name: &str) -> Command {
    let mut command = Command::new(postfix.join("usr/sbin").join(name));
    let libraries = [
        postfix.join("usr/lib/postfix"),
        postfix.join("usr/lib/x86_64-linux-gnu"),
    ];
    let libraries = std::env::join_paths(libraries).expect("paths");
    command
        .env("LD_LIBRARY_PATH", libraries)
        .env("MAIL_CONFIG", postfix.join("etc/postfix"));
    command
}

/// Messages a second of a peer, which prints the seconds that it sent for.
fn peer(program: &str, folder: &Path, script: &str, port: u16, messages: usize) -> f64 {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("benches/peers")
        .join(script);
    let output = Command::new(program)
        .arg(script)
        .args([
            port.to_string(),
            messages.to_string(),
            CONNECTIONS.to_string(),
        ])
        .arg(folder)
        .stderr(Stdio::inherit())
        .output()
        .expect("the peer ran");
    let text = String::from_utf8_lossy(&output.stdout);
    let seconds: f64 = text.trim().parse().expect("seconds");
    messages as f64 / seconds
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |value| value.parse().expect("a number"))
}

fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// User and system time of this process, in seconds.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat
        .rsplit(") ")
        .next()
        .unwrap_or_default()
        .split(' ')
        .collect();
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|t| t.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    // Linux counts a hundred ticks a second.
    (ticks(11) + ticks(12)) / 100.0
}

fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kb = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))
        .and_then(|kb| kb.trim().parse::<f64>().ok())
        .unwrap_or(0.0);
    kb / 1024.0
}
