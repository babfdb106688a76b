//! The outbox against real SMTP servers.

mod control;
mod course;
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
use shodo::app::server;
use shodo::app::settings::Raw;
use shodo::kernel::{Clock, Code, Instant, Locale};
use shodo::outbox::{
    self, BatchId, BatchTemplate, Content, Counts, Courier, Delivery, EmailAddress, MailId,
    MailSettings, Pass, PersonMail, Recipient, Security, Settlement, State, TeamMail, TeamMessage,
    TransportKind,
};
use shodo::store::{Conn, Store};
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
        let clock = Clock::manual("2026-11-20T09:00:00Z".parse().expect("an instant"));
        Self::at(settings, clock)
    }

    pub fn at(settings: MailSettings, clock: Clock) -> Self {
        let db = TestDb::new();
        Self {
            vault: Vault::open_or_create(db.folder()).expect("keys"),
            clock,
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

    pub fn courier_on(&self, store: Store) -> Courier {
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
                batch.finish(tx, now)
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
            .read(move |conn| counts_checked(conn, &batch))
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

/// The counts of a batch by its tally, which must be what counting its messages gives.
fn counts_checked(conn: &mut Conn, batch: &BatchId) -> shodo::kernel::Result<Counts> {
    let mut looks = 0;
    loop {
        let told = outbox::counts(conn, batch)?;
        let mut counted = Counts::default();
        for delivery in outbox::deliveries(conn, batch, None, 0, i64::MAX)? {
            let place = match delivery.state {
                State::Queued => &mut counted.queued,
                State::Claimed | State::Sending => &mut counted.sending,
                State::Sent => &mut counted.sent,
                State::Failed => &mut counted.failed,
                State::Bounced => &mut counted.bounced,
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
