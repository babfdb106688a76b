//! The practice incident: a LINE Official Account was taken over two days ago.

use std::collections::BTreeSet;
use std::io::Write;

use jiff::SignedDuration;

use super::at;
use crate::accounts::{Account, Actor, Role};
use crate::affected::NewRoster;
use crate::incidents::clock_starts::{ClockStart, ClockStartKind};
use crate::incidents::facts::{Answer, Count, FactKey, Value};
use crate::incidents::{Declaration, Incident, IncidentId, Pattern, Severity};
use crate::kernel::{Code, Instant, LocaleText, Problem, Result};
use crate::notices::checks::{FindingCode, Weight};
use crate::notices::{NoticeId, NoticeKind};
use crate::playbooks::{self, Move};
use crate::workflow::{House, IncomingFile};

/// Plays the incident from two days ago until now.
pub async fn play(house: &House, team: &[Account], now: Instant) -> Result<()> {
    let who = |role: Role| -> Result<Actor> {
        team.iter()
            .find(|account| account.role == role)
            .map(Account::actor)
            .ok_or_else(|| Problem::new(Code::NotFound))
    };
    let (commander, legal, responder) = (
        who(Role::Commander)?,
        who(Role::Legal)?,
        who(Role::Responder)?,
    );
    let ago = |minutes: i64| now.minus(SignedDuration::from_mins(minutes));
    let start = |at: Instant, said_by: &str| ClockStart {
        at,
        zone: "Asia/Tokyo".to_owned(),
        said_by: said_by.to_owned(),
    };

    let knew = ago(2 * 24 * 60 + 40);
    let declared = at(house, ago(2 * 24 * 60 + 10));
    let incident = declared
        .declare(
            &commander.grant()?,
            Declaration {
                title: "LINE公式アカウントの乗っ取りによる不正メッセージ送信".to_owned(),
                kind: None,
                pattern: Some(Pattern::AccountTakeover),
                severity: Some(Severity::One),
                practice: true,
            },
            vec![
                (
                    ClockStartKind::Occurred,
                    start(ago(2 * 24 * 60 + 430), "管理画面の操作履歴"),
                ),
                (
                    ClockStartKind::Detected,
                    start(ago(2 * 24 * 60 + 55), "お客様からの電話"),
                ),
                (
                    ClockStartKind::AnyDepartmentKnew,
                    start(knew, "カスタマーサポート"),
                ),
            ],
        )
        .await?;
    let id = &incident.id;

    let step = async |minutes: i64, key: &str, actor: &Actor| {
        finish(&at(house, ago(minutes)), &incident, key, actor).await
    };
    let answer = async |minutes: i64, key: FactKey, value: Value, actor: &Actor| {
        at(house, ago(minutes))
            .answer(&actor.grant()?, id, key, Answer::Known(value), None)
            .await
    };

    step(2_860, "appoint-team", &commander).await?;
    step(2_840, "preserve-evidence", &responder).await?;
    step(2_820, "line-pause-outgoing", &responder).await?;
    step(2_780, "line-secure-administrators", &responder).await?;
    step(2_750, "line-rotate-channel-tokens", &responder).await?;
    at(house, ago(2_740))
        .note(
            &responder.grant()?,
            id,
            "全管理者に2段階認証を設定。見覚えのない管理者1人を削除しました。".to_owned(),
            false,
            None,
        )
        .await?;
    let overview = "第三者がLINE公式アカウントの管理者IDに不正にログインし、友だち約120人に不審なURLを含むメッセージを送信しました。管理画面から、チャットの履歴とお客様の登録情報を閲覧できる状態でした。";
    let overview_en = "Somebody signed in to an administrator's ID of our LINE Official Account and sent a message with a suspicious link to about 120 friends. From the console, chat history and customers' registered details could be viewed.";
    answer(
        2_700,
        FactKey::Overview,
        text(overview, overview_en),
        &legal,
    )
    .await?;
    answer(
        2_690,
        FactKey::DiscoveredBy,
        Value::Choice("principal".to_owned()),
        &legal,
    )
    .await?;
    answer(
        2_680,
        FactKey::BreachNature,
        choices(&["leak_suspected"]),
        &legal,
    )
    .await?;
    answer(
        2_670,
        FactKey::PersonalDataInvolved,
        Value::YesNo(true),
        &legal,
    )
    .await?;
    answer(
        2_660,
        FactKey::DataItems,
        choices(&[
            "full_name",
            "email_address",
            "phone_number",
            "line_user_id",
            "purchase_history",
        ]),
        &legal,
    )
    .await?;
    answer(2_640, FactKey::ImproperPurpose, Value::YesNo(true), &legal).await?;
    answer(
        2_630,
        FactKey::ActAgainstBusiness,
        Value::YesNo(true),
        &legal,
    )
    .await?;
    answer(
        2_620,
        FactKey::PeopleAffected,
        Value::Count(Count::AtMost(1_200)),
        &responder,
    )
    .await?;
    answer(
        2_600,
        FactKey::Protection,
        Value::Choice("not_protected".to_owned()),
        &responder,
    )
    .await?;
    answer(
        2_580,
        FactKey::OurRole,
        Value::Choice("own_data".to_owned()),
        &legal,
    )
    .await?;
    let places =
        |codes: &[&str]| Value::Choices(codes.iter().map(|code| (*code).to_owned()).collect());
    for (key, value) in [
        (FactKey::EstablishedIn, places(&["JP"])),
        (FactKey::Serves, places(&["JP"])),
        (FactKey::RegulatedAs, places(&["p_mark_holder"])),
        (
            FactKey::Residence,
            Value::Residence([("JP".to_owned(), None)].into()),
        ),
        (FactKey::MyNumberInvolved, Value::YesNo(false)),
    ] {
        answer(2_570, key, value, &legal).await?;
    }
    answer(2_560, FactKey::Containment, text("不審なログインを遮断し、全管理者のパスワードを変更、チャネルアクセストークンを再発行しました。", "We cut off the sign-in, changed every administrator's password and re-issued the channel access tokens."), &responder).await?;
    let until = now.in_zone(&house.zone).date().tomorrow().ok();
    at(house, ago(2_550))
        .answer(
            &legal.grant()?,
            id,
            FactKey::SpecialCareData,
            Answer::Unknown { until },
            None,
        )
        .await?;
    at(house, ago(2_545))
        .answer(
            &legal.grant()?,
            id,
            FactKey::Cause,
            Answer::Unknown { until },
            None,
        )
        .await?;

    at(house, ago(2_400))
        .note(
            &commander.grant()?,
            id,
            "位置情報は含まれないことを確認できるまで、本人通知の文面に「調査中」と書く。"
                .to_owned(),
            true,
            None,
        )
        .await?;
    import(house, ago(1_500), id, &responder).await?;
    let drafting = at(house, ago(180));
    let notice = drafting
        .draft_notice(&legal.grant()?, id, NoticeKind::PpcPreliminary)
        .await?;
    answer_warnings(house, ago(30), id, &notice.id, &legal).await?;
    at(house, ago(27))
        .submit_notice(&legal.grant()?, id, &notice.id, notice.version)
        .await?;
    Ok(())
}

/// Answers what the checks warn of, as somebody who looked would.
async fn answer_warnings(
    house: &House,
    moment: Instant,
    id: &IncidentId,
    notice: &NoticeId,
    by: &Actor,
) -> Result<()> {
    let (findings, _) = house.check_notice(id, notice).await?;
    let answers = findings
        .into_iter()
        .filter(|finding| finding.weight == Weight::Warning)
        .map(|finding| {
            let answer = match finding.code {
                FindingCode::PeopleNumber => {
                    "管理画面で閲覧できた友だちの人数です。名簿の人数は確報で報告します。"
                }
                _ => "担当者が原本と照らして確かめました。",
            };
            (finding.id, answer.to_owned())
        })
        .collect();
    at(house, moment)
        .answer_findings(&by.grant()?, id, notice, answers)
        .await
}

async fn finish(house: &House, incident: &Incident, key: &str, actor: &Actor) -> Result<()> {
    let (playbook, id) = (house.playbook_of(incident).id.clone(), incident.id.clone());
    let steps = house
        .store
        .read(move |conn| playbooks::steps(conn, id.as_str(), &playbook))
        .await?;
    // A step that already finished by itself is left alone.
    let open = steps.into_iter().find(|step| {
        step.step_key == key && playbooks::rules::after(step.state, Move::Finish).is_some()
    });
    if let Some(step) = open {
        let step = house
            .assign_step(&actor.grant()?, &incident.id, &step.id, &actor.id)
            .await?;
        house
            .move_step(
                &actor.grant()?,
                &incident.id,
                &step.id,
                step.version,
                Move::Finish,
                String::new(),
            )
            .await?;
    }
    Ok(())
}

async fn import(house: &House, moment: Instant, id: &IncidentId, actor: &Actor) -> Result<()> {
    let (bytes, mut writer) = house.files.incoming(moment)?;
    writer.write_all(roster().as_bytes())?;
    writer.finish()?;
    let incoming = IncomingFile {
        name: "line_customers_2026-11.csv".to_owned(),
        media_type: "text/csv".to_owned(),
        note: String::new(),
        bytes,
        limit: 1_000_000,
    };
    let origin = NewRoster {
        source_system: "LINE公式アカウント 顧客台帳".to_owned(),
        collection_point: "friend_add".to_owned(),
        data_items: [
            "full_name",
            "email_address",
            "phone_number",
            "line_user_id",
            "purchase_history",
        ]
        .map(str::to_owned)
        .into(),
        ..NewRoster::default()
    };
    at(house, moment)
        .import_roster(&actor.grant()?, id, incoming, origin)
        .await?;
    Ok(())
}

/// 48 made-up people, with the mistakes that real lists have.
fn roster() -> String {
    const FAMILY: [(&str, &str); 8] = [
        ("山田", "ヤマダ"),
        ("髙橋", "タカハシ"),
        ("﨑本", "サキモト"),
        ("小林", "コバヤシ"),
        ("渡邊", "ワタナベ"),
        ("中野", "ナカノ"),
        ("藤原", "フジワラ"),
        ("森", "モリ"),
    ];
    const GIVEN: [(&str, &str); 6] = [
        ("花子", "ハナコ"),
        ("太郎", "タロウ"),
        ("美月", "ミツキ"),
        ("蓮", "レン"),
        ("葵", "アオイ"),
        ("翔太", "ショウタ"),
    ];
    let mut csv = String::from("会員番号,氏名,フリガナ,メールアドレス,電話番号,国,言語\n");
    let people = FAMILY
        .iter()
        .flat_map(|family| GIVEN.iter().map(move |given| (family, given)));
    for (number, (family, given)) in (1_u32..).zip(people) {
        let (country, language) = if number % 16 == 0 {
            ("DE", "en")
        } else {
            ("JP", "ja")
        };
        let email = match number {
            7 => String::new(),
            23 => "mail-at-example".to_owned(),
            _ => format!("customer{number:02}@example.com"),
        };
        csv.push_str(&format!(
            "C{number:04},{} {},{} {},{email},090-0000-{number:04},{country},{language}\n",
            family.0, given.0, family.1, given.1
        ));
    }
    csv.push_str("C0001,山田 花子,ヤマダ ハナコ,CUSTOMER01@example.com,09000000001,JP,ja\n");
    csv
}

fn text(ja: &str, en: &str) -> Value {
    Value::Text(LocaleText {
        ja: ja.to_owned(),
        en: en.to_owned(),
    })
}

fn choices(ids: &[&str]) -> Value {
    Value::Choices(
        ids.iter()
            .map(|id| (*id).to_owned())
            .collect::<BTreeSet<_>>(),
    )
}
