//! The schema of the database in use, as the migrations make it and as the code names it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::Text;
use shodo::store::{Conn, columns, migrations};

use crate::support::db::TestDb;

type Tables = BTreeMap<String, BTreeSet<String>>;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
}

#[test]
fn up_down_and_up_again_gives_the_same_schema() {
    let db = TestDb::unmigrated();
    let (first, left, second) = on(&db, |conn| {
        assert!(migrations::pending(conn).expect("an answer"));
        let ran = migrations::up(conn).expect("up");
        assert!(ran > 0 && !migrations::pending(conn).expect("an answer"));
        let first = tables(conn);
        assert_eq!(migrations::down(conn).expect("down"), ran);
        let left = tables(conn);
        assert_eq!(migrations::up(conn).expect("up again"), ran);
        (first, left, tables(conn))
    });
    assert!(left.is_empty(), "left behind: {left:?}");
    assert_eq!(first, second);
}

#[test]
fn the_code_and_the_database_name_the_same_columns() {
    let db = TestDb::new();
    assert_eq!(on(&db, tables), of_the_code());
}

#[test]
fn every_column_is_classified_once() {
    let mut classified = Tables::new();
    for (name, table) in columns::classification().expect("valid TOML") {
        assert!(!table.retention.trim().is_empty(), "retention of {name}");
        let all = [&table.personal, &table.secret, &table.operational];
        let count: usize = all.iter().map(|columns| columns.len()).sum();
        let set: BTreeSet<String> = all.into_iter().flatten().cloned().collect();
        assert_eq!(set.len(), count, "{name} has a column twice");
        classified.insert(name, set);
    }
    assert_eq!(classified, of_the_code());
}

#[test]
fn both_databases_have_migrations_of_the_same_names() {
    let names = |database: &str| -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("migrations")
            .join(database);
        std::fs::read_dir(folder)
            .expect("a folder of migrations")
            .map(|entry| entry.expect("an entry").file_name().display().to_string())
            .collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

fn on<T>(db: &TestDb, work: impl FnOnce(&mut Conn) -> T) -> T {
    // Outside a transaction: each migration opens its own.
    db.store()
        .read_blocking(|conn| Ok(work(conn)))
        .expect("a connection")
}

/// Every table with its columns, except the index of the search: on SQLite it is a virtual table with tables of its
/// own, on PostgreSQL it has a type that Diesel does not know, and its statements are written by hand.
fn tables(conn: &mut Conn) -> Tables {
    let query = match conn {
        Conn::Sqlite(_) => {
            "SELECT m.name AS table_name, c.name AS column_name \
             FROM sqlite_master m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' \
             AND m.name NOT LIKE 'search\\_grams%' ESCAPE '\\'"
        }
        Conn::Postgres(_) => {
            "SELECT table_name::text AS table_name, column_name::text AS column_name \
             FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_\\_%' AND table_name <> 'search_grams'"
        }
    };
    let columns: Vec<Column> = diesel::sql_query(query)
        .load(conn)
        .expect("a list of columns");
    let mut tables = Tables::new();
    for column in columns {
        tables
            .entry(column.table_name)
            .or_default()
            .insert(column.column_name);
    }
    tables
}

/// The tables of `schema.rs`, read from its text: diesel offers no list at run time.
fn of_the_code() -> Tables {
    let source =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/schema.rs"))
            .expect("schema.rs");
    let mut tables = Tables::new();
    let mut current: Option<String> = None;
    for line in source.lines().map(str::trim) {
        if line.starts_with("//") || line.starts_with("#[") {
            continue;
        }
        match (&current, line.split_once("->")) {
            (Some(table), Some((column, _))) => {
                tables
                    .get_mut(table)
                    .expect("the table was begun")
                    .insert(column.trim().to_owned());
            }
            (None, None) if line.ends_with('{') && line.contains('(') => {
                let name = line.split('(').next().unwrap_or_default().trim().to_owned();
                tables.insert(name.clone(), BTreeSet::new());
                current = Some(name);
            }
            (Some(_), None) if line == "}" => current = None,
            _ => {}
        }
    }
    assert!(tables.len() > 20, "schema.rs was not understood");
    tables
}
