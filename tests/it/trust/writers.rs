//! Writers that share a commit: each keeps its own, and nothing of another's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use futures_util::future::{BoxFuture, FutureExt, join_all};
use shodo::kernel::{Code, Problem, Result};
use shodo::store::schema::leases;
use shodo::store::{Conn, Store};

use crate::support::db::TestDb;

const WRITERS: usize = 16;
const FAILS: usize = 4;
const PANICS: usize = 8;
const PANICS_WITHIN: usize = 11;
const GONE: usize = 13;

/// A row that says who wrote it and which in turn it was.
fn insert(tx: &mut Conn, name: &str, turn: i64) -> Result<()> {
    let row = (
        leases::name.eq(name),
        leases::holder.eq("test"),
        leases::until.eq(turn),
    );
    diesel::insert_into(leases::table).values(row).execute(tx)?;
    Ok(())
}

fn rows(store: &Store) -> Vec<(String, i64)> {
    let rows = leases::table
        .select((leases::name, leases::until))
        .order(leases::until);
    store.read_blocking(|conn| Ok(rows.load(conn)?)).unwrap()
}

fn named(writer: usize) -> String {
    format!("writer {writer:02}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_writers_that_wait_each_keeps_its_own_and_in_order() {
    let db = TestDb::new();
    let store = db.store().clone();
    // One holds the connection until all the others wait.
    let (go, held) = mpsc::channel::<()>();
    let (holds, held_now) = tokio::sync::oneshot::channel();
    let first = tokio::spawn({
        let store = store.clone();
        async move {
            let work = move |tx: &mut Conn| {
                insert(tx, "first", 0)?;
                holds.send(()).unwrap();
                held.recv_timeout(Duration::from_secs(30)).unwrap();
                Ok(())
            };
            store.write(work).await
        }
    });
    held_now.await.unwrap();

    // Connections of another server: on PostgreSQL the writers hold all of their own.
    let outside = db.another_store();
    let turns = Arc::new(AtomicI64::new(1));
    // The most rows that a writer saw which no other connection saw yet.
    let unseen = Arc::new(AtomicI64::new(0));
    let mut waiting: Vec<BoxFuture<'_, Result<usize>>> = (0..WRITERS)
        .map(|writer| {
            let (turns, unseen, outside) = (turns.clone(), unseen.clone(), outside.clone());
            let work = move |tx: &mut Conn| {
                let turn = turns.fetch_add(1, Ordering::SeqCst);
                insert(tx, &named(writer), turn)?;
                let inside: i64 = leases::table.count().get_result(tx)?;
                let count = i64::try_from(rows(&outside).len()).unwrap();
                unseen.fetch_max(inside - count, Ordering::SeqCst);
                match writer {
                    FAILS => Err(Problem::new(Code::Forbidden)),
                    PANICS => panic!("a made-up panic"),
                    PANICS_WITHIN => diesel::Connection::transaction(tx, |tx| {
                        insert(tx, "within", turn)?;
                        panic!("a made-up panic in a transaction of its own")
                    }),
                    _ => Ok(writer),
                }
            };
            store.write(work).boxed()
        })
        .collect();
    // Each stands in the queue once it was polled; one of them goes away again.
    let mut gone = waiting.remove(GONE);
    let early: Vec<_> = waiting.iter_mut().map(|one| one.now_or_never()).collect();
    assert!(early.iter().all(Option::is_none), "the writer was not held");
    assert!((&mut gone).now_or_never().is_none());
    drop(gone);
    go.send(()).unwrap();
    let answers = tokio::time::timeout(Duration::from_secs(60), join_all(waiting));
    let answers = answers.await.expect("every writer is answered");
    first.await.unwrap().unwrap();

    let writers: Vec<usize> = (0..WRITERS).filter(|writer| *writer != GONE).collect();
    for (writer, answer) in writers.iter().zip(&answers) {
        let code = answer.as_ref().map_err(|problem| problem.code);
        match *writer {
            FAILS => assert_eq!(code.unwrap_err(), Code::Forbidden),
            PANICS | PANICS_WITHIN => assert_eq!(code.unwrap_err(), Code::Internal),
            _ => assert_eq!(code.unwrap(), writer),
        }
    }
    let kept: Vec<String> = rows(&db.another_store())
        .into_iter()
        .map(|row| row.0)
        .collect();
    let lost = [FAILS, PANICS, PANICS_WITHIN, GONE];
    let mut expected = vec!["first".to_owned()];
    expected.extend((0..WRITERS).filter(|w| !lost.contains(w)).map(named));
    if db.is_postgres() {
        // There they run side by side.
        let sorted = |mut names: Vec<String>| {
            names.sort();
            names
        };
        assert_eq!(sorted(kept), sorted(expected));
    } else {
        assert_eq!(kept, expected);
        assert!(
            unseen.load(Ordering::SeqCst) > 1,
            "no writer ran in a transaction that another had begun"
        );
    }
    // The connection is as good as before.
    store.write(|tx| insert(tx, "last", 1_000)).await.unwrap();
    assert_eq!(rows(&db.another_store()).last().unwrap().0, "last");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_in_a_transaction_within_leaves_a_connection_that_commits() {
    let db = TestDb::new();
    let store = db.store();
    for alone in [false, true] {
        let work = |tx: &mut Conn| -> Result<()> {
            insert(tx, "outer", 1)?;
            diesel::Connection::transaction(tx, |tx| {
                insert(tx, "inner", 2)?;
                panic!("a made-up panic")
            })
        };
        let outcome = if alone {
            store.write_alone(work).await
        } else {
            store.write(work).await
        };
        assert_eq!(outcome.unwrap_err().code, Code::Internal);
        assert_eq!(rows(&db.another_store()), []);
        let kept = format!("kept {alone}");
        store.write(move |tx| insert(tx, &kept, 3)).await.unwrap();
        assert_eq!(rows(&db.another_store()).len(), 1);
        store
            .write_alone(|tx| Ok(tx.batch_execute("DELETE FROM leases")?))
            .await
            .unwrap();
    }
}

/// What was answered as kept is there, what was answered as lost is not, and the server goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing_that_was_answered() {
    let db = TestDb::new();
    if db.is_postgres() {
        return;
    }
    let store = db.store();
    // SQLite keeps to this size of the file as it would to a full disk; the number is that of this connection.
    store
        .write(|tx| {
            let pages: Pages = diesel::sql_query("PRAGMA page_count").get_result(tx)?;
            let limit = pages.page_count + 20;
            tx.batch_execute(&format!("PRAGMA max_page_count = {limit}"))?;
            Ok(())
        })
        .await
        .unwrap();
    let answers = join_all((0..WRITERS).map(|writer| {
        let turn = i64::try_from(writer).unwrap();
        store.write(move |tx| {
            let name = named(writer);
            let name = if writer % 3 == 1 {
                name + &"x".repeat(200_000)
            } else {
                name
            };
            insert(tx, &name, turn)
        })
    }))
    .await;
    let kept: Vec<i64> = rows(&db.another_store())
        .into_iter()
        .map(|row| row.1)
        .collect();
    let answered: Vec<i64> = (0..)
        .zip(&answers)
        .filter(|(_, a)| a.is_ok())
        .map(|(w, _)| w)
        .collect();
    assert_eq!(kept, answered);
    assert!(answers.iter().any(Result::is_err), "the disk was not full");
    store.write(|tx| insert(tx, "after", 1_000)).await.unwrap();
    assert_eq!(rows(&db.another_store()).last().unwrap().1, 1_000);
}

#[derive(diesel::QueryableByName)]
struct Pages {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    page_count: i64,
}
