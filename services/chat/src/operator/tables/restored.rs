//! What may not go on from where a copy of the database left it.

use kernel::{Result, Timestamp};
use store::{Conn, fault, sql};

/// Ends every session of tenants' people and of operators: one that was ended after the copy would be alive again.
pub async fn end_sessions(conn: &impl Conn, now: Timestamp) -> Result<u64> {
    let mut ended = 0;
    for table in ["session", "operator_session"] {
        let text = format!("update {table} set ended_at = ? where ended_at is null");
        let asked = sql(conn.get_database_backend(), &text, [now.into()]);
        ended += conn.execute_raw(asked).await.map_err(fault)?.rows_affected();
    }
    Ok(ended)
}
