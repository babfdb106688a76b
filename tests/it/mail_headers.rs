//! What mail carries on the line: signatures that another verifier accepts, headers, addresses, names.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::json;
use shodo::kernel::Code;
use shodo::outbox::{
    Content, Courier, DkimSettings, EmailAddress, MailSettings, Recipient, Sender, State,
};

use crate::outbox::{Desk, person};
use crate::support::smtp::{SmtpSink, Taken, python};

/// Messages whose bodies are hard to canonicalise: blanks at line ends, empty lines, a lone dot.
const BODIES: [&str; 4] = [
    "髙橋 様\n\nこのたびは、ご迷惑をおかけし申し訳ございません。\n.\n以上\n",
    "Two  blanks,\ta tab, and blanks at the end  \t\n\n\n.\n..\nlast line without end",
    "x\n\n\n\n",
    "x",
];

#[derive(Deserialize)]
pub struct Verdict {
    pub verified: bool,
    signed: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn another_verifier_accepts_our_signatures_and_no_changed_byte() {
    let keys = tempfile::tempdir().expect("a folder");
    for algorithm in [
        &["-algorithm", "ed25519"][..],
        &["-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048"],
        &["-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:3072"],
    ] {
        let key = keys.path().join("dkim.pem");
        make_key(&key, algorithm);
        let sink = SmtpSink::start();
        let mut settings = sink.settings();
        sign_with(&mut settings, &key);
        let (name, record) = settings.dkim_record().expect("a key").expect("a record");
        assert_eq!(name, "s2026._domainkey.example.jp");
        assert_eq!(record, openssl_record(&key), "{algorithm:?}");

        let desk = Desk::new(settings);
        desk.batch(&["taro@example.jp"]).await;
        for body in BODIES {
            let subject = "【重要】対応期限のお知らせ：個人情報保護委員会への速報（残り24時間）";
            desk.team_content("ken@example.com", subject, body).await;
        }
        desk.courier().pass().await.expect("a round");

        let taken = sink.taken();
        assert_eq!(taken.len(), 5);
        let verdicts = verify(&taken, &name, &record);
        for (verdict, mail) in verdicts.iter().zip(&taken) {
            assert!(verdict.verified, "{algorithm:?}: {}", mail.content);
            let mut wanted: Vec<_> =
                "from to subject date message-id mime-version content-type auto-submitted"
                    .split(' ')
                    .collect();
            wanted.extend(mail.headers.contains_key("List-Id").then_some("list-id"));
            // Once more than it occurs: a second one on the way breaks the signature.
            wanted.push("from");
            assert_eq!(verdict.signed, wanted);
            let head = mail.content.split("\r\n\r\n").next().expect("headers");
            assert!(head.lines().all(|line| line.len() <= 78), "{head}");
        }

        let changed: Vec<_> = taken
            .iter()
            .flat_map(|mail| {
                let (head, body) = mail.content.split_once("\r\n\r\n").expect("a body");
                let body = format!(
                    "{}{}",
                    if body.starts_with('Q') { "R" } else { "Q" },
                    body.get(1..).unwrap_or_default()
                );
                [
                    format!("{head}\r\n\r\n{body}"),
                    mail.content
                        .replacen("\r\nDate: Fri, 20", "\r\nDate: Fri, 21", 1),
                    mail.content
                        .replacen("\r\nFrom:", "\r\nFrom: evil@example.com\r\nFrom:", 1),
                    mail.content.replacen(
                        "Auto-Submitted: auto-generated",
                        "Auto-Submitted: no",
                        1,
                    ),
                ]
            })
            .collect();
        assert_eq!(changed.len(), 20);
        for (place, message) in changed.iter().enumerate() {
            assert!(
                !taken.iter().any(|mail| mail.content == *message),
                "case {place} changes nothing"
            );
        }
        let lines: Vec<_> = changed.iter().map(String::as_str).collect();
        for (place, verdict) in ask(&lines, &name, &record).iter().enumerate() {
            assert!(
                !verdict.verified,
                "{algorithm:?}: case {place} of a changed message is accepted"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_sign_stops_the_start() {
    let keys = tempfile::tempdir().expect("a folder");
    let weak = keys.path().join("weak.pem");
    make_key(
        &weak,
        &["-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:1024"],
    );
    let curve = keys.path().join("curve.pem");
    make_key(
        &curve,
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    );
    let text = keys.path().join("text.pem");
    std::fs::write(&text, "no key at all").expect("a file");
    let sink = SmtpSink::start();
    for key in [weak, curve, text, keys.path().join("absent.pem")] {
        let mut settings = sink.settings();
        sign_with(&mut settings, &key);
        let desk = Desk::new(settings.clone());
        let refused = Courier::new(
            desk.db.store().clone(),
            desk.vault.clone(),
            desk.clock.clone(),
            settings,
        );
        let problem = refused
            .err()
            .unwrap_or_else(|| panic!("{} is taken", key.display()));
        assert_eq!(problem.code, Code::InvalidSetting);
        assert!(
            problem.to_string().contains("mail.dkim.key_file"),
            "{problem}"
        );
    }
    for (domain, selector) in [
        ("other.example.jp", "s"),
        ("xample.jp", "s"),
        ("", "s"),
        ("example.jp", ""),
        ("example.jp", "a b"),
    ] {
        let mut settings = sink.settings();
        settings.dkim = Some(DkimSettings {
            domain: domain.to_owned(),
            selector: selector.to_owned(),
            key_file: "x.pem".into(),
        });
        let refused = settings.validate().expect_err(domain);
        assert!(refused.to_string().contains("mail.dkim."), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn notices_name_their_list_and_where_answers_go_and_team_mail_does_not() {
    let sink = SmtpSink::start();
    let mut settings = sink.settings();
    settings.reply_to = "desk@shop.example.jp".to_owned();
    let desk = Desk::new(settings);
    desk.batch(&["taro@example.jp"]).await;
    desk.team("ken@example.com", "件名").await;
    desk.courier().pass().await.expect("a round");

    let taken = sink.taken();
    let (team, notice) = (&taken[0], &taken[1]);
    assert_eq!(
        notice.headers["List-Id"],
        "<incident-notices.shop.example.jp>"
    );
    assert_eq!(notice.headers["Reply-To"], "desk@shop.example.jp");
    assert_eq!(team.subject, "件名");
    assert!(!team.headers.contains_key("List-Id") && !team.headers.contains_key("Reply-To"));
    for mail in [team, notice] {
        assert_eq!(mail.headers["Auto-Submitted"], "auto-generated");
        assert!(mail.headers["Message-ID"].ends_with("@shop.example.jp>"));
    }

    let mut wrong = sink.settings();
    wrong.reply_to = "the desk".to_owned();
    assert!(
        wrong
            .validate()
            .expect_err("no address")
            .to_string()
            .contains("mail.reply_to")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn long_lines_leave_in_lines_that_every_server_takes() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let ascii = format!("{}\nend\n", "a very long line ".repeat(600));
    let japanese = format!("{}\n以上\n", "とても長い行です。".repeat(1_100));
    desk.team_content("ken@example.com", "long", &ascii).await;
    desk.team_content("ken@example.com", "長い", &japanese)
        .await;
    desk.courier().pass().await.expect("a round");

    let taken = sink.taken();
    for (subject, text) in [("long", ascii), ("長い", japanese)] {
        let mail = taken
            .iter()
            .find(|mail| mail.subject == subject)
            .expect("a mail");
        assert_eq!(mail.defects, Vec::<String>::new());
        // RFC 5322 section 2.1.1: 998 octets without the line end.
        let longest = mail
            .content
            .split("\r\n")
            .map(str::len)
            .max()
            .expect("lines");
        assert!(longest <= 998, "{longest}");
        assert!(!mail.content.replace("\r\n", "").contains(['\r', '\n']));
        let arrived = mail
            .text
            .as_deref()
            .unwrap_or_default()
            .replace("\r\n", "\n");
        // The library ends a message of one part with an empty line or two.
        let (arrived, text) = (arrived.trim_end(), text.trim_end());
        let differs = arrived
            .bytes()
            .zip(text.bytes())
            .position(|(one, two)| one != two);
        assert_eq!((differs, arrived.len()), (None, text.len()));
    }
    assert_eq!(taken.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_are_shown_as_text_and_bounded() {
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let names = [
        (
            "\u{202e}gpj.oraT\u{202c} 太郎\u{2066}x\u{2069}",
            "gpj.oraT 太郎x",
        ),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        (
            "\"quoted\" \\ back, comma; @ (paren)",
            "\"quoted\" \\ back, comma; @ (paren)",
        ),
    ];
    let long = "長".repeat(10_000);
    let mut people: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(place, (name, _))| person(&place.to_string(), &format!("p{place}@example.jp"), name))
        .collect();
    let mut person_of_long_name = person("long", "p9@example.jp", &long);
    // As a value of the template it is refused; as a display name it is cut.
    person_of_long_name
        .variables
        .insert("name".to_owned(), "長".to_owned());
    people.push(person_of_long_name);
    desk.batch_of(people).await;
    desk.courier().pass().await.expect("a round");

    let taken = sink.taken();
    assert_eq!(taken.len(), 4);
    for (place, (_, shown)) in names.iter().enumerate() {
        let mail = taken
            .iter()
            .find(|mail| mail.to == [format!("p{place}@example.jp")]);
        let mail = mail.expect("a mail");
        assert_eq!(mail.defects, Vec::<String>::new());
        assert!(
            mail.subject.contains(&format!("（{shown} 様）")),
            "{}",
            mail.subject
        );
        assert!(!mail.html.as_deref().expect("HTML").contains("<script>"));
        let turned = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!mail.headers["To"].contains(turned) && !mail.subject.contains(turned));
    }
    let mail = taken
        .iter()
        .find(|mail| mail.to == ["p9@example.jp"])
        .expect("a mail");
    assert_eq!(mail.headers["To"].matches('長').count(), 100);
    assert!(mail.content.split("\r\n").all(|line| line.len() <= 998));
    let template = "{{name}}";
    let content = Content {
        subject: template.to_owned(),
        text: template.to_owned(),
        html: None,
    };
    assert!(content.render(&[("name".to_owned(), long)].into()).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_people_have_are_reached_and_others_are_refused() {
    let longest = format!("{}@example.jp", "a".repeat(64));
    let sink = SmtpSink::start();
    let desk = Desk::new(sink.settings());
    let reached = [
        (
            "taro.yamada+shop@example.co.jp",
            "taro.yamada+shop@example.co.jp",
        ),
        // Carriers gave these out; the standard wants them quoted (RFC 5321 section 4.1.2).
        (
            "taro..yamada@docomo.example.jp",
            "\"taro..yamada\"@docomo.example.jp",
        ),
        ("taro.@docomo.example.jp", "\"taro.\"@docomo.example.jp"),
        ("taro@日本語.example.jp", "taro@xn--wgv71a119e.example.jp"),
        (longest.as_str(), longest.as_str()),
    ];
    let addresses: Vec<_> = reached.iter().map(|(address, _)| *address).collect();
    let batch = desk.batch(&addresses).await;
    desk.courier().pass().await.expect("a round");
    for (place, (address, _)) in reached.iter().enumerate() {
        let delivery = desk.delivery(&batch, &place.to_string()).await;
        assert_eq!(
            delivery.state,
            State::Sent,
            "{address}: {:?}",
            delivery.reply
        );
    }
    let arrived = sink.taken();
    for (_, wire) in &reached {
        assert!(
            arrived
                .iter()
                .any(|mail| mail.content.contains(&format!("<{wire}>\r\n"))),
            "{wire}: {}",
            arrived[0].content
        );
    }
    // The server of these tests takes the quotes off.
    let mut taken: Vec<_> = arrived.into_iter().flat_map(|mail| mail.to).collect();
    let mut wanted: Vec<_> = reached
        .iter()
        .map(|(_, wire)| wire.replace('"', ""))
        .collect();
    taken.sort();
    wanted.sort();
    assert_eq!(taken, wanted);

    let too_long = format!("{}@example.jp", "a".repeat(65));
    for wrong in [
        "\"taro yamada\"@example.jp",
        "\"taro\"@example.jp",
        ".taro@example.jp",
        "taro@[192.0.2.1]",
        "taro@[IPv6:2001:db8::1]",
        "taro@192.0.2.1",
        "taro@example",
        "taro@example.jp.",
        "taro@.example.jp",
        "taro@exa_mple.jp",
        "taro@-example.jp",
        "taro@example..jp",
        "taro@ex%61mple.jp",
        "taro(comment)@example.jp",
        "taro@example.jp>",
        "ta\u{202e}ro@example.jp",
        "taro@@example.jp",
        too_long.as_str(),
    ] {
        assert!(EmailAddress::parse(wrong).is_err(), "{wrong:?} is taken");
    }
    let name = Sender::new(
        EmailAddress::parse("a@example.jp").expect("an address"),
        "x",
    );
    assert_eq!(name.address().domain(), "example.jp");
    let to = Recipient::new(
        EmailAddress::parse("a@example.jp").expect("an address"),
        &"x".repeat(500),
    );
    assert_eq!(to.name().len(), 100);
}

pub fn sign_with(settings: &mut MailSettings, key: &Path) {
    settings.dkim = Some(DkimSettings {
        // The sender's is shop.example.jp: aligned, as DMARC calls it.
        domain: "example.jp".to_owned(),
        selector: "s2026".to_owned(),
        key_file: key.to_owned(),
    });
}

pub fn make_key(path: &Path, algorithm: &[&str]) {
    let made = Command::new("openssl")
        .arg("genpkey")
        .args(algorithm)
        .arg("-out")
        .arg(path)
        .output()
        .expect("openssl is installed");
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
}

/// The record as openssl's own reading of the key makes it.
fn openssl_record(key: &Path) -> String {
    use base64::Engine;
    let der = Command::new("openssl")
        .args(["pkey", "-pubout", "-outform", "DER", "-in"])
        .arg(key)
        .output()
        .expect("openssl is installed")
        .stdout;
    // RFC 8463 section 4: the bare 32 bytes; RFC 6376 takes the whole structure for RSA.
    let (kind, public) = match der.len() {
        44 => ("ed25519", &der[12..]),
        _ => ("rsa", &der[..]),
    };
    let public = base64::engine::general_purpose::STANDARD.encode(public);
    format!("v=DKIM1; k={kind}; p={public}")
}

fn verify(taken: &[Taken], name: &str, record: &str) -> Vec<Verdict> {
    let messages: Vec<_> = taken.iter().map(|mail| mail.content.as_str()).collect();
    ask(&messages, name, record)
}

pub fn ask(messages: &[&str], name: &str, record: &str) -> Vec<Verdict> {
    let mut process = Command::new(python())
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/dkim_verify.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python starts");
    let mut input = process.stdin.take().expect("its input is piped");
    for message in messages {
        writeln!(
            input,
            "{}",
            json!({"message": message, "name": name, "record": record})
        )
        .expect("the verifier reads");
    }
    drop(input);
    let output = process.wait_with_output().expect("the verifier ends");
    let verdicts: Vec<_> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON line"))
        .collect();
    assert_eq!(verdicts.len(), messages.len());
    verdicts
}
