//! What the server does by itself: the table of its jobs, and nothing else.
//!
//! The scheduler only ticks. What is due is computed from the database at each
//! tick, so that nothing is lost when the server was down, and a tick that comes
//! twice does nothing twice.

use std::future::Future;
use std::time::Duration;

use tokio_cron_scheduler::{Job, JobScheduler};

use crate::kernel::{Problem, Result};
use crate::outbox::Courier;
use crate::workflow::House;
use crate::{accounts, evidence, timeline};

const TICK: Duration = Duration::from_secs(20);
/// How late the search is, at most, when there is little to do; its page says "a few seconds".
const SEARCH_LAG: Duration = Duration::from_secs(3);
const HOURLY: Duration = Duration::from_secs(3_600);

/// Starts the jobs; they run until [`stop`].
///
/// # Errors
/// The scheduler's own error.
pub async fn start(house: House, courier: Courier) -> Result<JobScheduler> {
    let scheduler = JobScheduler::new().await.map_err(Problem::internal)?;
    let reminding = courier.clone();
    add(&scheduler, "remind", TICK, house.clone(), move |house| {
        let courier = reminding.clone();
        async move {
            if house.mail_the_team().await? + house.remind_of_keeping().await? > 0 {
                courier.wake();
            }
            Ok(())
        }
    })
    .await?;
    add(
        &scheduler,
        "returned-mail",
        TICK,
        house.clone(),
        |house| async move { house.read_returned_mail().await.map(drop) },
    )
    .await?;
    add(
        &scheduler,
        "conclude",
        TICK,
        house.clone(),
        |house| async move {
            house.note_deliveries().await?;
            house.conclude_deliveries().await.map(drop)
        },
    )
    .await?;
    let (importing, waking) = (house.clone(), courier.clone());
    // An import or a purge begins when it is confirmed; the tick finds what a crash or another server left.
    tokio::spawn(async move {
        loop {
            if let Err(problem) = importing.run_importer().await {
                tracing::error!(%problem, "an import stopped; it goes on at the next tick");
            }
            match importing.run_sendings().await {
                Ok(0) => {}
                Ok(_) => waking.wake(),
                Err(problem) => {
                    tracing::error!(%problem, "a sending stopped; it goes on at the next tick");
                }
            }
            if let Err(problem) = importing.run_purges().await {
                tracing::error!(%problem, "a purge stopped; it goes on at the next tick");
            }
            tokio::select! {
                () = importing.importer.woken() => {}
                () = tokio::time::sleep(TICK) => {}
            }
        }
    });
    let exporting = house.clone();
    tokio::spawn(async move {
        loop {
            if let Err(problem) = exporting.run_exporter().await {
                tracing::error!(%problem, "an export stopped; it begins anew at the next tick");
            }
            if let Err(problem) = exporting.expire_exports().await {
                tracing::error!(%problem, "exports whose day is over could not be removed");
            }
            tokio::select! {
                () = exporting.exporter.woken() => {}
                () = tokio::time::sleep(TICK) => {}
            }
        }
    });
    let indexing = house.clone();
    // Not by the scheduler: what was just written is to be found soon, and a long catch-up is not to be begun twice.
    tokio::spawn(async move {
        loop {
            if let Err(problem) = indexing.run_indexer().await {
                tracing::error!(%problem, "the search could not follow; it goes on in a moment");
            }
            tokio::time::sleep(SEARCH_LAG).await;
        }
    });
    add(
        &scheduler,
        "checkpoint",
        HOURLY,
        house.clone(),
        |house| async move {
            let now = house.clock.now();
            let vault = house.vault.clone();
            house
                .store
                .write_alone(move |tx| {
                    timeline::checkpoint::write(tx, vault.signing_key(), now).map(drop)
                })
                .await
        },
    )
    .await?;
    add(&scheduler, "sweep", HOURLY, house, |house| async move {
        let now = house.clock.now();
        let files = house.files.clone();
        house
            .store
            .write(move |tx| accounts::sweep(tx, now).map(drop))
            .await?;
        house.sweep_team_mails().await?;
        house
            .store
            .read(move |conn| evidence::sweep(conn, &files, now).map(drop))
            .await
    })
    .await?;
    scheduler.start().await.map_err(Problem::internal)?;
    Ok(scheduler)
}

/// Stops the jobs; one that runs now is not cut off in its transaction.
pub async fn stop(mut scheduler: JobScheduler) {
    if let Err(error) = scheduler.shutdown().await {
        tracing::warn!(%error, "scheduler did not stop cleanly");
    }
}

async fn add<F, R>(
    scheduler: &JobScheduler,
    name: &'static str,
    every: Duration,
    house: House,
    work: F,
) -> Result<()>
where
    F: Fn(House) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<()>> + Send + 'static,
{
    let job = Job::new_repeated_async(every, move |_, _| {
        let (house, work) = (house.clone(), work.clone());
        Box::pin(async move {
            if let Err(problem) = work(house).await {
                tracing::error!(job = name, %problem, "job failed; it runs again at the next tick");
            }
        })
    })
    .map_err(Problem::internal)?;
    scheduler
        .add(job)
        .await
        .map_err(Problem::internal)
        .map(drop)
}
