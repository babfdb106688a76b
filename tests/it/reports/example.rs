//! A made-up incident, rich enough to meet every part of a report.

use jiff::civil::{Date, date};
use shodo::kernel::{Instant, LocaleText, Sha256};
use shodo::reports::Level;
use shodo::reports::model::*;

/// The account of the LINE account of a shop that does not exist.
pub fn example() -> PostMortem {
    PostMortem {
        cover: Cover {
            number: "INC-2026-0001".into(),
            title: "LINE公式アカウントの乗っ取りによる不正メッセージ送信".into(),
            practice: true,
            kind: Some(both("漏えい", "Leak")),
            pattern: Some(both(
                "アカウント乗っ取りによる不正メッセージ送信",
                "Account taken over to send messages",
            )),
            severity: Some(both("重大度1", "Severity 1")),
            state: both("終結", "Closed"),
            organisation: both("架空商店株式会社", "Kaku Shoten K.K."),
            level: Level::Internal,
            classification: both("関係者外秘", "Confidential"),
            commander: Some("髙橋 﨑子".into()),
            created_at: at("2026-12-01T10:00:00+09:00"),
            created_by: "伊藤 玲".into(),
            zone: "Asia/Tokyo".into(),
        },
        summary: summary(),
        milestones: milestones(),
        people: People {
            affected: Headcount::Exact(12_480),
            reachable: Some(12_170),
            unreachable: Some(310),
            minors: None,
            residence: vec![
                Residence {
                    place: both("日本", "Japan"),
                    people: 12_266,
                },
                Residence {
                    place: both("ドイツ", "Germany"),
                    people: 214,
                },
            ],
            delivery: delivery(),
            delivery_course: delivery_course(),
        },
        timeline: timeline(),
        decisions: vec![
            Decision {
                at: at("2026-11-22T11:20:00+09:00"),
                text: both(
                    "位置情報を含むため、本人通知を公表より先に行う。",
                    "Notify the people before the public, because location data are affected.",
                ),
                reason: Some("二次被害のおそれが高く、本人が先に知るべきと判断した。".into()),
                by: "髙橋 﨑子".into(),
            },
            Decision {
                at: at("2026-11-23T09:00:00+09:00"),
                text: both("警察に相談する。", "Consult the police."),
                reason: None,
                by: "中村 誠".into(),
            },
        ],
        obligations: obligations(),
        data: vec![
            category(
                "基本情報",
                "Basic",
                &[("氏名", "Name"), ("性別", "Sex")],
                Some(12_480),
            ),
            category(
                "連絡先情報",
                "Contact",
                &[
                    ("メールアドレス", "E-mail address"),
                    ("電話番号", "Phone number"),
                ],
                Some(12_170),
            ),
            category(
                "位置情報",
                "Location",
                &[("来店キャンペーンの位置", "Campaign location")],
                None,
            ),
        ],
        rosters: vec![Roster {
            file: "customers_2026-11.csv".into(),
            source: "会員管理システム".into(),
            collection_point: both("友だち追加・登録", "Adding as a friend"),
            digest: Sha256::of(b"roster"),
            rows: 13_722,
            people_added: 12_480,
            duplicates: 1_204,
            problem_count: 38,
            problems: vec![
                RosterProblem {
                    row: 214,
                    column: "メールアドレス".into(),
                    reason: both(
                        "メールアドレスの形をしていません。",
                        "This is not an e-mail address.",
                    ),
                },
                RosterProblem {
                    row: 9_033,
                    column: "電話番号".into(),
                    reason: both("桁数が足りません。", "Digits are missing."),
                },
            ],
        }],
        notices: notices(),
        review: Review {
            well: vec!["顧客からの通報を受けてから95分で封じ込めた。".into()],
            badly: vec![
                "運用担当者14人のうち9人が同じパスワードを使っていた。".into(),
                "管理画面のログイン記録を誰が見るか、決まっていなかった。".into(),
            ],
            luck: vec!["送信されたメッセージのURLが、開封が増える前に失効した。".into()],
        },
        actions: vec![
            action(
                "2段階認証を全担当者に義務づける",
                Some("鈴木 海"),
                Some(date(2026, 11, 25)),
                Some("2026-11-24T17:00:00+09:00"),
            ),
            action(
                "退職・異動時の権限見直しを人事の手続きに加える",
                Some("中村 誠"),
                Some(date(2026, 11, 30)),
                None,
            ),
            action("位置情報を集める必要があるかを見直す", None, None, None),
        ],
        measures: vec![
            measure(
                "2段階認証",
                "Two-step verification",
                Posture::InPlace,
                Some("5人中5人"),
            ),
            measure(
                "パスワードの使いまわしを避ける",
                "No reused passwords",
                Posture::Missing,
                Some("9人に使いまわしがあった"),
            ),
            measure(
                "社内ネットワークからのみログイン",
                "Sign-in from the office network only",
                Posture::Partial,
                None,
            ),
            measure(
                "担当者は必要最小限",
                "As few operators as possible",
                Posture::InPlace,
                Some("14人から5人に減らした"),
            ),
            measure("研修", "Training", Posture::NotReviewed, None),
        ],
        verification: Verification {
            entries: 6,
            head: Some(Sha256::of(b"entry 6")),
            intact: Some(true),
            checkpoint: None,
        },
    }
}

/// An incident that was declared a minute ago, of which nothing else is known.
pub fn blank() -> PostMortem {
    let full = example();
    PostMortem {
        cover: Cover {
            practice: false,
            kind: None,
            pattern: None,
            severity: None,
            commander: None,
            ..full.cover
        },
        summary: Vec::new(),
        milestones: Vec::new(),
        people: People {
            affected: Headcount::Unknown,
            reachable: None,
            unreachable: None,
            minors: None,
            residence: Vec::new(),
            delivery: Delivery::default(),
            delivery_course: DeliveryCourse::default(),
        },
        timeline: Vec::new(),
        decisions: Vec::new(),
        obligations: Vec::new(),
        data: Vec::new(),
        rosters: Vec::new(),
        notices: Vec::new(),
        review: Review::default(),
        actions: Vec::new(),
        measures: Vec::new(),
        verification: Verification {
            entries: 0,
            head: None,
            intact: None,
            checkpoint: None,
        },
    }
}

pub fn both(ja: &str, en: &str) -> LocaleText {
    LocaleText {
        ja: ja.into(),
        en: en.into(),
    }
}

pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub fn entry(
    seq: u64,
    occurred: &str,
    recorded: &str,
    kind: LocaleText,
    text: LocaleText,
) -> Entry {
    Entry {
        seq,
        occurred_at: at(occurred),
        recorded_at: at(recorded),
        kind,
        text: Some(text),
        actor: "髙橋 﨑子".into(),
        hash: Sha256::of(format!("entry {seq}").as_bytes()),
        pinned: false,
    }
}

fn summary() -> Vec<Passage> {
    let passage = |ja: &str, en: &str, text: Option<&str>| Passage {
        heading: both(ja, en),
        text: text.map(str::to_owned),
        markdown: false,
    };
    vec![
        passage(
            "概要",
            "Overview",
            Some(
                "2026年11月20日の未明、当社のLINE公式アカウントに第三者がログインし、友だち全員に不審なURLを含むメッセージを送信した。\n\
                 ① 管理画面のパスワードが使いまわされていた。\n\
                 ② 2段階認証が一部の担当者で無効だった。",
            ),
        ),
        passage(
            "原因",
            "Cause",
            Some("管理画面のパスワードの使いまわし（不正アクセス）"),
        ),
        passage("二次被害", "Secondary damage", None),
    ]
}

fn milestones() -> Vec<Milestone> {
    [
        (Point::Occurred, Some("2026-11-20T02:31:00+09:00")),
        (Point::Detected, Some("2026-11-20T08:55:00+09:00")),
        (Point::Known, Some("2026-11-20T09:14:00+09:00")),
        (Point::Declared, Some("2026-11-20T09:20:00+09:00")),
        (Point::Contained, Some("2026-11-20T11:05:00+09:00")),
        (Point::Reported, Some("2026-11-24T16:40:00+09:00")),
        (Point::Notified, Some("2026-11-23T18:00:00+09:00")),
        (Point::Closed, None),
    ]
    .into_iter()
    .map(|(point, instant)| Milestone {
        point,
        at: instant.map(at),
    })
    .collect()
}

fn timeline() -> Vec<Entry> {
    vec![
        entry(
            1,
            "2026-11-20T09:14:00+09:00",
            "2026-11-20T09:20:10+09:00",
            both("記録", "Note"),
            both(
                "顧客から「不審なURLが届いた」との通報。",
                "A customer reported a suspicious URL.",
            ),
        ),
        entry(
            2,
            "2026-11-20T09:20:00+09:00",
            "2026-11-20T09:20:00+09:00",
            both("宣言", "Declared"),
            both("インシデントを宣言した。", "The incident was declared."),
        ),
        entry(
            3,
            "2026-11-20T11:05:00+09:00",
            "2026-11-21T08:00:00+09:00",
            both("手順", "Step"),
            both(
                "全管理者に2段階認証を強制し、封じ込めを終えた。",
                "Two-step verification enforced for all administrators; contained.",
            ),
        ),
        entry(
            4,
            "2026-11-22T11:20:00+09:00",
            "2026-11-22T11:20:00+09:00",
            both("決定", "Decision"),
            both("本人通知を公表より先に行う。", "Notify the people first."),
        ),
        entry(
            5,
            "2026-11-23T18:00:00+09:00",
            "2026-11-23T18:00:00+09:00",
            both("送信", "Sent"),
            both(
                "本人通知を12,170通送信した。",
                "12,170 notices to the people affected were sent.",
            ),
        ),
        Entry {
            text: None,
            ..entry(
                6,
                "2026-11-24T16:40:00+09:00",
                "2026-11-24T16:42:00+09:00",
                both("記録", "Note"),
                LocaleText::default(),
            )
        },
    ]
}

fn obligations() -> Vec<Obligation> {
    let base = Obligation {
        duty: both(
            "個人情報保護委員会への速報",
            "Preliminary report to the PPC",
        ),
        recipient: both(
            "個人情報保護委員会",
            "Personal Information Protection Commission",
        ),
        citation: both("法26条1項・規則8条1項", "Act art. 26(1), Rules art. 8(1)"),
        verified: true,
        verdict: Verdict::Required,
        due: Due::On(date(2026, 11, 24)),
        provisional: false,
        fulfilled_at: Some(at("2026-11-24T16:40:00+09:00")),
        proof: Some("受付番号 2026-1124-0007".into()),
        reasons: vec![
            both(
                "不正の目的によるおそれがある（規則7条3号）",
                "An improper purpose is possible (Rules art. 7(3))",
            ),
            both(
                "影響を受けた人が1,000人を超える（規則7条4号）",
                "More than 1,000 people are affected (Rules art. 7(4))",
            ),
        ],
        overruled: None,
    };
    vec![
        base.clone(),
        Obligation {
            duty: both("個人情報保護委員会への確報", "Final report to the PPC"),
            citation: both("法26条1項・規則8条2項", "Act art. 26(1), Rules art. 8(2)"),
            due: Due::On(date(2027, 1, 18)),
            provisional: true,
            fulfilled_at: None,
            proof: None,
            ..base.clone()
        },
        Obligation {
            duty: both("本人への通知", "Notice to the people affected"),
            recipient: both("本人", "The people affected"),
            citation: both("法26条2項・規則10条", "Act art. 26(2), Rules art. 10"),
            due: Due::Promptly,
            fulfilled_at: Some(at("2026-11-23T18:00:00+09:00")),
            proof: None,
            ..base.clone()
        },
        Obligation {
            duty: both(
                "監督機関への届出",
                "Notification to the supervisory authority",
            ),
            recipient: both(
                "ベルリン州データ保護監督官",
                "Berlin Commissioner for Data Protection",
            ),
            citation: both("GDPR 33条", "GDPR art. 33"),
            due: Due::At(at("2026-11-23T09:14:00+09:00")),
            fulfilled_at: Some(at("2026-11-23T12:20:00+09:00")),
            proof: None,
            reasons: vec![both("EUに住む人が214人いる", "214 people live in the EU")],
            ..base.clone()
        },
        Obligation {
            duty: both("本人への連絡（GDPR）", "Communication to the people (GDPR)"),
            recipient: both("本人", "The people affected"),
            citation: both("GDPR 34条", "GDPR art. 34"),
            verified: false,
            verdict: Verdict::Undecided(both(
                "本人の権利と自由に高いリスクがありますか",
                "Is there a high risk to people’s rights and freedoms?",
            )),
            due: Due::Nothing,
            fulfilled_at: None,
            proof: None,
            reasons: Vec::new(),
            ..base.clone()
        },
        Obligation {
            duty: both("特定個人情報の報告", "Report on My Number data"),
            citation: both("番号法29条の4", "My Number Act art. 29-4"),
            verdict: Verdict::NotRequired,
            due: Due::Nothing,
            fulfilled_at: None,
            proof: None,
            reasons: vec![both("個人番号を含まない", "No My Number is included")],
            overruled: Some(Overruling {
                by: "伊藤 玲".into(),
                at: at("2026-11-21T10:00:00+09:00"),
                reason: "名簿の全列を確認し、個人番号がないことを確かめた。".into(),
            }),
            ..base
        },
    ]
}

fn notices() -> Vec<Notice> {
    let approval = |ja: &str, en: &str, by: &str, when: &str| Approval {
        role: both(ja, en),
        by: by.into(),
        at: at(when),
    };
    vec![
        Notice {
            kind: both(
                "個人情報保護委員会への速報",
                "Preliminary report to the PPC",
            ),
            version: 3,
            state: both("提出済み", "Filed"),
            approvals: vec![
                approval("法務", "Legal", "伊藤 玲", "2026-11-24T14:05:00+09:00"),
                approval(
                    "指揮者",
                    "Commander",
                    "髙橋 﨑子",
                    "2026-11-24T15:30:00+09:00",
                ),
            ],
            digest: Some(Sha256::of(b"filing")),
            issued_at: Some(at("2026-11-24T16:40:00+09:00")),
            receipt: Some("受付番号 2026-1124-0007".into()),
            delivery: None,
        },
        Notice {
            kind: both("本人への通知", "Notice to the people affected"),
            version: 2,
            state: both("送信済み", "Sent"),
            approvals: vec![approval(
                "代表",
                "Representative",
                "中村 誠",
                "2026-11-23T17:30:00+09:00",
            )],
            digest: Some(Sha256::of(b"notice")),
            issued_at: Some(at("2026-11-23T18:00:00+09:00")),
            receipt: None,
            delivery: Some(delivery()),
        },
        Notice {
            kind: both("個人情報保護委員会への確報", "Final report to the PPC"),
            version: 1,
            state: both("下書き", "Draft"),
            approvals: Vec::new(),
            digest: None,
            issued_at: None,
            receipt: None,
            delivery: None,
        },
    ]
}

fn delivery() -> Delivery {
    Delivery {
        sent: 12_036,
        failed: 132,
        pending: 0,
        uncertain: 2,
        unreachable: 310,
    }
}

fn category(ja: &str, en: &str, items: &[(&str, &str)], people: Option<u64>) -> DataCategory {
    DataCategory {
        category: both(ja, en),
        items: items.iter().map(|(ja, en)| both(ja, en)).collect(),
        people,
    }
}

fn action(text: &str, owner: Option<&str>, due: Option<Date>, done: Option<&str>) -> Action {
    Action {
        text: text.into(),
        owner: owner.map(str::to_owned),
        due,
        done_at: done.map(at),
    }
}

fn measure(ja: &str, en: &str, posture: Posture, note: Option<&str>) -> Measure {
    Measure {
        name: both(ja, en),
        posture,
        note: note.map(str::to_owned),
    }
}

/// Most of a sending within an hour, and what came back until the evening.
fn delivery_course() -> DeliveryCourse {
    let step = |from, sent, failed| DeliveryStep {
        from: at(from),
        sent,
        failed,
    };
    DeliveryCourse {
        minutes: 60,
        steps: vec![
            step("2026-11-25T10:00:00+09:00", 7_200, 41),
            step("2026-11-25T11:00:00+09:00", 4_652, 118),
            step("2026-11-25T15:00:00+09:00", 0, 27),
            step("2026-11-25T19:00:00+09:00", 1, 0),
        ],
    }
}
