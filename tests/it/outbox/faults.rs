//! The fault matrix of `docs/MAIL.md`: what each failure at each step leaves behind.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Instant as Stopwatch;

use shodo::outbox::Failure;

use super::*;
use crate::support::smtp_script::{Act, At, ScriptedSmtp};

/// What a fault is expected to leave: the state, the attempts counted, and why it failed.
type Left = (State, i64, Option<Failure>);

/// Sends to one person through a server that does this at one step, the first time only.
async fn one_fault(at: At, act: Act, pipelining: bool) -> (Desk, BatchId, ScriptedSmtp, Courier) {
    let server = ScriptedSmtp::start_as(pipelining, false, move |now| {
        if now.at == at && now.before == 0 {
            act.clone()
        } else {
            Act::Agree
        }
    });
    let mut settings = server.settings();
    settings.smtp.connections = 1;
    settings.timeouts.connect_seconds = 2;
    settings.timeouts.command_seconds = 1;
    settings.timeouts.data_seconds = 1;
    settings.timeouts.content_seconds = 1;
    let desk = Desk::new(settings);
    let batch = desk.batch(&["taro@example.jp"]).await;
    let courier = desk.courier();
    courier.pass().await.expect("a round");
    (desk, batch, server, courier)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_at_every_step_leaves_what_the_table_says() {
    use Failure::{Message, Policy, Unclear};
    const LINE: Left = (State::Queued, 0, None);
    const LATER: Left = (State::Queued, 1, None);
    const ANSWERS: [&str; 5] = ["421 no", "450 no", "452 no", "550 no", "552 no"];
    let failed = |why| (State::Failed, 1, Some(why));
    for (at, left) in [
        (At::Connect, [LINE; 5]),
        (At::Hello, [LINE; 5]),
        (At::Mail, [LINE, LINE, LINE, LINE, failed(Message)]),
        (At::Rcpt, [LATER, LATER, LATER, failed(Unclear), LATER]),
        (
            At::Data,
            [LATER, LATER, LATER, failed(Policy), failed(Message)],
        ),
        (
            At::Dot,
            [LATER, LATER, LATER, failed(Policy), failed(Message)],
        ),
    ] {
        for (answer, left) in ANSWERS.into_iter().zip(left) {
            for pipelining in [true, false] {
                let (desk, batch, server, courier) =
                    one_fault(at, Act::Say(answer), pipelining).await;
                let case = format!("{answer} at {at:?}, pipelining {pipelining}");
                let one = desk.delivery(&batch, "0").await;
                assert_eq!((one.state, one.attempts, one.failure), left, "{case}");
                let trouble = courier.health().await.expect("health").trouble;
                assert_eq!(trouble.is_some(), left == LINE, "{case}: {trouble:?}");
                assert_eq!(server.number(), 0, "{case}");

                // Whoever comes next is not held up by it, and nobody gets it twice.
                desk.advance(SignedDuration::from_mins(90));
                let next = desk.batch(&["hanako@example.jp"]).await;
                courier.pass().await.expect("a round");
                assert_eq!(desk.counts(&next).await.sent, 1, "{case}");
                let now_sent = i64::from(left.0 == State::Queued);
                assert_eq!(desk.counts(&batch).await.sent, now_sent, "{case}");
                assert_eq!(
                    server.number(),
                    1 + usize::try_from(now_sent).unwrap(),
                    "{case}"
                );
                assert!(
                    courier.health().await.expect("health").trouble.is_none(),
                    "{case}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_a_broken_answer_and_a_slow_one_lose_nothing_and_repeat_nothing() {
    for act in [Act::Hang, Act::CloseMidLine, Act::Drip] {
        for at in At::ALL {
            let begun = Stopwatch::now();
            let (desk, batch, server, courier) = one_fault(at, act.clone(), at != At::Data).await;
            let case = format!("{act:?} at {at:?}");
            assert!(begun.elapsed() < Duration::from_secs(10), "{case}");
            let one = desk.delivery(&batch, "0").await;
            if at == At::Dot {
                // The content went out: nobody knows, so a person decides.
                assert_eq!((one.state, one.attempts), (State::Uncertain, 1), "{case}");
                assert_eq!(server.number(), 1, "{case}");
            } else {
                assert_eq!((one.state, one.attempts), (State::Queued, 0), "{case}");
                assert_eq!(server.number(), 0, "{case}");
            }
            let trouble = courier.health().await.expect("health").trouble;
            let words = one.reply.or(trouble.map(|trouble| trouble.text));
            let words = words.expect("somebody is told");
            assert!(
                words.contains("in time") || words.contains("broke"),
                "{case}: {words}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn inside_a_group_each_refusal_hits_only_its_own_message() {
    // An eager server opens the content although it refused the recipient (RFC 2920 section 3.1).
    for eager in [false, true] {
        let server = ScriptedSmtp::start_as(true, eager, |now| match now.at {
            At::Rcpt if now.to.starts_with("refuse") => Act::Say("550 5.1.1 unknown"),
            At::Rcpt if now.to.starts_with("later") => Act::Say("451 4.7.1 greylisted"),
            At::Dot if now.to.starts_with("spam") => Act::Say("550 5.7.1 looks like spam"),
            _ => Act::Agree,
        });
        let mut settings = server.settings();
        settings.smtp.connections = 1;
        let desk = Desk::new(settings);
        let kinds = ["good", "refuse", "later", "spam", "good", "good"];
        let addresses: Vec<_> = (0..60)
            .map(|n| format!("{}{n}@example.jp", kinds[n % kinds.len()]))
            .collect();
        let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
        let batch = desk.batch(&addresses).await;
        desk.courier().pass().await.expect("a round");

        let told = server.told();
        let mut reached: Vec<_> = told.iter().map(|told| told.to.as_str()).collect();
        reached.sort_unstable();
        let mut good: Vec<_> = addresses
            .iter()
            .copied()
            .filter(|address| address.starts_with("good"))
            .collect();
        good.sort_unstable();
        assert_eq!(reached, good, "eager {eager}");
        assert!(told.iter().any(|told| told.pipelined), "eager {eager}");
        let peers: std::collections::BTreeSet<_> = told.iter().map(|told| told.peer).collect();
        assert_eq!(peers.len(), 1, "a refusal costs no connection");
        let counts = desk.counts(&batch).await;
        assert_eq!(
            (counts.sent, counts.failed, counts.queued),
            (30, 20, 10),
            "eager {eager}"
        );
        for (place, address) in addresses.iter().enumerate() {
            let delivery = desk.delivery(&batch, &place.to_string()).await;
            let expected = match kinds[place % kinds.len()] {
                "good" => (State::Sent, None),
                "refuse" => (State::Failed, Some(Failure::Person)),
                "spam" => (State::Failed, Some(Failure::Policy)),
                _ => (State::Queued, None),
            };
            assert_eq!((delivery.state, delivery.failure), expected, "{address}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_so_many_a_connection_and_then_closes_is_no_trouble() {
    for goodbye in [
        Act::Say("421 4.4.5 enough for one connection"),
        Act::CloseMidLine,
    ] {
        let server = ScriptedSmtp::start(move |now| {
            if now.at == At::Mail && now.here == 5 {
                goodbye.clone()
            } else {
                Act::Agree
            }
        });
        let desk = Desk::new(server.settings());
        let addresses: Vec<_> = (0..50).map(|n| format!("p{n}@example.jp")).collect();
        let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
        let batch = desk.batch(&addresses).await;
        let courier = desk.courier();
        courier.pass().await.expect("a round");
        assert_eq!(desk.counts(&batch).await.sent, 50);
        assert_eq!(server.number(), 50);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_the_sending_and_doubles_nothing() {
    let server = ScriptedSmtp::start(|_| Act::Agree);
    let desk = Desk::new(server.settings());
    if desk.db.is_postgres() {
        // The limit below is SQLite's; PostgreSQL's full disk is its own server's affair.
        return;
    }
    let addresses: Vec<_> = (0..400).map(|n| format!("p{n}@example.jp")).collect();
    let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
    let batch = desk.batch(&addresses).await;
    // No page more than there are: the replies that are written down need some.
    desk.sql("PRAGMA max_page_count = 1").await;
    let courier = desk.courier();
    let mut failures = 0;
    for _ in 0..3 {
        failures += usize::from(courier.pass().await.is_err());
    }
    assert!(failures > 0, "the disk was never full");
    let taken = server.number();
    assert!(taken < 400, "it went on without writing down");
    desk.sql("PRAGMA max_page_count = 4294967294").await;
    courier.pass().await.expect("there is room again");
    let counts = desk.counts(&batch).await;
    assert_eq!((counts.sent, counts.uncertain), (400, 0));
    let mut ids: Vec<_> = server
        .told()
        .into_iter()
        .map(|told| told.message_id)
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), server.number()), (400, 400));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_another_process_holds_delays_and_doubles_nothing() {
    let (ask, asked) = mpsc::channel::<()>();
    let held = Arc::new(AtomicBool::new(false));
    let is_held = Arc::clone(&held);
    let server = ScriptedSmtp::start(move |now| {
        // In the middle of the sending somebody else takes the database.
        if now.at == At::Dot && now.before >= 100 {
            if now.before == 100 {
                ask.send(()).expect("the other process waits");
            }
            while !is_held.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        Act::Agree
    });
    let desk = Desk::new(server.settings());
    if desk.db.is_postgres() {
        // There is no one lock of the whole database to take.
        return;
    }
    let addresses: Vec<_> = (0..400).map(|n| format!("p{n}@example.jp")).collect();
    let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
    let batch = desk.batch(&addresses).await;
    desk.sql("PRAGMA busy_timeout = 100").await;
    let path = desk.db.url().trim_start_matches("sqlite:").to_owned();
    let free = Arc::new(AtomicBool::new(false));
    let freed = Arc::clone(&free);
    let other = std::thread::spawn(move || {
        asked.recv().expect("asked");
        let mut process = std::process::Command::new(crate::support::smtp::python())
            .args([
                "-c",
                "import sqlite3, sys\n\
                 db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)\n\
                 db.execute('BEGIN IMMEDIATE')\n\
                 print(flush=True)\n\
                 sys.stdin.read()",
                &path,
            ])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("python starts");
        let mut line = String::new();
        let out = process.stdout.take().expect("piped");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line)
            .expect("it holds");
        held.store(true, Ordering::SeqCst);
        while !freed.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(10));
        }
        drop(process.stdin.take());
        process.wait().expect("it ends");
    });
    let courier = desk.courier();
    assert!(courier.pass().await.is_err(), "it came between");
    let taken = server.number();
    assert!(taken < 400, "it went on without writing down");
    assert!(courier.pass().await.is_err(), "it is still held");
    assert_eq!(server.number(), taken, "nothing goes out meanwhile");
    free.store(true, Ordering::SeqCst);
    other.join().expect("no panic");
    courier.pass().await.expect("the database is free");
    let counts = desk.counts(&batch).await;
    assert_eq!((counts.sent, counts.uncertain), (400, 0));
    let mut ids: Vec<_> = server
        .told()
        .into_iter()
        .map(|told| told.message_id)
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), server.number()), (400, 400));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_expired_or_for_another_host_gets_nothing() {
    let keys = tempfile::tempdir().expect("a folder");
    for (name, host, days, word) in [
        ("expired", "localhost", "expired", "expired"),
        ("other", "mail.example.com", "valid", "not valid for name"),
    ] {
        let (cert, key) = certificate(keys.path(), name, host, days == "expired");
        let sink = SmtpSink::start_with(&["--tls", &cert, &key]);
        let mut settings = sink.settings();
        settings.smtp.host = "localhost".to_owned();
        settings.smtp.security = Security::Tls;
        settings.smtp.ca_file = Some(cert.into());
        let desk = Desk::new(settings);
        let batch = desk.batch(&["taro@example.jp"]).await;
        let courier = desk.courier();
        courier.pass().await.expect("a round");
        let trouble = courier.health().await.expect("health").trouble;
        let text = trouble.expect("trouble").text.to_lowercase();
        assert!(text.contains(word), "{name}: {text}");
        assert_eq!(desk.delivery(&batch, "0").await.state, State::Queued);
        assert!(sink.taken().is_empty());
    }
}

/// A certificate that signs itself; its authority is itself, so that only what is wrong with it counts.
fn certificate(
    folder: &std::path::Path,
    name: &str,
    host: &str,
    expired: bool,
) -> (String, String) {
    let (cert, key) = (
        folder.join(format!("{name}.pem")).display().to_string(),
        folder.join(format!("{name}.key")).display().to_string(),
    );
    let csr = folder.join(format!("{name}.csr")).display().to_string();
    let config = folder.join(format!("{name}.cnf"));
    let database = folder.join(format!("{name}.txt"));
    std::fs::write(&database, "").expect("a file");
    std::fs::write(
        &config,
        format!(
            "[req]\ndistinguished_name = dn\n[dn]\n[ca]\ndefault_ca = us\n[us]\n\
             database = {}\nnew_certs_dir = {}\nrand_serial = yes\ndefault_md = sha256\n\
             policy = any\nx509_extensions = ext\n[any]\ncommonName = supplied\n\
             [ext]\nsubjectAltName = DNS:{host}\nbasicConstraints = critical,CA:FALSE\n",
            database.display(),
            folder.display()
        ),
    )
    .expect("a file");
    let config = config.display().to_string();
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new("openssl")
            .args(arguments)
            .output()
            .expect("openssl is installed");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let subject = format!("/CN={host}");
    run(&[
        "req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", &subject, "-keyout", &key, "-out",
        &csr, "-config", &config,
    ]);
    let end = if expired {
        "20200102000000Z"
    } else {
        "20400101000000Z"
    };
    run(&[
        "ca",
        "-batch",
        "-selfsign",
        "-config",
        &config,
        "-keyfile",
        &key,
        "-in",
        &csr,
        "-out",
        &cert,
        "-startdate",
        "20200101000000Z",
        "-enddate",
        end,
        "-notext",
    ]);
    (cert, key)
}
