//! Templates: compared, submitted, deleted, previewed, sent, and what Meta says of them meanwhile.

use std::time::Duration;

use graph_sim::Setup;
use harness::{Agent, client_id};
use serde_json::{Value, json};

use crate::talking::{ADA, Talking};
use crate::world::{Stage, count, id, items};

const TEMPLATES: &str = "/v1/whatsapp/templates";

/// The account's templates have been compared.
async fn compared() -> Stage {
    let stage = Stage::connected().await;
    stage.app.run_due().await;
    stage
}

async fn template(who: &Agent, name: &str) -> Value {
    let all = items(who, &format!("{TEMPLATES}?q={name}")).await;
    all.into_iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

/// Meta's own id of a template.
fn meta_id(stage: &Stage, name: &str) -> String {
    stage.sim.world(|world| world.templates.values().find(|one| one.name == name).expect("a template").id.clone())
}

fn meta_says(stage: &Stage, name: &str, what: Value) {
    let id = meta_id(stage, name);
    stage.sim.world(|world| graph_sim::actor::template_status(world, &id, &what));
}

fn new_template(account: &Value, components: Value) -> Value {
    json!({ "account_id": account["id"], "name": "parcel_sent", "language": "en-US", "category": "UTILITY",
        "named": false, "components": components })
}

fn body(text: &str, examples: Value) -> Value {
    json!({ "type": "BODY", "text": text, "example": { "body_text": [examples] } })
}

#[tokio::test]
async fn templates_are_compared_after_connecting_once_a_day_and_when_asked_for() {
    let stage = compared().await;
    let http = &stage.tenant.owner.http;
    let all = items(&stage.tenant.owner, TEMPLATES).await;
    let names: Vec<_> = all.iter().map(|one| one["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["appointment", "hello_world", "one_time_code", "order_update", "summer_sale"]);
    assert_eq!(all[3]["variables"], json!(["1", "2"]));
    assert_eq!(all[0]["variables"], json!(["first_name", "day"]));
    assert!(!stage.account().await["templates_at"].is_null());
    // pages and filters
    let first = http.get(&format!("{TEMPLATES}?limit=2")).await.ok();
    let next = first["next_cursor"].as_str().expect("more");
    let second = items(&stage.tenant.owner, &format!("{TEMPLATES}?limit=2&cursor={next}")).await;
    assert_eq!(second[0]["name"], "one_time_code");
    assert_eq!(
        items(&stage.tenant.owner, &format!("{TEMPLATES}?q=r_u&status=approved")).await.len(),
        1,
        "_ is no wildcard"
    );
    assert_eq!(items(&stage.tenant.owner, &format!("{TEMPLATES}?language=de")).await.len(), 0);
    // something happened there that nobody told us of
    let gone = meta_id(&stage, "appointment");
    stage.sim.world(|world| {
        world.templates.get_mut(&gone).expect("a template").status = "DELETED".to_owned();
        let sale = world.templates.values_mut().find(|one| one.name == "summer_sale").expect("a template");
        sale.status = "PAUSED".to_owned();
    });
    stage.app.later(Duration::from_secs(24 * 3_600 + 1));
    whatsapp::schedule(stage.app.ctx()).await.expect("planned");
    stage.app.run_due().await;
    let owner = stage.app.signs_in(&stage.tenant.owner.email).await;
    let all = items(&owner, TEMPLATES).await;
    assert_eq!(all.len(), 4);
    assert_eq!(template(&owner, "summer_sale").await["status"], "PAUSED");
    stage.sim.world(|world| {
        world.templates.values_mut().find(|one| one.name == "summer_sale").expect("one").status = "APPROVED".to_owned();
    });
    let path = format!("/v1/whatsapp/accounts/{}/sync-templates", id(&items(&owner, "/v1/whatsapp/accounts").await[0]));
    owner.http.post(&path, json!({})).await.is(204);
    assert_eq!(template(&owner, "summer_sale").await["status"], "APPROVED");
}

#[tokio::test]
async fn half_a_list_takes_nothing_away() {
    let stage = compared().await;
    stage.sim.world(|world| {
        for n in 0..120 {
            let template = graph_sim::world::Template {
                waba: Setup::WABA.to_owned(),
                name: format!("bulk_{n:03}"),
                components: vec![json!({ "type": "BODY", "text": "Hello there" })],
                ..graph_sim::world::Template::default()
            };
            world.add_template(template);
        }
    });
    let path = format!("/v1/whatsapp/accounts/{}/sync-templates", id(&stage.account().await));
    let http = &stage.tenant.owner.http;
    stage.sim.fault("F6.html", &json!({ "args": { "status": 503 }, "skip": 1, "times": 1 }));
    http.post(&path, json!({})).await.refused(503, "meta_unavailable");
    assert_eq!(items(&stage.tenant.owner, &format!("{TEMPLATES}?limit=100")).await.len(), 5);
    http.post(&path, json!({})).await.is(204);
    assert_eq!(stage.rows("wa_template").await, 125);
}

#[tokio::test]
async fn a_template_is_submitted_after_metas_rules_and_approved_by_news() {
    let stage = compared().await;
    let (account, http) = (stage.account().await, &stage.tenant.owner.http);
    let asked = stage.sim.noted("api").len();
    for (components, field) in [
        (json!([body("{{1}} is on its way.", json!(["A"]))]), "body"),
        (json!([{ "type": "BODY", "text": "Your parcel {{1}} is on its way." }]), "body"),
        (json!([body("Your parcel {{2}} is on its way.", json!(["A"]))]), "body"),
        (json!([{ "type": "FOOTER", "text": "Bye" }]), "components"),
        (json!([{ "type": "HEADER", "format": "IMAGE" }, { "type": "BODY", "text": "See this." }]), "header"),
    ] {
        let refused = http.post(TEMPLATES, new_template(&account, components)).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], field, "{refused}");
    }
    assert_eq!(stage.sim.noted("api").len(), asked, "Meta was not asked");
    let parts = json!([body("Your parcel {{1}} is on its way to {{2}}.", json!(["860198", "Bonn"]))]);
    let made = http.post(TEMPLATES, new_template(&account, parts.clone())).await.is(201);
    assert_eq!((&made["status"], &made["language"]), (&json!("PENDING"), &json!("en_US")));
    // Meta knows a rule of its own
    let refused = http.post(TEMPLATES, new_template(&account, parts)).await.refused(409, "meta_refused");
    assert_eq!(refused["meta"]["subcode"], 2_388_023);
    stage.sim.switch(&json!({ "template_language": "dash" }));
    meta_says(&stage, "parcel_sent", json!({ "status": "APPROVED" }));
    assert_eq!(count(&stage.lines().await, "news", "done"), 1);
    assert_eq!(template(&stage.tenant.owner, "parcel_sent").await["status"], "APPROVED");
    meta_says(&stage, "parcel_sent", json!({ "category": "MARKETING" }));
    meta_says(&stage, "parcel_sent", json!({ "quality": "YELLOW" }));
    stage.lines().await;
    let now = template(&stage.tenant.owner, "parcel_sent").await;
    assert_eq!((&now["category"], &now["quality"]), (&json!("MARKETING"), &json!("YELLOW")));
    assert_eq!(now["id"], made["id"]);
}

#[tokio::test]
async fn a_template_is_deleted_in_its_language_only() {
    let stage = compared().await;
    stage.sim.world(|world| {
        let english = world.templates.values().find(|one| one.name == "order_update").expect("one").clone();
        let german = graph_sim::world::Template { id: String::new(), language: "de".to_owned(), ..english };
        world.add_template(german);
    });
    let http = &stage.tenant.owner.http;
    let path = format!("/v1/whatsapp/accounts/{}/sync-templates", id(&stage.account().await));
    http.post(&path, json!({})).await.is(204);
    let german = items(&stage.tenant.owner, &format!("{TEMPLATES}?q=order&language=de")).await.remove(0);
    http.delete(&format!("{TEMPLATES}/{}", id(&german))).await.is(204);
    let left = items(&stage.tenant.owner, &format!("{TEMPLATES}?q=order")).await;
    assert_eq!(left.iter().map(|one| one["language"].as_str()).collect::<Vec<_>>(), [Some("en_US")]);
    assert_eq!(http.get(&format!("{TEMPLATES}/{}", id(&german))).await.ok()["status"], "DELETED");
    let states = stage.sim.world(|world| {
        let mine = world.templates.values().filter(|one| one.name == "order_update");
        mine.map(|one| (one.language.clone(), one.status.clone())).collect::<std::collections::BTreeMap<_, _>>()
    });
    assert_eq!((states["de"].as_str(), states["en_US"].as_str()), ("DELETED", "APPROVED"));
}

#[tokio::test]
async fn older_news_change_nothing_and_news_of_an_unknown_template_ask_for_the_list() {
    let stage = compared().await;
    let big = "9007199254740995";
    stage.sim.world(|world| {
        let template = graph_sim::world::Template {
            id: big.to_owned(),
            waba: Setup::WABA.to_owned(),
            name: "made_elsewhere".to_owned(),
            components: vec![json!({ "type": "BODY", "text": "Hello there" })],
            ..graph_sim::world::Template::default()
        };
        world.add_template(template);
    });
    meta_says(&stage, "made_elsewhere", json!({ "status": "APPROVED" }));
    stage.lines().await;
    assert_eq!(template(&stage.tenant.owner, "made_elsewhere").await["status"], "APPROVED");
    // a number that not every reader of JSON can hold
    meta_says(&stage, "made_elsewhere", json!({ "status": "DISABLED" }));
    stage.lines().await;
    assert_eq!(template(&stage.tenant.owner, "made_elsewhere").await["status"], "DISABLED");
    let old = json!({ "event": "APPROVED", "message_template_id": 9_007_199_254_740_995_u64,
        "message_template_name": "made_elsewhere", "message_template_language": "en_US", "reason": "NONE" });
    let change = json!({ "field": "message_template_status_update", "value": old });
    let entry = json!({ "id": Setup::WABA, "time": 1_700_000_000, "changes": [change] });
    let document = json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string();
    assert_eq!(stage.delivers(Setup::SECRET, document.as_bytes()).await, 200);
    let lines = stage.lines().await;
    assert_eq!(lines.iter().filter(|line| line["error"] == "older_than_known").count(), 1, "{lines:?}");
    assert_eq!(template(&stage.tenant.owner, "made_elsewhere").await["status"], "DISABLED");
}

fn values(body: Value) -> Value {
    json!({ "body": body, "buttons": { "1": "42" } })
}

/// Sends a template in the conversation on the screen.
async fn sends(talk: &Talking, name: &str, values: Value) -> harness::Answer {
    let chosen = template(&talk.owner, name).await;
    let path = format!("/v1/conversations/{}/template", talk.conversation());
    let body = json!({ "client_id": client_id(), "template_id": chosen["id"], "values": values });
    talk.owner.http.post(&path, body).await
}

#[tokio::test]
async fn a_template_is_previewed_and_sent_once_whenever_the_window_stands() {
    let talk = Talking::begin().await;
    let chosen = template(&talk.owner, "order_update").await;
    let preview = json!({ "template_id": chosen["id"], "values": { "body": { "1": "Ada" } } });
    let shown = talk.owner.http.post(&format!("{TEMPLATES}/preview"), preview).await.ok();
    assert_eq!(shown["text"], "Hi Ada, your order {{2}} is on its way.");
    assert_eq!(shown["buttons"][1]["url"], "https://example.com/t/{{1}}");
    talk.jumps(25 * 3_600 * 1_000).await;
    let owner = talk.stage.app.signs_in(&talk.stage.tenant.owner.email).await;
    let path = format!("/v1/conversations/{}/template", talk.conversation());
    let body = json!({ "client_id": "order-1", "template_id": chosen["id"],
        "values": values(json!({ "1": "Ada", "2": "860198" })) });
    let said = owner.http.post(&path, body.clone()).await.is(201);
    assert_eq!(said["message"]["body"], "Hi Ada, your order 860198 is on its way.");
    let expected =
        json!({ "type": "template", "name": "order_update", "language": "en_US", "buttons": ["Thanks", "Track"] });
    assert_eq!(said["message"]["extra"]["content"], expected);
    assert_eq!(owner.http.post(&path, body.clone()).await.is(200)["message"]["id"], said["message"]["id"]);
    talk.passes().await;
    let taken = talk.taken();
    assert_eq!(taken.len(), 1, "{taken:?}");
    let asked = talk.asked().pop().expect("a call");
    assert_eq!(asked["template"]["language"]["code"], "en_US");
    assert_eq!(asked["template"]["components"][0]["parameters"][1]["text"], "860198");
    // a gap without a value is refused before anything is stored
    let missing = json!({ "client_id": "order-2", "template_id": chosen["id"], "values": { "body": { "1": "Ada" } } });
    owner.http.post(&path, missing).await.refused(422, "validation");
    // a repeat is answered whatever became of the template since
    meta_says(&talk.stage, "order_update", json!({ "status": "PAUSED" }));
    talk.passes().await;
    assert_eq!(owner.http.post(&path, body).await.is(200)["message"]["id"], said["message"]["id"]);
}

#[tokio::test]
async fn f16_a_template_that_is_paused_or_disabled_during_a_campaign_is_not_sent_any_more() {
    let mut talk = Talking::begin().await;
    let name = json!({ "first_name": "Ada", "day": "Monday" });
    sends(&talk, "appointment", json!({ "body": { "day": "Monday" } })).await.refused(422, "validation");
    let fit = json!({ "body": name });
    sends(&talk, "appointment", fit.clone()).await.is(201);
    talk.passes().await;
    assert_eq!(talk.taken().len(), 1);
    talk.owner.opens_inbox().await;
    meta_says(&talk.stage, "appointment", json!({ "status": "PAUSED" }));
    talk.passes().await;
    let event = talk.owner.live().expect(|frame| frame["type"] == "whatsapp_template_changed").await;
    assert_eq!((&event["template"]["name"], &event["template"]["status"]), (&json!("appointment"), &json!("PAUSED")));
    let refused = sends(&talk, "appointment", fit.clone()).await.refused(409, "template_unusable");
    assert!(refused["detail"].as_str().is_some_and(|words| words.contains("paused")), "{refused}");
    meta_says(&talk.stage, "appointment", json!({ "status": "REINSTATED" }));
    talk.stage.sim.world(|world| {
        world.templates.values_mut().find(|one| one.name == "appointment").expect("one").status = "APPROVED".to_owned();
    });
    talk.passes().await;
    sends(&talk, "appointment", fit.clone()).await.is(201);
    meta_says(&talk.stage, "appointment", json!({ "status": "DISABLED" }));
    talk.passes().await;
    sends(&talk, "appointment", fit).await.refused(409, "template_unusable");
    // Meta moved it to another kind
    meta_says(&talk.stage, "order_update", json!({ "category": "MARKETING" }));
    talk.passes().await;
    assert_eq!(template(&talk.owner, "order_update").await["category"], "MARKETING");
}

#[tokio::test]
async fn who_wants_no_marketing_gets_none_until_they_want_it_again() {
    let talk = Talking::begin().await;
    meta_says(&talk.stage, "order_update", json!({ "category": "MARKETING" }));
    talk.stage.sim.user(ADA).act("stop_marketing", json!({}));
    talk.passes().await;
    let fit = values(json!({ "1": "Ada", "2": "860198" }));
    sends(&talk, "order_update", fit.clone()).await.refused(409, "marketing_refused");
    sends(&talk, "hello_world", json!({})).await.is(201);
    talk.later(2_000).await;
    talk.stage.sim.user(ADA).act("resume_marketing", json!({}));
    talk.passes().await;
    sends(&talk, "order_update", fit).await.is(201);
}

#[tokio::test]
async fn somebody_is_written_to_first_and_stays_one_person_in_one_conversation() {
    let talk = Talking::begin().await;
    let (number, hello) = (talk.number().await, template(&talk.owner, "hello_world").await);
    let path = "/v1/whatsapp/conversations";
    let to = |phone: &str, client: &str| json!({ "number_id": number["id"], "phone": phone, "name": "João", "client_id": client, "template_id": hello["id"] });
    let begun = talk.owner.http.post(path, to("+55 41 99876-5432", "first-1")).await.is(201);
    assert_eq!(begun["conversation"]["contact"]["name"], "João");
    assert_eq!(begun["message"]["body"], "Hello World\n\nWelcome and congratulations!\n\nSent by the sample business");
    // again, with the same id: nothing more; in his other spelling: the same conversation
    let again = talk.owner.http.post(path, to("+55 41 99876-5432", "first-1")).await.is(201);
    assert_eq!(again["message"]["id"], begun["message"]["id"]);
    let other = talk.owner.http.post(path, to("0055 41 9876 5432", "first-2")).await.is(201);
    assert_eq!(other["conversation"]["id"], begun["conversation"]["id"]);
    talk.passes().await;
    talk.stage.sim.user("5541998765432").says("Oi");
    talk.passes().await;
    assert_eq!(talk.conversations().await.len(), 2, "Ada's and his");
    // Ada, who wrote before, is Ada
    let ada = talk.owner.http.post(path, to("+1 650 555 1234", "first-3")).await.is(201);
    assert_eq!(ada["conversation"]["id"], talk.conversation());
    for bad in ["41 99876-5432", "call me", ""] {
        talk.owner.http.post(path, to(bad, "first-4")).await.refused(422, "validation");
    }
    assert_eq!(talk.conversations().await.len(), 2);
}

#[tokio::test]
async fn roles_and_walls_hold_for_templates_too() {
    let talk = Talking::begin().await;
    let agent = talk.stage.tenant.invites(&talk.stage.app, "Arne", "agent").await;
    let account = talk.stage.account().await;
    let (chosen, number) = (template(&agent, "hello_world").await, talk.number().await);
    agent.http.get(&format!("{TEMPLATES}/{}", id(&chosen))).await.ok();
    agent.http.post(TEMPLATES, new_template(&account, json!([]))).await.is(403);
    agent.http.delete(&format!("{TEMPLATES}/{}", id(&chosen))).await.is(403);
    agent.http.post(&format!("/v1/whatsapp/accounts/{}/sync-templates", id(&account)), json!({})).await.is(403);
    let viewer = talk.stage.tenant.invites(&talk.stage.app, "Vera", "viewer").await;
    viewer.http.get(TEMPLATES).await.is(403);
    let path = format!("/v1/conversations/{}/template", talk.conversation());
    let body = json!({ "client_id": "v-1", "template_id": chosen["id"] });
    viewer.http.post(&path, body.clone()).await.is(403);
    // another tenant: the template, the number, the conversation never were
    let rival = talk.stage.app.tenant("Rival").await.owner;
    rival.http.get(&format!("{TEMPLATES}/{}", id(&chosen))).await.refused(404, "not_found");
    rival.http.post(&path, body).await.refused(404, "not_found");
    let first =
        json!({ "number_id": number["id"], "phone": "+16505551234", "client_id": "r-1", "template_id": chosen["id"] });
    rival.http.post("/v1/whatsapp/conversations", first).await.refused(404, "not_found");
    assert_eq!(items(&rival, TEMPLATES).await.len(), 0);
}

#[tokio::test]
async fn a_template_that_begins_with_a_picture_goes_out_with_it() {
    let talk = Talking::begin().await;
    let send_up = async |name: &str, kind: &str, bytes: &[u8]| {
        let sent = talk.owner.http.upload("/v1/files", (name, kind), bytes).await.is(201);
        sent["file"]["id"].clone()
    };
    let picture = send_up("sale.png", "image/png", &harness::files::png(64, 64)).await;
    let paper = send_up("sale.txt", "text/plain", b"All porches").await;
    talk.passes().await;
    let values = |file: &Value| json!({ "body": { "1": "20 %" }, "file_id": file });
    let refused = sends(&talk, "summer_sale", values(&paper)).await.refused(422, "validation");
    assert_eq!(refused["fields"][0]["code"], "file_unfit");
    sends(&talk, "summer_sale", json!({ "body": { "1": "20 %" } })).await.refused(422, "validation");
    sends(&talk, "hello_world", json!({ "file_id": picture })).await.refused(422, "validation");
    let said = sends(&talk, "summer_sale", values(&picture)).await.is(201);
    assert_eq!(said["message"]["files"][0]["id"], picture);
    talk.passes().await;
    let asked = talk.asked().pop().expect("a call");
    let heading = &asked["template"]["components"][0]["parameters"][0];
    assert!(heading["image"]["id"].is_string() && heading["image"].get("file_id").is_none(), "{asked}");
    assert_eq!(talk.taken().len(), 1);
}

#[tokio::test]
async fn a_code_is_sent_with_its_button_to_a_phone_number() {
    let talk = Talking::begin().await;
    sends(&talk, "one_time_code", json!({ "body": { "1": "482913" } })).await.is(201);
    talk.passes().await;
    let asked = talk.asked().pop().expect("a call");
    let button = &asked["template"]["components"][1];
    assert_eq!((&button["sub_type"], &button["parameters"][0]["text"]), (&json!("url"), &json!("482913")));
    assert_eq!(talk.taken().len(), 1);
}
