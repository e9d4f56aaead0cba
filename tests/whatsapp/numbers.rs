//! What is done with numbers: codes, registration, PINs, profiles, going on after a stop, moving between tenants.

use graph_sim::Setup;
use serde_json::{Value, json};

use crate::talking::Talking;
use crate::world::{Stage, adds_app, count, id, items};

async fn path(stage: &Stage) -> String {
    format!("/v1/whatsapp/numbers/{}", id(&stage.number().await))
}

fn sims<T>(stage: &Stage, change: impl FnOnce(&mut graph_sim::world::Number) -> T) -> T {
    stage.sim.world(|world| change(world.numbers.get_mut(Setup::NUMBER).expect("the number")))
}

#[tokio::test]
async fn a_number_is_verified_by_a_code_and_registered_with_a_pin() {
    let stage = Stage::connected().await;
    let (path, http) = (path(&stage).await, &stage.tenant.owner.http);
    let ask = json!({ "method": "SMS", "language": "pt-BR" });
    let refused = http.post(&format!("{path}/request-code"), ask.clone()).await.refused(409, "meta_refused");
    assert_eq!(refused["meta"]["code"], 136_024, "it is verified already");
    sims(&stage, |number| {
        (number.code_verification, number.registered) = ("NOT_VERIFIED".to_owned(), false);
        number.status = "PENDING".to_owned();
    });
    let early = http.post(&format!("{path}/register"), json!({ "pin": "482913" })).await.refused(409, "meta_refused");
    assert_eq!(early["meta"]["code"], 133_006);
    let strange = json!({ "method": "SMS", "language": "english" });
    http.post(&format!("{path}/request-code"), strange).await.refused(422, "validation");
    http.post(&format!("{path}/request-code"), ask).await.is(204);
    let code = sims(&stage, |number| number.code.clone().expect("a code").0);
    http.post(&format!("{path}/verify-code"), json!({ "code": "12" })).await.refused(422, "validation");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let refused =
        http.post(&format!("{path}/verify-code"), json!({ "code": wrong })).await.refused(409, "meta_refused");
    assert_eq!(refused["meta"]["code"], 136_025);
    assert!(refused["detail"].as_str().is_some_and(|words| words.contains("code")), "{refused}");
    let spaced = format!("{}-{}", &code[..3], &code[3..]);
    http.post(&format!("{path}/verify-code"), json!({ "code": spaced })).await.ok();
    assert_eq!(sims(&stage, |number| number.code_verification.clone()), "VERIFIED");
    let registered = http.post(&format!("{path}/register"), json!({ "pin": "482913" })).await.ok();
    assert_eq!(registered["state"], "CONNECTED");
}

#[tokio::test]
async fn a_wrong_pin_and_too_many_attempts_are_said_in_words() {
    let stage = Stage::connected().await;
    let (path, http) = (path(&stage).await, &stage.tenant.owner.http);
    http.post(&format!("{path}/pin"), json!({ "pin": "48291" })).await.refused(422, "validation");
    let answer = http.post(&format!("{path}/pin"), json!({ "pin": "482913" })).await;
    assert!(!answer.text.contains("482913"));
    answer.ok();
    assert_eq!(sims(&stage, |number| number.pin.clone()).as_deref(), Some("482913"));
    let wrong = json!({ "pin": "000000" });
    for _ in 0..10 {
        let refused = http.post(&format!("{path}/register"), wrong.clone()).await.refused(409, "meta_refused");
        assert_eq!(refused["meta"]["code"], 133_005);
        assert!(refused["detail"].as_str().is_some_and(|words| words.contains("PIN")), "{refused}");
    }
    let refused = http.post(&format!("{path}/register"), json!({ "pin": "482913" })).await.refused(409, "meta_refused");
    assert_eq!(refused["meta"]["code"], 133_016);
    assert!(refused["detail"].as_str().is_some_and(|words| words.contains("attempts")), "{refused}");
    let refused = http.post(&format!("{path}/deregister"), json!({})).await.refused(409, "meta_refused");
    assert_eq!(refused["meta"]["code"], 133_016, "taking it out counts too");
}

#[tokio::test]
async fn a_number_is_taken_out_unless_a_phone_uses_it_as_well() {
    let stage = Stage::connected().await;
    let (path, http) = (path(&stage).await, &stage.tenant.owner.http);
    assert_eq!(http.post(&format!("{path}/deregister"), json!({})).await.ok()["state"], "DISCONNECTED");
    sims(&stage, |number| number.coexistence = true);
    let now = http.post(&format!("{path}/refresh"), json!({})).await.ok();
    assert_eq!((&now["coexistence"], &now["per_second"]), (&json!(true), &json!(20)));
    http.post(&format!("{path}/deregister"), json!({})).await.refused(409, "coexistence_number");
}

#[tokio::test]
async fn a_profile_is_read_written_and_checked_first() {
    let stage = Stage::connected().await;
    let (path, http) = (format!("{}/profile", path(&stage).await), &stage.tenant.owner.http);
    assert_eq!(http.get(&path).await.ok()["vertical"], "OTHER");
    let profile = json!({ "about": "Porches of all kinds", "address": "1 High Street", "description": "",
        "email": "hello@porch.example", "websites": ["https://porch.example"], "vertical": "RETAIL" });
    assert_eq!(http.put(&path, profile.clone()).await.ok(), profile);
    let asked = stage.sim.noted("api").len();
    for (field, bad) in
        [("about", json!("x".repeat(140))), ("websites", json!(["ftp://x"])), ("vertical", json!("FUN"))]
    {
        let mut wrong = profile.clone();
        wrong[field] = bad;
        let refused = http.put(&path, wrong).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], field);
    }
    assert_eq!(stage.sim.noted("api").len(), asked, "Meta was not asked");
    http.post(&format!("{path}/picture"), json!({ "handle": "words" })).await.refused(422, "validation");
    let refused = http.post(&format!("{path}/picture"), json!({ "handle": "5:never-made" })).await;
    assert_eq!(refused.refused(409, "meta_refused")["meta"]["code"], 131_009);
    http.post(&format!("{path}/picture"), json!({ "handle": "4:made-by-an-upload" })).await.is(204);
    assert!(sims(&stage, |number| number.profile.contains_key("profile_picture_url")));
    stage.sim.fault("F7.token_expired", &json!({ "token": Setup::TOKEN }));
    assert_eq!(http.get(&path).await.refused(409, "meta_refused")["meta"]["code"], 190);
}

#[tokio::test]
async fn every_change_of_a_number_is_an_event_and_conversations_show_its_new_name() {
    let mut talk = Talking::begin().await;
    talk.owner.opens_inbox().await;
    talk.stage.sim.number(Setup::NUMBER).act("name", &json!({ "decision": "APPROVED", "name": "Porch & Light" }));
    talk.passes().await;
    let event = talk.owner.live().expect(|frame| frame["type"] == "whatsapp_number_changed").await;
    assert_eq!(event["number"]["verified_name"], "Porch & Light");
    assert_eq!(talk.shown().await["channel"]["name"], "Porch & Light");
    let number = talk.stage.sim.number(Setup::NUMBER);
    number.account("account_alerts", &json!({}));
    talk.passes().await;
    let event = talk.owner.live().expect(|frame| frame["type"] == "whatsapp_account_changed").await;
    assert_eq!(event["account"]["alert"]["kind"], "OBA_APPROVED");
    assert_eq!(event["account"]["alert"]["severity"], "WARNING");
    talk.decides(json!({ "typing": false })).await;
    let event = talk.owner.live().expect(|frame| frame["type"] == "whatsapp_number_changed").await;
    assert_eq!(event["number"]["settings"]["typing"], false);
}

#[tokio::test]
async fn f20_a_ban_stops_sending_is_told_once_by_letter_and_ends_with_its_cause() {
    let talk = Talking::begin().await;
    let stage = &talk.stage;
    let admin = stage.tenant.invites(&stage.app, "Ada Admin", "admin").await;
    let agent = stage.tenant.invites(&stage.app, "Arne", "agent").await;
    let letters = |to: &str| {
        let all = stage.app.mails();
        all.into_iter().filter(|mail| mail.to.contains(to) && mail.subject.starts_with("WhatsApp")).collect::<Vec<_>>()
    };
    let number = stage.sim.number(Setup::NUMBER);
    number.account("account_update", &json!({ "event": "DISABLED_UPDATE" }));
    talk.passes().await;
    let halted = talk.number().await;
    assert_eq!(halted["halted_reason"], "DISABLED_UPDATE");
    let account = stage.account().await;
    assert_eq!((&account["state"], &account["alert"]["severity"]), (&json!("connected"), &json!("CRITICAL")));
    assert_eq!((letters(&admin.email).len(), letters(&stage.tenant.owner.email).len()), (1, 1));
    assert_eq!(letters(&agent.email).len(), 0, "who cannot help is not called");
    assert!(letters(&admin.email)[0].text.contains("Meta has disabled the account"));
    // again: the same cause, no second letter, and what is written waits
    number.account("account_update", &json!({ "event": "DISABLED_UPDATE" }));
    let seq = talk.says("Are you there?").await;
    talk.passes().await;
    assert_eq!((letters(&admin.email).len(), talk.taken().len()), (1, 0));
    assert_eq!(talk.delivery(seq).await, "queued");
    // only an admin lets it go on, and what waited goes out
    let path = format!("/v1/whatsapp/numbers/{}/resume", id(&halted));
    agent.http.post(&path, json!({})).await.is(403);
    stage.sim.world(|world| world.wabas.values_mut().for_each(|waba| waba.status = "APPROVED".to_owned()));
    assert!(admin.http.post(&path, json!({})).await.ok()["halted_at"].is_null());
    talk.passes().await;
    assert_eq!(talk.taken().len(), 1);
    number.account(
        "account_update",
        &json!({ "event": "DISABLED_UPDATE", "more": { "ban_info": { "waba_ban_state": "REINSTATE" } } }),
    );
    talk.passes().await;
    assert_eq!(stage.account().await["problem"], Value::Null);
}

#[tokio::test]
async fn f20_kinds_of_restrictions_stop_what_they_restrict() {
    let stage = Stage::connected().await;
    let number = stage.sim.number(Setup::NUMBER);
    let kinds = |all: &[&str]| {
        let list: Vec<_> =
            all.iter().map(|kind| json!({ "restriction_type": kind, "expiration": 1_800_000_000 })).collect();
        json!({ "event": "ACCOUNT_RESTRICTION", "more": { "restriction_info": list } })
    };
    number.account("account_update", &kinds(&["RESTRICTED_ADD_PHONE_NUMBER_ACTION"]));
    assert_eq!(count(&stage.lines().await, "news", "done"), 1);
    assert!(stage.number().await["halted_at"].is_null(), "it may still send");
    assert_eq!(stage.account().await["alert"]["kind"], "ACCOUNT_RESTRICTION");
    let both = ["RESTRICTED_ADD_PHONE_NUMBER_ACTION", "RESTRICTED_BIZ_INITIATED_MESSAGING"];
    number.account("account_update", &kinds(&both));
    stage.lines().await;
    assert_eq!(stage.number().await["halted_reason"], "ACCOUNT_RESTRICTION");
    number.account("account_update", &json!({ "event": "ACCOUNT_RECONNECTED" }));
    stage.lines().await;
    assert!(stage.number().await["halted_at"].is_null());
    number.account("account_update", &json!({ "event": "PARTNER_REMOVED" }));
    stage.lines().await;
    let path = format!("{}/resume", path(&stage).await);
    stage
        .tenant
        .owner
        .http
        .delete(&format!("/v1/whatsapp/accounts/{}/credentials", id(&stage.account().await)))
        .await
        .is(204);
    stage.tenant.owner.http.post(&path, json!({})).await.refused(409, "account_disconnected");
}

#[tokio::test]
async fn a_number_moves_to_another_tenant_when_the_first_let_go_and_history_stays() {
    let talk = Talking::begin().await;
    let stage = &talk.stage;
    let rival = stage.app.tenant("Rival").await;
    let theirs = adds_app(&rival.owner).await;
    let body = json!({ "app_id": theirs["id"], "waba_id": Setup::WABA, "token": Setup::TOKEN });
    rival.owner.http.post("/v1/whatsapp/accounts", body.clone()).await.refused(409, "number_taken");
    let account = format!("/v1/whatsapp/accounts/{}/credentials", id(&stage.account().await));
    stage.tenant.owner.http.delete(&account).await.is(204);
    rival.owner.http.post("/v1/whatsapp/accounts", body).await.is(201);
    assert_eq!(items(&rival.owner, "/v1/whatsapp/numbers").await[0]["phone_number_id"], Setup::NUMBER);
    assert_eq!(talk.number().await["halted_reason"], "number_moved");
    // what was said stays where it was said; what is said now is the other's
    assert_eq!(talk.conversations().await.len(), 1);
    assert_eq!(items(&rival.owner, "/v1/conversations").await.len(), 0);
    let door = format!("{}/inbound/whatsapp/{}", stage.app.doors().public, id(&theirs));
    stage.sim.calls_back(&door);
    stage.sim.user(crate::talking::ADA).says("And now?");
    talk.passes().await;
    assert_eq!(items(&rival.owner, "/v1/conversations").await.len(), 1);
    assert_eq!(talk.owner.reads(talk.conversation()).await.len(), 1);
}

#[tokio::test]
async fn what_operators_do_to_the_platforms_apps_is_in_the_audit_trail() {
    let stage = Stage::begin().await;
    let operator = &stage.app.operator().await.http;
    let body = json!({ "meta_app_id": "777777777777777", "name": "Shared", "secret": "a_platform_secret" });
    let app = operator.post("/operator/v1/whatsapp/apps", body).await.is(201);
    let path = format!("/operator/v1/whatsapp/apps/{}", id(&app));
    operator.patch(&path, json!({ "name": "Shared by all" })).await.ok();
    operator.delete(&format!("{path}/credentials")).await.is(204);
    let trail = operator.get("/operator/v1/audit").await.ok();
    let actions: Vec<_> =
        trail["items"].as_array().expect("deeds").iter().map(|deed| deed["action"].as_str()).collect();
    for wanted in ["whatsapp_app_added", "whatsapp_app_changed", "whatsapp_app_secrets_removed"] {
        assert!(actions.contains(&Some(wanted)), "{wanted}: {trail}");
    }
    assert!(!trail.to_string().contains("a_platform_secret"));
}

#[tokio::test]
async fn the_test_message_goes_all_the_way_round_or_says_where_it_stopped() {
    let talk = Talking::begin().await;
    let path = format!("/v1/whatsapp/numbers/{}/doctor/loop", id(&talk.number().await));
    let asked = talk.owner.http.clone();
    let ask = json!({ "phone": "+49 170 1234567" });
    let (whole, body) = (path.clone(), ask.clone());
    let answer = tokio::spawn(async move { asked.post(&whole, body).await.ok() });
    while talk.asked().is_empty() {
        talk.passes().await;
        tokio::task::yield_now().await;
    }
    talk.later(3_000).await;
    let line = answer.await.expect("an answer");
    assert_eq!((&line["check"], &line["state"]), (&json!("loop"), &json!("ok")), "{line}");
    let agent = talk.stage.tenant.invites(&talk.stage.app, "Arne", "agent").await;
    agent.http.post(&path, ask).await.is(403);
}
