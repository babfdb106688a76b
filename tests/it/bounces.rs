//! Mail that comes back: reports of every shape, true and forged, and what they change.

use serde_json::{Value, json};
use shodo::accounts::Role;
use shodo::outbox::bounces::{self, Action, Bounce, Taken};
use shodo::outbox::{self, BatchId, MailSettings, Settlement, State};
use shodo::vault::Scope;

use crate::outbox::{Desk, person};
use crate::support::app::TestApp;
use crate::support::smtp::SmtpSink;

/// A report as Postfix writes it: words, a status, and the headers of what came back.
fn report(message_id: &str, action: &str, status: &str, diagnostic: &str) -> String {
    report_with(
        &format!(
            "Reporting-MTA: dns; mx.example.com\r\nX-Postfix-Queue-ID: 4D2F1\r\n\
             X-Postfix-Sender: rfc822; privacy@shop.example.jp\r\n\
             Arrival-Date: Fri, 20 Nov 2026 18:00:01 +0900 (JST)\r\n\r\n\
             Final-Recipient: rfc822; taro.yamada@example.jp\r\nAction: {action}\r\n\
             Status: {status}\r\nDiagnostic-Code: smtp; {diagnostic}\r\n"
        ),
        &format!(
            "Content-Type: text/rfc822-headers\r\n\r\nFrom: privacy@shop.example.jp\r\n\
             To: taro.yamada@example.jp\r\nSubject: =?utf-8?B?6YeN6KaB?=\r\nMessage-ID: {message_id}\r\n"
        ),
    )
}

fn report_with(status: &str, returned: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.com (Mail Delivery System)\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nTo: privacy@shop.example.jp\r\n\
         Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"b1\"\r\n\r\n\
         This is a MIME-encapsulated message.\r\n\r\n--b1\r\nContent-Description: Notification\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\r\nI'm sorry to have to inform you\r\n\r\n\
         --b1\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n\
         --b1\r\n{returned}\r\n--b1--\r\n"
    )
}

impl Desk {
    /// Takes a returned mail as the server would.
    async fn take(&self, mail: &str) -> Taken {
        self.take_read(bounces::read(mail.as_bytes())).await
    }

    async fn take_read(&self, read: Result<Bounce, Taken>) -> Taken {
        let (vault, now) = (self.vault.clone(), self.now());
        self.db
            .store()
            .write(move |tx| {
                let read = read.as_ref().map_err(|why| *why);
                bounces::take(tx, &vault, now, read)
            })
            .await
            .expect("taken")
    }

    /// Sends a notice to one person, and gives the message's id as its headers have it.
    async fn sent(&self, sink: &SmtpSink) -> (BatchId, String) {
        let batch = self
            .batch_of(vec![person("p1", "taro.yamada@example.jp", "山田 太郎")])
            .await;
        self.courier().pass().await.expect("a round");
        let id = sink.taken().pop().expect("a mail").headers["Message-ID"].clone();
        (batch, id)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permanent_failure_makes_the_message_bounced_and_later_news_changes_nothing() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let (batch, id) = desk.sent(&sink).await;
    let sent_at = desk.now();
    desk.advance(jiff::SignedDuration::from_mins(3));

    let delayed = report(
        &id,
        "delayed",
        "4.4.1",
        "connect to mx for taro.yamada@example.jp: timed out",
    );
    assert_eq!(desk.take(&delayed).await, Taken::Delayed);
    let delivery = desk.delivery(&batch, "p1").await;
    assert_eq!(
        (delivery.state, delivery.settled_at),
        (State::Sent, Some(sent_at))
    );
    assert!(
        delivery
            .reply
            .expect("words")
            .starts_with("delayed: 4.4.1 ")
    );

    let words =
        "550 5.1.1 <taro.yamada@example.jp>: user taro.yamada unknown\r\n in virtual mailbox table";
    assert_eq!(
        desk.take(&report(&id, "failed", "5.1.1", words)).await,
        Taken::Bounced
    );
    let delivery = desk.delivery(&batch, "p1").await;
    assert_eq!(delivery.state, State::Bounced);
    assert_eq!(delivery.settled_at, Some(desk.now()));
    assert_eq!(delivery.reply_code, Some(550));
    let reply = delivery.reply.expect("words");
    assert_eq!(
        reply,
        "returned: 5.1.1 smtp; 550 5.1.1 […] user […] unknown in virtual mailbox table"
    );

    // Twice, and an older word that comes late.
    assert_eq!(
        desk.take(&report(&id, "failed", "5.1.1", words)).await,
        Taken::Known
    );
    assert_eq!(desk.take(&delayed).await, Taken::Known);
    let counts = desk.counts(&batch).await;
    assert_eq!((counts.bounced, counts.sent, counts.failed), (1, 0, 0));
    assert_eq!(counts.total(), 1);
    let (batch, since) = (batch.clone(), sent_at);
    let settled = desk
        .db
        .store()
        .read(move |conn| outbox::settled_since(conn, &batch, since, 10))
        .await
        .expect("settled");
    assert_eq!(settled, [("p1".to_owned(), State::Bounced, desk.now())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_expired_has_failed_and_what_arrived_is_left_alone() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let (batch, id) = desk.sent(&sink).await;
    for good in ["delivered", "relayed", "expanded"] {
        let mail = report(&id, good, "2.0.0", "250 ok");
        assert_eq!(desk.take(&mail).await, Taken::NotFailed, "{good}");
    }
    assert_eq!(desk.delivery(&batch, "p1").await.state, State::Sent);
    let expired = report(&id, "failed", "4.4.7", "message expired");
    assert_eq!(desk.take(&expired).await, Taken::Failed);
    let delivery = desk.delivery(&batch, "p1").await;
    assert_eq!((delivery.state, delivery.reply_code), (State::Failed, None));
    assert_eq!(desk.counts(&batch).await.failed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_of_other_shapes_are_read_too() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let status = "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822;x@example.jp\r\naction : FAILED\r\nstatus: 5.2.2 (mailbox full)\r\n";
    type Shape<'a> = (&'a str, &'a dyn Fn(&str) -> String);
    let shapes: [Shape<'_>; 6] = [
        ("whole message", &|id| {
            let whole = format!(
                "Content-Type: message/rfc822\r\n\r\nMessage-ID: {id}\r\nSubject: x\r\n\
                 Content-Type: multipart/alternative; boundary=zz\r\n\r\n--zz\r\n\r\ntext\r\n--zz--\r\n"
            );
            report_with(status, &whole)
        }),
        ("folded id", &|id| {
            let headers =
                format!("Content-Type: text/rfc822-headers\r\n\r\nmessage-id:\r\n {id}\r\n");
            report_with(status, &headers)
        }),
        ("base64", &|id| {
            use base64::Engine;
            let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
            let mail = report_with(
                &encode(status),
                &format!(
                    "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
                    encode(&format!("Message-ID: {id}\r\n\r\nbody"))
                ),
            );
            mail.replace(
                "Content-Type: message/delivery-status\r\n",
                "Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n",
            )
        }),
        ("envelope id", &|id| {
            let plain = id.trim_matches(['<', '>']);
            let status = format!(
                "Original-Envelope-Id: {}\r\n{status}",
                plain.replace('-', "+2D")
            );
            report_with(&status, "Content-Type: text/plain\r\n\r\nnothing\r\n")
        }),
        ("bare line ends", &|id| {
            report(id, "failed", "5.0.0", "x").replace("\r\n", "\n")
        }),
        ("a mailbox that two addresses lead to", &|id| {
            let both = format!(
                "{status}\r\nFinal-Recipient: rfc822;y@example.jp\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            );
            let headers = format!("Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {id}\r\n");
            report_with(&both, &headers)
        }),
    ];
    for (name, shape) in shapes {
        let (batch, id) = desk.sent(&sink).await;
        assert_eq!(desk.take(&shape(&id)).await, Taken::Bounced, "{name}");
        assert_eq!(desk.counts(&batch).await.bounced, 1, "{name}");
    }

    // Of two addresses behind an alias one was reached.
    let (batch, id) = desk.sent(&sink).await;
    let mixed = format!(
        "{status}\r\nFinal-Recipient: rfc822;y@example.jp\r\nAction: relayed\r\nStatus: 2.1.5\r\n"
    );
    let headers = format!("Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {id}\r\n");
    assert_eq!(
        desk.take(&report_with(&mixed, &headers)).await,
        Taken::NotFailed
    );
    assert_eq!(desk.counts(&batch).await.sent, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_reports_and_other_mail_are_counted_and_change_nothing() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let (batch, id) = desk.sent(&sink).await;
    let bare = id
        .trim_matches(['<', '>'])
        .split('@')
        .next()
        .expect("an id");
    let holiday = "From: taro.yamada@example.jp\r\nSubject: Re: x\r\nAuto-Submitted: auto-replied (vacation)\r\n\
                   Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B5Y2K\x1b(B\r\n";
    let letter = "From: a@example.jp\r\nSubject: hello\r\n\r\nhello\r\n";
    // Words about a failure, and no report: nobody can tell whom it was about.
    let words = format!(
        "From: MAILER-DAEMON@x\r\nSubject: failure notice\r\n\r\nHi. This is qmail.\r\nMessage-Id: {id}\r\n"
    );
    let cases = [
        (
            report(
                &format!("<{bare}@evil.example.com>"),
                "failed",
                "5.1.1",
                "x",
            ),
            Taken::Unknown,
        ),
        (
            report(
                "<0192f0c0-0000-7000-8000-000000000001@shop.example.jp>",
                "failed",
                "5.1.1",
                "x",
            ),
            Taken::Unknown,
        ),
        (
            report("<' OR 1=1 --@shop.example.jp>", "failed", "5.1.1", "x"),
            Taken::Unknown,
        ),
        (report("", "failed", "5.1.1", "x"), Taken::Unknown),
        (holiday.to_owned(), Taken::AutoReply),
        (letter.to_owned(), Taken::NoReport),
        (words, Taken::NoReport),
    ];
    for (mail, wanted) in &cases {
        assert_eq!(desk.take(mail).await, *wanted, "{mail}");
    }
    assert_eq!(desk.counts(&batch).await.sent, 1);
    let tallies = desk
        .db
        .store()
        .read(bounces::tallies)
        .await
        .expect("tallies");
    let tallies: Vec<_> = tallies.iter().map(|it| (it.taken, it.number)).collect();
    assert_eq!(
        tallies,
        [
            (Taken::AutoReply, 1),
            (Taken::NoReport, 2),
            (Taken::Unknown, 4)
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_and_hostile_mail_gets_a_clear_answer() {
    let whole = report("<a@example.jp>", "failed", "5.1.1", "x");
    // Every truncation is read as something, and none as a panic.
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        let read = bounces::read(&whole.as_bytes()[..end]);
        assert!(
            read.is_ok()
                || matches!(
                    read,
                    Err(Taken::Unreadable | Taken::NoReport | Taken::AutoReply)
                ),
            "{end}: {read:?}"
        );
    }
    assert_eq!(bounces::read(b""), Err(Taken::Unreadable));
    assert_eq!(bounces::read(&vec![b'x'; 50 << 20]), Err(Taken::TooLarge));
    assert_eq!(bounces::read(&vec![0; 1000]), Err(Taken::Unreadable));

    let nested = |open: &str, depth: usize| {
        let mut mail = String::from("Subject: x\r\n");
        for level in 0..depth {
            mail.push_str(&open.replace("{n}", &level.to_string()));
        }
        mail.push_str("Subject: inside\r\n\r\nbody\r\n");
        mail
    };
    let messages = nested("Content-Type: message/rfc822\r\n\r\n", 1_000);
    assert_eq!(bounces::read(messages.as_bytes()), Err(Taken::Unreadable));
    let folded = nested("Content-Type:\r\n\tMESSAGE/RFC822\r\n\r\n", 20_000);
    assert_eq!(bounces::read(folded.as_bytes()), Err(Taken::Unreadable));
    let parts = nested(
        "Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n",
        1_000,
    );
    assert_eq!(bounces::read(parts.as_bytes()), Err(Taken::NoReport));
    let digests = nested(
        "Content-Type: multipart/digest; boundary=b{n}\r\n\r\n--b{n}\r\n\r\n",
        1_000,
    );
    assert_eq!(bounces::read(digests.as_bytes()), Err(Taken::Unreadable));

    // Charsets that are not what they claim, and none that exists.
    for charset in ["iso-2022-jp", "utf-7", "x-unknown", "\"", "utf-16"] {
        let mail = report_with(
            "Reporting-MTA: dns; m\u{00fc}ller\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n",
            &format!(
                "Content-Type: text/rfc822-headers; charset={charset}\r\n\r\nMessage-ID: <a@example.jp>\r\n"
            ),
        );
        let mut bytes = mail.into_bytes();
        bytes.extend_from_slice(&[0xff, 0xfe, 0x1b, b'$', b'B', 0x80]);
        assert!(bounces::read(&bytes).is_ok(), "{charset}");
    }
    for empty in [
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b--\r\n",
        "Content-Type: multipart/report; report-type=delivery-status\r\n\r\n--b\r\n",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"\"\r\n\r\n--\r\n--\r\n",
    ] {
        assert_eq!(
            bounces::read(empty.as_bytes()),
            Err(Taken::NoReport),
            "{empty}"
        );
    }
    let blank = report_with(
        "\r\n\r\n: \r\nAction:\r\n \r\n",
        "Content-Type: message/rfc822\r\n\r\n",
    );
    let desk = Desk::new(MailSettings::default());
    assert_eq!(desk.take(&blank).await, Taken::Unknown);
    let many = "Final-Recipient: x400; x\r\nAction: failed\r\nStatus: 5.0.0\r\n\r\n".repeat(5_000);
    assert!(bounces::read(report_with(&many, "\r\n").as_bytes()).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn states_on_the_way_and_destroyed_data_are_respected() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let bounce = |message_id: &str| {
        Ok(Bounce {
            message_id: message_id.to_owned(),
            action: Some(Action::Failed),
            status: "5.1.1".to_owned(),
            diagnostic: "550 user taro.yamada unknown".to_owned(),
        })
    };

    // The report is quicker than our own writing down: it is to come again, and is not counted yet.
    let (batch, id) = desk.sent(&sink).await;
    desk.sql("UPDATE outbox_messages SET state = 'sending', settled_at = NULL")
        .await;
    assert_eq!(desk.take_read(bounce(&id)).await, Taken::Early);
    desk.sql("UPDATE outbox_messages SET state = 'sent'").await;
    assert_eq!(desk.take_read(bounce(&id)).await, Taken::Bounced);
    let delivery = desk.delivery(&batch, "p1").await;
    assert_eq!(
        delivery.reply.as_deref(),
        Some("returned: 5.1.1 550 user […] unknown")
    );

    // Taken for lost: the report tells that it was sent, and what became of it.
    let (batch, id) = desk.sent(&sink).await;
    desk.sql("UPDATE outbox_messages SET state = 'uncertain' WHERE state = 'sent'")
        .await;
    desk.sql("UPDATE outbox_tallies SET sent = 0, uncertain = 1 WHERE sent = 1")
        .await;
    assert_eq!(desk.take_read(bounce(&id)).await, Taken::Bounced);
    assert_eq!(desk.counts(&batch).await.bounced, 1);
    let (mail, now) = (desk.delivery(&batch, "p1").await.id, desk.now());
    let settled = desk
        .db
        .store()
        .write(move |tx| outbox::settle(tx, &mail, Settlement::SendAgain, now))
        .await;
    assert!(settled.is_err(), "a bounced message is settled");

    // The person's data are gone: the state is still told, and nothing of it names them.
    let (batch, id) = desk.sent(&sink).await;
    let (vault, now) = (desk.vault.clone(), desk.now());
    desk.db
        .store()
        .write(move |tx| {
            let scope = Scope::incident("0192f0c0-0000-7000-8000-000000000001");
            vault.destroy(tx, &scope, now)
        })
        .await
        .expect("destroyed");
    assert_eq!(desk.take_read(bounce(&id)).await, Taken::Bounced);
    let delivery = desk.delivery(&batch, "p1").await;
    assert_eq!(delivery.reply.as_deref(), Some("returned: 5.1.1"));
}

#[test]
fn scripts_report_bounces_and_a_folder_is_read() {
    let app = TestApp::start("2026-11-20T10:00:00+09:00");
    let commander = app.script(Role::Commander);
    let report_of = |id: &str| report(id, "failed", "5.1.1", "550 unknown");
    let post = |media: &str, body: &[u8]| {
        commander.send("POST", "/api/v1/bounces", Some((media, body.to_vec())))
    };

    let unknown = report_of("<0192f0c0-0000-7000-8000-000000000001@shop.example.jp>");
    assert_eq!(
        post("message/rfc822", unknown.as_bytes()).ok(),
        json!({"outcome": "unknown"})
    );
    let letter = b"Subject: hello\r\n\r\nhello\r\n";
    assert_eq!(
        post("Message/RFC822; charset=x", letter).ok(),
        json!({"outcome": "no_report"})
    );
    let event = json!({"message_id": "<x@y>", "status": "5.1.1", "action": "failed", "diagnostic": "550 no"});
    assert_eq!(
        commander.post("/api/v1/bounces", event).ok(),
        json!({"outcome": "unknown"})
    );

    assert_eq!(
        post("message/rfc822", b"\0\0").problem("malformed-body")["status"],
        400
    );
    assert_eq!(
        post("text/plain", letter).problem("malformed-body")["status"],
        400
    );
    assert_eq!(
        post("message/rfc822", &vec![b'x'; (1 << 20) + 1]).problem("too-large")["status"],
        413
    );
    for wrong in [
        json!({"message_id": "<x@y>", "action": "exploded"}),
        json!({"action": "failed"}),
        json!({"message_id": "<x@y>", "action": "failed", "recipient": "taro@example.jp"}),
        json!([]),
    ] {
        let problem = commander.post("/api/v1/bounces", wrong.clone());
        assert!(!problem.text().contains("taro"), "{}", problem.text());
        problem.problem("malformed-body");
    }
    app.script(Role::Viewer)
        .post(
            "/api/v1/bounces",
            json!({"message_id": "<x@y>", "action": "failed"}),
        )
        .problem("forbidden");
    app.script_with("nobody")
        .post(
            "/api/v1/bounces",
            json!({"message_id": "<x@y>", "action": "failed"}),
        )
        .problem("unauthenticated");

    let tallies = app.script(Role::Viewer).get("/api/v1/bounces").ok();
    assert_eq!(
        tallies[1],
        json!({"taken": "unknown", "number": 2, "last_at": "2026-11-20T01:00:00Z"})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_folder_is_emptied_and_nothing_is_lost() {
    let sink = SmtpSink::start();
    for maildir in [false, true] {
        let desk = Desk::new(sink.settings());
        let (batch, id) = desk.sent(&sink).await;
        let folder = desk.db.folder().join("returned");
        let incoming = if maildir {
            folder.join("new")
        } else {
            folder.clone()
        };
        std::fs::create_dir_all(&incoming).expect("a folder");
        let put = |name: &str, content: &[u8]| {
            std::fs::write(incoming.join(name), content).expect("a file");
        };
        put(
            "a.eml",
            report(&id, "failed", "5.1.1", "550 unknown").as_bytes(),
        );
        put("b.eml", b"Subject: hello\r\n\r\nhello\r\n");
        put("c.eml", b"");
        put(".hidden.eml", b"half written");
        put("large.eml", &vec![b'x'; 3 << 20]);
        if !maildir {
            put("notes.txt", b"not for us");
        }
        std::os::unix::fs::symlink("/etc/passwd", incoming.join("z.eml")).expect("a link");
        std::fs::create_dir_all(folder.join("ignored")).expect("a folder");
        std::fs::write(folder.join("ignored/b.eml"), b"an older one").expect("a file");

        let house = desk.house(&folder);
        assert_eq!(house.read_returned_mail().await.expect("read"), 4);
        assert_eq!(desk.counts(&batch).await.bounced, 1);
        let names = |path: &std::path::Path| {
            let mut names: Vec<_> = std::fs::read_dir(path)
                .expect("a folder")
                .map(|entry| {
                    entry
                        .expect("an entry")
                        .file_name()
                        .into_string()
                        .expect("a name")
                })
                .collect();
            names.sort();
            names
        };
        assert_eq!(names(&folder.join("done")), ["a.eml"]);
        assert_eq!(
            names(&folder.join("ignored")),
            ["2-b.eml", "b.eml", "c.eml", "large.eml"]
        );
        let left = std::fs::metadata(folder.join("ignored/large.eml")).expect("a file");
        assert_eq!(left.len(), 3 << 20, "moved whole");
        assert_eq!(house.read_returned_mail().await.expect("read"), 0);
        let hidden = names(&incoming);
        assert!(hidden.contains(&".hidden.eml".to_owned()) && hidden.contains(&"z.eml".to_owned()));
    }
}

#[test]
fn the_interface_describes_both_forms() {
    let app = TestApp::start("2026-11-20T10:00:00+09:00");
    let document: Value = app.script(Role::Viewer).get("/api/v1/openapi.json").ok();
    let content = &document["paths"]["/bounces"]["post"]["requestBody"]["content"];
    assert!(content["message/rfc822"].is_object(), "{content}");
    assert!(content["application/json"].is_object(), "{content}");
}

#[test]
fn the_register_hears_of_a_bounce_after_it_was_told_of_the_sending() {
    let app = TestApp::start("2026-11-20T10:00:00+09:00");
    let commander = app.script(Role::Commander);
    let incident = commander
        .post("/api/v1/incidents", json!({"title": "x"}))
        .ok();
    let case = format!(
        "/api/v1/incidents/{}",
        incident["id"].as_str().expect("an id")
    );
    let roster = "name,email\nA,a@example.jp\nB,b@example.jp\n";
    commander
        .upload(&format!("{case}/rosters"), &[], "r.csv", roster.as_bytes())
        .ok();
    let notice = commander
        .post(
            &format!("{case}/notices"),
            json!({"kind": "customer_email"}),
        )
        .ok();
    let path = format!("{case}/notices/{}", notice["id"].as_str().expect("an id"));
    let content = json!({
        "subject": {"ja": "お知らせ", "en": "Notice"},
        "body": {"ja": "{{salutation}}\n\nお知らせします。", "en": "{{salutation}}\n\nWe tell you."},
    });
    commander
        .put(&path, json!({"content": content, "version": 1}))
        .ok();
    app.approve(Role::Commander, &path, &json!(2));
    commander
        .post(&format!("{path}/dispatch"), json!({"confirmed": 2}))
        .ok();
    let note = || {
        app.clock_to("2026-11-20T11:00:00+09:00");
        tokio::runtime::Runtime::new()
            .expect("a runtime")
            .block_on(app.house().note_deliveries())
            .expect("noted")
    };
    let told = || commander.get(&format!("{case}/people/counts")).ok()["by_notice"].clone();
    let sent = (0..100).find_map(|_| {
        let taken = app.sink.taken();
        let people = taken
            .iter()
            .filter(|mail| mail.to[0].ends_with("@example.jp"));
        let of: Vec<_> = people.cloned().collect();
        std::thread::sleep(std::time::Duration::from_millis(100));
        let settled = commander.get(&format!("{case}/dispatches")).ok()[0]["counts"]["sent"] == 2;
        (of.len() == 2 && settled).then_some(of)
    });
    let sent = sent.expect("both were sent");
    assert_eq!(note(), 2);
    assert_eq!(told(), json!({"sent": 2}));

    let gone = sent
        .iter()
        .find(|mail| mail.to == ["b@example.jp"])
        .expect("a mail");
    let event = json!({
        "message_id": gone.headers["Message-ID"], "action": "failed", "status": "5.1.1",
        "diagnostic": "550 5.1.1 <b@example.jp> unknown",
    });
    assert_eq!(
        commander.post("/api/v1/bounces", event).ok(),
        json!({"outcome": "bounced"})
    );
    assert_eq!(note(), 1);
    assert_eq!(told(), json!({"sent": 1, "failed": 1}));
    let counts = commander.get(&format!("{case}/dispatches")).ok()[0]["counts"].clone();
    assert_eq!(
        (&counts["sent"], &counts["bounced"]),
        (&json!(1), &json!(1))
    );
}
