//! ISO-11: whose file it is.

use serde_json::{Value, json};

use super::desk::{DESK, Desk, WIDGET, field, id, links};
use crate::world::never;

/// Every way to ask for a file, by somebody it is not for, answers as if it never was.
async fn is_nothing_to(http: &harness::Http, path: &str, file: &Value) {
    let (theirs, nobodys) = (id(file).to_owned(), never("fil"));
    for rest in ["", "?variant=small", "/state"] {
        let ask = |id: &str| format!("{path}/{id}{rest}");
        let (foreign, none) = (http.get(&ask(&theirs)).await, http.get(&ask(&nobodys)).await);
        assert_eq!(foreign.fingerprint(), none.fingerprint(), "{path}{rest}");
        foreign.refused(404, "not_found");
    }
    let (foreign, none) =
        (http.delete(&format!("{path}/{theirs}")).await, http.delete(&format!("{path}/{nobodys}")).await);
    assert_eq!(foreign.fingerprint(), none.fingerprint(), "DELETE {path}");
    assert!(links(http, path, &[(file, "full"), (file, "small")]).await.is_empty());
}

#[tokio::test]
async fn iso_11_a_file_is_nothing_to_another_tenant() {
    let desk = Desk::set().await;
    let rival = desk.app.tenant("Rival").await;
    let shop = rival.has_widget("http://localhost:3005").await;
    let stranger = desk.app.visitor(&shop).await;
    let sent = desk.anna_sends_up(("a.txt", "text/plain"), b"words").await;
    desk.anna_posts(&[&sent]).await.is(201);
    let loose = desk.mia_sends_up(("b.txt", "text/plain"), b"words").await;
    for file in [&sent, &loose] {
        is_nothing_to(&rival.owner.http, DESK, file).await;
        is_nothing_to(&stranger.http, WIDGET, file).await;
    }
    assert_eq!(links(&desk.mia.http, DESK, &[(&sent, "full")]).await.len(), 1, "the premise");
}

#[tokio::test]
async fn iso_11_a_file_is_nothing_to_another_visitor_of_the_same_tenant() {
    let desk = Desk::set().await;
    let mut ben = desk.app.visitor(&desk.widget).await;
    ben.says("hello").await;
    let sent = desk.anna_sends_up(("a.txt", "text/plain"), b"words").await;
    desk.anna_posts(&[&sent]).await.is(201);
    let loose = desk.anna_sends_up(("b.txt", "text/plain"), b"words").await;
    let teams = desk.mia_sends_up(("c.txt", "text/plain"), b"words").await;
    desk.mia_posts(&[&teams]).await.is(201);
    for file in [&sent, &loose, &teams] {
        is_nothing_to(&ben.http, WIDGET, file).await;
    }
    let all = links(&desk.anna.http, WIDGET, &[(&sent, "full"), (&loose, "full"), (&teams, "full")]).await;
    assert_eq!(all.len(), 3, "the premise: Anna may have all three");
    let steal = json!({ "client_id": "steal", "file_ids": [id(&loose)] });
    assert_eq!(field(&ben.posts(steal).await.refused(422, "validation")), "unknown_file");
}

#[tokio::test]
async fn iso_11_the_file_of_a_note_is_nothing_to_the_visitor() {
    let desk = Desk::set().await;
    let file = desk.mia_sends_up(("secret.txt", "text/plain"), b"words").await;
    let note = json!({ "client_id": "note", "body": "", "visibility": "note", "file_ids": [id(&file)] });
    desk.mia.posts(note).await.is(201);
    is_nothing_to(&desk.anna.http, WIDGET, &file).await;
    let viewer = desk.tenant.invites(&desk.app, "Vera", "viewer").await;
    assert_eq!(links(&viewer.http, DESK, &[(&file, "full")]).await.len(), 1, "the team may");
    assert!(!json!(desk.anna.reads().await).to_string().contains("secret.txt"));
}

#[tokio::test]
async fn iso_11_a_file_of_no_message_is_its_senders_alone() {
    let desk = Desk::set().await;
    let annas = desk.anna_sends_up(("a.txt", "text/plain"), b"words").await;
    let mias = desk.mia_sends_up(("b.txt", "text/plain"), b"words").await;
    is_nothing_to(&desk.mia.http, DESK, &annas).await;
    is_nothing_to(&desk.tenant.owner.http, DESK, &mias).await;
    is_nothing_to(&desk.anna.http, WIDGET, &mias).await;
}

/// The same bytes twice are two files in two places: nobody learns that somebody else had them.
#[tokio::test]
async fn iso_11_the_same_bytes_of_two_tenants_tell_nothing_of_each_other() {
    let desk = Desk::set().await;
    let rival = desk.app.tenant("Rival").await;
    let first = desk.mia_sends_up(("a.txt", "text/plain"), b"the same words").await;
    let second = desk.checked(&rival.owner.http, DESK, ("a.txt", "text/plain"), b"the same words").await;
    let alone = desk.checked(&rival.owner.http, DESK, ("a.txt", "text/plain"), b"other words!!!").await;
    let shape = |file: &Value| {
        let mut file = file.clone();
        file["id"] = json!(null);
        file
    };
    assert_eq!(shape(&second), shape(&alone), "an answer shows whether the bytes were there");
    assert_ne!(first["id"], second["id"]);
    let objects = desk.objects().await;
    assert_eq!(objects.len(), 3, "{objects:?}");
    let (acme, rivals) = (prefix(&desk.tenant.id), prefix(&rival.id));
    let of = |prefix: &str| objects.iter().filter(|key| key.starts_with(prefix)).count();
    assert_eq!((of(&acme), of(&rivals)), (1, 2), "each under its tenant's prefix");
    let shown = rival.owner.http.get(&format!("{DESK}/{}/state", id(&second))).await.ok();
    assert!(!shown.to_string().contains("sha"), "the digest is ours alone");
}

fn prefix(tenant: &str) -> String {
    format!("{}/", tenant.trim_start_matches("ten_"))
}
