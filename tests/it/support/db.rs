//! A database of its own for every test.
//!
//! A SQLite file in a temporary folder; with `TEST_POSTGRES_URL` a fresh schema of
//! that PostgreSQL database. Both are gone when the [`TestDb`] is dropped.

use std::path::Path;

use diesel::connection::SimpleConnection;
use shodo::kernel::random;
use shodo::store::{DatabaseUrl, Store};
use tempfile::TempDir;

/// Names the PostgreSQL database of the tests; unset, they run on SQLite.
pub const POSTGRES: &str = "TEST_POSTGRES_URL";

/// A migrated database that no other test sees.
pub struct TestDb {
    store: Option<Store>,
    folder: TempDir,
    url: String,
    schema: Option<Schema>,
}

struct Schema {
    /// The database's address without the schema.
    server: DatabaseUrl,
    name: String,
}

impl TestDb {
    /// Makes the database and brings its schema up to date.
    pub fn new() -> Self {
        let db = Self::unmigrated();
        db.store().migrate().expect("the test database migrates");
        db
    }

    /// Makes the database and leaves it empty, for tests of the migrations themselves.
    pub fn unmigrated() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let server = std::env::var(POSTGRES).ok().filter(|url| !url.is_empty());
        let (url, schema) = match server {
            None => (
                format!("sqlite:{}", folder.path().join("shodo.db").display()),
                None,
            ),
            Some(server) => {
                let schema = Schema::create(&server);
                (with_search_path(&server, &schema.name), Some(schema))
            }
        };
        let store = Store::open(parse(&url)).expect("the test database opens");
        Self {
            store: Some(store),
            folder,
            url,
            schema,
        }
    }

    /// The database.
    pub fn store(&self) -> &Store {
        self.store.as_ref().expect("the store lives until the drop")
    }

    /// A second, independent opening of the same database, as another server would have it.
    pub fn another_store(&self) -> Store {
        Store::open(parse(&self.url)).expect("the test database opens again")
    }

    /// The address that a server's settings would name.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.schema.is_some()
    }

    /// A folder of this test, for keys and files; gone with the database.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        // The pool first: DROP SCHEMA waits for transactions that are still open.
        self.store.take();
        if let Some(schema) = &self.schema {
            schema.drop_it();
        }
    }
}

impl Schema {
    fn create(server: &str) -> Self {
        let suffix: String = random::bytes::<8>()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let schema = Self {
            server: parse(server),
            name: format!("test_{suffix}"),
        };
        schema
            .server
            .open()
            .unwrap_or_else(|problem| {
                panic!("{POSTGRES} names no database that opens: {problem:?}")
            })
            .batch_execute(&format!("CREATE SCHEMA {}", schema.name))
            .expect("a fresh schema");
        schema
    }

    fn drop_it(&self) {
        let dropped = self.server.open().map(|mut connection| {
            connection.batch_execute(&format!(
                "SET client_min_messages = warning; SET lock_timeout = '10s'; DROP SCHEMA {} CASCADE",
                self.name
            ))
        });
        if !matches!(dropped, Ok(Ok(()))) && !std::thread::panicking() {
            panic!("the schema {} of a test was not removed", self.name);
        }
    }
}

fn parse(url: &str) -> DatabaseUrl {
    DatabaseUrl::parse(url, true).unwrap_or_else(|problem| panic!("no database address: {problem}"))
}

/// Adds `options=-csearch_path=…`, which libpq sends with every new connection.
fn with_search_path(server: &str, schema: &str) -> String {
    let sign = if server.contains('?') { '&' } else { '?' };
    format!("{server}{sign}options=-csearch_path%3D{schema}")
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use shodo::store::schema::leases;

    use super::*;

    #[test]
    fn no_test_sees_the_rows_of_another() {
        let (one, two) = (TestDb::new(), TestDb::new());
        let wanted = std::env::var(POSTGRES).is_ok_and(|url| !url.is_empty());
        assert_eq!(one.is_postgres(), wanted);
        assert_eq!(one.url().starts_with("sqlite:"), !wanted);
        one.store()
            .write_blocking(|tx| {
                let row = (
                    leases::name.eq("a"),
                    leases::holder.eq("b"),
                    leases::until.eq(1),
                );
                Ok(diesel::insert_into(leases::table).values(row).execute(tx)?)
            })
            .expect("a row");
        let rows = |store: &Store| {
            store.read_blocking(|conn| Ok(leases::table.count().get_result::<i64>(conn)?))
        };
        assert_eq!(rows(&one.another_store()).expect("a count"), 1);
        assert_eq!(rows(two.store()).expect("a count"), 0);
    }
}
