//! The files of a conversation in one list.

use serde_json::{Value, json};

use super::people::{Stage, id};

#[tokio::test]
async fn the_gallery_shows_what_can_be_looked_at_latest_first_page_by_page() {
    let mut stage = Stage::set().await;
    let first = stage.anna_attaches("one.txt", "1").await;
    let (two, three) = (stage.anna_uploads("two.txt", "2").await, stage.anna_uploads("three.txt", "3").await);
    let message = stage.anna_sends("two at once", &[&two, &three]).await;
    let owner = &stage.tenant.owner.http;
    let names = async |query: &str| {
        let page = owner.get(&format!("{}/files{query}", stage.conversation())).await.ok();
        let names: Vec<Value> =
            page["items"].as_array().expect("items").iter().map(|item| item["file"]["name"].clone()).collect();
        (json!(names), page)
    };
    let (all, page) = names("").await;
    assert_eq!((all, &page["next_cursor"]), (json!(["three.txt", "two.txt", "one.txt"]), &Value::Null));
    let item = &page["items"][0];
    assert_eq!(
        (&item["message_id"], &item["seq"], &item["author"]["kind"]),
        (&message["id"], &message["seq"], &json!("visitor"))
    );
    let (head, page) = names("?limit=2").await;
    assert_eq!(head, json!(["three.txt", "two.txt"]));
    let (tail, _) = names(&format!("?limit=2&cursor={}", page["next_cursor"].as_str().expect("a cursor"))).await;
    assert_eq!(tail, json!(["one.txt"]));
    owner.delete(&format!("/v1/files/{}", id(&first))).await.is(204);
    assert_eq!(names("").await.0, json!(["three.txt", "two.txt"]), "what is gone is not looked at");
}
