//! Messages and their files.

use serde_json::json;

use super::desk::{DESK, Desk, WIDGET, field, id};

#[tokio::test]
async fn a_file_that_is_still_checked_is_shown_as_such_and_told_when_it_is_ready() {
    let mut desk = Desk::set().await;
    desk.mia.opens_inbox().await;
    desk.anna.listens().await;
    let file = desk.anna.http.upload(WIDGET, ("a.txt", "text/plain"), b"words").await.is(201)["file"].clone();
    assert_eq!(file["state"], "checking");
    desk.anna.http.get(&format!("{WIDGET}/{}", id(&file))).await.refused(409, "file_not_ready");
    let message = desk.anna_posts(&[&file]).await.is(201)["message"].clone();
    assert_eq!(message["files"][0]["state"], "checking");
    desk.app.run_due().await;
    for live in [desk.mia.live(), desk.anna.live()] {
        let told = live.expect(|frame| frame["type"] == "file_changed").await;
        assert_eq!((&told["seq"], &told["file"]["state"]), (&message["seq"], &json!("ready")));
    }
    assert_eq!(desk.anna.reads().await.last().expect("a message")["files"][0]["state"], "ready");
}

#[tokio::test]
async fn the_file_of_a_note_is_told_to_the_team_alone() {
    let mut desk = Desk::set().await;
    desk.mia.opens_inbox().await;
    desk.anna.listens().await;
    let file = desk.mia.http.upload(DESK, ("a.txt", "text/plain"), b"words").await.is(201)["file"].clone();
    let note = json!({ "client_id": "note", "body": "", "visibility": "note", "file_ids": [id(&file)] });
    desk.mia.posts(note).await.is(201);
    desk.app.run_due().await;
    desk.mia.live().expect(|frame| frame["type"] == "file_changed").await;
    desk.mia.says("a word for Anna").await;
    desk.anna.sees("a word for Anna").await;
    let heard = desk.anna.live().settled().await;
    assert!(!heard.iter().any(|frame| frame["type"] == "file_changed"), "{heard:?}");
}

#[tokio::test]
async fn a_file_is_used_once_and_by_whoever_sent_it_up() {
    let desk = Desk::set().await;
    let file = desk.anna_sends_up(("a.txt", "text/plain"), b"words").await;
    assert_eq!(field(&desk.mia_posts(&[&file]).await.refused(422, "validation")), "unknown_file");
    desk.anna_posts(&[&file]).await.is(201);
    assert_eq!(field(&desk.anna_posts(&[&file]).await.refused(422, "validation")), "unknown_file");
    let twice = desk.anna_sends_up(("b.txt", "text/plain"), b"words").await;
    assert_eq!(field(&desk.anna_posts(&[&twice, &twice]).await.refused(422, "validation")), "unknown_file");
    desk.anna_posts(&[&twice]).await.is(201);
}

#[tokio::test]
async fn a_refused_file_goes_into_no_message() {
    let desk = Desk::set().await;
    let file = desk.anna_sends_up(("a.png", "image/png"), b"no picture").await;
    assert_eq!(file["state"], "refused");
    assert_eq!(field(&desk.anna_posts(&[&file]).await.refused(422, "validation")), "file_refused");
    desk.anna.http.get(&format!("{WIDGET}/{}", id(&file))).await.refused(409, "file_not_ready");
}

#[tokio::test]
async fn the_same_message_again_is_the_same_message_with_its_files() {
    let desk = Desk::set().await;
    let file = desk.anna_sends_up(("a.txt", "text/plain"), b"words").await;
    let body = json!({ "client_id": "once", "body": "", "file_ids": [id(&file)] });
    let first = desk.anna.posts(body.clone()).await.is(201);
    assert_eq!(desk.anna.posts(body).await.is(200)["message"], first["message"]);
    desk.anna.posts(json!({ "client_id": "once", "body": "other" })).await.refused(409, "client_id_reused");
}

#[tokio::test]
async fn a_message_of_nothing_is_still_refused() {
    let desk = Desk::set().await;
    let refused = desk.anna.posts(json!({ "client_id": "none", "body": "  ", "file_ids": [] })).await;
    assert_eq!(field(&refused.refused(422, "validation")), "empty");
}

#[tokio::test]
async fn whoever_sent_a_file_up_takes_it_back_until_it_was_sent() {
    let desk = Desk::set().await;
    let file = desk.anna_sends_up(("a.txt", "text/plain"), b"words").await;
    desk.mia.http.delete(&format!("{DESK}/{}", id(&file))).await.refused(404, "not_found");
    desk.anna.http.delete(&format!("{WIDGET}/{}", id(&file))).await.is(204);
    desk.app.run_due().await;
    assert_eq!(desk.objects().await, [""; 0]);
    assert_eq!(desk.used().await, 0);
    let sent = desk.anna_sends_up(("b.txt", "text/plain"), b"words").await;
    desk.anna_posts(&[&sent]).await.is(201);
    desk.anna.http.delete(&format!("{WIDGET}/{}", id(&sent))).await.refused(403, "role_required");
    desk.mia.http.delete(&format!("{DESK}/{}", id(&sent))).await.refused(403, "role_required");
    desk.tenant.owner.http.delete(&format!("{DESK}/{}", id(&sent))).await.is(204);
    desk.anna.http.get(&format!("{WIDGET}/{}", id(&sent))).await.refused(410, "file_gone");
}
