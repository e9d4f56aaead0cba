//! NATS-02: who hears everything the broker carries learns how busy people are, and not a word.

use serde_json::json;

use super::guarded::Guarded;
use super::talk::Talk;
use crate::stage::Cluster;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nats_02_the_broker_learns_no_word_no_name_and_no_address() {
    let Some(cluster) = Cluster::set().await else { return };
    let guarded = Guarded::start().await;
    let mut spy = guarded.spy().await;
    let mut talk = Talk::begins(&cluster, &guarded.url("all"), &guarded.url("all")).await;
    let conversation = talk.visitor.conversation().to_owned();
    let me = talk.owner.http.get("/v1/me").await.ok();
    let name = me["agent"]["name"].as_str().expect("a name").to_owned();

    let profile = json!({ "name": "Canary Visitor", "email": "canary.visitor@mail.example" });
    talk.visitor.http.patch("/widget/v1/visitor", profile).await.ok();
    talk.visitor.says("canary of the visitor").await;
    talk.owner.answers(&talk.visitor, "canary of the owner").await;
    talk.inbox.send(json!({ "type": "presence", "state": "online", "viewing": conversation })).await;
    talk.types().await;
    talk.page.send(json!({ "type": "typing", "conversation_id": conversation, "on": true })).await;
    let invitation = json!({ "email": "canary.invited@mail.example", "role": "agent", "name": "Canary Invited" });
    talk.owner.http.post("/v1/invitations", invitation).await.is(201);
    for subject in ["porchlight.hint.", "porchlight.signal.", "porchlight.jobs"] {
        spy.hears(subject).await;
    }
    // what follows is carried after all of the above
    talk.page.expect(|frame| frame["type"] == "typing").await;
    talk.back().await;

    let secret = ["anary", "hello from afar", &cluster.owner, &name, "number", "typing", &conversation];
    let said = spy.everything();
    assert!(said.len() > 5, "the test could not fail otherwise");
    for (subject, payload) in said {
        let whole = [subject.as_bytes(), payload].concat();
        for word in secret {
            assert!(!contains(&whole, word), "{word} on {subject}: {}", String::from_utf8_lossy(payload));
        }
        let is_plain = match subject.strip_prefix("porchlight.").and_then(|rest| rest.split('.').next()) {
            Some("hint") => payload.iter().all(u8::is_ascii_digit) && payload.len() < 20,
            Some("jobs") => payload.is_empty(),
            Some("signal" | "note") => payload.first() == Some(&1),
            _ => false,
        };
        assert!(is_plain, "something else on {subject}: {}", String::from_utf8_lossy(payload));
    }
    drop(talk);
    cluster.strike().await;
}

fn contains(whole: &[u8], word: &str) -> bool {
    whole.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}
