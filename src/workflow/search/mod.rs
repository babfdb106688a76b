//! Beside the walk: the search over all incidents, and the index that follows what is written.

mod documents;
mod indexer;

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

pub use indexer::Indexer;

use super::House;
use crate::accounts::{Granted, can};
use crate::incidents::{self, Incident, IncidentId, State};
use crate::kernel::{Instant, LocaleText, Problem, Result};
use crate::search::{self, Hit, Marked, Question, Room};

/// A page of what was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchPage {
    /// What was found, newest first.
    pub hits: Vec<SearchHit>,
    /// What `before` says for the next page; none behind the last.
    pub next: Option<i64>,
}

/// Something that holds every word.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchHit {
    /// The incident that it is of.
    #[schema(value_type = String)]
    pub incident_id: IncidentId,
    /// Its number.
    pub incident_number: String,
    /// Its title.
    pub incident_title: String,
    /// Whether the response goes on.
    pub state: State,
    /// Whether it is practice.
    pub practice: bool,
    /// Where in the incident.
    pub room: Room,
    /// Which one there: the number of an entry, the key of a section, an id otherwise.
    pub reference: String,
    /// What it is called; empty for entries.
    pub title: LocaleText,
    /// [`SearchHit::title`] in pieces, with what was looked for marked.
    #[serde(skip)]
    pub marked_title: Marked,
    /// The words around the place, with what was looked for marked.
    pub snippet: Marked,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
}

impl House {
    /// Looks for words in everything that people wrote about all incidents, newest first.
    ///
    /// The register of affected people, the cells of rosters and mails to people are not in the index.
    /// What was written in the last seconds may not be found yet.
    ///
    /// # Errors
    /// Those of [`search::find`].
    pub async fn search(
        &self,
        _: &Granted<can::ViewIncidents>,
        question: Question,
    ) -> Result<SearchPage> {
        self.store
            .read(move |conn| {
                let found = search::find(conn, &question)?;
                let mut known: BTreeMap<String, Incident> = BTreeMap::new();
                let mut hits = Vec::new();
                for hit in found.hits {
                    let id = &hit.document.incident_id;
                    if !known.contains_key(id) {
                        let incident =
                            incidents::find(conn, &id.parse().map_err(Problem::internal)?)?;
                        known.insert(id.clone(), incident);
                    }
                    hits.extend(known.get(id).map(|incident| SearchHit::of(&hit, incident)));
                }
                Ok(SearchPage {
                    hits,
                    next: found.next,
                })
            })
            .await
    }
}

impl SearchHit {
    fn of(hit: &Hit, incident: &Incident) -> Self {
        Self {
            incident_id: incident.id.clone(),
            incident_number: incident.number.clone(),
            incident_title: incident.title.clone(),
            state: incident.state,
            practice: incident.practice,
            room: hit.document.room,
            reference: hit.document.reference.clone(),
            title: hit.document.title.clone(),
            marked_title: hit.title.clone(),
            snippet: hit.snippet.clone(),
            recorded_at: hit.document.recorded_at,
        }
    }
}
