//! States come in any order, twice, too early or never; what is shown only moves forward.

use serde_json::{Value, json};

use crate::talking::Talking;

fn orders(of: &[&'static str]) -> Vec<Vec<&'static str>> {
    if of.is_empty() {
        return vec![vec![]];
    }
    let with = |at: usize| {
        let rest: Vec<_> = [&of[..at], &of[at + 1..]].concat();
        orders(&rest).into_iter().map(move |mut order| {
            order.insert(0, of[at]);
            order
        })
    };
    (0..of.len()).flat_map(with).collect()
}

#[tokio::test]
async fn f3_all_orders_of_the_states_end_at_read_and_never_go_back() {
    let talk = Talking::begin().await;
    let rank = |word: &str| ["queued", "sent", "delivered", "read"].iter().position(|known| *known == word);
    let all = orders(&["sent", "delivered", "read", "played"]);
    assert_eq!(all.len(), 24);
    for order in all {
        talk.stage.sim.fault("F3.order", &json!({ "args": { "order": order } }));
        let seq = talk.says(&order.join(" ")).await;
        talk.passes().await;
        let mut last = rank(&talk.delivery(seq).await);
        for _ in 0..8 {
            talk.jumps(300).await;
            let now = rank(&talk.delivery(seq).await);
            assert!(now >= last, "{order:?} went back");
            last = now;
        }
        assert_eq!(last, Some(3), "{order:?}");
        talk.jumps(4_000).await;
    }
}

#[tokio::test]
async fn f3_repeated_missing_and_early_states_change_nothing_else() {
    for (kind, end) in [
        ("F3.repeat", "delivered"),
        ("F3.no_delivered", "read"),
        ("F3.read_first", "read"),
        ("F3.no_sent", "delivered"),
        ("F3.no_read", "delivered"),
    ] {
        let talk = Talking::begin().await;
        talk.stage.sim.fault(kind, &json!({ "args": { "n": 3 } }));
        let seq = talk.says(kind).await;
        talk.later(3_000).await;
        assert_eq!(talk.delivery(seq).await, end, "{kind}");
    }
}

#[tokio::test]
async fn f5_failed_stays_and_so_does_what_arrived() {
    for (kind, end) in [
        ("F5.failed_after_sent", "failed"),
        ("F5.sent_after_failed", "failed"),
        ("F5.failed_after_delivered", "delivered"),
    ] {
        let talk = Talking::begin().await;
        talk.stage.sim.fault(kind, &json!({ "args": { "code": 131_026 } }));
        let seq = talk.says(kind).await;
        talk.later(3_000).await;
        let message = talk.message(seq).await;
        assert_eq!(message["delivery"], end, "{kind}: {message}");
        assert_eq!(message["extra"]["failure"].is_object(), end == "failed", "{kind}");
    }
}

#[tokio::test]
async fn f4_states_before_the_answer_are_applied_and_unknown_messages_are_nothing_strange() {
    let talk = Talking::begin().await;
    talk.fault("F4.status_first", json!({}), 1);
    talk.stage.sim.fault("F4.unknown_wamid", &json!({}));
    let seq = talk.says("Early").await;
    talk.later(3_000).await;
    assert_eq!(talk.delivery(seq).await, "delivered");
    assert_eq!(talk.stage.rows("wa_orphan").await, 1, "the one nobody here knows");
    let failed = crate::world::items(&talk.owner, "/v1/whatsapp/deliveries?state=failed").await;
    assert_eq!(failed.len(), 0, "{failed:?}");
    talk.stage.app.later(std::time::Duration::from_secs(9 * 86_400));
    whatsapp::schedule(talk.stage.app.ctx()).await.expect("its jobs are in place");
    talk.stage.app.run_due().await;
    assert_eq!(talk.stage.rows("wa_orphan").await, 0, "forgotten after eight days");
}

#[tokio::test]
async fn a_state_without_a_mark_that_comes_before_its_message_is_known_waits_for_it() {
    let talk = Talking::begin().await;
    let seq = talk.says("Known later").await;
    talk.passes().await;
    let wamid = talk.last_wamid();
    let other = json!({ "id": "wamid.NOBODY", "status": "read", "timestamp": "1795600900" });
    let mine = json!({ "id": wamid, "status": "read", "timestamp": "1795600900" });
    talk.pushes(json!([other, mine])).await;
    assert_eq!(talk.delivery(seq).await, "read", "found by Meta's id alone");
    assert_eq!(talk.stage.rows("wa_orphan").await, 1);
}

#[tokio::test]
async fn a_mark_of_another_tenants_number_moves_nothing() {
    let talk = Talking::begin().await;
    let seq = talk.says("Mine").await;
    talk.passes().await;
    let status = |mark: Value| {
        json!({ "id": "wamid.FORGED", "status": "failed", "timestamp": "1795600900",
        "biz_opaque_callback_data": mark, "errors": [{ "code": 131_026 }] })
    };
    talk.pushes(json!([status(json!("wsn_00000000000000000000000000000000")), status(json!("nonsense"))])).await;
    assert_eq!(talk.delivery(seq).await, "sent");
}
