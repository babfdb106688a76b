//! What was learnt: the workspace of the post-mortem, and the actions that follow.

use serde::Serialize;
use utoipa::ToSchema;

use super::House;
pub use super::account::Told;
use crate::accounts::{Granted, can};
use crate::incidents::{self, ActionId, IncidentId};
use crate::kernel::{Locale, Result};
use crate::postmortem::{self, Action, Change, Content, Section, Version};
use crate::store::Conn;

/// The post-mortem as it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Workspace {
    /// Every section, in reading order.
    pub sections: Vec<SectionView>,
    /// What is to be done, open actions first.
    pub actions: Vec<Action>,
}

/// One section: what is written, and what the case tells of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SectionView {
    /// Which section.
    pub section: Section,
    /// What is written.
    pub content: Content,
    /// The newest version; 0 for none.
    pub version: i64,
    /// Who wrote that, and when.
    pub newest: Option<Version>,
    /// What the case tells: a proposal while nothing is written, or a record.
    pub told: Option<Told>,
}

impl SectionView {
    /// What is written as Markdown, rows as a list.
    pub fn markdown(&self, locale: Locale) -> Option<String> {
        let body = &self.newest.as_ref()?.body;
        super::account::written(self.section, body, locale)
    }
}

/// A version of a section as Markdown, rows as a list.
pub fn section_markdown(version: &Version, locale: Locale) -> String {
    super::account::written(version.section, &version.body, locale).unwrap_or_default()
}

impl House {
    /// Reads the post-mortem; proposals are in the reader's language.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`].
    pub async fn post_mortem(&self, id: &IncidentId, locale: Locale) -> Result<Workspace> {
        let (house, id) = (self.clone(), id.clone());
        self.store
            .read(move |conn| house.post_mortem_in(conn, &id, locale))
            .await
    }

    /// [`House::post_mortem`] inside a transaction.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`].
    pub fn post_mortem_in(
        &self,
        conn: &mut Conn,
        id: &IncidentId,
        locale: Locale,
    ) -> Result<Workspace> {
        let mut told = self.told_by_the_case(conn, id, locale, self.clock.now())?;
        let mut newest = postmortem::newest(conn, id)?;
        let sections = Section::ALL.iter().map(|section| {
            let newest = newest.remove(section);
            SectionView {
                section: *section,
                content: newest.as_ref().map_or_else(
                    || Content::empty(*section),
                    |newest| Content::stored(*section, &newest.body),
                ),
                version: newest.as_ref().map_or(0, |newest| newest.version),
                newest,
                told: told.remove(section),
            }
        });
        Ok(Workspace {
            sections: sections.collect(),
            actions: postmortem::actions_of(conn, id)?,
        })
    }

    /// Every version of a section, the newest first.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`].
    pub async fn section_versions(
        &self,
        id: &IncidentId,
        section: Section,
    ) -> Result<Vec<Version>> {
        let id = id.clone();
        self.store
            .read(move |conn| {
                incidents::find(conn, &id)?;
                postmortem::versions(conn, &id, section)
            })
            .await
    }

    /// Writes a section; gives the number of its version.
    ///
    /// # Errors
    /// Those of [`postmortem::write`].
    pub async fn write_section(
        &self,
        by: &Granted<can::WritePostMortem>,
        id: &IncidentId,
        change: Change,
    ) -> Result<i64> {
        let (by, id, now) = (by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| postmortem::write(tx, &by.id, now, &id, change))
            .await
    }

    /// Adds an action that prevents the next incident.
    ///
    /// # Errors
    /// Those of [`postmortem::add_action`].
    pub async fn add_action(
        &self,
        by: &Granted<can::WritePostMortem>,
        id: &IncidentId,
        title: String,
        owner: String,
        due_on: Option<String>,
    ) -> Result<Action> {
        let (by, id, now) = (by.clone(), id.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                postmortem::add_action(tx, &by.id, now, &id, &title, &owner, due_on.as_deref())
            })
            .await
    }

    /// Marks an action as done, or as open again.
    ///
    /// # Errors
    /// Those of [`postmortem::settle_action`].
    pub async fn settle_action(
        &self,
        by: &Granted<can::WritePostMortem>,
        id: &IncidentId,
        action: &ActionId,
        done: bool,
    ) -> Result<()> {
        let (by, id, action, now) = (by.clone(), id.clone(), action.clone(), self.clock.now());
        self.store
            .write(move |tx| postmortem::settle_action(tx, &by.id, now, &id, &action, done))
            .await
    }
}
