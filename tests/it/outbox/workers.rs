//! One worker, two workers, a dead worker.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_worker_leaves_uncertain_what_it_had_begun_and_gives_back_the_rest() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let batch = desk.batch(&["taro@example.jp", "jiro@example.jp"]).await;
    desk.sql(
        "UPDATE outbox_messages SET state = 'claimed', claimed_by = 'dead', claimed_at = 1;
         UPDATE outbox_messages SET state = 'sending' WHERE subject_id = '0';
         UPDATE outbox_tallies SET queued = 0, held = 2 WHERE batch_id <> '';
         INSERT INTO leases (name, holder, until) VALUES ('mail-worker:dead', 'dead', 1795165260000000);",
    )
    .await;
    let courier = desk.courier();

    // 2026-11-20T09:01:00Z: the lease still holds, so another worker keeps its hands off.
    assert_eq!(
        desk.now().plus(minutes(1)).as_micros(),
        1_795_165_260_000_000
    );
    assert_eq!(courier.pass().await.expect("a round"), Pass::default());
    assert_eq!(desk.counts(&batch).await.sending, 2);

    desk.advance(minutes(2));
    courier.pass().await.expect("a round");
    assert_eq!(desk.delivery(&batch, "0").await.state, State::Uncertain);
    assert_eq!(desk.delivery(&batch, "1").await.state, State::Sent);
    assert_eq!(sink.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_never_send_the_same_message() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let addresses: Vec<_> = (0..250).map(|n| format!("person{n}@example.jp")).collect();
    let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
    let batch = desk.batch(&addresses).await;
    let (one, two) = (desk.courier(), desk.courier_on(desk.db.another_store()));

    let (first, second) = tokio::join!(one.pass(), two.pass());
    let (first, second) = (first.expect("a round"), second.expect("a round"));

    assert_eq!(first.sent + second.sent, 250);
    assert!(
        first.sent > 0 && second.sent > 0,
        "both worked: {first:?} {second:?}"
    );
    assert_eq!(desk.counts(&batch).await.sent, 250);
    let mut ids: Vec<_> = sink
        .taken()
        .into_iter()
        .map(|mail| mail.headers["Message-ID"].clone())
        .collect();
    assert_eq!(ids.len(), 250);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 250);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_kept_and_never_exceed_the_bound() {
    let sink = SmtpSink::start();
    let mut settings = sink.settings();
    settings.smtp.connections = 2;
    let desk = Desk::new(settings);
    let addresses: Vec<_> = (0..40)
        .map(|n| {
            if n % 4 == 0 {
                format!("refuse-{n}@example.jp")
            } else {
                format!("p{n}@example.jp")
            }
        })
        .collect();
    let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
    desk.batch(&addresses).await;
    let courier = desk.courier();
    courier.pass().await.expect("a round");
    desk.batch(&["later@example.jp"]).await;
    courier.pass().await.expect("a round");

    let taken = sink.taken();
    assert_eq!(taken.len(), 31);
    let peers: std::collections::BTreeSet<_> = taken.iter().map(|mail| mail.peer).collect();
    assert!(
        peers.len() <= 2,
        "a 5xx does not cost the connection: {peers:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_worker_stops_and_gives_back_what_it_holds() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let addresses: Vec<_> = (0..300).map(|n| format!("person{n}@example.jp")).collect();
    let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
    let batch = desk.batch(&addresses).await;
    let running = desk.courier().start();
    while sink.taken().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    running.stop().await.expect("stopped");
    let counts = desk.counts(&batch).await;
    assert_eq!((counts.sending, counts.uncertain, counts.failed), (0, 0, 0));
    assert_eq!(
        usize::try_from(counts.sent).expect("a count"),
        sink.taken().len()
    );
    assert!(counts.queued > 0, "it stopped midway: {counts:?}");
}
