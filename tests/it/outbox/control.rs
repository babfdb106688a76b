//! Stopping, withdrawing, overtaking.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use shodo::outbox::Progress;

use super::*;
use crate::support::smtp_script::{Act, At, ScriptedSmtp};

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_overtakes_a_batch() {
    let sink = SmtpSink::start();
    let mut settings = sink.settings();
    settings.smtp.connections = 1;
    let desk = Desk::new(settings);
    desk.batch(&["taro@example.jp", "jiro@example.jp"]).await;
    desk.team("ken@example.com", "期限が 6 時間後に迫っています")
        .await;
    desk.courier().pass().await.expect("a round");
    assert_eq!(sink.taken()[0].subject, "期限が 6 時間後に迫っています");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_or_withdrawn_batch_does_not_go_out() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let stopped = desk.batch(&["taro@example.jp"]).await;
    let withdrawn = desk.batch(&["jiro@example.jp"]).await;
    let (one, two, now) = (stopped.clone(), withdrawn.clone(), desk.now());
    desk.db
        .store()
        .write(move |tx| {
            outbox::pause(tx, &one, now)?;
            assert_eq!(outbox::cancel(tx, &two, now)?, 1);
            Ok(())
        })
        .await
        .expect("stopped");
    let courier = desk.courier();
    assert_eq!(courier.pass().await.expect("a round"), Pass::default());
    let one = stopped.clone();
    desk.db
        .store()
        .write(move |tx| outbox::resume(tx, &one))
        .await
        .expect("resumed");
    assert_eq!(courier.pass().await.expect("a round").sent, 1);
    assert_eq!(desk.counts(&withdrawn).await.cancelled, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn purged_data_are_not_sent() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let batch = desk.batch(&["taro@example.jp"]).await;
    let (vault, now) = (desk.vault.clone(), desk.now());
    desk.db
        .store()
        .write(move |tx| {
            let scope = Scope::incident("0192f0c0-0000-7000-8000-000000000001");
            vault.destroy(tx, &scope, now)
        })
        .await
        .expect("destroyed");
    desk.courier().pass().await.expect("a round");
    assert_eq!(desk.delivery(&batch, "0").await.state, State::Cancelled);
    assert_eq!(sink.taken().len(), 0);
}

fn many(number: usize) -> Vec<PersonMail> {
    (0..number)
        .map(|n| person(&n.to_string(), &format!("p{n}@example.jp"), "髙橋"))
        .collect()
}

impl Desk {
    async fn progress(&self, batch: &BatchId) -> Progress {
        let (batch, now) = (batch.clone(), self.now());
        self.db
            .store()
            .read(move |conn| outbox::progress(conn, &batch, now))
            .await
            .expect("progress")
    }

    async fn change<T: Send + 'static>(
        &self,
        verb: impl FnOnce(&mut Conn, Instant) -> shodo::kernel::Result<T> + Send + 'static,
    ) -> T {
        let now = self.now();
        self.db
            .store()
            .write(move |tx| verb(tx, now))
            .await
            .expect("a change")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stop_of_all_bulk_mail_lets_the_teams_through_and_outlives_the_server() {
    let server = ScriptedSmtp::start(|_| Act::Agree);
    let desk = Desk::new(server.settings());
    let batch = desk.batch_of(many(30)).await;
    assert!(desk.change(outbox::stop_bulk).await);
    assert!(
        !desk.change(outbox::stop_bulk).await,
        "it was stopped already"
    );
    desk.team("ken@example.com", "期限").await;

    for courier in [desk.courier(), desk.courier_on(desk.db.another_store())] {
        courier.pass().await.expect("a round");
        let told = server.told();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].to, "ken@example.com");
        let health = courier.health().await.expect("health");
        assert_eq!(health.bulk_stopped_at, Some(desk.now()));
    }
    assert_eq!(
        desk.progress(&batch).await.bulk_stopped_at,
        Some(desk.now())
    );
    let paused = batch.clone();
    desk.change(move |tx, now| outbox::pause(tx, &paused, now))
        .await;
    assert!(desk.change(|tx, _| outbox::allow_bulk(tx)).await);
    desk.courier().pass().await.expect("a round");
    assert_eq!(
        desk.counts(&batch).await.queued,
        30,
        "its own pause still holds"
    );
    let resumed = batch.clone();
    desk.change(move |tx, _| outbox::resume(tx, &resumed)).await;
    desk.courier().pass().await.expect("a round");
    assert_eq!(desk.counts(&batch).await.sent, 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stop_reaches_a_sending_in_its_middle() {
    // Slow enough that most of it lies before the stop.
    let server = ScriptedSmtp::start(|now| {
        if now.at == At::Dot {
            std::thread::sleep(Duration::from_millis(2));
        }
        Act::Agree
    });
    let desk = Desk::new(server.settings());
    let batch = desk.batch_of(many(3_000)).await;
    let courier = desk.courier();
    let running = courier.start();
    while server.number() < 50 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    desk.change(outbox::stop_bulk).await;
    let stopped_at = server.number();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let counts = desk.counts(&batch).await;
    let (sent, after) = (server.number(), server.number() - stopped_at);
    assert!(
        after <= desk.settings.window,
        "{after} went out after the stop"
    );
    assert!(sent < 3_000);
    assert_eq!((counts.sending, counts.uncertain), (0, 0), "{counts:?}");
    assert_eq!(usize::try_from(counts.sent).expect("a count"), sent);
    running.stop().await.expect("stopped");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_that_point_at_us_stop_the_batch_and_make_nobody_unreachable() {
    let wrong = Arc::new(AtomicBool::new(true));
    let ours = Arc::clone(&wrong);
    let server = ScriptedSmtp::start(move |now| match now.at {
        At::Rcpt if ours.load(Ordering::SeqCst) => Act::Say("550 5.7.23 SPF validation failed"),
        _ => Act::Agree,
    });
    let desk = Desk::new(server.settings());
    let batch = desk.batch_of(many(500)).await;
    let courier = desk.courier();
    courier.pass().await.expect("a round");

    let counts = desk.counts(&batch).await;
    assert_eq!((counts.failed, counts.queued), (0, 500), "{counts:?}");
    assert!(server.reached(At::Rcpt) <= 20 + desk.settings.window);
    let progress = desk.progress(&batch).await;
    let halt = progress.halt.expect("it says why");
    assert_eq!(halt.code, Some(550));
    assert_eq!(halt.reply, "5.7.23 SPF validation failed");
    assert_eq!(progress.paused_at, Some(desk.now()));
    let health = courier.health().await.expect("health");
    assert_eq!(health.halted, [(batch.clone(), halt)]);
    // It stays stopped, and the team's mail is not concerned.
    let reached = server.reached(At::Rcpt);
    courier.pass().await.expect("a round");
    assert_eq!(server.reached(At::Rcpt), reached);

    wrong.store(false, Ordering::SeqCst);
    let resumed = batch.clone();
    desk.change(move |tx, _| outbox::resume(tx, &resumed)).await;
    courier.pass().await.expect("a round");
    assert_eq!(desk.counts(&batch).await.sent, 500);
    assert_eq!(desk.progress(&batch).await.halt, None);
    assert!(courier.health().await.expect("health").halted.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_that_point_at_the_people_stop_nothing() {
    let server = ScriptedSmtp::start(|now| match now.at {
        At::Rcpt if now.before % 10 != 0 => Act::Say("550 5.1.1 no such user"),
        // One in ten is our fault, but the next one is taken again.
        At::Dot if now.before % 2 == 0 => Act::Say("554 5.7.1 spam"),
        _ => Act::Agree,
    });
    let mut settings = server.settings();
    settings.halt_after = 3;
    let desk = Desk::new(settings);
    let batch = desk.batch_of(many(200)).await;
    desk.courier().pass().await.expect("a round");
    let counts = desk.counts(&batch).await;
    assert_eq!((counts.sent, counts.failed), (10, 190));
    assert_eq!(desk.progress(&batch).await.halt, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_uncertain_of_a_batch_is_settled_at_once() {
    let server = ScriptedSmtp::start(|now| match now.at {
        At::Dot if now.before < 4 => Act::CloseMidLine,
        _ => Act::Agree,
    });
    let desk = Desk::new(server.settings());
    let batch = desk.batch_of(many(20)).await;
    let courier = desk.courier();
    courier.pass().await.expect("a round");
    let other = desk.batch_of(many(1)).await;
    let counts = desk.counts(&batch).await;
    assert_eq!((counts.uncertain, counts.sent), (4, 16), "{counts:?}");
    let of = other.clone();
    let settled = desk
        .change(move |tx, now| outbox::settle_batch(tx, &of, Settlement::SendAgain, now))
        .await;
    assert_eq!(settled, 0, "another batch has none");
    for (settlement, expected) in [(Settlement::SendAgain, 4), (Settlement::GiveUp, 0)] {
        let of = batch.clone();
        let settled = desk
            .change(move |tx, now| outbox::settle_batch(tx, &of, settlement, now))
            .await;
        assert_eq!(settled, expected, "{settlement:?}");
        courier.pass().await.expect("a round");
        assert_eq!(desk.counts(&batch).await.sent, 20);
    }
    assert_eq!(server.number(), 20 + 4 + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_tells_how_fast_and_how_long() {
    let server = ScriptedSmtp::start(|now| match now.at {
        At::Rcpt if now.before >= 60 => Act::Say("451 4.7.1 greylisted"),
        _ => Act::Agree,
    });
    let desk = Desk::new(server.settings());
    let batch = desk.batch_of(many(100)).await;
    let idle = desk.progress(&batch).await;
    assert_eq!((idle.per_minute, idle.seconds_left), (0, None));
    let courier = desk.courier();
    courier.pass().await.expect("a round");
    desk.advance(SignedDuration::from_secs(30));
    let progress = desk.progress(&batch).await;
    assert_eq!((progress.counts.sent, progress.counts.queued), (60, 40));
    // 60 in the 30 s since it began, 40 to go.
    assert_eq!((progress.per_minute, progress.seconds_left), (60, Some(20)));
    desk.advance(SignedDuration::from_secs(120));
    let later = desk.progress(&batch).await;
    assert_eq!((later.per_minute, later.seconds_left), (0, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn news_are_of_batches_that_are_not_closed() {
    let server = ScriptedSmtp::start(|now| match now.at {
        At::Dot if now.before == 0 => Act::Hang,
        _ => Act::Agree,
    });
    let mut settings = server.settings();
    settings.timeouts.content_seconds = 1;
    let desk = Desk::new(settings);
    let batch = desk.batch_of(many(3)).await;
    let news = |desk: &Desk| desk.db.store().read_blocking(outbox::news).expect("news");
    let of = batch.clone();
    desk.change(move |tx, now| outbox::close(tx, &of, now))
        .await;
    assert_eq!(news(&desk).len(), 1, "what waits cannot be closed");
    desk.courier().pass().await.expect("a round");
    assert_eq!(news(&desk)[0].settled_until, Some(desk.now()));
    let of = batch.clone();
    desk.change(move |tx, now| outbox::close(tx, &of, now))
        .await;
    assert!(news(&desk).is_empty());
    // Somebody settles what was uncertain: the rooms above must hear of it.
    let of = batch.clone();
    desk.change(move |tx, now| outbox::settle_batch(tx, &of, Settlement::WasSent, now))
        .await;
    assert_eq!(news(&desk).len(), 1);
}
