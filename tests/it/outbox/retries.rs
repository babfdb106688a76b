//! What becomes of a message that the mail server does not take.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_message_put_off_is_tried_again_with_the_same_id() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let batch = desk.batch(&["defer-2-hanako@example.jp"]).await;
    let courier = desk.courier();

    courier.pass().await.expect("a round");
    let first = desk.delivery(&batch, "0").await;
    assert_eq!(
        (first.state, first.attempts, first.reply_code),
        (State::Queued, 1, Some(451))
    );
    assert!(first.due_at >= desk.now().plus(minutes(1)));
    assert!(first.due_at <= desk.now().plus(SignedDuration::from_secs(75)));
    // Not due yet: nothing happens.
    assert_eq!(courier.pass().await.expect("a round"), Pass::default());

    desk.advance(SignedDuration::from_secs(76));
    courier.pass().await.expect("a round");
    let second = desk.delivery(&batch, "0").await;
    assert_eq!((second.state, second.attempts), (State::Queued, 2));
    assert!(second.due_at >= desk.now().plus(minutes(2)));

    desk.advance(minutes(3));
    courier.pass().await.expect("a round");
    assert_eq!(desk.delivery(&batch, "0").await.state, State::Sent);
    let taken = sink.taken();
    assert_eq!(taken.len(), 1);
    assert!(taken[0].headers["Message-ID"].contains(first.id.as_str()));
    assert!(courier.health().await.expect("health").trouble.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_put_off_for_days_fails() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let batch = desk.batch(&["defer-99-hanako@example.jp"]).await;
    let courier = desk.courier();
    desk.advance(SignedDuration::from_hours(96));
    courier.pass().await.expect("a round");
    let delivery = desk.delivery(&batch, "0").await;
    assert_eq!(
        (delivery.state, delivery.reply_code),
        (State::Failed, Some(451))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_message_fails_and_keeps_no_address() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let batch = desk
        .batch(&[
            "refuse-taro@example.jp",
            "late-refuse-jiro@example.jp",
            "saburo@example.jp",
        ])
        .await;

    desk.courier().pass().await.expect("a round");

    let refused = desk.delivery(&batch, "0").await;
    assert_eq!(
        (refused.state, refused.reply_code),
        (State::Failed, Some(550))
    );
    assert_eq!(refused.reply.as_deref(), Some("5.1.1 […] user […] unknown"));
    let late = desk.delivery(&batch, "1").await;
    assert_eq!((late.state, late.reply_code), (State::Failed, Some(554)));
    // One person's refusal keeps nobody else from the message.
    assert_eq!(desk.delivery(&batch, "2").await.state, State::Sent);
    let counts = desk.counts(&batch).await;
    assert_eq!((counts.sent, counts.failed, counts.total()), (1, 2, 3));
    assert!(counts.is_settled());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_leaves_the_message_uncertain_until_settled() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let batch = desk
        .batch(&["drop-taro@example.jp", "hang-jiro@example.jp"])
        .await;
    let mut slow = desk.settings.clone();
    slow.timeouts.content_seconds = 1;
    let courier = Courier::new(
        desk.db.store().clone(),
        desk.vault.clone(),
        desk.clock.clone(),
        slow,
    )
    .expect("valid settings");

    courier.pass().await.expect("a round");
    desk.advance(SignedDuration::from_hours(2));
    courier.pass().await.expect("a round");

    let counts = desk.counts(&batch).await;
    assert_eq!((counts.uncertain, counts.total()), (2, 2));
    assert_eq!(sink.taken().len(), 2, "never silently repeated");
    assert_eq!(courier.health().await.expect("health").uncertain, 2);

    let (one, two) = (
        desk.delivery(&batch, "0").await,
        desk.delivery(&batch, "1").await,
    );
    let now = desk.now();
    desk.db
        .store()
        .write(move |tx| {
            outbox::settle(tx, &one.id, Settlement::WasSent, now)?;
            outbox::settle(tx, &two.id, Settlement::GiveUp, now)?;
            let again = outbox::settle(tx, &two.id, Settlement::SendAgain, now);
            assert_eq!(again.expect_err("settled already").code, Code::WrongState);
            Ok(())
        })
        .await
        .expect("settled");
    let counts = desk.counts(&batch).await;
    assert_eq!((counts.sent, counts.failed, counts.uncertain), (1, 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_server_is_given_up_in_time_and_the_person_does_not_fail() {
    let sink = SmtpSink::start();
    let mut settings = sink.settings();
    settings.timeouts.command_seconds = 1;
    let desk = Desk::new(settings);
    let batch = desk.batch(&["silent-taro@example.jp"]).await;

    let courier = desk.courier();
    let round = tokio::time::timeout(Duration::from_secs(10), courier.pass());
    let pass = round.await.expect("a bounded wait").expect("a round");

    assert_eq!(pass, Pass { sent: 0, unsent: 1 });
    let delivery = desk.delivery(&batch, "0").await;
    assert_eq!((delivery.state, delivery.attempts), (State::Queued, 0));
    assert_eq!(
        delivery.reply.as_deref(),
        Some("the mail server did not answer in time")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_waits_while_the_server_is_down_and_goes_out_later() {
    // A port that was free a moment ago, and where nobody listens.
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let desk = Desk::new(settings_for_port(port));
    let batch = desk.batch(&["taro@example.jp", "jiro@example.jp"]).await;
    let courier = desk.courier();

    for _ in 0..5 {
        courier.pass().await.expect("a round");
        desk.advance(SignedDuration::from_hours(24));
    }
    let health = courier.health().await.expect("health");
    let trouble = health.trouble.expect("trouble is shown");
    assert!(trouble.text.contains("cannot connect"), "{}", trouble.text);
    assert_eq!(health.queued, 2);
    let delivery = desk.delivery(&batch, "0").await;
    assert_eq!((delivery.state, delivery.attempts), (State::Queued, 0));

    let sink = SmtpSink::start_with(&["--port", &port.to_string()]);
    courier.pass().await.expect("a round");
    assert_eq!(sink.taken().len(), 2);
    assert_eq!(desk.counts(&batch).await.sent, 2);
    assert_eq!(courier.health().await.expect("health").trouble, None);
}
