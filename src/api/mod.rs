//! The same verbs for machines: JSON in and out, so that a script can walk from declaring to the export.
//!
//! In come requests with a bearer token; out go answers, or problems in the form
//! of RFC 9457. One file a room. The interface refuses to decide anything: it
//! asks the verbs of [`crate::workflow`] and the rooms, as the pages do. Cookies
//! mean nothing here, so no other site can make a browser act.

mod assessments;
mod bodies;
mod bounces;
mod bundles;
mod caller;
mod checkpoints;
mod checks;
mod custody;
mod description;
mod evidence;
mod exports;
mod facts;
mod figures;
mod incidents;
mod keeping;
mod notices;
mod organisation;
mod people;
mod problem;
mod reading;
mod reports;
mod review;
mod risk;
mod search;
mod sendings;
mod severity;
mod steps;
mod team;
mod templates;
mod timeline;
mod upload;
mod veris;

use actix_web::middleware::{Compress, from_fn};
use actix_web::web;

pub use upload::{Form, read_form};

use crate::outbox::Courier;
use crate::workflow::House;

/// The largest JSON body, in bytes.
const JSON_LIMIT: usize = 1 << 20;

/// What the interface needs of the server.
#[derive(Clone)]
pub struct State {
    /// The verbs, and what they stand on.
    pub house: House,
    /// The mail worker, to be woken when something was queued.
    pub courier: Courier,
    /// The largest file that may be uploaded, in bytes.
    pub max_upload_bytes: u64,
}

/// Everything under `/api/v1`, and the pages that explain its problems.
///
/// Expects `web::Data<State>` among the app's data, and to come before the pages:
/// they answer every address that nobody else took.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/api/v1")
            .app_data(web::PayloadConfig::new(JSON_LIMIT))
            .app_data(web::QueryConfig::default().error_handler(bodies::query_problem))
            .wrap(from_fn(problem::answer))
            .wrap(Compress::default())
            .configure(assessments::routes)
            .configure(checkpoints::routes)
            .configure(checks::routes)
            .configure(bounces::routes)
            .configure(bundles::routes)
            .configure(evidence::routes)
            .configure(custody::routes)
            .configure(exports::routes)
            .configure(facts::routes)
            .configure(figures::routes)
            .configure(incidents::routes)
            .configure(keeping::routes)
            .configure(notices::routes)
            .configure(organisation::routes)
            .configure(people::routes)
            .configure(reports::routes)
            .configure(review::routes)
            .configure(risk::routes)
            .configure(search::routes)
            .configure(sendings::routes)
            .configure(severity::routes)
            .configure(steps::routes)
            .configure(team::routes)
            .configure(templates::routes)
            .configure(timeline::routes)
            .configure(veris::routes)
            .configure(reading::routes)
            .default_service(web::to(problem::nowhere)),
    );
    config.configure(reading::problem_routes);
}

/// Defines the routes of one room, and their description, from one list.
macro_rules! room {
    ($($handler:ident),+ $(,)?) => {
        /// The routes of this room.
        pub(super) fn routes(config: &mut actix_web::web::ServiceConfig) {
            $(config.service($handler);)+
        }

        /// The description of this room.
        #[derive(utoipa::OpenApi)]
        #[openapi(paths($($handler),+))]
        pub(super) struct Description;
    };
}

use room;
