//! Stopping a number because of what Meta said to a call. What arrives meanwhile is taken all the same.

use kernel::{Result, Timestamp};
use store::Unit;

use crate::standing;
use crate::tables::{account, number};

/// Stops a number, or every number of its account, and says so.
pub async fn halt(unit: &mut Unit, number: &number::Model, of_account: bool, why: &str, now: Timestamp) -> Result<()> {
    tracing::error!(number.id = %number.id, why, "nothing is sent from a WhatsApp number any more");
    metrics::counter!("porchlight_whatsapp_halts_total").increment(1);
    // accounts before numbers, as everybody holds them
    let account = account::lock(unit.conn(), number.tenant_id, number.account_id).await?;
    if of_account {
        return standing::halt(unit, &account, Some(why), now).await;
    }
    let mut row = number::lock(unit.conn(), number.tenant_id, number.id).await?;
    standing::halt_number(unit, &mut row, why, now).await
}
