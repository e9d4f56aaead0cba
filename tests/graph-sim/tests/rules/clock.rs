//! Retries on the virtual clock, and determinism.

use graph_sim::Setup;
use graph_sim::webhook::delays;
use graph_sim::world::{App, DAY, HOUR};
use serde_json::{Value, json};

use crate::ear::{Ear, PABLO, Stage};

#[tokio::test]
async fn what_is_not_answered_200_comes_again_until_it_is() {
    let stage = Stage::set().await;
    stage.ear.answers(&[500, 201, 404]);
    let id = stage.sim.user(PABLO).says("again and again");
    stage.sim.settle().await;
    assert_eq!(stage.ear.heard().len(), 2, "once more at once");
    stage.sim.advance(29_000).await;
    assert_eq!(stage.ear.heard().len(), 2, "then after 30 s");
    stage.sim.advance(10 * 60_000).await;
    let heard = stage.ear.heard();
    assert_eq!(heard.len(), 4, "201 is not 200");
    assert!(heard.iter().all(|push| push.all("messages")[0]["id"] == id.as_str()), "retries keep the wamid");
    stage.sim.advance(7 * DAY).await;
    assert_eq!(stage.ear.heard().len(), 4, "200 ends it");
}

#[tokio::test]
async fn after_seven_days_or_thirty_six_hours_it_is_given_up() {
    for (reading, horizon) in [("7d", 7 * DAY), ("36h", 36 * HOUR)] {
        let stage = Stage::set().await;
        stage.sim.switch(&json!({"retry_horizon": reading}));
        stage.ear.answers(&[500; 60]);
        stage.sim.user(PABLO).says("lost");
        stage.sim.advance(8 * DAY).await;
        let steps: i64 = delays().iter().sum();
        let expected = 1 + delays().len() as i64 + (horizon - steps) / (12 * HOUR);
        assert_eq!(stage.ear.heard().len() as i64, expected, "{reading}");
        assert_eq!(stage.sim.noted("dropped")[0]["why"], "gave_up");
    }
}

#[tokio::test]
async fn a_retry_goes_to_all_apps_unless_switched_off() {
    for (everybody, other_hears) in [(true, 2), (false, 1)] {
        let (stage, second) = (Stage::set().await, Ear::open());
        let other = App {
            id: "9".to_owned(),
            secret: "other".to_owned(),
            callback: Some(second.url.clone()),
            ..App::default()
        };
        stage.sim.app(other);
        stage.sim.world(|world| {
            world.wabas.values_mut().for_each(|waba| drop(waba.subscribed.insert("9".to_owned(), None)))
        });
        stage.sim.switch(&json!({"retry_all_apps": everybody}));
        stage.ear.answers(&[500]);
        stage.sim.user(PABLO).says("to both");
        stage.sim.settle().await;
        assert_eq!((stage.ear.heard().len(), second.heard().len()), (2, other_hears));
        assert!(second.heard()[0].is_signed("other"), "each app has its own secret");
    }
}

#[tokio::test]
async fn the_same_seed_and_calls_give_the_same_bytes() {
    let mut seen: Vec<Vec<Vec<u8>>> = Vec::new();
    for seed in [11, 11, 12] {
        let stage = Stage::seeded(seed).await;
        stage.sim.world(|world| world.base = "http://sim".to_owned());
        stage.sim.user(PABLO).sends("image", json!({}));
        stage.sim.settle().await;
        let id = stage.text("+16505551234", "Thanks").await;
        stage.sim.advance(5000).await;
        assert_eq!(stage.ear.states(&id).len(), 2);
        seen.push(stage.ear.heard().into_iter().map(|heard| heard.body).collect());
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[0], seen[2]);
}

#[tokio::test]
async fn the_clock_runs_resets_and_answers_over_http() {
    let stage = Stage::set().await;
    let post = |path: &'static str, body: Value| {
        let call = stage.client.post(format!("{}/_sim/{path}", stage.sim.base())).body(body.to_string());
        async move {
            serde_json::from_str::<Value>(&call.send().await.expect("an answer").text().await.expect("text"))
                .expect("JSON")
        }
    };
    let start = post("clock", json!({})).await["now"].as_i64().expect("now");
    assert_eq!(post("clock", json!({"advance": 5000})).await["now"], start + 5000);
    post("users/16505551234/send", json!({"text": "over HTTP"})).await;
    stage.sim.settle().await;
    assert_eq!(stage.ear.all("messages").len(), 1);
    assert_eq!(
        post("switches", json!({"wire": "klingon"})).await["error"],
        "wire is one of meta, escaped, utf8, pretty"
    );
    assert!(post("faults", json!({"kind": "F99.nothing"})).await["error"].is_string());
    post("reset", json!({"seed": 4})).await;
    assert_eq!(post("clock", json!({})).await["now"], start);
    assert!(stage.sim.journal().is_empty());
    assert!(stage.sim.world(|world| world.apps[Setup::APP].callback.is_none()));
}
