//! Queries of an organisation's own templates.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::Serialize;

use super::{Own, Place};
use crate::accounts::AccountId;
use crate::kernel::{Instant, Locale};
use crate::notices::NoticeKind;
use crate::store::Conn;
use crate::store::schema::notice_templates;

/// One version of an organisation's own template.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Serialize)]
pub struct Edition {
    /// 1, 2, 3 …
    pub number: i64,
    /// The template; none where it was reset to the product's own.
    pub body: Option<String>,
    /// Who wrote it.
    pub author_id: AccountId,
    /// When.
    pub recorded_at: Instant,
}

pub(super) fn insert(tx: &mut Conn, place: &Place, edition: &Edition) -> QueryResult<()> {
    diesel::insert_into(notice_templates::table)
        .values((
            notice_templates::kind.eq(place.kind),
            notice_templates::variant.eq(&place.variant),
            notice_templates::part.eq(&place.part),
            notice_templates::locale.eq(place.locale),
            notice_templates::number.eq(edition.number),
            notice_templates::body.eq(&edition.body),
            notice_templates::author_id.eq(&edition.author_id),
            notice_templates::recorded_at.eq(edition.recorded_at),
        ))
        .execute(tx)
        .map(drop)
}

pub(super) fn editions(conn: &mut Conn, place: &Place) -> QueryResult<Vec<Edition>> {
    notice_templates::table
        .filter(notice_templates::kind.eq(place.kind))
        .filter(notice_templates::variant.eq(&place.variant))
        .filter(notice_templates::part.eq(&place.part))
        .filter(notice_templates::locale.eq(place.locale))
        .order(notice_templates::number)
        .select((
            notice_templates::number,
            notice_templates::body,
            notice_templates::author_id,
            notice_templates::recorded_at,
        ))
        .load(conn)
}

pub(super) fn newest(conn: &mut Conn, kind: NoticeKind, variant: &str) -> QueryResult<Own> {
    let rows: Vec<(String, Locale, Edition)> = notice_templates::table
        .filter(notice_templates::kind.eq(kind))
        .filter(notice_templates::variant.eq(variant))
        .order(notice_templates::number)
        .select((
            notice_templates::part,
            notice_templates::locale,
            (
                notice_templates::number,
                notice_templates::body,
                notice_templates::author_id,
                notice_templates::recorded_at,
            ),
        ))
        .load(conn)?;
    // A later number replaces an earlier one; a reset has no body.
    let mut newest: Own = rows
        .into_iter()
        .map(|(part, locale, edition)| ((part, locale), edition))
        .collect();
    newest.retain(|_, edition| edition.body.is_some());
    Ok(newest)
}

pub(super) fn counts(conn: &mut Conn) -> QueryResult<BTreeMap<NoticeKind, i64>> {
    let rows: Vec<(NoticeKind, String, String, Locale, Option<String>)> = notice_templates::table
        .order(notice_templates::number)
        .select((
            notice_templates::kind,
            notice_templates::variant,
            notice_templates::part,
            notice_templates::locale,
            notice_templates::body,
        ))
        .load(conn)?;
    let standing: BTreeMap<_, _> = rows
        .into_iter()
        .map(|(kind, variant, part, locale, body)| ((kind, variant, part, locale), body.is_some()))
        .collect();
    let mut counts = BTreeMap::new();
    for ((kind, ..), own) in standing {
        if own {
            *counts.entry(kind).or_default() += 1;
        }
    }
    Ok(counts)
}
