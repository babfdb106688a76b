//! When the messages of a batch came to their end, in few stretches.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_told_in_even_stretches_on_the_readers_clock() {
    let sink = SmtpSink::start();
    let clock = Clock::manual("2026-11-20T09:02:30Z".parse().expect("an instant"));
    let desk = Desk::at(sink.settings(), clock);
    let courier = desk.courier();
    let first = desk
        .batch(&["hanako@example.jp", "refuse-taro@example.jp"])
        .await;
    courier.pass().await.expect("a round");
    desk.advance(minutes(90));
    let second = desk.batch(&["jiro@example.jp", "saburo@example.jp"]).await;
    courier.pass().await.expect("a round");
    let waiting = desk.batch(&["defer-2-shiro@example.jp"]).await;
    courier.pass().await.expect("a round");

    let course = |batches: Vec<BatchId>, offset: SignedDuration| {
        let store = desk.db.store().clone();
        async move {
            store
                .read(move |conn| {
                    let batches: Vec<_> = batches.iter().collect();
                    outbox::course(conn, &batches, offset)
                })
                .await
                .expect("a course")
        }
    };
    let step = |from: &str, sent, failed| outbox::Step {
        from: from.parse().expect("an instant"),
        sent,
        failed,
    };
    let all = vec![first.clone(), second, waiting.clone()];
    let told = course(all, SignedDuration::ZERO).await;
    assert_eq!(told.minutes, 5);
    assert_eq!(
        told.steps,
        [
            step("2026-11-20T09:00:00Z", 1, 1),
            step("2026-11-20T10:30:00Z", 2, 0)
        ]
    );
    // A clock that is not a whole number of stretches before UTC has its own.
    let told = course(vec![first], minutes(2)).await;
    assert_eq!(
        (told.minutes, told.steps),
        (1, vec![step("2026-11-20T09:02:00Z", 1, 1)])
    );
    // What only waits has not come to an end.
    let told = course(vec![waiting], SignedDuration::ZERO).await;
    assert_eq!(told, outbox::Course::default());
}
