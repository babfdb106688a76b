//! Defects of the crates that the outbox stands on, and that ours does not show them.
//!
//! Numbered as in `docs/MAIL.md`.

use std::time::Instant as Stopwatch;

use super::*;
use crate::support::smtp_script::{Act, At, ScriptedSmtp};

/// 1: Nagle's algorithm and two writes cost 40 ms a message.
#[tokio::test(flavor = "multi_thread")]
async fn no_message_stalls_for_a_delayed_acknowledgement() {
    for pipelining in [true, false] {
        let server = ScriptedSmtp::start_as(pipelining, false, |_| Act::Agree);
        let mut settings = server.settings();
        settings.smtp.connections = 1;
        let desk = Desk::new(settings);
        let addresses: Vec<_> = (0..200).map(|n| format!("p{n}@example.jp")).collect();
        let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
        desk.batch(&addresses).await;
        let begun = Stopwatch::now();
        desk.courier().pass().await.expect("a round");
        assert_eq!(server.number(), 200);
        // One stall each would be 8 s.
        assert!(
            begun.elapsed() < Duration::from_secs(4),
            "{:?}",
            begun.elapsed()
        );
    }
}

/// 2: only connecting was bounded by time; here every step is, each by its own setting.
#[tokio::test(flavor = "multi_thread")]
async fn each_step_has_a_time_of_its_own() {
    for (at, set) in [
        (At::Hello, 0),
        (At::Mail, 0),
        (At::Rcpt, 0),
        (At::Data, 1),
        (At::Dot, 2),
    ] {
        let server = ScriptedSmtp::start_as(false, false, move |now| {
            if now.at == at { Act::Hang } else { Act::Agree }
        });
        let mut settings = server.settings();
        settings.smtp.connections = 1;
        let times = &mut settings.timeouts;
        let all = [
            &mut times.command_seconds,
            &mut times.data_seconds,
            &mut times.content_seconds,
        ];
        for (place, seconds) in all.into_iter().enumerate() {
            *seconds = if place == set { 1 } else { 600 };
        }
        let desk = Desk::new(settings);
        desk.batch(&["taro@example.jp"]).await;
        let courier = desk.courier();
        let round = tokio::time::timeout(Duration::from_secs(10), courier.pass());
        round.await.expect("a bounded wait").expect("a round");
        let text = courier.health().await.expect("health").trouble;
        assert_eq!(text.is_none(), at == At::Dot, "{at:?}: {text:?}");
    }
}

/// 3: the pool did not bound the open connections, said NOOP before each use, and dropped the connection on 4xx and 5xx.
#[tokio::test(flavor = "multi_thread")]
async fn connections_are_bounded_reused_and_survive_refusals() {
    let server = ScriptedSmtp::start(|now| match now.at {
        At::Rcpt if now.before % 3 == 0 => Act::Say("550 5.1.1 unknown"),
        At::Rcpt if now.before % 3 == 1 => Act::Say("450 4.2.0 busy"),
        _ => Act::Agree,
    });
    let mut settings = server.settings();
    settings.smtp.connections = 2;
    let desk = Desk::new(settings);
    let addresses: Vec<_> = (0..90).map(|n| format!("p{n}@example.jp")).collect();
    let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
    let batch = desk.batch(&addresses).await;
    let courier = desk.courier();
    courier.pass().await.expect("a round");
    assert_eq!(desk.counts(&batch).await.sent, 30);
    assert_eq!(server.reached(At::Connect), 2);
    assert_eq!(server.reached(At::Mail), 90, "each message was said once");
}

/// 4: a display name with CR, LF or NUL made the library panic; `b@localhost` passed for an address.
#[test]
fn a_name_that_would_panic_is_cleaned_before_it_gets_there() {
    for name in [
        "a\rb",
        "a\nb",
        "a\0b",
        "a\r\nBcc: x@example.com",
        "\u{85}",
        "\u{2028}",
    ] {
        let cleaned = recipient("taro@example.jp", name);
        assert!(
            !cleaned
                .name()
                .contains(|c: char| c.is_control() || c == '\u{2028}'),
            "{name:?}"
        );
    }
    assert!(EmailAddress::parse("b@localhost").is_err());
}

/// 6: nested blocks exhausted the stack, loops over the root exploded, look-ups read everything.
#[test]
fn a_template_that_could_exhaust_the_engine_is_refused_at_once() {
    let deep = format!(
        "{}x{}",
        "{{#if name}}".repeat(5_000),
        "{{/if}}".repeat(5_000)
    );
    let explosive = "{{#each @root}}{{#each @root}}{{#each @root}}x{{/each}}{{/each}}{{/each}}";
    let many = "{{name}}".repeat(5_000);
    for hostile in [
        deep.as_str(),
        explosive,
        "{{lookup @root 'name'}}",
        "{{{name}}}",
        &many,
    ] {
        let mut template = notice();
        template.ja.as_mut().expect("Japanese").text = hostile.to_owned();
        let begun = Stopwatch::now();
        assert!(template.check().is_err());
        assert!(begun.elapsed() < Duration::from_secs(1));
    }
    // And should one reach the rendering all the same, braces are words there, and nothing runs.
    let content = Content {
        subject: "s".to_owned(),
        text: deep,
        html: None,
    };
    assert!(content.render(&BTreeMap::new()).is_err());
}

/// 7: repeated jobs of the scheduler may stop for good, and nothing is made up for after a restart.
#[tokio::test(flavor = "multi_thread")]
async fn mail_goes_out_though_nobody_wakes_the_worker() {
    let server = ScriptedSmtp::start(|_| Act::Agree);
    let desk = Desk::at(server.settings(), Clock::System);
    // What was queued while no server ran.
    let before = desk.batch(&["taro@example.jp"]).await;
    let courier = desk.courier();
    let running = courier.start();
    let begun = Stopwatch::now();
    while desk.counts(&before).await.sent < 1 {
        assert!(begun.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // And what another process queues: no job, no wake-up, only the database says so.
    let later = desk.batch(&["hanako@example.jp"]).await;
    let begun = Stopwatch::now();
    while desk.counts(&later).await.sent < 1 {
        assert!(begun.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    running.stop().await.expect("stopped");
}
