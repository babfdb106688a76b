//! Management's view: the numbers across incidents, by filter.

mod filter;
mod gather;
mod workbook;

pub use filter::{Filter, LONGEST, Practice, Wanted};

use super::{House, ReportFile};
use crate::accounts::{Granted, can, organisation};
use crate::kernel::{Instant, Locale, Problem, Result, locale};
use crate::reports::figures::{self, Figures, Words};
use crate::reports::phrases::Phrases;

crate::text_enum! {
    /// A file of figures.
    pub enum FiguresFormat {
        /// A workbook: the numbers, and the incidents behind them.
        Xlsx = "xlsx",
        /// A4 pages with the numbers alone.
        Pdf = "pdf",
    }
}

impl House {
    /// Counts the incidents that a filter asks for.
    ///
    /// Everything but the duties comes in one query a table; the duties are assessed for
    /// each of these incidents, as they stand now.
    ///
    /// # Errors
    /// The database's own.
    pub async fn figures(
        &self,
        _: &Granted<can::ViewIncidents>,
        filter: Filter,
    ) -> Result<Figures> {
        let (house, now) = (self.clone(), self.clock.now());
        self.store
            .read(move |conn| {
                let lines = gather::lines(&house, conn, &filter, now)?;
                Ok(figures::count(lines, (filter.from, filter.to), &house.zone))
            })
            .await
    }

    /// The same as a file to hand on.
    ///
    /// # Errors
    /// Those of [`House::figures`] and of the renderers.
    pub async fn figures_file(
        &self,
        by: &Granted<can::ViewIncidents>,
        filter: Filter,
        format: FiguresFormat,
        locale: Locale,
    ) -> Result<ReportFile> {
        let now = self.clock.now();
        let counted = self.figures(by, filter.clone()).await?;
        let organisation = self.store.read(organisation::current).await?;
        let name = organisation.map_or_else(String::new, |organisation| match locale {
            Locale::En if !organisation.name_en.is_empty() => organisation.name_en,
            _ => organisation.name_ja,
        });
        let phrases = figures::phrases(locale, &self.zone);
        // Setting type and packing take long.
        tokio::task::spawn_blocking(move || {
            let words = words(&filter, name, now, &phrases);
            let (bytes, media_type) = match format {
                FiguresFormat::Pdf => (
                    figures::render(&counted, words, &phrases)?,
                    "application/pdf",
                ),
                FiguresFormat::Xlsx => (
                    workbook::write(&counted, &words, &phrases).map_err(Problem::internal)?,
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                ),
            };
            Ok(ReportFile {
                name: file_name(&filter, format, &phrases),
                media_type,
                bytes,
            })
        })
        .await
        .map_err(Problem::internal)?
    }
}

fn words(filter: &Filter, organisation: String, at: Instant, phrases: &Phrases) -> Words {
    Words {
        organisation,
        period: filter.period(phrases),
        asked: filter.asked(phrases.locale()),
        practice: filter.practice != Practice::Without,
        at,
    }
}

fn file_name(filter: &Filter, format: FiguresFormat, phrases: &Phrases) -> String {
    let name = phrases.word_with(
        "figures-file-name",
        &[
            ("from", &figures::month_key(filter.from)),
            ("to", &figures::month_key(filter.to)),
        ],
    );
    format!("{name}.{format}")
}

/// The words of a value that may be not known.
fn named(locale: Locale, of: &str, value: Option<&str>) -> String {
    let value = value.unwrap_or(figures::UNKNOWN);
    locale::text(locale, &format!("{of}-{value}"))
}
