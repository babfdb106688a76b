//! Beside the walk: the organisation's own texts for drafts, and who approves what becomes of them.

use super::House;
use crate::accounts::{Granted, Role, can};
use crate::kernel::{Code, Locale, Problem, Result};
use crate::notices::templates::{self, Edition, Place};
use crate::notices::{self, NoticeKind};

/// One template: the product's text, and every version that the organisation wrote.
#[derive(Clone, Debug)]
pub struct Template {
    /// Which it is.
    pub place: Place,
    /// The product's own text.
    pub built_in: String,
    /// The organisation's versions, the oldest first; one without a body went back to the product's text.
    pub editions: Vec<Edition>,
}

impl Template {
    /// The number of the newest version, 0 before the first.
    pub fn number(&self) -> i64 {
        self.editions.last().map_or(0, |edition| edition.number)
    }

    /// The organisation's own text, where it stands.
    pub fn own(&self) -> Option<&str> {
        self.editions
            .last()
            .and_then(|edition| edition.body.as_deref())
    }

    /// The text that the next draft is made from.
    pub fn body(&self) -> &str {
        self.own().unwrap_or(&self.built_in)
    }
}

/// The place of a template, named from outside; without a variant that of every other incident.
///
/// # Errors
/// [`Code::NotFound`] for a place that no kind has.
pub fn template_place(
    kind: NoticeKind,
    variant: &str,
    part: &str,
    locale: Locale,
) -> Result<Place> {
    let variant = match variant {
        "" => templates::variant(kind, ""),
        named => templates::variants(kind)
            .into_iter()
            .find(|known| *known == named)
            .ok_or_else(|| Problem::new(Code::NotFound))?,
    };
    let part = kind
        .sheet()
        .part(part)
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(Place {
        kind,
        variant: variant.to_owned(),
        part: part.key.clone(),
        locale,
    })
}

impl House {
    /// One template with its versions.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a place that no kind has.
    pub async fn template(&self, place: Place) -> Result<Template> {
        self.store
            .read(move |conn| {
                Ok(Template {
                    built_in: templates::built_in(&place)?,
                    editions: templates::editions(conn, &place)?,
                    place,
                })
            })
            .await
    }

    /// Writes the organisation's own text; drafts that are begun from now on are made from it.
    ///
    /// `seen` is the number of the version that was read, 0 for the product's own text.
    ///
    /// # Errors
    /// Those of [`templates::save`].
    pub async fn edit_template(
        &self,
        by: &Granted<can::EditTemplates>,
        place: Place,
        seen: i64,
        body: String,
    ) -> Result<()> {
        let (by, now) = (by.clone(), self.clock.now());
        self.store
            .write(move |tx| templates::save(tx, &by, now, &place, seen, Some(&body)))
            .await
    }

    /// Goes back to the product's own text; what the organisation wrote stays among the versions.
    ///
    /// # Errors
    /// Those of [`templates::save`].
    pub async fn reset_template(
        &self,
        by: &Granted<can::EditTemplates>,
        place: Place,
        seen: i64,
    ) -> Result<()> {
        let (by, now) = (by.clone(), self.clock.now());
        self.store
            .write(move |tx| templates::save(tx, &by, now, &place, seen, None))
            .await
    }

    /// Chooses who approves a kind of notice, in order, for what is handed in from now on.
    ///
    /// # Errors
    /// Those of [`notices::set_chain`].
    pub async fn set_chain(
        &self,
        by: &Granted<can::ManageSettings>,
        kind: NoticeKind,
        roles: Vec<Role>,
    ) -> Result<()> {
        let (by, now) = (by.clone(), self.clock.now());
        self.store
            .write(move |tx| notices::set_chain(tx, &by, now, kind, &roles))
            .await
    }

    /// Goes back to the product's chain for a kind of notice.
    ///
    /// # Errors
    /// The database's own error.
    pub async fn reset_chain(
        &self,
        by: &Granted<can::ManageSettings>,
        kind: NoticeKind,
    ) -> Result<()> {
        let by = by.clone();
        self.store
            .write(move |tx| notices::reset_chain(tx, &by, kind))
            .await
    }
}
