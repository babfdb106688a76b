//! The thread that writes a roster: who is who, and one transaction a batch.

use std::collections::{BTreeSet, HashMap};

use super::super::model::{
    Conflict, ConflictId, Field, KeyKind, KeyRow, PersonId, PersonRow, Reason, Roster,
    RosterProblem, RosterState, SourceRow, Traits,
};
use super::super::records::{self, Key, RegisterKey};
use super::super::store::{self, GroupDeltas};
use super::known::Known;
use super::read::{Batch, Prepared, Sealed};
use crate::kernel::{Instant, Result};
use crate::store::{Conn, Store};
use crate::vault::BlindIndex;

/// Keys in one transaction.
const SLICE: usize = 50_000;
/// Groups that are remembered; a file with more of them costs time, not memory.
const GROUPS: usize = 20_000;

pub(super) struct Writer {
    roster: Roster,
    key: RegisterKey,
    known: Known,
    groups: HashMap<Traits, i64>,
    highest: i64,
}

/// Somebody whom a batch meets: new, or loaded because a row has one of their keys.
struct Met {
    row: PersonRow,
    keys: Vec<Key>,
    traits: Traits,
    /// The group that the database has them in; none for somebody new.
    stored_group: Option<i64>,
    changed: bool,
}

/// What one batch writes.
#[derive(Default)]
struct Work {
    met: HashMap<PersonId, Met>,
    stored: HashMap<BlindIndex, Vec<PersonId>>,
    rows: Vec<SourceRow>,
    keys: Vec<KeyRow>,
    problems: Vec<RosterProblem>,
    conflicts: Vec<Conflict>,
}

/// What the keys of a row say.
enum Match {
    /// Somebody who is there.
    Known(PersonId),
    /// Somebody new; these keys are others' already.
    New(Vec<(KeyKind, PersonId)>),
}

impl Writer {
    pub fn new(roster: Roster, key: RegisterKey, known: Known) -> Self {
        Self {
            highest: roster.indexed_through,
            roster,
            key,
            known,
            groups: HashMap::new(),
        }
    }

    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    pub fn wants_indexing(&self) -> bool {
        self.known.is_full()
    }

    /// Writes a batch, unless the roster was paused, taken back or taken over; says whether it goes on.
    pub fn take(&mut self, tx: &mut Conn, now: Instant, batch: Batch) -> Result<bool> {
        let current = store::lock_roster(tx, &self.roster.id)?;
        if current.state != RosterState::Importing || current.last_row != self.roster.last_row {
            return Ok(false);
        }
        let mut work = self.look_up(tx, &batch)?;
        let before = store::lock_counter(tx)?;
        let mut last = before;
        for row in batch.rows {
            self.row(now, &mut work, &mut last, row)?;
        }
        store::set_counter(tx, last)?;
        self.highest = last.max(self.highest);
        self.roster.last_row = batch.last_row;
        self.roster.touched_at = Some(now);
        self.write(tx, work)?;
        store::update_progress(tx, &self.roster)?;
        Ok(true)
    }

    /// Writes the keys that wait, in the order of the index.
    pub fn index_keys(&mut self, store: &Store) -> Result<()> {
        let keys = self.known.take();
        for slice in keys.chunks(SLICE) {
            let written = store.write_blocking(|tx| Ok(store::insert_new_keys(tx, slice)?));
            if written.is_err() {
                // What a crash or another server left behind may be there already.
                store.write_blocking(|tx| Ok(store::insert_keys(tx, slice)?))?;
            }
        }
        self.roster.indexed_through = self.highest;
        let (id, highest) = (&self.roster.id, self.highest);
        store.write_blocking(|tx| Ok(store::set_indexed(tx, id, highest)?))
    }

    /// Loads everybody who has a key of these rows.
    fn look_up(&mut self, tx: &mut Conn, batch: &Batch) -> Result<Work> {
        let mut asked = Vec::new();
        let mut people = BTreeSet::new();
        for key in batch
            .rows
            .iter()
            .filter_map(|row| row.person.as_ref())
            .flat_map(|person| &person.keys)
        {
            people.extend(self.known.waiting(&key.1));
            if self.known.may_be_stored(key) {
                asked.push(key.1);
            }
        }
        let mut work = Work::default();
        for (index, person) in store::people_with(tx, &asked)? {
            work.stored.entry(index).or_default().push(person);
            people.insert(person);
        }
        let people: Vec<_> = people.into_iter().collect();
        for (row, traits) in store::people_by_id(tx, &people)? {
            let met = Met {
                keys: records::unpack(&row.blind_indexes),
                traits,
                stored_group: Some(row.group_id),
                changed: false,
                row,
            };
            work.met.insert(met.row.id, met);
        }
        Ok(work)
    }

    fn row(&mut self, now: Instant, work: &mut Work, last: &mut i64, row: Prepared) -> Result<()> {
        self.roster.rows += 1;
        for problem in row.problems {
            let column = problem.field.map_or("", Field::as_str).to_owned();
            self.problem(work, row.row, column, problem.masked, problem.reason);
        }
        let Some(person) = row.person else {
            return Ok(());
        };
        match self.who(work, &person.keys) {
            Match::Known(id) => self.join(now, work, row.row, id, person),
            Match::New(shared) => {
                *last += 1;
                let id = PersonId(*last);
                for (kind, other) in shared {
                    self.problem(
                        work,
                        row.row,
                        kind.to_string(),
                        String::new(),
                        Reason::SharedContact,
                    );
                    self.conflict(now, work, row.row, id, other, Reason::SharedContact);
                }
                self.add(work, id, person);
                Ok(())
            }
        }
    }

    /// The person whom these keys (the strongest first) belong to.
    ///
    /// A weaker key does not make two people one when a stronger one tells them
    /// apart: a family shares a telephone, but each has a customer number or an
    /// address of their own, and each must be told.
    fn who(&self, work: &Work, keys: &[Key]) -> Match {
        let mut shared = Vec::new();
        for (position, key) in keys.iter().enumerate() {
            let stored = work.stored.get(&key.1).map_or(&[][..], Vec::as_slice);
            for id in self.known.waiting(&key.1).chain(stored.iter().copied()) {
                let Some(met) = work.met.get(&id) else {
                    continue;
                };
                let told_apart = keys.iter().take(position).any(|stronger| {
                    met.keys.iter().any(|(kind, _)| *kind == stronger.0)
                        && !met.keys.contains(stronger)
                });
                if !told_apart {
                    return Match::Known(id);
                }
                shared.push((key.0, id));
            }
        }
        // One question for each person is enough.
        let mut asked = BTreeSet::new();
        shared.retain(|(_, id)| asked.insert(*id));
        Match::New(shared)
    }

    fn add(&mut self, work: &mut Work, id: PersonId, person: Sealed) {
        for (_, index) in &person.keys {
            self.known.wait(*index, id);
        }
        let row = PersonRow {
            id,
            group_id: 0,
            sealed: person.sealed,
            blind_indexes: records::pack(&person.keys),
        };
        let met = Met {
            row,
            keys: person.keys,
            traits: person.traits,
            stored_group: None,
            changed: true,
        };
        work.met.insert(id, met);
        self.roster.people_added += 1;
    }

    fn join(
        &mut self,
        now: Instant,
        work: &mut Work,
        row: i64,
        id: PersonId,
        person: Sealed,
    ) -> Result<()> {
        self.roster.duplicates += 1;
        let Some(met) = work.met.get_mut(&id) else {
            return Ok(());
        };
        let number = self.roster.number;
        let reason = if met.traits.rosters.contains(&number) {
            Reason::DuplicateInFile
        } else {
            Reason::DuplicateOfEarlierRoster
        };
        let known = self.key.open(&met.row.sealed)?;
        let theirs = self.key.open(&person.sealed)?;
        let differ = records::names_differ(&known, &theirs);
        let source = |roster_number, row, sealed| SourceRow {
            person_id: id,
            roster_number,
            row,
            sealed,
        };
        if known.row != 0 {
            let first = met.traits.rosters.first().copied().unwrap_or_default();
            work.rows
                .push(source(first, known.row, met.row.sealed.clone()));
        }
        work.rows.push(source(number, row, person.sealed));
        let joined = records::join([known, theirs]);
        let mut rosters = met.traits.rosters.clone();
        rosters.insert(number);
        met.traits = records::traits(&joined, rosters, met.traits.notice_state);
        met.row.sealed = self.key.seal(&joined)?;
        met.changed = true;
        for key in person.keys {
            if met.keys.contains(&key) {
                continue;
            }
            met.keys.push(key);
            // Somebody whose keys were written gets this one now; nothing would bring it back after a crash.
            if id.number() > self.roster.indexed_through {
                self.known.wait(key.1, id);
            } else {
                self.known.written(&key.1);
                work.stored.entry(key.1).or_default().push(id);
                work.keys.push(KeyRow {
                    blind_index: key.1.to_vec(),
                    person_id: id,
                });
            }
        }
        met.row.blind_indexes = records::pack(&met.keys);
        self.problem(work, row, String::new(), String::new(), reason);
        if differ {
            let column = Field::Name.to_string();
            self.problem(work, row, column, String::new(), Reason::NameDiffers);
            self.conflict(now, work, row, id, id, Reason::NameDiffers);
        }
        Ok(())
    }

    fn problem(
        &mut self,
        work: &mut Work,
        row: i64,
        column: String,
        masked: String,
        reason: Reason,
    ) {
        self.roster.problem_count += 1;
        work.problems.push(RosterProblem {
            roster_id: self.roster.id.clone(),
            position: self.roster.problem_count,
            row,
            column,
            masked,
            reason,
        });
    }

    fn conflict(
        &mut self,
        now: Instant,
        work: &mut Work,
        row: i64,
        person_id: PersonId,
        other_id: PersonId,
        reason: Reason,
    ) {
        self.roster.conflict_count += 1;
        work.conflicts.push(Conflict {
            id: ConflictId::fresh(now),
            incident_id: self.roster.incident_id.clone(),
            roster_number: self.roster.number,
            row,
            person_id,
            other_id,
            reason,
            decision: None,
            decided_by: None,
            decided_at: None,
        });
    }

    fn write(&mut self, tx: &mut Conn, work: Work) -> Result<()> {
        let mut deltas = GroupDeltas::default();
        let mut new = Vec::new();
        let mut changed = Vec::new();
        if self.groups.len() > GROUPS {
            self.groups.clear();
        }
        // In the order of the rows, so that groups come to be in an order that is always the same.
        let mut met: Vec<_> = work.met.into_values().filter(|met| met.changed).collect();
        met.sort_unstable_by_key(|met| met.row.id);
        for met in met {
            let group = match self.groups.get(&met.traits) {
                Some(group) => *group,
                None => {
                    let group = store::group_of(tx, &self.roster.incident_id, &met.traits)?;
                    self.groups.insert(met.traits, group);
                    group
                }
            };
            deltas.add(group, 1);
            let row = PersonRow {
                group_id: group,
                ..met.row
            };
            match met.stored_group {
                None => new.push(row),
                Some(stored) => {
                    deltas.add(stored, -1);
                    changed.push(row);
                }
            }
        }
        store::insert_people(tx, &new)?;
        for row in &changed {
            store::update_person(tx, row)?;
        }
        store::insert_rows(tx, &work.rows)?;
        store::insert_key_rows(tx, &work.keys)?;
        store::insert_problems(tx, &work.problems)?;
        store::insert_conflicts(tx, &work.conflicts)?;
        deltas.write(tx)?;
        Ok(())
    }
}
