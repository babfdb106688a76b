//! `kill -9` in the middle of a sending: nobody is lost, and nobody is told twice without it being listed.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::time::Instant as Stopwatch;

use shodo::kernel::random;
use shodo::outbox::UncertainPolicy;
use shodo::store::DatabaseUrl;

use super::*;
use crate::support::smtp_script::{Act, ScriptedSmtp};

const KILLS: usize = 50;
const PEOPLE: usize = 20_000;
/// On PostgreSQL each outcome is a round trip of its own, so that fifty kills would take minutes.
const ON_POSTGRES: (usize, usize) = (5, 2_000);
/// How many messages may be under way at the same time, as the settings have it.
const WINDOW: usize = 256;
/// Where the process finds its work: the database, the folder of the keys, the port.
const TASK: &str = "SHODO_TEST_MAIL_WORKER";

/// The process that is killed: a worker on a database of somebody else. Called without a task it has none to do.
#[test]
fn mail_worker_process() {
    let Ok(task) = std::env::var(TASK) else {
        assert!(std::env::var_os(TASK).is_none(), "a task that is no text");
        return;
    };
    let mut parts = task.split('\n');
    let mut part = || parts.next().expect("a whole task");
    let url = DatabaseUrl::parse(part(), true).expect("an address");
    let vault = Vault::open_or_create(std::path::Path::new(part())).expect("keys");
    let settings = settings_for_port(part().parse().expect("a port"));
    let store = Store::open(url).expect("a database");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let courier = Courier::new(store, vault, Clock::System, settings).expect("settings");
        let _running = courier.start();
        // It ends by being killed; a test that is gone does not leave it behind.
        tokio::time::sleep(Duration::from_secs(120)).await;
    });
}

fn start_worker(desk: &Desk, port: u16) -> Child {
    let folder = desk.db.folder().display();
    Command::new(std::env::current_exe().expect("this program"))
        .args([
            "outbox::crash::mail_worker_process",
            "--exact",
            "--nocapture",
        ])
        .env(TASK, format!("{}\n{folder}\n{port}", desk.db.url()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the process starts")
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_in_a_sending_lose_nobody_and_repeat_nothing() {
    let server = ScriptedSmtp::start(|_| Act::Agree);
    let mut desk = Desk::at(server.settings(), Clock::System);
    let (kills, number) = if desk.db.is_postgres() {
        ON_POSTGRES
    } else {
        (KILLS, PEOPLE)
    };
    let people = (0..number)
        .map(|n| person(&n.to_string(), &format!("p{n}@example.jp"), "髙橋"))
        .collect();
    let batch = desk.batch_of(people).await;

    let mut hits = 0;
    for kill in 0..kills {
        let before = server.number();
        let mut process = start_worker(&desk, server.port);
        // Some after the first message, some after hundreds, and in between wherever the clock falls.
        let [dice, more] = random::bytes::<2>();
        let wanted = before + 1 + usize::from(dice);
        let begun = Stopwatch::now();
        while server.number() < wanted {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "kill {kill}: it does not send"
            );
            std::thread::sleep(Duration::from_micros(300));
        }
        std::thread::sleep(Duration::from_micros(u64::from(more) * 40));
        process.kill().expect("our own child");
        process.wait().expect("our own child");
        hits += usize::from(server.number() < number);
    }
    assert_eq!(hits, kills, "every kill must hit a worker that has work");

    // The dead workers' leases end after a minute.
    desk.clock = Clock::manual(desk.now().plus(minutes(2)));
    while desk.courier().pass().await.expect("a round").sent > 0 {}

    let counts = desk.counts(&batch).await;
    assert_eq!((counts.queued, counts.sending, counts.failed), (0, 0, 0));
    let uncertain = usize::try_from(counts.uncertain).expect("a count");
    assert!(uncertain <= kills * WINDOW, "{uncertain} are uncertain");
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for one in server.told() {
        *told.entry(one.message_id).or_default() += 1;
    }
    let of = batch.clone();
    let deliveries = desk
        .db
        .store()
        .read(move |conn| outbox::deliveries(conn, &of, None, 0, i64::MAX))
        .await
        .expect("deliveries");
    assert_eq!(deliveries.len(), number);
    let mut arrived_though_uncertain = 0;
    for delivery in deliveries {
        let id = format!("<{}@shop.example.jp>", delivery.id);
        let times = told.remove(&id).unwrap_or(0);
        match delivery.state {
            State::Sent => assert_eq!(times, 1, "{id} is written down as sent"),
            State::Uncertain => {
                assert!(times <= 1, "{id} was repeated silently");
                arrived_though_uncertain += times;
            }
            other => panic!("{id} is {other}"),
        }
    }
    assert!(told.is_empty(), "messages that nobody queued: {told:?}");
    println!(
        "{kills} kills: {uncertain} uncertain, {arrived_though_uncertain} of them had arrived"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_of_the_uncertain_is_a_setting() {
    for (policy, state, told) in [
        (UncertainPolicy::Ask, State::Uncertain, 1),
        (UncertainPolicy::Resend, State::Sent, 2),
        (UncertainPolicy::Sent, State::Sent, 1),
    ] {
        let server = ScriptedSmtp::start(|_| Act::Agree);
        let mut settings = server.settings();
        settings.uncertain = policy;
        let desk = Desk::new(settings);
        let batch = desk.batch(&["taro@example.jp", "jiro@example.jp"]).await;
        // What a worker leaves that died with one message on the wire and one in hand.
        desk.sql(
            "UPDATE outbox_messages SET state = 'claimed', claimed_by = 'dead', claimed_at = 1;
             UPDATE outbox_messages SET state = 'sending' WHERE subject_id = '0';
             UPDATE outbox_tallies SET queued = 0, held = 2 WHERE batch_id <> '';",
        )
        .await;
        desk.courier().pass().await.expect("a round");
        assert_eq!(desk.delivery(&batch, "0").await.state, state, "{policy:?}");
        assert_eq!(desk.delivery(&batch, "1").await.state, State::Sent);
        assert_eq!(server.number(), told, "{policy:?}");
        desk.counts(&batch).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_settled_by_the_same_setting() {
    for (policy, state) in [
        (UncertainPolicy::Ask, State::Uncertain),
        (UncertainPolicy::Resend, State::Queued),
        (UncertainPolicy::Sent, State::Sent),
    ] {
        let server = ScriptedSmtp::start(|now| match now.at {
            crate::support::smtp_script::At::Dot if now.before == 0 => Act::CloseMidLine,
            _ => Act::Agree,
        });
        let mut settings = server.settings();
        settings.uncertain = policy;
        let desk = Desk::new(settings);
        let batch = desk.batch(&["taro@example.jp"]).await;
        let courier = desk.courier();
        courier.pass().await.expect("a round");
        let delivery = desk.delivery(&batch, "0").await;
        assert_eq!(
            (delivery.state, delivery.attempts),
            (state, 1),
            "{policy:?}"
        );
        desk.advance(minutes(10));
        courier.pass().await.expect("a round");
        let again = usize::from(policy == UncertainPolicy::Resend);
        assert_eq!(server.number(), 1 + again, "{policy:?}");
    }
}
