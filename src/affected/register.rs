//! The register: pages of people under masks, filters and counts.
//!
//! What is filtered and counted by belongs to groups, of which an incident has
//! some hundreds however many people it affects. So a count adds up groups, and a
//! page goes through the groups that a filter finds, each in the order of its people.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::catalogue;
use super::model::{
    Channel, Counts, Cursor, Filter, Group, MaskedPerson, Page, PersonId, PersonRow, Recipient,
    Roster, Traits,
};
use super::records::RegisterKey;
use super::{keeping, rules, store};
use crate::kernel::{Instant, Redacted, Result};
use crate::store::Conn;
use crate::vault::Vault;

/// The data items of each roster, by its number.
pub(super) type RosterItems = BTreeMap<i64, Vec<String>>;

/// How many people an incident affects, and how they can be reached; also after their records were destroyed.
///
/// # Errors
/// The database's own error.
pub fn counts(conn: &mut Conn, incident_id: &str) -> Result<Counts> {
    if let Some(kept) = keeping::kept_counts(conn, incident_id)? {
        return Ok(kept);
    }
    let items = roster_items(&store::rosters(conn, incident_id)?);
    Ok(add_up(&store::groups(conn, incident_id)?, &items))
}

/// How many people a filter finds; nobody once their records were destroyed.
///
/// # Errors
/// The database's own error.
pub fn count(conn: &mut Conn, incident_id: &str, filter: &Filter) -> Result<i64> {
    let items = roster_items(&store::rosters(conn, incident_id)?);
    let groups = found(store::groups(conn, incident_id)?, filter, &items);
    Ok(groups.iter().map(|group| group.people).sum())
}

/// One page of an incident's people, masked, with the number of all whom the filter finds.
///
/// # Errors
/// [`crate::kernel::Code::Purged`] once the incident's people were destroyed.
pub fn page(
    conn: &mut Conn,
    vault: &Vault,
    now: Instant,
    incident_id: &str,
    filter: &Filter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page> {
    keeping::refuse_destroyed(conn, incident_id)?;
    let items = roster_items(&store::rosters(conn, incident_id)?);
    let groups = found(store::groups(conn, incident_id)?, filter, &items);
    let total = groups.iter().map(|group| group.people).sum();
    let mut rows = Vec::new();
    for group in &groups {
        let from = match after {
            Some(after) if group.id < after.group => continue,
            Some(after) if group.id == after.group => Some(after.person),
            _ => None,
        };
        // One more than the page holds tells whether there is a next page.
        let wanted = limit.saturating_add(1).saturating_sub(rows.len());
        if wanted == 0 {
            break;
        }
        let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
        for row in store::people_of_group(conn, group.id, from, wanted)? {
            rows.push((row, group));
        }
    }
    // Without people there may be no key yet, and reading must not make one.
    if rows.is_empty() {
        return Ok(Page {
            total,
            ..Page::default()
        });
    }
    let key = RegisterKey::of(conn, vault, now, incident_id)?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|(row, group)| Cursor {
        group: group.id,
        person: row.id,
    });
    let people = rows
        .iter()
        .map(|(row, group)| masked(&key, row, &group.traits, &items))
        .collect::<Result<_>>()?;
    Ok(Page {
        people,
        total,
        next,
    })
}

/// One person of an incident, masked.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`], also for a person of another incident;
/// [`crate::kernel::Code::Purged`] once the incident's people were destroyed.
pub fn person(
    conn: &mut Conn,
    vault: &Vault,
    now: Instant,
    incident_id: &str,
    id: PersonId,
) -> Result<MaskedPerson> {
    keeping::refuse_destroyed(conn, incident_id)?;
    let (row, traits) = super::person_of(conn, incident_id, id)?;
    let items = roster_items(&store::rosters(conn, incident_id)?);
    let key = RegisterKey::of(conn, vault, now, incident_id)?;
    masked(&key, &row, &traits, &items)
}

/// Opens the next people whom a filter finds, in the order of the register, behind a place in it.
///
/// People who move within the register between two calls may be met twice, never missed.
///
/// # Errors
/// [`crate::kernel::Code::Purged`] once the incident's people were destroyed.
pub fn recipients(
    conn: &mut Conn,
    vault: &Vault,
    now: Instant,
    incident_id: &str,
    filter: &Filter,
    after: Option<Cursor>,
    limit: i64,
) -> Result<(Vec<Recipient>, Option<Cursor>)> {
    keeping::refuse_destroyed(conn, incident_id)?;
    let items = roster_items(&store::rosters(conn, incident_id)?);
    let (mut recipients, mut next) = (Vec::new(), after);
    let mut left = limit;
    for group in found(store::groups(conn, incident_id)?, filter, &items) {
        let from = match after {
            Some(after) if group.id < after.group => continue,
            Some(after) if group.id == after.group => Some(after.person),
            _ => None,
        };
        if left <= 0 {
            break;
        }
        let rows = store::people_of_group(conn, group.id, from, left)?;
        let Some(last) = rows.last().map(|row| row.id) else {
            continue;
        };
        next = Some(Cursor {
            group: group.id,
            person: last,
        });
        left -= i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let key = RegisterKey::of(conn, vault, now, incident_id)?;
        let exposed: Vec<String> = items_of(&group.traits, &items)
            .into_iter()
            .map(str::to_owned)
            .collect();
        for row in rows {
            let record = key.open(&row.sealed)?;
            recipients.push(Recipient {
                id: row.id,
                name: record.name,
                email: record.email,
                line_user_id: record.line_user_id,
                customer_number: record.customer_number,
                locale: group.traits.locale,
                data_items: exposed.clone(),
            });
        }
    }
    // Nobody was met: the end of the register.
    let end = recipients.is_empty();
    Ok((recipients, next.filter(|_| !end)))
}

pub(super) fn roster_items(rosters: &[Roster]) -> RosterItems {
    rosters
        .iter()
        .map(|roster| (roster.number, roster.items()))
        .collect()
}

/// Everything that was exposed of the people of a group.
pub(super) fn items_of<'a>(traits: &'a Traits, rosters: &'a RosterItems) -> BTreeSet<&'a str> {
    let of_rosters = traits
        .rosters
        .iter()
        .filter_map(|number| rosters.get(number))
        .flatten();
    of_rosters
        .chain(&traits.data_items)
        .map(String::as_str)
        .collect()
}

/// The groups that a filter finds and that have anybody.
pub(super) fn found(groups: Vec<Group>, filter: &Filter, items: &RosterItems) -> Vec<Group> {
    groups
        .into_iter()
        .filter(|group| group.people > 0 && matches(&group.traits, filter, items))
        .collect()
}

pub(super) fn matches(traits: &Traits, filter: &Filter, rosters: &RosterItems) -> bool {
    let either = |wanted: &Option<String>, value: Option<&str>| match wanted.as_deref() {
        None => true,
        Some("unknown") => value.is_none(),
        Some(wanted) => value == Some(wanted),
    };
    let minor = traits.minor.map(|minor| if minor { "yes" } else { "no" });
    let by_channel = match filter.channel {
        None => true,
        Some(Channel::Email) => traits.has_email,
        Some(Channel::Phone) => traits.has_phone,
        Some(Channel::Line) => traits.has_line,
        Some(Channel::Post) => traits.has_post,
        Some(Channel::None) => {
            !(traits.has_email || traits.has_phone || traits.has_line || traits.has_post)
        }
    };
    let by_items = || {
        if filter.category.is_none() && filter.data_item.is_none() {
            return true;
        }
        let items = items_of(traits, rosters);
        let by_item = filter
            .data_item
            .as_deref()
            .is_none_or(|item| items.contains(item));
        let by_category = filter.category.as_deref().is_none_or(|category| {
            items
                .iter()
                .filter_map(|item| catalogue().item(item))
                .any(|item| item.category == category)
        });
        by_item && by_category
    };
    either(&filter.country, traits.country.as_deref())
        && either(&filter.region, traits.region.as_deref())
        && either(&filter.minor, minor)
        && filter.locale.is_none_or(|locale| traits.locale == locale)
        && filter
            .notice_state
            .is_none_or(|state| traits.notice_state == state)
        && filter
            .roster
            .is_none_or(|roster| traits.rosters.contains(&roster))
        && by_channel
        && by_items()
}

fn add_up(groups: &[Group], rosters: &RosterItems) -> Counts {
    let mut counts = Counts::default();
    for Group { traits, people, .. } in groups.iter().filter(|group| group.people > 0) {
        counts.people += people;
        let reachable = traits.has_email || traits.has_phone || traits.has_line;
        for (count, applies) in [
            (&mut counts.with_email, traits.has_email),
            (&mut counts.with_phone, traits.has_phone),
            (&mut counts.with_line, traits.has_line),
            (&mut counts.with_post, traits.has_post),
            (&mut counts.reachable, reachable),
            (&mut counts.minors, traits.minor == Some(true)),
            (&mut counts.adults, traits.minor == Some(false)),
        ] {
            if applies {
                *count += people;
            }
        }
        *counts.by_locale.entry(traits.locale).or_default() += people;
        *counts.by_notice.entry(traits.notice_state).or_default() += people;
        if let Some(country) = &traits.country {
            *counts.by_country.entry(country.clone()).or_default() += people;
        }
        if let Some(region) = &traits.region {
            *counts.by_region.entry(region.clone()).or_default() += people;
        }
        for number in &traits.rosters {
            *counts.by_roster.entry(*number).or_default() += people;
        }
        let mut categories = BTreeSet::new();
        for item in items_of(traits, rosters) {
            *counts.by_item.entry(item.to_owned()).or_default() += people;
            categories.extend(catalogue().item(item).map(|item| item.category.as_str()));
        }
        for category in categories {
            *counts.by_category.entry(category.to_owned()).or_default() += people;
        }
    }
    counts
}

fn masked(
    key: &RegisterKey,
    row: &PersonRow,
    traits: &Traits,
    rosters: &RosterItems,
) -> Result<MaskedPerson> {
    let record = key.open(&row.sealed)?;
    let mask = |value: Option<Redacted<String>>, mask: fn(&str) -> String| {
        value.map(|value| mask(value.reveal())).unwrap_or_default()
    };
    Ok(MaskedPerson {
        id: row.id,
        name: mask(record.name, rules::mask_name),
        email: mask(record.email, rules::mask_email),
        phone: mask(record.phone, rules::mask_phone),
        has_line: traits.has_line,
        has_post: traits.has_post,
        locale: traits.locale,
        country: traits.country.clone(),
        region: traits.region.clone(),
        minor: traits.minor,
        notice_state: traits.notice_state,
        rosters: traits.rosters.iter().copied().collect(),
        data_items: items_of(traits, rosters)
            .into_iter()
            .map(str::to_owned)
            .collect(),
    })
}
