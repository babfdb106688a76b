//! Verbs that cross rooms, one file for each step of the walk.
//!
//! The pages and the API both call these verbs and nothing below them that
//! changes state. A verb takes the proof that its caller may do it, opens one
//! transaction, and calls the rooms in order; it holds no rule of its own.

mod account;
mod approve;
pub mod assess;
mod bundle;
mod bundle_pieces;
mod checking;
mod checkpoints;
mod circulate;
mod conclude;
mod counts;
mod curate;
mod custody;
mod declare;
mod draft;
mod duties;
pub mod entries;
mod exporting;
pub mod figures;
pub mod filing;
mod guide;
mod importer;
mod keeping;
mod learn;
mod post_mortem;
mod press;
mod preview;
mod queue;
mod remind;
mod returned;
mod roster;
mod rule;
mod running;
mod sealed_files;
mod search;
mod send;
mod settle;
mod severity;
mod team_mail;
mod templates;
mod told;

use std::sync::Arc;

use jiff::tz::TimeZone;

pub use account::{Make, ReportFile};
pub use bundle::{BundleChoice, BundleFile};
pub use checking::{Checked, Checker, Progress};
pub use curate::TimelinePage;
pub use custody::Custody;
pub use duties::{Duties, DutyState, DutyView};
pub use entries::{AttachedFile, EntryView};
pub use exporting::Exporter;
pub use figures::FiguresFormat;
pub use importer::Importer;
pub use keeping::Keeping;
pub use post_mortem::{SectionView, Told, Workspace, section_markdown};
pub use press::sample_letters;
pub use preview::Previewer;
pub use queue::variables;
pub use roster::{Draft, IncomingFile, SealedFile};
pub use running::Running;
pub use sealed_files::FilesVerdict;
pub use search::{Indexer, SearchHit, SearchPage};
pub use send::{Dispatching, sample, sample_reader};
pub use templates::{Template, template_place};

use crate::evidence;
use crate::kernel::Clock;
use crate::outbox::MailSettings;
use crate::playbooks::Library;
use crate::store::Store;
use crate::vault::Vault;

/// Everything that a verb needs: the database, the keys, the clock, the content. Cheap to clone.
#[derive(Clone)]
pub struct House {
    /// The database.
    pub store: Store,
    /// The keys.
    pub vault: Vault,
    /// The clock.
    pub clock: Clock,
    /// The zone of pages, documents and incident numbers.
    pub zone: TimeZone,
    /// The handbook.
    pub library: Arc<Library>,
    /// Sealed files.
    pub files: evidence::Files,
    /// How mail goes out.
    pub mail: Arc<MailSettings>,
    /// What people type to reach this server; for links in mails.
    pub public_url: url::Url,
    /// Takes rosters in and back.
    pub importer: Importer,
    /// Writes exports of registers.
    pub exporter: Exporter,
    /// Checks every chain.
    pub checker: Checker,
    /// Makes previews of sealed files.
    pub previewer: Previewer,
    /// Writes the index of the search.
    pub indexer: Indexer,
}
