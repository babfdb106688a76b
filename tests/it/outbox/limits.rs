//! How fast mail goes out, and what has to wait.

use std::time::Instant as Stopwatch;

use shodo::outbox::RateSettings;

use super::*;
use crate::support::smtp_script::{Act, ScriptedSmtp};

fn addresses(domain: &str, number: usize) -> Vec<String> {
    (0..number).map(|n| format!("p{n}@{domain}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overall_limit_is_kept_and_the_teams_mail_does_not_wait() {
    let server = ScriptedSmtp::start(|_| Act::Agree);
    let mut settings = server.settings();
    settings.rate.per_second = 40;
    let desk = Desk::at(settings, Clock::System);
    let people = addresses("example.jp", 100);
    let people: Vec<_> = people.iter().map(String::as_str).collect();
    let batch = desk.batch(&people).await;
    let courier = desk.courier();
    let begun = Stopwatch::now();
    let running = courier.start();
    while server.number() < 20 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let asked = Stopwatch::now();
    desk.team("ken@example.com", "期限").await;
    courier.wake();
    while !server
        .told()
        .iter()
        .any(|told| told.to == "ken@example.com")
    {
        assert!(asked.elapsed() < Duration::from_secs(2), "the alert waited");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let behind = 101 - server.number();
    assert!(behind > 30, "{behind} were left for the alert to overtake");
    while desk.counts(&batch).await.sent < 100 {
        assert!(begun.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let seconds = begun.elapsed().as_secs_f64();
    // 100 and the alert at 40 a second, less the slack of 50 ms at the start.
    assert!(seconds > 101.0 / 40.0 - 0.15, "{seconds} s is too fast");
    running.stop().await.expect("stopped");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_domain_holds_up_nobody_else() {
    let server = ScriptedSmtp::start(|_| Act::Agree);
    let mut settings = server.settings();
    settings.rate = RateSettings {
        per_second: 0,
        per_domain: [("slow.example.jp".to_owned(), 1)].into(),
    };
    let desk = Desk::new(settings);
    let slow = addresses("slow.example.jp", 120);
    let slow: Vec<_> = slow.iter().map(String::as_str).collect();
    let slow = desk.batch(&slow).await;
    let quick = addresses("example.jp", 120);
    let quick: Vec<_> = quick.iter().map(String::as_str).collect();
    let quick = desk.batch(&quick).await;
    let courier = desk.courier();
    courier.pass().await.expect("a round");
    assert_eq!(
        desk.counts(&quick).await.sent,
        120,
        "the others are through"
    );
    let at_once = desk.counts(&slow).await.sent;
    assert!((1..=3).contains(&at_once), "{at_once} at once");
    // The team's mail to that very domain does not wait either.
    desk.team("ken@slow.example.jp", "期限").await;
    courier.pass().await.expect("a round");
    assert!(
        server
            .told()
            .iter()
            .any(|told| told.to == "ken@slow.example.jp")
    );

    let mut sent = desk.counts(&slow).await.sent;
    for second in 1..=60 {
        desk.advance(SignedDuration::from_secs(1));
        courier.pass().await.expect("a round");
        let now = desk.counts(&slow).await.sent;
        assert!(now - sent <= 2, "{} in second {second}", now - sent);
        sent = now;
    }
    assert!((55..=64).contains(&sent), "{sent} after a minute");
    let of = slow.clone();
    let deliveries = desk
        .db
        .store()
        .read(move |conn| outbox::deliveries(conn, &of, None, 0, i64::MAX))
        .await
        .expect("deliveries");
    let mut turns: Vec<_> = deliveries
        .iter()
        .filter(|delivery| delivery.state == State::Queued)
        .inspect(|delivery| assert_eq!(delivery.attempts, 0, "a limit is no attempt"))
        .map(|delivery| delivery.due_at)
        .collect();
    turns.sort_unstable();
    for pair in turns.windows(2) {
        assert_eq!(pair[1].since(pair[0]), SignedDuration::from_secs(1));
    }
}
