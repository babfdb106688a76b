//! A notice as a document that is approved on paper.

use std::collections::BTreeMap;

use super::House;
use crate::accounts::{self, AccountId};
use crate::incidents::{self, IncidentId};
use crate::kernel::{Locale, Result, locale};
use crate::notices::{self, Approval, Decision, Notice, NoticeId, Version};
use crate::reports::circulation::{self, Circulation};

impl House {
    /// A notice with its seals and what the checks found: as PDF, or for Word.
    ///
    /// # Errors
    /// [`crate::kernel::Code::NotFound`].
    pub async fn circulation(
        &self,
        id: &IncidentId,
        notice: &NoticeId,
        locale: Locale,
        for_word: bool,
    ) -> Result<Vec<u8>> {
        let (house, id, notice) = (self.clone(), id.clone(), notice.clone());
        self.store
            .read(move |conn| {
                let incident = incidents::find(conn, &id)?;
                let notice = notices::find(conn, id.as_str(), &notice)?;
                let version = notices::newest_version(conn, &notice)?;
                let decided = notices::approvals(conn, &notice.id)?;
                let findings = house.findings(conn, &id, &notice)?;
                let answers = notices::answers(conn, &notice.id)?;
                let names = accounts::names(conn)?;
                let text = |key: &str| locale::text(locale, key);
                let digest = decided
                    .iter()
                    .rfind(|it| it.version == notice.version)
                    .and_then(|it| it.digest.clone())
                    .unwrap_or_default();
                let mut about = vec![
                    (text("circulation-version"), notice.version.to_string()),
                    (
                        text("circulation-state"),
                        text(&format!("notice-state-{}", notice.state)),
                    ),
                    (
                        text("circulation-basis"),
                        notice.kind.sheet().basis.article.get(locale).to_owned(),
                    ),
                ];
                if let Some(audience) = notice.audience() {
                    let people = [("count", audience.people.into())];
                    let words = crate::affected::export::filter_words(&audience.filter, locale);
                    about.push((
                        text("circulation-readers"),
                        format!(
                            "{words} · {}",
                            locale::text_with(locale, "people-count", &people)
                        ),
                    ));
                }
                let document = Circulation {
                    lang: locale,
                    incident: format!("{} {}", incident.number, incident.title),
                    title: notice.kind.sheet().title.get(locale).to_owned(),
                    about,
                    seals: house.seals(&notice, &version, &decided, &names, locale),
                    texts_title: text("circulation-texts"),
                    parts: parts(&notice, &version, locale),
                    findings_title: text("circulation-findings"),
                    findings: findings
                        .iter()
                        .map(|finding| {
                            let found = text(&format!("finding-{}", finding.code));
                            let about = finding.about.get(locale);
                            let answer = answers.iter().find(|it| it.finding == finding.id);
                            let answer = answer.map_or_else(
                                || text(&format!("finding-weight-{}", finding.weight)),
                                |answer| answer.answer.clone(),
                            );
                            (format!("{found}\n{about}").trim().to_owned(), answer)
                        })
                        .collect(),
                    foot: format!("{} · SHA-256 {digest}", text("circulation-foot")),
                };
                if for_word {
                    circulation::docx(&document)
                } else {
                    circulation::pdf(&document)
                }
            })
            .await
    }

    fn seals(
        &self,
        notice: &Notice,
        version: &Version,
        decided: &[Approval],
        names: &BTreeMap<AccountId, String>,
        locale: Locale,
    ) -> Vec<[String; 3]> {
        let name = |id: &AccountId| names.get(id).cloned().unwrap_or_default();
        // As short as a seal is small.
        let day =
            |at: crate::kernel::Instant| at.in_zone(&self.zone).strftime("%y.%m.%d").to_string();
        let author = [
            locale::text(locale, "stamp-drafted"),
            name(&version.author_id),
            day(version.recorded_at),
        ];
        let stages = (0_i64..)
            .zip(notice.expected_chain())
            .map(|(place, stage)| {
                let role = locale::text(locale, &format!("role-{}", stage.role));
                let approved = decided.iter().rfind(|it| {
                    it.version == notice.version
                        && it.decision == Decision::Approved
                        && it.stage == place
                        && place < notice.stage
                });
                match approved {
                    Some(approval) => [role, name(&approval.account_id), day(approval.recorded_at)],
                    None => [role, locale::text(locale, "stamp-waiting"), String::new()],
                }
            });
        std::iter::once(author).chain(stages).collect()
    }
}

/// Each part with its texts in the languages in which it is written.
fn parts(
    notice: &Notice,
    version: &Version,
    locale: Locale,
) -> Vec<(String, Vec<(String, String)>)> {
    notice
        .kind
        .parts()
        .iter()
        .map(|part| {
            let texts = Locale::ALL
                .iter()
                .map(|language| {
                    let name = locale::text(locale, &format!("export-language-{language}"));
                    (name, version.content.part(&part.key, *language).to_owned())
                })
                .filter(|(_, text)| !text.is_empty())
                .collect();
            (part.label.get(locale).to_owned(), texts)
        })
        .collect()
}
