//! Who is let in, and that what is said to be stored is stored.

use std::time::Duration;

use futures::future::join_all;
use graph_sim::Setup;
use serde_json::json;

use crate::world::{Stage, id};

const EMPTY: &[u8] = br#"{"object":"whatsapp_business_account","entry":[]}"#;

#[tokio::test]
async fn wah_06_the_challenge_is_echoed_for_the_right_token_and_one_answer_is_given_for_everything_else() {
    let stage = Stage::begin().await;
    let token = stage.meta["verify_token"].as_str().expect("shown once");
    let client = reqwest::Client::new();
    let ask = async |door: &str, mode: &str, token: &str| {
        let query = [("hub.mode", mode), ("hub.challenge", "1158<b>201444"), ("hub.verify_token", token)];
        let url = reqwest::Url::parse_with_params(door, query).expect("a URL");
        let answer = client.get(url).send().await.expect("an answer");
        let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
        (answer.status().as_u16(), kind, answer.text().await.expect("text"))
    };
    let door = stage.door();
    let right = ask(&door, "subscribe", token).await;
    assert_eq!(right, (200, "text/plain; charset=utf-8".to_owned(), "1158<b>201444".to_owned()));
    let nobody = door.replace(id(&stage.meta), &format!("wap_{}", "0".repeat(32)));
    let wrong = [(&door, "subscribe", "another-token"), (&door, "unsubscribe", token), (&nobody, "subscribe", token)];
    for (door, mode, token) in wrong {
        let (status, kind, text) = ask(door, mode, token).await;
        assert_eq!((status, kind.as_str()), (403, "application/problem+json"), "{text}");
        assert!(text.contains("challenge_refused") && !text.contains("1158"), "{text}");
    }
    // dots, not underscores
    let other = format!("{door}?hub_mode=subscribe&hub_challenge=1&hub_verify_token={token}");
    assert_eq!(client.get(other).send().await.expect("an answer").status().as_u16(), 403);
    let shown = stage.tenant.owner.http.get("/v1/whatsapp/apps").await.ok().to_string();
    assert!(!shown.contains(token) && !shown.contains(Setup::SECRET), "secrets are shown once or never");
}

#[tokio::test]
async fn wah_01_only_what_the_apps_own_secret_signed_is_taken() {
    let stage = Stage::begin().await;
    assert_eq!(stage.delivers(Setup::SECRET, EMPTY).await, 200);
    let rival = stage.app.tenant("Rival").await;
    let body = json!({ "meta_app_id": "99999", "name": "Theirs", "secret": "rivals-own-secret" });
    rival.owner.http.post("/v1/whatsapp/apps", body).await.is(201);
    for secret in ["another secret", "rivals-own-secret", ""] {
        assert_eq!(stage.delivers(secret, EMPTY).await, 401, "{secret:?}");
    }
    for header in [None, Some(b"".as_slice()), Some(b"sha256="), Some(b"sha1=00"), Some(b"sha256=\xff\xfe")] {
        assert_eq!(stage.posts(header, EMPTY).await, 401, "{header:?}");
    }
    assert_eq!(stage.rows("wa_delivery").await, 1, "what is refused leaves nothing");
    let nobody = stage.door().replace(id(&stage.meta), &format!("wap_{}", "0".repeat(32)));
    let answer = |door: String| async move {
        let answer =
            reqwest::Client::new().post(door).header("x-hub-signature-256", "sha256=00").body("{}").send().await;
        let answer = answer.expect("an answer");
        let text = answer.text().await.expect("a body");
        let mut body: serde_json::Value = serde_json::from_str(&text).expect("a problem");
        body["request_id"] = json!(null);
        body
    };
    assert_eq!(answer(stage.door()).await, answer(nobody).await, "an unknown app answers like a wrong signature");
}

#[tokio::test]
async fn f9_forged_pushes_are_refused_and_the_two_true_ones_are_taken() {
    let stage = Stage::connected().await;
    let kinds = ["missing", "wrong_secret", "sha1_only", "uppercase", "non_hex", "short", "bytes", "prefix", "altered"];
    for kind in kinds {
        stage.sim.fault(&format!("F9.{kind}"), &json!({}));
        stage.sim.user("16505551234").says("Forged");
        stage.sim.settle().await;
        let last = stage.sim.noted("webhook").pop().expect("a push");
        assert_eq!(last["status"], 401, "{kind}: {last}");
        assert_eq!(stage.rows("wa_delivery").await, 0, "{kind}");
    }
    for (n, kind) in ["signed_escaped", "garbage"].into_iter().enumerate() {
        stage.sim.fault(&format!("F9.{kind}"), &json!({}));
        stage.sim.user("16505551234").says("Größe 😀");
        stage.sim.settle().await;
        let last = stage.sim.noted("webhook").pop().expect("a push");
        assert_eq!(last["status"], 200, "{kind}: {last}");
        assert_eq!(stage.rows("wa_delivery").await, n as i64 + 1, "{kind}");
    }
    // what is no JSON is written down as such and stops nobody
    stage.app.run_due().await;
}

#[tokio::test]
async fn a_replaced_secret_counts_for_a_day_and_one_that_was_taken_out_for_nothing() {
    let stage = Stage::connected().await;
    let http = &stage.tenant.owner.http;
    let path = format!("/v1/whatsapp/apps/{}", id(&stage.meta));
    let changed = http.patch(&path, json!({ "secret": "the_second_secret" })).await.ok();
    assert_eq!(changed["secret_hint"], "cret");
    assert_eq!(stage.delivers(Setup::SECRET, EMPTY).await, 200);
    assert_eq!(stage.delivers("the_second_secret", EMPTY).await, 200);
    stage.app.later(Duration::from_secs(24 * 3_600 + 1));
    assert_eq!(stage.delivers(Setup::SECRET, EMPTY).await, 401);
    assert_eq!(stage.delivers("the_second_secret", EMPTY).await, 200);
    let owner = stage.app.signs_in(&stage.tenant.owner.email).await;
    owner.http.delete(&format!("{path}/credentials")).await.is(204);
    assert_eq!(stage.delivers("the_second_secret", EMPTY).await, 401);
    assert_eq!(stage.rows("wa_delivery").await, 3, "history stays");
    assert_eq!(stage.rows("wa_number").await, 1, "history stays");
}

#[tokio::test]
async fn rel_twenty_at_once_are_stored_and_answered_and_a_large_one_too() {
    let stage = Stage::connected().await;
    let answers = join_all((0..20).map(|_| stage.delivers(Setup::SECRET, EMPTY))).await;
    assert_eq!(answers, [200; 20]);
    assert_eq!(stage.rows("wa_delivery").await, 20);
    let large = format!(r#"{{"object":"whatsapp_business_account","entry":[],"filler":"{}"}}"#, "x".repeat(2_900_000));
    assert_eq!(stage.delivers(Setup::SECRET, large.as_bytes()).await, 200);
    let huge = vec![b'x'; 4 * 1024 * 1024 + 1];
    assert_eq!(stage.delivers(Setup::SECRET, &huge).await, 413);
    // surprising bodies are nobody's fault
    for body in [b"".as_slice(), b"[]", b"null", b"{\"entry\":7}", b"\xff\xfe\x00", b"{\"entry\":[{\"changes\":[5]}]}"]
    {
        assert_eq!(stage.delivers(Setup::SECRET, body).await, 200, "{body:?}");
    }
    assert_eq!(stage.rows("wa_delivery").await, 27);
    stage.app.run_due().await;
}

#[tokio::test]
async fn what_rests_in_the_database_is_sealed() {
    use sea_orm::ConnectionTrait;
    let stage = Stage::connected().await;
    stage.sim.user("16505551234").says("a very private sentence");
    stage.sim.settle().await;
    let conn = stage.app.ctx().db.platform();
    for text in [
        "select body from wa_delivery",
        "select token from wa_account",
        "select secret from wa_app",
        "select verify_token from wa_app",
    ] {
        let rows = conn.query_all_raw(store::sql(conn.get_database_backend(), text, [])).await.expect("read");
        let sealed: String = rows.first().expect("a row").try_get_by_index(0).expect("text");
        let open = ["private", Setup::TOKEN, Setup::SECRET, "entry"];
        assert!(sealed.starts_with("auth.") && open.iter().all(|word| !sealed.contains(word)), "{text}: {sealed}");
    }
}

#[tokio::test]
async fn deliveries_go_after_eight_days_unless_something_in_them_waits() {
    let stage = Stage::connected().await;
    assert_eq!(stage.delivers(Setup::SECRET, EMPTY).await, 200);
    stage.sim.user("16505551234").says("Hello");
    stage.lines().await;
    assert_eq!(stage.rows("wa_delivery").await, 2);
    stage.sets("update wa_item set state = 'waiting'").await;
    stage.app.later(Duration::from_secs(8 * 86_400 + 3_601));
    whatsapp::schedule(stage.app.ctx()).await.expect("planned");
    stage.app.run_due().await;
    assert_eq!(stage.rows("wa_delivery").await, 1, "what waits is kept");
}
