//! What a message looks like when it arrives.

use super::*;

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
