//! Legal holds.

use std::time::Duration;

use chat::files::expire;
use serde_json::json;

use super::people::{Stage, id};

#[tokio::test]
async fn while_a_conversation_is_held_nothing_of_it_goes() {
    let mut stage = Stage::set().await;
    let file = stage.anna_attaches("proof.txt", "what happened").await;
    let (hold, owner) = (format!("{}/hold", stage.conversation()), &stage.tenant.owner.http);
    assert_eq!(owner.get(&hold).await.ok(), json!({ "hold": null }));
    stage.mia.http.put(&hold, json!({ "reason": "a court asks" })).await.refused(403, "role_required");
    owner.put(&hold, json!({ "reason": " " })).await.refused(422, "validation");
    let held = owner.put(&hold, json!({ "reason": "a court asks" })).await.ok();
    assert_eq!((&held["hold"]["by"], &held["hold"]["reason"]), (&json!("Olga Owner"), &json!("a court asks")));
    assert_eq!(owner.get(&hold).await.ok(), held);
    owner.delete(&stage.conversation()).await.refused(409, "legal_hold");
    owner.delete(&format!("/v1/files/{}", id(&file))).await.refused(409, "legal_hold");
    stage.app.later(Duration::from_secs(91 * 86_400));
    assert_eq!(expire(stage.app.ctx()).await.expect("a round"), 0);
    let owner = stage.app.signs_in(&stage.tenant.owner.email).await.http;
    owner.delete(&hold).await.is(204);
    assert_eq!(expire(stage.app.ctx()).await.expect("a round"), 1);
    owner.delete(&stage.conversation()).await.is(204);
    owner.get(&hold).await.refused(404, "not_found");
}
