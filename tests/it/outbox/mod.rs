//! The outbox against real SMTP servers.

mod control;
mod crash;
mod defects;
mod faults;
mod limits;
mod messages;
mod retries;
mod settings;
mod workers;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::Duration;

use jiff::SignedDuration;
use shodo::kernel::{Clock, Code, Instant, Locale};
use shodo::outbox::{
    self, BatchId, BatchTemplate, Content, Counts, Courier, Delivery, EmailAddress, MailId,
    MailSettings, Pass, PersonMail, Recipient, Security, Settlement, State, TeamMail, TeamMessage,
    TransportKind,
};
use shodo::store::{Conn, Store};
use shodo::vault::{Scope, Vault};

use crate::support::db::TestDb;
use crate::support::smtp::{SmtpSink, settings_for_port};

/// A database, keys, a clock, and the settings to deliver by.
struct Desk {
    db: TestDb,
    vault: Vault,
    clock: Clock,
    settings: MailSettings,
}

impl Desk {
    fn new(settings: MailSettings) -> Self {
        let clock = Clock::manual("2026-11-20T09:00:00Z".parse().expect("an instant"));
        Self::at(settings, clock)
    }

    fn at(settings: MailSettings, clock: Clock) -> Self {
        let db = TestDb::new();
        Self {
            vault: Vault::open_or_create(db.folder()).expect("keys"),
            clock,
            db,
            settings,
        }
    }

    fn now(&self) -> Instant {
        self.clock.now()
    }

    fn advance(&self, by: SignedDuration) {
        self.clock.set(self.now().plus(by));
    }

    fn courier(&self) -> Courier {
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

    /// Queues a batch to these addresses; the subject of each is its place in the list.
    async fn batch(&self, addresses: &[&str]) -> BatchId {
        let people: Vec<_> = addresses
            .iter()
            .enumerate()
            .map(|(place, address)| person(&place.to_string(), address, "髙橋 さくら"))
            .collect();
        self.batch_of(people).await
    }

    async fn batch_of(&self, people: Vec<PersonMail>) -> BatchId {
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
                batch.finish(tx, now)
            })
            .await
            .expect("the batch is queued")
    }

    async fn team(&self, address: &str, subject: &str) -> MailId {
        let (vault, now) = (self.vault.clone(), self.now());
        let from = self.settings.sender().expect("a sender");
        let mail = TeamMail {
            to: recipient(address, "佐藤 健"),
            content: Content {
                subject: subject.to_owned(),
                text: "本文".to_owned(),
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

    async fn counts(&self, batch: &BatchId) -> Counts {
        let batch = batch.clone();
        self.db
            .store()
            .read(move |conn| counts_checked(conn, &batch))
            .await
            .expect("counts")
    }

    async fn delivery(&self, batch: &BatchId, place: &str) -> Delivery {
        let (batch, place) = (batch.clone(), place.to_owned());
        self.db
            .store()
            .read(move |conn| outbox::delivery_to(conn, &batch, &place))
            .await
            .expect("a delivery")
    }

    /// Runs SQL that no verb offers: what a crash leaves behind.
    async fn sql(&self, sql: &'static str) {
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

fn person(subject_id: &str, address: &str, name: &str) -> PersonMail {
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

/// The counts of a batch by its tally, which must be what counting its messages gives.
fn counts_checked(conn: &mut Conn, batch: &BatchId) -> shodo::kernel::Result<Counts> {
    let mut looks = 0;
    loop {
        let told = outbox::counts(conn, batch)?;
        let mut counted = Counts::default();
        for delivery in outbox::deliveries(conn, batch)? {
            let place = match delivery.state {
                State::Queued => &mut counted.queued,
                State::Claimed | State::Sending => &mut counted.sending,
                State::Sent => &mut counted.sent,
                State::Failed => &mut counted.failed,
                State::Uncertain => &mut counted.uncertain,
                State::Cancelled => &mut counted.cancelled,
            };
            *place += 1;
        }
        // A worker that runs may commit between the two looks.
        looks += 1;
        if told == counted || looks > 100 {
            assert_eq!(told, counted, "the tally and the messages of {batch}");
            return Ok(told);
        }
    }
}
