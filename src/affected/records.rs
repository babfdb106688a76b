//! What is known of one person: joined from rows, sealed whole, recognised by keys.

use std::collections::BTreeSet;

use super::model::{KeyKind, NoticeState, Record, Traits};
use super::normalise;
use crate::kernel::{Instant, Locale, Result};
use crate::store::Conn;
use crate::vault::{BlindIndex, BlindKey, DataKey, Scope, Vault};

const PURPOSE: &str = "person";
/// Bytes of one key in `people.blind_indexes`: its kind, then the index.
const PACKED: usize = 17;

/// A key of a person: its kind, and its blind index.
pub(super) type Key = (KeyKind, BlindIndex);

/// Seals the people of one incident, and makes their blind indexes.
#[derive(Clone)]
pub(super) struct RegisterKey {
    data: DataKey,
    customer_number: BlindKey,
    line_user_id: BlindKey,
    email: BlindKey,
    phone: BlindKey,
}

impl RegisterKey {
    /// The key of an incident's people, made now if there is none.
    ///
    /// # Errors
    /// [`crate::kernel::Code::Purged`] once it was destroyed.
    pub fn of(conn: &mut Conn, vault: &Vault, now: Instant, incident_id: &str) -> Result<Self> {
        let data = vault.key(conn, &Scope::people(incident_id), now)?;
        let blind = |kind: KeyKind| data.blind_key(kind.as_str());
        Ok(Self {
            customer_number: blind(KeyKind::CustomerNumber)?,
            line_user_id: blind(KeyKind::LineUserId)?,
            email: blind(KeyKind::Email)?,
            phone: blind(KeyKind::Phone)?,
            data,
        })
    }

    pub fn seal(&self, record: &Record) -> Result<Vec<u8>> {
        self.data.seal(PURPOSE, &serde_json::to_vec(record)?)
    }

    pub fn open(&self, sealed: &[u8]) -> Result<Record> {
        Ok(serde_json::from_slice(&self.data.open(PURPOSE, sealed)?)?)
    }

    /// The blind index of a normalised value.
    pub fn index(&self, kind: KeyKind, normalised: &str) -> BlindIndex {
        match kind {
            KeyKind::CustomerNumber => &self.customer_number,
            KeyKind::LineUserId => &self.line_user_id,
            KeyKind::Email => &self.email,
            KeyKind::Phone => &self.phone,
        }
        .index(normalised)
    }

    /// The keys of a record, the strongest first.
    pub fn keys(&self, record: &Record) -> Vec<Key> {
        let of = |kind: KeyKind, normalised: Option<String>| {
            normalised.map(|text| (kind, self.index(kind, &text)))
        };
        let text = |value: &Option<crate::kernel::Redacted<String>>,
                    normalise: fn(&str) -> Option<String>| {
            value.as_ref().and_then(|value| normalise(value.reveal()))
        };
        [
            of(
                KeyKind::CustomerNumber,
                text(&record.customer_number, normalise::customer_number),
            ),
            of(
                KeyKind::LineUserId,
                text(&record.line_user_id, normalise::line_user_id),
            ),
            of(KeyKind::Email, text(&record.email, normalise::email)),
            of(KeyKind::Phone, text(&record.phone, normalise::phone)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Joins the rows of one person, the earliest first: what an earlier row says stands, data items are all kept.
pub(super) fn join(rows: impl IntoIterator<Item = Record>) -> Record {
    let mut rows = rows.into_iter();
    let mut joined = rows.next().unwrap_or_default();
    for row in rows {
        add(&mut joined, row);
        // The rows stand in a table of their own from now on.
        joined.row = 0;
    }
    joined
}

/// Takes what a later row knows beside what is known.
fn add(known: &mut Record, row: Record) {
    for (mine, theirs) in [
        (&mut known.name, row.name),
        (&mut known.kana, row.kana),
        (&mut known.email, row.email),
        (&mut known.phone, row.phone),
        (&mut known.line_user_id, row.line_user_id),
        (&mut known.customer_number, row.customer_number),
        (&mut known.birth_date, row.birth_date),
        (&mut known.postcode, row.postcode),
        (&mut known.address, row.address),
    ] {
        if mine.is_none() {
            *mine = theirs;
        }
    }
    for (field, cell) in row.unusable {
        known.unusable.entry(field).or_insert(cell);
    }
    known.locale = known.locale.or(row.locale);
    known.minor = known.minor.or(row.minor);
    // A region means something only within its country.
    if known.country.is_none() {
        known.country = row.country;
        known.region = known.region.take().or(row.region);
    } else if known.region.is_none() && known.country == row.country {
        known.region = row.region;
    }
    known.data_items.extend(row.data_items);
}

/// What the register filters and counts by.
pub(super) fn traits(record: &Record, rosters: BTreeSet<i64>, state: NoticeState) -> Traits {
    Traits {
        rosters,
        data_items: record.data_items.clone(),
        locale: record
            .locale
            .unwrap_or_else(|| default_locale(record.country.as_deref())),
        country: record.country.clone(),
        region: record.region.clone(),
        minor: record.minor,
        has_email: record.email.is_some(),
        has_phone: record.phone.is_some(),
        has_line: record.line_user_id.is_some(),
        has_number: record.customer_number.is_some(),
        has_post: record.address.is_some(),
        notice_state: state,
    }
}

/// The language of a person of whom only the country is known, if that.
fn default_locale(country: Option<&str>) -> Locale {
    match country {
        None | Some("JP") => Locale::Ja,
        Some(_) => Locale::En,
    }
}

/// Whether two names are those of two people; width, case, spaces and variants of a character do not count.
pub(super) fn names_differ(one: &Record, other: &Record) -> bool {
    let plain = |record: &Record| {
        record
            .name
            .as_ref()
            .map(|name| normalise::name(name.reveal()))
    };
    matches!((plain(one), plain(other)), (Some(one), Some(other)) if one != other)
}

/// Keys as `people.blind_indexes` holds them.
pub(super) fn pack(keys: &[Key]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(keys.len().saturating_mul(PACKED));
    for (kind, index) in keys {
        packed.push(match kind {
            KeyKind::CustomerNumber => b'n',
            KeyKind::LineUserId => b'l',
            KeyKind::Email => b'e',
            KeyKind::Phone => b'p',
        });
        packed.extend_from_slice(index);
    }
    packed
}

/// The keys that [`pack`] packed.
pub(super) fn unpack(packed: &[u8]) -> Vec<Key> {
    packed
        .chunks_exact(PACKED)
        .filter_map(|chunk| {
            let (kind, index) = chunk.split_first()?;
            let kind = match kind {
                b'n' => KeyKind::CustomerNumber,
                b'l' => KeyKind::LineUserId,
                b'e' => KeyKind::Email,
                b'p' => KeyKind::Phone,
                _ => return None,
            };
            Some((kind, *index.first_chunk()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Redacted;

    fn named(name: &str) -> Record {
        Record {
            name: Some(Redacted::new(name.to_owned())),
            ..Record::default()
        }
    }

    #[test]
    fn joining_keeps_the_first_word_and_every_data_item() {
        let first = Record {
            data_items: ["full_name".to_owned()].into(),
            country: Some("US".to_owned()),
            row: 2,
            ..named("山田 太郎")
        };
        let second = Record {
            email: Some(Redacted::new("a@example.jp".to_owned())),
            data_items: ["email_address".to_owned()].into(),
            country: Some("JP".to_owned()),
            region: Some("JP-13".to_owned()),
            row: 9,
            ..named("山田 花子")
        };
        let joined = join([first, second]);
        assert_eq!(joined.name.as_ref().unwrap().reveal(), "山田 太郎");
        assert_eq!(joined.email.as_ref().unwrap().reveal(), "a@example.jp");
        assert_eq!(joined.data_items.len(), 2);
        assert_eq!(
            (joined.country.as_deref(), joined.region.as_deref()),
            (Some("US"), None)
        );
        assert_eq!(joined.row, 0);
    }

    #[test]
    fn spelling_makes_no_second_person() {
        for (one, other) in [
            ("髙橋　﨑子", "高橋 崎子"),
            ("ﾔﾏﾀﾞ", "ヤマダ"),
            ("O'BRIEN Kate", "o'brien kate"),
            ("渡邊 一", "渡辺一"),
        ] {
            assert!(!names_differ(&named(one), &named(other)), "{one} {other}");
        }
        assert!(names_differ(&named("山田 太郎"), &named("山田 花子")));
        assert!(!names_differ(&named("山田"), &Record::default()));
    }

    #[test]
    fn packed_keys_come_back() {
        let keys = vec![
            (KeyKind::CustomerNumber, [1; 16]),
            (KeyKind::Phone, [2; 16]),
        ];
        assert_eq!(unpack(&pack(&keys)), keys);
        assert_eq!(unpack(b"x"), []);
    }
}
