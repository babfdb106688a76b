//! The outbox against a real SMTP server process.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::Duration;

use jiff::SignedDuration;
use shodo::app::server;
use shodo::app::settings::Raw;
use shodo::kernel::{Clock, Code, Instant, Locale};
use shodo::outbox::{
    self, BatchId, BatchTemplate, Content, Counts, Courier, Delivery, EmailAddress, MailId,
    MailSettings, Pass, PersonMail, Recipient, Security, Settlement, State, TeamMail, TeamMessage,
    TransportKind,
};
use shodo::store::Store;
use shodo::vault::{Scope, Vault};
use shodo::workflow::House;

use crate::support::db::TestDb;
use crate::support::smtp::{SmtpSink, settings_for_port};

/// A database, keys, a clock, and the settings to deliver by.
pub struct Desk {
    pub db: TestDb,
    pub vault: Vault,
    pub clock: Clock,
    pub settings: MailSettings,
}

impl Desk {
    pub fn new(settings: MailSettings) -> Self {
        let db = TestDb::new();
        Self {
            vault: Vault::open_or_create(db.folder()).expect("keys"),
            clock: Clock::manual("2026-11-20T09:00:00Z".parse().expect("an instant")),
            db,
            settings,
        }
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    pub fn advance(&self, by: SignedDuration) {
        self.clock.set(self.now().plus(by));
    }

    pub fn courier(&self) -> Courier {
        self.courier_on(self.db.store().clone())
    }

    fn courier_on(&self, store: Store) -> Courier {
        Courier::new(
            store,
            self.vault.clone(),
            self.clock.clone(),
            self.settings.clone(),
        )
        .expect("valid settings")
    }

    /// The verbs over this database, with a folder of returned mail.
    pub fn house(&self, returned: &std::path::Path) -> House {
        let data_dir = self.db.folder().join("data");
        let flags = [("data_dir", data_dir.display().to_string())];
        let mut settings = Raw::gather(None, |_| None, &flags.into())
            .and_then(|raw| raw.parse())
            .expect("settings in order");
        settings.mail = self.settings.clone();
        settings.mail.bounce_folder = Some(returned.to_owned());
        let house = server::open(&settings, self.clock.clone()).expect("a house");
        House {
            store: self.db.store().clone(),
            vault: self.vault.clone(),
            ..house
        }
    }

    /// Queues a batch to these addresses; the subject of each is its place in the list.
    pub async fn batch(&self, addresses: &[&str]) -> BatchId {
        let people: Vec<_> = addresses
            .iter()
            .enumerate()
            .map(|(place, address)| person(&place.to_string(), address, "髙橋 さくら"))
            .collect();
        self.batch_of(people).await
    }

    pub async fn batch_of(&self, people: Vec<PersonMail>) -> BatchId {
        let (vault, now) = (self.vault.clone(), self.now());
        let from = self.settings.sender().expect("a sender");
        self.db
            .store()
            .write(move |tx| {
                let scope = Scope::incident("0192f0c0-0000-7000-8000-000000000001");
                let batch = outbox::open_batch(tx, &vault, now, &scope, &from, notice())?;
                for person in people {
                    batch.push(tx, now, person)?;
                }
                Ok(batch.id().clone())
            })
            .await
            .expect("the batch is queued")
    }

    pub async fn team(&self, address: &str, subject: &str) -> MailId {
        self.team_content(address, subject, "本文").await
    }

    pub async fn team_content(&self, address: &str, subject: &str, text: &str) -> MailId {
        let (vault, now) = (self.vault.clone(), self.now());
        let from = self.settings.sender().expect("a sender");
        let mail = TeamMail {
            to: recipient(address, "佐藤 健"),
            content: Content {
                subject: subject.to_owned(),
                text: text.to_owned(),
                html: None,
            },
            subject_id: None,
        };
        self.db
            .store()
            .write(move |tx| outbox::enqueue(tx, &vault, now, &Scope::server(), &from, mail))
            .await
            .expect("the message is queued")
    }

    pub async fn counts(&self, batch: &BatchId) -> Counts {
        let batch = batch.clone();
        self.db
            .store()
            .read(move |conn| outbox::counts(conn, &batch))
            .await
            .expect("counts")
    }

    pub async fn delivery(&self, batch: &BatchId, place: &str) -> Delivery {
        let (batch, place) = (batch.clone(), place.to_owned());
        self.db
            .store()
            .read(move |conn| outbox::delivery_to(conn, &batch, &place))
            .await
            .expect("a delivery")
    }

    /// Runs SQL that no verb offers: what a crash leaves behind.
    pub async fn sql(&self, sql: &'static str) {
        self.db
            .store()
            .write(move |tx| {
                diesel::connection::SimpleConnection::batch_execute(tx, sql)?;
                Ok(())
            })
            .await
            .expect("SQL");
    }
}

fn recipient(address: &str, name: &str) -> Recipient {
    Recipient::new(EmailAddress::parse(address).expect("an address"), name)
}

pub fn person(subject_id: &str, address: &str, name: &str) -> PersonMail {
    PersonMail {
        subject_id: subject_id.to_owned(),
        to: recipient(address, name),
        locale: Locale::Ja,
        variables: BTreeMap::from([("name".to_owned(), name.to_owned())]),
    }
}

fn notice() -> BatchTemplate {
    BatchTemplate {
        variables: ["name".to_owned()].into(),
        ja: Some(Content {
            subject: "【重要】個人情報の漏えいに関するお詫びとお知らせ（{{name}} 様）".to_owned(),
            text: "{{name}} 様\n\nこのたびは、ご迷惑をおかけし申し訳ございません。\n.\n以上\n"
                .to_owned(),
            html: Some(
                "<p>{{name}} 様</p><p>このたびは、ご迷惑をおかけし申し訳ございません。</p>"
                    .to_owned(),
            ),
        }),
        en: None,
    }
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_japanese_multipart_message_arrives_whole() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let name = "髙橋 <b>O'Brien</b> & 﨑子";
    let batch = desk
        .batch_of(vec![person("p1", "sakura@example.jp", name)])
        .await;

    let pass = desk.courier().pass().await.expect("a round");

    assert_eq!(pass, Pass { sent: 1, unsent: 0 });
    let taken = sink.taken();
    let mail = taken.first().expect("one message");
    assert_eq!(mail.defects, Vec::<String>::new());
    assert_eq!(mail.from, "privacy@shop.example.jp");
    assert_eq!(mail.to, ["sakura@example.jp"]);
    assert_eq!(
        mail.subject,
        format!("【重要】個人情報の漏えいに関するお詫びとお知らせ（{name} 様）")
    );
    // The lone dot is transparent, and text is not escaped while HTML is.
    assert_eq!(
        mail.text.as_deref().map(|text| text.replace("\r\n", "\n")),
        Some(format!(
            "{name} 様\n\nこのたびは、ご迷惑をおかけし申し訳ございません。\n.\n以上\n"
        ))
    );
    let html = mail.html.as_deref().expect("an HTML part");
    assert!(
        html.contains("髙橋 &lt;b&gt;O&#x27;Brien&lt;/b&gt; &amp; 﨑子 様"),
        "{html}"
    );
    assert_eq!(mail.headers["Auto-Submitted"], "auto-generated");
    assert_eq!(
        mail.headers["From"],
        "お客様情報保護窓口 <privacy@shop.example.jp>"
    );
    assert!(mail.headers["Date"].contains("20 Nov 2026 09:00:00"));
    let delivery = desk.delivery(&batch, "p1").await;
    assert_eq!(
        mail.headers["Message-ID"],
        format!("<{}@shop.example.jp>", delivery.id)
    );
    // RFC 2047 section 2: a header line with encoded words holds at most 76 characters.
    let headers = mail.content.split("\r\n\r\n").next().expect("headers");
    assert!(
        headers
            .lines()
            .all(|line| line.is_ascii() && line.len() <= 76),
        "{headers}"
    );
    assert_eq!((delivery.state, delivery.attempts), (State::Sent, 1));
    assert_eq!(delivery.settled_at, Some(desk.now()));
}

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

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_worker_leaves_uncertain_what_it_had_begun_and_gives_back_the_rest() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let batch = desk.batch(&["taro@example.jp", "jiro@example.jp"]).await;
    desk.sql(
        "UPDATE outbox_messages SET state = 'claimed', claimed_by = 'dead', claimed_at = 1;
         UPDATE outbox_messages SET state = 'sending' WHERE subject_id = '0';
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
async fn a_line_break_in_a_name_never_becomes_a_header() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let name = "太郎\r\nBcc: everyone@example.com\0\u{2028}次郎";
    desk.batch_of(vec![person("p1", "taro@example.jp", name)])
        .await;
    desk.courier().pass().await.expect("a round");
    let taken = sink.taken();
    assert_eq!(taken.len(), 1);
    assert!(!taken[0].headers.contains_key("Bcc"));
    assert_eq!(taken[0].to, ["taro@example.jp"]);
    assert!(
        taken[0]
            .subject
            .contains("太郎 Bcc: everyone@example.com 次郎")
    );
    for wrong in [
        "taro@example.jp\r\nRCPT TO:<x@example.com>",
        "b@localhost",
        "a b@example.jp",
        "taro@",
        "",
        "<taro@example.jp>",
    ] {
        assert!(EmailAddress::parse(wrong).is_err(), "{wrong:?}");
    }
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

#[tokio::test(flavor = "multi_thread")]
async fn the_password_goes_over_tls_only_to_the_right_server() {
    let keys = tempfile::tempdir().expect("a folder");
    let (cert, key) = (keys.path().join("cert.pem"), keys.path().join("key.pem"));
    let made = std::process::Command::new("openssl")
        .args("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE".split(' '))
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output()
        .expect("openssl is installed");
    assert!(made.status.success());
    let (cert, key) = (cert.display().to_string(), key.display().to_string());
    for (flag, security) in [("--tls", Security::Tls), ("--starttls", Security::StartTls)] {
        let sink = SmtpSink::start_with(&[flag, &cert, &key, "--auth", "shodo", "secret phrase"]);
        let mut settings = sink.settings();
        settings.smtp.host = "localhost".to_owned();
        settings.smtp.security = security;
        settings.smtp.username = "shodo".to_owned();
        settings.smtp.password = "secret phrase".to_owned().into();

        let stranger = Desk::new(settings.clone());
        stranger.batch(&["taro@example.jp"]).await;
        let courier = stranger.courier();
        courier.pass().await.expect("a round");
        let trouble = courier
            .health()
            .await
            .expect("health")
            .trouble
            .expect("trouble");
        assert!(
            trouble.text.contains("certificate"),
            "{security:?}: {}",
            trouble.text
        );
        assert!(sink.taken().is_empty());

        settings.smtp.ca_file = Some(cert.clone().into());
        let desk = Desk::new(settings.clone());
        desk.batch(&["taro@example.jp"]).await;
        let courier = desk.courier();
        let pass = courier.pass().await.expect("a round");
        assert_eq!(pass.sent, 1, "{security:?}: {:?}", courier.health().await);
        let taken = sink.taken();
        assert!(taken[0].tls || security == Security::Tls);
        assert_eq!(taken[0].user.as_deref(), Some("shodo"));

        settings.smtp.password = "wrong".to_owned().into();
        let desk = Desk::new(settings);
        let batch = desk.batch(&["taro@example.jp"]).await;
        let courier = desk.courier();
        courier.pass().await.expect("a round");
        let trouble = courier
            .health()
            .await
            .expect("health")
            .trouble
            .expect("trouble");
        assert_eq!(trouble.code, Some(535));
        assert_eq!(desk.delivery(&batch, "0").await.state, State::Queued);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_starttls_gets_nothing() {
    let sink = SmtpSink::start();
    let mut settings = sink.settings();
    settings.smtp.security = Security::StartTls;
    let desk = Desk::new(settings);
    desk.batch(&["taro@example.jp"]).await;
    let courier = desk.courier();
    courier.pass().await.expect("a round");
    let trouble = courier
        .health()
        .await
        .expect("health")
        .trouble
        .expect("trouble");
    assert!(trouble.text.contains("STARTTLS"), "{}", trouble.text);
    assert!(sink.taken().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_directory_holds_what_would_have_gone_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = settings_for_port(1);
    settings.transport = TransportKind::Directory;
    settings.directory = folder.path().join("mail");
    let desk = Desk::new(settings);
    assert!(
        outbox::list_directory(&desk.settings.directory, 10)
            .expect("empty")
            .is_empty()
    );
    desk.batch(&["taro@example.jp"]).await;
    desk.advance(minutes(1));
    let id = desk.team("ken@example.com", "件名").await;
    assert_eq!(desk.courier().pass().await.expect("a round").sent, 2);

    let list = outbox::list_directory(&desk.settings.directory, 10).expect("a list");
    assert_eq!(list.len(), 2);
    assert_eq!(list[0].id, id, "newest first");
    let mail = outbox::read_directory_mail(&desk.settings.directory, &list[1].id).expect("a mail");
    assert_eq!(mail.to.address().reveal(), "taro@example.jp");
    assert!(mail.content.html.expect("HTML").contains("髙橋 さくら 様"));
    let eml = std::fs::read_to_string(desk.settings.directory.join(format!("{id}.eml")));
    assert!(
        eml.expect("the .eml file")
            .contains("Auto-Submitted: auto-generated")
    );
}

#[test]
fn a_template_takes_listed_names_and_nothing_else() {
    for wrong in [
        "{{other}}",
        "{{#if name}}x{{/if}}",
        "{{> part}}",
        "{{{name}}}",
        "{{@root}}",
        "{{lookup name 'x'}}",
        "{{name",
        "\\{{name}}",
        "{{!-- note --}}",
        "",
    ] {
        let mut template = notice();
        template.ja.as_mut().expect("Japanese").text = wrong.to_owned();
        let problem = template.check().expect_err(wrong);
        assert_eq!(problem.code, Code::InvalidInput);
        assert_eq!(problem.fields[0].field, "ja.text", "{wrong}");
        for locale in [Locale::Ja, Locale::En] {
            assert!(
                !problem.fields[0].message(locale).starts_with("mail-"),
                "{wrong}"
            );
        }
    }
    assert!(notice().check().is_ok());
    let mut long = notice();
    long.ja.as_mut().expect("Japanese").subject = "件".repeat(1_000);
    assert_eq!(
        long.check().expect_err("too long").fields[0].field,
        "ja.subject"
    );
    let values = BTreeMap::from([("name".to_owned(), "さ".repeat(5_000))]);
    assert!(notice().check_values(&values).is_err());
    assert!(notice().check_values(&BTreeMap::new()).is_err());
}

#[test]
fn every_team_message_renders_in_both_languages() {
    for &message in TeamMessage::ALL {
        let names = message.variables();
        let values = names
            .iter()
            .map(|name| ((*name).to_owned(), format!("<{name}>")))
            .collect();
        for locale in [Locale::Ja, Locale::En] {
            let content = message.render(locale, &values).expect("it renders");
            let html = content.html.expect("an HTML part");
            for name in names {
                assert!(
                    content.text.contains(&format!("<{name}>")),
                    "{message} {locale} {name}"
                );
                assert!(
                    html.contains(&format!("&lt;{name}&gt;")),
                    "{message} {locale} {name}"
                );
            }
            assert_eq!(
                html.matches("<a ").count(),
                1,
                "{message} {locale}: one link"
            );
            assert!(!content.subject.contains(['\n', '{']), "{message} {locale}");
        }
    }
}

#[test]
fn wrong_settings_are_named() {
    let good = settings_for_port(2525);
    assert!(good.validate().is_ok());
    type Spoil = fn(&mut MailSettings);
    let wrong: [(&str, Spoil); 8] = [
        ("mail.from_address", |s| {
            s.from_address = "nobody".to_owned()
        }),
        ("mail.smtp.host", |s| s.smtp.host = String::new()),
        ("mail.smtp.port", |s| s.smtp.port = 0),
        ("mail.smtp.security", |s| {
            s.smtp.host = "smtp.example.com".to_owned()
        }),
        ("mail.smtp.password", |s| {
            s.smtp.username = "shodo".to_owned()
        }),
        ("mail.smtp.connections", |s| s.smtp.connections = 0),
        ("mail.retry.minutes", |s| s.retry.minutes = Vec::new()),
        ("mail.timeouts.content_seconds", |s| {
            s.timeouts.content_seconds = 0
        }),
    ];
    for (name, spoil) in wrong {
        let mut settings = good.clone();
        spoil(&mut settings);
        let problem = settings.validate().expect_err(name);
        assert_eq!(problem.code, Code::InvalidSetting);
        assert_eq!(problem.params[0].1, name);
    }
}
