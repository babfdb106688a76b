//! The practice server: an organisation, a team, and an incident that is mid-way.
//!
//! Everything goes through the same verbs as real work, on a clock that is moved
//! from the past towards now. The people are made up.

mod case;

use std::path::Path;

use super::cli::SettingsArgs;
use super::settings::Settings;
use super::{commands, settings};
use crate::accounts::{self, Account, NewAccount, Organisation, Passwords, Role};
use crate::kernel::{Clock, Code, Instant, Locale, Problem, Redacted, Result, random};
use crate::outbox::TransportKind;
use crate::workflow::House;

/// The folder of the practice server, unless another was named: never that of real work.
const FOLDER: &str = "shodo-demo";

const TEAM: [(&str, &str, Role); 6] = [
    ("admin@example.jp", "管理 太郎", Role::Administrator),
    ("sato@example.jp", "佐藤 美咲", Role::Commander),
    ("ito@example.jp", "伊藤 玲", Role::Legal),
    ("takahashi@example.jp", "髙橋 翔", Role::Responder),
    ("nakamura@example.jp", "中村 誠", Role::Approver),
    ("yamamoto@example.jp", "山本 葵", Role::Viewer),
];

/// The settings of a practice server: its own folder, this machine only, mail into files.
///
/// # Errors
/// [`Code::InvalidSetting`] for an address that other machines could reach.
pub fn settings(arguments: &SettingsArgs) -> Result<Settings> {
    let mut settings = commands::settings(arguments)?;
    if settings.data_dir == Path::new(settings::DEFAULT_DATA_DIR) {
        settings = settings.in_folder(Path::new(FOLDER));
    }
    if !settings.listen.ip().is_loopback() {
        return Err(Problem::with(
            Code::InvalidSetting,
            &[
                ("setting", "listen"),
                (
                    "why",
                    "a practice server listens on this machine only, e.g. 127.0.0.1:8080",
                ),
            ],
        ));
    }
    settings.mail.transport = TransportKind::Directory;
    Ok(settings)
}

/// Makes the practice data when there are none, and gives the team a new password, to be printed once.
///
/// # Errors
/// [`Code::InvalidSetting`] when the folder holds real work.
pub async fn prepare(house: &House, passwords: &Passwords) -> Result<String> {
    let organisation = house.store.read(accounts::organisation::current).await?;
    if organisation
        .as_ref()
        .is_some_and(|organisation| !organisation.practice)
    {
        return Err(Problem::with(
            Code::InvalidSetting,
            &[
                ("setting", "data_dir"),
                (
                    "why",
                    "this folder holds real work; name another folder for practice",
                ),
            ],
        ));
    }
    // Short enough to type; the throttle and the loopback address keep it safe.
    let password = Redacted::new(
        random::token()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(16)
            .collect::<String>(),
    );
    let hash = passwords.hash(password.clone(), &[]).await?;
    let now = house.clock.now();
    let team = house
        .store
        .write(move |tx| {
            let mut team = Vec::new();
            for (email, name, role) in TEAM {
                let account = match accounts::by_email(tx, email) {
                    Ok(account) => account,
                    Err(problem) if problem.code == Code::NotFound => {
                        let new = NewAccount {
                            email: email.to_owned(),
                            name: name.to_owned(),
                            role,
                            locale: Locale::Ja,
                        };
                        accounts::create(tx, now, new, hash.clone())?
                    }
                    Err(problem) => return Err(problem),
                };
                accounts::replace_password(tx, &account.id, &hash)?;
                team.push(account);
            }
            Ok(team)
        })
        .await?;
    if organisation.is_none() {
        let established = practice_organisation(now);
        house
            .store
            .write(move |tx| accounts::organisation::establish(tx, now, established))
            .await?;
        case::play(house, &team, now).await?;
    }
    Ok(welcome(house, &team, &password))
}

fn practice_organisation(now: Instant) -> Organisation {
    let text = str::to_owned;
    Organisation {
        name_ja: text("株式会社さくら商店"),
        name_en: text("Sakura Shoten Co., Ltd."),
        name_kana: text("カブシキガイシャサクラショウテン"),
        corporate_number: String::new(),
        address: text("東京都千代田区架空町1-2-3"),
        representative: text("代表取締役 桜井 花子"),
        industry: text("小売業"),
        desk_name_ja: text("お客様情報窓口"),
        desk_name_en: text("Customer data desk"),
        desk_phone: text("0120-000-000"),
        desk_email: text("privacy@example.jp"),
        desk_hours_ja: text("平日 9:00〜18:00"),
        desk_hours_en: text("Monday to Friday, 9:00 to 18:00 JST"),
        website: text("https://www.example.jp/"),
        dpo_name: text("小川 直"),
        dpo_contact: text("dpo@example.jp"),
        practice: true,
        ..Organisation::blank(now)
    }
}

fn welcome(house: &House, team: &[Account], password: &Redacted<String>) -> String {
    let mut text = format!(
        "Shodo 初動 practice server is ready at {}\nSign in with one of these addresses and this password, shown once: {}\n",
        house.public_url,
        password.reveal()
    );
    for account in team {
        text.push_str(&format!(
            "  {:<24}{}\n",
            account.email.reveal(),
            account.role
        ));
    }
    text.trim_end().to_owned()
}

/// The house on a clock that stands at `at`.
fn at(house: &House, at: Instant) -> House {
    House {
        clock: Clock::manual(at),
        ..house.clone()
    }
}
