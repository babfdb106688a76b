//! Queries of what people wish to get by mail.

use diesel::prelude::*;
use jiff::civil::Time;

use crate::accounts::mail_wishes::{MailWishes, Quiet};
use crate::accounts::model::AccountId;
use crate::store::Conn;
use crate::store::schema::team_mail_settings;

pub(in crate::accounts) fn mail_wishes(
    conn: &mut Conn,
    owner: &AccountId,
) -> QueryResult<Option<MailWishes>> {
    type Row = (bool, bool, bool, Option<String>, Option<String>);
    let row: Option<Row> = team_mail_settings::table
        .find(owner)
        .select((
            team_mail_settings::assigned,
            team_mail_settings::approval,
            team_mail_settings::digest,
            team_mail_settings::quiet_from,
            team_mail_settings::quiet_until,
        ))
        .first(conn)
        .optional()?;
    let time = |text: Option<String>| text.and_then(|text| text.parse::<Time>().ok());
    Ok(
        row.map(|(assigned, approval, digest, from, until)| MailWishes {
            assigned,
            approval,
            digest,
            quiet: match (time(from), time(until)) {
                (Some(from), Some(until)) => Some(Quiet { from, until }),
                _ => None,
            },
        }),
    )
}

pub(in crate::accounts) fn save_mail_wishes(
    conn: &mut Conn,
    owner: &AccountId,
    wishes: &MailWishes,
) -> QueryResult<()> {
    let from = wishes.quiet.map(|quiet| quiet.from.to_string());
    let until = wishes.quiet.map(|quiet| quiet.until.to_string());
    let values = (
        team_mail_settings::assigned.eq(wishes.assigned),
        team_mail_settings::approval.eq(wishes.approval),
        team_mail_settings::digest.eq(wishes.digest),
        team_mail_settings::quiet_from.eq(from.as_deref()),
        team_mail_settings::quiet_until.eq(until.as_deref()),
    );
    let known = diesel::update(team_mail_settings::table.find(owner))
        .set(values)
        .execute(conn)?;
    if known == 0 {
        diesel::insert_into(team_mail_settings::table)
            .values((team_mail_settings::account_id.eq(owner), values))
            .execute(conn)?;
    }
    Ok(())
}
