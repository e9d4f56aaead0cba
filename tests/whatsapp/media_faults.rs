//! F8 in full: files that are not there, not whole or not theirs. The message stands first, with its words; its file comes
//! later or the message says why it does not; and how often it is asked for has an end.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use crate::media::{elsewhere, fetches, last, place, sends};
use crate::talking::{ADA, Talking};

/// Longest pause between two tries.
const DAY: u64 = 86_400_000;

/// Files take half a second at most here.
async fn hasty() -> Talking {
    Talking::with(&[("whatsapp.media_total_ms", "500")]).await
}

/// Plants a fault that bites so often; without a number for ever.
fn plant(talking: &Talking, kind: &str, times: Option<u32>) {
    talking.stage.sim.fault(kind, &json!({ "times": times, "args": { "ms": 1_500 } }));
}

/// Time goes on for us alone until the message waits for nothing any more.
async fn until_settled(talking: &mut Talking) -> Value {
    for _ in 0..20 {
        talking.stage.app.later(std::time::Duration::from_millis(DAY / 4));
        talking.passes().await;
        talking.signs_in_again().await;
        let message = last(talking).await;
        if place(&message).0 != "coming" {
            return message;
        }
    }
    panic!("the message waits for ever: {:#}", last(talking).await)
}

#[tokio::test]
async fn f8_whatever_an_address_does_the_id_brings_the_file() {
    let talking = hasty().await;
    for kind in ["F8.gone", "F8.unauthorised", "F8.forbidden", "F8.slow", "F8.short", "F8.other_bytes", "F8.empty"] {
        plant(&talking, kind, Some(1));
        let message = sends(&talking, "image", json!({ "caption": "Look" })).await;
        assert_eq!(place(&message), ("there", ""), "{kind}: {message:#}");
        assert_eq!((&message["body"], &message["files"][0]["state"]), (&json!("Look"), &json!("ready")), "{kind}");
    }
    harness::files_check::assert_agree(talking.stage.app.ctx()).await;
}

#[tokio::test]
async fn f8_what_fails_both_ways_stands_with_its_words_and_comes_later() {
    let talking = hasty().await;
    for kind in ["F8.gone", "F8.unauthorised", "F8.forbidden", "F8.slow", "F8.short", "F8.other_bytes", "F8.empty"] {
        plant(&talking, kind, Some(2));
        let message = sends(&talking, "document", json!({ "caption": "Look" })).await;
        assert_eq!(place(&message), ("coming", ""), "{kind}: {message:#}");
        assert_eq!((&message["body"], &message["files"]), (&json!("Look"), &json!([])), "{kind}");
        talking.jumps(5_000).await;
        let message = last(&talking).await;
        assert_eq!(place(&message), ("there", ""), "{kind}: {message:#}");
        assert_eq!((&message["body"], &message["files"][0]["state"]), (&json!("Look"), &json!("ready")), "{kind}");
    }
    harness::files_check::assert_agree(talking.stage.app.ctx()).await;
}

#[tokio::test]
async fn f8_what_never_comes_is_asked_for_a_few_times_and_then_said_to_be_missing() {
    let mut talking = hasty().await;
    for (kind, reason, most) in [
        ("F8.gone", "meta_failed", 6),
        ("F8.other_bytes", "meta_failed", 6),
        ("F8.empty", "meta_failed", 6),
        ("F8.short", "unreachable", 11),
        ("F8.forbidden", "meta_failed", 11),
    ] {
        let before = fetches(&talking);
        plant(&talking, kind, None);
        sends(&talking, "document", json!({ "caption": "Look" })).await;
        let message = until_settled(&mut talking).await;
        assert_eq!(place(&message), ("missing", reason), "{kind}: {message:#}");
        assert_eq!((&message["body"], &message["files"]), (&json!("Look"), &json!([])), "{kind}");
        assert_eq!(fetches(&talking) - before, most, "{kind}: once by the address, then by the id");
        talking.stage.sim.world(|world| world.faults.list.clear());
    }
    harness::files_check::assert_agree(talking.stage.app.ctx()).await;
}

#[tokio::test]
async fn f8_another_content_type_says_nothing_about_the_bytes() {
    let talking = Talking::begin().await;
    talking.stage.sim.fault("F8.wrong_type", &json!({ "args": { "type": "text/html" } }));
    let message = sends(&talking, "image", json!({})).await;
    assert_eq!((place(&message), fetches(&talking)), (("there", ""), 1), "{message:#}");
    assert_eq!(message["files"][0]["media_type"], "image/png");
}

#[tokio::test]
async fn f8_more_than_a_file_may_have_is_not_even_read() {
    let talking = Talking::begin().await;
    talking.stage.sim.fault("F8.huge", &json!({}));
    let message = sends(&talking, "video", json!({ "caption": "Long film" })).await;
    assert_eq!(place(&message), ("missing", "too_large"), "{message:#}");
    assert_eq!((&message["body"], fetches(&talking)), (&json!("Long film"), 1));
    harness::files_check::assert_agree(talking.stage.app.ctx()).await;
}

#[tokio::test]
async fn f8_a_lookup_that_fails_is_made_again() {
    let talking = Talking::begin().await;
    talking.stage.sim.switch(&json!({ "media_url": false }));
    plant(&talking, "F8.lookup_503", Some(2));
    let message = sends(&talking, "image", json!({ "caption": "Look" })).await;
    assert_eq!(place(&message), ("coming", ""), "{message:#}");
    talking.jumps(5_000).await;
    assert_eq!(place(&last(&talking).await).0, "coming");
    talking.jumps(30_000).await;
    let message = last(&talking).await;
    assert_eq!((place(&message), &message["body"]), (("there", ""), &json!("Look")), "{message:#}");
}

#[tokio::test]
async fn f8_an_address_that_is_over_is_replaced_and_an_id_that_is_over_is_said() {
    let mut talking = Talking::begin().await;
    // the delivery lay for six minutes before anybody worked on it
    talking.stage.sim.user(ADA).sends("image", json!({}));
    talking.stage.sim.settle().await;
    talking.stage.sim.advance(6 * 60_000).await;
    talking.passes().await;
    assert_eq!(place(&last(&talking).await), ("there", ""));
    assert_eq!(fetches(&talking), 2, "by the address in vain, by the id with success");
    // and another one for eight days
    talking.stage.sim.user(ADA).sends("image", json!({ "caption": "Old" }));
    talking.stage.sim.settle().await;
    talking.stage.sim.advance(8 * 86_400_000).await;
    talking.passes().await;
    let message = until_settled(&mut talking).await;
    assert_eq!((place(&message), &message["body"]), (("missing", "expired"), &json!("Old")), "{message:#}");
    let path = format!("/v1/conversations/{}/messages/{}/fetch-media", talking.conversation(), message["seq"]);
    talking.stage.app.later(std::time::Duration::from_millis(8 * DAY));
    talking.signs_in_again().await;
    talking.owner.http.post(&path, json!({})).await.refused(409, "media_over");
}

#[tokio::test]
async fn a_token_that_is_replaced_brings_what_the_old_one_could_not() {
    let talking = Talking::begin().await;
    talking.stage.sim.world(|world| world.tokens.values_mut().for_each(|token| token.revoked = true));
    let message = sends(&talking, "image", json!({ "caption": "Look" })).await;
    assert_eq!((place(&message), &message["body"]), (("coming", ""), &json!("Look")), "{message:#}");
    talking.stage.sim.world(|world| world.tokens.values_mut().for_each(|token| token.revoked = false));
    talking.jumps(5_000).await;
    assert_eq!(place(&last(&talking).await), ("there", ""));
}

#[tokio::test]
async fn the_bearer_goes_nowhere_but_to_metas_own_hosts() {
    let talking = Talking::begin().await;
    let (foreign, heard) = elsewhere().await;
    let own = talking.stage.sim.base().to_owned();
    // both the address in the delivery and the one Meta gives when asked lead elsewhere
    talking.stage.sim.world(|world| world.base.clone_from(&foreign));
    let message = sends(&talking, "image", json!({ "caption": "Look" })).await;
    assert_eq!((place(&message), &message["body"]), (("coming", ""), &json!("Look")), "{message:#}");
    assert_eq!(heard.load(Ordering::SeqCst), 0, "somebody else was asked for the file");
    // nor does it follow a redirect there
    talking.stage.sim.world(|world| world.base.clone_from(&own));
    let to = format!("{foreign}/here");
    talking.stage.sim.fault("F8.redirect", &json!({ "times": 1, "args": { "to": to } }));
    talking.jumps(5_000).await;
    assert_eq!(place(&last(&talking).await).0, "coming");
    talking.jumps(30_000).await;
    assert_eq!(place(&last(&talking).await), ("there", ""));
    assert_eq!(heard.load(Ordering::SeqCst), 0, "a redirect was followed");
}
