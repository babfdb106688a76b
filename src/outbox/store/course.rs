//! When the messages of a batch came to their end.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::outbox::model::{BatchId, State};
use crate::store::Conn;

/// The first and the last instant at which a message went out or failed, in microseconds.
#[derive(QueryableByName)]
pub struct Ends {
    /// The first.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub first: Option<i64>,
    /// The last.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub last: Option<i64>,
}

/// How many messages came to one end within one stretch of time.
#[derive(QueryableByName)]
pub struct Settled {
    /// The number of the stretch.
    #[diesel(sql_type = BigInt)]
    pub stretch: i64,
    /// How they ended.
    #[diesel(sql_type = Text)]
    pub state: State,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub messages: i64,
}

/// Between which instants messages of a batch went out or failed.
pub fn ends(conn: &mut Conn, batch: &BatchId) -> QueryResult<Ends> {
    diesel::sql_query(
        "SELECT min(settled_at) AS first, max(settled_at) AS last FROM outbox_messages \
         WHERE batch_id = $1 AND settled_at IS NOT NULL \
         AND state IN ('sent', 'failed', 'bounced')",
    )
    .bind::<Text, _>(batch.as_str())
    .get_result(conn)
}

/// The messages of a batch by stretch and end, the stretches `width` microseconds long;
/// stretch 0 begins `offset` microseconds before 1970.
pub fn course(
    conn: &mut Conn,
    batch: &BatchId,
    width: i64,
    offset: i64,
) -> QueryResult<Vec<Settled>> {
    // Two numbers of our own: as parameters, PostgreSQL would not see one expression twice.
    diesel::sql_query(format!(
        "SELECT (settled_at + {offset}) / {width} AS stretch, state, count(*) AS messages \
         FROM outbox_messages WHERE batch_id = $1 AND settled_at IS NOT NULL \
         AND state IN ('sent', 'failed', 'bounced') GROUP BY 1, 2 ORDER BY 1, 2"
    ))
    .bind::<Text, _>(batch.as_str())
    .get_results(conn)
}
