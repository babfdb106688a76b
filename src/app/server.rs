//! Opens the house, and runs the server until it is told to stop.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};

use super::settings::Settings;
use super::{demo, lock};
use crate::accounts::{self, Passwords};
use crate::evidence;
use crate::kernel::{Clock, Code, Problem, Result};
use crate::outbox::Courier;
use crate::playbooks::Library;
use crate::regulations;
use crate::store::Store;
use crate::vault::Vault;
use crate::workflow::{Checker, Exporter, House, Importer, Indexer, Previewer};
use crate::{api, jobs, web as pages};

/// How long a running request may take to finish when the server stops.
const PATIENCE_SECONDS: u64 = 20;

/// Opens database, keys and content; makes the data directory when it is missing.
///
/// # Errors
/// [`Code::InvalidSetting`] or [`Code::Unavailable`], naming what is wrong.
pub fn open(settings: &Settings, clock: Clock) -> Result<House> {
    make_folder(&settings.data_dir)?;
    read_law(&settings.data_dir)?;
    let library = Library::embedded().map_err(|problems| Problem::internal(problems.join("; ")))?;
    Ok(House {
        vault: Vault::open_or_create(&settings.data_dir)?,
        store: Store::open(settings.database_url.clone())?,
        files: evidence::Files::in_data_dir(&settings.data_dir),
        clock,
        zone: settings.time_zone.clone(),
        library: Arc::new(library),
        mail: Arc::new(settings.mail.clone()),
        public_url: settings.public_url.clone(),
        importer: Importer::default(),
        exporter: Exporter::default(),
        checker: Checker::default(),
        previewer: Previewer::default(),
        indexer: Indexer::default(),
    })
}

/// Reads the law: the product's own files, and those of the data folder beside them.
///
/// # Errors
/// [`Code::InvalidSetting`] with every fault, its file and its line.
pub fn read_law(data_dir: &Path) -> Result<&'static regulations::Library> {
    regulations::install(data_dir).map_err(|faults| {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        let why = lines.join("\n");
        Problem::with(
            Code::InvalidSetting,
            &[("setting", "regulations"), ("why", &why)],
        )
    })
}

/// Serves until Ctrl-C or SIGTERM; running requests finish, claimed mail is released.
///
/// # Errors
/// Whatever keeps it from starting.
pub fn serve(settings: Settings, demo: bool) -> Result<()> {
    make_folder(&settings.data_dir)?;
    let _claim = lock::share(&settings.data_dir)?;
    let house = open(&settings, Clock::default())?;
    let ran = house.store.migrate()?;
    tracing::info!(migrations = ran, data_dir = %settings.data_dir.display(), "database is up to date");
    pages::check()?;
    actix_web::rt::System::new().block_on(run(settings, house, demo))
}

async fn run(settings: Settings, house: House, demo: bool) -> Result<()> {
    let passwords = Passwords::default();
    let welcome = if demo {
        demo::prepare(&house, &passwords).await?
    } else {
        welcome(&house).await?
    };
    let courier = Courier::new(
        house.store.clone(),
        house.vault.clone(),
        house.clock.clone(),
        settings.mail.clone(),
    )?;
    let state = pages::State {
        house: house.clone(),
        courier: courier.clone(),
        passwords,
        demo,
        behind_proxy: settings.behind_proxy,
        max_upload_bytes: settings.max_upload_bytes,
    };
    let server = HttpServer::new(move || service(state.clone()))
        .workers(2)
        .shutdown_timeout(PATIENCE_SECONDS)
        .bind(settings.listen)
        .map_err(|error| {
            let listen = settings.listen.to_string();
            Problem::with(
                Code::InvalidSetting,
                &[
                    ("setting", "listen"),
                    ("why", &format!("{listen} is taken or not allowed")),
                ],
            )
            .caused_by(error)
        })?
        .run();
    let delivering = courier.start();
    let scheduler = jobs::start(house.clone(), courier).await?;
    println!("{welcome}");
    tracing::info!(listen = %settings.listen, public_url = %settings.public_url, "ready");
    server.await?;
    jobs::stop(scheduler).await;
    delivering.stop().await?;
    tracing::info!("stopped");
    Ok(())
}

/// The whole HTTP service over one state; the tests run the same.
pub fn service(
    state: pages::State,
) -> App<
    impl actix_web::dev::ServiceFactory<
        actix_web::dev::ServiceRequest,
        Config = (),
        Response = actix_web::dev::ServiceResponse<impl actix_web::body::MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let machines = api::State {
        house: state.house.clone(),
        courier: state.courier.clone(),
        max_upload_bytes: state.max_upload_bytes,
    };
    App::new()
        .app_data(web::Data::new(state))
        .app_data(web::Data::new(machines))
        .wrap(from_fn(pages::guard::ground))
        .configure(api::configure)
        .configure(pages::configure)
}

/// What is printed at the start: where the server is, and the link for the first administrator.
async fn welcome(house: &House) -> Result<String> {
    let now = house.clock.now();
    let token = house
        .store
        .write(move |tx| accounts::create_setup_link(tx, now))
        .await?;
    let address = &house.public_url;
    Ok(match token {
        Some(token) => format!(
            "Shodo 初動 is ready at {address}\nOpen this link once to create the first administrator:\n{}",
            pages::link_address(address, &token)
        ),
        None => format!("Shodo 初動 is ready at {address}"),
    })
}

/// Makes the data directory, for the server's own account only.
///
/// # Errors
/// [`Code::InvalidSetting`].
pub(super) fn make_folder(path: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| {
            let why = format!("{} cannot be made", path.display());
            Problem::with(
                Code::InvalidSetting,
                &[("setting", "data_dir"), ("why", &why)],
            )
            .caused_by(error)
        })
}
