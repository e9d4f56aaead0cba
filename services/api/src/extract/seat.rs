//! A tenant's seat, held for as long as the request.

use actix_web::http::Method;
use actix_web::{HttpMessage, HttpRequest};
use kernel::{Error, TenantId};

use super::bearer::state;
use crate::limits::Row;

/// Waits for a seat of the tenant's, if this request reads; it is free again when the request is over.
pub async fn be_seated(request: &HttpRequest, tenant: TenantId, row: Row) -> Result<(), Error> {
    if *request.method() == Method::GET {
        let seat = state(request)?.limits.seats.take(tenant, row).await?;
        request.extensions_mut().insert(seat);
    }
    Ok(())
}
