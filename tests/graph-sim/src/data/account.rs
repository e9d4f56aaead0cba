//! `GET /{waba}`

use serde_json::json;

use super::{Answered, GraphError, bearer, fields};
use crate::http::{Answer, Call};
use crate::world::World;

pub(super) fn get(world: &mut World, call: &Call, id: &str) -> Answered {
    bearer::account(world, call, id, bearer::MANAGEMENT)?;
    let waba = world.wabas.get(id).ok_or_else(|| GraphError::gone(id))?;
    let whole = json!({"id": waba.id, "name": waba.name, "currency": "USD", "timezone_id": "1", "country": "US",
        "message_template_namespace": format!("ns_{}", waba.id), "account_review_status": waba.status,
        "business_verification_status": "verified", "ownership_type": "CLIENT_OWNED", "status": "ACTIVE",
        "whatsapp_business_manager_messaging_limit": waba.tier, "marketing_messages_lite_api_status": "INELIGIBLE",
        "on_behalf_of_business_info": {"id": waba.portfolio, "name": waba.name, "status": "APPROVED", "type": "SELF"},
        "owner_business_info": {"id": waba.portfolio, "name": waba.name}, "is_enabled_for_insights": false,
        "primary_funding_id": if waba.pays { json!("1") } else { json!("0") }, "health_status": {"can_send_message": "AVAILABLE"}});
    Ok(Answer::ok(&fields::picked(call, &whole, &["name", "currency", "timezone_id", "message_template_namespace"])))
}
