//! What cannot all be true, as pages show it: in words, with links to where it is corrected.

use serde::Serialize;

use super::Case;
use crate::incidents::facts;
use crate::web::extract::Page;

/// A contradiction, as the partial `contradictions` takes it.
#[derive(Serialize)]
pub(super) struct ContradictionLine {
    words: String,
    links: Vec<Place>,
}

#[derive(Serialize)]
struct Place {
    href: String,
    label: String,
}

impl Case {
    /// Everything that contradicts.
    pub(super) fn contradictions(&self, page: &Page) -> Vec<ContradictionLine> {
        let id = &self.incident.id;
        let all = self.duties.contradictions.iter();
        all.map(|found| {
            let facts = found.facts.iter().map(|key| Place {
                href: format!("/incidents/{id}/facts/{key}"),
                label: facts::label(key, page.locale()),
            });
            let moments = (!found.moments.is_empty()).then(|| Place {
                href: format!("/incidents/{id}/clocks"),
                label: page.text("clocks-page-title"),
            });
            ContradictionLine {
                words: page.text(&format!("contradiction-{}", found.kind)),
                links: facts.chain(moments).collect(),
            }
        })
        .collect()
    }
}
