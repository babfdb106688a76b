//! The last mile: through a real Postfix into Maildirs, and back from an unknown mailbox.
//!
//! `tests/postfix/run.sh` starts Postfix and then these tests; without it they cannot run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use shodo::kernel::{Locale, LocaleText};
use shodo::notices::draft::{self, Known, Words};
use shodo::notices::{NoticeKind, rules, templates};
use shodo::outbox::{
    self, BatchTemplate, Content, EmailAddress, PersonMail, Recipient, State, TeamMail, TeamMessage,
};
use shodo::vault::Scope;

use crate::mail_headers::{ask, make_key, sign_with};
use crate::outbox::Desk;
use crate::support::smtp::settings_for_port;

const SCOPE: &str = "0192f0c0-0000-7000-8000-000000000001";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postfix: tests/postfix/run.sh"]
async fn mail_arrives_whole_and_an_unknown_mailbox_comes_back() {
    let (port, maildirs) = postfix();
    let keys = tempfile::tempdir().expect("a folder");
    let key = keys.path().join("dkim.pem");
    make_key(
        &key,
        &["-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048"],
    );
    let mut settings = settings_for_port(port);
    sign_with(&mut settings, &key);
    settings.reply_to = "desk@shop.example.jp".to_owned();
    let (name, record) = settings.dkim_record().expect("a key").expect("a record");
    let desk = Desk::new(settings);

    let notice = customer_notice();
    let people = [
        ("taro", "taro@example.jp", Locale::Ja),
        ("dots", "taro..yamada@docomo.example.jp", Locale::Ja),
        ("dot", "taro.@docomo.example.jp", Locale::En),
        ("gone", "gone@example.jp", Locale::Ja),
    ];
    let (vault, now, from) = (
        desk.vault.clone(),
        desk.now(),
        desk.settings.sender().expect("a sender"),
    );
    let batch = desk
        .db
        .store()
        .write(move |tx| {
            let scope = Scope::incident(SCOPE);
            let batch = outbox::open_batch(tx, &vault, now, &scope, &from, notice)?;
            for (subject, address, locale) in people {
                let name = match locale {
                    Locale::Ja => "山田 太郎 様",
                    Locale::En => "Dear Taro Yamada,",
                };
                let items = match locale {
                    Locale::Ja => "氏名、メールアドレス",
                    Locale::En => "name, e-mail address",
                };
                let person = PersonMail {
                    subject_id: subject.to_owned(),
                    to: recipient(address, "山田 太郎"),
                    locale,
                    variables: BTreeMap::from([
                        ("salutation".to_owned(), name.to_owned()),
                        ("data_items".to_owned(), items.to_owned()),
                    ]),
                };
                batch.push(tx, now, person)?;
            }
            batch.finish(tx, now)
        })
        .await
        .expect("queued");
    let mut team = 0;
    for message in TeamMessage::ALL {
        for locale in Locale::ALL {
            let content = message
                .render(*locale, &values(*message, *locale))
                .expect("a mail");
            send(&desk, content).await;
            team += 1;
        }
    }
    let pass = desk.courier().pass().await.expect("a round");
    assert_eq!((pass.sent, pass.unsent), (team + 4, 0));

    let delivered = |mailbox: &str| mails(&maildirs.join(mailbox).join("new"));
    wait(|| delivered("team").len() == team && delivered("privacy").len() == 1).await;
    assert_eq!(delivered("taro").len(), 1);
    assert_eq!(
        delivered("carrier").len(),
        2,
        "dots at odd places are quoted"
    );

    // What Postfix added lies before the signature, so it still holds.
    let whole: Vec<String> = ["team", "taro", "carrier"]
        .into_iter()
        .flat_map(&delivered)
        .map(|mail| mail.replace('\n', "\r\n"))
        .collect();
    let lines: Vec<_> = whole.iter().map(String::as_str).collect();
    let verdicts = ask(&lines, &name, &record);
    assert!(verdicts.iter().all(|verdict| verdict.verified));
    assert_eq!(verdicts.len(), team + 3);

    // The mailbox that is not there: Postfix's own report, read from the sender's Maildir.
    assert_eq!(desk.delivery(&batch, "gone").await.state, State::Sent);
    let house = desk.house(&maildirs.join("privacy"));
    assert_eq!(house.read_returned_mail().await.expect("read"), 1);
    let gone = desk.delivery(&batch, "gone").await;
    assert_eq!(gone.state, State::Bounced);
    assert_eq!(
        gone.reply.as_deref(),
        Some("returned: 5.1.1 X-Postfix; unknown user: […]")
    );
    let counts = desk.counts(&batch).await;
    assert_eq!((counts.sent, counts.bounced), (3, 1));
    // Back where it can be looked at; the next run begins with a folder of its own.
    assert_eq!(mails(&maildirs.join("privacy/done")).len(), 1);
}

fn postfix() -> (u16, PathBuf) {
    let place = std::env::var("SHODO_TEST_POSTFIX").expect("run tests/postfix/run.sh");
    let (port, folder) = place.split_once(':').expect("a port and a folder");
    (port.parse().expect("a port"), folder.into())
}

async fn wait(done: impl Fn() -> bool) {
    for _ in 0..300 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("Postfix did not deliver within 30 seconds");
}

fn mails(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).expect("a mail"))
        .collect()
}

fn recipient(address: &str, name: &str) -> Recipient {
    Recipient::new(EmailAddress::parse(address).expect("an address"), name)
}

async fn send(desk: &Desk, content: Content) {
    let (vault, now) = (desk.vault.clone(), desk.now());
    let from = desk.settings.sender().expect("a sender");
    let mail = TeamMail {
        to: recipient("team@example.jp", "佐藤 健"),
        content,
        subject_id: None,
    };
    desk.db
        .store()
        .write(move |tx| outbox::enqueue(tx, &vault, now, &Scope::server(), &from, mail))
        .await
        .expect("queued");
}

/// Values as long and as Japanese as they come.
fn values(message: TeamMessage, locale: Locale) -> BTreeMap<String, String> {
    let (ja, en) = (locale == Locale::Ja, locale == Locale::En);
    let of = |name: &str| match name {
        "name" if ja => "佐藤 健",
        "name" => "Dana Approver",
        "incident" => "INC-2026-0042 会員サイトへの不正アクセスによる顧客情報の漏えいのおそれ",
        "duty" if ja => "個人情報保護委員会への確報（規則第8条第2項）",
        "duty" => {
            "Final report to the Personal Information Protection Commission (Rules art. 8(2))"
        }
        "due" | "valid_until" if ja => "2026年12月21日(月) 23:59（日本時間）",
        "due" | "valid_until" => "21 Dec 2026 (Mon) 23:59 JST",
        "since" | "reminded_at" if ja => "2026年12月21日(月) 18:00（日本時間）",
        "since" | "reminded_at" => "21 Dec 2026 (Mon) 18:00 JST",
        "keep_until" | "day" if ja => "2026年12月21日(月)",
        "keep_until" | "day" => "21 Dec 2026 (Mon)",
        "remaining" if ja => "残り6時間",
        "remaining" => "6 hours left",
        "document" if ja => "本人への通知メール",
        "document" => "E-mail to the people affected",
        "drafted_by" | "assigned_by" | "inviter" => "法務 令",
        "organisation" => "株式会社さくら商店",
        "steps" if ja => {
            "・ログを保全する（INC-2026-0042）\n・影響を受けた人の名簿を取り込む（INC-2026-0042）\n・委託先に事実を確認し、書面で回答をもらう（INC-2026-0042）"
        }
        "steps" => {
            "- Preserve the logs (INC-2026-0042)\n- Import the list of people affected (INC-2026-0042)"
        }
        "incidents" => {
            "・INC-2026-0042 会員サイトへの不正アクセスによる顧客情報の漏えいのおそれ\n・INC-2026-0043 ノートパソコンの紛失"
        }
        "deadlines" if ja => {
            "・2026年12月21日(月) 23:59（日本時間） 個人情報保護委員会への確報（INC-2026-0042）\n・2027年1月4日(月) 23:59（日本時間） 個人情報保護委員会への確報（INC-2026-0043）"
        }
        "deadlines" => {
            "- 21 Dec 2026 (Mon) 23:59 JST: Final report to the PPC (INC-2026-0042)\n- and 3 more"
        }
        "actions" if ja => {
            "・2027年2月26日(金) 情報システム部：管理画面の多要素認証（INC-2026-0042）"
        }
        "actions" => "- 26 Feb 2027 (Fri), IT: Second factor for the console (INC-2026-0042)",
        "approvals" if ja => "ありません",
        "approvals" => "None",
        "link" => {
            "https://shodo.example.jp/incidents/01a1f677-aa80-7732-9e6d-b681a9b9607e/authorities"
        }
        other => panic!("no value for {other}, {en}"),
    };
    message
        .variables()
        .iter()
        .map(|name| ((*name).to_owned(), of(name).to_owned()))
        .collect()
}

/// The notice to the people affected, as drafted from facts.
fn customer_notice() -> BatchTemplate {
    let both = |ja: &str, en: &str| LocaleText {
        ja: ja.to_owned(),
        en: en.to_owned(),
    };
    let answers = [
        ("overview", both("当社の会員サイトが第三者による不正アクセスを受け、お客様の情報が閲覧されたおそれがあります。", "A third party accessed our members' site without authorisation, and may have viewed your data.")),
        ("occurred", both("2026年11月18日", "18 November 2026")),
        ("any_department_knew", both("2026年11月20日", "20 November 2026")),
        ("data_items", both("氏名、メールアドレス、購入履歴", "name, e-mail address, purchase history")),
        ("cause", both("ソフトウェアの未修正の脆弱性", "an unpatched vulnerability of our software")),
        ("secondary_damage", both("現時点で、悪用は確認されていません。", "We know of no misuse so far.")),
        ("containment", both("該当のサーバーを停止し、修正を終えました。", "We stopped the server and corrected it.")),
        ("advice_to_people", both("同じパスワードをほかのサービスでお使いの場合は、変更をお願いいたします。", "If you use the same password elsewhere, please change it.")),
    ]
    .map(|(key, words)| (key.to_owned(), Words::Known(words)));
    let organisation = [
        (
            "name",
            both("株式会社さくら商店", "Sakura Shoten Co., Ltd."),
        ),
        ("desk_name", both("お客様情報保護窓口", "Privacy Desk")),
        ("desk_phone", both("0120-000-000", "+81 120 000 000")),
        (
            "desk_email",
            both("desk@shop.example.jp", "desk@shop.example.jp"),
        ),
        (
            "desk_hours",
            both("平日 9時から18時", "weekdays, 9:00 to 18:00"),
        ),
        (
            "representative",
            both("代表取締役 山口 さくら", "Sakura Yamaguchi, President"),
        ),
        ("kana", both("", "")),
        ("corporate_number", both("", "")),
        (
            "address",
            both("東京都千代田区見本町1-1", "1-1 Sample, Chiyoda, Tokyo"),
        ),
        ("industry", both("", "")),
        ("dpo_name", both("", "")),
        ("dpo_contact", both("", "")),
        ("website", both("", "")),
    ]
    .map(|(key, words)| (key.to_owned(), words));
    let known = Known {
        answers: BTreeMap::from(answers),
        organisation: BTreeMap::from(organisation),
        number: "INC-2026-0001".to_owned(),
        today: both("2026年11月25日", "25 November 2026"),
    };
    let own = templates::Own::new();
    let drafted =
        draft::draft(NoticeKind::CustomerEmail, "leak-cyberattack", &own, &known).expect("a draft");
    assert_eq!(drafted.gaps, Vec::<String>::new());
    let content = drafted.content;
    let of = |locale| {
        let (subject, body) = (
            content.part("subject", locale),
            content.part("body", locale),
        );
        Some(Content {
            subject: subject.to_owned(),
            text: body.to_owned(),
            html: Some(rules::html(subject, body, locale)),
        })
    };
    BatchTemplate {
        variables: ["salutation".to_owned(), "data_items".to_owned()].into(),
        ja: of(Locale::Ja),
        en: of(Locale::En),
    }
}
